"""Goals, windows and what was done, as clauses in Chinese."""

from __future__ import annotations

import datetime as dt

from partybuild.report.lang.wording import MOST_LISTED, NONE, Wording
from partybuild.report.lang.zh_words import WORDS
from partybuild.report.view import GoalView, MissView, TargetSpec, TargetView

_SIGNS = {"at_least": "≥", "more_than": "＞", "at_most": "≤", "less_than": "＜", "exactly": "="}
#: 说“不低于”而不说“不少于”的单位
_GRADES = ("%", "‰", "分", "个百分点", "百分点", "级", "倍", None)
_PER = {
    "day": "每日",
    "week": "每周",
    "ten_days": "每旬",
    "month": "每月",
    "quarter": "每季度",
    "half_year": "每半年",
    "year": "每年",
    "rule": "每期",
}
_TEN_DAYS = ("上旬", "中旬", "下旬")
_QUARTERS = ("一季度", "二季度", "三季度", "四季度")
_RISES = ("增长率", "增长", "增幅", "增速")


class ChineseClauses(Wording):
    """What one target asks for and what was done for it."""

    lang = "zh"
    words = WORDS
    comma = "、"
    stop = "。"
    semicolon = "；"
    space = ""

    def points(self, number: str) -> str:
        """A number of percentage points."""
        return f"{number}个百分点"

    def day(self, day: dt.date, *, year: bool = False) -> str:
        """A date, with its year or without."""
        text = f"{day.month}月{day.day}日"
        return f"{day.year}年{text}" if year else text

    def window(self, spec: TargetSpec, miss: MissView) -> str:
        """The name of a window, such as the third quarter."""
        start, end = miss.start, miss.end
        year = f"{start.year}年" if spec.start.year != spec.due.year else ""
        if spec.per == "month":
            return f"{year}{start.month}月"
        if spec.per == "quarter":
            return f"{year}{_QUARTERS[(start.month - 1) // 3]}"
        if spec.per == "half_year":
            return f"{year}{'上半年' if start.month <= 6 else '下半年'}"
        if spec.per == "year":
            return f"{start.year}年"
        if spec.per == "ten_days":
            return f"{year}{start.month}月{_TEN_DAYS[min(2, (start.day - 1) // 10)]}"
        if start == end:
            return f"{year}{self.day(start)}"
        last = f"{end.day}日" if (start.year, start.month) == (end.year, end.month) else None
        return f"{year}{self.day(start)}至{last or self.day(end)}"

    def goal(self, goal: GoalView, unit: str | None, *, short: bool = False) -> str:
        """A goal as prose says it, or short as a table shows it."""
        if goal.name is None:
            return "未量化"
        if goal.name == "milestone":
            return "完成"
        assert goal.low is not None
        assert goal.high is not None
        low = self.amount(goal.low, unit)
        if goal.name == "about":
            gap = self.gap(goal.tolerance or 0.0, unit) if goal.tolerance else None
            if gap is None:
                return f"{low}左右"
            return f"{low}左右（±{gap}）" if short else f"{low}左右、上下浮动不超过{gap}"
        if goal.name == "between":
            return f"{low}至{self.amount(goal.high, unit)}"
        if short:
            return f"{_SIGNS[goal.name]}{low}"
        return f"{self._side(goal.name, unit)}{low}"

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

    def asked(self, target: TargetSpec, *, short: bool = False) -> str:
        """The goal with how often and of whom."""
        goal = self.goal(target.goal, target.unit, short=short)
        if target.goal.name is None:
            return goal
        if target.goal.name == "milestone":
            return f"{self.day(target.due)}前完成"
        who = "每个对象" if target.each else ""
        return f"{who}{_PER.get(target.per or '', '')}{goal}"

    def required_cell(self, target: TargetView) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        spec = target.spec
        before = "" if spec.original is None else self.goal(spec.original, spec.unit, short=True)
        if target.status == "waived":
            return (
                f"免除（原定{before}）" if before else f"{self.asked(spec, short=True)}（无考核期）"
            )
        text = self.asked(spec, short=True)
        if spec.each and spec.share < 1:
            text += f"，达标面≥{self.amount(spec.share, '%')}"
        if spec.require is not None:
            text += f"，达标期数≥{spec.require}"
        if spec.is_waived and spec.revised_from is not None:
            return f"{text}（{self.day(spec.revised_from)}起免除）"
        return f"{text}（原定{before}）" if before else text

    def actual_cell(self, target: TargetView) -> str:
        """The measured value in a table, with windows and members that made it."""
        if not target.is_due or target.status == "waived":
            return NONE
        if target.spec.measure == "milestone":
            word = {"met": "done", "late": "done_late"}.get(target.status, "undone")
            return self.words[word]
        text = "无数据" if target.actual is None else self.actual_amount(target)
        if target.status == "unquantified" or target.is_single:
            return text
        parts = []
        if target.is_over and target.members is not None:
            parts.append(f"{target.members}个对象{target.members_met}个达标")
        if target.windows > 1:
            parts.append(self._window_counts(target))
        return f"{text}（{'；'.join(parts)}）" if parts else text

    def _window_counts(self, target: TargetView) -> str:
        counts = (
            (target.windows_met, "期达标"),
            (target.windows_missed, "期未达标"),
            (target.windows_ahead, "期未结束"),
        )
        return "，".join(f"{number}{word}" for number, word in counts if number)

    def sentence(self, target: TargetView) -> str:
        """What was done for a target, as a clause without its full stop."""
        told = self._done(target)
        spec = target.spec
        if spec.original is None or target.status == "waived":
            return told
        assert spec.revised_from is not None
        before, since = self.goal(spec.original, spec.unit), self.day(spec.revised_from)
        because = f"，{spec.reason}" if spec.reason else ""
        if spec.is_waived:
            return f"{told}（自{since}起免除{because}）"
        return f"{told}（原定{before}，自{since}起调整{because}）"

    def _done(self, target: TargetView) -> str:
        spec, status = target.spec, target.status
        if status == "waived":
            return self._waived(spec)
        if status == "upcoming":
            return f"{spec.name}（{self.asked(spec)}）自{self.day(spec.start)}起考核，尚未到期"
        if spec.measure == "milestone":
            return self._milestone(target)
        head = self.head(target)
        if status == "unquantified":
            return f"{head}（未设量化目标）"
        if status == "no_data":
            return f"{spec.name}（{self.asked(spec)}）{self._no_data(target)}"
        if target.windows > 1 or spec.each:
            return f"{head}{self._several(target)}"
        return f"{head}{self._single(target)}"

    def head(self, target: TargetView) -> str:
        """The target's name and figure: 蹲点调研62天, 媒体刊稿增长26.67%."""
        name, actual = target.spec.name, target.actual
        if actual is None:
            return f"{name}暂无数据"
        if target.spec.measure == "growth":
            return self._growth(target)
        if actual == 0 and target.spec.goal.is_upper:
            return f"{name}为零"
        link = "为" if name[-1:].isascii() else ""
        total = "累计" if target.spec.each and target.spec.is_additive else ""
        return f"{name}{total}{link}{self.actual_amount(target)}"

    def _growth(self, target: TargetView) -> str:
        name, actual = target.spec.name, target.actual
        assert actual is not None
        for word in _RISES:
            name = name.removesuffix(word)
        if actual == 0:
            return f"{name}与基数持平"
        limit = target.spec.goal.limit
        if actual > 0:
            return f"{name}增长{self.amount(actual, target.spec.unit, limit=limit)}"
        fall = None if limit is None else -limit
        return f"{name}下降{self.amount(-actual, target.spec.unit, limit=fall)}"

    def _waived(self, spec: TargetSpec) -> str:
        if spec.original is None:  # no window is left of it: nobody there, or all of them cut
            return f"{spec.name}没有可考核的考核期，不予考核"
        before = self.goal(spec.original, spec.unit)
        since = f"自{self.day(spec.revised_from)}起" if spec.revised_from else ""
        because = f"（{spec.reason}）" if spec.reason else ""
        return f"{spec.name}原定{before}，{since}已免除{because}"

    def _milestone(self, target: TargetView) -> str:
        spec = target.spec
        by = f"{self.day(spec.due)}前"
        if target.status == "met":
            return f"{spec.name}已按期完成（要求{by}完成）"
        if target.status == "late":
            return f"{spec.name}已完成，但晚于要求的{self.day(spec.due)}"
        if target.status == "missed":
            return f"{spec.name}未能在{by}完成"
        return f"{spec.name}正在推进，须于{by}完成"

    def _single(self, target: TargetView) -> str:
        spec, status = target.spec, target.status
        asked = self.goal(spec.goal, spec.unit)
        if spec.goal.is_upper:
            return self._single_upper(target, asked)
        share = f"，完成率{self.percent(target.completion)}" if spec.is_additive else ""
        if status == "met":
            over = target.surplus or 0.0
            more = f"，超出{self.gap(over, spec.unit)}" if over > 0 and spec.is_additive else ""
            if spec.goal.is_band:
                return f"，符合{asked}的要求"
            reach = "完成" if spec.is_additive else "达到"
            return f"，{reach}{asked}的目标{more}"
        if status in ("late", "missed", "breached"):
            reach = "完成" if spec.is_additive else "达到"
            return f"，{'逾期' if status == 'late' else '未'}{reach}{asked}的目标{share}"
        if status == "behind":
            return f"（目标{asked}）{share or '，'}{'，' if share else ''}落后于时间进度"
        word = "，正常推进" if status == "on_track" else "，正在推进"
        return f"（目标{asked}）{share}{word}"

    def _single_upper(self, target: TargetView, asked: str) -> str:
        status = target.status
        if status == "met":
            return f"，符合{asked}的要求"
        if status == "breached":
            is_limit = target.spec.goal.name == "at_most"
            return (
                f"，突破{asked.removeprefix('不超过')}的上限"
                if is_limit
                else f"，突破{asked}的限度"
            )
        if status == "missed":
            return f"，未达到{asked}的要求"
        words = {
            "behind": "落后于时间进度" if target.margin is None else self._margin(target),
            "on_track": "正常推进",
            "in_progress": "尚未达到，正在推进",
        }
        if status == "on_track" and not target.misses:
            return f"，目前控制在要求（{asked}）之内"
        return f"（要求{asked}），{words[status]}"

    def _margin(self, target: TargetView) -> str:
        margin = target.margin or 0.0
        left = f"余量只有{self.gap(margin, target.spec.unit)}" if margin > 0 else "已无余量"
        return f"快于时间进度，{left}"

    def _several(self, target: TargetView) -> str:
        spec = target.spec
        parts = []
        if target.is_over and target.members is not None:
            is_all = target.members == target.members_met
            met = "全部" if is_all else f"中{target.members_met}个"
            parts.append(f"{target.members}个对象{met}达标")
        if target.windows > 1:
            parts.append(self._windows_told(target))
        demand = self._demand(spec)
        verdict = {
            "met": f"达到{demand}的要求",
            "late": f"未按期的已补齐，达到{demand}的要求",
            "on_track": f"正常推进（要求{demand}）",
            "in_progress": f"正在推进（要求{demand}）",
            "behind": f"落后于时间进度（要求{demand}）",
            "missed": f"未达到{demand}的要求",
            "breached": f"突破{demand}的要求",
        }
        return "，" + "，".join([*parts, verdict[target.status]])

    def _windows_told(self, target: TargetView) -> str:
        if target.windows_met == target.windows:
            return f"{target.windows}个考核期全部达标"
        if target.is_over:
            return f"{target.windows}个考核期中{target.windows_met}个达标"
        return f"{target.windows}个考核期中{self._window_counts(target).replace('期', '个')}"

    def _demand(self, spec: TargetSpec) -> str:
        text = self.asked(spec)
        if spec.each and spec.share < 1:
            text += f"、达标面不低于{self.amount(spec.share, '%')}"
        if spec.require is not None:
            text += f"、至少{spec.require}期达标"
        return text

    def _no_data(self, target: TargetView) -> str:
        known = [miss for miss in target.misses if miss.status == "no_data"]
        if target.windows > 1 and known:
            return f"{self._named(target, known)}无数据"
        return "尚无数据"

    def _named(self, target: TargetView, misses: list[MissView], *, gaps: bool = False) -> str:
        """Name members and windows one by one, the first of many only."""
        told = [miss.shortfall for miss in misses if miss.shortfall]
        sides = ["超" if self._is_over(target, miss) else "差" for miss in misses]
        is_same = gaps and len(told) == len(misses) > 1
        is_same = is_same and len(set(told)) == 1 and len(set(sides)) == 1
        items = []
        for miss, short in list(zip(misses, sides, strict=True))[:MOST_LISTED]:
            when = self.window(target.spec, miss) if target.windows > 1 else ""
            who = "" if miss.subject == target.organisation else miss.subject or ""
            gap = ""
            if gaps and miss.shortfall and not is_same:
                gap = f"{short}{self.gap(miss.shortfall, target.spec.unit)}"
            elif gaps and miss.status == "no_data":
                gap = "无数据"
            items.append(f"{who}{when}{gap}")
        text = "、".join(items)
        if len(misses) > MOST_LISTED:
            text += f"等{len(misses)}项"
        return f"{text}各{sides[0]}{self.gap(told[0], target.spec.unit)}" if is_same else text

    def _is_over(self, target: TargetView, miss: MissView) -> bool:
        """Whether a standing is short by an excess; of a band each has a side of its own."""
        return miss.is_above if target.spec.goal.is_band else target.is_above
