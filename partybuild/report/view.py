"""What a report shows, as plain records: computed once, without a word of any language.

Renderers read these records and nothing else. None is unknown or not applicable; 0 is
counted-and-none; fractions are fractions. Every text has been cleaned by `clean_text`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from partybuild.assessment.words import LIGHT_SIGNS as LIGHT_SIGNS
from partybuild.assessment.words import LIGHT_WORDS as LIGHT_WORDS
from partybuild.assessment.words import STATUS_WORDS as STATUS_WORDS

#: Every status, the worst first: the order in which tables sort them.
STATUS_ORDER = tuple(STATUS_WORDS["en"])
#: Statuses that a report tells as done, as under way, and as short.
DONE = ("met", "late")
UNDER_WAY = ("on_track", "in_progress")
SHORT = ("breached", "missed", "no_data", "behind")


@attrs.frozen(kw_only=True)
class GoalView:
    """What is asked for in one window: `name` is the goal's key, or ``milestone``.

    `name` None: nothing to judge by. `low` and `high` are the numbers as written (a
    tolerance not yet applied), `tolerance` that of ``about``.
    """

    name: str | None = None
    low: float | None = None
    high: float | None = None
    tolerance: float | None = None

    @property
    def is_upper(self) -> bool:
        """Whether it is to be kept under."""
        return self.name in ("at_most", "less_than")

    @property
    def is_band(self) -> bool:
        """Whether both sides count."""
        return self.name in ("exactly", "about", "between")

    @property
    def limit(self) -> float | None:
        """The number an actual value is compared with, where there is one."""
        return self.high if self.is_upper else self.low


@attrs.frozen(kw_only=True)
class TargetSpec:
    """What the plan says of a target; the same for every organisation.

    `per` is the cadence's word, ``"rule"`` for a recurrence rule, None for one window.
    `goal` is the last one set by the report's day, `original` the one before revisions
    (None: never revised), `revised_from` and `reason` say since when and why;
    `is_waived`: the revision in force waives it.
    """

    id: str
    commitment: str
    name: str
    unit: str | None
    measure: str
    is_additive: bool
    is_integer: bool
    per: str | None
    each: str | None
    share: float
    require: int | None
    is_makeup: bool
    start: dt.date
    due: dt.date
    goal: GoalView
    original: GoalView | None = None
    revised_from: dt.date | None = None
    reason: str | None = None
    is_waived: bool = False


@attrs.frozen(kw_only=True)
class MissView:
    """One standing that is short, or about which nothing is known."""

    subject: str | None
    start: dt.date
    end: dt.date
    status: str
    required: float | None
    actual: float | None
    shortfall: float | None
    is_open: bool
    is_recoverable: bool
    days_left: int

    @property
    def is_above(self) -> bool:
        """Whether the actual lies above what is required (of a band: its lower end)."""
        known = self.actual is not None and self.required is not None
        return known and (self.actual or 0.0) > (self.required or 0.0)


@attrs.frozen(kw_only=True)
class AheadView:
    """What is still needed until when, and how fast; None where it cannot be said.

    `needed` is what open and coming windows still ask for and what can be made up,
    `lost` what is short for good, `by` the last day of all that. The rates are in the
    target's unit; `reached_on` is the day the goal is reached at the present pace.
    """

    needed: float | None
    lost: float | None
    by: dt.date | None
    days_left: int | None
    needed_per_week: float | None
    needed_per_month: float | None
    pace_per_week: float | None
    pace_per_month: float | None
    reached_on: dt.date | None


@attrs.frozen(kw_only=True)
class TargetView:
    """A target of one organisation (None: of the plan as a whole) and how it stands.

    `surplus`, `expected` are those of a target of one standing, None for others.
    `is_over`: its last window has closed. `misses`: its standings that are short.
    """

    spec: TargetSpec
    organisation: str | None
    status: str
    light: str
    required: float | None
    actual: float | None
    completion: float | None
    shortfall: float | None
    overdue: float | None
    surplus: float | None
    expected: float | None
    windows: int
    windows_due: int
    windows_met: int
    windows_missed: int
    members: int | None
    members_met: int | None
    last_event: dt.date | None
    is_over: bool
    misses: tuple[MissView, ...]
    ahead: AheadView | None = None

    @property
    def is_due(self) -> bool:
        """Whether any window has begun."""
        return self.windows_due > 0

    @property
    def is_single(self) -> bool:
        """Whether there is one window for everybody together."""
        return self.windows <= 1 and self.spec.each is None

    @property
    def is_above(self) -> bool:
        """Whether what is short is an excess: over an upper goal, or over a band."""
        if self.spec.goal.is_upper or self.status == "breached":
            return True
        is_band = self.spec.goal.is_band and self.is_single
        known = self.actual is not None and self.required is not None
        return is_band and known and (self.actual or 0.0) > (self.required or 0.0)

    @property
    def windows_ahead(self) -> int:
        """Windows neither met nor lost yet."""
        return self.windows - self.windows_met - self.windows_missed

    @property
    def is_mendable(self) -> bool:
        """Whether something is still asked for that can still be done."""
        return (
            self.status not in (*DONE, "breached", "no_data", "unquantified", "waived")
            and self.ahead is not None
            and bool(self.ahead.needed)
            and bool(self.ahead.days_left and self.ahead.days_left > 0)
        )

    @property
    def margin(self) -> float | None:
        """What is left of an additive allowance of one window; None for anything else."""
        is_allowance = self.spec.is_additive and self.spec.goal.is_upper and self.is_single
        if not is_allowance or self.required is None or self.actual is None:
            return None
        return max(0.0, self.required - self.actual)


@attrs.frozen(kw_only=True)
class CommitmentView:
    """A sentence of the plan with its targets."""

    id: str
    text: str
    owner: str | None
    status: str
    light: str
    completion: float | None
    targets: tuple[TargetView, ...]


@attrs.frozen(kw_only=True)
class SectionView:
    """Commitments that stand side by side under one heading (None: no heading)."""

    title: str | None
    commitments: tuple[CommitmentView, ...]

    @property
    def targets(self) -> tuple[TargetView, ...]:
        """The targets of all its commitments, in plan order."""
        return tuple(target for one in self.commitments for target in one.targets)


@attrs.frozen(kw_only=True)
class PlaceView:
    """The whole plan for one organisation, or once (organisation None).

    `counts` and `target_counts`: how many commitments and targets have each status,
    the worst first, without zeros. `lights`: how many targets show each light. `rank` 1 is
    the highest completion; equal ones share a rank.
    """

    organisation: str | None
    completion: float | None
    rank: int | None
    counts: Mapping[str, int]
    target_counts: Mapping[str, int]
    lights: Mapping[str, int]
    sections: tuple[SectionView, ...]

    @property
    def targets(self) -> tuple[TargetView, ...]:
        """Every target, in plan order."""
        return tuple(target for one in self.sections for target in one.targets)


@attrs.frozen(kw_only=True)
class NextView:
    """Next year's plan: for each section its title and its sentences with their targets."""

    title: str
    sections: tuple[tuple[str | None, tuple[tuple[str, tuple[TargetSpec, ...]], ...]], ...]


@attrs.frozen(kw_only=True)
class RemarkView:
    """Something a reader of the figures should know: a code, who or what, and the text."""

    code: str
    organisation: str | None
    target: str | None
    read: str | None
    message: str


@attrs.frozen(kw_only=True)
class ReportView:
    """A whole assessment, ready to be written down.

    `places` holds one entry for each organisation in plan order, or a single one
    without organisation.
    """

    id: str
    title: str
    lang: str
    start: dt.date
    end: dt.date
    as_of: dt.date
    known_at: dt.date | None
    places: tuple[PlaceView, ...]
    remarks: tuple[RemarkView, ...]

    @property
    def is_by_organisation(self) -> bool:
        """Whether organisations were judged one by one."""
        return self.places != () and self.places[0].organisation is not None

    @property
    def is_over(self) -> bool:
        """Whether the plan's last day has come."""
        return self.as_of >= self.end
