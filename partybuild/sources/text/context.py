"""What the words of a clause so far say about the next number: when, who, how firmly."""

from __future__ import annotations

import re

import attrs

from partybuild.sources.text.masks import Scope
from partybuild.sources.text.proposal import Spans
from partybuild.sources.text.times import NAMED_PERIOD, Per, TimeCue

#: Units of things that happen: a cadence before them holds over commas.
OCCASIONS = frozenset("次 场 期 届 节 堂 轮 批 回 遍 趟 场次 班次 批次 课".split())
_ONE_OFF = re.compile(
    r"新建|新增|建成|发展(?!党员大会)|打造|创建|引进|引育|实现|完成|争取|达到|改造|修建|硬化|种植|培育|认定|投入|申报|推选|选送|招引|培养|评选|评定|选树|命名"
)
#: 县级河长每季度、乡级河长每月: what stands between cadences that share a number.
_LIST = re.compile(r"[^，。；、\dXx×一二两三四五六]{0,12}、[^，。；、\dXx×]{0,16}")
#: A subject of its own ends the scope of the words before a comma.
_OTHERS = re.compile(
    r"[省市县区镇乡]委(?:常委会?|组织部|办公室|办)?(?=[每要组将\x01])|(?:其他|在职|无职|农村|机关|离退休|镇村|县乡|班子|领导|村|镇)*(?:党员|干部|成员|书记|委员|代表|群众|村民|职工)(?!结对|联系)"
)
#: How far before a number 村均 may stand.
_MEAN_REACH = 16


def _is_one_off(words: str, unit: str | None) -> bool:
    """Whether the words tell of works that are done once, not of something that recurs."""
    return unit not in OCCASIONS and bool(_ONE_OFF.search(words))


@attrs.define
class Context:
    """The state of a clause while it is read from left to right, comma by comma.

    A comma keeps cadence, window and scope until a new one; `segment` counts the
    commas, so that a window and a cadence in one segment go together (上半年每月)
    while in different ones the later replaces the earlier.
    """

    segment: int = 0
    cadence: TimeCue | None = None
    cadence_segment: int = -1
    cadences: tuple[TimeCue, ...] = ()
    window: TimeCue | None = None
    window_segment: int = -1
    listed: tuple[TimeCue, ...] = ()
    within: TimeCue | None = None
    scope: Scope | None = None
    scope_segment: int = -1
    mean: Scope | None = None
    modal: tuple[str, int, int] | None = None
    is_past: bool = False
    is_void: bool = False
    is_ahead: bool = False
    baseline: float | None = None
    aside: tuple[int, int] | None = None

    @property
    def recurs(self) -> bool:
        """Whether a cadence holds, a term of school, or quarters to choose from."""
        is_term = self.within is not None and self.within.note == NAMED_PERIOD
        is_choice = self.window is not None and bool(self.window.parts)
        return self.cadence is not None or is_term or is_choice

    @property
    def strength(self) -> str | None:
        """``firm``, ``stretch``, ``expected``, or None."""
        return self.modal[0] if self.modal else None

    def each(self, words: str = "", unit: str | None = None) -> str | None:
        """Who each of a number must hold for; a scope of an earlier segment misses one-off works.

        Without a unit (milestones, goals in words) only a scope of this segment counts.
        """
        if self.scope is None:
            return None
        is_inherited = self.scope_segment != self.segment
        if self.scope.noun == unit and unit in OCCASIONS:
            return None  # 每期不少于3天，全年办2期: the periods themselves
        if is_inherited and (unit is None or self._misses(words, unit)):
            return None
        if is_inherited and _OTHERS.match(words):
            return None  # 各部门……，班子成员不少于1篇
        return self.scope.noun

    def _misses(self, words: str, unit: str) -> bool:
        """Whether the scope misses one-off works; each of 各支部每年 carries the other along."""
        is_paired = self.cadence is not None and self.cadence_segment == self.scope_segment
        return _is_one_off(words, unit) and not (is_paired and self.per(words, unit) is not None)

    def take_cadence(self, cue: TimeCue, blanked: str) -> None:
        """A new cadence ends the window of an earlier segment."""
        last = self.cadence if self.cadence_segment == self.segment else None
        is_list = last is not None and _LIST.fullmatch(blanked, last.end, cue.start)
        self.cadences = (*self.cadences, cue) if is_list else (cue,)
        if self.window_segment != self.segment:
            self.window, self.listed = None, ()
        self.cadence, self.cadence_segment = cue, self.segment

    def take_window(self, cue: TimeCue, blanked: str) -> None:
        """A new window or deadline ends the cadence of an earlier segment."""
        is_whole_year = cue.first is None and cue.deadline is None
        opens = blanked[max(0, cue.start - 1) : cue.start] not in ("对", "把", "将", "的", "在")
        if is_whole_year and opens and re.match(r"今年|明年|来年|新", cue.text):
            self.is_past = False
        if self.cadence_segment != self.segment or is_whole_year:
            self.cadence = None
        if self._joins(cue, blanked):
            self.listed = (*self.listed, cue)
        else:
            self.listed = () if is_whole_year else (cue,)
        self.window, self.window_segment = cue, self.segment

    def _joins(self, cue: TimeCue, blanked: str) -> bool:
        """Whether the window continues a list: 上半年、下半年."""
        if not self.listed or self.window_segment != self.segment:
            return False
        return blanked[self.listed[-1].end : cue.start] in ("、", "和", "及", "与")

    def take_scope(self, scope: Scope) -> None:
        """A new scope replaces the old; 全镇 ends it."""
        if scope.is_mean:
            self.mean = scope
        elif scope.noun is not None:
            self.scope, self.scope_segment = scope, self.segment
        elif self.scope is not None and scope.start > self.scope.end:
            self.scope = None

    def mean_before(self, place: int) -> Scope | None:
        """The 村均 that the number at `place` is a mean of, if any."""
        near = self.mean is not None and self.mean.end > place - _MEAN_REACH
        return self.mean if near else None

    def per(self, words: str, unit: str | None) -> Per:
        """The cadence of a number; one of an earlier segment does not reach one-off works."""
        if self.cadence is None:
            return None
        is_inherited = self.cadence_segment != self.segment
        # 每月开展1次……，每名班子成员联系3户: a new scope begins anew
        is_event = self.scope is not None and self.scope.noun in OCCASIONS
        is_rescoped = self.cadence_segment < self.scope_segment == self.segment and not is_event
        if is_rescoped and is_inherited and unit not in OCCASIONS:
            return None
        if is_inherited and unit in (None, "%", "‰", "个百分点"):
            return None
        if is_inherited and _is_one_off(words, unit) and self.cadence.per != "year":
            return None
        return self.cadence.per

    def notes(self) -> list[str]:
        """What is doubtful about the time words that hold here."""
        notes = [self.within.note] if self.within is not None and self.within.note else []
        if self.cadence is not None and self.cadence.is_doubtful:
            notes.append("the cadence is a way of speaking")
        if self.window is not None and self.window.is_doubtful:
            notes.append(f"{self.window.text}: check the date")
        return notes

    def spans(self, own: list[str | int]) -> Spans:
        """Join the places of a number's `own` words with cadence, window, scope and strength."""
        spans, cadence, window, scope = own, self.cadence, self.window, self.scope
        if cadence is not None:
            spans += ("cadence", cadence.start, cadence.end)
        if window is not None:
            spans += (window.role, window.start, window.end)
        if scope is not None:
            spans += ("each", scope.start, scope.end)
        if self.modal is not None:
            spans.append("strength")
            spans += self.modal[1:]
        return tuple(spans)
