"""The tables of a report as neutral cells: what each says, and what its light is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from partybuild.report.lang import Wording
from partybuild.report.lang.wording import NONE
from partybuild.report.view import SHORT, PlaceView, ReportView, SectionView, TargetView

#: With more organisations than this, tables of targets list only what is short.
MOST_PLACES = 60


@attrs.frozen
class Cell:
    """The text of a cell; `light` where it shows one, `is_figure` where it sets a number."""

    text: str
    light: str | None = None
    is_figure: bool = False


@attrs.frozen(kw_only=True)
class Table:
    """Headings and rows of cells, all of one width."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


def target_table(view: ReportView, section: int, words: Wording) -> Table | None:
    """The targets of one section, in every place; None when there are none to show."""
    heads = ["target", "required", "actual", "completion", "light", "shortfall", "due"]
    if view.is_by_organisation:
        heads.insert(1, "organisation")
    rows = tuple(
        target_row(target, words, with_place=view.is_by_organisation)
        for target in shown_targets(view, section)
    )
    return Table(heads=tuple(words.words[head] for head in heads), rows=rows) if rows else None


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
        Cell(words.required_cell(spec)),
        Cell(words.actual_cell(target)),
        Cell(words.percent(target.completion) if target.is_due else NONE, is_figure=True),
        Cell(words.lamp(target.light, target.status), light=target.light),
        Cell(words.shortfall_cell(target), is_figure=True),
        Cell(words.day(spec.due)),
    ]
    if with_place:
        cells.insert(1, Cell(target.organisation or NONE))
    return tuple(cells)


def qualitative(section: SectionView) -> list[str]:
    """The sentences of a section that nothing is measured of."""
    return [one.text or one.id for one in section.commitments if not one.targets]


def league_table(view: ReportView, words: Wording) -> Table:
    """Organisations by completion, the worst first; equal ones in plan order."""
    heads = ("rank", "organisation", "completion", "green", "yellow", "red", "grey")
    rows = tuple(_league_row(place, words) for place in worst_first(view))
    return Table(heads=tuple(words.words[head] for head in heads), rows=rows)


def worst_first(view: ReportView) -> list[PlaceView]:
    """The places by completion, those without one first; equal ones in plan order."""
    return sorted(view.places, key=lambda one: (one.completion is not None, one.completion or 0.0))


def _league_row(place: PlaceView, words: Wording) -> tuple[Cell, ...]:
    lights = ("green", "yellow", "red", "grey")
    return (
        Cell(NONE if place.rank is None else str(place.rank), is_figure=True),
        Cell(place.organisation or NONE),
        Cell(words.percent(place.completion), is_figure=True),
        *(Cell(str(place.lights.get(light, 0)), is_figure=True) for light in lights),
    )


def has_allowed(targets: Iterable[TargetView]) -> bool:
    """Whether a target is met although something of it fell short."""
    return any(one.status in ("met", "late") and (one.shortfall or 0) > 0 for one in targets)


def sections_of(view: ReportView) -> Sequence[SectionView]:
    """The sections of the plan, as the first place has them; all places have the same."""
    return view.places[0].sections if view.places else ()
