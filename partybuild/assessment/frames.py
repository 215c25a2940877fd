"""Flat arrays -> the data frames that callers read, each built once, column by column."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np
import pandas as pd

from partybuild.assessment.judge import Judged
from partybuild.assessment.rollup import CommitmentRoll, PlanRoll, TargetRoll
from partybuild.assessment.rules import LIGHTS, STATUSES
from partybuild.grid import NEVER, Codes, Grid, Ints
from partybuild.plan import Plan

_DAY_US = 86_400_000_000


def categories(codes: Ints | Codes, names: Sequence[str | None]) -> pd.Categorical:
    """A text column from positions in `names`; -1 and the name None become missing.

    Names that stand twice share one category.
    """
    dtype, table = _dtype(tuple(names))
    return pd.Categorical.from_codes(table[codes], dtype=dtype)


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


def dates(days: Ints) -> Any:
    """A datetime column from day numbers; `NEVER` becomes NaT."""
    values: Any = np.multiply(days, _DAY_US, dtype=np.int64).view("datetime64[us]")
    values[days == NEVER] = np.datetime64("NaT", "us")
    return values


def optional_integers(values: Ints) -> Any:
    """A column of whole numbers in which -1 stands for missing."""
    return pd.arrays.IntegerArray(np.maximum(values, 0), values < 0)


def _places(grid: Grid) -> dict[str, Any]:
    plan = grid.plan
    owners = [i for i, one in enumerate(plan.commitments) for _ in one.targets]
    commitment = np.array(owners, dtype=np.int64)[grid.target]
    return {
        "organisation": categories(grid.organisation, grid.organisations),
        "commitment": categories(commitment, [one.id for one in plan.commitments]),
        "target": categories(grid.target, [target.id for target in plan.targets]),
    }


def _subjects(grid: Grid) -> pd.Categorical:
    names: list[str] = []
    bases: list[int] = []
    places: dict[str, int] = {}
    for one in grid.targets:
        name = one.target.each
        if name is not None and name not in places:
            places[name] = len(names)
            names += [member.id for member in one.units.members]
        bases.append(0 if name is None else places[name])
    base = grid.per_target(bases, np.int64)
    return categories(np.where(grid.member < 0, -1, base + grid.member), names)


def _windows(grid: Grid) -> pd.Categorical:
    labels: list[str] = []
    bases = []
    for one in grid.targets:
        bases.append(len(labels))
        labels += [window.label for window in one.days.windows]
    return categories(grid.per_target(bases, np.int64) + grid.window, labels)


def standings_frame(judged: Judged) -> pd.DataFrame:
    """One row for every target x organisation x subject x window."""
    grid = judged.grid
    columns = {
        **_places(grid),
        "subject": _subjects(grid),
        "window": _windows(grid),
        "start": dates(grid.start),
        "end": dates(grid.end),
        "required": judged.required,
        "original": judged.original,
        "actual": judged.actual,
        "completion": judged.completion,
        "expected": judged.expected,
        "status": categories(judged.status, STATUSES),
        "light": categories(judged.light, LIGHTS),
        "shortfall": judged.shortfall,
        "surplus": judged.surplus,
        "recoverable": judged.is_recoverable,
        "days_left": judged.days_left,
        "events": judged.events,
        "last_event": dates(judged.last_event),
    }
    return pd.DataFrame(columns, copy=False)


def _rows(organisations: Sequence[str | None], number: int) -> dict[str, Any]:
    place = np.tile(np.arange(len(organisations)), number)
    return {"organisation": categories(place, organisations)}


def targets_frame(
    plan: Plan, organisations: Sequence[str | None], roll: TargetRoll
) -> pd.DataFrame:
    """One row for every target x organisation."""
    targets, times = plan.targets, len(organisations)

    def spread(values: Sequence[str | None]) -> pd.Categorical:
        return categories(np.repeat(np.arange(len(values)), times), values)

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
        "status": categories(roll.status, STATUSES),
        "light": categories(roll.light, LIGHTS),
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
        return categories(np.repeat(np.arange(len(values)), times), values)

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
        "status": categories(roll.status, STATUSES),
        "light": categories(roll.light, LIGHTS),
    }
    return pd.DataFrame(columns, copy=False)


def summary_frame(organisations: Sequence[str | None], roll: PlanRoll) -> pd.DataFrame:
    """One row for every organisation: how many commitments have each status."""
    place = np.arange(len(organisations))
    columns: dict[str, Any] = {"organisation": categories(place, organisations)}
    columns |= {status: roll.counts[:, code] for code, status in enumerate(STATUSES)}
    columns["completion"] = roll.completion
    return pd.DataFrame(columns, copy=False)
