"""What the commands read: plan, events of several files, ledgers; all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import attrs
import pandas as pd

from partybuild.errors import PartybuildError, Problem, ProblemsError
from partybuild.ledger import open_ledger
from partybuild.plan import Plan
from partybuild.sources.events import read_events, read_events_draft
from partybuild.sources.plans import read_plan
from partybuild.workbook import read_plan_sheet, read_workbook

LEDGERS = (".db", ".sqlite", ".sqlite3")
BOOKS = (".xlsx", ".xlsm")
_TIMEZONE = "Asia/Shanghai"
#: Tells which step has begun.
Tell = Callable[[str], None]


class InputError(ProblemsError):
    """Faults of several files at once."""

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@attrs.frozen(kw_only=True)
class Inputs:
    """A plan, its events, and what should be known about the reading of them."""

    plan: Plan
    events: pd.DataFrame
    remarks: tuple[Problem, ...]


def read_inputs(plan_path: Path, event_paths: Sequence[Path], tell: Tell) -> Inputs:
    """Read a plan and all its events.

    Several event files are one list of rows, in the order given: rows with the same id
    are versions of one event, also across files. Raises `InputError` with the faults of
    all files.
    """
    problems: list[Problem] = []
    plan: Plan | None = None
    tell(plan_path.name)
    try:
        plan = read_any_plan(plan_path)
    except PartybuildError as error:
        problems += problems_of(error)
    frames = []
    for path in event_paths:
        tell(path.name)
        try:
            events, found = read_any_events(path, plan)
        except PartybuildError as error:
            problems += problems_of(error)
            continue
        problems += [attrs.evolve(one, file=one.file or str(path)) for one in found]
        frames.append(events)
    if plan is None or any(one.severity == "error" for one in problems):
        raise InputError(one for one in problems if one.severity == "error")
    return Inputs(plan=plan, events=_joined(frames), remarks=tuple(problems))


def read_any_plan(path: Path) -> Plan:
    """Read a plan file, or the plan's sheets of a workbook."""
    return read_plan_sheet(path) if path.suffix.lower() in BOOKS else read_plan(path)


def read_any_events(path: Path, plan: Plan | None) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Read a file of events, a workbook or a ledger: good rows, and problems beside them."""
    timezone = _TIMEZONE if plan is None else plan.timezone
    suffix = path.suffix.lower()
    if suffix in LEDGERS:
        with open_ledger(path, timezone=timezone, read_only=True) as ledger:
            return ledger.to_frame(), ()
    read = read_workbook(path, plan=plan) if suffix in BOOKS else None
    draft = read or read_events_draft(path, timezone=timezone)
    return draft.events, draft.problems


def problems_of(error: PartybuildError) -> list[Problem]:
    """The faults that an error tells of."""
    if isinstance(error, ProblemsError):
        return [attrs.evolve(one, file=one.file or error.source) for one in error.problems]
    return [Problem(code="unreadable", message=str(error))]


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    if not frames:
        return read_events(pd.DataFrame({"id": [], "kind": [], "date": []}))
    if len(frames) == 1:
        return frames[0]
    filled = [frame for frame in frames if len(frame)] or frames[:1]
    return pd.concat(filled, ignore_index=True)
