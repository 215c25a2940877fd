"""The grid of a plan: one cell for every target x organisation x member x window.

Knows no events. Days are whole numbers, counted from 1970-01-01.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.goals import Bounds
from partybuild.periods import Cadence, Period, Window
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.roster import Member
from partybuild.target import Target

Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]

_EPOCH = dt.date(1970, 1, 1).toordinal()
#: Days before and after every event, for members without `from` or `to`.
NEVER, FOREVER = -(10**7), 10**7
#: About so many cells of a few columns stay in the cache of a processor.
_BLOCK = 1 << 15
#: From this many organisations on, those of one target are judged side by side.
_WIDE = 2_000


def day_number(day: dt.date) -> int:
    """Count the days from 1970-01-01 to `day`.

    >>> day_number(dt.date(1970, 1, 2))
    1
    """
    return day.toordinal() - _EPOCH


def day_of(number: int) -> dt.date:
    """Return the date of a day number."""
    return dt.date.fromordinal(int(number) + _EPOCH)


@attrs.frozen(kw_only=True, eq=False)
class WindowDays:
    """The windows of a target as arrays of day numbers, one entry a window."""

    start: Ints
    end: Ints
    whole_days: Ints
    previous_start: Ints
    previous_end: Ints
    windows: tuple[Window, ...]

    def __len__(self) -> int:
        return len(self.start)


@lru_cache(maxsize=512)
def window_days(cadence: Cadence, span: Period) -> WindowDays:
    """Return the windows of a span as day numbers."""
    windows = cadence.windows(span)
    previous = cadence.previous(span)

    def days(values: Sequence[dt.date]) -> Ints:
        return np.array([day_number(value) for value in values], dtype=np.int64)

    return WindowDays(
        start=days([window.period.start for window in windows]),
        end=days([window.period.end for window in windows]),
        whole_days=np.array([window.whole.days for window in windows], dtype=np.int64),
        previous_start=days([period.start for period in previous]),
        previous_end=days([period.end for period in previous]),
        windows=windows,
    )


@attrs.frozen(kw_only=True, eq=False)
class Units:
    """Who a target is judged for: one unit for each organisation and member.

    `organisation` and `member` are positions in the grid's organisations and in
    `members` (-1: no member). `start`, `end` bound the membership. Units stand
    organisation by organisation, members in roster order.
    """

    organisation: Ints
    member: Ints
    start: Ints
    end: Ints
    members: tuple[Member, ...] = ()

    def __len__(self) -> int:
        return len(self.organisation)

    @cached_property
    def key(self) -> Ints:
        """Rising keys ``organisation * number of members + member``, to look units up."""
        return self.organisation * max(1, len(self.members)) + self.member

    @cached_property
    def places(self) -> dict[str, int]:
        """Where each id and each name stands on the roster; a name that stands twice is no key."""
        return member_places(self.members)

    def find(self, organisation: Ints, member: Ints) -> Ints:
        """Return the unit of each pair, or -1 where the member does not count there."""
        wanted = organisation * max(1, len(self.members)) + member
        if not len(self.key):
            return np.full(len(wanted), -1)
        at = np.minimum(np.searchsorted(self.key, wanted), len(self.key) - 1)
        return np.where(self.key[at] == wanted, at, -1)


def member_places(members: Sequence[Member]) -> dict[str, int]:
    """Where each id and each name stands on a roster; a name that stands twice is no key."""
    shared = Counter(member.name for member in members)
    places = {
        member.name: index
        for index, member in enumerate(members)
        if member.name and shared[member.name] == 1
    }
    return places | {member.id: index for index, member in enumerate(members)}


def units_of(target: Target, plan: Plan, organisations: Sequence[str | None]) -> Units:
    """List the units of `target`: organisations, or their members where it has `each`."""
    number = len(organisations)
    if target.each is None:
        everyone = np.arange(number)
        limits = np.full(number, NEVER), np.full(number, FOREVER)
        return Units(
            organisation=everyone, member=np.full(number, -1), start=limits[0], end=limits[1]
        )
    members = plan.rosters[target.each].members
    start = np.array([_limit(member.from_, NEVER) for member in members], dtype=np.int64)
    end = np.array([_limit(member.to, FOREVER) for member in members], dtype=np.int64)
    homes = [one.id if target.each == ORGANISATIONS else one.organisation for one in members]
    organisation, member = _memberships(homes, organisation_places(plan, organisations))
    return Units(
        organisation=organisation,
        member=member,
        start=start[member],
        end=end[member],
        members=members,
    )


def _limit(day: dt.date | None, default: int) -> int:
    return default if day is None else day_number(day)


def organisation_places(plan: Plan, organisations: Sequence[str | None]) -> dict[str, int]:
    """Every id, and every name that only one has, by which an organisation is called."""
    places = {name: at for at, name in enumerate(organisations) if name is not None}
    known = plan.rosters.get(ORGANISATIONS, ())
    shared = Counter(one.name for one in known)
    named = {
        one.name: places[one.id] if one.id in places else places[one.name]
        for one in known
        if one.name and shared[one.name] == 1 and (one.id in places or one.name in places)
    }
    called = {one.id: named[one.name] for one in known if one.name in named}
    return called | named | places


def _memberships(homes: Sequence[str | None], places: Mapping[str, int]) -> tuple[Ints, Ints]:
    """Pair organisations with members: those tied to one only there, the others everywhere."""
    if not places:
        return np.zeros(len(homes), dtype=np.int64), np.arange(len(homes))
    number = max(places.values()) + 1
    home = np.array([-1 if one is None else places.get(one, -2) for one in homes], dtype=np.int64)
    free = np.flatnonzero(home == -1)
    tied = np.flatnonzero(home >= 0)
    organisation = np.concatenate([np.repeat(np.arange(number), len(free)), home[tied]])
    member = np.concatenate([np.tile(free, number), tied])
    order = np.lexsort((member, organisation))
    return organisation[order], member[order]


@attrs.frozen(kw_only=True, eq=False)
class TargetGrid:
    """The cells of one target, ordered by organisation, window, member.

    `unit` and `window` say for each cell whose it is and in which window;
    `start`, `end` are its first and last day, cut by the membership;
    `whole_days` the days of the whole, unclipped window.
    """

    target: Target
    span: Period
    days: WindowDays
    units: Units
    unit: Ints
    window: Ints
    start: Ints
    end: Ints
    whole_days: Ints

    @property
    def shape(self) -> tuple[int, int]:
        """Units x windows."""
        return len(self.units), len(self.days)

    def __len__(self) -> int:
        return len(self.unit)

    @property
    def is_plain(self) -> bool:
        """Whether every organisation has every window, and no members."""
        return self.target.each is None and len(self) == len(self.units) * len(self.days)

    @cached_property
    def bounds(self) -> Bounds | None:
        """The original goal as numbers; None when the target is unquantified."""
        return self.target.bounds

    def cells_of(self, table: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The values of the cells, in their order, from a table of units x windows."""
        return table.reshape(-1) if self.is_plain else table[self.unit, self.window]

    def of_one(self) -> TargetGrid:
        """The cells of the first organisation, which stand for those of all in a plain target."""
        units = self.units
        cells, first = slice(0, len(self.days)), slice(0, 1)
        return attrs.evolve(
            self,
            units=Units(
                organisation=units.organisation[first],
                member=units.member[first],
                start=units.start[first],
                end=units.end[first],
            ),
            **{name: getattr(self, name)[cells] for name in _CELLS},
        )


