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
    from partybuild.assessment.comparison import Comparison, compare
    from partybuild.assessment.forecasting import forecast
    from partybuild.assessment.many import Assessments, assess_plans
    from partybuild.assessment.own_goals import TailoredPlan, tailor
    from partybuild.assessment.words import status_word
    from partybuild.carry import NextPlan, carry_forward
    from partybuild.coming import agenda
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
    from partybuild.ledger.memory import memory_ledger
    from partybuild.ledger.protocol import Ledger
    from partybuild.ledger.sqlite import open_ledger
    from partybuild.origin import Origin
    from partybuild.periods import Cadence, Period
    from partybuild.plan import Commitment, Plan
    from partybuild.report.markdown import render_markdown
    from partybuild.roster import Member, Roster
    from partybuild.schema import plan_json_schema
    from partybuild.scoring import Marks, Scorecard, score
    from partybuild.sources.drafts import Draft, write_draft
    from partybuild.sources.events import read_events, read_events_draft, write_events
    from partybuild.sources.plans import read_plan, write_plan
    from partybuild.sources.text.reader import read_text
    from partybuild.sources.text.spoken import describe
    from partybuild.target import Part, SchedulePoint, Target

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
    "EventDraft",
    "EventError",
    "EventFiles",
    "Ledger",
    "LedgerError",
    "Marks",
    "Member",
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
    "agenda",
    "assess",
    "assess_plans",
    "carry_forward",
    "compare",
    "describe",
    "forecast",
    "league_table",
    "memory_ledger",
    "open_ledger",
    "plan_json_schema",
    "read_events",
    "read_events_draft",
    "read_plan",
    "read_text",
    "render_markdown",
    "roll_up",
    "score",
    "status_word",
    "tailor",
    "write_draft",
    "write_events",
    "write_plan",
]

#: The room each name lives in.
_ROOMS = {
    "Assessment": "assessment.assessment",
    "Assessor": "assessment.assessor",
    "Cadence": "periods",
    "Commitment": "plan",
    "Comparison": "assessment.comparison",
    "Draft": "sources.drafts",
    "DraftError": "errors",
    "EngineError": "errors",
    "EventDraft": "events",
    "EventError": "errors",
    "EventFiles": "engines.files",
    "Ledger": "ledger.protocol",
    "LedgerError": "errors",
    "Marks": "scoring",
    "Member": "roster",
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
    "Target": "target",
    "UnknownNameError": "errors",
    "UsageError": "errors",
    "agenda": "coming",
    "assess": "assessment.assessment",
    "assess_plans": "assessment.many",
    "Assessments": "assessment.many",
    "tailor": "assessment.own_goals",
    "TailoredPlan": "assessment.own_goals",
    "carry_forward": "carry",
    "compare": "assessment.comparison",
    "describe": "sources.text.spoken",
    "forecast": "assessment.forecasting",
    "league_table": "hierarchy",
    "memory_ledger": "ledger.memory",
    "open_ledger": "ledger.sqlite",
    "plan_json_schema": "schema",
    "read_events": "sources.events",
    "read_events_draft": "sources.events",
    "read_plan": "sources.plans",
    "read_text": "sources.text.reader",
    "render_markdown": "report.markdown",
    "roll_up": "hierarchy",
    "score": "scoring",
    "status_word": "assessment.words",
    "write_draft": "sources.drafts",
    "write_events": "sources.events",
    "write_plan": "sources.plans",
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
