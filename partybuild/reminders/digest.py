"""What a week brought, and what the next one asks for: a message of a few lines."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Sequence
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment, assess, checked_assessment
from partybuild.assessment.tolerance import TOLERANCE
from partybuild.errors import UsageError
from partybuild.periods import as_day
from partybuild.reminders.due import (
    Due,
    coming_dues,
    figure,
    members_told,
    span_name,
    summary_of,
    what_is_due,
    window_name,
)
from partybuild.reminders.words import ReminderWords, reminder_words
from partybuild.report.view import DONE, PlaceView, ReportView, TargetSpec, TargetView
from partybuild.report.view_build import report_view
from partybuild.report.view_specs import target_specs
from partybuild.texts import one_line

_DAY = dt.timedelta(days=1)
_RED = ("breached", "missed")
#: Lines of one part; what is more is only counted.
MOST_LINES = 40


@attrs.frozen(kw_only=True)
class Week:
    """Two assessments of one plan, before and after, and the days between them."""

    before: Assessment
    after: Assessment
    since: dt.date
    until: dt.date

    @property
    def views(self) -> tuple[ReportView, ReportView]:
        """Both as report views."""
        return report_view(self.before), report_view(self.after)


def render_digest(
    assessment: Assessment,
    *,
    since: dt.date | str | None = None,
    until: dt.date | str | None = None,
    lang: str | None = None,
) -> str:
    """Write what `since`..`as_of` brought and what falls due up to `until`, as plain text.

    Parts: figures that moved, what was reached, what is missed or overdue (【新】: since
    `since`), what is behind, what is due next. Defaults: the seven days that end with
    `as_of`, and the seven after it. What was "before" is judged by what is known now,
    as of the day before `since`. Parts longer than `MOST_LINES` say how much was left
    out. `lang` None: the plan's own.

    Raises `UsageError` when the days are not in this order, and for a language there
    are no words for.

    >>> from partybuild.plan import Plan
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "name": "例会", "measure": "count", "kind": "例会",
    ...                 "at_least": 1, "per": "quarter", "unit": "次"}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["例会"], "date": ["2021-03-30"]})
    >>> print(render_digest(assess(plan, events, as_of="2021-03-31")).splitlines()[3])
    1. 例会：本期新增1次，累计1次（要求每季度不少于1次）
    """
    own = checked_assessment(assessment).plan.lang
    words = reminder_words(own if lang is None else lang)
    week = _week(assessment, since, until)
    before, after = week.views
    start, end = (words.report.day(day) for day in (week.since, assessment.as_of))
    lines = [words.say("digest", title=words.report.named(after), start=start, end=end)]
    lines += _overview(before, after, words)
    parts = (
        (words.say("fresh"), _fresh(before, after, words)),
        (words.say("done"), _done(week, words)),
        (words.say("overdue"), _overdue(before, after, words)),
        (words.say("behind"), _behind(after, words)),
        (words.say("next", day=words.report.day(week.until)), _next(week, words)),
    )
    for head, texts in parts:
        lines.append(words.say("head", text=head))
        lines += _numbered(list(texts), words)
    return "\n".join(lines) + "\n"


def _week(assessment: Assessment, since: dt.date | str | None, until: dt.date | str | None) -> Week:
    as_of = assessment.as_of
    first = as_of - 6 * _DAY if since is None else as_day(since, "since")
    last = as_of + 7 * _DAY if until is None else as_day(until, "until")
    if first > as_of:
        raise UsageError(f"since: got {first}; expected a day up to as_of, {as_of}")
    if last <= as_of:
        raise UsageError(f"until: got {last}; expected a day after as_of, {as_of}")
    is_placed = bool(assessment.organisations)
    before = assess(
        assessment.plan,
        assessment.events_of(assessment.plan.kinds),
        as_of=first - _DAY,
        known_at=assessment.known_at,
        by="organisation" if is_placed else None,
        organisations=assessment.organisations if is_placed else None,
    )
    return Week(before=before, after=assessment, since=first, until=last)


def _overview(before: ReportView, after: ReportView, words: ReminderWords) -> Iterator[str]:
    for old, new in zip(before.places, after.places, strict=True):
        text = words.say("completion", now=words.report.percent(new.completion))
        if old.completion is not None and old.completion != new.completion:
            text += words.say("was", before=words.report.percent(old.completion))
        lights = {light: new.lights.get(light, 0) for light in ("green", "yellow", "red", "grey")}
        text += words.report.semicolon + words.say("lights", **lights) + words.report.stop
        yield _placed(text, new.organisation, words)


def _placed(text: str, place: str | None, words: ReminderWords) -> str:
    return text if place is None else words.say("place", place=place, text=text)


def _pairs(before: ReportView, after: ReportView) -> Iterator[tuple[TargetView, TargetView]]:
    places: Sequence[tuple[PlaceView, PlaceView]] = list(
        zip(before.places, after.places, strict=True)
    )
    for old, new in places:
        yield from zip(old.targets, new.targets, strict=True)


def _is_same(now: float, before: float) -> bool:
    """Whether a figure stands where it stood, however its sum was formed."""
    return math.isclose(now, before, rel_tol=TOLERANCE, abs_tol=TOLERANCE)


def _fresh(before: ReportView, after: ReportView, words: ReminderWords) -> Iterator[str]:
    report = words.report
    for old, new in _pairs(before, after):
        if new.actual is None or new.spec.measure == "milestone":
            continue
        if old.actual is not None and _is_same(new.actual, old.actual):
            continue
        if old.actual is None and new.actual == 0:
            continue
        told = {
            "name": new.spec.name,
            "now": figure(new.actual, new.spec, words),
            "asked": report.asked(new.spec),
        }
        gain = new.actual - (old.actual or 0.0)
        if new.spec.is_additive and gain > 0:
            text = words.say("grown", more=report.amount(gain, new.spec.unit), **told)
        elif old.actual is None:
            text = words.say("first", **told)
        else:
            text = words.say("moved", before=figure(old.actual, new.spec, words), **told)
        yield _placed(text, new.organisation, words)


def _done(week: Week, words: ReminderWords) -> Iterator[str]:
    """What is met now and was not before, one line for each target."""
    plan = week.after.plan
    owners = [(one.id, target.id) for one in plan.commitments for target in one.targets]
    specs = dict(zip(owners, target_specs(week.after), strict=True))
    was = week.before.standings["status"].isin(DONE).to_numpy()
    now = week.after.standings["status"].isin(DONE).to_numpy()
    rows = week.after.standings[now & ~was]
    keys = ["commitment", "target", "organisation", "status"]
    grouped: Any = rows.groupby(keys, sort=False, observed=True, dropna=False)
    for key, group in grouped:
        spec = specs[key[0], key[1]]
        spans = list(dict.fromkeys(zip(group["start"], group["end"], strict=True)))
        told = {"name": spec.name, "window": _windows_told(spec, spans, words)}
        if spec.each is None:
            text = words.say("met", status=words.report.status(str(key[3])), **told)
        else:
            text = words.say(
                "members_met", number=words.report.members(spec, group["subject"].nunique()), **told
            )
        place = None if pd.isna(key[2]) else one_line(str(key[2]))
        yield _placed(text, place, words)


def _windows_told(
    spec: TargetSpec, spans: Sequence[tuple[pd.Timestamp, pd.Timestamp]], words: ReminderWords
) -> str:
    """One window by its name, several by the first and the last."""
    days = [(start.date(), end.date()) for start, end in spans]
    if len(days) == 1:
        return window_name(spec, days[0], words)
    first, last = (span_name(spec, one, words) for one in (days[0], days[-1]))
    return words.say("several", first=first, last=last, number=len(days))


def _overdue(before: ReportView, after: ReportView, words: ReminderWords) -> Iterator[str]:
    for old, new in _pairs(before, after):
        is_bad = new.status in _RED or (new.status == "no_data" and new.light == "red")
        if not is_bad:
            continue
        mark = "" if old.status == new.status else words.say("is_new")
        yield mark + _placed(words.report.shortage(new), new.organisation, words)


def _behind(after: ReportView, words: ReminderWords) -> Iterator[str]:
    for place in after.places:
        for target in place.targets:
            if target.status == "behind":
                yield _placed(words.report.shortage(target), target.organisation, words)


def _next(week: Week, words: ReminderWords) -> Iterator[str]:
    """What is due, the nearest first; windows of a target that ask for the same in one line."""
    groups: dict[tuple[str, ...], list[Due]] = {}
    for due in coming_dues(week.after, until=week.until):
        # A key ends with its window; what was missed is told apart from what comes.
        same = (*due.key[:-1], what_is_due(due, words), str(due.is_makeup))
        groups.setdefault(same, []).append(due)
    for dues in groups.values():
        first = dues[0]
        if len(dues) == 1 or first.is_makeup or first.members:
            lines = [_due_line(due, words) for due in dues]
        else:
            spans = [(pd.Timestamp(due.start), pd.Timestamp(due.end)) for due in dues]
            windows = _windows_told(first.spec, spans, words)
            what = what_is_due(first, words)
            lines = [words.say("each_of", name=first.spec.name, windows=windows, what=what)]
        yield from (_placed(line, first.place, words) for line in lines)


def _due_line(due: Due, words: ReminderWords) -> str:
    text = words.say("by_day", day=words.report.day(due.day), text=summary_of(due, words))
    if due.members:
        text += words.report.semicolon + members_told(due, words)
    return text


def _numbered(texts: Sequence[str], words: ReminderWords) -> Iterator[str]:
    if not texts:
        yield words.say("none")
    for number, text in enumerate(texts[:MOST_LINES], start=1):
        yield words.say("item", number=number, text=text)
    if len(texts) > MOST_LINES:
        yield words.say("rest", number=len(texts) - MOST_LINES)
