"""Organisations by targets: the light of each."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.charts.canvas import EDGE, NOTE, TITLE, Label, Sheet, sheet
from partybuild.charts.palette import DARK, LIGHT_COLOURS, LIGHT_INKS
from partybuild.charts.words import chart_words
from partybuild.errors import UsageError
from partybuild.faults import checked

_CELL = (0.52, 0.32)
_NAME = 2.2
#: Organisations in one picture; more make it taller than pictures can be.
_MOST = 500
#: A light -> the marker that has the shape of its sign, and whether it is filled.
_MARKERS = {"green": ("o", True), "yellow": ("^", True), "red": ("s", True), "grey": ("o", False)}


@attrs.frozen(kw_only=True)
class Heat:
    """The lights, a row an organisation, a column a target.

    `first` is the place of the first row among all `total` organisations, from 1.
    """

    organisations: tuple[str, ...]
    targets: tuple[str, ...]
    lights: tuple[tuple[str, ...], ...]
    first: int = 1
    total: int = 0


def chart_heat(
    assessment: Assessment, *, most: int = 40, page: int = 1, lang: str | None = None
) -> Any:
    """Draw the light of every target in every organisation, the lowest completion first.

    Each cell has the sign of its light beside the colour. A picture has `most`
    organisations (1 to 500); `page` 2 has those after the first picture, and so on.
    Which of how many are shown is written below the title. Returns a matplotlib Figure.

    Raises `UsageError` for an assessment that is not by organisation, where there is
    nothing to draw and for a page there is not; `MissingExtraError` without matplotlib
    or a font.
    """
    words = chart_words(assessment, lang)
    heat = heat_lights(assessment, most=most, page=page)
    plan = assessment.plan
    with sheet(assessment, words) as drawn:
        title = words.say("heat", title=plan.title or plan.id)
        note = words.say("until", day=words.day(assessment.as_of))
        if len(heat.organisations) < heat.total:
            last = heat.first + len(heat.organisations) - 1
            note += "  " + words.say("some", first=heat.first, last=last, total=heat.total)
        _draw(drawn, heat, _note_room(drawn, heat, (title, note)))
        drawn.head(title, note)
    return drawn.figure


def heat_lights(assessment: Assessment, *, most: int, page: int = 1) -> Heat:
    """What the chart shows."""
    names = assessment.organisations
    if not names:
        raise UsageError(
            'chart_heat: the assessment is not by organisation; assess(by="organi'
            'sation") makes one that is'
        )
    if not assessment.plan.targets:
        raise UsageError("chart_heat: the plan has no target to show")
    expected = "a whole number from 1 up"
    checked(most, int, name="most", expected=expected)
    checked(page, int, name="page", expected=expected)
    if not 1 <= most <= _MOST:
        raise UsageError(
            f"most: got {most!r}; expected 1 to {_MOST} organisations in a picture, "
            "and page= for those after them"
        )
    pages = -(-len(names) // most)
    if not 1 <= page <= pages:
        raise UsageError(f"page: got {page!r}; expected 1 to {pages}, {most} organisations each")
    completion = assessment.summary["completion"].to_numpy(float)
    ranked = pd.Series(completion).sort_values(kind="stable", na_position="first").index
    before = (page - 1) * most
    order = ranked[before : before + most]
    lights = assessment.targets["light"].astype(str).to_numpy()
    table = lights.reshape(len(assessment.plan.targets), len(names)).T
    return Heat(
        organisations=tuple(names[at] for at in order),
        targets=tuple(target.label for target in assessment.plan.targets),
        lights=tuple(tuple(table[at].tolist()) for at in order),
        first=before + 1,
        total=len(names),
    )


def _note_room(
    page: Sheet, heat: Heat, told: tuple[str, str]
) -> tuple[float, float, list[Label], list[Label]]:
    """Open the sheet at the size that the names need: room at the left, at the top, names."""
    page.open(4.0, 4.0)
    rows = [page.label(name, _NAME) for name in heat.organisations]
    heads = [page.label(name, _NAME, 9.5) for name in heat.targets]
    left = max(name.width for name in rows) + EDGE + 0.15
    longest = max(name.width for name in heads)
    top = TITLE + 0.14 + longest
    width = left + EDGE + max(_CELL[0] * len(heads), 1.2)
    sizes = zip(told, (13.0, 9.0), strict=True)
    wide = max(min(page.width(page.text(text), size), 9.0) for text, size in sizes)
    wide += 2 * EDGE + 0.1
    page.open(max(width, wide, 5.2), top + NOTE + 0.1 + _CELL[1] * len(rows))
    return left, top, rows, heads


def _draw(page: Sheet, heat: Heat, room: tuple[float, float, list[Label], list[Label]]) -> None:
    left, top, rows, heads = room
    width = page.size[0]
    axes = page.axes(left, NOTE + 0.1, width - left - _CELL[0] * len(heads), top)
    _cells(axes, heat)
    axes.set_xlim(0, len(heads))
    axes.set_ylim(len(rows), 0)
    page.row_names(axes, rows, first=0.5)
    axes.set_xticks([])
    for place, head in enumerate(heads):
        axes.annotate(
            head.text,
            (place + 0.5, 0),
            xytext=(0, 5),
            textcoords="offset points",
            rotation=90,
            ha="center",
            va="bottom",
            size=head.size,
            linespacing=1.15,
            color=DARK,
            annotation_clip=False,
        )
    axes.tick_params(length=0)
    for spine in axes.spines.values():
        spine.set_visible(False)
    page.legend(page.light_patches(is_hatched=False))


def _cells(axes: Any, heat: Heat) -> None:
    """A field and a sign in each cell, all of them in a few strokes."""
    lights = np.array(heat.lights)
    colours = np.array([_parts_of(LIGHT_COLOURS[light]) for light in _MARKERS])
    number = {light: at for at, light in enumerate(_MARKERS)}
    fields = np.vectorize(number.__getitem__)(lights)
    axes.pcolormesh(colours[fields], edgecolors="white", linewidth=1.6)
    for light, (marker, is_filled) in _MARKERS.items():
        rows, columns = np.nonzero(lights == light)
        ink = LIGHT_INKS[light]
        axes.scatter(
            columns + 0.5, rows + 0.5, s=46, marker=marker, linewidths=1.0,
            facecolors=ink if is_filled else "none", edgecolors=ink,
        )  # fmt: skip


def _parts_of(colour: str) -> tuple[float, ...]:
    """The parts of ``#rrggbb``, from 0 to 1."""
    return tuple(int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
