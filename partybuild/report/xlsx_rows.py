"""The rows of long sheets, written straight into the workbook's file.

A workbook is a zip of XML. xlsxwriter makes the sheets with their headings, formats
and charts, and one *probe* row with a blank cell in each style; here the probe gives
its place to the data. Cell by cell through the library, two million cells took a minute.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from partybuild.report.lang import Wording
from partybuild.report.progress import Progress
from partybuild.report.view_sheets import ColumnView, SheetView

#: Rows that a sheet of Excel can hold below its heading, and letters in one cell.
MOST_ROWS = 1_048_575
_MOST_LETTERS = 32_767
#: The styles of cells, by name, as xlsxwriter takes them.
STYLES: dict[str, dict[str, Any]] = {
    "plain": {"num_format": "General"},
    # a figure at the right of its cell and a text at the left of the next do not touch
    "text": {"num_format": "General", "indent": 1},
    "two": {"num_format": "0.00"},
    "four": {"num_format": "0.00##"},
    "percent": {"num_format": "0.00%"},
    "nearly": {"num_format": "0.000000%"},
    "fine": {"num_format": "0.00##%"},
    "day": {"num_format": "yyyy-mm-dd", "align": "center"},
    "moment": {"num_format": "yyyy-mm-dd hh:mm", "align": "center"},
}
_EPOCH, _DAY = dt.datetime(1899, 12, 30), dt.timedelta(days=1)
_FIRST_DAY = dt.datetime(1900, 3, 1)
_PROBE = re.compile(rb'<row r="2"[^>]*>.*?</row>', re.DOTALL)
_PROBED = re.compile(rb'<c r="[A-Z]+2" s="(\d+)"')
_EXTENT = re.compile(rb'<dimension ref="[^"]*"/>')
# Excel reads _x0041_ inside a text as a letter's code.
_CODE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")

Body = Callable[[int], str | None]


def cut(text: str) -> str:
    """What a cell can hold of a text."""
    return text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"


def letter(at: int) -> str:
    """The letters of a column, counted from 0.

    >>> letter(0), letter(25), letter(26)
    ('A', 'Z', 'AA')
    """
    letters = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def fill_sheets(
    book: bytes, sheets: Mapping[int, SheetView], words: Wording, bar: Progress
) -> bytes:
    """Put the rows of each sheet in the place of its probe; keys are positions from 1."""
    output = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED, compresslevel=2) as target,
    ):
        for entry in source.infolist():
            content = source.read(entry)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", entry.filename)
            sheet = sheets.get(int(found[1])) if found else None
            if sheet is None:
                target.writestr(entry, content)
                continue
            with target.open(fresh_entry(entry), "w", force_zip64=True) as page:
                for piece in _filled(content, sheet, words, bar):
                    page.write(piece)
    return output.getvalue()


def fresh_entry(entry: zipfile.ZipInfo) -> zipfile.ZipInfo:
    """A fresh entry of the same name and date."""
    info = zipfile.ZipInfo(entry.filename, entry.date_time)
    info.compress_type = zipfile.ZIP_DEFLATED
    return info


def _filled(content: bytes, sheet: SheetView, words: Wording, bar: Progress) -> Iterator[bytes]:
    probe = _PROBE.search(content)
    assert probe is not None  # every sheet was given one
    styles = dict(zip(STYLES, (int(one) for one in _PROBED.findall(probe[0])), strict=True))
    rows = min(sheet.rows, MOST_ROWS)
    extent = f'<dimension ref="A1:{letter(len(sheet.columns) - 1)}{rows + 1}"/>'.encode()
    yield _EXTENT.sub(extent, content[: probe.start()], count=1)
    bodies = [_Bodies(styles, words).of(column) for column in sheet.columns]
    letters = [letter(at) for at in range(len(bodies))]
    for row in range(rows):
        number = row + 2
        cells = [
            f'<c r="{at}{number}"{text}'
            for at, body in zip(letters, bodies, strict=True)
            if (text := body(row)) is not None
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'.encode()
        bar.step()
    yield content[probe.end() :]


def _amount_style(value: float) -> str:
    """As few decimals as say it all: 94.99996 must not show as 95.00."""
    noise = 1e-9 * max(1.0, abs(value))
    if abs(value - round(value)) <= noise:
        return "plain"
    if abs(value - round(value, 2)) <= noise:
        return "two"
    return "four" if abs(value - round(value, 2)) > 5e-5 else "plain"


@attrs.frozen
class _Bodies:
    """Makes for each column the function that writes what follows a cell's address."""

    styles: Mapping[str, int]
    words: Wording

    def of(self, column: ColumnView) -> Body:
        """The function of one column: row -> XML, or None for a cell without a value."""
        if column.kind in ("amount", "gap"):
            return self._amounts(column)
        if column.kind in ("percent", "number"):
            return self._numbers(column)
        if column.kind in ("date", "moment"):
            return self._dates(column)
        if column.kind == "any":
            return self._mixed(column)
        values, texts = column.values, self._texts(column.kind)
        known = {one: self.text(texts(one)) for one in set(values) if one is not None}
        return lambda row: known.get(values[row])

    def text(self, text: str) -> str:
        """A text as an inline string: never a formula, a number or a link."""
        text = _CODE.sub("_x005F_", cut(text))
        text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        style = self.styles["text"]
        return f' s="{style}" t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'

    def number(self, value: float, style: str) -> str:
        """A number in a style."""
        return f' s="{self.styles[style]}"><v>{value!r}</v></c>'

    def _texts(self, kind: str) -> Callable[[Any], str]:
        say = self.words.words
        if kind == "status":
            return self.words.status
        if kind == "light":
            return self.words.light
        if kind == "flag":
            return lambda value: say["yes"] if value else say["no"]
        if kind in ("measure", "goal"):
            return lambda value: say.get(f"{kind}_{value}", str(value))
        return str

    def _amounts(self, column: ColumnView) -> Body:
        values, units = column.values, column.units

        def body(row: int) -> str | None:
            value = values[row]
            if value is None or not math.isfinite(value):
                return None
            if units[row] == "%":
                return self.number(value, "fine")
            return self.number(value, _amount_style(value))

        return body

    def _numbers(self, column: ColumnView) -> Body:
        values, is_percent = column.values, column.kind == "percent"

        def body(row: int) -> str | None:
            value = values[row]
            if value is None or not math.isfinite(value):
                return None
            if not is_percent:
                return self.number(value, "plain")
            # what is not quite done must not show as 100.00%
            return self.number(value, "nearly" if 0.99995 <= value < 1 else "percent")

        return body

    def _dates(self, column: ColumnView) -> Body:
        values, style = column.values, "moment" if column.kind == "moment" else "day"

        def body(row: int) -> str | None:
            value = values[row]
            if value is None:
                return None
            if value < _FIRST_DAY:  # before the calendar of spreadsheets
                return self.text(value.date().isoformat())
            return self.number((value - _EPOCH) / _DAY, style)

        return body

    def _mixed(self, column: ColumnView) -> Body:
        values = column.values

        def body(row: int) -> str | None:
            value = values[row]
            if value is None:
                return None
            if isinstance(value, int | float) and not isinstance(value, bool):
                return self.number(value, "plain") if math.isfinite(value) else None
            return self.text(str(value))

        return body
