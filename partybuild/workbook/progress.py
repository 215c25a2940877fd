"""What the progress sheet shows: an assessment as rows of cells, nothing of files in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS, STATUS_WORDS
from partybuild.errors import Problem
from partybuild.plan import Commitment, Plan
from partybuild.quantities import format_number
from partybuild.target import Target
from partybuild.workbook.drafts import CellProblem
from partybuild.workbook.marks import lines_of
from partybuild.workbook.words import (
    FAULT_WORDS,
    GOAL_WORDS,
    PER_WORDS,
    PROGRESS_COLUMNS,
    SHORT_COLUMNS,
    UNREAD_COLUMNS,
    WORDS,
)

#: Lines of a list at most; what is left out is counted.
MOST_LISTED: Final = 300
_LIGHTS: Final = ("green", "yellow", "red", "grey")
#: Shares closer than this would be shown alike.
_FINE: Final = 1e-4
_EXACT: Final = 1e15


@attrs.frozen
class Cell:
    """One cell: its column, its value, its look (a key of `partybuild.workbook.looks.LOOKS`)."""

    column: int
    value: Any
    look: str = "text"


@attrs.define
class Page:
    """A sheet to be: rows of cells with their heights, merged ranges, widths of columns."""

    widths: list[float]
    rows: list[tuple[float, list[Cell]]] = attrs.field(factory=list)
    merges: list[tuple[int, int, int]] = attrs.field(factory=list)
    heading_row: int = 3

    def add(self, cells: Sequence[Cell], height: float = 20) -> int:
        """Add a row; returns its number."""
        self.rows.append((height, list(cells)))
        return len(self.rows)

    def add_line(self, value: str, look: str, *, height: float = 20, width: int = 0) -> None:
        """Add one text over the first `width` columns (0: all)."""
        row = self.add([Cell(1, value, look)], height)
        self.merges.append((row, 1, width or len(self.widths)))

    def add_record(self, cells: Sequence[Cell]) -> None:
        """Add a row as high as its longest text needs."""
        lines = max(
            lines_of(cell.value, self.widths[cell.column - 1])
            for cell in cells
            if isinstance(cell.value, str)
        )
        self.add(cells, 8 + 15 * min(lines, 20))


def empty_page(plan: Plan, lang: str) -> Page:
    """The sheet before anything was calculated."""
    page = _start(plan, lang)
    page.add_line(WORDS[lang]["never"], "small")
    _add_headings(page, lang)
    for commitment in plan.commitments:
        for target in commitment.targets or (None,):
            _add_target(page, commitment, target, None, lang)
    return page


def progress_page(found: Assessment, problems: Sequence[Problem], lang: str) -> Page:
    """The sheet as of the assessment's date; `problems` are those of reading the workbook."""
    plan = found.plan
    page = _start(plan, lang)
    page.add_line(_summary(found, lang), "small")
    _add_headings(page, lang)
    rows: Iterator[Any] = iter(found.targets.to_dict("records"))
    for commitment in plan.commitments:
        for target in commitment.targets or (None,):
            record = None if target is None else next(rows)
            _add_target(page, commitment, target, record, lang)
    _add_shortfalls(page, found, lang)
    _add_unread(page, [one for one in problems if one.severity != "note"], lang)
    return page


def _start(plan: Plan, lang: str) -> Page:
    page = Page([width for _, width in PROGRESS_COLUMNS[lang].values()])
    title = WORDS[lang]["progress"].format(title=plan.title or plan.id)
    page.add_line(title, "title", height=34)
    return page


def _summary(found: Assessment, lang: str) -> str:
    counts = found.targets["light"].value_counts()
    lights = "  ".join(
        f"{LIGHT_SIGNS[light]}{LIGHT_WORDS[lang][light]} {counts.get(light, 0)}"
        for light in _LIGHTS
    )
    return f"{WORDS[lang]['until'].format(day=found.as_of.isoformat())}    {lights}"


