"""Files on their way into a ledger: good rows with their places, and what was wrong with others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild._frames import draft_events, match_headings
from partybuild.errors import Problem
from partybuild.ledger.entries import Columns
from partybuild.ledger.frames import blank_cells, columns_of, unkept_cells, with_ids
from partybuild.ledger.identity import is_running
from partybuild.sources import events as event_files
from partybuild.sources.workbooks import BOOKS, read_book

__all__ = ["Reading", "read_file"]


@attrs.frozen(kw_only=True)
class Reading:
    """A file as read: columns of its good rows with their places, and what was wrong.

    `rejected` are places of rows that could not be read, `skipped` of those that
    are no events, such as totals. `order` names the sheets in their order.
    """

    columns: Columns
    rows: list[int]
    sheets: list[str | None]
    dated: list[bool]
    rejected: list[tuple[str | None, int]]
    skipped: list[tuple[str | None, int]] = attrs.field(factory=list)
    problems: tuple[Problem, ...]
    order: tuple[str, ...] = ()


def read_file(
    path: Path, *, timezone: str, columns: Mapping[str, str] | None, sheet: str | None
) -> Reading:
    """Read a file whose ids may be missing, in part or all; of a workbook all sheets, or one."""
    if path.suffix.lower() in BOOKS:
        return _read_book(path, timezone=timezone, columns=columns, sheet=sheet)
    table = event_files.read_table(path, columns, sheet)
    headings = list(table.frame.columns)
    places = match_headings(headings, columns).places
    frame, blank = with_ids(table.frame, places.get("id"))
    if "id" in places and is_running(heading := headings[places["id"]]):
        blank |= heading not in (columns or {})  # it numbers the rows, which move as the file grows
    draft = draft_events(attrs.evolve(table, frame=frame), timezone=timezone, columns=columns)
    numbers = table.numbers()
    good = np.isin(numbers, draft.rows)
    dated = np.zeros(len(numbers), dtype=bool)
    if "recorded_at" in places:
        dated = ~blank_cells(table.frame.iloc[:, places["recorded_at"]])
    events = draft.events.assign(id=draft.events["id"].mask(blank[good]))
    at = {row: position for position, row in enumerate(numbers.tolist())}
    clean, faults = _without_unkept(events, [table.place(at[row]) for row in draft.rows.tolist()])
    strays = [_row(problem) for problem in (*table.problems, *faults) if _is_error(problem)]
    bad = {*numbers[~good].tolist(), *(row for row in strays if row is not None)}
    return Reading(
        columns=columns_of(events.loc[clean].reset_index(drop=True)),
        rows=draft.rows[clean].tolist(),
        sheets=[None] * int(clean.sum()),
        dated=dated[good][clean].tolist(),
        rejected=[(None, row) for row in bad],
        problems=(*draft.problems, *faults),
    )


def _read_book(
    path: Path, *, timezone: str, columns: Mapping[str, str] | None, sheet: str | None
) -> Reading:
    draft = read_book(path, timezone=timezone, columns=columns, sheet=sheet)
    events = draft.events.assign(id=draft.events["id"].mask(np.array(draft.made_up, dtype=bool)))
    rows = draft.rows.tolist()
    places = [
        {"file": str(path), "sheet": title, "row": row}
        for title, row in zip(draft.sheets, rows, strict=True)
    ]
    clean, faults = _without_unkept(events, places)
    kept = np.flatnonzero(clean).tolist()
    rejected = [*draft.rejected, *((one.sheet, one.row) for one in faults)]
    found = {title for title, _ in (*draft.named, *zip(draft.sheets, rows, strict=True))}
    said = [problem.sheet for problem in draft.problems if problem.sheet]
    return Reading(
        columns=columns_of(events.loc[clean].reset_index(drop=True)),
        rows=[rows[place] for place in kept],
        sheets=[draft.sheets[place] for place in kept],
        dated=[draft.dated[place] for place in kept],
        rejected=rejected,
        skipped=sorted(set(draft.named) - set(rejected)),
        problems=(*draft.problems, *faults),
        order=tuple(dict.fromkeys([*draft.sheets, *said, *sorted(found)])),
    )


def _is_error(problem: Problem) -> bool:
    return problem.severity == "error"


def _row(problem: Problem) -> int | None:
    return problem.row if problem.row is not None else problem.line


def _without_unkept(
    events: pd.DataFrame, places: list[dict[str, Any]]
) -> tuple[npt.NDArray[np.bool_], list[Problem]]:
    """Return which rows a ledger can keep, and what is wrong with the others."""
    clean = np.ones(len(events), dtype=bool)
    faults: list[Problem] = []
    for place, fault in unkept_cells(events):
        clean[place] = False
        faults.append(attrs.evolve(fault, **places[place]))
    return clean, faults
