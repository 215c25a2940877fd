"""How cells look, and how a value goes into one: text as text, whatever it begins with."""

from __future__ import annotations

import datetime as dt
import math
import re
import unicodedata
from typing import Any, Final

from partybuild.errors import UsageError
from partybuild.sources.excel import MAX_CELL_TEXT, load_openpyxl

FONT: Final = "宋体"
HEAD_FILL: Final = "DCE6F1"
BAND_FILL: Final = "EEF3FA"
TITLE_SIZE: Final = 18
_LINE: Final = "8EA9C1"
#: What no cell can hold; half surrogate pairs among it.
UNWRITABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_SPEAKING: Final = ("=", "+", "-", "@", "'", "#")
_EXACT: Final = 10**15
_FIRST_MONTH: Final = (1900, 3)


def put(cell: Any, value: Any) -> None:
    """Put a value into a cell. Text never becomes a formula, a number keeps every digit.

    Raises `UsageError` for text that no cell can hold.
    """
    if isinstance(value, bool) or value is None:
        cell.value = value
    elif isinstance(value, dt.date):
        _put_date(cell, value)
    elif isinstance(value, int | float) and abs(value) < _EXACT and math.isfinite(value):
        cell.value = repr(value)
        cell.data_type = "n"
    else:
        text = str(value)
        if UNWRITABLE.search(text) or len(text) > MAX_CELL_TEXT:
            raise UsageError(
                f"{cell.parent.title} {cell.coordinate}: {text[:40]!r} cannot stand in a cell; "
                f"expected at most {MAX_CELL_TEXT:,} characters, none of them a control character"
            )
        cell.value = text
        cell.data_type = "s"
        cell.number_format = "@"
        if text.startswith(_SPEAKING):
            cell.quotePrefix = True


def _put_date(cell: Any, value: dt.date) -> None:
    """Write a date as one, and as ISO text what Excel's day numbers cannot hold."""
    is_moment = isinstance(value, dt.datetime) and value.time() != dt.time()
    odd = isinstance(value, dt.datetime) and (value.microsecond or value.tzinfo)
    if (value.year, value.month) < _FIRST_MONTH or odd:
        put(cell, str(value))
        return
    cell.value = value
    cell.number_format = "yyyy-mm-dd hh:mm:ss" if is_moment else "yyyy-mm-dd"


def width_of(text: str) -> int:
    """How many half-width characters a text is wide.

    >>> width_of("台账A")
    5
    """
    return sum(2 if unicodedata.east_asian_width(one) in "WFA" else 1 for one in text)


def lines_of(text: str, width: float) -> int:
    """How many lines a text takes in a column of this width."""
    room = max(2.0, width - 1.5)
    return sum(max(1, math.ceil(width_of(part) / room)) for part in text.split("\n"))


class Look:
    """The few looks of our sheets, built once for a workbook."""

    def __init__(self) -> None:
        styles = load_openpyxl("Writing .xlsx").styles
        line = styles.Side(style="thin", color=_LINE)
        self.border = styles.Border(left=line, right=line, top=line, bottom=line)
        self.title = styles.Font(name=FONT, size=TITLE_SIZE, bold=True)
        self.bold = styles.Font(name=FONT, size=11, bold=True)
        self.plain = styles.Font(name=FONT, size=11)
        self.small = styles.Font(name=FONT, size=10, color="666666")
        self.head = styles.PatternFill("solid", fgColor=HEAD_FILL)
        align = styles.Alignment
        self.middle = align(horizontal="center", vertical="center", wrap_text=True)
        self.left = align(horizontal="left", vertical="center", wrap_text=True)
        self.right = align(horizontal="right", vertical="center")

    def heading(self, cell: Any, text: str) -> None:
        """Write a heading."""
        put(cell, text)
        cell.font, cell.fill, cell.border, cell.alignment = (
            self.bold, self.head, self.border, self.middle,
        )  # fmt: skip

    def body(self, cell: Any, *, alignment: Any = None, framed: bool = True) -> None:
        """Give a cell of a table its look."""
        cell.font = self.plain
        cell.alignment = alignment or self.left
        if framed:
            cell.border = self.border

    def top(self, page: Any, title: str, hint: str, *, width: int) -> None:
        """Write the title and the line below it over the first `width` columns."""
        for row, (text, font, height) in enumerate(
            ((title, self.title, 34), (hint, self.small, 20)), start=1
        ):
            cell = page.cell(row, 1)
            put(cell, text)
            cell.font = font
            cell.alignment = self.middle if row == 1 else self.left
            page.row_dimensions[row].height = height
            page.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)


def lay_out(page: Any, *, freeze: str, heading_row: int, footer: str) -> None:
    """Freeze the headings, and print on A4 across, headings on each page, page numbers below."""
    page.freeze_panes = freeze
    page.print_title_rows = f"{heading_row}:{heading_row}"
    page.page_setup.orientation = "landscape"
    page.page_setup.paperSize = 9
    page.page_setup.fitToWidth = 1
    page.page_setup.fitToHeight = 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
    page.page_margins.left = page.page_margins.right = 0.4
    page.page_margins.top, page.page_margins.bottom = 0.55, 0.7
    page.page_margins.header = page.page_margins.footer = 0.3
    page.print_options.horizontalCentered = True
    page.oddFooter.center.text = footer
    page.oddFooter.center.size = 9
    page.HeaderFooter.scaleWithDoc = False
    page.sheet_view.showGridLines = True
    page.sheet_view.zoomScale = 100
