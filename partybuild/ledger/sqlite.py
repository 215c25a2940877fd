"""Entries in one SQLite file, safe against crashes and shared by several processes."""

from __future__ import annotations

import os
import secrets
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from partybuild.errors import LedgerError, Problem, UsageError
from partybuild.ledger import schema
from partybuild.ledger.entries import CANONICAL, Columns, Row, checked_text, genesis
from partybuild.ledger.files import check_header, companion, file_path, publish, translated
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.values import Clock

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["SQLiteStore", "open_ledger"]

_FIELDS: Final = ", ".join(f'"{name}"' for name in CANONICAL)
_SELECT: Final = f"SELECT seq, {_FIELDS}, digest FROM entries"
_BULK: Final = 20_000
_SOME: Final = 500
#: So many values go into one statement; more is slower again, and 999 is the least limit.
_MARKS: Final = 200
_NULL: Final = float("nan")


def open_ledger(
    path: str | os.PathLike[str],
    *,
    clock: Clock | None = None,
    timezone: str = "Asia/Shanghai",
    prefix: str | None = None,
    read_only: bool = False,
    timeout: float = 60.0,
) -> KeptLedger:
    """Open the ledger in the file `path`; where there is no file, a new one is made.

    `clock` stamps `recorded_at` on entries that come without it, for instance
    `datetime.datetime.now`; without it no clock is ever read. `prefix` begins
    the ids that a new ledger makes up (default: eight random hexadecimal
    digits, so that the ledgers of two offices never make up the same id).
    `timeout` is how many seconds to wait for other processes that are writing.
    Use it in a `with` block or call `close()`.

    Raises `LedgerError` when the file is not a ledger, is cut short, or was
    written by a newer version of the library; the file is then as it was.

    >>> import tempfile, pathlib
    >>> folder = tempfile.TemporaryDirectory()
    >>> path = pathlib.Path(folder.name) / "town.db"
    >>> with open_ledger(path, prefix="town") as ledger:
    ...     name = ledger.record(kind="调研", date="2021-03-05", recorded_by="李")
    >>> with open_ledger(path) as ledger:
    ...     ledger.history(name)[0].recorded_by
    '李'
    >>> folder.cleanup()
    """
    store = SQLiteStore(file_path(path), prefix=prefix, read_only=read_only, timeout=timeout)
    return KeptLedger(store, clock=clock, timezone=timezone)


