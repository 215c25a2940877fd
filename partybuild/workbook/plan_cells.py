"""From the cells of one row of targets to the keys of a plan file."""

from __future__ import annotations

import datetime as dt
import json
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, Final

from partybuild.cells import Fault, Percent, clean_text
from partybuild.errors import Problem
from partybuild.measures import GOALS, MEASURES, PLACEHOLDER
from partybuild.periods import CADENCE_WORDS, CADENCES
from partybuild.workbook.words import GOAL_WORDS, MEASURE_WORDS

COMMITMENT_KEYS: Final = ("section", "text", "owner")
_TEXTS: Final = ("name", "unit", "each")
_PAIR: Final = re.compile(r"(-?[\d.]+)\s*(?:~|-|–|—|至|到)\s*(-?[\d.]+)")
_NUMBER: Final = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:[eE][+-]?\d+)?")
_DATE: Final = re.compile(r"(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?")


def _words(words: Mapping[str, str], known: Any) -> dict[str, str]:
    return {**{name: name for name in known}, **{word: name for name, word in words.items()}}


_MEASURES: Final = _words(MEASURE_WORDS, MEASURES)
_GOALS: Final = _words(GOAL_WORDS, GOALS)
_PERS: Final = _words(CADENCE_WORDS["zh"], CADENCES)
_SIGNS: Final = {"≥": "at_least", "＞": "more_than", ">": "more_than", "≤": "at_most",
                 "＜": "less_than", "<": "less_than", "=": "exactly", ">=": "at_least",
                 "<=": "at_most"}  # fmt: skip


class CellError(Exception):
    """A cell of a plan that cannot be read: its key, and why."""

    def __init__(self, key: str, message: str, read: str | None, expected: str) -> None:
        super().__init__(message)
        self.key, self.message, self.read, self.expected = key, message, read, expected

    def problem(self) -> Problem:
        """The fault as a Problem; `path` is the key."""
        return Problem(
            code="bad-cell",
            message=self.message,
            read=self.read,
            expected=self.expected,
            path=self.key,
        )


def refuse_fault(key: str, value: Any) -> None:
    """Raise `CellError` for a cell whose value could not be had."""
    if isinstance(value, Fault):
        raise CellError(key, value.message, value.read, value.expected or "a value")


def cell_text(value: Any) -> str:
    """Write a cell as text, the way it is shown; blank is empty.

    >>> cell_text(12.0), cell_text(" 甲 ")
    ('12', '甲')
    """
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    return clean_text(str(value))


def cell_day(key: str, value: Any) -> Any:
    """Read a date; raises `CellError`."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = unicodedata.normalize("NFKC", cell_text(value))
    if found := _DATE.fullmatch(text):
        try:
            return dt.date(*map(int, found.groups()))
        except ValueError:
            pass
    raise CellError(key, "not a calendar date", text, "a date such as 2021-06-30")


def cell_json(key: str, value: Any) -> dict[str, Any]:
    """Read a cell of further parameters; raises `CellError`."""
    text = cell_text(value)
    try:
        data = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        expected = '{"tolerance": 0.5} or another JSON object'
        raise CellError(key, "not further parameters", text[:80], expected)
    return data


def _refuse(text: str) -> None:
    raise ValueError(text)


def row_mapping(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cells of one row say: the commitment's keys, and ``target`` if any.

    Raises `CellError` for the first cell that cannot be read.

    >>> row_mapping({"commitment": "1", "target": "t", "measure": "次数", "goal": "不少于",
    ...     "value": 12, "kind": "督查"})["target"]
    {'id': 't', 'measure': 'count', 'kind': '督查', 'at_least': 12}
    """
    for key, value in cells.items():
        refuse_fault(key, value)
    mapping: dict[str, Any] = {}
    if text := cell_text(cells.get("commitment")):
        mapping["id"] = text
    mapping |= {key: text for key in COMMITMENT_KEYS if (text := cell_text(cells.get(key)))}
    target = _target(cells)
    more = cell_json("more", cells["more"]) if cells.get("more") is not None else {}
    own = more.pop("commitment", {})
    mapping |= own if isinstance(own, dict) else {"commitment": own}
    target |= more
    if target:
        mapping["target"] = target
    return mapping


def _target(cells: Mapping[str, Any]) -> dict[str, Any]:
    target: dict[str, Any] = {}
    if text := cell_text(cells.get("target")):
        target["id"] = text
    target |= {key: text for key in _TEXTS if (text := cell_text(cells.get(key)))}
    if text := cell_text(cells.get("measure")):
        target["measure"] = _MEASURES.get(text, text)
    if text := cell_text(cells.get("kind")):
        kinds = [part.strip() for part in re.split("[、;；]", text) if part.strip()]
        target["kind"] = kinds[0] if len(kinds) == 1 else kinds
    if text := cell_text(cells.get("per")):
        target["per"] = _PERS.get(text, text)
    if cells.get("deadline") is not None:
        target["deadline"] = cell_day("deadline", cells["deadline"])
    target |= _goal(cells)
    return target


def _goal(cells: Mapping[str, Any]) -> dict[str, Any]:
    word, value = cell_text(cells.get("goal")), cells.get("value")
    if not word and value is None:
        return {}
    if not word:
        raise CellError("goal", "a value without what is asked of it", None, "such as 不少于")
    goal = _GOALS.get(word) or _SIGNS.get(word)
    if goal is None:
        expected = "one of " + " ".join(GOAL_WORDS.values())
        raise CellError("goal", "not a goal", word, expected)
    return {goal: _value(value, goal)}


def _value(value: Any, goal: str) -> Any:
    if isinstance(value, Percent):
        return float(value)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = unicodedata.normalize("NFKC", cell_text(value)).replace(" ", "")
    if text.upper() == PLACEHOLDER:
        return PLACEHOLDER
    if goal == "between" and (found := _PAIR.fullmatch(text)):
        return [_number(found[1]), _number(found[2])]
    is_share = text.endswith("%")
    if _NUMBER.fullmatch(text.removesuffix("%")):
        number = _number(text.removesuffix("%").replace(",", ""))
        return float(repr(number)) / 100 if is_share else number
    expected = "3~5" if goal == "between" else "a number, or X where it is not known yet"
    raise CellError("value", "not a number", text or None, expected)


def _number(text: str) -> int | float:
    try:
        return int(text)
    except ValueError:
        pass
    try:
        return float(text)
    except ValueError:
        raise CellError("value", "not a number", text, "a number") from None


def member_mapping(cells: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the cells of one row say of a member; raises `CellError`."""
    member: dict[str, Any] = {}
    for key, value in cells.items():
        refuse_fault(key, value)
        if value is not None and cell_text(value):
            member[key] = cell_day(key, value) if key in ("from", "to") else cell_text(value)
    return member
