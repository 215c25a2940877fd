"""Sheets as offices make them: what is read of each, and what is said of the rest.

Each case is the cells of a sheet, its merged ranges, the events that a careful
clerk would read from it, as (row, date, kind, quantity), and the codes of all
that is said besides.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import attrs
import pytest

openpyxl = pytest.importorskip("openpyxl")

from openpyxl.comments import Comment  # noqa: E402
from openpyxl.utils.datetime import CALENDAR_MAC_1904  # noqa: E402

from partybuild.workbook import WorkbookDraft, read_workbook  # noqa: E402

Rows = list[list[Any]]
HEAD = ["日期", "事项", "数量", "单位", "对象"]
ONE = ["2021-03-05", "督查", 1, "次", "甲"]


@attrs.frozen(kw_only=True)
class Case:
    rows: Rows
    events: list[tuple[int, str, str, float]]
    codes: list[str] = attrs.field(factory=list)
    merged: tuple[str, ...] = ()


CASES = {
    "two tables below each other, the second with other headings": Case(
        rows=[["一、督查工作"], ["日期", "事项", "数量"], ["2021-01-05", "督查", 1], [],
              ["二、调研工作"], ["活动内容", "时间", "地点", "天数"],
              ["调研", "2021-02-05", "东山村", 3]],
        events=[(3, "2021-01-05", "督查", 1), (7, "2021-02-05", "调研", 3)],
        codes=["titles", "further-table"],
    ),
    "the first table is the smaller one": Case(
        rows=[["日期", "事项"], ["2021-03-05", "例会"], [], ["一、督查"], HEAD, ONE],
        events=[(2, "2021-03-05", "例会", 1), (6, "2021-03-05", "督查", 1)],
        codes=["further-table"],
    ),
    "a row with a fault above the headings of a further table": Case(
        rows=[["日期", "事项"], ["2021-03-05", "例会"], ["3月6日", "例会"],
              ["督查情况", None, "单位：次"], HEAD, ONE],
        events=[(2, "2021-03-05", "例会", 1), (6, "2021-03-05", "督查", 1)],
        codes=["bad-date", "further-table"],
    ),
    "tables side by side, the right one longer": Case(
        rows=[["第一组", None, None, "第二组"], ["日期", "事项", "数量", "日期", "事项", "数量"],
              ["2021-01-05", "督查", 1, "2021-02-05", "调研", 3],
              [None, None, None, "2021-02-06", "调研", 2], ["合计", None, 1, "合计", None, 5]],
        events=[(3, "2021-01-05", "督查", 1), (3, "2021-02-05", "调研", 3),
                (4, "2021-02-06", "调研", 2)],
        codes=["titles", "table-beside", "totals", "totals"],
        merged=("A1:C1", "D1:F1"),
    ),
    "tables side by side with words of their own, a blank column between": Case(
        rows=[["日期", "事项", "数量", None, "时间", "活动", "人数"],
              ["2021-01-05", "督查", 1, None, "2021-02-05", "调研", 30]],
        events=[(2, "2021-01-05", "督查", 1), (2, "2021-02-05", "调研", 30)],
        codes=["table-beside"],
    ),
    "a second column of dates is no table": Case(
        rows=[["日期", "事项", "数量", "日期", "备注"],
              ["2021-01-05", "督查", 1, "2021-02-05", "x"]],
        events=[(2, "2021-01-05", "督查", 1)],
        codes=["duplicate-heading"],
    ),
    "a form above the table": Case(
        rows=[["日期", "2021年12月31日", "类别", "干部"], ["姓名", "张三"], HEAD, ONE],
        events=[(4, "2021-03-05", "督查", 1)],
        codes=["titles"],
    ),
    "events above the headings": Case(
        rows=[["2021-01-05", "督查", 1], ["2021-01-06", "督查", 1], HEAD, ONE],
        events=[(4, "2021-03-05", "督查", 1)],
        codes=["titles", "dates-above"],
    ),
    "headings of two rows that nobody merged": Case(
        rows=[["序号", "时间", None, "工作内容", "完成情况"],
              [None, "开始", "结束", None, "数量", "单位"],
              [1, "2021-03-05", "2021-03-07", "督查", 3, "次"]],
        events=[(3, "2021-03-05", "督查", 3)],
    ),
    "headings of two merged rows with dates in a group": Case(
        rows=[["序号", "工作事项", "时间", None, "数量"], [None, None, "开始", "结束", None],
              [1, "调研", "2021-03-05", "2021-03-07", 1]],
        events=[(3, "2021-03-05", "调研", 1)],
        codes=["titles"],
        merged=("A1:A2", "B1:B2", "C1:D1", "E1:E2"),
    ),
    "headings in row 36": Case(
        rows=[*([f"说明{i}"] for i in range(35)), HEAD, ONE],
        events=[(37, "2021-03-05", "督查", 1)],
        codes=["titles"],
    ),
    "a table that begins at C1": Case(
        rows=[[None, None, *HEAD], [None, None, *ONE]], events=[(2, "2021-03-05", "督查", 1)]
    ),
    "headings with blanks and line breaks": Case(
        rows=[["日　期", "事 项\n（内容）", "数\n量", "单 位", "对象（姓名）"], ONE],
        events=[(2, "2021-03-05", "督查", 1)],
    ),
    "one date over several events": Case(
        rows=[HEAD, ONE, [None, "调研", 2, "天", "乙"], ["2021-03-06", "督查", 1, "次", "甲"]],
        events=[(2, "2021-03-05", "督查", 1), (3, "2021-03-05", "调研", 2),
                (4, "2021-03-06", "督查", 1)],
        codes=["merged-cells"],
        merged=("A2:A3",),
    ),
    "a blank date is never that of the row above": Case(
        rows=[HEAD, ONE, [None, "调研", 2, "天", "乙"]],
        events=[(2, "2021-03-05", "督查", 1)],
        codes=["missing-value"],
    ),
    "totals in any column, under any name": Case(
        rows=[HEAD, ONE, [None, None, 1, None, "合计"], [None, "小 计", 1],
              ["东山村小计", None, 1], ["全镇合计（次）", None, 1], ["其中：督查", None, 1],
              ["平均", None, 1], ["3月小计", None, 1]],
        events=[(2, "2021-03-05", "督查", 1)],
        codes=["totals"] * 7,
    ),
    "a total with a date is an event, and pointed at": Case(
        rows=[HEAD, ONE, ["2021-03-31", "合计", 1, "次", None]],
        events=[(2, "2021-03-05", "督查", 1), (3, "2021-03-31", "合计", 1)],
        codes=["doubtful-total"],
    ),
    "headings for the rows below them": Case(
        rows=[HEAD, ["一、督查类"], ONE, ["（二）调研类"], ["第三季度"], ["2021年7月"], ONE],
        events=[(3, "2021-03-05", "督查", 1), (7, "2021-03-05", "督查", 1)],
        codes=["text-line"] * 4,
    ),
    "numbers with their unit": Case(
        rows=[["日期", "事项", "数量"], ["2021-03-05", "督查", "3次"],
              ["2021-03-06", "投入", "1.2万元"],
              ["2021-03-07", "投入", "￥12,345.00"], ["2021-03-08", "走访", "约5户"],
              ["2021-03-09", "走访", "5户12人"], ["2021-03-10", "走访", "１，２００"]],
        events=[(2, "2021-03-05", "督查", 3), (3, "2021-03-06", "投入", 1.2),
                (4, "2021-03-07", "投入", 12345), (7, "2021-03-10", "走访", 1200)],
        codes=["bad-number", "bad-number"],
    ),
    "a unit in the cell and another beside it": Case(
        rows=[HEAD, ["2021-03-05", "走访", "5户", "次", "甲"],
              ["2021-03-05", "督查", "2次", "次", "甲"]],
        events=[(3, "2021-03-05", "督查", 2)],
        codes=["two-units"],
    ),
    "dates as people write them": Case(
        rows=[["日期", "事项"], ["２０２１－３－５", "a"], ["2021。3。5", "b"],
              ["2021年3月5日（星期五）", "c"], ["2021/3/5 下午", "d"], [44260, "e"], ["44260", "f"],
              [dt.datetime(2021, 3, 5, 14), "g"],
              ["二〇二一年三月五日", "h"]],
        events=[(row, "2021-03-05", kind, 1) for row, kind in enumerate("abcdefgh", start=2)],
    ),
    "dates that would have to be guessed": Case(
        rows=[["日期", "事项"], ["3月5日", "督查"], ["2021年3月", "督查"], ["21-3-5", "督查"],
              ["5/3/2021", "督查"], ["2021-03-05至2021-03-07", "调研"], ["2021-02-31", "督查"],
              ["2021年3月5日（星期日）", "督查"]],
        events=[],
        codes=["bad-date"] * 7,
    ),
    "errors of formulas": Case(
        rows=[HEAD, ["#REF!", *ONE[1:]], ["2021-03-05", "督查", "#DIV/0!", "次", "甲"],
              ["2021-03-05", "督查", "=1+1", "次", "甲"], ONE],
        events=[(5, "2021-03-05", "督查", 1)],
        codes=["error-value", "error-value", "formula-without-value", "formulas"],
    ),
    "notes beside the table": Case(
        rows=[[*HEAD, None, None, "备忘"], [*ONE, None, None, "问张三要材料"], [*ONE, None, "？"]],
        events=[(2, "2021-03-05", "督查", 1), (3, "2021-03-05", "督查", 1)],
        codes=["missing-heading"],
    ),
    "signatures below": Case(
        rows=[HEAD, ONE, ["填表人：张三", None, None, "审核人：李四"], ["联系电话：12345"]],
        events=[(2, "2021-03-05", "督查", 1)],
        codes=["text-line", "text-line"],
    ),
    "blank rows between": Case(
        rows=[["台账"], [], HEAD, [], ONE, [], [], ONE],
        events=[(5, "2021-03-05", "督查", 1), (8, "2021-03-05", "督查", 1)],
        codes=["titles"],
    ),
    "two columns of amounts": Case(
        rows=[["日期", "事项", "金额（万元）", "人数"], ["2021-03-05", "投入", 12.5, 30]],
        events=[],
        codes=["duplicate-column", "rows-not-read"],
    ),
    "day and month in columns of their own": Case(
        rows=[["月", "日", "事项", "数量"], [3, 5, "督查", 1]],
        events=[],
        codes=["no-table", "no-table"],
    ),
    "kinds as columns": Case(
        rows=[["日期", "督查", "调研"], ["2021-03-05", 1, 2]],
        events=[],
        codes=["no-table", "no-table"],
    ),
    "an empty sheet": Case(rows=[], events=[], codes=["no-table"]),
    "headings alone": Case(rows=[HEAD], events=[]),
}  # fmt: skip


def written(path: Path, *sheets: Rows, merged: tuple[str, ...] = ()) -> Any:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for number, rows in enumerate(sheets, start=1):
        page = book.create_sheet(f"表{number}")
        for row in rows:
            page.append(row)
        for reach in merged:
            page.merge_cells(reach)
    book.save(path)
    return book


def check(draft: WorkbookDraft) -> None:
    """Every row in is read or named, and every named row has a problem with its place."""
    assert draft.rows_in == len(draft.events) + len(draft.named)
    assert all(one.sheet for one in draft.problems if one.row is not None)


def read(draft: WorkbookDraft) -> list[tuple[int, str, str, float]]:
    days = draft.events["date"].dt.strftime("%F")
    return list(
        zip(draft.rows.tolist(), days, draft.events["kind"], draft.events["quantity"], strict=True)
    )


@pytest.mark.parametrize("name", CASES)
def test_sheets_as_offices_make_them(tmp_path: Path, name: str) -> None:
    case = CASES[name]
    path = tmp_path / "a.xlsx"
    written(path, case.rows, merged=case.merged)
    draft = read_workbook(path)
    check(draft)
    assert sorted(read(draft)) == sorted(case.events)
    assert sorted(one.code for one in draft.problems) == sorted(case.codes)


def test_days_of_a_group_are_first_and_last(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", CASES["headings of two rows that nobody merged"].rows)
    found = read_workbook(tmp_path / "a.xlsx").events
    assert found["end"].dt.strftime("%F").tolist() == ["2021-03-07"]
    assert found["unit"].tolist() == ["次"]


def test_each_table_beside_another_has_its_own_unit_and_office(tmp_path: Path) -> None:
    rows = [
        ["填报单位：东山村", None, None, "填报单位：西山村"],
        ["单位：万元", None, None, "单位：户"],
        ["日期", "事项", "数量", "日期", "事项", "数量"],
        ["2021-01-05", "投入", 1, "2021-02-05", "走访", 3],
    ]
    written(tmp_path / "a.xlsx", rows)
    found = read_workbook(tmp_path / "a.xlsx").events
    assert found[["organisation", "unit"]].values.tolist() == [["东山村", "万元"], ["西山村", "户"]]


def test_blocks_of_a_sheet_have_their_own_office_even_under_the_same_headings(
    tmp_path: Path,
) -> None:
    head = ["日期", "事项", "数量"]
    rows = [["填报单位：东山村"], head, ["2021-01-05", "督查", 1], ["小计", None, 1], [],
            ["填报单位：西山村"], head, ["2021-02-05", "调研", 3]]  # fmt: skip
    written(tmp_path / "a.xlsx", rows)
    draft = read_workbook(tmp_path / "a.xlsx")
    check(draft)
    assert draft.events["organisation"].tolist() == ["东山村", "西山村"]


def test_sheets_with_columns_in_another_order(tmp_path: Path) -> None:
    written(
        tmp_path / "a.xlsx",
        [["日期", "事项", "数量"], ["2021-01-05", "督查", 1]],
        [["数量", "事项", "日期"], [2, "督查", "2021-02-05"]],
        [["事项内容", "发生时间", "完成数量"], ["督查", "2021-03-05", 3]],
    )
    draft = read_workbook(tmp_path / "a.xlsx")
    assert draft.events["quantity"].tolist() == [1.0, 2.0, 3.0]
    assert draft.events["date"].dt.month.tolist() == [1, 2, 3]
    assert draft.sheets == ("表1", "表2", "表3")
    assert draft.problems == ()


def test_lines_of_a_cell_are_names_below_each_other(tmp_path: Path) -> None:
    written(tmp_path / "a.xlsx", [HEAD, ["2021-03-05", "督查\n（防汛）", 1, "次", "甲\n乙\n\n丙"]])
    found = read_workbook(tmp_path / "a.xlsx").events
    assert found[["kind", "subject"]].values.tolist() == [["督查（防汛）", "甲；乙；丙"]]


def test_comments_are_said_not_to_be_read(tmp_path: Path) -> None:
    book = written(tmp_path / "a.xlsx", [HEAD, ONE])
    book["表1"]["C1"].comment = Comment("填次数", "李四")
    book["表1"]["C2"].comment = Comment("其实是2次", "张三")
    book.save(tmp_path / "a.xlsx")
    (problem,) = read_workbook(tmp_path / "a.xlsx").problems
    assert (problem.code, problem.severity) == ("comments", "note")
    assert problem.message.endswith(": C2")


def test_the_calendar_of_1904(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    for row in (HEAD, [dt.date(2021, 3, 5), *ONE[1:]], [42798, *ONE[1:]]):
        book.active.append(row)
    book.save(path)
    assert read_workbook(path).events["date"].dt.strftime("%F").tolist() == ["2021-03-05"] * 2


@pytest.mark.parametrize(
    ("rows", "hint"),
    [([["月", "日", "事项"], [3, 5, "督查"]], "stands in several columns"),
     ([["日期", "督查"], ["2021-03-05", 1]], "no heading says what happened"),
     ([["日其", "事项"], ["2021-03-05", "督查"]], "is '日其' the date")],
)  # fmt: skip
def test_a_sheet_without_a_table_is_told_what_is_missing(
    tmp_path: Path, rows: Rows, hint: str
) -> None:
    written(tmp_path / "a.xlsx", rows)
    (problem,) = read_workbook(tmp_path / "a.xlsx").errors
    assert hint in (problem.hint or "")


def test_reading_costs_the_same_for_each_row_however_many_tables_there_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from partybuild.workbook import grids

    calls = 0
    plain = grids.Grid.cell

    def counted(self: Any, row: int, column: int) -> Any:
        nonlocal calls
        calls += 1
        return plain(self, row, column)

    monkeypatch.setattr(grids.Grid, "cell", counted)
    costs = []
    for number in (20, 80):
        rows = [row for at in range(number) for row in ([f"第{at}组"], HEAD, ONE, ONE)]
        written(tmp_path / "a.xlsx", rows)
        calls = 0
        assert len(read_workbook(tmp_path / "a.xlsx").events) == 2 * number
        costs.append(calls)
    assert costs[1] < 6 * costs[0]
