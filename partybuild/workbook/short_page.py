"""The sheet 缺口明细: everything that is due and short, to be filtered by whom it concerns."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.plan import Plan
from partybuild.workbook.page import Cell, Page
from partybuild.workbook.progress import add_rest, figures, specs_of
from partybuild.workbook.words import SHORT_COLUMNS, WORDS

#: Rows of the sheet at most; what is left out is counted.
MOST_SHORT: Final = 5_000


def empty_short_page(plan: Plan, lang: str) -> Page:
    """The sheet before anything was calculated."""
    page = _start(plan, lang)
    page.add_line(WORDS[lang]["never_short"], "small")
    page.add_headings(heading for heading, _ in SHORT_COLUMNS[lang].values())
    return page


def short_page(found: Assessment, lang: str) -> Page:
    """The sheet as of the assessment's date: one row for each standing that is short."""
    short, words = found.shortfalls, WORDS[lang]
    page = _start(found.plan, lang)
    until = words["until"].format(day=found.as_of.isoformat())
    said = words["number_short"].format(number=len(short)) if len(short) else words["no_short"]
    page.add_line(f"{until}    {said}", "small")
    page.add_headings(heading for heading, _ in SHORT_COLUMNS[lang].values())
    specs = specs_of(found.plan, found.as_of)
    owners = {one.id: one.owner or "" for one in found.plan.commitments}
    records: list[Any] = short.head(MOST_SHORT).to_dict("records")
    for record in records:
        spec = specs[record["commitment"], record["target"]]
        cells: dict[str, tuple[Any, str]] = {
            "name": (spec.name, "text"),
            "who": (_who(record), "text"),
            "window": (_window(record, found, lang), "centre"),
            "mend": (_until(record["by"], lang), "centre"),
            "unit": (spec.unit or "", "centre"),
            "owner": (owners[record["commitment"]], "centre"),
            **figures(spec, record, lang),
        }
        page.add_record(
            [Cell(place, *cells[key]) for place, key in enumerate(SHORT_COLUMNS[lang], 1)]
        )
    page.filtered = len(page.rows)
    add_rest(page, len(short) - MOST_SHORT, lang)
    return page


def _start(plan: Plan, lang: str) -> Page:
    page = Page([width for _, width in SHORT_COLUMNS[lang].values()])
    page.add_line(WORDS[lang]["short"].format(title=plan.title or plan.id), "title", height=34)
    return page


def _who(record: Mapping[str, Any]) -> str:
    """The organisation and the subject, as far as there are any."""
    names = (record["organisation"], record["subject"])
    return "  ".join(str(name) for name in names if not pd.isna(name))


def _window(record: Mapping[str, Any], found: Assessment, lang: str) -> str:
    start, end = record["start"].date(), record["end"].date()
    if (start, end) == (found.plan.start, found.plan.end):
        return WORDS[lang]["whole"]
    window = str(record["window"])
    return f"{start} {'至' if lang == 'zh' else 'to'} {end}" if "/" in window else window


def _until(by: Any, lang: str) -> str:
    if pd.isna(by):
        return WORDS[lang]["lost"]
    return WORDS[lang]["by"].format(day=by.date().isoformat())
