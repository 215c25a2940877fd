"""A thousand workbooks that somebody, or something, spoilt: every row is read or named."""

from __future__ import annotations

import datetime as dt
import random
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest

openpyxl = pytest.importorskip("openpyxl")

from openpyxl.cell.cell import MergedCell  # noqa: E402
from openpyxl.comments import Comment  # noqa: E402

from partybuild.errors import PartybuildError  # noqa: E402
from partybuild.workbook import WorkbookDraft, read_workbook  # noqa: E402

#: Workbooks mutated by hand-like edits, and files damaged byte by byte.
EDITED, DAMAGED, BATCHES = 1000, 250, 10

ODD = (
    None, "", "　", "合计", "小 计", "2021-02-31", "2021年3月5日", "２０２１．３．５", 44260,
    44260.5, -1, 1e30, 12345678901234567, "十二", "95%", "#REF!", "=1+1", "@cmd", "+1", True,
    "甲、乙；丙", dt.datetime(2021, 3, 5), dt.date(1899, 1, 1), dt.time(8, 30), "日期",
    dt.timedelta(hours=30),
    "事项", "单位：万元", "填表人：张三", "\t", "x" * 400, "作废", "_x0000_", "\ud7ff", "1/2", 0.1,
)  # fmt: skip
HEADINGS = ("序号", "日期", "事项", "数量", "单位", "对象", "组织", "备注", "级别")


def workbook(chance: random.Random) -> openpyxl.Workbook:
    """A workbook as an office might have made it."""
    book = openpyxl.Workbook()
    for number in range(chance.randint(1, 2)):
        page = book.active if number == 0 else book.create_sheet(f"表{number}")
        for _ in range(chance.randint(0, 3)):
            page.append([chance.choice(["工作台账", "单位：次", "填报单位：东山村", None])])
        page.append(list(HEADINGS))
        for row in range(chance.randint(1, 8)):
            page.append(
                [row + 1, dt.date(2021, chance.randint(1, 12), 5), chance.choice(["督查", "调研"]),
                 chance.randint(0, 9), "次", "甲", "东山村", None, chance.choice([None, 1, "县"])]
            )  # fmt: skip
    return book


def put(page: Any, row: int, column: int, value: Any) -> None:
    cell = page.cell(row, column)
    if not isinstance(cell, MergedCell):
        cell.value = value


def edit(book: openpyxl.Workbook, chance: random.Random) -> None:
    """Do one thing that people do to a sheet."""
    page = chance.choice(book.worksheets)
    rows, columns = max(page.max_row, 1), max(page.max_column, 1)
    row, column = chance.randint(1, rows + 2), chance.randint(1, columns + 2)
    match chance.randrange(17):
        case 0 | 1 | 2 | 3:
            put(page, row, column, chance.choice(ODD))
        case 4:
            page.insert_rows(row, chance.randint(1, 3))
        case 5:
            page.delete_rows(row)
        case 6:
            page.insert_cols(min(column, columns))
        case 7:
            page.delete_cols(min(column, columns))
        case 8 | 9:
            bottom, right = row + chance.randint(0, 3), column + chance.randint(0, 4)
            page.merge_cells(start_row=row, start_column=column, end_row=bottom, end_column=right)
        case 10:
            page.row_dimensions[row].hidden = True
            page.column_dimensions[openpyxl.utils.get_column_letter(column)].hidden = True
        case 11:
            page.append(list(HEADINGS) if chance.random() < 0.5 else ["合计", None, None, 9])
        case 12:
            page.append([chance.choice(["二、调研", "填报单位：西山村", "单位：户", "第三季度"])])
            page.append(chance.sample(HEADINGS, len(HEADINGS)))
            page.append(["2021-07-05", "调研", 3, "户", "2021年7月6日", "乙", None, None, "x"])
        case 13:
            for place, text in enumerate(("日期", "事项", "数量"), start=columns + 2):
                put(page, row, place, text)
                put(page, row + 1, place, chance.choice(ODD))
        case 14:
            put(
                page,
                rows + 1,
                column,
                chance.choice(["东山村小计", "其中：督查", "平均", "（二）调研"]),
            )
        case 15:
            if not isinstance(cell := page.cell(row, column), MergedCell):
                cell.comment = Comment("核对一下", "张三")
        case 16:
            book.worksheets[-1].sheet_state = "hidden" if len(book.worksheets) > 1 else "visible"


