"""The skeleton of the next work report (述职报告): done, short, next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import IO, Any

from partybuild.errors import UsageError
from partybuild.report.blocks import (
    Block,
    Heading,
    Paragraph,
    overview,
    section_tables,
)
from partybuild.report.lang import Wording, wording
from partybuild.report.markdown import markdown_of
from partybuild.report.templates import fill_docx, fill_text
from partybuild.report.view import (
    SHORT,
    NextView,
    PlaceView,
    ReportView,
    SectionView,
    TargetView,
)
from partybuild.report.view_build import Assessment, Plan, next_view, report_view

#: The parts of a work report, in their order.
SECTIONS = ("duties", "problems", "next")


def render_report(
    assessment: Assessment,
    *,
    lang: str | None = None,
    sections: Sequence[str] = SECTIONS,
    next_plan: Plan | None = None,
    template: str | None = None,
) -> str:
    """Write the skeleton of the next work report, as Markdown.

    `sections` chooses and orders its parts: ``"duties"`` (一、履行职责情况: what was
    promised and done, by section of the plan), ``"problems"`` (二、存在的问题: what is
    short, how much, what is lost and what can still be made up) and ``"next"``
    (三、下一步打算: from `next_plan`, a `Plan` or what `carry_forward` returns; without
    one, what is still to be made up). `lang` None: the plan's language.

    `template` is a Jinja2 text of your own instead (extra ``report``). It can use
    ``figure("target-id")`` (62天), ``required(...)``, ``completion(...)``,
    ``shortfall(...)``, ``status(...)`` and ``sentence(...)``, each with the name of an
    organisation as second argument where organisations were assessed, the texts
    ``overview``, ``duties``, ``problems``, ``next``, and ``title``, ``as_of``.

    Raises `UsageError` for unknown sections, for a language there are no words for
    and for a template that cannot be followed.

    >>> import pandas as pd
    >>> import partybuild as pb
    >>> plan = pb.Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[
    ...     {"id": "1", "section": "（一）抓督查", "target": [
    ...         {"id": "t", "name": "开展督查", "measure": "count", "kind": "督查",
    ...          "at_least": 2, "unit": "次"}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    >>> print(render_report(pb.assess(plan, events, as_of="2021-12-31"), sections=["problems"]))
    # 计划“2021”述职报告
    <BLANKLINE>
    ## 一、存在的问题
    <BLANKLINE>
    开展督查1次，未完成不少于2次的目标，完成率50%，差1次。
    <BLANKLINE>
    """
    sections = checked_sections(sections)
    view = report_view(assessment)
    words = wording(view.lang if lang is None else lang)
    coming = None if next_plan is None else next_view(next_plan)
    if template is not None:
        texts = part_texts(view, words, coming)
        return fill_text(template, view, words, texts)
    return markdown_of(report_parts(view, words, coming, sections=sections))


def checked_sections(sections: Any) -> tuple[str, ...]:
    """The sections asked for, or `UsageError` for what is none."""
    is_list = isinstance(sections, Iterable) and not isinstance(sections, str | bytes)
    names: tuple[str, ...] = tuple(sections) if is_list else ()
    odd = [repr(name) for name in names if name not in SECTIONS]
    if odd or not is_list:
        got = odd[0] if odd else repr(sections)
        raise UsageError(f"sections: got {got}; expected some of {', '.join(SECTIONS)}")
    return names


def report_parts(
    view: ReportView,
    words: Wording,
    coming: NextView | None,
    *,
    sections: Sequence[str] = SECTIONS,
    with_tables: bool = False,
) -> Iterator[Block]:
    """The work report as blocks; `with_tables` puts each section's table under its prose."""
    say = words.words
    yield Heading(1, say["report"].format(title=words.named(view)))
    for number, name in enumerate(sections):
        yield Heading(2, words.numbered(number, say[name]))
        if name == "duties":
            yield Paragraph(overview(view, words))
            yield from _duties(view, words, with_tables=with_tables)
        elif name == "problems":
            yield from _problems(view, words)
        else:
            yield from _next(view, words, coming)


def part_texts(view: ReportView, words: Wording, coming: NextView | None) -> dict[str, str]:
    """Each part of the work report as plain paragraphs, for templates."""
    texts = {"overview": overview(view, words)}
    makers = {
        "duties": _duties(view, words, with_tables=False),
        "problems": _problems(view, words),
        "next": _next(view, words, coming),
    }
    for name, blocks in makers.items():
        lines = [one.text for one in blocks if isinstance(one, Heading | Paragraph)]
        texts[name] = "\n".join(lines)
    return texts


def _duties(view: ReportView, words: Wording, *, with_tables: bool) -> Iterator[Block]:
    if not view.is_by_organisation:
        for place in view.places:
            for index, section in enumerate(place.sections):
                yield Heading(3, section.title or words.words["other"])
                yield from _told(section, words)
                if with_tables:
                    yield from section_tables(view, index, words)
        return
    for place in view.places:
        yield Heading(3, place.organisation or words.words["other"])
        yield Paragraph(words.place(place) + words.stop)
        for section in place.sections:
            yield from _told(section, words)


def _told(section: SectionView, words: Wording) -> Iterator[Block]:
    targets = [one for one in section.targets if one.status not in SHORT]
    said = words.story(targets)
    texts = [one.text for one in section.commitments if not one.targets and one.text]
    said += words.kept(texts) if texts else ""
    yield Paragraph(said or words.words["nothing_done"])


def _problems(view: ReportView, words: Wording) -> Iterator[Block]:
    for place in view.places:
        if view.is_by_organisation:
            yield Heading(3, place.organisation or words.words["other"])
        yield from _place_problems(place, words)


def _place_problems(place: PlaceView, words: Wording) -> Iterator[Block]:
    short = [one for one in place.targets if one.status in SHORT]
    if not short:
        yield Paragraph(words.words["no_shortfall"])
    for number, target in enumerate(short):
        yield Paragraph(words.item(number, len(short), words.shortage(target) + words.stop))
    if len(short) > 1:
        lost = sum(one.is_lost for one in short)
        yield Paragraph(words.mending(len(short), lost))


def _next(view: ReportView, words: Wording, coming: NextView | None) -> Iterator[Block]:
    if coming is not None:
        for title, texts in coming.sections:
            yield Heading(3, title or words.words["other"])
            yield Paragraph(words.sentences(words.promise(*one) for one in texts))
        return
    for place in view.places:
        steps = _steps(place, words)
        if view.is_by_organisation and steps:
            yield Heading(3, place.organisation or words.words["other"])
        yield from (Paragraph(text) for text in steps)
    if not any(one.is_mendable for place in view.places for one in place.targets):
        yield Paragraph(words.words["no_next"])


def _steps(place: PlaceView, words: Wording) -> list[str]:
    """What is still to be done, one text for each day by which it is, the nearest first."""
    by_day: dict[dt.date, list[TargetView]] = {}
    for one in place.targets:
        if one.is_mendable and one.ahead is not None and one.ahead.by is not None:
            by_day.setdefault(one.ahead.by, []).append(one)
    return [words.steps(day, by_day[day]) for day in sorted(by_day)]


def fill_docx_template(
    assessment: Assessment,
    template: str | IO[bytes],
    *,
    lang: str | None = None,
    next_plan: Plan | None = None,
) -> bytes:
    """Fill a Word file of your own, with the same names as the templates of `render_report`.

    Write ``{{ figure("field-days") }}`` wherever the figure belongs; layout, fonts and
    stamps stay as they are. `template` is a path or an open file; returns the bytes of
    the filled file. Needs the extra ``report``.

    Raises `UsageError` when the template cannot be followed, `UnknownNameError` for a
    target the plan does not have, `SourceError` when it is missing or no Word file.
    """
    view = report_view(assessment)
    words = wording(view.lang if lang is None else lang)
    coming = None if next_plan is None else next_view(next_plan)
    return fill_docx(template, view, words, part_texts(view, words, coming))
