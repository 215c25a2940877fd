"""How far events may be drawn together before any standing could change.

Between two neighbouring *cuts* (days on which a window, a membership, a span or the
assessment itself begins or ends) the day of an event does not matter. Events of one
kind, organisation and stretch between cuts therefore become one row: how many, their
sum, largest, smallest and last quantity, their last day. Subject, unit, exact days
and attributes stay apart only for the kinds of targets that look at them. That is
what travels from a database or a cluster to the reduction, and from one batch of a
file to the next.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import numpy as np

from partybuild.grid import FOREVER, NEVER, Grid, TargetGrid, day_number
from partybuild.plan import ORGANISATIONS
from partybuild.reduce.facts import WHERE
from partybuild.reduce.reduction import where_of
from partybuild.target import Part

#: Kinds with more cuts than this keep their days.
_MOST_CUTS = 48

#: What each row of condensed events is told apart by, beside the `where` columns.
KEYS = ("kind", "stretch", "day", "end", "organisation", "subject", "unit")
#: What each row of condensed events says.
VALUES = ("date", "events", "some", "total", "max", "min", "latest", "recorded_at", "row")


@attrs.frozen(kw_only=True)
class Scheme:
    """What the targets of a plan need to know of each kind of event.

    `cuts` are the day numbers at which a new stretch begins, for all kinds that are
    not `daily`. Kinds stand in `lasting` when the days from first to last count, in
    `named` when subjects matter, in `placed` when organisations do, in `measured`
    when quantities and so units do, in `extreme` when the largest or smallest does, in
    `ordered` when the last reading does; `where` gives the kinds for which an attribute
    matters. `is_placed`: every kind is.
    """

    cuts: tuple[int, ...]
    daily: frozenset[str]
    lasting: frozenset[str]
    named: frozenset[str]
    placed: frozenset[str]
    measured: frozenset[str]
    extreme: frozenset[str]
    ordered: frozenset[str]
    where: Mapping[str, frozenset[str]]
    is_placed: bool

    @property
    def keys(self) -> tuple[str, ...]:
        """The key columns of condensed events."""
        return (*KEYS, *(f"{WHERE}{column}" for column in self.where))


def scheme_of(grid: Grid, *, as_of: int, is_placed: bool) -> Scheme:
    """Find out how far the events of a plan may be drawn together.

    `is_placed`: the plan is judged by organisation.
    """
    plan = grid.plan
    common = {day_number(plan.start), day_number(plan.end) + 1, as_of + 1}
    cuts: dict[str, set[int]] = {kind: set(common) for kind in plan.kinds}
    names = ("lasting", "named", "placed", "measured", "extreme", "ordered")
    wanted: dict[str, set[str]] = {name: set() for name in names}
    where: dict[str, set[str]] = {}
    for one in grid.targets:
        for kind in one.target.kinds:
            cuts[kind] |= _cuts(one)
        for part in _parts(one):
            kinds = one.target.kinds if part is None else one.target.part_kinds(part)
            for name in _needs(one, part):
                wanted[name].update(kinds)
            for column, _ in where_of(one.target, part):
                where.setdefault(column, set()).update(kinds)
    daily, union = _spread(cuts, common, wanted["lasting"])
    return Scheme(
        cuts=tuple(sorted(union)),
        daily=frozenset(daily),
        where={column: frozenset(kinds) for column, kinds in sorted(where.items())},
        is_placed=is_placed,
        **{name: frozenset(kinds) for name, kinds in wanted.items()},
    )


def _parts(one: TargetGrid) -> Iterator[Part | None]:
    target = one.target
    parts = [part for part in (target.numerator, target.denominator, target.of) if part]
    if parts:
        yield from parts
    else:
        yield None


def _needs(one: TargetGrid, part: Part | None) -> Iterator[str]:
    asked: Any = part or one.target
    is_running = asked.entries == "running"
    if asked.measure == "days":
        yield "lasting"
    if asked.measure == "distinct" or is_running or one.target.each is not None:
        yield "named"
    if is_running or one.target.each == ORGANISATIONS:
        yield "placed"
    if asked.measure in ("total", "latest", "mean", "max", "min"):
        yield "measured"
    if asked.measure in ("max", "min"):
        yield "extreme"
    if asked.measure == "latest" or is_running:
        yield "ordered"


def _cuts(one: TargetGrid) -> set[int]:
    days, units = one.days, one.units
    begins = [day_number(one.span.start), *days.start, *days.previous_start]
    ends = [day_number(one.span.end), *days.end, *days.previous_end]
    begins += np.unique(units.start).tolist()
    ends += np.unique(units.end).tolist()
    cuts = {int(day) for day in begins} | {int(day) + 1 for day in ends}
    return {cut for cut in cuts if NEVER < cut <= FOREVER}


def _spread(
    cuts: Mapping[str, set[int]], common: set[int], lasting: set[str]
) -> tuple[set[str], set[int]]:
    """Share the kinds out: those that keep their days, and the cuts of all the others."""
    daily, union = set(lasting), set(common)
    for kind, own in sorted(cuts.items(), key=lambda item: len(item[1])):
        if kind in daily:
            continue
        if len(union | own) > _MOST_CUTS:
            daily.add(kind)
        else:
            union |= own
    return daily, union
