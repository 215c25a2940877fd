"""Goals and windows as Chinese prose says them."""

from __future__ import annotations

from collections.abc import Sequence

from partybuild.assessment.telling_zh import CHINESE_PER, ChineseTelling
from partybuild.report.lang.runs import in_a_row
from partybuild.report.lang.wording import MOST_LISTED, Wording
from partybuild.report.lang.zh_words import WORDS
from partybuild.report.view import GoalView, MissView, TargetSpec

#: 说“不低于”而不说“不少于”的单位
_GRADES = ("%", "‰", "分", "个百分点", "百分点", "级", "倍", None)
_TEN_DAYS = ("上旬", "中旬", "下旬")
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
#: 考核期的量词和名称
_WINDOWS = {
    "day": ("", "天"),
    "week": ("", "周"),
    "ten_days": ("", "旬"),
    "month": ("个", "月"),
    "quarter": ("个", "季度"),
    "half_year": ("个", "半年"),
    "year": ("个", "年度"),
}
#: 至少这么多个相连的考核期，才说“6月至12月”
_RUN = 3
_CHANGES = (
    "增长率", "增长", "增幅", "增速", "下降率", "下降", "降幅", "降低", "减少", "升降",
)  # fmt: skip
_RISES = {
    "at_least": "增长不低于{}",
    "more_than": "增长超过{}",
    "at_most": "增长不超过{}",
    "less_than": "增长低于{}",
    "exactly": "增长{}",
}
_FALLS = {
    "at_least": "降幅不超过{}",
    "more_than": "降幅小于{}",
    "at_most": "下降不少于{}",
    "less_than": "下降超过{}",
    "exactly": "下降{}",
}
_STILLS = {
    "at_least": "不下降",
    "more_than": "实现增长",
    "at_most": "不增长",
    "less_than": "实现下降",
    "exactly": "与基数持平",
}


