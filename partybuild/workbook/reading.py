"""`read_workbook`: every sheet of events in a workbook, its good rows and its faults by cell."""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import Table, draft_events, match_headings
from partybuild._frames.table import column_of
from partybuild.cells import clean_text, read_texts
from partybuild.errors import PartybuildError, Problem, UsageError, nearest
from partybuild.events import COLUMNS
from partybuild.ledger.entries import CONTENT, attributes_text
from partybuild.ledger.frames import blank_cells, columns_of, with_ids
from partybuild.plan import Plan
from partybuild.quantities import read_unit
from partybuild.workbook.drafts import CellProblem, SheetDraft, WorkbookDraft, join_sheets
from partybuild.workbook.found_table import FoundTable, Remark, row_ranges
from partybuild.workbook.grids import Grid, cell_name, column_name, read_grids
from partybuild.workbook.heads import HEADING_ROWS, looks_dated
from partybuild.workbook.package import sheet_titles
from partybuild.workbook.tables import find_tables, table_cells
from partybuild.workbook.words import is_ours, is_own

_SHORT: Final = 4
_LONGEST: Final = 24
_LETTERS: Final = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: Cells with comments that a note names at most.
_MOST_NAMED: Final = 20
#: Columns of names, and what joins the lines of a cell.
_ON_ONE_LINE: Final = {"kind": "", "unit": "", "organisation": "", "subject": "；"}
_ENDINGS: Final = (".xlsx", ".xlsm")
_TITLE_UNIT: Final = re.compile(r"(?:计量)?单位\s*[:：]\s*([^\s，；;（）()]+)")
_TITLE_OFFICE: Final = re.compile(
    r"(?:(?:填报|报送|上报|填表|所属|责任)?单位|党组织|党支部|村(?:（社区）)?)(?:（盖章）)?\s*[:：]\s*([^\s，；;（）()]{2,40})"
)
_OFFICE_ENDS: Final = re.compile(
    r"(?:村|社区|镇|乡|街道|支部|党委|党组|局|公司|学校|医院|中心|办公室|委员会|部|办)$"
)


def read_workbook(
    path: str | os.PathLike[str],
    *,
    sheet: str | None = None,
    plan: Plan | None = None,
    columns: Mapping[str, str] | None = None,
) -> WorkbookDraft:
    """Read the events of a workbook, whether `write_workbook` made it or somebody else.

    Every sheet with a row of headings, a date among them, is read (or the one
    called `sheet`); the headings may stand in any of the first rows, below
    titles and lines such as 单位：万元, and in several merged rows. Merged cells
    hold for each of their rows, rows of totals and lines of text are no events,
    hidden rows and columns are read; each of these is said in a note. A formula
    counts with its kept value. A cell that cannot be read is a `CellProblem`.

    `columns` maps headings to names as in `read_events`. `plan` gives the
    timezone, and kinds that look like one of its own misspelt become warnings.

    A running number (序号) is no id. A row without an id gets one from its
    content, as the ledger does it: the same in every reading, whatever is added
    elsewhere; two rows of the same content are two events.

    Raises
    ------
    SourceError
        When the file is missing, no workbook, damaged, or over a stated limit.
    UsageError
        When there is no sheet of that name, or an argument is not understood.
    MissingExtraError
        Without the extra ``excel``.

    >>> import tempfile
    >>> from partybuild.plan import Plan
    >>> from partybuild.workbook import write_workbook
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_workbook(plan, f"{folder}/台账.xlsx")
    ...     draft = read_workbook(f"{folder}/台账.xlsx")
    >>> len(draft.events), draft.ok
    (0, True)
    """
    place = workbook_path(path)
    if plan is not None and not isinstance(plan, Plan):
        raise UsageError(f"plan is {type(plan).__name__}, expected a Plan")
    grids = _chosen(read_grids(place), sheet, place)
    return draft_of_grids(grids, place, plan=plan, columns=columns, asked=sheet is not None)


def read_own_workbook(
    path: Path, *, columns: Mapping[str, str] | None, timezone: str, sheet: str | None
) -> WorkbookDraft | None:
    """Read a workbook that `write_workbook` made, as `read_workbook` does; None for any other."""
    if not is_own(sheet_titles(path)):
        return None
    return read_any_workbook(path, columns=columns, timezone=timezone, sheet=sheet)


