"""Where the table stands on a sheet, and what each of its rows is."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from typing import Any, Final

import attrs

from partybuild._frames import match_headings
from partybuild._frames.headings import count_known, heading_key
from partybuild.cells import Fault, clean_text
from partybuild.errors import Severity
from partybuild.workbook.grids import Grid, Range, cell_name, column_name

#: Rows, blank ones left out, among which the headings are looked for.
HEADING_ROWS: Final = 40
_LEVELS: Final = 4
_GROUP: Final = 8
_RUNNING: Final = frozenset({"序号", "次序", "行号", "no", "no."})

_TOTAL: Final = re.compile(
    r"(?:本页|本表|本月|本季度|本年度?|全年|年度|上半年|下半年|第?[一二三四]季度|\d{1,2}月份?)?"
    r"(?:合计|小计|总计|共计|累计|总数|subtotal|total|grandtotal)(?:数|[:：])?\S{0,12}",
    re.IGNORECASE,
)
_FOOTER: Final = re.compile(
    r"(?:注|备注|说明|填表|制表|审核|审批|复核|负责人|单位负责|分管|主要领导|填报|报送|联系|经办|盖章"
    r"|（盖章|\(盖章)[^，。]{0,6}[:：].*|（?盖章）?",
    re.DOTALL,
)


@attrs.frozen(kw_only=True)
class Remark:
    """What is to be said of a cell, or of rows, of a sheet."""

    code: str
    message: str
    row: int
    column: int | None = None
    severity: Severity = "note"
    read: str | None = None
    hint: str | None = None


@attrs.define(kw_only=True, eq=False)
class FoundTable:
    """The table of a sheet: headings by column, rows that should be events, rows that are not.

    `columns` gives the sheet's column of each heading, `mapping` what some of
    them mean in spite of their name. Every row of the sheet that is not blank is
    in `rows`, in `named`, or above the headings.
    """

    grid: Grid
    heading_row: int
    texts: list[str]
    columns: list[int]
    mapping: dict[str, str]
    running: str | None = None
    rows: list[int] = attrs.field(factory=list)
    named: list[int] = attrs.field(factory=list)
    remarks: list[Remark] = attrs.field(factory=list)

    def column_of(self, heading: str | None) -> int | None:
        """The sheet's column under a heading; None when there is none of that text."""
        return self.columns[self.texts.index(heading)] if heading in self.texts else None


def find_table(grid: Grid, columns: Mapping[str, str] | None) -> FoundTable | None:
    """Find the table of events on a sheet, or None where no row of headings has a date.

    The headings are the row, of the first `HEADING_ROWS`, that names the most
    event columns; headings of several merged rows are read together.
    """
    best, top = 1, None
    for row in sorted(grid.rows)[:HEADING_ROWS]:
        texts = _texts(grid, row)
        known = count_known([text for text in texts.values() if text], tuple(columns or ()))
        if known > best and _has_date(texts, columns):
            best, top = known, row
    if top is None:
        return None
    bottom = _bottom(grid, top)
    found = _with_headings(grid, _texts(grid, bottom), bottom, columns)
    _sort_rows(found)
    return found


def _texts(grid: Grid, row: int) -> dict[int, str]:
    """The headings that a row, with the merged cells above it, shows, by column."""
    above = range(max(1, row - _LEVELS), row + 1)
    width = max((len(grid.rows[one]) for one in above if one in grid.rows), default=0)
    texts = {}
    for column in range(1, width + 1):
        own = _text(grid.cell(row, column))
        tall = grid.tall(row, column)
        if not own and tall is not None:
            own = _text(grid.cell(tall.top, column))
        elif own:
            own = _under_group(grid, own, row, column)
        if own:
            texts[column] = own
    return texts


def _under_group(grid: Grid, own: str, row: int, column: int) -> str:
    """Put the heading of a group before a heading that says nothing by itself."""
    if count_known([own]):
        return own
    for one in grid.wide_to(row - 1):
        if one.left <= column <= one.right and one.right - one.left < _GROUP:
            group = _text(grid.cell(one.top, one.left))
            return f"{group} {own}" if group else own
    return own


def _text(cell: Any) -> str:
    if cell is None or isinstance(cell, Fault):
        return ""
    return clean_text(str(cell)).replace("\n", "")


def _has_date(texts: Mapping[int, str], columns: Mapping[str, str] | None) -> bool:
    given = {name: columns[name] for name in texts.values() if columns and name in columns}
    return "date" in match_headings(list(texts.values()), given).places


def _bottom(grid: Grid, top: int) -> int:
    """The last row of headings whose merged cells reach down."""
    reach = [
        one.bottom
        for one in grid.ranges
        if one.top <= top < one.bottom < top + _LEVELS and _text(grid.cell(one.top, one.left))
    ]
    return max(reach, default=top)


def _with_headings(
    grid: Grid, texts: Mapping[int, str], row: int, columns: Mapping[str, str] | None
) -> FoundTable:
    """Name each column once; a column without a heading is named by its letter."""
    below = [cells for number, cells in grid.rows.items() if number > row]
    used = {place for cells in below for place, cell in enumerate(cells, 1) if cell is not None}
    found = FoundTable(grid=grid, heading_row=row, texts=[], columns=[], mapping={})
    for place in sorted(used | texts.keys()):
        text = texts.get(place, "")
        letter = f"{column_name(place)}列"
        if not text:
            message = f"column {column_name(place)} has cells but no heading; kept as {letter!r}"
            found.remarks.append(_odd_heading("missing-heading", message, row, place))
            text = letter
        elif text in found.texts:
            if place not in used:
                continue
            message = f"a second column with the heading {text!r}; kept as '{text} {letter}'"
            found.remarks.append(_odd_heading("duplicate-heading", message, row, place))
            text = f"{text} {letter}"
        while text in found.texts:
            text += "′"
        found.texts.append(text)
        found.columns.append(place)
        if columns and text in columns:
            found.mapping[text] = columns[text]
        elif found.running is None and heading_key(text) in _RUNNING:
            found.running = text
            found.mapping[text] = text
    return found


