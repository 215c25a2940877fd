"""Targets that no number makes: goals in words, reports due each month, milestones."""

from __future__ import annotations

import datetime as dt
import re

from partybuild.sources.text import cues, names
from partybuild.sources.text.context import OCCASIONS, Context
from partybuild.sources.text.events import Event
from partybuild.sources.text.masks import TIME
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.times import TimeCue
from partybuild.sources.text.wordless import Wordless

_REPORTING = re.compile(
    r"报送|上报|提交|报告|报|公布|公示|汇总|反馈|发放|通报|上传|更新|完成|召开|开展|汇报|缴[纳清]|收缴|上缴|交[纳清]|录入|公开|清查|调度|走访|巡查"
    r"|组织|举行|举办|学习|例会|值班|接访|检查|督查"
)
_RECURRING = re.compile(
    r"召开|开展|组织(?!部|委|生活)|听取|举办|举行|进行|述职|汇报|报告(?!会)|公示|公布|通报|调度|研究|研判|分析|检查|督查|走访|评比|评议|考核|轮训"
)
#: 每季度述职制度 names an institution.
_INSTITUTION = re.compile(r"制度|机制|模式|规定|原则|计划|方式|的(?:情况|台账|记录|结果)|\x01")
_STOP = re.compile(r"[，。；、,;]")
_COMMA = re.compile(r"[，,：:；;。]")
#: How far behind a comma the number of what recurs may stand: 每季度召开例会，不少于2次.
_COUNT_REACH = 8
#: How far after 每月25日前 its verb may stand.
_DUE_REACH = 24

#: How far after 2026年 the verb may stand: 2026年建成通车.
_YEAR_REACH = 2
_A_YEAR = re.compile(r"(20\d\d)[ ]?年?")

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
        spans=("words", word.start, word.end),
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
        spans=("cadence", cue.start, cue.end),
    )


def due_words(cue: TimeCue, blanked: str, end: int) -> Span | None:
    """Return the place of what is due each period after `cue`, or None when nothing is."""
    after = blanked[cue.end : min(end, cue.end + _DUE_REACH)]
    stop = _STOP.search(after)
    span = (cue.end, cue.end + (stop.start() if stop else len(after)))
    return span if _REPORTING.search(blanked, *span) else None


def recurring_words(cue: TimeCue, blanked: str, end: int) -> Span | None:
    """Return the place of what recurs in each period of `cue` (每季度召开例会), or None."""
    after = blanked[cue.end : min(end, cue.end + _DUE_REACH)]
    stop = _STOP.search(after)
    span = (cue.end, cue.end + (stop.start() if stop else len(after)))
    if cue.per in (None, "day") or _INSTITUTION.search(blanked, *span):
        return None
    return span if _RECURRING.search(blanked, *span) else None


def is_counted(later: list[Event], span: Span, blanked: str) -> bool:
    """Whether a number or a goal in words of what recurs follows, after a comma at the latest.

    `later` is all that matters behind the cadence, `span` the place of what recurs.
    """
    for place, _, kind, thing in later:
        gap = blanked[span[1] : place]
        if TIME in gap:
            return False
        if kind in ("amount", "words"):
            is_here = place < span[1] or not _COMMA.search(gap)
            is_near = len(gap) <= _COUNT_REACH
            return is_here or (is_near and kind == "amount" and thing.unit in OCCASIONS)
    return False


def milestone(
    cue: TimeCue, span: Span, context: Context, *, text: str, named: str, clause: Span
) -> Found | None:
    """Return what is to be done by the date of `cue`, where a verb in `span` says so."""
    match = cues.MILESTONE.search(named, *span)
    deadline = cue.deadline
    if deadline is None and match is not None and match.start() - cue.end <= _YEAR_REACH:
        deadline = _end_of(cue.text)
    if match is None or deadline is None:
        return None
    if cue.role == "window" and match[0] in ("召开", "举办", "举行"):
        return None  # 安排在第四季度召开: when it is held, not by when
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
        deadline=deadline,
        each=context.each(),
        strength=context.strength,
        confidence=0.6 if cue.is_doubtful else 0.75,
        spans=("deadline", cue.start, cue.end, "verb", *match.span()),
    )


def _end_of(text: str) -> dt.date | None:
    """Return the last day of the year that `text` names, or None."""
    match = _A_YEAR.match(text)
    return dt.date(int(match[1]), 12, 31) if match else None


def row_milestone(text: str, deadline: dt.date | str) -> Found | None:
    """Read a task as done by `deadline`, where a verb says when it is done; else None.

    >>> found = row_milestone("完成村级组织换届", dt.date(2021, 6, 30))
    >>> found.name, found.measure
    ('完成村级组织换届', 'milestone')
    """
    cue = TimeCue(role="deadline", start=0, end=0, text="", deadline=deadline)
    whole = (0, len(text))
    return milestone(cue, whole, Context(), text=text, named=text, clause=whole)
