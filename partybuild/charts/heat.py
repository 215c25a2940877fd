"""Organisations by targets: the light of each."""

from __future__ import annotations

from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.words import LIGHT_SIGNS
from partybuild.charts.canvas import EDGE, NOTE, TITLE, Sheet, sheet
from partybuild.charts.palette import DARK, LIGHT_COLOURS, LIGHT_INKS
from partybuild.charts.words import chart_words
from partybuild.errors import UsageError

_CELL = (0.52, 0.32)
_NAME = 2.2


@attrs.frozen(kw_only=True)
class Heat:
    """The lights, a row an organisation, a column a target."""

    organisations: tuple[str, ...]
    targets: tuple[str, ...]
    lights: tuple[tuple[str, ...], ...]
    left_out: int = 0


def chart_heat(assessment: Assessment, *, most: int = 40, lang: str | None = None) -> Any:
    """Draw the light of every target in every organisation, the lowest completion first.

    Each cell has the sign of its light beside the colour. At most `most` organisations
    are drawn; how many are not is written below. Returns a matplotlib Figure.

    Raises `UsageError` for an assessment that is not by organisation, and where there
    is nothing to draw; `MissingExtraError` without matplotlib or a font.
    """
    words = chart_words(assessment, lang)
    heat = heat_lights(assessment, most=most)
    plan = assessment.plan
    with sheet(assessment, words) as page:
        title = words.say("heat", title=plan.title or plan.id)
        _draw(page, heat, _note_room(page, heat, title))
        note = words.say("until", day=words.day(assessment.as_of))
        if heat.left_out:
            note += "  " + words.say("more", number=heat.left_out)
        page.head(title, note)
    return page.figure


def heat_lights(assessment: Assessment, *, most: int) -> Heat:
    """What the chart shows."""
    names = assessment.organisations
    if not names:
        raise UsageError(
            'chart_heat: the assessment is not by organisation; assess(by="organi'
            'sation") makes one that is'
        )
    if not assessment.plan.targets:
        raise UsageError("chart_heat: the plan has no target to show")
    if most < 1:
        raise UsageError(f"most: got {most!r}; expected 1 or more")
    completion = assessment.summary["completion"].to_numpy(float)
    order = pd.Series(completion).sort_values(kind="stable", na_position="first").index[:most]
    lights = assessment.targets["light"].astype(str).to_numpy()
    table = lights.reshape(len(assessment.plan.targets), len(names)).T
    return Heat(
        organisations=tuple(names[at] for at in order),
        targets=tuple(target.label for target in assessment.plan.targets),
        lights=tuple(tuple(table[at].tolist()) for at in order),
        left_out=len(names) - len(order),
    )


def _note_room(page: Sheet, heat: Heat, title: str) -> tuple[float, float, list[str], list[str]]:
    """Open the sheet at the size that the names need: room at the left, at the top, names."""
    page.open(4.0, 4.0)
    rows = [page.fit(name, _NAME) for name in heat.organisations]
    heads = [page.fit(name, _NAME, 9.5) for name in heat.targets]
    left = max(page.width(name) for name in rows) + EDGE + 0.15
    longest = max(page.width(name, 9.5) for name in heads)
    top = TITLE + 0.14 + longest
    width = left + EDGE + max(_CELL[0] * len(heads), 1.2)
    wide = min(page.width(page.text(title), 13.0), 9.0) + 2 * EDGE + 0.1
    page.open(max(width, wide, 5.2), top + NOTE + 0.1 + _CELL[1] * len(rows))
    return left, top, rows, heads


def _draw(page: Sheet, heat: Heat, room: tuple[float, float, list[str], list[str]]) -> None:
    left, top, rows, heads = room
    width = page.size[0]
    axes = page.axes(left, NOTE + 0.1, width - left - _CELL[0] * len(heads), top)
    for at, row in enumerate(heat.lights):
        for place, light in enumerate(row):
            axes.add_patch(
                page.parts.patches.Rectangle(
                    (place, at),
                    1,
                    1,
                    facecolor=LIGHT_COLOURS[light],
                    edgecolor="white",
                    linewidth=1.6,
                )
            )
            axes.text(
                place + 0.5,
                at + 0.52,
                LIGHT_SIGNS[light],
                color=LIGHT_INKS[light],
                size=10.0,
                ha="center",
                va="center",
            )
    axes.set_xlim(0, len(heads))
    axes.set_ylim(len(rows), 0)
    axes.set_yticks([at + 0.5 for at in range(len(rows))], rows)
    axes.set_xticks([])
    for place, head in enumerate(heads):
        axes.annotate(
            head,
            (place + 0.5, 0),
            xytext=(0, 5),
            textcoords="offset points",
            rotation=90,
            ha="center",
            va="bottom",
            size=9.5,
            color=DARK,
            annotation_clip=False,
        )
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    page.legend(page.light_patches())