def _odd_heading(code: str, message: str, row: int, column: int) -> Remark:
    return Remark(code=code, message=message, row=row, column=column, severity="warning")


def _sort_rows(found: FoundTable) -> None:
    places = match_headings(found.texts, found.mapping).places
    date = found.columns[places["date"]] if "date" in places else None
    running = found.column_of(found.running)
    numbered: list[int] = []
    for row in sorted(found.grid.rows):
        if row <= found.heading_row:
            continue
        said = _not_an_event(found, row, date)
        cells = {place for place, cell in _filled(found.grid, row)}
        if said is None and cells == {running}:
            numbered.append(row)
        elif said is None:
            found.rows.append(row)
        else:
            found.remarks.append(said)
            found.named.append(row)
    for first, last in _runs(numbered):
        message = f"rows {first} to {last} hold nothing but a running number"
        found.remarks.append(Remark(code="numbered-rows", message=message, row=first))
    found.named += numbered


def _filled(grid: Grid, row: int) -> Iterator[tuple[int, Any]]:
    return ((place, cell) for place, cell in enumerate(grid.rows[row], 1) if cell is not None)


def _not_an_event(found: FoundTable, row: int, date: int | None) -> Remark | None:
    """Say what a row is that is no event: a total, headings again, a line across, a footer."""
    grid = found.grid
    cells = dict(_filled(grid, row))
    texts = {place: _text(cell) for place, cell in cells.items() if isinstance(cell, str)}
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
        dated = None if _TOTAL.fullmatch(word) or _FOOTER.fullmatch(word) else dated
    if dated is None or _is_across(grid, row, date):
        if any(_TOTAL.fullmatch(re.sub(r"\s", "", text)) for text in texts.values()):
            message = "a row of totals; it is no event, and its figures are not read"
            return Remark(code="totals", message=message, row=row, read=_line(cells))
        is_line = len(cells) == 1 and _is_wide(grid, row, next(iter(cells)))
        if is_line or (_FOOTER.fullmatch(first) and len(cells) == len(texts)):
            message = "a line of text, not an event"
            return Remark(code="text-line", message=message, row=row, read=_line(cells))
    return None


def _is_wide(grid: Grid, row: int, column: int) -> bool:
    return any(one.left == column and one.right > column + 1 for one in grid.wide_from(row))


def _is_across(grid: Grid, row: int, date: int | None) -> bool:
    """Whether one merged cell runs over the date's cell and others."""
    return date is not None and any(
        one.left <= date <= one.right and one.right > one.left + 1 for one in grid.wide_from(row)
    )


def _line(cells: Mapping[int, Any]) -> str:
    shown = [
        (cell.read or "") if isinstance(cell, Fault) else _plain(cell) for cell in cells.values()
    ]
    return " ".join(filter(None, shown))[:80]


def _plain(cell: Any) -> str:
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return _text(cell)


def _runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Join numbers that follow each other."""
    start = before = None
    for number in numbers:
        if before is not None and number == before + 1:
            before = number
            continue
        if start is not None and before is not None:
            yield start, before
        start = before = number
    if start is not None and before is not None:
        yield start, before


def row_ranges(numbers: list[int]) -> str:
    """Write row numbers shortly.

    >>> row_ranges([3, 4, 5, 9])
    '3-5, 9'
    """
    return ", ".join(
        str(first) if first == last else f"{first}-{last}" for first, last in _runs(sorted(numbers))
    )


#: Columns whose merged cells say what holds for each row; a number or an id cannot.
_SINGLE: Final = ("id", "quantity")


def table_cells(found: FoundTable) -> dict[str, list[Any]]:
    """Return the cells of the rows that should be events, by heading; merged cells are shared.

    A merged cell holds for each of its rows, and a remark says so; an id or a
    quantity that several rows share is a `Fault` in each of them.
    """
    places = match_headings(found.texts, found.mapping).places
    single = {found.columns[places[name]] for name in _SINGLE if name in places}
    first, told = found.heading_row + 1, set()
    columns: dict[str, list[Any]] = {}
    for heading, column in zip(found.texts, found.columns, strict=True):
        values: list[Any] = []
        for row in found.rows:
            own, tall = found.grid.cell(row, column), found.grid.tall(row, column)
            if tall is None or tall.top < first:
                values.append(own)
                continue
            shared = found.grid.cell(tall.top, column)
            reach = bisect_right(found.rows, tall.bottom) - bisect_left(found.rows, tall.top)
            if shared is None or reach < 2:
                values.append(own if own is not None or column in single else shared)
                continue
            if column in single:
                values.append(_shared(tall, shared))
                continue
            values.append(shared)
            if tall not in told:
                told.add(tall)
                message = f"merged cells {tall.text}: the value is taken for each row"
                found.remarks.append(
                    Remark(code="merged-cells", message=message, row=tall.top, column=column)
                )
        columns[heading] = values
    return columns


def _shared(one: Range, value: Any) -> Fault:
    return Fault(
        code="merged-value",
        message=f"one value merged over rows {one.top} to {one.bottom}: each row's is not known",
        expected="a cell of its own for each row",
        hint=f"unmerge {one.text} and fill in each row",
        read=None if isinstance(value, Fault) else _plain(value)[:80],
    )


__all__ = ["FoundTable", "Remark", "cell_name", "find_table", "row_ranges", "table_cells"]
