"""What each cell requires: the goal in force there, prorated where a window is cut."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs
import numpy as np

from partybuild.assessment.tolerance import ceil, reaches
from partybuild.goals import Bounds
from partybuild.grid import Bools, Floats, Grid, Ints, OwnBounds, TargetGrid, day_number
from partybuild.measures import GOALS, MEASURES

SIDES = ("lower", "upper", "band")
NO_SIDE = -1


@attrs.frozen(kw_only=True, eq=False)
class Requirements:
    """The goal in force in each cell of a grid; an array of one entry holds for all cells.

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
    special = [at for at in range(len(grid.targets)) if _is_special(grid, at)]
    plain = _plain(grid)
    if not special:
        return plain
    columns: dict[str, Any] = {
        name: np.broadcast_to(getattr(plain, name), len(grid)).copy() for name in _NAMES
    }
    for at in special:
        found = _target_requirements(grid.targets[at], as_of, grid.own_bounds.get(at))
        for name, column in columns.items():
            column[grid.part(at)] = getattr(found, name)
    return Requirements(**columns)


_NAMES = tuple(attribute.name for attribute in attrs.fields(Requirements))


def _is_special(grid: Grid, index: int) -> bool:
    """Whether the goal of a target is not the same in all of its cells."""
    target = grid.targets[index].target
    return bool(
        target.revisions
        or index in grid.own_bounds
        or (target.partial == "prorate" and target.measure_kind.is_additive)
    )


def _plain(grid: Grid) -> Requirements:
    """The original goals of targets, as if they held in all cells."""
    choice = _choice([one.bounds for one in grid.targets])
    is_upper = choice.side == SIDES.index("upper")
    required = grid.told(np.where(is_upper, choice.high, choice.low))
    return Requirements(
        side=grid.told(choice.side),
        low=grid.told(choice.low),
        high=grid.told(choice.high),
        required=required,
        original=required,
        is_strict=grid.told(choice.is_strict),
        is_waived=np.zeros(1, dtype=bool),
    )


def _target_requirements(grid: TargetGrid, as_of: int, own: OwnBounds | None) -> Requirements:
    """The requirements of a target whose goal changes, or is cut with the window."""
    target = grid.target
    revisions = sorted(target.revisions, key=lambda revision: revision.from_)
    choice = _choice([grid.bounds, *(target.revised_bounds(one) for one in revisions)])
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
        side=choice.side[holding],
        low=low,
        high=high,
        required=required,
        original=required if first is holding else _bounds_of(grid, choice, first)[2],
        is_strict=choice.is_strict[holding],
        is_waived=waives[holding],
    )


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
    low, high = choice.low[holding], choice.high[holding]
    is_upper = choice.side == SIDES.index("upper")
    if grid.target.partial != "prorate" or not MEASURES[grid.target.measure].is_additive:
        return low, high, np.where(is_upper, choice.high, choice.low)[holding]
    inside = grid.end - grid.start + 1
    is_cut = inside != grid.whole_days
    # what is scaled is the number asked for; a tolerance around it stays whole
    tolerance = choice.tolerance[holding]
    share = (inside, grid.whole_days, MEASURES[grid.target.measure].is_integer)
    low = np.where(is_cut, _scaled(low + tolerance, share) - tolerance, low)
    high = np.where(is_cut, _scaled(high - tolerance, share) + tolerance, high)
    return low, high, np.where(is_upper[holding], high, low)


def _scaled(value: Floats, share: tuple[Ints, Ints, bool]) -> Floats:
    inside, whole, is_integer = share
    scaled: Floats = value * inside / whole
    return ceil(scaled) if is_integer else scaled


def falls_short(a: Floats, b: Floats, strict: Bools) -> Bools:
    """Whether a does not reach b, or where it is strict does not exceed it; both are known."""
    known: Bools = ~(np.isnan(a) | np.isnan(b))
    if not known.any():
        return _NOWHERE
    falls = known & ~reaches(a, b)
    return np.where(strict, known & reaches(b, a), falls) if strict.any() else falls


_NOWHERE: Bools = np.zeros(1, dtype=bool)
