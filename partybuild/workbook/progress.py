"""The sheet 完成情况: every target with its figures, for the whole or for each organisation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS
from partybuild.errors import Problem
from partybuild.goals import Bounds
from partybuild.plan import Commitment, Plan
from partybuild.quantities import format_number
from partybuild.target import Target
from partybuild.workbook.drafts import CellProblem
from partybuild.workbook.marks import lines_of
from partybuild.workbook.page import Cell, Page, figure, known, status_text
from partybuild.workbook.words import (
    FAULT_WORDS,
    GOAL_WORDS,
    PER_WORDS,
    PROGRESS_COLUMNS,
    UNREAD_COLUMNS,
    WORDS,
)

#: Lines of the list of unread cells at most; what is left out is counted.
MOST_LISTED: Final = 300
_LIGHTS: Final = ("green", "yellow", "red", "grey")
_WORST: Final = ("red", "yellow", "green", "grey")

Records = Mapping[tuple[str, str], Mapping[str, Any]]


def empty_page(plan: Plan, lang: str) -> Page:
    """The sheet before anything was calculated."""
    page = _start(plan, lang)
    page.add_line(WORDS[lang]["never"], "small")
    page.add_headings(heading for heading, _ in PROGRESS_COLUMNS[lang].values())
    for commitment in plan.commitments:
        _add_commitment(page, commitment, {}, lang)
    return page


def progress_page(found: Assessment, problems: Sequence[Problem], lang: str) -> Page:
    """The sheet as of the assessment's date; `problems` are those of reading the workbook."""
    plan = found.plan
    page = _start(plan, lang)
    until = WORDS[lang]["until"].format(day=found.as_of.isoformat())
    page.add_line(f"{until}    {_lights(found.targets, lang)}", "small")
    page.add_headings(heading for heading, _ in PROGRESS_COLUMNS[lang].values())
    targets = found.targets
    if found.organisations:
        _add_overview(page, found, lang)
    for organisation in found.organisations or (None,):
        rows = targets
        if organisation is not None:
            rows = targets.loc[targets["organisation"] == organisation]
            page.breaks.append(page.add([]))
            page.add_line(f"{organisation}    {_lights(rows, lang)}", "band", height=26)
        listed: list[Any] = rows.to_dict("records")
        own = _own_numbers(found, organisation)
        records = {
            (one["commitment"], one["target"]): one | {"own": own.get(index)}
            for index, one in enumerate(listed)
        }
        for commitment in plan.commitments:
            _add_commitment(page, commitment, records, lang)
    _add_unread(page, [one for one in problems if one.severity != "note"], lang)
    return page


def _start(plan: Plan, lang: str) -> Page:
    page = Page([width for _, width in PROGRESS_COLUMNS[lang].values()])
    title = WORDS[lang]["progress"].format(title=plan.title or plan.id)
    page.add_line(title, "title", height=34)
    return page


def _lights(targets: pd.DataFrame, lang: str) -> str:
    """How many targets have each light."""
    counts = targets["light"].value_counts()
    return "  ".join(
        f"{LIGHT_SIGNS[light]}{LIGHT_WORDS[lang][light]} {counts.get(light, 0)}"
        for light in _LIGHTS
    )


def _add_overview(page: Page, found: Assessment, lang: str) -> None:
    """One line for each organisation: its lights, its completion, the worst light."""
    targets, words = found.targets, WORDS[lang]
    completion = dict(zip(found.summary["organisation"], found.summary["completion"], strict=True))
    page.add_line(words["overview"].format(number=len(found.organisations)), "section", height=26)
    for organisation in found.organisations:
        rows = targets.loc[targets["organisation"] == organisation]
        worst = next((one for one in _WORST if (rows["light"] == one).any()), "grey")
        cells: dict[str, tuple[Any, str]] = {
            "commitment": (organisation, "text"),
            "name": (_lights(rows, lang), "centre"),
            "completion": figure(known(completion[organisation]), share=True, limit=1.0),
            "status": (f"{LIGHT_SIGNS[worst]} {LIGHT_WORDS[lang][worst]}", worst),
        }
        keys = list(PROGRESS_COLUMNS[lang])
        row = page.add(
            [Cell(place, *cells.get(key, ("", "centre"))) for place, key in enumerate(keys, 1)], 22
        )
        page.merges.append((row, keys.index("name") + 1, row, keys.index("completion")))


def _add_commitment(page: Page, commitment: Commitment, records: Records, lang: str) -> None:
    """Add a row for each target, the commitment on each: a page may break between them."""
    text = commitment.text or commitment.section or commitment.id
    for target in commitment.targets or (None,):
        cells: dict[str, tuple[Any, str]] = {
            "commitment": (text, "text"),
            "owner": (commitment.owner or "", "centre"),
        }
        if target is None:
            cells["status"] = (status_text("qualitative", "grey", lang), "grey")
        else:
            cells |= _target_cells(target, records.get((commitment.id, target.id)), lang)
        keys = PROGRESS_COLUMNS[lang]
        page.add_record(
            [Cell(place, *cells.get(key, ("", "centre"))) for place, key in enumerate(keys, 1)]
        )


