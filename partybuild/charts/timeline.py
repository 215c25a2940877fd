"""How a target moved from day to day: the figures of its charts, from the assessment itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.charts.places import past_of, rows_of
from partybuild.errors import UsageError
from partybuild.target import Target

_DAY = dt.timedelta(days=1)


@attrs.frozen(kw_only=True)
class Point:
    """One day: what was measured, what should stand, what is required; None: not known."""

    day: dt.date
    actual: float | None
    expected: float | None
    required: float | None


@attrs.frozen(kw_only=True)
class Timeline:
    """A target over its span.

    `points` run from the day before the first window to the last day; `actual` ends
    with `as_of`. `limits` are the last days of the windows, `readings` the days with an
    event. `is_sum`: the figures add up from window to window; otherwise they are those
    of the window a day lies in.
    """

    points: tuple[Point, ...]
    readings: frozenset[dt.date]
    limits: tuple[dt.date, ...]
    is_sum: bool
    is_upper: bool


def timeline(
    assessment: Assessment, target: Target, *, place: str | None, subject: str | None = None
) -> Timeline:
    """Judge `target` on every day on which one of its figures can change."""
    own = _own_rows(assessment, target, place, subject)
    spans = own[["start", "end"]].drop_duplicates()
    starts = [day.date() for day in spans["start"].tolist()]
    ends = [day.date() for day in spans["end"].tolist()]
    is_sum = target.measure_kind.is_additive
    past = past_of(assessment, place, target)
    days = _days(assessment, target, (starts, ends), past.events)
    points = []
    for day, standings in past.on(days):
        rows = standings if subject is None else standings[standings["subject"] == subject]
        points.append(_point(day, rows, is_sum=is_sum, as_of=assessment.as_of))
    if is_sum and points:
        zero = Point(day=min(starts) - _DAY, actual=0.0, expected=0.0, required=None)
        points.insert(0, zero)
    bounds = target.bounds
    return Timeline(
        points=tuple(points),
        readings=frozenset(day.date() for day in past.events["date"].tolist()),
        limits=tuple(sorted(set(ends))),
        is_sum=is_sum,
        is_upper=bounds is not None and bounds.side == "upper",
    )


def _own_rows(
    assessment: Assessment, target: Target, place: str | None, subject: str | None
) -> pd.DataFrame:
    owner = next(
        one for one in assessment.plan.commitments if any(t is target for t in one.targets)
    )
    rows = rows_of(assessment.standings, place)
    rows = rows[((rows["commitment"] == owner.id) & (rows["target"] == target.id)).to_numpy()]
    if target.measure == "milestone":
        raise UsageError(f"target: {target.id!r} is a milestone, which has no course to draw")
    if subject is not None:
        rows = rows[(rows["subject"] == subject).to_numpy()]
        if not len(rows):
            raise UsageError(f"subject: got {subject!r}, for whom {target.id!r} has no standing")
    elif target.each is not None and not target.measure_kind.is_additive:
        raise UsageError(f"subject: {target.id!r} is judged for each member; name one of them")
    if not len(rows):
        raise UsageError(f"target: {target.id!r} has no window to draw")
    return rows


def _days(
    assessment: Assessment,
    target: Target,
    spans: tuple[Sequence[dt.date], Sequence[dt.date]],
    events: pd.DataFrame,
) -> list[dt.date]:
    """The days on which a line bends or steps, in order."""
    first, last = min(spans[0]), max(spans[1])
    days = {*spans[0], *spans[1], *(point.by for point in target.schedule)}
    days |= {revision.from_ for revision in target.revisions}
    days |= {day - _DAY for day in days}
    days.add(min(max(assessment.as_of, first), last))
    dates = events["date"].tolist()
    if target.measure == "days":
        covered = zip(dates, events["end"].tolist(), strict=True)
        dates = [day for start, end in covered for day in pd.date_range(start, end)]
    days |= {day.date() for day in dates}
    return sorted(day for day in days if first <= day <= last)


def _point(day: dt.date, rows: pd.DataFrame, *, is_sum: bool, as_of: dt.date) -> Point:
    rows = rows[(rows["status"] != "waived").to_numpy()]
    begun = rows[(rows["start"] <= pd.Timestamp(day)).to_numpy()]
    is_open = (begun["end"] >= pd.Timestamp(day)).to_numpy()
    if is_sum:
        # What a closed window required stays asked for; what an open one should hold by now.
        asked = np.where(
            (begun["end"] <= pd.Timestamp(day)).to_numpy(), begun["required"], begun["expected"]
        )
        actual, expected = _sum(begun["actual"].to_numpy(float)), _sum(asked.astype(float))
        required = _sum(rows["required"].to_numpy(float))
    else:
        current = begun[is_open]
        figures = [
            _only(current[name].to_numpy(float)) for name in ("actual", "expected", "required")
        ]
        actual, expected, required = figures
    return Point(
        day=day, actual=actual if day <= as_of else None, expected=expected, required=required
    )


def _sum(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else None


def _only(values: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float | None:
    return None if not len(values) or np.isnan(values[0]) else float(values[0])
