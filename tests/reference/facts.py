"""Sections 2 and 3: which rows are events, and how events become one number."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import Any

from .exact import exact

INTEGER = {"count", "distinct", "days"}
ADDITIVE = INTEGER | {"total"}
QUANTITY_MEASURES = {"total", "latest", "mean", "max", "min"}
YUAN = {"元": Fraction(1), "万元": Fraction(10**4), "亿元": Fraction(10**8)}


@dataclass(frozen=True)
class Event:
    id: str
    kind: str
    date: date
    end: date
    quantity: Fraction
    unit: str | None
    subjects: tuple[str, ...]
    organisation: str | None
    recorded_at: datetime
    row: int
    fields: dict[str, Any]


def names_in(text: str | None) -> tuple[str, ...]:
    """Split "甲；乙、丙" into its different names."""
    parts = [part.strip() for part in re.split("[;；、]", text or "")]
    return tuple(dict.fromkeys(part for part in parts if part))


def moment(value: date | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.combine(value, time.min)


def event_of(row: int, fields: dict[str, Any]) -> Event:
    day = fields["date"]
    quantity = fields.get("quantity")
    return Event(
        id=fields["id"],
        kind=fields["kind"],
        date=day,
        end=fields.get("end") or day,
        quantity=exact(1 if quantity is None else quantity),
        unit=fields.get("unit") or None,
        subjects=names_in(fields.get("subject")),
        organisation=fields.get("organisation") or None,
        recorded_at=moment(fields.get("recorded_at") or day),
        row=row,
        fields=fields,
    )


def current_events(rows: list[dict[str, Any]], known_at: date | None) -> list[Event]:
    """Return the events that hold: the last row of each history, unless it is void."""
    holding: dict[str, Event] = {}
    for row, fields in enumerate(rows):
        event = event_of(row, fields)
        if known_at is not None and event.recorded_at.date() > known_at:
            continue
        before = holding.get(event.id)
        if before is None or event.recorded_at >= before.recorded_at:
            holding[event.id] = event
    events = [event for event in holding.values() if not event.fields.get("void")]
    return sorted(events, key=lambda event: event.row)


def kinds_of(part: dict[str, Any]) -> tuple[str, ...]:
    kind = part.get("kind")
    if kind is None:
        return ()
    return (kind,) if isinstance(kind, str) else tuple(kind)


def parts_of(target: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the tables that select events: the target, or its ratio's two parts."""
    if target["measure"] == "ratio" or target.get("of") == "ratio":
        return [part_of(target, "numerator"), part_of(target, "denominator")]
    if target["measure"] == "growth":
        of = target["of"]
        inner = {"measure": of} if isinstance(of, str) else dict(of)
        return [{**inherited(target), **inner}]
    return [target]


def inherited(target: dict[str, Any]) -> dict[str, Any]:
    return {key: target[key] for key in ("kind", "where", "entries") if key in target}


def part_of(target: dict[str, Any], side: str) -> dict[str, Any]:
    part = {"kind": target.get("kind"), **target[side]}
    part["where"] = {**(target.get("where") or {}), **(target[side].get("where") or {})}
    return part


def selected(part: dict[str, Any], events: list[Event]) -> list[Event]:
    kinds = kinds_of(part)
    where = part.get("where") or {}
    return [
        event
        for event in events
        if event.kind in kinds
        and all(event.fields.get(key) == value for key, value in where.items())
    ]


def inside(part: dict[str, Any], events: list[Event], first: date, last: date) -> list[Event]:
    """Return the selected events of a range; `days` also takes those that reach into it."""
    found = selected(part, events)
    if part["measure"] == "days":
        return [event for event in found if event.date <= last and event.end >= first]
    return [event for event in found if first <= event.date <= last]


def by_time(event: Event) -> tuple[date, datetime, int]:
    return event.date, event.recorded_at, event.row


def amount(event: Event, unit: str | None) -> Fraction:
    """Return the quantity in the target's unit."""
    if unit is None or event.unit is None or unit == event.unit:
        return event.quantity
    if unit in YUAN and event.unit in YUAN:
        return event.quantity * YUAN[event.unit] / YUAN[unit]
    raise ValueError(f"event {event.id}: no way from {event.unit} to {unit}")


