"""Promises that can be measured: plan, progress events, verdicts, and the next report.

The names below are the front door; each is loaded when it is first used, so that
``import partybuild`` costs next to nothing.

>>> import partybuild as pb
>>> plan = pb.Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[
...     {"id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 12}]}])
>>> plan
Plan('2021', 2021-01-01..2021-12-31, 1 commitments, 1 targets)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from partybuild.assessment.assessment import Assessment, assess
    from partybuild.assessment.assessor import Assessor
    from partybuild.assessment.comparison import Comparison, compare
    from partybuild.assessment.forecasting import forecast
    from partybuild.assessment.many import Assessments, assess_plans
    from partybuild.assessment.own_goals import TailoredPlan, tailor
    from partybuild.assessment.words import status_word
    from partybuild.carry import NextPlan, carry_forward
    from partybuild.charts.burndown import chart_burndown
    from partybuild.charts.canvas import figure_png, figure_svg
    from partybuild.charts.cumulative import chart_cumulative
    from partybuild.charts.heat import chart_heat
    from partybuild.charts.progress import chart_progress
    from partybuild.charts.year import chart_calendar
    from partybuild.coming import agenda
    from partybuild.engines.files import EventFiles
    from partybuild.errors import (
        DraftError,
        EngineError,
        EventError,
        LedgerError,
        MissingExtraError,
        PartybuildError,
        PlanError,
        Problem,
        SourceError,
        UnknownNameError,
        UsageError,
    )
    from partybuild.events import EventDraft
    from partybuild.goals import Revision
    from partybuild.hierarchy import league_table, roll_up
    from partybuild.ledger.entries import Entry
    from partybuild.ledger.memory import memory_ledger
    from partybuild.ledger.protocol import Ledger
    from partybuild.ledger.reports import ImportReport, MergeReport, Verification
    from partybuild.ledger.sqlite import open_ledger
    from partybuild.origin import Origin
    from partybuild.periods import Cadence, Period
    from partybuild.plan import Commitment, Plan
    from partybuild.reminders.digest import render_digest
    from partybuild.reminders.ical import render_ical
    from partybuild.report.docx import render_docx
    from partybuild.report.html import render_html
    from partybuild.report.markdown import render_markdown
    from partybuild.report.prose import fill_docx_template, render_report
    from partybuild.report.xlsx import render_xlsx
    from partybuild.roster import Member, Roster
    from partybuild.schema import plan_json_schema
    from partybuild.scoring import Marks, Scorecard, score
    from partybuild.sources.drafts import Draft, write_draft
    from partybuild.sources.events import read_events, read_events_draft, write_events
    from partybuild.sources.plans import read_plan, write_plan
    from partybuild.sources.text.reader import read_text
    from partybuild.sources.text.spoken import describe
    from partybuild.target import Part, SchedulePoint, Target
    from partybuild.workbook.book import refresh_workbook, write_workbook
    from partybuild.workbook.plan_reading import read_plan_sheet
    from partybuild.workbook.plan_sheet import write_plan_sheet
    from partybuild.workbook.reading import read_workbook

__all__ = [
    "Assessment",
    "Assessments",
    "Assessor",
    "Cadence",
    "Commitment",
    "Comparison",
    "Draft",
    "DraftError",
    "EngineError",
    "Entry",
    "EventDraft",
    "EventError",
    "EventFiles",
    "ImportReport",
    "Ledger",
    "LedgerError",
    "Marks",
    "Member",
    "MergeReport",
    "MissingExtraError",
    "NextPlan",
    "Origin",
    "Part",
    "PartybuildError",
    "Period",
    "Plan",
    "PlanError",
    "Problem",
    "Revision",
    "Roster",
    "SchedulePoint",
    "Scorecard",
    "SourceError",
    "TailoredPlan",
    "Target",
    "UnknownNameError",
    "UsageError",
    "Verification",
    "agenda",
    "assess",
    "assess_plans",
    "carry_forward",
    "chart_burndown",
    "chart_calendar",
    "chart_cumulative",
    "chart_heat",
    "chart_progress",
    "compare",
    "describe",
    "figure_png",
    "figure_svg",
    "fill_docx_template",
    "forecast",
    "league_table",
    "memory_ledger",
    "open_ledger",
    "plan_json_schema",
    "read_events",
    "read_events_draft",
    "read_plan",
    "read_plan_sheet",
    "read_text",
    "read_workbook",
    "refresh_workbook",
    "render_digest",
    "render_docx",
    "render_html",
    "render_ical",
    "render_markdown",
    "render_report",
    "render_xlsx",
    "roll_up",
    "score",
    "status_word",
    "tailor",
    "write_draft",
    "write_events",
    "write_plan",
    "write_plan_sheet",
    "write_workbook",
]

#: The room each name lives in.
_ROOMS = {
    "Assessment": "assessment.assessment",
    "Assessments": "assessment.many",
    "Assessor": "assessment.assessor",
    "Cadence": "periods",
    "Commitment": "plan",
    "Comparison": "assessment.comparison",
    "Draft": "sources.drafts",
    "DraftError": "errors",
    "EngineError": "errors",
    "Entry": "ledger.entries",
    "EventDraft": "events",
    "EventError": "errors",
    "EventFiles": "engines.files",
    "ImportReport": "ledger.reports",
    "Ledger": "ledger.protocol",
    "LedgerError": "errors",
    "Marks": "scoring",
    "Member": "roster",
    "MergeReport": "ledger.reports",
    "MissingExtraError": "errors",
    "NextPlan": "carry",
    "Origin": "origin",
    "Part": "target",
    "PartybuildError": "errors",
    "Period": "periods",
    "Plan": "plan",
    "PlanError": "errors",
    "Problem": "errors",
    "Revision": "goals",
    "Roster": "roster",
    "SchedulePoint": "target",
    "Scorecard": "scoring",
    "SourceError": "errors",
    "TailoredPlan": "assessment.own_goals",
    "Target": "target",
    "UnknownNameError": "errors",
    "UsageError": "errors",
    "Verification": "ledger.reports",
    "agenda": "coming",
    "assess": "assessment.assessment",
    "assess_plans": "assessment.many",
    "carry_forward": "carry",
    "chart_burndown": "charts.burndown",
    "chart_calendar": "charts.year",
    "chart_cumulative": "charts.cumulative",
    "chart_heat": "charts.heat",
    "chart_progress": "charts.progress",
    "compare": "assessment.comparison",
    "describe": "sources.text.spoken",
    "figure_png": "charts.canvas",
    "figure_svg": "charts.canvas",
    "fill_docx_template": "report.prose",
    "forecast": "assessment.forecasting",
    "league_table": "hierarchy",
    "memory_ledger": "ledger.memory",
    "open_ledger": "ledger.sqlite",
    "plan_json_schema": "schema",
    "read_events": "sources.events",
    "read_events_draft": "sources.events",
    "read_plan": "sources.plans",
    "read_plan_sheet": "workbook.plan_reading",
    "read_text": "sources.text.reader",
    "read_workbook": "workbook.reading",
    "refresh_workbook": "workbook.book",
    "render_digest": "reminders.digest",
    "render_docx": "report.docx",
    "render_html": "report.html",
    "render_ical": "reminders.ical",
    "render_markdown": "report.markdown",
    "render_report": "report.prose",
    "render_xlsx": "report.xlsx",
    "roll_up": "hierarchy",
    "score": "scoring",
    "status_word": "assessment.words",
    "tailor": "assessment.own_goals",
    "write_draft": "sources.drafts",
    "write_events": "sources.events",
    "write_plan": "sources.plans",
    "write_plan_sheet": "workbook.plan_sheet",
    "write_workbook": "workbook.book",
}


def __getattr__(name: str) -> Any:
    room = _ROOMS.get(name)
    if room is None:
        raise AttributeError(f"module 'partybuild' has no attribute {name!r}")
    value = getattr(import_module(f"partybuild.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
