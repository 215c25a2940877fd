"""Pace: how much should stand by `as_of`, and who is slower or faster than that."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from partybuild.assessment.tolerance import ceil, floor, reaches
from partybuild.grid import Bools, Floats, Grid, day_number
from partybuild.target import Target


@attrs.frozen(kw_only=True, eq=False)
class Pace:
    """How fast cells should move; an array of one entry holds for all of them.

    `share` of the way should be done by `as_of`, `slack` earlier or later is no
    matter. `baseline` is where levels begin (NaN: nowhere). Additive goals grow from
    nothing; those of whole numbers are asked for in whole numbers.
    """

    share: Floats
    slack: float
    baseline: Floats
    is_additive: Bools
    is_integer: Bools

    def due(self, goal: Floats) -> Floats:
        """What should stand of a goal by `as_of`; NaN where there is no pace."""
        return self._due(goal, self.share, self.share)

    def least(self, low: Floats) -> Floats:
        """What must stand of a lower bound, less slack."""
        slow = np.maximum(0.0, self.share - self.slack)
        least = self._due(low, slow, slow)
        return np.where(self.is_integer, floor(least), least)

    def most(self, high: Floats) -> Floats:
        """What may stand of an upper bound, and slack."""
        if np.isnan(high).all():
            return high
        slow = np.maximum(0.0, self.share - self.slack)
        most = self._due(high, np.minimum(1.0, self.share + self.slack), slow)
        return np.where(self.is_integer, ceil(most), most)

    def _due(self, goal: Floats, additive: Floats, level: Floats) -> Floats:
        """What is due of a goal when these shares of the way should be done."""
        path: Any = np.nan
        if not np.isnan(self.baseline).all():
            path = self.baseline + (goal - self.baseline) * level
        return np.where(self.is_additive, goal * additive, path)


def baseline_of(target: Target) -> float:
    """The level from which progress is measured; NaN without one (growth has none)."""
    is_number = isinstance(target.baseline, int | float) and target.measure != "growth"
    return float(target.baseline) if is_number else float("nan")  # type: ignore[arg-type]


def elapsed_shares(grid: Grid, as_of: int) -> Floats:
    """The fraction f of each cell's window that has passed, bent by a schedule."""
    days = grid.end - grid.start + 1
    share: Floats = np.clip((as_of - grid.start + 1) / days, 0.0, 1.0)
    for index, one in enumerate(grid.targets):
        if one.target.schedule:
            part = grid.part(index)
            share[part] = _scheduled(grid, part, (one.target, as_of))
    return share


def _scheduled(grid: Grid, part: slice, asked: tuple[Target, int]) -> Floats:
    target, as_of = asked
    points = [(day_number(point.by), float(point.share)) for point in target.schedule]
    spans, places = np.unique(
        np.stack([grid.start[part], grid.end[part]]), axis=1, return_inverse=True
    )
    shares = [_share_on(as_of, points, (int(start), int(end))) for start, end in spans.T]
    return np.array(shares, dtype=np.float64)[places.ravel()]


def _share_on(as_of: int, points: list[tuple[int, float]], span: tuple[int, int]) -> float:
    """The straight line through the day before the span at 0, the points, its end at 1."""
    start, end = span
    inner = [(day, share) for day, share in points if start - 1 < day < end]
    days = [start - 1, *(day for day, _ in inner), end]
    values = [0.0, *(share for _, share in inner), 1.0]
    return float(np.interp(as_of, days, values))


def measure_pace(grid: Grid, *, as_of: int) -> Pace:
    """Say how far the cells of `grid` should be."""
    kinds = [one.target.measure_kind for one in grid.targets]
    return Pace(
        share=elapsed_shares(grid, as_of),
        slack=float(grid.plan.slack),
        baseline=grid.told([baseline_of(one.target) for one in grid.targets], np.float64),
        is_additive=grid.told([kind.is_additive for kind in kinds], np.bool_),
        is_integer=grid.told([kind.is_integer for kind in kinds], np.bool_),
    )


def falls_behind(a: Floats, b: Floats) -> Bools:
    """Whether a is known not to reach b."""
    result: Bools = ~(np.isnan(a) | np.isnan(b) | reaches(a, b))
    return result


def additive_cells(grid: Grid) -> Bools:
    """Whether the measure of each cell is additive."""
    flags = [one.target.measure_kind.is_additive for one in grid.targets]
    return grid.per_target(flags, np.bool_)
