"""An assessment as a notebook shows it: one table with lights and bars, as in the reports.

The fragment is complete in itself: styles are inline, nothing is fetched, every name
is escaped. Each light has a sign of its own beside its colour.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from html import escape
from typing import Any

from partybuild.assessment.specs import TargetFigures, TargetSpec, plan_specs
from partybuild.assessment.telling import NONE, Telling
from partybuild.assessment.telling_en import EnglishTelling
from partybuild.assessment.telling_zh import ChineseTelling
from partybuild.assessment.words import LIGHT_SIGNS, SHOWN_WORDS, USED_FAST

#: Rows shown before the rest is only counted.
MOST_ROWS = 200

_WORDS = {
    "zh": {
        "untitled": "计划“{}”",
        "as_of": "截至{}",
        "known_at": "按{}前登记的记录",
        "heads": "指标 组织 应完成 实际 完成率 状态 缺口",
        "counts": "{}个指标",
        "places": "{}个组织",
        "completion": "综合完成率{}",
        "more": "另有{}行，见 assessment.targets",
    },
    "en": {
        "untitled": "Plan {}",
        "as_of": "as of {}",
        "known_at": "by records until {}",
        "heads": "Target Organisation Required Actual Completion Status Shortfall",
        "counts": "{} targets",
        "places": "{} organisations",
        "completion": "completion {}",
        "more": "{} more rows in assessment.targets",
    },
}
_TELLINGS: dict[str, Telling] = {"zh": ChineseTelling(), "en": EnglishTelling()}
_COUNTS = ("windows", "windows_due", "windows_met", "windows_missed", "members", "members_met")
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
    "told": f"{_CELL}text-align:left;overflow-wrap:anywhere;{_LINE}.2)",
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
    lang, plan = assessment.plan.lang, assessment.plan
    words = _WORDS[lang]
    specs = plan_specs(plan, assessment.as_of)
    targets = assessment.targets
    figures = list(_figures(assessment, targets.head(MOST_ROWS), specs))
    parts = [
        _tag("div", "title", _text(plan.title or words["untitled"].format(plan.id))),
        _tag("div", "muted", _subtitle(assessment, words, _TELLINGS[lang])),
        _tag("div", "chips", "".join(_chips(targets, specs, lang))),
    ]
    if figures:
        rows = "\n".join(_rows(assessment, figures))
        parts.append(_tag("div", "scroll", _tag("table", "table", f"\n{rows}\n")))
    if len(targets) > MOST_ROWS:
        more = words["more"].format(len(targets) - MOST_ROWS)
        parts.append(_tag("div", "muted", escape(more)))
    return _tag("div", "box", "\n".join(parts))


def _figures(assessment: Any, rows: Any, specs: Sequence[TargetSpec]) -> Iterator[TargetFigures]:
    """The first rows of the frame `targets` as reports show them."""
    names = ["status", "light", "required", "actual", "completion", "shortfall", *_COUNTS]
    places = max(1, len(assessment.organisations))
    columns = [_known(rows[name]) for name in names]
    for row, values in enumerate(zip(*columns, strict=True)):
        spec = specs[row // places]
        told = dict(zip(names, values, strict=True))
        yield TargetFigures(spec=spec, is_over=assessment.as_of >= spec.due, **told)


def _known(column: Any) -> list[Any]:
    """A column as plain values, None where something is missing."""
    is_known = column.notna().to_numpy()
    return [one if ok else None for one, ok in zip(column.tolist(), is_known, strict=True)]


def _tag(name: str, style: str, content: str, *, more: str = "") -> str:
    return f'<{name} style="{_STYLES[style]}{more}">{content}</{name}>'


def _text(text: object) -> str:
    """Escaped text on one line, without control characters and direction overrides."""
    return escape(_UNSEEN.sub("", str(text)).strip())


def _subtitle(assessment: Any, words: dict[str, str], telling: Telling) -> str:
    parts = [words["as_of"].format(assessment.as_of)]
    if assessment.known_at is not None:
        parts.append(words["known_at"].format(assessment.known_at))
    parts.append(words["counts"].format(len(assessment.plan.targets)))
    if assessment.organisations:
        parts.append(words["places"].format(len(assessment.organisations)))
    completion = assessment.summary["completion"]
    if len(completion) == 1 and completion.notna().iloc[0]:
        parts.append(words["completion"].format(telling.percent(completion.iloc[0])))
    return " · ".join(parts)


def _chips(targets: Any, specs: Sequence[TargetSpec], lang: str) -> Iterator[str]:
    """How many targets show each status, the worst first."""
    order = list(SHOWN_WORDS[lang])
    places = len(targets) // max(1, len(specs))
    pairs = zip(targets["status"].tolist(), targets["light"].tolist(), strict=True)
    counts: Counter[tuple[int, str]] = Counter()
    for row, (status, light) in enumerate(pairs):
        is_fast = status == "behind" and specs[row // places].is_allowance
        counts[order.index(USED_FAST if is_fast else status), light] += 1
    for (at, light), number in sorted(counts.items()):
        word = SHOWN_WORDS[lang][order[at]]
        yield _tag("span", "chip", f"{_lamp(light)} {word} {number}")


def _lamp(light: str) -> str:
    return f'<span style="color:{_COLOURS[light]}">{LIGHT_SIGNS[light]}</span>'


def _rows(assessment: Any, figures: Sequence[TargetFigures]) -> Iterator[str]:
    lang, places = assessment.plan.lang, assessment.organisations
    heads = _WORDS[lang]["heads"].split()
    numbers = {6}
    yield (
        "<tr>"
        + "".join(
            _tag("th", "headfigure" if at in numbers else "head", head)
            for at, head in enumerate(heads)
            if places or at != 1
        )
        + "</tr>"
    )
    for row, one in enumerate(figures):
        yield _row(one, places[row % len(places)] if places else None, _TELLINGS[lang])


def _row(one: TargetFigures, place: str | None, telling: Telling) -> str:
    lamp = f"{_lamp(one.light)} {telling.status(one.shown_status)}"
    cells = [_tag("td", "name", _text(one.spec.name))]
    if place is not None:
        cells.append(_tag("td", "cell", _text(place)))
    cells += [
        _tag("td", "told", _text(telling.required_cell(one))),
        _tag("td", "told", _text(telling.actual_cell(one))),
        _tag("td", "cell", _bar(one, telling)),
        _tag("td", "cell", lamp),
        _tag("td", "figure", _text(telling.shortfall_cell(one))),
    ]
    return f"<tr>{''.join(cells)}</tr>"


def _bar(one: TargetFigures, telling: Telling) -> str:
    if one.completion is None or not one.is_due:
        return NONE
    width = max(0.0, min(1.0, one.completion)) * 100
    fill = (
        f'<span style="display:block;height:100%;width:{width:.1f}%;'
        f'background:{_COLOURS[one.light]}"></span>'
    )
    return _tag("span", "track", fill) + _tag("span", "percent", telling.percent(one.completion))
