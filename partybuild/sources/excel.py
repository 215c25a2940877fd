"""Events in an Excel workbook: one sheet, headings in its first row or below its titles.

Text is written as text, never as a formula, whatever it begins with.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import warnings
import zipfile
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import Table
from partybuild._frames.headings import count_known
from partybuild._frames.table import column_of
from partybuild.cells import EXCEL_EPOCH, Fault, Percent
from partybuild.errors import (
    EventError,
    MissingExtraError,
    PartybuildError,
    Problem,
    SourceError,
    UsageError,
    nearest,
)
from partybuild.sources.files import (
    MAX_UNPACKED_BYTES,
    MAX_WORKBOOK_BYTES,
    check_size,
    replacing,
)
from partybuild.sources.plain import plain_values
from partybuild.sources.timeless import NO_TIME, Timeless

MAX_ROWS: Final = 1_048_576
#: Cells of a sheet that are looked at, blank ones inside its used range included.
MAX_CELLS: Final = 50_000_000
MAX_CELL_TEXT: Final = 32_767
#: Rows, blank ones left out, among which the headings are looked for, and how many of
#: its cells must be known for a row to be them; else they are the first.
_FIRST_ROWS: Final = 20
_ENOUGH: Final = 2
_MAX_PARTS: Final = 10_000
_OLD_FORMAT: Final = b"\xd0\xcf\x11\xe0"
_FORMULA: Final = re.compile(rb"<(?:\w+:)?f[ >/]")
_DOCTYPE: Final = b"<!DOCTYPE"
_ILLEGAL: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_FIRST_MONTH: Final = (1900, 3)
_EXACT: Final = 10**15
_PERCENT: Final = "0.##########%"


def read_table(path: Path, *, sheet: str | None = None) -> Table:
    """Read one sheet (None: the first that is visible) as Excel last calculated it.

    A formula without a kept result, and an error value such as ``#REF!``, make
    their cell a fault. A number shown as a percentage keeps its sign.

    Raises
    ------
    SourceError
        When the file is missing, no workbook, protected, damaged, or larger
        than `MAX_WORKBOOK_BYTES`, `MAX_UNPACKED_BYTES` or `MAX_CELLS`.
    UsageError
        When the workbook has no sheet of that name.
    """
    has_formulas = check_package(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, sheet, has_formulas)
    except PartybuildError:
        raise
    except Exception as error:
        raise damaged(path, error) from error


def _read(path: Path, sheet: str | None, has_formulas: bool) -> Table:
    book = open_book(path, data_only=True)
    twin = open_book(path, data_only=False) if has_formulas else None
    try:
        page = _choose(book, sheet, path)
        rows: Iterator[tuple[Any, ...]] = sheet_rows(page, path)
        others: Iterator[tuple[Any, ...]] = repeat(())
        if twin is not None:
            others = sheet_rows(twin[page.title], path)
        reader = _Reader(path=str(path), sheet=page.title)
        for number, (row, other) in enumerate(zip(rows, others, strict=False), start=1):
            reader.take(number, row, other)
        is_1904 = book.epoch.year == 1904
        return reader.table(dt.datetime(1904, 1, 1) if is_1904 else EXCEL_EPOCH)
    finally:
        book.close()
        if twin is not None:
            twin.close()


def load_openpyxl(what: str) -> Any:
    """Import openpyxl, the one place where the package does; `what` needs it."""
    try:
        import openpyxl
    except ImportError:
        raise MissingExtraError(what, "excel") from None
    return openpyxl


def save_book(book: Any, path: Path) -> None:
    """Save a workbook; the same one gives the same bytes.

    What openpyxl's own `save` adds is the time by the clock, at three places.
    """
    from openpyxl.writer.excel import ExcelWriter

    book.properties.created = book.properties.modified = NO_TIME
    with Timeless(path, "w", zipfile.ZIP_DEFLATED) as archive:
        ExcelWriter(book, archive).save()


def open_book(path: Path, *, data_only: bool) -> Any:
    """Open a workbook for reading row by row; it has been checked before."""
    openpyxl = load_openpyxl("Reading .xlsx")
    # From memory: openpyxl leaves a file open that it fails to load.
    content = io.BytesIO(path.read_bytes())
    return openpyxl.load_workbook(content, read_only=True, data_only=data_only, keep_links=False)


def check_package(path: Path) -> bool:
    """Refuse what is no sound workbook; tell whether a sheet has formulas."""
    check_size(path, MAX_WORKBOOK_BYTES)
    try:
        with path.open("rb") as stream:
            beginning = stream.read(4)
        _refuse_old(path, beginning)
        with zipfile.ZipFile(path) as package:
            _check_unpacked(path, package.infolist())
            return _scan(package, path)
    except PartybuildError:
        raise
    except Exception as error:
        raise damaged(path, error) from error


def _refuse_old(path: Path, beginning: bytes) -> None:
    if beginning == _OLD_FORMAT:
        raise SourceError(
            f"{path}: an old .xls or a protected workbook; save it as .xlsx without a password"
        )


def _check_unpacked(path: Path, parts: list[zipfile.ZipInfo]) -> None:
    unpacked = sum(part.file_size for part in parts)
    if unpacked > MAX_UNPACKED_BYTES or len(parts) > _MAX_PARTS:
        raise SourceError(
            f"{path}: {len(parts):,} parts of {unpacked:,} bytes unpacked; "
            f"at most {_MAX_PARTS:,} and {MAX_UNPACKED_BYTES:,} are read"
        )


def _scan(package: zipfile.ZipFile, path: Path) -> bool:
    """Look through the XML parts: entity declarations are refused, formulas noticed."""
    has_formulas = False
    for part in package.infolist():
        if not part.filename.endswith((".xml", ".rels")):
            continue
        with package.open(part) as stream:
            tail = b""
            while block := stream.read(1 << 20):
                window = tail + block
                if not tail and b"\0" in window[:64]:
                    raise SourceError(f"{path}: {part.filename} is not UTF-8; refused")
                if _DOCTYPE in window:
                    raise SourceError(f"{path}: {part.filename} declares entities; refused")
                if part.filename.startswith("xl/worksheets/") and not has_formulas:
                    has_formulas = _FORMULA.search(window) is not None
                tail = window[-32:]
    return has_formulas


def damaged(path: Path, error: Exception) -> SourceError:
    """Say that a file is no workbook, whatever went wrong inside it."""
    reason = f": {str(error).splitlines()[0][:200]}" if str(error).strip() else ""
    return SourceError(f"{path}: not a workbook, or damaged ({type(error).__name__}{reason})")


def _choose(book: Any, sheet: str | None, path: Path) -> Any:
    pages = {page.title: page for page in book.worksheets}
    if sheet is not None:
        if sheet not in pages:
            hint = nearest(sheet, pages) or "sheets: " + ", ".join(pages)
            raise UsageError(f"sheet: {path} has no sheet {sheet!r}; {hint}")
        return pages[sheet]
    visible = [page for page in pages.values() if page.sheet_state == "visible"]
    if not visible:
        raise SourceError(f"{path}: no visible sheet")
    return visible[0]


def sheet_rows(page: Any, path: Path) -> Iterator[tuple[Any, ...]]:
    """Give the rows of a sheet, from the first, at most `MAX_ROWS` and `MAX_CELLS`."""
    page.reset_dimensions()
    cells = 0
    for number, row in enumerate(page.iter_rows(), start=1):
        cells += len(row)
        if number > MAX_ROWS or cells > MAX_CELLS:
            raise SourceError(
                f"{path}, sheet {page.title}: more than {MAX_ROWS:,} rows or {MAX_CELLS:,} cells"
            )
        yield row


def cell_value(cell: Any, other: Any) -> Any:
    """Give what a cell shows; `other` is the same cell with its formula. Blank is None."""
    value = cell.value
    if value is None:
        if other is not None and other.data_type == "f":
            return Fault(
                code="formula-without-value",
                message="a formula whose result the file does not hold",
                hint="open the workbook in Excel and save it, or type the value",
                read=str(getattr(other.value, "text", other.value)),
            )
        return None
    if isinstance(value, str | bool):
        return value if not isinstance(value, str) or value.strip() else None
    if isinstance(value, int | float):
        if "%" in str(cell.number_format):
            return Percent(value)
        return float(value) if abs(value) >= _EXACT else value
    return value


def _count_headings(values: list[Any]) -> int:
    return count_known([each for each in values if isinstance(each, str)])


@attrs.define(kw_only=True)
class _Reader:
    """Rows of a sheet, gathered by column."""

    path: str
    sheet: str
    headings: list[Any] = attrs.field(factory=list)
    heading_row: int = 1
    columns: list[list[Any]] = attrs.field(factory=list)
    numbers: list[int] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    waiting: list[tuple[int, list[Any]]] = attrs.field(factory=list)

    def take(self, number: int, row: tuple[Any, ...], other: tuple[Any, ...]) -> None:
        others = [*other[: len(row)], *repeat(None, len(row) - len(other))]
        values = [cell_value(cell, twin) for cell, twin in zip(row, others, strict=True)]
        while values and values[-1] is None:
            values.pop()
        if not values:
            return
        if self.headings:
            self.add(number, values)
            return
        self.waiting.append((number, values))
        if _count_headings(values) >= _ENOUGH:
            self.settle(len(self.waiting) - 1)
        elif len(self.waiting) == _FIRST_ROWS:
            self.settle(0)

    def settle(self, place: int) -> None:
        """Take one of the first rows for the headings: those above it are titles."""
        number, values = self.waiting[place]
        self.headings = [None if isinstance(each, Fault) else each for each in values]
        self.heading_row = number
        self.columns = [[] for _ in values]
        if place:
            self.problems.append(self.titles([row for row, _ in self.waiting[:place]]))
        for row, cells in self.waiting[place + 1 :]:
            self.add(row, cells)

    def titles(self, rows: list[int]) -> Problem:
        listed = ", ".join(map(str, rows))
        return Problem(
            code="titles",
            message=f"above the headings, not events: row {listed}",
            severity="note",
            file=self.path,
            sheet=self.sheet,
            row=rows[0],
        )

    def add(self, number: int, values: list[Any]) -> None:
        width = len(self.columns)
        if len(values) > width:
            self.problems.append(self.beyond(number, len(values), values[-1]))
            return
        values.extend(repeat(None, width - len(values)))
        for column, value in zip(self.columns, values, strict=True):
            column.append(value)
        self.numbers.append(number)

    def beyond(self, number: int, place: int, value: Any) -> Problem:
        letter = load_openpyxl("Reading .xlsx").utils.get_column_letter(place)
        return Problem(
            code="bad-width",
            message=f"a cell in column {letter}, beyond the headings",
            read=None if isinstance(value, Fault) else str(value)[:80],
            expected=f"{len(self.columns)} columns",
            file=self.path,
            sheet=self.sheet,
            row=number,
        )

    def table(self, epoch: dt.datetime) -> Table:
        if self.waiting and not self.headings:
            self.settle(0)
        columns = {i: column_of(values) for i, values in enumerate(self.columns)}
        frame = pd.DataFrame(columns, index=pd.RangeIndex(len(self.numbers)), copy=False)
        frame.columns = pd.Index(self.headings, dtype=object)
        return Table(
            frame=frame,
            rows=np.array(self.numbers, dtype=np.int64),
            heading_row=self.heading_row,
            problems=tuple(self.problems),
            rows_in=len(self.numbers) + sum(one.severity == "error" for one in self.problems),
            file=self.path,
            sheet=self.sheet,
            epoch=epoch,
        )


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a canonical frame to a new workbook: one sheet ``events``, headings frozen.

    Raises
    ------
    EventError
        With a Problem for each cell that no workbook can hold.
    UsageError
        When there are more rows than a sheet holds.
    """
    openpyxl = load_openpyxl("Writing .xlsx")
    if len(frame) >= MAX_ROWS:
        raise UsageError(f"{path}: a sheet holds {MAX_ROWS - 1:,} events; write .csv or .parquet")
    names = [str(name) for name in frame.columns]
    columns = [plain_values(frame[name]) for name in frame.columns]
    _check_cells(names, columns, path)
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet("events")
    page.freeze_panes = "A2"
    page.append([_cell(page, name, "General") for name in names])
    units = columns[names.index("unit")]
    formats = {name: "@" if frame[name].dtype == "str" else "General" for name in frame.columns}
    for values, unit in zip(zip(*columns, strict=True), units, strict=True):
        marks = formats | {"quantity": _PERCENT if unit == "%" else "General"}
        page.append(
            [_cell(page, value, marks[name]) for name, value in zip(names, values, strict=True)]
        )
    with replacing(path) as part:
        save_book(book, part)


