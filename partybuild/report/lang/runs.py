"""Standings that fall short, drawn together: windows in a row, and those short by the same."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby
from typing import TypeVar

from partybuild.report.view import MissView, TargetView

_DAY = dt.timedelta(days=1)
Key = TypeVar("Key")


def told_misses(target: TargetView) -> tuple[list[MissView], list[MissView]]:
    """The misses a sentence names: those of windows that are over, and those still open.

    Members spared by a share of others stand back behind those who are not, windows
    that are on track behind those that are short, and behind a breach what is open.
    """
    misses = [one for one in target.misses if one.status != "on_track"]
    told = [one for one in misses if not one.is_spared] or misses
    is_breach = target.status == "breached"
    closed = [one for one in told if not one.is_open or (is_breach and one.is_above)]
    if is_breach and closed:
        return closed, []
    return closed, [one for one in told if one.is_open]


def is_all_told(target: TargetView) -> bool:
    """Whether the misses still open that a sentence names are all that is needed."""
    _, behind = told_misses(target)
    needed = target.ahead.needed if target.ahead else None
    told = sum(miss.shortfall or 0.0 for miss in behind)
    return needed is not None and abs(told - needed) <= 1e-9 * max(1.0, abs(needed))


def by_subject(misses: Iterable[MissView]) -> list[tuple[str | None, list[MissView]]]:
    """The misses of each member, in the order in which members first appear."""
    return grouped(misses, lambda miss: miss.subject)


def grouped(
    misses: Iterable[MissView], key: Callable[[MissView], Key]
) -> list[tuple[Key, list[MissView]]]:
    """Misses by a key, in the order in which keys first appear."""
    found: dict[Key, list[MissView]] = {}
    for miss in misses:
        found.setdefault(key(miss), []).append(miss)
    return list(found.items())


def in_a_row(misses: Sequence[MissView]) -> Iterator[list[MissView]]:
    """Windows that follow on each other without a day between them."""
    run: list[MissView] = []
    for miss in misses:
        if run and run[-1].end + _DAY != miss.start:
            yield run
            run = []
        run.append(miss)
    if run:
        yield run


def shortages(
    misses: Iterable[MissView], what: Callable[[MissView], str], *, by_window: bool
) -> list[tuple[list[str | None], str, list[MissView]]]:
    """Who is short, by what, and in which windows; those alike in both drawn together.

    `by_window` False: there is one window, however late a member came to it.
    """
    found: dict[tuple[str, tuple[dt.date, ...]], list[tuple[str | None, list[MissView]]]] = {}
    for subject, own in by_subject(misses):
        for text, group in grouped(own, what):
            key = text, tuple(miss.start for miss in group) if by_window else ()
            found.setdefault(key, []).append((subject, group))
    return [
        ([subject for subject, _ in members], text, members[0][1])
        for (text, _), members in found.items()
    ]


def drawn_together(told: Iterable[tuple[str, str, int]]) -> list[tuple[list[str], str, int]]:
    """Neighbours (who, what, how many) that say the same of several."""
    result = []
    for what, group in groupby(told, key=lambda one: one[1]):
        own = list(group)
        result.append(([who for who, _, _ in own], what, sum(number for _, _, number in own)))
    return result
