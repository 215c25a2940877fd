"""What each row of a table is: an event, a total, headings once more, a line of text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

from partybuild._frames import match_headings
from partybuild._frames.headings import heading_key
from partybuild.cells import Fault
from partybuild.workbook.found_table import FoundTable, Remark, runs
from partybuild.workbook.grids import Grid
from partybuild.workbook.heads import plain_text, text_of

_TOTAL: Final = re.compile(
    r"(?:本页|本表|本月|本季度|本年度?|全年|年度|上半年|下半年|第?[一二三四]季度|\d{1,2}月份?)?"
    r"(?:合计|小计|总计|共计|累计|总数|subtotal|total|grandtotal)(?:数|[:：])?\S{0,12}"
    r"|\S{0,16}(?:合计|小计|总计|共计)(?:数|[:：])?(?:[（(]\S{0,10}[)）])?"
    r"|平均(?:值|数)?[:：]?|其中[:：]\S{0,20}",
    re.IGNORECASE,
)
#: A row called nothing but this is hardly an event, even with a date.
_EXACTLY_TOTAL: Final = frozenset({"合计", "小计", "总计", "共计", "total", "subtotal"})
_FOOTER: Final = re.compile(
    r"(?:注|备注|说明|填表|制表|审核|审批|复核|负责人|单位负责|分管|主要领导|填报|报送|联系|经办|盖章"
    r"|（盖章|\(盖章)[^，。]{0,6}[:：].*|（?盖章）?",
    re.DOTALL,
)
#: A heading for the rows below it: 一、督查类, （二）调研, 3. 走访, 第三季度, 2021年3月.
_SECTION: Final = re.compile(
    r"(?:第?[一二三四五六七八九十]{1,3}[、.．章节]|[（(][一二三四五六七八九十\d]{1,3}[)）]|\d{1,2}[、．])"
    r"\D.{0,40}"
    r"|(?:\d{4}年度?)?(?:\d{1,2}月份?|第?[一二三四1-4]季度|[上下]半年|[上中下]旬)?(?:工作|台账)*",
)


def sort_rows(found: FoundTable) -> None:
    """Tell the rows that should be events from the others; a remark says what those are."""
    places = match_headings(found.texts, found.mapping).places
    kind = found.columns[places["kind"]] if "kind" in places else None
    date = found.columns[places["date"]] if "date" in places else None
    running = found.column_of(found.running)
    numbered: list[int] = []
    for row in found.grid.numbers(found.heading_row + 1, found.last):
        cells = dict(_filled(found, row))
        if not cells:
            continue
        said = _not_an_event(found, row, date, cells)
        if said is None and cells.keys() == {running}:
            numbered.append(row)
        elif said is None:
            found.rows.append(row)
            if kind in cells and text_of(cells[kind]).lower() in _EXACTLY_TOTAL:
                found.remarks.append(_like_a_total(row, kind, text_of(cells[kind])))
        else:
            found.remarks.append(said)
            found.named.append(row)
    for first, last in runs(numbered):
        message = f"rows {first} to {last} hold nothing but a running number"
        found.remarks.append(Remark(code="numbered-rows", message=message, row=first))
    found.named += numbered


def _like_a_total(row: int, column: int | None, text: str) -> Remark:
    return Remark(
        code="doubtful-total",
        message="a row with a date that is called like a total; it was read as an event",
        row=row,
        column=column,
        severity="warning",
        read=text,
        hint="if it is a total, take out its date",
    )


def _filled(found: FoundTable, row: int) -> Iterator[tuple[int, Any]]:
    """The cells of a row that belong to the table and hold something."""
    cells = found.grid.rows[row][found.left - 1 : found.right]
    return ((place, cell) for place, cell in enumerate(cells, found.left) if cell is not None)


def _not_an_event(
    found: FoundTable, row: int, date: int | None, cells: Mapping[int, Any]
) -> Remark | None:
    """Say what a row is that is no event: a total, headings again, a line across, a footer."""
    grid = found.grid
    texts = {place: text_of(cell) for place, cell in cells.items() if isinstance(cell, str)}
    first = next(iter(texts.values()), "")
    headings = dict(zip(found.columns, found.texts, strict=True))
    if len(cells) > 1 and all(
        place in texts and heading_key(texts[place]) == heading_key(headings.get(place, ""))
        for place in cells
    ):
        return Remark(code="headings-again", message="the headings once more", row=row)
    dated = cells.get(date) if date is not None else None
    if isinstance(dated, str):
        word = re.sub(r"\s", "", dated)
        is_word = any(one.fullmatch(word) for one in (_TOTAL, _FOOTER, _SECTION))
        dated = None if is_word else dated
    if dated is None or _is_across(grid, row, date):
        if any(_TOTAL.fullmatch(re.sub(r"\s", "", text)) for text in texts.values()):
            message = "a row of totals; it is no event, and its figures are not read"
            return Remark(code="totals", message=message, row=row, read=_line(cells))
        is_line = len(cells) == 1 and _is_wide(grid, row, next(iter(cells)))
        is_line = is_line or _is_section(found, cells, date)
        if is_line or (_FOOTER.fullmatch(first) and len(cells) == len(texts)):
            message = "a line of text, not an event"
            return Remark(code="text-line", message=message, row=row, read=_line(cells))
    return None


def _is_section(found: FoundTable, cells: Mapping[int, Any], date: int | None) -> bool:
    """Whether the one cell of a row, first or under the date, is a heading for those below."""
    if len(cells) != 1:
        return False
    ((place, cell),) = cells.items()
    is_there = place == date or place == found.columns[0]
    return is_there and isinstance(cell, str) and bool(_SECTION.fullmatch(text_of(cell)))


def _is_wide(grid: Grid, row: int, column: int) -> bool:
    return any(one.left == column and one.right > column + 1 for one in grid.wide_from(row))


def _is_across(grid: Grid, row: int, date: int | None) -> bool:
    """Whether one merged cell runs over the date's cell and others."""
    return date is not None and any(
        one.left <= date <= one.right and one.right > one.left + 1 for one in grid.wide_from(row)
    )


def _line(cells: Mapping[int, Any]) -> str:
    shown = [
        (cell.read or "") if isinstance(cell, Fault) else plain_text(cell)
        for cell in cells.values()
    ]
    return " ".join(filter(None, shown))[:80]
