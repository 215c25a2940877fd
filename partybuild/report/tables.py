"""The tables of a report as neutral cells: what each says, and what its light is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from partybuild.assessment.telling import NONE
from partybuild.report.lang import Wording
from partybuild.report.view import (
    DONE,
    LIGHT_SIGNS,
    SHORT,
    STATUS_ORDER,
    PlaceView,
    ReportView,
    SectionView,
    TargetView,
)

#: With more organisations than this, tables of targets list only what is short.
MOST_PLACES = 60
#: Widths of a table of targets, without and with organisations.
_WIDTHS = {
    False: (0.165, 0.155, 0.16, 0.13, 0.16, 0.115, 0.115),
    True: (0.12, 0.13, 0.11, 0.125, 0.13, 0.16, 0.105, 0.12),
}


@attrs.frozen
class Cell:
    """The text of a cell; `light` where it shows one, `is_figure` where it sets a number.

    `order` sorts a column whose text does not sort by itself; `share` is a completion
    to draw as a bar, from 0 to 1.
    """

    text: str
    light: str | None = None
    is_figure: bool = False
    order: float | None = None
    share: float | None = None


@attrs.frozen(kw_only=True)
class Table:
    """Headings and rows of cells; `widths` are the columns' shares of 1, empty: as they come."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...] = ()


def target_table(view: ReportView, section: int, words: Wording) -> Table | None:
    """The targets of one section, in every place; None when there are none to show."""
    heads = ["target", "required", "actual", "completion", "light", "shortfall", "due"]
    if view.is_by_organisation:
        heads.insert(1, "organisation")
    rows = tuple(
        target_row(target, words, with_place=view.is_by_organisation)
        for target in shown_targets(view, section)
    )
    if not rows:
        return None
    widths = _WIDTHS[view.is_by_organisation]
    return Table(heads=tuple(words.words[head] for head in heads), rows=rows, widths=widths)


def shown_targets(view: ReportView, section: int) -> list[TargetView]:
    """The targets of one section in table order: target by target, place by place."""
    columns = [place.sections[section].targets for place in view.places]
    targets = [target for row in zip(*columns, strict=True) for target in row]
    if len(view.places) > MOST_PLACES:
        return [target for target in targets if target.status in SHORT]
    return targets


def target_row(target: TargetView, words: Wording, *, with_place: bool) -> tuple[Cell, ...]:
    """One target as a row of the table."""
    spec = target.spec
    cells = [
        Cell(spec.name),
        Cell(words.required_cell(target)),
        Cell(words.actual_cell(target)),
        completion_cell(target.completion if target.is_due else None, words),
        Cell(
            words.lamp(target),
            light=target.light,
            order=STATUS_ORDER.index(target.status),
        ),
        Cell(words.shortfall_cell(target), is_figure=True, order=target.shortfall),
        Cell(words.short_day(spec.due), order=spec.due.toordinal()),
    ]
    if with_place:
        cells.insert(1, Cell(target.organisation or NONE))
    return tuple(cells)


def completion_cell(completion: float | None, words: Wording) -> Cell:
    """A completion as a figure with its bar."""
    share = None if completion is None else max(0.0, min(1.0, completion))
    return Cell(words.percent(completion), is_figure=True, order=completion, share=share)


def qualitative(section: SectionView) -> list[str]:
    """The sentences of a section that nothing is measured of."""
    return [one.text or one.id for one in section.commitments if not one.targets]


def league_table(view: ReportView, words: Wording) -> Table:
    """Organisations by completion, the worst first; equal ones in plan order."""
    heads = ("rank", "organisation", "completion", "green", "yellow", "red", "grey")
    rows = tuple(_league_row(place, words) for place in worst_first(view))
    names = tuple(words.words[head] for head in heads)
    return Table(heads=names, rows=rows, widths=(0.09, 0.33, 0.18, 0.1, 0.1, 0.1, 0.1))


def worst_first(view: ReportView) -> list[PlaceView]:
    """The places by completion, those without one first; equal ones in plan order."""
    return sorted(view.places, key=lambda one: (one.completion is not None, one.completion or 0.0))


def _league_row(place: PlaceView, words: Wording) -> tuple[Cell, ...]:
    lights = ("green", "yellow", "red", "grey")
    return (
        Cell(NONE if place.rank is None else str(place.rank), is_figure=True, order=place.rank),
        Cell(place.organisation or NONE),
        completion_cell(place.completion, words),
        *(_count_cell(place.lights.get(light, 0)) for light in lights),
    )


def _count_cell(number: int) -> Cell:
    return Cell(str(number), is_figure=True, order=number)


def matrix_table(view: ReportView, words: Wording) -> Table:
    """Organisations down, targets across: the light of each, and what is missing."""
    specs = [target.spec for target in view.places[0].targets] if view.places else []
    heads = (words.words["organisation"], *(spec.name for spec in specs))
    rows = tuple(
        (Cell(place.organisation or NONE), *(_matrix_cell(one, words) for one in place.targets))
        for place in worst_first(view)
    )
    return Table(heads=heads, rows=rows)


def _matrix_cell(target: TargetView, words: Wording) -> Cell:
    text = LIGHT_SIGNS[target.light]
    if target.shortfall and target.status not in DONE:
        text += f" {words.shortfall_cell(target)}"
    return Cell(text, light=target.light, order=STATUS_ORDER.index(target.status))


def has_allowed(targets: Iterable[TargetView]) -> bool:
    """Whether a target is met although something of it fell short."""
    return any(one.status in ("met", "late") and (one.shortfall or 0) > 0 for one in targets)


def sections_of(view: ReportView) -> Sequence[SectionView]:
    """The sections of the plan, as the first place has them; all places have the same."""
    return view.places[0].sections if view.places else ()
