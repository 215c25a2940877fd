"""One meaning, many engines: every frame as pandas gives it, on generated plans."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs
import pandas as pd
import pytest

import partybuild as pb
from engines.comparing import KINDS, PLANS, check, made_events, made_plan
from partybuild.charts.burndown import plan_left
from partybuild.charts.timeline import timeline
from partybuild.charts.year import event_days
from partybuild.errors import EngineError, EventError
from partybuild.mappings import plan_from_mapping

pytest.importorskip("narwhals")
pa = pytest.importorskip("pyarrow")


def to_arrow(events: pd.DataFrame) -> Any:
    return pa.Table.from_pandas(events, preserve_index=False)


def to_polars(events: pd.DataFrame) -> Any:
    return pytest.importorskip("polars").from_arrow(to_arrow(events))


def to_lazy(events: pd.DataFrame) -> Any:
    return to_polars(events).lazy()


def to_duckdb(events: pd.DataFrame) -> Any:
    return pytest.importorskip("duckdb").from_arrow(to_arrow(events))


ENGINES: dict[str, Callable[[pd.DataFrame], Any]] = {
    "polars": to_polars,
    "polars lazy": to_lazy,
    "pyarrow": to_arrow,
    "duckdb": to_duckdb,
}


@pytest.mark.parametrize("engine", ENGINES)
def test_generated_plans_agree(engine: str) -> None:
    check(ENGINES[engine], range(12))


@pytest.mark.slow
@pytest.mark.parametrize("engine", ENGINES)
def test_many_generated_plans_agree(engine: str) -> None:
    check(ENGINES[engine], range(12, PLANS))


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


@pytest.mark.parametrize("engine", [*ENGINES, "files"])
@pytest.mark.parametrize("step", [1, 7])
def test_events_outside_the_plan_are_told_alike(engine: str, step: int, tmp_path: Path) -> None:
    """More than five by their first and last day, fewer by their ids."""
    days = [f"{year}-0{month}-1{day}" for year in (2020, 2022) for month in (1, 5) for day in "123"]
    table = {"id": [f"e{at}" for at in range(12)], "kind": ["督查"] * 12, "date": days}
    events = pb.read_events(pd.DataFrame(table)[::step])
    want = pb.assess(PLAN, events, as_of="2021-12-31").problems
    told = set(want.loc[want["code"] == "outside-plan", "read"])
    spans = {"2020-01-11..2020-05-13", "2022-01-11..2022-05-13"}
    assert told == (spans if step == 1 else {"e0", "e7"})
    if engine == "files":
        events.to_parquet(tmp_path / "events.parquet", row_group_size=2)
        found: Any = f"{tmp_path}/*.parquet"
    else:
        found = ENGINES[engine](events)
    got = pb.assess(PLAN, found, as_of="2021-12-31").problems
    pd.testing.assert_frame_equal(got, want)


def test_moments_become_dates_in_the_plans_timezone() -> None:
    night = dt.datetime(2020, 12, 31, 17, tzinfo=dt.UTC)  # the first of January in Shanghai
    table = pa.table({"id": ["a"], "kind": ["督查"], "date": [night]})
    table = pytest.importorskip("polars").from_arrow(table)
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


def test_what_needs_whole_rows_says_so(tmp_path: Path) -> None:
    table = pa.table({"id": ["a"], "kind": ["督查"], "date": [dt.date(2021, 3, 5)]})
    assessment = pb.assess(PLAN, table, as_of="2021-12-31")
    with pytest.raises(EngineError, match="row by row"):
        _ = assessment.events_digest
    with pytest.raises(EngineError, match="row by row"):
        _ = assessment.events
    lines = assessment.explain("n")
    assert lines[["id", "counted"]].to_numpy().tolist() == [["a", True]]
    assert assessment.events_of(["督查"])["id"].tolist() == ["a"]
    assert assessment.events_of(["例会"]).empty
    # a workbook holds every row, so it takes them out of their engine
    pb.write_workbook(PLAN, tmp_path / "a.xlsx", events=table)
    assert pb.read_events(tmp_path / "a.xlsx")["id"].tolist() == ["a"]


@pytest.mark.parametrize("engine", ["polars", "duckdb"])
def test_what_fetches_only_some_kinds_is_the_same_in_every_engine(
    engine: str, examples: Path
) -> None:
    events = pb.read_events(examples / "data" / "events.csv")
    if engine == "polars":
        theirs = pytest.importorskip("polars").from_pandas(events)
    else:
        connection = pytest.importorskip("duckdb").connect()
        connection.register("events", events)
        theirs = connection.sql("select * from events")
    plan = pb.read_plan(examples / "data" / "plan.toml")
    county = attrs.evolve(
        plan,
        rosters={
            **plan.rosters,
            "organisations": [{"id": name, "parent": "镇"} for name in ("石梁村", "柳坞村")],
        },
    )

    def made(source: Any) -> list[Any]:
        half = pb.assess(plan, source, as_of="2021-06-30")
        autumn = pb.assess(plan, source, as_of="2021-09-30")
        villages = pb.assess(county, source, as_of="2021-06-30", by="organisation")
        changes = pb.compare(half, autumn)
        changed = changes.events[changes.events["kind"].isin(plan.kinds)]
        return [
            pb.forecast(half),
            changed.reset_index(drop=True),
            changes.figures,
            pb.roll_up(villages),
            pb.league_table(villages),
            pb.render_digest(autumn),
            plan_left(half, None),
            event_days(half),
            timeline(half, plan.target("field-days"), place=None),
        ]

    for ours, other in zip(made(events), made(theirs), strict=True):
        if isinstance(ours, pd.DataFrame):
            pd.testing.assert_frame_equal(ours, other, check_dtype=False)
        else:
            assert ours == other


def test_an_excel_report_leaves_the_events_where_they_are(examples: Path) -> None:
    pytest.importorskip("xlsxwriter")
    openpyxl = pytest.importorskip("openpyxl")
    events = pb.read_events(examples / "data" / "events.csv")
    plan = pb.read_plan(examples / "data" / "plan.toml")
    sheets = []
    for source in (events, pa.Table.from_pandas(events)):
        book = pb.render_xlsx(pb.assess(plan, source, as_of="2021-06-30"))
        sheets.append(openpyxl.load_workbook(io.BytesIO(book), read_only=True).sheetnames)
    assert sheets[0][:-1] == sheets[1]


def test_unassigned_events_are_fetched_when_asked_for() -> None:
    table = pa.table({"id": ["a"], "kind": ["党课"], "date": [dt.date(2021, 3, 5)]})
    assessment = pb.assess(PLAN, table, as_of="2021-12-31")
    assert assessment.events_unassigned["id"].tolist() == ["a"]
    assert assessment.problems["code"].tolist() == ["unassigned"]


@pytest.fixture
def collected(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The number of rows of everything that an engine is asked to bring here."""
    import narwhals as nw

    sizes: list[int] = []

    def spied(owner: Any, name: str) -> None:
        original = getattr(owner, name)

        def spy(self: Any, *arguments: Any, **keywords: Any) -> Any:
            result = original(self, *arguments, **keywords)
            sizes.append(len(result))
            return result

        monkeypatch.setattr(owner, name, spy)

    spied(nw.LazyFrame, "collect")
    for name in ("to_pandas", "to_arrow", "to_dict", "rows"):
        spied(nw.DataFrame, name)
    return sizes


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("by", [None, "organisation"])
def test_only_condensed_rows_come_back(engine: str, by: str | None, collected: list[int]) -> None:
    events, organisations = made_events(4_000, 5), 5
    again = events[:50].assign(recorded_at=events["recorded_at"][:50] + pd.Timedelta(days=2))
    table = ENGINES[engine](pd.concat([events, again], ignore_index=True))
    plan = made_plan(organisations, "count", "total", "latest", "mean")
    pb.assess(plan, table, as_of="2021-09-30", by=by)
    stretches, places = 6, organisations if by else 1
    assert collected
    assert max(collected) <= len(KINDS) * stretches * places


def test_what_a_distinct_target_needs_comes_back_and_no_more(collected: list[int]) -> None:
    events = made_events(4_000, 5)
    pb.assess(made_plan(5, "distinct", "count"), to_lazy(events), as_of="2021-09-30")
    of_kind = int((events["kind"] == KINDS[0]).sum())
    assert max(collected) <= of_kind + len(KINDS) * 6


@pytest.mark.parametrize("engine", ENGINES)
def test_rows_are_fetched_only_where_they_are_asked_for(engine: str, collected: list[int]) -> None:
    events = made_events(400, 2)
    assessment = pb.assess(made_plan(2, "count"), ENGINES[engine](events), as_of="2021-09-30")
    collected.clear()
    lines = assessment.explain("t0")
    assert max(collected) == len(lines) == int((events["kind"] == KINDS[0]).sum())


def test_the_unit_of_a_heading_counts() -> None:
    table = pa.table(
        {"编号": ["1"], "事项": ["投入"], "日期": ["2021-03-05"], "金额（元）": [60000]}
    )
    assert pb.assess(PLAN, table, as_of="2021-12-31").targets["actual"].tolist() == [0.0, 6.0]
