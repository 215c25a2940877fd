"""Reports in English: shortfalls, running text, remarks and the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from partybuild.report.lang.en_clauses import EnglishClauses
from partybuild.report.lang.runs import is_all_told, told_misses
from partybuild.report.lang.wording import TOLD_FIRST
from partybuild.report.view import PlaceView, RemarkView, ReportView, TargetView
from partybuild.report.view_telling import plural, window_noun

#: Beyond so many days after the end, the day on which a goal would be reached is not named.
_FAR = 180
#: What is met comes first, then what came late, what is under way, and the rest.
_STORY = {"met": "met", "late": "late", "on_track": "on_track", "in_progress": "in_progress"}
_LEADS = {
    "met": "",
    "late": "Done late: ",
    "on_track": "On track: ",
    "in_progress": "In progress: ",
    "other": "Besides: ",
}


class English(EnglishClauses):
    """English, for readers abroad and for tools."""

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        text, status = self.sentence(target), target.status
        days_left = target.ahead.days_left if target.ahead else None
        if status == "no_data":
            return f"{text}, to be reported"
        if target.spec.measure == "milestone":
            return f"{text}, still to be done" if status == "missed" and days_left else text
        if status == "breached":
            return ", ".join([text, *self._who(target), "which cannot be undone"])
        return ", ".join([text, *self._who(target), *self._ahead(target)])

    def _who(self, target: TargetView) -> list[str]:
        """Which windows and members are short for good, and which still can do it."""
        if target.is_single:
            return []
        closed, behind = told_misses(target)
        parts = [f"missed: {self.missing(target, closed)}"] if closed else []
        if target.status == "missed" and target.is_lost:
            parts += self._lost(target)
        if behind:
            parts.append(f"still open: {self.missing(target, behind)}")
        return parts

    def _lost(self, target: TargetView) -> list[str]:
        """That what is short is short for good; nothing where the whole plan is over."""
        spec, noun = target.spec, window_noun(target.spec)
        if spec.require is not None and target.windows > 1:
            short = plural(max(1, spec.require - target.windows_met), noun)
            if not target.windows_ahead:
                return [f"{short} too few"]
            return [f"{short} too few with only {target.windows_ahead} to come"]
        return ["which cannot be made up"] if target.windows_ahead and target.windows > 1 else []

    def _ahead(self, target: TargetView) -> list[str]:
        ahead, spec = target.ahead, target.spec
        if ahead is None:
            return []
        rest = plural(target.windows_ahead, window_noun(spec)) if target.windows > 1 else ""
        if target.status == "missed" and target.is_lost:
            if target.windows > 1 and target.windows_ahead:
                return [f"{rest} still to be met"] if spec.require is None else []
            return [f"closed on {self.due(spec)}"] if spec.ends_early else []
        if not ahead.needed or ahead.by is None or not ahead.days_left or ahead.days_left <= 0:
            return []
        by, left = f"by {self.due(spec, ahead.by)}", f"({plural(ahead.days_left, 'day')} left)"
        mended = [miss for miss in target.misses if miss.is_recoverable and not miss.is_open]
        if mended and len(mended) == len(target.misses):
            coming = [f"{rest} still to be met"] if rest and target.windows_ahead else []
            return [f"may be made up {by} {left}", *coming]
        gap = self.gap(ahead.needed, spec.unit)
        if target.is_single:
            what = f"{gap} more needed" if spec.is_additive else self._move(target, gap)
            return [f"{what} {by} {left}", *self._pace(target)]
        if not spec.is_additive:
            return [f"to be reached {by} {left}"]
        if is_all_told(target):
            return [f"to be done {by} {left}"]
        return [f"{gap} more in all needed {by} {left}"]

    def _move(self, target: TargetView, gap: str) -> str:
        """In which direction a level has to go."""
        return f"to {'come down' if target.is_above else 'rise'} by {gap}"

    def _pace(self, target: TargetView) -> list[str]:
        """How much a month or a week is needed, beside what came so far."""
        ahead, spec = target.ahead, target.spec
        assert ahead is not None
        assert ahead.days_left is not None
        is_long = ahead.days_left >= 60
        needed = ahead.needed_per_month if is_long else ahead.needed_per_week
        pace = ahead.pace_per_month if is_long else ahead.pace_per_week
        if needed is None or ahead.days_left < 7:
            return []
        text = f"or {self.gap(needed, spec.unit)} a {'month' if is_long else 'week'}"
        if pace is not None and not spec.goal.is_upper and target.actual:
            so_far = f"{self.gap(pace, spec.unit)} so far" if pace > 0 else "falling so far"
            text += f" ({so_far})"
        return [text, *self._reached_on(target)]

    def _reached_on(self, target: TargetView) -> list[str]:
        ahead, due = target.ahead, target.spec.due
        if ahead is None or ahead.reached_on is None:
            return []
        if (ahead.reached_on - due).days > _FAR:
            return ["too slow at the present pace"]
        day = self.day(ahead.reached_on, year=ahead.reached_on.year != due.year)
        late = "" if ahead.reached_on <= due else "only "
        return [f"at the present pace to be reached {late}on {day}"]

    def story(self, targets: Sequence[TargetView]) -> str:
        """What was done for several targets, as running text."""
        groups: dict[str, list[str]] = {}
        for target in targets:
            key = "other" if target.is_idle else _STORY.get(target.status, "other")
            groups.setdefault(key, []).append(self.sentence(target, brief=True))
        parts = [_LEADS[key] + self.clauses(groups[key]) for key in _LEADS if key in groups]
        return self.space.join(parts)

    def kept(self, texts: Sequence[str]) -> str:
        """Promises that nothing is measured of, as running text."""
        return f" To be told in words: {self.sentences(texts)}"

    def numbered(self, number: int, text: str) -> str:
        """A heading with its number, counted from 0."""
        return f"{number + 1}. {text}"

    def item(self, number: int, total: int, text: str) -> str:
        """One of several problems, counted from 0."""
        return text if total == 1 else f"({number + 1}) {text}"

    def mending(self, total: int, lost: int) -> str:
        """How many of the problems can still be mended, and how many cannot."""
        if lost == total:
            return f"These {total} can no longer be made up."
        if not lost:
            return f"All {total} can still be mended."
        return f"Of these {total}, {total - lost} can still be mended and {lost} cannot."

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause that does not say until when."""
        ahead, spec = target.ahead, target.spec
        assert ahead is not None
        if spec.measure == "milestone":
            return f"{spec.name}: to be done"
        if spec.require is not None and target.windows > 1 and not target.is_lost:
            number, noun = max(1, spec.require - target.windows_met), window_noun(spec)
            return f"{spec.name}: {plural(number, f'more {noun}')} to be met ({self.asked(spec)})"
        if spec.each and not spec.is_additive:
            return f"{spec.name}: {self.asked(spec)}"
        gap = self.gap(ahead.needed or 0.0, spec.unit)
        each = f" ({self.asked(spec)})" if target.windows_ahead > 1 and spec.is_additive else ""
        what = f"{gap} more" if spec.is_additive else self._move(target, gap)
        return f"{spec.name}: {what}{each}"

    def steps(self, day: dt.date, targets: Sequence[TargetView]) -> str:
        """What is still to be done for several targets until a day."""
        return f"By {self.day(day)}: {self.clauses([self.step(one) for one in targets])}"

    def bracketed(self, text: str, more: str) -> str:
        """A sentence with something in brackets before its full stop."""
        return f"{text} ({more})"

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        who = ": ".join(one for one in (remark.organisation, remark.target) if one)
        records = plural(remark.number or 0, "record")
        name = f" “{remark.read}”" if remark.read else ""
        texts = {
            "unattested": "no record attests it; taken as none",
            "unassigned": f"no target looks at the kind{name}: {records} not counted",
            "outside-plan": self._outside_plan(remark),
            "no-windows": "not judged: no window, or no member on the roster",
            "doubtful-percent": f"{remark.read or ''} looks doubtful: write 95% as 0.95",
            "unknown-member": f"{records} not counted: no member{name} on the roster",
            "unknown-organisation": f"{records} not counted: "
            + (f"organisation{name} is not assessed" if name else "no organisation given"),
            "unknown-unit": f"{records} not counted: the unit{name} cannot be converted",
            "unknown-column": f"the records have no column{name}",
        }
        told = texts.get(remark.code, f"{remark.message}{name}")
        return f"{who}: {told}." if who else f"{told[:1].upper()}{told[1:]}."

    def unassigned(self, remarks: Sequence[RemarkView]) -> str:
        """Kinds of records that no target looks at, in one sentence."""
        kinds = ", ".join(f"“{one.read}” ({plural(one.number or 0, 'record')})" for one in remarks)
        return f"No target looks at these kinds, which are not counted: {kinds}."

    def _outside_plan(self, remark: RemarkView) -> str:
        """Records dated outside the plan: how many, on which side, the first of them."""
        which = self.comma.join(remark.ids)
        if remark.days is not None:
            first, last = (self.day(day, year=True) for day in remark.days)
            which = first if first == last else f"{first} to {last}"
        told = plural(remark.number or 0, "record") + (f" ({which})" if which else "")
        if remark.is_after:
            return f"{told} after the plan's end: not counted"
        spared = []
        if remark.is_base:
            spared.append("as the base of growth")
        if remark.is_lasting:
            spared.append("where they last into the plan")
        rest = f", except {' or '.join(spared)}" if spared else ""
        return f"{told} before the plan's start: not counted{rest}"

    def tally(self, counts: Mapping[str, int]) -> str:
        """Counts per status in words."""
        named = [name for name in (*TOLD_FIRST, *counts) if name in counts]
        return ", ".join(f"{counts[name]} {self.status(name)}" for name in dict.fromkeys(named))

    def overview(self, view: ReportView) -> str:
        """The first paragraph: how many of what, and the completion."""
        until = f"As of {self.day(view.as_of, year=True)}"
        if view.is_by_organisation:
            verb = "was" if len(view.places) == 1 else "were"
            return f"{until}, {plural(len(view.places), 'organisation')} {verb} assessed."
        if not view.places:
            return f"{until}, there is no organisation to assess."
        return f"{until}, {self.place(view.places[0])}."

    def place(self, place: PlaceView) -> str:
        """How one organisation, or the whole plan, stands."""
        commitments, targets = sum(place.counts.values()), len(place.targets)
        if not commitments:
            return "the plan holds no commitments"
        if not targets:
            return f"{plural(commitments, 'commitment')} without targets"
        text = (
            f"{plural(commitments, 'commitment')} with {plural(targets, 'target')}: "
            f"{self.tally(place.target_counts)}"
        )
        if place.completion is not None:
            text += f"; overall completion {self.percent(place.completion)}"
        return text
