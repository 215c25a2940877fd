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
    from partybuild.origin import Origin
    from partybuild.periods import Cadence, Period
    from partybuild.plan import Commitment, Plan
    from partybuild.roster import Member, Roster
    from partybuild.schema import plan_json_schema
    from partybuild.sources.events import read_events, read_events_draft, write_events
    from partybuild.sources.plans import read_plan, write_plan
    from partybuild.target import Part, SchedulePoint, Target

__all__ = [
    "Assessment",
    "Cadence",
    "Commitment",
    "DraftError",
    "EngineError",
    "EventDraft",
    "EventError",
    "LedgerError",
    "Member",
    "MissingExtraError",
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
    "SourceError",
    "Target",
    "UnknownNameError",
    "UsageError",
    "assess",
    "plan_json_schema",
    "read_events",
    "read_events_draft",
    "read_plan",
    "write_events",
    "write_plan",
]

#: The room each name lives in.
_ROOMS = {
    "Assessment": "assessment.assessment",
    "Cadence": "periods",
    "Commitment": "plan",
    "DraftError": "errors",
    "EngineError": "errors",
    "EventDraft": "events",
    "EventError": "errors",
    "LedgerError": "errors",
    "Member": "roster",
    "MissingExtraError": "errors",
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
    "SourceError": "errors",
    "Target": "target",
    "UnknownNameError": "errors",
    "UsageError": "errors",
    "assess": "assessment.assessment",
    "plan_json_schema": "schema",
    "read_events": "sources.events",
    "read_events_draft": "sources.events",
    "read_plan": "sources.plans",
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
