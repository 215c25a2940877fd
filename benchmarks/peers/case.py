"""One benchmark case, spelt out so that no peer needs partybuild's reduction or verdicts.

Every target of the benchmarks' plans has the goal `at_least`, one kind, no
members and no revisions, and one window or quarters.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild import Plan


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


#: Columns in which every peer returns its verdicts, in the order of `standings`.
VERDICTS = ("actual", "status", "completion", "shortfall")


def compare(got: pd.DataFrame, want: pd.DataFrame) -> None:
    """Raise unless both frames say the same of every target, organisation and window."""
    assert len(got) == len(want), (len(got), len(want))
    for name in got.columns.intersection(VERDICTS):
        a, b = got[name].to_numpy(), want[name].to_numpy()
        if name == "status":
            assert (a.astype(str) == b.astype(str)).all(), name
        else:
            assert np.allclose(a.astype(float), b.astype(float), rtol=1e-9, equal_nan=True), name
