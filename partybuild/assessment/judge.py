"""Actuals -> standings as of a date: one pass over all cells of a plan at once."""

from __future__ import annotations

from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.assessment.makeup import left_after_makeup
from partybuild.assessment.pace import falls_behind
from partybuild.assessment.requirements import falls_short
from partybuild.assessment.rules import CODE, LIGHTS, Signs, status_lights, statuses
from partybuild.assessment.terms import BAND, LOWER, UPPER, Terms, terms_of
from partybuild.assessment.tolerance import reaches
from partybuild.grid import Block, Bools, Codes, Floats, Grid, Ints, columns_of
from partybuild.reduce.coding import done
from partybuild.reduce.reduction import Reduction

#: So many organisations of a wide target are judged at a time.
_STRIP = 1 << 14
_NO: Bools = np.zeros(1, dtype=bool)
_UNKNOWN: Floats = np.full(1, np.nan)


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
        names = (*_DTYPES, "events", "last_event")
        columns = {name: getattr(self, name)[block.cells] for name in names}
        return Judged(grid=block.grid, as_of=self.as_of, **columns)


_DTYPES: dict[str, Any] = {
    "required": np.float64,
    "original": np.float64,
    "actual": np.float64,
    "completion": np.float64,
    "expected": np.float64,
    "status": np.int8,
    "light": np.int8,
    "shortfall": np.float64,
    "surplus": np.float64,
    "is_recoverable": np.bool_,
    "days_left": np.int64,
    "is_due": np.bool_,
    "is_closed": np.bool_,
    "is_open": np.bool_,
}

_Columns = dict[str, npt.NDArray[Any]]


def judge(grid: Grid, reduction: Reduction, *, as_of: int) -> Judged:
    """Judge every cell of `grid` as of the day number `as_of`."""
    columns = columns_of(_DTYPES, len(grid))
    tasks = [partial(_fill, columns, block, (reduction, as_of)) for block in grid.blocks]
    done(tasks, is_large=len(tasks) > 1)
    # no event counts in a window before it has begun, so nothing of these is to be hidden
    return Judged(
        grid=grid, as_of=as_of, events=reduction.events, last_event=reduction.last, **columns
    )


def _fill(columns: _Columns, block: Block, told: tuple[Reduction, int]) -> None:
    """Judge the cells of a block, and write the verdicts into their place."""
    reduction, as_of = told
    own = {name: column[block.cells] for name, column in columns.items()}
    if block.is_wide:
        _fill_wide(own, block.grid, (reduction.actual[block.cells], as_of))
        return
    terms, reduction = terms_of(block.grid, as_of), reduction.of_block(block)
    found = _verdicts(terms, reduction.actual, (block.grid, reduction, as_of))
    for name, column in own.items():
        column[:] = found[name]


def _fill_wide(columns: _Columns, grid: Grid, told: tuple[Floats, int]) -> None:
    """Judge a target window by window: what is asked there is the same for everybody."""
    actual, as_of = told
    one = grid.targets[0]
    terms = terms_of(attrs.evolve(grid, targets=(one.of_one(),)), as_of)
    tables = {name: column.reshape(one.shape) for name, column in columns.items()}
    said = actual.reshape(one.shape)
    for begin in range(0, len(one.units), _STRIP):
        rows = slice(begin, begin + _STRIP)
        for window in range(len(one.days)):
            found = _verdicts(terms.at(window), said[rows, window].copy(), None)
            for name, table in tables.items():
                table[rows, window] = found[name]


