"""Half a day: a number that is no numeral, in 每次活动不少于半天."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction

from partybuild.quantities import Amount, Number

_HALF = re.compile(
    r"(?<![\d一二两三四五六七八九十几上下前后大小多整天月年个])半(?:个)?(?P<unit>天|小时|工作日|学时|课时)"
)
_A_HALF = Fraction(1, 2)


def halves_in(blanked: str) -> Iterator[Amount]:
    """Yield every half of a day or an hour that stands as a number of its own.

    >>> [(one.number.value, one.unit) for one in halves_in("每次不少于半天，上半天开会")]
    [(Fraction(1, 2), '天')]
    """
    for match in _HALF.finditer(blanked):
        start = match.start()
        number = Number("半", start, start + 1, "exact", _A_HALF, _A_HALF)
        yield Amount(number=number, unit=match["unit"], start=start, end=match.end())
