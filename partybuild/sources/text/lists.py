"""Numbers in a row, one for each of several names: 分别增长7%、8%和9%."""

from __future__ import annotations

import re

import attrs

from partybuild.quantities import Amount

_LIST_GAP = re.compile(r"[ ]?(?:以上|以下|左右|以内)?(?:、|和|及|与|以及|，|,)(?:不少于|不低于)?")


def listed_with(first: Amount, amounts: list[Amount], blanked: str, high: int) -> list[Amount]:
    """Return the numbers of 7%、8%和9%, `first` the first of them, as far as `high`."""
    run = [first]
    for other in amounts[amounts.index(first) + 1 :]:
        between = blanked[run[-1].end : other.start]
        if other.start >= high or not _LIST_GAP.fullmatch(between):
            break
        run.append(other)
    return run


def with_unit(amount: Amount, unit: str | None) -> Amount:
    """Give a number of a list the unit that only the last one carries: 7、8和9%."""
    if unit != "%":
        return attrs.evolve(amount, unit=unit)
    number = amount.number
    low = None if number.low is None else number.low / 100
    high = None if number.high is None else number.high / 100
    return attrs.evolve(
        amount, unit=unit, number=attrs.evolve(number, low=low, high=high, unit=unit)
    )
