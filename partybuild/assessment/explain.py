"""Which events stand behind a figure, and why the others do not: line by line."""

from __future__ import annotations

import datetime as dt
import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.errors import UnknownNameError, UsageError, nearest
from partybuild.events import event_states
from partybuild.grid import Grid, TargetGrid, day_number, member_places
from partybuild.periods import Window
from partybuild.reduce.facts import split_names
from partybuild.reduce.picks import conversion, is_one_of
from partybuild.roster import Member
from partybuild.target import Part, Target

#: Why an event counts, or does not; the keys are the values of the column `reason`.
REASONS = {
    "counted": "it counts in the window named",
    "makeup": "after the last window: it fills what earlier windows lack",
    "base": "in the window before: growth compares with it",
    "after-deadline": "after the deadline, inside the plan: the milestone is late",
    "nil-report": "a nil report: it says that nothing happened",
    "earlier-reading": "a later reading of the window replaces it",
    "superseded": "a later record of the same id replaced it",
    "void": "its last record withdraws it",
    "recorded-later": "recorded after known_at",
    "future": "dated after as_of",
    "outside-span": "dated outside the target's span",
    "outside-windows": "no window of the target holds its date",
    "outside-membership": "the member did not belong then",
    "unknown-member": "its subject names no member of the roster",
    "other-member": "it names another member",
    "other-organisation": "it belongs to another organisation",
    "other-window": "it counts in another window",
    "where": "an attribute is not what `where` asks for",
    "unknown-unit": "its unit is no known multiple of the target's",
}

_SHOWN = ("id", "kind", "date", "end", "quantity", "unit", "subject", "organisation")


@attrs.frozen(kw_only=True)
class Scope:
    """What is asked about: one target, and optionally one organisation, member or window."""

    grid: TargetGrid
    organisation: str | None = None
    subject: str | None = None
    window: str | None = None
    as_of: dt.date
    known_at: dt.date | None = None


@attrs.frozen(kw_only=True, eq=False)
class _Asked:
    scope: Scope
    plan_grid: Grid
    starts: tuple[dt.date, ...]
    ends: tuple[dt.date, ...]

    def windows_near(self, days: tuple[dt.date, dt.date]) -> tuple[Window, ...]:
        """The windows that touch any of the days; they stand in order, so no search is needed."""
        first, last = bisect_left(self.ends, days[0]), bisect_right(self.starts, days[1])
        return self.scope.grid.days.windows[first:last]

    @property
    def target(self) -> Target:
        return self.scope.grid.target


def explain_events(grid: Grid, events: pd.DataFrame, scope: Scope) -> pd.DataFrame:
    """List every record of the target's kinds with `counted`, `reason` and the window.

    Columns: id, kind, date, end, quantity, unit, subject, organisation, recorded_at,
    row (position in the frame handed in, from 0), counted, reason (a key of
    `REASONS`), window (the one it falls into), why (the reason in words).
    """
    periods = [window.period for window in scope.grid.days.windows]
    asked = _Asked(
        scope=scope,
        plan_grid=grid,
        starts=tuple(period.start for period in periods),
        ends=tuple(period.end for period in periods),
    )
    _check(asked)
    states = event_states(events, known_at=scope.known_at)
    rows = np.flatnonzero(events["kind"].isin(asked.target.kinds).to_numpy())
    chosen = events.iloc[rows]
    found = [
        _judge(asked, record, str(state))
        for record, state in zip(_records(chosen), states[rows], strict=True)
    ]
    found = _last_readings(asked, chosen, found)
    frame = chosen[[*_SHOWN, "recorded_at"]].reset_index(drop=True)
    return frame.assign(
        row=rows,
        counted=[reason in ("counted", "makeup", "nil-report") for reason, _ in found],
        reason=[reason for reason, _ in found],
        window=pd.Series([window for _, window in found], dtype="str"),
        why=[REASONS[reason] for reason, _ in found],
    )


