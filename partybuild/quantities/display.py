"""The one rounding rule: how a number is written for a reader."""

from __future__ import annotations

import math
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from fractions import Fraction
from typing import Literal

from partybuild.errors import UsageError

#: Decimals shown unless the caller says otherwise.
_DIGITS = 2
#: Decimals added at most to keep a number apart from its limit.
_EXTRA = 6
_PLACES = 60


def format_number(
    value: float | Fraction | Decimal,
    *,
    unit: str | None = None,
    lang: Literal["zh", "en"] = "zh",
    digits: int | None = None,
    limit: float | Fraction | Decimal | None = None,
) -> str:
    """Write `value` for a reader; this is the only place where numbers are rounded.

    Halves go away from zero, on the decimal text of the number, as a reader
    would do it by hand. Without `digits` at most two decimals are shown and
    trailing zeros fall away; with `digits` exactly that many. `unit` ``"%"``
    takes a fraction and writes a percentage; other units are written after the
    number. English text groups thousands, Chinese text does not.

    `limit` is a number the value is compared with. A value that differs from it
    is never written like it: 94.996% beside a goal of 95% stays 94.996%, since
    95% would read as reached.

    Raises `UsageError` for a value that is no finite number.

    >>> format_number(0.125, unit="%", digits=0), format_number(2.675)
    ('13%', '2.68')
    >>> format_number(0.94996, unit="%", limit=0.95), format_number(12000, unit="元", lang="en")
    ('94.996%', '12,000 元')
    """
    if lang not in ("zh", "en"):
        raise UsageError(f"lang is {lang!r}, expected 'zh' or 'en'")
    number = _decimal(value)
    bound = None if limit is None else _decimal(limit)
    if unit == "%":
        number, bound = number * 100, None if bound is None else bound * 100
    text = _rounded(number, digits, bound)
    if lang == "en":
        text = _grouped(text)
    if unit is None:
        return text
    return f"{text}{unit}" if lang == "zh" or unit in ("%", "‰") else f"{text} {unit}"


def plain_number(value: float | Fraction | Decimal) -> int | float:
    """Return `value` as an int when it is whole, else as the nearest float.

    >>> plain_number(Fraction(60)), plain_number(Fraction(19, 20))
    (60, 0.95)
    """
    exact = Fraction(value)
    return int(exact) if exact.denominator == 1 else float(exact)


def _decimal(value: float | Fraction | Decimal) -> Decimal:
    if isinstance(value, Fraction):
        with localcontext() as context:
            context.prec = _PLACES
            return Decimal(value.numerator) / Decimal(value.denominator)
    if isinstance(value, Decimal):
        number = value
    else:
        # repr, not the binary value: 2.675 is what the reader typed
        number = Decimal(repr(float(value))) if not isinstance(value, int) else Decimal(value)
    if not math.isfinite(number):
        raise UsageError(f"cannot write {value!r} as a number")
    return number


def _rounded(number: Decimal, digits: int | None, limit: Decimal | None) -> str:
    places = _DIGITS if digits is None else digits
    text = _at(number, places, ROUND_HALF_UP)
    if limit is not None and number != limit:
        for more in range(_EXTRA + 1):
            text = _at(number, places + more, ROUND_HALF_UP)
            if Decimal(text) != Decimal(_at(limit, places + more, ROUND_HALF_UP)):
                break
        else:
            text = _at(number, places + _EXTRA, ROUND_DOWN)
    return _trimmed(text) if digits is None else text


def _at(number: Decimal, places: int, rounding: str) -> str:
    with localcontext() as context:
        context.prec = _PLACES + max(0, number.adjusted())
        rounded = number.quantize(Decimal(1).scaleb(-places), rounding=rounding)
    return f"{rounded if rounded else abs(rounded):f}"


def _trimmed(text: str) -> str:
    return text.rstrip("0").rstrip(".") if "." in text else text


def _grouped(text: str) -> str:
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    whole, point, decimals = digits.partition(".")
    return f"{sign}{int(whole):,}{point}{decimals}"
