"""Actuals -> standings as of a date: one pass over all cells of a plan at once."""

from __future__ import annotations

from functools import partial
from typing import Any

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
from partybuild.grid import NEVER, Block, Bools, Codes, Floats, Grid, Ints, TargetGrid, day_number
from partybuild.reduce.coding import done
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
    status: Codes
    light: Codes
    shortfall: Floats
    surplus: Floats
    is_recoverable: Bools
    days_left: Ints
    events: Ints
    last_event: Ints
    is_due: Bools
    is_closed: Bools
    is_open: Bools

    def of_block(self, block: Block) -> Judged:
        """The standings of some targets, as a plan of their own."""
        columns = {name: getattr(self, name)[block.cells] for name in _DTYPES}
        return Judged(grid=block.grid, as_of=self.as_of, **columns)


_DTYPES: dict[str, Any] = {
    "required": np.float64,
    "original": np.float64,
    "actual": np.float64,
    "completion": np.float64,
    "expected": np.float64,
    "share": np.float64,
    "status": np.int8,
    "light": np.int8,
    "shortfall": np.float64,
    "surplus": np.float64,
    "is_recoverable": np.bool_,
    "days_left": np.int64,
    "events": np.int64,
    "last_event": np.int64,
    "is_due": np.bool_,
    "is_closed": np.bool_,
    "is_open": np.bool_,
}


def judge(grid: Grid, reduction: Reduction, *, as_of: int) -> Judged:
    """Judge every cell of `grid` as of the day number `as_of`."""
    if len(grid.blocks) == 1:
        return _judged(grid, reduction, as_of)
    columns = {name: np.empty(len(grid), dtype=dtype) for name, dtype in _DTYPES.items()}

    def fill(block: Block) -> None:
        part = _judged(block.grid, reduction.of_block(block), as_of)
        for name, column in columns.items():
            column[block.cells] = getattr(part, name)

    done([partial(fill, block) for block in grid.blocks], is_large=True)
    return Judged(grid=grid, as_of=as_of, **columns)


def _judged(grid: Grid, reduction: Reduction, as_of: int) -> Judged:
    requirements = require(grid, as_of)
    is_due, is_closed = as_of >= grid.start, as_of >= grid.end
    is_open = is_due & ~is_closed
    actual = np.where(is_due, reduction.actual, np.nan)
    standing = compare(actual, requirements)
    pace = measure_pace(grid, requirements, actual, as_of=as_of)
    is_milestone = _milestones(grid)
    left = _left_after_makeup(grid, reduction, (requirements, standing, actual, as_of))
    status = statuses(
        Signs(
            is_waived=requirements.is_waived,
            is_upcoming=~is_due,
            is_closed=is_closed,
            is_quantified=requirements.side >= 0,
            is_known=~np.isnan(actual),
            is_milestone=is_milestone,
            is_done=actual == 1,
            is_done_late=is_milestone & reduction.is_late & (actual == 0),
            is_upper=requirements.side == _UPPER,
            is_additive=additive_cells(grid),
            is_below=standing.is_below,
            is_above=standing.is_above,
            is_filled=standing.is_below & is_closed & (left <= 0),
            has_pace=pace.has_pace,
            is_slow=pace.is_slow,
            is_fast=pace.is_fast,
        )
    )
    blank = (status == CODE["waived"]) | (status == CODE["upcoming"])
    is_judged = ~(blank | (status == CODE["unquantified"]))
    nan = np.float64(np.nan)
    is_late = status == CODE["late"]
    shortfall = np.fmin(_shortfall(requirements, standing, actual), left)
    shortfall[is_late & ~np.isnan(actual)] = 0.0
    shortfall[~is_judged | np.isnan(actual)] = nan
    completion = np.where(is_judged, _completion(grid, requirements, (standing, actual)), nan)
    completion[is_milestone & is_late] = 1.0
    days_left = np.maximum(0, grid.end - as_of)
    is_lower = (requirements.side == _LOWER) & ~is_milestone
    is_last_call = is_open & is_lower & (days_left <= grid.plan.warn_days)
    light = status_lights(status, is_closed)
    light[is_last_call & (shortfall > 0)] = LIGHTS.index("yellow")
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
    short = np.where(standing.is_below, np.maximum(0.0, requirements.low - actual), 0.0)
    if not standing.is_above.any():
        return short
    return np.where(standing.is_above, np.maximum(0.0, actual - requirements.high), short)


def _completion(grid: Grid, requirements: Requirements, told: tuple[Standing, Floats]) -> Floats:
    standing, actual = told
    low, high, side = requirements.low, requirements.high, requirements.side
    completion = _towards(low, actual, standing.is_below)
    is_lower = side == _LOWER
    if not is_lower.all():
        upper = _within(high, actual, standing.is_above)
        band = np.where(standing.is_below, completion, np.where(standing.is_above, upper, 1.0))
        rest = np.where(side == _UPPER, upper, band)
        completion = np.where(is_lower, completion, rest)
    baselines = [baseline_of(one.target) for one in grid.targets]
    if not np.isnan(baselines).all():
        baseline = grid.per_target(baselines, np.float64)
        moved = _moved(actual, baseline, np.where(side == _UPPER, high, low))
        completion = np.where(~np.isnan(baseline) & (side != _BAND), moved, completion)
    return np.where(np.isnan(actual), np.nan, completion)


def _moved(actual: Floats, baseline: Floats, goal: Floats) -> Floats:
    """How far of the way from the baseline to the goal; NaN where there is no way to go."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved: Floats = (actual - baseline) / (goal - baseline)
    moved[~np.isfinite(moved) | _is_same(goal, baseline)] = np.nan
    return moved


def _is_same(a: Floats, b: Floats) -> Bools:
    return reaches(a, b) & reaches(b, a)


def _towards(low: Floats, actual: Floats, is_below: Bools) -> Floats:
    """Completion of a lower bound."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive: Floats = actual / low
        if (low > 0).all():
            return positive
        negative = np.where(is_below, low / actual, 1.0)
    zero = np.where(is_below, 0.0, 1.0)
    return np.where(low > 0, positive, np.where(low == 0, zero, negative))


def _within(high: Floats, actual: Floats, is_above: Bools) -> Floats:
    """Completion of an upper bound, the mirror."""
    with np.errstate(divide="ignore", invalid="ignore"):
        positive = np.where(is_above, high / actual, 1.0)
        zero = np.where(is_above, 0.0, 1.0)
        return np.where(high > 0, positive, np.where(high == 0, zero, actual / high))


def _recoverable(grid: Grid, told: tuple[Codes, Floats, Bools, Bools], as_of: int) -> Bools:
    status, shortfall, is_open, is_milestone = told
    makeup = grid.per_target([one.target.makeup for one in grid.targets], np.bool_)
    has_time = makeup & (as_of < day_number(grid.plan.end))
    result: Bools = (
        (shortfall > 0) & (status != CODE["breached"]) & (is_open | has_time | is_milestone)
    )
    return result


def _left_after_makeup(
    grid: Grid,
    reduction: Reduction,
    told: tuple[Requirements, Standing, Floats, int],
) -> Floats:
    """What each short cell still lacks once later windows have filled it; inf: not short."""
    requirements, standing, actual, as_of = told
    if not any(one.target.makeup for one in grid.targets):
        return np.broadcast_to(np.inf, len(grid))
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
