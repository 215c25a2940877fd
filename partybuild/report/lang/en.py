"""Reports in English: shortfalls, running text, remarks and the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from partybuild.assessment.telling_en import plural, window_noun
from partybuild.report.lang.en_clauses import EnglishClauses
from partybuild.report.lang.shortages import Shortages
from partybuild.report.lang.wording import TOLD_FIRST
from partybuild.report.view import PlaceView, RemarkView, ReportView, TargetView


class English(EnglishClauses, Shortages):
    """English, for readers abroad and for tools."""

    def kept(self, texts: Sequence[str]) -> str:
        """Promises that nothing is measured of, as running text."""
        return f" To be told in words: {self.sentences(texts)}"

    def numbered(self, number: int, text: str) -> str:
        """A heading with its number, counted from 0."""
        return f"{number + 1}. {text}"

    def item(self, number: int, total: int, text: str) -> str:
        """One of several problems, counted from 0."""
        return text if total == 1 else f"({number + 1}) {text}"

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
        return f"{spec.name}: {self.wanting(target, gap)}{each}"

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
            "unknown-home": f"members of the organisation{name} are judged nowhere: it is not on "
            "the roster of organisations",
            "mixed-units": f"its records have several units{name}, and it does not say "
            "which it means: taken as they are written",
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
