"""The sheets of a workbook as somebody left them: cells, merged ranges, what is hidden."""

from __future__ import annotations

import datetime as dt
import math
import re
import warnings
import zipfile
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from itertools import repeat
from pathlib import Path
from typing import Any, Final
from xml.parsers import expat

import attrs

from partybuild.cells import EXCEL_EPOCH, Fault
from partybuild.errors import PartybuildError, SourceError
from partybuild.sources.excel import (
    cell_value,
    check_package,
    damaged,
    load_openpyxl,
    open_book,
    sheet_rows,
)
from partybuild.workbook.package import commented_cells, sheet_parts

#: Merged ranges of a sheet that are looked at.
MAX_RANGES: Final = 200_000
_MOST_GROUPS: Final = 200

_RANGE: Final = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7}):\$?([A-Z]{1,3})\$?(\d{1,7})")
_MARKS: Final = re.compile("[\x00\x1e\x1f]")


@attrs.frozen
class Range:
    """Merged cells, first and last row and column, counted from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @property
    def text(self) -> str:
        """The range as Excel writes it, such as ``B2:B5``."""
        return f"{cell_name(self.top, self.left)}:{cell_name(self.bottom, self.right)}"


@attrs.define(kw_only=True, eq=False)
class Grid:
    """One sheet: its rows that are not blank, by number, each a list of cells from column A.

    A cell is None, text, a number, a flag, a date, or a `Fault` where its value
    cannot be had. `formulas` counts the cells whose value a formula gave,
    `comments` names those with a comment.
    """

    title: str
    is_visible: bool = True
    rows: dict[int, list[Any]] = attrs.field(factory=dict)
    formulas: int = 0
    ranges: list[Range] = attrs.field(factory=list)
    hidden_rows: set[int] = attrs.field(factory=set)
    hidden_columns: set[int] = attrs.field(factory=set)
    comments: list[str] = attrs.field(factory=list)
    epoch: dt.datetime = EXCEL_EPOCH
    _numbers: list[int] = attrs.field(factory=list)
    _tall: dict[int, list[Range]] = attrs.field(factory=dict)
    _wide_from: dict[int, list[Range]] = attrs.field(factory=dict)
    _wide_to: dict[int, list[Range]] = attrs.field(factory=dict)

    def cell(self, row: int, column: int) -> Any:
        """The cell as it stands; None where there is none."""
        cells = self.rows.get(row, ())
        return cells[column - 1] if column <= len(cells) else None

    def numbers(self, first: int = 1, last: int | None = None) -> list[int]:
        """The numbers of the rows that hold something, from `first` to `last`."""
        if len(self._numbers) != len(self.rows):
            self._numbers = sorted(self.rows)
        end = len(self._numbers) if last is None else bisect_right(self._numbers, last)
        return self._numbers[bisect_left(self._numbers, first) : end]

    def arrange(self) -> None:
        """Sort the ranges, for those who ask cell by cell."""
        for one in sorted(self.ranges, key=lambda each: each.top):
            if one.bottom > one.top:
                self._tall.setdefault(one.left, []).append(one)
            if one.right > one.left:
                self._wide_from.setdefault(one.top, []).append(one)
                self._wide_to.setdefault(one.bottom, []).append(one)

    def wide_from(self, row: int) -> list[Range]:
        """The merged ranges of several columns that begin in a row."""
        return self._wide_from.get(row, [])

    def wide_to(self, row: int) -> list[Range]:
        """The merged ranges of several columns that end in a row."""
        return self._wide_to.get(row, [])[:_MOST_GROUPS]

    def tall(self, row: int, column: int) -> Range | None:
        """The merged range of several rows that covers a cell in its first column, or None."""
        ranges = self._tall.get(column)
        if not ranges:
            return None
        place = bisect_right(ranges, row, key=lambda each: each.top) - 1
        found = ranges[place] if place >= 0 else None
        return found if found is not None and found.bottom >= row else None


def cell_name(row: int, column: int) -> str:
    """Name a cell as Excel does.

    >>> cell_name(14, 2), cell_name(1, 28)
    ('B14', 'AB1')
    """
    return f"{column_name(column)}{row}"


def column_name(column: int) -> str:
    """Name a column as Excel does: 1 is A."""
    text = ""
    while column > 0:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def read_grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook, hidden ones too, in order.

    Raises
    ------
    SourceError
        When the file is missing, no workbook, protected, damaged, or over the
        limits of `partybuild.sources.files` and `partybuild.sources.excel`.
    MissingExtraError
        Without the extra ``excel``.
    """
    load_openpyxl("Reading .xlsx")
    has_formulas = check_package(path)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read(path, has_formulas)
    except PartybuildError:
        raise
    except Exception as error:
        raise damaged(path, error) from error


