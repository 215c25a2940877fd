"""Targets that no number makes: goals in words, reports due each month, milestones."""

from __future__ import annotations

import datetime as dt
import re

from partybuild.sources.text import cues, names
from partybuild.sources.text.context import Context
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.times import TimeCue
from partybuild.sources.text.wordless import Wordless

_REPORTING = re.compile(
    r"报送|上报|提交|报告|报|公布|公示|汇总|反馈|发放|通报|上传|更新|完成|召开|开展|汇报|缴[纳清]|收缴|上缴|交[纳清]|录入|公开|清查|调度|走访|巡查"
)
_STOP = re.compile(r"[，。；、,;]")
#: How far after 每月25日前 its verb may stand.
_DUE_REACH = 24

Span = tuple[int, int]


def from_words(
    word: Wordless, context: Context, *, clause: Span, name: str, year: int | None
) -> Found:
    """Return the target of a goal said in words, such as 全覆盖 or 零事故."""
    window = context.window
    deadline = window.deadline if window else None
    if word.is_half_year and deadline is None:
        deadline = dt.date(year, 6, 30) if year is not None else "--06-30"
    holds = context.cadence is not None and context.cadence_segment == context.segment
    return Found(
        start=word.start,
        end=word.end,
        clause=clause,
        name=word.name or name,
        measure=word.measure,
        goal=word.goal,
        value=word.value,
        unit=word.unit,
        per=context.cadence.per if holds and context.cadence else None,
        each=word.each or context.each(),
        first=window.first if window else None,
        deadline=deadline,
        strength=context.strength,
        confidence=word.confidence,
        benchmark=word.benchmark,
        notes=(word.note,) if word.note else (),
        spans=(("words", word.start, word.end),),
    )


def once_per(
    cue: TimeCue, context: Context, *, clause: Span, name: str, confidence: float
) -> Found:
    """Return one in each period: 一月一调度, 每月25日前报送."""
    return Found(
        start=cue.start,
        end=cue.end,
        clause=clause,
        name=name,
        measure="count",
        goal="at_least",
        value=1,
        unit="次",
        per=cue.per,
        each=context.each(unit="次"),
        strength=context.strength,
        explicit=False,
        confidence=confidence,
        spans=(("cadence", cue.start, cue.end),),
    )


def due_words(cue: TimeCue, blanked: str, end: int) -> Span | None:
    """Return the place of what is due each period after `cue`, or None when nothing is."""
    after = blanked[cue.end : min(end, cue.end + _DUE_REACH)]
    stop = _STOP.search(after)
    span = (cue.end, cue.end + (stop.start() if stop else len(after)))
    return span if _REPORTING.search(blanked, *span) else None


def milestone(
    cue: TimeCue, span: Span, context: Context, *, text: str, named: str, clause: Span
) -> Found | None:
    """Return what is to be done by the date of `cue`, where a verb in `span` says so."""
    match = cues.MILESTONE.search(named, *span)
    if match is None or cue.deadline is None:
        return None
    name = names.clean(named[slice(*span)])
    return Found(
        start=match.start(),
        end=match.end(),
        clause=clause,
        name=names.name_of(name, "", fallback=lambda: text[clause[0] : clause[1]]),
        measure="milestone",
        goal=None,
        value=None,
        unit=None,
        deadline=cue.deadline,
        each=context.each(),
        strength=context.strength,
        confidence=0.6 if cue.is_doubtful else 0.75,
        spans=(("deadline", cue.start, cue.end), ("verb", *match.span())),
    )


def row_milestone(text: str, deadline: dt.date | str) -> Found | None:
    """Read a task as done by `deadline`, where a verb says when it is done; else None.

    >>> found = row_milestone("完成村级组织换届", dt.date(2021, 6, 30))
    >>> found.name, found.measure
    ('完成村级组织换届', 'milestone')
    """
    cue = TimeCue(role="deadline", start=0, end=0, text="", deadline=deadline)
    whole = (0, len(text))
    return milestone(cue, whole, Context(), text=text, named=text, clause=whole)
