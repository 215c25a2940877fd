"""An assessment as a notebook shows it: one table with lights and bars, made from the frames.

The fragment is complete in itself: styles are inline, nothing is fetched, every name
is escaped. Each light has a sign of its own beside its colour.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any

from partybuild.assessment.words import LIGHT_SIGNS, STATUS_WORDS
from partybuild.quantities import format_number

#: Rows shown before the rest is only counted.
MOST_ROWS = 200

_WORDS = {
    "zh": {
        "as_of": "截至 {}",
        "known_at": "按 {} 前登记的记录",
        "heads": "指标 组织 应完成 实际 完成率 状态 缺口",
        "counts": "{} 个指标",
        "places": "{} 个组织",
        "completion": "综合完成率 {}",
        "more": "另有 {} 行，见 assessment.targets",
        "points": "{}个百分点",
    },
    "en": {
        "as_of": "as of {}",
        "known_at": "by records until {}",
        "heads": "Target Organisation Required Actual Completion Status Shortfall",
        "counts": "{} targets",
        "places": "{} organisations",
        "completion": "completion {}",
        "more": "{} more rows in assessment.targets",
        "points": "{} points",
    },
}
_SIGNS = {
    "at_least": "≥",
    "more_than": "≥",
    "at_most": "≤",
    "less_than": "≤",
    "about": "≥",
    "between": "≥",
    "exactly": "=",
}
# Chosen apart in lightness as well as in hue, and readable on white and on black.
_COLOURS = {"red": "#c8371f", "yellow": "#b8860b", "green": "#1f8a70", "grey": "#8a8f94"}
_FONT = "-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei','Noto Sans CJK SC',sans-serif"
_LINE = "border-bottom:1px solid rgba(128,128,128,"
_CELL = "padding:.28em .7em;background:transparent;vertical-align:middle;"
_STYLES = {
    "box": f"font-family:{_FONT};font-size:14px;line-height:1.5;max-width:72em;text-align:left",
    "title": "font-size:1.3em;font-weight:600",
    "muted": "opacity:.7;font-size:.92em",
    "chips": "margin:.5em 0",
    "chip": "display:inline-block;margin-right:1em;white-space:nowrap",
    "scroll": "overflow-x:auto",
    "table": "color:inherit;border-collapse:collapse;font-size:1em;margin:.3em 0",
    "head": f"{_CELL}text-align:left;font-weight:600;opacity:.75;{_LINE}.6)",
    "headfigure": f"{_CELL}text-align:right;font-weight:600;opacity:.75;{_LINE}.6)",
    "name": f"{_CELL}text-align:left;overflow-wrap:anywhere;min-width:9em;{_LINE}.2)",
    "cell": f"{_CELL}text-align:left;white-space:nowrap;{_LINE}.2)",
    "figure": f"{_CELL}text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums;"
    f"{_LINE}.2)",
    "track": "display:inline-block;width:6em;height:.7em;margin-right:.6em;border-radius:.35em;"
    "background:rgba(128,128,128,.22);overflow:hidden;vertical-align:middle",
    "percent": "display:inline-block;min-width:4em;text-align:right;"
    "font-variant-numeric:tabular-nums",
}
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def assessment_html(assessment: Any) -> str:
    """Write an `Assessment` as one HTML fragment for a notebook, in the plan's language."""
    lang = assessment.plan.lang
    words = _WORDS[lang]
    targets = assessment.targets
    parts = [
        _tag("div", "title", _text(assessment.plan.title or assessment.plan.id)),
        _tag("div", "muted", _subtitle(assessment, words, lang)),
        _tag("div", "chips", "".join(_chips(targets, lang))),
    ]
    if len(targets):
        rows = "\n".join(_rows(assessment, lang))
        parts.append(_tag("div", "scroll", _tag("table", "table", f"\n{rows}\n")))
    if len(targets) > MOST_ROWS:
        more = words["more"].format(len(targets) - MOST_ROWS)
        parts.append(_tag("div", "muted", escape(more)))
    return _tag("div", "box", "\n".join(parts))


def _tag(name: str, style: str, content: str, *, more: str = "") -> str:
    return f'<{name} style="{_STYLES[style]}{more}">{content}</{name}>'