def _verdicts(
    terms: Terms, said: Floats, makeup: tuple[Grid, Reduction, int] | None
) -> dict[str, Any]:
    """The columns of `Judged` for some cells, one entry where it holds for all of them.

    `makeup` is what later windows and late milestones need to know; None: there are none.
    """
    actual = _where(terms.is_due, said)
    is_known = ~np.isnan(actual)
    is_below = falls_short(actual, terms.low, terms.is_strict)
    is_above = falls_short(terms.high, actual, terms.is_strict)
    left, is_done_late = _afterwards(terms, (actual, is_below), makeup)
    status = statuses(
        Signs(
            is_waived=terms.is_waived,
            is_upcoming=~terms.is_due,
            is_closed=terms.is_closed,
            is_quantified=terms.side >= 0,
            is_known=is_known,
            is_milestone=terms.is_milestone,
            is_done=actual == 1 if terms.is_milestone.any() else _NO,
            is_done_late=is_done_late,
            is_upper=terms.side == UPPER,
            is_additive=terms.is_additive,
            is_below=is_below,
            is_above=is_above,
            is_filled=_NO if left is None else is_below & terms.is_closed & (left <= 0),
            has_pace=terms.has_pace,
            is_slow=falls_behind(actual, terms.least) if terms.is_open.any() else _NO,
            is_fast=_is_fast(terms, actual),
        )
    )
    short = _shortfall(terms, actual, (is_below, is_above))
    completion = _completion(terms, actual, (is_below, is_above))
    if left is not None:
        short = np.fmin(short, left)
    if left is not None or terms.is_milestone.any():
        is_late = status == CODE["late"]
        short = np.where(is_late, 0.0, short)
        completion = np.where(terms.is_milestone & is_late, 1.0, completion)
    short = _where(terms.is_judged & is_known, short)
    return {
        "required": terms.required,
        "original": terms.original,
        "actual": actual,
        "completion": _where(terms.is_judged, completion),
        "expected": terms.expected,
        "status": status,
        "light": _light(terms, status, short),
        "shortfall": short,
        "surplus": _surplus(terms, actual),
        "is_recoverable": _recoverable(terms, status, short),
        "days_left": terms.days_left,
        "is_due": terms.is_due,
        "is_closed": terms.is_closed,
        "is_open": terms.is_open,
    }


def _where(mask: Bools, values: Floats) -> Floats:
    """The values where `mask` holds, None elsewhere."""
    if mask.all():
        return values
    return np.where(mask, values, np.nan) if mask.any() else _UNKNOWN


def _afterwards(
    terms: Terms, told: tuple[Floats, Bools], makeup: tuple[Grid, Reduction, int] | None
) -> tuple[Floats | None, Bools]:
    """What is left of a gap when later windows filled it (None: none may), and late milestones."""
    if makeup is None:
        return None, _NO
    actual, is_below = told
    grid, reduction, as_of = makeup
    left = None
    if any(one.target.makeup for one in grid.targets):
        left = left_after_makeup(grid, (terms, actual, is_below), (reduction.tails, as_of))
    return left, terms.is_milestone & reduction.is_late & (actual == 0)


def _is_fast(terms: Terms, actual: Floats) -> Bools:
    """Whether an open cell has used more than its pace."""
    if not terms.is_open.any() or np.isnan(terms.high).all():
        return _NO
    return falls_behind(terms.most, actual)


def _shortfall(terms: Terms, actual: Floats, told: tuple[Bools, Bools]) -> Floats:
    is_below, is_above = told
    short = np.where(is_below, np.maximum(0.0, terms.low - actual), 0.0)
    if not is_above.any():
        return short
    return np.where(is_above, np.maximum(0.0, actual - terms.high), short)


def _surplus(terms: Terms, actual: Floats) -> Floats:
    if not terms.has_surplus.any():
        return _UNKNOWN
    return _where(terms.has_surplus, np.maximum(0.0, actual - terms.low))


def _light(terms: Terms, status: Codes, short: Floats) -> Codes:
    light = status_lights(status, terms.is_closed)
    if terms.is_last_call.any():
        np.putmask(light, terms.is_last_call & (short > 0), LIGHTS.index("yellow"))
    return light


def _recoverable(terms: Terms, status: Codes, short: Floats) -> Bools:
    if not terms.is_mendable.any():
        return _NO
    result: Bools = (short > 0) & (status != CODE["breached"]) & terms.is_mendable
    return result


def _completion(terms: Terms, actual: Floats, told: tuple[Bools, Bools]) -> Floats:
    is_below, is_above = told
    low, high, side = terms.low, terms.high, terms.side
    completion = _towards(low, actual, is_below)
    is_lower = side == LOWER
    if not is_lower.all():
        upper = _within(high, actual, is_above)
        band = np.where(is_below, completion, np.where(is_above, upper, 1.0))
        rest = np.where(side == UPPER, upper, band)
        completion = np.where(is_lower, completion, rest)
    has_baseline = ~np.isnan(terms.baseline)
    if has_baseline.any():
        moved = _moved(actual, terms.baseline, np.where(side == UPPER, high, low))
        completion = np.where(has_baseline & (side != BAND), moved, completion)
    return np.where(np.isnan(actual), np.nan, completion)


def _moved(actual: Floats, baseline: Floats, goal: Floats) -> Floats:
    """How far of the way from the baseline to the goal; NaN where there is no way to go."""
    with np.errstate(divide="ignore", invalid="ignore"):
        moved = (actual - baseline) / (goal - baseline)
    return np.where(np.isfinite(moved) & ~_is_same(goal, baseline), moved, np.nan)


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
