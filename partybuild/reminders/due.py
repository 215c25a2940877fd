"""What falls due, one entry for each target and window, its members drawn together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.coming import agenda
from partybuild.plan import Commitment
from partybuild.reminders.words import ReminderWords
from partybuild.report.view import MissView, TargetSpec
from partybuild.report.view_specs import target_specs
from partybuild.texts import one_line, one_line_or_none

_KEYS = ["due", "organisation", "commitment", "target", "window"]
#: Members named one by one.
MOST_NAMED = 12


@attrs.frozen(kw_only=True)
class Due:
    """One window of one target that asks for something by `day`.

    `needed` is the sum over its members (None: not known); `start`, `end` are the
    window's, `end` before `day` where it is to be made up. `members` are the names of
    those who are not done; empty without `each`. `key` tells it from all others of the
    same plan, whatever the day.
    """

    day: dt.date
    days_left: int
    place: str | None
    commitment: Commitment
    spec: TargetSpec
    start: dt.date
    end: dt.date
    needed: float | None
    actual: float | None
    is_ahead: bool
    is_report: bool
    status: str
    members: tuple[str, ...]
    key: tuple[str, ...]

    @property
    def is_makeup(self) -> bool:
        """Whether its window has passed and it can be made up."""
        return self.end < self.day

    @property
    def is_above(self) -> bool:
        """Whether a level lies above its band, so that it has to come down."""
        goal, is_level = self.spec.goal, not self.spec.is_additive
        known = self.actual is not None and goal.high is not None
        return goal.is_band and is_level and known and (self.actual or 0.0) > (goal.high or 0.0)


def coming_dues(assessment: Assessment, *, until: dt.date | str) -> tuple[Due, ...]:
    """What falls due after `as_of` and up to `until`, the nearest first."""
    rows = agenda(assessment, until=until)
    ends = _window_ends(assessment)
    plan = assessment.plan
    pairs = [(one, target) for one in plan.commitments for target in one.targets]
    specs = dict(
        zip(
            [(one.id, target.id) for one, target in pairs],
            zip(target_specs(assessment), pairs, strict=True),
            strict=True,
        )
    )
    names = {member.id: member.label for roster in plan.rosters.values() for member in roster}
    dues = []
    keyed: Any = rows.groupby(_KEYS, sort=False, observed=True, dropna=False)
    for key, group in keyed:
        place = None if pd.isna(key[1]) else str(key[1])
        spec, (commitment, target) = specs[key[2], key[3]]
        if spec.goal.is_upper and not target.nil_return:  # made a limit by a revision
            continue
        first = group.iloc[0]
        is_ahead = bool((group["status"] == "upcoming").all())
        subjects = [str(one) for one in group["subject"].dropna()]
        dues.append(
            Due(
                day=key[0].date(),
                days_left=int(first["days_left"]),
                place=one_line_or_none(place),
                commitment=commitment,
                spec=spec,
                start=first["start"].date(),
                end=ends[key[2], key[3], key[4]],
                needed=_total(group["needed"]),
                actual=_total(group["actual"]),
                is_ahead=is_ahead,
                is_report=spec.goal.is_upper,
                status=str(first["status"]),
                members=tuple(one_line(names.get(one, one)) for one in subjects),
                key=(plan.id, place or "", str(key[2]), str(key[3]), str(key[4])),
            )
        )
    return tuple(dues)


def _window_ends(assessment: Assessment) -> dict[tuple[Any, ...], dt.date]:
    columns = ["commitment", "target", "window"]
    rows = assessment.standings[[*columns, "end"]].drop_duplicates(columns)
    keys = zip(*(rows[name].tolist() for name in columns), strict=True)
    return {key: end.date() for key, end in zip(keys, rows["end"].tolist(), strict=True)}


def _total(column: pd.Series[Any]) -> float | None:
    known = column.dropna()
    return float(known.sum()) if len(known) else None


def what_is_due(due: Due, words: ReminderWords) -> str:
    """What is to be done, as a few words: 还差2次."""
    spec, report = due.spec, words.report
    if spec.measure == "milestone":
        return words.say("to_finish")
    if due.is_report and not due.needed:
        return words.say("to_report")
    if due.status == "no_data":
        return words.say("no_data")
    if due.needed is None or (due.needed == 0 and not due.is_ahead):
        return words.say("to_measure")
    if not spec.is_additive and (due.is_ahead or due.members):
        return words.say("to_reach", goal=report.goal(spec))
    if due.is_ahead:
        return words.say("to_do", amount=report.amount(due.needed, spec.unit))
    key = "above" if due.is_above else "left"
    return words.say(key, gap=report.gap(due.needed, spec.unit))


def window_name(spec: TargetSpec, span: tuple[dt.date, dt.date], words: ReminderWords) -> str:
    """The name of a window in brackets, such as （三季度）; empty for the only one."""
    return "" if spec.per is None else words.say("window", window=span_name(spec, span, words))


def span_name(spec: TargetSpec, span: tuple[dt.date, dt.date], words: ReminderWords) -> str:
    """The name of a window, such as 三季度."""
    start, end = span
    window = MissView(
        subject=None,
        start=start,
        end=end,
        status="upcoming",
        required=None,
        actual=None,
        shortfall=None,
        is_open=True,
        is_recoverable=False,
        days_left=0,
    )
    return words.report.window(spec, window)


def summary_of(due: Due, words: ReminderWords) -> str:
    """One line: name, window and what is to be done."""
    what = what_is_due(due, words)
    if due.is_makeup:
        what += words.say("overdue_yet" if due.spec.measure == "milestone" else "makeup")
    window = window_name(due.spec, (due.start, due.end), words)
    return words.say("summary", name=due.spec.name, window=window, what=what)


def figure(value: float, spec: TargetSpec, words: ReminderWords) -> str:
    """What was measured; growth as a rise or a fall, nothing rounded onto its goal."""
    if spec.measure == "growth":
        return words.report.moved(spec, value)
    return words.report.amount(value, spec.unit, limit=spec.goal.limit)


def members_told(due: Due, words: ReminderWords) -> str:
    """Who is not done yet, the first of many by name."""
    names = words.report.comma.join(due.members[:MOST_NAMED])
    if len(due.members) > MOST_NAMED:
        names += words.say("more_members")
    number = words.report.members(due.spec, len(due.members))
    return words.say("members", number=number, names=names)