def filled(book: openpyxl.Workbook) -> dict[str, set[int]]:
    """The rows that hold something, found without the library's reader."""
    return {
        page.title: {
            cell.row
            for row in page.iter_rows()
            for cell in row
            if cell.value is not None and str(cell.value).strip()
        }
        for page in book.worksheets
    }


def mentioned(draft: WorkbookDraft, sheet: str) -> set[int]:
    """Every row of a sheet that some problem names, alone or in a range."""
    rows: set[int] = set()
    for problem in draft.problems:
        if problem.sheet != sheet:
            continue
        rows |= {problem.row} if problem.row else set()
        if problem.message.startswith("rows "):
            for first, last in re.findall(r"(\d+)(?:(?: to |-)(\d+))?", problem.message):
                rows |= set(range(int(first), int(last or first) + 1))
    return rows


def check(draft: WorkbookDraft, rows: dict[str, set[int]]) -> None:
    read = list(zip(draft.sheets, draft.rows.tolist(), strict=True))
    accounted = [*read, *draft.named]
    assert draft.rows_in == len(draft.events) + len(draft.named) == len(accounted)
    beside = {one.sheet for one in draft.problems if one.code == "table-beside"}
    single = [place for place in accounted if place[0] not in beside]
    assert len(set(single)) == len(single), "a row is read twice, or read and named"
    assert draft.events["id"].notna().all()
    for sheet, present in rows.items():
        mine = {row for title, row in accounted if title == sheet}
        named = mentioned(draft, sheet)
        assert {row for title, row in draft.named if title == sheet} <= named
        rest = sorted(present - mine)
        if any(one.code == "no-table" and one.sheet == sheet for one in draft.problems):
            assert not mine
        elif rest:
            assert not mine or rest[-1] < min(mine), "a row below the headings was lost"
            above = [row for row in rest if row not in named]
            assert len(above) <= 4, "rows above the headings are not named"


@pytest.mark.parametrize("batch", range(BATCHES))
def test_every_row_of_an_edited_workbook_is_read_or_named(batch: int, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for number in range(EDITED // BATCHES):
        chance = random.Random(batch * 10_000 + number)
        book = workbook(chance)
        for _ in range(chance.randint(1, 6)):
            edit(book, chance)
        book.save(path)
        check(read_workbook(path), filled(book))


def damage(content: bytes, chance: random.Random, path: Path) -> None:
    """Write the file with a few of its bytes changed, packed or unpacked."""
    if chance.random() < 0.3:
        spoilt = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            spoilt[chance.randrange(len(spoilt))] = chance.randrange(256)
        path.write_bytes(
            bytes(spoilt[: chance.choice([len(spoilt), chance.randrange(len(spoilt))])])
        )
        return
    path.write_bytes(content)
    with zipfile.ZipFile(path) as package:
        parts = {name: bytearray(package.read(name)) for name in package.namelist()}
    name = chance.choice(sorted(parts))
    match chance.randrange(4):
        case 0:
            del parts[name]
        case 1:
            parts[name] = parts[name][: chance.randrange(len(parts[name]) + 1)]
        case _:
            for _ in range(chance.randint(1, 8)):
                parts[name][chance.randrange(len(parts[name]))] = chance.randrange(256)
    with zipfile.ZipFile(path, "w") as package:
        for part, data in parts.items():
            package.writestr(part, bytes(data))


@pytest.mark.parametrize("batch", range(BATCHES))
def test_a_damaged_file_is_read_or_refused_in_words(batch: int, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    for number in range(DAMAGED // BATCHES):
        chance = random.Random(batch * 20_000 + number)
        workbook(chance).save(path)
        damage(path.read_bytes(), chance, path)
        try:
            draft = read_workbook(path)
        except PartybuildError:
            continue
        assert draft.rows_in == len(draft.events) + len(draft.named)
