"""Tables as the terminal, CSV, JSON and Markdown show them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.words import LIGHT_SIGNS, STATUS_WORDS
from partybuild.quantities import format_number
from partybuild.report.lang import wording
from partybuild.report.markdown import escape_markdown
from partybuild.report.tables import target_table
from partybuild.report.view_build import report_view
from partybuild.sources.csv_files import guarded
from partybuild.texts import one_line

#: Shown where there is no figure.
_NONE = "—"


@attrs.frozen(kw_only=True)
class Grid:
    """Headings and rows of text; `lights` has one light a row, None for none."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    lights: tuple[str | None, ...] = ()
    figures: frozenset[int] = frozenset()


def target_grid(assessment: Assessment, lang: str | None) -> Grid:
    """The targets as the report's tables show them, all sections in one."""
    view = report_view(assessment)
    words = wording(lang or view.lang)
    number = len(view.places[0].sections) if view.places else 0
    tables = [target_table(view, index, words) for index in range(number)]
    found = [table for table in tables if table is not None]
    rows = [row for table in found for row in table.rows]
    lights = [next((cell.light for cell in row if cell.light), None) for row in rows]
    figures = {at for row in rows for at, cell in enumerate(row) if cell.is_figure}
    return Grid(
        heads=found[0].heads if found else (words.words["target"],),
        rows=tuple(tuple(cell.text for cell in row) for row in rows),
        lights=tuple(lights),
        figures=frozenset(figures),
    )


def frame_grid(frame: pd.DataFrame, *, lang: str, heads: Sequence[str] | None = None) -> Grid:
    """A frame as text: numbers as people write them, dates as days, missing as a dash."""
    columns = {name: frame[name] for name in frame.columns}
    figures = [
        at
        for at, column in enumerate(columns.values())
        if pd.api.types.is_numeric_dtype(column) and not pd.api.types.is_bool_dtype(column)
    ]
    texts = [
        [_shown(value, name, lang) for value in column.tolist()] for name, column in columns.items()
    ]
    lights = frame["light"].astype(str).tolist() if "light" in columns else [None] * len(frame)
    return Grid(
        heads=tuple(heads or [str(name) for name in columns]),
        rows=tuple(zip(*texts, strict=True)) if texts else (),
        lights=tuple(lights),
        figures=frozenset(figures),
    )


def _shown(value: Any, name: str, lang: str) -> str:
    if isinstance(value, tuple | list):
        return one_line("、".join(str(one) for one in value))
    if value is None or pd.isna(value):
        return _NONE
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if name == "light":
        return LIGHT_SIGNS.get(value, str(value))
    if name == "status":
        return STATUS_WORDS[lang].get(value, str(value))
    if isinstance(value, bool):
        return {"zh": ("否", "是"), "en": ("no", "yes")}[lang][value]
    if isinstance(value, int | float):
        share = name == "completion"
        return format_number(value, unit="%" if share else None, limit=1 if share else None)
    return one_line(str(value))


def csv_text(frame: pd.DataFrame) -> str:
    """A frame as CSV, its columns by their names in the API; text never becomes a formula."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(list(frame.columns))
    columns = [[_cell(value) for value in _plain(frame[name])] for name in frame.columns]
    writer.writerows(zip(*columns, strict=True))
    return stream.getvalue()


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return guarded(value) if isinstance(value, str) else str(value)


def json_text(frame: pd.DataFrame) -> str:
    """A frame as a JSON list of objects; missing is null, dates are ISO text."""
    columns = {str(name): _plain(frame[name]) for name in frame.columns}
    rows = [dict(zip(columns, row, strict=True)) for row in zip(*columns.values(), strict=True)]
    return json.dumps(rows, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _plain(column: pd.Series[Any]) -> list[Any]:
    known = column.notna().tolist()
    values = column.tolist()
    return [_value(one) if is_known else None for one, is_known in zip(values, known, strict=True)]


def _value(value: Any) -> Any:
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, tuple):
        return ";".join(str(one) for one in value)
    is_plain = isinstance(value, bool | int | float | str)
    return value if is_plain else str(value)


def markdown_text(grid: Grid) -> str:
    """A grid as a Markdown table."""
    rules = ["---:" if at in grid.figures else "---" for at in range(len(grid.heads))]
    lines = [f"| {' | '.join(escape_markdown(head) for head in grid.heads)} |"]
    lines.append(f"|{'|'.join(rules)}|")
    for row in grid.rows:
        lines.append(f"| {' | '.join(escape_markdown(text) or ' ' for text in row)} |")
    return "\n".join(lines) + "\n"
