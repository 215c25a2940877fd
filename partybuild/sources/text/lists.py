"""Numbers in a row, and one number for several: 分别增长7%、8%和9%; 上半年、下半年各1次."""

from __future__ import annotations

import re

import attrs

from partybuild.quantities import Amount
from partybuild.sources.text import asides, names
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.times import TimeCue

_LIST_GAP = re.compile(r"[ ]?(?:以上|以下|左右|以内)?(?:、|和|及|与|以及|，|,)(?:不少于|不低于)?")


def listed_with(first: Amount, amounts: list[Amount], blanked: str, high: int) -> list[Amount]:
    """Return the numbers of 7%、8%和9% from `first` to `high`; nothing when it stands alone."""
    run = [first]
    for other in amounts[amounts.index(first) + 1 :]:
        between = blanked[run[-1].end : other.start]
        if other.start >= high or not _LIST_GAP.fullmatch(between):
            break
        run.append(other)
    return run if len(run) > 1 else []


def with_unit(amount: Amount, unit: str | None) -> Amount:
    """Give a number of a list the unit that only the last one carries: 7、8和9%."""
    if unit != "%":
        return amount._replace(unit=unit)
    number = amount.number
    low = None if number.low is None else number.low / 100
    high = None if number.high is None else number.high / 100
    return amount._replace(unit=unit, number=number._replace(low=low, high=high, unit=unit))


def named_items(written: str, count: int, *, ahead: str) -> list[str]:
    """Return what `count` numbers after 分别 belong to, in order.

    `written` are the words before the first number, `ahead` those of the clause before
    them: 甲和乙实现新突破，分别超过90家和870家.

    >>> named_items("城乡居民收入分别增长", 2, ahead="")
    ['城镇居民收入', '农村居民收入']
    """
    items = names.items(written.partition("分别")[0]) or names.items(names.subject(ahead))
    if count == 2 and len(items) == 1 and "城乡" in items[0]:
        return [items[0].replace("城乡", place) for place in ("城镇", "农村")]
    return items


def in_windows(found: Found, windows: tuple[TimeCue, ...]) -> list[Found]:
    """Give each of 上半年、下半年 the goal for itself."""
    return [attrs.evolve(found, first=one.first, deadline=one.deadline) for one in windows]


def in_parts(found: Found, window: TimeCue, *, is_shared: bool) -> list[Found]:
    """Give each of 一、三季度 the goal for itself; without 每 or 各 a person should look."""
    is_each = is_shared or found.per == "quarter"
    one = attrs.evolve(found, per=None if found.per == "quarter" else found.per)
    one = one if is_each else asides.doubted(one)
    return [attrs.evolve(one, first=first, deadline=end) for first, end in window.parts]


def in_cadences(
    found: Found, cadences: tuple[TimeCue, ...], *, named: str, low: int, end: int
) -> list[Found]:
    """Give each cadence of 县级河长每季度、乡级河长每月巡河不少于1次 its own target.

    The words from `low` to `end` of `named` are those before the number.
    """
    starts = [low, *(cue.end for cue in cadences)]
    deed = names.clean(named[starts[-1] : end])
    spans = zip(starts, cadences, strict=False)
    subjects = [names.clean(named[start : cue.start]) for start, cue in spans]
    return [
        attrs.evolve(found, per=cue.per, name=f"{subject}{deed}" if subject else found.name)
        for cue, subject in zip(cadences, subjects, strict=True)
    ]
