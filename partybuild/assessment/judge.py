"""Actuals -> standings as of a date: one pass over all cells of a plan at once."""

from __future__ import annotations

import attrs
import numpy as np

from partybuild.assessment.pace import (
    Pace,
    additive_cells,
    baseline_of,
    measure_pace,
)
from partybuild.assessment.requirements import SIDES, Requirements, Standing, compare, require
from partybuild.assessment.rules import CODE, LIGHTS, Signs, status_lights, statuses
from partybuild.assessment.tolerance import TOLERANCE, reaches
from partybuild.grid import NEVER, Bools, Floats, Grid, Ints, TargetGrid, day_number
from partybuild.reduce.reduction import Reduction

_LOWER, _UPPER, _BAND = (SIDES.index(side) for side in ("lower", "upper", "band"))


@attrs.frozen(kw_only=True, eq=False)
class Judged:
    """Every standing of a plan as flat arrays over the cells of `grid`.

    NaN stands for None. `status` and `light` are positions in `STATUSES` and
    `LIGHTS`; `last_event` is a day number, `NEVER` without one.
    """

    grid: Grid
    as_of: int
    required: Floats
    original: Floats
    actual: Floats
    completion: Floats
    expected: Floats
    share: Floats
    status: Ints
    light: Ints
    shortfall: Floats
    surplus: Floats
    is_recoverable: Bools
    days_left: Ints
    events: Ints
    last_event: Ints
    is_due: Bools
    is_closed: Bools
    is_open: Bools


def judge(grid: Grid, reduction: Reduction, *, as_of: int) -> Judged:
    """Judge every cell of `grid` as of the day number `as_of`."""
    requirements = require(grid, as_of)
    is_due, is_closed = as_of >= grid.start, as_of >= grid.end
    actual = np.where(is_due, reduction.actual, np.nan)
    standing = compare(actual, requirements)
    pace = measure_pace(grid, requirements, actual, as_of=as_of)
    is_milestone = _milestones(grid)
    left = _left_after_makeup(grid, reduction, (requirements, standing, actual, as_of))
    is_filled = standing.is_below & is_closed & (left <= 0)
    is_late = is_milestone & reduction.is_late & (actual == 0)
    signs = Signs(
        is_waived=requirements.is_waived,
        is_upcoming=~is_due,
        is_closed=is_closed,
        is_quantified=requirements.side >= 0,
        is_known=~np.isnan(actual),
        is_milestone=is_milestone,
        is_done=actual == 1,
        is_done_late=is_late,
        is_upper=requirements.side == _UPPER,
        is_additive=additive_cells(grid),
        is_below=standing.is_below,
        is_above=standing.is_above,
        is_filled=is_filled,
        has_pace=pace.has_pace,
        is_slow=pace.is_slow,
        is_fast=pace.is_fast,
    )
    status = statuses(signs)
    is_judged = ~np.isin(status, [CODE["waived"], CODE["upcoming"], CODE["unquantified"]])
    nan = np.float64(np.nan)
    done_late = status == CODE["late"]
    shortfall = np.where(is_judged, _shortfall(requirements, standing, actual), nan)
    shortfall = np.where(
        np.isnan(shortfall), shortfall, np.where(done_late, 0.0, np.fmin(shortfall, left))
    )
    completion = np.where(is_judged, _completion(grid, requirements, (standing, actual)), nan)
    completion = np.where(is_milestone & done_late, 1.0, completion)
    is_open = is_due & ~is_closed
    days_left = np.maximum(0, grid.end - as_of)
    is_lower = (requirements.side == _LOWER) & ~is_milestone
    is_last_call = is_open & is_lower & (days_left <= grid.plan.warn_days)
    light = status_lights(status, is_closed)
    light[is_last_call & (np.nan_to_num(shortfall) > 0)] = LIGHTS.index("yellow")
    return Judged(
        grid=grid,
        as_of=as_of,
        required=np.where(requirements.is_waived, nan, requirements.required),
        original=requirements.original,
        actual=actual,
        completion=completion,
        expected=_expected(pace, requirements, is_milestone),
        share=pace.share,
        status=status,
        light=light,
        shortfall=shortfall,
        surplus=np.where(is_judged & is_lower, np.maximum(0.0, actual - requirements.low), nan),
        is_recoverable=_recoverable(grid, (status, shortfall, is_open, is_milestone), as_of),
        days_left=days_left,
        events=np.where(is_due, reduction.events, 0),
        last_event=np.where(is_due, reduction.last, NEVER),
        is_due=is_due,
        is_closed=is_closed,
        is_open=is_open,
    )


def _milestones(grid: Grid) -> Bools:
    return grid.per_target([one.target.measure == "milestone" for one in grid.targets], np.bool_)


