"""How figures and the cells of tables are said: the same in reports and in notebooks."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Literal

from partybuild.assessment.specs import GoalView, TargetFigures, TargetSpec
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS, SHOWN_WORDS
from partybuild.quantities import format_number

#: Shown where there is no figure.
NONE = "—"
#: Digits that count behind the point, at most, of a goal: a third is 0.3333.
_MOST_DIGITS = 4


class Telling:
    """The figures and the short words of tables in one language."""

    lang: Literal["zh", "en"]
    #: The sign before a goal's number, by the goal's key.
    signs: dict[str, str]
    #: done, done late, not done, and what marks a gap that the goal allows.
    done: str
    done_late: str
    undone: str
    allowed: str

    def status(self, name: str) -> str:
        """The word of a status, as `TargetFigures.shown_status` names it."""
        return SHOWN_WORDS[self.lang][name]

    def light(self, name: str) -> str:
        """The word of a light."""
        return LIGHT_WORDS[self.lang][name]

    def lamp(self, target: TargetFigures) -> str:
        """A target's status with the sign of its light before it."""
        return f"{LIGHT_SIGNS[target.light]} {self.status(target.shown_status)}"

    def number(self, value: float, *, limit: float | None = None) -> str:
        """A number without a unit, never rounded onto `limit`."""
        return format_number(value, lang=self.lang, limit=limit)

    def amount(self, value: float, unit: str | None, *, limit: float | None = None) -> str:
        """A number with its unit; a fraction with the unit % as a percentage.

        It is never rounded onto `limit`, nor down to nothing.
        """
        text = format_number(value, unit=unit or None, lang=self.lang, limit=limit)
        is_lost = value != 0 and text == format_number(0, unit=unit or None, lang=self.lang)
        return self.fine(value, unit) if is_lost else text

    def exact(self, value: float, unit: str | None) -> str:
        """A number as it was written, such as that of a goal: 0.0065 is not 0.01."""
        number = Decimal(repr(float(value))) * (100 if unit == "%" else 1)
        exponent = number.normalize().as_tuple().exponent
        assert isinstance(exponent, int)  # finite
        most = _MOST_DIGITS - min(0, number.adjusted() + 1)
        digits = min(most, max(0, -exponent))
        return format_number(value, unit=unit or None, lang=self.lang, digits=digits)

    def fine(self, value: float, unit: str | None) -> str:
        """A number smaller than two decimals show, to two digits that count."""
        number = Decimal(repr(float(value))) * (100 if unit == "%" else 1)
        two = Decimal(f"{number:.1e}").normalize()
        exponent = two.as_tuple().exponent
        assert isinstance(exponent, int)
        digits = max(0, -exponent)
        return format_number(value, unit=unit or None, lang=self.lang, digits=digits)

    def gap(self, value: float, unit: str | None) -> str:
        """A difference with its unit: points for percentages; never rounded down to nothing."""
        points = unit == "%"
        size = Decimal(repr(float(value))) * (100 if points else 1)
        shown = None if points else unit
        if size and abs(size) < Decimal("0.01"):
            text = self.fine(float(size), shown)
        else:
            text = format_number(size, unit=shown or None, lang=self.lang, limit=0)
        return self.points(text) if points else text

    def points(self, number: str) -> str:
        """A number of percentage points."""
        raise NotImplementedError

    def percent(self, completion: float | None) -> str:
        """A completion, never rounded onto 100%."""
        return NONE if completion is None else self.amount(completion, "%", limit=1)

    def actual_amount(self, target: TargetFigures) -> str:
        """What was measured, never rounded onto the goal."""
        spec = target.spec
        if target.actual is None:
            return NONE
        limit = spec.goal.limit if target.windows <= 1 or not spec.is_additive else target.required
        return self.amount(target.actual, spec.unit, limit=limit)

    def goal_cell(self, spec: TargetSpec, goal: GoalView) -> str:
        """A goal as short as a table shows it: ≥4次."""
        if goal.name is None or goal.name == "milestone":
            return self.unmeasured(goal)
        assert goal.low is not None
        assert goal.high is not None
        low = self.exact(goal.low, spec.unit)
        if goal.name == "between":
            return self.between(low, self.exact(goal.high, spec.unit))
        if goal.name == "about":
            return self.about(low, self.gap(goal.tolerance, spec.unit) if goal.tolerance else "")
        return f"{self.signs[goal.name]}{low}"

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        raise NotImplementedError

    def due(self, spec: TargetSpec, day: dt.date | None = None) -> str:
        """The last day of a target, or another one, with the year where it is another one."""
        day = spec.due if day is None else day
        return self.day(day, year=day.year != spec.start.year)

    def unmeasured(self, goal: GoalView) -> str:
        """What stands for a goal that is no number."""
        raise NotImplementedError

    def between(self, low: str, high: str) -> str:
        """A range."""
        raise NotImplementedError

    def about(self, low: str, tolerance: str) -> str:
        """A number with what it may be off, or with nothing said of it."""
        raise NotImplementedError

    def asked_cell(self, spec: TargetSpec) -> str:
        """The goal with how often and of whom, as short as a table shows it."""
        raise NotImplementedError

    def required_cell(self, target: TargetFigures) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        raise NotImplementedError

    def actual_cell(self, target: TargetFigures) -> str:
        """The measured value in a table, with windows and members that made it."""
        if not target.is_due or target.status == "waived":
            return NONE
        if target.spec.measure == "milestone":
            return {"met": self.done, "late": self.done_late}.get(target.status, self.undone)
        text = self._figure(target)
        if target.status == "unquantified" or target.is_single:
            return text or NONE
        counts = [self.members_cell(target)] if target.tells_members else []
        if target.windows > 1:
            counts.append(self.windows_cell(target))
        told = [one for one in counts if one]
        return self.with_counts(text, told) if told else text or NONE

    def _figure(self, target: TargetFigures) -> str:
        if target.actual is not None:
            return self.actual_amount(target)
        if target.spec.each and target.status != "no_data":
            return ""  # levels of several members have no common value
        return self.unknown(target)

    def unknown(self, target: TargetFigures) -> str:
        """That there is no figure, or none of the latest window."""
        raise NotImplementedError

    def members(self, spec: TargetSpec, number: int) -> str:
        """A number of members: 12名干部."""
        raise NotImplementedError

    def members_cell(self, target: TargetFigures) -> str:
        """How many members reached the goal; empty where that would say nothing."""
        raise NotImplementedError

    def windows_cell(self, target: TargetFigures) -> str:
        """How many windows are met, lost and not over."""
        raise NotImplementedError

    def with_counts(self, text: str, counts: list[str]) -> str:
        """A figure, which may be empty, with the counts that explain it."""
        raise NotImplementedError

    def shortfall_cell(self, target: TargetFigures) -> str:
        """The shortfall in a table."""
        if not target.shortfall:
            return NONE
        if target.spec.measure == "milestone":
            return self.undone
        mark = self.allowed if target.status in ("met", "late") else ""
        return f"{self.gap(target.shortfall, target.spec.unit)}{mark}"
