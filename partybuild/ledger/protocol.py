"""What every ledger can do, and what a place that keeps entries must do for one."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self, runtime_checkable

from partybuild.errors import Problem
from partybuild.ledger.entries import Columns, Entry, Row
from partybuild.ledger.reports import ImportReport, Verification
from partybuild.ledger.values import Clock, DateLike

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Ledger", "OnChange", "Store", "Taking"]

OnChange = Literal["conflict", "amend"]


@runtime_checkable
class Ledger(Protocol):
    """Facts, kept: entries are added, corrected and voided, never changed or taken out.

    Whatever keeps these promises can stand wherever a ledger is taken;
    `partybuild.testing.check_ledger` tries them all.
    """

    def record(
        self,
        *,
        kind: str,
        date: DateLike,
        id: str | None = None,  # noqa: A002  the column's name
        **fields: Any,
    ) -> str:
        """Record one new event and return its id."""
        ...

    def record_many(
        self, frame: Any, *, recorded_at: DateLike | None = None, recorded_by: str | None = None
    ) -> int:
        """Record the rows of a dataframe, all or none, and return their number."""
        ...

    def amend(self, id: str, *, reason: str | None = None, **changes: Any) -> Entry:  # noqa: A002
        """Add a corrected version of an event; what stood before stays in its history."""
        ...

    def void(self, id: str, *, reason: str, **fields: Any) -> Entry:  # noqa: A002
        """Withdraw an event; its history stays."""
        ...

    def history(self, id: str) -> tuple[Entry, ...]:  # noqa: A002
        """Return every entry about one event, in the order of entry."""
        ...

    def entries(self) -> Iterator[Entry]:
        """Walk through all entries in their order."""
        ...

    def to_frame(self, *, known_at: DateLike | None = None) -> pd.DataFrame:
        """Return the entries as an events frame, in their order."""
        ...

    def import_file(
        self, path: str | os.PathLike[str], *, on_change: OnChange = "conflict", **options: Any
    ) -> ImportReport:
        """Take in what a file has and the ledger has not."""
        ...

    def verify(self, digest: str | None = None) -> Verification:
        """Check that no entry was changed, removed or moved."""
        ...

    def digest(self) -> str:
        """Return a short text that stands for the whole state of the ledger."""
        ...

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Write a complete copy, which `open_ledger` opens."""
        ...

    def close(self) -> None:
        """Let go of the file; every later call raises `LedgerError`."""
        ...

    def __len__(self) -> int:
        """Return the number of entries."""
        ...

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...


class Store(Protocol):
    """A place that keeps entries in order; `KeptLedger` makes a ledger of it.

    `prefix` begins every id that the ledger makes up, and seeds the chain.
    """

    name: str
    prefix: str

    def writing(self, expected: int = 1) -> AbstractContextManager[None]:
        """Hold the only right to write; on leaving, everything added is kept, on error nothing.

        `expected` is how many entries will be added, for stores that can prepare for many.
        """
        ...

    def reading(self) -> AbstractContextManager[None]:
        """Hold one unchanging view of the entries."""
        ...

    def tail(self) -> tuple[int, bytes]:
        """Return the number of entries and the last link of the chain."""
        ...

    def add(self, columns: Columns, digests: list[bytes]) -> None:
        """Add entries after the last one."""
        ...

    def rows(self, first: int, last: int) -> list[Row]:
        """Return the stored tuples numbered `first`..`last`."""
        ...

    def rows_of(self, ids: list[str]) -> list[Row]:
        """Return the stored tuples with one of these ids, by number."""
        ...

    def rows_from(self, file: str) -> list[Row]:
        """Return the stored tuples that were read from this file, by number."""
        ...

    def taken(self, above: int) -> set[str]:
        """Return the ids of the made-up form whose number is higher than `above`."""
        ...

    def frame(self, before: str | None) -> pd.DataFrame:
        """Return the entries whose `recorded_at` is less than the text `before` as events."""
        ...

    def faults(self) -> list[Problem]:
        """Return what is wrong with the place itself, apart from its entries."""
        ...

    def backup(self, path: str) -> None:
        """Write a copy."""
        ...

    def close(self) -> None:
        """Let go of the place."""
        ...


class Taking(Ledger, Protocol):
    """A ledger as imports and merges see it: what they look things up in, and add to."""

    store: Store
    clock: Clock | None
    timezone: str

    def stamp(self, given: DateLike | None, default: dt.datetime) -> dt.datetime:
        """Return when an entry was recorded: as given, or by the clock, or else `default`."""
        ...

    def add_columns(self, columns: Columns) -> tuple[int, bytes]:
        """Add entries and return the number and link of the last; call it while writing."""
        ...
