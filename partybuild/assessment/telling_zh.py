"""Figures and the cells of tables in Chinese."""

from __future__ import annotations

import datetime as dt
import re

from partybuild.assessment.specs import GoalView, TargetFigures, TargetSpec
from partybuild.assessment.telling import Telling
from partybuild.periods import CADENCE_WORDS

#: The words of cadences, a recurrence rule among them.
CHINESE_PER = {**CADENCE_WORDS["zh"], "rule": "每期"}
#: 名册的常用编号：量词和名称
_ROSTERS = {
    "cadres": ("名", "干部"),
    "officials": ("名", "干部"),
    "leaders": ("名", "领导"),
    "secretaries": ("名", "书记"),
    "villages": ("个", "村"),
    "communities": ("个", "社区"),
    "towns": ("个", "乡镇"),
    "townships": ("个", "乡镇"),
    "branches": ("个", "支部"),
    "departments": ("个", "部门"),
    "organisations": ("个", "组织"),
    "households": ("", "户"),
    "people": ("", "人"),
}
_HOUSEHOLD = re.compile("[户人家]$")
_PERSON = re.compile("(?:干部|党员|群众|书记|委员|领导|主任|成员|队员|学员|人员|员|长|师|者)$")
_FIRM = re.compile("(?:企业|公司|商户|农户|合作社)$")
_COUNTED = re.compile("^[名个位]")


def member_words(roster: str) -> tuple[str, str]:
    """The measure word and the name of the members of a roster.

    >>> member_words("cadres"), member_words("镇干部"), member_words("村"), member_words("r1")
    (('名', '干部'), ('名', '镇干部'), ('个', '村'), ('个', '对象'))
    """
    for key in (roster, f"{roster}s"):
        if key in _ROSTERS:
            return _ROSTERS[key]
    noun = _COUNTED.sub("", roster)
    if not noun or not "一" <= noun[-1] <= "鿿":
        return "个", "对象"
    if len(noun) == 1 and _HOUSEHOLD.search(noun):
        return "", noun
    if _FIRM.search(noun):
        return "家" if noun.endswith(("企业", "公司", "合作社")) else "户", noun
    return "名" if _PERSON.search(noun) else "个", noun


class ChineseTelling(Telling):
    """The short words of tables in Chinese."""

    lang = "zh"
    signs = {"at_least": "≥", "more_than": "＞", "at_most": "≤", "less_than": "＜", "exactly": "="}  # noqa: RUF012
    done = "已办结"
    done_late = "逾期办结"
    undone = "未办结"
    allowed = "＊"

    def points(self, number: str) -> str:
        """A number of percentage points."""
        return f"{number}个百分点"

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        text = f"{day.month}月{day.day}日"
        return f"{day.year}年{text}" if year else text

    def unmeasured(self, goal: GoalView) -> str:
        """What stands for a goal that is no number."""
        return "完成" if goal.name == "milestone" else "未量化"

    def between(self, low: str, high: str) -> str:
        """A range."""
        return f"{low}至{high}"

    def about(self, low: str, tolerance: str) -> str:
        """A number with what it may be off, or with nothing said of it."""
        return f"{low}左右（±{tolerance}）" if tolerance else f"{low}左右"

    def whose(self, spec: TargetSpec) -> str:
        """Of whom a goal is asked, one by one: 每名干部; empty: of all together."""
        return f"每{''.join(member_words(spec.each))}" if spec.each else ""

    def members(self, spec: TargetSpec, number: int) -> str:
        """A number of members: 12名干部."""
        return f"{number}{''.join(member_words(spec.each or ''))}"

    def asked_cell(self, spec: TargetSpec) -> str:
        """The goal with how often and of whom, as short as a table shows it."""
        goal = self.goal_cell(spec, spec.goal)
        if spec.goal.name is None:
            return goal
        if spec.goal.name == "milestone":
            return f"{self.due(spec)}前完成"
        return f"{self.whose(spec)}{CHINESE_PER.get(spec.per or '', '')}{goal}"

    def required_cell(self, target: TargetFigures) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        spec = target.spec
        before = "" if spec.original is None else self.goal_cell(spec, spec.original)
        text = self.asked_cell(spec)
        if target.status == "waived":
            nobody = "（无考核期或对象）" if spec.each else "（无考核期）"
            return f"免除（原定{before}）" if before else text + nobody
        if spec.each and spec.share < 1:
            text += f"，达标面≥{self.exact(spec.share, '%')}"
        if spec.require is not None:
            text += f"，达标期数≥{spec.require}"
        if spec.is_waived and spec.revised_from is not None:
            return f"{text}（{self.day(spec.revised_from)}起免除）"
        return f"{text}（原定{before}）" if before and before != text else text

    def unknown(self, target: TargetFigures) -> str:
        """That there is no figure, or none of the latest window."""
        is_known = target.windows_met > 0 or (target.completion or 0) > 0
        return "最近一期无数据" if target.windows > 1 and is_known else "无数据"

    def members_cell(self, target: TargetFigures) -> str:
        """How many members reached the goal; empty where that would say nothing."""
        assert target.members is not None
        met, measure = target.members_met or 0, member_words(target.spec.each or "")[0]
        all_of_them, every = self.members(target.spec, target.members), "各期均"
        if target.windows > 1:
            if met == target.members:
                return f"{all_of_them}{every}达标"
            return f"{all_of_them}中{met}{measure}{every}达标" if met else ""
        if met == target.members:
            return f"{all_of_them}{'全部' if met > 1 else '已'}达标"
        if met:
            return f"{all_of_them}中{met}{measure}达标"
        # before the end nobody has failed yet
        return f"{all_of_them}{'均' if target.members > 1 else ''}未达标" if target.is_over else ""

    def windows_cell(self, target: TargetFigures) -> str:
        """How many windows are met, lost and not over."""
        counts = (
            (target.windows_met, "期达标"),
            (target.windows_missed, "期未达标"),
            (target.windows_ahead, "期未结束"),
        )
        return "，".join(f"{number}{word}" for number, word in counts if number)

    def with_counts(self, text: str, counts: list[str]) -> str:
        """A figure, which may be empty, with the counts that explain it."""
        told = "；".join(counts)
        return f"{text}（{told}）" if text else told
