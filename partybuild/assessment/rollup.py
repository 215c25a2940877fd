"""Standings -> windows -> targets -> commitments -> the plan; all in whole arrays."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.assessment.groups import Columns, Groups, Rows
from partybuild.assessment.judge import Judged
from partybuild.assessment.rules import CODE, LIGHTS, STATUSES, status_lights
from partybuild.assessment.tolerance import reaches
from partybuild.grid import Block, Bools, Codes, Floats, Grid, Ints, columns_of
from partybuild.plan import Plan
from partybuild.reduce.coding import done
from partybuild.reduce.reduction import Reduction
from partybuild.target import Target

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


@attrs.frozen(kw_only=True, eq=False)
class Cells:
    """What is rolled up of standings; an array may be a table of windows x organisations.

    Fields are those of `Judged`, as far as they are read here; `is_waived` says
    whether nothing is asked for.
    """

    required: Floats
    actual: Floats
    completion: Floats
    shortfall: Floats
    status: Codes
    light: Codes
    is_waived: Bools
    is_due: Bools
    is_closed: Bools
    is_open: Bools

    @property
    def has_goal(self) -> Bools:
        """Whether somebody there has a goal to be judged by."""
        return ~np.isnan(self.required)

    @property
    def is_asked(self) -> Bools:
        """Whether it is due and not waived."""
        return self.is_due & ~self.is_waived


#: What cells say of the events of each organisation, and of what is asked of all of them.
_OWN = ("actual", "completion", "shortfall", "status", "light")
_SHARED = ("required", "is_due", "is_closed", "is_open")


def _cells(judged: Judged) -> Cells:
    columns = {name: getattr(judged, name) for name in (*_OWN, *_SHARED)}
    return Cells(is_waived=judged.status == CODE["waived"], **columns)


def _tables(judged: Judged, block: Block) -> Cells:
    """The cells of a wide target as tables of windows x organisations."""
    shape = block.grid.targets[0].shape
    own = {
        name: np.ascontiguousarray(getattr(judged, name)[block.cells].reshape(shape).T)
        for name in _OWN
    }
    shared = {name: getattr(judged, name)[block.cells][: shape[1], np.newaxis] for name in _SHARED}
    return Cells(is_waived=own["status"][:, :1] == CODE["waived"], **own, **shared)


@attrs.frozen(kw_only=True, eq=False)
class WindowRoll:
    """One row for every target x organisation x window: its status over all members.

    `is_live`: it is not waived, and somebody there has a goal to be judged by.
    """

    status: Codes
    is_waived: Bools
    is_live: Bools
    is_due: Bools
    is_closed: Bools
    is_open: Bools

    @property
    def is_lost(self) -> Bools:
        """Whether it can no longer be met."""
        is_over = self.is_closed | (self.status == CODE["breached"])
        is_lost: Bools = self.is_live & ~_is_ok(self.status) & is_over
        return is_lost


def _plain_windows(cells: Cells) -> WindowRoll:
    """Without members every standing is a window."""
    return WindowRoll(
        status=cells.status,
        is_waived=cells.is_waived,
        is_live=~cells.is_waived & cells.has_goal,
        is_due=cells.is_due,
        is_closed=cells.is_closed,
        is_open=cells.is_open,
    )


def _shared_windows(judged: Judged, target_row: Ints) -> tuple[WindowRoll, Ints]:
    """Bring the standings of each window together; cells stand side by side already.

    Returns the windows, and the target and organisation of each.
    """
    grid = judged.grid
    is_new = np.ones(len(grid), dtype=bool)
    is_new[1:] = (target_row[1:] != target_row[:-1]) | (grid.window[1:] != grid.window[:-1])
    first = np.flatnonzero(is_new)
    groups = Rows(of=np.cumsum(is_new) - 1, number=len(first))
    bounds = _window_bounds(grid)
    start, end = bounds[0][first], bounds[1][first]
    is_due, is_closed = judged.as_of >= start, judged.as_of >= end
    is_each = grid.per_target([one.target.each is not None for one in grid.targets], np.bool_)
    shared = _member_status(judged, groups, (first, is_due, is_closed))
    status = np.where(is_each[first], shared, judged.status[first])
    is_waived = status == CODE["waived"]
    windows = WindowRoll(
        status=status,
        is_waived=is_waived,
        is_live=~is_waived & groups.any(~np.isnan(judged.required)),
        is_due=is_due,
        is_closed=is_closed,
        is_open=is_due & ~is_closed,
    )
    return windows, target_row[first]


def _window_bounds(grid: Grid) -> tuple[Ints, Ints]:
    starts = [one.days.start[one.window] for one in grid.targets]
    ends = [one.days.end[one.window] for one in grid.targets]
    empty = np.empty(0, dtype=np.int64)
    return np.concatenate([empty, *starts]), np.concatenate([empty, *ends])


def _member_status(judged: Judged, groups: Rows, told: tuple[Ints, Bools, Bools]) -> Codes:
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
    grid = judged.grid
    number, width = len(grid.targets), len(grid.organisations)
    rolls = columns_of(_DTYPES, number * width)

    def fill(block: Block) -> None:
        rows = slice(block.targets.start * width, block.targets.stop * width)
        for name, values in _rolled(judged, reduction, block).items():
            rolls[name][rows] = values

    done([partial(fill, block) for block in grid.blocks], is_large=len(grid.blocks) > 1)
    return TargetRoll(**rolls)


_FLOATS = ("required", "actual", "completion", "shortfall", "overdue")
_DTYPES: dict[str, Any] = {
    field.name: np.float64 if field.name in _FLOATS else np.int64
    for field in attrs.fields(TargetRoll)
} | {"status": np.int8, "light": np.int8}


def _rolled(judged: Judged, reduction: Reduction, block: Block) -> dict[str, Any]:
    """The columns of a `TargetRoll` for some targets; one entry may stand for all rows."""
    grid = block.grid
    number = len(grid.targets) * len(grid.organisations)
    so_far = reduction.of_block(block).so_far
    groups: Groups
    of_windows: Groups
    if block.is_wide:
        groups = of_windows = Columns(number=number)
        cells = _tables(judged, block)
        windows = _plain_windows(cells)
        members = members_met = np.full(1, -1)
    else:
        judged = judged if len(grid) == len(judged.grid) else judged.of_block(block)
        cells = _cells(judged)
        target_row = grid.target * len(grid.organisations) + grid.organisation
        groups = of_windows = Rows(of=target_row, number=number)
        if any(one.target.each for one in grid.targets):
            windows, of = _shared_windows(judged, target_row)
            of_windows = Rows(of=of, number=number)
        else:
            windows = _plain_windows(cells)
        members, members_met = _members(judged, number)
    shortfall, overdue = _shortfalls(cells, groups)
    return {
        "required": _required(grid, cells, groups),
        "actual": _actual(grid, cells, (groups, so_far)),
        "completion": _completion(cells, groups),
        "shortfall": shortfall,
        "overdue": overdue,
        **_target_status(grid, windows, (of_windows, _is_warned(cells, groups))),
        "windows": of_windows.count(~windows.is_waived),
        "windows_due": of_windows.count(~windows.is_waived & windows.is_due),
        "members": members,
        "members_met": members_met,
    }


def _is_warned(cells: Cells, groups: Groups) -> Bools:
    """Whether a standing on track is short near its end."""
    is_yellow = cells.light == LIGHTS.index("yellow")
    return groups.any((cells.status == CODE["on_track"]) & is_yellow)


def _is_ok(status: Codes) -> Bools:
    is_ok: Bools = (status == CODE["met"]) | (status == CODE["late"])
    return is_ok


def _of_rows(grid: Grid, values: Sequence[Any]) -> npt.NDArray[Any]:
    """One value a target for all its organisations, or one entry where all agree."""
    told = np.array(values)
    return told[:1] if (told == told[:1]).all() else np.repeat(told, len(grid.organisations))


def _target_status(
    grid: Grid, windows: WindowRoll, told: tuple[Groups, Bools]
) -> dict[str, npt.NDArray[Any]]:
    """Status and light of each target (yellow also when a standing warns), windows met and lost."""
    groups, is_warned = told
    status, is_live = windows.status, windows.is_live
    number = groups.count(is_live)
    require = _of_rows(grid, [one.target.require or 0 for one in grid.targets])
    need = np.where(require > 0, np.minimum(require, number), number)
    ok, is_lost = groups.count(_is_ok(status)), windows.is_lost
    lost = groups.count(is_lost)
    unreachable = number - lost < need
    conditions = [
        ~groups.any(~windows.is_waived),
        ~groups.any(is_live),
        ~groups.any(is_live & windows.is_due),
        (ok >= need) & groups.any(status == CODE["late"]),
        ok >= need,
        unreachable & groups.any(is_lost & (status == CODE["breached"])),
        unreachable & groups.any(is_lost & (status == CODE["missed"])),
        unreachable,
    ]
    names = ("waived", "unquantified", "upcoming", "late", "met", "breached", "missed", "no_data")
    worst = _worst_open(status, windows.is_open & is_live, groups)
    found = np.select(conditions, [np.int8(CODE[name]) for name in names], worst)
    light = status_lights(found, unreachable)
    np.putmask(light, (found == CODE["on_track"]) & is_warned, LIGHTS.index("yellow"))
    return {"status": found, "light": light, "windows_met": ok, "windows_missed": lost}


def _worst_open(status: Codes, is_counted: Bools, groups: Groups) -> Codes:
    """The worst status among the open windows of each target."""
    best = len(_OPEN_ORDER) - 1
    if not is_counted.any():
        return _OPEN_CODE[best:]
    open_rank = np.where(is_counted, _OPEN_RANK[status], np.int8(best))
    return _OPEN_CODE[groups.least(open_rank, default=best)]


def _required(grid: Grid, cells: Cells, groups: Groups) -> Floats:
    """The sum over windows and members; of a level the goal in its last window that is due."""
    kinds = [one.target.measure_kind.is_additive for one in grid.targets]
    if all(kinds):
        return groups.sum(cells.required)
    last = groups.last(cells.required, cells.is_asked)
    level = np.where(np.isnan(last), groups.first(cells.required, cells.has_goal), last)
    return np.where(_of_rows(grid, kinds), groups.sum(cells.required), level)


#: How the actual of a target comes from those of its windows.
_SUM, _LAST, _SO_FAR, _NONE = range(4)


def _way(target: Target) -> int:
    if target.measure in ("count", "total", "days"):
        return _SUM
    if target.each is not None:
        return _NONE
    return _SO_FAR if target.measure == "distinct" else _LAST


def _actual(grid: Grid, cells: Cells, told: tuple[Groups, dict[int, Floats]]) -> Floats:
    """The sum over windows due; of a level the last; different subjects over the span so far."""
    groups, so_far = told
    ways = [_way(one.target) for one in grid.targets]
    way, is_asked, number = _of_rows(grid, ways), cells.is_asked, len(grid.organisations)
    result = np.full(groups.number, np.nan)
    if _SUM in ways:
        np.copyto(result, groups.sum(_where(is_asked, cells.actual)), where=way == _SUM)
    if _LAST in ways:
        np.copyto(result, groups.last(cells.actual, is_asked), where=way == _LAST)
    if so_far:
        is_any = np.broadcast_to(groups.any(is_asked), groups.number)
        for index, values in so_far.items():
            rows = slice(index * number, (index + 1) * number)
            result[rows] = np.where(is_any[rows], values, np.nan)
    return result


def _where(mask: Bools, values: Floats) -> Floats:
    """The values where `mask` holds, None elsewhere; rows of a table that are None are left out."""
    if mask.all():
        return values
    if mask.ndim == 2 and mask.shape[1] == 1 and mask.shape[0] == values.shape[0]:
        return values[mask[:, 0]]
    return np.where(mask, values, np.nan)


def _completion(cells: Cells, groups: Groups) -> Floats:
    """Mean of the standings' completion, cut to 0..1; upcoming and no_data count as 0."""
    status = cells.status
    is_zero = (status == CODE["upcoming"]) | (status == CODE["no_data"])
    values = np.clip(cells.completion, 0.0, 1.0)
    np.copyto(values, 0.0, where=is_zero)
    values = _where(cells.has_goal, values)
    number = groups.count(~np.isnan(values))
    return groups.sum(values) / np.where(number, number, 1)


def _shortfalls(cells: Cells, groups: Groups) -> tuple[Floats, Floats]:
    """What is short over the windows due, and over the closed ones (0 when none is closed)."""
    short = _where(cells.is_due, cells.shortfall)
    # what is closed has begun
    overdue = groups.sum(_where(cells.is_closed, cells.shortfall))
    none_closed = groups.any(cells.has_goal) & ~groups.any(cells.has_goal & cells.is_closed)
    return groups.sum(short), np.where(none_closed, 0.0, overdue)


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
    rows = Rows(
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


def weighted_mean(values: Floats, weights: Floats, rows: Rows) -> Floats:
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
        Rows(of=place, number=organisations),
    )
    return PlanRoll(counts=counts.reshape(organisations, len(STATUSES)), completion=completion)
