"""What the commands read: plan, events of several files, ledgers; all faults at once."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import attrs
import pandas as pd

from partybuild.errors import PartybuildError, Problem, ProblemsError, UsageError
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
    """Faults of several files at once; `lang` is that of the plan, None where it was not read."""

    lang: str | None = None

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


@attrs.frozen(kw_only=True)
class Files:
    """What is to be read: a plan, its events, and what headings mean (heading -> column)."""

    plan: Path
    events: tuple[Path, ...] = ()
    columns: Mapping[str, str] = attrs.field(factory=dict)


@attrs.frozen(kw_only=True)
class Inputs:
    """A plan, its events, and what should be known about the reading of them."""

    plan: Plan
    events: pd.DataFrame
    remarks: tuple[Problem, ...]


def named_columns(told: Sequence[str]) -> dict[str, str]:
    """Read what ``--column`` says: heading=column.

    Raises `UsageError` for what has no equals sign.

    >>> named_columns(["日子=date"])
    {'日子': 'date'}
    """
    found = {}
    for one in told:
        heading, sign, name = one.rpartition("=")
        if not sign or not heading or not name:
            raise UsageError(f"--column: got {one!r}; expected HEADING=COLUMN, such as 日子=date")
        found[heading] = name
    return found


def read_inputs(files: Files, tell: Tell) -> Inputs:
    """Read a plan and all its events.

    Several event files are one list of rows, in the order given: rows with the same id
    are versions of one event, also across files. Raises `InputError` with the faults of
    all files.
    """
    problems: list[Problem] = []
    plan: Plan | None = None
    tell(files.plan.name)
    try:
        plan = read_any_plan(files.plan)
    except PartybuildError as error:
        problems += problems_of(error)
    frames = []
    for path in files.events:
        tell(path.name)
        try:
            events, found = read_any_events(path, plan, files.columns)
        except PartybuildError as error:
            problems += problems_of(error)
            continue
        problems += [attrs.evolve(one, file=one.file or str(path)) for one in found]
        frames.append(events)
    if plan is None or any(one.severity == "error" for one in problems):
        refusal = InputError(one for one in problems if one.severity == "error")
        refusal.lang = None if plan is None else plan.lang
        raise refusal
    return Inputs(plan=plan, events=_joined(frames), remarks=tuple(problems))


def read_any_plan(path: Path) -> Plan:
    """Read a plan file, or the plan's sheets of a workbook."""
    return read_plan_sheet(path) if path.suffix.lower() in BOOKS else read_plan(path)


def read_any_events(
    path: Path, plan: Plan | None, columns: Mapping[str, str]
) -> tuple[pd.DataFrame, tuple[Problem, ...]]:
    """Read a file of events, a workbook or a ledger: good rows, and problems beside them."""
    timezone = _TIMEZONE if plan is None else plan.timezone
    suffix = path.suffix.lower()
    if suffix in LEDGERS:
        with open_ledger(path, timezone=timezone, read_only=True) as ledger:
            return ledger.to_frame(), ()
    named = columns or None
    read = read_workbook(path, plan=plan, columns=named) if suffix in BOOKS else None
    draft = read or read_events_draft(path, timezone=timezone, columns=named)
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
