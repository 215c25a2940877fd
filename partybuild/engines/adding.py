"""Events added up batch after batch: a dense grid where cells are few, sorted groups elsewhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import numpy as np

from partybuild.engines.coding import Codes, Moments
from partybuild.grid import NEVER, Floats, Ints

#: More cells than this are not laid out; events are sorted into groups instead.
MOST_CELLS: Final = 1 << 25
#: So many rows are gathered before they are grouped.
_GATHERED: Final = 1 << 20
_LONG_AGO: Final = int(np.iinfo(np.int64).min)


@attrs.frozen(kw_only=True, eq=False)
class Cells:
    """Condensed events: parallel arrays, one entry for each cell.

    `slot` stands for kind, unit and attributes, `organisation` for one (0: none),
    `place` for a stretch or a day, `end` and `subject` are 0 where they do not
    matter. `last` is the last day, `events` how many, `nil` how many of quantity 0.
    The others are None where no quantity, or no last reading, is asked for: `total`,
    `most`, `least`; `reading`, recorded at `recorded`, in row `row` (-1: none).
    """

    slot: Codes
    organisation: Codes
    place: Codes
    end: Codes | None = None
    subject: Codes | None = None
    last: Codes
    events: Ints
    nil: Ints
    total: Floats | None = None
    most: Floats | None = None
    least: Floats | None = None
    reading: Floats | None = None
    recorded: Moments | None = None
    row: Ints | None = None

    def __len__(self) -> int:
        return len(self.slot)


_NAMES: Final = tuple(field.name for field in attrs.fields(Cells))
_KEYS: Final = ("slot", "organisation", "place", "end", "subject")
_READING: Final = ("reading", "recorded", "row")


def grouped(several: Sequence[Cells]) -> Cells:
    """Put cells of one make together, those with the same key into one."""
    whole = {name: _joined([getattr(one, name) for one in several]) for name in _NAMES}
    if not len(whole["slot"]):
        return Cells(**whole)
    order, is_new = _order(whole, is_ordered=whole["row"] is not None)
    starts = np.flatnonzero(is_new)
    ends = np.append(starts[1:], len(order)) - 1
    found: dict[str, Any] = {}
    for name, values in whole.items():
        if values is None:
            found[name] = None
        elif name in _KEYS:
            found[name] = values[order[starts]]
        elif name in _READING:
            found[name] = values[order[ends]]
        else:
            found[name] = _FOLDS[name].reduceat(values[order], starts)
    return Cells(**found)


_FOLDS: Final[dict[str, np.ufunc]] = {
    "last": np.maximum,
    "events": np.add,
    "nil": np.add,
    "total": np.add,
    "most": np.maximum,
    "least": np.minimum,
}


def _joined(arrays: list[Any]) -> Any:
    return None if arrays[0] is None else np.concatenate(arrays)


def _order(whole: dict[str, Any], *, is_ordered: bool) -> tuple[Ints, Any]:
    """The order of the keys, the last reading of each at its end, and where keys change."""
    keys = packed([whole[name] for name in _KEYS if whole[name] is not None])
    if is_ordered:
        within = [whole["row"], whole["recorded"], whole["last"]]
        order = np.lexsort([*within, *reversed(keys)])
    else:
        order = np.argsort(keys[0]) if len(keys) == 1 else np.lexsort(list(reversed(keys)))
    is_new = np.zeros(len(order), dtype=bool)
    is_new[0] = True
    for key in keys:
        ordered = key[order]
        is_new[1:] |= ordered[1:] != ordered[:-1]
    return order, is_new


def packed(columns: Sequence[Codes]) -> list[Ints]:
    """Pack columns of whole numbers into as few as hold them, in the same order."""
    keys: list[Ints] = []
    room = 1
    for column in columns:
        least = int(column.min())
        span = int(column.max()) - least + 1
        own = column.astype(np.int64) - least
        if keys and room * span < 2**62:
            keys[-1] *= span
            keys[-1] += own
            room *= span
        else:
            keys.append(own)
            room = span
    return keys


@attrs.define(kw_only=True, eq=False)
class Groups:
    """Cells grouped by sorting, for keys too many to lay out."""

    _kept: Cells | None = attrs.field(default=None, init=False)
    _pending: list[Cells] = attrs.field(factory=list, init=False)
    _rows: int = attrs.field(default=0, init=False)

    def add(self, cells: Cells) -> None:
        """Take further cells; they are grouped once there are many."""
        if not len(cells):
            return
        self._pending.append(cells)
        self._rows += len(cells)
        # as many again as there are, so that sorting them costs little more than once
        if self._rows >= max(_GATHERED, 0 if self._kept is None else len(self._kept) // 2):
            self._group()

    def cells(self) -> Cells | None:
        """Return all cells; None when there are none."""
        if self._pending:
            self._group()
        return self._kept

    def _group(self) -> None:
        kept = [] if self._kept is None else [self._kept]
        self._kept = grouped([*kept, *self._pending])
        self._pending, self._rows = [], 0


@attrs.frozen(kw_only=True, eq=False)
class Readings:
    """Rows as they are added: parallel arrays; `measured` and `ordered` are positions in them.

    `quantity` may be None when it is not asked for.
    """

    slot: Codes
    organisation: Codes
    place: Codes
    day: Codes
    quantity: Floats
    measured: Ints
    ordered: Ints
    recorded: Moments | None
    row: Ints | None


@attrs.define(kw_only=True, eq=False)
class Dense:
    """One cell for every organisation, slot and stretch, laid out in advance; grows with both.

    `has_amounts` and `has_order`: sums and extremes, last readings are kept.
    """

    places: int
    has_amounts: bool
    has_order: bool
    shape: tuple[int, int] = attrs.field(default=(0, 0), init=False)
    _arrays: dict[str, Any] = attrs.field(factory=dict, init=False)
    _ones: Codes = attrs.field(factory=lambda: np.ones(0, dtype=np.int32), init=False)
    _rows: int = attrs.field(default=0, init=False)

    def fits(self, organisations: int, slots: int) -> bool:
        """Make room; False where there would be too many cells."""
        rows, width = self.shape
        if organisations > rows:
            rows = max(organisations, rows * 3 // 2)
        if slots > width:
            width = slots if slots <= 64 else slots * 3 // 2
        if rows * width * self.places > MOST_CELLS:
            return False
        if (rows, width) != self.shape:
            self._grow(rows, width)
        return True

    def _grow(self, rows: int, width: int) -> None:
        old, self.shape = self.shape, (rows, width)
        for name, (dtype, value) in _DENSE.items():
            if not self._is_kept(name):
                continue
            fresh = np.full((rows, width, self.places), value, dtype=dtype)
            if name in self._arrays:
                before = self._arrays[name].reshape(*old, self.places)
                fresh = fresh.astype(before.dtype, copy=False)
                fresh[: old[0], : old[1]] = before
            self._arrays[name] = fresh.reshape(-1)

    def _is_kept(self, name: str) -> bool:
        if name in (*_READING, "read on"):
            return self.has_order
        return self.has_amounts or name not in ("total", "most", "least")

    def add(self, rows: Readings) -> None:
        """Add rows up; there is room for them."""
        number = len(rows.slot)
        self._rows += number
        if self._rows >= 2**31 and self._arrays["events"].dtype == np.int32:
            for name in ("events", "nil"):
                self._arrays[name] = self._arrays[name].astype(np.int64)
        key = rows.organisation * np.int64(self.shape[1] * self.places)
        key += rows.slot * np.int64(self.places)
        key += rows.place
        self._count("events", key)
        np.maximum.at(self._arrays["last"], key, rows.day)
        none = np.flatnonzero(rows.quantity == 0)
        if len(none):
            self._count("nil", key[none])
        if self.has_amounts and len(rows.measured):
            at, amounts = _chosen(rows.measured, number, (key, rows.quantity))
            np.add.at(self._arrays["total"], at, amounts)
            np.maximum.at(self._arrays["most"], at, amounts)
            np.minimum.at(self._arrays["least"], at, amounts)
        if self.has_order and len(rows.ordered):
            self._order(key, rows)

    def _count(self, name: str, key: Ints) -> None:
        counts = self._arrays[name]
        if len(self._ones) < len(key) or self._ones.dtype != counts.dtype:
            self._ones = np.ones(len(key), dtype=counts.dtype)
        np.add.at(counts, key, self._ones[: len(key)])

    def _order(self, key: Ints, rows: Readings) -> None:
        """Keep the last reading of each cell: by day, time of recording, row."""
        assert rows.recorded is not None
        assert rows.row is not None
        own, day = key[rows.ordered], rows.day[rows.ordered]
        left = np.flatnonzero(day == self._arrays["last"][own])
        own, chosen = own[left], rows.ordered[left]
        recorded, row = rows.recorded[chosen], rows.row[chosen]
        order = np.lexsort((row, recorded, own))
        own, chosen = own[order], chosen[order]
        is_last = np.append(own[1:] != own[:-1], True) if len(own) else np.empty(0, dtype=bool)
        own, chosen = own[is_last], chosen[is_last]
        day, recorded, row = rows.day[chosen], rows.recorded[chosen], rows.row[chosen]
        kept = {name: self._arrays[name][own] for name in (*_READING, "read on")}
        later = (day > kept["read on"]) | (recorded > kept["recorded"])
        later |= (recorded == kept["recorded"]) & (row > kept["row"])
        own, chosen = own[later], chosen[later]
        self._arrays["read on"][own] = rows.day[chosen]
        self._arrays["recorded"][own] = rows.recorded[chosen]
        self._arrays["row"][own] = rows.row[chosen]
        self._arrays["reading"][own] = rows.quantity[chosen]

    def cells(self) -> Cells | None:
        """Return the cells that have events, and let go of the grid."""
        if not self._arrays:
            return None
        at = np.flatnonzero(self._arrays["events"])
        values = {}
        for name in list(self._arrays):
            array = self._arrays.pop(name)
            if name != "read on":
                values[name] = array[at]
        slots, self.shape = self.shape[1], (0, 0)
        rest, place = np.divmod(at, self.places)
        organisation, slot = np.divmod(rest, slots)
        return Cells(
            slot=slot.astype(np.int32),
            organisation=organisation.astype(np.int32),
            place=place.astype(np.int32),
            **values,
        )


_DENSE: Final[dict[str, tuple[Any, Any]]] = {
    "last": (np.int32, NEVER),
    "events": (np.int32, 0),
    "nil": (np.int32, 0),
    "total": (np.float64, 0.0),
    "most": (np.float64, -np.inf),
    "least": (np.float64, np.inf),
    "reading": (np.float64, np.nan),
    "recorded": (np.int64, _LONG_AGO),
    "row": (np.int64, -1),
    "read on": (np.int32, NEVER),
}


def _chosen(positions: Ints, number: int, arrays: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(positions) == number:
        return arrays
    return tuple(array[positions] for array in arrays)
