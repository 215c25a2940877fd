"""Two ledgers into one: the entries of the other that are not here yet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Final

import attrs

from partybuild.errors import Problem, UsageError
from partybuild.ledger.entries import Columns, Entry, checked_text, line_of
from partybuild.ledger.reports import MergeReport

if TYPE_CHECKING:
    from partybuild.ledger.keeping import KeptLedger
    from partybuild.ledger.protocol import Ledger

__all__ = ["merge"]

_SOME: Final = 10_000


def merge(ledger: KeptLedger, other: Ledger, *, prefix: str = "") -> MergeReport:
    """Take in the entries of `other`; see `KeptLedger.merge`."""
    if other is ledger:
        raise UsageError("merge: the other ledger is this one")
    checked_text("prefix", prefix)
    theirs: dict[str, list[Entry]] = defaultdict(list)
    for entry in other.entries():  # read before the lock is taken
        theirs[prefix + entry.id].append(attrs.evolve(entry, id=prefix + entry.id))
    with ledger.store.writing():
        ours: dict[str, set[bytes]] = defaultdict(set)
        for row in ledger.store.rows_of(list(theirs)):
            ours[row[1]].add(line_of(row))
        new: list[Entry] = []
        conflicting: list[str] = []
        for name, entries in theirs.items():
            lines = Columns.of(entries).lines()
            if name in ours and ours[name].isdisjoint(lines):
                conflicting.append(name)
                continue
            pairs = zip(entries, lines, strict=True)
            new += [entry for entry, line in pairs if line not in ours[name]]
        new.sort(key=lambda entry: entry.seq)
        for start in range(0, len(new), _SOME):
            ledger.add_columns(Columns.of(new[start : start + _SOME]))
    refused = sum(len(theirs[name]) for name in conflicting)
    total = sum(map(len, theirs.values()))
    return MergeReport(
        added=len(new),
        unchanged=total - len(new) - refused,
        conflicting=tuple(conflicting),
        problems=tuple(_conflict(name) for name in conflicting),
    )


def _conflict(name: str) -> Problem:
    return Problem(
        code="id-clash",
        message=f"both ledgers have an event {name!r}, and they share no entry about it",
        hint="merge(other, prefix=...) keeps the two apart",
    )
