"""Entries in a list: for tests, examples and what-if questions; gone with the process."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from partybuild.errors import LedgerError, Problem, UsageError
from partybuild.ledger.entries import CANONICAL, Columns, Row, checked_text, genesis
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.values import Clock

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["MemoryStore", "memory_ledger"]

_ID = 1 + CANONICAL.index("id")
_FILE = 1 + CANONICAL.index("file")


def memory_ledger(
    *, clock: Clock | None = None, timezone: str = "Asia/Shanghai", prefix: str = "m"
) -> KeptLedger:
    """Return an empty ledger that lives as long as the process, with the rules of every ledger.

    `clock`, `timezone` and `prefix` are those of `open_ledger`. `backup` writes it
    to a file, which `open_ledger` opens.

    >>> with memory_ledger() as ledger:
    ...     name = ledger.record(kind="督查", date="2021-03-05")
    ...     len(ledger), name
    (1, 'm-1')
    """
    if not checked_text("prefix", prefix).strip():
        raise UsageError("prefix: got nothing; expected text such as 'm'")
    return KeptLedger(MemoryStore(prefix), clock=clock, timezone=timezone)


class MemoryStore:
    """A `Store` in memory; threads may share it."""

    name = "in memory"

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self._lock = threading.RLock()
        self._rows: list[Row] | None = []
        self._by_id: dict[str, list[Row]] = {}
        self._by_file: dict[str, list[Row]] = {}

    @contextmanager
    def writing(self, expected: int = 1) -> Iterator[None]:  # noqa: ARG002
        """Hold the lock; what was added is taken out again if the block fails."""
        with self._lock:
            count = len(self._open())
            try:
                yield
            except BaseException:
                self._cut(count)
                raise

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Hold the lock."""
        with self._lock:
            self._open()
            yield

    def tail(self) -> tuple[int, bytes]:
        """Return the number of entries and the last link."""
        rows = self._open()
        return len(rows), rows[-1][-1] if rows else genesis(self.prefix)

    def add(self, columns: Columns, digests: list[bytes]) -> None:
        """Add entries after the last one."""
        rows = self._open()
        for row in columns.rows(len(rows) + 1, digests):
            rows.append(row)
            self._by_id.setdefault(row[_ID], []).append(row)
            if row[_FILE] is not None:
                self._by_file.setdefault(row[_FILE], []).append(row)

    def rows(self, first: int, last: int) -> list[Row]:
        """Return the stored tuples numbered `first`..`last`."""
        return self._open()[first - 1 : last]

    def rows_of(self, ids: list[str]) -> list[Row]:
        """Return the stored tuples with one of these ids, by number."""
        self._open()
        found = [row for name in dict.fromkeys(ids) for row in self._by_id.get(name, ())]
        return sorted(found, key=lambda row: row[0])

    def rows_from(self, file: str) -> list[Row]:
        """Return the stored tuples that were read from this file, by number."""
        self._open()
        return list(self._by_file.get(file, ()))

    def taken(self, above: int) -> set[str]:
        """Return the ids of the made-up form whose number is higher than `above`."""
        start = f"{self.prefix}-"
        numbers = {name: name.removeprefix(start) for name in self._by_id if name.startswith(start)}
        return {
            name
            for name, number in numbers.items()
            if number.isascii() and number.isdigit() and int(number) > above
        }

    def frame(self, before: str | None) -> pd.DataFrame:
        """Return the entries recorded before the text `before` as events."""
        from partybuild.ledger.reading import frame_of_rows

        return frame_of_rows(self._open(), before=before)

    def faults(self) -> list[Problem]:
        """Return nothing: a list has no damage of its own."""
        self._open()
        return []

    def backup(self, path: str) -> None:
        """Write the entries to a file, which `open_ledger` opens."""
        from partybuild.ledger.sqlite import write_copy

        with self._lock:
            write_copy(path, prefix=self.prefix, rows=self._open())

    def close(self) -> None:
        """Forget everything."""
        self._rows = None

    def _open(self) -> list[Row]:
        if self._rows is None:
            raise LedgerError("the ledger is closed")
        return self._rows

    def _cut(self, count: int) -> None:
        rows = self._open()
        for row in rows[count:]:
            self._by_id[row[_ID]].remove(row)
            if not self._by_id[row[_ID]]:
                del self._by_id[row[_ID]]
            if row[_FILE] is not None:
                self._by_file[row[_FILE]].remove(row)
        del rows[count:]
