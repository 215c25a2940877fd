"""The words of charts, in Chinese and English, and how figures are written on them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal

import attrs

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.assessment.telling import Telling
from partybuild.assessment.telling_en import EnglishTelling
from partybuild.assessment.telling_zh import ChineseTelling
from partybuild.assessment.words import LIGHT_SIGNS, LIGHT_WORDS, status_word
from partybuild.errors import UsageError
from partybuild.target import Target

Lang = Literal["zh", "en"]

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "progress": "{title}：进度对照",
        "cumulative": "{name}：累计进度",
        "level": "{name}：变化情况",
        "heat": "{title}：各组织亮灯情况",
        "calendar": "{title}：活动日历",
        "burndown": "{name}：剩余任务",
        "burndown_all": "{title}：剩余任务",
        "until": "截至{day}",
        "actual": "实际",
        "expected": "序时应达",
        "required": "目标",
        "ceiling": "上限",
        "window": "考核期界限",
        "unit": "单位：{unit}",
        "left": "剩余",
        "planned": "按序时应剩余",
        "left_all": "尚未达标（项次）",
        "planned_all": "尚未到期（项次）",
        "events_total": "共{number}件次，{days}天有活动",
        "met_windows": "{met}/{all}期达标",
        "met_members": "{met}/{all}个对象达标",
        "workday": "无活动",
        "weekend": "周末无活动",
        "a_day": "{number}件次",
        "some": "第{first}至{last}个组织，共{total}个，按完成率由低到高",
    },
    "en": {
        "progress": "{title}: progress against schedule",
        "cumulative": "{name}: progress over time",
        "level": "{name}: readings over time",
        "heat": "{title}: lights by organisation",
        "calendar": "{title}: calendar of events",
        "burndown": "{name}: what is left",
        "burndown_all": "{title}: what is left",
        "until": "as of {day}",
        "actual": "actual",
        "expected": "expected by schedule",
        "required": "required",
        "ceiling": "limit",
        "window": "limit of a window",
        "unit": "unit: {unit}",
        "left": "left",
        "planned": "left by schedule",
        "left_all": "standings not met yet",
        "planned_all": "standings not due yet",
        "events_total": "events: {number}, days with events: {days}",
        "met_windows": "{met} of {all} windows met",
        "met_members": "{met} of {all} members met",
        "workday": "nothing",
        "weekend": "nothing, weekend",
        "a_day": "{number} a day",
        "some": "organisations {first} to {last} of {total}, lowest completion first",
    },
}
_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<", "exactly": "="}
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@attrs.frozen
class ChartWords:
    """What charts say in one language."""

    lang: Lang

    def say(self, key: str, **values: Any) -> str:
        """A fixed text, filled in."""
        return _WORDS[self.lang][key].format(**values)

    def status(self, status: str, target: Target) -> str:
        """The word of a target's status, as reports say it."""
        is_upper = target.bounds is not None and target.bounds.side == "upper"
        is_allowance = is_upper and target.measure_kind.is_additive
        return status_word(status, self.lang, is_allowance=is_allowance)

    def light(self, light: str) -> str:
        """The sign and the word of a light."""
        return f"{LIGHT_SIGNS[light]} {LIGHT_WORDS[self.lang][light]}"

    def day(self, day: dt.date) -> str:
        """A date with its year."""
        if self.lang == "zh":
            return f"{day.year}年{day.month}月{day.day}日"
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"

    def month(self, day: dt.date, *, year: bool = False) -> str:
        """A month, with its year where asked for."""
        name = f"{day.month}月" if self.lang == "zh" else _MONTHS[day.month - 1]
        if not year:
            return name
        return f"{day.year}年{name}" if self.lang == "zh" else f"{name} {day.year}"

    def amount(self, value: float, unit: str | None, *, limit: float | None = None) -> str:
        """A number with its unit, never rounded onto `limit`."""
        return self._telling.amount(value, unit, limit=limit)

    @property
    def _telling(self) -> Telling:
        return ChineseTelling() if self.lang == "zh" else EnglishTelling()

    def unit(self, target: Target) -> str | None:
        """In which unit a target is measured; None: a bare number, or a percentage."""
        if not target.unit or target.unit == "%":
            return None
        return self.say("unit", unit=target.unit)

    def goal(self, target: Target, required: float | None) -> str:
        """A goal as short as can be; empty where there is none."""
        if required is None or target.goal is None:
            return ""
        value, exact = target.value, self._telling.exact
        bare = "%" if target.unit == "%" else None  # a unit is said once, a percent sign always
        if isinstance(value, tuple):
            low, high = value
            return f"{exact(low, bare)}–{exact(high, target.unit)}"
        if target.goal == "about" and target.tolerance and isinstance(value, int | float):
            gap = self._telling.gap(float(target.tolerance), target.unit)
            return f"{exact(float(value), bare)}±{gap}"
        is_strict = target.goal == "more_than" and target.measure_kind.is_integer
        sign = "≥" if is_strict else _SIGNS.get(target.goal, "≈")
        return f"{sign}{exact(required, target.unit)}"

    @property
    def lights(self) -> tuple[str, ...]:
        """The lights in the order of legends."""
        return ("green", "yellow", "red", "grey")


def chart_words(assessment: Assessment, lang: str | None) -> ChartWords:
    """The words of a language; None: the plan's own. Raises `UsageError` for others."""
    own = checked_assessment(assessment).plan.lang
    chosen: Any = own if lang is None else lang
    if not isinstance(chosen, str) or chosen not in ("zh", "en"):
        raise UsageError(f"lang: got {chosen!r}; expected 'zh' or 'en'")
    return ChartWords("zh" if chosen == "zh" else "en")