def read_any_workbook(
    path: Path, *, columns: Mapping[str, str] | None, timezone: str, sheet: str | None
) -> WorkbookDraft:
    """Read a workbook as `read_workbook` does, moments with a zone in `timezone`."""
    grids = _chosen(read_grids(path), sheet, path)
    asked = sheet is not None
    return draft_of_grids(grids, path, columns=columns, timezone=timezone, asked=asked)


def draft_of_grids(
    grids: list[Grid],
    place: Path,
    *,
    plan: Plan | None = None,
    columns: Mapping[str, str] | None = None,
    timezone: str = "Asia/Shanghai",
    asked: bool = False,
) -> WorkbookDraft:
    """Read the events of sheets; see `read_workbook`. `asked`: the sheet was named."""
    timezone = timezone if plan is None else plan.timezone
    sheets, notes = [], []
    for grid in grids:
        tables = find_tables(grid, columns)
        if not tables:
            notes += _not_read(grid, grids, place, asked=asked)
        for number, found in enumerate(tables):
            if number == 0:
                found.remarks += _hidden(found)
            sheets.append(_read_table(found, file=str(place), timezone=timezone))
    if not sheets and not asked and not any(is_ours(grid.title) for grid in grids):
        notes.append(_no_table(place, grids))
    return join_sheets(sheets, notes, str(place), plan)


def keep_what_is_there(path: Path, frame: pd.DataFrame) -> None:
    """Refuse to replace a workbook that knows of events which `frame` does not have."""
    if not path.exists():
        return
    try:
        held = read_workbook(path)
    except PartybuildError:
        return
    lost = set(held.events["id"]) - set(frame["id"])
    unread = {(one.sheet, one.row) for one in held.errors if one.row is not None}
    if lost or unread:
        raise UsageError(
            f"path: {path} has {len(lost) + len(unread)} rows of events that would be lost; "
            "choose another name, or begin with events=read_workbook(path).events"
        )


def workbook_path(path: Any) -> Path:
    """Check the path of a workbook; raises `UsageError`."""
    if not isinstance(path, str | os.PathLike) or not isinstance(os.fspath(path), str):
        raise UsageError(f"path is {type(path).__name__}, expected the path of a workbook")
    place = Path(os.fspath(path))
    if place.suffix.lower() not in _ENDINGS:
        raise UsageError(f"path: got {str(place)!r}; expected a name that ends in .xlsx or .xlsm")
    return place


def _chosen(grids: list[Grid], sheet: str | None, path: Path) -> list[Grid]:
    if sheet is None:
        return grids
    names = [grid.title for grid in grids]
    if sheet not in names:
        hint = nearest(str(sheet), names) or "sheets: " + ", ".join(names)
        raise UsageError(f"sheet: {path} has no sheet {sheet!r}; {hint}")
    return [grid for grid in grids if grid.title == sheet]


def _not_read(grid: Grid, grids: list[Grid], path: Path, *, asked: bool) -> list[Problem]:
    """Name a sheet that is not read; our own other sheets are known."""
    if not asked and (not grid.rows or is_ours(grid.title, [one.title for one in grids])):
        return []
    return [
        Problem(
            code="no-table",
            message=f"no row of headings with a date was found; {len(grid.rows)} rows not read",
            severity="error" if asked else "note",
            expected="headings such as 日期 and 事项 in one row" if asked else None,
            file=str(path),
            sheet=grid.title,
        )
    ]


def _no_table(path: Path, grids: list[Grid]) -> Problem:
    texts = [
        clean_text(cell) for grid in grids for row in grid.numbers()[:HEADING_ROWS]
        for cell in grid.rows[row] if isinstance(cell, str) and len(cell) <= _LONGEST
    ]  # fmt: skip
    dates = [text for text in texts if "date" in match_headings([text]).places]
    short = [text for text in texts if len(text) <= _SHORT]
    like = difflib.get_close_matches("日期", short, n=1, cutoff=0.5)
    hint = None
    if {"月", "日"} <= set(texts):
        hint = "the date stands in several columns (年, 月, 日): put it into one, such as 2021-3-5"
    elif dates:
        hint = f"beside {dates[0]!r} no heading says what happened, such as 事项"
    elif like:
        hint = f"is {like[0]!r} the date? then columns={{{like[0]!r}: 'date'}}"
    return Problem(
        code="no-table",
        message="no sheet has a row of headings with a date",
        expected="headings such as 日期 and 事项 in one row",
        hint=hint,
        file=str(path),
    )


