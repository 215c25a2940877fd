"""Numbers of their own: a county sets each township what it must reach, as a table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.errors import PlanError, Problem, UsageError, nearest
from partybuild.faults import checked
from partybuild.goals import Bounds
from partybuild.grid import OwnBounds
from partybuild.plan import Plan
from partybuild.target import Target

_COLUMNS = ("organisation", "target", "value")


@attrs.frozen(kw_only=True, eq=False, repr=False)
class TailoredPlan:
    """A plan in which organisations have numbers of their own; made by `tailor`.

    Hand it to `assess` in the plan's place, with ``by="organisation"``.
    """

    plan: Plan
    _goals: Mapping[int, Mapping[str, Bounds]]

    def own_bounds(self, places: tuple[str | None, ...]) -> dict[int, OwnBounds]:
        """The goals of each organisation, by the position of their target in the plan."""
        if places == (None,):
            raise UsageError(
                'by: numbers of each organisation need by="organisation", or a list organisations='
            )
        return {
            index: OwnBounds.of([goals.get(str(place)) for place in places])
            for index, goals in self._goals.items()
        }

    def __repr__(self) -> str:
        number = sum(len(goals) for goals in self._goals.values())
        return f"<TailoredPlan {self.plan.id!r}, {number} numbers of their own>"


def tailor(plan: Plan, goals: pd.DataFrame) -> TailoredPlan:
    """Give organisations numbers of their own, from a table.

    `goals` has the columns organisation, target (an id, or ``commitment/target``),
    value, and for targets with `between` also upper. A number takes the place of
    the target's goal value for that organisation; the kind of goal, the windows
    and the revisions stay the plan's. Organisations without a row, and rows whose
    value is blank, keep the plan's number.

    Raises `PlanError`, which names every row that does not fit; `UsageError` for
    a table without the columns.

    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{
    ...     "id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> tailor(plan, pd.DataFrame({"organisation": ["甲镇"], "target": ["t"], "value": [3]}))
    <TailoredPlan '2021', 1 numbers of their own>
    """
    checked(plan, Plan, name="plan", expected="a Plan, as read_plan returns it")
    checked(goals, pd.DataFrame, name="goals", expected="a pandas DataFrame")
    missing = [name for name in _COLUMNS if name not in goals.columns]
    if missing:
        raise UsageError(f"goals: no column {', '.join(missing)}; expected {', '.join(_COLUMNS)}")
    upper = goals["upper"] if "upper" in goals else pd.Series(np.nan, index=goals.index)
    table = goals.assign(upper=upper)
    problems = list(_repeated(table))
    found: dict[int, dict[str, Bounds]] = {}
    known: dict[tuple[str, Any, Any], Bounds | None] = {}
    columns = ("organisation", "target", "value", "upper")
    for row, cells in enumerate(zip(*(table[name] for name in columns), strict=True), start=1):
        organisation, name, value, top = cells
        if pd.isna(value):
            continue
        key = (str(name), value, None if pd.isna(top) else top)
        if key not in known:
            known[key] = _bounds(plan, key, row, problems)
        bounds = known[key]
        if bounds is not None:
            found.setdefault(_index(plan, str(name)), {})[str(organisation)] = bounds
    if problems:
        raise PlanError(problems)
    return TailoredPlan(plan=plan, goals=found)


def _repeated(table: pd.DataFrame) -> Iterator[Problem]:
    twice = table.duplicated(["organisation", "target"])
    for row in np.flatnonzero(twice):
        cells = table.iloc[int(row)]
        yield Problem(
            code="duplicate-goal",
            message="this organisation has a number for this target already",
            read=f"{cells['organisation']}, {cells['target']}",
            row=int(row) + 1,
        )


def _index(plan: Plan, name: str) -> int:
    wanted = plan.target(name)
    return next(at for at, one in enumerate(plan.targets) if one is wanted)


def _bounds(
    plan: Plan, key: tuple[str, Any, Any], row: int, problems: list[Problem]
) -> Bounds | None:
    """The goal of a target with other numbers; a Problem where they do not fit."""
    name, value, upper = key
    names = [target.id for target in plan.targets]
    problem = Problem(code="bad-goal", message="", row=row, column="target", read=name)
    try:
        target = plan.target(name)
    except (KeyError, LookupError, UsageError) as error:
        hint = nearest(name, names)
        problems.append(attrs.evolve(problem, message=str(error).strip("'\""), hint=hint))
        return None
    word = target.goal
    if word is None:
        problems.append(attrs.evolve(problem, message="the target has no goal to be changed"))
        return None
    try:
        return _changed(target, word, (value, upper)).bounds
    except PlanError as error:
        problems += [
            attrs.evolve(one, row=row, column="value", read=str(value)) for one in error.problems
        ]
        return None


def _changed(target: Target, word: str, numbers: tuple[Any, Any]) -> Target:
    value, upper = (one.item() if isinstance(one, np.generic) else one for one in numbers)
    changes: dict[str, Any] = {word: (value, upper) if word == "between" else value}
    return attrs.evolve(target, **changes)
