"""A page of cells as the XML of a sheet, with its looks added to the workbook's styles."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

import attrs

from partybuild.sources.excel import MAX_CELL_TEXT
from partybuild.workbook.grids import cell_name
from partybuild.workbook.marks import BAND_FILL, FONT, HEAD_FILL, TITLE_SIZE, UNWRITABLE
from partybuild.workbook.package import OldSheet
from partybuild.workbook.page import Page

_SHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
#: The numbers of formats that every workbook has: 0.00 and 0.00%.
_DECIMAL: Final = 2
_PERCENT: Final = 10
_LINE: Final = "8EA9C1"


@attrs.frozen(kw_only=True)
class LookOf:
    """How a cell looks, in the terms of the styles part."""

    size: int = 11
    is_bold: bool = False
    colour: str = "000000"
    fill: str | None = None
    is_framed: bool = True
    across: str = "left"
    number_format: int = 0

    def font(self, prefix: str) -> str:
        """The font's XML."""
        bold = f"<{prefix}b/>" if self.is_bold else ""
        return (
            f'<{prefix}font>{bold}<{prefix}sz val="{self.size}"/>'
            f'<{prefix}color rgb="FF{self.colour}"/><{prefix}name val="{FONT}"/></{prefix}font>'
        )

    def fill_xml(self, prefix: str) -> str:
        """The fill's XML."""
        if self.fill is None:
            return f'<{prefix}fill><{prefix}patternFill patternType="none"/></{prefix}fill>'
        return (
            f'<{prefix}fill><{prefix}patternFill patternType="solid">'
            f'<{prefix}fgColor rgb="FF{self.fill}"/></{prefix}patternFill></{prefix}fill>'
        )

    def border(self, prefix: str) -> str:
        """The border's XML."""
        line = f'style="thin"><{prefix}color rgb="FF{_LINE}"/></{prefix}'
        sides = "".join(
            f"<{prefix}{side} {line}{side}>" if self.is_framed else f"<{prefix}{side}/>"
            for side in ("left", "right", "top", "bottom")
        )
        return f"<{prefix}border>{sides}</{prefix}border>"


LOOKS: Final = {
    "title": LookOf(size=TITLE_SIZE, is_bold=True, is_framed=False, across="center"),
    "small": LookOf(size=11, colour="444444", is_framed=False),
    "section": LookOf(size=13, is_bold=True, is_framed=False),
    "band": LookOf(size=12, is_bold=True, fill=BAND_FILL),
    "plain": LookOf(is_framed=False),
    "head": LookOf(is_bold=True, fill=HEAD_FILL, across="center"),
    "text": LookOf(),
    "centre": LookOf(across="center"),
    "right": LookOf(across="right"),
    "number": LookOf(across="right"),
    "decimal": LookOf(across="right", number_format=_DECIMAL),
    "percent": LookOf(across="right", number_format=_PERCENT),
    "green": LookOf(fill="C6EFCE", colour="006100", across="center"),
    "yellow": LookOf(fill="FFEB9C", colour="7F6000", across="center"),
    "red": LookOf(fill="FFC7CE", colour="9C0006", across="center"),
    "grey": LookOf(fill="EDEDED", colour="595959", across="center"),
}


def sheet_writer(page: Page, *, footer: str) -> Any:
    """Return what `replace_sheet` calls to have the page written."""

    def write(styles: str, old: OldSheet) -> tuple[str, str]:
        used = sorted({cell.look for _, cells in page.rows for cell in cells})
        styles, numbers = _with_looks(styles, used)
        return _sheet_xml(page, numbers, old, footer), styles

    return write


def _with_looks(styles: str, names: Iterable[str]) -> tuple[str, dict[str, int]]:
    """Return the styles with the looks that are not there yet, and each look's number."""
    found = re.search(r"<((?:\w+:)?)styleSheet\b", styles)
    prefix = found[1] if found else ""
    numbers = {}
    for name in names:
        look = LOOKS[name]
        styles, font = _with_part(styles, prefix, "fonts", look.font(prefix))
        styles, fill = _with_part(styles, prefix, "fills", look.fill_xml(prefix))
        styles, border = _with_part(styles, prefix, "borders", look.border(prefix))
        form = (
            f'<{prefix}xf numFmtId="{look.number_format}" fontId="{font}" fillId="{fill}" '
            f'borderId="{border}" xfId="0" applyNumberFormat="1" applyFont="1" applyFill="1" '
            f'applyBorder="1" applyAlignment="1"><{prefix}alignment horizontal="{look.across}" '
            f'vertical="center" wrapText="1"/></{prefix}xf>'
        )
        styles, numbers[name] = _with_part(styles, prefix, "cellXfs", form)
    return styles, numbers