def _read(path: Path, has_formulas: bool) -> list[Grid]:
    book = open_book(path, data_only=True)
    twin = open_book(path, data_only=False) if has_formulas else None
    try:
        epoch = dt.datetime(1904, 1, 1) if book.epoch.year == 1904 else EXCEL_EPOCH
        grids = []
        with zipfile.ZipFile(path) as package:
            parts = sheet_parts(package)
            for page in book.worksheets:
                is_visible = page.sheet_state == "visible"
                grid = Grid(title=page.title, is_visible=is_visible, epoch=epoch)
                others = None if twin is None else sheet_rows(twin[page.title], path)
                _fill(grid, sheet_rows(page, path), others)
                if page.title in parts:
                    _lay_out(grid, package, parts[page.title], path)
                    grid.comments = commented_cells(package, parts[page.title])
                grid.arrange()
                grids.append(grid)
        return grids
    finally:
        book.close()
        if twin is not None:
            twin.close()


def _fill(grid: Grid, rows: Iterator[Any], others: Iterator[Any] | None) -> None:
    pairs = zip(rows, repeat(()) if others is None else others, strict=False)
    for number, (row, other) in enumerate(pairs, start=1):
        if not row:
            continue
        twins = [*other[: len(row)], *repeat(None, len(row) - len(other))]
        cells = [_checked(cell_value(cell, same)) for cell, same in zip(row, twins, strict=True)]
        while cells and cells[-1] is None:
            cells.pop()
        if cells:
            grid.rows[number] = cells
            grid.formulas += sum(
                same is not None and same.data_type == "f" for same in twins[: len(cells)]
            )


def _checked(value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        return Fault(code="bad-number", message="not a finite number", read=str(value))
    if isinstance(value, str) and _MARKS.search(value):
        message = "holds a control character (U+0000, U+001E, U+001F)"
        return Fault(code="control-character", message=message, read=value[:80])
    return value


def _range(text: str) -> Range | None:
    found = _RANGE.fullmatch(text)
    if found is None:
        return None
    left, top, right, bottom = found.groups()
    one = Range(int(top), _column_number(left), int(bottom), _column_number(right))
    return one if one.top <= one.bottom and one.left <= one.right else None


def _lay_out(grid: Grid, package: zipfile.ZipFile, part: str, path: Path) -> None:
    """Take merged ranges and hidden rows and columns out of the sheet's own part."""
    parser = expat.ParserCreate(namespace_separator=" ")

    def refuse(*_: Any) -> None:
        raise SourceError(f"{path}: {part} declares entities; refused")

    def start(name: str, values: dict[str, str]) -> None:
        tag = name.rpartition(" ")[2]
        if tag == "row" and values.get("hidden") in ("1", "true"):
            number = values.get("r", "")
            if number.isdecimal():
                grid.hidden_rows.add(int(number))
        elif tag == "col" and values.get("hidden") in ("1", "true"):
            first, last = int(values.get("min", 0)), int(values.get("max", 0))
            grid.hidden_columns.update(range(first, min(last, 16_384) + 1))
        elif tag == "mergeCell" and len(grid.ranges) < MAX_RANGES:
            one = _range(values.get("ref", ""))
            if one is not None:
                grid.ranges.append(one)

    parser.StartDoctypeDeclHandler = refuse
    parser.StartElementHandler = start
    with package.open(part) as stream:
        parser.ParseFile(stream)
