"""Rows -> one number a cell: every simple measure, without a loop over rows or cells."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.grid import NEVER, Bools, Floats, Ints

#: Up to this many days from the first event to the last, windows are looked up in a table.
_TABLED = 200_000
#: For no more days than this a table is not worth its making.
_FEW = 300


@attrs.frozen(kw_only=True, eq=False)
class Stretch:
    """The windows in which a measure is taken, as day numbers, and the last day that counts."""

    start: Ints
    end: Ints
    last_day: int

    def __len__(self) -> int:
        return len(self.start)

    @property
    def key(self) -> tuple[bytes, bytes, int]:
        """What tells this stretch from others."""
        return self.start.tobytes(), self.end.tobytes(), self.last_day

    def of(self, day: Ints) -> Ints:
        """The window that holds each day; -1: none, or after the last day that counts."""
        if not len(self.start) or not len(day):
            return np.full(len(day), -1, dtype=np.int32)
        if len(day) <= _FEW:
            return self._of_days(day)
        least, most = int(day.min()), int(day.max())
        if most - least < _TABLED:
            return self._of_days(np.arange(least, most + 1, dtype=np.int32))[day - least]
        return self._of_days(day)

    def _of_days(self, day: Ints) -> Ints:
        at = np.searchsorted(self.start, day, side="right") - 1
        inside = (at >= 0) & (day <= self.end[at]) & (day <= self.last_day)
        return np.where(inside, at, -1).astype(np.int32)


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """The chosen rows, once for each unit they count for.

    `unit`, `day`, `end_day`, `quantity` are parallel; `recorded` and `row` order
    rows of one day; `date` is the day of the event where `day` was cut to a
    membership; `events` how many events a row stands for (None: one each) and
    `attesting` how many of them are no nil report; `name_index` (which row) and
    `name_code` give coded names. Arrays that a measure does not read may be None.
    """

    unit: Ints
    day: Ints
    end_day: Ints | None = None
    date: Ints | None = None
    quantity: Floats | None = None
    recorded: Ints | None = None
    row: Ints | None = None
    events: Ints | None = None
    attesting: Ints | None = None
    name_index: Ints | None = None
    name_code: Ints | None = None

    def __len__(self) -> int:
        return len(self.unit)

    def keep(self, mask: Bools) -> Rows:
        """Return the rows that `mask` marks."""
        if mask.all():
            return self
        kept = self.take(np.flatnonzero(mask))
        if self.name_index is None or self.name_code is None:
            return kept
        of_kept = mask[self.name_index]
        return attrs.evolve(
            kept,
            name_index=(np.cumsum(mask) - 1)[self.name_index[of_kept]],
            name_code=self.name_code[of_kept],
        )

    def take(self, index: Ints) -> Rows:
        """Return the rows at the positions `index`, without names."""
        taken: dict[str, Any] = {}
        for key in _ARRAYS:
            values = getattr(self, key)
            taken[key] = None if values is None else values[index]
        return Rows(**taken)


_ARRAYS = ("unit", "day", "end_day", "date", "quantity", "recorded", "row", "events", "attesting")


@attrs.frozen(kw_only=True, eq=False)
class Tally:
    """How many rows fell into each cell, and the day of the last of them (`NEVER`: none)."""

    events: Ints
    last: Ints


@attrs.frozen(kw_only=True, eq=False)
class Placed:
    """Rows with the number of their cell, units x windows; `outside`: in none of them.

    `outside` is the number after the last cell, so that rows outside need not be taken
    out: what they add up to is cut off at the end.
    """

    rows: Rows
    key: Ints
    shape: tuple[int, int]

    @property
    def outside(self) -> int:
        """The number of cells, and so the number of none of them."""
        return self.shape[0] * self.shape[1]

    def cells(self, values: npt.NDArray[Any]) -> npt.NDArray[Any]:
        """The table of the cells, out of one value for each number."""
        return values[: self.outside].reshape(self.shape)

    def count(self, weights: Any) -> npt.NDArray[Any]:
        """Add up the weights of the rows of each number (None: one each)."""
        return np.bincount(self.key, weights=weights, minlength=self.outside + 1)


@attrs.frozen(kw_only=True, eq=False)
class Distinct:
    """How many different names: in each cell, and of each unit over the span so far."""

    cells: Floats
    units: Floats


def placed(rows: Rows, window: Ints, shape: tuple[int, int]) -> Placed:
    """Number the cells of rows from their unit and window (-1: none)."""
    outside = shape[0] * shape[1]
    wide = np.dtype(np.int32 if outside < 2**31 - 1 else np.int64)
    key: Any = rows.unit.astype(wide, copy=False) * wide.type(shape[1]) + window
    is_inside = window >= 0
    if not is_inside.all():
        key = np.where(is_inside, key, wide.type(outside))
    return Placed(rows=rows, key=key, shape=shape)


def tally(at: Placed) -> Tally:
    """Count the rows of each cell and find the last day."""
    rows = at.rows
    last = np.full(at.outside + 1, NEVER, dtype=np.int32)
    day = rows.day if rows.date is None else rows.date
    np.maximum.at(last, at.key, day.astype(np.int32, copy=False))
    events = at.count(rows.events).astype(np.int64, copy=False)
    return Tally(events=at.cells(events), last=at.cells(last))


def measure_cells(measure: str, at: Placed) -> Floats:
    """Take `measure` (any but days) over the rows of each cell; NaN: nothing to measure."""
    return at.cells(_TAKERS[measure](at))


def _count(at: Placed) -> Floats:
    numbers: Floats = at.count(at.rows.events).astype(np.float64, copy=False)
    return numbers


def _total(at: Placed) -> Floats:
    assert at.rows.quantity is not None
    total: Floats = at.count(at.rows.quantity).astype(np.float64, copy=False)
    return total


def _mean(at: Placed) -> Floats:
    number = _count(at)
    with np.errstate(invalid="ignore"):
        return _total(at) / np.where(number, number, np.nan)


def _max(at: Placed) -> Floats:
    assert at.rows.quantity is not None
    values = np.full(at.outside + 1, -np.inf)
    np.maximum.at(values, at.key, at.rows.quantity)
    return np.where(np.isneginf(values), np.nan, values)


def _min(at: Placed) -> Floats:
    assert at.rows.quantity is not None
    values = np.full(at.outside + 1, np.inf)
    np.minimum.at(values, at.key, at.rows.quantity)
    return np.where(np.isposinf(values), np.nan, values)


def _latest(at: Placed) -> Floats:
    rows, key = at.rows, at.key
    assert rows.quantity is not None
    assert rows.recorded is not None
    assert rows.row is not None
    # only some condensed rows carry a last reading
    left = np.flatnonzero((key < at.outside) & ~np.isnan(rows.quantity))
    for values in (rows.day, rows.recorded, rows.row):
        # of the rows still tied for a cell, those with the largest value
        own, of_left = key[left], values[left].astype(np.int64, copy=False)
        most = np.full(at.outside, np.iinfo(np.int64).min)
        np.maximum.at(most, own, of_left)
        left = left[of_left == most[own]]
    result = np.full(at.outside, np.nan)
    result[key[left]] = rows.quantity[left]
    return result


def _distinct(at: Placed) -> Floats:
    rows = at.rows
    assert rows.name_index is not None
    assert rows.name_code is not None
    number = int(rows.name_code.max()) + 1 if len(rows.name_code) else 1
    pairs = at.key.astype(np.int64)[rows.name_index] * number + rows.name_code
    pairs = pairs[pairs < at.outside * number]
    pairs.sort()
    counts: Any = np.bincount(pairs[_changes(pairs)] // number, minlength=at.outside)
    numbers: Floats = counts.astype(np.float64)
    return numbers


def distinct_names(rows: Rows, window: Ints, told: tuple[Bools, tuple[int, int]]) -> Distinct:
    """Count the different names of each cell, and of each unit over the span, in one sort.

    `told`: which rows are inside the span (those without a window count there as
    well), and units x windows.
    """
    is_inside, (units, windows) = told
    assert rows.name_index is not None
    assert rows.name_code is not None
    number = int(rows.name_code.max()) + 1 if len(rows.name_code) else 1
    place = np.where(window >= 0, window, np.where(is_inside, windows, -1)).astype(np.int64)
    place += rows.unit.astype(np.int64) * (number * (windows + 1))
    index, code = rows.name_index, rows.name_code
    if not is_inside.all():
        chosen = np.flatnonzero(is_inside[index])
        index, code = index[chosen], code[chosen]
    found = place[index] + code * (windows + 1)
    found.sort()
    found = found[_changes(found)]
    pairs, window = np.divmod(found, windows + 1)
    unit = pairs // number
    so_far = np.bincount(unit[_changes(pairs)], minlength=units)
    in_window = window < windows
    key = (unit * windows + window)[in_window]
    each = np.bincount(key, minlength=units * windows)
    return Distinct(
        cells=each.astype(np.float64).reshape(units, windows), units=so_far.astype(np.float64)
    )


def _changes(values: Ints) -> Bools:
    """Which of sorted values differ from the one before."""
    is_new = np.ones(len(values), dtype=bool)
    np.not_equal(values[1:], values[:-1], out=is_new[1:])
    return is_new


_TAKERS = {
    "count": _count,
    "total": _total,
    "distinct": _distinct,
    "mean": _mean,
    "max": _max,
    "min": _min,
    "latest": _latest,
}


def covered_days(rows: Rows, stretch: Stretch, units: int) -> Floats:
    """Count the different days of each window that the rows of a unit cover.

    The stretches of a unit are merged first, so that a year-long event costs as
    much as a day; what a window holds is then the difference of two lookups.
    """
    shape = (units, len(stretch))
    if not len(rows) or not len(stretch):
        return np.zeros(shape)
    assert rows.end_day is not None
    end = np.minimum(rows.end_day, stretch.last_day)
    begin, finish, unit = _merged(*(one.astype(np.int64) for one in (rows.unit, rows.day, end)))
    if not len(begin):
        return np.zeros(shape)
    ends = np.minimum(stretch.end, stretch.last_day)
    unit_index = np.repeat(np.arange(units), len(stretch))
    upto = _covered_until(begin, finish, unit, (unit_index, np.tile(ends, units)))
    before = _covered_until(begin, finish, unit, (unit_index, np.tile(stretch.start - 1, units)))
    return np.maximum(0.0, (upto - before).astype(np.float64)).reshape(shape)


_FAR = 10**8


def _merged(unit: Ints, day: Ints, end: Ints) -> tuple[Ints, Ints, Ints]:
    """Merge touching stretches of each unit; returns first days, last days and units."""
    valid = end >= day
    unit, day, end = unit[valid], day[valid], end[valid]
    order = np.lexsort((day, unit))
    unit, day, end = unit[order], day[order], end[order]
    reach = np.maximum.accumulate(unit * _FAR + end) if len(unit) else unit
    is_new = np.ones(len(unit), dtype=bool)
    is_new[1:] = (unit * _FAR + day)[1:] > reach[:-1] + 1
    is_new[1:] |= unit[1:] != unit[:-1]
    firsts = np.flatnonzero(is_new)
    lasts = np.append(firsts[1:] - 1, len(unit) - 1) if len(firsts) else firsts
    return day[firsts], (reach - unit * _FAR)[lasts], unit[firsts]


def _covered_until(begin: Ints, finish: Ints, unit: Ints, wanted: tuple[Ints, Ints]) -> Ints:
    """How many days of `unit` are covered up to and with a day, for many (unit, day) pairs."""
    sums = np.concatenate([[0], np.cumsum(finish - begin + 1)])
    own, day = wanted
    at = np.searchsorted(unit * _FAR + begin, own * _FAR + day, side="right")
    total = sums[at]
    over = np.where(at > 0, np.maximum(0, finish[at - 1] - day), 0)
    same = np.where(at > 0, unit[at - 1] == own, False)
    covered: Ints = total - np.where(same, over, 0)
    return covered


def running_steps(rows: Rows) -> Rows:
    """Turn running readings (累计数) into the steps between them.

    A stream is one unit and subject; the last reading of a stream on or before a
    day is then the sum of its steps up to that day. Rows with several names are
    one reading for each of them; rows without a name are a stream of their own.
    """
    assert rows.quantity is not None
    # only some condensed rows carry a last reading
    rows = rows.keep(~np.isnan(rows.quantity))
    assert rows.name_index is not None
    assert rows.name_code is not None
    assert rows.quantity is not None
    assert rows.recorded is not None
    assert rows.row is not None
    nameless = np.ones(len(rows), dtype=bool)
    nameless[rows.name_index] = False
    index = np.concatenate([rows.name_index, np.flatnonzero(nameless)])
    code = np.concatenate([rows.name_code, np.full(int(nameless.sum()), -1)])
    unit, day = rows.unit[index], rows.day[index]
    order = np.lexsort((rows.row[index], rows.recorded[index], day, code, unit))
    unit, day, code = unit[order], day[order], code[order]
    reading = rows.quantity[index][order]
    is_same = (unit[1:] == unit[:-1]) & (code[1:] == code[:-1])
    before = np.zeros(len(reading))
    before[1:] = np.where(is_same, reading[:-1], 0.0)
    return Rows(unit=unit, day=day, quantity=reading - before)
