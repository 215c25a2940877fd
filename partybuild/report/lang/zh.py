"""Reports in Chinese: shortfalls, running text, remarks and the overview."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from partybuild.report.lang.zh_clauses import ChineseClauses
from partybuild.report.view import PlaceView, RemarkView, ReportView, TargetView

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


class Chinese(ChineseClauses):
    """Chinese, in the manner of work reports and supervision bulletins."""

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
        if spec.goal.is_band and not target.is_single:
            return f"共偏离{self.gap(short, spec.unit)}"  # above in some windows, below in others
        if target.is_above:
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
        is_lost = target.status == "breached"
        closed = [miss for miss in misses if is_lost or not miss.is_open]
        behind = [miss for miss in misses if miss.is_open and not is_lost]
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
            rest = target.windows_ahead
            return [*parts, f"其余{rest}期须按期完成"] if rest else parts
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
            "outside-plan": _outside_plan(remark),
            "no-windows": f"{name}没有考核期，或名册上没有考核对象，未作评判",
            "doubtful-percent": f"{name}出现{read}，请核对：百分数按小数记，95%记为0.95",
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


def _outside_plan(remark: RemarkView) -> str:
    """Records dated outside the plan: how many, on which side, the first of them."""
    number = re.match(r"\d+", remark.message)
    side = "开始以前" if "before" in remark.message else "结束以后"
    first = (remark.read or "").replace(", ", "、").replace(" ...", "等")
    count = f"{number.group()}条" if number else ""
    spared = "" if side == "结束以后" else "除作增长的基数、或延续到计划期内的以外，"
    return f"计划期{side}的记录{count}（{first}），{spared}不计入"
