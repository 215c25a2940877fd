"""What was done for a target: which sentence its standing asks for, decided for all languages."""

from __future__ import annotations

from partybuild.report.lang.wording import Wording
from partybuild.report.view import TargetSpec, TargetView

#: What was done; what stands in brackets (None: nothing); what follows.
Clause = tuple[str, str | None, str]


class Deeds(Wording):
    """A sentence on one target; each language says the clauses that are raised here."""

    #: What opens, parts and closes what was asked, in brackets after what was done.
    brackets: tuple[str, str, str]

    def sentence(self, target: TargetView, *, brief: bool = False) -> str:
        """What was done for a target, as a clause without its full stop."""
        front, asked, back = self._done(target, brief=brief)
        told = [asked] if asked else []
        if target.status != "waived":
            told += [text] if (text := self.revised(target.spec)) else []
        before, between, after = self.brackets
        return f"{front}{before}{between.join(told)}{after}{back}" if told else front + back

    def _done(self, target: TargetView, *, brief: bool) -> Clause:
        if target.status == "waived":
            return self.waived(target), None, ""
        if target.status == "upcoming":
            return self.upcoming(target)
        if target.spec.measure == "milestone":
            return self.milestone(target, brief=brief)
        if target.status == "unquantified":
            return self.unquantified(target)
        if target.status == "no_data":
            return self.without_data(target)
        if not target.is_single:
            return self.several(target, brief=brief)
        if target.spec.goal.is_upper:
            return self.single_upper(target, brief=brief)
        return self.single(target, brief=brief)

    def moved(self, spec: TargetSpec, actual: float) -> str:
        """How far something grew or fell: 增长5%, up 5%."""
        if actual == 0:
            return self.words["unmoved"]
        limit = spec.goal.limit
        if actual > 0:
            return self.words["grown"].format(self.amount(actual, spec.unit, limit=limit))
        fall = None if limit is None else -limit
        return self.words["fallen"].format(self.amount(-actual, spec.unit, limit=fall))

    def waived(self, target: TargetView) -> str:
        """That nothing is asked any more, and why."""
        raise NotImplementedError

    def upcoming(self, target: TargetView) -> Clause:
        """When a target begins to count."""
        raise NotImplementedError

    def milestone(self, target: TargetView, *, brief: bool) -> Clause:
        """Whether what was to be done by a day is done."""
        raise NotImplementedError

    def unquantified(self, target: TargetView) -> Clause:
        """The figure of a target without goal."""
        raise NotImplementedError

    def without_data(self, target: TargetView) -> Clause:
        """That nothing is known of a target."""
        raise NotImplementedError

    def several(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of several windows or members stands."""
        raise NotImplementedError

    def single(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of one window stands, where more is better or a band is kept."""
        raise NotImplementedError

    def single_upper(self, target: TargetView, *, brief: bool) -> Clause:
        """How a limit of one window stands."""
        raise NotImplementedError