def subject_keys(event: Event, member: tuple[str, ...] | None) -> list[Any]:
    """Return whose running totals a reading is: each subject's, else the organisation's."""
    if member is not None:
        return [member]
    return list(event.subjects) or [("organisation", event.organisation)]


def running(
    readings: list[Event], day: date, unit: str | None, member: tuple[str, ...] | None
) -> Fraction:
    """R(t): the sum over subjects of the last reading on or before `day`."""
    last: dict[Any, Event] = {}
    for event in sorted(readings, key=by_time):
        if event.date <= day:
            for key in subject_keys(event, member):
                last[key] = event
    return sum((amount(event, unit) for event in last.values()), Fraction(0))


@dataclass(frozen=True)
class Scope:
    """What a value is taken over, beside the range: the events and whose they are."""

    events: list[Event]
    span_start: date
    member: tuple[str, ...] | None = None  # the names of the member, on `each` targets


def simple_value(
    part: dict[str, Any], scope: Scope, first: date, last: date, unit: str | None = None
) -> Fraction | None:
    """Return one of the plain measures over first..last."""
    measure = part["measure"]
    found = inside(part, scope.events, first, last)
    if measure in ADDITIVE and part.get("nil_return"):
        if not found:
            return None
        if measure in INTEGER:  # a nil report says "none", and is not one itself
            found = [event for event in found if event.quantity != 0]
    if measure == "count":
        return Fraction(len(found))
    if measure == "distinct":
        names = {name for event in found for name in event.subjects}
        if scope.member is not None:
            return Fraction(1 if names & set(scope.member) else 0)
        return Fraction(len(names))
    if measure == "days":
        covered = set()
        for event in found:
            day = max(event.date, first)
            while day <= min(event.end, last):
                covered.add(day)
                day += timedelta(days=1)
        return Fraction(len(covered))
    if measure == "total" and part.get("entries") == "running":
        start = min(scope.span_start, first)
        readings = [e for e in selected(part, scope.events) if e.date >= start]
        before = running(readings, first - timedelta(days=1), unit, scope.member)
        return running(readings, last, unit, scope.member) - before
    amounts = [amount(event, unit) for event in sorted(found, key=by_time)]
    if measure == "total":
        return sum(amounts, Fraction(0))
    if not amounts:
        return None
    if measure == "latest":
        return amounts[-1]
    if measure == "mean":
        return sum(amounts, Fraction(0)) / len(amounts)
    if measure == "max":
        return max(amounts)
    if measure == "min":
        return min(amounts)
    raise ValueError(measure)


def ratio_value(target: dict[str, Any], scope: Scope, first: date, last: date) -> Fraction | None:
    top = simple_value(part_of(target, "numerator"), scope, first, last)
    bottom = simple_value(part_of(target, "denominator"), scope, first, last)
    if top is None or bottom is None or bottom == 0:
        return None
    return top / bottom


def of_value(target: dict[str, Any], scope: Scope, first: date, last: date) -> Fraction | None:
    if target["of"] == "ratio":
        return ratio_value(target, scope, first, last)
    return simple_value(parts_of(target)[0], scope, first, last)


def value(
    target: dict[str, Any],
    scope: Scope,
    first: date,
    last: date,
    before: tuple[date, date] | None = None,
) -> Fraction | None:
    """Return the target's measure over first..last (`last` is already min(e, T))."""
    measure = target["measure"]
    if measure == "milestone":
        return Fraction(1 if inside(target, scope.events, first, last) else 0)
    if measure == "ratio":
        return ratio_value(target, scope, first, last)
    if measure == "growth":
        if not any(inside(part, scope.events, first, last) for part in parts_of(target)):
            return None
        if target["baseline"] == "previous":
            base = None if before is None else of_value(target, scope, *before)
        else:
            base = exact(target["baseline"])
        now = of_value(target, scope, first, last)
        return None if now is None or base is None or base == 0 else (now - base) / base
    unit = target.get("unit") if measure in QUANTITY_MEASURES else None
    return simple_value(target, scope, first, last, unit)


def behind_it(target: dict[str, Any], events: list[Event], first: date, last: date) -> list[Event]:
    """Return the events that stand behind a value, each once."""
    found = {e.row: e for part in parts_of(target) for e in inside(part, events, first, last)}
    return sorted(found.values(), key=by_time)