_CELLS = ("unit", "window", "start", "end", "whole_days")


def target_grid(target: Target, plan: Plan, organisations: Sequence[str | None]) -> TargetGrid:
    """Lay out the cells of one target."""
    span = target.span(plan.period)
    assert span is not None  # a plan refuses targets without a span
    days = window_days(target.cadence, span)
    units = units_of(target, plan, organisations)
    start = np.maximum(days.start[None, :], units.start[:, None])
    end = np.minimum(days.end[None, :], units.end[:, None])
    exists = start <= end
    if target.partial == "skip":
        exists &= end - start + 1 == days.whole_days[None, :]
    unit, window = np.nonzero(exists)
    if target.each is not None:
        order = np.lexsort((units.member[unit], window, units.organisation[unit]))
        unit, window = unit[order], window[order]
    return TargetGrid(
        target=target,
        span=span,
        days=days,
        units=units,
        unit=unit,
        window=window,
        start=start[unit, window],
        end=end[unit, window],
        whole_days=days.whole_days[window],
    )


@attrs.frozen(kw_only=True, eq=False)
class OwnBounds:
    """Original goals of single organisations; arrays over organisations.

    `has`: the organisation has numbers of its own; the others are blank there.
    """

    has: Bools
    low: Floats
    high: Floats
    tolerance: Floats
    is_strict: Bools

    @classmethod
    def of(cls, bounds: Sequence[Bounds | None]) -> OwnBounds:
        """Put the bounds of each organisation (None: the plan's) side by side."""
        nan = float("nan")
        return cls(
            has=np.array([one is not None for one in bounds], dtype=bool),
            low=np.array([nan if one is None or one.low is None else one.low for one in bounds]),
            high=np.array([nan if one is None or one.high is None else one.high for one in bounds]),
            tolerance=np.array([one.tolerance if one else 0.0 for one in bounds]),
            is_strict=np.array([bool(one and one.is_strict) for one in bounds]),
        )


