"""A sheet to be, as rows of cells with looks: what the calculated sheets are made of."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs
import pandas as pd

from partybuild.assessment.words import LIGHT_SIGNS, status_word
from partybuild.quantities import format_number
from partybuild.workbook.marks import lines_of

#: Shares closer than this would be shown alike.
_FINE: Final = 1e-4
_EXACT: Final = 1e15


@attrs.frozen
class Cell:
    """One cell: its column, its value, its look (a key of `partybuild.workbook.looks.LOOKS`)."""

    column: int
    value: Any
    look: str = "text"


@attrs.define
class Page:
    """Rows of cells with their heights, merged ranges, widths of columns.

    `merges` are first row and column, last row and column. `filtered`: the table
    under the headings has buttons to filter it by, down to that row. `breaks` are
    the rows after which a new page begins when it is printed.
    """

    widths: list[float]
    rows: list[tuple[float, list[Cell]]] = attrs.field(factory=list)
    merges: list[tuple[int, int, int, int]] = attrs.field(factory=list)
    heading_row: int = 3
    filtered: int | None = None
    breaks: list[int] = attrs.field(factory=list)

    def add(self, cells: Sequence[Cell], height: float = 20) -> int:
        """Add a row; returns its number."""
        self.rows.append((height, list(cells)))
        return len(self.rows)

    def add_line(self, value: str, look: str, *, height: float = 20, width: int = 0) -> None:
        """Add one text over the first `width` columns (0: all)."""
        last = width or len(self.widths)
        rest = [Cell(place, "", look) for place in range(2, last + 1)]
        row = self.add([Cell(1, value, look), *rest], height)
        self.merges.append((row, 1, row, last))

    def add_headings(self, texts: Iterable[str], height: float = 26) -> None:
        """Add a row of headings."""
        self.add([Cell(place, text, "head") for place, text in enumerate(texts, 1)], height)

    def add_record(self, cells: Sequence[Cell]) -> int:
        """Add a row as high as its longest text needs; returns its number."""
        lines = [
            lines_of(cell.value, self.widths[cell.column - 1])
            for cell in cells
            if isinstance(cell.value, str)
        ]
        return self.add(cells, 8 + 15 * min(max(lines, default=1), 20))


def status_text(status: str, light: str, lang: str, *, is_allowance: bool = False) -> str:
    """A status with the sign of its light."""
    return f"{LIGHT_SIGNS[light]} {status_word(status, lang, is_allowance=is_allowance)}"


def known(value: Any) -> float | None:
    """A figure, or None where it is unknown."""
    return None if pd.isna(value) else float(value)


def figure(
    value: float | None, *, share: bool = False, limit: float | None = None
) -> tuple[Any, str]:
    """A figure and its look; one that would be shown like its limit is written out as text."""
    if value is None:
        return "—", "centre"
    fine = _FINE if share else _FINE * 100
    if limit is not None and value != limit and abs(value - limit) < fine:
        return format_number(value, unit="%" if share else None, limit=limit), "right"
    if share:
        return value, "percent"
    is_whole = value.is_integer() and abs(value) < _EXACT
    return (int(value), "number") if is_whole else (value, "decimal")
