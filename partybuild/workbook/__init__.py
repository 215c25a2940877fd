"""The workbook (台账) an office lives in all year: written, read back, refreshed."""

from partybuild.workbook.book import Refreshed, refresh_workbook, write_workbook
from partybuild.workbook.drafts import CellProblem, WorkbookDraft
from partybuild.workbook.plan_reading import read_plan_sheet
from partybuild.workbook.plan_sheet import write_plan_sheet
from partybuild.workbook.reading import read_workbook

__all__ = [
    "CellProblem",
    "Refreshed",
    "WorkbookDraft",
    "read_plan_sheet",
    "read_workbook",
    "refresh_workbook",
    "write_plan_sheet",
    "write_workbook",
]
