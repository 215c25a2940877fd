"""The sheet 完成情况: every target with its figures, for the whole or for each organisation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.specs import GoalView, TargetSpec, plan_specs
from partybuild.assessment.telling import Telling
from partybuild.assessment.telling_en import EnglishTelling
from partybuild.assessment.telling_zh import ChineseTelling
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS
from partybuild.errors import Problem
from partybuild.plan import Commitment, Plan
from partybuild.workbook.drafts import CellProblem
from partybuild.workbook.marks import lines_of
from partybuild.workbook.page import Cell, Page, figure, known, status_text
from partybuild.workbook.words import (
    FAULT_WORDS,
    PROGRESS_COLUMNS,
    UNREAD_COLUMNS,
    WORDS,
)

#: Lines of the list of unread cells at most; what is left out is counted.
MOST_LISTED: Final = 300
_LIGHTS: Final = ("green", "yellow", "red", "grey")
_WORST: Final = ("red", "yellow", "green", "grey")

TELLINGS: Final[dict[str, Telling]] = {"zh": ChineseTelling(), "en": EnglishTelling()}

Specs = Mapping[tuple[str, str], TargetSpec]
Records = Mapping[tuple[str, str], Mapping[str, Any]]


def empty_page(plan: Plan, lang: str) -> Page:
    """The sheet before anything was calculated."""
    page = _start(plan, lang)
    page.add_line(WORDS[lang]["never"], "small")
    page.add_headings(heading for heading, _ in PROGRESS_COLUMNS[lang].values())
    specs = specs_of(plan, plan.start)
    for commitment in plan.commitments:
        _add_commitment(page, commitment, (specs, {}), lang)
    return page


def progress_page(found: Assessment, problems: Sequence[Problem], lang: str) -> Page:
    """The sheet as of the assessment's date; `problems` are those of reading the workbook."""
    plan = found.plan
    page = _start(plan, lang)
    until = WORDS[lang]["until"].format(day=found.as_of.isoformat())
    page.add_line(f"{until}    {_lights(found.targets, lang)}", "small")
    page.add_headings(heading for heading, _ in PROGRESS_COLUMNS[lang].values())
    targets, specs = found.targets, specs_of(plan, found.as_of)
    if found.organisations:
        _add_overview(page, found, lang)
    for organisation in found.organisations or (None,):
        rows = targets
        if organisation is not None:
            rows = targets.loc[targets["organisation"] == organisation]
            page.breaks.append(page.add([]))
            page.add_line(f"{organisation}    {_lights(rows, lang)}", "band", height=26)
        listed: list[Any] = rows.to_dict("records")
        records = {(one["commitment"], one["target"]): one for one in listed}
        own = _own_specs(found, specs, organisation)
        for commitment in plan.commitments:
            _add_commitment(page, commitment, (own, records), lang)
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


def _add_commitment(
    page: Page, commitment: Commitment, told: tuple[Specs, Records], lang: str
) -> None:
    """Add a row for each target, the commitment on each: a page may break between them."""
    specs, records = told
    text = commitment.text or commitment.section or commitment.id
    for target in commitment.targets or (None,):
        cells: dict[str, tuple[Any, str]] = {
            "commitment": (text, "text"),
            "owner": (commitment.owner or "", "centre"),
        }
        if target is None:
            cells["status"] = (status_text("qualitative", "grey", lang), "grey")
        else:
            key = (commitment.id, target.id)
            cells |= {
                "name": (target.label, "text"),
                "goal": (TELLINGS[lang].asked_cell(specs[key]), "text"),
                "unit": (target.unit or "", "centre"),
            }
            if key in records:
                cells |= figures(specs[key], records[key], lang)
        keys = PROGRESS_COLUMNS[lang]
        page.add_record(
            [Cell(place, *cells.get(key, ("", "centre"))) for place, key in enumerate(keys, 1)]
        )


def figures(spec: TargetSpec, record: Mapping[str, Any], lang: str) -> dict[str, tuple[Any, str]]:
    """The figures of a row of `targets` or `shortfalls`, with their looks."""
    status, light = record["status"], record["light"]
    share = spec.unit == "%"
    required, actual = known(record["required"]), known(record["actual"])
    cells = {
        "required": figure(required, share=share),
        "actual": figure(actual, share=share, limit=required),
        "completion": figure(known(record["completion"]), share=True, limit=1.0),
        "shortfall": figure(known(record["shortfall"]), share=share, limit=0.0),
        "status": (status_text(status, light, lang, is_allowance=spec.is_allowance), light),
    }
    if spec.measure == "milestone":
        words = ("已办结", "未办结") if lang == "zh" else ("done", "not done")
        done = words[0] if status in ("met", "late") else words[1]
        cells["required"], cells["actual"] = ("", "centre"), (done, "centre")
    return cells


def specs_of(plan: Plan, day: dt.date) -> Specs:
    """What is asked for on a day, by commitment and target."""
    keys = [(one.id, target.id) for one in plan.commitments for target in one.targets]
    return dict(zip(keys, plan_specs(plan, day), strict=True))


def _own_specs(found: Assessment, specs: Specs, organisation: str | None) -> Specs:
    """What is asked for of one organisation, which may have numbers of its own."""
    own, keys = dict(specs), list(specs)
    for index, bounds in found.grid.own_bounds.items():
        place = found.grid.organisations.index(organisation)
        if bounds.has[place]:
            spec = specs[keys[index]]
            low, high = float(bounds.low[place]), float(bounds.high[place])
            goal = _own_goal(spec.goal, low, high, is_strict=bool(bounds.is_strict[place]))
            own[keys[index]] = attrs.evolve(spec, goal=goal)
    return own


def _own_goal(goal: GoalView, low: float, high: float, *, is_strict: bool) -> GoalView:
    if np.isnan(high):
        return GoalView(name="more_than" if is_strict else "at_least", low=low, high=low)
    if np.isnan(low):
        return GoalView(name="less_than" if is_strict else "at_most", low=high, high=high)
    middle, gap = (low + high) / 2, goal.tolerance
    if goal.name == "about" and gap is not None:
        return GoalView(name="about", low=middle, high=middle, tolerance=(high - low) / 2)
    return GoalView(name="exactly" if low == high else "between", low=low, high=high)


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