def _records(frame: pd.DataFrame) -> Iterator[dict[str, Any]]:
    for cells in frame.to_dict("records"):
        record: dict[str, Any] = {str(key): value for key, value in cells.items()}
        record["date"], record["end"] = record["date"].date(), record["end"].date()
        yield record


def _check(asked: _Asked) -> None:
    """Refuse organisations, members and windows that the assessment does not have."""
    scope, grid = asked.scope, asked.plan_grid
    names = [name for name in grid.organisations if name is not None]
    _known("organisation", scope.organisation, names)
    if scope.subject is not None and asked.target.each is None:
        raise UsageError(f"subject: target {asked.target.id!r} is not judged by member")
    members = scope.grid.units.members
    _known("subject", scope.subject, [name for one in members for name in (one.id, one.label)])
    _known("window", scope.window, [window.label for window in scope.grid.days.windows])


def _known(name: str, value: str | None, allowed: list[str]) -> None:
    if value is not None and value not in allowed:
        hint = nearest(value, allowed)
        raise UnknownNameError(f"{name}: there is no {value!r}" + (f"; {hint}" if hint else ""))


def _judge(asked: _Asked, record: dict[str, Any], state: str) -> tuple[str, str | None]:
    """The reason for one record, and the label of the window it falls into."""
    if state != "holds":
        return ("recorded-later" if state == "later" else state), None
    parts = [part for part in _parts(asked.target) if record["kind"] in part[0]]
    fitting = [part for _, where, part in parts if _fits(record, where)]
    if not fitting:
        return "where", None
    for reason in (_place_reason(asked, record), _unit_reason(asked, record, parts)):
        if reason is not None:
            return reason, None
    return _time_reason(asked, record, is_lasting=_is_lasting(asked.target, fitting))


def _is_lasting(target: Target, parts: list[Part | None]) -> bool:
    """Whether a record counts on all its days and not only on its date."""
    return any((part.measure if part else target.measure) == "days" for part in parts)


def _fits(record: dict[str, Any], where: tuple[tuple[str, Any], ...]) -> bool:
    return all(is_one_of(record.get(key), wanted, column=key) for key, wanted in where)


def _parts(
    target: Target,
) -> list[tuple[tuple[str, ...], tuple[tuple[str, Any], ...], Part | None]]:
    own = tuple(target.where.items())
    parts = [part for part in (target.numerator, target.denominator, target.of) if part]
    if not parts:
        return [(target.kinds, own, None)]
    return [(target.part_kinds(part), (*own, *part.where.items()), part) for part in parts]


def _place_reason(asked: _Asked, record: dict[str, Any]) -> str | None:
    scope, grid = asked.scope, asked.plan_grid
    if grid.organisations != (None,):
        place = grid.organisation_names.get(record["organisation"])
        if place is None:
            return "other-organisation"
        if scope.organisation not in (None, grid.organisations[place]):
            return "other-organisation"
    if asked.target.each is None:
        return None
    members = _members_of(asked, record)
    if not members:
        return "unknown-member"
    if scope.subject is None:
        return None
    wanted = {one.id for one in scope.grid.units.members if scope.subject in (one.id, one.label)}
    return None if wanted & set(members) else "other-member"


def _members_of(asked: _Asked, record: dict[str, Any]) -> list[str]:
    members = asked.scope.grid.units.members
    places = member_places(members)
    subject = record["subject"]
    names = split_names(subject) if isinstance(subject, str) else ()
    if asked.target.each == "organisations" and record["organisation"] in places:
        names = (record["organisation"],)
    return [members[places[name]].id for name in names if name in places]


def _unit_reason(
    asked: _Asked, record: dict[str, Any], parts: list[tuple[Any, Any, Part | None]]
) -> str | None:
    target, unit = asked.target, record["unit"]
    is_plain = all(part is None for _, _, part in parts)
    if not is_plain or not target.measure_kind.has_quantity or not isinstance(unit, str):
        return None
    if target.unit is None:
        return None
    factor = conversion(unit, target.unit, asked.plan_grid.plan.units)
    return "unknown-unit" if math.isnan(factor) else None


