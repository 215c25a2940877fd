"""What the plan says of its targets, as a report shows it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from partybuild.assessment.assessment import Assessment
from partybuild.errors import UsageError
from partybuild.goals import Goals
from partybuild.plan import Commitment, Plan
from partybuild.report.view import GoalView, NextView, TargetSpec
from partybuild.report.view_texts import clean_or_none, clean_text
from partybuild.target import Target


def target_specs(assessment: Assessment) -> tuple[TargetSpec, ...]:
    """Describe every target of the plan, in plan order."""
    return plan_specs(assessment.plan, assessment.as_of)


def plan_specs(plan: Plan, day: dt.date) -> tuple[TargetSpec, ...]:
    """Describe every target of `plan` as its goals stand on a day."""
    return tuple(
        _spec(target, commitment, (plan, day))
        for commitment in plan.commitments
        for target in commitment.targets
    )


def next_view(plan: Any) -> NextView:
    """View next year's plan: a `Plan`, or a draft of one that has ``to_plan()``."""
    if hasattr(plan, "to_plan"):
        plan = plan.to_plan()
    if not isinstance(plan, Plan):
        raise UsageError(f"next_plan: got {type(plan).__name__}; expected a Plan")
    specs = iter(plan_specs(plan, plan.start))
    told = [
        (one.section, (clean_text(one.text), tuple(next(specs) for _ in one.targets)))
        for one in plan.commitments
    ]
    sections = tuple(
        (clean_or_none(title), tuple(sentence for _, sentence in group))
        for title, group in groupby(told, key=lambda pair: pair[0])
    )
    return NextView(title=clean_text(plan.title or plan.id), sections=sections)


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
        id=clean_text(target.id),
        commitment=clean_text(commitment.id),
        name=clean_text(target.label),
        unit=clean_or_none(target.unit),
        measure=target.measure,
        is_additive=target.measure_kind.is_additive,
        is_integer=target.measure_kind.is_integer,
        per=target.cadence.per or ("rule" if target.cadence.rule else None),
        each=clean_or_none(target.each),
        share=target.share,
        require=target.require,
        is_makeup=target.makeup,
        start=span.start,
        due=span.end,
        goal=goal,
        original=None if holding is None else original,
        revised_from=None if holding is None else holding.from_,
        reason=None if holding is None else clean_or_none(holding.reason),
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


def day_or_none(value: object) -> dt.date | None:
    """Turn a timestamp into a date; NaT and None into None."""
    if value is None or value != value:
        return None
    assert isinstance(value, dt.datetime)
    return value.date()
