"""The rules of every ledger of ours, whatever keeps its entries."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator, Mapping
from types import TracebackType
from typing import TYPE_CHECKING, Any, NoReturn, Self

import attrs

from partybuild.errors import UnknownNameError, UsageError
from partybuild.ledger.entries import EVENT_FIELDS, Columns, Entry, chained, checked_text
from partybuild.ledger.files import file_path
from partybuild.ledger.protocol import OnChange, Store
from partybuild.ledger.reports import ImportReport, MergeReport, Verification
from partybuild.ledger.values import Clock, DateLike, day, entry_fields, stamp, zone

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["KeptLedger"]

#: So many entries are read at a time; the walk holds no lock in between.
PAGE = 10_000

#: So many rows of a frame are turned into entries at a time: what fits the caches goes faster.
_BATCH = 2_500

_AMENDABLE = frozenset(EVENT_FIELDS) - {"id", "recorded_at"}
_PROVENANCE = frozenset({"recorded_at", "recorded_by", "file", "sheet", "row"})


class KeptLedger:
    """A ledger over a `Store`. Make one with `open_ledger` or `memory_ledger`.

    `clock` stamps `recorded_at` on entries that come without it; None reads no
    clock. Moments with a zone are turned into local time in `timezone`.
    """

    def __init__(
        self, store: Store, *, clock: Clock | None = None, timezone: str = "Asia/Shanghai"
    ) -> None:
        zone(timezone)
        self.store = store
        self.clock = clock
        self.timezone = timezone

    def __repr__(self) -> str:
        return f"<ledger {self.store.name}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __reduce__(self) -> NoReturn:
        raise UsageError(
            f"{self!r} cannot be pickled or copied: open its file where it is needed, "
            "or hand on to_frame()"
        )

    def __len__(self) -> int:
        with self.store.reading():
            return self.store.tail()[0]

    def record(
        self,
        *,
        kind: str,
        date: DateLike,
        id: str | None = None,  # noqa: A002  the column's name
        **fields: Any,
    ) -> str:
        """Record one new event and return its id.

        `fields` are further event columns (`end`, `quantity`, `unit`, `subject`,
        `organisation`, `evidence`, `note`, `recorded_at`), `attributes`, a
        mapping of columns of your own, and where the entry comes from
        (`recorded_by`, `reason`, `file`, `sheet`, `row`). Without `id` the
        ledger makes one up. Without `recorded_at` the clock stamps it; without a
        clock it is the event's date. When the call returns, the entry is safe.

        Raises `UsageError` for an unknown name, a value of the wrong sort and an
        `id` that the ledger has already, `LedgerError` if it cannot be written.

        >>> from partybuild.ledger import memory_ledger
        >>> ledger = memory_ledger()
        >>> ledger.record(kind="调研", date="2021-03-05", subject="东村", recorded_by="李")
        'm-1'
        """
        given = {"quantity": None, **fields, "kind": kind, "date": date, "id": id}
        recorded_at = given.pop("recorded_at", None)
        checked = entry_fields(given, known={}, timezone=self.timezone)
        midnight = dt.datetime.combine(checked["date"], dt.time.min)
        with self.store.writing():
            checked["recorded_at"] = self.stamp(recorded_at, midnight)
            if checked["id"] is None:
                checked["id"] = self._new_id()
            elif self.store.rows_of([checked["id"]]):
                raise UsageError(
                    f"id: the ledger has an event {id!r} already; amend() corrects it, "
                    "another id makes it another event"
                )
            self._add(Entry(seq=0, **checked))
        return str(checked["id"])

    def record_many(
        self, frame: Any, *, recorded_at: DateLike | None = None, recorded_by: str | None = None
    ) -> int:
        """Record the rows of a dataframe, all or none, and return their number.

        The columns are those of events; only `kind` and `date` are required,
        further columns are kept as attributes. Rows without an `id` get one made
        up. Rows with the `id` of another row, or of an event of the ledger, are
        further versions of that event. `recorded_at` and `recorded_by` go on
        every row; without `recorded_at`, the frame's own column counts, then the
        clock, then the event's date.

        Raises `EventError` with every bad row; then nothing is recorded.

        >>> import pandas as pd
        >>> from partybuild.ledger import memory_ledger
        >>> ledger = memory_ledger()
        >>> ledger.record_many(pd.DataFrame({"kind": ["调研", "督查"],
        ...     "date": pd.to_datetime(["2021-03-05", "2021-03-06"]), "级别": [1, 2]}))
        2
        >>> ledger.to_frame()[["id", "kind", "级别"]].to_dict("records")
        [{'id': 'm-1', 'kind': '调研', '级别': 1}, {'id': 'm-2', 'kind': '督查', '级别': 2}]
        """
        from partybuild.ledger.frames import canonical, refuse_unkept, stretches

        if recorded_by is not None:
            checked_text("recorded_by", recorded_by)
        events, says_when = canonical(frame, timezone=self.timezone)
        stamped = None
        if recorded_at is not None or (self.clock is not None and not says_when):
            stamped = self.stamp(recorded_at, dt.datetime.min)
        names: list[str] = events["id"].to_numpy(dtype=object, na_value="").tolist()
        with self.store.writing(expected=len(events)):
            if not all(names):
                self._name_rows(names)
            try:
                for columns in stretches(
                    events, size=_BATCH, ids=names, stamped=stamped, recorded_by=recorded_by
                ):
                    self.add_columns(columns)
            except UsageError:
                refuse_unkept(events)
                raise
        return len(events)

    def amend(self, id: str, *, reason: str | None = None, **changes: Any) -> Entry:  # noqa: A002
        """Add a corrected version of an event and return it; the old one stays in the history.

        `changes` are event columns with their new values; those not named keep
        theirs. `attributes` are changed one by one, None takes one out.
        `recorded_at` and `recorded_by` say when and by whom. Without
        `recorded_at` the clock stamps it; without a clock the correction
        counts as known since the version it replaces was.

        Raises `UnknownNameError` for an unknown id, and `UsageError` for an
        unknown column, a voided event (unless `void=False` brings it back) and a
        `recorded_at` before that of the version to be replaced.

        >>> from partybuild.ledger import memory_ledger
        >>> ledger = memory_ledger()
        >>> name = ledger.record(kind="调研", date="2021-03-05", quantity=2)
        >>> ledger.amend(name, quantity=3, reason="漏记一天").quantity
        3.0
        >>> [entry.quantity for entry in ledger.history(name)]
        [2.0, 3.0]
        """
        about = {name: changes.pop(name) for name in _PROVENANCE & changes.keys()}
        for name in changes.keys() - _AMENDABLE:
            entry_fields({name: None}, known={}, timezone=self.timezone)
            raise UsageError(f"{name}: cannot be amended")
        if not changes:
            raise UsageError("amend: got no change; name the columns and their new values")
        with self.store.writing():
            held = self._holding(id)
            if held.void and changes.get("void", True):
                raise UsageError(f"{id!r} was voided; amend(..., void=False) brings it back")
            return self._supersede(held, changes, {**about, "reason": reason})

    def void(self, id: str, *, reason: str, **fields: Any) -> Entry:  # noqa: A002
        """Withdraw an event and return the entry that says so; its history stays.

        `fields` are `recorded_at` and `recorded_by`, as in `amend`.

        >>> from partybuild.ledger import memory_ledger
        >>> ledger = memory_ledger()
        >>> name = ledger.record(kind="调研", date="2021-03-05")
        >>> ledger.void(name, reason="重复").reason
        '重复'
        >>> ledger.to_frame()["void"].tolist()
        [False, True]
        """
        given: Any = reason
        if not isinstance(given, str) or not given.strip():
            raise UsageError(f"void: got reason={reason!r}; a reason is required")
        for name in fields.keys() - _PROVENANCE:
            raise UsageError(f"void: {name!r}; allowed: {', '.join(sorted(_PROVENANCE))}")
        with self.store.writing():
            held = self._holding(id)
            if held.void:
                raise UsageError(f"{id!r} is void already (entry {held.seq}: {held.reason})")
            return self._supersede(held, {"void": True}, {**fields, "reason": reason})

    def history(self, id: str) -> tuple[Entry, ...]:  # noqa: A002
        """Return every entry about one event, in the order of entry.

        Raises `UnknownNameError` when there is none.
        """
        with self.store.reading():
            found = self.store.rows_of([checked_text("id", id)])
        if not found:
            raise UnknownNameError(f"the ledger has no event {id!r}")
        return tuple(Entry.from_row(row) for row in found)

    def journal(self, id: str | None = None) -> pd.DataFrame:  # noqa: A002
        """Return all entries, or those about one event, as a table to read, filter and print.

        One row for each entry, in order: `seq`, the columns of events, then
        `recorded_by`, `reason`, `file`, `sheet`, `row` and the link `digest`, then
        the attributes. What is not known is missing. To judge events, take `to_frame`.

        Raises `UnknownNameError` when there is no event of that id.

        >>> from partybuild.ledger import memory_ledger
        >>> ledger = memory_ledger()
        >>> name = ledger.record(kind="调研", date="2021-03-05", recorded_by="李")
        >>> _ = ledger.amend(name, quantity=3, reason="漏记一天", recorded_by="王")
        >>> ledger.journal(name)[["seq", "quantity", "recorded_by", "reason"]]
           seq  quantity recorded_by reason
        0    1       1.0           李    NaN
        1    2       3.0           王   漏记一天
        """
        from partybuild.ledger.reading import journal_of_rows

        with self.store.reading():
            if id is None:
                rows = self.store.rows(1, self.store.tail()[0])
            else:
                rows = self.store.rows_of([checked_text("id", id)])
        if id is not None and not rows:
            raise UnknownNameError(f"the ledger has no event {id!r}")
        return journal_of_rows(rows)

    def entries(self) -> Iterator[Entry]:
        """Walk through all entries in their order."""
        count, first = len(self), 1
        while first <= count:
            last = min(count, first + PAGE - 1)
            with self.store.reading():
                page = self.store.rows(first, last)
            yield from map(Entry.from_row, page)
            first = last + 1

    def to_frame(self, *, known_at: DateLike | None = None) -> pd.DataFrame:
        """Return the entries as an events frame, in their order.

        All versions of an event are there; which of them holds is decided where
        the events are judged, by `id`, `recorded_at` and `void`. `known_at` is a
        day, inclusive: entries recorded after it are left out. Attributes come
        back as columns, in the order of their names.
        """
        before = None
        if known_at is not None:
            last = day("known_at", known_at, timezone=self.timezone)
            before = (last + dt.timedelta(days=1)).isoformat()
        with self.store.reading():
            return self.store.frame(before)

    def import_file(
        self, path: str | os.PathLike[str], *, on_change: OnChange = "conflict", **options: Any
    ) -> ImportReport:
        """Take in what a file has and the ledger has not; again and again, as the file grows.

        `on_change` says what becomes of a row that differs from what the ledger
        took from this file before: ``"amend"`` records the correction,
        ``"conflict"`` only reports it. `options`: `source`, the name under which
        the file is known (default: its own, without the folder); `recorded_at`,
        for rows that do not say so themselves, `recorded_by` and `reason`, which
        go on the new entries; `columns`, as in `read_events`; `sheet`, one sheet of a
        workbook, of which otherwise every sheet with a table of events is read.

        Bad rows are named in the report and do not keep the good ones out.
        Raises `SourceError` when the file cannot be read at all.
        """
        from partybuild.ledger.imports import import_file

        return import_file(self, path, on_change=on_change, options=options)

    def merge(self, other: Any, *, prefix: str = "") -> MergeReport:
        """Take in the entries of another ledger that are not here yet, in their order.

        Everything that stands on an entry comes along: who, when, from where and
        why. `prefix` is put before each id of the other ledger; with it, two
        offices that both number their events 1, 2, 3 can be merged. Merging
        again adds what is new. An id that both ledgers use for different events
        is a conflict: none of its entries are taken.
        """
        from partybuild.ledger.merging import merge

        return merge(self, other, prefix=prefix)

    def verify(self, digest: str | None = None) -> Verification:
        """Check that no entry was changed, removed or moved, and name those that were.

        With a `digest` noted down earlier, the ledger must also have passed
        through that state, which an entirely rewritten ledger has not. Takes time
        in proportion to the number of entries.
        """
        from partybuild.ledger.verifying import verified

        with self.store.reading():
            return verified(self.store, anchor=digest)

    def digest(self) -> str:
        """Return the state of the ledger as text: number of entries, ``-``, last link.

        Two ledgers with the same digest hold the same entries in the same order.
        Note it down beside a published report: `verify` can check it years later.
        """
        with self.store.reading():
            count, last = self.store.tail()
        return f"{count}-{last.hex()}"

    def backup(self, path: str | os.PathLike[str]) -> None:
        """Write a complete copy, which `open_ledger` opens; others may write meanwhile.

        Raises `LedgerError` when the copy exists already or cannot be written.
        """
        self.store.backup(str(file_path(path)))

    def close(self) -> None:
        """Let go of the file; every later call raises `LedgerError`. Twice is fine."""
        self.store.close()

    def stamp(self, given: DateLike | None, default: dt.datetime) -> dt.datetime:
        """Return when an entry was recorded: as given, or by the clock, or else `default`."""
        return stamp(given, self.clock, default=default, timezone=self.timezone)

    def _new_id(self) -> str:
        name = [""]
        self._name_rows(name)
        return name[0]

    def _name_rows(self, names: list[str]) -> None:
        """Make up an id for each blank name; call it while writing."""
        number = self.store.tail()[0]
        taken = self.store.taken(number) | {name for name in names if name}
        for row, name in enumerate(names):
            if not name:
                number += 1
                while f"{self.store.prefix}-{number}" in taken:
                    number += 1
                names[row] = f"{self.store.prefix}-{number}"

    def _holding(self, id: str) -> Entry:  # noqa: A002
        """Return the version of the event that holds: recorded last, ties to the later entry."""
        rows = self.store.rows_of([checked_text("id", id)])
        if not rows:
            raise UnknownNameError(f"the ledger has no event {id!r}")
        return holding(Entry.from_row(row) for row in rows)

    def _supersede(
        self, held: Entry, changes: Mapping[str, Any], about: Mapping[str, Any]
    ) -> Entry:
        """Add a version after the one that holds; call it while writing."""
        changes = dict(changes)
        if "attributes" in changes:
            changes["attributes"] = {**held.attributes, **(changes["attributes"] or {})}
        known = {name: getattr(held, name) for name in EVENT_FIELDS}
        given = {**changes, **about}
        recorded_at = self.stamp(given.pop("recorded_at", None), held.recorded_at)
        if recorded_at < held.recorded_at:
            raise UsageError(
                f"recorded_at: {recorded_at} is before {held.recorded_at}, when the version "
                f"to be replaced (entry {held.seq}) was recorded, so this one would not hold"
            )
        fields = entry_fields(given, known=known, timezone=self.timezone)
        return self._add(Entry(seq=0, **{**fields, "recorded_at": recorded_at}))

    def _add(self, entry: Entry) -> Entry:
        """Add one entry and return it with its number and link; call it while writing."""
        seq, digest = self.add_columns(Columns.of([entry]))
        return attrs.evolve(entry, seq=seq, digest=digest.hex())

    def add_columns(self, columns: Columns) -> tuple[int, bytes]:
        """Add entries and return the number and link of the last; call it while writing."""
        count, last = self.store.tail()
        if not len(columns):
            return count, last
        digests = chained(columns.lines(), last)
        self.store.add(columns, digests)
        return count + len(columns), digests[-1]


def holding(entries: Iterator[Entry]) -> Entry:
    """Return the version of one event that holds: recorded last, ties to the later entry."""
    return max(entries, key=lambda entry: (entry.recorded_at, entry.seq))
