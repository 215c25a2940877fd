"""A document as a run of blocks, from which every renderer makes its own format."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import UsageError
from partybuild.report.lang import Wording
from partybuild.report.tables import (
    MOST_PLACES,
    Table,
    has_allowed,
    league_table,
    qualitative,
    sections_of,
    shown_targets,
    target_table,
    worst_first,
)
from partybuild.report.view import SHORT, PlaceView, ReportView, SectionView


def checked_pictures(pictures: Any) -> Mapping[str, Any]:
    """The pictures to show by their captions, or `UsageError` for what is no mapping."""
    if pictures is None:
        return {}
    if not isinstance(pictures, Mapping):
        expected = "a mapping from captions to pictures"
        raise UsageError(f"pictures: got {type(pictures).__name__}; expected {expected}")
    return pictures


@attrs.frozen
class Heading:
    """A heading; `level` 1 is the document's title."""

    level: int
    text: str


@attrs.frozen
class Paragraph:
    """A paragraph, with a word in bold before it where it has a label."""

    text: str
    label: str | None = None
    is_note: bool = False


@attrs.frozen
class Bullets:
    """A list of short texts."""

    items: tuple[str, ...]


@attrs.frozen
class TableBlock:
    """A table with its caption."""

    table: Table
    caption: str


Block = Heading | Paragraph | Bullets | TableBlock


def report_blocks(view: ReportView, words: Wording) -> Iterator[Block]:
    """The report line for each promise: tables, achievements, shortfalls, section by section."""
    say = words.words
    yield Heading(1, say["title"].format(title=words.named(view)))
    yield Paragraph(overview(view, words))
    if view.is_by_organisation:
        yield Heading(2, say["league"])
        yield TableBlock(league_table(view, words), say["league"])
        if is_large(view):
            yield Paragraph(say["only_short"], is_note=True)
    for index, section in enumerate(sections_of(view)):
        yield Heading(2, section.title or say["other"])
        yield from section_tables(view, index, words)
        if not view.is_by_organisation:
            yield from _paragraphs(section, words)
        texts = qualitative(section)
        if texts:
            yield Paragraph(words.sentences(texts), label=say["qualitative"] + say["colon"])
    if view.is_by_organisation and not is_large(view):
        yield Heading(2, say["by_place"])
        yield from (_place(place, words) for place in worst_first(view))
    yield Paragraph(say["legend"], is_note=True)
    yield from remarks(view, words)


def is_large(view: ReportView) -> bool:
    """Whether there are too many organisations to list every target of each."""
    return len(view.places) > MOST_PLACES


def overview(view: ReportView, words: Wording) -> str:
    """The first paragraph, with the day of knowledge where one was given."""
    if view.known_at is None:
        return words.overview(view)
    day = words.day(view.known_at, year=True)
    return words.overview(view) + words.words["known"].format(day=day)


def section_tables(view: ReportView, index: int, words: Wording) -> Iterator[Block]:
    """The table of one section, and what its marks mean."""
    table = target_table(view, index, words)
    if table is not None:
        title = sections_of(view)[index].title or words.words["other"]
        yield TableBlock(table, title)
        if has_allowed(shown_targets(view, index)):
            yield Paragraph(words.words["allowed_note"], is_note=True)


def _paragraphs(section: SectionView, words: Wording) -> Iterator[Block]:
    targets = section.targets
    done = [words.sentence(one) for one in targets if one.status not in SHORT]
    short = [words.shortage(one) for one in targets if one.status in SHORT]
    for key, clauses in (("achievements", done), ("shortfalls", short)):
        if clauses:
            label = words.words[key] + words.words["colon"]
            yield Paragraph(words.clauses(clauses), label=label)


def _place(place: PlaceView, words: Wording) -> Block:
    short = [words.shortage(one) for one in place.targets if one.status in SHORT]
    text = words.clauses(short) if short else words.words["no_shortfall"]
    return Paragraph(text, label=f"{place.organisation}{words.words['colon']}")


def remarks(view: ReportView, words: Wording) -> Iterator[Block]:
    """What a reader of the figures should know."""
    if view.remarks:
        yield Heading(2, words.words["remarks"])
        yield Bullets(words.remarks(view.remarks))