@attrs.frozen(kw_only=True, eq=False)
class Grid:
    """The cells of a whole plan, target after target; columns are flat over all cells.

    `organisations` is ``(None,)`` when the plan is assessed as one; `own_bounds`
    are goals of single organisations, by the position of their target.
    """

    plan: Plan
    organisations: tuple[str | None, ...]
    targets: tuple[TargetGrid, ...]
    own_bounds: Mapping[int, OwnBounds] = attrs.field(factory=dict)

    @cached_property
    def organisation_names(self) -> dict[str, int]:
        """Every id and name by which an event may call an organisation, and its position."""
        return organisation_places(self.plan, self.organisations)

    @cached_property
    def offsets(self) -> Ints:
        """Where each target's cells begin; one entry more than there are targets."""
        return np.cumsum([0, *(len(one) for one in self.targets)])

    def __len__(self) -> int:
        return int(self.offsets[-1])

    def part(self, index: int) -> slice:
        """The cells of the target at `index`."""
        return slice(int(self.offsets[index]), int(self.offsets[index + 1]))

    @cached_property
    def blocks(self) -> tuple[Block, ...]:
        """The grid cut between targets into pieces that a cache holds; a small one stays whole."""
        if len(self) <= 2 * _BLOCK:
            return (
                Block(grid=self, targets=slice(0, len(self.targets)), cells=slice(0, len(self))),
            )
        cuts = [0]
        for index in range(1, len(self.targets)):
            is_wide = self.is_wide(index) or self.is_wide(index - 1)
            if is_wide or self.offsets[index + 1] - self.offsets[cuts[-1]] > 2 * _BLOCK:
                cuts.append(index)
        return tuple(map(self._block, cuts, [*cuts[1:], len(self.targets)]))

    def is_wide(self, index: int) -> bool:
        """Whether a target asks many organisations for the same, window by window."""
        one, target = self.targets[index], self.targets[index].target
        has_afterwards = target.makeup or target.measure == "milestone"
        is_same = one.is_plain and index not in self.own_bounds and not has_afterwards
        return is_same and len(self.organisations) >= _WIDE

    def _block(self, first: int, last: int) -> Block:
        own = {at - first: one for at, one in self.own_bounds.items() if first <= at < last}
        part = attrs.evolve(self, targets=self.targets[first:last], own_bounds=own)
        cells = slice(int(self.offsets[first]), int(self.offsets[last]))
        is_wide = last - first == 1 and self.is_wide(first)
        return Block(grid=part, targets=slice(first, last), cells=cells, is_wide=is_wide)

    def told(self, values: Sequence[Any] | npt.NDArray[Any], dtype: Any = None) -> Any:
        """What targets say of their cells: one value a target, or one entry where all agree."""
        told = np.asarray(values, dtype=dtype)
        is_same = (told == told[:1]) | ((told != told) & (told[:1] != told[:1]))
        return told[:1] if is_same.all() else np.repeat(told, np.diff(self.offsets))

    def per_target(self, values: Sequence[Any], dtype: Any = None) -> npt.NDArray[Any]:
        """Repeat one value a target over its cells; the result is not to be written to."""
        if len(values) == 1:
            return np.broadcast_to(np.array(values[0], dtype=dtype), len(self))
        return np.repeat(np.array(values, dtype=dtype), np.diff(self.offsets))

    def _joined(self, arrays: Sequence[Ints]) -> Ints:
        if len(arrays) == 1:
            return arrays[0]
        return np.concatenate(arrays) if arrays else np.empty(0, dtype=np.int64)

    @cached_property
    def target(self) -> Ints:
        """Position of the target of each cell."""
        return self.per_target(range(len(self.targets)), np.int64)

    @cached_property
    def organisation(self) -> Ints:
        """Position of the organisation of each cell."""
        return self._joined([one.units.organisation[one.unit] for one in self.targets])

    @cached_property
    def member(self) -> Ints:
        """Position of the member of each cell on its roster; -1: none."""
        return self._joined([one.units.member[one.unit] for one in self.targets])

    @cached_property
    def window(self) -> Ints:
        """Position of the window of each cell among its target's windows."""
        return self._joined([one.window for one in self.targets])

    @cached_property
    def start(self) -> Ints:
        """First day of each cell."""
        return self._joined([one.start for one in self.targets])

    @cached_property
    def end(self) -> Ints:
        """Last day of each cell."""
        return self._joined([one.end for one in self.targets])

    @cached_property
    def whole_days(self) -> Ints:
        """Days of the whole window of each cell."""
        return self._joined([one.whole_days for one in self.targets])


