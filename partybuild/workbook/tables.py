"""The tables of a sheet, with their headings and cells."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from typing import Any, Final

from partybuild._frames import match_headings
from partybuild._frames.headings import heading_key
from partybuild.cells import Fault
from partybuild.workbook.found_table import FoundTable, Remark, row_ranges
from partybuild.workbook.grids import Grid, Range, column_name
from partybuild.workbook.heads import Head, find_heads, plain_text, side_by_side, used_columns
from partybuild.workbook.table_rows import sort_rows

_RUNNING: Final = frozenset({"序号", "次序", "行号", "no", "no."})


def find_tables(grid: Grid, columns: Mapping[str, str] | None) -> list[FoundTable]:
    """Find the tables of events on a sheet; none where no row of headings has a date.

    Further tables stand below the first, under headings of their own, or beside it.
    """
    tables: list[FoundTable] = []
    for head in find_heads(grid, columns):
        beside = side_by_side(grid, head)
        for number, one in enumerate(beside):
            found = _with_headings(grid, one, columns)
            found.titles = list(one.titles)
            if number:
                _say_beside(found, one)
            elif tables:
                _say_further(found, one)
            sort_rows(found)
            tables.append(found)
    return tables


def _say_beside(found: FoundTable, head: Head) -> None:
    first, last = column_name(found.columns[0]), column_name(found.columns[-1])
    message = f"a table of its own stands beside the first, in columns {first} to {last}"
    remark = Remark(code="table-beside", message=message, row=head.bottom, column=head.left)
    found.remarks.append(remark)


def _say_further(found: FoundTable, head: Head) -> None:
    """Name the rows of headings, and the titles above them, of a table further down."""
    rows = [*head.titles, *found.grid.numbers(head.top, head.bottom)]
    message = f"rows {row_ranges(rows)} are the headings of a further table"
    found.remarks.append(Remark(code="further-table", message=message, row=rows[0]))
    found.named += rows


def _with_headings(grid: Grid, head: Head, columns: Mapping[str, str] | None) -> FoundTable:
    """Name each column once; a column without a heading is named by its letter."""
    texts, row = head.texts, head.bottom
    used = {place for place in used_columns(grid, head) if head.left <= place <= head.right}
    found = FoundTable(grid=grid, heading_row=row, last=head.last, left=head.left, right=head.right)
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
        read=None if isinstance(value, Fault) else plain_text(value)[:80],
    )