class SQLiteStore:
    """A `Store` in one file: WAL journal, a sync of the disk with every commit."""

    def __init__(self, path: Path, *, prefix: str | None, read_only: bool, timeout: float) -> None:
        self.name = str(path)
        self.path = path
        self._read_only = read_only
        self._timeout = timeout
        self._lock = threading.RLock()
        self._pid = os.getpid()
        self._connection: sqlite3.Connection | None = None
        self._is_bulk = False
        if prefix is not None and not checked_text("prefix", prefix).strip():
            raise UsageError("prefix: got nothing; expected text such as 'town'")
        with translated(self.name):
            if not path.exists():
                if read_only:
                    raise LedgerError(f"{path}: no such file")
                _make(path, prefix or secrets.token_hex(4))
            check_header(path)
            self._connection = self._connect()
            try:
                self._check_schema()
                self.prefix: str = self._query("SELECT prefix FROM ledger")[0][0]
                self._bring_up_to_date()
                self._check_end()
            except BaseException:
                self._connection.close()
                raise

    @contextmanager
    def writing(self, expected: int = 1) -> Iterator[None]:
        """Hold the write lock of the file; commit on leaving, or roll everything back."""
        with self._lock, translated(self.name):
            if self._read_only:
                raise LedgerError(f"{self.name} was opened for reading only")
            connection = self.connection
            connection.execute("BEGIN IMMEDIATE")
            try:
                self._is_bulk = expected >= _BULK and expected >= self.tail()[0]
                if self._is_bulk:
                    # No one else can write before the commit, so numbers need no guard one by
                    # one; and sorting an index once is faster than growing it entry by entry.
                    connection.execute("DROP TRIGGER entries_in_order")
                    connection.execute("DROP INDEX entries_by_id")
                yield
                if self._is_bulk:
                    connection.execute(schema.guards()["entries_in_order"])
                    connection.execute(schema.ID_INDEX)
                connection.execute("COMMIT")
            except BaseException:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold one view of the file, whatever others write meanwhile."""
        with self._lock, translated(self.name):
            connection = self.connection
            if connection.in_transaction:
                yield
                return
            connection.execute("BEGIN")
            try:
                yield
            finally:
                with suppress(sqlite3.Error):
                    connection.execute("ROLLBACK")

    def tail(self) -> tuple[int, bytes]:
        """Return the number of entries and the last link, as the head of the file says."""
        ((count, digest),) = self._query("SELECT entries, digest FROM head")
        return count, digest

    def add(self, columns: Columns, digests: list[bytes]) -> None:
        """Add entries after the last one."""
        connection = self.connection
        count = self.tail()[0]
        for statement, values in _insertions(columns, digests, at_once=self._is_bulk):
            connection.executemany(statement, values)
        connection.execute(
            "UPDATE head SET entries = ?, digest = ?", (count + len(columns), digests[-1])
        )

    def rows(self, first: int, last: int) -> list[Row]:
        """Return the stored tuples numbered `first`..`last`."""
        return self._query(f"{_SELECT} WHERE seq BETWEEN ? AND ? ORDER BY seq", (first, last))

    def rows_of(self, ids: list[str]) -> list[Row]:
        """Return the stored tuples with one of these ids, by number."""
        found: list[Row] = []
        for start in range(0, len(ids), _SOME):
            some = ids[start : start + _SOME]
            marks = ",".join("?" * len(some))
            found += self._query(f"{_SELECT} WHERE id IN ({marks})", some)
        return sorted(found, key=_seq)

    def rows_from(self, file: str) -> list[Row]:
        """Return the stored tuples that were read from this file, by number."""
        return self._query(f"{_SELECT} WHERE file = ? ORDER BY seq", (file,))

    def taken(self, above: int) -> set[str]:
        """Return the ids of the made-up form whose number is higher than `above`."""
        start = f"{self.prefix}-"
        found = self._query(
            "SELECT id FROM entries WHERE id >= ? AND id < ? "
            "AND CAST(substr(id, ?) AS INTEGER) > ?",
            (start, f"{self.prefix}.", len(start) + 1, above),
        )
        return {name for (name,) in found}

    def frame(self, before: str | None) -> pd.DataFrame:
        """Return the entries recorded before the text `before` as events."""
        from partybuild.ledger.reading import read_frame

        return read_frame(self.connection, count=self.tail()[0], before=before)

    def faults(self) -> list[Problem]:
        """Return what SQLite finds wrong with the file, and the guards that are missing."""
        found = [
            self._fault("damaged-file", text)
            for (text,) in self._query("PRAGMA integrity_check")
            if text != "ok"
        ]
        present: dict[str, str] = dict(
            self._query("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        )
        wanted = schema.guards()
        found += [
            self._fault("guard-missing", f"the trigger {name} is not as it was made")
            for name, statement in wanted.items()
            if present.get(name) != statement
        ]
        found += [
            self._fault("guard-unknown", f"the trigger {name} does not belong to a ledger")
            for name in present.keys() - wanted.keys()
        ]
        return found

    def backup(self, path: str) -> None:
        """Write a copy of one moment; it stands under its name only when it is complete."""
        target = Path(path)
        with self._lock, translated(path):
            source = self.connection
            if target.exists():
                raise LedgerError(f"{target} exists already; a backup never writes over a file")

            def fill(copy: sqlite3.Connection) -> None:
                source.backup(copy)
                copy.execute("PRAGMA journal_mode = DELETE")

            publish(target, fill)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            if self._connection is not None and self._pid == os.getpid():
                self._connection.close()
            self._connection = None

    def _connect(self) -> sqlite3.Connection:
        uri = self.path.absolute().as_uri() + ("?mode=ro" if self._read_only else "?mode=rw")
        connection = _connected(uri, self._timeout)
        try:
            _settle(connection)
        except sqlite3.OperationalError:
            connection.close()
            if not self._read_only or companion(self.path, "-wal").exists():
                raise
            # The folder cannot take the -shm file; nothing is pending, so read the file as it is.
            connection = _connected(uri + "&immutable=1", self._timeout)
            _settle(connection)
        return connection

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection to the file, in autocommit mode."""
        if self._connection is None:
            raise LedgerError(f"{self.name} is closed")
        if self._pid != os.getpid():
            raise LedgerError(
                f"{self.name} was opened in another process; open it again after the fork"
            )
        return self._connection

    def _query(self, statement: str, values: Any = ()) -> list[Row]:
        return self.connection.execute(statement, values).fetchall()

    def _check_schema(self) -> None:
        ((application,),) = self._query("PRAGMA application_id")
        ((version,),) = self._query("PRAGMA user_version")
        if application != schema.APPLICATION_ID:
            raise LedgerError(f"{self.name} is an SQLite database, but not a ledger")
        if version > schema.SCHEMA:
            raise LedgerError(
                f"{self.name} was written by a newer partybuild (schema {version}; this one "
                f"reads up to {schema.SCHEMA}); update the library"
            )
        if version < schema.SCHEMA and self._read_only:
            raise LedgerError(
                f"{self.name} was written by an older partybuild (schema {version}); "
                "open it once for writing to bring it up to date"
            )

    def _bring_up_to_date(self) -> None:
        ((version,),) = self._query("PRAGMA user_version")
        if version < schema.SCHEMA:
            with self.writing():
                schema.migrate(self.connection, first=genesis(self.prefix))

    def _check_end(self) -> None:
        """Compare the head with the last entry, which a file cut short has lost."""
        with self.reading():  # one view of both, whatever others write meanwhile
            count, digest = self.tail()
            last = self._query("SELECT seq, digest FROM entries ORDER BY seq DESC LIMIT 1")
        if (last or [(0, genesis(self.prefix))]) != [(count, digest)]:
            kept = last[0][0] if last else 0
            raise LedgerError(
                f"{self.name} is damaged: it should end with entry {count}, "
                f"and ends with entry {kept}; restore a backup"
            )

    def _fault(self, code: str, message: str) -> Problem:
        return Problem(code=code, message=message, file=self.name)


