"""A calendar of events: a row a month, a cell a day, the number of events in it."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import Any

import attrs

from partybuild.assessment.assessment import Assessment
from partybuild.charts.canvas import EDGE, NOTE, TITLE, Sheet, sheet
from partybuild.charts.palette import BLUES
from partybuild.charts.places import held_events
from partybuild.charts.words import chart_words
from partybuild.errors import UnknownNameError, UsageError, nearest
from partybuild.periods import Cadence, Period

_CELL = 0.27
_MONTHS_MOST = 60
_DAY = dt.timedelta(days=1)


@attrs.frozen(kw_only=True)
class Days:
    """The months of the plan, and on how many events each day falls."""

    months: tuple[dt.date, ...]
    first: dt.date
    last: dt.date
    as_of: dt.date
    counts: dict[dt.date, int]
    events: int


def chart_calendar(
    assessment: Assessment,
    *,
    target: str | None = None,
    organisation: str | None = None,
    lang: str | None = None,
) -> Any:
    """Draw on which days something was done: a row a month, a cell a day.

    The number in a cell is that of the events that hold on that day by `as_of`; an
    event of several days stands on each of them. Without `target`, the events of
    every kind that the plan looks at; `organisation` keeps those of one. Days after
    `as_of` are left white. Returns a matplotlib Figure.

    Raises `UnknownNameError` for names there are not, `UsageError` for a plan of more
    than five years, `MissingExtraError` without matplotlib or a font.
    """
    words = chart_words(assessment, lang)
    days = event_days(assessment, target=target, organisation=organisation)
    plan = assessment.plan
    title = plan.title or plan.id if target is None else plan.target(target).label
    with sheet(assessment, words) as page:
        _draw(page, days)
        until = words.say("until", day=words.day(min(assessment.as_of, plan.end)))
        total = words.say("events_total", number=days.events, days=len(days.counts))
        note = "  ".join(filter(None, (organisation, until, total)))
        page.head(words.say("calendar", title=title), note)
    return page.figure


def event_days(
    assessment: Assessment, *, target: str | None = None, organisation: str | None = None
) -> Days:
    """Count the events of each day."""
    plan = assessment.plan
    windows = Cadence("month").windows(Period(plan.start, plan.end))
    months = tuple(one.whole.start for one in windows)
    if len(months) > _MONTHS_MOST:
        raise UsageError(f"chart_calendar: the plan has {len(months)} months; at most 60 are drawn")
    kinds = plan.kinds if target is None else plan.target(target).kinds
    held = held_events(assessment, kinds)
    if organisation is not None:
        known = sorted({*assessment.organisations, *held["organisation"].dropna().unique()})
        if organisation not in known:
            hint = nearest(organisation, known)
            raise UnknownNameError(
                f"organisation: got {organisation!r}, of which there is no event"
                + (f"; {hint}" if hint else "")
            )
        held = held[(held["organisation"] == organisation).to_numpy()]
    counts: Counter[dt.date] = Counter()
    number = 0
    last = min(plan.end, assessment.as_of)
    for start, end in zip(held["date"].tolist(), held["end"].tolist(), strict=True):
        first, final = max(start.date(), plan.start), min(end.date(), last)
        number += first <= final
        for ahead in range((final - first).days + 1):
            counts[first + ahead * _DAY] += 1
    return Days(
        months=months,
        first=plan.start,
        last=plan.end,
        as_of=assessment.as_of,
        counts=dict(counts),
        events=number,
    )


def _draw(page: Sheet, days: Days) -> None:
    words = page.words
    is_long = days.first.year != days.last.year
    page.open(4.0, 4.0)
    names = [page.text(words.month(day, year=is_long)) for day in days.months]
    left = max(page.width(name) for name in names) + EDGE + 0.12
    top = TITLE + 0.3
    page.open(left + EDGE + 31 * _CELL, top + NOTE + 0.02 + len(names) * _CELL)
    axes = page.axes(left, NOTE + 0.02, EDGE, top)
    most = max(days.counts.values(), default=0)
    for row, month in enumerate(days.months):
        day = month
        while day.month == month.month:
            if days.first <= day <= days.last:
                number = None if day > days.as_of else days.counts.get(day, 0)
                _draw_day(page, axes, (row, day), (number, most))
            day += _DAY
    axes.set_xlim(0, 31)
    axes.set_ylim(len(names), 0)
    axes.set_yticks([row + 0.5 for row in range(len(names))], names)
    axes.set_xticks([at + 0.5 for at in range(31)], [str(at + 1) for at in range(31)])
    axes.tick_params(length=0, labelsize=8.5, top=False, labeltop=True, labelbottom=False)
    axes.tick_params(axis="y", labelsize=10.0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    _legend(page, most)


def shade(number: int, most: int) -> int:
    """The step of the scale for a number, 0 for none; small numbers have a step each.

    >>> [shade(number, 4) for number in (0, 1, 4)], [shade(number, 50) for number in (1, 25, 50)]
    ([0, 1, 4], [1, 3, 5])
    """
    steps = len(BLUES) - 1
    if number <= 0 or most <= steps:
        return max(0, number)
    return max(1, -(-number * steps // most))


def _draw_day(
    page: Sheet, axes: Any, where: tuple[int, dt.date], told: tuple[int | None, int]
) -> None:
    row, day = where
    number, most = told
    step = shade(number or 0, most)
    idle = "white" if number is None else "#ececec" if day.weekday() >= 5 else "#f7f7f7"
    axes.add_patch(
        page.parts.patches.Rectangle(
            (day.day - 1 + 0.04, row + 0.04),
            0.92,
            0.92,
            facecolor=BLUES[step] if number else idle,
            edgecolor="#ededed" if number is None else "none",
            linewidth=0.6,
        )
    )
    if number:
        axes.text(
            day.day - 0.5,
            row + 0.52,
            str(number),
            size=7.5,
            ha="center",
            va="center",
            color="white" if step >= 4 else "#222222",
        )


def _legend(page: Sheet, most: int) -> None:
    patch = page.parts.patches.Patch
    handles = [
        patch(facecolor="#f7f7f7", label=page.words.say("workday"), edgecolor="#dddddd"),
        patch(facecolor="#ececec", label=page.words.say("weekend"), edgecolor="#dddddd"),
    ]
    shown = sorted({1, most}) if most else []
    for number in shown:
        label = page.words.say("a_day", number=number)
        handles.append(patch(facecolor=BLUES[shade(number, most)], label=label))
    page.legend(handles)
