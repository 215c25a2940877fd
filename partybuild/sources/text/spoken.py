"""A target as a sentence of the genre, and a sentence as a target.

`describe` and `target_from_text` are each other's inverse: what the prose alone
would not give back stands in a note after it, with the keys of the plan file.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from typing import Any, Literal

import attrs

from partybuild.errors import DraftError, Problem, UsageError
from partybuild.faults import made_from
from partybuild.measures import PLACEHOLDER
from partybuild.periods import CADENCE_WORDS, CADENCES
from partybuild.quantities import format_number
from partybuild.sources.drafts import dated, target_mapping
from partybuild.target import Target

_NOTE = "注："
_PER = {
    **{per: (CADENCE_WORDS["zh"][per], CADENCE_WORDS["en"][per]) for per in CADENCES},
    "FREQ=MONTHLY;INTERVAL=2": ("每两个月", "every two months"),
    "FREQ=MONTHLY;BYMONTHDAY=1,16": ("每半个月", "every half-month"),
    "FREQ=WEEKLY;INTERVAL=2": ("每两周", "every two weeks"),
}
_SIGNS = {
    "at_least": ("不少于{}", "at least {}"),
    "more_than": ("超过{}", "more than {}"),
    "at_most": ("不超过{}", "at most {}"),
    "less_than": ("少于{}", "less than {}"),
    "exactly": ("等于{}", "exactly {}"),
    "about": ("{}左右", "about {}"),
    "between": ("{}", "between {}"),
}
#: Wide enough for any deadline, when a sentence names one.
_FIRST, _LAST = dt.date(1, 1, 1), dt.date(9999, 12, 31)


def describe(target: Target, lang: Literal["zh", "en"] = "zh") -> str:
    """Say a target as one sentence, the way a report would.

    The Chinese sentence can be read back with `target_from_text`; what its prose
    does not carry follows in a note with the keys of the plan file. English is for
    reading only.

    >>> meeting = Target(id="m", name="召开工作推进会", measure="count", kind="召开工作推进会",
    ...                  at_least=1, per="quarter", unit="次")
    >>> describe(meeting)
    '每季度召开工作推进会不少于1次。'
    >>> describe(meeting, "en")
    'Every quarter: 召开工作推进会, at least 1 次.'
    """
    if not isinstance(target, Target):
        kind = type(target).__name__
        hint = ": describe each target of plan.commitments" if kind == "Plan" else ""
        raise UsageError(f"target is {kind}, expected a Target{hint}")
    if lang not in ("zh", "en"):
        raise UsageError(f"lang is {lang!r}, expected 'zh' or 'en'")
    if lang == "en":
        return _english(target)
    prose = _chinese(target)
    wanted, read = _keys(target), _read(prose, None)
    note = {key: value for key, value in wanted.items() if read.get(key) != value}
    note |= dict.fromkeys(key for key in read if key not in wanted)
    return prose + _NOTE + json.dumps(note, ensure_ascii=False) if note else prose


def target_from_text(text: str, *, year: int | None = None, **overrides: Any) -> Target:
    """Read one target out of a sentence such as ``每季度召开工作推进会不少于1次``.

    `year` is for dates without one. `overrides` are parameters of `Target` that
    replace what was read; without `id` the target is called by its name.

    Raises
    ------
    DraftError
        When the text holds no target, or more than one.
    PlanError
        When an override makes no target.

    >>> target_from_text("每季度召开工作推进会不少于1次", id="promotion-meeting")
    Target('promotion-meeting', count of 召开工作推进会 at_least 1 次 per quarter)
    """
    if not isinstance(text, str):
        raise UsageError(f"text is {type(text).__name__}, expected a sentence")
    prose, note = _split(text)
    given = {**note, **overrides}
    found = _read(prose, year)
    if not found and not {"measure", "kind"} <= set(given):
        raise DraftError([_unread(prose, year)])
    mapping = {**found, **given}
    mapping = {key: value for key, value in mapping.items() if value is not None}
    mapping.setdefault("id", mapping.get("name") or "target")
    target: Target = made_from(Target, mapping)
    return target


def _split(text: str) -> tuple[str, dict[str, Any]]:
    prose, mark, note = text.partition(_NOTE + "{")
    if not mark:
        return text, {}
    try:
        keys = json.loads("{" + note.strip())
    except ValueError as error:
        problem = Problem(
            code="bad-note",
            message="the note after the sentence is not a table of keys",
            read="{" + note[:60],
            expected='such as 注：{"share": 0.9}',
        )
        raise DraftError([problem]) from error
    return prose, keys


def _proposals(prose: str, year: int | None) -> tuple[Any, ...]:
    from partybuild.sources.text.reader import read_text

    return read_text(prose + "\n", year=year, scope="all").targets


def _read(prose: str, year: int | None) -> dict[str, Any]:
    """Return the keys of the one target in the prose; empty when there is not exactly one."""
    targets = _proposals(prose, year)
    if len(targets) != 1:
        return {}
    (target,) = targets
    if year is None and any(isinstance(day, str) for day in (target.first, target.deadline)):
        target = attrs.evolve(target, first=None, deadline=None)
    first = dated(target.first, year or 1)
    mapping = target_mapping(target, _FIRST, _LAST)
    if first is not None:
        mapping["start"] = first
    del mapping["id"]
    if mapping["measure"] == "mean":
        mapping.pop("each", None)
    return {key: _plain(value) for key, value in mapping.items()}


def _unread(prose: str, year: int | None) -> Problem:
    targets = _proposals(prose, year)
    names = "、".join(target.name for target in targets)
    return Problem(
        code="several-targets" if targets else "no-target",
        message=f"{len(targets)} targets in one sentence: {names}" if targets else "no target",
        read=prose[:80],
        expected="one promise with a number, such as 每季度召开推进会不少于1次",
        hint="read_text proposes all of them" if targets else None,
    )


def _keys(target: Target) -> dict[str, Any]:
    """Return the parameters that differ from their defaults, with the keys of the file."""
    found: dict[str, Any] = {}
    for field in attrs.fields(Target):
        value = getattr(target, field.name)
        default: Any = field.default
        if hasattr(default, "factory"):
            default = default.factory()
        if field.name in ("id", "origin") or value == default:
            continue
        found[field.name] = _plain(value)
    return found


def _plain(value: Any) -> Any:
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        values = [_plain(one) for one in value]
        return values[0] if len(values) == 1 and isinstance(values[0], str) else values
    if attrs.has(type(value)):
        table = {}
        for field in attrs.fields(type(value)):
            one = getattr(value, field.name)
            if one is not None and one != {} and one is not False:
                table[field.name.rstrip("_")] = _plain(one)
        return table
    return value


# -- prose -------------------------------------------------------------------------------------


def _chinese(target: Target) -> str:
    name = target.label
    when = _when(target)
    each = f"每个{target.each}" if target.each else ""
    if target.measure == "milestone":
        return f"{when}{each}{name}。"
    per = _PER.get(_per_key(target), ("", ""))[0]
    return f"{when}{per}{each}{name}{_goal_zh(target)}。"


def _when(target: Target) -> str:
    end = target.deadline or target.end
    if target.start is not None and end is not None:
        return f"{_date_zh(target.start)}至{_date_zh(end)}"
    return f"{_date_zh(end)}前" if end is not None else ""


def _date_zh(day: dt.date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _per_key(target: Target) -> str:
    per = target.per
    return per["rrule"] if isinstance(per, Mapping) else per or ""


def _goal_zh(target: Target) -> str:
    goal, value = target.goal, target.value
    if goal is None:
        return ""
    if target.measure == "growth" and not isinstance(value, tuple | str) and value is not None:
        return _change_zh(target, goal, float(value))
    if target.measure == "count" and goal == "at_most" and value == 0 and target.unit is None:
        return "" if target.label.endswith("零发生") else "零发生"
    return _sign(goal, target.unit).format(_number(target))


def _sign(goal: str, unit: str | None) -> str:
    """The comparator: one is fewer in number (少于), but lower in rate (低于)."""
    sign = _SIGNS[goal][0]
    return sign.replace("少于", "低于") if unit in ("%", "‰") else sign


def _change_zh(target: Target, goal: str, value: float) -> str:
    """Say a rate of change: a fall is a positive number after 下降, turned round once."""
    if value >= 0:
        verb = "" if target.label.endswith(("增长", "提高", "上升", "涨幅", "增速")) else "增长"
        return verb + _sign(goal, target.unit).format(format_number(value, unit=target.unit))
    verb = "" if target.label.endswith(("下降", "降低", "减少", "降幅")) else "下降"
    flipped = {
        "at_least": "at_most",
        "at_most": "at_least",
        "more_than": "less_than",
        "less_than": "more_than",
    }.get(goal, goal)
    return verb + _sign(flipped, target.unit).format(format_number(-value, unit=target.unit))


def _number(target: Target) -> str:
    value, unit = target.value, target.unit
    if value == PLACEHOLDER:
        return f"X{unit or ''}"
    if isinstance(value, tuple):
        low, high = (format_number(one, unit="%" if unit == "%" else None) for one in value)
        return f"{low}至{high}" + ("" if unit in (None, "%") else str(unit))
    assert isinstance(value, int | float)
    return format_number(value, unit=unit)


def _english(target: Target) -> str:
    per = _PER.get(_per_key(target), ("", _per_key(target)))[1]
    end = target.deadline or target.end
    parts = [per[:1].upper() + per[1:]] if per else []
    parts += [f"from {target.start}"] if target.start else []
    parts += [f"by {end}"] if end else []
    head = ", ".join(parts)
    body = target.label
    if target.measure == "milestone":
        body += ", done"
    elif target.goal is not None:
        body += ", " + _goal_en(target)
    else:
        body += ", measured without a goal"
    tail = f", for each of {target.each}" if target.each else ""
    return f"{head}: {body}{tail}." if head else f"{body}{tail}."


def _goal_en(target: Target) -> str:
    assert target.goal is not None
    value, unit = target.value, target.unit
    if value == PLACEHOLDER:
        said = f"X {unit or ''}".strip()
    elif isinstance(value, tuple):
        low, high = (format_number(one, unit=unit, lang="en") for one in value)
        said = f"{low} and {high}"
    else:
        assert isinstance(value, int | float)
        said = format_number(value, unit=unit, lang="en")
    return _SIGNS[target.goal][1].format(said)