def plan_grid(
    plan: Plan,
    organisations: Sequence[str | None] = (None,),
    own_bounds: Mapping[int, OwnBounds] | None = None,
) -> Grid:
    """Lay out the cells of every target of `plan` for every organisation.

    Targets with the same windows and members share one layout.
    """
    laid: dict[Any, TargetGrid] = {}
    targets = []
    for target in plan.targets:
        key = (target.cadence, target.span(plan.period), target.each, target.partial)
        if key not in laid:
            laid[key] = target_grid(target, plan, organisations)
        targets.append(attrs.evolve(laid[key], target=target))
    return Grid(
        plan=plan,
        organisations=tuple(organisations),
        targets=tuple(targets),
        own_bounds=own_bounds or {},
    )


def columns_of(dtypes: Mapping[str, Any], number: int) -> dict[str, npt.NDArray[Any]]:
    """Make room for columns of `number` rows; those of one type lie in one run of memory.

    Memory comes in pages, and long runs in few and large ones.
    """
    names: dict[Any, list[str]] = {}
    for name, dtype in dtypes.items():
        names.setdefault(np.dtype(dtype), []).append(name)
    found: dict[str, npt.NDArray[Any]] = {}
    for dtype, own in names.items():
        found |= zip(own, np.empty((len(own), number), dtype=dtype), strict=True)
    return found


@attrs.frozen(kw_only=True, eq=False)
class Block:
    """Some targets of a grid that follow each other, and the cells they have there.

    `is_wide`: there is one target, which asks every organisation for the same.
    """

    grid: Grid
    targets: slice
    cells: slice
    is_wide: bool = False
