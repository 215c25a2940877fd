"""What was understood of a number or of words, made a target and put in its place."""

from __future__ import annotations

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import asides, cues, deeds, lists, measuring, names
from partybuild.sources.text.binding import Binding, aim_of
from partybuild.sources.text.context import Context
from partybuild.sources.text.counting import Field
from partybuild.sources.text.masks import Work
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.times import TimeCue
from partybuild.sources.text.wordless import Wordless


class TargetMaker:
    """Makes the targets of a sentence, `found`, in the clause at `bounds` and its `context`.

    `enough` says how many of the periods that a number counts are enough (五轮中四轮).
    """

    def __init__(self, work: Work, *, is_plan: bool, is_past: bool, year: int | None) -> None:
        self.work = work
        self.text, self.blanked, self.named = work.text, work.blanked, work.named
        self.is_plan = is_plan
        self.year = year
        self.context = Context(is_past=is_past)
        self.found: list[Found] = []
        self.bounds = (0, 0)
        self.enough: tuple[Amount, Amount, str] | None = None
        self.may_share = cues.SHARING.search(self.blanked) is not None
        self.may_date = any(cue.role in ("deadline", "window") for cue in work.times)

    def _target(
        self, amount: Amount, binding: Binding, field: Field, name: str | None = None
    ) -> Found:
        context, blanked = self.context, self.blanked
        unit, per = measuring.unit_and_per(amount, blanked, self.bounds[0])
        is_rate = unit in measuring.RATES
        is_fall = binding.change == "down" and (is_rate or unit == "岁")
        aim = aim_of(amount, binding, is_fall=is_fall, unit=unit)
        left, after = self._words_around(amount, binding, field, is_rate=is_rate)
        mean = context.mean_before(amount.start)
        end = binding.right.end if binding.right else amount.end
        measure = measuring.measure_of(unit, binding, left + after, is_mean=mean is not None)
        if measure == "latest" and unit == "%" and blanked[end : end + 1] == "的":
            measure = "ratio"
        notes = context.notes()
        notes += measuring.notes_of(binding, unit, blanked)
        number, window = amount.number, context.window
        is_masked = number.nature == "masked"
        # field by field: a fifth of what twenty keywords would cost
        found = Found.__new__(Found)
        found.start, found.end, found.clause = number.start, number.end, self.bounds
        found.name = name or names.name_of(left, after, fallback=self._phrase)
        found.measure, found.goal, found.unit = measure, aim.goal, unit
        found.value = None if is_masked else aim.value
        found.placeholder = number.text if is_masked else None
        found.per = per or context.per(left, unit)
        found.each = None if mean is not None else context.each(left, unit or "")
        found.each = found.each or asides.each_before(blanked, binding, field.low)
        found.first = window.first if window is not None else None
        found.deadline = window.deadline if window is not None else None
        found.strength = context.strength
        found.explicit = binding.is_explicit or aim.goal not in ("at_least", "at_most")
        found.confidence = measuring.confidence_of(
            amount, binding, aim, notes=len(notes), is_plan=self.is_plan
        )
        found.baseline, found.tolerance, found.benchmark = context.baseline, None, None
        found.require, found.is_part, found.notes = None, False, tuple(notes)
        found.spans = context.spans(binding.spans(amount))
        context.baseline = context.mean = context.aside = None
        return found

    def _words_around(
        self, amount: Amount, binding: Binding, field: Field, *, is_rate: bool
    ) -> tuple[str, str]:
        """Return the words that name the target, before the number and after it."""
        head = binding.left.start if binding.left else amount.start
        words = asides.without(self.named, self.context.aside, low=field.low, high=head)
        if binding.left is not None:
            # 至少结对帮扶X名: the verb stands between the comparator and the number
            words += self.named[binding.left.end : amount.start]
        left = names.clean(words)
        after = ""
        if not (is_rate and left):
            end = binding.right.end if binding.right else amount.end
            after = names.object_after(self.blanked, self.text, end, field.high)
        if not left and (binding.change or not after):
            left = self._last_name()
        return left, after

    def _last_here(self) -> Found | None:
        """The target before it in the clause."""
        last = self.found[-1] if self.found else None
        return last if last is not None and last.clause == self.bounds else None

    def _last_name(self) -> str:
        """The name of the target before it in the clause: 率2023年达到87%，2025年达到90%."""
        last = self._last_here()
        return last.name if last is not None else ""

    def _place(self, found: Found, field: Field, *, is_named: bool = False) -> None:
        """Put the target into its window, or into each window or name of a list."""
        context = self.context
        if self.enough is not None and found.per in (None, self.enough[2]):
            part, whole, period = self.enough
            found = asides.with_enough(attrs.evolve(found, per=period), part, whole, period=period)
            self.enough = None
        is_shared = self.may_share and bool(cues.SHARING.search(field.before))
        if len(context.cadences) > 1 and found.per == context.cadences[-1].per:
            end = field.low + len(field.before)
            self.found += lists.in_cadences(
                found, context.cadences, named=self.named, low=field.low, end=end
            )
            context.cadences = context.cadences[-1:]
            return
        if context.window is not None and context.window.parts:
            self.found += lists.in_parts(found, context.window, is_shared=is_shared)
            return
        if not is_shared:
            self.found.append(found)
            return
        if len(context.listed) > 1 and context.window_segment == context.segment:
            self.found += lists.in_windows(found, context.listed)
            return
        written = self.named[field.low : field.low + len(field.before)]
        items = names.shared_items(written) if found.each is None and not is_named else []
        self.found += [attrs.evolve(found, name=item) for item in items] or [found]

    # -- promises without a number -------------------------------------------------------------

    def _words(self, word: Wordless, floor: int) -> bool:
        if self.context.is_past:
            return False
        left = names.clean(self.named[floor : word.start])
        name = names.name_of(left, word.text, fallback=self._phrase)
        if word.text.startswith("零") and word.measure == "count":
            name = names.of_nothing(name, word.text)
        self.found.append(
            deeds.from_words(word, self.context, clause=self.bounds, name=name, year=self.year)
        )
        return True

    def _milestones(self, low: int, high: int, carried: TimeCue | None, found: list[Found]) -> None:
        """年底前建成投用: done by a date; each date governs up to the next."""
        if carried is None and not self.may_date:
            return
        dates = [
            cue
            for cue in self.work.times
            if low <= cue.start < high and cue.role in ("deadline", "window")
        ]
        if not dates and carried is None:
            return
        starts = [cue.end for cue in dates]
        if not dates and carried is not None and not self.blanked[carried.end : low].strip("，, "):
            dates, starts = [carried], [low]
        ends = [*(cue.start for cue in dates[1:]), high]
        # a number after the last date fulfils it: mostly there is one
        if found and dates and starts[-1] <= found[-1].start < high:
            del dates[-1]
        for cue, start, end in zip(dates, starts, ends, strict=False):
            if any(start <= one.start < end for one in found):
                continue
            one = deeds.milestone(
                cue,
                (start, end),
                self.context,
                text=self.text,
                named=self.named,
                clause=self.bounds,
            )
            self.found += [one] if one is not None else []

    def _phrase(self) -> str:
        return self.text[slice(*self.bounds)].strip("，。；、 ")[:30]
