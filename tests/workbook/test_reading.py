"""Workbooks that people made themselves: what is read, and what is said of the rest."""

from __future__ import annotations

import datetime as dt
import pickle
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

openpyxl = pytest.importorskip("openpyxl")

import partybuild as pb  # noqa: E402
from partybuild.errors import SourceError, UsageError  # noqa: E402
from partybuild.ledger.matching import content_id  # noqa: E402
from partybuild.plan import Plan  # noqa: E402
from partybuild.workbook import WorkbookDraft, read_workbook  # noqa: E402

Draft = Callable[..., WorkbookDraft]
PLAN = Plan(
    id="2021",
    start="2021-01-01",
    end="2021-12-31",
    commitment=[
        {"id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 12}]}
    ],
)


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Write sheets of rows and read the workbook."""

    def read(
        *sheets: list[list[Any]],
        change: Callable[[Any], None] = lambda _: None,
        **options: Any,
    ) -> WorkbookDraft:
        book = openpyxl.Workbook()
        book.remove(book.active)
        for number, rows in enumerate(sheets, start=1):
            page = book.create_sheet(f"表{number}")
            for row in rows:
                page.append(row)
        change(book)
        path = tmp_path / "book.xlsx"
        book.save(path)
        return read_workbook(path, **options)

    return read


def said(found: WorkbookDraft) -> list[tuple[str, str | None, int | None]]:
    return [(one.code, getattr(one, "cell", None), one.row) for one in found.problems]


HEAD = ["日期", "事项", "数量", "对象"]


def test_headings_are_found_below_titles_and_the_unit_line_counts(draft: Draft) -> None:
    found = draft([
        ["东山村2021年工作台账", None, None, None],
        [None, None, None, "单位：万元"],
        [None],
        ["序号", "日期", "事项", "金额"],
        [1, "2021年3月5日", "集体收入", "１２．５"],
    ])  # fmt: skip
    assert found.events[["kind", "quantity", "unit"]].values.tolist() == [
        ["集体收入", 12.5, "万元"]
    ]
    assert found.rows.tolist() == [5]
    assert ("title-unit", "D2", 2) in said(found)
    assert found.ok


def test_a_unit_line_that_names_an_office_is_the_organisation(draft: Draft) -> None:
    found = draft([["填报单位：东山村", None], ["日期", "事项"], ["2021-03-05", "督查"]])
    assert found.events["organisation"].tolist() == ["东山村"]
    assert found.events["unit"].isna().all()
    assert ("title-organisation", "A1", 1) in said(found)


def test_headings_of_two_merged_rows_are_read_together(draft: Draft) -> None:
    def merge(book: Any) -> None:
        page = book.worksheets[0]
        for reach in ("A1:A2", "B1:B2", "C1:D1"):
            page.merge_cells(reach)

    found = draft(
        [["日期", "事项", "完成情况", None], [None, None, "数量", "单位"],
         ["2021-03-05", "培训", 3, "期"]],
        change=merge,
    )  # fmt: skip
    assert found.events[["kind", "quantity", "unit"]].values.tolist() == [["培训", 3.0, "期"]]


@pytest.mark.parametrize(
    "date",
    ["2021-03-05", "2021年3月5日", "2021.3.5", "２０２１／３／５", " 2021-3-5 ", 44260, "44260",
     dt.datetime(2021, 3, 5), dt.date(2021, 3, 5), "20210305", 20210305],
)  # fmt: skip
def test_dates_of_every_kind(draft: Draft, date: Any) -> None:
    found = draft([HEAD, [date, "　督查 ", "３", "甲"]])
    assert found.events["date"].dt.strftime("%F").tolist() == ["2021-03-05"]
    assert found.events["kind"].tolist() == ["督查"]
    assert found.events["quantity"].tolist() == [3.0]


def test_a_cell_that_cannot_be_read_is_named_by_sheet_and_cell(draft: Draft) -> None:
    found = draft([HEAD, ["2021-02-31", "督查", "若干", "甲"], ["2021-03-05", "督查", 1, "甲"]])
    problem, second = found.errors
    assert (problem.sheet, problem.row, problem.column, problem.cell) == ("表1", 2, "日期", "A2")
    assert problem.place.endswith("sheet 表1, cell A2 (日期)")
    assert second.place.endswith("sheet 表1, cell C2 (数量)")
    assert pickle.loads(pickle.dumps(problem)) == problem
    assert found.named == (("表1", 2),)
    assert found.rows.tolist() == [3]


def test_a_formula_counts_with_its_kept_value_and_without_one_is_a_problem(
    draft: Draft, tmp_path: Path
) -> None:
    found = draft([HEAD, ["2021-03-05", "督查", "=1+1", "甲"]])
    (problem,) = found.errors
    assert (problem.code, problem.cell, problem.read) == ("formula-without-value", "C2", "=1+1")

    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = (
        parts[sheet]
        .replace(b"<v />", b"<v>7</v>")
        .replace(b"<v></v>", b"<v>7</v>")
        .replace(b"<v/>", b"<v>7</v>")
    )
    with zipfile.ZipFile(path, "w") as package:
        for name, data in parts.items():
            package.writestr(name, data)
    kept = read_workbook(path)
    assert kept.events["quantity"].tolist() == [7.0]
    assert ("formulas", None, 2) in said(kept)


def test_merged_cells_hold_for_each_row_but_numbers_are_not_divided(draft: Draft) -> None:
    def merge(book: Any) -> None:
        book.worksheets[0].merge_cells("A2:A3")
        book.worksheets[0].merge_cells("C4:C5")

    found = draft(
        [HEAD, ["2021-03-05", "督查", 1, "甲"], [None, "调研", 2, "乙"],
         ["2021-03-06", "会议", 9, "丙"], ["2021-03-07", "会议", None, "丁"]],
        change=merge,
    )  # fmt: skip
    assert found.events["date"].dt.day.tolist() == [5, 5]
    assert ("merged-cells", "A2", 2) in said(found)
    faults = [(one.code, one.cell) for one in found.errors]
    assert faults == [("merged-value", "C4"), ("merged-value", "C5")]


@pytest.mark.parametrize("word", ["合计", "小 计", "总计：", "一季度合计", "本页小计", "TOTAL"])
def test_totals_are_no_events(draft: Draft, word: str) -> None:
    found = draft([HEAD, ["2021-03-05", "督查", 3, "甲"], [word, None, 3, None]])
    assert len(found.events) == 1
    assert found.ok
    assert found.named == (("表1", 3),)
    assert ("totals", None, 3) in said(found)


def test_a_dated_row_is_an_event_whatever_it_is_called(draft: Draft) -> None:
    found = draft([HEAD, ["2021-03-05", "累计", 3, "甲"]])
    assert found.events["kind"].tolist() == ["累计"]


def test_what_stands_between_and_below_the_rows_is_named(draft: Draft) -> None:
    def merge(book: Any) -> None:
        book.worksheets[0].merge_cells("A2:D2")

    found = draft(
        [HEAD, ["一季度", None, None, None], ["2021-03-05", "督查", 1, "甲"], HEAD,
         ["2021-04-05", "督查", 1, "甲"], ["填表人：张三", None, None, "审核：李四"],
         ["这一行不知道是什么", None, None, None]],
        change=merge,
    )  # fmt: skip
    assert said(found) == [
        ("text-line", None, 2),
        ("headings-again", None, 4),
        ("text-line", None, 6),
        ("bad-date", "A7", 7),
        ("missing-value", "B7", 7),
    ]
    assert found.rows.tolist() == [3, 5]
    assert {row for _, row in found.named} == {2, 4, 6, 7}


def test_numbered_rows_that_are_empty_are_named_together(draft: Draft) -> None:
    rows = [
        ["序号", "日期", "事项"],
        [1, "2021-03-05", "督查"],
        *([n, None, None] for n in (2, 3, 4)),
    ]
    found = draft(rows)
    assert [one.message for one in found.problems] == [
        "rows 3 to 5 hold nothing but a running number"
    ]
    assert found.rows_in == 4


def test_hidden_rows_columns_and_sheets_are_read_and_said(draft: Draft) -> None:
    def hide(book: Any) -> None:
        book.worksheets[0].row_dimensions[2].hidden = True
        book.worksheets[0].column_dimensions["D"].hidden = True
        book.worksheets[1].sheet_state = "hidden"

    rows = [HEAD, ["2021-03-05", "督查", 1, "甲"], ["2021-03-06", "督查", 1, "乙"]]
    found = draft(rows, rows, change=hide)
    assert len(found.events) == 4
    assert found.sheets == ("表1", "表1", "表2", "表2")
    assert {"hidden-rows", "hidden-columns", "hidden-sheet"} <= {one.code for one in found.problems}


def test_sheets_without_events_are_named_and_one_can_be_chosen(draft: Draft) -> None:
    sheets = ([HEAD, ["2021-03-05", "督查", 1, "甲"]], [["姓名", "单位"], ["甲", "东山村"]])
    found = draft(*sheets)
    assert [(one.code, one.severity, one.sheet) for one in found.problems] == [
        ("no-table", "note", "表2")
    ]
    assert not draft(*sheets, sheet="表2").ok
    with pytest.raises(UsageError, match="no sheet '表3'"):
        draft(*sheets, sheet="表3")


def test_a_workbook_without_any_table_is_an_error_with_a_hint(draft: Draft) -> None:
    found = draft([["日其", "事项"], ["2021-03-05", "督查"]])
    (problem,) = found.errors
    assert problem.code == "no-table"
    assert "日其" in (problem.hint or "")


def test_wrong_headings_name_every_row(draft: Draft) -> None:
    found = draft([["日期", "数量", "完成数", "事项"], ["2021-03-05", 1, 2, "督查"]])
    assert not found.ok
    assert found.named == (("表1", 2),)
    assert any("rows 2 are not read" in one.message for one in found.problems)
    repaired = draft(
        [["日期", "数量", "完成数", "事项"], ["2021-03-05", 1, 2, "督查"]],
        columns={"完成数": "quantity"},
    )
    assert repaired.events["quantity"].tolist() == [2.0]


def test_columns_without_heading_and_second_headings_are_kept(draft: Draft) -> None:
    found = draft([["日期", "事项", "备注", "备注", None], ["2021-03-05", "督查", "a", "b", "c"]])
    assert found.events[["note", "备注 D列", "E列"]].values.tolist() == [["a", "b", "c"]]
    assert {"duplicate-heading", "missing-heading"} == {one.code for one in found.problems}


def test_running_numbers_are_no_ids(draft: Draft) -> None:
    rows = [["序号", "日期", "事项"], [1, "2021-03-05", "督查"], [2, "2021-03-06", "督查"]]
    found = draft(rows, rows)
    assert len(found.events) == found.events["id"].nunique() == 4


def test_ids_come_from_content_and_stay_when_rows_are_added(draft: Draft) -> None:
    one, two = ["2021-03-05", "督查", 1, "甲"], ["2021-03-06", "督查", 1, "乙"]
    before = draft([HEAD, one, one, two])
    new = ["2021-01-01", "会议", 4, None]
    after = draft([HEAD, new, two, one], [[*HEAD, "级别"], [*one, None], [*new, "县"]])
    assert before.events["id"].is_unique
    assert set(before.events["id"]) <= set(after.events["id"])
    content = ("督查", "2021-03-05", "", "1.0", "", "甲", "", "", "", "", "")
    assert before.events["id"].tolist()[:2] == [content_id(content, 1), content_id(content, 2)]


def test_a_number_beside_text_keeps_the_id_of_its_row(draft: Draft) -> None:
    heads, row = ["日期", "事项", "级别"], ["2021-03-05", "督查", 3]
    alone = draft([heads, row])
    beside = draft([heads, row, ["2021-03-06", "督查", "县"], ["2021-03-07", "督查", None]])
    assert alone.events["id"][0] == beside.events["id"][0]


def test_a_twin_never_takes_an_id_that_was_given(draft: Draft) -> None:
    given = draft([["日期", "事项"], ["2021-03-05", "督查"]]).events["id"][0]
    found = draft([["日期", "事项", "编号"], ["2021-03-05", "督查", given], ["2021-03-05", "督查"]])
    assert found.events["id"].is_unique


def test_one_id_on_two_different_rows_is_pointed_at(draft: Draft) -> None:
    found = draft([["编号", "日期", "事项"], [7, "2021-03-05", "督查"], [7, "2021-03-06", "督查"]])
    assert [(one.code, one.severity, one.cell) for one in found.problems] == [
        ("same-id", "warning", "A3")
    ]


def test_kinds_that_look_misspelt_are_warnings_with_the_plan(draft: Draft) -> None:
    found = draft([HEAD, ["2021-03-05", "督察", 1, "甲"]], plan=PLAN)
    assert [(one.code, one.hint) for one in found.problems] == []
    found = draft([HEAD, ["2021-03-05", "专项督查", 1, "甲"]], plan=PLAN)
    assert [(one.code, one.cell, one.hint) for one in found.problems] == [
        ("unknown-kind", "B2", "did you mean '督查'?")
    ]


def test_paths_and_arguments_are_checked(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such file"):
        read_workbook(tmp_path / "nothing.xlsx")
    with pytest.raises(UsageError, match=r"\.xlsx"):
        read_workbook(tmp_path / "a.csv")
    with pytest.raises(UsageError, match="expected a Plan"):
        read_workbook(tmp_path / "a.xlsx", plan="x")  # type: ignore[arg-type]


def test_a_misspelt_member_is_pointed_at(tmp_path: Path) -> None:
    target = {"id": "t", "measure": "count", "kind": "结对", "at_least": 1, "each": "r"}
    loose = {"id": "u", "measure": "count", "kind": "督查", "at_least": 1}
    plan = pb.Plan(
        id="p",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"r": ["赵岩", {"id": "2", "name": "贺知远"}]},
        commitment=[{"id": "1", "target": [target, loose]}],
    )
    path = tmp_path / "a.xlsx"
    days = pd.Series(["2021-03-05"] * 4)
    events = pd.DataFrame(
        {
            "id": list("abcd"),
            "kind": ["结对", "结对", "结对", "督查"],
            "date": days,
            "subject": ["赵 岩", "贺知远、赵岩", "客人、贺志远", "赵 岩"],
        }
    )
    pb.write_workbook(plan, path, events=events)
    found = pb.refresh_workbook(path, as_of="2021-12-31").draft.problems
    told = [(one.code, one.severity, one.read, one.cell) for one in found]
    assert told == [
        ("unknown-member", "warning", "赵 岩", "E4"),
        ("unknown-member", "warning", "贺志远", "E6"),
    ]
    assert "did you mean '贺知远'" in (found[1].hint or "")
