"""Events added up batch after batch: a dense grid where cells are few, sorted groups elsewhere."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np

from partybuild.engines.coding import Codes, Moments
from partybuild.grid import NEVER, Bools, Floats, Ints

#: More cells than this are not laid out; events are sorted into groups instead.
MOST_CELLS: Final = 1 << 25
#: So many rows are gathered before they are grouped.
_GATHERED: Final = 1 << 21
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
    if whole["total"] is None and whole["row"] is None and whole["events"].max() == 1:
        narrow = _counted(whole)
        if narrow is not None:
            return narrow
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


def _counted(whole: dict[str, Any]) -> Cells | None:
    """Group single events that are only counted: key, day and nil are sorted as one number.

    None where they do not fit into one.
    """
    parts = {name: whole[name] for name in (*_KEYS, "last", "nil") if whole[name] is not None}
    least = {name: int(values.min()) for name, values in parts.items()}
    spans = {name: int(values.max()) - least[name] + 1 for name, values in parts.items()}
    if math.prod(spans.values()) >= 2**62:
        return None
    (number,) = packed(list(parts.values()))
    number.sort()
    key = number // (spans["last"] * spans["nil"])
    starts = np.flatnonzero(np.append(True, key[1:] != key[:-1]))
    ends = np.append(starts[1:], len(key)) - 1
    rest, nil = np.divmod(number[ends], spans["nil"])
    found: dict[str, Any] = {"events": np.diff(np.append(starts, len(key))).astype(np.int32)}
    for name in reversed(parts):
        if name != "nil":
            rest, own = np.divmod(rest, spans[name])
            found[name] = (own + least[name]).astype(parts[name].dtype)
    if spans["nil"] > 1:
        nil = np.add.reduceat(number % spans["nil"], starts)
    found["nil"] = (nil + least["nil"] * found["events"]).astype(np.int32)
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
    """Cells grouped by sorting, for keys too many to lay out.

    They are grouped in runs; a key may stand in several until there are so many
    that putting the runs together pays.
    """

    _runs: list[Cells] = attrs.field(factory=list, init=False)
    _pending: list[Cells] = attrs.field(factory=list, init=False)
    _most: int = attrs.field(factory=lambda: 4 * _GATHERED, init=False)

    def add(self, cells: Cells) -> None:
        """Take further cells; they are grouped once there are many."""
        if not len(cells):
            return
        self._pending.append(cells)
        if sum(map(len, self._pending)) >= _GATHERED:
            self._group()

    def parts(self) -> list[Cells]:
        """Return all cells, run by run."""
        if self._pending:
            self._group()
        return self._runs

    def extend(self, parts: Sequence[Cells]) -> None:
        """Take the runs of other groups, in the numbers used here."""
        self._runs += parts

    def _group(self) -> None:
        self._runs.append(grouped(self._pending))
        self._pending = []
        if sum(map(len, self._runs)) >= self._most:
            self._runs = [grouped(self._runs)]
            # as many again as there are, so that sorting them costs little more than once
            self._most = max(self._most, 2 * len(self._runs[0]))


@attrs.frozen(kw_only=True, eq=False)
class Readings:
    """Rows as they are added: parallel arrays, in the order of `row`.

    `marks` says of each slot whether its largest and smallest amount (`extreme`) and
    its last reading (`ordered`) are asked for.
    """

    slot: Codes
    organisation: Codes
    place: Codes
    day: Codes
    quantity: Floats
    recorded: Moments | None
    row: Ints | None
    marks: Mapping[str, Bools]


@attrs.define(kw_only=True, eq=False)
class _Sheet:
    """Arrays over places, organisations and slots; `kinds` are their types and what they are blank.

    What stands in places next to nobody's is never touched.
    """

    places: int
    kinds: dict[str, tuple[Any, Any]]
    shape: tuple[int, int] = attrs.field(default=(0, 0), init=False)
    kept: dict[str, Any] = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        self.kept = {name: np.empty(0, dtype) for name, (dtype, _) in self.kinds.items()}

    def grow(self, rows: int, slots: int) -> None:
        """Make room for so many organisations and slots."""
        if (rows, slots) == self.shape:
            return
        old, self.shape = self.shape, (rows, slots)
        for name, (dtype, blank) in self.kinds.items():
            fresh = np.zeros((self.places, rows, slots), dtype=dtype)
            if blank != 0:
                fresh[...] = blank
            fresh[:, : old[0], : old[1]] = self.kept[name].reshape(self.places, *old)
            self.kept[name] = fresh.reshape(-1)

    def keys(self, organisation: Codes, slot: Codes, place: Codes) -> Any:
        """The number of each row's cell."""
        rows, slots = self.shape
        kind = np.int32 if self.places * rows * slots < 2**31 else np.int64
        key = place * kind(rows)
        key += organisation
        key *= kind(slots)
        key += slot
        return key.astype(np.intp, copy=False)


