"""Every word of reports in English."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from partybuild.report.lang.en_words import WORDS
from partybuild.report.lang.wording import MOST_LISTED, NONE, Wording
from partybuild.report.view import (
    GoalView,
    MissView,
    PlaceView,
    RemarkView,
    ReportView,
    TargetSpec,
    TargetView,
)

_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<", "exactly": "="}
_SIDES = {
    "at_least": "at least ",
    "more_than": "more than ",
    "at_most": "at most ",
    "less_than": "less than ",
    "exactly": "exactly ",
}
_PER = {
    "day": "every day",
    "week": "every week",
    "ten_days": "every ten days",
    "month": "every month",
    "quarter": "every quarter",
    "half_year": "every half-year",
    "year": "every year",
    "rule": "every round",
}
_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
_TEN_DAYS = ("early", "mid", "late")


#: What is met comes first, then what came late, what is under way, and the rest.
_STORY = {"met": "met", "late": "late", "on_track": "under_way", "in_progress": "under_way"}
_LEADS = {"met": "", "late": "Done late: ", "under_way": "Under way: ", "other": "Besides: "}


def _plural(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


class English(Wording):
    """English, for readers abroad and for tools."""

    lang = "en"
    words = WORDS
    comma = ", "
    stop = "."
    semicolon = "; "
    space = " "

    def points(self, number: str) -> str:
        """A number of percentage points."""
        return f"{number} percentage points"

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        text = f"{day.day} {_MONTHS[day.month - 1]}"
        return f"{text} {day.year}" if year else text

    def short_day(self, day: dt.date) -> str:
        """A date in a narrow column."""
        return f"{day.day} {_MONTHS[day.month - 1][:3]}"

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        start, end = miss.start, miss.end
        year = f" {start.year}" if spec.start.year != spec.due.year else ""
        month = _MONTHS[start.month - 1]
        if spec.per == "month":
            return f"{month}{year}"
        if spec.per == "quarter":
            return f"Q{(start.month + 2) // 3}{year}"
        if spec.per == "half_year":
            return f"the {'first' if start.month <= 6 else 'second'} half-year{year}"
        if spec.per == "year":
            return str(start.year)
        if spec.per == "ten_days":
            return f"{_TEN_DAYS[min(2, (start.day - 1) // 10)]} {month}{year}"
        if start == end:
            return f"{self.day(start)}{year}"
        return f"{self.day(start)} to {self.day(end)}{year}"

    def goal(self, goal: GoalView, unit: str | None, *, short: bool = False) -> str:
        """A goal as prose says it, or short as a table shows it."""
        if goal.name is None:
            return "unquantified"
        if goal.name == "milestone":
            return "done"
        assert goal.low is not None
        assert goal.high is not None
        low = self.amount(goal.low, unit)
        if goal.name == "about":
            gap = f" (±{self.gap(goal.tolerance, unit)})" if goal.tolerance else ""
            return f"about {low}{gap}"
        if goal.name == "between":
            return f"{low} to {self.amount(goal.high, unit)}"
        if short:
            return f"{_SIGNS[goal.name]} {low}"
        return f"{_SIDES[goal.name]}{low}"

    def asked(self, target: TargetSpec, *, short: bool = False) -> str:
        """The goal with how often and of whom."""
        goal = self.goal(target.goal, target.unit, short=short)
        if target.goal.name is None:
            return goal
        if target.goal.name == "milestone":
            return f"done by {self.day(target.due)}"
        who = " for each member" if target.each else ""
        per = f" {_PER[target.per]}" if target.per else ""
        return f"{goal}{per}{who}"

    def required_cell(self, target: TargetView) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        spec = target.spec
        before = "" if spec.original is None else self.goal(spec.original, spec.unit, short=True)
        if target.status == "waived":
            if not before:
                return f"{self.asked(spec, short=True)} (no window)"
            return f"waived (originally {before})"
        text = self._demand(spec, short=True)
        if spec.is_waived and spec.revised_from is not None:
            return f"{text} (waived since {self.day(spec.revised_from)})"
        return f"{text} (originally {before})" if before else text

    def _demand(self, spec: TargetSpec, *, short: bool = False) -> str:
        text = self.asked(spec, short=short)
        if spec.each and spec.share < 1:
            text += f", by {self.amount(spec.share, '%')} of them"
        if spec.require is not None:
            text += f", in {_plural(spec.require, 'window')}"
        return text

    def actual_cell(self, target: TargetView) -> str:
        """The measured value in a table, with windows and members that made it."""
        if not target.is_due or target.status == "waived":
            return NONE
        if target.spec.measure == "milestone":
            word = {"met": "done", "late": "done_late"}.get(target.status, "undone")
            return self.words[word]
        text = "no data" if target.actual is None else self.actual_amount(target)
        if target.status == "unquantified" or target.is_single:
            return text
        parts = []
        if target.is_over and target.members is not None:
            parts.append(f"{target.members_met} of {_plural(target.members, 'member')} met")
        if target.windows > 1:
            parts.append(self._window_counts(target))
        return f"{text} ({'; '.join(parts)})" if parts else text

    def _window_counts(self, target: TargetView) -> str:
        counts = (
            (target.windows_met, "met"),
            (target.windows_missed, "not met"),
            (target.windows_ahead, "to come"),
        )
        told = ", ".join(f"{number} {word}" for number, word in counts if number)
        return f"windows: {told}"

    def sentence(self, target: TargetView) -> str:
        """What was done for a target, as a clause without its full stop."""
        told = self._done(target)
        spec = target.spec
        if spec.original is None or target.status == "waived":
            return told
        assert spec.revised_from is not None
        before, since = self.goal(spec.original, spec.unit), self.day(spec.revised_from)
        because = f": {spec.reason}" if spec.reason else ""
        if spec.is_waived:
            return f"{told} (waived since {since}{because})"
        return f"{told} (originally {before}, revised from {since}{because})"

    def _done(self, target: TargetView) -> str:
        spec, status = target.spec, target.status
        if status == "waived":
            return self._waived(spec)
        if status == "upcoming":
            return f"{spec.name} ({self.asked(spec)}) begins on {self.day(spec.start)}"
        if spec.measure == "milestone":
            return self._milestone(target)
        if status == "no_data":
            return f"{spec.name} ({self.asked(spec)}): {self._no_data(target)}"
        head = self.head(target)
        if status == "unquantified":
            return f"{head} (no goal set)"
        if target.is_single:
            return f"{head}{self._single(target)}"
        return f"{head}{self._several(target)}"

    def head(self, target: TargetView) -> str:
        """The target's name and figure."""
        return f"{target.spec.name}: {self.actual_amount(target)}"

    def _waived(self, spec: TargetSpec) -> str:
        if spec.original is None:  # no window is left of it: nobody there, or all of them cut
            return f"{spec.name}: no window to judge"
        before = self.goal(spec.original, spec.unit)
        since = f" since {self.day(spec.revised_from)}" if spec.revised_from else ""
        because = f" ({spec.reason})" if spec.reason else ""
        return f"{spec.name}: originally {before}, waived{since}{because}"

    def _milestone(self, target: TargetView) -> str:
        name, day = target.spec.name, self.day(target.spec.due)
        told = {
            "met": f"done by {day}, as promised",
            "late": f"done, but after {day}",
            "missed": f"not done by {day}",
        }
        return f"{name}: {told.get(target.status, f'under way, due by {day}')}"

    def _single(self, target: TargetView) -> str:
        spec, status = target.spec, target.status
        asked = self.goal(spec.goal, spec.unit)
        if status == "met":
            over = target.surplus or 0.0
            more = f", {self.gap(over, spec.unit)} more" if over > 0 and spec.is_additive else ""
            return f", meeting the goal of {asked}{more}"
        if status == "breached":
            return f", beyond the limit of {asked.removeprefix('at most ')}"
        if status in ("missed", "late"):
            return f", {'late for' if status == 'late' else 'short of'} {asked}"
        done = spec.is_additive and not spec.goal.is_upper
        share = f", {self.percent(target.completion)} done" if done else ""
        return f" of {asked}{share}, {self._manner(target)}"

    def _manner(self, target: TargetView) -> str:
        if target.status == "behind" and target.margin is not None:
            return f"used faster than time passes, {self.gap_or_none(target)} left"
        words = {"behind": "behind schedule", "in_progress": "in progress"}
        if target.spec.goal.is_upper and not target.misses and target.status == "on_track":
            return "kept so far"
        return words.get(target.status, "on track")

    def gap_or_none(self, target: TargetView) -> str:
        """What is left of an allowance."""
        return self.gap(target.margin, target.spec.unit) if target.margin else "nothing"

    def _several(self, target: TargetView) -> str:
        parts = []
        if target.is_over and target.members is not None:
            parts.append(f"{target.members_met} of {_plural(target.members, 'member')} met")
        if target.windows > 1:
            parts.append(self._window_counts(target))
        demand = self._demand(target.spec)
        verdict = {
            "met": f"meeting the goal of {demand}",
            "late": f"the rest made up later, for {demand}",
            "on_track": f"on track for {demand}",
            "in_progress": f"in progress for {demand}",
            "behind": f"behind schedule for {demand}",
            "missed": f"short of {demand}",
            "breached": f"beyond {demand}",
        }
        return ", " + ", ".join([*parts, verdict[target.status]])

    def _no_data(self, target: TargetView) -> str:
        known = [miss for miss in target.misses if miss.status == "no_data"]
        if target.windows > 1 and known:
            return f"no data for {self._named(target, known)}"
        return "no data"

    def _named(self, target: TargetView, misses: list[MissView], *, gaps: bool = False) -> str:
        items = []
        for miss in misses[:MOST_LISTED]:
            when = self.window(target.spec, miss) if target.windows > 1 else None
            subject = None if miss.subject == target.organisation else miss.subject
            who = ", ".join(one for one in (subject, when) if one)
            short = ""
            if gaps and miss.shortfall:
                short = f" ({self.gap(miss.shortfall, target.spec.unit)})"
            items.append(f"{who}{short}")
        more = len(misses) - MOST_LISTED
        rest = f" and {more} more" if more > 0 else ""
        return "; ".join(items) + rest if target.spec.each else ", ".join(items) + rest

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        parts = [self.sentence(target)]
        if target.status == "no_data":
            return f"{parts[0]}; to be reported"
        if target.spec.measure == "milestone":
            is_mendable = target.ahead is not None and bool(target.ahead.days_left)
            return f"{parts[0]}{', still to be done' if is_mendable else ''}"
        parts.append(self._gap(target))
        parts += self._who(target)
        parts += self._ahead(target)
        return ", ".join(part for part in parts if part)

    def _gap(self, target: TargetView) -> str:
        spec, short = target.spec, target.shortfall or 0.0
        if short <= 0:
            return ""
        gap = self.gap(short, spec.unit)
        if spec.goal.is_band and not target.is_single:
            return f"{gap} off in all"
        if target.is_above:
            return f"{gap} too much"
        if spec.goal.is_band and target.is_single and target.required is not None:
            low = self.amount(target.required, spec.unit, limit=target.actual)
            return f"{gap} below the lower end of {low}"
        return f"{gap} short"

    def _who(self, target: TargetView) -> list[str]:
        if target.is_single:
            return []
        misses = [miss for miss in target.misses if miss.status != "on_track"]
        if len(target.misses) == 1:
            return [f"namely {self._named(target, misses)}"] if misses else []
        closed = [miss for miss in misses if not miss.is_open]
        behind = [miss for miss in misses if miss.is_open]
        parts = []
        if closed:
            parts.append(f"lost in {self._named(target, closed, gaps=True)}")
        if behind:
            parts.append(f"behind in {self._named(target, behind, gaps=True)}")
        return parts

    def _ahead(self, target: TargetView) -> list[str]:
        ahead, spec = target.ahead, target.spec
        if target.status == "breached":
            return ["which cannot be undone"]
        if ahead is None:
            return []
        parts = []
        if ahead.lost and target.status == "missed":
            lost = self.gap(ahead.lost, spec.unit)
            parts.append(f"{lost} cannot be made up" if ahead.needed else "the time is over")
        if not ahead.needed or ahead.by is None or not ahead.days_left or ahead.days_left <= 0:
            return parts
        if target.windows > 1 and not any(miss.is_open for miss in target.misses):
            mended = [miss for miss in target.misses if miss.is_recoverable]
            parts += [f"may be made up by {self.day(ahead.by)}"] if mended else []
            rest = _plural(target.windows_ahead, "window")
            return [*parts, f"the other {rest} still to be met"] if target.windows_ahead else parts
        verb = "" if spec.is_additive else " lower" if spec.goal.is_upper else " higher"
        parts.append(
            f"{self.gap(ahead.needed, spec.unit)}{verb or ' more'} needed by {self.day(ahead.by)} "
            f"({_plural(ahead.days_left, 'day')} left)"
        )
        return parts + (self._pace(target) if target.is_single else [])

    def _pace(self, target: TargetView) -> list[str]:
        ahead, unit = target.ahead, target.spec.unit
        assert ahead is not None
        assert ahead.days_left is not None
        is_long = ahead.days_left >= 60
        needed = ahead.needed_per_month if is_long else ahead.needed_per_week
        pace = ahead.pace_per_month if is_long else ahead.pace_per_week
        if needed is None or ahead.days_left < 7:
            return []
        word = "month" if is_long else "week"
        text = f"that is {self.gap(needed, unit)} a {word}"
        if pace is not None and not target.spec.goal.is_upper:
            text += f" (so far {self.gap(pace, unit)})" if pace > 0 else " (so far no progress)"
        if ahead.reached_on is None:
            return [text]
        day = self.day(ahead.reached_on, year=ahead.reached_on.year != target.spec.due.year)
        return [text, f"at the present pace reached on {day}"]

    def story(self, targets: Sequence[TargetView]) -> str:
        """What was done for several targets, as running text."""
        groups: dict[str, list[str]] = {}
        for target in targets:
            key = _STORY.get(target.status, "other")
            groups.setdefault(key, []).append(self.sentence(target))
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

    def mending(self, total: int, mendable: int) -> str:
        """How many of the problems can still be mended."""
        return f"Of these {total}, {mendable} can still be mended."

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause."""
        ahead, spec = target.ahead, target.spec
        assert ahead is not None
        assert ahead.by is not None
        if spec.measure == "milestone":
            return f"{spec.name} by {self.day(ahead.by)}"
        verb = "more" if spec.is_additive else "lower" if spec.goal.is_upper else "higher"
        gap = self.gap(ahead.needed or 0.0, spec.unit)
        return f"{spec.name}: {gap} {verb} by {self.day(ahead.by)}"

    def bracketed(self, text: str, more: str) -> str:
        """A sentence with something in brackets before its full stop."""
        return f"{text} ({more})"

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        who = ": ".join(one for one in (remark.organisation, remark.target) if one)
        read = f" ({remark.read})" if remark.read else ""
        return f"{who}{': ' if who else ''}{remark.message}{read}."

    def tally(self, counts: Mapping[str, int]) -> str:
        """Counts per status in words."""
        order = (
            "met",
            "late",
            "on_track",
            "in_progress",
            "behind",
            "missed",
            "breached",
            "no_data",
        )
        named = [name for name in (*order, *counts) if name in counts]
        return ", ".join(f"{counts[name]} {self.status(name)}" for name in dict.fromkeys(named))

    def overview(self, view: ReportView) -> str:
        """The first paragraph: how many of what, and the completion."""
        until = f"As of {self.day(view.as_of, year=True)}"
        if view.is_by_organisation:
            return f"{until}, {_plural(len(view.places), 'organisation')} were assessed."
        if not view.places:
            return f"{until}, there is no organisation to assess."
        return f"{until}, {self.place(view.places[0])}."

    def place(self, place: PlaceView) -> str:
        """How one organisation, or the whole plan, stands."""
        commitments, targets = sum(place.counts.values()), len(place.targets)
        text = f"{_plural(commitments, 'commitment')} with {_plural(targets, 'target')}"
        if targets:
            text += f": {self.tally(place.target_counts)}"
        if place.completion is not None:
            text += f"; overall completion {self.percent(place.completion)}"
        return text
