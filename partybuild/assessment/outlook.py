"""Beyond status: what is still needed, by when, at which rate, and who falls short."""

from __future__ import annotations

import numpy as np
import pandas as pd

from partybuild.assessment.frames import categories, dates, standings_frame
from partybuild.assessment.groups import Rows
from partybuild.assessment.judge import Judged
from partybuild.assessment.pace import additive_cells, baseline_of
from partybuild.assessment.rollup import TargetRoll
from partybuild.assessment.rules import CODE, LIGHTS, STATUSES
from partybuild.grid import NEVER, Bools, Floats, Grid, Ints, day_number

#: Mean days of a Gregorian month: 365.2425 / 12.
DAYS_PER_MONTH = 30.436875
_DAYS_PER_WEEK = 7
_MOST_DAYS = 36525  # beyond a century no date is named

_KEPT = (
    "organisation",
    "commitment",
    "target",
    "subject",
    "window",
    "start",
    "end",
    "required",
    "actual",
    "completion",
    "status",
    "light",
    "shortfall",
    "recoverable",
)
_SETTLED = tuple(CODE[name] for name in ("met", "late", "waived", "unquantified"))


def shortfalls_frame(judged: Judged) -> pd.DataFrame:
    """Every standing that is due and short, with what would still mend it.

    Columns: those of the standings that say which and how much, then `by` (the
    last day that can mend it; NaT: none), `days_left` until then, `needed_per_week`,
    `needed_per_month`, `pace_per_week` so far, `reached_on` at that pace.
    """
    is_failed = np.isin(judged.status, [CODE["missed"], CODE["breached"]])
    rows = np.flatnonzero((np.nan_to_num(judged.shortfall) > 0) | is_failed)
    frame = standings_frame(judged)[list(_KEPT)].iloc[rows].reset_index(drop=True)
    by = _mend_by(judged)
    pace = _pace(judged)
    rates = _rates(
        needed=judged.shortfall[rows],
        pace=pace[rows],
        days_left=np.where(by == NEVER, np.nan, by - judged.as_of)[rows],
        has_pace=_has_pace(judged.grid)[rows],
    )
    reached = _reached(judged, pace)[rows]
    return frame.assign(by=dates(by[rows]), **rates, reached_on=dates(reached))


def _mend_by(judged: Judged) -> Ints:
    """The last day on which each standing can still be mended; `NEVER`: none."""
    plan_end = day_number(judged.grid.plan.end)
    by = np.where(judged.is_open, judged.grid.end, max(plan_end, judged.as_of))
    is_late_call = judged.is_recoverable & ~judged.is_open & (plan_end <= judged.as_of)
    return np.where(judged.is_recoverable & ~is_late_call, by, NEVER)


def _pace(judged: Judged) -> Floats:
    """Progress a day so far; NaN where progress has no pace."""
    grid = judged.grid
    baseline = grid.per_target([baseline_of(one.target) for one in grid.targets], np.float64)
    elapsed = np.minimum(judged.as_of, grid.end) - grid.start + 1
    moved = np.where(additive_cells(grid), judged.actual, judged.actual - baseline)
    return np.where(elapsed > 0, moved / np.maximum(1, elapsed), np.nan)


def _rates(
    *, needed: Floats, pace: Floats, days_left: Floats, has_pace: Bools
) -> dict[str, Floats]:
    """Needed and present rates; a level without a baseline has neither."""
    is_timed = has_pace & (days_left > 0)
    with np.errstate(divide="ignore", invalid="ignore"):
        per_day = np.where(is_timed, needed / days_left, np.nan)
    return {
        "days_left": days_left,
        "needed_per_week": per_day * _DAYS_PER_WEEK,
        "needed_per_month": per_day * DAYS_PER_MONTH,
        "pace_per_week": pace * _DAYS_PER_WEEK,
    }


def _has_pace(grid: Grid) -> Bools:
    baselines = [baseline_of(one.target) for one in grid.targets]
    result: Bools = additive_cells(grid) | ~np.isnan(grid.per_target(baselines, np.float64))
    return result


def _reached(judged: Judged, pace: Floats) -> Ints:
    """The day on which each open standing will be reached; `NEVER`: not known, or never."""
    rises = judged.required > judged.actual
    towards = np.where(rises, pace, -pace)
    # an allowance that is used up does not come back; a level may come down again
    is_lost = ~rises & additive_cells(judged.grid)
    towards = np.where(judged.is_open & ~is_lost, towards, np.nan)
    return _reach_days(judged.shortfall, towards, as_of=judged.as_of)


def _reach_days(needed: Floats, pace: Floats, *, as_of: int) -> Ints:
    """The day on which `needed` will be there at `pace` a day; `NEVER` without progress."""
    with np.errstate(divide="ignore", invalid="ignore"):
        days = np.ceil(needed / pace - 1e-9)
    is_known = (pace > 0) & (needed > 0) & (days <= _MOST_DAYS)
    return np.where(is_known, as_of + np.where(is_known, days, 0).astype(np.int64), NEVER)


