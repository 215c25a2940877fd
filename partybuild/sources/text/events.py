"""Everything that matters in a sentence, in order; and whether it tells of the past."""

from __future__ import annotations

import re
from operator import itemgetter
from typing import Any

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.masks import Work
from partybuild.sources.text.wordless import Wordless

#: place, order among what stands at the same place, what it is, and the thing itself
Event = tuple[int, int, str, Any]
_PLACE = itemgetter(0)
#: Without one of these no word tells of the past: it only saves time, all the more since
#: every branch begins with one character alone.
_BEHIND = re.compile(
    "最[高多低少]|都|以来|年[多半]?来|期间共|去年|上年|过去|截[至止]|目前|现[有已]|共|已|累计"
    "|先后|总计|荣获|获[评得批]|被评|成功|同期|曾|满完成|利完成|期完成|了|显示|据[统通悉调测了]"
    "|看，|这[一五]年|实际|仅|任务重|压力大|负债|缺口|影响|下滑|放缓|缓慢|地处|位于|下辖|总面积|近日|日前"
    "|个别|部分|有的|一些|仍|还[存有]|没有|薄弱|偏[少低]|不够|滞后|距|存在"
    "|约谈|问责|诫勉|查处|立案|通报|处[分置]|移送"
)


#: Without one of these no word says how firmly something is meant: it only saves time.
_FIRM = re.compile(
    "确保|必须|务[必求]|保证|坚[决守]|不得|应当|须|严格|一律|力[争促求]|争[取创当]|努力|冲刺|奋力"
    "|预[期计]|原则上|一般|有望|拟"
)


def ends_past(text: str, *, is_past: bool) -> bool:
    """Whether the words of the past or those of the future come last."""
    last = [-1, -1]
    for side, pattern in enumerate((cues.PAST, cues.FUTURE)):
        for match in pattern.finditer(text):
            last[side] = match.start()
    return is_past if last == [-1, -1] else last[0] > last[1]


def events_of(work: Work, amounts: list[Amount], words: list[Wordless]) -> list[Event]:
    """Return everything that matters in a sentence, from left to right."""
    events: list[Event] = []
    blanked = work.blanked
    # 全年共争取项目20个以上: a total to come
    is_bound = cues.BINDING.search(blanked) is not None
    is_total = "共" in blanked and not is_bound
    if _BEHIND.search(blanked):
        for pattern in (cues.PAST, cues.LACKING, cues.PUNISHED):
            events += [
                (match.start(), 0, "past", None)
                for match in pattern.finditer(blanked)
                if is_total or not match[0].endswith("年共")
                if not (is_bound and match[0] == "获批")
            ]
    events += [(match.start(), 0, "future", None) for match in cues.FUTURE.finditer(blanked)]
    if is_total:
        # the 共 itself: its match may begin with the comma before it
        events += [(match.end() - 1, 0, "past", None) for match in cues.TOTAL.finditer(blanked)]
    if _FIRM.search(blanked):
        for match in cues.MODAL.finditer(blanked):
            start, end = match.span()
            events.append((start, 0, "modal", (match.lastgroup, start, end)))
    events += [(cue.start, 1, "time", cue) for cue in work.times]
    events += [(scope.start, 1, "scope", scope) for scope in work.scopes]
    events += [(word.start, 2, "words", word) for word in words]
    events += [(amount.start, 3, "amount", amount) for amount in amounts]
    # they are listed by their order, and sorting keeps it where places are the same
    events.sort(key=_PLACE)
    return events
