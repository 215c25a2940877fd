# ruff: noqa: E501 -- patterns read best unbroken
"""Numbers that only say something about another: a tolerance, a whole, a comparison."""

from __future__ import annotations

import re

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import cues, measuring
from partybuild.sources.text.binding import Binding
from partybuild.sources.text.masks import BLANKS
from partybuild.sources.text.proposal import Found

#: Units of what can be counted and described by a number of its own.
COUNTING = frozenset("个 户 家 名 所 座 条 %".split())
_DOUBTED = 0.65
#: How far before a number the 在 of 在320万元的基础上 may stand.
_REACH = 16

#: 上下浮动不超过3户: how far the number before may be missed, no goal of its own.
_MARGIN = re.compile(
    r"(?:上下|允许|正负)?(?:浮动|波动|偏差|误差|偏离)(?:范围|幅度|率|值)?(?:在|为|应|须)?\Z"
)
#: 五轮中至少按期完成四轮: the first number is only what the second is taken from.
_OUT_OF = re.compile(
    r"[\u4e00-\u9fff]{0,4}?(?:当中|中|里)(?=至少|有|不少于|力争|确保|争取|按[期时])"
)
_TOO_MANY = "the parts come to more than the whole"
_PERIODS = {"季度": "quarter", "月": "month", "周": "week", "旬": "ten_days", "半年": "half_year"}
_PERIOD = re.compile("|".join(_PERIODS))
_IN_A_YEAR = {"month": 12, "quarter": 4, "half_year": 2, "ten_days": 36}
#: Without one of these characters a sentence holds neither a margin nor a 五轮中: it saves time.
ASIDE = re.compile("[动差离中里]")
#: 3个村突破50万元: how many there are is the goal, the second number says which.
_HOLDERS = r"(?:行政|经济强|薄弱|示范|试点)?(?:村(?!级)|社区|街道|乡镇|镇|乡)|企业|农户|脱贫户|户|党?支部|党组织|单位|学校|项目"
_COUNTED_HOLDERS = re.compile(
    rf"(?:以上|左右)?的?(?:{_HOLDERS})(?P<of>[^，。；、\d总共和与]{{0,14}}?)"
    r"(?P<cmp>突破|超过|达到?|超|过|高于|不低于|不少于)[ ]?\Z"
)
_HOLDERS_LEFT = re.compile(
    r"(?:[、有]|实现|力争|确保|争取|使|推动|[新再]增|培育|打造)[ \x01-\x03]{0,8}\Z"
)
#: 村集体经济收入均达到20万元: one noun, and 均 after it.
_EACH_BEFORE = re.compile(
    r"\A(?:[，、\s\x01-\x03]|确保|力争|实现|全部|所有)*(?P<noun>行政村|村|社区)"
    r"(?=集体|级(?!领导|干部)|党组织|党支部|党总支|两委|班子)[^，。；、\d和与]{0,16}?[均都](?:要|应|须|力争|确保)?[ ]?\Z"
)


_LABEL = re.compile(r"\w{0,2}(?:完成|办结|整改)?(?:时限|期限|时间)(?:要求)?")


def is_label(words: str) -> bool:
    """Whether the words announce a date: 完成时限."""
    is_near = "时" in words or "期限" in words
    return is_near and bool(_LABEL.fullmatch(words.strip("（( ")))


def is_margin(before: str, last: Found | None) -> bool:
    """Whether the words before a number make it a tolerance: 上下浮动不超过3户.

    After a rough goal they all do; elsewhere 误差不超过5% is a goal of its own.

    >>> is_margin("，上下浮动", None), is_margin("，误差", None)
    (True, False)
    """
    match = _MARGIN.search(before)
    if match is None:
        return False
    return match[0].startswith("上下") or (last is not None and last.goal == "about")


def with_tolerance(found: Found, amount: Amount) -> Found:
    """Give a rough goal (30户左右) the tolerance that `amount` says, in its unit or as a share."""
    value = amount.number.value
    if found.goal != "about" or not value or not isinstance(found.value, int | float):
        return found
    margin = float(value)
    if found.unit != amount.unit:
        is_points = found.unit == "%" and amount.unit in ("个百分点", "百分点", "个点")
        if amount.unit != "%" and not is_points:
            return found
        margin *= 0.01 if is_points else abs(found.value)
    notes = tuple(note for note in found.notes if note != measuring.NEEDS_TOLERANCE)
    gain = 0.1 * (len(found.notes) - len(notes))
    confidence = round(found.confidence + gain, 2)
    return attrs.evolve(found, tolerance=margin, notes=notes, confidence=confidence)