def outlook_frame(judged: Judged, roll: TargetRoll) -> pd.DataFrame:
    """Every target that is not settled yet, with what is left to do in the year.

    Columns: organisation, commitment, target, name, unit, status, light, required,
    actual, `needed` (what the open and the coming windows still ask for, and what
    can be made up), `lost` (short for good), `by` (the last day of the last such
    window), `days_left`, `needed_per_week`, `needed_per_month`, `pace_per_week` so
    far, `reached_on` (when the last open standing that is short will be reached at
    its pace), `windows_short`, `members_short` (NA without `each`). A level needs
    the distance to its goal in the open window, and has rates from a baseline only.
    """
    grid = judged.grid
    number = len(grid.organisations)
    of = grid.target * number + grid.organisation
    cells = Rows(of=of, number=len(grid.targets) * number)
    rows = np.flatnonzero(~np.isin(roll.status, _SETTLED))
    needed, lost = _needed(judged, cells)
    by = _last_day(judged, cells)
    pace = _target_pace(judged, cells)
    days_left = np.where(by == NEVER, np.nan, by - judged.as_of)
    columns = {
        **_names(grid, rows),
        "status": categories(roll.status[rows], STATUSES),
        "light": categories(roll.light[rows], LIGHTS),
        "required": roll.required[rows],
        "actual": roll.actual[rows],
        "needed": needed[rows],
        "lost": lost[rows],
        "by": dates(by[rows]),
        **_rates(
            needed=needed[rows],
            pace=pace[rows],
            days_left=days_left[rows],
            has_pace=cells.any(_has_pace(grid))[rows],
        ),
        "reached_on": dates(_all_reached(judged, cells)[rows]),
        "windows_short": _different(cells, judged, grid.window)[rows],
        "members_short": _members_short(judged, cells)[rows],
    }
    return pd.DataFrame(columns, copy=False)


def _all_reached(judged: Judged, cells: Rows) -> Ints:
    """The day on which the last of a target's open standings that are short will be reached."""
    reached = _reached(judged, _pace(judged))
    is_short = judged.is_open & (np.nan_to_num(judged.shortfall) > 0)
    last = np.full(cells.number, NEVER)
    np.maximum.at(last, cells.of[is_short], reached[is_short])
    return np.where(cells.any(is_short & (reached == NEVER)), NEVER, last)


def _names(grid: Grid, rows: Ints) -> dict[str, object]:
    number = len(grid.organisations)
    owners = [one.id for one in grid.plan.commitments for _ in one.targets]
    target = rows // number
    return {
        "organisation": categories(rows % number, grid.organisations),
        "commitment": categories(target, owners),
        "target": categories(target, [one.target.id for one in grid.targets]),
        "name": categories(target, [one.target.name for one in grid.targets]),
        "unit": categories(target, [one.target.unit for one in grid.targets]),
    }


def _asked_ahead(judged: Judged) -> Bools:
    """Standings of windows that have not begun and will ask for something."""
    result: Bools = judged.status == CODE["upcoming"]
    return result


def _needed(judged: Judged, cells: Rows) -> tuple[Floats, Floats]:
    short = np.nan_to_num(judged.shortfall)
    is_mendable = judged.is_recoverable
    ahead = np.where(_asked_ahead(judged) & additive_cells(judged.grid), judged.required, 0.0)
    needed = np.where(is_mendable, short, 0.0) + np.maximum(0.0, np.nan_to_num(ahead))
    is_upper = _upper_cells(judged.grid)
    needed = np.where(is_upper & _asked_ahead(judged), 0.0, needed)
    is_level_ahead = _asked_ahead(judged) & ~additive_cells(judged.grid)
    is_known = (judged.is_recoverable | ~np.isnan(judged.required)) & ~is_level_ahead
    lost = np.where(judged.is_due & ~is_mendable, judged.shortfall, 0.0)
    return cells.sum(np.where(is_known, needed, np.nan)), cells.sum(lost)


def _upper_cells(grid: Grid) -> Bools:
    sides = [one.target.bounds.side if one.target.bounds else None for one in grid.targets]
    return grid.per_target([side == "upper" for side in sides], np.bool_)


def _last_day(judged: Judged, cells: Rows) -> Ints:
    by = np.where(_asked_ahead(judged) | judged.is_open, judged.grid.end, _mend_by(judged))
    result = np.full(cells.number, NEVER)
    np.maximum.at(result, cells.of, by)
    return result


def _target_pace(judged: Judged, cells: Rows) -> Floats:
    """Progress a day over all days that have passed in the target's windows."""
    grid = judged.grid
    is_additive = additive_cells(grid)
    elapsed = np.clip(np.minimum(judged.as_of, grid.end) - grid.start + 1, 0, None)
    baseline = grid.per_target([baseline_of(one.target) for one in grid.targets], np.float64)
    moved = np.where(is_additive, judged.actual, judged.actual - baseline)
    moved = np.where(is_additive | judged.is_open, moved, np.nan)
    days = np.where(np.isnan(moved), np.nan, elapsed.astype(np.float64))
    # members work side by side: their days do not add up
    members = np.maximum(1, _different(cells, judged, grid.member, is_short=False))
    with np.errstate(divide="ignore", invalid="ignore"):
        return cells.sum(moved) / cells.sum(days) * members


def _different(cells: Rows, judged: Judged, values: Ints, *, is_short: bool = True) -> Ints:
    """How many different windows (or members) of each target stand in the chosen cells."""
    chosen = np.nan_to_num(judged.shortfall) > 0 if is_short else judged.is_due
    width = int(values.max(initial=0)) + 2
    keys = np.unique(cells.of[chosen] * width + values[chosen] + 1)
    return np.bincount(keys // width, minlength=cells.number)


def _members_short(judged: Judged, cells: Rows) -> pd.arrays.IntegerArray:
    grid = judged.grid
    number = _different(cells, judged, grid.member)
    is_each = np.repeat(
        [one.target.each is not None for one in grid.targets], len(grid.organisations)
    ).astype(bool)
    return pd.arrays.IntegerArray(np.where(is_each, number, 0), ~is_each)