def _connected(uri: str, timeout: float) -> sqlite3.Connection:
    return sqlite3.connect(
        uri, uri=True, timeout=timeout, isolation_level=None, check_same_thread=False
    )


def _settle(connection: sqlite3.Connection) -> None:
    """Have every commit reach the disk before it is acknowledged."""
    connection.execute("PRAGMA synchronous = FULL")
    connection.execute("PRAGMA cache_size = -65536")
    connection.execute("PRAGMA trusted_schema = OFF")


def _insertions(
    columns: Columns, digests: list[bytes], *, at_once: bool
) -> Iterator[tuple[str, Iterator[Row]]]:
    """Return the statements that add these columns, each with its values.

    The numbers are left to the database, which counts on; the head's guard checks
    that they are right. Binding None or bytes is slow in `sqlite3`, so NULL is bound as
    NaN, which SQLite takes for it, and links as bytearray. Where neither guard nor index
    is in the way, a statement for several entries `at_once` costs much less than several
    statements; else it costs more.
    """
    names = [name for name in CANONICAL if name in columns.texts]
    bound: list[Sequence[Any]] = [_bindable(name, columns) for name in names]
    bound.append(list(map(bytearray, digests)))
    listed = ", ".join(f'"{name}"' for name in (*names, "digest"))
    start = f"INSERT INTO entries ({listed}) VALUES "
    entry = f"({', '.join('?' * len(bound))})"
    size = _MARKS // len(bound)
    whole = len(digests) // size * size if at_once else 0
    if whole:
        values = [column[place:whole:size] for place in range(size) for column in bound]
        yield start + ", ".join([entry] * size), zip(*values, strict=True)
    yield start + entry, zip(*(column[whole:] for column in bound), strict=True)


def _bindable(name: str, columns: Columns) -> Sequence[Any]:
    """Return the values of a column as they are bound."""
    texts = columns.texts[name]
    if name == "quantity":
        return columns.quantity
    if name == "void":
        return [1 if text else 0 for text in texts]
    return texts if all(texts) else [text or _NULL for text in texts]


def write_copy(path: str, *, prefix: str, rows: list[Row]) -> None:
    """Write these entries, links and all, into a new ledger file."""
    target = Path(path)

    def fill(connection: sqlite3.Connection) -> None:
        schema.create(connection, prefix=prefix, first=genesis(prefix))
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.execute("BEGIN IMMEDIATE")
            connection.executemany(
                f"INSERT INTO entries (seq, {_FIELDS}, digest) VALUES ({marks})", rows
            )
            connection.execute(
                "UPDATE head SET entries = ?, digest = ?", (rows[-1][0], rows[-1][-1])
            )
            connection.execute("COMMIT")

    with translated(path):
        if target.exists():
            raise LedgerError(f"{path} exists already; a backup never writes over a file")
        publish(target, fill)


def _make(path: Path, prefix: str) -> None:
    """Make a new ledger that appears under its name all at once, complete."""

    def fill(connection: sqlite3.Connection) -> None:
        schema.create(connection, prefix=prefix, first=genesis(prefix))
        connection.execute("PRAGMA journal_mode = WAL")

    with suppress(FileExistsError):  # another process was quicker: its ledger is the ledger
        publish(path, fill)


def _seq(row: Row) -> int:
    seq: int = row[0]
    return seq
