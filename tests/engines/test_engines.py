"""One meaning, many engines: every frame as pandas gives it, on generated plans."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from reference.generator import random_case

import partybuild as pb
from partybuild._frames import normalise_events
from partybuild.errors import EngineError, EventError, PlanError, SourceError
from partybuild.mappings import plan_from_mapping

pytest.importorskip("narwhals")
pa = pytest.importorskip("pyarrow")

FRAMES = ("standings", "targets", "commitments", "summary")
EMPTY = pd.DataFrame({"id": [], "kind": [], "date": []})


def to_polars(table: Any) -> Any:
    return pytest.importorskip("polars").from_arrow(table)


def to_lazy(table: Any) -> Any:
    return to_polars(table).lazy()


def to_duckdb(table: Any) -> Any:
    return pytest.importorskip("duckdb").from_arrow(table)


ENGINES: dict[str, Callable[[Any], Any]] = {
    "polars": to_polars,
    "polars lazy": to_lazy,
    "pyarrow": lambda table: table,
    "duckdb": to_duckdb,
}


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql")
    builder = sql.SparkSession.builder.master("local[2]").appName("partybuild")
    for key, value in {
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "1",
        "spark.sql.session.timeZone": "UTC",
    }.items():
        builder = builder.config(key, value)
    session = builder.getOrCreate()
    yield session
    session.stop()


def cases(seeds: range) -> Iterator[tuple[Any, pd.DataFrame, dict[str, Any]]]:
    for seed in seeds:
        plan, rows, as_of, known_at, by, organisations = random_case(seed)
        try:
            built = plan_from_mapping(plan)
        except PlanError:  # a rule that starts no window in a narrowed span
            continue
        events = normalise_events(pd.DataFrame(rows) if rows else EMPTY)
        asked = {"as_of": as_of, "known_at": known_at, "by": by, "organisations": organisations}
        yield built, events, asked


def told(assessment: pb.Assessment) -> list[tuple[str, ...]]:
    rows = assessment.problems.fillna("").astype("str").itertuples(index=False)
    return sorted(tuple(row) for row in rows)


def check(convert: Callable[[Any], Any], seeds: range) -> None:
    for plan, events, asked in cases(seeds):
        want = pb.assess(plan, events, **asked)
        table = pa.Table.from_pandas(events, preserve_index=False)
        got = pb.assess(plan, convert(table), **asked)
        for name in FRAMES:
            pd.testing.assert_frame_equal(
                getattr(got, name), getattr(want, name), rtol=1e-9, atol=1e-12
            )
        assert told(got) == told(want)


#: How many random plans every engine is held against; 500 takes a while.
PLANS = int(os.environ.get("PARTYBUILD_ENGINE_PLANS", "80"))


@pytest.mark.parametrize("engine", ENGINES)
def test_generated_plans_agree(engine: str) -> None:
    check(ENGINES[engine], range(12))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_many_generated_plans_agree(engine: str) -> None:
    check(ENGINES[engine], range(12, PLANS))


@pytest.mark.slow
@pytest.mark.spark
@pytest.mark.filterwarnings("ignore")
def test_spark_agrees(spark: Any) -> None:
    check(spark.createDataFrame, range(10))


PLAN = plan_from_mapping(
    {
        "plan": {"id": "p", "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)},
        "commitment": [
            {
                "id": "1",
                "target": [
                    {"id": "n", "measure": "count", "kind": "督查", "at_least": 2},
                    {"id": "v", "measure": "total", "kind": "投入", "at_least": 5, "unit": "万元"},
                ],
            }
        ],
    }
)


def test_chinese_headings_text_dates_and_units() -> None:
    table = pa.table(
        {
            "编号": ["001", "1", "3"],
            "事项": ["督查", " 督查 ", "投入"],
            "日期": ["2021-03-05", "2021-03-06", "2021-04-01"],
            "数量": [1, None, 60000],
            "计量单位": [None, None, "元"],
        }
    )
    got = pb.assess(PLAN, table, as_of="2021-12-31").targets
    assert got["actual"].tolist() == [2.0, 6.0]
    assert got["status"].tolist() == ["met", "met"]


def test_moments_become_dates_in_the_plans_timezone() -> None:
    night = dt.datetime(2020, 12, 31, 17, tzinfo=dt.UTC)  # the first of January in Shanghai
    table = to_polars(pa.table({"id": ["a"], "kind": ["督查"], "date": [night]}))
    assert pb.assess(PLAN, table, as_of="2021-12-31").targets["actual"].tolist() == [1.0, 0.0]


def test_rows_that_cannot_be_read_are_refused_with_their_number() -> None:
    table = pa.table(
        {"id": ["a", None, " "], "kind": ["督查"] * 3, "date": [dt.date(2021, 3, 5)] * 3}
    )
    with pytest.raises(EventError, match="in 2 rows id is blank"):
        pb.assess(PLAN, table, as_of="2021-12-31")


def test_columns_that_are_not_understood_are_named() -> None:
    table = pa.table({"id": ["a"], "kind": ["督查"], "date": [5]})
    with pytest.raises(EngineError, match="'date' is Int64"):
        pb.assess(PLAN, table, as_of="2021-12-31")
    with pytest.raises(EventError, match="kind"):
        pb.assess(PLAN, table.drop_columns(["kind"]), as_of="2021-12-31")


def test_what_needs_whole_rows_says_so() -> None:
    table = pa.table({"id": ["a"], "kind": ["督查"], "date": [dt.date(2021, 3, 5)]})
    assessment = pb.assess(PLAN, table, as_of="2021-12-31")
    with pytest.raises(EngineError, match="row by row"):
        _ = assessment.events_digest
    with pytest.raises(EngineError, match="row by row"):
        _ = assessment.events
    lines = assessment.explain("n")
    assert lines[["id", "counted"]].to_numpy().tolist() == [["a", True]]


def test_unassigned_events_are_fetched_when_asked_for() -> None:
    table = pa.table({"id": ["a"], "kind": ["党课"], "date": [dt.date(2021, 3, 5)]})
    assessment = pb.assess(PLAN, table, as_of="2021-12-31")
    assert assessment.events_unassigned["id"].tolist() == ["a"]
    assert assessment.problems["code"].tolist() == ["unassigned"]


@pytest.mark.parametrize("ending", ["parquet", "csv"])
def test_files_are_read_in_a_stream(tmp_path: Path, ending: str) -> None:
    pytest.importorskip("duckdb")
    for plan, events, asked in cases(range(40, 46)):
        if not len(events):
            continue
        half = len(events) // 2
        for old in tmp_path.glob("*"):
            old.unlink()
        for number, part in enumerate((events[:half], events[half:])):
            if ending == "csv":
                part.to_csv(tmp_path / f"{number}.csv", index=False)
            else:
                part.to_parquet(tmp_path / f"{number}.parquet", index=False)
        want = pb.assess(plan, events, **asked)
        got = pb.assess(plan, f"{tmp_path}/*.{ending}", **asked)
        for name in FRAMES:
            pd.testing.assert_frame_equal(getattr(got, name), getattr(want, name), rtol=1e-9)


def test_ids_in_files_stay_text(tmp_path: Path) -> None:
    pytest.importorskip("duckdb")
    path = tmp_path / "events.csv"
    path.write_text("id,kind,date\n007,督查,2021-03-05\n7,督查,2021-03-06\n", encoding="utf-8")
    assert pb.assess(PLAN, path, as_of="2021-12-31").targets["actual"].tolist() == [2.0, 0.0]


def test_files_that_are_not_there() -> None:
    pytest.importorskip("duckdb")
    with pytest.raises(SourceError, match="nothing"):
        pb.assess(PLAN, "nothing/*.parquet", as_of="2021-12-31")
    with pytest.raises(SourceError, match="expected files of one kind"):
        pb.assess(PLAN, "events.docx", as_of="2021-12-31")
