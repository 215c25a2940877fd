"""A number together with its unit: 1100万人, 1.3万亿斤, 95%, 10/10万."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from typing import NamedTuple

from partybuild.errors import Problem
from partybuild.quantities.numerals import NORMAL
from partybuild.quantities.scan import Number, numbers_in
from partybuild.quantities.units import unit_at

_SCALES = {"万": 10**4, "亿": 10**8, "万亿": 10**12}


class Amount(NamedTuple):
    """A number and the unit right after it; `unit` is None when there is none.

    A scale before a unit belongs to the unit, so that 1100万人 is 1100 万人; a
    scale without a unit belongs to the number. `start`:`end` is the place of
    both together in the text.
    """

    number: Number
    unit: str | None
    start: int
    end: int


def find_amounts(text: str) -> Iterator[Amount]:
    """Yield each number of `text` with its unit, from left to right.

    The same unit on both sides of a dash makes a range: 18万元至22万元.

    >>> [(a.number.text, a.unit) for a in find_amounts("粮食1.3万亿斤，办会 4 次，达标率95%")]
    [('1.3', '万亿斤'), ('4', '次'), ('95%', '%')]
    """
    yield from amounts_in(text, text.translate(NORMAL))


def amounts_in(text: str, normal: str) -> Iterator[Amount]:
    """Yield the amounts of `text`, whose normalised form is `normal`."""
    end = 0
    held: Amount | None = None
    for number in numbers_in(text, normal):
        if number.start < end:
            continue  # the 10万 of 10/10万 belongs to the unit
        amount = amount_of(number, normal)
        end = amount.end
        if held is not None:
            both = _joined(held, amount, text, normal)
            if both is not None:
                held = both
                continue
            yield held
        held = amount
    if held is not None:
        yield held


def amount_of(number: Number, normal: str) -> Amount:
    """Join `number` with the unit that follows it in `normal`, the normalised text."""
    start, end = number.start, number.end
    if number.unit is not None:
        return tuple.__new__(Amount, (number, number.unit, start, end))
    if normal[end - 1] in "万亿":
        tail = next(one for one in ("万亿", "万", "亿") if normal.endswith(one, start, end))
        unit = unit_at(normal, end - len(tail))
        if unit is not None and unit[1] > end:
            return Amount(_unscaled(number, tail), unit[0], start, unit[1])
    unit = unit_at(normal, end + normal.startswith(" ", end))
    if unit is None:
        return tuple.__new__(Amount, (number, None, start, end))
    if normal.startswith("半", unit[1]) and number.value is not None:
        return _and_a_half(number, *unit, normal=normal)
    return tuple.__new__(Amount, (number, unit[0], start, unit[1]))


#: 两个半小时, 一个半月: the half belongs to the unit that follows it.
_HALF_OF = {"小时": "小时", "月": "个月", "学时": "学时", "课时": "课时", "钟头": "小时"}
#: What can be halved as it stands: 一吨半, 两年半. The half of 3次半年会 is another's.
_HALVED = frozenset("吨 斤 公斤 米 里 公里 亩 升 天 年 小时 倍 岁 万 元 分".split())


def _and_a_half(number: Number, unit: str, end: int, *, normal: str) -> Amount:
    """Read 一吨半 as one and a half; leave the half alone where it opens another word."""
    tail = normal[end + 1 : end + 3]
    plain = Amount(number=number, unit=unit, start=number.start, end=end)
    name: str | None = unit
    if unit == "个":
        name = next((own for word, own in _HALF_OF.items() if tail.startswith(word)), None)
        if name is None:
            return plain
        end += 1 + (1 if name == "个月" else 2)
    elif unit in _HALVED and tail[:1] not in _OPENED:
        end += 1
    else:
        return plain
    assert number.low is not None
    value = number.low + Fraction(1, 2)
    return Amount(
        number=number._replace(low=value, high=value), unit=name, start=number.start, end=end
    )


#: 每3天半数支部, 2年半程: words that 半 opens.
_OPENED = frozenset("年月天日数程径价点百壁岛边截途路夜成折产封机自")


_DASHES = frozenset(("-", "--", "至", "到"))
_DASH_STARTS = frozenset(" -至到")
_FROM = ("由", "从", "自")


def _joined(first: Amount, second: Amount, text: str, normal: str) -> Amount | None:
    """Join 18万元至22万元 to one range; None when the two are not the ends of one."""
    if first.unit is None or normal[first.end] not in _DASH_STARTS:
        return None
    start, end = first.number, second.number
    if normal[first.end : second.start].strip(" ") not in _DASHES:
        return None
    if normal[max(0, first.start - 1) : first.start] in _FROM or first.unit != second.unit:
        return None
    if start.value is None or end.value is None or not start.value < end.value:
        return None
    number = start._replace(
        text=text[start.start : end.end],
        end=end.end,
        nature="range",
        high=end.high,
        is_doubtful=start.is_doubtful or end.is_doubtful,
    )
    return Amount(number=number, unit=first.unit, start=first.start, end=second.end)


def parse_amount(text: str) -> Amount | Problem:
    """Read `text` as one number with at most a unit after it, or say why it is none.

    >>> amount = parse_amount("35万元")
    >>> amount.number.value, amount.unit
    (Fraction(35, 1), '万元')
    >>> print(parse_amount("约三成左右的样子").message)
    not one number with a unit
    """
    stripped = text.strip()
    found = [a for a in find_amounts(stripped) if (a.start, a.end) == (0, len(stripped))]
    if len(found) == 1:
        return found[0]
    return Problem(
        code="bad-amount",
        message="not one number with a unit",
        read=text if len(text) <= 80 else f"{text[:77]}...",
        expected="a number and perhaps a unit, such as 12, 35万元, 95%",
    )


def _unscaled(number: Number, tail: str) -> Number:
    low, high = number.low, number.high
    less = _less(low, tail)
    return number._replace(
        text=number.text[: -len(tail)],
        end=number.end - len(tail),
        low=less,
        high=less if high is low else _less(high, tail),
    )


def _less(value: Fraction | None, tail: str) -> Fraction | None:
    return None if value is None else Fraction(value.numerator, value.denominator * _SCALES[tail])