def _add_headings(page: Page, lang: str) -> None:
    headings = [heading for heading, _ in PROGRESS_COLUMNS[lang].values()]
    page.add([Cell(place, text, "head") for place, text in enumerate(headings, 1)], 26)


def _add_target(
    page: Page,
    commitment: Commitment,
    target: Target | None,
    record: Mapping[str, Any] | None,
    lang: str,
) -> None:
    cells: dict[str, tuple[Any, str]] = {
        "commitment": (commitment.text or commitment.section or commitment.id, "text"),
        "owner": (commitment.owner or "", "centre"),
    }
    if target is not None:
        cells |= {
            "name": (target.label, "text"),
            "goal": (goal_words(target, lang), "text"),
            "unit": (target.unit or "", "centre"),
        }
    else:
        cells["status"] = (_status("qualitative", "grey", lang), "grey")
    if target is not None and record is not None:
        cells |= _figures(target, record, lang)
    page.add_record(
        [
            Cell(place, *cells.get(key, ("", "centre")))
            for place, key in enumerate(PROGRESS_COLUMNS[lang], start=1)
        ]
    )


def _figures(target: Target, record: Mapping[str, Any], lang: str) -> dict[str, tuple[Any, str]]:
    status, light = record["status"], record["light"]
    share = target.unit == "%"
    required, actual = _known(record["required"]), _known(record["actual"])
    figures = {
        "required": _number(required, share=share),
        "actual": _number(actual, share=share, limit=required),
        "completion": _number(_known(record["completion"]), share=True, limit=1.0),
        "shortfall": _number(_known(record["shortfall"]), share=share, limit=0.0),
        "status": (_status(status, light, lang), light),
    }
    if target.measure == "milestone":
        words = ("已办结", "未办结") if lang == "zh" else ("done", "not done")
        done = words[0] if status in ("met", "late") else words[1]
        figures["required"], figures["actual"] = ("", "centre"), (done, "centre")
    return figures


def _status(status: str, light: str, lang: str) -> str:
    return f"{LIGHT_SIGNS[light]} {STATUS_WORDS[lang][status]}"


def _known(value: Any) -> float | None:
    return None if pd.isna(value) else float(value)


def _number(
    value: float | None, *, share: bool = False, limit: float | None = None
) -> tuple[Any, str]:
    """A figure and its look; one that would be shown like its limit is written out as text."""
    if value is None:
        return "—", "centre"
    fine = _FINE if share else _FINE * 100
    if limit is not None and value != limit and abs(value - limit) < fine:
        return format_number(value, unit="%" if share else None, limit=limit), "right"
    if share:
        return value, "percent"
    is_whole = value.is_integer() and abs(value) < _EXACT
    return (int(value), "number") if is_whole else (value, "decimal")


def goal_words(target: Target, lang: str) -> str:
    """Say in a few words what is asked for.

    >>> goal_words(Target(id="t", measure="count", at_least=1, kind="会", per="quarter",
    ...     unit="次"), "zh")
    '每季度不少于1次'
    """
    is_zh = lang == "zh"
    if target.measure == "milestone":
        day = target.deadline or target.end
        return (f"{day}前办结" if day else "办结") if is_zh else f"done by {day or 'the end'}"
    per = target.cadence.per
    often = "" if target.per is None else (
        PER_WORDS.get(per or "", "每期") if is_zh else f" per {per or 'window'}"
    )  # fmt: skip
    who = "" if target.each is None else ("每个对象" if is_zh else " each")
    asked = _asked(target, is_zh=is_zh)
    return f"{who}{often}{asked}" if is_zh else f"{asked}{often}{who}"


