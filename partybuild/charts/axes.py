"""Axes that charts over time share: months below, figures at the left, the day of the report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from partybuild.charts.canvas import EDGE, Sheet
from partybuild.charts.palette import BLUE, MID, PALE
from partybuild.charts.words import ChartWords
from partybuild.periods import Cadence, Period

_DAY = dt.timedelta(days=1)
#: Windows whose limits can still be told apart: those of a year week by week.
_MOST_LIMITS = 60


def month_starts(start: dt.date, end: dt.date) -> list[dt.date]:
    """The first days of months from `start` to `end`."""
    windows = Cadence("month").windows(Period(start, end))
    return [one.period.start for one in windows if one.period.start.day == 1]


def stepped(points: Sequence[tuple[dt.date, float]]) -> tuple[list[dt.date], list[float]]:
    """Points as stairs: each value holds until the next.

    >>> stepped([(dt.date(2021, 1, 1), 0.0), (dt.date(2021, 1, 9), 2.0)])[1]
    [0.0, 0.0, 2.0]
    """
    days: list[dt.date] = []
    values: list[float] = []
    for day, value in points:
        if values:
            days.append(day)
            values.append(values[-1])
        days.append(day)
        values.append(value)
    return days, values


def limit_lines(axes: Any, limits: Sequence[dt.date], *, label: str) -> list[Any]:
    """Thin lines where one window ends and the next begins; none where they would be a wall."""
    if len(limits) > _MOST_LIMITS:
        return []
    for day in limits:
        axes.axvline(day + _DAY, color="#c9c9c9", linewidth=0.8, zorder=0)
    return list(axes.plot([], [], color="#c9c9c9", linewidth=0.8, label=label))


def date_axis(axes: Any, span: tuple[dt.date, dt.date], as_of: dt.date, words: ChartWords) -> None:
    """Months below the axis, and a band over the days that are still to come."""
    start, end = span
    room = max(1, (end - start).days)
    axes.set_xlim(start, start + (end - start) + dt.timedelta(days=max(1, round(room * 0.01))))
    months = month_starts(start, end) or [start, end]
    step = max(1, -(-len(months) // 13))
    shown = months[::step]
    is_long = start.year != (start + dt.timedelta(days=room)).year and len(months) > 13
    is_short = any(day.day != 1 for day in shown)
    names = [words.day(day) if is_short else words.month(day, year=is_long) for day in shown]
    axes.set_xticks(shown, names)
    axes.tick_params(axis="x", labelsize=9.0)
    if as_of < end:
        axes.axvspan(max(as_of, start), end, color="#f4f4f4", zorder=-1, linewidth=0)
    if start <= as_of <= end:
        axes.axvline(as_of, color=MID, linewidth=1.0, linestyle=(0, (4, 2)), zorder=1)


def value_axis(
    axes: Any,
    unit: str | None,
    values: Sequence[float],
    words: ChartWords,
    *,
    with_zero: bool = True,
) -> None:
    """Figures at the left, in the target's unit, with some room above the highest.

    Sums begin at 0; levels that all lie far from 0 show the range they move in.
    """
    low, high = min(values, default=0.0), max(values, default=0.0)
    if with_zero or low <= 0 <= high or high - low > 0.5 * max(abs(low), abs(high)):
        low, high = min(0.0, low), max(0.0, high)
    room = (high - low) or max(1.0, abs(high) * 0.1)
    axes.set_ylim(low - (0.0 if low == 0 else 0.12 * room), high + 0.12 * room)
    axes.yaxis.grid(visible=True, color=PALE, linewidth=0.7)
    axes.locator_params(axis="y", nbins=6, integer=unit != "%" and room >= 4)
    bottom, top = axes.get_ylim()
    ticks = [float(round(tick, 9)) for tick in axes.get_yticks() if bottom <= tick <= top]
    axes.set_yticks(ticks, [words.amount(tick, unit if unit == "%" else None) for tick in ticks])
    axes.tick_params(axis="y", labelsize=9.0)


def end_room(
    page: Sheet, label: str, last: tuple[dt.date, float] | None, span: tuple[dt.date, dt.date]
) -> float:
    """Inches at the right for the last figure where it stands near the edge."""
    if last is None or (span[1] - last[0]).days > 0.25 * (span[1] - span[0]).days:
        return EDGE + 0.1
    return EDGE + 0.15 + page.width(label, 10.5)


def end_label(
    axes: Any, last: tuple[dt.date, float], label: str, *, is_above: bool = False
) -> None:
    """The last figure, written beside its end; above it where months stand below."""
    bottom, top = axes.get_ylim()
    is_above = is_above or last[1] - bottom < 0.12 * (top - bottom)
    axes.plot(*[[part] for part in last], marker="o", markersize=5.5, color=BLUE, zorder=5)
    axes.annotate(
        label,
        last,
        xytext=(7, 4 if is_above else -3),
        textcoords="offset points",
        color=BLUE,
        size=10.5,
        va="bottom" if is_above else "top",
        annotation_clip=False,
        zorder=6,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.8, "alpha": 0.85},
    )
