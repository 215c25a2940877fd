"""A plan as two sheets, targets and rosters, and back.

What an office looks at has a column of its own; the rarer parameters stand in
one column as JSON, and so does any value that its own cell could not give back
exactly. Reading puts the plan together with the keys of the plan file, so its
faults are those of `plan_from_mapping`, each with the cell it stands in.
"""

from __future__ import annotations

import datetime as dt
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from partybuild.errors import UsageError
from partybuild.events import empty_events
from partybuild.mappings import plan_to_mapping
from partybuild.measures import GOALS
from partybuild.periods import CADENCE_WORDS
from partybuild.plan import Plan
from partybuild.sources.excel import load_openpyxl, save_book
from partybuild.sources.files import replacing
from partybuild.workbook.grids import column_name
from partybuild.workbook.marks import Look, lay_out, lines_of, put
from partybuild.workbook.plan_cells import (
    COMMITMENT_KEYS,
    cell_text,
    member_mapping,
    row_mapping,
)
from partybuild.workbook.reading import keep_what_is_there
from partybuild.workbook.words import (
    GOAL_WORDS,
    MEASURE_WORDS,
    PLAN_LABELS,
    ROSTER_COLUMNS,
    SHEETS,
    TARGET_COLUMNS,
    WORDS,
)

HEAD_ROW: Final = 3
HEADING_ROW: Final = 4
_CENTRED: Final = ("commitment", "target", "measure", "goal", "unit", "per", "deadline", "owner")
_HEAD_KEYS: Final = ("id", "title", "start", "end")
_NAMED: Final = ("name", "measure", "kind", "unit", "per", "each", "deadline")


def write_plan_sheet(plan: Plan, path: str | os.PathLike[str], *, lang: str | None = None) -> None:
    """Write a plan as an Excel file of two sheets, 指标 and 名单.

    `read_plan_sheet` gives an equal plan back. `lang` is that of the headings,
    by default the plan's.

    Raises
    ------
    SourceError
        When the file cannot be written.
    UsageError
        When `plan` is no plan, `path` no ``.xlsx``, a text cannot stand in a cell, or
        the workbook at `path` has events.
    MissingExtraError
        Without the extra ``excel``.
    """
    target, lang = checked_target(plan, path, lang)
    keep_what_is_there(target, empty_events())
    book = load_openpyxl("Writing .xlsx").Workbook()
    book.remove(book.active)
    add_plan_sheets(book, plan, lang)
    with replacing(target) as part:
        save_book(book, part)


def checked_target(plan: Any, path: Any, lang: str | None) -> tuple[Path, str]:
    """Check the arguments of what writes a workbook; return its path and its language."""
    if not isinstance(plan, Plan):
        raise UsageError(f"plan is {type(plan).__name__}, expected a Plan")
    if not isinstance(path, str | os.PathLike) or Path(path).suffix.lower() != ".xlsx":
        raise UsageError(f"path: got {path!r}; expected a name that ends in .xlsx")
    asked: Any = plan.lang if lang is None else lang
    if not isinstance(asked, str) or asked not in SHEETS:
        raise UsageError(f"lang is {lang!r}, expected {' or '.join(map(repr, SHEETS))}")
    return Path(path), asked


def add_plan_sheets(book: Any, plan: Plan, lang: str) -> None:
    """Add the sheets of targets and of rosters to a workbook."""
    mapping = plan_to_mapping(plan)
    _add_targets(book.create_sheet(SHEETS[lang]["targets"]), mapping, lang)
    _add_rosters(book.create_sheet(SHEETS[lang]["rosters"]), mapping.get("rosters", {}), lang)


def _add_targets(page: Any, mapping: Mapping[str, Any], lang: str) -> None:
    look, columns = Look(), TARGET_COLUMNS[lang]
    head = dict(mapping["plan"])
    if odd := _odd_rosters(mapping.get("rosters", {})):
        head["rosters"] = odd
    title = head.get("title") or WORDS[lang]["no_year"]
    look.top(page, title, WORDS[lang]["targets_hint"], width=len(columns))
    _add_head(page, head, lang, look)
    for place, (heading, width) in enumerate(columns.values(), start=1):
        look.heading(page.cell(HEADING_ROW, place), heading)
        page.column_dimensions[column_name(place)].width = width
    page.row_dimensions[HEADING_ROW].height = 24
    row = HEADING_ROW + 1
    for commitment in mapping.get("commitment", ()):
        row = _add_commitment(page, commitment, row, lang)
    lay_out(page, freeze=f"C{HEADING_ROW + 1}", heading_row=HEADING_ROW, footer=WORDS[lang]["page"])


def _add_head(page: Any, head: Mapping[str, Any], lang: str, look: Look) -> None:
    """Write what holds for the whole plan: pairs of a label and a value in one row."""
    settings = {key: value for key, value in head.items() if key not in _HEAD_KEYS}
    title = head.get("title", "")
    if not title or title != title.strip():
        settings["title"] = title
    if head["id"] != str(head["id"]).strip():
        settings["id"] = head["id"]
    values = {"id": head["id"], "start": head["start"], "end": head["end"]}
    values["more"] = _json(settings) if settings else None
    for place, (key, label) in enumerate(PLAN_LABELS[lang].items()):
        look.heading(page.cell(HEAD_ROW, 2 * place + 1), label)
        cell = page.cell(HEAD_ROW, 2 * place + 2)
        put(cell, values[key])
        look.body(cell, alignment=look.left)
    last = len(TARGET_COLUMNS[lang])
    page.merge_cells(start_row=HEAD_ROW, start_column=8, end_row=HEAD_ROW, end_column=last)
    page.row_dimensions[HEAD_ROW].height = 8 + 15 * min(lines_of(values["more"] or "", 110), 20)


