"""One self-contained HTML file: no network, printable, sortable, readable on a phone."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from html import escape

from partybuild.errors import UsageError
from partybuild.report.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    TableBlock,
    checked_pictures,
    is_large,
    overview,
    remarks,
    report_blocks,
)
from partybuild.report.html_page import CLASS_OF, SCRIPT, STYLE
from partybuild.report.lang import Wording, wording
from partybuild.report.tables import Cell, Table, league_table, matrix_table
from partybuild.report.view import LIGHT_SIGNS, ReportView
from partybuild.report.view_build import Assessment, report_view
from partybuild.texts import one_line

_LANGS = {"zh": "zh-CN", "en": "en"}
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:"


def render_html(
    assessment: Assessment,
    *,
    lang: str | None = None,
    pictures: Mapping[str, str | bytes] | None = None,
) -> str:
    """Write an assessment as one HTML page that needs nothing else.

    Styles and the few lines of script are inside; tables sort by a click on a heading
    and print with it on every page; every light has a sign beside its colour. With
    many organisations a league table and a table of organisations by targets stand
    for the lists. `lang` None: the plan's language. `pictures` are charts to show at
    the end: a caption, and SVG text (`figure_svg`) or the bytes of a PNG (`figure_png`).

    Raises `UsageError` for a language there are no words for.

    >>> import pandas as pd
    >>> import partybuild as pb
    >>> plan = pb.Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[
    ...     {"id": "1", "target": [
    ...         {"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> nothing = pd.DataFrame({"id": [], "kind": [], "date": []})
    >>> page = render_html(pb.assess(plan, nothing, as_of="2021-12-31"))
    >>> page.splitlines()[1]
    '<html lang="zh-CN">'
    """
    shown = checked_pictures(pictures)
    view = report_view(assessment)
    words = wording(view.lang if lang is None else lang)
    blocks = _large_blocks(view, words) if is_large(view) else report_blocks(view, words)
    parts = [*_with_tiles(blocks, view, words), *_pictures(shown, words)]
    body = "\n".join(parts)
    title = escape(words.words["title"].format(title=words.named(view)))
    return (
        f'<!DOCTYPE html>\n<html lang="{_LANGS[words.lang]}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        f"<title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n"
        f"{body}\n</main>\n<script>{SCRIPT}</script>\n</body>\n</html>\n"
    )


def _large_blocks(view: ReportView, words: Wording) -> Iterator[Block]:
    say = words.words
    yield Heading(1, say["title"].format(title=words.named(view)))
    yield Paragraph(overview(view, words))
    yield Heading(2, say["league"])
    yield TableBlock(league_table(view, words), say["league"])
    yield Heading(2, say["matrix"])
    yield TableBlock(matrix_table(view, words), say["matrix"])
    yield Paragraph(say["legend"], is_note=True)
    yield from remarks(view, words)


def _with_tiles(blocks: Iterable[Block], view: ReportView, words: Wording) -> Iterator[str]:
    is_first = True
    for block in blocks:
        yield _block(block)
        if is_first and isinstance(block, Paragraph):
            yield _tiles(view, words)
            is_first = False


def _pictures(pictures: Mapping[str, str | bytes], words: Wording) -> Iterator[str]:
    """Charts as images inside the page; as images they can run nothing."""
    if pictures:
        yield f"<h2>{escape(words.words['pictures'])}</h2>"
    for caption, picture in pictures.items():
        if not isinstance(picture, str | bytes):
            expected = "SVG text, or the bytes of a PNG"
            raise UsageError(f"pictures: got {type(picture).__name__}; expected {expected}")
        kind = "svg+xml" if isinstance(picture, str) else "png"
        content = picture.encode("utf-8") if isinstance(picture, str) else picture
        data = base64.b64encode(content).decode("ascii")
        text = escape(one_line(caption))
        yield (
            f'<figure><img alt="{text}" src="data:image/{kind};base64,{data}">'
            f"<figcaption>{text}</figcaption></figure>"
        )


def _tiles(view: ReportView, words: Wording) -> str:
    """How many targets show each light, as tiles and as one bar."""
    counts = {light: sum(one.lights.get(light, 0) for one in view.places) for light in CLASS_OF}
    shown = [(light, number) for light, number in counts.items() if number]
    tiles = "".join(
        f'<li class="{CLASS_OF[light]}"><b>{number}</b> '
        f"<span>{LIGHT_SIGNS[light]} {words.light(light)}</span></li>"
        for light, number in shown
    )
    bar = "".join(
        f'<i class="{CLASS_OF[light]}" style="flex:{number}"></i>' for light, number in shown
    )
    return f'<ul class="tiles">{tiles}</ul>\n<div class="whole" aria-hidden="true">{bar}</div>'


def _block(block: Block) -> str:
    if isinstance(block, Heading):
        return f"<h{block.level}>{escape(block.text)}</h{block.level}>"
    if isinstance(block, Bullets):
        items = "".join(f"<li>{escape(item)}</li>" for item in block.items)
        return f"<ul>{items}</ul>"
    if isinstance(block, TableBlock):
        return _table(block.table, block.caption)
    if block.is_note:
        return f'<p class="note">{escape(block.text)}</p>'
    label = f"<b>{escape(block.label)}</b> " if block.label else ""
    return f"<p>{label}{escape(block.text)}</p>"


def _table(table: Table, caption: str) -> str:
    figures = [cell.is_figure for cell in table.rows[0]] if table.rows else []
    heads = "".join(
        f'<th scope="col"{" class=f" if figure else ""}>'
        f'<button type="button">{escape(head)}</button></th>'
        for head, figure in zip(table.heads, figures, strict=True)
    )
    labels = [escape(head) for head in table.heads]
    is_wide = len(table.heads) > 10
    rows = "\n".join(_row(row, None if is_wide else labels) for row in table.rows)
    kind = "wide" if is_wide else "cards fixed" if table.widths else "cards"
    return (
        f'<div class="scroll" tabindex="0"><table class="{kind}"><caption>{escape(caption)}'
        f"</caption>{_columns(table)}\n<thead><tr>{heads}</tr></thead>\n<tbody>\n{rows}\n</tbody></table></div>"
    )


def _columns(table: Table) -> str:
    if not table.widths:
        return ""
    columns = "".join(f'<col style="width:{width * 100:.4g}%">' for width in table.widths)
    return f"<colgroup>{columns}</colgroup>"


def _row(row: tuple[Cell, ...], labels: list[str] | None) -> str:
    first, *others = row
    cells = [f'<th scope="row">{escape(first.text)}</th>']
    for at, cell in enumerate(others, start=1):
        cells.append(_cell(cell, None if labels is None else labels[at]))
    if first.is_figure:
        cells[0] = _cell(first, None if labels is None else labels[0])
    return f"<tr>{''.join(cells)}</tr>"


def _cell(cell: Cell, label: str | None) -> str:
    classes = [CLASS_OF[cell.light]] if cell.light else []
    classes += ["f"] if cell.is_figure else []
    attributes = f' class="{" ".join(classes)}"' if classes else ""
    if cell.order is not None:
        attributes += f" data-s={cell.order:.10g}"
    if label is None:
        return f"<td{attributes}>{escape(cell.text)}"
    bar = ""
    if cell.share is not None:
        bar = f'<i class="bar"><i style="width:{cell.share * 100:.1f}%"></i></i>'
    return f'<td{attributes} data-l="{label}">{bar}<span>{escape(cell.text)}</span></td>'
