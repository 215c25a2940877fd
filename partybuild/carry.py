"""`carry_forward`: an assessed year -> the draft of next year's plan, to confirm, not to obey."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Mapping
from html import escape
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.errors import UsageError, nearest
from partybuild.faults import checked
from partybuild.measures import GOALS
from partybuild.origin import Origin
from partybuild.periods import Period, as_day, shift_years
from partybuild.plan import Commitment, Plan
from partybuild.roster import Member, Roster
from partybuild.target import Target
from partybuild.texts import one_line

#: Days as rules write them, of DTSTART and UNTIL.
_DATED = re.compile(r"(?<!\d)\d{8}(?!\d)")
_OPEN = ("behind", "in_progress", "on_track", "upcoming")

#: What to do with a lower goal on a sum that was not reached.
POLICIES = ("restart", "add", "keep")

#: What became of a target on its way into the next year.
ACTIONS = {
    "recur": "asked for again, as it was",
    "restart": "not reached; asked for again, as it was",
    "add": "not reached; the shortfall is added to the goal",
    "keep": "not reached; only the shortfall is asked for",
    "open": "the year was not over; asked for again, as it was",
    "baseline": "asked for again, from the last reading",
    "hold": "reached; to be held, so that there is no way left to measure from a baseline",
    "again": "not done; asked for again by the same day of the new year",
    "done": "done; dropped",
    "waived": "was waived; asked for again, to be confirmed",
    "quantify": "had no number; still to be filled in",
}


@attrs.frozen(kw_only=True)
class Carried:
    """One target on its way into the next year.

    `before` is the target as it was, `after` the proposal (None: dropped),
    `action` a key of `ACTIONS`, `status` and `actual` how the year ended.
    """

    commitment: str
    before: Target
    after: Target | None
    action: str
    status: str
    actual: float | None

    @property
    def why(self) -> str:
        """The action in words."""
        return ACTIONS[self.action]


@attrs.frozen(kw_only=True, repr=False)
class NextPlan:
    """The draft of next year's plan: every target with what was done to it and why.

    `to_plan()` gives the plan; `frame` the table to discuss.
    """

    carried: tuple[Carried, ...]
    plan: Plan

    def to_plan(self) -> Plan:
        """Return the proposed plan, ready to be written, corrected and read again."""
        return self.plan

    @property
    def frame(self) -> pd.DataFrame:
        """One row a target.

        Columns: commitment, target, name, status, actual, goal, old (the goal's
        value), new (None: dropped), baseline (the new one), action, why.
        """
        rows = [
            {
                "commitment": one.commitment,
                "target": one.before.id,
                "name": one.before.label,
                "status": one.status,
                "actual": one.actual,
                "goal": one.before.goal,
                "old": one.before.value,
                "new": None if one.after is None else one.after.value,
                "baseline": None if one.after is None else one.after.baseline,
                "action": one.action,
                "why": one.why,
            }
            for one in self.carried
        ]
        columns = ["commitment", "target", "name", "status", "actual", "goal", "old", "new"]
        return pd.DataFrame(rows, columns=[*columns, "baseline", "action", "why"], dtype=object)

    def __repr__(self) -> str:
        kept = sum(one.after is not None for one in self.carried)
        return f"<NextPlan {self.plan.id!r}: {kept} of {len(self.carried)} targets carried>"

    def _repr_html_(self) -> str:
        shown = self.frame.map(lambda one: "" if one is None else one_line(str(one)))
        return f"<p><b>{escape(one_line(repr(self)[1:-1]))}</b></p>" + shown.to_html(
            index=False, border=0
        )


def carry_forward(
    assessment: Assessment,
    *,
    start: dt.date | str,
    end: dt.date | str,
    policy: str | Mapping[str, str] = "restart",
    plan_id: str | None = None,
) -> NextPlan:
    """Propose next year's plan from an assessed year.

    What recurs is asked for again; a milestone that was done is dropped, one that
    was not gets the same day of the new year; a level starts from its last
    reading, and one that has reached its goal is to be held. `policy` says what
    becomes of a sum over the year that was missed: ``restart`` (the same goal),
    ``add`` (goal + shortfall) or ``keep`` (the shortfall alone); a mapping gives it
    target by target, with ``"*"`` for the others. Goals of windows and of members
    begin anew. Each proposal keeps its origin. Revisions are spent: the goal in
    force at the end is carried. Dates move with the plan, those of rules too.

    `plan_id` names the new plan; None: the old id with the new year in it.

    Raises `UsageError` for an unknown policy, and for an assessment by organisation.

    >>> from partybuild.assessment.assessment import assess
    >>> target = Target(id="t", measure="count", kind="督查", at_least=12)
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31",
    ...             commitment=[Commitment(id="1", target=[target])])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    >>> year = assess(plan, events, as_of="2021-12-31")
    >>> carry_forward(year, start="2022-01-01", end="2022-12-31", policy="add").plan.targets
    (Target('t', count of 督查 at_least 23),)
    """
    if checked_assessment(assessment).organisations:
        raise UsageError("carry_forward: takes an assessment of the whole, not by organisation")
    if plan_id is not None:
        checked(plan_id, str, name="plan_id", expected="a short text")
    policies = _policies(assessment.plan, policy)
    period = Period(as_day(start, "start"), as_day(end, "end"))
    results = assessment.targets.astype(object).to_dict("records")
    carried = [
        _carry(target, row, (policies.get(target.id, policies["*"]), assessment.plan, period))
        for target, row in zip(assessment.plan.targets, results, strict=True)
    ]
    plan = _next_plan(assessment.plan, tuple(carried), (period, plan_id))
    return NextPlan(carried=tuple(carried), plan=plan)


def _policies(plan: Plan, policy: str | Mapping[str, str]) -> dict[str, str]:
    if not isinstance(policy, Mapping | str):
        expected = f"one of {', '.join(POLICIES)}, or a mapping from targets to them"
        raise UsageError(f"policy: got {type(policy).__name__}; expected {expected}")
    policies = {"*": policy} if isinstance(policy, str) else {"*": "restart", **policy}
    ids = [target.id for target in plan.targets]
    for name, value in policies.items():
        if name != "*" and name not in ids:
            hint = nearest(name, ids)
            raise UsageError(f"policy: no target {name!r}" + (f"; {hint}" if hint else ""))
        if value not in POLICIES:
            raise UsageError(f"policy: got {value!r}; expected one of {', '.join(POLICIES)}")
    return policies


def _carry(target: Target, row: Mapping[Any, Any], told: tuple[str, Plan, Period]) -> Carried:
    policy, plan, period = told
    status, actual = str(row["status"]), _number(row["actual"])
    action, changes = _change(target, row, policy)
    after = None
    if action != "done":
        origin = Origin(file=plan.id, text=ACTIONS[action])
        moved = {**_in_force(target), **_moved_dates(target, plan, period), **changes}
        after = attrs.evolve(target, revisions=(), origin=origin, **moved)
    return Carried(
        commitment=str(row["commitment"]),
        before=target,
        after=after,
        action=action,
        status=status,
        actual=actual,
    )


def _number(value: Any) -> float | None:
    return None if value is None or math.isnan(value) else float(value)


def _change(target: Target, row: Mapping[Any, Any], policy: str) -> tuple[str, dict[str, Any]]:
    """What to do with a target, and the parameters that change by it."""
    status, actual = row["status"], _number(row["actual"])
    if target.measure == "milestone":
        return ("done" if status in ("met", "late") else "again"), {}
    if status == "waived":
        return "waived", {}
    if not target.is_quantified:
        return "quantify", {}
    if isinstance(target.baseline, int | float) and actual is not None:
        if target.measure != "growth" and status in ("met", "on_track") and _is_reached(row):
            return "hold", {"baseline": None}
        return "baseline", {"baseline": _new_baseline(target, actual)}
    shortfall = _number(row["shortfall"])
    is_sum = target.measure_kind.is_additive and target.goal in ("at_least", "more_than")
    if status in _OPEN:
        return "open", {}
    if status != "missed" or not is_sum or not shortfall or target.per or target.each:
        return ("restart" if status in ("missed", "breached") else "recur"), {}
    if policy == "restart":
        return policy, {}
    goals = attrs.evolve(target, revisions=(), **_in_force(target))
    assert goals.goal is not None
    assert isinstance(goals.value, int | float)
    new = shortfall if policy == "keep" else goals.value + shortfall
    if policy == "keep" and goals.goal == "more_than" and target.measure_kind.is_integer:
        new -= 1  # more than 10 is at least 11
    return policy, {goals.goal: _whole(round(new, 9))}


def _is_reached(row: Mapping[Any, Any]) -> bool:
    """Whether the last reading stands where the goal wants it, so that no way is left to it."""
    completion = _number(row["completion"])
    return completion is not None and completion >= 1


def _new_baseline(target: Target, actual: float) -> float:
    """The last reading; of a growth the value it grew to."""
    assert isinstance(target.baseline, int | float)
    value = target.baseline * (1 + actual) if target.measure == "growth" else actual
    return _whole(round(value, 9))


def _whole(value: float) -> float:
    return int(value) if float(value).is_integer() else value


def _in_force(target: Target) -> dict[str, Any]:
    """The goal parameters at the end of the year: those of the last revision that set one."""
    goals = [one for one in sorted(target.revisions, key=lambda one: one.from_) if not one.waived]
    if not goals:
        return {}
    tolerance = goals[-1].tolerance if goals[-1].tolerance is not None else target.tolerance
    is_about = goals[-1].goal == "about"
    values: dict[str, Any] = {name: getattr(goals[-1], name) for name in GOALS}
    return {**values, "tolerance": tolerance if is_about else None}


def _moved_dates(target: Target, plan: Plan, period: Period) -> dict[str, Any]:
    """The dates of a target, moved by as many years as the plan, and kept inside it."""
    years = period.start.year - plan.start.year

    def moved(day: dt.date | None) -> dt.date | None:
        return None if day is None else min(max(shift_years(day, years), period.start), period.end)

    def moved_text(found: re.Match[str]) -> str:
        return f"{shift_years(dt.date.fromisoformat(found[0]), years):%Y%m%d}"

    schedule = tuple(attrs.evolve(one, by=moved(one.by)) for one in target.schedule)
    per = target.per
    if isinstance(per, Mapping):
        per = {**per, "rrule": _DATED.sub(moved_text, str(per["rrule"]))}
    return {
        "per": per,
        "start": moved(target.start),
        "end": moved(target.end),
        "deadline": moved(target.deadline),
        "schedule": schedule,
    }


def _next_plan(plan: Plan, carried: tuple[Carried, ...], told: tuple[Period, str | None]) -> Plan:
    period, name = told
    commitments = []
    at = 0
    for commitment in plan.commitments:
        own = carried[at : at + len(commitment.targets)]
        at += len(commitment.targets)
        targets = tuple(one.after for one in own if one.after is not None)
        if targets or not commitment.targets:
            origin = Origin(file=plan.id, text=commitment.text or None)
            commitments.append(_commitment(commitment, targets, origin))
    return attrs.evolve(
        plan,
        id=name or _next_year(plan.id, plan, period),
        title=_next_year(plan.title, plan, period),
        start=period.start,
        end=period.end,
        rosters={key: _roster(roster, period) for key, roster in plan.rosters.items()},
        commitment=tuple(commitments),
        origin=None,
    )


def _commitment(commitment: Commitment, targets: tuple[Target, ...], origin: Origin) -> Commitment:
    return attrs.evolve(commitment, target=targets, origin=origin)


def _next_year(text: str, plan: Plan, period: Period) -> str:
    """The same words with the new year in them."""
    return text.replace(str(plan.start.year), str(period.start.year))


def _roster(roster: Roster, period: Period) -> Roster:
    """Those who still belong in the new year; a date of joining that lies behind is dropped."""
    members = [
        _stayer(member, period)
        for member in roster
        if member.to is None or member.to >= period.start
    ]
    return Roster(name=roster.name, members=members)


def _stayer(member: Member, period: Period) -> Member:
    has_begun = member.from_ is not None and member.from_ <= period.start
    return attrs.evolve(member, from_=None) if has_begun else member