class ChineseGoals(ChineseTelling, Wording):
    """What a target asks for, and what its windows are called."""

    words = WORDS
    comma = "、"
    stop = "。"
    semicolon = "；"
    space = ""
    clause_mark = "，"

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        start, end = miss.start, miss.end
        year = f"{start.year}年" if spec.start.year != spec.due.year else ""
        if spec.per == "month":
            return f"{year}{start.month}月"
        if spec.per == "quarter":
            return f"{year}{_QUARTERS[(start.month - 1) // 3]}"
        if spec.per == "half_year":
            return f"{year}{'上' if start.month <= 6 else '下'}半年"
        if spec.per == "year":
            return f"{start.year}年"
        if spec.per == "ten_days":
            return f"{year}{start.month}月{_TEN_DAYS[min(2, (start.day - 1) // 10)]}"
        if start == end:
            return f"{year}{self.day(start)}"
        last = f"{end.day}日" if (start.year, start.month) == (end.year, end.month) else None
        return f"{year}{self.day(start)}至{last or self.day(end)}"

    def windows(self, spec: TargetSpec, misses: Sequence[MissView]) -> str:
        """The names of windows, drawn together where they follow on each other: 6月至12月."""
        names: list[str] = []
        for run in in_a_row(misses):
            if len(run) < _RUN:
                names += [self.window(spec, miss) for miss in run]
            elif spec.per in ("week", "day", "rule"):
                first, last = run[0], run[-1]
                span = f"{self.day(first.start)}至{self.day(last.end)}"
                names.append(f"{span}共{self.counted(spec, len(run))}")
            else:
                names.append(f"{self.window(spec, run[0])}至{self.window(spec, run[-1])}")
        told = self.comma.join(names[:MOST_LISTED])
        return f"{told}等{self.counted(spec, len(misses))}" if len(names) > MOST_LISTED else told

    def counted(self, spec: TargetSpec, number: int) -> str:
        """A number of windows: 4个季度, 9周, 5期."""
        return f"{number}{''.join(_WINDOWS.get(spec.per or '', ('', '期')))}"

    def counting(self, spec: TargetSpec) -> str:
        """What follows the number of some of the windows: 3个, 8周."""
        measure, name = _WINDOWS.get(spec.per or "", ("", "期"))
        return measure or name

    def topic(self, spec: TargetSpec) -> str:
        """The name of what grows or falls, without the word that says so."""
        name = spec.name
        if spec.measure != "growth":
            return name
        for word in _CHANGES:
            name = name.removesuffix(word) or name
        return name

    def goal(self, spec: TargetSpec, goal: GoalView | None = None) -> str:
        """A goal as prose says it; the one in force, or another one of the target."""
        goal = spec.goal if goal is None else goal
        if goal.name == "milestone":
            return f"{self.due(spec)}前完成"
        if goal.name is None:
            return self.unmeasured(goal)
        assert goal.low is not None
        assert goal.high is not None
        if spec.measure == "growth":
            return self._change(spec, goal)
        low = self.exact(goal.low, spec.unit)
        if goal.name == "about":
            return f"{low}左右{self._tolerance(spec, goal)}"
        if goal.name == "between":
            return f"{low}至{self.exact(goal.high, spec.unit)}"
        if spec.is_additive and goal.name == "at_most" and goal.high == 0:
            return "零发生"
        return f"{self._side(goal.name, spec.unit)}{low}"

    def _tolerance(self, spec: TargetSpec, goal: GoalView) -> str:
        return f"、上下浮动不超过{self.gap(goal.tolerance, spec.unit)}" if goal.tolerance else ""

    def _side(self, name: str, unit: str | None) -> str:
        is_grade = unit in _GRADES
        sides = {
            "at_least": "不低于" if is_grade else "不少于",
            "more_than": "高于" if is_grade else "超过",
            "at_most": "不超过",
            "less_than": "低于" if is_grade else "少于",
            "exactly": "" if unit else "等于",
        }
        return sides[name]

    def _change(self, spec: TargetSpec, goal: GoalView) -> str:
        """A goal of growth: a fall is asked for as a fall."""
        assert goal.name is not None
        low, high = goal.low or 0.0, goal.high or 0.0
        amount = self.exact(abs(low), spec.unit)
        if goal.name == "about":
            word = "下降" if low < 0 else "增长"
            return f"{word}{amount}左右{self._tolerance(spec, goal)}"
        if goal.name == "between":
            if low < 0 < high:
                return f"升降幅度在{self.exact(low, spec.unit)}至{self.exact(high, spec.unit)}之间"
            ends = sorted((abs(low), abs(high)))
            first, last = (self.exact(end, spec.unit) for end in ends)
            return f"{'下降' if low < 0 else '增长'}{first}至{last}"
        if low == 0:
            return _STILLS[goal.name]
        return (_FALLS if low < 0 else _RISES)[goal.name].format(amount)

    def asked(self, spec: TargetSpec) -> str:
        """The goal in force, with how often and of whom."""
        if spec.goal.name is None or spec.goal.name == "milestone":
            return self.goal(spec)
        return f"{self.whose(spec)}{CHINESE_PER.get(spec.per or '', '')}{self.goal(spec)}"

    def demand(self, spec: TargetSpec) -> str:
        """The goal, with how many members and how many windows suffice."""
        text = self.asked(spec)
        if spec.each and spec.share < 1:
            text += f"、达标面不低于{self.exact(spec.share, '%')}"
        if spec.require is not None:
            text += f"、至少{self.counted(spec, spec.require)}达标"
        return text

    def revised(self, spec: TargetSpec) -> str:
        """What was asked before, since when no longer and why; empty without a revision."""
        if spec.original is None or spec.revised_from is None:
            return ""
        since = f"自{self.day(spec.revised_from)}起"
        reason = spec.reason or ""
        because = "" if not reason else f"，{reason}"
        if reason and not reason.startswith(("因", "由于", "经", "根据", "按")):
            because = f"，原因：{reason}"
        if spec.is_waived:
            return f"{since}免除{because}"
        if spec.original == spec.goal:
            return f"{since}恢复原定要求{because}"
        return f"原定{self.goal(spec, spec.original)}，{since}调整{because}"
