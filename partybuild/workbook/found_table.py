"""One table on a sheet, as far as it is found: headings, rows, and what is to be said of them."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from partybuild.errors import Severity
from partybuild.workbook.grids import Grid


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
    them mean in spite of their name. The table has the rows from `heading_row` to
    `last` and the columns from `left` to `right`; each of these rows that is not
    blank is in `rows` or in `named`. `titles` stand above the headings.
    """

    grid: Grid
    heading_row: int
    last: int
    left: int
    right: int
    titles: list[int] = attrs.field(factory=list)
    texts: list[str] = attrs.field(factory=list)
    columns: list[int] = attrs.field(factory=list)
    mapping: dict[str, str] = attrs.field(factory=dict)
    running: str | None = None
    rows: list[int] = attrs.field(factory=list)
    named: list[int] = attrs.field(factory=list)
    remarks: list[Remark] = attrs.field(factory=list)

    def column_of(self, heading: str | None) -> int | None:
        """The sheet's column under a heading; None when there is none of that text."""
        return self.columns[self.texts.index(heading)] if heading in self.texts else None


def runs(numbers: list[int]) -> Iterator[tuple[int, int]]:
    """Join numbers that follow each other: the first and the last of each run."""
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
        str(first) if first == last else f"{first}-{last}" for first, last in runs(sorted(numbers))
    )
