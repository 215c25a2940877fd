"""Standings -> windows -> targets -> commitments -> the plan; all in whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.assessment.judge import Judged
from partybuild.assessment.rules import CODE, LIGHTS, STATUSES, status_lights
from partybuild.assessment.tolerance import reaches
from partybuild.grid import Bools, Codes, Floats, Grid, Ints
from partybuild.plan import Plan
from partybuild.reduce.coding import done
from partybuild.reduce.reduction import Reduction

#: What an open window counts as, the worst first; anything else counts as on_track.
_OPEN_ORDER = ("behind", "in_progress", "no_data", "on_track")


def _ranks(order: Sequence[str], *, default: str) -> Codes:
    """Rank of each status by `order`; a status not in it ranks as `default`."""
    ranks: Codes = np.full(len(STATUSES), order.index(default), dtype=np.int8)
    for rank, name in enumerate(order):
        ranks[CODE[name]] = rank
    return ranks


_OPEN_RANK = _ranks(_OPEN_ORDER, default="on_track")
_OPEN_CODE: Codes = np.array([CODE[name] for name in _OPEN_ORDER], dtype=np.int8)


#: Up to so many rows a group are added up column by column.
_WIDEST = 16


@attrs.frozen(kw_only=True, eq=False)
class Groups:
    """Rows gathered into groups; sums and minima over each group.

    `width`: every group has so many rows, and they stand side by side.
    """

    of: Ints
    number: int
    width: int | None = None

    def _columns(self, values: npt.NDArray[Any]) -> Sequence[npt.NDArray[Any]] | None:
        """The first row of every group, the second, and so on; None: they are not alike."""
        if self.width is None or self.width > _WIDEST:
            return None
        return list(values.reshape(self.number, self.width).T)

    def count(self, mask: Bools) -> Ints:
        """How many rows of each group `mask` marks."""
        columns = self._columns(mask)
        if columns is None:
            return np.bincount(self.of[mask], minlength=self.number)
        counts = columns[0].astype(np.int64)
        for column in columns[1:]:
            counts += column
        return counts

    def sum(self, values: Floats) -> Floats:
        """Sum of the values that are not NaN; NaN where a group has none."""
        known = ~np.isnan(values)
        columns = self._columns(np.where(known, values, 0.0))
        if columns is None:
            sums: Any = np.bincount(self.of[known], weights=values[known], minlength=self.number)
        else:
            sums = columns[0].copy()
            for column in columns[1:]:
                sums += column
        totals: Floats = sums.astype(np.float64, copy=False)
        totals[~self.any(known)] = np.nan
        return totals

    def least(self, values: Codes, *, default: int) -> Codes:
        """Smallest value of each group, `default` for a group without rows."""
        columns = self._columns(values)
        if columns is not None:
            smallest: Codes = np.minimum.reduce(columns)
            return smallest
        result = np.full(self.number, default, dtype=values.dtype)
        np.minimum.at(result, self.of, values)
        return result

    def any(self, mask: Bools) -> Bools:
        """Whether `mask` marks a row of the group."""
        columns = self._columns(mask)
        if columns is None:
            return self.count(mask) > 0
        marked: Bools = np.logical_or.reduce(columns)
        return marked


@attrs.frozen(kw_only=True, eq=False)
class WindowRoll:
    """One row for every target x organisation x window: its status over all members.

    `has_goal`: somebody there has a goal to be judged by.
    """

    target_row: Ints
    status: Codes
    has_goal: Bools
    is_due: Bools
    is_closed: Bools
    is_open: Bools


def roll_windows(judged: Judged) -> WindowRoll:
    """Bring the standings of each window together; cells stand side by side already."""
    grid = judged.grid
    target_row = _rows_of(grid)
    if not any(one.target.each for one in grid.targets):
        return _plain_windows(judged, target_row)
    is_new = np.ones(len(grid), dtype=bool)
    is_new[1:] = (target_row[1:] != target_row[:-1]) | (grid.window[1:] != grid.window[:-1])
    first = np.flatnonzero(is_new)
    groups = Groups(of=np.cumsum(is_new) - 1, number=len(first))
    bounds = _window_bounds(grid)
    start, end = bounds[0][first], bounds[1][first]
    is_due, is_closed = judged.as_of >= start, judged.as_of >= end
    is_each = grid.per_target([one.target.each is not None for one in grid.targets], np.bool_)
    shared = _member_status(judged, groups, (first, is_due, is_closed))
    return WindowRoll(
        target_row=target_row[first],
        status=np.where(is_each[first], shared, judged.status[first]),
        has_goal=groups.any(~np.isnan(judged.required)),
        is_due=is_due,
        is_closed=is_closed,
        is_open=is_due & ~is_closed,
    )


def _rows_of(grid: Grid) -> Ints:
    """Position of each cell's target and organisation."""
    return grid.target * len(grid.organisations) + grid.organisation