def _read_table(found: FoundTable, *, file: str, timezone: str) -> SheetDraft:
    grid = found.grid
    cells = table_cells(found)
    cells = _on_one_line(_from_titles(found, cells), found.mapping)
    frame = pd.DataFrame({i: column_of(values) for i, values in enumerate(cells.values())})
    frame.columns = pd.Index(list(cells), dtype=object)
    frame.index = pd.RangeIndex(len(found.rows))
    places = match_headings(list(cells), found.mapping).places
    dated = np.zeros(len(frame), dtype=bool)
    if "recorded_at" in places:
        dated = ~blank_cells(frame.iloc[:, places["recorded_at"]])
    frame, blank = with_ids(frame, places.get("id"))
    table = Table(
        frame=frame,
        rows=np.array(found.rows, dtype=np.int64),
        heading_row=found.heading_row,
        file=file,
        sheet=grid.title,
        epoch=grid.epoch,
    )
    draft = draft_events(table, timezone=timezone, columns=found.mapping)
    good = np.isin(table.numbers(), draft.rows)
    remarks = [*_above(found), *found.remarks]
    shown = ", ".join(found.texts)
    problems = [
        _placed(attrs.evolve(each, read=shown) if each.code == "missing-column" else each, found)
        for each in draft.problems
    ]
    problems += [_remark(each, found, file) for each in remarks]
    bad = [row for row, taken in zip(found.rows, good, strict=True) if not taken]
    named = {problem.row for problem in problems if problem.severity == "error"}
    if unread := [row for row in bad if row not in named]:
        message = f"rows {row_ranges(unread)} are not read, for the faults of the headings"
        problems.append(
            Problem(
                code="rows-not-read", message=message, file=file, sheet=grid.title, row=unread[0]
            )
        )
    return SheetDraft(
        title=grid.title,
        events=draft.events,
        rows=draft.rows,
        contents=_contents(draft.events, frame.loc[good], found.running),
        blank=blank[good],
        problems=sorted(problems, key=lambda each: each.row or 0),
        named=[*bad, *found.named],
        rejected=bad,
        dated=dated[good],
        places={
            name: (heading.strip("＊*"), column)
            for name, heading in ((name, list(cells)[place]) for name, place in places.items())
            if (column := found.column_of(heading)) is not None
        },
    )


