"""The one door from a file's name up to the room that knows workbooks.

A workbook is written and read far above this room, beside the progress it shows.
`read_events`, `read_plan` and `write_plan` take its name all the same, and hand it on here.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from partybuild.events import EventDraft
from partybuild.plan import Plan

#: How the names of workbooks end.
BOOKS = (".xlsx", ".xlsm")


def read_own_book(
    path: Path, *, columns: Mapping[str, str] | None, timezone: str, sheet: str | None
) -> EventDraft | None:
    """Read the events of a workbook of `write_workbook`; None for any other file."""
    from partybuild.workbook.reading import read_own_workbook

    return read_own_workbook(path, columns=columns, timezone=timezone, sheet=sheet)


def read_book(
    path: Path, *, columns: Mapping[str, str] | None, timezone: str, sheet: str | None
) -> Any:
    """Read any workbook, all sheets or the one asked for, into a `WorkbookDraft`.

    For the ledger, which has to know the sheet of each row.
    """
    from partybuild.workbook.reading import read_any_workbook

    return read_any_workbook(path, columns=columns, timezone=timezone, sheet=sheet)


def read_plan_book(path: Path) -> Plan:
    """Read the plan that stands on the sheets of a workbook."""
    from partybuild.workbook.plan_reading import read_plan_sheet

    return read_plan_sheet(path)


def write_plan_book(plan: Plan, path: Path) -> None:
    """Write a plan as the sheets of a workbook."""
    from partybuild.workbook.plan_sheet import write_plan_sheet

    write_plan_sheet(plan, path)
