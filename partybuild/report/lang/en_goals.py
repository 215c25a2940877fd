"""Goals, windows and who falls short, as English prose says them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from partybuild.assessment.telling_en import MONTHS, EnglishTelling, plural, window_noun
from partybuild.report.lang.en_words import WORDS
from partybuild.report.lang.runs import drawn_together, in_a_row, shortages
from partybuild.report.lang.wording import MOST_LISTED, Wording
from partybuild.report.view import GoalView, MissView, TargetSpec, TargetView

_TEN_DAYS = ("early", "mid", "late")
#: So many windows in a row are told as "June to December".
_RUN = 3
_SIDES = {
    "at_least": "at least {}",
    "more_than": "more than {}",
    "at_most": "at most {}",
    "less_than": "less than {}",
    "exactly": "exactly {}",
}
_RISES = {key: f"growth of {text}" for key, text in _SIDES.items()}
_FALLS = {
    "at_least": "a fall of at most {}",
    "more_than": "a fall of less than {}",
    "at_most": "a fall of at least {}",
    "less_than": "a fall of more than {}",
    "exactly": "a fall of exactly {}",
}
_STILLS = {
    "at_least": "no fall",
    "more_than": "growth",
    "at_most": "no growth",
    "less_than": "a fall",
    "exactly": "no change",
}


class EnglishGoals(EnglishTelling, Wording):
    """What a target asks for, and what its windows are called."""

    words = WORDS
    comma = ", "
    stop = "."
    semicolon = "; "
    space = " "
    clause_mark = ", "

    def short_day(self, day: dt.date) -> str:
        """A date in a narrow column."""
        return f"{day.day} {MONTHS[day.month - 1][:3]}"

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        start, end = miss.start, miss.end
        year = f" {start.year}" if spec.start.year != spec.due.year else ""
        month = MONTHS[start.month - 1]
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
        if (start.year, start.month) == (end.year, end.month):
            return f"{start.day}-{self.day(end)}{year}"
        return f"{self.day(start)} to {self.day(end)}{year}"

    def windows(self, spec: TargetSpec, misses: Sequence[MissView]) -> str:
        """The names of windows, drawn together where they follow on each other."""
        names: list[str] = []
        for run in in_a_row(misses):
            if len(run) < _RUN:
                names += [self.window(spec, miss) for miss in run]
            elif spec.per in ("week", "day", "rule"):
                span = f"{self.day(run[0].start)} to {self.day(run[-1].end)}"
                names.append(f"the {plural(len(run), window_noun(spec))} from {span}")
            else:
                names.append(f"{self.window(spec, run[0])} to {self.window(spec, run[-1])}")
        return self.listed(names, MOST_LISTED)

    def listed(self, names: Sequence[str], most: int) -> str:
        """Names with "and" before the last one; of many only the first."""
        if len(names) > most:
            return f"{', '.join(names[:most])} and {len(names) - most} more"
        if len(names) < 2:
            return "".join(names)
        return f"{', '.join(names[:-1])} and {names[-1]}"

    def goal(self, spec: TargetSpec, goal: GoalView | None = None) -> str:
        """A goal as prose says it; the one in force, or another one of the target."""
        goal = spec.goal if goal is None else goal
        if goal.name == "milestone":
            return f"done by {self.due(spec)}"
        if goal.name is None:
            return self.unmeasured(goal)
        assert goal.low is not None
        assert goal.high is not None
        if spec.measure == "growth":
            return self._change(spec, goal)
        low = self.exact(goal.low, spec.unit)
        if goal.name == "about":
            return self._about(spec, goal)
        if goal.name == "between":
            return self.between(low, self.exact(goal.high, spec.unit))
        if spec.is_additive and goal.name == "at_most" and goal.high == 0:
            return "none"
        return _SIDES[goal.name].format(low)

    def _about(self, spec: TargetSpec, goal: GoalView) -> str:
        """A number with what it may be off: 30 ± 3."""
        value = goal.low or 0.0
        low = self.exact(abs(value) if spec.measure == "growth" else value, spec.unit)
        if not goal.tolerance:
            return f"about {low}"
        return f"{low} ± {self.gap(goal.tolerance, spec.unit)}"

    def limit(self, spec: TargetSpec) -> str:
        """An upper goal as a limit: 20 次, below 30 天."""
        high = self.exact(spec.goal.high or 0.0, spec.unit)
        return high if spec.goal.name == "at_most" else f"below {high}"

    def wanted(self, spec: TargetSpec) -> str:
        """The goal in brackets: goal: at least 4 次; limit: 20 次 every quarter."""
        if spec.is_none_allowed:
            place = f" {'on' if spec.per == 'day' else 'in'} any {window_noun(spec)}"
            place = place if spec.per else ""
            who = " for any member" if spec.each else ""
            return f"goal: {self.with_share(spec, f'none{place}{who}')}"
        if spec.goal.is_upper and spec.measure != "growth":
            return f"limit: {self.with_share(spec, self.with_scope(spec, self.limit(spec)))}"
        return f"goal: {self.demand(spec)}"

    def _change(self, spec: TargetSpec, goal: GoalView) -> str:
        """A goal of growth: a fall is asked for as a fall."""
        assert goal.name is not None
        low, high = goal.low or 0.0, goal.high or 0.0
        amount = self.exact(abs(low), spec.unit)
        kind = "a fall of" if low < 0 else "growth of"
        if goal.name == "about":
            return f"{kind} {self._about(spec, goal)}"
        if goal.name == "between":
            if low < 0 < high:
                return f"a change of {self.exact(low, spec.unit)} to {self.exact(high, spec.unit)}"
            first, last = (self.exact(one, spec.unit) for one in sorted((abs(low), abs(high))))
            return f"{kind} {first} to {last}"
        if low == 0:
            return _STILLS[goal.name]
        return (_FALLS if low < 0 else _RISES)[goal.name].format(amount)

    def asked(self, spec: TargetSpec) -> str:
        """The goal in force, with how often and of whom."""
        return self.with_scope(spec, self.goal(spec))

    def demand(self, spec: TargetSpec) -> str:
        """The goal, with how many members and how many windows suffice."""
        return self.with_share(spec, self.asked(spec))

    def revised(self, spec: TargetSpec) -> str:
        """What was asked before, since when no longer and why; empty without a revision."""
        if spec.original is None or spec.revised_from is None:
            return ""
        since = self.day(spec.revised_from)
        because = f": {spec.reason}" if spec.reason else ""
        if spec.is_waived:
            return f"waived since {since}{because}"
        if spec.original == spec.goal:
            return f"as planned again from {since}{because}"
        return f"originally {self.goal(spec, spec.original)}, revised from {since}{because}"

    def counted(self, spec: TargetSpec, number: int) -> str:
        """A number of windows: 4 quarters."""
        return plural(number, window_noun(spec))

    def missing(
        self, target: TargetView, misses: Sequence[MissView], *, is_open: bool = False
    ) -> str:
        """Name the standings that are short and by how much, the first of many only."""
        del is_open
        known = [miss for miss in misses if miss.actual is not None]
        unknown = [miss for miss in misses if miss.actual is None]
        told = []
        for whose, what, group in shortages(
            [*known, *unknown],
            lambda miss: self._what(target, miss),
            by_window=target.windows > 1,
        ):
            own = [str(one) for one in whose if one and one != target.organisation]
            names = self.listed(own, MOST_LISTED)
            when = self.windows(target.spec, group) if target.windows > 1 else ""
            who = f"{names} in {when}" if names and when else names or when
            told.append((who, what, len(group) * len(whose)))
        texts = []
        for names_of, what, number in drawn_together(told[:MOST_LISTED]):
            each = " each" if number > 1 and what[0].isdigit() else ""
            is_nested = any(" and " in name for name in names_of) and len(names_of) > 1
            names = "; ".join(names_of) if is_nested else self.listed(names_of, MOST_LISTED)
            texts.append(f"{names} ({what}{each})")
        rest = sum(number for _, _, number in told[MOST_LISTED:])
        return self.comma.join(texts) + (f" and {rest} more" if rest else "")

    def _what(self, target: TargetView, miss: MissView) -> str:
        spec = target.spec
        if miss.status == "no_data" or miss.actual is None:
            return "no data yet" if miss.is_open else "no data"
        if not miss.shortfall:
            return "just missed"
        if spec.is_none_allowed:
            return self.gap(miss.shortfall, spec.unit)
        is_over = miss.is_above if spec.goal.is_band else spec.goal.is_upper
        gap = f"{self.gap(miss.shortfall, spec.unit)} {'over' if is_over else 'short'}"
        if spec.is_additive:
            return gap
        if spec.measure == "growth":
            return f"{self.moved(spec, miss.actual)}, {gap}"
        return f"{self.amount(miss.actual, spec.unit, limit=spec.goal.limit)}, {gap}"
