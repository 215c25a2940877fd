"""Files of any size: never a whole table in memory."""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from typing import Any, Final

import attrs

from partybuild._frames import match_headings
from partybuild.engines.reading import Files, ending_of, found_files
from partybuild.errors import EngineError, MissingExtraError, SourceError, UsageError

_READERS: Final = {
    ".parquet": "read_parquet([{files}])",
    ".csv": "read_csv([{files}], header = true)",
    ".tsv": "read_csv([{files}], header = true, delim = '\\t')",
}
#: Columns whose type is found out by looking; every other one is text, so that 007 stays 007.
_TYPED: Final = frozenset({"date", "end", "recorded_at", "quantity", "void"})
_SIZE: Final = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([kmgt]?)i?b?\s*", re.IGNORECASE)
_BAR: Final = 40


@attrs.frozen(kw_only=True)
class EventFiles:
    """Files of events that are judged without being loaded.

    `pattern` is a path, a pattern such as ``"events/*.parquet"``, or several of
    them; Parquet, CSV, TSV or JSON Lines. They are read in a stream, batch after
    batch. `memory` bounds what is held to prove that ids differ, half of it, and
    what DuckDB holds where it has to help; what is more goes to files in `folder`
    (None: the usual place for such files). `has_progress` shows a bar on standard
    error, `on_progress` is called with the share that has been read, from 0 to 1,
    in each reading. `has_unique_ids` vouches that no id stands twice, as in what a
    database exports: ids are then not read, which saves about a fifth of the time,
    and corrections would count beside what they correct.

    >>> EventFiles(pattern="events/*.parquet", memory="1GB").limit
    536870912
    """

    pattern: str | tuple[str, ...]
    memory: str = "2GB"
    folder: str | None = None
    has_progress: bool = False
    on_progress: Callable[[float], None] | None = None
    has_unique_ids: bool = False

    @property
    def limit(self) -> int:
        """How many bytes the proof that ids differ may hold.

        Raises `UsageError` where `memory` is no size.
        """
        found = _SIZE.fullmatch(self.memory)
        if found is None:
            raise UsageError(f"memory: got {self.memory!r}; expected a size such as '2GB'")
        power = " kmgt".index(found[2].lower() or " ")
        return int(float(found[1]) * 1024**power) // 2

    @property
    def patterns(self) -> tuple[str, ...]:
        """The patterns, one or several."""
        return (self.pattern,) if isinstance(self.pattern, str) else tuple(self.pattern)

    def opened(self) -> Any:
        """Find the files, and return what `assess` reads; nothing is read yet.

        Addresses such as ``s3://...`` are left to DuckDB. Raises `SourceError` where
        there are no such files, or they are not of one kind.
        """
        if any("://" in pattern for pattern in self.patterns):
            return self.relation()
        tell = self.on_progress or (_bar if self.has_progress else None)
        files = Files(paths=found_files(self.patterns), on_progress=tell)
        return OpenedFiles(
            files=files,
            limit=self.limit,
            folder=self.folder,
            relation=self.relation,
            has_unique_ids=self.has_unique_ids,
        )

    def relation(self) -> Any:
        """Return a DuckDB relation over the files; nothing but their headings is read.

        Raises `EngineError` for files that DuckDB is not asked to read, `SourceError`
        where it cannot.
        """
        if (ending := ending_of(self.patterns)) not in _READERS:
            allowed = ", ".join(_READERS)
            raise EngineError(
                f"{', '.join(self.patterns)}: too many events were corrected to settle them in "
                f"memory; on disk only {allowed} can be, not {ending}"
            )
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError("Judging such files", "engines") from None
        connection = duckdb.connect()
        connection.execute("SET memory_limit = ?", [self.memory])
        if self.folder is not None:
            connection.execute("SET temp_directory = ?", [self.folder])
        try:
            reader = _reader(self.patterns)
            relation = connection.sql(f"SELECT * FROM {reader}")  # noqa: S608
            texts = _texts(relation.columns) if ending != ".parquet" else []
            if not texts:
                return relation
            types = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in texts)
            reader = f"{reader[:-1]}, types = {{{types}}})"
            return connection.sql(f"SELECT * FROM {reader}")  # noqa: S608
        except duckdb.Error as error:
            raise SourceError(f"{', '.join(self.patterns)}: {error}") from error


@attrs.frozen(kw_only=True, eq=False)
class OpenedFiles:
    """Files that were found. `relation` opens them in DuckDB, which sorts on disk."""

    files: Files
    limit: int
    folder: str | None
    relation: Callable[[], Any]
    has_unique_ids: bool = False


def _bar(share: float) -> None:
    full = round(share * _BAR)
    sys.stderr.write(f"\r[{'#' * full}{' ' * (_BAR - full)}] {share:4.0%}")
    sys.stderr.write("\n" if share >= 1 else "")
    sys.stderr.flush()


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _texts(headings: Sequence[str]) -> list[str]:
    """The headings of columns that are text."""
    names = match_headings(list(headings)).names
    return [heading for heading, name in zip(headings, names, strict=True) if name not in _TYPED]


def _reader(patterns: Sequence[str]) -> str:
    files = ", ".join(_quoted(pattern) for pattern in patterns)
    return _READERS[ending_of(patterns)].format(files=files)


def event_files(events: Any) -> EventFiles | None:
    """Return the files that `events` names: a path or pattern, or `EventFiles`; else None."""
    if isinstance(events, EventFiles):
        return events
    if isinstance(events, str | os.PathLike):
        return EventFiles(pattern=os.fspath(events))
    return None
