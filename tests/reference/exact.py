"""Numbers without rounding, and the contract's comparisons (section 3, last lines)."""

from __future__ import annotations

from fractions import Fraction
from functools import lru_cache

TOLERANCE = Fraction(1, 10**9)


@lru_cache(maxsize=10_000)
def _fraction(text: str) -> Fraction:
    return Fraction(text)


def exact(value: float | int | Fraction | None) -> Fraction | None:
    """Return the number as written: 0.1 is one tenth, not its binary neighbour."""
    if value is None or isinstance(value, Fraction):
        return value
    return _fraction(repr(value))


def _margin(a: Fraction, b: Fraction) -> Fraction:
    return TOLERANCE * max(1, abs(a), abs(b))


def reaches(a: Fraction, b: Fraction) -> bool:
    """a >= b."""
    return a >= b - _margin(a, b)


def keeps(a: Fraction, b: Fraction) -> bool:
    """a <= b."""
    return a <= b + _margin(a, b)


def above(a: Fraction, b: Fraction) -> bool:
    """a > b, the contrary of a <= b."""
    return not keeps(a, b)


def below(a: Fraction, b: Fraction) -> bool:
    """a < b, the contrary of a >= b."""
    return not reaches(a, b)


def plain(value: Fraction | int | None) -> float | None:
    """Return the number as a frame would hold it."""
    return None if value is None else float(value)
