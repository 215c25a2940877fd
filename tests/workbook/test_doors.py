"""Workbooks by their name alone: `read_events`, `read_plan` and `write_plan` know them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

openpyxl = pytest.importorskip("openpyxl")

from partybuild.errors import EventError, PlanError, SourceError, UsageError  # noqa: E402
from partybuild.plan import Plan  # noqa: E402
from partybuild.sources.events import read_events, read_events_draft  # noqa: E402
from partybuild.sources.plans import read_plan, write_plan  # noqa: E402
from partybuild.workbook import (  # noqa: E402
    WorkbookDraft,
    read_workbook,
    write_plan_sheet,
    write_workbook,
)

PLAN = Plan(
    id="2021",
    start="2021-01-01",
    end="2021-12-31",
    rosters={"r": ["甲", {"id": "乙", "from": "2021-04-01"}]},
    commitment=[
        {"id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 12}]}
    ],
)


def typed(path: Path, rows: list[list[Any]], lang: str = "zh") -> Path:
    """A workbook of ours with rows that somebody typed in: date, kind, quantity, unit."""
    write_workbook(PLAN, path, lang=lang)
    book = openpyxl.load_workbook(path)
    for number, row in enumerate(rows, start=4):
        for place, value in enumerate(row, start=1):
            book.worksheets[0].cell(number, place).value = value
    book.save(path)
    return path


def own(path: Path, rows: list[list[Any]]) -> Path:
    """A workbook that is not ours."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_our_workbook_is_read_as_what_it_is(tmp_path: Path, lang: str) -> None:
    path = typed(tmp_path / "a.xlsx", [["2021年3月5日", "督查", 2], ["2021-03-06", "督查"]], lang)
    found = read_events(path)
    pd.testing.assert_frame_equal(found, read_workbook(path).events)
    assert found["quantity"].tolist() == [2.0, 1.0]
    assert found["id"].is_unique
    sheet = "进展登记" if lang == "zh" else "Events"
    pd.testing.assert_frame_equal(read_events(path, sheet=sheet), found)
    with pytest.raises(UsageError, match="no sheet"):
        read_events(path, sheet="一月")


def test_faults_in_our_workbook_name_their_cells(tmp_path: Path) -> None:
    path = typed(tmp_path / "a.xlsx", [["2021-02-31", "督查"], ["2021-03-06", "督查"]])
    with pytest.raises(EventError) as caught:
        read_events(path)
    assert caught.value.problems[0].place.endswith("sheet 进展登记, cell A4 (日期)")
    draft = read_events_draft(path)
    assert isinstance(draft, WorkbookDraft)
    assert (len(draft.events), draft.rows_in) == (1, 2)


def test_sheets_that_people_added_to_our_workbook_are_read_too(tmp_path: Path) -> None:
    path = typed(tmp_path / "a.xlsx", [["2021-03-05", "督查"]])
    book = openpyxl.load_workbook(path)
    page = book.create_sheet("石梁村")
    for row in (["事项", "日期"], ["调研", "2021-03-07"]):
        page.append(row)
    book.save(path)
    assert read_events(path)["kind"].tolist() == ["督查", "调研"]


@pytest.mark.parametrize(
    "rows",
    [[["事项", "日期"], ["督查", "2021-03-05"]],
     [["编号", "事项", "日期"], [None, "督查", "2021-03-05"]]],
)  # fmt: skip
def test_a_workbook_without_ids_is_told_who_gives_them(
    tmp_path: Path, rows: list[list[Any]]
) -> None:
    path = own(tmp_path / "b.xlsx", rows)
    with pytest.raises(EventError, match="read_workbook gives rows without an id one"):
        read_events(path)
    assert len(read_workbook(path).events) == 1


def test_what_is_no_workbook_is_still_refused_in_words(tmp_path: Path) -> None:
    for content in (b"", b"PK", b"<html/>"):
        path = tmp_path / "c.xlsx"
        path.write_bytes(content)
        for read in (read_events, read_plan):
            with pytest.raises(SourceError):
                read(path)
    with pytest.raises(SourceError):
        read_events(tmp_path / "nothing.xlsx")


def test_a_plan_goes_into_a_workbook_and_comes_back(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    for _ in range(2):
        write_plan(PLAN, path)
        assert read_plan(path) == PLAN
    origin = read_plan(path).commitments[0].origin
    assert origin is not None
    assert (origin.sheet, origin.row) == ("指标", 5)


def test_a_plan_with_faults_names_its_cells(tmp_path: Path) -> None:
    path = tmp_path / "plan.xlsx"
    write_plan(PLAN, path)
    book = openpyxl.load_workbook(path)
    book["指标"]["J5"] = "十来次"
    book.save(path)
    with pytest.raises(PlanError, match="cell J5"):
        read_plan(path)


@pytest.mark.parametrize("write", [write_plan, write_plan_sheet])
def test_a_plan_never_takes_the_place_of_a_year_of_events(tmp_path: Path, write: Any) -> None:
    path = typed(tmp_path / "a.xlsx", [["2021-03-05", "督查"]])
    before = path.read_bytes()
    with pytest.raises(UsageError, match="1 rows of events that would be lost"):
        write(PLAN, path)
    assert path.read_bytes() == before


def test_other_names_are_refused_and_the_endings_listed(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"\.toml, \.json, \.xlsx"):
        read_plan(tmp_path / "plan.xls")
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_plan(PLAN, tmp_path / "plan.xlsm")
    with pytest.raises(SourceError, match="no sheet 指标"):
        read_plan(own(tmp_path / "b.xlsx", [["a"]]))