def _time_reason(
    asked: _Asked, record: dict[str, Any], *, is_lasting: bool
) -> tuple[str, str | None]:
    scope, target = asked.scope, asked.target
    day = record["date"]
    last = record["end"] if is_lasting else day
    if day > scope.as_of:
        return "future", None
    if last < scope.grid.span.start or day > scope.grid.span.end:
        return _outside(asked, day), None
    windows = _windows_of(asked, record, (day, min(last, scope.as_of)))
    if not windows:
        return _missed_windows(asked, record, (day, last))
    if scope.window is not None and scope.window not in windows:
        return "other-window", windows[0]
    label = scope.window or windows[0]
    is_nil = target.nil_return and record["quantity"] == 0
    is_counting = target.measure in ("count", "distinct", "days")
    return ("nil-report" if is_nil and is_counting else "counted"), label


def _windows_of(asked: _Asked, record: dict[str, Any], days: tuple[dt.date, dt.date]) -> list[str]:
    """The windows that one of the days falls into, for a member that the record names."""
    named = _named_members(asked, record)
    return [
        window.label
        for window in asked.windows_near(days)
        if any(_holds(asked.target, window, one, days) for one in named)
    ]


def _holds(
    target: Target, window: Window, member: Member | None, days: tuple[dt.date, dt.date]
) -> bool:
    start, end = window.period.start, window.period.end
    if member is not None:
        start, end = max(start, member.from_ or start), min(end, member.to or end)
    is_skipped = target.partial == "skip" and (start, end) != (window.whole.start, window.whole.end)
    return not is_skipped and start <= end and start <= days[1] and days[0] <= end


def _missed_windows(
    asked: _Asked, record: dict[str, Any], days: tuple[dt.date, dt.date]
) -> tuple[str, str | None]:
    """Why a record inside the span counts in no window."""
    if _windows_of(asked, record, days):
        return "future", None  # it began before, and its days in the window are still to come
    around = [
        window.label
        for window in asked.windows_near(days)
        if _holds(asked.target, window, None, days)
    ]
    return ("outside-membership", around[0]) if around else ("outside-windows", None)


def _outside(asked: _Asked, day: dt.date) -> str:
    target, plan = asked.target, asked.plan_grid.plan
    is_after = asked.scope.grid.span.end < day <= plan.end
    if target.baseline == "previous" and day < asked.scope.grid.span.start:
        first = int(asked.scope.grid.days.previous_start[0])
        return "base" if day_number(day) >= first else "outside-span"
    if is_after and target.makeup:
        return "makeup"
    if is_after and target.measure == "milestone":
        return "after-deadline"
    return "outside-span"


def _named_members(asked: _Asked, record: dict[str, Any]) -> list[Member | None]:
    """The members asked about whom the record names; [None] where nobody is judged by himself."""
    scope = asked.scope
    if asked.target.each is None:
        return [None]
    names = set(_members_of(asked, record))
    return [
        one
        for one in scope.grid.units.members
        if one.id in names and scope.subject in (None, one.id, one.label)
    ]


def _last_readings(
    asked: _Asked, frame: pd.DataFrame, found: list[tuple[str, str | None]]
) -> list[tuple[str, str | None]]:
    """Of a `latest` target only the last reading of each window, unit and member counts."""
    if asked.target.measure != "latest":
        return found
    order = sorted(
        (at for at, (reason, _) in enumerate(found) if reason == "counted"),
        key=lambda at: (frame["date"].iloc[at], frame["recorded_at"].iloc[at], at),
    )
    is_by = asked.plan_grid.organisations != (None,)
    last: dict[Any, int] = {}
    for at in order:
        subject = frame["subject"].iloc[at] if asked.target.each else None
        place = frame["organisation"].iloc[at] if is_by else None
        last[(found[at][1], place, subject)] = at
    kept = set(last.values())
    return [
        ("earlier-reading", window) if reason == "counted" and at not in kept else (reason, window)
        for at, (reason, window) in enumerate(found)
    ]