def _with_part(styles: str, prefix: str, group: str, xml: str) -> tuple[str, int]:
    """Find an entry of a group of styles, or add it; returns its number."""
    pattern = rf"<{prefix}{group}\b[^>]*>(?P<body>.*?)</{prefix}{group}>"
    found = re.search(pattern, styles, re.DOTALL)
    if found is None:
        raise ValueError(f"the styles have no {group}")
    root = styles[: styles.index(">", styles.index(f"<{prefix}styleSheet")) + 1]
    root = root[root.index(f"<{prefix}styleSheet") :].rstrip("/>").rstrip()
    entries = list(ET.fromstring(f"{root}>{found['body']}</{prefix}styleSheet>"))  # noqa: S314
    wanted = _shape(ET.fromstring(f"{root}>{xml}</{prefix}styleSheet>")[0])  # noqa: S314
    for number, entry in enumerate(entries):
        if _shape(entry) == wanted:
            return styles, number
    opening = found[0][: found[0].index(">") + 1]
    counted = re.sub(r'\bcount="\d+"', f'count="{len(entries) + 1}"', opening)
    fresh = f"{counted}{found['body']}{xml}</{prefix}{group}>"
    return styles[: found.start()] + fresh + styles[found.end() :], len(entries)


def _shape(element: ET.Element) -> Any:
    """An element as values that can be compared."""
    tag = element.tag.rpartition("}")[2]
    return tag, sorted(element.attrib.items()), [_shape(child) for child in element]


def _sheet_xml(page: Page, numbers: dict[str, int], old: OldSheet, footer: str) -> str:
    below = page.heading_row + 1
    selected = ' tabSelected="1"' if old.is_selected else ""
    columns = old.columns or "".join([
        "<cols>",
        *(
            f'<col min="{place}" max="{place}" width="{width}" customWidth="1"/>'
            for place, width in enumerate(page.widths, start=1)
        ),
        "</cols>",
    ])  # fmt: skip
    rows = "".join(
        _row_xml(number, height, cells, numbers)
        for number, (height, cells) in enumerate(page.rows, start=1)
    )
    merges = "".join(
        f'<mergeCell ref="{cell_name(top, left)}:{cell_name(bottom, right)}"/>'
        for top, left, bottom, right in page.merges
    )
    corners = cell_name(page.heading_row, 1), cell_name(page.filtered or 0, len(page.widths))
    filters = f'<autoFilter ref="{corners[0]}:{corners[1]}"/>' if page.filtered else ""
    breaks = "".join(f'<brk id="{row}" max="16383" man="1"/>' for row in page.breaks)
    if breaks:
        number = len(page.breaks)
        breaks = f'<rowBreaks count="{number}" manualBreakCount="{number}">{breaks}</rowBreaks>'
    drawings = "".join(f'<{tag} r:id="{escape(mark)}"/>' for tag, mark in old.relations)
    return (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<worksheet xmlns="{_SHEET}" xmlns:r="{_OFFICE}">'
        '<sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>'
        f'<sheetViews><sheetView{selected} workbookViewId="0">'
        f'<pane ySplit="{page.heading_row}" topLeftCell="A{below}" activePane="bottomLeft" '
        'state="frozen"/></sheetView></sheetViews>'
        f'<sheetFormatPr defaultRowHeight="15"/>{columns}<sheetData>{rows}</sheetData>'
        f'{filters}<mergeCells count="{len(page.merges)}">{merges}</mergeCells>'
        '<printOptions horizontalCentered="1"/>'
        '<pageMargins left="0.4" right="0.4" top="0.55" bottom="0.7" header="0.3" footer="0.3"/>'
        '<pageSetup paperSize="9" orientation="landscape" fitToWidth="1" fitToHeight="0"/>'
        '<headerFooter scaleWithDoc="0"><oddFooter>&amp;C&amp;9'
        f"{escape(footer)}</oddFooter></headerFooter>{breaks}"
        f"{drawings}</worksheet>"
    )


def _row_xml(number: int, height: float, cells: Iterable[Any], numbers: dict[str, int]) -> str:
    parts = []
    for cell in cells:
        place = f'r="{cell_name(number, cell.column)}" s="{numbers[cell.look]}"'
        if isinstance(cell.value, int | float):
            parts.append(f"<c {place}><v>{cell.value!r}</v></c>")
        elif cell.value:
            text = UNWRITABLE.sub("\ufffd", str(cell.value))[:MAX_CELL_TEXT]
            inline = f'<is><t xml:space="preserve">{escape(text)}</t></is>'
            parts.append(f'<c {place} t="inlineStr">{inline}</c>')
        else:
            parts.append(f"<c {place}/>")
    return f'<row r="{number}" ht="{height:g}" customHeight="1">{"".join(parts)}</row>'
