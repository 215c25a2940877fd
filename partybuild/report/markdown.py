"""The report line for each promise, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from partybuild.report.lang import Wording, wording
from partybuild.report.tables import (
    MOST_PLACES,
    Cell,
    Table,
    has_allowed,
    league_table,
    qualitative,
    sections_of,
    shown_targets,
    target_table,
)
from partybuild.report.view import SHORT, PlaceView, ReportView
from partybuild.report.view_build import Assessment, report_view

_MARKS = re.compile(r"([\\`*_\[\]|~])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
_STARTER = re.compile(r"^(\s*)(?:(#+|[+-]+|=+$)|(\d+)([.)]))(?=\s|$)")


def render_markdown(assessment: Assessment, *, lang: str | None = None) -> str:
    """Write an assessment as Markdown: tables, achievements and shortfalls, section by section.

    `lang` is ``"zh"`` or ``"en"``; None: the plan's own. Each section of the plan has
    the table of its targets (指标、应完成、实际、完成率、状态、缺口、截止), a paragraph of
    what was done and one of what is short, until when and at which pace it can still
    be made up. By organisation, a table of all organisations, the worst first, comes
    before. Names and notes are written as text, whatever is in them.

    Raises `UsageError` for a language there are no words for.

    >>> import pandas as pd
    >>> import partybuild as pb
    >>> plan = pb.Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[
    ...     {"id": "1", "section": "（一）抓督查", "target": [
    ...         {"id": "t", "name": "督查", "measure": "count", "kind": "督查",
    ...          "at_least": 2, "unit": "次"}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    >>> text = render_markdown(pb.assess(plan, events, as_of="2021-12-31"))
    >>> print(text.splitlines()[6])
    | 指标 | 应完成 | 实际 | 完成率 | 状态 | 缺口 | 截止 |
    >>> print(text.splitlines()[8])
    | 督查 | ≥2次 | 1次 | 50% | ■ 未完成 | 1次 | 12月31日 |
    """
    view = report_view(assessment)
    words = wording(lang or view.lang)
    return "\n".join(_lines(view, words)).rstrip("\n") + "\n"


def escape_markdown(text: str) -> str:
    r"""Write `text` so that Markdown shows it letter by letter.

    >>> escape_markdown("<b>*甲*</b> | 1")
    '&lt;b&gt;\\*甲\\*&lt;/b&gt; \\| 1'
    """
    text = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _STARTER.sub(_escaped_start, _MARKS.sub(r"\\\1", text))


def _escaped_start(match: re.Match[str]) -> str:
    space, mark, number, dot = match.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"


def _lines(view: ReportView, words: Wording) -> Iterator[str]:
    say = words.words
    yield f"# {escape_markdown(say['title'].format(title=view.title))}"
    yield ""
    known = ""
    if view.known_at is not None:
        known = say["known"].format(day=words.day(view.known_at, year=True))
    yield escape_markdown(words.overview(view) + known)
    yield ""
    if view.is_by_organisation:
        yield from _league(view, words)
    for index, section in enumerate(sections_of(view)):
        yield f"## {escape_markdown(section.title or say['other'])}"
        yield ""
        yield from _section(view, index, words)
    yield from _closing(view, words)


def _league(view: ReportView, words: Wording) -> Iterator[str]:
    yield f"## {words.words['league']}"
    yield ""
    yield from _table(league_table(view, words))
    yield ""


def _section(view: ReportView, index: int, words: Wording) -> Iterator[str]:
    say, colon = words.words, words.words["colon"]
    table = target_table(view, index, words)
    if table is not None:
        yield from _table(table)
        yield ""
    if len(view.places) > MOST_PLACES:
        return
    targets = shown_targets(view, index)
    if has_allowed(targets):
        yield escape_markdown(say["allowed_note"])
        yield ""
    for place in view.places:
        yield from _paragraphs(place, index, words)
    texts = qualitative(view.places[0].sections[index])
    if texts:
        yield f"**{say['qualitative']}**{colon}{escape_markdown(_joined(texts, words))}"
        yield ""


def _paragraphs(place: PlaceView, index: int, words: Wording) -> Iterator[str]:
    say, colon = words.words, words.words["colon"]
    targets = place.sections[index].targets
    name = "" if place.organisation is None else f"{escape_markdown(place.organisation)} · "
    done = [words.sentence(one) for one in targets if one.status not in SHORT]
    short = [words.shortage(one) for one in targets if one.status in SHORT]
    for key, clauses in (("achievements", done), ("shortfalls", short)):
        if clauses:
            text = escape_markdown(words.clauses(clauses))
            yield f"**{name}{say[key]}**{colon}{text}"
            yield ""


def _joined(texts: Iterable[str], words: Wording) -> str:
    ends = ("。", ".", "！", "!", "？", "?")
    return words.space.join(one if one.endswith(ends) else one + words.stop for one in texts)


def _closing(view: ReportView, words: Wording) -> Iterator[str]:
    yield escape_markdown(words.words["legend"])
    if view.remarks:
        yield ""
        yield f"## {words.words['remarks']}"
        yield ""
        for remark in view.remarks:
            yield f"- {escape_markdown(words.remark(remark))}"


def _table(table: Table) -> Iterator[str]:
    figures = [cell.is_figure for cell in table.rows[0]] if table.rows else []
    rules = ["---:" if is_figure else "---" for is_figure in figures] or ["---"] * len(table.heads)
    yield f"| {' | '.join(table.heads)} |"
    yield f"|{'|'.join(rules)}|"
    for row in table.rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(cell: Cell) -> str:
    return escape_markdown(cell.text) or " "
