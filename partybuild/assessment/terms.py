"""What standings are judged by, as far as it is known before any event is looked at."""

from __future__ import annotations

import attrs
import numpy as np

from partybuild.assessment.pace import measure_pace
from partybuild.assessment.requirements import SIDES, require
from partybuild.grid import Bools, Floats, Grid, Ints, day_number

LOWER, UPPER, BAND = (SIDES.index(side) for side in ("lower", "upper", "band"))


@attrs.frozen(kw_only=True, eq=False)
class Terms:
    """The terms of some cells; an array of one entry holds for all of them.

    `side` and the bounds `low`, `high` (NaN: none) are those of `Requirements`;
    `baseline` is where progress is measured from (NaN: nowhere). `required`,
    `original`, `expected` are the figures shown. `least` and `most` are what an
    open cell must have reached, or may have used, to keep pace. `is_judged`: it
    has begun, is not waived and has a goal; `has_surplus`: a lower goal that may
    be exceeded; `is_mendable`: what is short can still be done, or made up;
    `is_last_call`: open, with few days left.
    """

    side: Ints
    low: Floats
    high: Floats
    is_strict: Bools
    baseline: Floats
    required: Floats
    original: Floats
    expected: Floats
    least: Floats
    most: Floats
    days_left: Ints
    is_waived: Bools
    is_due: Bools
    is_closed: Bools
    is_open: Bools
    is_judged: Bools
    is_milestone: Bools
    is_additive: Bools
    has_pace: Bools
    has_surplus: Bools
    is_mendable: Bools
    is_last_call: Bools

    def at(self, place: int) -> Terms:
        """The terms of one cell, for others that are judged by the same."""
        return Terms(
            **{
                name: values[place : place + 1] if len(values) > 1 else values
                for name, values in ((name, getattr(self, name)) for name in _NAMES)
            }
        )


_NAMES = tuple(attribute.name for attribute in attrs.fields(Terms))


def terms_of(grid: Grid, as_of: int) -> Terms:
    """Work out what every cell of `grid` is judged by as of a day number."""
    plan = grid.plan
    requirements, pace = require(grid, as_of), measure_pace(grid, as_of=as_of)
    is_due, is_closed = as_of >= grid.start, as_of >= grid.end
    is_open = is_due & ~is_closed
    is_milestone = grid.told([one.target.measure == "milestone" for one in grid.targets], np.bool_)
    makeup = grid.told([one.target.makeup for one in grid.targets], np.bool_)
    is_waived, has_goal = requirements.is_waived, requirements.side >= 0
    is_judged = is_due & has_goal & ~is_waived
    is_lower = (requirements.side == LOWER) & ~is_milestone
    days_left = np.maximum(0, grid.end - as_of)
    nan = np.float64(np.nan)
    return Terms(
        side=requirements.side,
        low=requirements.low,
        high=requirements.high,
        is_strict=requirements.is_strict,
        baseline=pace.baseline,
        required=np.where(is_waived, nan, requirements.required),
        original=requirements.original,
        expected=np.where(
            is_waived | ~has_goal | is_milestone, nan, pace.due(requirements.required)
        ),
        least=pace.least(requirements.low),
        most=pace.most(requirements.high),
        days_left=days_left,
        is_waived=is_waived,
        is_due=is_due,
        is_closed=is_closed,
        is_open=is_open,
        is_judged=is_judged,
        is_milestone=is_milestone,
        is_additive=pace.is_additive,
        has_pace=pace.is_additive | ~np.isnan(pace.baseline),
        has_surplus=is_judged & is_lower,
        is_mendable=is_open | is_milestone | (makeup & (as_of < day_number(plan.end))),
        is_last_call=is_open & is_lower & (days_left <= plan.warn_days),
    )
