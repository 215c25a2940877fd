"""A sentence from left to right: each number bound to its words and its context."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from typing import Any

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import asides, cues, deeds, lists, names
from partybuild.sources.text.binding import Binding, bind
from partybuild.sources.text.context import Context
from partybuild.sources.text.counting import (
    Field,
    continues,
    counts_without_comparator,
    is_noise,
)
from partybuild.sources.text.events import Event
from partybuild.sources.text.masks import BLANKS, TIME, Work
from partybuild.sources.text.targets import TargetMaker
from partybuild.sources.text.times import TimeCue

_SEGMENT = re.compile(r"(?:[^，：,:]++|,(?=\d{3})|:(?=\d))++")

#: （9月前完成） after a full stop dates what stood before it.
_ALONE = re.compile(rf"[（(]{TIME}+(?:全面|全部)?(?:完成|办结|落实|到位|整改到位)?[）)]")
_PADDING = BLANKS + " "
#: How far the words of a number may lie before it; keeps long runs linear.
_REACH = 80
#: What numbers begin with in the long runs of a table without its lines.
_FIGURES = frozenset("0123456789Xx×")
#: 80%的村民参加了: what follows the number tells of the past.
_TOLD = re.compile(r"[^，。；\d]{0,12}?(?:[参加建完成实现得到纳入落解决]了|已(?!知))")


class SentenceReader(TargetMaker):
    """Goes through a sentence from left to right, clause by clause, segment by segment."""

    def __init__(
        self,
        work: Work,
        amounts: list[Amount],
        events: list[Event],
        *,
        is_plan: bool,
        is_past: bool,
        year: int | None,
    ) -> None:
        super().__init__(work, is_plan=is_plan, is_past=is_past, year=year)
        self.amounts = amounts
        self.events = events
        self.places = [event[0] for event in events]
        self.starts = [amount.start for amount in amounts]
        self.late_deadline: dt.date | str | None = None
        self.is_rule = False
        self.passed: set[tuple[str, int]] = set()
        self.out_of: tuple[Amount, Amount] | None = None
        # what no word of the sentence speaks of need not be asked for each number
        self.may_change = cues.CHANGING.search(self.blanked) is not None
        self.may_aside = asides.ASIDE.search(self.blanked) is not None
        self.may_rule = cues.QUORUM_ENDS.search(self.blanked) is not None
        self.may_tell = "了" in self.blanked or "已" in self.blanked

    def clause(self, start: int, end: int) -> None:
        """Read one clause: 。 and ； end cadence, window and scope; only the past goes on."""
        if self.bounds != (0, 0):
            self.context = Context(is_past=self.context.is_past)
        self.bounds, self.enough = (start, end), None
        if self.may_rule and cues.QUORUM.search(self.blanked, start, end):
            return
        known = len(self.found)
        words = ""
        for index, segment in enumerate(_SEGMENT.finditer(self.blanked, start, end)):
            self.context.segment = index
            low, high = segment.span()
            before, words = words, segment[0].strip(_PADDING)
            is_label = asides.is_label(before)
            if self._is_void(words):
                continue
            if (is_label or cues.DEADLINE_LABEL.match(words)) and self._date_all(low, high):
                continue
            is_aside = segment[0][0] in "（(" and _ALONE.fullmatch(segment[0])
            if is_aside and self._date_all(low, high) and self.found:
                continue
            self._segment(low, high)
        opens = self.blanked.find("其中", start, end)
        if opens >= 0:
            self.found[known:] = asides.with_parts(self.found[known:], opens)

    def _is_void(self, words: str) -> bool:
        """Whether the segment is a condition or a scoring rule, and so proposes nothing."""
        if self.is_rule or cues.CONDITION_START.match(words):
            self.context.is_void = True
            self.is_rule = self.is_rule or bool(cues.CASES.search(words))
            return True
        is_scored = "分" in words or "权重" in words or "扣" in words
        if is_scored and cues.SCORE.search(words):
            return True
        return self.context.is_void and bool(cues.SANCTION.search(words))

    def _date_all(self, low: int, high: int) -> bool:
        """完成时限：6月底前 dates what stands before it; say whether it does."""
        dates = [
            cue.deadline
            for cue in self.work.times
            if low <= cue.start < high and cue.deadline is not None
        ]
        for deadline in dates:
            self.late_deadline = deadline
            self.found = [
                attrs.evolve(one, deadline=deadline) if one.deadline is None else one
                for one in self.found
            ]
        return bool(dates)

    # -- one segment ---------------------------------------------------------------------------

    def _segment(self, low: int, high: int) -> None:
        context = self.context
        carried = context.window if context.window_segment == context.segment - 1 else None
        count = len(self.found)
        # the words from `floor` on belong to the next target; a number passed over ends at `tight`
        floor = tight = low
        handled = -1
        left = bisect_left(self.places, low)
        self.passed.clear()
        for place, _, kind, thing in self.events[left : bisect_left(self.places, high)]:
            if place < handled:
                continue
            if kind == "amount":
                known = len(self.found)
                if place == tight and self._is_in_run(thing, floor, high):
                    handled = self._in_run(thing, floor, high)
                else:
                    self.passed.clear()
                    handled = self._amount(thing, self._field(thing, floor, tight, high))
                tight = max(handled, thing.end)
                floor = tight if len(self.found) > known else floor
                continue
            self.passed.clear()
            if kind != "words":
                self._word(kind, thing)
            elif self._words(thing, floor):
                floor = tight = thing.end
        if not context.is_past and context.cadence is None:
            self._milestones(low, high, carried, self.found[count:])

    def _is_in_run(self, amount: Amount, floor: int, high: int) -> bool:
        """Whether numbers touch the number on both sides, in a long run of them: 3次5次3次5次."""
        start, end = amount.start, amount.end
        if start - _REACH < floor or end + _REACH > high:
            return False
        return self.blanked[start] in _FIGURES and self.blanked[end] in _FIGURES

    def _in_run(self, amount: Amount, floor: int, high: int) -> int:
        """Read a number of such a run; one that came to nothing is read once.

        No rule looks further than `_REACH` characters, so the same number between the same
        words comes to the same, as long as nothing happens in between.
        """
        start, end = amount.start, amount.end
        window = (self.blanked[start - _REACH : end + _REACH], end - start)
        if window in self.passed:
            return end
        before = self._state()
        handled = self._amount(amount, self._field(amount, floor, start, high))
        if handled == end and self._state() == before:
            self.passed.add(window)
        else:
            self.passed.clear()
        return handled

    def _state(self) -> tuple[Any, ...]:
        """All that reading a number may change."""
        context = self.context
        words = (context.baseline, context.aside, context.mean, context.scope, context.cadence)
        return (*words, self.out_of, self.enough, len(self.found), self.found[-1:])

    def _field(self, amount: Amount, floor: int, tight: int, high: int) -> Field:
        start = amount.start
        near = start - _REACH
        low = floor if floor > near else near
        before, after = self.blanked[low:start], self.blanked[amount.end : high]
        return Field(low, tight if tight > near else near, high, before, after)

    def _word(self, kind: str, thing: Any) -> None:
        if kind == "time":
            self._time(thing)
        elif kind == "scope":
            self.context.take_scope(thing)
        elif kind == "modal":
            self.context.modal = thing
        else:
            self.context.is_past = kind == "past" and not self._is_ahead()
            self.context.is_ahead = kind == "future"

    def _is_ahead(self) -> bool:
        """Whether a later year governs: 到2025年，累计新建; no words of the past count there."""
        window = self.context.window
        deadline = window.deadline if window is not None else None
        return isinstance(deadline, dt.date) and self.year is not None and deadline.year > self.year

    def _time(self, cue: TimeCue) -> None:
        context = self.context
        if cue.role == "within":
            context.within = cue
        elif cue.note == "once":
            if not context.is_past:
                self._once(cue, cue.text, 0.6)
        elif cue.role in ("cadence", "due"):
            context.take_cadence(cue, self.blanked)
            if cue.role == "due" and not context.is_past:
                self._due(cue)
            elif cue.text[0] in "每半" and not context.is_past:
                self._recurring(cue)
        elif cue.note == "earlier":
            context.is_past = True
        elif cue.role in ("window", "deadline"):
            if self._is_bracketed(cue):
                self.found[-1] = attrs.evolve(self.found[-1], deadline=cue.deadline)
            else:
                context.take_window(cue, self.blanked)

    def _is_bracketed(self, cue: TimeCue) -> bool:
        """Whether （6月底前） stands in brackets after a target of the clause."""
        opens = self.blanked[max(0, cue.start - 1) : cue.start] in ("（", "(")
        is_ours = bool(self.found) and self.found[-1].clause == self.bounds
        return opens and is_ours and cue.deadline is not None

    def _once(self, cue: TimeCue, name: str, confidence: float) -> None:
        self.found.append(
            deeds.once_per(cue, self.context, clause=self.bounds, name=name, confidence=confidence)
        )

    def _due(self, cue: TimeCue) -> None:
        """每月25日前报送: one a month, unless a number of its own follows."""
        span = deeds.due_words(cue, self.blanked, self.bounds[1])
        if span is not None and not any(span[0] <= one.start < span[1] for one in self.amounts):
            self._once(cue, names.clean(self.text[slice(*span)]) or cue.text, 0.7)

    def _recurring(self, cue: TimeCue) -> None:
        """每季度召开例会: one a quarter, unless a number says how many."""
        span = deeds.recurring_words(cue, self.blanked, self.bounds[1])
        if span is None:
            return
        later = self.events[bisect_left(self.places, cue.end) :]
        if not deeds.is_counted(later, span, self.blanked):
            self._once(cue, names.clean(self.text[slice(*span)]) or cue.text, 0.6)

    # -- numbers -------------------------------------------------------------------------------

    def _amount(self, amount: Amount, field: Field) -> int:
        """Read the number, and those listed with it; return where reading goes on."""
        blanked, before = self.blanked, field.before
        binding = self._bind(amount, field.tight, field.high)
        end = binding.right.end if binding.right else amount.end
        if ("由" in before or "从" in before) and self._is_baseline(amount, field):
            return amount.end
        if self.may_aside and (
            self._is_margin(amount, binding, field) or self._is_out_of(amount, field)
        ):
            return end
        if amount.unit in asides.COUNTING and not self.context.is_past:
            holders = self._holders_end(amount, binding, field)
            if holders is not None:
                return holders
        is_listed = "分别" in before
        listed = lists.listed_with(amount, self.amounts, blanked, field.high) if is_listed else []
        if listed and amount.unit is None and self.context.recurs:
            return self._zip(listed, field)  # 每周分别为6、5、4课时
        if is_noise(blanked, amount, binding, field):
            self.context.aside = asides.compared(
                blanked, amount, low=field.low, high=field.high, known=self.context.aside
            )
            return end
        if listed:
            return self._zip(listed, field)
        is_plain = not binding.is_explicit and binding.change is None
        if is_plain and self._continues(amount, field):
            field = attrs.evolve(field, low=amount.start, before="")
        elif is_plain and not self._is_plan(amount, field):
            return amount.end
        if not self.context.is_past and not (self.may_tell and _TOLD.match(field.after)):
            self._place(self._target(amount, binding, field), field)
        return end

    def _continues(self, amount: Amount, field: Field) -> bool:
        """Whether the number goes on with the list of the one before it."""
        last = self._last_here()
        between = self.blanked[last.end : amount.start] if last else ""
        return last is not None and continues(amount, field, between, last.unit)

    def _bind(self, amount: Amount, low: int, high: int) -> Binding:
        return bind(self.blanked, amount, low=low, high=high, may_change=self.may_change)

    def _is_baseline(self, amount: Amount, field: Field) -> bool:
        """Whether the number is where another begins: 由88%提高到92%."""
        head = cues.BASELINE_FROM.search(field.before)
        if head is None or not cues.BASELINE_TO.match(field.after):
            return False
        context, value = self.context, amount.number.value
        context.baseline = None if value is None else float(value)
        begin = field.low + head.start()
        context.aside = (begin, amount.end)
        if context.scope is not None and begin <= context.scope.start < amount.start:
            context.scope = None
        if context.cadence is not None and context.cadence.end == amount.start:
            context.cadence = None  # 由每月600元提高到650元: a price, not a cadence
        return True

    def _is_margin(self, amount: Amount, binding: Binding, field: Field) -> bool:
        """Whether the number is the tolerance of the one before it: 上下浮动不超过3户."""
        head = binding.left.start if binding.left else amount.start
        last = self._last_here()
        if not asides.is_margin(self.blanked[field.low : head], last):
            return False
        if last is not None:
            self.found[-1] = asides.with_tolerance(last, amount)
        return True

    def _is_out_of(self, amount: Amount, field: Field) -> bool:
        """Whether 五轮中至少按期完成四轮 only says how many of the periods are enough."""
        if self.out_of is not None and self.out_of[1] is amount:
            last, period = self._last_here(), asides.period_of(self.blanked, amount)
            if last is None and period is not None:
                self.enough = (amount, self.out_of[0], period)
                stop = self.blanked.find("月" if period == "month" else "度", amount.end - 1)
                self.context.aside = (field.low, stop + 1)
                return True
            if last is None or last.per is None:
                return False
            if last.unit != amount.unit and last.per != period:
                return False
            self.found[-1] = asides.with_enough(last, amount, self.out_of[0], period=period)
            return True
        end = asides.out_of_end(self.blanked, amount, field.high)
        other = self._next(amount, field) if end is not None else None
        if end is None or other is None or other.unit != amount.unit:
            return False
        self.out_of = (amount, other)
        self.context.aside = (field.low, end)
        return True

    def _holders_end(self, amount: Amount, binding: Binding, field: Field) -> int | None:
        """Place 3 of 3个村突破50万元 and return the end of what only describes it, else None."""
        other = self._next(amount, field)
        if other is None or not asides.counts_holders(self.blanked, amount, other, low=field.low):
            return None
        right = self._bind(other, other.start, field.high).right
        end = right.end if right else other.end
        begin = binding.right.end if binding.right else amount.end
        name = self.text[begin:end].strip("的 ")
        found = self._target(amount, binding, field, name=name)
        if asides.opens_with(self.blanked, amount, field.low):
            found = asides.doubted(found)  # 3个村收入突破50万元: perhaps together
        self._place(found, field, is_named=True)
        return end

    def _next(self, amount: Amount, field: Field) -> Amount | None:
        """The next number of the segment, if any."""
        index = bisect_left(self.starts, amount.end)
        other = self.amounts[index] if index < len(self.amounts) else None
        return other if other is not None and other.start < field.high else None

    def _is_plan(self, amount: Amount, field: Field) -> bool:
        context = self.context
        is_said = context.modal is not None or context.is_ahead or bool(self.found)
        return counts_without_comparator(
            amount,
            field,
            goes_on=bool(self.found),
            has_time=context.recurs or context.scope is not None,
            stand="heading" if self.is_plan else "words" if is_said else "unknown",
        )

    def _zip(self, listed: list[Amount], field: Field) -> int:
        """Give each of the listed names its own number; refuse when the lists differ."""
        head, last = listed[0], listed[-1]
        written = self.named[field.low : head.start]
        ahead = self.named[self.bounds[0] : field.low]
        words = lists.named_items(written, len(listed), ahead=ahead)
        tail = self._bind(last, last.start, field.high)
        end = tail.right.end if tail.right else last.end
        if len(words) != len(listed) or self.context.is_past:
            return end
        binding = self._bind(head, field.tight, field.high)
        for word, amount in zip(words, listed, strict=True):
            own = self._bind(amount, amount.start, field.high)
            each = attrs.evolve(binding, right=own.right or tail.right)
            one = amount if amount.unit else lists.with_unit(amount, last.unit)
            before = self.blanked[field.low : one.start]
            found = self._target(one, each, field, name=word)
            self._place(found, attrs.evolve(field, before=before), is_named=True)
        return end