def _cell(page: Any, value: Any, number_format: str) -> Any:
    from openpyxl.cell import WriteOnlyCell

    if isinstance(value, dt.date):
        return _date_cell(page, value)
    cell = WriteOnlyCell(page, value=None)
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= _EXACT:
        value = str(value)
    cell.value = repr(value) if isinstance(value, float) else value
    cell.number_format = number_format
    if isinstance(value, float):  # openpyxl itself would write 16 digits, one too few
        cell.data_type = "n"
    if isinstance(value, str):
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(("=", "+", "-", "@", "'", "#"))
    return cell


def _date_cell(page: Any, value: dt.date) -> Any:
    """Write a date as one, and as ISO text what Excel's day numbers cannot hold."""
    from openpyxl.cell import WriteOnlyCell

    is_moment = isinstance(value, dt.datetime)
    if (value.year, value.month) < _FIRST_MONTH or (
        isinstance(value, dt.datetime) and (value.microsecond or value.tzinfo)
    ):
        return _cell(page, str(value), "@")
    cell = WriteOnlyCell(page, value=value)
    cell.number_format = "yyyy-mm-dd hh:mm:ss" if is_moment else "yyyy-mm-dd"
    return cell


def _check_cells(names: list[str], columns: list[list[Any]], path: Path) -> None:
    problems = []
    for name, values in zip(names, columns, strict=True):
        for row, value in enumerate(values, start=2):
            if not isinstance(value, str):
                continue
            if len(value) <= MAX_CELL_TEXT and not _ILLEGAL.search(value):
                continue
            long = len(value) > MAX_CELL_TEXT
            message = "too long for a cell" if long else "a character no workbook can hold"
            problems.append(
                Problem(
                    code="unwritable-text",
                    message=message,
                    read=value[:80],
                    expected=f"at most {MAX_CELL_TEXT:,} characters" if long else None,
                    hint="write .csv, .jsonl or .parquet",
                    file=str(path),
                    row=row,
                    column=name,
                )
            )
    if problems:
        raise EventError(problems, str(path))
