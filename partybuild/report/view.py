"""What a report shows, as plain records: computed once, without a word of any language.

Renderers read these records and nothing else. None is unknown or not applicable; 0 is
counted-and-none; fractions are fractions. Every text has been put on `one_line`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import attrs

from partybuild.assessment.specs import GoalView as GoalView
from partybuild.assessment.specs import TargetFigures
from partybuild.assessment.specs import TargetSpec as TargetSpec
from partybuild.assessment.words import LIGHT_SIGNS as LIGHT_SIGNS
from partybuild.assessment.words import SHOWN_WORDS, STATUS_WORDS

#: Every status, the worst first: the order in which tables sort them.
STATUS_ORDER = tuple(STATUS_WORDS["en"])
#: The same with the word of allowances used too fast, as they are counted.
SHOWN_ORDER = tuple(SHOWN_WORDS["en"])
#: Statuses that a report tells as done, and as short.
DONE = ("met", "late")
SHORT = ("breached", "missed", "no_data", "behind")


@attrs.frozen(kw_only=True)
class MissView:
    """One standing that is short, or about which nothing is known.

    `is_spared`: enough other members reach the goal in its window.
    """

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
    is_spared: bool = False

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
class TargetView(TargetFigures):
    """A target of one organisation (None: of the plan as a whole) and how it stands.

    `surplus`, `expected` are those of a target of one standing, None for others.
    `misses`: its standings that are short.
    """

    organisation: str | None
    overdue: float | None
    surplus: float | None
    expected: float | None
    last_event: dt.date | None
    misses: tuple[MissView, ...]
    ahead: AheadView | None = None

    @property
    def is_above(self) -> bool:
        """Whether what is short is an excess: over an upper goal, or over a band."""
        if self.spec.goal.is_upper or self.status == "breached":
            return True
        if not self.spec.goal.is_band:
            return False
        if not self.is_single:
            return any(miss.is_above for miss in self.misses if miss.is_recoverable)
        known = self.actual is not None and self.required is not None
        return known and (self.actual or 0.0) > (self.required or 0.0)

    @property
    def is_idle(self) -> bool:
        """Whether nothing has been done yet for a number that is to be reached."""
        is_open = self.status in ("on_track", "behind") and self.is_single
        return (
            is_open and self.actual == 0 and self.spec.is_additive and not self.spec.goal.is_upper
        )

    @property
    def bound(self) -> float | None:
        """The end of a band that is not kept: the nearer one."""
        if self.actual is None or self.shortfall is None:
            return None
        return self.actual - self.shortfall if self.is_above else self.required

    @property
    def is_lost(self) -> bool:
        """Whether the goal can no longer be reached, whatever is done."""
        if self.status == "breached":
            return True
        is_gone = not any(miss.is_recoverable for miss in self.misses)
        return self.status == "missed" and (is_gone or bool(self.ahead and self.ahead.lost))

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

    `counts`: how many commitments have each status, `target_counts`: how many targets
    show each status word, the worst first, without zeros. `lights`: how many targets
    show each light. `rank` 1 is the highest completion; equal ones share a rank.
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

    sections: tuple[tuple[str | None, tuple[tuple[str, tuple[TargetSpec, ...]], ...]], ...]


@attrs.frozen(kw_only=True)
class RemarkView:
    """Something a reader of the figures should know: a code, who or what, and the text.

    `number`: of how many events (None: not said); a few of them by their `ids`, more by
    the first and the last of their `days`. Of events dated before the plan: whether some
    are the base of a growth (`is_base`), and whether some last into it (`is_lasting`).
    """

    code: str
    organisation: str | None
    target: str | None
    read: str | None
    message: str
    number: int | None = None
    ids: tuple[str, ...] = ()
    days: tuple[dt.date, dt.date] | None = None
    is_after: bool = False
    is_base: bool = False
    is_lasting: bool = False


@attrs.frozen(kw_only=True)
class ReportView:
    """A whole assessment, ready to be written down.

    `places` holds one entry for each organisation in plan order, or a single one
    without organisation. `title` is empty where the plan has none.
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
