"""The cumulative curve of one target, with the line where it should be and its windows."""

from __future__ import annotations

import datetime as dt
from typing import Any

from partybuild.assessment.assessment import Assessment
from partybuild.charts.axes import (
    date_axis,
    end_label,
    end_room,
    limit_lines,
    stepped,
    value_axis,
)
from partybuild.charts.canvas import NOTE, TITLE, Sheet, sheet
from partybuild.charts.palette import BLUE, DARK, LIGHT_COLOURS
from partybuild.charts.places import chosen_place
from partybuild.charts.timeline import Timeline, timeline
from partybuild.charts.words import chart_words
from partybuild.target import Target


def chart_cumulative(
    assessment: Assessment,
    target: str,
    *,
    organisation: str | None = None,
    subject: str | None = None,
    lang: str | None = None,
) -> Any:
    """Draw how a target grew, the line where it should be, and the limits of its windows.

    Sums (count, total, days, distinct) run on from window to window; levels are shown
    window by window, with a dot for each reading. Each point is what `assess` says of
    that day, so that the chart agrees with the tables. Of a target with `each`, the
    sum over all members, or one `subject`. Returns a matplotlib Figure.

    Raises `UnknownNameError` for names that the plan does not have, `UsageError` for a
    milestone and where an organisation or a member must be named, `MissingExtraError`
    without matplotlib or a font.
    """
    words = chart_words(assessment, lang)
    place = chosen_place(assessment, organisation)
    wanted = assessment.plan.target(target)
    course = timeline(assessment, wanted, place=place, subject=subject)
    with sheet(assessment, words) as page:
        page.open(8.6, 4.6)
        name = wanted.label if subject is None else f"{wanted.label}（{subject}）"
        notes = [place, words.say("until", day=words.day(assessment.as_of)), words.unit(wanted)]
        page.head(
            words.say("cumulative" if course.is_sum else "level", name=name),
            "  ".join(filter(None, notes)),
        )
        _draw(page, assessment, (wanted, course))
    return page.figure


def _draw(page: Sheet, assessment: Assessment, told: tuple[Target, Timeline]) -> None:
    target, course = told
    words = page.words
    span = (course.points[0].day, course.points[-1].day)
    pieces = _pieces(course)
    last = pieces[-1][-1] if pieces else None
    label = page.text(words.amount(last[1], target.unit)) if last else ""
    axes = page.axes(0.85, NOTE + 0.38, end_room(page, label, last, span), TITLE + 0.2)
    asked = [(point.day, point.expected) for point in course.points if point.expected is not None]
    goal = [(point.day, point.required) for point in course.points if point.required is not None]
    handles = []
    if len(course.limits) > 1:
        handles += limit_lines(axes, course.limits[:-1], label=words.say("window"))
    if goal:
        handles += axes.plot(
            *stepped(goal),
            color=LIGHT_COLOURS["red"],
            linewidth=1.3,
            linestyle=(0, (6, 2)),
            label=words.say("ceiling" if course.is_upper else "required"),
        )
    if asked:
        handles += axes.plot(
            *zip(*asked, strict=True),
            color=DARK,
            linewidth=1.2,
            linestyle=(0, (1.5, 1.8)),
            label=words.say("expected"),
        )
    for piece in pieces:
        line = _piece(axes, piece, course, label=words.say("actual"))
        handles += line if piece is pieces[0] else []
    values = [value for piece in pieces for _, value in piece]
    values += [value for _, value in asked + goal]
    value_axis(axes, target.unit, values, words, with_zero=course.is_sum)
    date_axis(axes, span, assessment.as_of, words)
    if last:
        end_label(axes, last, label)
    page.legend(handles)


def _pieces(course: Timeline) -> list[list[tuple[dt.date, float]]]:
    """The actual values, broken where nothing is known."""
    pieces: list[list[tuple[dt.date, float]]] = [[]]
    for point in course.points:
        if point.actual is not None:
            pieces[-1].append((point.day, point.actual))
        elif pieces[-1]:
            pieces.append([])
    return [piece for piece in pieces if piece]


def _piece(
    axes: Any, piece: list[tuple[dt.date, float]], course: Timeline, *, label: str
) -> list[Any]:
    days, values = stepped(piece)
    if course.is_sum:
        axes.fill_between(days, values, color=BLUE, alpha=0.12, linewidth=0)
        return list(axes.plot(days, values, color=BLUE, linewidth=2.0, label=label))
    dots = [(day, value) for day, value in piece if day in course.readings]
    axes.plot(*zip(*dots, strict=True), color=BLUE, marker="o", markersize=5, linestyle="")
    return list(axes.plot(days, values, color=BLUE, linewidth=1.8, label=label))