def _plain_windows(judged: Judged, target_row: Ints) -> WindowRoll:
    """Without members every standing is a window."""
    return WindowRoll(
        target_row=target_row,
        status=judged.status,
        has_goal=~np.isnan(judged.required),
        is_due=judged.is_due,
        is_closed=judged.is_closed,
        is_open=judged.is_open,
    )


def _window_bounds(grid: Grid) -> tuple[Ints, Ints]:
    starts = [one.days.start[one.window] for one in grid.targets]
    ends = [one.days.end[one.window] for one in grid.targets]
    empty = np.empty(0, dtype=np.int64)
    return np.concatenate([empty, *starts]), np.concatenate([empty, *ends])


def _member_status(judged: Judged, groups: Groups, told: tuple[Ints, Bools, Bools]) -> Codes:
    """Status of a window that must hold for each member (contract, roll-ups)."""
    first, is_due, is_closed = told
    grid, status = judged.grid, judged.status
    shares = grid.per_target([one.target.share for one in grid.targets], np.float64)[first]
    is_counted = status != CODE["waived"]
    members = groups.count(is_counted).astype(np.float64)
    need = shares * members
    met = groups.count(status == CODE["met"]).astype(np.float64)
    late = groups.count(status == CODE["late"])
    breached = groups.count(status == CODE["breached"])
    unquantified = groups.count(status == CODE["unquantified"])
    worst = _OPEN_CODE[groups.least(_OPEN_RANK[status], default=len(_OPEN_ORDER) - 1)]
    conditions = [
        members == 0,
        ~is_due,
        unquantified == members,
        reaches(met, need),
        reaches(met + late, need),
        ~reaches(members - breached, need),
        is_closed,
    ]
    names = ("waived", "upcoming", "unquantified", "met", "late", "breached", "missed")
    return np.select(conditions, [CODE[name] for name in names], worst)


@attrs.frozen(kw_only=True, eq=False)
class TargetRoll:
    """One row for every target x organisation, in that order. NaN stands for None."""

    required: Floats
    actual: Floats
    completion: Floats
    status: Codes
    light: Codes
    shortfall: Floats
    overdue: Floats
    windows: Ints
    windows_due: Ints
    windows_met: Ints
    windows_missed: Ints
    members: Ints
    members_met: Ints


def roll_targets(judged: Judged, reduction: Reduction) -> TargetRoll:
    """Bring the windows of each target together."""
    blocks = judged.grid.blocks
    if len(blocks) == 1:
        return _rolled(judged, reduction)
    tasks = [
        partial(_rolled, judged.of_block(block), reduction.of_block(block)) for block in blocks
    ]
    parts = done(tasks, is_large=True)
    joined = {
        field.name: np.concatenate([getattr(part, field.name) for part in parts])
        for field in attrs.fields(TargetRoll)
    }
    return TargetRoll(**joined)


def _rolled(judged: Judged, reduction: Reduction) -> TargetRoll:
    grid = judged.grid
    number = len(grid.targets) * len(grid.organisations)
    windows = roll_windows(judged)
    cells = Groups(of=_rows_of(grid), number=number, width=grid.width)
    is_plain = len(windows.target_row) == len(grid)
    rows = cells if is_plain else Groups(of=windows.target_row, number=number)
    status, is_lost = _target_status(grid, windows, rows)
    is_live = windows.status != CODE["waived"]
    is_ok = _is_ok(windows.status)
    members, members_met = _members(judged, number)
    shortfall, overdue = _shortfalls(judged, cells)
    return TargetRoll(
        required=_required(judged, cells),
        actual=_actual(judged, cells, reduction),
        completion=_completion(judged, cells),
        status=status,
        light=_light(judged, cells, (status, is_lost)),
        shortfall=shortfall,
        overdue=overdue,
        windows=rows.count(is_live),
        windows_due=rows.count(is_live & windows.is_due),
        windows_met=rows.count(is_ok),
        windows_missed=rows.count(_is_lost(windows)),
        members=members,
        members_met=members_met,
    )


def _light(judged: Judged, cells: Groups, told: tuple[Codes, Bools]) -> Codes:
    """The light of a status; yellow also when a standing on track is short near its end."""
    status, is_lost = told
    light = status_lights(status, is_lost)
    yellow = LIGHTS.index("yellow")
    is_warned = cells.any((judged.status == CODE["on_track"]) & (judged.light == yellow))
    light[(status == CODE["on_track"]) & is_warned] = yellow
    return light


