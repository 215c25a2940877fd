"""Which measures and goals there are, and which go together.

Two tables, `MEASURES` and `GOALS`; every other room asks them instead of
comparing names.
"""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Measure:
    """How the events of a window become one number.

    `is_integer`: the value is a number of things. `is_additive`: values of
    windows and organisations add up; the others are *levels*. `empty` is the
    value without events: 0, or None when nothing can be said. `has_quantity`:
    it reads `quantity`, so units matter.
    """

    name: str
    is_integer: bool = False
    is_additive: bool = False
    has_quantity: bool = False
    empty: float | None = None

    @property
    def is_level(self) -> bool:
        """Whether the value is a state and not a sum."""
        return not self.is_additive


@attrs.frozen(kw_only=True)
class Goal:
    """A kind of goal: ``lower`` (reach it), ``upper`` (keep under it) or ``band``."""

    name: str
    side: str
    is_strict: bool = False


MEASURES: dict[str, Measure] = {
    measure.name: measure
    for measure in (
        Measure(name="count", is_integer=True, is_additive=True, empty=0),
        Measure(name="total", is_additive=True, has_quantity=True, empty=0),
        Measure(name="distinct", is_integer=True, is_additive=True, empty=0),
        Measure(name="days", is_integer=True, is_additive=True, empty=0),
        Measure(name="latest", has_quantity=True),
        Measure(name="mean", has_quantity=True),
        Measure(name="max", has_quantity=True),
        Measure(name="min", has_quantity=True),
        Measure(name="ratio"),
        Measure(name="growth"),
        Measure(name="milestone", empty=0),
    )
}

#: Measures of one set of events, from which `ratio` and `growth` are made.
SIMPLE_MEASURES = tuple(name for name in MEASURES if name not in ("ratio", "growth", "milestone"))

GOALS: dict[str, Goal] = {
    goal.name: goal
    for goal in (
        Goal(name="at_least", side="lower"),
        Goal(name="more_than", side="lower", is_strict=True),
        Goal(name="at_most", side="upper"),
        Goal(name="less_than", side="upper", is_strict=True),
        Goal(name="exactly", side="band"),
        Goal(name="about", side="band"),
        Goal(name="between", side="band"),
    )
}

#: The placeholder of a masked number: the target is measured, never judged.
PLACEHOLDER = "X"