def _target_cells(
    target: Target, record: Mapping[str, Any] | None, lang: str
) -> dict[str, tuple[Any, str]]:
    own = None if record is None else record["own"]
    cells: dict[str, tuple[Any, str]] = {
        "name": (target.label, "text"),
        "goal": (goal_words(target, lang, own), "text"),
        "unit": (target.unit or "", "centre"),
    }
    return cells if record is None else cells | figures(target, record, lang)


def figures(target: Target, record: Mapping[str, Any], lang: str) -> dict[str, tuple[Any, str]]:
    """The figures of a row of `targets` or `shortfalls`, with their looks."""
    status, light = record["status"], record["light"]
    share = target.unit == "%"
    required, actual = known(record["required"]), known(record["actual"])
    cells = {
        "required": figure(required, share=share),
        "actual": figure(actual, share=share, limit=required),
        "completion": figure(known(record["completion"]), share=True, limit=1.0),
        "shortfall": figure(known(record["shortfall"]), share=share, limit=0.0),
        "status": (status_text(status, light, lang), light),
    }
    if target.measure == "milestone":
        words = ("已办结", "未办结") if lang == "zh" else ("done", "not done")
        done = words[0] if status in ("met", "late") else words[1]
        cells["required"], cells["actual"] = ("", "centre"), (done, "centre")
    return cells


def goal_words(target: Target, lang: str, own: Bounds | None = None) -> str:
    """Say in a few words what is asked for; `own` are numbers of one organisation alone.

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
    asked = _asked(target, is_zh=is_zh) if own is None else _own_asked(target, own, is_zh=is_zh)
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


def _own_asked(target: Target, own: Bounds, *, is_zh: bool) -> str:
    if own.low is not None and own.high is not None:
        low, high = _amount(own.low, target.unit), _amount(own.high, target.unit)
        return f"{low}至{high}" if is_zh else f"{low} to {high}"
    loose, strict = ("at_least", "more_than") if own.high is None else ("at_most", "less_than")
    goal = strict if own.is_strict else loose
    amount = _amount(own.required, target.unit)
    return f"{GOAL_WORDS[goal]}{amount}" if is_zh else f"{goal.replace('_', ' ')} {amount}"


def _own_numbers(found: Assessment, organisation: str | None) -> dict[int, Bounds]:
    """The numbers that one organisation has for itself, by the position of the target."""
    own = {}
    for index, bounds in found.grid.own_bounds.items():
        place = found.grid.organisations.index(organisation)
        if bounds.has[place]:
            low, high = (
                None if np.isnan(ends[place]) else float(ends[place])
                for ends in (bounds.low, bounds.high)
            )
            side = "lower" if high is None else "upper"
            own[index] = Bounds(
                side=side, low=low, high=high, is_strict=bool(bounds.is_strict[place])
            )
    return own


def _amount(value: float, unit: str | None) -> str:
    return format_number(value, unit=unit)


def _add_unread(page: Page, problems: Sequence[Problem], lang: str) -> None:
    page.add([])
    page.add_line(WORDS[lang]["unread"], "section", height=24)
    if not problems:
        page.add_line(WORDS[lang]["all_read"], "plain")
        return
    _add_wide(page, UNREAD_COLUMNS[lang], "head")
    for problem in problems[:MOST_LISTED]:
        row = f"{problem.row}" if problem.row is not None else ""
        cell = problem.cell if isinstance(problem, CellProblem) and problem.cell else row
        what = FAULT_WORDS.get(problem.code) if lang == "zh" else None
        column = f"{problem.column}：" if problem.column and lang == "zh" else ""
        read = problem.read or ""
        texts = (problem.sheet or "", cell, read[:60], f"{column}{what or problem.message}")
        _add_wide(page, texts, "text")
    add_rest(page, len(problems) - MOST_LISTED, lang)


def _add_wide(page: Page, texts: Sequence[str], look: str) -> None:
    """Add a row whose last text has the columns to the right as well."""
    place, last = len(texts), len(page.widths)
    widths = [*page.widths[: place - 1], sum(page.widths[place - 1 :])]
    lines = max(lines_of(text, width) for text, width in zip(texts, widths, strict=True))
    cells = [Cell(at, text, look) for at, text in enumerate(texts, 1)]
    cells += [Cell(at, "", look) for at in range(place + 1, last + 1)]
    row = page.add(cells, 9 + 15 * min(lines, 20))
    page.merges.append((row, place, row, last))


def add_rest(page: Page, rest: int, lang: str) -> None:
    """Say how many lines were left out, if any."""
    if rest > 0:
        page.add_line(f"……另有{rest}条" if lang == "zh" else f"… and {rest} more", "plain")
