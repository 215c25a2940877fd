"""What a language must be able to say; figures are written the same way in all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Literal

from partybuild.quantities import format_number
from partybuild.report.view import (
    LIGHT_SIGNS,
    LIGHT_WORDS,
    STATUS_WORDS,
    GoalView,
    MissView,
    PlaceView,
    RemarkView,
    ReportView,
    TargetSpec,
    TargetView,
)

#: Shown where there is no figure.
NONE = "—"
#: Members or windows listed one by one before the rest is only counted.
MOST_LISTED = 8


class Wording:
    """The words of one language. Subclasses fill the tables and say the sentences."""

    lang: Literal["zh", "en"]
    #: Words of headings, columns and fixed lines, by key.
    words: Mapping[str, str]
    #: What stands between the items of a list, and at the end of a sentence.
    comma: str
    stop: str
    #: What stands between two clauses of a sentence, and between two sentences.
    semicolon: str
    space: str

    def status(self, name: str) -> str:
        """The word of a status."""
        return STATUS_WORDS[self.lang][name]

    def light(self, name: str) -> str:
        """The word of a light."""
        return LIGHT_WORDS[self.lang][name]

    def lamp(self, light: str, status: str) -> str:
        """A status with the sign of its light before it."""
        return f"{LIGHT_SIGNS[light]} {self.status(status)}"

    def number(self, value: float, *, limit: float | None = None) -> str:
        """A number without a unit, never rounded onto `limit`."""
        return format_number(value, lang=self.lang, limit=limit)

    def amount(self, value: float, unit: str | None, *, limit: float | None = None) -> str:
        """A number with its unit; a fraction with the unit % as a percentage."""
        return format_number(value, unit=unit or None, lang=self.lang, limit=limit)

    def gap(self, value: float, unit: str | None) -> str:
        """A difference with its unit: points for percentages; never rounded down to nothing."""
        if unit == "%":
            points = Decimal(repr(float(value))) * 100
            return self.points(format_number(points, lang=self.lang, limit=0))
        return self.amount(value, unit, limit=0)

    def points(self, number: str) -> str:
        """A number of percentage points."""
        raise NotImplementedError

    def percent(self, completion: float | None) -> str:
        """A completion, never rounded onto 100%."""
        return NONE if completion is None else self.amount(completion, "%", limit=1)

    def actual_amount(self, target: TargetView) -> str:
        """What was measured, never rounded onto the goal."""
        spec = target.spec
        if target.actual is None:
            return NONE
        limit = spec.goal.limit if target.windows <= 1 or not spec.is_additive else target.required
        return self.amount(target.actual, spec.unit, limit=limit)

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        raise NotImplementedError

    def short_day(self, day: dt.date) -> str:
        """A date in a narrow column."""
        return self.day(day)

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        raise NotImplementedError

    def goal(self, goal: GoalView, unit: str | None, *, short: bool = False) -> str:
        """A goal as prose says it, or short as a table shows it."""
        raise NotImplementedError

    def asked(self, target: TargetSpec, *, short: bool = False) -> str:
        """The goal with how often and of whom."""
        raise NotImplementedError

    def required_cell(self, target: TargetView) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        raise NotImplementedError

    def actual_cell(self, target: TargetView) -> str:
        """The measured value in a table, with windows and members that made it."""
        raise NotImplementedError

    def shortfall_cell(self, target: TargetView) -> str:
        """The shortfall in a table."""
        if target.shortfall is None:
            return NONE
        if target.spec.measure == "milestone":
            return self.words["undone"] if target.shortfall > 0 else NONE
        if target.shortfall == 0:
            return NONE
        mark = self.words["allowed"] if target.status in ("met", "late") else ""
        return f"{self.gap(target.shortfall, target.spec.unit)}{mark}"

    def sentence(self, target: TargetView) -> str:
        """What was done for a target, as a clause without its full stop."""
        raise NotImplementedError

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        raise NotImplementedError

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        raise NotImplementedError

    def overview(self, view: ReportView) -> str:
        """The first paragraph: how many of what, and the completion."""
        raise NotImplementedError

    def tally(self, counts: Mapping[str, int]) -> str:
        """Counts per status in words."""
        raise NotImplementedError

    def sentences(self, texts: Iterable[str]) -> str:
        """Sentences one after the other, each with its full stop."""
        return self.space.join(self.stopped(text) for text in texts)

    def stopped(self, text: str) -> str:
        """A sentence with its full stop."""
        ends = ("。", ".", "！", "!", "？", "?")
        return text if text.endswith(ends) else text + self.stop

    def story(self, targets: Sequence[TargetView]) -> str:
        """What was done for several targets, as running text."""
        raise NotImplementedError

    def kept(self, texts: Sequence[str]) -> str:
        """Promises that nothing is measured of, as running text."""
        raise NotImplementedError

    def numbered(self, number: int, text: str) -> str:
        """A heading with its number, counted from 0."""
        raise NotImplementedError

    def item(self, number: int, total: int, text: str) -> str:
        """One of several problems, counted from 0."""
        raise NotImplementedError

    def mending(self, total: int, mendable: int) -> str:
        """How many of the problems can still be mended."""
        raise NotImplementedError

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause."""
        raise NotImplementedError

    def promise(self, text: str, targets: Sequence[TargetSpec]) -> str:
        """A sentence of next year's plan, with the figures that its text does not name."""
        spaceless = text.replace(" ", "")
        told = [
            f"{one.name}{self.space}{self.asked(one)}"
            for one in targets
            if one.goal.low
            and one.goal.name != "milestone"
            and self.amount(one.goal.low, one.unit).replace(" ", "") not in spaceless
        ]
        if not told:
            return text
        if not text:
            return self.comma.join(told)
        return self.bracketed(text, self.comma.join(told))

    def bracketed(self, text: str, more: str) -> str:
        """A sentence with something in brackets before its full stop."""
        raise NotImplementedError

    def place(self, place: PlaceView) -> str:
        """How one organisation, or the whole plan, stands."""
        raise NotImplementedError

    def clauses(self, clauses: Sequence[str]) -> str:
        """Clauses as one sentence."""
        return self.semicolon.join(clauses) + self.stop
