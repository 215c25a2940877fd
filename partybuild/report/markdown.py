"""The report line for each promise, as Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from partybuild.report.blocks import Block, Bullets, Heading, TableBlock, report_blocks
from partybuild.report.lang import wording
from partybuild.report.tables import Cell, Table
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
    words = wording(view.lang if lang is None else lang)
    return markdown_of(report_blocks(view, words))


def escape_markdown(text: str) -> str:
    r"""Write `text` so that Markdown shows it letter by letter.

    >>> escape_markdown("<b>*甲*</b> | 1")
    '&lt;b&gt;\\*甲\\*&lt;/b&gt; \\| 1'
    """
    return _STARTER.sub(_escaped_start, _escape_marks(text))


def _escape_marks(text: str) -> str:
    text = _ENTITY.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")
    return _MARKS.sub(r"\\\1", text)


def _escaped_start(match: re.Match[str]) -> str:
    space, mark, number, dot = match.groups()
    return f"{space}\\{mark}" if mark else f"{space}{number}\\{dot}"


def markdown_of(blocks: Iterable[Block]) -> str:
    """Write blocks as Markdown."""
    return "\n\n".join("\n".join(_lines(block)) for block in blocks) + "\n"


def _lines(block: Block) -> Iterator[str]:
    if isinstance(block, Heading):
        yield f"{'#' * block.level} {_escape_marks(block.text)}"
    elif isinstance(block, Bullets):
        yield from (f"- {escape_markdown(item)}" for item in block.items)
    elif isinstance(block, TableBlock):
        yield from _table(block.table)
    elif block.label is None:
        yield escape_markdown(block.text)
    else:
        yield f"**{escape_markdown(block.label)}** {escape_markdown(block.text)}"


def _table(table: Table) -> Iterator[str]:
    figures = [cell.is_figure for cell in table.rows[0]] if table.rows else []
    rules = ["---:" if is_figure else "---" for is_figure in figures] or ["---"] * len(table.heads)
    yield f"| {' | '.join(table.heads)} |"
    yield f"|{'|'.join(rules)}|"
    for row in table.rows:
        yield f"| {' | '.join(_cell(cell) for cell in row)} |"


def _cell(cell: Cell) -> str:
    return escape_markdown(cell.text) or " "