def _asked(target: Target, *, is_zh: bool) -> str:
    value, goal = target.value, target.goal
    if goal is None or not target.is_quantified:
        return "未量化" if is_zh else "unquantified"
    if isinstance(value, tuple):
        low, high = (_amount(one, target.unit) for one in value)
        return f"{low}至{high}" if is_zh else f"{low} to {high}"
    assert isinstance(value, int | float)
    amount = _amount(value, target.unit)
    if goal == "about":
        gap = _amount(target.tolerance or 0.0, target.unit)
        return f"{amount}左右（±{gap}）" if is_zh else f"{amount} ± {gap}"
    return f"{GOAL_WORDS[goal]}{amount}" if is_zh else f"{goal.replace('_', ' ')} {amount}"


def _amount(value: float, unit: str | None) -> str:
    return format_number(value, unit=unit)


def _add_shortfalls(page: Page, found: Assessment, lang: str) -> None:
    page.add([])
    page.add_line(WORDS[lang]["short"], "section", height=24)
    short = found.shortfalls
    if not len(short):
        page.add_line(WORDS[lang]["no_short"], "plain")
        return
    headings = [heading for heading, _ in PROGRESS_COLUMNS[lang].values()]
    headings[0], headings[2] = SHORT_COLUMNS[lang]
    page.add([Cell(place, text, "head") for place, text in enumerate(headings, 1)], 24)
    parts = {
        (one.id, target.id): (one.owner or "", target)
        for one in found.plan.commitments
        for target in one.targets
    }
    records: list[Any] = short.head(MOST_LISTED).to_dict("records")
    for record in records:
        owner, target = parts[record["commitment"], record["target"]]
        cells: dict[str, tuple[Any, str]] = {
            "commitment": (_where(record, found, lang), "text"),
            "name": (target.label, "text"),
            "goal": (_until(record["by"], lang), "centre"),
            "unit": (target.unit or "", "centre"),
            "owner": (owner, "centre"),
        }
        cells |= _figures(target, record, lang)
        page.add_record(
            [Cell(place, *cells[key]) for place, key in enumerate(PROGRESS_COLUMNS[lang], 1)]
        )
    _add_rest(page, len(short), lang)


def _where(record: Mapping[str, Any], found: Assessment, lang: str) -> str:
    """Say which window, and whose."""
    start, end = record["start"].date(), record["end"].date()
    window = str(record["window"])
    if (start, end) == (found.plan.start, found.plan.end):
        window = WORDS[lang]["whole"]
    elif "/" in window:
        window = f"{start} {'至' if lang == 'zh' else 'to'} {end}"
    return window if pd.isna(record["subject"]) else f"{window}  {record['subject']}"


def _until(by: Any, lang: str) -> str:
    if pd.isna(by):
        return WORDS[lang]["lost"]
    return WORDS[lang]["by"].format(day=by.date().isoformat())


def _add_rest(page: Page, number: int, lang: str) -> None:
    if number > MOST_LISTED:
        rest = number - MOST_LISTED
        page.add_line(f"……另有{rest}条" if lang == "zh" else f"… and {rest} more", "plain")


def _add_unread(page: Page, problems: Sequence[Problem], lang: str) -> None:
    page.add([])
    page.add_line(WORDS[lang]["unread"], "section", height=24)
    if not problems:
        page.add_line(WORDS[lang]["all_read"], "plain")
        return
    page.add([Cell(place, text, "head") for place, text in enumerate(UNREAD_COLUMNS[lang], 1)], 24)
    for problem in problems[:MOST_LISTED]:
        row = f"{problem.row}" if problem.row is not None else ""
        cell = problem.cell if isinstance(problem, CellProblem) and problem.cell else row
        what = FAULT_WORDS.get(problem.code) if lang == "zh" else None
        column = f"{problem.column}：" if problem.column and lang == "zh" else ""
        read = problem.read or ""
        texts = (problem.sheet or "", cell, read[:60], f"{column}{what or problem.message}")
        page.add_record([Cell(place, text, "text") for place, text in enumerate(texts, 1)])
    _add_rest(page, len(problems), lang)
