"""What this year's plan and the next one say, as a report shows it."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.specs import TargetSpec, plan_specs
from partybuild.errors import UsageError
from partybuild.plan import Plan
from partybuild.report.view import NextView
from partybuild.texts import one_line, one_line_or_none


def target_specs(assessment: Assessment) -> tuple[TargetSpec, ...]:
    """Describe every target of the plan, in plan order."""
    return plan_specs(assessment.plan, assessment.as_of)


def next_view(plan: Any) -> NextView:
    """View next year's plan: a `Plan`, or a draft of one that has ``to_plan()``."""
    if hasattr(plan, "to_plan"):
        plan = plan.to_plan()
    if not isinstance(plan, Plan):
        raise UsageError(f"next_plan: got {type(plan).__name__}; expected a Plan")
    specs = iter(plan_specs(plan, plan.start))
    told = [
        (one.section, (one_line(one.text), tuple(next(specs) for _ in one.targets)))
        for one in plan.commitments
    ]
    sections = tuple(
        (one_line_or_none(title), tuple(sentence for _, sentence in group))
        for title, group in groupby(told, key=lambda pair: pair[0])
    )
    return NextView(sections=sections)


def day_or_none(value: object) -> dt.date | None:
    """Turn a timestamp into a date; NaT and None into None."""
    if value is None or value != value:
        return None
    assert isinstance(value, dt.datetime)
    return value.date()
