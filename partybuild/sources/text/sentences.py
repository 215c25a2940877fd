"""One sentence in, its targets out, and how it ends."""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from operator import attrgetter

import attrs

from partybuild.quantities.amounts import amounts_in
from partybuild.sources.text import cues
from partybuild.sources.text.clauses import SentenceReader
from partybuild.sources.text.events import ends_past, events_of
from partybuild.sources.text.halves import halves_in
from partybuild.sources.text.masks import work_on
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.results import Weighed, weigh
from partybuild.sources.text.wordless import wordless

_CLAUSE = re.compile(r"[^；;。！？!?\n]+")
_FOUND_AT = attrgetter("start", "end")
_STARTS_AT = attrgetter("start")


@attrs.define
class Reading:
    """The outcome of one sentence: its targets, and how it ends.

    `is_past`: its last words tell of what happened already. `late_deadline`: it
    only dates what stood before it (完成时限：6月底前). `weighed`: whether it tells
    of results or of a plan, None without targets and among next steps.
    """

    found: tuple[Found, ...]
    is_past: bool
    late_deadline: dt.date | str | None = None
    weighed: Weighed | None = None


_CACHED = 1_024
#: Only sentences as short as this are kept: they hold few targets.
_LONGEST_KEPT = 300


def read_sentence(
    text: str, *, year: int | None, is_past: bool = False, is_plan: bool = True
) -> Reading:
    """Read one sentence; `is_past` says that what came before told of the past.

    `is_plan`: it stands under a heading of next steps, so that rough numbers (120余)
    need no further word to be taken as a plan.

    >>> reading = read_sentence("全年调研不少于60天，每季度召开1次推进会", year=2021)
    >>> [(f.goal, f.value, f.unit, f.per) for f in reading.found]
    [('at_least', 60, '天', None), ('at_least', 1, '次', 'quarter')]
    """
    read = _kept if len(text) <= _LONGEST_KEPT else _read
    return read(text, year, is_past, is_plan)


def _read(text: str, year: int | None, is_past: bool, is_plan: bool) -> Reading:
    if not cues.TRIGGER.search(text):
        return Reading((), is_past if is_plan else ends_past(text, is_past=is_past))
    work = work_on(text, year=year)
    amounts = list(amounts_in(work.blanked, work.blanked))
    if "半" in work.blanked and (halves := list(halves_in(work.blanked))):
        amounts = sorted((*amounts, *halves), key=_STARTS_AT)
    words = list(wordless(work.blanked, low=0, high=len(work.blanked)))
    if not (amounts or words or any(cue.role != "date" for cue in work.times)):
        return Reading((), ends_past(work.blanked, is_past=is_past))
    events = events_of(work, amounts, words)
    reader = SentenceReader(work, amounts, events, is_plan=is_plan, is_past=is_past, year=year)
    for clause in _CLAUSE.finditer(work.blanked):
        reader.clause(clause.start(), clause.end())
    reader.found.sort(key=_FOUND_AT)
    weighed = None if is_plan or not reader.found else weigh(work)
    return Reading(tuple(reader.found), reader.context.is_past, reader.late_deadline, weighed)


# a sentence reads the same wherever it stands, and reports say many things twice
_kept = lru_cache(maxsize=_CACHED)(_read)
