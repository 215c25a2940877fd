"""`assess`: a plan and its events, judged as of a date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any, Protocol

import attrs
import pandas as pd

from partybuild._frames import normalise_events
from partybuild.assessment import frames
from partybuild.assessment.digests import events_digest, plan_digest
from partybuild.assessment.explain import Scope, explain_events
from partybuild.assessment.findings import (
    PROBLEM_COLUMNS,
    find_problems,
    held_condensed,
    held_rows,
    unassigned_events,
)
from partybuild.assessment.judge import Judged, judge
from partybuild.assessment.notebook import assessment_html
from partybuild.assessment.outlook import outlook_frame, shortfalls_frame
from partybuild.assessment.own_goals import TailoredPlan
from partybuild.assessment.rollup import (
    CommitmentRoll,
    PlanRoll,
    TargetRoll,
    roll_commitments,
    roll_plan,
    roll_targets,
)
from partybuild.engines.condensed import Condensed, ForeignEvents
from partybuild.engines.condensing import foreign_events
from partybuild.engines.files import event_files
from partybuild.engines.opening import is_foreign
from partybuild.errors import EngineError, Problem, UsageError
from partybuild.faults import checked
from partybuild.grid import Grid, day_number, plan_grid
from partybuild.periods import as_day
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.reduce.condense import scheme_of
from partybuild.reduce.facts import Facts, encode, encode_condensed
from partybuild.reduce.reduction import Reduction, reduce_events

_ROW_BY_ROW = (
    "this needs every event row by row, and they stay in their engine: hand them to assess "
    "as a pandas frame (read_events makes one), or take those of some kinds from events_of"
)


_A_PLAN = "a Plan, as read_plan returns it"


class Kept(Protocol):
    """Whoever keeps the events, and hands them out only when they are looked at."""

    def frame(self) -> pd.DataFrame:
        """The canonical frame of the events."""

    def problems(self, judged: Judged) -> tuple[Problem, ...]:
        """The problems of the events and their verdicts."""


@attrs.frozen(kw_only=True, eq=False)
class Foreign:
    """Events that stayed in another engine, and what came back of them."""

    events: ForeignEvents
    condensed: Condensed


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Assessment:
    """A plan judged as of a date: tables from the finest grain to the whole plan.

    `as_of` is the last day that counts; `known_at` the last day of recording that
    counts (None: all); `organisations` those assessed one by one (empty: the plan
    as a whole). In every frame NaN (NaT, NA) means unknown or not applicable, and
    0 means counted-and-none; fractions are fractions, shown as percent in reports.
    """

    plan: Plan
    _events: Any
    as_of: dt.date
    known_at: dt.date | None
    organisations: tuple[str, ...]
    grid: Grid
    _judged: Judged
    _reduction: Reduction
    _foreign: Foreign | None = None
    _kept: Kept | None = None

    @cached_property
    def events(self) -> pd.DataFrame:
        """The canonical pandas frame of the events.

        Raises `EngineError` where the events stayed in another engine.
        """
        if self._foreign is not None:
            raise EngineError(_ROW_BY_ROW)
        frame: pd.DataFrame = self._events if self._kept is None else self._kept.frame()
        return frame

    def events_of(self, kinds: Iterable[str]) -> pd.DataFrame:
        """The records of some kinds (or of one), row by row, in the columns and order of `events`.

        Where the events stayed in another engine, these records are fetched, and no others.
        """
        given: Any = kinds
        if not isinstance(given, Iterable):
            raise UsageError(f"kinds: got {type(given).__name__}; expected names of kinds")
        wanted = [given] if isinstance(given, str) else list(dict.fromkeys(kinds))
        if self._foreign is None:
            rows: pd.DataFrame = self.events[self.events["kind"].isin(wanted).to_numpy()]
            return rows
        return normalise_events(self._foreign.events.rows_of(wanted), timezone=self.plan.timezone)

    @property
    def _places(self) -> tuple[str | None, ...]:
        return self.grid.organisations

    @cached_property
    def _target_roll(self) -> TargetRoll:
        return roll_targets(self._judged, self._reduction)

    @cached_property
    def _commitment_roll(self) -> CommitmentRoll:
        return roll_commitments(self.plan, self._target_roll, len(self._places))

    @cached_property
    def _plan_roll(self) -> PlanRoll:
        return roll_plan(self.plan, self._commitment_roll, len(self._places))

    @property
    def standings(self) -> pd.DataFrame:
        """One row for every target x organisation x subject x window.

        Columns: organisation, commitment, target, subject, window, start, end,
        required, original (before revisions), actual, completion, expected (by
        as_of), status, light, shortfall, surplus, recoverable, days_left, events
        (how many counted), last_event. Plan order, then organisation, window,
        roster order. `required` of a band is its lower end.
        """
        return self._standings.copy(deep=False)

    @cached_property
    def _standings(self) -> pd.DataFrame:
        return frames.standings_frame(self._judged)

    @property
    def targets(self) -> pd.DataFrame:
        """One row for every target x organisation.

        Columns: organisation, commitment, target, name, unit, measure, goal,
        required, actual, completion, status, light, shortfall (of all windows
        begun), overdue (of the closed ones), windows (not waived), windows_due,
        windows_met, windows_missed, members, members_met (NA without `each`).
        """
        return self._targets.copy(deep=False)

    @cached_property
    def _targets(self) -> pd.DataFrame:
        return frames.targets_frame(self.plan, self._places, self._target_roll)

    @property
    def commitments(self) -> pd.DataFrame:
        """One row for every commitment x organisation.

        Columns: organisation, commitment, section, text, owner, targets (how
        many), completion, status (the worst of its targets), light.
        """
        return self._commitments.copy(deep=False)

    @cached_property
    def _commitments(self) -> pd.DataFrame:
        return frames.commitments_frame(self.plan, self._places, self._commitment_roll)

    @property
    def summary(self) -> pd.DataFrame:
        """One row for every organisation: how many commitments have each status, and completion."""
        return self._summary.copy(deep=False)

    @cached_property
    def _summary(self) -> pd.DataFrame:
        return frames.summary_frame(self._places, self._plan_roll)

    @property
    def shortfalls(self) -> pd.DataFrame:
        """Every standing that is due and short, and what would still mend it.

        Columns: organisation, commitment, target, subject, window, start, end,
        required, actual, completion, status, light, shortfall, recoverable, by (the
        last day that can mend it; NaT: none), days_left until then, needed_per_week,
        needed_per_month (of 30.436875 days), pace_per_week so far, reached_on (the
        day it will be reached at that pace; NaT: not known, or never).
        """
        return self._shortfalls.copy(deep=False)

    @cached_property
    def _shortfalls(self) -> pd.DataFrame:
        return shortfalls_frame(self._judged)

    @property
    def outlook(self) -> pd.DataFrame:
        """Every target that is not settled yet, with what is left to do in the year.

        Columns: organisation, commitment, target, name, unit, status, light,
        required, actual, needed (open and coming windows, and what can be made up),
        lost (short for good), by, days_left, needed_per_week, needed_per_month,
        pace_per_week, reached_on, windows_short, members_short (NA without `each`).
        """
        return self._outlook.copy(deep=False)

    @cached_property
    def _outlook(self) -> pd.DataFrame:
        return outlook_frame(self._judged, self._target_roll)

    def explain(
        self,
        target: str,
        *,
        organisation: str | None = None,
        subject: str | None = None,
        window: str | None = None,
    ) -> pd.DataFrame:
        """List the events behind a figure: those that counted, and why the others did not.

        `target` is an id (``"commitment/target"`` where ids repeat); `organisation`,
        `subject` and `window` (a label of the standings) narrow it. Columns: id,
        kind, date, end, quantity, unit, subject, organisation, recorded_at, row (from
        0, in the frame handed in), counted, reason, window, why.

        Raises `UnknownNameError` for a name that the assessment does not have.
        """
        wanted = self.plan.target(target)
        index = next(at for at, one in enumerate(self.grid.targets) if one.target is wanted)
        scope = Scope(
            grid=self.grid.targets[index],
            organisation=organisation,
            subject=subject,
            window=window,
            as_of=self.as_of,
            known_at=self.known_at,
        )
        if self._foreign is not None:
            events = self._foreign.events.rows_of(wanted.kinds)
        else:
            events = self.events
        return explain_events(self.grid, events, scope)

    @cached_property
    def problem_list(self) -> tuple[Problem, ...]:
        """What a reader of the figures should know, as records."""
        if self._kept is not None:
            return self._kept.problems(self._judged)
        if self._foreign is None:
            held = held_rows(self.events, self.known_at)
        else:
            held = held_condensed(self._foreign.condensed.frame, self._foreign.condensed.outside)
        return find_problems(self._judged, self._reduction, held)

    @property
    def problems(self) -> pd.DataFrame:
        """What a reader of the figures should know: one row for each problem or note.

        Columns: severity, code, organisation, target, read, message, expected,
        hint. Codes: unattested, no-windows, doubtful-percent, unknown-unit, mixed-units,
        unknown-member, unknown-organisation, unknown-home, unknown-column, outside-plan,
        unassigned.
        """
        return self._problems.copy(deep=False)

    @cached_property
    def _problems(self) -> pd.DataFrame:
        rows = [
            {column: getattr(problem, field) for column, field in PROBLEM_COLUMNS.items()}
            for problem in self.problem_list
        ]
        return pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS), dtype="object")

    @property
    def events_unassigned(self) -> pd.DataFrame:
        """The events that hold and whose kind no target looks at, as they were handed in."""
        return self._events_unassigned.copy(deep=False)

    @cached_property
    def _events_unassigned(self) -> pd.DataFrame:
        if self._foreign is not None:
            kinds = set(self._foreign.condensed.frame["kind"]) - set(self.plan.kinds)
            events = self._foreign.events.rows_of(sorted(kinds))
        else:
            events = self.events
        return unassigned_events(self.plan, events, (self.as_of, self.known_at))

    @cached_property
    def plan_digest(self) -> str:
        """SHA-256 of the plan, in hexadecimal: the same plan has the same digest for ever."""
        return plan_digest(self.plan)

    @cached_property
    def events_digest(self) -> str:
        """SHA-256 of the records known on `known_at`, in their order.

        Raises `EngineError` where the events stayed in another engine.
        """
        if self._foreign is not None:
            raise EngineError(_ROW_BY_ROW)
        return events_digest(self.events, self.known_at)

    def encoded_events(self, kinds: Iterable[str] | None = None) -> Facts:
        """The events of some kinds (None: the plan's), encoded, for who needs them row by row."""
        wanted = self.plan.kinds if kinds is None else tuple(dict.fromkeys(kinds))
        return encode(
            self.events if self._foreign is None else self.events_of(wanted),
            kinds=wanted,
            organisations=self.grid.organisation_names if self.organisations else None,
            known_at=self.known_at,
        )

    def __repr__(self) -> str:
        number = len(self.organisations)
        who = f", {number} organisations" if number else ""
        return f"<Assessment of plan {self.plan.id!r} as of {self.as_of}{who}>"

    def _repr_html_(self) -> str:
        return assessment_html(self)


def checked_assessment(value: Any, name: str = "assessment") -> Assessment:
    """Return an argument that is an assessment, or raise `UsageError`, which names it."""
    return checked(value, Assessment, name=name, expected="an Assessment, as assess returns it")


def assess(
    plan: Plan | TailoredPlan,
    events: Any,
    *,
    as_of: dt.date | str,
    known_at: dt.date | str | None = None,
    by: str | None = None,
    organisations: Sequence[str] | None = None,
) -> Assessment:
    """Judge `plan` by `events` as of a date.

    `events` is a data frame as `read_events` returns it (any with the columns
    id, kind, date will do), or a ledger; or a Polars, PyArrow, DuckDB or PySpark
    frame, which is condensed where it lives; or the path or pattern of Parquet,
    CSV, TSV or JSON Lines files, read in a stream (both with the extra ``engines``). `as_of` is the
    last day that counts, inclusive; `known_at` leaves out what was recorded later. With
    ``by="organisation"`` the whole plan is judged once for each member of the
    roster ``organisations``, or of the list `organisations`; one without a single
    event still has its rows. Nothing is read from a clock and nothing is written.

    Raises `UsageError` for parameters it does not take, `EventError` for events
    that cannot be read, `EngineError` for what an engine cannot do, `SourceError`
    for files that are not there.

    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{
    ...     "id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    >>> assess(plan, events, as_of="2021-12-31").targets[["actual", "status", "shortfall"]]
       actual  status  shortfall
    0     1.0  missed        1.0
    """
    grid, plan = _laid_out(plan, by, organisations)
    last_day = as_day(as_of, "as_of", plan.timezone)
    known = None if known_at is None else as_day(known_at, "known_at", plan.timezone)
    names = None if by is None else grid.organisation_names
    until = day_number(last_day)
    foreign = None
    files = event_files(events)
    if files is not None or is_foreign(events):
        events = events if files is None else files.opened()
        foreign = _condensed(grid, events, (until, known, by is not None))
        facts = encode_condensed(
            foreign.condensed.frame,
            kinds=plan.kinds,
            organisations=names,
            attributes=foreign.condensed.names,
        )
    else:
        events = normalise_events(events, timezone=plan.timezone)
        facts = encode(events, kinds=plan.kinds, organisations=names, known_at=known)
    reduction = reduce_events(grid, facts, until)
    return Assessment(
        plan=plan,
        events=events,
        as_of=last_day,
        known_at=known,
        organisations=tuple(place for place in grid.organisations if place is not None),
        grid=grid,
        judged=judge(grid, reduction, as_of=until),
        reduction=reduction,
        foreign=foreign,
    )


def _laid_out(
    plan: Plan | TailoredPlan, by: str | None, organisations: Sequence[str] | None
) -> tuple[Grid, Plan]:
    """The grid of a plan, with the numbers of its organisations where they have some."""
    if not isinstance(plan, TailoredPlan):
        return plan_grid(plan, judged_places(plan, by, organisations)), plan
    places = judged_places(plan.plan, by, organisations)
    return plan_grid(plan.plan, places, plan.own_bounds(places)), plan.plan


def _condensed(grid: Grid, events: Any, asked: tuple[int, dt.date | None, bool]) -> Foreign:
    """Draw the events of another engine together, where they live."""
    as_of, known_at, is_placed = asked
    plan = grid.plan
    opened = foreign_events(events, timezone=plan.timezone, known_at=known_at)
    scheme = scheme_of(grid, as_of=as_of, is_placed=is_placed)
    return Foreign(events=opened, condensed=opened.condensed(scheme, plan=(plan.start, plan.end)))


def judged_places(
    plan: Plan, by: str | None, organisations: Sequence[str] | None
) -> tuple[str | None, ...]:
    """The organisations to judge by; None alone: the plan as a whole.

    Raises `UsageError` for parameters that `assess` does not take.
    """
    checked(plan, Plan, name="plan", expected=_A_PLAN)
    if by is None:
        if organisations is not None:
            raise UsageError('organisations: given without by="organisation"')
        return (None,)
    asked: Any = by
    if not isinstance(asked, str) or asked != "organisation":
        raise UsageError(f"by: got {by!r}; expected 'organisation' or None")
    if organisations is not None:
        if isinstance(organisations, str):
            raise UsageError(f"organisations: got the text {organisations!r}; expected a list")
        for name in organisations:
            if not str(name or "").strip() or str(name) != name:
                raise UsageError(f"organisations: got {name!r} among them; expected names")
        return tuple(dict.fromkeys(organisations))
    if ORGANISATIONS not in plan.rosters:
        raise UsageError(
            "by: 'organisation' needs a roster 'organisations' in the plan, "
            "or the list organisations="
        )
    return plan.rosters[ORGANISATIONS].ids
