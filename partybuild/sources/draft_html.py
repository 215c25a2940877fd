"""How a draft shows itself in a notebook: the text coloured, the table beside it."""

from __future__ import annotations

import html
from typing import TYPE_CHECKING

from partybuild.quantities import format_number

if TYPE_CHECKING:
    from partybuild.sources.drafts import Draft, ProposedCommitment
    from partybuild.sources.text.proposal import ProposedTarget

_COLOURS = {
    "number": "#ffd8a8",
    "comparator": "#a5d8ff",
    "change": "#a5d8ff",
    "cadence": "#b2f2bb",
    "window": "#b2f2bb",
    "deadline": "#d8f5a2",
    "each": "#d0bfff",
    "strength": "#ffc9c9",
    "verb": "#ffe8cc",
    "words": "#ffd8a8",
}
_GOALS = {
    "at_least": "≥",
    "more_than": "＞",
    "at_most": "≤",
    "less_than": "＜",
    "exactly": "＝",
    "about": "≈",
    "between": "",
}
#: Sentences shown at most; a draft of a book must not freeze the notebook.
_MOST = 300


def draft_html(draft: Draft) -> str:
    """Return the draft as HTML: each sentence with its words coloured, its targets beside it."""
    head = "".join(
        f"<th style='text-align:left'>{word}</th>"
        for word in ("原文", "指标", "目标", "周期", "对象", "期限", "可信度")
    )
    rows = "".join(_rows(draft, one) for one in draft.commitments[:_MOST])
    more = len(draft.commitments) - _MOST
    rest = f"<p>… {more} more sentences</p>" if more > 0 else ""
    legend = " ".join(
        f"<span style='background:{_COLOURS[role]}'>{role}</span>"
        for role in ("number", "comparator", "cadence", "deadline", "each", "strength")
    )
    return (
        f"<p>{html.escape(repr(draft))}</p><p>{legend}</p>"
        f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{rest}"
    )


def _rows(draft: Draft, commitment: ProposedCommitment) -> str:
    text = _coloured(draft, commitment)
    height = max(1, len(commitment.targets))
    first = f"<td rowspan='{height}' style='text-align:left'>{text}</td>"
    if not commitment.targets:
        return f"<tr>{first}<td colspan='6' style='color:#868e96'>—</td></tr>"
    rows = [_cells(target) for target in commitment.targets]
    return f"<tr>{first}{rows[0]}</tr>" + "".join(f"<tr>{row}</tr>" for row in rows[1:])


def _coloured(draft: Draft, commitment: ProposedCommitment) -> str:
    spans = sorted(
        {(cue.start, cue.end, cue.role) for target in commitment.targets for cue in target.cues}
    )
    parts = []
    place = commitment.start
    for start, end, role in spans:
        if start < place:
            continue
        parts.append(html.escape(draft.text[place:start]))
        words = html.escape(draft.text[start:end])
        colour = _COLOURS.get(role, "#eeeeee")
        parts.append(f"<span style='background:{colour}' title='{role}'>{words}</span>")
        place = end
    parts.append(html.escape(draft.text[place : commitment.end]))
    return "".join(parts).replace("\t", " ｜ ")


def _cells(target: ProposedTarget) -> str:
    per = target.per["rrule"] if isinstance(target.per, dict) else target.per
    cells = (
        target.name,
        _goal(target),
        per or "",
        target.each or "",
        str(target.deadline or ""),
        f"{target.confidence:.2f}",
    )
    return "".join(f"<td style='text-align:left'>{html.escape(cell)}</td>" for cell in cells)


def _goal(target: ProposedTarget) -> str:
    if target.measure == "milestone":
        return "完成"
    sign = _GOALS.get(target.goal or "", "")
    value, unit = target.value, target.unit
    if value is None:
        return f"{sign} {target.benchmark or target.placeholder or '?'} {unit or ''}"
    if isinstance(value, tuple):
        low, high = (format_number(one, unit=unit) for one in value)
        return f"{low}–{high}"
    return f"{sign} {format_number(value, unit=unit)}"
