"""Goals: what a target, or a revision of it, asks for in one window."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import (
    as_date,
    as_plain,
    date_faults,
    fault,
    is_number,
    made_from,
    plain_fields,
    raise_faults,
    text_faults,
)
from partybuild.measures import GOALS, MEASURES, PLACEHOLDER

GoalValue = int | float | str | None


@attrs.frozen(kw_only=True)
class Bounds:
    """A goal as numbers: reach `low` (``lower``), keep to `high` (``upper``), or both (``band``).

    `is_strict`: the bound itself does not count (``more_than``, ``less_than`` on
    measures that are not whole numbers). `tolerance` is what stays whole when a
    requirement is prorated: `low` and `high` already contain it.

    >>> Bounds(side="lower", low=60.0)
    Bounds(side='lower', low=60.0, high=None, is_strict=False, tolerance=0.0)
    """

    side: str
    low: float | None = None
    high: float | None = None
    is_strict: bool = False
    tolerance: float = 0.0

    @property
    def required(self) -> float:
        """The figure shown as required: the lower end of a band."""
        value = self.high if self.side == "upper" else self.low
        assert value is not None
        return value


def _as_pair(value: Any) -> Any:
    value = as_plain(value)
    return tuple(value) if isinstance(value, list) else value


def _is_placeholder(value: Any) -> bool:
    return isinstance(value, str) and value == PLACEHOLDER


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
class Goals:
    """The goal parameters that `Target` and `Revision` share; at most one is given.

    A number, or the placeholder ``"X"`` of a masked report: such a target is
    measured and never judged. `between` takes a pair.
    """

    at_least: GoalValue = None
    more_than: GoalValue = None
    at_most: GoalValue = None
    less_than: GoalValue = None
    exactly: GoalValue = None
    about: GoalValue = None
    between: tuple[float, float] | str | None = attrs.field(default=None, converter=_as_pair)
    tolerance: float | None = None

    @property
    def goal(self) -> str | None:
        """The name of the goal given, such as ``"at_least"``; None without one."""
        return next((name for name in GOALS if getattr(self, name) is not None), None)

    @property
    def value(self) -> GoalValue | tuple[float, float]:
        """The goal's number, pair or placeholder; None without a goal."""
        return None if self.goal is None else getattr(self, self.goal)

    @property
    def is_quantified(self) -> bool:
        """Whether there is a goal with a number, so that it can be judged."""
        return self.goal is not None and not _is_placeholder(self.value)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({f'{self.goal} {goal_text(self)}' if self.goal else ''})"


def goal_text(goals: Goals) -> str:
    """Write the goal's value on one line: ``60``, ``3–5``, ``5 ± 0.5``, ``X``.

    >>> goal_text(Goals(about=5, tolerance=0.5)), goal_text(Goals(between=[3, 5]))
    ('5 ± 0.5', '3–5')
    """
    value = goals.value
    if isinstance(value, tuple):
        return f"{value[0]}–{value[1]}"
    if goals.goal == "about" and goals.tolerance is not None:
        return f"{value} ± {goals.tolerance}"
    return "" if value is None else str(value)


def goal_faults(goals: Goals) -> Iterator[Problem]:
    """Name two goals at once, and goals that are not numbers."""
    given = [name for name in GOALS if getattr(goals, name) is not None]
    if len(given) > 1:
        yield fault(given[1], f"{len(given)} goals at once", ", ".join(given), "exactly one goal")
    for name in given:
        value = getattr(goals, name)
        if _is_placeholder(value):
            continue
        if name == "between":
            yield from _pair_faults(value)
        elif not is_number(value):
            yield fault(name, f"{name} is not a number", value, 'a number, or "X" if masked')
    yield from _tolerance_faults(goals)


def _pair_faults(value: Any) -> Iterator[Problem]:
    is_pair = isinstance(value, tuple) and len(value) == 2 and all(map(is_number, value))
    if not is_pair:
        yield fault("between", "between is not a pair of numbers", value, "[low, high]")
    elif value[0] > value[1]:
        yield fault("between", "the low end is above the high end", value, "[low, high]")


def _tolerance_faults(goals: Goals) -> Iterator[Problem]:
    tolerance = goals.tolerance
    if tolerance is None:
        return
    if not is_number(tolerance) or tolerance < 0:
        yield fault("tolerance", "tolerance is not a number from 0 up", tolerance, "0 or more")


def bounds(goals: Goals, *, measure: str, tolerance: float | None = None) -> Bounds | None:
    """Turn a goal into numbers, or None when there is nothing to judge by.

    On whole-number measures ``more_than v`` is at least floor(v)+1 and
    ``less_than v`` at most ceil(v)-1. `tolerance` serves an ``about`` without one
    of its own.

    >>> bounds(Goals(more_than=4), measure="count").low
    5.0
    """
    if measure == "milestone":
        return Bounds(side="lower", low=1.0)
    name, value = goals.goal, goals.value
    if name is None or value == PLACEHOLDER or value is None:
        return None
    if isinstance(value, tuple):
        return Bounds(side="band", low=float(value[0]), high=float(value[1]))
    goal, number = GOALS[name], float(value)
    if goal.side == "band":
        slack = goals.tolerance if goals.tolerance is not None else tolerance
        slack = float(slack or 0.0) if name == "about" else 0.0
        return Bounds(side="band", low=number - slack, high=number + slack, tolerance=slack)
    is_strict = goal.is_strict
    if is_strict and MEASURES[measure].is_integer:
        number = math.floor(number) + 1.0 if goal.side == "lower" else math.ceil(number) - 1.0
        is_strict = False
    low, high = (number, None) if goal.side == "lower" else (None, number)
    return Bounds(side=goal.side, low=low, high=high, is_strict=is_strict)


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
class Revision(Goals):
    """A change of the goal during the year, holding from `from_` on.

    Either one goal, or ``waived=True``: nothing is asked for from then on. In a
    window the last revision with ``from_ <= min(end of the window, as_of)``
    holds. In files and mappings `from_` is written ``from``.

    >>> Revision.of({"from": "2021-07-01", "at_least": 40, "reason": "防汛"}).goal
    'at_least'
    """

    from_: dt.date = attrs.field(converter=as_date, alias="from_")
    waived: bool = False
    reason: str | None = None

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        if self.from_ is None:
            yield fault("from", "from is missing", expected="the first date it holds")
        yield from date_faults({"from": self.from_})
        yield from text_faults({"reason": self.reason})
        yield from goal_faults(self)
        if not isinstance(self.waived, bool):
            yield fault("waived", "waived is not true or false", self.waived, "true or false")
        elif self.waived and self.goal is not None:
            yield fault(
                "waived", "a revision both waives and sets a goal", self.goal, "one of both"
            )
        elif not self.waived and self.goal is None:
            yield fault("", "a revision without a goal", expected="one goal, or waived = true")

    @classmethod
    def of(cls, value: Mapping[str, Any] | Revision) -> Revision:
        """Make a revision from a mapping with the TOML keys.

        Raises `PlanError` for unknown keys and wrong values.
        """
        if isinstance(value, Revision):
            return value
        if not isinstance(value, Mapping):
            raise PlanError([fault("", "not a revision", value, "a table with from and a goal")])
        revision: Revision = made_from(cls, value)
        return revision

    def __repr__(self) -> str:
        what = "waived" if self.waived else f"{self.goal} {goal_text(self)}"
        reason = f", {self.reason!r}" if self.reason else ""
        return f"Revision(from {self.from_}, {what}{reason})"