def _text(text: object) -> str:
    """Escaped text on one line, without control characters and direction overrides."""
    return escape(_UNSEEN.sub("", str(text)).strip())


def _subtitle(assessment: Any, words: dict[str, str], lang: str) -> str:
    parts = [words["as_of"].format(assessment.as_of)]
    if assessment.known_at is not None:
        parts.append(words["known_at"].format(assessment.known_at))
    parts.append(words["counts"].format(len(assessment.plan.targets)))
    if assessment.organisations:
        parts.append(words["places"].format(len(assessment.organisations)))
    completion = assessment.summary["completion"]
    if len(completion) == 1 and completion.notna().iloc[0]:
        percent = _number(completion.iloc[0], "%", lang, limit=1)
        parts.append(words["completion"].format(percent))
    return " · ".join(parts)


def _chips(targets: Any, lang: str) -> Iterator[str]:
    pairs = targets.groupby(["light", "status"], observed=True, sort=False).size()
    counts = sorted(pairs.items(), key=lambda item: list(STATUS_WORDS[lang]).index(item[0][1]))
    for (light, status), number in counts:
        yield _tag("span", "chip", f"{_lamp(light)} {STATUS_WORDS[lang][status]} {number}")


def _lamp(light: str) -> str:
    return f'<span style="color:{_COLOURS[light]}">{LIGHT_SIGNS[light]}</span>'


def _rows(assessment: Any, lang: str) -> Iterator[str]:
    has_places = bool(assessment.organisations)
    heads = _WORDS[lang]["heads"].split()
    figures = {2, 3, 6}
    yield (
        "<tr>"
        + "".join(
            _tag("th", "headfigure" if at in figures else "head", head)
            for at, head in enumerate(heads)
            if has_places or at != 1
        )
        + "</tr>"
    )
    for row in assessment.targets.head(MOST_ROWS).itertuples(index=False):
        yield _row(row, lang, has_places=has_places)


def _row(row: Any, lang: str, *, has_places: bool) -> str:
    name = row.name if isinstance(row.name, str) else row.target
    unit = row.unit if isinstance(row.unit, str) else None
    lamp = f"{_lamp(row.light)} {STATUS_WORDS[lang][row.status]}"
    cells = [_tag("td", "name", _text(name))]
    if has_places:
        cells.append(_tag("td", "cell", _text(row.organisation)))
    cells += [
        _tag("td", "figure", _required(row, unit, lang)),
        _tag("td", "figure", _actual(row, unit, lang)),
        _tag("td", "cell", _bar(row, lang)),
        _tag("td", "cell", lamp),
        _tag("td", "figure", _shortfall(row, unit, lang)),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _number(value: float, unit: str | None, lang: Any, *, limit: float | None = None) -> str:
    return escape(format_number(value, unit=unit, lang=lang, limit=limit))


def _required(row: Any, unit: str | None, lang: str) -> str:
    if row.required != row.required or row.measure == "milestone":
        return "—"
    return f"{_SIGNS.get(row.goal, '')}{_number(row.required, unit, lang)}"


def _actual(row: Any, unit: str | None, lang: str) -> str:
    if row.actual != row.actual or row.measure == "milestone":
        return "—"
    limit = None if row.required != row.required else row.required
    return _number(row.actual, unit, lang, limit=limit)


def _shortfall(row: Any, unit: str | None, lang: str) -> str:
    if not row.shortfall > 0 or row.measure == "milestone":
        return "—"
    if unit == "%":
        return _WORDS[lang]["points"].format(_number(row.shortfall * 100, None, lang, limit=0))
    return _number(row.shortfall, unit, lang, limit=0)


def _bar(row: Any, lang: str) -> str:
    if row.completion != row.completion:
        return "—"
    width = max(0.0, min(1.0, row.completion)) * 100
    fill = (
        f'<span style="display:block;height:100%;width:{width:.1f}%;'
        f'background:{_COLOURS[row.light]}"></span>'
    )
    percent = _number(row.completion, "%", lang, limit=1)
    return _tag("span", "track", fill) + _tag("span", "percent", percent)
