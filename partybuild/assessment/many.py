"""Many plans in one run: each organisation by a plan of its own."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import normalise_events
from partybuild.assessment.assessment import Assessment, assess
from partybuild.errors import UsageError
from partybuild.plan import Plan


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Assessments(Mapping[str, Assessment]):
    """The assessments of many organisations, each by its own plan: a mapping by organisation.

    The frames `standings`, `targets`, `commitments` and `summary` hold those of all
    of them, one under the other, in the columns of `Assessment`, with the
    organisation in the column `organisation`. `unplaced` counts the rows of
    organisations that have no plan here.
    """

    _found: Mapping[str, Assessment]
    unplaced: pd.DataFrame

    def __getitem__(self, organisation: str) -> Assessment:
        return self._found[organisation]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __repr__(self) -> str:
        return f"<Assessments of {len(self)} organisations, each by its own plan>"

    def _stacked(self, name: str) -> pd.DataFrame:
        frames = [
            getattr(one, name).assign(organisation=organisation)
            for organisation, one in self._found.items()
        ]
        return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()

    @cached_property
    def standings(self) -> pd.DataFrame:
        """One row for every organisation x target x subject x window."""
        return self._stacked("standings")

    @cached_property
    def targets(self) -> pd.DataFrame:
        """One row for every organisation x target."""
        return self._stacked("targets")

    @cached_property
    def commitments(self) -> pd.DataFrame:
        """One row for every organisation x commitment."""
        return self._stacked("commitments")

    @cached_property
    def summary(self) -> pd.DataFrame:
        """One row for every organisation."""
        return self._stacked("summary")


def assess_plans(
    plans: Mapping[str, Plan],
    events: pd.DataFrame,
    *,
    as_of: dt.date | str,
    known_at: dt.date | str | None = None,
) -> Assessments:
    """Judge many plans by one table of events, each by the events of its own organisation.

    `plans` maps what events carry as `organisation` to its plan. The table is read
    and shared out once, so a plan costs what its own events cost.

    Raises `UsageError` where `plans` is no mapping of plans or the plans lie in
    different timezones, `EventError` for events that cannot be read.

    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{
    ...     "id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 1}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"],
    ...     "organisation": ["甲镇"]})
    >>> found = assess_plans({"甲镇": plan, "乙镇": plan}, events, as_of="2021-12-31")
    >>> found.targets[["organisation", "status"]].values.tolist()
    [['甲镇', 'met'], ['乙镇', 'missed']]
    """
    given: Any = plans
    if not isinstance(given, Mapping) or not all(isinstance(one, Plan) for one in given.values()):
        raise UsageError("plans: expected a mapping from organisations to plans")
    zones = {plan.timezone for plan in plans.values()}
    if len(zones) > 1:
        raise UsageError(f"plans: they lie in {len(zones)} timezones; judge those of each together")
    frame = normalise_events(events, timezone=next(iter(zones), "Asia/Shanghai"))
    codes, names = pd.factorize(frame["organisation"])
    order = np.argsort(codes, kind="stable")
    ends = np.cumsum(np.bincount(codes + 1, minlength=len(names) + 1))
    rows_of = {str(name): order[ends[code] : ends[code + 1]] for code, name in enumerate(names)}
    nothing = order[:0]
    found = {
        organisation: assess(
            plan, frame.iloc[rows_of.get(organisation, nothing)], as_of=as_of, known_at=known_at
        )
        for organisation, plan in plans.items()
    }
    strangers = {None: int(ends[0])} | {name: len(rows) for name, rows in rows_of.items()}
    rows = [(name, number) for name, number in strangers.items() if name not in plans and number]
    unplaced = pd.DataFrame(rows, columns=["organisation", "events"])
    return Assessments(found=found, unplaced=unplaced)
