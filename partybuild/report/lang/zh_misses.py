"""Members and windows that fall short, by name, in Chinese."""

from __future__ import annotations

from collections.abc import Sequence

from partybuild.report.lang.runs import drawn_together, shortages
from partybuild.report.lang.wording import MOST_LISTED
from partybuild.report.lang.zh_goals import ChineseGoals
from partybuild.report.view import MissView, TargetView


class ChineseMisses(ChineseGoals):
    """Who and when: 二季度、四季度各差1次, 李四差1户、王五差2户."""

    def missing(
        self, target: TargetView, misses: Sequence[MissView], *, is_open: bool = False
    ) -> str:
        """Name the standings that are short and by how much, the first of many only."""
        still = "还" if is_open else ""
        known = [miss for miss in misses if miss.actual is not None]
        unknown = [miss for miss in misses if miss.actual is None]
        told = []
        for whose, what, group in shortages(
            [*known, *unknown],
            lambda miss: self._what(target, miss, still),
            by_window=target.windows > 1,
        ):
            names = self.comma.join(one for one in whose if one and one != target.organisation)
            when = self.windows(target.spec, group) if target.windows > 1 else ""
            is_one = len(group) == 1 and len(whose) == 1
            when = f"（{when}）" if names and when and not is_one else when
            told.append((f"{names}{when}", what, len(group) * len(whose)))
        parts = drawn_together(told[:MOST_LISTED])
        is_long = any(self.comma in self.comma.join(names) for names, _, _ in parts)
        mark = "，" if is_long else self.comma
        texts = [
            f"{self.comma.join(names)}{'各' if number > 1 and what[0] in '还差超发' else ''}{what}"
            for names, what, number in parts
        ]
        rest = sum(number for _, _, number in told[MOST_LISTED:])
        return mark.join(texts) + (f"，另有{rest}项" if rest else "")

    def _what(self, target: TargetView, miss: MissView, still: str) -> str:
        spec = target.spec
        if miss.status == "no_data" or miss.actual is None:
            return "尚无数据" if miss.is_open else "无数据"
        if not miss.shortfall:
            return "未低于限值" if spec.goal.is_upper else "未达标"
        if spec.is_none_allowed:
            return f"发生{self.gap(miss.shortfall, spec.unit)}"
        is_over = miss.is_above if spec.goal.is_band else spec.goal.is_upper
        gap = f"{'超' if is_over else still + '差'}{self.gap(miss.shortfall, spec.unit)}"
        if spec.is_additive:
            return gap
        if spec.measure == "growth":
            return f"{self.moved(spec, miss.actual)}（{gap}）"
        return f"为{self.amount(miss.actual, spec.unit, limit=spec.goal.limit)}（{gap}）"
