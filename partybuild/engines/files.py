"""Files of any size, read by DuckDB in a stream: never a whole table in memory."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any, Final

import attrs

from partybuild._frames import match_headings
from partybuild.errors import MissingExtraError, SourceError

_READERS: Final = {
    ".parquet": "read_parquet([{files}])",
    ".csv": "read_csv([{files}], header = true)",
    ".tsv": "read_csv([{files}], header = true, delim = '\\t')",
}
#: Columns whose type is found out by looking; every other one is text, so that 007 stays 007.
_TYPED: Final = frozenset({"date", "end", "recorded_at", "quantity", "void"})


@attrs.frozen(kw_only=True)
class EventFiles:
    """Files of events that are judged without being loaded.

    `pattern` is a path, a pattern such as ``"events/*.parquet"``, or several of
    them; Parquet, CSV or TSV. `memory` is how much DuckDB may hold ("2GB"); beyond
    it, it writes to `folder` (None: where the process stands, in ``.tmp``).
    `has_progress` shows a progress bar.

    >>> EventFiles(pattern="events/*.parquet")
    EventFiles(pattern='events/*.parquet', memory='2GB', folder=None, has_progress=False)
    """

    pattern: str | tuple[str, ...]
    memory: str = "2GB"
    folder: str | None = None
    has_progress: bool = False

    def opened(self) -> Any:
        """Return a DuckDB relation over the files; nothing but their headings is read.

        Raises `SourceError` where there are no such files, or they cannot be read.
        """
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("Judging files in a stream", "engines") from None
        patterns = [self.pattern] if isinstance(self.pattern, str) else list(self.pattern)
        connection = duckdb.connect()
        connection.execute("SET memory_limit = ?", [self.memory])
        if self.folder is not None:
            connection.execute("SET temp_directory = ?", [self.folder])
        if self.has_progress:
            connection.execute("SET enable_progress_bar = true")
            connection.execute("SET progress_bar_time = 200")
        try:
            relation = connection.sql(f"SELECT * FROM {_reader(patterns)}")  # noqa: S608
            texts = _texts(relation.columns) if _ending(patterns) != ".parquet" else []
            if not texts:
                return relation
            types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in texts)
            reader = f"{_reader(patterns)[:-1]}, types = {{{types}}})"
            return connection.sql(f"SELECT * FROM {reader}")  # noqa: S608
        except duckdb.Error as error:
            raise SourceError(f"{', '.join(patterns)}: {error}") from error


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _texts(headings: Sequence[str]) -> list[str]:
    """The headings of columns that are text."""
    names = match_headings(list(headings)).names
    return [heading for heading, name in zip(headings, names, strict=True) if name not in _TYPED]


def _ending(patterns: Sequence[str]) -> str:
    endings = {os.path.splitext(pattern)[1].lower() for pattern in patterns}
    if len(endings) != 1 or not endings <= _READERS.keys():
        allowed = ", ".join(_READERS)
        raise SourceError(f"{', '.join(patterns)}: expected files of one kind, of {allowed}")
    return endings.pop()


def _reader(patterns: Sequence[str]) -> str:
    files = ", ".join(_quoted(pattern) for pattern in patterns)
    return _READERS[_ending(patterns)].format(files=files)


def event_files(events: Any) -> EventFiles | None:
    """Return the files that `events` names: a path or pattern, or `EventFiles`; else None."""
    if isinstance(events, EventFiles):
        return events
    if isinstance(events, str | os.PathLike):
        return EventFiles(pattern=os.fspath(events))
    return None
