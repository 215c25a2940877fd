"""`read_plan_sheet`: the plan that stands on the sheets 指标 and 名单 of a workbook."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from partybuild.cells import Fault
from partybuild.errors import PlanError, Problem, SourceError, UsageError
from partybuild.mappings import plan_from_mapping, with_origins
from partybuild.origin import Origin
from partybuild.plan import Plan
from partybuild.workbook.drafts import CellProblem
from partybuild.workbook.grids import Grid, cell_name, read_grids
from partybuild.workbook.plan_cells import (
    CellError,
    cell_day,
    cell_json,
    cell_text,
    member_mapping,
    refuse_fault,
    row_mapping,
)
from partybuild.workbook.words import PLAN_LABELS, ROSTER_COLUMNS, SHEETS, TARGET_COLUMNS

_HEADING_ROWS: Final = 20
_COMMITMENT: Final = ("commitment", "section", "text", "owner")

Place = tuple[str, int, int]


@attrs.define
class _Reading:
    """The plan as far as read: its mapping, where each key stands, what was wrong."""

    file: str
    mapping: dict[str, Any] = attrs.field(factory=dict)
    places: dict[str, Place] = attrs.field(factory=dict)
    problems: list[Problem] = attrs.field(factory=list)

    def place(self, path: str | None) -> Place | None:
        """The cell of a key path, or of what it stands in."""
        path = path or ""
        while path:
            if path in self.places:
                return self.places[path]
            path = path[: max(path.rfind("."), path.rfind("["), 0)]
        return None

    def origin(self, path: str) -> Origin:
        """Where the table of a key path stands."""
        sheet, row, _ = self.place(path) or (None, None, None)
        return Origin(file=self.file, sheet=sheet, row=row)

    def blame(self, problem: Problem, place: Place | None) -> None:
        """Keep a problem with its cell."""
        values = attrs.asdict(problem, recurse=False) | {"file": self.file}
        if place is not None:
            sheet, row, column = place
            values |= {"sheet": sheet, "row": row, "cell": cell_name(row, column)}
        self.problems.append(CellProblem(**values))


def read_plan_sheet(path: str | os.PathLike[str]) -> Plan:
    """Read a plan from a workbook: its sheets 指标 (Targets) and 名单 (Rosters).

    The headings are those that `write_plan_sheet` writes, in any of the first
    rows and any order; columns that are missing are as if blank. Above them stand
    计划编号, 开始 and 结束, each with its value in the cell to the right. A blank
    cell of a commitment continues the one above. Goals may be written as words
    (不少于), signs (≥) or names (at_least); 其他参数 holds further keys as JSON.

    Raises
    ------
    PlanError
        With every fault of the plan, each a `CellProblem` that names its cell.
    SourceError
        When the file is missing, no workbook, over a limit, or has no such sheet.
    MissingExtraError
        Without the extra ``excel``.
    """
    if not isinstance(path, str | os.PathLike):
        raise UsageError(f"path is {type(path).__name__}, expected the path of a workbook")
    return plan_of_grids(read_grids(Path(path)), str(path))


def plan_of_grids(grids: Iterable[Grid], file: str) -> Plan:
    """Read the plan from sheets; see `read_plan_sheet`."""
    pages = {grid.title: grid for grid in grids}
    titles = {SHEETS[lang]["targets"]: lang for lang in SHEETS}
    grid = next((pages[title] for title in titles if title in pages), None)
    if grid is None:
        raise SourceError(f"{file}: no sheet {' or '.join(titles)}, so no plan in this workbook")
    reading = _Reading(file)
    _read_targets(reading, grid)
    for lang in SHEETS:
        if (rosters := pages.get(SHEETS[lang]["rosters"])) is not None:
            _read_rosters(reading, rosters)
    if (exact := reading.mapping["plan"].pop("rosters", None)) is not None:
        reading.mapping["rosters"] = exact
    plan = None
    try:
        plan = plan_from_mapping(reading.mapping)
    except PlanError as error:
        for problem in error.problems:
            reading.blame(problem, reading.place(problem.path))
    if plan is None or reading.problems:
        raise PlanError(reading.problems, file)
    return with_origins(plan, reading.origin)


def _headings(grid: Grid, columns: Mapping[str, Mapping[str, Any]]) -> tuple[int, dict[str, int]]:
    """Find the row of headings; returns it, and the column of each name. Row 0: none."""
    names = {
        heading: name for words in columns.values() for name, (heading, _) in words.items()
    } | {name: name for name in columns["zh"]}
    best: tuple[int, dict[str, int]] = (0, {})
    for row in sorted(grid.rows)[:_HEADING_ROWS]:
        places: dict[str, int] = {}
        for column, cell in enumerate(grid.rows[row], start=1):
            name = names.get("" if isinstance(cell, Fault) else cell_text(cell).strip("＊*"))
            if name is not None:
                places.setdefault(name, column)
        if len(places) > len(best[1]):
            best = (row, places)
    return best


def _read_targets(reading: _Reading, grid: Grid) -> None:
    heading_row, columns = _headings(grid, TARGET_COLUMNS)
    if "commitment" not in columns:
        texts = ", ".join(heading for heading, _ in TARGET_COLUMNS["zh"].values())
        problem = Problem(
            code="missing-column",
            message="no row of headings of a plan",
            expected=texts,
            sheet=grid.title,
        )
        reading.blame(problem, None)
    _read_head(reading, grid, heading_row)
    commitments: list[dict[str, Any]] = []
    for row in sorted(grid.rows):
        if row <= heading_row or "commitment" not in columns:
            continue
        cells = {
            name: value
            for name, column in columns.items()
            if (value := grid.cell(row, column)) is not None
        }
        if not cells:
            continue
        try:
            said = row_mapping(cells)
        except CellError as fault:
            place = (grid.title, row, columns.get(fault.key, 1))
            reading.blame(attrs.evolve(fault.problem(), path=None), place)
            continue
        _take(reading, commitments, said, (grid.title, row, columns))
    reading.mapping["commitment"] = commitments


def _take(
    reading: _Reading,
    commitments: list[dict[str, Any]],
    said: dict[str, Any],
    where: tuple[str, int, dict[str, int]],
) -> None:
    """Add one row to the commitments: a new one, or a further target of the last."""
    sheet, row, columns = where
    target = said.pop("target", None)
    again = commitments and said.get("id") == commitments[-1].get("id")
    if said and not again:
        if "id" not in said and commitments:
            problem = Problem(
                code="missing-value", message="a commitment without id", expected="such as 3.1"
            )
            reading.blame(problem, (sheet, row, columns["commitment"]))
            return
        commitments.append(said)
        path = f"commitment[{len(commitments) - 1}]"
        reading.places[path] = (sheet, row, columns["commitment"])
        for key in said:
            reading.places[f"{path}.{key}"] = (sheet, row, columns.get(_column(key), 1))
    if target is None:
        return
    if not commitments:
        problem = Problem(
            code="missing-value", message="a target without a commitment", expected="such as 3.1"
        )
        reading.blame(problem, (sheet, row, columns["commitment"]))
        return
    targets = commitments[-1].setdefault("target", [])
    targets.append(target)
    path = f"commitment[{len(commitments) - 1}].target[{len(targets) - 1}]"
    first = columns.get("target", columns["commitment"])
    reading.places[path] = (sheet, row, first)
    keys = {*target, "id", "measure", "kind"}
    for key in keys:
        column = columns.get("target" if key == "id" else key)
        if column is None:
            fallback = "value" if key in _GOAL_KEYS else "more"
            column = columns.get(fallback, first)
        reading.places[f"{path}.{key}"] = (sheet, row, column)


_GOAL_KEYS: Final = frozenset(
    {"at_least", "more_than", "at_most", "less_than", "exactly", "about", "between"}
)


def _column(key: str) -> str:
    return "commitment" if key == "id" else key


def _read_head(reading: _Reading, grid: Grid, heading_row: int) -> None:
    """Read what stands above the targets: the title, and pairs of a label and a value."""
    labels = {label: key for words in PLAN_LABELS.values() for key, label in words.items()}
    head: dict[str, Any] = {}
    for row in sorted(grid.rows):
        if heading_row and row >= heading_row:
            break
        cells = grid.rows[row]
        for place, cell in enumerate(cells, start=1):
            key = labels.get("" if isinstance(cell, Fault) else cell_text(cell).rstrip(":："))
            value = grid.cell(row, place + 1)
            if key is None or value is None:
                continue
            reading.places[f"plan.{key}"] = (grid.title, row, place + 1)
            _read_pair(reading, head, (key, value), (grid.title, row, place + 1))
    first = cell_text(grid.cell(min(grid.rows, default=1), 1))
    if "title" not in head and first and first not in labels:
        head["title"] = first
    reading.mapping["plan"] = head


def _read_pair(
    reading: _Reading, head: dict[str, Any], pair: tuple[str, Any], place: Place
) -> None:
    key, value = pair
    try:
        refuse_fault(key, value)
        if key == "more":
            head.update(cell_json(key, value))
        elif key == "id":
            head.setdefault("id", cell_text(value))
        else:
            head[key] = cell_day(key, value)
    except CellError as fault:
        reading.blame(attrs.evolve(fault.problem(), path=None), place)


def _read_rosters(reading: _Reading, grid: Grid) -> None:
    heading_row, columns = _headings(grid, ROSTER_COLUMNS)
    if not {"roster", "id"} <= columns.keys():
        return
    rosters: dict[str, list[Any]] = reading.mapping.setdefault("rosters", {})
    name = ""
    for row in sorted(grid.rows):
        cells = {key: grid.cell(row, column) for key, column in columns.items()}
        if row <= heading_row or all(cell is None for cell in cells.values()):
            continue
        try:
            member = member_mapping(cells)
        except CellError as fault:
            place = (grid.title, row, columns.get(fault.key, 1))
            reading.blame(attrs.evolve(fault.problem(), path=None), place)
            continue
        name = member.pop("roster", name)
        members = rosters.setdefault(name, [])
        if member:
            path = f"rosters.{name}[{len(members)}]"
            reading.places[path] = (grid.title, row, columns["id"])
            members.append(member["id"] if set(member) == {"id"} else member)