def _expected(pace: Pace, requirements: Requirements, is_milestone: Bools) -> Floats:
    is_blank = requirements.is_waived | (requirements.side < 0) | is_milestone
    return np.where(is_blank, np.nan, pace.expected)


def _shortfall(requirements: Requirements, standing: Standing, actual: Floats) -> Floats:
    known = np.where(np.isnan(actual), np.nan, 0.0)
    below = np.where(standing.is_below, np.maximum(0.0, requirements.low - actual), 0.0)
    above = np.where(standing.is_above, np.maximum(0.0, actual - requirements.high), 0.0)
    return known + below + above


def _completion(grid: Grid, requirements: Requirements, told: tuple[Standing, Floats]) -> Floats:
    standing, actual = told
    low, high, side = requirements.low, requirements.high, requirements.side
    baseline = grid.per_target([baseline_of(one.target) for one in grid.targets], np.float64)
    lower = _towards(low, actual, standing.is_below)
    upper = _within(high, actual, standing.is_above)
    band = np.where(standing.is_below, lower, np.where(standing.is_above, upper, 1.0))
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = (actual - baseline) / (np.where(side == _UPPER, high, low) - baseline)
    moved = np.where(np.isfinite(moved), moved, np.nan)
    moved[_is_same(np.where(side == _UPPER, high, low), baseline)] = np.nan
    plain = np.where(side == _LOWER, lower, np.where(side == _UPPER, upper, band))
    has_baseline = ~np.isnan(baseline) & (side != _BAND)
    return np.where(np.isnan(actual), np.nan, np.where(has_baseline, moved, plain))


def _is_same(a: Floats, b: Floats) -> Bools:
    return reaches(a, b) & reaches(b, a)


def _towards(low: Floats, actual: Floats, is_below: Bools) -> Floats:
    """Completion of a lower bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        negative = np.where(is_below, low / actual, 1.0)
        zero = np.where(is_below, 0.0, 1.0)
        return np.where(low > 0, actual / low, np.where(low == 0, zero, negative))


def _within(high: Floats, actual: Floats, is_above: Bools) -> Floats:
    """Completion of an upper bound, the mirror."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = np.where(is_above, high / actual, 1.0)
        zero = np.where(is_above, 0.0, 1.0)
        return np.where(high > 0, positive, np.where(high == 0, zero, actual / high))


def _recoverable(grid: Grid, told: tuple[Ints, Floats, Bools, Bools], as_of: int) -> Bools:
    status, shortfall, is_open, is_milestone = told
    makeup = grid.per_target([one.target.makeup for one in grid.targets], np.bool_)
    has_time = makeup & (as_of < day_number(grid.plan.end))
    is_short = np.nan_to_num(shortfall) > 0
    result: Bools = is_short & (status != CODE["breached"]) & (is_open | has_time | is_milestone)
    return result


def _left_after_makeup(
    grid: Grid,
    reduction: Reduction,
    told: tuple[Requirements, Standing, Floats, int],
) -> Floats:
    """What each short cell still lacks once later windows have filled it; inf: not short."""
    requirements, standing, actual, as_of = told
    left = np.full(len(grid), np.inf)
    for index, one in enumerate(grid.targets):
        if not one.target.makeup:
            continue
        part = grid.part(index)
        over = actual[part] - requirements.low[part]
        over[requirements.is_waived[part] | (requirements.side[part] != _LOWER)] = np.nan
        short = standing.is_below[part] & (grid.end[part] <= as_of) & (over < 0)
        filled = _filled(one, (over, short), reduction.tails[index])
        lacking = np.where(short, -over - filled, np.inf)
        lacking[lacking <= TOLERANCE * np.maximum(1.0, -np.where(short, over, -1.0))] = 0.0
        left[part] = lacking
    return left


def _filled(one: TargetGrid, told: tuple[Floats, Bools], tail: Floats) -> Floats:
    """How much of each short window later surpluses fill, oldest first, unit by unit.

    A queue: what is served up to window j is min(served before + offered there,
    asked before j). Unrolled, that is one running minimum, without a loop.
    """
    over, short = told
    asked, offered = np.zeros(one.shape), np.zeros(one.shape)
    at = (one.unit, one.window)
    asked[at] = np.where(short, -over, 0.0)
    offered[at] = np.where(~np.isnan(over) & (over > 0), over, 0.0)
    asked = np.column_stack([asked, np.zeros(len(one.units))])
    offered = np.column_stack([offered, np.maximum(0.0, tail)])
    before = np.cumsum(asked, axis=1)
    supply = np.cumsum(offered, axis=1)
    slackest = np.minimum.accumulate(before - asked - supply, axis=1)[:, -1]
    total = supply[:, -1] + np.minimum(0.0, slackest)
    filled = np.clip(total[:, None] - (before - asked), 0.0, asked)
    result: Floats = filled[:, :-1][at]
    return result
