"""Rows -> one number a cell: every simple measure, without a loop over rows or cells."""

from __future__ import annotations

from typing import Any

import attrs
import numpy as np

from partybuild.grid import NEVER, Bools, Floats, Ints

#: Up to this many days from the first event to the last, windows are looked up in a table.
_TABLED = 200_000


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
    """Rows that fall into a window, with the number of their cell; `size` cells in all."""

    rows: Rows
    key: Ints
    shape: tuple[int, int]

    @property
    def size(self) -> int:
        """Units x windows."""
        return self.shape[0] * self.shape[1]


def placed(rows: Rows, window: Ints, shape: tuple[int, int]) -> Placed:
    """Leave out the rows without a window (-1) and number the cells of the others."""
    inside = window >= 0
    if not inside.all():
        rows, window = rows.keep(inside), window[inside]
    wide = np.dtype(np.int32 if shape[0] * shape[1] < 2**31 else np.int64)
    key: Any = rows.unit.astype(wide, copy=False) * wide.type(shape[1]) + window
    return Placed(rows=rows, key=key, shape=shape)


def tally(at: Placed) -> Tally:
    """Count the rows of each cell and find the last day."""
    rows = at.rows
    last = np.full(at.size, NEVER, dtype=np.int32)
    day = rows.day if rows.date is None else rows.date
    np.maximum.at(last, at.key, day.astype(np.int32, copy=False))
    events = np.bincount(at.key, weights=rows.events, minlength=at.size).astype(np.int64)
    return Tally(events=events.reshape(at.shape), last=last.astype(np.int64).reshape(at.shape))


def measure_cells(measure: str, at: Placed) -> Floats:
    """Take `measure` (any but days) over the rows of each cell; NaN: nothing to measure."""
    return _TAKERS[measure](at.rows, at.key, at.size).reshape(at.shape)


def _count(rows: Rows, key: Ints, size: int) -> Floats:
    counts: Any = np.bincount(key, weights=rows.events, minlength=size)
    numbers: Floats = counts.astype(np.float64)
    return numbers


def _total(rows: Rows, key: Ints, size: int) -> Floats:
    assert rows.quantity is not None
    sums: Any = np.bincount(key, weights=rows.quantity, minlength=size)
    total: Floats = sums.astype(np.float64, copy=False)
    return total


def _mean(rows: Rows, key: Ints, size: int) -> Floats:
    number = _count(rows, key, size)
    with np.errstate(invalid="ignore"):
        return _total(rows, key, size) / np.where(number, number, np.nan)


def _max(rows: Rows, key: Ints, size: int) -> Floats:
    assert rows.quantity is not None
    values = np.full(size, -np.inf)
    np.maximum.at(values, key, rows.quantity)
    return np.where(np.isneginf(values), np.nan, values)


def _min(rows: Rows, key: Ints, size: int) -> Floats:
    assert rows.quantity is not None
    values = np.full(size, np.inf)
    np.minimum.at(values, key, rows.quantity)
    return np.where(np.isposinf(values), np.nan, values)


def _latest(rows: Rows, key: Ints, size: int) -> Floats:
    assert rows.quantity is not None
    assert rows.recorded is not None
    assert rows.row is not None
    # only some condensed rows carry a last reading
    left = np.flatnonzero(~np.isnan(rows.quantity))
    for values in (rows.day, rows.recorded, rows.row):
        # of the rows still tied for a cell, those with the largest value
        own, of_left = key[left], values[left].astype(np.int64, copy=False)
        most = np.full(size, np.iinfo(np.int64).min)
        np.maximum.at(most, own, of_left)
        left = left[of_left == most[own]]
    result = np.full(size, np.nan)
    result[key[left]] = rows.quantity[left]
    return result


def _distinct(rows: Rows, key: Ints, size: int) -> Floats:
    assert rows.name_index is not None
    assert rows.name_code is not None
    number = int(rows.name_code.max()) + 1 if len(rows.name_code) else 1
    pairs = np.sort(key.astype(np.int64)[rows.name_index] * number + rows.name_code)
    is_new = np.append(True, pairs[1:] != pairs[:-1]) if len(pairs) else np.empty(0, dtype=bool)
    counts: Any = np.bincount(pairs[is_new] // number, minlength=size)
    numbers: Floats = counts.astype(np.float64)
    return numbers


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
