"""Two ledgers into one: the entries of the other that are not here yet."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import attrs

from partybuild.errors import Problem, UsageError
from partybuild.ledger.entries import Columns, Entry, checked_text, line_of
from partybuild.ledger.reports import MergeReport

if TYPE_CHECKING:
    from partybuild.ledger.protocol import Ledger, Taking

__all__ = ["merge"]


def merge(ledger: Taking, other: Ledger, *, prefix: str = "") -> MergeReport:
    """Take in the entries of `other`; see `KeptLedger.merge`."""
    if other is ledger:
        raise UsageError("merge: the other ledger is this one")
    if not hasattr(other, "entries"):
        raise UsageError(f"merge: got {type(other).__name__}; expected a ledger")
    checked_text("prefix", prefix)
    theirs: dict[str, list[tuple[Entry, bytes]]] = defaultdict(list)
    entries = [attrs.evolve(entry, id=prefix + entry.id) for entry in other.entries()]
    for entry, line in zip(entries, Columns.of(entries).lines(), strict=True):
        theirs[entry.id].append((entry, line))
    with ledger.store.writing():
        ours: dict[str, set[bytes]] = defaultdict(set)
        for row in ledger.store.rows_of(list(theirs)):
            ours[row[1]].add(line_of(row))
        conflicting = {
            name
            for name, pairs in theirs.items()
            if name in ours and ours[name].isdisjoint(line for _, line in pairs)
        }
        new = [
            entry
            for name, pairs in theirs.items()
            if name not in conflicting
            for entry, line in pairs
            if line not in ours[name]
        ]
        new.sort(key=lambda entry: entry.seq)
        ledger.add_columns(Columns.of(new))
    refused = sum(len(theirs[name]) for name in conflicting)
    return MergeReport(
        added=len(new),
        unchanged=len(entries) - len(new) - refused,
        conflicting=tuple(sorted(conflicting)),
        problems=tuple(_conflict(name) for name in sorted(conflicting)),
    )


def _conflict(name: str) -> Problem:
    return Problem(
        code="id-clash",
        message=f"both ledgers have an event {name!r}, and they share no entry about it",
        hint="merge(other, prefix=...) keeps the two apart",
    )
