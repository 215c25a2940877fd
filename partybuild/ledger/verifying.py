"""Finding what was changed in a ledger behind its back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Final

import attrs

from partybuild.errors import Problem, UsageError
from partybuild.ledger.entries import (
    CANONICAL,
    Columns,
    Row,
    chained,
    checked_text,
    genesis,
    line_of,
)
from partybuild.ledger.protocol import Store
from partybuild.ledger.reports import Verification

__all__ = ["verified"]

_PAGE: Final = 2_000
_TRACED: Final = 500
_ID: Final = 1 + CANONICAL.index("id")


@attrs.define
class _Walk:
    """What one pass over the entries met."""

    store: Store
    anchor: tuple[int, str] | None
    problems: list[Problem] = attrs.field(factory=list)
    broken: list[tuple[bytes, Row]] = attrs.field(factory=list)
    number: int = 0
    link: bytes = b""

    def tell(self, code: str, seq: int, message: str) -> None:
        self.problems.append(
            Problem(code=code, message=message, file=self.store.name, path=f"entries[{seq}]")
        )


def verified(store: Store, *, anchor: str | None = None) -> Verification:
    """Check the whole chain of a store, and that it passed through the digest `anchor`."""
    noted = None if anchor is None else _parsed(anchor)
    count, last = store.tail()
    walk = _Walk(store=store, anchor=noted, problems=store.faults(), link=genesis(store.prefix))
    if noted is not None and noted[0] == 0:
        _check_anchor(walk, 0)
    for page in _pages(store):
        if not _take_whole(walk, page):
            for row in page:
                _check_entry(walk, row)
    _name_broken(walk)
    _check_end(walk, count, last)
    return Verification(
        entries=walk.number, digest=f"{count}-{last.hex()}", problems=tuple(walk.problems)
    )


def _pages(store: Store) -> Iterator[list[Row]]:
    """Walk through the entries as they stand, also past the end that the store claims."""
    first = 1
    while page := store.rows(first, first + _PAGE - 1) or store.rows(first, 2**62)[:_PAGE]:
        yield page
        first = page[-1][0] + 1


def _take_whole(walk: _Walk, page: list[Row]) -> bool:
    """Go past a page in which every link fits, checked column by column; else stay before it."""
    last = walk.number + len(page)
    if walk.anchor is not None and walk.number < walk.anchor[0] <= last:
        return False
    if [row[0] for row in page] != list(range(walk.number + 1, last + 1)):
        return False
    columns = Columns.of_rows(page)
    if columns is None or chained(columns.lines(), walk.link) != [row[-1] for row in page]:
        return False
    walk.number, walk.link = last, page[-1][-1]
    return True


def _check_entry(walk: _Walk, row: Row) -> None:
    seq, digest = row[0], row[-1]
    if seq != walk.number + 1:
        gone = f"entry {walk.number + 1}"
        if seq > walk.number + 2:
            gone = f"entries {walk.number + 1} to {seq - 1}"
        walk.tell("entry-removed", walk.number + 1, f"{gone} of the ledger: removed")
    elif _link(walk.link, row) != digest:
        walk.broken.append((walk.link, row))
    walk.number, walk.link = seq, digest
    _check_anchor(walk, seq)


def _link(before: bytes, row: Row) -> bytes | None:
    """Return the link that the entry should have, None if it holds what no ledger writes."""
    try:
        return hashlib.sha256(before + line_of(row)).digest()
    except (TypeError, UnicodeEncodeError, UsageError):
        return None


def _check_anchor(walk: _Walk, seq: int) -> None:
    if walk.anchor is not None and walk.anchor[0] == seq and walk.anchor[1] != walk.link.hex():
        walk.tell(
            "history-rewritten", seq, f"entry {seq} and those before are not those of the digest"
        )


def _name_broken(walk: _Walk) -> None:
    """Tell what happened to each entry that does not fit where it stands."""
    places = _true_places(walk.broken) if len(walk.broken) <= _TRACED else {}
    numbers = {row[0] for _, row in walk.broken}
    told = len(walk.problems)
    for _, row in walk.broken:
        seq, name = row[0], f"entry {row[0]} (event {row[_ID]!r})"
        if seq not in places:
            text = f"{name} is not what was recorded there, or what stood before it is gone"
            if seq == walk.number or seq + 1 in numbers:  # nothing after it vouches for its link
                text += f", or entry {seq - 1} was changed"
            walk.tell("entry-changed", seq, text)
        elif places[seq] != seq:
            walk.tell(
                "entry-moved", seq, f"{name} was moved here; it was recorded as entry {places[seq]}"
            )
    if walk.broken and len(walk.problems) == told:
        walk.tell("entry-changed", walk.broken[0][1][0], "the links of some entries were exchanged")


def _true_places(broken: list[tuple[bytes, Row]]) -> dict[int, int]:
    """Return the number under which each of these entries was recorded, where it can be told.

    The content of an entry fits at exactly one place of the chain: after the
    link with which it makes one of the links that are there. Trying all broken
    entries after all broken links finds it.
    """
    links = {bytes(row[-1]) for _, row in broken if isinstance(row[-1], bytes)}
    number = {before: row[0] - 1 for before, row in broken if before not in links}
    steps = {}
    for _, row in broken:
        for before in number.keys() | links:
            made = _link(before, row)
            if made in links:
                steps[row[0]] = (before, made)
    for _ in steps:  # each round finds at least one more, or there is no more to find
        for before, made in steps.values():
            if before in number:
                number[made] = number[before] + 1
    return {seq: number[made] for seq, (_, made) in steps.items() if made in number}


def _check_end(walk: _Walk, count: int, last: bytes) -> None:
    if walk.number < count:
        walk.tell(
            "entry-removed",
            walk.number + 1,
            f"the last entries are gone: {count} were recorded, {walk.number} are there",
        )
    elif walk.number > count or walk.link != last:
        walk.tell(
            "end-changed", walk.number, f"the ledger ends otherwise than its head says ({count})"
        )
    if walk.anchor is not None and walk.anchor[0] > walk.number:
        walk.tell(
            "entry-removed",
            walk.number + 1,
            f"the digest names {walk.anchor[0]} entries, {walk.number} are there",
        )


def _parsed(anchor: str) -> tuple[int, str]:
    count, dash, link = checked_text("digest", anchor).partition("-")
    if not (dash and count.isdecimal() and len(link) == 64):
        raise UsageError(f"digest: got {anchor!r}; expected what digest() returned")
    return int(count), link
