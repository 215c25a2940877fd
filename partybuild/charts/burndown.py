"""What is left to do, from day to day, beside what should be left."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.charts.axes import date_axis, end_label, end_room, stepped, value_axis
from partybuild.charts.canvas import NOTE, TITLE, Sheet, sheet
from partybuild.charts.palette import BLUE, DARK
from partybuild.charts.places import chosen_place, past_of
from partybuild.charts.timeline import timeline
from partybuild.charts.words import chart_words
from partybuild.errors import UsageError
from partybuild.target import Target

_DONE = ("met", "late")
_OUT = ("waived", "unquantified")
_DAY = dt.timedelta(days=1)


@attrs.frozen(kw_only=True)
class Left:
    """What is left on each day until `as_of`, and what should be left until the end."""

    actual: tuple[tuple[dt.date, float], ...]
    planned: tuple[tuple[dt.date, float], ...]
    unit: str | None = None
    is_line: bool = False


def chart_burndown(
    assessment: Assessment,
    target: str | None = None,
    *,
    organisation: str | None = None,
    lang: str | None = None,
) -> Any:
    """Draw what is left to do until the end.

    Of one `target` (a lower goal on a sum): what is missing from its requirement,
    beside what should be missing by schedule. Without `target`: how many standings
    (each target x member x window) are not met yet, beside those whose window has not
    closed; what lies between the two lines is overdue. `organisation` is needed where
    several were assessed. Returns a matplotlib Figure.

    Raises `UsageError` for a target that has nothing to burn down (upper goals, levels,
    milestones), `UnknownNameError` for names there are not, `MissingExtraError` without
    matplotlib or a font.
    """
    words = chart_words(assessment, lang)
    place = chosen_place(assessment, organisation)
    plan = assessment.plan
    if target is None:
        left = plan_left(assessment, place)
        title, unit = words.say("burndown_all", title=plan.title or plan.id), None
        labels = (words.say("left_all"), words.say("planned_all"))
    else:
        wanted = plan.target(target)
        left = target_left(assessment, wanted, place)
        title, unit = words.say("burndown", name=wanted.label), words.unit(wanted)
        labels = (words.say("left"), words.say("planned"))
    with sheet(assessment, words) as page:
        page.open(8.6, 4.4)
        until = words.say("until", day=words.day(assessment.as_of))
        page.head(title, "  ".join(filter(None, (place, until, unit))))
        _draw(page, assessment, (left, labels))
    return page.figure


def target_left(assessment: Assessment, target: Target, place: str | None) -> Left:
    """What is missing from the requirement of a lower goal on a sum."""
    bounds = target.bounds
    if bounds is None or bounds.side != "lower" or not target.measure_kind.is_additive:
        raise UsageError(
            f"target: {target.id!r} has nothing to burn down; "
            "expected a lower goal (at_least, more_than) on a count or a sum"
        )
    course = timeline(assessment, target, place=place)
    points = [point for point in course.points if point.required is not None]
    if not points:
        raise UsageError(f"target: {target.id!r} is waived, so that nothing is left to draw")
    first = attrs.evolve(course.points[0], required=points[0].required)
    points = [first, *points]
    return Left(
        actual=tuple(
            (one.day, max(0.0, _known(one.required) - one.actual))
            for one in points
            if one.actual is not None
        ),
        planned=tuple(
            (one.day, max(0.0, _known(one.required) - _known(one.expected))) for one in points
        ),
        unit=target.unit,
        is_line=True,
    )


def _known(value: float | None) -> float:
    return 0.0 if value is None else value


def plan_left(assessment: Assessment, place: str | None) -> Left:
    """How many standings are not met, at the end of every week and of every window."""
    plan, as_of = assessment.plan, assessment.as_of
    past = past_of(assessment, place)
    last = min(max(as_of, plan.start), plan.end)
    days = [day.date() for day in pd.date_range(plan.start, last, freq="W-SUN")]
    days = sorted({plan.start - _DAY, *days, last})
    actual, ends = [], None
    for day, standings in past.on(days):
        judged = standings[~standings["status"].isin(_OUT).to_numpy()]
        actual.append((day, float((~judged["status"].isin(_DONE).to_numpy()).sum())))
        ends = np.sort(judged["end"].to_numpy().astype("datetime64[D]"))
    assert ends is not None
    steps = sorted({plan.start - _DAY, *(day.item() for day in np.unique(ends)), plan.end})
    planned = [(day, float((ends > np.datetime64(day)).sum())) for day in steps]
    return Left(actual=tuple(actual), planned=tuple(planned))


def _draw(page: Sheet, assessment: Assessment, told: tuple[Left, tuple[str, str]]) -> None:
    left, labels = told
    days, values = stepped(left.actual)
    last = left.actual[-1]
    if left.is_line:
        plan_days, plan_values = map(list, zip(*left.planned, strict=True))
    else:
        plan_days, plan_values = stepped(left.planned)
    span = (min(days[0], plan_days[0]), max(days[-1], plan_days[-1]))
    label = page.text(page.words.amount(last[1], left.unit))
    axes = page.axes(0.85, NOTE + 0.38, end_room(page, label, last, span), TITLE + 0.2)
    handles = list(axes.plot(days, values, color=BLUE, linewidth=2.0, label=labels[0]))
    axes.fill_between(days, values, color=BLUE, alpha=0.12, linewidth=0)
    handles += axes.plot(
        plan_days,
        plan_values,
        color=DARK,
        linewidth=1.2,
        linestyle=(0, (1.5, 1.8)),
        label=labels[1],
    )
    value_axis(axes, left.unit, [*values, *plan_values], page.words)
    date_axis(axes, span, assessment.as_of, page.words)
    end_label(axes, last, label, is_above=True)
    page.legend(handles)
