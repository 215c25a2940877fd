"""Which target and which organisation a chart is of, and how a target stood on earlier days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment, assess
from partybuild.errors import UnknownNameError, UsageError, nearest
from partybuild.events import holding_rows
from partybuild.plan import Plan
from partybuild.target import Target


def chosen_place(assessment: Assessment, organisation: str | None) -> str | None:
    """The organisation that a chart is of; None: the plan as a whole.

    Raises `UsageError` where one has to be named, `UnknownNameError` for one that
    was not assessed.
    """
    known = assessment.organisations
    if organisation is None:
        if len(known) <= 1:
            return known[0] if known else None
        raise UsageError(
            f"organisation: got None; expected one of the {len(known)} assessed, "
            f"such as {known[0]!r}"
        )
    if organisation not in known:
        hint = nearest(organisation, known)
        raise UnknownNameError(
            f"organisation: got {organisation!r}, which was not assessed"
            + (f"; {hint}" if hint else "")
        )
    return organisation


def rows_of(frame: pd.DataFrame, place: str | None) -> pd.DataFrame:
    """The rows of one organisation."""
    return frame if place is None else frame[frame["organisation"] == place]


def number(value: Any) -> float | None:
    """A figure of a frame, None where it is missing."""
    return None if pd.isna(value) else float(value)


def held_events(assessment: Assessment, kinds: Iterable[str]) -> pd.DataFrame:
    """The events of some kinds that hold on the day of knowledge, up to `as_of`."""
    events = assessment.events_of(kinds)
    held = events[holding_rows(events, known_at=assessment.known_at)]
    return held[(held["date"] <= pd.Timestamp(assessment.as_of)).to_numpy()]


@attrs.frozen(kw_only=True)
class Past:
    """A plan (or one target of it) and its events, to be judged on other days."""

    plan: Plan
    events: pd.DataFrame
    known_at: dt.date | None
    place: str | None

    def on(self, days: Iterable[dt.date]) -> Iterator[tuple[dt.date, pd.DataFrame]]:
        """The standings on each of `days`, by what is known now."""
        names = None if self.place is None else [self.place]
        by = None if self.place is None else "organisation"
        for day in days:
            then = assess(
                self.plan,
                self.events,
                as_of=day,
                known_at=self.known_at,
                by=by,
                organisations=names,
            )
            yield day, then.standings


def past_of(assessment: Assessment, place: str | None, target: Target | None = None) -> Past:
    """What is needed to judge one target, or the whole plan, on other days."""
    plan = assessment.plan
    if target is not None:
        owner = next(one for one in plan.commitments if any(t is target for t in one.targets))
        plan = attrs.evolve(plan, commitment=(attrs.evolve(owner, target=(target,)),))
    events = assessment.events_of(plan.kinds)
    return Past(plan=plan, events=events, known_at=assessment.known_at, place=place)
