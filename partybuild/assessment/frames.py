"""Flat arrays -> the data frames that callers read, each built once, column by column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.assessment.judge import Judged
from partybuild.assessment.rollup import CommitmentRoll, PlanRoll, TargetRoll
from partybuild.assessment.rules import LIGHTS, STATUSES
from partybuild.grid import NEVER, Codes, Grid, Ints, TargetGrid
from partybuild.plan import Plan
from partybuild.reduce.coding import LARGE, done

_DAY_US = 86_400_000_000
_NAT = np.iinfo(np.int64).min
#: So many values at a time stay in the cache of a processor.
_BLOCK = 1 << 15


def categories(codes: Ints | Codes, names: Sequence[str | None]) -> pd.Categorical:
    """A text column from positions in `names`; -1 and the name None become missing.

    Names that stand twice share one category.
    """
    dtype, table = _dtype(tuple(names))
    return _coded(table[codes], dtype)


def _coded(codes: npt.NDArray[Any], dtype: pd.CategoricalDtype) -> pd.Categorical:
    return pd.Categorical.from_codes(codes, dtype=dtype, validate=False)


@lru_cache(maxsize=128)
def _dtype(names: tuple[str | None, ...]) -> tuple[pd.CategoricalDtype, Ints]:
    """The categories of some names, and the position of each among them."""
    known = [name for name in dict.fromkeys(names) if name is not None]
    places = {name: index for index, name in enumerate(known)}
    codes = [-1 if name is None else places[name] for name in names]
    # the type that pandas gives the codes of so many categories
    narrow = np.min_scalar_type(-len(known) - 1)
    table = np.array([*codes, -1], dtype=narrow)
    return pd.CategoricalDtype(pd.Index(known, dtype="str")), table


_STATUS, _LIGHT = (_dtype(names)[0] for names in (STATUSES, LIGHTS))


def dates(days: Ints) -> Any:
    """A datetime column from day numbers; `NEVER` becomes NaT."""
    values = np.empty(len(days), dtype=np.int64)
    for start in range(0, len(days), _BLOCK):
        part = slice(start, start + _BLOCK)
        np.multiply(days[part], _DAY_US, out=values[part], dtype=np.int64)
        np.putmask(values[part], days[part] == NEVER, _NAT)
    return values.view("datetime64[us]")


def optional_integers(values: Ints) -> Any:
    """A column of whole numbers in which -1 stands for missing."""
    is_missing = values < 0
    if is_missing.all():
        return pd.arrays.IntegerArray(np.zeros(len(values), dtype=np.int64), is_missing)
    return pd.arrays.IntegerArray(np.maximum(values, 0), is_missing)


def _laid(
    grid: Grid, make: Callable[[TargetGrid], npt.NDArray[Any]], dtype: Any
) -> npt.NDArray[Any]:
    """What `make` says of the cells of each target; targets of one layout say the same."""
    made: dict[int, npt.NDArray[Any]] = {}
    for one in grid.targets:
        if id(one.start) not in made:
            made[id(one.start)] = make(one)
    arrays = [made[id(one.start)] for one in grid.targets]
    return np.concatenate(arrays) if arrays else np.empty(0, dtype=dtype)


def _days(grid: Grid, name: str) -> Any:
    """The first or last days of all cells."""
    if len(grid) < LARGE:
        return dates(getattr(grid, name))
    return _laid(grid, lambda one: dates(getattr(one, name)), "M8[us]")


def _of_targets(grid: Grid, names: Sequence[str | None], places: Sequence[int]) -> pd.Categorical:
    """A text column over the cells of targets, from the place of each target's name in `names`."""
    dtype, table = _dtype(tuple(names))
    codes = table[np.array(places, dtype=np.int64)]
    return _coded(np.repeat(codes, np.diff(grid.offsets)), dtype)


def _organisations(grid: Grid) -> pd.Categorical:
    dtype, table = _dtype(grid.organisations)
    return _coded(
        _laid(grid, lambda one: table[one.units.organisation[one.unit]], table.dtype), dtype
    )


def _subjects(grid: Grid) -> pd.Categorical:
    rosters: dict[str, TargetGrid] = {}
    for one in grid.targets:
        if one.target.each is not None:
            rosters.setdefault(one.target.each, one)
    dtype, table = _dtype(tuple(who.id for one in rosters.values() for who in one.units.members))
    if not rosters:
        return _coded(np.full(len(grid), -1, dtype=table.dtype), dtype)
    ends = np.cumsum([0, *(len(one.units.members) for one in rosters.values())])
    base = dict(zip(rosters, ends.tolist(), strict=False))

    def codes(one: TargetGrid) -> npt.NDArray[Any]:
        if one.target.each is None:
            return np.full(len(one), -1, dtype=table.dtype)
        found: Ints = table[one.units.member[one.unit] + base[one.target.each]]
        return found

    return _coded(_laid(grid, codes, table.dtype), dtype)


