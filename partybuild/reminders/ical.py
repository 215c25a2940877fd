"""What is due, as an iCalendar file (RFC 5545)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterator

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.reminders.due import Due, coming_dues, figure, members_told, summary_of
from partybuild.reminders.words import ReminderWords, reminder_words
from partybuild.texts import one_line

_FOLD = 75
#: Nine in the morning, seven days and one day before an all-day entry begins.
_ALARMS = ((7, "-P6DT15H"), (1, "-PT15H"))


def render_ical(assessment: Assessment, *, until: dt.date | str, lang: str | None = None) -> str:
    r"""Write what falls due after `as_of`, up to `until`, as a calendar that phones import.

    An all-day entry for each target and window (and organisation), with what is to be
    done in its title, promise, figures and members in its text, and two reminders. The
    same assessment gives the same text: identifiers come from plan, organisation,
    target and window, the stamp from `as_of`. A calendar of a later day replaces the
    entries of an earlier one when it is imported again. `lang` None: the plan's own.

    Raises `UsageError` when `until` is not after `as_of`, and for a language there are
    no words for.

    >>> import pandas as pd
    >>> from partybuild.assessment.assessment import assess
    >>> from partybuild.plan import Plan
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "name": "例会", "measure": "count", "kind": "例会",
    ...                 "at_least": 1, "per": "quarter", "unit": "次"}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["例会"], "date": ["2021-04-05"]})
    >>> year = assess(plan, events, as_of="2021-06-30")
    >>> text = render_ical(year, until="2021-09-30")
    >>> [line for line in text.split("\r\n") if line[:7] in ("SUMMARY", "DTSTART", "DTSTAMP")]
    ['DTSTAMP:20210630T000000Z', 'DTSTART;VALUE=DATE:20210930', 'SUMMARY:例会（三季度）：须完成1次']
    """
    own = checked_assessment(assessment).plan.lang
    words = reminder_words(own if lang is None else lang)
    dues = coming_dues(assessment, until=until)
    plan = assessment.plan
    title = one_line(plan.title or words.report.words["untitled"].format(id=plan.id))
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//partybuild//agenda//EN",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{_escaped(title)}",
        *(line for due in dues for line in _entry(due, assessment, words)),
        "END:VCALENDAR",
    ]
    return "".join(f"{folded(line)}\r\n" for line in lines)


def _entry(due: Due, assessment: Assessment, words: ReminderWords) -> Iterator[str]:
    stamp = f"{assessment.as_of:%Y%m%d}T000000Z"
    summary = summary_of(due, words)
    if due.place is not None:
        summary = words.say("place", place=due.place, text=summary)
    yield "BEGIN:VEVENT"
    yield f"UID:{identifier(due)}"
    yield f"DTSTAMP:{stamp}"
    yield f"LAST-MODIFIED:{stamp}"
    # Later days count higher, so that calendars take them for the newer version.
    yield f"SEQUENCE:{max(0, (assessment.as_of - assessment.plan.start).days)}"
    yield f"DTSTART;VALUE=DATE:{due.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{due.day + dt.timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{_escaped(summary)}"
    yield f"DESCRIPTION:{_escaped(chr(10).join(_description(due, words)))}"
    yield "TRANSP:TRANSPARENT"
    for days, trigger in _ALARMS:
        if due.days_left >= days:
            day = words.report.day(due.day)
            yield "BEGIN:VALARM"
            yield "ACTION:DISPLAY"
            yield f"TRIGGER:{trigger}"
            yield f"DESCRIPTION:{_escaped(words.say('alarm', day=day, summary=summary))}"
            yield "END:VALARM"
    yield "END:VEVENT"


def _description(due: Due, words: ReminderWords) -> Iterator[str]:
    report, one = words.report, due.commitment
    if one.text:
        yield words.say("commitment", text=one_line(one.text))
    yield words.say("asked", asked=report.asked(due.spec))
    if due.actual is not None and due.spec.measure != "milestone" and not due.is_ahead:
        is_known = due.spec.is_additive or len(due.members) <= 1
        if is_known:
            yield words.say("actual", actual=figure(due.actual, due.spec, words))
    yield words.say("status", status=report.status(due.status))
    if due.members:
        yield members_told(due, words)
    if one.owner:
        yield words.say("owner", owner=one_line(one.owner))


def identifier(due: Due) -> str:
    """The entry's UID: the same for the same window of the same plan, on every day."""
    digest = hashlib.sha256("\x1f".join(due.key).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{digest[:32]}@partybuild"


def _escaped(text: str) -> str:
    for mark in ("\\", ";", ","):
        text = text.replace(mark, f"\\{mark}")
    return text.replace("\n", "\\n")


def folded(line: str) -> str:
    r"""Break a line so that no part is longer than 75 octets, between characters.

    >>> [len(part.encode()) for part in folded("SUMMARY:" + "甲" * 40).split("\r\n")]
    [74, 55]
    """
    parts, size = [""], 0
    for letter in line:
        octets = len(letter.encode("utf-8"))
        if size + octets > _FOLD:
            parts.append("")
            size = 1  # the space that begins a continued line
        parts[-1] += letter
        size += octets
    return "\r\n ".join(parts)
