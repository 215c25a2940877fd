"""Progress against schedule: a bar for each target, and a tick where it should stand."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.words import LIGHT_SIGNS
from partybuild.charts.canvas import EDGE, NOTE, TITLE, Sheet, sheet
from partybuild.charts.palette import DARK, LIGHT_COLOURS, LIGHT_HATCHES, MID, PALE
from partybuild.charts.places import chosen_place, number, rows_of
from partybuild.charts.words import ChartWords, chart_words
from partybuild.target import Target

#: Longest bar: what is further ahead ends in an arrow.
_MOST = 1.25
_ROW = 0.34
_OUT = ("unquantified", "waived", "qualitative")


@attrs.frozen(kw_only=True)
class Bar:
    """One target: `share` done (1: all, None: not known), `expected` by now (None: not said)."""

    name: str
    status: str
    light: str
    share: float | None
    expected: float | None
    label: str


def chart_progress(
    assessment: Assessment, *, organisation: str | None = None, lang: str | None = None
) -> Any:
    """Draw a bar for each target, with a tick where it should stand by `as_of`.

    A bar is the completion; of an upper goal on an additive measure (会议不超过20次)
    the part of the allowance that is used. The tick is the part of the requirement
    that should be there by `as_of`; a target without a pace has none. Targets that
    are not judged have no bar. `organisation` is needed where several were assessed.
    Returns a matplotlib Figure.

    Raises `UsageError` for parameters it does not take, `UnknownNameError` for an
    organisation that was not assessed, `MissingExtraError` without matplotlib or
    without any font for the names.
    """
    words = chart_words(assessment, lang)
    place = chosen_place(assessment, organisation)
    bars = progress_bars(assessment, words, place)
    with sheet(assessment, words) as page:
        page.open(9.6, TITLE + NOTE + 0.36 + _ROW * max(1, len(bars)))
        title = words.say("progress", title=assessment.plan.title or assessment.plan.id)
        note = words.say("until", day=words.day(assessment.as_of))
        page.head(title, note if place is None else f"{place}  {note}")
        _draw(page, bars)
    return page.figure


def progress_bars(assessment: Assessment, words: ChartWords, place: str | None) -> tuple[Bar, ...]:
    """What the chart shows, one entry a target, in plan order."""
    rows = rows_of(assessment.targets, place).to_dict("records")
    standings = rows_of(assessment.standings, place)
    keys = [standings["commitment"].astype(str), standings["target"].astype(str)]
    groups = dict(list(standings.groupby(keys, sort=False))) if len(standings) else {}
    bars = []
    for target, row in zip(assessment.plan.targets, rows, strict=True):
        own = groups.get((row["commitment"], row["target"]), standings.iloc[:0])
        share, expected = _shares(target, row, own)
        bars.append(
            Bar(
                name=target.label,
                status=row["status"],
                light=row["light"],
                share=share,
                expected=expected,
                label=_label(target, row, words),
            )
        )
    return tuple(bars)


def _shares(
    target: Target, row: dict[Any, Any], own: pd.DataFrame
) -> tuple[float | None, float | None]:
    if row["status"] in _OUT or not len(own):
        return None, None
    allowance = _allowance(target, row, own)
    if allowance is not None:
        return allowance
    if row["status"] in ("upcoming", "no_data") and number(row["actual"]) is None:
        return None, None
    return number(row["completion"]), _expected(target, own)


def _allowance(
    target: Target, row: dict[Any, Any], own: pd.DataFrame
) -> tuple[float | None, float | None] | None:
    """How much of an upper limit on a sum is used; None for everything else."""
    bounds = target.bounds
    is_upper = bounds is not None and bounds.side == "upper" and target.measure_kind.is_additive
    required, actual = number(row["required"]), number(row["actual"])
    if not is_upper or len(own) != 1 or required is None or actual is None:
        return None
    if required <= 0:
        return (0.0 if actual <= 0 else 2.0), None
    expected = number(own["expected"].iloc[0])
    return actual / required, None if expected is None else expected / required


def _expected(target: Target, own: pd.DataFrame) -> float | None:
    """The mean over standings of what should be done by now: 0 to come, 1 closed."""
    own = own[(own["status"] != "waived").to_numpy()]
    upcoming = (own["status"] == "upcoming").to_numpy()
    is_closed = (own["days_left"] <= 0).to_numpy() & ~upcoming
    required, expected = own["required"].to_numpy(float), own["expected"].to_numpy(float)
    base = target.baseline if isinstance(target.baseline, int | float) else 0.0
    with np.errstate(divide="ignore", invalid="ignore"):
        open_share = (expected - base) / (required - base)
    share = np.where(is_closed, 1.0, np.where(upcoming, 0.0, open_share))
    if not len(share) or (np.isnan(share).any() and len(share) == 1):
        return None
    return float(np.mean(np.clip(np.nan_to_num(share), 0.0, 1.0)))


def _label(target: Target, row: dict[Any, Any], words: ChartWords) -> str:
    status = words.status(row["status"], target)
    actual, required = number(row["actual"]), number(row["required"])
    if row["status"] in ("waived", "upcoming") or target.measure == "milestone":
        return status
    if not pd.isna(row["members"]):
        all_members = int(row["members"])
        met = words.say("met_members", met=int(row["members_met"]), all=all_members)
        return f"{status}  {met}"
    if int(row["windows"]) > 1:
        met = words.say("met_windows", met=int(row["windows_met"]), all=int(row["windows"]))
        return f"{status}  {met}"
    if actual is None:
        return status
    goal = words.goal(target, required)
    text = words.amount(actual, target.unit, limit=required)
    return f"{status}  {text} / {goal}" if goal else f"{status}  {text}"


def _draw(page: Sheet, bars: tuple[Bar, ...]) -> None:
    names = [page.label(bar.name, 2.6) for bar in bars]
    labels = [page.fit(f"{LIGHT_SIGNS[bar.light]} {bar.label}", 2.9, 9.0) for bar in bars]
    left = max([0.6, *(name.width for name in names)]) + EDGE + 0.12
    right = max([0.6, *(page.width(label, 9.0) for label in labels)]) + EDGE + 0.12
    axes = page.axes(left, NOTE + 0.3, right, TITLE + 0.06)
    for at, bar in enumerate(bars):
        _draw_bar(axes, at, bar)
        axes.annotate(
            labels[at],
            (1, at),
            xycoords=axes.get_yaxis_transform(),
            xytext=(8, 0),
            textcoords="offset points",
            va="center",
            size=9.0,
            annotation_clip=False,
        )
    axes.axvline(1.0, color=MID, linewidth=0.9, zorder=0)
    is_over = any((bar.share or 0.0) > 1.0 for bar in bars)
    axes.set_xlim(0, _MOST if is_over else 1.03)
    axes.set_ylim(max(0, len(bars) - 1) + 0.6, -0.6)
    page.row_names(axes, names)
    axes.set_xticks([0, 0.25, 0.5, 0.75, 1.0], ["0%", "25%", "50%", "75%", "100%"])
    axes.tick_params(axis="y", length=0)
    axes.tick_params(axis="x", labelsize=9.0)
    axes.spines["left"].set_color(PALE)
    tick = axes.plot(
        [],
        [],
        color=DARK,
        marker="|",
        markersize=11,
        markeredgewidth=2.2,
        linestyle="",
        label=page.words.say("expected"),
    )
    page.legend([*page.light_patches(), *tick])


def _draw_bar(axes: Any, at: int, bar: Bar) -> None:
    axes.barh(at, 1.0, height=0.56, color="#f1f1f1", zorder=1)
    if bar.share is not None:
        length = float(np.clip(bar.share, 0.0, _MOST))
        axes.barh(
            at,
            max(length, 0.006),
            height=0.56,
            color=LIGHT_COLOURS[bar.light],
            hatch=LIGHT_HATCHES[bar.light],
            edgecolor="white",
            linewidth=0,
            zorder=2,
        )
        if bar.share > _MOST:
            axes.plot(_MOST - 0.02, at, marker=">", color="white", markersize=6, zorder=3)
    if bar.expected is not None:
        spot = [float(np.clip(bar.expected, 0.0, _MOST))] * 2
        axes.plot(
            spot,
            [at - 0.4, at + 0.4],
            color="white",
            linewidth=4.4,
            zorder=3,
            solid_capstyle="butt",
        )
        axes.plot(
            spot, [at - 0.4, at + 0.4], color=DARK, linewidth=2.2, zorder=4, solid_capstyle="butt"
        )
