"""What a reader of the figures should know, as records that a language can say."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.assessment.specs import TargetSpec
from partybuild.errors import EngineError, Problem
from partybuild.plan import Plan
from partybuild.report.view import RemarkView
from partybuild.texts import one_line, one_line_or_none

_COUNT = re.compile(r"\b(\d+) events?\b")
_DAYS = re.compile(r"(\d{4}-\d\d-\d\d)\.\.(\d{4}-\d\d-\d\d)")


def remark_views(assessment: Assessment, specs: Sequence[TargetSpec]) -> tuple[RemarkView, ...]:
    """The problems and notes of an assessment, in their order."""
    names = {spec.id: spec.name for spec in specs}
    return tuple(_remark(one, assessment, names) for one in assessment.problem_list)


def _remark(one: Problem, assessment: Assessment, names: dict[str, str]) -> RemarkView:
    target, read = one_line_or_none(one.path), one_line_or_none(one.read)
    found = _COUNT.search(one.message)
    is_outside = one.code == "outside-plan"
    days = _DAYS.fullmatch(read or "") if is_outside else None
    is_after = is_outside and "after" in one.message
    is_before = is_outside and not is_after
    return RemarkView(
        code=one.code,
        organisation=one_line_or_none(one.sheet),
        target=None if target is None else names.get(target, target),
        read=read,
        message=one_line(one.message),
        number=int(found[1]) if found else None,
        ids=tuple(read.split(", ")) if is_outside and read and days is None else (),
        days=None
        if days is None
        else (dt.date.fromisoformat(days[1]), dt.date.fromisoformat(days[2])),
        is_after=is_after,
        is_base=is_before and _is_early(assessment, _growing(assessment.plan)),
        is_lasting=is_before and _is_early(assessment, _lasting(assessment.plan), lasting=True),
    )


def _growing(plan: Plan) -> set[str]:
    """The kinds whose events before the plan are the base of a growth."""
    grown = [one for one in plan.targets if one.measure == "growth" and one.baseline == "previous"]
    return {kind for one in grown for kind in one.kinds}


def _lasting(plan: Plan) -> set[str]:
    """The kinds whose days count, also those of events that began before."""
    return {kind for one in plan.targets if one.measure == "days" for kind in one.kinds}


def _is_early(assessment: Assessment, kinds: set[str], *, lasting: bool = False) -> bool:
    """Whether an event of these kinds began before the plan (and lasted into it)."""
    if not kinds:
        return False
    try:
        events = assessment.events
    except EngineError:  # the rows stayed in another engine
        return True
    start = pd.Timestamp(assessment.plan.start)
    is_early = (events["date"] < start) & events["kind"].isin(kinds)
    return bool((is_early & (events["end"] >= start)).any() if lasting else is_early.any())
