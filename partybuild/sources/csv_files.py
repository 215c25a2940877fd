"""Events as comma-separated text, as spreadsheets save it.

Text that a spreadsheet would run as a formula is written behind an apostrophe;
reading takes it off again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import Table
from partybuild._frames.headings import count_known
from partybuild.errors import Problem, SourceError
from partybuild.sources.files import TextBytes, is_broken, read_text_bytes, replacing, shown_bytes
from partybuild.sources.plain import plain_texts

_DELIMITERS: Final = (",", ";", "\t")
_CHUNK: Final = 20_000
_SEP_LINE: Final = re.compile(r"sep=(.)\s*\Z", re.IGNORECASE)
_RISKY: Final = re.compile(r"'*[=+\-@\t\r]")
_NEGATIVE: Final = re.compile(r"-[0-9]+(?:\.[0-9]+)?(?:e[+-]?[0-9]+)?")
_GUARDED: Final = re.compile(r"'+[=+\-@\t\r]")
_FIRST: Final = frozenset("'=+-@\t\r")
_OPEN_QUOTE: Final = "a quote is opened and never closed: nothing after it could be read"


def read_table(path: Path, *, known: Collection[str] = ()) -> Table:
    """Read a CSV or TSV file: the first row that is not blank holds the headings.

    The delimiter is a comma, a semicolon or a tab: the one that makes most
    headings known (`known`: headings of the caller's own). Rows of another
    length than the headings, broken quotes and broken bytes are Problems.

    Raises
    ------
    SourceError
        When the file cannot be read, is no text, or its headings are broken.
    """
    text = read_text_bytes(path)
    delimiter = "\t" if path.suffix.lower() == ".tsv" else _delimiter(text, known)
    reader = _Reader(path=str(path), text=text, delimiter=delimiter)
    return reader.table()


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a canonical frame: UTF-8 with BOM, which spreadsheets need to see that it is UTF-8."""
    columns = [[guarded(text) for text in column] for column in plain_texts(frame)]
    with replacing(path) as part, part.open("w", encoding="utf-8-sig", newline="") as stream:
        delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
        writer = csv.writer(stream, delimiter=delimiter)
        writer.writerow([guarded(str(name)) for name in frame.columns])
        writer.writerows(zip(*columns, strict=True))


def guarded(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would run; a number is none.

    >>> guarded("=1+1"), guarded("'=1+1"), guarded("党课"), guarded("-2.5"), guarded("-2+3")
    ("'=1+1", "''=1+1", '党课', '-2.5', "'-2+3")
    """
    is_risky = text[:1] in _FIRST and _RISKY.match(text) and not _NEGATIVE.fullmatch(text)
    return f"'{text}" if is_risky else text


def unguarded(text: str) -> str:
    """Take off the apostrophe that `guarded` put there.

    >>> unguarded("'=1+1"), unguarded("''=1+1"), unguarded("'党课'")
    ('=1+1', "'=1+1", "'党课'")
    """
    return text[1:] if text[:1] == "'" and _GUARDED.match(text) else text


def _delimiter(text: TextBytes, known: Collection[str]) -> str:
    with text.open(newline="") as stream:
        first = next((line for line in stream if line.strip()), "")
    if match := _SEP_LINE.fullmatch(first):
        return match[1]

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv.reader([first], delimiter=delimiter), [])
        return count_known(cells, known), len(cells)

    try:
        return max(_DELIMITERS, key=score)
    except csv.Error:
        return ","


@attrs.define(kw_only=True)
class _Reader:
    """One pass over the records of a file: good rows by column, the others as Problems."""

    path: str
    text: TextBytes
    delimiter: str
    headings: list[str] = attrs.field(factory=list)
    problems: list[Problem] = attrs.field(factory=list)
    rows: list[int] = attrs.field(factory=list)
    lines: list[int] = attrs.field(factory=list)

    def table(self) -> Table:
        chunks = list(self.chunks())
        width = len(self.headings)
        columns = {
            i: pd.concat([chunk[i] for chunk in chunks], ignore_index=True)
            if chunks
            else pd.Series([], dtype="str")
            for i in range(width)
        }
        frame = pd.DataFrame(columns, index=pd.RangeIndex(len(self.rows)), copy=False)
        frame.columns = pd.Index([unguarded(text) for text in self.headings], dtype=object)
        return Table(
            frame=frame,
            rows=np.array(self.rows, dtype=np.int64),
            lines=np.array(self.lines, dtype=np.int64),
            problems=tuple(self.problems),
            rows_in=len(self.rows) + len(self.problems),
            file=self.path,
        )

    def chunks(self) -> Iterator[list[pd.Series[str]]]:
        """Turn good records into columns, some thousands at a time."""
        chunk: list[list[str]] = []
        for row, line, last, record in self.records():
            if not self.headings:
                self.take_headings(record)
            elif (problem := self.fault(row, line, last, record)) is not None:
                self.problems.append(problem)
            else:
                chunk.append(record)
                self.rows.append(row)
                self.lines.append(line)
                if len(chunk) == _CHUNK:
                    yield self.columns(chunk)
                    chunk = []
        if chunk:
            yield self.columns(chunk)

    def columns(self, chunk: list[list[str]]) -> list[pd.Series[str]]:
        columns: Iterator[Sequence[str]] = zip(*chunk, strict=True)
        if b"'" in self.text.data:
            columns = ([unguarded(text) for text in column] for column in columns)
        return [pd.Series(list(column), dtype="str") for column in columns]

    def records(self) -> Iterator[tuple[int, int, int, list[str]]]:
        """Yield row number, first and last line, and cells of each record that is not blank."""
        with self.text.open(newline="") as stream:
            reader = csv.reader(stream, delimiter=self.delimiter, strict=True)
            row = 0
            while True:
                row, line = row + 1, reader.line_num + 1
                try:
                    record = next(reader)
                except StopIteration:
                    return
                except csv.Error as error:
                    self.problems.append(self.broken_record(row, line, error))
                    continue
                if any(map(str.strip, record)) and not (row == 1 and self.is_sep(record)):
                    yield row, line, reader.line_num, record

    def is_sep(self, record: list[str]) -> bool:
        return _SEP_LINE.fullmatch(self.delimiter.join(record)) is not None

    def take_headings(self, record: list[str]) -> None:
        if not self.text.is_whole and any(map(is_broken, record)):
            place = self.text.broken_byte(1, 2)
            name = self.text.encoding_name
            raise SourceError(f"{self.path}: the headings are not {name}: byte offset {place}")
        self.headings = record

    def broken_record(self, row: int, line: int, error: csv.Error) -> Problem:
        message = str(error)
        if not self.headings:
            raise SourceError(f"{self.path}: the headings cannot be read: {message}") from error
        return Problem(
            code="bad-csv",
            message=_OPEN_QUOTE if "unexpected end" in message else f"cannot be split: {message}",
            expected='cells in quotes only as a whole, and "" for a quote inside',
            file=self.path,
            row=row,
            line=line if line != row else None,
        )

    def fault(self, row: int, line: int, last: int, record: list[str]) -> Problem | None:
        place: dict[str, Any] = {
            "file": self.path,
            "row": row,
            "line": line if line != row else None,
        }
        if not self.text.is_whole and any(map(is_broken, record)):
            at = next(i for i, cell in enumerate(record) if is_broken(cell))
            offset = self.text.broken_byte(line, last)
            return Problem(
                code="bad-encoding",
                message=f"bytes that are not {self.text.encoding_name}, from byte offset {offset}",
                read=shown_bytes(record[at])[:80],
                column=self.headings[at] if at < len(self.headings) else None,
                **place,
            )
        if len(record) == len(self.headings):
            return None
        count = "more" if len(record) > len(self.headings) else "fewer"
        return Problem(
            code="bad-width",
            message=f"{count} cells than headings",
            read=f"{len(record)} cells: {self.delimiter.join(record)[:80]}",
            expected=f"{len(self.headings)} cells",
            hint="put cells that hold the delimiter into quotes" if count == "more" else None,
            **place,
        )
