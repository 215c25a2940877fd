"""Figures and the cells of tables in English."""

from __future__ import annotations

import datetime as dt

from partybuild.assessment.specs import GoalView, TargetFigures, TargetSpec
from partybuild.assessment.telling import Telling
from partybuild.periods import CADENCE_WORDS

#: The words of cadences, a recurrence rule among them.
ENGLISH_PER = {**CADENCE_WORDS["en"], "rule": "every round"}
_WINDOWS = {
    "ten_days": "ten-day period",
    "half_year": "half-year",
    "rule": "round",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip


def plural(number: int, noun: str) -> str:
    """A number of things.

    >>> plural(1, "window"), plural(2, "window")
    ('1 window', '2 windows')
    """
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def window_noun(spec: TargetSpec) -> str:
    """What a window of a target is called: quarter, month, round."""
    return _WINDOWS.get(spec.per or "", spec.per or "window")


class EnglishTelling(Telling):
    """The short words of tables in English."""

    lang = "en"
    signs = {  # noqa: RUF012
        "at_least": "≥ ", "more_than": "> ", "at_most": "≤ ", "less_than": "< ", "exactly": "= ",
    }  # fmt: skip
    done = "done"
    done_late = "done late"
    undone = "not done"
    allowed = "*"

    def points(self, number: str) -> str:
        """A number of percentage points."""
        return f"{number} percentage point{'' if number == '1' else 's'}"

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        text = f"{day.day} {MONTHS[day.month - 1]}"
        return f"{text} {day.year}" if year else text

    def unmeasured(self, goal: GoalView) -> str:
        """What stands for a goal that is no number."""
        return "done" if goal.name == "milestone" else "unquantified"

    def between(self, low: str, high: str) -> str:
        """A range."""
        return f"{low} to {high}"

    def about(self, low: str, tolerance: str) -> str:
        """A number with what it may be off, or with nothing said of it."""
        return f"about {low} (±{tolerance})" if tolerance else f"about {low}"

    def asked_cell(self, spec: TargetSpec) -> str:
        """The goal with how often and of whom, as short as a table shows it."""
        return self.with_scope(spec, self.goal_cell(spec, spec.goal))

    def with_scope(self, spec: TargetSpec, goal: str) -> str:
        """A goal with how often and of whom."""
        if spec.goal.name is None:
            return goal
        if spec.goal.name == "milestone":
            return f"done by {self.due(spec)}"
        per = f" {ENGLISH_PER[spec.per]}" if spec.per else ""
        return f"{goal}{per}{' for each member' if spec.each else ''}"

    def with_share(self, spec: TargetSpec, asked: str) -> str:
        """A goal with how many members, and how many windows, suffice."""
        if spec.each and spec.share < 1:
            asked += f", by {self.exact(spec.share, '%')} of them"
        if spec.require is not None:
            asked += f", in at least {plural(spec.require, window_noun(spec))}"
        return asked

    def required_cell(self, target: TargetFigures) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        spec = target.spec
        before = "" if spec.original is None else self.goal_cell(spec, spec.original)
        if target.status == "waived":
            if not before:
                nobody = "no window or member" if spec.each else "no window"
                return f"{self.asked_cell(spec)} ({nobody})"
            return f"waived (originally {before})"
        text = self.with_share(spec, self.asked_cell(spec))
        if spec.is_waived and spec.revised_from is not None:
            return f"{text} (waived since {self.day(spec.revised_from)})"
        return f"{text} (originally {before})" if before and before != text else text

    def unknown(self, target: TargetFigures) -> str:
        """That there is no figure, or none of the latest window."""
        is_known = target.windows_met > 0 or (target.completion or 0) > 0
        return "no data lately" if target.windows > 1 and is_known else "no data"

    def members(self, spec: TargetSpec, number: int) -> str:  # noqa: ARG002 - one noun for all
        """A number of members."""
        return plural(number, "member")

    def members_cell(self, target: TargetFigures) -> str:
        """How many members reached the goal; empty where that would say nothing."""
        assert target.members is not None
        met = target.members_met or 0
        text = f"{met} of {plural(target.members, 'member')} met"
        if not met and not target.is_over:  # nobody has failed yet
            return ""
        if target.members > 1 and met in (0, target.members):
            text = f"{'all' if met else 'none of'} {target.members} members met"
        if target.windows > 1:
            return f"{text} every time" if met else ""
        return text

    def windows_cell(self, target: TargetFigures) -> str:
        """How many windows are met, lost and not over."""
        counts = (
            (target.windows_met, "met"),
            (target.windows_missed, "not met"),
            (target.windows_ahead, "to come"),
        )
        told = ", ".join(f"{number} {word}" for number, word in counts if number)
        return f"windows: {told}"

    def with_counts(self, text: str, counts: list[str]) -> str:
        """A figure, which may be empty, with the counts that explain it."""
        told = "; ".join(counts)
        return f"{text} ({told})" if text else told