def _add_commitment(page: Any, commitment: Mapping[str, Any], row: int, lang: str) -> int:
    """Write a commitment's rows, its own cells merged over its targets; return the next row."""
    look, columns = Look(), TARGET_COLUMNS[lang]
    targets = commitment.get("target") or [None]
    own = {"commitment": commitment["id"], **{key: commitment.get(key) for key in COMMITMENT_KEYS}}
    needed = max(lines_of(str(own[key] or ""), columns[key][1]) for key in ("section", "text"))
    for number, target in enumerate(targets):
        cells = dict(own) if number == 0 else {}
        if target is not None:
            cells |= _target_cells(target, lang)
        if more := _more(cells, commitment if number == 0 else None, target):
            cells["more"] = _json(more)
        for place, key in enumerate(columns, start=1):
            cell = page.cell(row + number, place)
            look.body(cell, alignment=look.middle if key in _CENTRED else None)
            if cells.get(key) is not None:
                put(cell, cells[key])
            if key == "value":
                cell.alignment = look.right
                is_share = target is not None and target.get("unit") == "%"
                cell.number_format = "0.##%" if is_share else cell.number_format
        lines = max(lines_of(str(value), columns[key][1]) for key, value in cells.items()
                    if key not in COMMITMENT_KEYS) if cells else 1  # fmt: skip
        height = max(lines, -(-needed // len(targets)))
        page.row_dimensions[row + number].height = 8 + 15 * min(height, 25)
    if len(targets) > 1:
        for place in range(1, 5):
            end = row + len(targets) - 1
            page.merge_cells(start_row=row, start_column=place, end_row=end, end_column=place)
    return row + len(targets)


def _target_cells(target: Mapping[str, Any], lang: str) -> dict[str, Any]:
    """Return a target as the cells that an office looks at, in its words."""
    is_zh = lang == "zh"
    kind = target.get("kind")
    per = target.get("per")
    goal = next((name for name in GOALS if name in target), None)
    value = None if goal is None else target[goal]
    cells = {key: target.get(key) for key in ("name", "unit", "each", "deadline")}
    cells["target"] = target["id"]
    cells["measure"] = MEASURE_WORDS[target["measure"]] if is_zh else target["measure"]
    cells["kind"] = "、".join(kind) if isinstance(kind, list) else kind
    cells["goal"] = GOAL_WORDS[goal] if is_zh and goal else goal
    cells["value"] = f"{value[0]}~{value[1]}" if isinstance(value, list) else value
    if isinstance(per, str):
        cells["per"] = CADENCE_WORDS["zh"][per] if is_zh else per
    return cells


def _more(
    cells: Mapping[str, Any], commitment: Mapping[str, Any] | None, target: Mapping[str, Any] | None
) -> dict[str, Any]:
    """Return what reading the cells alone would not give back."""
    read = row_mapping({key: value for key, value in cells.items() if value is not None})
    more: dict[str, Any] = {}
    if target is not None:
        got = read.get("target", {})
        more = {key: value for key, value in target.items() if not _same(got.get(key), value)}
    if commitment is not None:
        own = {key: value for key, value in commitment.items() if key != "target"}
        rest = {key: value for key, value in own.items() if not _same(read.get(key), value)}
        if rest:
            more["commitment"] = rest
    return more


def _same(one: Any, other: Any) -> bool:
    return bool(one == other) and isinstance(one, bool) == isinstance(other, bool)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=_date_text)


def _date_text(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise UsageError(f"a cell has no place for {value!r}")


def _odd_rosters(rosters: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Return the rosters if the cells of some member would not give it back exactly."""
    for name, members in rosters.items():
        given = [{"id": one} if isinstance(one, str) else dict(one) for one in members]
        if name != cell_text(name) or any(member_mapping(one) != one for one in given):
            return rosters
    return None


def _add_rosters(page: Any, rosters: Mapping[str, Any], lang: str) -> None:
    look, columns = Look(), ROSTER_COLUMNS[lang]
    look.top(page, WORDS[lang]["rosters"], WORDS[lang]["rosters_hint"], width=len(columns))
    for place, (heading, width) in enumerate(columns.values(), start=1):
        look.heading(page.cell(HEAD_ROW, place), heading)
        page.column_dimensions[column_name(place)].width = width
    row = HEAD_ROW + 1
    for name, members in rosters.items():
        for member in members or [None]:
            given = {"id": member} if isinstance(member, str) else dict(member or {})
            for place, key in enumerate(columns, start=1):
                cell = page.cell(row, place)
                look.body(cell)
                value = name if key == "roster" else given.get(key)
                if value is not None:
                    put(cell, value)
            page.row_dimensions[row].height = 20
            row += 1
    lay_out(page, freeze=f"A{HEAD_ROW + 1}", heading_row=HEAD_ROW, footer=WORDS[lang]["page"])
