"""What a reader of the figures should know: notes and warnings beside the verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import numpy as np
import pandas as pd

from partybuild.assessment.judge import Judged
from partybuild.assessment.rules import CODE
from partybuild.errors import Problem, nearest
from partybuild.events import holding_rows
from partybuild.grid import Bools, day_number
from partybuild.plan import Plan
from partybuild.reduce.facts import day_numbers
from partybuild.reduce.reduction import Reduction

#: Columns of `Assessment.problems`, and the field of `Problem` each shows.
PROBLEM_COLUMNS = {
    "severity": "severity",
    "code": "code",
    "organisation": "sheet",
    "target": "path",
    "read": "read",
    "message": "message",
    "expected": "expected",
    "hint": "hint",
}

_SHOWN = 5


def find_problems(
    judged: Judged, reduction: Reduction, told: tuple[pd.DataFrame, dt.date | None]
) -> tuple[Problem, ...]:
    """Gather the problems of the reduction, and what the events and verdicts leave open."""
    frame, known_at = told
    holds = holding_rows(frame, known_at=known_at)
    plan = judged.grid.plan
    return (
        *reduction.problems,
        *_unattested(judged),
        *_windowless(judged),
        *_unknown_organisations(judged, frame, holds),
        *_outside(plan, frame, holds),
        *_unassigned(plan, frame, holds & _until(frame, judged.as_of)),
    )


def _until(frame: pd.DataFrame, as_of: int) -> Bools:
    result: Bools = day_numbers(frame["date"]) <= as_of
    return result


def unassigned_events(
    plan: Plan, events: pd.DataFrame, told: tuple[dt.date, dt.date | None]
) -> pd.DataFrame:
    """The events that hold, dated up to `as_of`, and whose kind no target selects."""
    as_of, known_at = told
    holds = holding_rows(events, known_at=known_at) & _until(events, day_number(as_of))
    return events.loc[holds & ~_is_selected(plan, events)]


def _is_selected(plan: Plan, frame: pd.DataFrame) -> Bools:
    codes, uniques = pd.factorize(frame["kind"])
    kinds = set(plan.kinds)
    table: Bools = np.array([str(kind) in kinds for kind in uniques] + [False], dtype=bool)
    return table[codes]


def _unassigned(plan: Plan, frame: pd.DataFrame, holds: Bools) -> Iterator[Problem]:
    rows = np.flatnonzero(holds & ~_is_selected(plan, frame))
    if not len(rows):
        return
    kinds = frame["kind"].iloc[rows].astype("str")
    for kind, number in kinds.value_counts(sort=False).items():
        yield Problem(
            code="unassigned",
            message=f"no target selects this kind: {number} events count nowhere",
            severity="warning",
            read=str(kind),
            hint=nearest(str(kind), plan.kinds),
        )


def _outside(plan: Plan, frame: pd.DataFrame, holds: Bools) -> Iterator[Problem]:
    days = day_numbers(frame["date"])
    sides = {
        "before the plan's start": holds & (days < day_number(plan.start)),
        "after the plan's end": holds & (days > day_number(plan.end)),
    }
    for side, rows in sides.items():
        number = int(rows.sum())
        if number:
            ids = [str(one) for one in frame["id"].to_numpy()[rows][:_SHOWN]]
            more = " ..." if number > _SHOWN else ""
            yield Problem(
                code="outside-plan",
                message=f"{number} events lie {side}",
                severity="note",
                read=", ".join(ids) + more,
                expected=f"{plan.start}..{plan.end}",
            )


def _unknown_organisations(judged: Judged, frame: pd.DataFrame, holds: Bools) -> Iterator[Problem]:
    places = judged.grid.organisations
    if places == (None,):
        return
    names = frame["organisation"].iloc[np.flatnonzero(holds)]
    known = set(judged.grid.organisation_names)
    for name, number in names.value_counts(sort=False, dropna=False).items():
        is_blank = bool(pd.isna(name))  # type: ignore[call-overload]
        if not is_blank and name in known:
            continue
        yield Problem(
            code="unknown-organisation",
            message=f"{number} events are of no organisation assessed",
            severity="warning",
            read=None if is_blank else str(name),
            expected="an organisation of the plan or of the list",
            hint=None if is_blank else nearest(str(name), known),
        )


def _windowless(judged: Judged) -> Iterator[Problem]:
    """Targets that ask nobody for anything: no window, or no member."""
    for one in judged.grid.targets:
        if not len(one):
            yield Problem(
                code="no-windows",
                message="there is nothing to judge: no window, or no member on the roster",
                severity="warning",
                path=one.target.id,
            )


def _unattested(judged: Judged) -> Iterator[Problem]:
    """Upper goals kept without a single event: silence is not proof."""
    grid = judged.grid
    is_upper = grid.per_target(
        [bool(one.target.bounds and one.target.bounds.side == "upper") for one in grid.targets],
        np.bool_,
    )
    is_nil = grid.per_target([one.target.nil_return for one in grid.targets], np.bool_)
    row = grid.target * len(grid.organisations) + grid.organisation
    number = len(grid.targets) * len(grid.organisations)
    is_kept = np.isin(judged.status, [CODE["met"], CODE["on_track"], CODE["behind"]])
    concerned = is_upper & ~is_nil & judged.is_due & is_kept
    events = np.bincount(row, weights=judged.events, minlength=number)
    silent = (np.bincount(row[concerned], minlength=number) > 0) & (events == 0)
    for index in np.flatnonzero(silent):
        target, place = divmod(int(index), len(grid.organisations))
        yield Problem(
            code="unattested",
            message="kept without a single event: nobody has attested it",
            severity="note",
            sheet=grid.organisations[place],
            path=grid.targets[target].target.id,
            expected="an event of its kinds, or nil_return = true",
        )
