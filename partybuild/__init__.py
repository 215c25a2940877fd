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
    from partybuild.goals import Revision
    from partybuild.origin import Origin
    from partybuild.periods import Cadence, Period
    from partybuild.plan import Commitment, Plan
    from partybuild.roster import Member, Roster
    from partybuild.target import Part, SchedulePoint, Target

_ROOMS = {
    "assessment.assessment": ("Assessment", "assess"),
    "errors": (
        "DraftError",
        "EngineError",
        "EventError",
        "LedgerError",
        "MissingExtraError",
        "PartybuildError",
        "PlanError",
        "Problem",
        "SourceError",
        "UnknownNameError",
        "UsageError",
    ),
    "goals": ("Revision",),
    "origin": ("Origin",),
    "periods": ("Cadence", "Period"),
    "plan": ("Commitment", "Plan"),
    "roster": ("Member", "Roster"),
    "target": ("Part", "SchedulePoint", "Target"),
}
_ROOM_OF = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = sorted(_ROOM_OF)  # noqa: PLE0605


def __getattr__(name: str) -> Any:
    room = _ROOM_OF.get(name)
    if room is None:
        raise AttributeError(f"module 'partybuild' has no attribute {name!r}")
    value = getattr(import_module(f"partybuild.{room}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
