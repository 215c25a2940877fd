"""Batches of a file, condensed as they come: coded, added up, and let go of."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pandas as pd

from partybuild.cells import read_texts
from partybuild.engines.adding import Cells, Dense, Groups, Readings
from partybuild.engines.coding import (
    BLANK,
    DAY_US,
    Codes,
    Moments,
    Texts,
    Values,
    amounts_or_one,
    read_amounts,
    read_days,
    read_marks,
    read_moments,
)
from partybuild.engines.reading import Batch
from partybuild.grid import Bools, Floats, Ints, day_number
from partybuild.reduce.condense import Scheme
from partybuild.reduce.facts import WHERE
from partybuild.sources.csv_files import unguarded

_SHOWN: Final = 5
_TABLED: Final = 2_000_000
#: So many rows wait for their subjects to be looked up together.
_WAITING: Final = 1 << 20
_TEXTS: Final = frozenset({"id", "kind", "unit", "subject", "organisation", "evidence", "note"})
_PROPERTIES: Final = ("daily", "lasting", "named", "placed", "measured", "ordered")


def columns_of(scheme: Scheme, *, has_known_at: bool) -> tuple[str, ...]:
    """Return the columns that condensing as `scheme` says needs to read."""
    wanted = ["id", "kind", "date", "end", "quantity", "void"]
    wanted += ["organisation"] if scheme.is_placed or scheme.placed else []
    wanted += ["subject"] if scheme.named else []
    wanted += ["unit"] if scheme.measured else []
    wanted += ["recorded_at"] if scheme.ordered or has_known_at else []
    return tuple(dict.fromkeys([*wanted, *scheme.where]))


@attrs.frozen(kw_only=True, eq=False)
class _Coded:
    """The rows of a batch that hold, as parallel arrays; `chosen` are their positions in it."""

    chosen: Ints | None
    kind: Codes
    day: Codes
    end: Codes
    quantity: Floats
    unit: Codes | None
    organisation: Codes
    recorded: Moments | None
    row: Ints | None


@attrs.frozen(kw_only=True, eq=False)
class _Waiting:
    """Rows to be grouped, and the subjects of those at the positions `named`."""

    cells: Cells
    named: Ints | None = None
    subjects: Any = None


@attrs.define(kw_only=True, eq=False)
class Accumulator:
    """Takes batches, and gives back condensed events.

    `plan` is the plan's first and last day. `faults` counts rows that cannot be
    read, by what is wrong with them.
    """

    pa: Any
    scheme: Scheme
    timezone: str
    known_at: dt.date | None
    plan: tuple[dt.date, dt.date]
    is_guarded: bool = False
    faults: Counter[str] = attrs.field(factory=Counter, init=False)
    names: dict[str, None] = attrs.field(factory=dict, init=False)
    _outside: dict[str, list[tuple[int, str]]] = attrs.field(init=False)
    _texts: dict[str, Texts] = attrs.field(init=False)
    _values: dict[str, Texts | Values] = attrs.field(init=False)
    _slots: _Slots = attrs.field(init=False)
    _dense: Dense | None = attrs.field(init=False)
    _groups: dict[tuple[bool, bool], Groups] = attrs.field(factory=dict, init=False)
    _waiting: dict[tuple[bool, bool], list[_Waiting]] = attrs.field(factory=dict, init=False)
    _stretches: _Stretches = attrs.field(init=False)
    _zone: ZoneInfo = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        scheme, mend = self.scheme, unguarded if self.is_guarded else None
        self._zone = ZoneInfo(self.timezone)
        self._outside = {"before": [], "after": []}
        names = ("kind", "organisation", "subject", "unit")
        self._texts = {name: Texts(self.pa, mend) for name in names}
        self._values = {
            name: Texts(self.pa, mend) if name in _TEXTS else Values(self.pa)
            for name in scheme.where
        }
        self._slots = _Slots(scheme=scheme)
        self._stretches = _Stretches(cuts=np.array(scheme.cuts, dtype=np.int64))
        self._dense = Dense(
            places=len(scheme.cuts) + 1,
            has_amounts=bool(scheme.measured),
            has_order=bool(scheme.ordered),
        )

    def add(self, batch: Batch, *, leave: Bools | None = None, rows: Ints | None = None) -> None:
        """Take the rows of a batch but those marked in `leave`; `rows` are their numbers.

        Without `rows` they are numbered from the batch's own first row.
        """
        self.names |= dict.fromkeys(batch.names)
        coded = self._coded(batch, leave, rows)
        if not len(coded.kind):
            return
        self._see_outside(batch, coded)
        self._slots.learn(self._texts["kind"])
        slot = self._slots.of([coded.kind, coded.unit, *self._wheres(batch, coded)])
        properties = self._slots.properties
        is_fine = properties["fine"]
        if self._dense is not None and not self._dense.fits(
            int(coded.organisation.max(initial=0)) + 1, len(self._slots)
        ):
            self._give_up_grid()
        if self._dense is None:
            self._add_groups(batch, coded, slot, np.arange(len(slot)))
            return
        fine = is_fine.take(slot)
        if not fine.any():
            self._add_dense(coded, slot, None)
            return
        self._add_dense(coded, slot, np.flatnonzero(~fine))
        self._add_groups(batch, coded, slot, np.flatnonzero(fine))

    def frame(self) -> pd.DataFrame:
        """Return the condensed events, as the reduction reads them; ends the adding."""
        for makeup in list(self._waiting):
            self._group(makeup)
        parts = [] if self._dense is None else [self._dense.cells()]
        parts += [groups.cells() for groups in self._groups.values()]
        self._dense, self._groups = None, {}
        return self._framed([part for part in parts if part is not None])

    def outside(self) -> dict[str, tuple[str, ...]]:
        """Return the first ids of events before and after the plan."""
        return {
            side: tuple(name for _, name in sorted(found)[:_SHOWN])
            for side, found in self._outside.items()
            if found
        }

    def outside_rows(self) -> dict[str, list[int]]:
        """Return the numbers of the first rows before and after the plan."""
        return {side: [row for row, _ in found] for side, found in self._outside.items()}

    def name_rows(self, names: Mapping[int, str]) -> None:
        """Give rows outside the plan their ids, which were not read with them."""
        self._outside = {
            side: [(row, names[row]) for row, _ in found] for side, found in self._outside.items()
        }

    def all_faults(self) -> Counter[str]:
        """Return what was wrong with rows, cells of text included."""
        found = Counter(self.faults)
        for name, texts in self._texts.items():
            if texts.faulty:
                found[f"{name} is an error value"] += texts.faulty
        return found

    def _coded(self, batch: Batch, leave: Bools | None, rows: Ints | None) -> _Coded:
        arrays, pa = batch.arrays, self.pa
        kind = self._texts["kind"].codes(arrays["kind"])
        day = self._days(batch, "date")
        end = self._days(batch, "end") if "end" in arrays else day
        if end is not day:
            end = np.where(end == BLANK, day, end)
        self._count("kind is blank", kind == 0)
        self._count("date is blank", day == BLANK)
        self._count("the last day is before the first", end < day)
        quantity, unit = self._quantity(batch)
        recorded = None
        if self.scheme.ordered or self.known_at is not None:
            recorded = self._recorded(batch, day)
        drop = [] if leave is None else [leave]
        marks = read_marks(pa, arrays["void"]) if "void" in arrays else None
        if marks is not None:
            self._count("void is neither yes nor no", marks.bad)
            drop.append(marks.values)
        if self.known_at is not None and recorded is not None:
            drop.append(recorded >= (day_number(self.known_at) + 1) * DAY_US)
        at = np.flatnonzero(~np.logical_or.reduce(drop)) if drop else None
        if rows is None and self.scheme.ordered:
            rows = np.arange(batch.first, batch.first + batch.rows)

        def kept(values: Any) -> Any:
            return values if values is None or at is None else values.take(at)

        return _Coded(
            chosen=at,
            kind=kept(kind),
            day=kept(day),
            end=kept(end),
            quantity=kept(quantity),
            unit=kept(unit),
            organisation=self._organisations(batch, kept(kind), kept),
            recorded=kept(recorded),
            row=kept(rows),
        )

    def _count(self, fault: str, bad: Bools | None) -> None:
        if bad is not None and bad.any():
            self.faults[fault] += int(bad.sum())

    def _days(self, batch: Batch, name: str) -> Codes:
        reading = read_days(self.pa, batch.arrays[name], zone=self._zone)
        self._count(f"{name} is no calendar date", reading.bad)
        days: Codes = reading.values
        return days

    def _recorded(self, batch: Batch, day: Codes) -> Moments:
        own: Moments = day.astype(np.int64) * DAY_US
        if "recorded_at" not in batch.arrays:
            return own
        reading = read_moments(self.pa, batch.arrays["recorded_at"], zone=self._zone)
        self._count("recorded_at is no calendar date", reading.bad)
        return np.where(reading.values == np.iinfo(np.int64).min, own, reading.values)

    def _quantity(self, batch: Batch) -> tuple[Floats, Codes | None]:
        """Quantities, 1 where they are blank, and their units, where any has one."""
        texts, array = self._texts["unit"], batch.arrays.get("unit")
        unit = None
        if array is not None and array.null_count < len(array):
            unit = texts.codes(array)
        if "quantity" not in batch.arrays:
            return np.ones(batch.rows), unit
        reading, signs = read_amounts(self.pa, batch.arrays["quantity"])
        self._count("the quantity is no finite number", reading.bad)
        if self.scheme.measured and (signs is not None or batch.unit):
            given = ~np.isnan(reading.values)
            said: Any = np.full(batch.rows, None) if signs is None else signs.copy()
            said[given & (said == None)] = batch.unit  # noqa: E711
            own = texts.codes(self.pa.array(said, self.pa.large_string(), from_pandas=True))
            unit = own if unit is None else np.where(unit == 0, own, unit)
        return amounts_or_one(reading.values), unit

    def _organisations(self, batch: Batch, kind: Codes, kept: Any) -> Codes:
        if "organisation" not in batch.arrays:
            return np.zeros(len(kind), dtype=np.int32)
        codes: Codes = kept(self._texts["organisation"].codes(batch.arrays["organisation"]))
        if self.scheme.is_placed:
            return codes
        self._slots.learn(self._texts["kind"])
        return np.where(self._slots.of_kinds["placed"].take(kind), codes, 0)

    def _wheres(self, batch: Batch, coded: _Coded) -> list[Codes | None]:
        found: list[Codes | None] = []
        for name, values in self._values.items():
            array = batch.arrays.get(name)
            if array is None or array.null_count == len(array):
                found.append(None)
                continue
            codes = values.codes(array)
            found.append(codes if coded.chosen is None else codes.take(coded.chosen))
        return found

    def _see_outside(self, batch: Batch, coded: _Coded) -> None:
        first, last = (day_number(day) for day in self.plan)
        sides = {"before": coded.day.min() < first, "after": coded.day.max() > last}
        for side, is_there in sides.items():
            if not is_there:
                continue
            mask = coded.day < first if side == "before" else coded.day > last
            found = np.flatnonzero(mask)[:_SHOWN]
            at = found if coded.chosen is None else coded.chosen[found]
            own = batch.arrays.get("id")
            ids = [""] * len(at) if own is None else own.take(self.pa.array(at)).to_pylist()
            rows = found + batch.first if coded.row is None else coded.row[found]
            seen = [*self._outside[side], *zip(rows.tolist(), map(str, ids), strict=True)]
            self._outside[side] = sorted(seen)[:_SHOWN]

    def _add_dense(self, coded: _Coded, slot: Codes, at: Ints | None) -> None:
        assert self._dense is not None

        def part(values: Any) -> Any:
            return values if values is None or at is None else values.take(at)

        slot, day = part(slot), part(coded.day)
        properties = self._slots.properties
        nothing = np.empty(0, dtype=np.int64)
        self._dense.add(
            Readings(
                slot=slot,
                organisation=part(coded.organisation),
                place=self._stretches.of(day),
                day=day,
                quantity=part(coded.quantity),
                measured=_marked(properties["measured"], slot) if self.scheme.measured else nothing,
                ordered=_marked(properties["ordered"], slot) if self.scheme.ordered else nothing,
                recorded=part(coded.recorded),
                row=part(coded.row),
            )
        )

    def _add_groups(self, batch: Batch, coded: _Coded, slot: Codes, at: Ints) -> None:
        """Add rows of the kinds that keep days, subjects or too many cells apart."""
        properties = self._slots.properties
        kinds = properties["measured"].take(slot[at]), properties["ordered"].take(slot[at])
        for makeup in ((False, False), (True, False), (True, True)):
            chosen = at[(kinds[0] == makeup[0]) & (kinds[1] == makeup[1])]
            if len(chosen):
                cells = _of_makeup(self._cells(coded, slot.take(chosen), chosen), makeup)
                self._wait(
                    makeup, _Waiting(cells=cells, **self._named(batch, coded, (slot, chosen)))
                )

    def _named(self, batch: Batch, coded: _Coded, place: tuple[Codes, Ints]) -> dict[str, Any]:
        """The subjects of the rows that keep theirs, and which rows these are."""
        slot, at = place
        array = batch.arrays.get("subject")
        named = _marked(self._slots.properties["named"], slot.take(at))
        if array is None or not len(named):
            return {}
        rows = at[named] if coded.chosen is None else coded.chosen[at[named]]
        return {"named": named, "subjects": array.take(self.pa.array(rows))}

    def _wait(self, makeup: tuple[bool, bool], waiting: _Waiting) -> None:
        """Keep rows until there are so many that looking up their subjects pays."""
        self._waiting.setdefault(makeup, []).append(waiting)
        if sum(len(one.cells) for one in self._waiting[makeup]) >= _WAITING:
            self._group(makeup)

    def _group(self, makeup: tuple[bool, bool]) -> None:
        waiting = self._waiting.pop(makeup, [])
        texts = [one.subjects for one in waiting if one.subjects is not None]
        if texts:
            codes = self._texts["subject"].codes(_one_array(self.pa, texts))
        first = 0
        for one in waiting:
            cells = one.cells
            if one.named is not None:
                subject = np.zeros(len(cells), dtype=np.int32)
                subject[one.named] = codes[first : first + len(one.named)]
                first += len(one.named)
                cells = attrs.evolve(cells, subject=subject)
            self._groups.setdefault(makeup, Groups()).add(cells)

    def _cells(self, coded: _Coded, slot: Codes, at: Ints) -> Cells:
        properties = self._slots.properties
        day, quantity = coded.day.take(at), coded.quantity.take(at)
        is_daily = properties["daily"].take(slot)
        place = np.where(is_daily, day, self._stretches.of(day)).astype(np.int32)
        end = np.where(properties["lasting"].take(slot), coded.end.take(at), 0).astype(np.int32)
        has_order = self.scheme.ordered and coded.recorded is not None and coded.row is not None
        return Cells(
            slot=slot,
            organisation=coded.organisation.take(at),
            place=place,
            end=end,
            subject=np.zeros(len(at), dtype=np.int32),
            last=day,
            events=np.ones(len(at), dtype=np.int32),
            nil=(quantity == 0).astype(np.int32),
            total=quantity,
            most=quantity,
            least=quantity,
            reading=quantity if has_order else None,
            recorded=coded.recorded.take(at) if has_order and coded.recorded is not None else None,
            row=coded.row.take(at) if has_order and coded.row is not None else None,
        )

    def _give_up_grid(self) -> None:
        """There are too many cells to lay out: from now on rows are sorted into groups."""
        assert self._dense is not None
        cells = self._dense.cells()
        self._dense = None
        if cells is None:
            return
        number = len(cells)
        cells = attrs.evolve(
            cells,
            end=np.zeros(number, dtype=np.int32),
            subject=np.zeros(number, dtype=np.int32),
        )
        properties = self._slots.properties
        kinds = properties["measured"].take(cells.slot), properties["ordered"].take(cells.slot)
        for makeup in ((False, False), (True, False), (True, True)):
            chosen = np.flatnonzero((kinds[0] == makeup[0]) & (kinds[1] == makeup[1]))
            part = _taken(_of_makeup(cells, makeup), chosen)
            self._groups.setdefault(makeup, Groups()).add(part)

    def _framed(self, parts: Sequence[Cells]) -> pd.DataFrame:
        parts = parts or [_NOTHING]
        slot = _column(parts, "slot", 0)
        keys = self._slots.columns
        data: dict[str, Any] = {
            "kind": _coded_texts(keys[0].take(slot), self._texts["kind"].values),
            "date": _dates(_column(parts, "last", 0)),
            "end": _dates(_column(parts, "end", 0)),
            "organisation": _coded_texts(
                _column(parts, "organisation", 0), self._texts["organisation"].values
            ),
            "subject": _coded_texts(_column(parts, "subject", 0), self._texts["subject"].values),
            "unit": _coded_texts(keys[1].take(slot), self._texts["unit"].values),
        }
        for number, (name, values) in enumerate(self._values.items()):
            if name in self.names:
                texts = values.values
                known = texts if isinstance(texts, pd.Index) else pd.Index(texts, dtype=object)
                data[f"{WHERE}{name}"] = _coded_texts(keys[2 + number].take(slot), known)
        events = _column(parts, "events", 0)
        data |= {"events": events, "some": events - _column(parts, "nil", 0)}
        if self.scheme.measured:
            data["total"] = _column(parts, "total", 0.0)
            data["max"] = _column(parts, "most", -np.inf)
            data["min"] = _column(parts, "least", np.inf)
        if self.scheme.ordered:
            data["latest"] = _column(parts, "reading", np.nan)
            recorded = _column(parts, "recorded", np.iinfo(np.int64).min)
            data["recorded_at"] = recorded.view("datetime64[us]")
            data["row"] = _column(parts, "row", -1)
        return pd.DataFrame(data, copy=False)


def _one_array(pa: Any, arrays: list[Any]) -> Any:
    """Put columns of text of any make together."""
    plain = [one.dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in arrays]
    if len({str(one.type) for one in plain}) > 1:
        texts = [read_texts(pd.Series(one.to_pandas()))[0] for one in plain]
        plain = [pa.array(one, pa.large_string(), from_pandas=True) for one in texts]
    return pa.concat_arrays(plain)


def _marked(table: Bools, codes: Codes) -> Ints:
    return np.flatnonzero(table.take(codes))


_AMOUNTS: Final = ("total", "most", "least")
_ORDERING: Final = ("reading", "recorded", "row")


def _of_makeup(cells: Cells, makeup: tuple[bool, bool]) -> Cells:
    """Leave out what is not asked for: amounts, the last reading."""
    is_measured, is_ordered = makeup
    gone = [*(() if is_measured else _AMOUNTS), *(() if is_ordered else _ORDERING)]
    nothing: dict[str, Any] = dict.fromkeys(gone)
    return attrs.evolve(cells, **nothing)


def _taken(cells: Cells, at: Ints) -> Cells:
    taken: dict[str, Any] = {}
    for field in attrs.fields(Cells):
        values = getattr(cells, field.name)
        taken[field.name] = None if values is None else values[at]
    return Cells(**taken)


_NOTHING: Final = Cells(
    slot=np.empty(0, dtype=np.int32),
    organisation=np.empty(0, dtype=np.int32),
    place=np.empty(0, dtype=np.int32),
    last=np.empty(0, dtype=np.int32),
    events=np.empty(0, dtype=np.int64),
    nil=np.empty(0, dtype=np.int64),
)


def _column(parts: Sequence[Cells], name: str, value: float) -> Any:
    """Put one column of all parts together; `value` where a part lacks it."""
    known = next((one for part in parts if (one := getattr(part, name)) is not None), None)
    dtype = np.dtype(np.int32 if isinstance(value, int) else np.float64)
    dtype = dtype if known is None else known.dtype
    whole = np.full(sum(map(len, parts)), value, dtype=dtype)
    at = 0
    for part in parts:
        values = getattr(part, name)
        if values is not None:
            whole[at : at + len(part)] = values
        at += len(part)
    return whole


def _coded_texts(codes: Any, values: pd.Index[Any]) -> pd.Categorical:
    kind = pd.CategoricalDtype(values)
    return pd.Categorical.from_codes(codes.astype(np.int32) - 1, dtype=kind)


def _dates(days: Any) -> Any:
    return (days.astype(np.int64) * DAY_US).view("datetime64[us]")


@attrs.define(kw_only=True, eq=False)
class _Stretches:
    """Which stretch between cuts holds a day: a table over the days seen, and around them."""

    cuts: Ints
    _first: int = attrs.field(default=0, init=False)
    _table: Codes = attrs.field(factory=lambda: np.empty(0, dtype=np.int32), init=False)

    def of(self, day: Codes) -> Codes:
        """Return the number of the stretch of each day."""
        if not len(day):
            return day
        least, most = int(day.min()), int(day.max())
        if most - least > _TABLED:
            return self._found(day)
        if least < self._first or most >= self._first + len(self._table):
            self._first = least - 1000
            self._table = self._found(np.arange(self._first, most + 1000))
        return self._table.take(day - np.int32(self._first))

    def _found(self, day: Any) -> Codes:
        found: Codes = np.searchsorted(self.cuts, day, side="right").astype(np.int32)
        return found


@attrs.define(kw_only=True, eq=False)
class _Slots:
    """Numbers for each combination of kind, unit and attributes, as far as they matter."""

    scheme: Scheme
    _numbers: dict[tuple[int, ...], int] = attrs.field(factory=dict, init=False)
    _of_kind: Codes = attrs.field(factory=lambda: np.full(1, -1, dtype=np.int32), init=False)
    of_kinds: dict[str, Bools] = attrs.field(factory=dict, init=False)
    _properties: dict[str, Bools] = attrs.field(factory=dict, init=False)
    _known: int = attrs.field(default=-1, init=False)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def columns(self) -> list[Codes]:
        """The codes of kind, unit and attributes of each slot."""
        width = 2 + len(self.scheme.where)
        return [np.array([key[at] for key in self._numbers], dtype=np.int32) for at in range(width)]

    @property
    def properties(self) -> dict[str, Bools]:
        """What is asked of each slot; `fine`: more than its stretch is kept apart."""
        if len(self._properties.get("fine", ())) != len(self):
            kinds = self.columns[0]
            found = {name: table.take(kinds) for name, table in self.of_kinds.items()}
            self._properties = found | {"fine": found["daily"] | found["named"]}
        return self._properties

    def learn(self, kinds: Texts) -> None:
        """Look up what is asked of each kind, when there are new ones."""
        if len(kinds) == self._known:
            return
        self._known = len(kinds)
        texts = [None, *kinds.values]
        for name in _PROPERTIES:
            wanted = getattr(self.scheme, name)
            self.of_kinds[name] = np.array([text in wanted for text in texts], dtype=bool)
        for column, wanted in self.scheme.where.items():
            self.of_kinds[f"{WHERE}{column}"] = np.array([text in wanted for text in texts])
        grown = np.full(len(texts), -1, dtype=np.int32)
        grown[: len(self._of_kind)] = self._of_kind
        self._of_kind = grown

    def of(self, columns: Sequence[Codes | None]) -> Codes:
        """Return the slot of each row, given the codes of its kind, unit and attributes."""
        kind, *others = columns
        assert kind is not None
        names = ["measured", *(f"{WHERE}{column}" for column in self.scheme.where)]
        said = [
            None if codes is None else np.where(self.of_kinds[name].take(kind), codes, 0)
            for name, codes in zip(names, others, strict=True)
        ]
        if all(codes is None or not codes.any() for codes in said):
            slot = self._of_kind.take(kind)
            if slot.min() < 0:
                for code in np.unique(kind[slot < 0]).tolist():
                    self._of_kind[code] = self._number((code, *(0 for _ in others)))
                slot = self._of_kind.take(kind)
            return slot
        zeros = np.zeros_like(kind)
        whole = [kind, *(zeros if codes is None else codes for codes in said)]
        return self._combined(whole)

    def _combined(self, whole: list[Codes]) -> Codes:
        key = np.zeros(len(whole[0]), dtype=np.int64)
        for codes in whole:
            key = key * (int(codes.max()) + 1) + codes
        if key.max() < 1 << 20:
            counts = np.bincount(key)
            present = np.flatnonzero(counts)
            table = np.zeros(len(counts), dtype=np.int32)
            first = np.zeros(len(counts), dtype=np.int64)
            first[key] = np.arange(len(key))
            found = [self._number(tuple(int(c[at]) for c in whole)) for at in first[present]]
            table[present] = found
            return table.take(key)
        _, at, back = np.unique(key, return_index=True, return_inverse=True)
        numbers = [self._number(tuple(int(codes[one]) for codes in whole)) for one in at]
        return np.array(numbers, dtype=np.int32).take(back)

    def _number(self, key: tuple[int, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))


def told_faults(faults: Mapping[str, int]) -> list[str]:
    """Say what was wrong, and in how many rows."""
    return [f"in {number} rows {fault}" for fault, number in faults.items()]
