"""Which rows of a file the ledger has already, which are new, and which were changed.

Rows with an id are found by it. Rows without one are found by their whole
content; true twins, equal in everything, are counted. What is left over on both
sides is paired: first by kind, date, subject and organisation, then by standing
between the same neighbours.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections import Counter, defaultdict, deque
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, TypeVar

import attrs

from partybuild.ledger.entries import CANONICAL, CONTENT, Row, moment_text
from partybuild.ledger.identity import Content, identity, said
from partybuild.ledger.protocol import Store

__all__ = ["Match", "Version", "content_id", "match"]

T = TypeVar("T")

_ID: Final = 1 + CANONICAL.index("id")
_RECORDED_AT: Final = 1 + CANONICAL.index("recorded_at")
_ROW: Final = 1 + CANONICAL.index("row")
_SHEET: Final = 1 + CANONICAL.index("sheet")
_KEY: Final = [CONTENT.index(name) for name in ("kind", "date", "subject", "organisation")]
_KIND: Final = CONTENT.index("kind")


@attrs.define(kw_only=True, eq=False)
class Version:
    """One row of a file. `dated`: it says itself when it was recorded."""

    place: int
    row: int
    sheet: str | None = None
    id: str
    content: Content
    recorded_at: dt.datetime
    dated: bool = False

    @property
    def recorded_text(self) -> str:
        """`recorded_at` as it is kept."""
        return moment_text(self.recorded_at)


@attrs.define(eq=False)
class Match:
    """A row that differs from the version of its event that the ledger holds."""

    version: Version
    was: Content
    held_at: dt.datetime
    too_early: bool = False

    def settle(self) -> bool:
        """Have the row recorded no earlier than what it replaces; False if it says otherwise."""
        if self.version.recorded_at < self.held_at:
            self.too_early = self.version.dated
            if not self.version.dated:
                self.version.recorded_at = self.held_at
        return not self.too_early


@attrs.define
class Found:
    """The rows of a file, sorted by what the ledger knows of them."""

    added: list[Version] = attrs.field(factory=list)
    unchanged: list[Version] = attrs.field(factory=list)
    changed: list[Match] = attrs.field(factory=list)
    missing: tuple[str, ...] = ()


@attrs.define
class _Known:
    """An event taken from the file before: what the file said of it last, and where."""

    id: str
    content: Content
    place: tuple[int, int]
    held: tuple[dt.datetime, bool]


def content_id(content: Content, twin: int) -> str:
    """Return the id of an event that has none: a hash of its content, and which twin it is.

    The content goes into the hash as a JSON list, so that no two contents look
    alike: ``["ab", "c"]`` and ``["a", "bc"]`` differ; what is the same event in
    another sort of file has the same id.

    >>> content_id(("督查", "2021-03-05"), 1)
    'ca224f2ee4f829b8c-1'
    """
    text = json.dumps(identity(content), ensure_ascii=False, separators=(",", ":"))
    return f"c{hashlib.sha256(text.encode()).hexdigest()[:16]}-{twin}"


@attrs.frozen(kw_only=True)
class Source:
    """What is read again: the file `name`, its `sheets` in their order, or only one of them."""

    name: str
    sheets: Sequence[str] = ()
    is_one_sheet: bool = False

    def place(self, row: Row) -> tuple[int, int]:
        """Where a stored entry stood in the file."""
        sheet = self.sheets.index(row[_SHEET]) if row[_SHEET] in self.sheets else -1
        return sheet, row[_ROW] or 0


def match(store: Store, versions: list[Version], *, source: Source) -> Found:
    """Sort the rows of a file; rows without an id that are new get one."""
    known = _known_from(store, source)
    found = Found()
    named = [version for version in versions if version.id]
    nameless = [version for version in versions if not version.id]
    _match_named(store, named, known, found)
    names = {version.id for version in named}
    left = _match_nameless(nameless, [one for one in known.values() if one.id not in names], found)
    _match_elsewhere(store, left, found, known)
    present = {version.id for version in (*versions, *(m.version for m in found.changed))}
    found.missing = tuple(
        one.id for one in known.values() if one.id not in present and not one.held[1]
    )
    return found


def _known_from(store: Store, source: Source) -> dict[str, _Known]:
    """Return the events that were taken from this file, in the order they stood in it."""
    last = {row[_ID]: row for row in store.rows_from(source.name)}
    if source.is_one_sheet:
        last = {name: row for name, row in last.items() if row[_SHEET] in source.sheets}
    held = _held(store.rows_of(list(last)))
    known = [
        _Known(id=name, content=said(row), place=source.place(row), held=held[name])
        for name, row in last.items()
    ]
    return {one.id: one for one in sorted(known, key=lambda one: one.place)}


def _held(rows: Iterable[Row]) -> dict[str, tuple[dt.datetime, bool]]:
    """Return when the version that holds was recorded, and whether it is void, by id."""
    void = 1 + CANONICAL.index("void")
    held: dict[str, tuple[dt.datetime, bool]] = {}
    for row in rows:
        recorded_at = dt.datetime.fromisoformat(row[_RECORDED_AT])
        if row[_ID] not in held or recorded_at >= held[row[_ID]][0]:
            held[row[_ID]] = (recorded_at, bool(row[void]))
    return held


def _match_named(
    store: Store, versions: list[Version], known: dict[str, _Known], found: Found
) -> None:
    groups: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        groups[version.id].append(version)
    histories: dict[str, list[Row]] = defaultdict(list)
    for row in store.rows_of(list(groups)):
        histories[row[_ID]].append(row)
    for name, group in groups.items():
        history = histories.get(name)
        if history is None:
            _add_history(group, found)
        elif len(group) == 1:
            _match_single(group[0], history, known.get(name), found)
        else:
            _match_history(group, history, found)


def _add_history(group: list[Version], found: Found) -> None:
    """Take the rows of an event that is new; one that repeats the row before says nothing new."""
    for before, version in zip([None, *group], group, strict=False):
        repeats = before is not None and before.content == version.content
        (found.unchanged if repeats else found.added).append(version)


def _match_single(version: Version, history: list[Row], known: _Known | None, found: Found) -> None:
    """Compare a row with what the same file said last, else with all that was ever recorded."""
    contents = [said(row) for row in history] if known is None else [known.content]
    if version.content in contents:
        found.unchanged.append(version)
    else:
        found.changed.append(_changed(version, history))


def _match_history(group: list[Version], history: list[Row], found: Found) -> None:
    """Compare several rows of one event with its recorded versions, each used once."""
    pool = Counter(said(row) for row in history)
    before: Content | None = None
    for version in group:
        if pool[version.content]:
            pool[version.content] -= 1
            found.unchanged.append(version)
        elif version.content == before:
            found.unchanged.append(version)
        else:
            found.changed.append(_changed(version, history))
        before = version.content


def _changed(version: Version, history: list[Row]) -> Match:
    recorded_at, _ = _held(history)[version.id]
    held = max(history, key=lambda row: (dt.datetime.fromisoformat(row[_RECORDED_AT]), row[0]))
    return Match(version, was=said(held), held_at=recorded_at)


def _match_nameless(versions: list[Version], known: list[_Known], found: Found) -> list[Version]:
    """Find rows without an id among those taken from the file before; return the others."""
    waiting: dict[Content, deque[_Known]] = defaultdict(deque)
    for one in known:
        waiting[one.content].append(one)
    partner: dict[int, _Known] = {}
    for version in versions:
        if waiting.get(version.content):
            one = waiting[version.content].popleft()
            partner[version.place] = one
            version.id = one.id
            found.unchanged.append(version)
    used = {one.id for one in partner.values()}
    rest = [version for version in versions if version.place not in partner]
    gone = [one for one in known if one.id not in used]
    pairs = [*_pairs_by_key(rest, gone)]
    pairs += _pairs_by_place(
        versions,
        known,
        partner | {version.place: one for version, one in pairs},
        gone={one.id for one in gone} - {one.id for _, one in pairs},
    )
    for version, one in pairs:
        version.id = one.id
        found.changed.append(Match(version, was=one.content, held_at=one.held[0]))
    return [version for version in rest if not version.id]


def _pairs_by_key(versions: list[Version], known: list[_Known]) -> Iterator[tuple[Version, _Known]]:
    """Pair what happened to the same people, at the same place, on the same day."""
    waiting: dict[Content, deque[_Known]] = defaultdict(deque)
    for one in known:
        waiting[_key(one.content)].append(one)
    for version in versions:
        if waiting.get(_key(version.content)):
            yield version, waiting[_key(version.content)].popleft()


def _key(content: Content) -> Content:
    return tuple(content[place] for place in _KEY)


def _pairs_by_place(
    versions: list[Version], known: list[_Known], partner: dict[int, _Known], *, gone: set[str]
) -> list[tuple[Version, _Known]]:
    """Pair rows of one kind that stand between the same neighbours, if they are equally many."""
    new = _gaps((version, partner.get(version.place)) for version in versions)
    matched = {one.id for one in partner.values()}
    old = _gaps((one, one if one.id in matched else None) for one in known)
    pairs: list[tuple[Version, _Known]] = []
    for gap, rows in new.items():
        waiting = [one for one in old.get(gap, ()) if one.id in gone]
        if len(waiting) == len(rows) and gap != (None, None):
            pairs += [
                (version, one)
                for version, one in zip(rows, waiting, strict=True)
                if version.content[_KIND] == one.content[_KIND]
            ]
    return pairs


def _gaps(
    items: Iterable[tuple[T, _Known | None]],
) -> dict[tuple[str | None, str | None], list[T]]:
    """Return the unmatched items by the ids of the matched ones before and after them."""
    gaps: dict[tuple[str | None, str | None], list[T]] = {}
    before: str | None = None
    open_gap: list[T] = []
    for item, one in items:
        if one is None:
            open_gap.append(item)
            continue
        if open_gap:
            gaps[before, one.id] = open_gap
        before, open_gap = one.id, []
    if open_gap:
        gaps[before, None] = open_gap
    return gaps


def _match_elsewhere(
    store: Store, versions: list[Version], found: Found, known: dict[str, _Known]
) -> None:
    """Find rows without an id among all events with made-up ids; the others are new.

    Round by round, each row that is left asks for the next twin of its content.
    """
    used = {version.id for version in found.unchanged} | known.keys()
    twin: Counter[Content] = Counter()
    waiting = versions
    while waiting:
        asked: list[tuple[str, Version]] = []
        for version in waiting:
            twin[version.content] += 1
            asked.append((content_id(version.content, twin[version.content]), version))
        held: dict[str, set[Content]] = defaultdict(set)
        for row in store.rows_of([name for name, _ in asked]):
            held[row[_ID]].add(said(row))
        waiting = []
        for name, version in asked:
            if name not in held and name not in used:
                version.id = name
                found.added.append(version)
            elif name not in used and version.content in held[name]:
                version.id = name
                found.unchanged.append(version)
            else:
                waiting.append(version)
            used.add(name)
