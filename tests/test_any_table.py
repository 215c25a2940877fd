"""Whatever takes events takes a table of any engine, and a ledger."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import partybuild as pb


def tables_of_other_engines() -> dict[str, Callable[[], Any]]:
    columns = {"编号": ["a", "b"], "事项": ["党课", "党课"], "日期": ["2021年3月5日", "2021-03-06"]}

    def duckdb() -> Any:
        connection = pytest.importorskip("duckdb").connect()
        rows = [*zip(*columns.values(), strict=True)]
        values = ", ".join(str(row) for row in rows)
        return connection.sql(f"SELECT * FROM (VALUES {values}) t(编号, 事项, 日期)")

    return {
        "polars": lambda: pytest.importorskip("polars").DataFrame(columns),
        "lazy": lambda: pytest.importorskip("polars").LazyFrame(columns),
        "pyarrow": lambda: pytest.importorskip("pyarrow").table(columns),
        "duckdb": duckdb,
    }


@pytest.mark.parametrize("name", tables_of_other_engines())
def test_a_table_of_any_engine_is_read(name: str, tmp_path: Path) -> None:
    table = tables_of_other_engines()[name]
    want = pb.read_events(
        pd.DataFrame({"id": ["a", "b"], "kind": "党课", "date": ["2021-03-05", "2021-03-06"]})
    )
    pd.testing.assert_frame_equal(pb.read_events(table()), want)
    assert pb.read_events_draft(table()).rows.tolist() == [1, 2]
    pb.write_events(table(), tmp_path / "a.csv")
    pd.testing.assert_frame_equal(pb.read_events(tmp_path / "a.csv"), want)
    with pb.memory_ledger() as ledger:
        assert ledger.record_many(table()) == 2
        pd.testing.assert_frame_equal(pb.read_events(ledger), want)


def test_whatever_takes_events_takes_a_ledger(tmp_path: Path) -> None:
    target = pb.Target(id="t", measure="count", kind="党课", at_least=1)
    plan = pb.Plan(
        id="p",
        start="2021-01-01",
        end="2021-12-31",
        commitment=[pb.Commitment(id="1", target=[target])],
    )
    with pb.memory_ledger() as ledger:
        ledger.record(kind="党课", date="2021-03-05", organisation="甲镇")
        assessor = pb.Assessor(plan, ledger, as_of="2021-12-31")
        assert assessor.assessment().targets["actual"].tolist() == [1.0]
        many = pb.assess_plans({"甲镇": plan}, ledger, as_of="2021-12-31")
        assert many.targets["actual"].tolist() == [1.0]
        pb.write_events(ledger, tmp_path / "a.jsonl")
        assert len(pb.read_events(tmp_path / "a.jsonl")) == 1


def test_what_is_no_table_of_an_engine() -> None:
    pl, pa = pytest.importorskip("polars"), pytest.importorskip("pyarrow")
    duckdb = pytest.importorskip("duckdb")
    plan = pb.Plan(id="p", start="2021-01-01", end="2021-12-31")
    rows = {"id": ["a"], "kind": ["党课"], "date": ["2021-03-05"]}
    table = pa.table(rows)
    twice = pa.Table.from_arrays([*table.columns, table["date"]], [*rows, "date"])
    for events, told in (
        (pl.Series(["a"]), "events: got polars"),
        (table.to_batches()[0], "events: got pyarrow"),
        (duckdb.connect(), "events: got _duckdb|events: got duckdb"),
        (twice, "2 columns are called 'date'"),
    ):
        with pytest.raises(pb.EngineError, match=told):
            pb.assess(plan, events, as_of="2021-12-31")
