"""The words of calendars and digests; figures and dates are written as in reports."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from partybuild.report.lang import Wording, wording

_WORDS: Mapping[str, Mapping[str, str]] = {
    "zh": {
        "left": "还差{gap}",
        "to_do": "须完成{amount}",
        "to_reach": "须达到{goal}",
        "to_finish": "须办结",
        "to_report": "须报送（零报告）",
        "no_data": "尚无数据，须报送",
        "to_measure": "须有记录",
        "summary": "{name}{window}：{what}",
        "window": "（{window}）",
        "members": "{number}未完成：{names}",
        "more_members": "等",
        "commitment": "承诺：{text}",
        "asked": "要求：{asked}",
        "actual": "目前：{actual}",
        "status": "状态：{status}",
        "owner": "责任单位：{owner}",
        "organisation": "组织：{name}",
        "alarm": "{day}到期：{summary}",
        "above": "须压降{gap}",
        "makeup": "（补齐）",
        "overdue_yet": "（已逾期）",
        "by_day": "{day}前{text}",
        "several": "（{first}至{last}，共{number}期）",
        "each_of": "{name}{windows}：各{what}",
        "digest": "{title}一周动态（{start}至{end}）",
        "completion": "综合完成率{now}",
        "was": "（上期{before}）",
        "lights": "绿灯{green}个，黄灯{yellow}个，红灯{red}个，灰灯{grey}个",
        "fresh": "新进展",
        "done": "新完成",
        "overdue": "未完成和逾期",
        "behind": "进度预警",
        "next": "{day}前到期",
        "grown": "{name}：本期新增{more}，累计{now}（要求{asked}）",
        "moved": "{name}：{now}，此前{before}（要求{asked}）",
        "first": "{name}：{now}（要求{asked}）",
        "met": "{name}{window}：{status}",
        "members_met": "{name}{window}：新增{number}达标",
        "is_new": "【新】",
        "none": "无。",
        "rest": "另有{number}条。",
        "item": "{number}. {text}",
        "head": "【{text}】",
        "place": "{place}：{text}",
    },
    "en": {
        "left": "{gap} short",
        "to_do": "{amount} to do",
        "to_reach": "to reach: {goal}",
        "to_finish": "to be done",
        "to_report": "nil return to be sent",
        "no_data": "no data yet",
        "to_measure": "to be recorded",
        "summary": "{name}{window}: {what}",
        "window": " ({window})",
        "members": "{number} still to do: {names}",
        "more_members": " ...",
        "commitment": "Commitment: {text}",
        "asked": "Required: {asked}",
        "actual": "So far: {actual}",
        "status": "Status: {status}",
        "owner": "Owner: {owner}",
        "organisation": "Organisation: {name}",
        "alarm": "Due {day}: {summary}",
        "above": "{gap} too high",
        "makeup": ", to be made up",
        "overdue_yet": " (overdue)",
        "by_day": "by {day}: {text}",
        "several": " ({first} to {last}, {number} windows)",
        "each_of": "{name}{windows}: {what} in each",
        "digest": "{title}: digest of {start} to {end}",
        "completion": "Completion {now}",
        "was": " (before: {before})",
        "lights": "{green} green, {yellow} yellow, {red} red, {grey} grey",
        "fresh": "New",
        "done": "Done",
        "overdue": "Missed and overdue",
        "behind": "Off pace",
        "next": "Due by {day}",
        "grown": "{name}: {more} more, now {now} (required: {asked})",
        "moved": "{name}: {now}, before {before} (required: {asked})",
        "first": "{name}: {now} (required: {asked})",
        "met": "{name}{window}: {status}",
        "members_met": "{name}{window}: {number} more met",
        "is_new": "[new] ",
        "none": "Nothing.",
        "rest": "And {number} more.",
        "item": "{number}. {text}",
        "head": "{text}",
        "place": "{place}: {text}",
    },
}


@attrs.frozen
class ReminderWords:
    """What reminders say in one language; `report` writes figures, dates and windows."""

    report: Wording

    def say(self, key: str, **values: Any) -> str:
        """A fixed text, filled in."""
        return _WORDS[self.report.lang][key].format(**values)


def reminder_words(lang: str | None) -> ReminderWords:
    """The words of a language. Raises `UsageError` for one that there are no words for."""
    return ReminderWords(wording(lang))
