"""A plan as people read it in a notebook: sections, sentences, and the targets under them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from partybuild.goals import Goals
from partybuild.periods import CADENCE_WORDS
from partybuild.target import Target

_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<", "exactly": "="}

_WORDS: dict[str, dict[str, str]] = {
    "zh": {
        "heads": "指标 计量 目标 考核期 范围",
        "about": "{} 左右（±{}）",
        "between": "{} 至 {}",
        "masked": "未定",
        "waived": "免除",
        "revised": "{} 起：{}",
        "milestone": "完成",
        "by": "{} 前",
        "each": "每个 {}",
        "share": "达标面 ≥ {}",
        "require": "，至少 {} 个",
        "qualitative": "定性事项，不设指标",
        "owner": "责任：{}",
        "counts": "{} 项承诺，{} 个指标",
        "span": "{} 至 {}",
        "once": "全程",
        "makeup": "，可补齐",
        "from": "{start} 起",
        "to": "至 {end}",
        "fromto": "{start} 至 {end}",
        "baseline": "基数 {}",
        "previous": "上一考核期",
        "joint": "整体",
        **CADENCE_WORDS["zh"],
        "count": "次数",
        "total": "数量合计",
        "distinct": "不同对象数",
        "days": "天数",
        "latest": "最新值",
        "mean": "平均值",
        "max": "最大值",
        "min": "最小值",
        "ratio": "比率",
        "growth": "增幅",
    },
    "en": {
        "heads": "Target Measure Goal Windows Scope",
        "about": "about {} (±{})",
        "between": "{} to {}",
        "masked": "not stated",
        "waived": "waived",
        "revised": "from {}: {}",
        "milestone": "done",
        "by": "by {}",
        "each": "each of {}",
        "share": "share ≥ {}",
        "require": ", at least {} of them",
        "qualitative": "qualitative, no targets",
        "owner": "owner: {}",
        "counts": "{} commitments, {} targets",
        "span": "{} to {}",
        "once": "whole span",
        "makeup": ", may be made up",
        "from": "from {start}",
        "to": "to {end}",
        "fromto": "{start} to {end}",
        "baseline": "baseline {}",
        "previous": "the window before",
        "joint": "as a whole",
        **CADENCE_WORDS["en"],
        "count": "number",
        "total": "total",
        "distinct": "different subjects",
        "days": "days",
        "latest": "latest",
        "mean": "mean",
        "max": "maximum",
        "min": "minimum",
        "ratio": "ratio",
        "growth": "growth",
    },
}

_FONT = "-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_CELL = "text-align:left;vertical-align:top;background:transparent;overflow-wrap:anywhere;"
_LINE = "border-bottom:1px solid rgba(128,128,128,"
# Greys are the page's own text colour let through, so that dark notebooks read as well.
_STYLES = {
    "box": f"font-family:{_FONT};font-size:14px;line-height:1.6;max-width:66em;text-align:left",
    "title": "font-size:1.35em;font-weight:600",
    "muted": "opacity:.65;font-size:.92em",
    "table": "border-collapse:collapse;table-layout:fixed;width:100%;margin:.6em 0;font-size:1em",
    "head": f"{_CELL}font-weight:600;padding:.25em .7em;opacity:.75;{_LINE}.6)",
    "section": f"{_CELL}font-size:1.08em;font-weight:600;padding:1.1em 0 .2em",
    "bar": "display:block;padding-left:.5em;border-left:4px solid #c0392b",
    "sentence": f"{_CELL}padding:.6em .7em .25em",
    "number": "font-variant-numeric:tabular-nums;opacity:.65;margin-right:.6em",
    "first": f"{_CELL}padding:.25em .7em .25em 2.2em;{_LINE}.22)",
    "cell": f"{_CELL}padding:.25em .7em;{_LINE}.22)",
}
_WIDTHS = ("25%", "22%", "19%", "21%", "13%")
#: Control characters, and halves of surrogate pairs.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def plan_page(plan: Any) -> str:
    """Write a `Plan` as one HTML fragment; styles are inline and nothing is fetched."""
    words = _WORDS[plan.lang]
    span = words["span"].format(plan.start, plan.end)
    counts = words["counts"].format(len(plan.commitments), len(plan.targets))
    rows = "\n".join(_rows(plan.commitments, words))
    parts = [
        _tag("div", "title", _lines(plan.title or plan.id)),
        _tag("div", "muted", f"{span} · {counts}"),
        _tag("table", "table", f"\n{rows}\n") if rows else "",
    ]
    return _tag("div", "box", "\n".join(parts))


def escape(text: str) -> str:
    """Write text as text; what no page can hold is shown as what is not there."""
    return html.escape(_UNWRITABLE.sub("\ufffd", text))


def _tag(name: str, style: str, content: str, *, more: str = "") -> str:
    return f'<{name} style="{_STYLES[style]}"{more}>{content}</{name}>'


def _lines(text: str) -> str:
    return "<br>".join(escape(line) for line in text.strip().splitlines())


def _rows(commitments: Iterable[Any], words: dict[str, str]) -> Iterator[str]:
    heads = zip(words["heads"].split(), _WIDTHS, strict=True)
    cells = [_tag("th", "head", head, more=f' width="{width}"') for head, width in heads]
    is_measured = any(commitment.targets for commitment in commitments)
    yield f"<tr>{''.join(cells)}</tr>" if is_measured else ""
    for section, group in groupby(commitments, key=lambda one: one.section):
        if section:
            yield _wide("section", _tag("span", "bar", _lines(section)))
        for commitment in group:
            yield _wide("sentence", _sentence(commitment, words))
            for target in commitment.targets:
                yield _row(target, words)


def _wide(style: str, content: str) -> str:
    cell = _tag("td", style, content, more=' colspan="5"')
    return f"<tr>{cell}</tr>"


def _sentence(commitment: Any, words: dict[str, str]) -> str:
    number = _tag("span", "number", escape(commitment.id))
    remarks = [words["owner"].format(escape(commitment.owner))] if commitment.owner else []
    remarks += [] if commitment.targets else [words["qualitative"]]
    remark = _tag("span", "muted", f" {' · '.join(remarks)}") if remarks else ""
    return f"{number}{_lines(commitment.text)}{remark}"


def _row(target: Target, words: dict[str, str]) -> str:
    cells = [
        _measured(target, words),
        _asked(target, words),
        _windows(target, words),
        _scope(target, words),
    ]
    first = _tag("td", "first", _lines(target.label))
    return f"<tr>{first}{''.join(_tag('td', 'cell', cell) for cell in cells)}</tr>"


def _measured(target: Target, words: dict[str, str]) -> str:
    kinds = escape("、".join(target.kinds))
    text = kinds if target.measure == "milestone" else f"{words[target.measure]} · {kinds}"
    if target.baseline is None:
        return text
    is_previous = target.baseline == "previous"
    unit = None if target.measure == "growth" else target.unit
    base = words["previous"] if is_previous else _figure(target.baseline, unit)
    return f"{text}<br>{_tag('span', 'muted', words['baseline'].format(base))}"


def _asked(target: Target, words: dict[str, str]) -> str:
    lines = [_goal(target, target=target, words=words)]
    for one in target.revisions:
        asked = words["waived"] if one.waived else _goal(one, target=target, words=words)
        lines.append(_tag("span", "muted", words["revised"].format(one.from_, asked)))
    for point in target.schedule:
        due = f"{words['by'].format(point.by)} {point.share * 100:.10g}%"
        lines.append(_tag("span", "muted", due))
    return "<br>".join(lines)


def _goal(goals: Goals, *, target: Target, words: dict[str, str]) -> str:
    if target.measure == "milestone":
        return words["milestone"]
    if not goals.is_quantified:
        return words["masked"]
    value, unit = goals.value, target.unit
    if isinstance(value, tuple):
        return words["between"].format(*(_figure(one, unit) for one in value))
    figure = _figure(value, unit)
    if goals.goal == "about":
        tolerance = target.tolerance if goals.tolerance is None else goals.tolerance
        return words["about"].format(figure, _figure(tolerance, unit))
    return f"{escape(_SIGNS[goals.goal or ''])} {figure}"


def _figure(value: Any, unit: str | None) -> str:
    if unit == "%":
        return f"{value * 100:.10g}%"
    number = f"{value:,}" if isinstance(value, int) or value < 1e15 else f"{value:g}"
    return f"{number.removesuffix('.0')} {escape(unit or '')}".strip()


def _windows(target: Target, words: dict[str, str]) -> str:
    cadence = target.cadence
    text = words[cadence.per] if cadence.per else _rule(cadence.rule) or words["once"]
    if target.require is not None:
        text += words["require"].format(target.require)
    if target.deadline is not None:
        day = words["by"].format(target.deadline)
        text = day if text == words["once"] else f"{text}<br>{day}"
    if target.makeup:
        text += words["makeup"]
    key = f"{'from' if target.start else ''}{'to' if target.end else ''}"
    if key:
        days = words[key].format(start=target.start, end=target.end)
        text += "<br>" + _tag("span", "muted", days)
    return text


def _rule(rule: str | None) -> str:
    return escape(rule or "").replace(";", ";<wbr>")


def _scope(target: Target, words: dict[str, str]) -> str:
    if target.each is None:
        return words["joint"]
    text = words["each"].format(escape(target.each))
    if target.share == 1:
        return text
    share = words["share"].format(f"{target.share * 100:.10g}%")
    return f"{text}<br>{_tag('span', 'muted', share)}"
