"""What each cell requires: the goal in force there, prorated where a window is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.assessment.tolerance import ceil, reaches
from partybuild.goals import Bounds
from partybuild.grid import Bools, Floats, Grid, Ints, OwnBounds, TargetGrid, day_number
from partybuild.measures import GOALS, MEASURES

SIDES = ("lower", "upper", "band")
NO_SIDE = -1
#: For fewer cells than this it is quicker to repeat a value than to spread one.
_FEW = 1000


@attrs.frozen(kw_only=True, eq=False)
class Requirements:
    """The goal in force in each cell of a grid; arrays over its cells.

    `side` is a position in `SIDES`, or -1 where there is nothing to judge by;
    `low`, `high` the bounds (NaN: none), `required` the figure shown,
    `original` the one before any revision; `is_waived`: a waiving revision holds.
    """

    side: Ints
    low: Floats
    high: Floats
    required: Floats
    original: Floats
    is_strict: Bools
    is_waived: Bools


@attrs.frozen(kw_only=True, eq=False)
class _Choice:
    """The goals a target ever has, as parallel arrays; the last entry stands for waived."""

    side: Ints
    low: Floats
    high: Floats
    tolerance: Floats
    is_strict: Bools


def _choice(bounds: Sequence[Bounds | None]) -> _Choice:
    nan = float("nan")
    return _Choice(
        side=np.array([SIDES.index(b.side) if b else NO_SIDE for b in bounds]),
        low=np.array([nan if b is None or b.low is None else b.low for b in bounds]),
        high=np.array([nan if b is None or b.high is None else b.high for b in bounds]),
        tolerance=np.array([b.tolerance if b else 0.0 for b in bounds]),
        is_strict=np.array([bool(b and b.is_strict) for b in bounds]),
    )


def require(grid: Grid, as_of: int) -> Requirements:
    """Work out the requirement of every cell as of the day number `as_of`."""
    parts = [
        _target_requirements(one, as_of, grid.own_bounds.get(index))
        for index, one in enumerate(grid.targets)
    ]
    if len(parts) == 1:
        return parts[0]
    joined: dict[str, Any] = {
        attribute.name: np.concatenate(
            [getattr(one, attribute.name) for one in parts or [_nothing()]]
        )
        for attribute in attrs.fields(Requirements)
    }
    return Requirements(**joined)


def _nothing() -> Requirements:
    """The requirements of no cell: a plan of sentences alone has no other."""
    number, flag = np.empty(0), np.empty(0, dtype=np.bool_)
    return Requirements(
        side=np.empty(0, dtype=np.int64),
        low=number,
        high=number,
        required=number,
        original=number,
        is_strict=flag,
        is_waived=flag,
    )


def _target_requirements(
    grid: TargetGrid, as_of: int, own: OwnBounds | None = None
) -> Requirements:
    target = grid.target
    revisions = sorted(target.revisions, key=lambda revision: revision.from_)
    choice = _choice([target.bounds, *(target.revised_bounds(one) for one in revisions)])
    holding = first = np.zeros(len(grid), dtype=np.int64)
    waives = np.array([False, *(one.waived for one in revisions)])
    if revisions:
        begins = np.array([day_number(one.from_) for one in revisions], dtype=np.int64)
        holding = np.searchsorted(begins, np.minimum(grid.end, as_of), side="right")
    if own is not None:
        choice, holding, first = _with_own(grid, (choice, own), holding)
        waives = np.concatenate([waives, np.zeros_like(own.has)])
    low, high, required = _bounds_of(grid, choice, holding)
    return Requirements(
        side=_held(choice.side, holding),
        low=low,
        high=high,
        required=required,
        original=required if first is holding else _bounds_of(grid, choice, first)[2],
        is_strict=_held(choice.is_strict, holding),
        is_waived=_held(waives, holding),
    )


def _held(values: npt.NDArray[Any], holding: Ints) -> npt.NDArray[Any]:
    """The value that holds in each cell; the only one for many cells takes no room."""
    if len(values) > 1 or len(holding) < _FEW:
        return values[holding]
    return np.broadcast_to(values, len(holding))


def _with_own(
    grid: TargetGrid, told: tuple[_Choice, OwnBounds], holding: Ints
) -> tuple[_Choice, Ints, Ints]:
    """Put the goals of single organisations behind the choices, and let them hold there."""
    choice, own = told
    side = SIDES.index(GOALS[str(grid.target.goal)].side)
    wider = _Choice(
        side=np.concatenate([choice.side, np.full(len(own.has), side)]),
        **{
            name: np.concatenate([getattr(choice, name), getattr(own, name)])
            for name in ("low", "high", "tolerance", "is_strict")
        },
    )
    place = grid.units.organisation[grid.unit]
    first = np.where(own.has[place], len(choice.side) + place, 0)
    return wider, np.where(holding == 0, first, holding), first


def _bounds_of(grid: TargetGrid, choice: _Choice, holding: Ints) -> tuple[Floats, Floats, Floats]:
    """The lower bound, the upper one, and the figure shown."""
    low, high = _held(choice.low, holding), _held(choice.high, holding)
    is_upper = choice.side == SIDES.index("upper")
    if grid.target.partial != "prorate" or not MEASURES[grid.target.measure].is_additive:
        return low, high, _held(np.where(is_upper, choice.high, choice.low), holding)
    inside = grid.end - grid.start + 1
    is_cut = inside != grid.whole_days
    # what is scaled is the number asked for; a tolerance around it stays whole
    tolerance = _held(choice.tolerance, holding)
    share = (inside, grid.whole_days, MEASURES[grid.target.measure].is_integer)
    low = np.where(is_cut, _scaled(low + tolerance, share) - tolerance, low)
    high = np.where(is_cut, _scaled(high - tolerance, share) + tolerance, high)
    return low, high, np.where(_held(is_upper, holding), high, low)


def _scaled(value: Floats, share: tuple[Ints, Ints, bool]) -> Floats:
    inside, whole, is_integer = share
    scaled: Floats = value * inside / whole
    return ceil(scaled) if is_integer else scaled


@attrs.frozen(kw_only=True, eq=False)
class Standing:
    """Where an actual stands against its bounds; arrays over cells."""

    is_below: Bools
    is_above: Bools


def compare(actual: Floats, requirements: Requirements) -> Standing:
    """Say which cells are below their lower bound, and which above their upper one."""
    low, high, strict = requirements.low, requirements.high, requirements.is_strict
    return Standing(
        is_below=_falls_short(actual, low, strict), is_above=_falls_short(high, actual, strict)
    )


def _falls_short(a: Floats, b: Floats, strict: Bools) -> Bools:
    """Whether a does not reach b, or where it is strict does not exceed it; both are known."""
    known: Bools = ~(np.isnan(a) | np.isnan(b))
    if not known.any():
        return known
    falls = known & ~reaches(a, b)
    return np.where(strict, known & reaches(b, a), falls) if strict.any() else falls
