"""Event files and frames in, canonical events out; and events written to files."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import pandas as pd

from partybuild._frames import (
    Table,
    draft_events,
    match_headings,
    normalise_events,
    pandas_frame,
)
from partybuild.errors import EventError, Problem, SourceError, UsageError
from partybuild.events import EventDraft
from partybuild.sources import csv_files, excel, jsonl, parquet
from partybuild.sources.workbooks import BOOKS, read_own_book

__all__ = ["read_events", "read_events_draft", "write_events"]

_TEXT: Final = (".csv", ".tsv")
_LINES: Final = (".jsonl", ".ndjson")
_WRITERS: Final[Mapping[str, Callable[[pd.DataFrame, Path], None]]] = {
    **dict.fromkeys(_TEXT, csv_files.write_table),
    **dict.fromkeys(_LINES, jsonl.write_table),
    ".xlsx": excel.write_table,
    ".parquet": parquet.write_table,
}
_EXPECTED: Final = "a path, or a DataFrame of pandas, Polars, PyArrow, DuckDB or PySpark"
_GIVES_IDS: Final = "read_workbook gives rows without an id one from their content"
_ADVICE: Final = {
    ".xls": "save it as .xlsx",
    ".et": "save it as .xlsx",
    ".ods": "save it as .xlsx",
    ".json": "write one object a line into a .jsonl file",
    ".txt": "name it .csv or .tsv",
}


def read_events(
    source: str | os.PathLike[str] | Any,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str = "Asia/Shanghai",
    sheet: str | None = None,
) -> pd.DataFrame:
    """Read events from a file or a dataframe into the canonical frame.

    A dataframe of pandas, Polars, PyArrow, DuckDB or PySpark, or a ledger.
    The ending of the name says the format: ``.csv``, ``.tsv``, ``.jsonl``,
    ``.ndjson``, ``.xlsx``, ``.xlsm`` or ``.parquet``. Headings are the column
    names, their Chinese counterparts (编号, 事项, 日期, …), or what `columns`
    maps to them: ``{"heading": "kind"}``. Columns of other headings stay behind
    the canonical ones as attributes. `timezone` is where a moment with a zone
    gets its date; `sheet` picks a sheet of a workbook, else its first is read.
    A workbook of `write_workbook` is read as `read_workbook` does it: every sheet
    with events, and a row without an id gets one from its content.

    The result has `id`, `kind`, `date`, `end`, `quantity`, `unit`, `subject`,
    `organisation`, `evidence`, `note`, `recorded_at`, `void`, in this order:
    dates as midnights, `quantity` 1 and `end`, `recorded_at` the date where
    blank; missing text is NaN. No row is merged, dropped or reordered.

    Raises
    ------
    EventError
        Listing a Problem for every fault of the source, when there is any.
    SourceError
        When the file cannot be read at all, or is over a stated limit.
    UsageError
        When an argument is not understood.
    MissingExtraError
        For a workbook or Parquet file without the extra that reads it.

    >>> frame = pd.DataFrame({"编号": [1], "事项": ["党课"], "日期": ["2021.3.5"], "级别": "县"})
    >>> read_events(frame)[["kind", "date", "quantity", "级别"]].values.tolist()
    [['党课', Timestamp('2021-03-05 00:00:00'), 1.0, '县']]
    """
    if not isinstance(source, str | os.PathLike):
        _no_sheet(sheet, "a frame")
        frame = pandas_frame(source, expected=_EXPECTED)
        return normalise_events(frame, timezone=timezone, columns=columns)
    draft = read_events_draft(source, columns=columns, timezone=timezone, sheet=sheet)
    if not draft.ok:
        raise EventError(draft.errors, draft.source)
    return draft.events


def read_events_draft(
    source: str | os.PathLike[str] | Any,
    *,
    columns: Mapping[str, str] | None = None,
    timezone: str = "Asia/Shanghai",
    sheet: str | None = None,
) -> EventDraft:
    """Read events as `read_events` does, and return good rows and problems side by side.

    A wrong heading makes every row unreadable: `events` is then empty, and
    `problems` still names the faults of the cells.

    Raises
    ------
    SourceError
        When the file cannot be read at all, or is over a stated limit.
    UsageError
        When an argument is not understood.
    MissingExtraError
        For a workbook or Parquet file without the extra that reads it.

    >>> frame = pd.DataFrame({"id": [1, 2], "kind": "党课", "date": ["2021-02-28", "2021-02-31"]})
    >>> draft = read_events_draft(frame)
    >>> draft
    <EventDraft: 1 of 2 rows good, 1 problems>
    >>> print(draft.problems[0].place, "-", draft.problems[0].message)
    row 2, column date - no such day in the calendar
    """
    if not isinstance(source, str | os.PathLike):
        _no_sheet(sheet, "a frame")
        table = Table(frame=pandas_frame(source, expected=_EXPECTED), has_heading_row=False)
    else:
        path = _path(source, "events", _EXPECTED)
        if path.suffix.lower() in BOOKS:
            return _draft_of_book(path, columns=columns, timezone=timezone, sheet=sheet)
        table = read_table(path, columns, sheet)
    return draft_events(table, timezone=timezone, columns=columns)


def _draft_of_book(
    path: Path, *, columns: Mapping[str, str] | None, timezone: str, sheet: str | None
) -> EventDraft:
    """Read a workbook, our own as what it is; in others, say how rows without an id are read."""
    if (own := read_own_book(path, columns=columns, timezone=timezone, sheet=sheet)) is not None:
        return own
    table = read_table(path, columns, sheet)
    draft = draft_events(table, timezone=timezone, columns=columns)
    places = match_headings(list(table.frame.columns), columns).places
    heading = None if "id" not in places else str(table.frame.columns[places["id"]])
    problems = tuple(
        attrs.evolve(one, hint=f"{one.hint}; {_GIVES_IDS}" if one.hint else _GIVES_IDS)
        if _lacks_id(one, heading)
        else one
        for one in draft.problems
    )
    return attrs.evolve(draft, problems=problems)


def _lacks_id(problem: Problem, heading: str | None) -> bool:
    if problem.code == "missing-column":
        return heading is None and problem.message == "the column id is missing"
    return problem.code == "missing-value" and problem.column == heading


def write_events(events: pd.DataFrame, path: str | os.PathLike[str]) -> None:
    """Write events to ``.csv``, ``.tsv``, ``.jsonl``, ``.ndjson``, ``.xlsx`` or ``.parquet``.

    `events` is any frame that `read_events` takes; `read_events` reads the file
    back the same. Text never becomes a formula: in CSV, text that begins with
    ``=``, ``+``, ``-`` or ``@`` is written behind an apostrophe, which reading
    takes off; a workbook holds it as text. Attribute columns keep their types
    in Parquet; CSV holds all of them as text.

    Raises
    ------
    EventError
        When `events` has faults, or text that the format cannot hold.
    SourceError
        When the file cannot be written; an earlier one is then as it was.
    UsageError
        When the ending of `path` is not one of those above.
    """
    expected = f"a name that ends in {', '.join(_WRITERS)}"
    target = _path(path, "path", expected)
    write = _WRITERS.get(target.suffix.lower())
    if write is None:
        raise UsageError(f"path: got {str(path)!r}; expected {expected}")
    write(normalise_events(events), target)


def _path(path: Any, name: str, expected: str) -> Path:
    if isinstance(path, str | os.PathLike):
        found = os.fspath(path)
        if isinstance(found, str):
            return Path(found)
    raise UsageError(f"{name}: got {type(path).__name__}; expected {expected}")


def _no_sheet(sheet: str | None, what: str) -> None:
    if sheet is not None:
        raise UsageError(f"sheet: got {sheet!r}, but {what} has no sheets")


def read_table(path: Path, columns: Mapping[str, str] | None, sheet: str | None) -> Table:
    """Read a file into columns, rows and places, before they are taken for events.

    For the rooms that keep events; `read_events_draft` goes on from here.
    """
    suffix = path.suffix.lower()
    if suffix in BOOKS:
        if sheet is not None and not isinstance(sheet, str):
            raise UsageError(f"sheet: got {sheet!r}; expected the name of a sheet")
        return excel.read_table(path, sheet=sheet)
    if suffix in _TEXT:
        _no_sheet(sheet, f"a {suffix} file")
        known = tuple(columns) if isinstance(columns, Mapping) else ()
        return csv_files.read_table(path, known=known)
    if suffix in _LINES:
        _no_sheet(sheet, f"a {suffix} file")
        return jsonl.read_table(path)
    if suffix == ".parquet":
        _no_sheet(sheet, f"a {suffix} file")
        return parquet.read_table(path)
    known_suffixes = ", ".join((*_TEXT, *_LINES, *BOOKS, ".parquet"))
    advice = f"; {_ADVICE[suffix]}" if suffix in _ADVICE else ""
    raise SourceError(f"{path}: unknown kind of file; expected {known_suffixes}{advice}")