def out_of_end(blanked: str, amount: Amount, high: int) -> int | None:
    """Return where 五轮中 ends when a share of it follows, else None."""
    match = _OUT_OF.match(blanked, amount.end, high) if amount.unit is not None else None
    return match.end() if match else None


def period_of(blanked: str, amount: Amount) -> str | None:
    """Return the cadence whose windows `amount` counts: 10个月, 3个季度."""
    if amount.unit == "个月":
        return "month"
    match = _PERIOD.match(blanked, amount.end) if amount.unit == "个" else None
    return _PERIODS[match[0]] if match else None


def with_enough(found: Found, part: Amount, whole: Amount, *, period: str | None) -> Found:
    """Say how many of the periods are enough; a person has to, where they make no whole year."""
    enough = part.number.value
    is_year = period == found.per and whole.number.value == _IN_A_YEAR.get(period or "")
    if is_year and enough is not None and enough.denominator == 1 and enough > 0:
        return attrs.evolve(found, require=int(enough))
    note = f"{part.number.text} of {whole.number.text} periods are enough: set require"
    return doubted(attrs.evolve(found, notes=(*found.notes, note)))


def with_parts(found: list[Found], opens: int) -> list[Found]:
    """Mark what is part of a number before 其中 at `opens`: 10名，其中35岁以下6名."""
    wholes = {one.unit: one for one in reversed(found) if one.end <= opens and _is_sum(one)}
    marked, sums = [], dict.fromkeys(wholes, 0.0)
    for one in found:
        whole = wholes.get(one.unit) if one.start > opens and _is_sum(one) else None
        if whole is not None and _size(one) <= _size(whole):
            sums[one.unit] += _size(one)
            note = () if sums[one.unit] <= _size(whole) else (_TOO_MANY,)
            marked.append(attrs.evolve(one, is_part=True, notes=(*one.notes, *note)))
        else:
            marked.append(one)
    return marked


def _is_sum(found: Found) -> bool:
    return found.measure in ("count", "total", "distinct", "days") and found.unit is not None


def _size(found: Found) -> float:
    return float(found.value) if isinstance(found.value, int | float) else 0.0


def counts_holders(blanked: str, amount: Amount, other: Amount, *, low: int) -> bool:
    """Whether `amount` counts villages or firms that `other` describes: 3个村突破50万元."""
    # 突破亿元: the last character of the comparator belongs to the number
    head = other.start + (blanked[other.start] in "超过破达")
    if not _COUNTED_HOLDERS.match(blanked, amount.end, head):
        return False
    is_led = opens_with(blanked, amount, low) or _HOLDERS_LEFT.search(blanked, low, amount.start)
    return bool(is_led)


def opens_with(blanked: str, amount: Amount, low: int) -> bool:
    """Whether nothing but time and scope stands before `amount`."""
    return not blanked[low : amount.start].strip(f"{BLANKS} ，")


def doubted(found: Found) -> Found:
    """Return `found`, less sure: a person should look."""
    return attrs.evolve(found, confidence=min(found.confidence, _DOUBTED))


def compared(
    blanked: str, amount: Amount, *, low: int, high: int, known: tuple[int, int] | None
) -> tuple[int, int] | None:
    """Return the place of 在320万元的基础上 round `amount`; without it, what was `known`."""
    tail = cues.ON_TOP_OF.match(blanked, amount.end, high)
    if tail is None:
        return known
    head = blanked.rfind("在", max(low, amount.start - _REACH), amount.start)
    return (head if head >= 0 else amount.start, tail.end())


def without(named: str, aside: tuple[int, int] | None, *, low: int, high: int) -> str:
    """Return the words from `low` to `high` less those that only compare: 由88%, 五轮中."""
    if aside is None or not low <= aside[0] <= aside[1] <= high:
        return named[low:high]
    return named[low : aside[0]] + named[aside[1] : high]


def each_before(blanked: str, binding: Binding, low: int) -> str | None:
    """Return who each of a number holds for in 村集体经济收入均达到20万元, else None."""
    if binding.left is None:
        return None
    words = blanked[low : binding.left.start]
    match = _EACH_BEFORE.match(words) if "均" in words or "都" in words else None
    return match["noun"] if match else None