def _is_ok(status: Codes) -> Bools:
    is_ok: Bools = (status == CODE["met"]) | (status == CODE["late"])
    return is_ok


def _is_live(windows: WindowRoll) -> Bools:
    is_live: Bools = (windows.status != CODE["waived"]) & windows.has_goal
    return is_live


def _is_lost(windows: WindowRoll) -> Bools:
    is_over = windows.is_closed | (windows.status == CODE["breached"])
    is_lost: Bools = _is_live(windows) & ~_is_ok(windows.status) & is_over
    return is_lost


def _target_status(grid: Grid, windows: WindowRoll, rows: Groups) -> tuple[Codes, Bools]:
    """Status of each target, and whether it was lost (closed for good)."""
    status = windows.status
    is_live = _is_live(windows)
    number = rows.count(is_live)
    require = np.repeat(
        np.array([one.target.require or 0 for one in grid.targets], dtype=np.int64),
        len(grid.organisations),
    )
    need = np.where(require > 0, np.minimum(require, number), number)
    ok = rows.count(_is_ok(status))
    is_lost = _is_lost(windows)
    unreachable = number - rows.count(is_lost) < need
    is_late = rows.any(status == CODE["late"])
    open_rank = np.where(windows.is_open & is_live, _OPEN_RANK[status], len(_OPEN_ORDER) - 1)
    worst = _OPEN_CODE[rows.least(open_rank, default=len(_OPEN_ORDER) - 1)]
    conditions = [
        ~rows.any(status != CODE["waived"]),
        ~rows.any(is_live),
        ~rows.any(is_live & windows.is_due),
        (ok >= need) & is_late,
        ok >= need,
        unreachable & rows.any(is_lost & (status == CODE["breached"])),
        unreachable & rows.any(is_lost & (status == CODE["missed"])),
        unreachable,
    ]
    names = ("waived", "unquantified", "upcoming", "late", "met", "breached", "missed", "no_data")
    return np.select(conditions, [CODE[name] for name in names], worst), unreachable


def _required(judged: Judged, cells: Groups) -> Floats:
    """The sum over windows and members; of a level the goal in its last window that is due."""
    grid, organisations = judged.grid, len(judged.grid.organisations)
    result = cells.sum(judged.required)
    for index, one in enumerate(grid.targets):
        if one.target.measure_kind.is_additive:
            continue
        rows = slice(index * organisations, (index + 1) * organisations)
        last = _last_due(judged, judged.required, index)
        result[rows] = np.where(np.isnan(last), _first_required(judged, index), last)
    return result


def _first_required(judged: Judged, index: int) -> Floats:
    grid, part = judged.grid, judged.grid.part(index)
    known = np.flatnonzero(~np.isnan(judged.required[part]))[::-1] + part.start
    result = np.full(len(grid.organisations), np.nan)
    # backwards, so that the first window's figure stays
    result[grid.organisation[known]] = judged.required[known]
    return result


def _actual(judged: Judged, cells: Groups, reduction: Reduction) -> Floats:
    grid, organisations = judged.grid, len(judged.grid.organisations)
    sums = cells.sum(np.where(_is_asked(judged), judged.actual, np.nan))
    is_asked = cells.any(_is_asked(judged))
    result = np.full(cells.number, np.nan)
    for index, one in enumerate(grid.targets):
        rows = slice(index * organisations, (index + 1) * organisations)
        measure = one.target.measure
        if measure in ("count", "total", "days"):
            result[rows] = sums[rows]
        elif one.target.each is not None:
            continue
        elif measure == "distinct":
            result[rows] = np.where(is_asked[rows], reduction.so_far[index], np.nan)
        else:
            result[rows] = _last_due(judged, judged.actual, index)
    return result


def _is_asked(judged: Judged) -> Bools:
    """Whether a standing is due and not waived."""
    result: Bools = judged.is_due & (judged.status != CODE["waived"])
    return result


def _last_due(judged: Judged, values: Floats, index: int) -> Floats:
    """The value in the last window that is due, for each organisation."""
    grid, part = judged.grid, judged.grid.part(index)
    due = np.flatnonzero(_is_asked(judged)[part]) + part.start
    result = np.full(len(grid.organisations), np.nan)
    # cells stand in the order of their windows: the last assignment stays
    result[grid.organisation[due]] = values[due]
    return result


def _completion(judged: Judged, cells: Groups) -> Floats:
    """Mean of the standings' completion, cut to 0..1; upcoming and no_data count as 0."""
    status = judged.status
    is_zero = (status == CODE["upcoming"]) | (status == CODE["no_data"])
    values = np.where(is_zero, 0.0, np.clip(judged.completion, 0.0, 1.0))
    has_goal = ~np.isnan(judged.required)
    values = np.where(has_goal, values, np.nan)
    number = cells.count(~np.isnan(values))
    return cells.sum(values) / np.where(number, number, 1)


