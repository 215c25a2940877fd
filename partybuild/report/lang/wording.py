"""What a language must be able to say; figures are written the same way in all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence

from partybuild.assessment.telling import Telling
from partybuild.report.view import (
    GoalView,
    MissView,
    PlaceView,
    RemarkView,
    ReportView,
    TargetSpec,
    TargetView,
)

#: Members or windows listed one by one before the rest is only counted.
MOST_LISTED = 8
#: The order in which counts of statuses are told; others follow.
TOLD_FIRST = (
    "met", "late", "on_track", "in_progress", "behind", "used_fast", "missed", "breached",
    "no_data",
)  # fmt: skip


class Wording(Telling):
    """The words of one language. Subclasses fill the tables and say the sentences."""

    #: Words of headings, columns and fixed lines, by key.
    words: Mapping[str, str]
    #: What stands between the items of a list, and at the end of a sentence.
    comma: str
    stop: str
    #: What stands between two clauses of a sentence, and between two sentences.
    semicolon: str
    space: str
    #: What stands between the parts of a clause.
    clause_mark: str

    def named(self, view: ReportView) -> str:
        """The plan by its title, or by its id where it has none."""
        return view.title or self.words["untitled"].format(id=view.id)

    def short_day(self, day: dt.date) -> str:
        """A date in a narrow column."""
        return self.day(day)

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        raise NotImplementedError

    def windows(self, spec: TargetSpec, misses: Sequence[MissView]) -> str:
        """The names of windows that follow on each other: 6月至12月."""
        raise NotImplementedError

    def goal(self, spec: TargetSpec, goal: GoalView | None = None) -> str:
        """A goal as prose says it; the one in force, or another one of the target."""
        raise NotImplementedError

    def asked(self, spec: TargetSpec) -> str:
        """The goal in force, with how often and of whom."""
        raise NotImplementedError

    def revised(self, spec: TargetSpec) -> str:
        """What was asked before, since when no longer and why; empty without a revision."""
        raise NotImplementedError

    def topic(self, spec: TargetSpec) -> str:
        """The name of a target, without a word that its goal says again."""
        return spec.name

    def counted(self, spec: TargetSpec, number: int) -> str:
        """A number of windows: 4个季度."""
        raise NotImplementedError

    def missing(
        self, target: TargetView, misses: Sequence[MissView], *, is_open: bool = False
    ) -> str:
        """Name the standings that are short and by how much, the first of many only."""
        raise NotImplementedError

    def distance(self, target: TargetView, gap: str, *, is_open: bool = False) -> str:
        """How far the figure of the only window lies from the goal."""
        raise NotImplementedError

    def wanting(self, target: TargetView, gap: str) -> str:
        """What is still to be done about a gap: 再完成3次."""
        raise NotImplementedError

    def moved(self, spec: TargetSpec, actual: float) -> str:
        """How far something grew or fell: 增长5%."""
        raise NotImplementedError

    def sentence(self, target: TargetView, *, brief: bool = False) -> str:
        """What was done for a target, as a clause without its full stop.

        `brief`: what stands before it says already how it stands.
        """
        raise NotImplementedError

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        raise NotImplementedError

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        raise NotImplementedError

    def unassigned(self, remarks: Sequence[RemarkView]) -> str:
        """Kinds of records that no target looks at, in one sentence."""
        raise NotImplementedError

    def remarks(self, remarks: Sequence[RemarkView]) -> tuple[str, ...]:
        """All remarks, those on kinds that no target looks at drawn together."""
        loose = [one for one in remarks if one.code == "unassigned"]
        if len(loose) < 2:
            return tuple(self.remark(one) for one in remarks)
        others = [self.remark(one) for one in remarks if one.code != "unassigned"]
        return (*others, self.unassigned(loose))

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

    def mending(self, total: int, lost: int) -> str:
        """How many of the problems can still be mended, and how many cannot."""
        raise NotImplementedError

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause that does not say until when."""
        raise NotImplementedError

    def steps(self, day: dt.date, targets: Sequence[TargetView]) -> str:
        """What is still to be done for several targets until a day."""
        raise NotImplementedError

    def promise(self, text: str, targets: Sequence[TargetSpec]) -> str:
        """A sentence of next year's plan, with the figures that its text does not name."""
        spaceless = text.replace(" ", "")
        told = [
            f"{self.topic(one)}{self.space}{self.asked(one)}"
            for one in targets
            if one.goal.low
            and one.goal.name != "milestone"
            # a fall of 3% is written without its minus
            and self.exact(abs(one.goal.low), one.unit).replace(" ", "") not in spaceless
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
