"""Every word of reports in Chinese."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from partybuild.report.lang.wording import MOST_LISTED, NONE, Wording
from partybuild.report.lang.zh_workbook import WORKBOOK_WORDS
from partybuild.report.view import (
    GoalView,
    MissView,
    PlaceView,
    RemarkView,
    ReportView,
    TargetSpec,
    TargetView,
)

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
_NUMERALS = "一二三四五六七八九十"
#: 正文里先说完成的，再说逾期的、在办的，最后说其他。
_STORY = {"met": "met", "late": "late", "on_track": "on_track", "in_progress": "in_progress"}
_LEADS = {
    "met": "",
    "late": "逾期补齐的有：",
    "on_track": "正按进度推进的有：",
    "in_progress": "尚在推进的有：",
    "other": "此外，",
}
_RISES = ("增长率", "增长", "增幅", "增速")

_WORDS = {
    "title": "{title}完成情况",
    "until": "截至{day}",
    "known": "（按{day}前登记的记录）",
    "target": "指标",
    "required": "应完成",
    "actual": "实际",
    "completion": "完成率",
    "light": "状态",
    "status": "状态",
    "shortfall": "缺口",
    "due": "截止",
    "organisation": "组织",
    "rank": "名次",
    "owner": "责任单位",
    "section": "承诺事项",
    "text": "承诺内容",
    "red": "红灯",
    "yellow": "黄灯",
    "green": "绿灯",
    "grey": "灰灯",
    "other": "其他事项",
    "achievements": "完成情况",
    "shortfalls": "差距和不足",
    "league": "总体排名",
    "remarks": "数据说明",
    "qualitative": "定性事项",
    "undone": "未办结",
    "done": "已办结",
    "done_late": "逾期办结",
    "allowed": "＊",
    "allowed_note": "＊个别考核期或对象有缺口，但已达到规定的期数或比例。",
    "legend": "●绿灯：已完成或正常推进；▲黄灯：滞后、推进中、逾期完成或临近到期；"
    "■红灯：未完成、突破上限或到期无数据；○灰灯：未到期、未量化、已免除。",
    "matrix": "各组织各指标一览",
    "by_place": "各组织的差距和不足",
    "report": "{title}述职报告",
    "duties": "履行职责情况",
    "problems": "存在的问题",
    "next": "下一步打算",
    "nothing_done": "本部分的承诺尚有差距，见“存在的问题”。",
    "no_next": "（由下一年度的计划确定后补入。）",
    "no_shortfall": "目前无未达标指标。",
    "only_short": "（组织较多，下表只列未达标的指标。）",
    "colon": "：",
}


def chinese_number(number: int) -> str:
    """Write 1 to 99 in Chinese; larger numbers in figures.

    >>> chinese_number(2), chinese_number(10), chinese_number(21)
    ('二', '十', '二十一')
    """
    if number > 99:
        return str(number)
    tens, ones = divmod(number, 10)
    front = "" if tens == 0 else "十" if tens == 1 else f"{_NUMERALS[tens - 1]}十"
    return front + (_NUMERALS[ones - 1] if ones else "")


class Chinese(Wording):
    """Chinese, in the manner of work reports and supervision bulletins."""

    lang = "zh"
    words = _WORDS | WORKBOOK_WORDS
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
        if goal.name == "waived":
            return "免除"
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
            "exactly": "",
        }
        return sides[name]

    def asked(self, target: TargetSpec, *, short: bool = False) -> str:
        """The goal with how often and of whom."""
        goal = self.goal(target.goal, target.unit, short=short)
        if target.goal.name in (None, "waived"):
            return goal
        if target.goal.name == "milestone":
            return f"{self.day(target.due)}前完成"
        who = "每个对象" if target.each else ""
        return f"{who}{_PER.get(target.per or '', '')}{goal}"

    def required_cell(self, spec: TargetSpec) -> str:
        """The goal in a table, the original one beside it where it was revised."""
        text = self.asked(spec, short=True)
        if spec.each and spec.share < 1:
            text += f"，达标面≥{self.amount(spec.share, '%')}"
        if spec.require is not None:
            text += f"，达标期数≥{spec.require}"
        if spec.original is not None:
            text += f"（原定{self.goal(spec.original, spec.unit, short=True)}）"
        return text

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
        if spec.original is not None and target.status != "waived":
            assert spec.revised_from is not None
            before = self.goal(spec.original, spec.unit)
            because = f"，{spec.reason}" if spec.reason else ""
            told += f"（原定{before}，自{self.day(spec.revised_from)}起调整{because}）"
        return told

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
        before = self.goal(spec.original, spec.unit) if spec.original else ""
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
            return f"，突破{asked.removeprefix('不超过')}的上限"
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
        is_same = gaps and len(told) == len(misses) > 1 and len(set(told)) == 1
        items = []
        for miss in misses[:MOST_LISTED]:
            when = self.window(target.spec, miss) if target.windows > 1 else ""
            who = "" if miss.subject == target.organisation else miss.subject or ""
            gap = ""
            if gaps and miss.shortfall and not is_same:
                gap = f"差{self.gap(miss.shortfall, target.spec.unit)}"
            items.append(f"{who}{when}{gap}")
        text = "、".join(items)
        if len(misses) > MOST_LISTED:
            text += f"等{len(misses)}项"
        return f"{text}各差{self.gap(told[0], target.spec.unit)}" if is_same else text

    def shortage(self, target: TargetView) -> str:
        """What is short of a target, until when, and at which pace; without its full stop."""
        spec, status = target.spec, target.status
        if spec.measure == "milestone" or status == "no_data":
            text = self._done(target)
            if status == "missed" and target.ahead and target.ahead.days_left:
                text += "，应尽快补办"
            if status == "no_data":
                text += "，需补报核实"
            return text
        parts = [self.sentence(target), self._gap(target)]
        parts += self._who(target)
        parts += self._ahead(target)
        return "，".join(part for part in parts if part)

    def _gap(self, target: TargetView) -> str:
        spec, short = target.spec, target.shortfall or 0.0
        if short <= 0:
            return ""
        if target.status == "breached" or spec.goal.is_upper:
            return f"超出{self.gap(short, spec.unit)}"
        if spec.goal.is_band and target.is_single and target.required is not None:
            low = self.amount(target.required, spec.unit, limit=target.actual)
            return f"距下限{low}差{self.gap(short, spec.unit)}"
        return f"差{self.gap(short, spec.unit)}"

    def _who(self, target: TargetView) -> list[str]:
        if target.is_single:
            return []
        misses = [miss for miss in target.misses if miss.status != "on_track"]
        if len(target.misses) == 1:
            return [f"具体是{self._named(target, misses)}"] if misses else []
        closed = [miss for miss in misses if not miss.is_open]
        behind = [miss for miss in misses if miss.is_open]
        parts = []
        if closed:
            parts.append(f"其中{self._named(target, closed, gaps=True)}")
        if behind:
            parts.append(f"目前滞后的有{self._named(target, behind, gaps=True)}")
        return parts

    def _ahead(self, target: TargetView) -> list[str]:
        ahead, spec = target.ahead, target.spec
        if target.status == "breached" or ahead is None:
            return ["已无法挽回"] if target.status == "breached" else []
        parts = []
        if ahead.lost and target.status == "missed":
            is_all = not ahead.needed
            parts.append("考核期已过" if is_all else f"{self.gap(ahead.lost, spec.unit)}已无法补回")
        if not ahead.needed or ahead.by is None or not ahead.days_left or ahead.days_left <= 0:
            return parts
        if target.windows > 1 and not any(miss.is_open for miss in target.misses):
            mended = [miss for miss in target.misses if miss.is_recoverable]
            parts += [f"可在{self.day(ahead.by)}前补齐"] if mended else []
            return [*parts, f"其余{target.windows_ahead}期须按期完成"]
        verb = "再完成" if spec.is_additive else "再压降" if spec.goal.is_upper else "再提高"
        gap = self.gap(ahead.needed, spec.unit)
        parts.append(f"还须在{self.day(ahead.by)}前{verb}{gap}（剩{ahead.days_left}天）")
        return parts + (self._pace(target) if target.is_single else [])

    def _pace(self, target: TargetView) -> list[str]:
        ahead, unit = target.ahead, target.spec.unit
        assert ahead is not None
        assert ahead.days_left is not None
        is_long = ahead.days_left >= 60
        needed = ahead.needed_per_month if is_long else ahead.needed_per_week
        pace = ahead.pace_per_month if is_long else ahead.pace_per_week
        if needed is None or ahead.days_left < 7:
            return []
        word = "月" if is_long else "周"
        text = f"平均每{word}需{self.gap(needed, unit)}"
        if pace is not None and not target.spec.goal.is_upper:
            text += f"（目前每{word}{self.gap(pace, unit)}）" if pace > 0 else "（目前尚无进展）"
        if ahead.reached_on is None:
            return [text]
        day = self.day(ahead.reached_on, year=ahead.reached_on.year != target.spec.due.year)
        return [text, f"按目前进度预计{day}达到"]

    def story(self, targets: Sequence[TargetView]) -> str:
        """What was done for several targets, as running text."""
        groups: dict[str, list[str]] = {}
        for target in targets:
            key = _STORY.get(target.status, "other")
            groups.setdefault(key, []).append(self._varied(target, len(groups.get(key, []))))
        parts = [_LEADS[key] + self.clauses(groups[key]) for key in _LEADS if key in groups]
        return "".join(parts)

    def _varied(self, target: TargetView, turn: int) -> str:
        """The clause of a target; what is met is said in turn in several ways."""
        spec, over = target.spec, target.surplus or 0.0
        is_plain = target.status == "met" and target.is_single and spec.original is None
        if not is_plain or spec.measure in ("milestone", "growth") or spec.goal.is_band:
            return self.sentence(target).replace("，正常推进", "").replace("，正在推进", "")
        head, asked = self.head(target), self.goal(spec.goal, spec.unit)
        if spec.goal.is_upper:
            ways = (f"{head}，符合{asked}的要求", f"{head}，兑现了{asked}的承诺")
            return ways[turn % len(ways)]
        if over > 0 and spec.is_additive:
            more = self.gap(over, spec.unit)
            more_ways = (
                f"{head}，完成{asked}的目标，超出{more}",
                f"{head}，比承诺的{self.amount(spec.goal.low or 0.0, spec.unit)}多{more}"
                if spec.goal.name == "at_least"
                else f"{head}，兑现了{asked}的承诺",
                f"{head}，超额完成{asked}的任务",
            )
            return more_ways[turn % len(more_ways)]
        reached = (f"{head}，达到{asked}的目标", f"{head}，如期兑现{asked}的承诺")
        return reached[turn % len(reached)]

    def kept(self, texts: Sequence[str]) -> str:
        """Promises that nothing is measured of, as running text."""
        quoted = "".join(f"“{text.rstrip('。')}”" for text in texts)
        return f"对{quoted}的承诺，（请补写做法和成效）。"

    def numbered(self, number: int, text: str) -> str:
        """A heading with its number, counted from 0."""
        return f"{_NUMERALS[number]}、{text}"

    def item(self, number: int, total: int, text: str) -> str:
        """One of several problems, counted from 0."""
        return text if total == 1 else f"{chinese_number(number + 1)}是{text}"

    def mending(self, total: int, mendable: int) -> str:
        """How many of the problems can still be mended."""
        if mendable == 0:
            return f"以上{total}项均须在下一步工作中加以改进。"
        if mendable == total:
            return f"以上{total}项都还可以补救，须逐项明确责任和时限。"
        return f"以上{total}项中，{mendable}项还可以补救，须逐项明确责任和时限。"

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause."""
        ahead, spec = target.ahead, target.spec
        assert ahead is not None
        assert ahead.by is not None
        by = f"{self.day(ahead.by)}前"
        if spec.measure == "milestone":
            return f"{by}完成{spec.name}"
        verb = "再完成" if spec.is_additive else "再压降" if spec.goal.is_upper else "再提高"
        return f"{spec.name}在{by}{verb}{self.gap(ahead.needed or 0.0, spec.unit)}"

    def bracketed(self, text: str, more: str) -> str:
        """A sentence with something in brackets before its full stop."""
        return f"{text.rstrip('。')}（{more}）。"

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        name = f"“{remark.target}”" if remark.target else ""
        where = f"{remark.organisation}：" if remark.organisation else ""
        read = f"“{remark.read}”" if remark.read else ""
        texts = {
            "unattested": f"{name}没有任何记录佐证，按未发生计",
            "unassigned": f"事项{read}没有对应的指标，未计入",
            "outside-plan": f"计划期之外的记录不计入（{remark.read}）",
            "unknown-member": f"{name}的记录涉及名册以外的对象{read}，未计入",
            "unknown-organisation": f"组织{read or '未填写'}不在被考核之列，其记录未计入",
            "unknown-unit": f"{name}的记录使用了不能换算的单位{read}，未计入",
            "unknown-column": f"{name}所用的列{read}在记录中不存在",
        }
        return where + texts.get(remark.code, f"{name}{read}{remark.message}") + "。"

    def tally(self, counts: Mapping[str, int]) -> str:
        """Counts per status in words."""
        order = (
            "met",
            "late",
            "on_track",
            "in_progress",
            "behind",
            "missed",
            "breached",
            "no_data",
        )
        named = [name for name in (*order, *counts) if name in counts]
        return "，".join(f"{self.status(name)}{counts[name]}项" for name in dict.fromkeys(named))

    def overview(self, view: ReportView) -> str:
        """The first paragraph: how many of what, and the completion."""
        until = f"截至{self.day(view.as_of, year=True)}"
        if view.is_by_organisation:
            return f"{until}，共考核{len(view.places)}个组织。"
        if not view.places:
            return f"{until}，没有被考核的组织。"
        return f"{until}，{self.place(view.places[0])}。"

    def place(self, place: PlaceView) -> str:
        """How one organisation, or the whole plan, stands."""
        commitments, targets = sum(place.counts.values()), len(place.targets)
        text = f"{commitments}项承诺共{targets}个指标"
        if targets:
            text += f"：{self.tally(place.target_counts).replace('项', '个')}"
        if place.completion is not None:
            text += f"；综合完成率{self.percent(place.completion)}"
        return text