def _windows(grid: Grid) -> pd.Categorical:
    labels: list[str] = []
    base: dict[int, int] = {}
    for one in grid.targets:
        if id(one.days) not in base:
            base[id(one.days)] = len(labels)
            labels += [window.label for window in one.days.windows]
    dtype, table = _dtype(tuple(labels))
    return _coded(
        _laid(grid, lambda one: table[base[id(one.days)] + one.window], table.dtype), dtype
    )


def standings_frame(judged: Judged) -> pd.DataFrame:
    """One row for every target x organisation x subject x window."""
    grid, plan = judged.grid, judged.grid.plan
    targets = plan.targets
    owners = [at for at, one in enumerate(plan.commitments) for _ in one.targets]
    tasks: dict[str, Callable[[], Any]] = {
        "organisation": lambda: _organisations(grid),
        "commitment": lambda: _of_targets(grid, [one.id for one in plan.commitments], owners),
        "target": lambda: _of_targets(grid, [target.id for target in targets], range(len(targets))),
        "subject": lambda: _subjects(grid),
        "window": lambda: _windows(grid),
        "start": lambda: _days(grid, "start"),
        "end": lambda: _days(grid, "end"),
        "last_event": lambda: dates(judged.last_event),
    }
    made = dict(zip(tasks, done([*tasks.values()], is_large=len(grid) >= LARGE), strict=True))
    last_event = made.pop("last_event")
    columns = {
        **made,
        "required": judged.required,
        "original": judged.original,
        "actual": judged.actual,
        "completion": judged.completion,
        "expected": judged.expected,
        "status": _coded(judged.status, _STATUS),
        "light": _coded(judged.light, _LIGHT),
        "shortfall": judged.shortfall,
        "surplus": judged.surplus,
        "recoverable": judged.is_recoverable,
        "days_left": judged.days_left,
        "events": judged.events,
        "last_event": last_event,
    }
    return pd.DataFrame(columns, copy=False)


def _rows(organisations: Sequence[str | None], number: int) -> dict[str, Any]:
    dtype, table = _dtype(tuple(organisations))
    return {"organisation": _coded(np.tile(table[:-1], number), dtype)}


def targets_frame(
    plan: Plan, organisations: Sequence[str | None], roll: TargetRoll
) -> pd.DataFrame:
    """One row for every target x organisation."""
    targets, times = plan.targets, len(organisations)

    def spread(values: Sequence[str | None]) -> pd.Categorical:
        dtype, table = _dtype(tuple(values))
        return _coded(np.repeat(table[:-1], times), dtype)

    owners = [one.id for one in plan.commitments for _ in one.targets]
    columns = {
        **_rows(organisations, len(targets)),
        "commitment": spread(owners),
        "target": spread([target.id for target in targets]),
        "name": spread([target.name for target in targets]),
        "unit": spread([target.unit for target in targets]),
        "measure": spread([target.measure for target in targets]),
        "goal": spread([target.goal if target.bounds else None for target in targets]),
        "required": roll.required,
        "actual": roll.actual,
        "completion": roll.completion,
        "status": _coded(roll.status, _STATUS),
        "light": _coded(roll.light, _LIGHT),
        "shortfall": roll.shortfall,
        "overdue": roll.overdue,
        "windows": roll.windows,
        "windows_due": roll.windows_due,
        "windows_met": roll.windows_met,
        "windows_missed": roll.windows_missed,
        "members": optional_integers(roll.members),
        "members_met": optional_integers(roll.members_met),
    }
    return pd.DataFrame(columns, copy=False)


def commitments_frame(
    plan: Plan, organisations: Sequence[str | None], roll: CommitmentRoll
) -> pd.DataFrame:
    """One row for every commitment x organisation."""
    commitments, times = plan.commitments, len(organisations)

    def spread(values: Sequence[str | None]) -> pd.Categorical:
        dtype, table = _dtype(tuple(values))
        return _coded(np.repeat(table[:-1], times), dtype)

    columns = {
        **_rows(organisations, len(commitments)),
        "commitment": spread([one.id for one in commitments]),
        "section": spread([one.section for one in commitments]),
        "text": spread([one.text for one in commitments]),
        "owner": spread([one.owner for one in commitments]),
        "targets": np.repeat(
            np.array([len(one.targets) for one in commitments], dtype=np.int64), times
        ),
        "completion": roll.completion,
        "status": _coded(roll.status, _STATUS),
        "light": _coded(roll.light, _LIGHT),
    }
    return pd.DataFrame(columns, copy=False)


def summary_frame(organisations: Sequence[str | None], roll: PlanRoll) -> pd.DataFrame:
    """One row for every organisation: how many commitments have each status."""
    place = np.arange(len(organisations))
    columns: dict[str, Any] = {"organisation": categories(place, organisations)}
    columns |= {status: roll.counts[:, code] for code, status in enumerate(STATUSES)}
    columns["completion"] = roll.completion
    return pd.DataFrame(columns, copy=False)
