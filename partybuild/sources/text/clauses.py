"""One sentence in, its proposed targets out: numbers bound to their words and context."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
import attrs

from partybuild.quantities import Amount, find_amounts
from partybuild.sources.text import cues, names
from partybuild.sources.text.binding import Aim, Binding, aim_of, bind
from partybuild.sources.text.counting import counts_without_comparator, is_noise
from partybuild.sources.text.masks import BLANKS, Scope, Work, work_on
from partybuild.sources.text.proposal import Cue, GoalNumber
from partybuild.sources.text.times import TimeCue
from partybuild.sources.text.wordless import Wordless, wordless

_CLAUSE = re.compile(r"[^；;。！？!?\n]+")
_SEGMENT = re.compile(r"(?:[^，：]|,)+?(?=，|：|,(?!\d{3})|:(?!\d)|\Z)")
#: Without one of these a sentence holds no promise that could be measured.
_TRIGGER = re.compile(
    r"[\dXxＸｘ×_＿*□０-９％]|[一二两三四五六七八九十百千万几廿壹贰叁][ 余多]{0,2}[个名次场期天日户件篇项家人处所座条份本册部套台辆批轮届节堂位里公亩斤吨元米岁成倍番至到万亿小课学]"
    r"|分之|半数|过半|零[发事死上增新违遗差投感积返伤案非逾信火舆失延复]|覆盖|全部|尽|清零|见底|翻|只[增减]|同步|平均|标准|水平|不发生|不出现|不再|杜绝|防|遏制|严防|[一每](?:日|天|周|旬|月|季度?|年|村|户|人|企|镇|社|支|校|项|岗|县|乡|街|组|家|案|院|单|学)"
    r"|前[一二三四五六七八九十]|前移|[年月季]底|年内|[年月]末|前(?:完成|建成|全面|投|通|出台|实现)|村村|户户|人人|一个不|[一二三四]季度|半年"
)
_OCCASIONS = frozenset("次 场 期 届 节 堂 轮 批 回 遍 趟 场次 班次 批次 课".split())
_DAYS = frozenset("天 日".split())
_PEOPLE = frozenset("名 位 户 家".split())
_LEVEL_WORDS = re.compile(
    r"达到?|保持|稳定|维持|控制|提高到|提升到|提升至|提高至|增至|降至|降到|压降|存量|保有量|总量|余额|规模|收入|产量|水平|浓度|指数"
)
_ONE_OFF = re.compile(
    r"新建|新增|建成|发展(?!党员大会)|打造|创建|引进|引育|实现|完成|争取|达到|改造|修建|硬化|种植|培育|认定|投入|申报|招引|培养"
)
_RATE_PER = {
    "/年": "year",
    "/季度": "quarter",
    "/季": "quarter",
    "/月": "month",
    "/周": "week",
    "/天": "day",
    "/日": "day",
}
_REPORTING = re.compile(
    r"报送|上报|提交|报告|报|公布|公示|汇总|反馈|发放|通报|上传|更新|完成|召开|开展|汇报|缴纳|录入"
)


@attrs.frozen(kw_only=True)
class Found:
    """A target found in a sentence; places are offsets into the sentence."""

    start: int
    end: int
    clause: tuple[int, int]
    name: str
    measure: str
    goal: str | None
    value: GoalNumber
    unit: str | None
    per: str | dict[str, str] | None = None
    each: str | None = None
    first: dt.date | str | None = None
    deadline: dt.date | str | None = None
    strength: str | None = None
    explicit: bool = True
    confidence: float = 0.9
    baseline: float | None = None
    benchmark: str | None = None
    placeholder: str | None = None
    notes: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()


@attrs.define
class _State:
    """What the words so far in the sentence say about the next number."""

    per: TimeCue | None = None
    per_segment: int = -1
    window: TimeCue | None = None
    window_segment: int = -1
    listed: tuple[TimeCue, ...] = ()
    within: TimeCue | None = None
    scope: Scope | None = None
    mean: Scope | None = None
    strength: tuple[str, int, int] | None = None
    is_past: bool = False
    is_void: bool = False
    baseline: float | None = None


@attrs.frozen
class Reading:
    """The outcome of one sentence: its targets, and whether it ended in the past."""

    found: tuple[Found, ...]
    is_past: bool
    late_deadline: dt.date | str | None = None


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
    if not _TRIGGER.search(text):
        return Reading((), is_past if is_plan else _ends_past(text, is_past=is_past))
    work = work_on(text, year=year)
    amounts = list(find_amounts(work.blanked))
    words = list(wordless(work.blanked, low=0, high=len(work.blanked)))
    if not (amounts or words or any(cue.role != "date" for cue in work.times)):
        return Reading((), _ends_past(work.blanked, is_past=is_past))
    if not is_plan and cues.WEAK_PAST.search(work.blanked) and not cues.FUTURE.search(work.blanked):
        is_past = True
    reader = _SentenceReader(work, amounts, words, is_past=is_past, is_plan=is_plan, year=year)
    for clause in _CLAUSE.finditer(work.blanked):
        reader.clause(clause.start(), clause.end())
    found = sorted(reader.found, key=lambda one: (one.start, one.end))
    return Reading(tuple(found), reader.state.is_past, reader.late_deadline)


def _ends_past(text: str, *, is_past: bool) -> bool:
    """Whether the words of the past or those of the future come last."""
    last = [-1, -1]
    for side, pattern in enumerate((cues.PAST, cues.FUTURE)):
        for match in pattern.finditer(text):
            last[side] = match.start()
    return is_past if last == [-1, -1] else last[0] > last[1]


_ORDER = {"past": 0, "future": 0, "modal": 0, "time": 1, "scope": 1, "words": 2, "amount": 3}


def _events(
    work: Work, amounts: list[Amount], words: list[Wordless]
) -> list[tuple[int, str, object]]:
    """Return everything that matters in a sentence, from left to right."""
    events: list[tuple[int, str, object]] = []
    events += [(cue.start, "time", cue) for cue in work.times]
    events += [(scope.start, "scope", scope) for scope in work.scopes]
    events += [(amount.start, "amount", amount) for amount in amounts]
    events += [(word.start, "words", word) for word in words]
    for pattern, kind in (
        (cues.PAST, "past"),
        (cues.TOTAL, "past"),
        (cues.LACKING, "past"),
        (cues.FUTURE, "future"),
    ):
        events += [(match.start(), kind, None) for match in pattern.finditer(work.blanked)]
    for match in cues.MODAL.finditer(work.blanked):
        events.append((match.start(), "modal", (match.lastgroup, match.start(), match.end())))
    return sorted(events, key=lambda event: (event[0], _ORDER[event[1]]))


class _SentenceReader:
    """Goes through a sentence from left to right, clause by clause, segment by segment."""

    def __init__(
        self,
        work: Work,
        amounts: list[Amount],
        words: list[Wordless],
        *,
        is_past: bool,
        is_plan: bool,
        year: int | None,
    ) -> None:
        self.work = work
        self.blanked = work.blanked
        self.is_plan = is_plan
        self.year = year
        self.amounts = amounts
        self.state = _State(is_past=is_past)
        self.found: list[Found] = []
        self.late_deadline: dt.date | str | None = None
        self.bounds = (0, 0)
        self.events = _events(work, amounts, words)
        self.places = [place for place, _, _ in self.events]

    def clause(self, start: int, end: int) -> None:
        state = self.state
        # 。 and ； end every cadence, window and scope; only the past goes on
        self.state = _State(is_past=state.is_past, strength=None)
        self.bounds = (start, end)
        is_scoring = bool(cues.SCORE.search(self.blanked, start, end))
        segments = list(_SEGMENT.finditer(self.blanked, start, end))
        for index, segment in enumerate(segments):
            low, high = segment.start(), segment.end()
            while low < high and self.blanked[low] in "，：,: ":
                low += 1
            words = self.blanked[low:high]
            if self._voids(words, is_scoring=is_scoring):
                continue
            if cues.DEADLINE_LABEL.match(words.lstrip(BLANKS)) or self._is_label(segments, index):
                self._late(low, high)
                continue
            self._segment(low, high, index)

    def _is_label(self, segments: list[re.Match[str]], index: int) -> bool:
        """Whether the segment only dates what stood before it: 完成时限：2023年4月30日前."""
        if index == 0:
            return False
        before = segments[index - 1][0].strip("，：,:（( " + BLANKS)
        return bool(
            re.fullmatch(r"[\w]{0,2}(?:完成|办结|整改)?(?:时限|期限|时间)(?:要求)?", before)
        )

    def _late(self, low: int, high: int) -> None:
        for cue in self.work.times:
            if low <= cue.start < high and cue.deadline is not None:
                self.late_deadline = cue.deadline
                self.found = [
                    attrs.evolve(one, deadline=cue.deadline) if one.deadline is None else one
                    for one in self.found
                ]

    def _voids(self, words: str, *, is_scoring: bool) -> bool:
        """Whether the segment is a condition or a scoring rule, and so proposes nothing."""
        plain = words.strip(BLANKS + " ")
        if cues.CONDITION_START.search(plain):
            self.state.is_void = True
            return True
        if cues.SCORE.search(words):
            return True
        if self.state.is_void and cues.SANCTION.search(words):
            return True
        return is_scoring and self.state.is_void

    # -- one segment ---------------------------------------------------------------------------

    def _segment(self, low: int, high: int, index: int) -> None:
        events = self._events(low, high)
        # the words from `floor` on belong to the next target; a number passed over ends at `tight`
        floor = tight = low
        handled = -1
        carried = self.state.window if self.state.window_segment == index - 1 else None
        before = len(self.found)
        for place, kind, event in events:
            if place < handled:
                continue
            if kind == "time":
                self._time(event, index)
            elif kind == "scope":
                self._scope(event)
            elif kind == "past":
                self.state.is_past = True
            elif kind == "future":
                self.state.is_past = False
            elif kind == "modal":
                self.state.strength = event
            elif kind == "words":
                if self._words(event, floor, index):
                    floor = tight = event.end
            elif kind == "amount":
                count = len(self.found)
                handled = self._amount(event, (floor, tight), high, index)
                tight = max(handled, event.end)
                floor = tight if len(self.found) > count else floor
        self._milestones(low, high, carried, self.found[before:])

    def _events(self, low: int, high: int) -> list[tuple[int, str, object]]:
        left = bisect_left(self.places, low)
        return self.events[left : bisect_left(self.places, high)]

    # -- context -------------------------------------------------------------------------------

    def _time(self, cue: TimeCue, index: int) -> None:
        state = self.state
        if cue.role == "within":
            state.within = cue
        elif cue.role in ("cadence", "due"):
            if cue.note == "一…一…" and not state.is_past:
                self._once_per(cue, index)
                return
            if state.window_segment != index:
                state.window, state.listed = None, ()
            state.per, state.per_segment = cue, index
            if cue.role == "due":
                self._due(cue, index)
        elif cue.role in ("window", "deadline"):
            if self._is_bracketed(cue):
                self._date_last(cue)
                return
            if cue.first is None and cue.deadline is None:
                state.is_past = state.is_past and not re.match(r"今年|明年|来年|新", cue.text)
            if state.per_segment != index or (cue.role == "window" and cue.deadline is None):
                state.per = None
            if self._joins(cue, index):
                state.listed = (*state.listed, cue)
            else:
                state.listed = (cue,) if cue.deadline is not None else ()
            state.window, state.window_segment = cue, index

    def _joins(self, cue: TimeCue, index: int) -> bool:
        """Whether the window continues a list: 上半年、下半年."""
        state = self.state
        if not state.listed or state.window_segment != index:
            return False
        between = self.blanked[state.listed[-1].end : cue.start]
        return between in ("、", "和", "及", "与", "，")

    def _is_bracketed(self, cue: TimeCue) -> bool:
        return self.blanked[max(0, cue.start - 1) : cue.start] in ("（", "(") and bool(self.found)

    def _date_last(self, cue: TimeCue) -> None:
        last = self.found[-1]
        if last.clause == self.bounds and cue.deadline is not None:
            self.found[-1] = attrs.evolve(last, deadline=cue.deadline)

    def _scope(self, scope: Scope) -> None:
        if scope.is_mean:
            self.state.mean = scope
        elif scope.noun is None:
            if self.state.scope is not None and scope.start > self.state.scope.end:
                self.state.scope = None
        else:
            self.state.scope = scope

    # -- numbers -------------------------------------------------------------------------------

    def _amount(self, amount: Amount, lows: tuple[int, int], high: int, index: int) -> int:
        """Read the number, and those listed with it; return where reading goes on."""
        blanked = self.blanked
        floor, tight = lows
        binding = bind(blanked, amount, low=tight, high=high)
        if self._is_baseline(amount, floor, high):
            value = amount.number.value
            self.state.baseline = None if value is None else float(value)
            return amount.end
        if is_noise(blanked, amount, binding, low=floor, high=high):
            return binding.right.end if binding.right else amount.end
        listed = self._listed(amount, floor, high)
        if len(listed) > 1:
            return self._zip(listed, floor, high, index)
        is_plain = not binding.is_explicit and binding.change is None
        if is_plain and not self._is_plan(amount, floor, high, index):
            return amount.end
        if self.state.is_past:
            return amount.end
        self._take(amount, binding, floor, high, index)
        return binding.right.end if binding.right else amount.end

    def _is_baseline(self, amount: Amount, floor: int, high: int) -> bool:
        """Whether the number is the A of 由A提高到B."""
        before = self.blanked[floor : amount.start]
        after = self.blanked[amount.end : high]
        return bool(cues.BASELINE_FROM.search(before) and cues.BASELINE_TO.match(after))

    def _is_plan(self, amount: Amount, floor: int, high: int, index: int) -> bool:
        has_time = self.state.per is not None or self.state.scope is not None
        return counts_without_comparator(
            self.blanked,
            amount,
            low=floor,
            high=high,
            goes_on=bool(self.found),
            has_time=has_time,
            is_plan=self.is_plan or self.state.strength is not None or bool(self.found),
        )

    def _listed(self, amount: Amount, floor: int, high: int) -> list[Amount]:
        """Return the numbers of 分别增长7%、8%和9%, `amount` the first of them."""
        if "分别" not in self.blanked[floor : amount.start]:
            return [amount]
        run = [amount]
        for other in self.amounts:
            if other.start <= run[-1].start:
                continue
            between = self.blanked[run[-1].end : other.start] if other.start < high else "。"
            if not re.fullmatch(
                r"[ ]?(?:以上|以下|左右|以内)?(?:、|和|及|与|以及|，)(?:不少于|不低于)?", between
            ):
                break
            run.append(other)
        return run

    def _zip(self, listed: list[Amount], floor: int, high: int, index: int) -> int:
        """Give each of the listed names its own number; refuse when the lists differ."""
        head, last = listed[0], listed[-1]
        field = names.restore(self.blanked, self.work.text, floor, head.start)
        words = names.items(re.split("分别", field)[0])
        tail = bind(self.blanked, last, low=last.start, high=high)
        end = tail.right.end if tail.right else last.end
        if len(words) != len(listed) or self.state.is_past:
            return end
        binding = bind(self.blanked, head, low=floor, high=high)
        for word, amount in zip(words, listed, strict=True):
            own = bind(self.blanked, amount, low=amount.start, high=high)
            right = own.right or tail.right
            unit = amount.unit or last.unit
            one = attrs.evolve(amount, unit=unit)
            one = _as_percent(one) if unit in ("%",) and amount.unit is None else one
            self._take(
                one,
                attrs.evolve(binding, right=right),
                floor,
                high,
                index,
                name=word,
            )
        return end

    def _take(
        self,
        amount: Amount,
        binding: Binding,
        floor: int,
        high: int,
        index: int,
        name: str | None = None,
    ) -> None:
        unit, per = self._unit_and_per(amount)
        is_rate = unit in ("%", "‰", "个百分点", "百分点", "个点")
        is_fall = binding.change == "down" and is_rate
        aim = aim_of(amount, binding, is_fall=is_fall)
        if unit in ("倍",) and binding.change == "up" and isinstance(aim.value, int | float):
            # 增长两倍 is three times as much
            aim = attrs.evolve(aim, value=aim.value + 1, is_doubtful=True)
        head = binding.left.start if binding.left else amount.start
        words = names.restore(self.blanked, self.work.text, floor, head)
        if binding.left is not None:
            # 至少结对帮扶X名: the verb stands between the comparator and the number
            words += names.restore(self.blanked, self.work.text, binding.left.end, amount.start)
        left = names.clean(words)
        after_at = binding.right.end if binding.right else amount.end
        after = names.object_after(self.blanked, self.work.text, after_at, high)
        if is_rate and left:
            after = ""
        if name is None and not left and (binding.change or not after):
            left = self._last_name()
        if name is None:
            name = names.name_of(left, after, fallback=self._phrase())
        each, mean = self._each(amount, binding, floor)
        measure = self._measure(amount, binding, unit, left, after, mean is not None)
        notes = self._notes(amount, binding, per, unit)
        confidence = self._confidence(amount, binding, aim, notes)
        found = Found(
            start=amount.number.start,
            end=amount.number.end,
            clause=self.bounds,
            name=name,
            measure=measure,
            goal=aim.goal,
            value=None if amount.number.nature == "masked" else aim.value,
            unit=unit,
            per=per if per is not None else self._per(left, unit, index),
            each=each,
            strength=self.state.strength[0] if self.state.strength else None,
            explicit=binding.is_explicit,
            confidence=confidence,
            baseline=self.state.baseline,
            placeholder=amount.number.text if amount.number.nature == "masked" else None,
            notes=notes,
            cues=self._cues(amount, binding),
        )
        self.state.baseline = None
        self.state.mean = None
        self._place(found, floor, amount, index)

    def _last_name(self) -> str:
        """The name of the target before it in the clause: 率2020年要达到87%，2025年要达到90%."""
        last = self.found[-1] if self.found else None
        return last.name if last is not None and last.clause == self.bounds else ""

    def _unit_and_per(self, amount: Amount) -> tuple[str | None, str | None]:
        unit = amount.unit
        if unit is None and re.search(r"分之|半", amount.number.text):
            return "%", None
        for tail, per in _RATE_PER.items():
            if unit is not None and unit.endswith(tail) and unit[: -len(tail)] in _OCCASIONS:
                return unit[: -len(tail)], per
        rate = None
        for match in cues.EACH_RATE.finditer(self.blanked, self.bounds[0], amount.start):
            if amount.start - match.end() <= 16:
                rate = match
        if rate is not None and unit is not None and "/" not in unit and unit != "%":
            return f"{unit}/{rate['under']}", None
        return unit, None

    def _per(self, left: str, unit: str | None, index: int) -> str | dict[str, str] | None:
        state = self.state
        if state.per is None:
            return None
        is_inherited = state.per_segment != index
        is_one_off = bool(_ONE_OFF.search(left)) and unit not in _OCCASIONS
        if is_inherited and is_one_off and state.per.per != "year":
            return None
        return state.per.per

    def _each(
        self, amount: Amount, binding: Binding, floor: int
    ) -> tuple[str | None, Scope | None]:
        state = self.state
        if state.mean is not None and state.mean.end > amount.start - 16:
            return None, state.mean
        if state.scope is not None:
            return state.scope.noun, None
        return None, None

    def _measure(
        self,
        amount: Amount,
        binding: Binding,
        unit: str | None,
        left: str,
        after: str,
        is_mean: bool,
    ) -> str:
        base = (unit or "").split("/")[0]
        if is_mean:
            return "mean"
        if binding.change is not None and base in ("%", "‰", "倍"):
            return "growth"
        if base == "%":
            return "ratio"
        if base in ("‰", "个百分点", "百分点", "个点", "倍", "岁", "分") or "/" in (unit or ""):
            return "latest"
        if base in _DAYS and not (binding.right and "内" in binding.right.text):
            return "days"
        if base in cues.TIME_UNITS and binding.right and "内" in binding.right.text:
            return "max"
        if base in _OCCASIONS:
            return "count"
        if binding.left is not None and _LEVEL_WORDS.search(binding.left.text + left[-4:]):
            return "latest"
        if base in _PEOPLE and re.search(
            r"结对|联系|走访|帮扶|包联|慰问|培养|发展|谈心", left + after
        ):
            return "distinct"
        return "total"

    def _notes(
        self, amount: Amount, binding: Binding, per: str | None, unit: str | None
    ) -> tuple[str, ...]:
        notes: list[str] = []
        if self.state.within is not None:
            notes.append(self.state.within.note or "")
        if self.state.per is not None and self.state.per.is_doubtful:
            notes.append("the cadence is a way of speaking")
        if self.state.window is not None and self.state.window.is_doubtful:
            notes.append(f"{self.state.window.text}: check the date")
        goal = binding.right or binding.left
        if goal is not None and goal.goal == "about" or binding.is_about:
            notes.append("about needs a tolerance")
        if binding.change == "up" and unit == "%" and binding.left is None and not binding.right:
            field = self.blanked[max(0, (binding.change_start or 0) - 3) : binding.change_start]
            if field.endswith("率"):
                notes.append("percent or percentage points?")
        return tuple(note for note in notes if note)

    def _confidence(
        self, amount: Amount, binding: Binding, aim: Aim, notes: tuple[str, ...]
    ) -> float:
        confidence = 0.95 if binding.is_explicit else 0.8
        if amount.unit is None:
            confidence -= 0.25
        if aim.is_doubtful:
            confidence -= 0.3
        if not self.is_plan:
            confidence -= 0.05
        confidence -= 0.1 * len(notes)
        return round(max(confidence, 0.2), 2)

    def _cues(self, amount: Amount, binding: Binding) -> tuple[Cue, ...]:
        state, text = self.state, self.work.text
        spans: list[tuple[str, int, int]] = [("number", amount.number.start, amount.number.end)]
        for side in (binding.left, binding.right):
            if side is not None:
                spans.append(("comparator", side.start, side.end))
        if binding.change_start is not None:
            end = binding.left.start if binding.left else amount.start
            spans.append(("change", binding.change_start, end))
        if state.per is not None:
            spans.append(("cadence", state.per.start, state.per.end))
        if state.window is not None:
            spans.append((state.window.role, state.window.start, state.window.end))
        if state.scope is not None:
            spans.append(("each", state.scope.start, state.scope.end))
        if state.strength is not None:
            spans.append(("strength", state.strength[1], state.strength[2]))
        spans.sort(key=lambda span: span[1])
        return tuple(Cue(role=role, text=text[a:b], start=a, end=b) for role, a, b in spans)

    def _place(self, found: Found, floor: int, amount: Amount, index: int) -> None:
        """Put the target into its window, or into each window or name of a list."""
        state = self.state
        field = self.blanked[floor : amount.start]
        if (
            len(state.listed) > 1
            and state.window_segment == index
            and re.search(r"[各均都]|分别", field)
        ):
            for cue in state.listed:
                self.found.append(attrs.evolve(found, first=cue.first, deadline=cue.deadline))
            return
        if state.window is not None:
            found = attrs.evolve(found, first=state.window.first, deadline=state.window.deadline)
        shared = cues.SHARED.search(re.split("不少于|不低于|至少", field)[0].rstrip(BLANKS))
        listed = names.items(names.restore(self.blanked, self.work.text, floor, amount.start))
        is_list = "、" in field or "和" in field
        if (
            shared
            and shared[0][0] in "各均都"
            and is_list
            and 1 < len(listed) <= 6
            and not found.each
        ):
            joint = [
                re.sub(r"(?:各|均|都)(?:不少于|不低于|至少|达到)?\Z", "", one) for one in listed
            ]
            for one in joint:
                self.found.append(attrs.evolve(found, name=one))
            return
        self.found.append(found)

    # -- promises without a number -------------------------------------------------------------

    def _words(self, word: Wordless, floor: int, index: int) -> bool:
        if self.state.is_past:
            return False
        left = names.clean(names.restore(self.blanked, self.work.text, floor, word.start))
        state = self.state
        window = state.window
        name = word.name or names.name_of(left, word.text, fallback=self._phrase())
        deadline = window.deadline if window else None
        if word.is_half_year and self.year is not None and deadline is None:
            deadline = dt.date(self.year, 6, 30)
        elif word.is_half_year and deadline is None:
            deadline = "--06-30"
        text = self.work.text
        self.found.append(
            Found(
                start=word.start,
                end=word.end,
                clause=self.bounds,
                name=name,
                measure=word.measure,
                goal=word.goal,
                value=word.value,
                unit=word.unit,
                per=state.per.per if state.per and state.per_segment == index else None,
                each=word.each or (state.scope.noun if state.scope else None),
                first=window.first if window else None,
                deadline=deadline,
                strength=state.strength[0] if state.strength else None,
                explicit=True,
                confidence=word.confidence,
                benchmark=word.benchmark,
                notes=(word.note,) if word.note else (),
                cues=(
                    Cue(
                        role="words",
                        text=text[word.start : word.end],
                        start=word.start,
                        end=word.end,
                    ),
                ),
            )
        )
        return True

    def _once_per(self, cue: TimeCue, index: int) -> None:
        """一月一调度: one a month."""
        self._plain_once(cue, cue.text, 0.6)

    def _due(self, cue: TimeCue, index: int) -> None:
        """每月25日前报送: one a month, due that day."""
        end = self.bounds[1]
        after = self.blanked[cue.end : min(end, cue.end + 24)]
        stop = re.search(r"[，。；、]", after)
        words = after[: stop.start()] if stop else after
        if _REPORTING.search(words) and not any(
            cue.end <= amount.start < cue.end + 24 for amount in self.amounts
        ):
            if not self.state.is_past:
                written = self.work.text[cue.end : cue.end + len(words)]
                self._plain_once(cue, names.clean(written) or cue.text, 0.7)

    def _plain_once(self, cue: TimeCue, name: str, confidence: float) -> None:
        scope = self.state.scope
        text = self.work.text[cue.start : cue.end]
        self.found.append(
            Found(
                start=cue.start,
                end=cue.end,
                clause=self.bounds,
                name=name,
                measure="count",
                goal="at_least",
                value=1,
                unit="次",
                per=cue.per,
                each=scope.noun if scope else None,
                strength=self.state.strength[0] if self.state.strength else None,
                explicit=False,
                confidence=confidence,
                cues=(Cue(role="cadence", text=text, start=cue.start, end=cue.end),),
            )
        )

    def _milestones(self, low: int, high: int, carried: TimeCue | None, found: list[Found]) -> None:
        """年底前建成投用: done by a date, without a number; each date governs up to the next."""
        if self.state.is_past or self.state.per is not None:
            return
        dates = [
            cue
            for cue in self.work.times
            if low <= cue.start < high and cue.role in ("deadline", "window")
        ]
        if not dates and carried is not None:
            alone = not self.blanked[carried.end : low].strip("， ")
            stretches = [(carried, low, high)] if alone else []
        else:
            ends = [*(cue.start for cue in dates[1:]), high][: len(dates)]
            stretches = [(cue, cue.end, end) for cue, end in zip(dates, ends, strict=True)]
        for cue, start, end in stretches:
            if cue.deadline is None or any(start <= one.start < end for one in found):
                continue
            match = cues.MILESTONE.search(self.blanked, start, end)
            if match is not None:
                self.found.append(self._milestone(cue, match, (start, end)))

    def _milestone(self, cue: TimeCue, match: re.Match[str], span: tuple[int, int]) -> Found:
        state, text = self.state, self.work.text
        written = names.restore(self.blanked, text, *span)
        date = Cue(role="deadline", text=text[cue.start : cue.end], start=cue.start, end=cue.end)
        start, end = match.span()
        return Found(
            start=start,
            end=end,
            clause=self.bounds,
            name=names.name_of(names.clean(written), "", fallback=self._phrase()),
            measure="milestone",
            goal=None,
            value=None,
            unit=None,
            deadline=cue.deadline,
            each=state.scope.noun if state.scope else None,
            strength=state.strength[0] if state.strength else None,
            confidence=0.75 - (0.15 if cue.is_doubtful else 0),
            cues=(date, Cue(role="verb", text=text[start:end], start=start, end=end)),
        )

    def _phrase(self) -> str:
        start, end = self.bounds
        return self.work.text[start:end].strip("，。；、 ")[:30]


def _as_percent(amount: Amount) -> Amount:
    number = amount.number
    low = None if number.low is None else number.low / 100
    high = None if number.high is None else number.high / 100
    return attrs.evolve(amount, number=attrs.evolve(number, low=low, high=high, unit="%"))


def read_milestone(text: str, deadline: dt.date | str) -> Found | None:
    """Read a task as done by `deadline`, where a verb says when it is done; else None.

    >>> found = read_milestone("完成村级组织换届", dt.date(2021, 6, 30))
    >>> found.name, found.measure
    ('完成村级组织换届', 'milestone')
    """
    match = cues.MILESTONE.search(text)
    if match is None:
        return None
    start, end = match.span()
    return Found(
        start=start,
        end=end,
        clause=(0, len(text)),
        name=names.name_of(names.clean(text), "", fallback=text[:30]),
        measure="milestone",
        goal=None,
        value=None,
        unit=None,
        deadline=deadline,
        confidence=0.7,
        cues=(Cue(role="verb", text=text[start:end], start=start, end=end),),
    )