def _from_titles(found: FoundTable, cells: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """Use a unit or an organisation that a line above the headings gives for the whole table."""
    headings = match_headings(list(cells), found.mapping)
    places, texts = headings.places, list(cells)
    for row, column, text in _titles(found):
        unit = _TITLE_UNIT.search(text)
        whole = None if unit is None else read_unit(unit[1])
        if unit is not None and whole is not None and whole.end == len(unit[1]):
            if "quantity" in places and "unit" not in places and headings.unit is None:
                old = texts[places["quantity"]]
                new = f"{old}（{unit[1]}）"
                cells = {new if name == old else name: cells[name] for name in texts}
                found.texts[found.texts.index(old)] = new
                if old in found.mapping:
                    found.mapping[new] = found.mapping.pop(old)
                message = f"the unit of {old} is {unit[1]}, as the line above the table says"
                found.remarks.append(
                    Remark(code="title-unit", message=message, row=row, column=column)
                )
                return _from_titles(found, cells)
            continue
        office = _TITLE_OFFICE.search(text)
        if office is not None and "organisation" not in places and _OFFICE_ENDS.search(office[1]):
            message = f"the organisation of every row is {office[1]}, as the line above says"
            found.remarks.append(
                Remark(code="title-organisation", message=message, row=row, column=column)
            )
            return _from_titles(found, {**cells, "organisation": [office[1]] * len(found.rows)})
    return cells


def _on_one_line(cells: dict[str, list[Any]], given: Mapping[str, str]) -> dict[str, list[Any]]:
    """Take line breaks out of names: several subjects may stand below each other in a cell."""
    texts = list(cells)
    places = match_headings(texts, given).places
    for name, joint in _ON_ONE_LINE.items():
        if name in places:
            heading = texts[places[name]]
            cells[heading] = [
                joint.join(filter(None, map(clean_text, cell.splitlines())))
                if isinstance(cell, str) and "\n" in cell
                else cell
                for cell in cells[heading]
            ]
    return cells


def _titles(found: FoundTable) -> Iterator[tuple[int, int, str]]:
    """The texts above the headings that speak of this table: row, column, text."""
    for row in found.titles:
        texts = [
            (column, clean_text(cell))
            for column, cell in enumerate(found.grid.rows[row], start=1)
            if isinstance(cell, str)
        ]
        for column, text in texts:
            if len(texts) == 1 or found.left <= column <= found.right:
                yield row, column, text


def _above(found: FoundTable) -> list[Remark]:
    """Name the rows above the headings, unless the sheet is one of ours, or they are named."""
    rows = found.titles
    if not rows or found.left > 1 or is_ours(found.grid.title) or rows[0] in found.named:
        return []
    message = f"rows {row_ranges(rows)} stand above the headings; titles, not events"
    remarks = [Remark(code="titles", message=message, row=min(rows))]
    if like := [row for row in rows if looks_dated(found.grid, row)]:
        message = f"rows {row_ranges(like)} above the headings have dates; they were not read"
        hint = "put headings such as 日期 and 事项 above them"
        remark = Remark(
            code="dates-above", message=message, row=like[0], severity="warning", hint=hint
        )
        remarks.append(remark)
    return remarks


def _hidden(found: FoundTable) -> list[Remark]:
    """Say what was read although nobody sees it, and what a formula gave."""
    grid, remarks = found.grid, []
    last = max(grid.rows)
    rows = [row for row in grid.hidden_rows if row in grid.rows]
    columns = [column for column in found.columns if column in grid.hidden_columns]
    if not grid.is_visible:
        remarks.append(("hidden-sheet", "the sheet is hidden; it was read"))
    if rows:
        remarks.append(("hidden-rows", f"hidden rows were read: {row_ranges(rows)}"))
    if columns:
        names = ", ".join(map(column_name, columns))
        remarks.append(("hidden-columns", f"hidden columns were read: {names}"))
    if grid.formulas:
        said = "cells hold formulas; what they showed when last saved was read"
        remarks.append(("formulas", f"{grid.formulas} {said}"))
    cells = [cell for cell in grid.comments if int(cell.lstrip(_LETTERS)) > found.heading_row]
    if cells:
        more = ", …" if len(cells) > _MOST_NAMED else ""
        names = ", ".join(cells[:_MOST_NAMED]) + more
        remarks.append(("comments", f"comments on cells were not read: {names}"))
    return [Remark(code=code, message=message, row=last) for code, message in remarks]


def _placed(problem: Problem, found: FoundTable) -> Problem:
    column = found.column_of(problem.column)
    values = attrs.asdict(problem, recurse=False)
    if problem.column is not None:
        values["column"] = problem.column.strip("＊*") or problem.column
    cell = None if column is None or problem.row is None else cell_name(problem.row, column)
    return CellProblem(**values, cell=cell)


def _remark(remark: Remark, found: FoundTable, file: str) -> CellProblem:
    column = remark.column
    heading = None
    if column in found.columns and remark.row >= found.heading_row:
        heading = found.texts[found.columns.index(column)]
    return CellProblem(
        code=remark.code,
        message=remark.message,
        severity=remark.severity,
        read=remark.read,
        hint=remark.hint,
        file=file,
        sheet=found.grid.title,
        row=remark.row,
        column=heading,
        cell=None if column is None else cell_name(remark.row, column),
    )


def _contents(
    events: pd.DataFrame, cells: pd.DataFrame, running: str | None
) -> list[tuple[str, ...]]:
    """Return what each event says, as the ledger compares it, the running number left out.

    Attributes go in as the texts of their cells, so that a number in one row
    does not depend on what stands in the others.
    """
    if not len(events):
        return []
    texts = columns_of(events[list(COLUMNS)]).texts
    names = [name for name in events.columns if name not in COLUMNS and name != running]
    read = {name: read_texts(cells[name].reset_index(drop=True))[0] for name in names}
    texts["attributes"] = [
        attributes_text({name: None if pd.isna(v[i]) else v[i] for name, v in read.items()})
        for i in range(len(events))
    ]
    blank = [""] * len(events)
    return list(zip(*(texts.get(name, blank) for name in CONTENT), strict=True))
