"""Taking in files again and again: what is new, what stood there before, what was changed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from partybuild.errors import Problem, UsageError, nearest
from partybuild.ledger.entries import CANONICAL, CONTENT, Columns, checked_text
from partybuild.ledger.files import file_path
from partybuild.ledger.identity import identity
from partybuild.ledger.importing import Reading, read_file
from partybuild.ledger.matching import Match, Source, Version, match
from partybuild.ledger.protocol import OnChange, Taking
from partybuild.ledger.reports import ImportReport

__all__ = ["import_file"]

_REASON: Final = "the row was changed in the file"
_OPTIONS: Final = ("source", "recorded_at", "recorded_by", "reason", "columns", "sheet")


def import_file(
    ledger: Taking,
    path: str | os.PathLike[str],
    *,
    on_change: OnChange,
    options: Mapping[str, Any],
) -> ImportReport:
    """Take in a file; see `KeptLedger.import_file`."""
    for option in options:
        if option not in _OPTIONS:
            hint = nearest(option, _OPTIONS) or f"allowed: {', '.join(_OPTIONS)}"
            raise UsageError(f"import_file: {option!r} is no option; {hint}")
    source, recorded_at, recorded_by, reason, columns, sheet = map(options.get, _OPTIONS)
    if on_change not in ("conflict", "amend"):
        raise UsageError(f"on_change: got {on_change!r}; allowed: 'conflict', 'amend'")
    place = file_path(path)
    name = checked_text("source", source or place.name)
    for option, text in (("recorded_by", recorded_by), ("reason", reason)):
        checked_text(option, text or "")
    read = read_file(place, timezone=ledger.timezone, columns=columns, sheet=sheet)
    versions = _versions(read)
    known_as = Source(name=name, sheets=read.order, is_one_sheet=sheet is not None)
    about = {"recorded_by": recorded_by, "file": name}
    with ledger.store.writing():
        stamped = None
        if recorded_at is not None or ledger.clock is not None:
            stamped = ledger.stamp(recorded_at, dt.datetime.min)
        for version in versions:
            if stamped is not None and not version.dated:
                version.recorded_at = stamped
        found = match(ledger.store, versions, source=known_as)
        late = [] if on_change == "amend" else found.changed
        conflicts = [*late, *(m for m in found.changed if m not in late and not m.settle())]
        kept = {id(m) for m in conflicts}
        amended = [m for m in found.changed if id(m) not in kept]
        taken = sorted([*found.added, *(m.version for m in amended)], key=lambda v: v.place)
        changed = {id(m.version) for m in amended}
        reasons = [(reason or _REASON) if id(v) in changed else reason for v in taken]
        ledger.add_columns(_chosen(read, taken, reasons, about))
    told = (*read.problems, *(_conflict(m, file=place.name) for m in conflicts))
    fates = {
        "added": _places(found.added),
        "unchanged": _places(found.unchanged),
        "amended": _places(m.version for m in amended),
        "conflicting": _places(m.version for m in conflicts),
        "rejected": read.rejected,
        "skipped": read.skipped,
    }
    return _report(name, fates, told, missing=found.missing, sheets=read.order)


#: Where a row stands: its sheet, in a workbook, and its number.
Place = tuple[str | None, int]


def _places(versions: Iterable[Version]) -> list[Place]:
    return [(version.sheet, version.row) for version in versions]


def _report(
    name: str,
    fates: Mapping[str, Iterable[Place]],
    problems: tuple[Problem, ...],
    *,
    missing: tuple[str, ...],
    sheets: tuple[str, ...],
) -> ImportReport:
    """Say what became of the rows, all together and sheet by sheet."""
    number = {sheet: place for place, sheet in enumerate(sheets)}
    ordered: dict[str, Any] = {
        fate: sorted(places, key=lambda place: (number.get(place[0] or "", -1), place[1]))
        for fate, places in fates.items()
    }
    whole = ImportReport(
        file=name,
        sheet=None,
        missing=missing,
        problems=problems,
        **{fate: tuple(row for _, row in places) for fate, places in ordered.items()},
    )
    parts = [
        ImportReport(
            file=name,
            sheet=sheet,
            problems=tuple(problem for problem in problems if problem.sheet == sheet),
            **{
                fate: tuple(row for one, row in places if one == sheet)
                for fate, places in ordered.items()
            },
        )
        for sheet in sheets
    ]
    return attrs.evolve(whole, sheets=tuple(parts))


def _versions(read: Reading) -> list[Version]:
    """Return the good rows as versions to be matched with the ledger's."""
    count = len(read.rows)
    blank = [""] * count
    contents = zip(*(read.columns.texts.get(name, blank) for name in CONTENT), strict=True)
    ids, recorded = read.columns.texts["id"], read.columns.texts["recorded_at"]
    return [
        Version(
            place=place,
            row=read.rows[place],
            sheet=read.sheets[place],
            id=ids[place],
            content=identity(content),
            recorded_at=dt.datetime.fromisoformat(recorded[place]),
            dated=read.dated[place],
        )
        for place, content in enumerate(contents)
    ]


def _chosen(
    read: Reading,
    taken: list[Version],
    reasons: list[str | None],
    about: Mapping[str, str | None],
) -> Columns:
    """Return the columns of the versions that are to be recorded."""
    texts = {
        name: [column[version.place] for version in taken]
        for name, column in read.columns.texts.items()
    }
    texts["id"] = [version.id for version in taken]
    texts["recorded_at"] = [version.recorded_text for version in taken]
    texts["row"] = [str(version.row) for version in taken]
    texts["sheet"] = [version.sheet or "" for version in taken]
    texts["reason"] = [checked_text("reason", reason or "") for reason in reasons]
    for name, value in about.items():
        texts[name] = [checked_text(name, value or "")] * len(taken)
    used = {name: column for name, column in texts.items() if name in CANONICAL and any(column)}
    return Columns(texts=used, quantity=[read.columns.quantity[v.place] for v in taken])


def _conflict(found: Match, *, file: str) -> Problem:
    if found.too_early:
        message = f"recorded before the version of {found.version.id!r} that the ledger holds"
        return Problem(
            code="recorded-too-early",
            message=message,
            read=found.version.recorded_text,
            expected=f"{found.held_at} or later",
            file=file,
            sheet=found.version.sheet,
            row=found.version.row,
            column="recorded_at",
        )
    differences = [
        f"{name}: {was or 'nothing'} -> {now or 'nothing'}"
        for name, was, now in zip(CONTENT, found.was, found.version.content, strict=True)
        if was != now
    ]
    return Problem(
        code="changed-row",
        message=f"differs from event {found.version.id!r} as recorded",
        read="; ".join(differences),
        hint="on_change='amend' records it as a correction",
        file=file,
        sheet=found.version.sheet,
        row=found.version.row,
    )
