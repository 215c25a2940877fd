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
    """Rows as they are added: parallel arrays; `extreme` and `ordered` are positions in them.

    They stand in the order of `row`.
    """

    slot: Codes
    organisation: Codes
    place: Codes
    day: Codes
    quantity: Floats
    extreme: Ints
    ordered: Ints
    recorded: Moments | None
    row: Ints | None


@attrs.define(kw_only=True, eq=False)
class Dense:
    """One cell for every organisation, slot and stretch, laid out in advance; grows with both.

    `has_amounts`, `has_extremes`, `has_order`: sums, largest and smallest, last
    readings are kept.
    """

    places: int
    has_amounts: bool
    has_extremes: bool
    has_order: bool
    shape: tuple[int, int] = attrs.field(default=(0, 0), init=False)
    _kept: dict[str, Any] = attrs.field(init=False)
    _blank: dict[str, Any] = attrs.field(init=False)
    _addends: Any = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        kinds = {
            # a cell is fetched from memory once for both: how many, and i times their sum
            "sums": (np.complex128 if self.has_amounts else np.float64, 0),
            "last": (np.int32, NEVER),
            "nil": (np.int32, 0),
        }
        kinds |= _EXTREME if self.has_extremes else {}
        kinds |= _ORDERED if self.has_order else {}
        self._kept = {name: np.full(0, value, dtype) for name, (dtype, value) in kinds.items()}
        self._blank = {name: value for name, (_, value) in kinds.items()}
        self._addends = np.ones(0, dtype=self._kept["sums"].dtype)

    def fits(self, organisations: int, slots: int) -> bool:
        """Make room; False where there would be too many cells."""
        rows, width = self.shape
        if organisations > rows:
            rows = max(organisations, rows * 5 // 4)
        if slots > width:
            width = slots if slots <= 64 else slots * 3 // 2
        if rows * width * self.places > MOST_CELLS:
            return False
        if (rows, width) != self.shape:
            self._grow(rows, width)
        return True

    def _grow(self, rows: int, slots: int) -> None:
        old, self.shape = self.shape, (rows, slots)
        for name, before in self._kept.items():
            fresh = np.full((self.places, rows, slots), self._blank[name], dtype=before.dtype)
            fresh[:, : old[0], : old[1]] = before.reshape(self.places, *old)
            self._kept[name] = fresh.reshape(-1)

    def add(self, rows: Readings) -> None:
        """Add rows up; there is room for them."""
        key, kept = self._keys(rows.organisation, rows.slot, rows.place), self._kept
        np.add.at(kept["sums"], key, self._added(rows.quantity))
        # few rows are later than what their cell has seen
        later = np.flatnonzero(rows.day > kept["last"].take(key))
        np.maximum.at(kept["last"], key[later], rows.day[later])
        nil = key[np.flatnonzero(rows.quantity == 0)]
        np.add.at(kept["nil"], nil, np.ones(len(nil), dtype=np.int32))
        if self.has_extremes and len(rows.extreme):
            own, amounts = key[rows.extreme], rows.quantity[rows.extreme]
            np.maximum.at(kept["most"], own, amounts)
            np.minimum.at(kept["least"], own, amounts)
        if self.has_order and len(rows.ordered):
            self._put_in_order(key, rows)

    def _keys(self, organisation: Codes, slot: Codes, place: Codes) -> Any:
        """The number of each row's cell: of places next to nobody's nothing is touched."""
        rows, slots = self.shape
        kind = np.int32 if self.places * rows * slots < 2**31 else np.int64
        key = place * kind(rows)
        key += organisation
        key *= kind(slots)
        key += slot
        return key.astype(np.intp, copy=False)

    def _added(self, quantity: Floats) -> Any:
        """What each row adds to its cell."""
        if len(self._addends) < len(quantity):
            self._addends = np.ones(len(quantity), dtype=self._addends.dtype)
        addends = self._addends[: len(quantity)]
        if self.has_amounts:
            addends.imag = quantity
        return addends

    def _put_in_order(self, key: Ints, rows: Readings) -> None:
        """Keep the last reading of each cell: by day, time of recording, row."""
        assert rows.recorded is not None
        assert rows.row is not None
        kept = self._kept
        own, chosen = key[rows.ordered], rows.ordered
        left = np.flatnonzero(rows.day[chosen] == kept["last"][own])
        own, chosen = own[left], chosen[left]
        now = [one[chosen] for one in (rows.day, rows.recorded, rows.row)]
        was = [kept[name][own] for name in ("read on", "recorded", "row")]
        left = np.flatnonzero(_is_later(now, was))
        # of several rows of one cell the one that is assigned last stays
        left = left[np.argsort(now[1][left], kind="stable")]
        own, chosen = own[left], chosen[left]
        kept["read on"][own] = rows.day[chosen]
        kept["recorded"][own] = rows.recorded[chosen]
        kept["row"][own] = rows.row[chosen]
        kept["reading"][own] = rows.quantity[chosen]

    def absorb(self, cells: Cells) -> None:
        """Add cells of another grid, each of which stands there once; there is room for them."""
        values: Any = cells
        key, kept = self._keys(cells.organisation, cells.slot, cells.place), self._kept
        kept["sums"][key] += cells.events
        if self.has_amounts:
            kept["sums"].imag[key] += cells.total
        kept["nil"][key] += cells.nil
        kept["last"][key] = np.maximum(kept["last"][key], cells.last)
        if self.has_extremes:
            kept["most"][key] = np.maximum(kept["most"][key], values.most)
            kept["least"][key] = np.minimum(kept["least"][key], values.least)
        if self.has_order:
            was = [kept[name][key] for name in ("read on", "recorded", "row")]
            now = [values.last, values.recorded, values.row]
            left = np.flatnonzero(_is_later(now, was) & (values.row >= 0))
            for name, own in zip(_ORDERED, (values.reading, *now[1:], now[0]), strict=True):
                kept[name][key[left]] = own[left]

    def cells(self) -> Cells | None:
        """Return the cells that have events, and let go of the grid."""
        kept, self._kept = self._kept, {}
        sums = kept.pop("sums")
        at = np.flatnonzero(sums.real)
        if not len(at):
            return None
        values = {name: kept[name][at] for name in kept if name in _NAMES}
        own = sums[at]
        values["events"] = own.real.astype(np.int64)
        if self.has_amounts:
            values["total"] = own.imag.copy()
        rest, slot = np.divmod(at, self.shape[1])
        place, organisation = np.divmod(rest, self.shape[0])
        return Cells(
            slot=slot.astype(np.int32),
            organisation=organisation.astype(np.int32),
            place=place.astype(np.int32),
            **values,
        )


def _is_later(now: Sequence[Any], was: Sequence[Any]) -> Any:
    """Where the numbers `now` stand behind those that `was` names, the first ones first."""
    is_later = now[-1] > was[-1]
    for one, other in zip(reversed(now[:-1]), reversed(was[:-1]), strict=True):
        is_later = (one > other) | ((one == other) & is_later)
    return is_later


#: What a cell keeps, and what it begins with.
_EXTREME: Final[dict[str, tuple[Any, Any]]] = {
    "most": (np.float64, -np.inf),
    "least": (np.float64, np.inf),
}
_ORDERED: Final[dict[str, tuple[Any, Any]]] = {
    "reading": (np.float64, np.nan),
    "recorded": (np.int64, _LONG_AGO),
    "row": (np.int64, -1),
    "read on": (np.int32, NEVER),
}
