"""What was done for a target, as clauses in English."""

from __future__ import annotations

import re

import attrs

from partybuild.assessment.telling_en import plural, window_noun
from partybuild.report.lang.deeds import Clause, Deeds
from partybuild.report.lang.en_goals import EnglishGoals
from partybuild.report.lang.wording import MOST_LISTED
from partybuild.report.view import TargetView

_NO_DATA = re.compile(r" \(no data\)")


class EnglishClauses(EnglishGoals, Deeds):
    """What was done for one target, and how it stands."""

    brackets = (" (", "; ", ")")

    def upcoming(self, target: TargetView) -> Clause:
        """When a target begins to count."""
        spec = target.spec
        return f"{spec.name}: begins on {self.day(spec.start)}", self.wanted(spec), ""

    def unquantified(self, target: TargetView) -> Clause:
        """The figure of a target without goal."""
        if target.actual is None:
            front = f"{target.spec.name}{': no data' if target.is_due else ''}"
            return front, "no goal set", ""
        return self.head(target), "no goal set", ""

    def without_data(self, target: TargetView) -> Clause:
        """That nothing is known of a target."""
        return f"{target.spec.name}: {self._no_data(target)}", self.wanted(target.spec), ""

    def head(self, target: TargetView) -> str:
        """The target's name and figure."""
        spec, actual = target.spec, target.actual
        if actual is None:
            return f"{spec.name}:"
        is_latest = target.windows > 1 and not spec.is_additive
        latest = f" in the latest {window_noun(spec)}" if is_latest else ""
        total = " in all" if spec.each and spec.is_additive else ""
        if spec.measure == "growth":
            return f"{spec.name}: {self.moved(spec, actual)}{latest}"
        figure = "none" if actual == 0 and spec.goal.is_upper else self.actual_amount(target)
        return f"{spec.name}: {figure}{total}{latest}"

    def waived(self, target: TargetView) -> str:
        """That nothing is asked any more, and why."""
        spec = target.spec
        if spec.original is None:  # no window is left of it: nobody there, or all of them cut
            return f"{spec.name}: no window to judge"
        before = self.goal(spec, spec.original)
        since = f" since {self.day(spec.revised_from)}" if spec.revised_from else ""
        because = f" ({spec.reason})" if spec.reason else ""
        return f"{spec.name}: originally {before}, waived{since}{because}"

    def milestone(self, target: TargetView, *, brief: bool) -> Clause:
        """Whether what was to be done by a day is done."""
        return self._milestone(target, brief=brief), None, ""

    def _milestone(self, target: TargetView, *, brief: bool) -> str:
        name, day = target.spec.name, self.due(target.spec)
        told = {
            "met": f"done by {day}, as promised",
            "late": f"done, but after {day}",
            "missed": f"not done by {day}",
        }
        open_yet = f"due by {day}" if brief else f"under way, due by {day}"
        text = f"{name}: {told.get(target.status, open_yet)}"
        if not target.spec.each or not target.tells_members:
            return text
        left = [one for one in target.misses if one.shortfall and not one.is_spared]
        names = self.listed([str(one.subject) for one in left], MOST_LISTED)
        rest = f", still to do: {names}" if names and target.status == "missed" else ""
        return ", ".join(one for one in (text, self.members_cell(target)) if one) + rest

    def single(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of one window stands, where more is better or a band is kept."""
        spec, status = target.spec, target.status
        head, goal = self.head(target), self.wanted(spec)
        gap = self.gap(target.shortfall or 0.0, spec.unit)
        if status == "met":
            return self._reached(target), None, ""
        if status == "late":
            return f"{head} in time, the rest made up later", goal, ""
        if status == "breached":
            if spec.goal.name == "exactly":
                asked = self.exact(spec.goal.low or 0.0, spec.unit)
                return f"{head}, {gap} more than the {asked} asked for", None, ""
            return f"{head}, above the upper end of {self._bound(target)} by {gap}", None, ""
        if status == "missed":
            return f"{head}, {self.distance(target, gap)}", goal, ""
        nothing = target.is_idle
        if nothing:
            head = f"{spec.name}: no progress yet"
        share = (
            f", {self.percent(target.completion)} done" if spec.is_additive and not nothing else ""
        )
        if status == "behind":
            return head, goal, f"{share}, behind schedule"
        if status == "on_track":
            calm = ", still within schedule" if nothing else ", on track"
            return head, goal, share + ("" if brief and share else calm)
        rest = f", {self.distance(target, gap)}" if target.shortfall else ""
        return head, goal, rest + ("" if brief else ", in progress")

    def _reached(self, target: TargetView) -> str:
        spec, over = target.spec, target.surplus or 0.0
        head, goal = self.head(target), self.goal(spec)
        if spec.goal.is_band:
            fit = "just as" if spec.goal.name == "exactly" else "within the range"
            return f"{head}, {fit} planned"
        if over > 0 and spec.is_additive and spec.goal.name == "at_least":
            return f"{head}, exceeding the goal of {goal} by {self.gap(over, spec.unit)}"
        if spec.measure == "growth":
            return f"{head}, meeting the goal: {goal}"
        return f"{head}, meeting the goal of {goal}"

    def _bound(self, target: TargetView) -> str:
        """The end of the band that is not kept; worked out, so never shown in full."""
        return self.amount(target.bound or 0.0, target.spec.unit, limit=target.actual)

    def distance(self, target: TargetView, gap: str, *, is_open: bool = False) -> str:
        """How far the figure lies from the goal."""
        del is_open
        spec = target.spec
        if not spec.goal.is_band or spec.goal.name == "exactly":
            return (
                f"{gap} too {'high' if not spec.is_additive else 'many'}"
                if target.is_above
                else f"{gap} short"
            )
        bound = self._bound(target)
        if target.is_above:
            return f"{gap} above the upper end of {bound}"
        return f"{gap} below the lower end of {bound}"

    def single_upper(self, target: TargetView, *, brief: bool) -> Clause:
        """How a limit of one window stands."""
        spec, status = target.spec, target.status
        head, wanted = self.head(target), self.wanted(spec)
        if status in ("met", "on_track") and not target.misses:
            yet = " so far" if status == "on_track" else ""
            return f"{head}{self._kept(target, yet)}", None, ""
        if status == "breached":
            return f"{head}{self._broken(target)}", None, ""
        if status == "missed":
            return f"{head}, {self._excess(target)}", wanted, ""
        if status == "behind" and spec.is_allowance:
            margin = target.margin or 0.0
            left = f"only {self.gap(margin, spec.unit)} left" if margin else "nothing left"
            return head, wanted, f", used faster than time passes, {left}"
        if status == "behind":
            return head, wanted, ", behind schedule"
        calm = "" if brief else ", on track" if status == "on_track" else ", in progress"
        return head, wanted, f", still {self._excess(target)}{calm}"

    def _excess(self, target: TargetView) -> str:
        """By how much a limit is exceeded: 1 天 over."""
        spec = target.spec
        if not target.shortfall:
            return "not below the limit"
        is_fall = spec.measure == "growth" and (spec.goal.high or 0.0) <= 0
        return f"{self.gap(target.shortfall, spec.unit)} {'short' if is_fall else 'over'}"

    def wanting(self, target: TargetView, gap: str) -> str:
        """What is still to be done about a gap: 3 次 more."""
        if target.spec.is_additive:
            return f"{gap} more"
        return f"to {'come down' if target.is_above else 'rise'} by {gap}"

    def _kept(self, target: TargetView, yet: str) -> str:
        """That a limit is kept, so far or to the end."""
        spec = target.spec
        if spec.is_none_allowed:
            return f"{yet}, as promised"
        if spec.measure == "growth":
            return f", meeting the goal{yet}: {self.goal(spec)}"
        if spec.goal.name == "at_most":
            return f", within the limit of {self.limit(spec)}{yet}"
        return f", {self.limit(spec)} as required{yet}"

    def _broken(self, target: TargetView) -> str:
        """That a limit is exceeded for good."""
        spec = target.spec
        if spec.is_none_allowed:
            return " where none was allowed"
        limit = self.exact(spec.goal.high or 0.0, spec.unit)
        if not target.shortfall:
            return f", not below the limit of {limit}"
        return f", exceeding the limit of {limit} by {self.gap(target.shortfall, spec.unit)}"

    def several(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of several windows or members stands."""
        spec, status = target.spec, target.status
        counts, head = self._counts(target), self.head(target)
        joint = " " if head.endswith(":") else ", "
        front = head + joint + ", ".join(counts) if counts else head.removesuffix(":")
        fast = "used faster than time passes" if spec.is_allowance else "behind schedule"
        verdict = {
            "met": "",
            "late": ", the rest made up later",
            "on_track": "" if brief else ", on track",
            "in_progress": "" if brief else ", in progress",
            "behind": f", {fast}",
            "missed": "",
            "breached": "",
        }
        return front, self.wanted(spec), verdict[status]

    def _counts(self, target: TargetView) -> list[str]:
        """How many members and how many windows reached the goal."""
        parts = []
        if target.tells_members and target.windows <= 1 and (told := self.members_cell(target)):
            parts.append(told)
        if target.windows > 1 and (told := self._windows_told(target)):
            parts.append(told)
        return parts

    def _windows_told(self, target: TargetView) -> str:
        everything = plural(target.windows, window_noun(target.spec))
        met, missed, ahead = target.windows_met, target.windows_missed, target.windows_ahead
        if met == target.windows:
            noun = window_noun(target.spec)
            return f"both {noun}s met" if met == 2 else f"all {everything} met"
        if missed == target.windows:
            return f"none of the {everything} met"
        if not met and not missed:
            return ""
        told = [f"{met} of {everything} met"] if met else [f"{missed} of {everything} not met"]
        told += [f"{missed} not met"] if met and missed else []
        told += [f"{ahead} to come"] if ahead else []
        return ", ".join(told)

    def _no_data(self, target: TargetView) -> str:
        known = [miss for miss in target.misses if miss.status == "no_data"]
        if known and not target.is_single:
            # no matter here whether a window is over: one list
            alike = [attrs.evolve(miss, is_open=False, actual=None) for miss in known]
            return f"no data for {_NO_DATA.sub('', self.missing(target, alike))}"
        return "no data"