def _shortfalls(judged: Judged, cells: Groups) -> tuple[Floats, Floats]:
    """What is short over the windows due, and over the closed ones (0 when none is closed)."""
    short = np.where(judged.is_due, judged.shortfall, np.nan)
    overdue = cells.sum(np.where(judged.is_closed, short, np.nan))
    has_goal = ~np.isnan(judged.required)
    none_closed = cells.any(has_goal) & ~cells.any(has_goal & judged.is_closed)
    return cells.sum(short), np.where(none_closed, 0.0, overdue)


def _members(judged: Judged, number: int) -> tuple[Ints, Ints]:
    """How many members a target has, and how many reached it in their windows; -1: none."""
    grid, organisations = judged.grid, len(judged.grid.organisations)
    members, met = np.full(number, -1), np.full(number, -1)
    is_ok = _is_ok(judged.status)
    is_counted = judged.status != CODE["waived"]
    for index, one in enumerate(grid.targets):
        if one.target.each is None:
            continue
        part, units = grid.part(index), len(one.units)
        windows = np.bincount(one.unit[is_counted[part]], minlength=units)
        need = np.minimum(windows, one.target.require or len(one.days))
        ok = np.bincount(one.unit[is_counted[part] & is_ok[part]], minlength=units)
        exists = np.bincount(one.unit, minlength=units) > 0
        home = one.units.organisation
        rows = slice(index * organisations, (index + 1) * organisations)
        members[rows] = np.bincount(home[exists], minlength=organisations)
        met[rows] = np.bincount(home[(windows > 0) & (ok >= need)], minlength=organisations)
    return members, met


@attrs.frozen(kw_only=True, eq=False)
class CommitmentRoll:
    """One row for every commitment x organisation, in that order."""

    completion: Floats
    status: Codes
    light: Codes


def roll_commitments(plan: Plan, targets: TargetRoll, organisations: int) -> CommitmentRoll:
    """Give each commitment the worst status of its targets, and their weighted completion."""
    number = len(plan.commitments) * organisations
    owner = [i for i, one in enumerate(plan.commitments) for _ in one.targets]
    weights = [target.weight for target in plan.targets]
    rows = Groups(
        of=(
            np.repeat(np.array(owner, dtype=np.int64), organisations) * organisations
            + np.tile(np.arange(organisations), len(owner))
        ),
        number=number,
    )
    # STATUSES stands in the very order of the contract, the worst first
    status = rows.least(targets.status, default=CODE["qualitative"])
    has_it = targets.status == status[rows.of]
    light = rows.least(np.where(has_it, targets.light, len(LIGHTS)), default=len(LIGHTS))
    light = np.where(light == len(LIGHTS), LIGHTS.index("grey"), light)
    completion = weighted_mean(
        np.where(_is_judged(targets.status), targets.completion, np.nan),
        np.repeat(np.array(weights, dtype=np.float64), organisations),
        rows,
    )
    return CommitmentRoll(completion=completion, status=status, light=light)


def _is_judged(status: Codes) -> Bools:
    result: Bools = ~np.isin(status, [CODE["unquantified"], CODE["waived"], CODE["qualitative"]])
    return result


def weighted_mean(values: Floats, weights: Floats, rows: Groups) -> Floats:
    """Weighted mean of the values that are not NaN; NaN where the weights sum to 0."""
    known = ~np.isnan(values)
    above = rows.sum(values * weights)
    below = rows.sum(np.where(known, weights, np.nan))
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(below > 0, above / below, np.nan)


@attrs.frozen(kw_only=True, eq=False)
class PlanRoll:
    """One row for every organisation: how many commitments have each status, and completion."""

    counts: Ints
    completion: Floats


def roll_plan(plan: Plan, commitments: CommitmentRoll, organisations: int) -> PlanRoll:
    """Count the statuses of the commitments, and weigh their completion."""
    place = np.tile(np.arange(organisations), len(plan.commitments))
    key = place * len(STATUSES) + commitments.status
    counts = np.bincount(key, minlength=organisations * len(STATUSES))
    weights = np.array([one.weight for one in plan.commitments], dtype=np.float64)
    completion = weighted_mean(
        np.where(_is_judged(commitments.status), commitments.completion, np.nan),
        np.repeat(weights, organisations),
        Groups(of=place, number=organisations),
    )
    return PlanRoll(counts=counts.reshape(organisations, len(STATUSES)), completion=completion)
