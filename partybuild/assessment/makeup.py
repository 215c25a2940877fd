"""Made up later (补齐): what later windows have beyond their goal fills earlier gaps."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from partybuild.assessment.terms import LOWER, Terms
from partybuild.assessment.tolerance import TOLERANCE
from partybuild.grid import Bools, Floats, Grid, TargetGrid


def left_after_makeup(
    grid: Grid,
    judged: tuple[Terms, Floats, Bools],
    told: tuple[Mapping[int, Floats], int],
) -> Floats:
    """What each short cell still lacks once later windows have filled it; inf: not short.

    `judged`: the terms of all cells, their actuals, and which are below their bound;
    `told`: what each unit did after the last window, by target, and the day as of which.
    """
    tails, as_of = told
    terms, *columns = judged
    columns += [terms.low, terms.is_waived, terms.side]
    actual, is_below, low, is_waived, side = (
        np.broadcast_to(column, len(grid)) for column in columns
    )
    left = np.full(len(grid), np.inf)
    for index, one in enumerate(grid.targets):
        if not one.target.makeup:
            continue
        part = grid.part(index)
        over = actual[part] - low[part]
        over[is_waived[part] | (side[part] != LOWER)] = np.nan
        short = is_below[part] & (grid.end[part] <= as_of) & (over < 0)
        filled = _filled(one, (over, short), tails[index])
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