@attrs.define(kw_only=True, eq=False)
class Dense:
    """One cell for every organisation, slot and stretch, laid out in advance; grows with both.

    `has_amounts`: sums are kept. Extremes and last readings have sheets of their own,
    with only the slots that are asked for them.
    """

    places: int
    has_amounts: bool
    shape: tuple[int, int] = attrs.field(default=(0, 0), init=False)
    _epoch: int | None = attrs.field(default=None, init=False)
    _all: _Sheet = attrs.field(init=False)
    _some: dict[str, _Sheet] = attrs.field(init=False)
    _marks: Mapping[str, Bools] = attrs.field(factory=dict, init=False)
    _addends: Any = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        # a cell is fetched from memory once for both: how many, and i times their sum
        kind = np.complex128 if self.has_amounts else np.float64
        kinds = {"sums": (kind, 0), "last": (np.int16, _UNSEEN), "nil": (np.int32, 0)}
        self._all = _Sheet(places=self.places, kinds=kinds)
        self._some = {name: _Sheet(places=self.places, kinds=own) for name, own in _SOME.items()}
        self._addends = np.ones(0, dtype=kind)

    def fits(self, organisations: int, slots: int) -> bool:
        """Make room; False where there would be too many cells."""
        rows, width = self.shape
        if organisations > rows:
            rows = max(organisations, rows * 5 // 4)
        if slots > width:
            width = slots if slots <= 64 else slots * 3 // 2
        if rows * width * self.places > MOST_CELLS:
            return False
        self.shape = rows, width
        self._all.grow(rows, width)
        return True

    def add(self, rows: Readings) -> None:
        """Add rows up; there is room for them."""
        if not len(rows.slot):
            return
        key, kept = self._all.keys(rows.organisation, rows.slot, rows.place), self._all.kept
        np.add.at(kept["sums"], key, self._added(rows.quantity))
        day = self._days(rows.day)
        # few rows are later than what their cell has seen
        later = np.flatnonzero(day > kept["last"].take(key))
        np.maximum.at(kept["last"], key[later], day[later])
        nil = key[np.flatnonzero(rows.quantity == 0)]
        np.add.at(kept["nil"], nil, np.ones(len(nil), dtype=np.int32))
        self._marks = rows.marks
        own, chosen = self._chosen("extreme", rows)
        if len(chosen):
            kept, amounts = self._some["extreme"].kept, rows.quantity[chosen]
            np.maximum.at(kept["most"], own, amounts)
            np.minimum.at(kept["least"], own, amounts)
        own, chosen = self._chosen("ordered", rows)
        if len(chosen):
            self._put_in_order(own, rows, chosen)

    def _days(self, day: Codes) -> Any:
        """Days counted from the first one seen, in two bytes while all days lie near it."""
        if self._epoch is None:
            self._epoch = int(day[0])
        kept = self._all.kept["last"]
        if kept.dtype == np.int16:
            day = day - np.int32(self._epoch)
            if day.min() > _UNSEEN and day.max() <= -_UNSEEN - 1:
                return day.astype(np.int16)
            wide = kept.astype(np.int32) + np.int32(self._epoch)
            wide[kept == _UNSEEN] = NEVER
            self._all.kinds["last"] = np.int32, NEVER
            self._all.kept["last"] = wide
            day, self._epoch = day + np.int32(self._epoch), 0
        return day

    def _added(self, quantity: Floats) -> Any:
        """What each row adds to its cell."""
        if len(self._addends) < len(quantity):
            self._addends = np.ones(len(quantity), dtype=self._addends.dtype)
        addends = self._addends[: len(quantity)]
        if self.has_amounts:
            addends.imag = quantity
        return addends

    def _chosen(self, name: str, rows: Readings | Cells) -> tuple[Any, Ints]:
        """Which rows have a cell on the sheet `name`, and the numbers of these."""
        marks, sheet = self._marks[name], self._some[name]
        if not marks.any():
            return np.empty(0, dtype=np.intp), np.empty(0, dtype=np.intp)
        # slots only ever become more, so their order among those marked stays
        rank = np.cumsum(marks, dtype=np.int32) - np.int32(1)
        sheet.grow(self.shape[0], max(sheet.shape[1], int(rank[-1]) + 1))
        chosen = np.flatnonzero(marks.take(rows.slot))
        slot = rank.take(rows.slot.take(chosen))
        return sheet.keys(rows.organisation.take(chosen), slot, rows.place.take(chosen)), chosen

    def _put_in_order(self, own: Ints, rows: Readings, chosen: Ints) -> None:
        """Keep the last reading of each cell: by day, time of recording, row."""
        assert rows.recorded is not None
        assert rows.row is not None
        kept = self._some["ordered"].kept
        left = np.flatnonzero(rows.day[chosen] >= kept["read on"][own])
        own, chosen = own[left], chosen[left]
        now = [one[chosen] for one in (rows.day, rows.recorded, rows.row)]
        left = np.flatnonzero(_is_later(now, [kept[name][own] for name in _MOMENT]))
        # of several rows of one cell the one that is assigned last stays
        left = left[np.lexsort([now[1][left], now[0][left]])]
        own, chosen = own[left], chosen[left]
        for name, values in zip(_MOMENT, now, strict=True):
            kept[name][own] = values[left]
        kept["reading"][own] = rows.quantity[chosen]

    def absorb(self, cells: Cells, marks: Mapping[str, Bools]) -> None:
        """Add cells of another grid, each of which stands there once; there is room for them."""
        values: Any = cells
        key, kept = self._all.keys(cells.organisation, cells.slot, cells.place), self._all.kept
        kept["sums"][key] += cells.events
        if self.has_amounts:
            kept["sums"].imag[key] += cells.total
        kept["nil"][key] += cells.nil
        last = self._days(cells.last)
        kept["last"][key] = np.maximum(kept["last"][key], last)
        self._marks = marks
        own, chosen = self._chosen("extreme", cells)
        if len(chosen):
            kept = self._some["extreme"].kept
            kept["most"][own] = np.maximum(kept["most"][own], values.most[chosen])
            kept["least"][own] = np.minimum(kept["least"][own], values.least[chosen])
        own, chosen = self._chosen("ordered", cells)
        if len(chosen):
            kept = self._some["ordered"].kept
            now = [one[chosen] for one in (values.last, values.recorded, values.row)]
            is_later = _is_later(now, [kept[name][own] for name in _MOMENT])
            left = np.flatnonzero(is_later & (now[2] >= 0))
            for name, column in zip(_MOMENT, now, strict=True):
                kept[name][own[left]] = column[left]
            kept["reading"][own[left]] = values.reading[chosen[left]]

    def parts(self) -> Iterator[Cells]:
        """Give the cells that have events, place by place; ends the adding."""
        rows, slots = self.shape
        size = rows * slots
        for place in range(self.places if size else 0):
            kept = {
                name: values[place * size : (place + 1) * size]
                for name, values in self._all.kept.items()
            }
            at = np.flatnonzero(kept["sums"].real)
            if len(at):
                organisation, slot = np.divmod(at.astype(np.int32), np.int32(slots))
                sums = kept["sums"][at]
                yield self._whole(
                    Cells(
                        slot=slot,
                        organisation=organisation,
                        place=np.full(len(at), place, dtype=np.int32),
                        last=kept["last"][at] + np.int32(self._epoch or 0),
                        events=sums.real.astype(np.int64),
                        nil=kept["nil"][at],
                        total=sums.imag.copy() if self.has_amounts else None,
                    )
                )

    def _whole(self, cells: Cells) -> Cells:
        """Add extremes and last readings."""
        found: dict[str, Any] = {}
        for name, sheet in self._some.items():
            if not self._marks[name].any():
                continue
            own, chosen = self._chosen(name, cells)
            for column, (dtype, blank) in sheet.kinds.items():
                if column in _NAMES:
                    found[column] = np.full(len(cells), blank, dtype)
                    found[column][chosen] = sheet.kept[column][own]
        return attrs.evolve(cells, **found)


def _is_later(now: Sequence[Any], was: Sequence[Any]) -> Any:
    """Where the numbers `now` stand behind those that `was` names, the first ones first."""
    is_later = now[-1] > was[-1]
    for one, other in zip(reversed(now[:-1]), reversed(was[:-1]), strict=True):
        is_later = (one > other) | ((one == other) & is_later)
    return is_later


#: The day of a cell without events.
_UNSEEN: Final = -(2**15)
_MOMENT: Final = ("read on", "recorded", "row")
#: What a cell keeps where it is asked for, and what it begins with.
_SOME: Final[dict[str, dict[str, tuple[Any, Any]]]] = {
    "extreme": {"most": (np.float64, -np.inf), "least": (np.float64, np.inf)},
    "ordered": {
        "reading": (np.float64, np.nan),
        "recorded": (np.int64, _LONG_AGO),
        "row": (np.int64, -1),
        "read on": (np.int32, NEVER),
    },
}
