"""What the plan says of its targets as of a day, as plain records without a word of any language.

Reports and notebooks read these records. None is unknown or not applicable; 0 is
counted-and-none; fractions are fractions. Every text has been cleaned by `one_line`.
"""

from __future__ import annotations

import datetime as dt

import attrs

from partybuild.goals import Goals
from partybuild.plan import Commitment, Plan
from partybuild.target import Target
from partybuild.texts import one_line, one_line_or_none


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
    `is_waived`: the revision in force waives it. `ends_early`: `due` lies before the
    plan's end.
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
    ends_early: bool
    goal: GoalView
    original: GoalView | None = None
    revised_from: dt.date | None = None
    reason: str | None = None
    is_waived: bool = False

    @property
    def is_allowance(self) -> bool:
        """Whether it is a limit that is used up, such as a number of meetings in the year."""
        return self.is_additive and self.goal.is_upper

    @property
    def is_none_allowed(self) -> bool:
        """Whether nothing of the kind may happen at all."""
        return self.is_additive and self.goal.name == "at_most" and self.goal.high == 0


@attrs.frozen(kw_only=True)
class TargetFigures:
    """How a target stands, as the tables of reports and notebooks show it.

    The figures are those of the frame `targets`, None where they are unknown;
    `is_over`: the last window has closed.
    """

    spec: TargetSpec
    status: str
    light: str
    required: float | None
    actual: float | None
    completion: float | None
    shortfall: float | None
    windows: int
    windows_due: int
    windows_met: int
    windows_missed: int
    members: int | None
    members_met: int | None
    is_over: bool

    @property
    def is_due(self) -> bool:
        """Whether any window has begun."""
        return self.windows_due > 0

    @property
    def is_single(self) -> bool:
        """Whether there is one window for everybody together."""
        return self.windows <= 1 and self.spec.each is None

    @property
    def windows_ahead(self) -> int:
        """Windows neither met nor lost yet."""
        return self.windows - self.windows_met - self.windows_missed

    @property
    def shown_status(self) -> str:
        """The key of the status's word: an allowance is not behind, it is used too fast."""
        is_fast = self.status == "behind" and self.spec.is_allowance
        return "used_fast" if is_fast else self.status

    @property
    def tells_members(self) -> bool:
        """Whether the number of members who reached the goal says something by now."""
        if self.spec.each is None or self.members is None or not self.is_due:
            return False
        return self.is_over or (self.windows <= 1 and not self.spec.goal.is_upper)


def plan_specs(plan: Plan, day: dt.date) -> tuple[TargetSpec, ...]:
    """Describe every target of `plan` as its goals stand on a day, in plan order."""
    return tuple(
        _spec(target, commitment, (plan, day))
        for commitment in plan.commitments
        for target in commitment.targets
    )


def _spec(target: Target, commitment: Commitment, told: tuple[Plan, dt.date]) -> TargetSpec:
    plan, day = told
    span = target.span(plan.period)
    assert span is not None  # a plan refuses targets without a span
    last_day = min(span.end, day)
    revisions = sorted(target.revisions, key=lambda revision: revision.from_)
    begun = [revision for revision in revisions if revision.from_ <= last_day]
    holding = begun[-1] if begun else None
    changes = [revision for revision in begun if not revision.waived]
    original = goal_view(target, target)
    goal = goal_view(changes[-1], target) if changes else original
    return TargetSpec(
        id=one_line(target.id),
        commitment=one_line(commitment.id),
        name=one_line(target.label),
        unit=one_line_or_none(target.unit),
        measure=target.measure,
        is_additive=target.measure_kind.is_additive,
        is_integer=target.measure_kind.is_integer,
        per=target.cadence.per or ("rule" if target.cadence.rule else None),
        each=one_line_or_none(target.each),
        share=target.share,
        require=target.require,
        is_makeup=target.makeup,
        start=span.start,
        due=span.end,
        ends_early=span.end < plan.end,
        goal=goal,
        original=None if holding is None else original,
        revised_from=None if holding is None else holding.from_,
        reason=None if holding is None else one_line_or_none(holding.reason),
        is_waived=holding is not None and holding.waived,
    )


def goal_view(goals: Goals, target: Target) -> GoalView:
    """Turn a goal of the plan into neutral numbers, as they were written."""
    if target.measure == "milestone":
        return GoalView(name="milestone", low=1.0)
    if not goals.is_quantified:
        return GoalView()
    name, value = goals.goal, goals.value
    if isinstance(value, tuple):
        return GoalView(name=name, low=float(value[0]), high=float(value[1]))
    assert isinstance(value, int | float)
    number = float(value)
    view = GoalView(name=name, low=number, high=number)
    if name == "about":
        tolerance = target.tolerance if goals.tolerance is None else goals.tolerance
        return GoalView(name=name, low=number, high=number, tolerance=float(tolerance or 0.0))
    return view
