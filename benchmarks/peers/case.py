"""One benchmark case, spelt out so that no peer needs partybuild's reduction or verdicts.

Every target of the benchmarks' plans has the goal `at_least`, one kind, no
members and no revisions, and one window or quarters.

Every peer works out the same. Reduced: the actual, the number of events and the
last day of every cell that has events. Judged: the columns `STANDINGS` of every
target, organisation and window, and `TARGETS` of every target and organisation.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild import Plan

#: What is judged of every target, organisation and window, in the order of `standings`.
STANDINGS = (
    "required", "actual", "completion", "expected", "status", "light", "shortfall", "surplus",
    "recoverable", "days_left", "events", "last_event",
)  # fmt: skip
#: What is judged of every target and organisation, in the order of `targets`.
TARGETS = (
    "required", "actual", "completion", "status", "light", "shortfall", "overdue",
    "windows", "windows_due", "windows_met", "windows_missed",
)  # fmt: skip
#: The columns of events that the numbers depend on.
NEEDED = ("kind", "date", "quantity", "subject", "organisation", "recorded_at")


@attrs.frozen(kw_only=True)
class Spec:
    """One target: what is measured, in which windows, and how much is required."""

    name: str
    number: int
    measure: str
    kind: str
    required: float
    windows: tuple[tuple[dt.date, dt.date], ...]

    @property
    def is_integer(self) -> bool:
        """Whether it counts things."""
        return self.measure in ("count", "distinct")

    @property
    def is_additive(self) -> bool:
        """Whether no event means 0."""
        return self.is_integer or self.measure == "total"


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """A plan, its organisations and events, judged as of a date."""

    plan: Plan
    events: Any
    as_of: dt.date
    organisations: tuple[str, ...]
    specs: tuple[Spec, ...]

    def with_events(self, events: Any) -> Case:
        """The same case over events in another form."""
        return attrs.evolve(self, events=events)

    def windows(self) -> pd.DataFrame:
        """One row for every target and window, with what its verdict depends on."""
        rows: list[dict[str, Any]] = []
        for spec in self.specs:
            for slot, (start, end) in enumerate(spec.windows):
                days = (end - start).days + 1
                share = min(1.0, max(0.0, ((self.as_of - start).days + 1) / days))
                rows.append(
                    {
                        "target": spec.number,
                        "slot": slot,
                        "kind": spec.kind,
                        "measure": spec.measure,
                        "required": spec.required,
                        "start": pd.Timestamp(start),
                        "finish": pd.Timestamp(end),
                        "is_additive": spec.is_additive,
                        "expected": spec.required * share if spec.is_additive else np.nan,
                        "least": self._least(spec, share),
                        "is_due": self.as_of >= start,
                        "is_closed": self.as_of >= end,
                        "days_left": max(0, (end - self.as_of).days),
                    }
                )
        return pd.DataFrame(rows)

    def _least(self, spec: Spec, share: float) -> float:
        """What an open window must have reached to be on track; NaN for levels."""
        if not spec.is_additive:
            return float("nan")
        due = spec.required * max(0.0, share - float(self.plan.slack))
        return float(np.floor(due + 1e-9)) if spec.is_integer else due


def made_case(plan: Plan, events: Any, as_of: dt.date) -> Case:
    specs = []
    for number, target in enumerate(plan.targets):
        windows = target.cadence.windows(plan.period)
        specs.append(
            Spec(
                name=target.id,
                number=number,
                measure=target.measure,
                kind=target.kinds[0],
                required=float(target.value),
                windows=tuple((one.period.start, one.period.end) for one in windows),
            )
        )
    names = tuple(plan.rosters["organisations"].ids)
    return Case(plan=plan, events=events, as_of=as_of, organisations=names, specs=tuple(specs))


def compare(got: pd.DataFrame, want: pd.DataFrame) -> None:
    """Raise unless both frames say the same, row by row, in every column of `got`."""
    assert len(got) == len(want), (len(got), len(want))
    for name in got.columns:
        a, b = got[name], want[name]
        if name in ("status", "light"):
            same = (a.astype(str).to_numpy() == b.astype(str).to_numpy()).all()
        elif name == "last_event":
            times = [pd.to_datetime(one).to_numpy().astype("datetime64[D]") for one in (a, b)]
            same = ((times[0] == times[1]) | (np.isnat(times[0]) & np.isnat(times[1]))).all()
        else:
            numbers = [one.astype(float).to_numpy() for one in (a, b)]
            same = np.allclose(*numbers, rtol=1e-9, equal_nan=True)
        assert same, name
