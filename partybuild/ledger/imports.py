"""Taking in files again and again: what is new, what stood there before, what was changed."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import Table, draft_events, match_headings
from partybuild.errors import Problem, UsageError, nearest
from partybuild.ledger.entries import CANONICAL, CONTENT, FORBIDDEN, Columns, checked_text
from partybuild.ledger.frames import blank_cells, columns_of, with_ids
from partybuild.ledger.matching import Match, Version, match
from partybuild.ledger.protocol import OnChange
from partybuild.ledger.reports import ImportReport
from partybuild.sources import events as event_files

if TYPE_CHECKING:
    from partybuild.ledger.keeping import KeptLedger

__all__ = ["import_file"]

_REASON: Final = "the row was changed in the file"
_TEXTS: Final = ("id", "kind", "unit", "subject", "organisation", "evidence", "note")


@attrs.frozen(kw_only=True)
class _Reading:
    """A file as read: columns of its good rows with their numbers, and what was wrong."""

    columns: Columns
    rows: list[int]
    dated: list[bool]
    rejected: tuple[int, ...]
    problems: tuple[Problem, ...]
    sheet: str | None


_OPTIONS: Final = ("source", "recorded_at", "recorded_by", "reason", "columns", "sheet")


def import_file(
    ledger: KeptLedger,
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
    if on_change not in {"conflict", "amend"}:
        raise UsageError(f"on_change: got {on_change!r}; allowed: 'conflict', 'amend'")
    name = checked_text("source", source or Path(path).name)
    read = _read(Path(path), timezone=ledger.timezone, columns=columns, sheet=sheet)
    versions = _versions(read)
    about = {"recorded_by": recorded_by, "file": name, "sheet": read.sheet}
    store = ledger.store
    with store.writing():
        stamped = None
        if recorded_at is not None or ledger.clock is not None:
            stamped = ledger.stamp(recorded_at, dt.datetime.min)
        for version in versions:
            if stamped is not None and not version.dated:
                version.recorded_at = stamped
        found = match(store, versions, source=name)
        late = [] if on_change == "amend" else found.changed
        conflicts = [*late, *(m for m in found.changed if m not in late and not m.settle())]
        kept = {id(m) for m in conflicts}
        amended = [m for m in found.changed if id(m) not in kept]
        taken = sorted([*found.added, *(m.version for m in amended)], key=lambda v: v.place)
        changed = {id(m.version) for m in amended}
        reasons = [(reason or _REASON) if id(v) in changed else reason for v in taken]
        ledger.add_columns(_chosen(read, taken, reasons, about))
    return ImportReport(
        file=name,
        added=_rows(found.added),
        unchanged=_rows(found.unchanged),
        amended=_rows(m.version for m in amended),
        conflicting=_rows(m.version for m in conflicts),
        rejected=read.rejected,
        missing=found.missing,
        problems=(*read.problems, *(_conflict(m, file=Path(path).name, sheet=read.sheet)
                                    for m in conflicts)),
    )  # fmt: skip


def _rows(versions: Iterable[Version]) -> tuple[int, ...]:
    return tuple(sorted(version.row for version in versions))


def _read(
    path: Path,
    *,
    timezone: str,
    columns: Mapping[str, str] | None,
    sheet: str | None,
) -> _Reading:
    """Read a file whose ids may be missing, in part or all."""
    table = event_files.read_table(path, columns, sheet)
    places = match_headings(list(table.frame.columns), columns).places
    frame, blank = with_ids(table.frame, places.get("id"))
    draft = draft_events(attrs.evolve(table, frame=frame), timezone=timezone, columns=columns)
    numbers = table.numbers()
    good = np.isin(numbers, draft.rows)
    dated = np.zeros(len(numbers), dtype=bool)
    if "recorded_at" in places:
        dated = ~blank_cells(table.frame.iloc[:, places["recorded_at"]])
    events = draft.events.assign(id=draft.events["id"].mask(blank[good]))
    clean, faults = _without_marks(events, draft.rows, table)
    problems = (*draft.problems, *faults)
    strays = [_row(problem) for problem in (*table.problems, *faults) if _is_error(problem)]
    bad = {*numbers[~good].tolist(), *(row for row in strays if row is not None)}
    return _Reading(
        columns=columns_of(events.loc[clean].reset_index(drop=True)),
        rows=draft.rows[clean].tolist(),
        dated=dated[good][clean].tolist(),
        rejected=tuple(sorted(bad)),
        problems=problems,
        sheet=table.sheet,
    )


def _is_error(problem: Problem) -> bool:
    return problem.severity == "error"


def _row(problem: Problem) -> int | None:
    return problem.row if problem.row is not None else problem.line


def _without_marks(events: pd.DataFrame, rows: Any, table: Table) -> tuple[Any, list[Problem]]:
    """Return which rows are free of the characters that separate fields, and what is not."""
    clean = np.ones(len(events), dtype=bool)
    faults: list[Problem] = []
    for name in _TEXTS:
        texts = events[name].fillna("").tolist()
        together = "".join(texts)
        if not any(mark in together for mark in FORBIDDEN):
            continue
        for number, text in enumerate(texts):
            if any(mark in text for mark in FORBIDDEN):
                clean[number] = False
                place = table.place(int(np.flatnonzero(table.numbers() == rows[number])[0]))
                faults.append(
                    Problem(
                        code="control-character",
                        message="holds a control character (U+0000, U+001E, U+001F)",
                        read=text,
                        column=name,
                        **place,
                    )
                )
    return clean, faults


def _versions(read: _Reading) -> list[Version]:
    """Return the good rows as versions to be matched with the ledger's."""
    count = len(read.rows)
    blank = [""] * count
    contents = zip(*(read.columns.texts.get(name, blank) for name in CONTENT), strict=True)
    ids, recorded = read.columns.texts["id"], read.columns.texts["recorded_at"]
    return [
        Version(
            place=place,
            row=read.rows[place],
            id=ids[place],
            content=content,
            recorded_at=dt.datetime.fromisoformat(recorded[place]),
            dated=read.dated[place],
        )
        for place, content in enumerate(contents)
    ]


def _chosen(
    read: _Reading,
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
    texts["reason"] = [checked_text("reason", reason or "") for reason in reasons]
    for name, value in about.items():
        texts[name] = [checked_text(name, value or "")] * len(taken)
    used = {name: column for name, column in texts.items() if name in CANONICAL and any(column)}
    return Columns(texts=used, quantity=[read.columns.quantity[v.place] for v in taken])


def _conflict(found: Match, *, file: str, sheet: str | None) -> Problem:
    if found.too_early:
        message = f"recorded before the version of {found.version.id!r} that the ledger holds"
        return Problem(
            code="recorded-too-early",
            message=message,
            read=found.version.recorded_text,
            expected=f"{found.held_at} or later",
            file=file,
            sheet=sheet,
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
        sheet=sheet,
        row=found.version.row,
    )
