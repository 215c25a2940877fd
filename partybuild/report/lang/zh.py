"""Reports in Chinese: shortfalls, running text, remarks and the overview."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence

from partybuild.report.lang.shortages import Shortages
from partybuild.report.lang.wording import TOLD_FIRST
from partybuild.report.lang.zh_clauses import ChineseClauses
from partybuild.report.view import PlaceView, RemarkView, ReportView, TargetView

_NUMERALS = "一二三四五六七八九十"


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


class Chinese(ChineseClauses, Shortages):
    """Chinese, in the manner of work reports and supervision bulletins."""

    def varied(self, target: TargetView, turn: int) -> str:
        """The clause of a target; what is met is said in turn in several ways."""
        spec, over = target.spec, target.surplus or 0.0
        is_plain = target.status == "met" and target.is_single and spec.original is None
        if not is_plain or spec.measure in ("milestone", "growth") or spec.goal.is_band:
            return self.sentence(target, brief=True)
        if spec.is_none_allowed:
            return self.sentence(target)
        head, asked = self.head(target), self.goal(spec)
        if spec.goal.is_upper:
            ways = (f"{head}，符合{asked}的要求", f"{head}，兑现了{asked}的承诺")
            return ways[turn % len(ways)]
        if over > 0 and spec.is_additive and spec.goal.name == "at_least":
            more = self.gap(over, spec.unit)
            more_ways = (
                f"{head}，完成{asked}的目标，超出{more}",
                f"{head}，比承诺的{self.exact(spec.goal.low or 0.0, spec.unit)}多{more}",
                f"{head}，超额完成{asked}的任务",
            )
            return more_ways[turn % len(more_ways)]
        reached = (f"{head}，达到{asked}的目标", f"{head}，如期兑现{asked}的承诺")
        return reached[turn % len(reached)]

    def kept(self, texts: Sequence[str]) -> str:
        """Promises that nothing is measured of, as running text."""
        quoted = "".join(f"“{text.rstrip('。')}”" for text in texts)
        return f"{quoted}为定性承诺（请补写做法和成效）。"

    def numbered(self, number: int, text: str) -> str:
        """A heading with its number, counted from 0."""
        return f"{_NUMERALS[number]}、{text}"

    def item(self, number: int, total: int, text: str) -> str:
        """One of several problems, counted from 0."""
        return text if total == 1 else f"{chinese_number(number + 1)}是{text}"

    def step(self, target: TargetView) -> str:
        """What is still to be done for a target, as a clause that does not say until when."""
        ahead, spec = target.ahead, target.spec
        assert ahead is not None
        if spec.measure == "milestone":
            return f"{'抓紧' if target.status == 'missed' else ''}完成{spec.name}"
        if spec.require is not None and target.windows > 1 and not target.is_lost:
            more = self.counted(spec, max(1, spec.require - target.windows_met))
            return f"{spec.name}再有{more}达标（{self.asked(spec)}）"
        if spec.each and not spec.is_additive:
            return f"{spec.name}达到{self.asked(spec)}的要求"
        gap = self.gap(ahead.needed or 0.0, spec.unit)
        is_each = target.windows_ahead > 1 and spec.is_additive
        each = f"（{self.asked(spec)}）" if is_each else ""
        return f"{spec.name}{self.wanting(target, gap)}{each}"

    def steps(self, day: dt.date, targets: Sequence[TargetView]) -> str:
        """What is still to be done for several targets until a day."""
        return f"{self.day(day)}前，{self.clauses([self.step(one) for one in targets])}"

    def bracketed(self, text: str, more: str) -> str:
        """A sentence with something in brackets before its full stop."""
        return f"{text.rstrip('。')}（{more}）。"

    def remark(self, remark: RemarkView) -> str:
        """A remark on the figures, as a sentence."""
        name = f"“{remark.target}”" if remark.target else ""
        where = f"{remark.organisation}：" if remark.organisation else ""
        read = f"“{remark.read}”" if remark.read else ""
        count = f"{remark.number}条" if remark.number else ""
        blank = "未填写组织" if not read else f"组织{read}不在被考核之列"
        texts = {
            "unattested": f"{name}没有任何记录佐证，按未发生计",
            "unassigned": f"事项{read}没有对应的指标，{count}记录未计入",
            "outside-plan": self._outside_plan(remark),
            "no-windows": f"{name}没有考核期，或名册上没有考核对象，未作评判",
            "doubtful-percent": f"{name}出现{read}，请核对：百分数按小数记，95%记为0.95",
            "unknown-member": f"{name}有{count}记录涉及名册以外的对象{read}，未计入",
            "unknown-organisation": f"{blank}，{count}记录未计入",
            "unknown-unit": f"{name}有{count}记录使用了不能换算的单位{read}，未计入",
            "unknown-home": f"组织{read}不在组织名册上，其成员未作评判",
            "mixed-units": f"{name}的记录单位不一{read}，又没有写明以哪个为准，按原数计，请核对",
            "unknown-column": f"{name}所用的列{read}在记录中不存在",
        }
        other = f"{name}{read}有一处须核对（{remark.code}）"
        return where + texts.get(remark.code, other) + "。"

    def unassigned(self, remarks: Sequence[RemarkView]) -> str:
        """Kinds of records that no target looks at, in one sentence."""
        kinds = self.comma.join(f"“{one.read}”{one.number or 0}条" for one in remarks)
        return f"以下事项没有对应的指标，记录未计入：{kinds}。"

    def _outside_plan(self, remark: RemarkView) -> str:
        """Records dated outside the plan: how many, on which side, the first of them."""
        which = self.comma.join(remark.ids)
        if remark.days is not None:
            first, last = (self.day(day, year=True) for day in remark.days)
            which = first if first == last else f"{first}至{last}"
        told = f"{remark.number}条（{which}）" if which else f"{remark.number}条"
        if remark.is_after:
            return f"计划期结束以后的记录{told}，不计入"
        spared = []
        if remark.is_base:
            spared.append("用作增长基数")
        if remark.is_lasting:
            spared.append("延续到计划期内")
        if spared:
            return f"计划期开始以前的记录{told}，除{'或'.join(spared)}的以外，不计入"
        return f"计划期开始以前的记录{told}，不计入"

    def tally(self, counts: Mapping[str, int]) -> str:
        """Counts per status in words."""
        named = [name for name in (*TOLD_FIRST, *counts) if name in counts]
        return "，".join(f"{self.status(name)}{counts[name]}个" for name in dict.fromkeys(named))

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
        if not commitments:
            return "计划中没有承诺事项"
        if not targets:
            return f"{commitments}项承诺均为定性事项，未设指标"
        text = f"{commitments}项承诺共{targets}个指标：{self.tally(place.target_counts)}"
        if place.completion is not None:
            text += f"；综合完成率{self.percent(place.completion)}"
        return text
