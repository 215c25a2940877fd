"""Which measure a number asks for, in which unit, and how sure the reading is."""

from __future__ import annotations

import re
from functools import lru_cache

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.binding import Aim, Binding
from partybuild.sources.text.context import OCCASIONS

RATES = frozenset("% ‰ 个百分点 百分点 个点".split())
_LEVEL_UNITS = RATES - {"%"} | {"倍", "岁", "分", "位次"}
_DAYS = frozenset("天 日".split())
_PEOPLE = frozenset("名 位 户 家".split())
_LEVEL_WORDS = re.compile(
    r"达到?|保持|稳定|维持|控制|提高到|提升到|提升至|提高至|增至|降至|降到|压降|存量|保有量|总量|余额|规模|收入|产量|水平|浓度|指数"
)
_KNOWN_PEOPLE = re.compile(r"结对|联系|走访|帮扶|包联|慰问|培养|发展|谈心")
_RATE_PER = {
    "年": "year",
    "季度": "quarter",
    "季": "quarter",
    "月": "month",
    "周": "week",
    "天": "day",
    "日": "day",
}
_SHARE = re.compile(r"分之|半")
NEEDS_TOLERANCE = "about needs a tolerance"
#: How far before a number 每千人口 may stand.
_RATE_REACH = 16


def unit_and_per(amount: Amount, blanked: str, low: int) -> tuple[str | None, str | None]:
    """Return the unit of a number, and the cadence that 次/年 or a unit like it holds.

    Shares in words (三分之二, 半数) are percentages; 每千人口 before the number goes
    below the stroke of its unit.
    """
    unit = amount.unit
    if unit is None:
        return ("%", None) if _SHARE.search(amount.number.text) else (None, None)
    if "/" in unit:
        base, _, under = unit.partition("/")
        per = _RATE_PER.get(under)
        return (base, per) if per is not None and base in OCCASIONS else (unit, None)
    if unit == "%" or "每" not in blanked:
        return unit, None
    rates = [
        match
        for match in cues.EACH_RATE.finditer(blanked, low, amount.start)
        if amount.start - match.end() <= _RATE_REACH
    ]
    return (f"{unit}/{rates[-1]['under']}" if rates else unit), None


def measure_of(unit: str | None, binding: Binding, words: str, *, is_mean: bool) -> str:
    """Choose the measure by unit and words; `words` are those before and after the number.

    >>> from partybuild.sources.text.binding import Binding
    >>> plain = Binding(left=None, right=None)
    >>> [measure_of(unit, plain, "", is_mean=False) for unit in ("次", "天", "%", "万元")]
    ['count', 'days', 'latest', 'total']
    """
    base, stroke, _ = (unit or "").partition("/")
    is_within = binding.right is not None and "内" in binding.right.text
    if binding.change is not None and base in ("%", "‰", "倍"):
        return "growth"
    if is_mean:
        return "mean"
    if base == "个点" and binding.change is None:
        return "total"  # places: 新建10个点
    if base == "%" or base in _LEVEL_UNITS or stroke:
        return "latest"
    if base in cues.TIME_UNITS and is_within:
        return "max"
    if base in _DAYS:
        return "days"
    if base in OCCASIONS:
        return "count"
    if binding.left is not None and _LEVEL_WORDS.search(binding.left.text + words[-4:]):
        return "latest"
    return "distinct" if base in _PEOPLE and _KNOWN_PEOPLE.search(words) else "total"


def notes_of(binding: Binding, unit: str | None, blanked: str) -> list[str]:
    """What a person should look at in the goal itself."""
    notes = []
    side = binding.right or binding.left
    if binding.is_about or (side is not None and side.goal == "about"):
        notes.append(NEEDS_TOLERANCE)
    is_plain_rise = binding.change == "up" and binding.left is None and binding.right is None
    if is_plain_rise and unit == "%" and binding.change_start is not None:
        before = blanked[max(0, binding.change_start - 1) : binding.change_start]
        if before == "率":
            notes.append("percent or percentage points?")
    return notes


def confidence_of(
    amount: Amount, binding: Binding, aim: Aim, *, notes: int, is_plan: bool
) -> float:
    """Return how sure the reading is, from 0 to 1."""
    is_bare = amount.unit is None and not _SHARE.search(amount.number.text)
    return _sure(binding.is_explicit, is_bare, aim.is_doubtful, is_plan, notes)


@lru_cache(maxsize=256)
def _sure(
    is_explicit: bool,
    is_bare: bool,
    is_doubtful: bool,
    is_plan: bool,
    notes: int,
) -> float:
    confidence = 0.95 if is_explicit else 0.8
    if is_bare:
        confidence -= 0.25
    if is_doubtful:
        confidence -= 0.3
    if not is_plan:
        confidence -= 0.05
    return round(max(confidence - 0.1 * notes, 0.2), 2)
