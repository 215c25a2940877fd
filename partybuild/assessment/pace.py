"""Pace: how much should stand by `as_of`, and who is slower or faster than that."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from partybuild.assessment.requirements import Requirements
from partybuild.assessment.tolerance import ceil, floor, reaches
from partybuild.grid import Bools, Floats, Grid, day_number
from partybuild.target import Target


@attrs.frozen(kw_only=True, eq=False)
class Pace:
    """Pace of each cell: `share` of the way that should be done, `expected` by `as_of`.

    `is_slow`: below the schedule less slack; `is_fast`: above it and slack, in
    the direction that is bad for an upper bound. `has_pace`: additive, or a
    level with a numeric baseline.
    """

    share: Floats
    expected: Floats
    has_pace: Bools
    is_slow: Bools
    is_fast: Bools


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


def measure_pace(grid: Grid, requirements: Requirements, actual: Floats, *, as_of: int) -> Pace:
    """Compare each actual with the schedule; all arrays over the cells of `grid`."""
    baselines = [baseline_of(one.target) for one in grid.targets]
    baseline = grid.per_target(baselines, np.float64)
    has_baseline = not np.isnan(baselines).all()
    is_additive, is_integer = additive_cells(grid), integer_cells(grid)
    share = elapsed_shares(grid, as_of)

    def due(goal: Floats, additive: Floats, level: Floats) -> Floats:
        """What is due of a goal when these shares of the way should be done."""
        path: Any = baseline + (goal - baseline) * level if has_baseline else np.nan
        return np.where(is_additive, goal * additive, path)

    slack = float(grid.plan.slack)
    slow, fast = np.maximum(0.0, share - slack), np.minimum(1.0, share + slack)
    least = due(requirements.low, slow, slow)
    is_slow = _falls_behind(actual, np.where(is_integer, floor(least), least))
    is_fast = np.zeros(len(grid), dtype=bool)
    if not np.isnan(requirements.high).all():
        most = due(requirements.high, fast, slow)
        is_fast = _falls_behind(np.where(is_integer, ceil(most), most), actual)
    return Pace(
        share=share,
        expected=due(requirements.required, share, share),
        has_pace=is_additive | ~np.isnan(baseline),
        is_slow=is_slow,
        is_fast=is_fast,
    )


def _falls_behind(a: Floats, b: Floats) -> Bools:
    """Whether a is known not to reach b."""
    result: Bools = ~(np.isnan(a) | np.isnan(b) | reaches(a, b))
    return result


def additive_cells(grid: Grid) -> Bools:
    """Whether the measure of each cell is additive."""
    flags = [one.target.measure_kind.is_additive for one in grid.targets]
    return grid.per_target(flags, np.bool_)


def integer_cells(grid: Grid) -> Bools:
    """Whether the measure of each cell is a whole number of things."""
    flags = [one.target.measure_kind.is_integer for one in grid.targets]
    return grid.per_target(flags, np.bool_)
