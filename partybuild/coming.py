"""`agenda`: what is due in which window, and how much of it is still to do."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.errors import UsageError
from partybuild.periods import as_day
from partybuild.plan import Plan

#: The columns of an agenda, in their order.
COLUMNS = (
    "due",
    "days_left",
    "organisation",
    "commitment",
    "target",
    "name",
    "subject",
    "window",
    "start",
    "required",
    "actual",
    "needed",
    "unit",
    "status",
    "light",
)

_PENDING = ("behind", "in_progress", "no_data", "on_track", "upcoming")


def agenda(assessment: Assessment, *, until: dt.date | str) -> pd.DataFrame:
    """List what falls due after `as_of` and up to `until`, the nearest first.

    A row is a standing whose window is open or still to come and whose goal is not
    reached yet, or one that was missed and can be made up (due at the plan's end).
    Upper goals ask for nothing to be done and are left out, unless a nil return
    (零报告) is due; so are the windows to come of a target for which enough windows
    are met (`require`). Columns: `COLUMNS`; `needed` is what is still to do in the
    target's unit (NaN: not known), `actual` NaN before the window begins.

    Raises `UsageError` when `until` is not after `as_of`.

    >>> from partybuild.assessment.assessment import assess
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "measure": "count", "kind": "例会", "at_least": 1,
    ...                 "per": "quarter"}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["例会"], "date": ["2021-04-05"]})
    >>> year = assess(plan, events, as_of="2021-06-30")
    >>> agenda(year, until="2021-09-30")[["due", "target", "window", "needed"]]
             due target  window  needed
    0 2021-09-30      t  2021Q3     1.0
    """
    last = as_day(until, "until")
    if last <= checked_assessment(assessment).as_of:
        raise UsageError(f"until: got {last}; expected a day after as_of, {assessment.as_of}")
    standings = assessment.standings
    due = _due_days(assessment, standings)
    names = _target_columns(assessment.plan, standings)
    is_asked = _is_asked(assessment.plan, standings) & ~_is_enough(assessment, standings)
    chosen = is_asked & due.notna().to_numpy() & (due <= pd.Timestamp(last)).to_numpy()
    frame = standings.assign(
        due=due,
        days_left=(due - pd.Timestamp(assessment.as_of)).dt.days,
        needed=_needed(standings),
        **names,
    )
    rows: pd.DataFrame = frame.loc[chosen, list(COLUMNS)].astype({"days_left": "int64"})
    return rows.sort_values("due", kind="stable").reset_index(drop=True)


def _due_days(assessment: Assessment, standings: pd.DataFrame) -> pd.Series[Any]:
    """The day on which each standing falls due; NaT: nothing is to be done any more."""
    is_ahead = (standings["end"] > pd.Timestamp(assessment.as_of)).to_numpy()
    is_pending = is_ahead & standings["status"].isin(_PENDING).to_numpy()
    can_mend = standings["recoverable"].to_numpy() & ~is_ahead
    due = standings["end"].where(is_pending)
    plan_end = pd.Timestamp(assessment.plan.end)
    if plan_end > pd.Timestamp(assessment.as_of):
        due = due.mask(can_mend, plan_end)
    return due


def _targets_of(plan: Plan, standings: pd.DataFrame) -> Any:
    """Position of each standing's target in the plan."""
    owners = [(one.id, target.id) for one in plan.commitments for target in one.targets]
    places = {pair: at for at, pair in enumerate(owners)}
    pairs = zip(standings["commitment"], standings["target"], strict=True)
    return np.array([places[pair] for pair in pairs], dtype=np.int64)


def _target_columns(plan: Plan, standings: pd.DataFrame) -> dict[str, Any]:
    at = _targets_of(plan, standings)
    names = np.array([target.label for target in plan.targets], dtype=object)
    units = np.array([target.unit for target in plan.targets], dtype=object)
    return {"name": names[at], "unit": units[at]}


def _is_asked(plan: Plan, standings: pd.DataFrame) -> Any:
    flags = [
        target.nil_return or target.bounds is None or target.bounds.side != "upper"
        for target in plan.targets
    ]
    return np.array(flags, dtype=bool)[_targets_of(plan, standings)]


def _is_enough(assessment: Assessment, standings: pd.DataFrame) -> Any:
    """Whether the target of each standing has met as many windows as it requires."""
    targets = assessment.targets
    places = _targets_of(assessment.plan, targets)
    requires = np.array([one.require is not None for one in assessment.plan.targets], dtype=bool)
    is_met = targets["status"].isin(("met", "late")).to_numpy() & requires[places]
    keys = targets["organisation"].astype("str").fillna("")
    done = set(zip(keys[is_met], places[is_met], strict=True))
    if not done:
        return np.zeros(len(standings), dtype=bool)
    names = standings["organisation"].astype("str").fillna("")
    pairs = zip(names, _targets_of(assessment.plan, standings), strict=True)
    return np.array([pair in done for pair in pairs], dtype=bool)


def _needed(standings: pd.DataFrame) -> Any:
    """The shortfall; in a window still to come, the whole requirement."""
    is_upcoming = (standings["status"] == "upcoming").to_numpy()
    return np.where(is_upcoming, standings["required"], standings["shortfall"])
