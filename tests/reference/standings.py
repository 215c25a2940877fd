"""Section 7: one standing per target x organisation x subject x window."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from .exact import above, below, exact, plain
from .facts import ADDITIVE, INTEGER, Event, Scope, behind_it, value
from .goals import (
    WAIVED,
    Requirement,
    completion_of,
    elapsed,
    goal_in_force,
    goal_of,
    on_the_line,
    requirement_of,
    shortfall_of,
)
from .windows import ONE_DAY, Window, range_before, span_of, windows_of


@dataclass
class Standing:
    window: Window  # of the target
    cut: Window  # of the member: the window cut by its from..to
    member: dict[str, Any] | None
    waived: bool
    req: Requirement | None
    original: Fraction | None
    actual: Fraction | None
    events: list[Event]
    done_late: bool = False  # milestone: done after the deadline
    filled: Fraction = Fraction(0)  # makeup received
    status: str = ""
    light: str = ""
    completion: Fraction | None = None
    expected: Fraction | None = None
    shortfall: Fraction | None = None
    surplus: Fraction | None = None
    recoverable: bool = False
    warned: bool = False
    days_left: int = 0

    @property
    def subject(self) -> str | None:
        return None if self.member is None else self.member["id"]

    def is_upcoming(self, as_of: date) -> bool:
        return as_of < self.cut.start

    def is_open(self, as_of: date) -> bool:
        return self.cut.start <= as_of < self.cut.end

    def is_closed(self, as_of: date) -> bool:
        return as_of >= self.cut.end


def names_of(member: dict[str, Any]) -> tuple[str, ...]:
    return tuple(name for name in (member["id"], member.get("name")) if name)


def members_of(
    plan_file: dict[str, Any], target: dict[str, Any], organisation: dict[str, Any] | None
) -> list[dict[str, Any] | None]:
    """Return the roster of an `each` target; [None] for the others."""
    if not target.get("each"):
        return [None]
    roster = []
    for member in plan_file.get("rosters", {})[target["each"]]:
        member = {"id": member} if isinstance(member, str) else member
        theirs = member.get("organisation")
        if organisation is None or theirs is None or theirs in names_of(organisation):
            roster.append(member)
    return roster


def scope_of(
    events: list[Event], member: dict[str, Any] | None, each: str | None, span_start: date
) -> Scope:
    if member is None:
        return Scope(events, span_start)
    names = names_of(member)
    theirs = [
        event
        for event in events
        if set(names) & set(event.subjects)
        or (each == "organisations" and event.organisation in names)
    ]
    return Scope(theirs, span_start, names)


class TargetCase:
    """One target of one organisation as of one day."""

    def __init__(
        self,
        plan_file: dict[str, Any],
        target: dict[str, Any],
        events: list[Event],
        as_of: date,
        organisation: dict[str, Any] | None,
    ) -> None:
        self.plan = plan_file["plan"]
        self.target = target
        self.events = events
        self.as_of = as_of
        self.measure = target["measure"]
        self.additive = self.measure in ADDITIVE
        self.integer = self.measure in INTEGER
        self.span = span_of(self.plan, target)
        self.slack = exact(self.plan.get("slack", 0.05))
        self.warn_days = self.plan.get("warn_days", 14)
        self.members = members_of(plan_file, target, organisation)
        self.standings = self._standings()

    def scope(self, member: dict[str, Any] | None) -> Scope:
        return scope_of(self.events, member, self.target.get("each"), self.span[0])

    # -- facts ---------------------------------------------------------------------------

    def _standings(self) -> list[Standing]:
        found = []
        for window in windows_of(self.plan, self.target):
            for member in self.members:
                cut = window
                if member is not None:
                    cut = window.cut(member.get("from"), member.get("to"))
                    if cut is None:
                        continue
                    if self.target.get("partial") == "skip" and cut.is_cut:
                        continue
                found.append(self._measured(window, cut, member))
        self._make_up(found)
        for standing in found:
            self._judge(standing)
        return found

    def _measured(self, window: Window, cut: Window, member: dict[str, Any] | None) -> Standing:
        last = min(cut.end, self.as_of)
        goal = goal_in_force(self.target, last)
        first_goal = requirement_of(goal_of(self.target, self.target), self.target, cut)
        scope = self.scope(member)
        actual, behind, done_late = None, [], False
        if self.as_of >= cut.start:
            before = None
            if self.target.get("baseline") == "previous":
                before = range_before(self.target, self.span, window)
            actual = value(self.target, scope, cut.start, last, before)
            behind = behind_it(self.target, scope.events, cut.start, last)
            if self.measure == "milestone" and actual == 0:
                done_late = bool(self._after(scope.events, cut.end, member))
        waived = goal == WAIVED
        return Standing(
            window=window,
            cut=cut,
            member=member,
            waived=waived,
            req=None if waived else requirement_of(goal, self.target, cut),
            original=None if first_goal is None else first_goal.required,
            actual=actual,
            events=behind,
            done_late=done_late,
        )

    def _tail(self, end: date, member: dict[str, Any] | None) -> tuple[date, date]:
        """Return the days after `end`, up to the plan's end, T, and the member's leaving."""
        lasts = [self.plan["end"], self.as_of]
        if member is not None and member.get("to"):
            lasts.append(member["to"])
        return end + ONE_DAY, min(lasts)

    def _after(self, events: list[Event], end: date, member: dict[str, Any] | None) -> list[Event]:
        first, last = self._tail(end, member)
        return behind_it(self.target, events, first, last) if first <= last else []

    # -- makeup --------------------------------------------------------------------------

    def _make_up(self, standings: list[Standing]) -> None:
        if not self.target.get("makeup"):
            return
        for member in self.members:
            theirs = [s for s in standings if s.member is member]
            if theirs:
                self._make_up_for(member, theirs)

    def _make_up_for(self, member: dict[str, Any] | None, theirs: list[Standing]) -> None:
        short: list[Standing] = []
        for standing in theirs:
            if standing.req is None or standing.actual is None or standing.req.family != "lower":
                continue  # waived, unquantified, unknown, not begun: takes no part
            self._fill(short, standing.actual - standing.req.lo)
            if standing.is_closed(self.as_of) and standing.req.falls_short(standing.actual):
                short.append(standing)
        first, last = self._tail(theirs[-1].cut.end, member)
        if first <= last:
            extra = value(self.target, self.scope(member), first, last)
            self._fill(short, extra or Fraction(0))

    @staticmethod
    def _fill(short: list[Standing], extra: Fraction) -> None:
        """Give what is beyond to the windows that fell short, oldest first."""
        for standing in short:
            lacking = standing.req.lo - standing.actual - standing.filled
            given = max(Fraction(0), min(extra, lacking))
            standing.filled += given
            extra -= given

    @staticmethod
    def made_up(s: Standing) -> bool:
        return s.filled > 0 and not below(s.actual + s.filled, s.req.lo)

    # -- judgement -----------------------------------------------------------------------

    def _judge(self, s: Standing) -> None:
        s.days_left = max(0, (s.cut.end - self.as_of).days)
        if s.req is not None:
            s.expected = on_the_line(
                self.target, s.req.required, elapsed(self.target, s.cut, self.as_of)
            )
        s.status = self._status(s)
        if s.req is not None and s.actual is not None:
            s.completion = completion_of(self.target, s.req, s.actual)
            s.shortfall = shortfall_of(s.req, s.actual)
            if s.req.family == "lower":
                s.surplus = max(Fraction(0), s.actual - s.req.lo)
                if s.req.falls_short(s.actual):
                    s.surplus = Fraction(0)
            if s.status == "late" and s.req.family == "milestone":
                s.completion, s.shortfall = Fraction(1), Fraction(0)
            elif s.status == "late":
                s.shortfall = Fraction(0)
            elif s.filled:
                s.shortfall -= s.filled
        s.recoverable = self._recoverable(s)
        s.light = self._light(s)

    def _status(self, s: Standing) -> str:
        if s.waived:
            return "waived"
        if s.is_upcoming(self.as_of):
            return "upcoming"
        if s.req is None:
            return "unquantified"
        if s.actual is None:
            return "no_data"
        closed = s.is_closed(self.as_of)
        if s.req.family == "milestone":
            if s.actual == 1:
                return "met"
            if s.done_late:
                return "late"
            return "missed" if closed else "on_track"
        if s.req.falls_short(s.actual):
            if closed:
                return "late" if self.made_up(s) else "missed"
            return self._pace_of_lower(s)
        if s.req.exceeds(s.actual):
            if self.additive:
                return "breached"
            return "missed" if closed else self._pace_of_exceeded(s)
        if s.req.family == "upper" and not closed:
            return self._pace_of_allowance(s)
        return "met"

    def _slackened(self, s: Standing) -> tuple[Fraction, Fraction]:
        f = elapsed(self.target, s.cut, self.as_of)
        return max(Fraction(0), f - self.slack), min(Fraction(1), f + self.slack)

    def _pace_of_lower(self, s: Standing) -> str:
        early, _ = self._slackened(s)
        line = on_the_line(self.target, s.req.lo, early)
        if line is None:
            return "in_progress"
        if self.integer:
            line = Fraction(math.floor(line))
            return "behind" if s.actual < line else "on_track"
        return "behind" if below(s.actual, line) else "on_track"

    def _pace_of_exceeded(self, s: Standing) -> str:
        early, _ = self._slackened(s)
        line = on_the_line(self.target, s.req.hi, early)
        if line is None:
            return "in_progress"
        return "behind" if above(s.actual, line) else "on_track"

    def _pace_of_allowance(self, s: Standing) -> str:
        if not self.additive:
            return "on_track"
        _, ahead = self._slackened(s)
        line = s.req.hi * ahead
        if self.integer:
            return "behind" if s.actual > math.ceil(line) else "on_track"
        return "behind" if above(s.actual, line) else "on_track"

    def _recoverable(self, s: Standing) -> bool:
        if not s.shortfall or s.status == "breached":
            return False
        if s.req.family == "milestone" or s.is_open(self.as_of):
            return True
        return bool(self.target.get("makeup")) and self.as_of < self.plan["end"]

    def _light(self, s: Standing) -> str:
        if s.status in ("missed", "breached"):
            return "red"
        if s.status == "no_data":
            return "yellow" if s.is_open(self.as_of) else "red"
        if s.status in ("behind", "late", "in_progress"):
            return "yellow"
        s.warned = (
            s.is_open(self.as_of)
            and s.req is not None
            and s.req.family == "lower"
            and bool(s.shortfall)
            and s.days_left <= self.warn_days
        )
        if s.warned:
            return "yellow"
        return "green" if s.status in ("met", "on_track") else "grey"


def standing_row(
    s: Standing, organisation: str | None, commitment: dict[str, Any], target: dict[str, Any]
) -> dict[str, Any]:
    return {
        "organisation": organisation,
        "commitment": commitment["id"],
        "target": target["id"],
        "subject": s.subject,
        "window": s.window.label,
        "start": s.cut.start,
        "end": s.cut.end,
        "required": plain(s.req.required) if s.req else None,
        "original": plain(s.original),
        "actual": plain(s.actual),
        "completion": plain(s.completion),
        "expected": plain(s.expected),
        "status": s.status,
        "light": s.light,
        "shortfall": plain(s.shortfall),
        "surplus": plain(s.surplus),
        "recoverable": s.recoverable,
        "days_left": s.days_left,
        "events": len(s.events),
        "last_event": max((event.date for event in s.events), default=None),
    }
