"""What was done for a target, as clauses in Chinese."""

from __future__ import annotations

from partybuild.report.lang.deeds import Clause, Deeds
from partybuild.report.lang.wording import MOST_LISTED
from partybuild.report.lang.zh_misses import ChineseMisses
from partybuild.report.view import TargetView


class ChineseClauses(ChineseMisses, Deeds):
    """What was done for one target, and how it stands."""

    brackets = ("（", "；", "）")

    def upcoming(self, target: TargetView) -> Clause:
        """When a target begins to count."""
        spec = target.spec
        since = self.day(spec.start)
        return f"{spec.name}自{since}起考核", f"要求{self.demand(spec)}", "，尚未到期"

    def unquantified(self, target: TargetView) -> Clause:
        """The figure of a target without goal."""
        told = "暂无数据" if target.actual is None and target.is_due else ""
        return f"{self.head(target)}{told}", "未设量化目标", ""

    def without_data(self, target: TargetView) -> Clause:
        """That nothing is known of a target."""
        spec = target.spec
        mark = "：" if spec.name[-1:].isascii() else ""
        return f"{spec.name}{mark}{self._no_data(target)}", f"要求{self.demand(spec)}", ""

    def head(self, target: TargetView) -> str:
        """The target's name and figure: 蹲点调研62天, 媒体刊稿增长26.67%."""
        spec, actual = target.spec, target.actual
        if actual is None:
            return spec.name
        latest = "最近一期" if target.windows > 1 and not spec.is_additive else ""
        if spec.measure == "growth":
            return f"{self.topic(spec)}{latest}{self.moved(spec, actual)}"
        if actual == 0 and spec.goal.is_upper:
            return f"{spec.name}{latest}为零"
        link = "为" if spec.name[-1:].isascii() and not latest else ""
        total = "累计" if spec.each and spec.is_additive else ""
        return f"{spec.name}{latest}{total}{link}{self.actual_amount(target)}"

    def waived(self, target: TargetView) -> str:
        """That nothing is asked any more, and why."""
        spec = target.spec
        if spec.original is None:  # no window is left of it: nobody there, or all of them cut
            return f"{spec.name}没有可考核的时段或对象，不予考核"
        before = self.goal(spec, spec.original)
        since = f"自{self.day(spec.revised_from)}起" if spec.revised_from else ""
        because = f"（{spec.reason}）" if spec.reason else ""
        return f"{spec.name}原定{before}，{since}已免除{because}"

    def milestone(self, target: TargetView, *, brief: bool) -> Clause:
        """Whether what was to be done by a day is done."""
        spec = target.spec
        name, by = spec.name, f"{self.due(spec)}前"
        everyone = f"，{text}" if spec.each and (text := self._everyone(target)) else ""
        if target.status == "met":
            return f"{name}已按期完成{everyone}", f"要求{by}完成", ""
        if target.status == "late":
            return f"{name}已完成，但晚于要求的{self.due(spec)}{everyone}", None, ""
        if target.status == "missed":
            return f"{name}未能在{by}{'全部' if everyone else ''}完成{everyone}", None, ""
        if brief:
            return f"{name}{everyone}", f"须于{by}完成", ""
        return f"{name}正在推进，须于{by}完成{everyone}", None, ""

    def _everyone(self, target: TargetView) -> str:
        """How many members have reached a milestone, and who has not."""
        told = self.members_cell(target) if target.tells_members else ""
        left = [one for one in target.misses if one.shortfall and not one.is_spared]
        names = self.comma.join(str(one.subject) for one in left[:MOST_LISTED])
        if not names or target.status not in ("missed", "behind"):
            return told
        more = f"等{self.members(target.spec, len(left))}" if len(left) > MOST_LISTED else ""
        return "，".join(one for one in (told, f"尚有{names}{more}未完成") if one)

    def single(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of one window stands, where more is better or a band is kept."""
        spec, status = target.spec, target.status
        head, asked = self.head(target), self.goal(spec)
        goal, gap = f"目标{asked}", self.gap(target.shortfall or 0.0, spec.unit)
        share = f"，完成率{self.percent(target.completion)}" if spec.is_additive else ""
        reach = "完成" if spec.is_additive else "达到"
        if status == "met":
            return self._reached(target), None, ""
        if status == "late":
            return f"{head}系按期完成的部分，其余已逾期补齐", goal, ""
        if status == "breached":
            return f"{head}，{self._beyond(target, gap)}", None, ""
        if status == "missed":
            end = f"{share}，{self.distance(target, gap)}"
            if spec.goal.is_band and spec.goal.name != "exactly":
                return f"{head}，未达到{asked}的要求", None, end
            return f"{head}，未{reach}{asked}的目标", None, end
        if target.is_idle:
            head, share = f"{spec.name}尚无进展", ""
        if status == "behind":
            return head, goal, f"{share}，落后于时间进度"
        if status == "on_track":
            if target.is_idle:
                return head, goal, "，但仍在时间进度之内"
            return head, goal, share + ("" if brief else "，正常推进")
        rest = f"，{self.distance(target, gap, is_open=True)}" if target.shortfall else ""
        return head, goal, rest + ("" if brief else "，正在推进")

    def _reached(self, target: TargetView) -> str:
        spec, over = target.spec, target.surplus or 0.0
        head, asked = self.head(target), self.goal(spec)
        if spec.goal.name == "exactly":
            return f"{head}，{'如数完成目标' if spec.is_additive else '与目标一致'}"
        if spec.goal.is_band:
            return f"{head}，符合{asked}的要求"
        if not spec.is_additive:
            return f"{head}，达到{asked}的目标"
        # beyond "more than 10" the surplus is counted from 11
        is_told = over > 0 and spec.goal.name == "at_least"
        more = f"，超出{self.gap(over, spec.unit)}" if is_told else ""
        return f"{head}，完成{asked}的目标{more}"

    def _beyond(self, target: TargetView, gap: str) -> str:
        """That a band is exceeded for good."""
        spec = target.spec
        if spec.goal.name == "exactly":
            return f"比要求的{self.exact(spec.goal.low or 0.0, spec.unit)}多{gap}"
        return f"超过{self._bound(target)}的上限，多出{gap}"

    def _bound(self, target: TargetView) -> str:
        """The end of the band that is not kept; worked out, so never shown in full."""
        return self.amount(target.bound or 0.0, target.spec.unit, limit=target.actual)

    def distance(self, target: TargetView, gap: str, *, is_open: bool = False) -> str:
        """How far the figure lies from the goal: 差3次, 高出上限2个百分点."""
        spec, still = target.spec, "还" if is_open else ""
        if not spec.goal.is_band or spec.goal.name == "exactly":
            return f"超出{gap}" if target.is_above else f"{still}差{gap}"
        bound = self._bound(target)
        return f"高出{bound}的上限{gap}" if target.is_above else f"距{bound}的下限{still}差{gap}"

    def single_upper(self, target: TargetView, *, brief: bool) -> Clause:
        """How a limit of one window stands."""
        spec, status = target.spec, target.status
        head, asked = self.head(target), self.goal(spec)
        is_fall = spec.measure == "growth" and (spec.goal.high or 0.0) <= 0
        gap = self.gap(target.shortfall, spec.unit) if target.shortfall else ""
        over = f"，{'差' if is_fall else '超出'}{gap}" if gap else ""
        if status == "met":
            return f"{head}，{self._kept(target)}", None, ""
        if status == "breached":
            return f"{head}，{self._broken(target)}", None, "" if spec.is_none_allowed else over
        if status == "missed":
            return f"{head}，未达到{asked}的要求", None, over
        if status == "on_track" and not target.misses:
            return f"{head}，目前{self._within(target)}", None, ""
        if status == "behind" and spec.is_allowance:
            return head, f"要求{asked}", f"，用量快于时间进度，{self._margin(target)}"
        if status == "behind":
            return head, f"要求{asked}", "，落后于时间进度"
        if status == "on_track":  # a level that is brought down as planned
            calm = "" if brief else "，正按进度推进"
            return head, f"要求{asked}", f"，还须{self.wanting(target, gap)}{calm}"
        return head, f"要求{asked}", f"{over or '，尚未达到'}{'' if brief else '，正在推进'}"

    def wanting(self, target: TargetView, gap: str) -> str:
        """What is still to be done about a gap: 再完成3次."""
        spec = target.spec
        if spec.is_additive:
            return f"{'再' if target.actual else ''}完成{gap}"
        if spec.measure == "growth" and spec.goal.is_upper and (spec.goal.high or 0.0) < 0:
            return f"再下降{gap}"
        return f"再{'压降' if target.is_above else '提高'}{gap}"

    def _kept(self, target: TargetView) -> str:
        spec = target.spec
        if spec.is_none_allowed:
            return "兑现了零发生的承诺"
        return f"{'达到' if spec.measure == 'growth' else '符合'}{self.goal(spec)}的要求"

    def _within(self, target: TargetView) -> str:
        """That a limit is kept so far: 控制在20次以内."""
        spec = target.spec
        if spec.is_none_allowed:
            return "保持零发生"
        if spec.measure == "growth":
            return f"符合{self.goal(spec)}的要求"
        limit = self.exact(spec.goal.high or 0.0, spec.unit)
        return f"控制在{limit}{'以内' if spec.goal.name == 'at_most' else '以下'}"

    def _broken(self, target: TargetView) -> str:
        spec = target.spec
        if spec.is_none_allowed:
            return "未能做到零发生"
        limit = self.exact(spec.goal.high or 0.0, spec.unit)
        if spec.goal.name == "at_most":
            return f"突破{limit}的上限"
        return f"未能控制在{limit}以下"

    def _margin(self, target: TargetView) -> str:
        margin = target.margin or 0.0
        return f"余量只有{self.gap(margin, target.spec.unit)}" if margin > 0 else "已无余量"

    def several(self, target: TargetView, *, brief: bool) -> Clause:
        """How a target of several windows or members stands."""
        spec, status = target.spec, target.status
        demand, counts = self.demand(spec), self._counts(target)
        front = "，".join([self.head(target), *counts])
        if status == "met":
            return self._all_met(target, front), None, ""
        if status in ("missed", "breached"):
            if spec.is_allowance:
                return f"{front}，未能做到{demand}", None, ""
            return f"{front}，未达到{demand}的要求", None, ""
        if status == "late":
            return f"{front}，其中未按期的已补齐，达到{demand}的要求", None, ""
        fast = "用量快于时间进度" if spec.is_allowance else "落后于时间进度"
        manner = {"on_track": "正常推进", "in_progress": "正在推进", "behind": fast}[status]
        if brief:
            return front, f"要求{demand}", ""
        return f"{front}，{manner}", f"要求{demand}", ""

    def _all_met(self, target: TargetView, front: str) -> str:
        spec, head = target.spec, self.head(target)
        goal = self.goal(spec)
        told = f"做到{goal}" if spec.is_none_allowed else f"达到{goal}的要求"
        if target.windows > 1 and not spec.each and target.windows_met == target.windows:
            return f"{head}，{self.counted(spec, target.windows)}均{told}"
        is_everyone = spec.each and target.windows <= 1 and target.members == target.members_met
        if is_everyone and target.tells_members:
            return f"{head}，{self.members(spec, target.members or 0)}均{told}"
        return f"{front}，达到{self.demand(spec)}的要求"

    def _counts(self, target: TargetView) -> list[str]:
        """How many members and how many windows reached the goal."""
        parts = []
        if target.tells_members and target.windows <= 1 and (told := self.members_cell(target)):
            parts.append(told)
        if target.windows > 1 and (told := self._windows_told(target)):
            parts.append(told)
        return parts

    def _windows_told(self, target: TargetView) -> str:
        spec, everything = target.spec, self.counted(target.spec, target.windows)
        if target.windows_met == target.windows:
            return f"{everything}全部达标"
        if target.windows_missed == target.windows:
            return f"{everything}均未达标"
        if not target.windows_met and not target.windows_missed:
            return ""
        unit = self.counting(spec)
        counts = (
            (target.windows_met, "达标"),
            (target.windows_missed, "未达标"),
            (target.windows_ahead, "未结束"),
        )
        told = self.comma.join(f"{number}{unit}{word}" for number, word in counts if number)
        return f"{everything}中{told}"

    def _no_data(self, target: TargetView) -> str:
        known = [miss for miss in target.misses if miss.status == "no_data"]
        if known and not target.is_single:
            return self.missing(target, known)
        is_open = any(miss.is_open for miss in known)
        return "尚无数据" if is_open else "无数据"
