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
#: So many rows are gathered before they are grouped; twice as many where few fall together.
_GATHERED: Final = 1 << 22
_FEW: Final = 0.7
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
    _patience: int = attrs.field(default=1, init=False)

    def add(self, cells: Cells) -> None:
        """Take further cells; they are grouped once there are many."""
        if not len(cells):
            return
        self._pending.append(cells)
        self._rows += len(cells)
        # as many again as there are, so that sorting them costs little more than once
        kept = 0 if self._kept is None else len(self._kept)
        if self._rows >= max(_GATHERED * self._patience, kept // 2):
            self._group()

    def cells(self) -> Cells | None:
        """Return all cells; None when there are none."""
        if self._pending:
            self._group()
        return self._kept

    def _group(self) -> None:
        several = [*([] if self._kept is None else [self._kept]), *self._pending]
        self._kept = grouped(several)
        self._pending, self._rows = [], 0
        if len(self._kept) > _FEW * sum(map(len, several)):
            self._patience = 2


@attrs.frozen(kw_only=True, eq=False)
class Readings:
    """Rows as they are added: parallel arrays; `measured` and `ordered` are positions in them.

    They stand in the order of `row`.
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

    The numbers of a cell lie side by side, and rows are added a few thousand at a
    time, so that a cell is fetched from memory once for all of them. `has_amounts`
    and `has_order`: sums and extremes, last readings are kept.
    """

    places: int
    has_amounts: bool
    has_order: bool
    shape: tuple[int, int] = attrs.field(default=(0, 0), init=False)
    _sums: Floats = attrs.field(factory=lambda: np.empty(0), init=False)
    _nil: Codes = attrs.field(factory=lambda: np.empty(0, dtype=np.int32), init=False)
    _order: dict[str, Any] = attrs.field(factory=dict, init=False)

    @property
    def _width(self) -> int:
        return len(_COUNTED) + (len(_SUMMED) if self.has_amounts else 0)

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

    def _grow(self, rows: int, slots: int) -> None:
        old, self.shape = self.shape, (rows, slots)
        blank = [*_COUNTED.values(), *_SUMMED.values()][: self._width]
        sums = np.empty((rows, slots, self.places, self._width))
        sums[...] = blank
        sums[: old[0], : old[1]] = self._sums.reshape(*old, self.places, self._width)
        self._sums = sums.reshape(-1)
        self._nil = self._grown(self._nil, old, (np.int32, 0))
        if self.has_order:
            nothing: Any = np.empty(0)
            for name, (dtype, value) in _ORDERED.items():
                before = self._order.get(name, nothing.astype(dtype))
                self._order[name] = self._grown(before, old, (dtype, value))

    def _grown(self, before: Any, old: tuple[int, int], kind: tuple[Any, Any]) -> Any:
        fresh = np.full((*self.shape, self.places), kind[1], dtype=kind[0])
        fresh[: old[0], : old[1]] = before.reshape(*old, self.places)
        return fresh.reshape(-1)

    def add(self, rows: Readings) -> None:
        """Add rows up; there is room for them."""
        key = self._keys(rows)
        none = np.flatnonzero(rows.quantity == 0)
        if len(none):
            nil = key[none]
            np.add.at(self._nil, nil, np.ones(len(nil), dtype=np.int32))
        self._add(key, rows)
        if self.has_order and len(rows.ordered):
            self._put_in_order(key, rows)

    def _keys(self, rows: Readings) -> Any:
        """The number of each row's cell."""
        of_organisation = self.shape[1] * self.places
        narrow = self.shape[0] * of_organisation < 2**31
        kind = np.int32 if narrow else np.int64
        key = rows.organisation * kind(of_organisation)
        key += rows.slot * kind(self.places)
        key += rows.place
        return key.astype(np.intp, copy=False)

    def _add(self, key: Ints, rows: Readings) -> None:
        ones, day, sums = np.ones(_STRIDE), rows.day.astype(np.float64), self._sums
        place = key * self._width
        is_whole = len(rows.measured) == len(key)
        bounds = np.searchsorted(rows.measured, np.arange(0, len(key) + _STRIDE, _STRIDE))
        for number, first in enumerate(range(0, len(key), _STRIDE)):
            at = place[first : first + _STRIDE]
            np.add.at(sums, at, ones[: len(at)])
            at += 1
            np.maximum.at(sums, at, day[first : first + _STRIDE])
            if not self.has_amounts:
                continue
            amounts = rows.quantity[first : first + _STRIDE]
            if not is_whole:
                some = rows.measured[bounds[number] : bounds[number + 1]] - first
                at, amounts = at.take(some), amounts.take(some)
            for fold in (np.add, np.maximum, np.minimum):
                at += 1
                fold.at(sums, at, amounts)

    def _put_in_order(self, key: Ints, rows: Readings) -> None:
        """Keep the last reading of each cell: by day, time of recording, row."""
        assert rows.recorded is not None
        assert rows.row is not None
        own, chosen = key[rows.ordered], rows.ordered
        left = np.flatnonzero(rows.day[chosen] == self._sums[own * self._width + 1])
        own, chosen = own[left], chosen[left]
        day, recorded, row = rows.day[chosen], rows.recorded[chosen], rows.row[chosen]
        kept = {name: self._order[name][own] for name in ("read on", "recorded", "row")}
        is_later = (day > kept["read on"]) | (recorded > kept["recorded"])
        is_later |= (recorded == kept["recorded"]) & (row > kept["row"])
        left = np.flatnonzero(is_later)
        # of several rows of one cell the one that is assigned last stays
        left = left[np.argsort(recorded[left], kind="stable")]
        own, chosen = own[left], chosen[left]
        self._order["read on"][own] = rows.day[chosen]
        self._order["recorded"][own] = rows.recorded[chosen]
        self._order["row"][own] = rows.row[chosen]
        self._order["reading"][own] = rows.quantity[chosen]

    def cells(self) -> Cells | None:
        """Return the cells that have events, and let go of the grid."""
        if not len(self._sums):
            return None
        sums = self._sums.reshape(-1, self._width)
        at = np.flatnonzero(sums[:, 0])
        names = [*_COUNTED, *_SUMMED][: self._width]
        values: dict[str, Any] = {name: sums[at, place] for place, name in enumerate(names)}
        self._sums = np.empty(0)
        values |= {name: values[name].astype(kind) for name, kind in _WHOLE.items()}
        values |= {"nil": self._nil[at]}
        values |= {name: self._order.pop(name)[at] for name in _READING if self.has_order}
        rest, place = np.divmod(at, self.places)
        organisation, slot = np.divmod(rest, self.shape[1])
        self.shape, self._order, self._nil = (0, 0), {}, np.empty(0, dtype=np.int32)
        return Cells(
            slot=slot.astype(np.int32),
            organisation=organisation.astype(np.int32),
            place=place.astype(np.int32),
            **values,
        )


#: Rows that are added at a time: their cells stay in the processor's own memory.
_STRIDE: Final = 4096
#: The numbers of a cell, in their order, and what they begin with.
_COUNTED: Final = {"events": 0.0, "last": float(NEVER)}
_SUMMED: Final = {"total": 0.0, "most": -np.inf, "least": np.inf}
_WHOLE: Final = {"events": np.int64, "last": np.int32}
_ORDERED: Final[dict[str, tuple[Any, Any]]] = {
    "reading": (np.float64, np.nan),
    "recorded": (np.int64, _LONG_AGO),
    "row": (np.int64, -1),
    "read on": (np.int32, NEVER),
}
