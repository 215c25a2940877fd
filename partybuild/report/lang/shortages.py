"""What is short and what was done, decided once for all languages; each has its phrases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from partybuild.report.lang.runs import is_all_told, told_misses
from partybuild.report.lang.wording import Wording
from partybuild.report.view import AheadView, TargetView

#: Beyond so many days after the end, the day on which a goal would be reached is not named.
_FAR = 180
#: With so many days left a pace is told by the month, with fewer than a week not at all.
_MONTHS_AHEAD, _WEEK = 60, 7
#: What is met comes first, then what came late, what is under way, and the rest.
_STORY = ("met", "late", "on_track", "in_progress", "other")


class Shortages(Wording):
    """Which parts a sentence on a shortage has, in their order."""

    def phrase(self, key: str, **values: Any) -> str:
        """A phrase of the language, filled in."""
        return self.words[key].format(**values)

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        text, status = self.sentence(target), target.status
        if status == "no_data":
            is_open = all(miss.is_open for miss in target.misses)
            return text + self.phrase("report_soon" if is_open else "report_now")
        if target.spec.measure == "milestone":
            is_open = target.ahead is not None and bool(target.ahead.days_left)
            return text + (self.phrase("finish_soon") if status == "missed" and is_open else "")
        rest = [self.phrase("gone")] if status == "breached" else self._ahead(target)
        parts = [text, *self._who(target), *rest]
        return self.clause_mark.join(part for part in parts if part)

    def _who(self, target: TargetView) -> list[str]:
        """Which windows and members are short for good, and which still can do it."""
        if target.is_single:
            return []
        closed, behind = told_misses(target)
        parts = [self.phrase("told_closed", told=self.missing(target, closed))] if closed else []
        if target.status == "missed" and target.is_lost:
            parts.append(self._lost(target))
        if behind:
            told = self.missing(target, behind, is_open=True)
            parts.append(self.phrase("told_open", told=told))
        return parts

    def _lost(self, target: TargetView) -> str:
        """That what is short is short for good; nothing where the whole plan is over."""
        spec = target.spec
        rest = self.counted(spec, target.windows_ahead) if target.windows_ahead else ""
        if spec.require is not None and target.windows > 1:
            enough = self.counted(spec, spec.require)
            short = self.counted(spec, max(1, spec.require - target.windows_met))
            key = "require_lost" if rest else "require_missed"
            return self.phrase(key, enough=enough, short=short, rest=rest)
        return self.phrase("no_makeup") if rest and target.windows > 1 else ""

    def _ahead(self, target: TargetView) -> list[str]:
        ahead, spec = target.ahead, target.spec
        if ahead is None:
            return []
        is_ahead = target.windows > 1 and target.windows_ahead > 0
        rest = self.counted(spec, target.windows_ahead) if is_ahead else ""
        if target.status == "missed" and target.is_lost:
            if rest:
                key = "rest_after_loss" if spec.require is None else "rest_of_require"
                return [self.phrase(key, rest=rest)]
            return [self.phrase("closed_on", day=self.due(spec))] if spec.ends_early else []
        if not ahead.needed or ahead.by is None or not ahead.days_left or ahead.days_left <= 0:
            return [self.phrase("watch")] if spec.is_allowance else []
        mended = [miss for miss in target.misses if miss.is_recoverable and not miss.is_open]
        if mended and len(mended) == len(target.misses):
            coming = [self.phrase("rest_to_meet", rest=rest)] if rest else []
            return [self.phrase("made_up_by", **self._until(target, ahead)), *coming]
        pace = self._pace(target, ahead) if target.is_single else []
        return [self._needed(target, ahead), *pace]

    def _until(self, target: TargetView, ahead: AheadView) -> dict[str, str]:
        """By when, and how many days are left."""
        assert ahead.by is not None
        days = ahead.days_left or 0
        left = self.phrase("day_left" if days == 1 else "days_left", days=days)
        return {"by": self.phrase("by", day=self.due(target.spec, ahead.by)), "left": left}

    def _needed(self, target: TargetView, ahead: AheadView) -> str:
        spec, until = target.spec, self._until(target, ahead)
        gap = self.gap(ahead.needed or 0.0, spec.unit)
        what = self.wanting(target, gap)
        if target.is_single:
            if spec.goal.is_band and spec.goal.name != "exactly":
                short = self.distance(target, gap, is_open=True)
                return self.phrase("band_by", short=short, **until)
            return self.phrase("needed_by" if spec.is_additive else "moved_by", what=what, **until)
        if not spec.is_additive:
            return self.phrase("reach_by", **until)
        return self.phrase("done_by" if is_all_told(target) else "in_all_by", what=what, **until)

    def _pace(self, target: TargetView, ahead: AheadView) -> list[str]:
        """How much a month or a week is needed, beside what came so far."""
        spec, days = target.spec, ahead.days_left or 0
        is_long, is_down = days >= _MONTHS_AHEAD, spec.goal.is_upper
        needed = ahead.needed_per_month if is_long else ahead.needed_per_week
        pace = ahead.pace_per_month if is_long else ahead.pace_per_week
        if needed is None or days < _WEEK:
            return []
        word = self.phrase("month" if is_long else "week")
        key = "pace_down" if is_down else "pace_needed"
        text = self.phrase(key, word=word, gap=self.gap(needed, spec.unit))
        if pace is not None and not is_down and target.actual:
            key = "pace_so_far" if pace > 0 else "pace_falling"
            text += self.phrase(key, word=word, gap=self.gap(pace, spec.unit))
        return [text, self._reached_on(target, ahead)]

    def _reached_on(self, target: TargetView, ahead: AheadView) -> str:
        """When the goal is reached at the present pace."""
        reached, due = ahead.reached_on, target.spec.due
        if reached is None:
            return ""
        if (reached - due).days > _FAR:
            return self.phrase("too_slow")
        key = "reached_on" if reached <= due else "reached_late"
        return self.phrase(key, day=self.day(reached, year=reached.year != due.year))

    def mending(self, total: int, lost: int) -> str:
        """How many of the problems can still be mended, and how many cannot."""
        key = "all_lost" if lost == total else "some_lost" if lost else "all_mendable"
        return self.phrase(key, total=total, lost=lost, left=total - lost)

    def story(self, targets: Sequence[TargetView]) -> str:
        """What was done for several targets, as running text."""
        groups: dict[str, list[str]] = {key: [] for key in _STORY}
        for target in targets:
            key = target.status if target.status in groups and not target.is_idle else "other"
            groups[key].append(self.varied(target, len(groups[key])))
        parts = [self.words[f"lead_{key}"] + self.clauses(told) for key, told in groups.items()
                 if told]  # fmt: skip
        return self.space.join(parts)

    def varied(self, target: TargetView, turn: int) -> str:
        """The clause of a target in running text; `turn` counts those before it of its kind."""
        del turn
        return self.sentence(target, brief=True)
