"""Section 4: goals, revisions, and what a window requires; section 7: pace, completion."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise
from typing import Any

from .exact import above, below, exact, keeps, reaches
from .facts import ADDITIVE, INTEGER
from .windows import Window

GOALS = ("at_least", "more_than", "at_most", "less_than", "exactly", "about", "between")
WAIVED = "waived"


@dataclass(frozen=True)
class Requirement:
    """lower: actual >= lo; upper: actual <= hi; band: both; milestone: lo = 1."""

    family: str
    lo: Fraction | None = None
    hi: Fraction | None = None
    strict: bool = False

    @property
    def required(self) -> Fraction:
        return self.hi if self.family == "upper" else self.lo

    def falls_short(self, actual: Fraction) -> bool:
        if self.family == "upper":
            return False
        return keeps(actual, self.lo) if self.strict else below(actual, self.lo)

    def exceeds(self, actual: Fraction) -> bool:
        if self.family in ("lower", "milestone"):
            return False
        return reaches(actual, self.hi) if self.strict else above(actual, self.hi)

    def holds(self, actual: Fraction) -> bool:
        return not self.falls_short(actual) and not self.exceeds(actual)


def goal_of(table: dict[str, Any], target: dict[str, Any]) -> tuple[str, Any, Any] | None:
    """Return (word, value, tolerance); None for no goal or the placeholder X."""
    for word in GOALS:
        if word in table and table[word] != "X":
            return word, table[word], table.get("tolerance", target.get("tolerance", 0))
    return None


def goal_in_force(target: dict[str, Any], day: date) -> tuple[str, Any, Any] | str | None:
    """Return the goal that holds on `day` = min(e, T), or WAIVED."""
    holding = None
    for revision in target.get("revisions") or []:
        if revision["from"] <= day and (holding is None or revision["from"] >= holding["from"]):
            holding = revision
    if holding is None:
        return goal_of(target, target)
    return WAIVED if holding.get("waived") else goal_of(holding, target)


def requirement_of(
    goal: tuple[str, Any, Any] | None, target: dict[str, Any], window: Window
) -> Requirement | None:
    """Return what the goal asks of this window, prorated where the plan says so."""
    measure = target["measure"]
    if measure == "milestone":
        return Requirement("milestone", lo=Fraction(1))
    if goal is None:
        return None
    prorate = target.get("partial") == "prorate" and measure in ADDITIVE and window.is_cut

    def share(number: Fraction) -> Fraction:
        if not prorate:
            return number
        part = number * Fraction(window.days, window.whole_days)
        return Fraction(math.ceil(part)) if measure in INTEGER else part

    word, given, tolerance = goal
    if word == "between":
        return Requirement("band", lo=share(exact(given[0])), hi=share(exact(given[1])))
    v = exact(given)
    if measure in INTEGER and word == "more_than":
        word, v = "at_least", Fraction(math.floor(v) + 1)
    if measure in INTEGER and word == "less_than":
        word, v = "at_most", Fraction(math.ceil(v) - 1)
    v = share(v)
    if word in ("at_least", "more_than"):
        return Requirement("lower", lo=v, strict=word == "more_than")
    if word in ("at_most", "less_than"):
        return Requirement("upper", hi=v, strict=word == "less_than")
    width = exact(tolerance) if word == "about" else Fraction(0)
    return Requirement("band", lo=v - width, hi=v + width)


def elapsed(target: dict[str, Any], window: Window, as_of: date) -> Fraction:
    """f: the part of the window that is over, bent by the schedule."""
    if as_of < window.start:
        return Fraction(0)
    if as_of >= window.end:
        return Fraction(1)
    points = [(window.start - timedelta(days=1), Fraction(0))]
    for point in sorted(target.get("schedule") or [], key=lambda point: point["by"]):
        if window.start <= point["by"] < window.end:
            points.append((point["by"], exact(point["share"])))
    points.append((window.end, Fraction(1)))
    for (day1, share1), (day2, share2) in pairwise(points):
        if day1 <= as_of <= day2:
            return share1 + (share2 - share1) * Fraction((as_of - day1).days, (day2 - day1).days)
    raise AssertionError("the points cover the window")


def numeric_baseline(target: dict[str, Any]) -> Fraction | None:
    """Return b where progress is measured from b; `growth` has another use for it."""
    if target["measure"] == "growth" or target.get("baseline") is None:
        return None
    return exact(target["baseline"])


def on_the_line(target: dict[str, Any], required: Fraction, f: Fraction) -> Fraction | None:
    """Return what should stand at the fraction f."""
    if target["measure"] in ADDITIVE:
        return required * f
    base = numeric_baseline(target)
    return None if base is None else base + (required - base) * f


def lower_completion(req: Requirement, lo: Fraction, actual: Fraction) -> Fraction:
    reached = not req.falls_short(actual)
    if lo > 0:
        return actual / lo
    if lo == 0:
        return Fraction(1 if reached else 0)
    return Fraction(1) if reached else lo / actual


def upper_completion(req: Requirement, hi: Fraction, actual: Fraction) -> Fraction:
    kept = not req.exceeds(actual)
    if hi > 0:
        return Fraction(1) if kept else hi / actual
    if hi == 0:
        return Fraction(1 if kept else 0)
    return actual / hi


def completion_of(target: dict[str, Any], req: Requirement, actual: Fraction) -> Fraction | None:
    if req.family == "milestone":
        return actual
    if req.family == "band":
        if req.holds(actual):
            return Fraction(1)
        if req.falls_short(actual):
            return lower_completion(req, req.lo, actual)
        return upper_completion(req, req.hi, actual)
    base = numeric_baseline(target)
    if base is not None:
        same = reaches(base, req.required) and keeps(base, req.required)
        return None if same else (actual - base) / (req.required - base)
    if req.family == "lower":
        return lower_completion(req, req.lo, actual)
    return upper_completion(req, req.hi, actual)


def shortfall_of(req: Requirement, actual: Fraction) -> Fraction:
    if req.holds(actual):
        return Fraction(0)
    if req.falls_short(actual):
        return max(Fraction(0), req.lo - actual)
    return max(Fraction(0), actual - req.hi)
