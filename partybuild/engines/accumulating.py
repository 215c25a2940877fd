"""Batches of a file, condensed as they come: coded, added up, and let go of."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild.engines.adding import Cells, Dense, Groups, Readings
from partybuild.engines.coding import DAY_US, Codes, one_array
from partybuild.engines.condensed import Outside
from partybuild.engines.reading import Batch
from partybuild.engines.rows import CodedRows, RowReader
from partybuild.engines.slots import Slots, Stretches
from partybuild.events import COLUMNS
from partybuild.grid import Bools, Ints, day_number, day_of
from partybuild.reduce.condense import Scheme
from partybuild.reduce.facts import WHERE

_SHOWN: Final = 5
#: So many rows wait for their subjects to be looked up together.
_WAITING: Final = 1 << 21


@attrs.frozen(kw_only=True, eq=False)
class _Waiting:
    """Rows to be grouped, and the subjects of those at the positions `named`."""

    cells: Cells
    named: Ints | None = None
    subjects: Any = None


@attrs.define(kw_only=True, eq=False)
class Accumulator:
    """Takes batches, and gives back condensed events.

    `plan` is the plan's first and last day.
    """

    reader: RowReader
    plan: tuple[dt.date, dt.date]
    names: dict[str, None] = attrs.field(factory=dict, init=False)
    _outside: dict[str, list[tuple[int, str]]] = attrs.field(init=False)
    _days: dict[str, list[int]] = attrs.field(init=False)
    _dense: Dense | None = attrs.field(init=False)
    _groups: dict[tuple[bool, bool], Groups] = attrs.field(factory=dict, init=False)
    _waiting: dict[tuple[bool, bool], list[_Waiting]] = attrs.field(factory=dict, init=False)
    _stretches: Stretches = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        scheme = self._scheme
        self._outside = {"before": [], "after": []}
        self._days = {"before": [], "after": []}
        self._stretches = Stretches(cuts=np.array(scheme.cuts, dtype=np.int64))
        self._dense = Dense(
            places=len(scheme.cuts) + 1,
            has_amounts=bool(scheme.measured),
        )

    @property
    def _scheme(self) -> Scheme:
        return self.reader.scheme

    @property
    def _slots(self) -> Slots:
        return self.reader.slots

    def add(self, batch: Batch, *, leave: Bools | None = None, rows: Ints | None = None) -> None:
        """Take the rows of a batch but those marked in `leave`; `rows` are their numbers.

        Without `rows` they are numbered from the batch's own first row.
        """
        self.names |= dict.fromkeys(batch.names)
        coded = self.reader.read(batch, leave=leave, rows=rows)
        if not len(coded.kind):
            return
        self._see_outside(batch, coded)
        self._slots.learn(self.reader.texts["kind"])
        slot = self._slots.of([coded.kind, coded.unit, *self.reader.attributes(batch, coded)])
        properties = self._slots.properties
        is_fine = properties["fine"]
        if self._dense is not None and not self._dense.fits(
            int(coded.organisation.max(initial=0)) + 1, len(self._slots)
        ):
            self._give_up_grid()
        if self._dense is None:
            self._add_groups(batch, coded, slot, np.arange(len(slot)))
            return
        fine = is_fine.take(slot) if is_fine.any() else is_fine[:0]
        if not fine.any():
            self._add_dense(coded, slot, None)
            return
        self._add_dense(coded, slot, np.flatnonzero(~fine))
        self._add_groups(batch, coded, slot, np.flatnonzero(fine))

    def absorb(self, other: Accumulator) -> None:
        """Take what another accumulator of the same plan has taken; ends its adding."""
        self.names |= other.names
        self.reader.faults += other.reader.all_faults()
        for side, found in other._outside.items():
            self._outside[side] = sorted([*self._outside[side], *found])[:_SHOWN]
            self._reach(side, other._days[side])
        other.settle()
        renumbered = self._renumbering(other)
        for makeup, groups in other._groups.items():
            own = self._groups.setdefault(makeup, Groups())
            own.extend([renumbered(cells) for cells in groups.parts()])
        for cells in () if other._dense is None else other._dense.parts():
            self._absorb_cells(renumbered(cells))

    def _absorb_cells(self, cells: Cells) -> None:
        organisations = int(cells.organisation.max()) + 1
        if self._dense is not None and not self._dense.fits(organisations, len(self._slots)):
            self._give_up_grid()
        if self._dense is None:
            self._share_out(cells)
        else:
            self._dense.absorb(cells, self._slots.properties)

    def _renumbering(self, other: Accumulator) -> Callable[[Cells], Cells]:
        """How cells of another accumulator are written in the codes of this one."""
        codes = {
            name: texts.codes_of(other.reader.texts[name])
            for name, texts in self.reader.texts.items()
        }
        theirs: dict[str, Any] = other.reader.values
        values = [known.codes_of(theirs[name]) for name, known in self.reader.values.items()]
        self._slots.learn(self.reader.texts["kind"])
        slots = self._slots.slots_of(other._slots, [codes["kind"], codes["unit"], *values])

        def renumbered(cells: Cells) -> Cells:
            subject = None if cells.subject is None else codes["subject"].take(cells.subject)
            return attrs.evolve(
                cells,
                slot=slots.take(cells.slot),
                organisation=codes["organisation"].take(cells.organisation),
                subject=subject,
            )

        return renumbered

    def settle(self) -> None:
        """Group the rows that wait for it."""
        for makeup in list(self._waiting):
            self._group(makeup)
        for groups in self._groups.values():
            groups.parts()

    def frame(self) -> pd.DataFrame:
        """Return the condensed events, as the reduction reads them; ends the adding."""
        self.settle()
        parts = [] if self._dense is None else list(self._dense.parts())
        parts += [part for groups in self._groups.values() for part in groups.parts()]
        self._dense, self._groups = None, {}
        return self._framed(parts)

    def outside(self) -> dict[str, Outside]:
        """Return what is told of events before and after the plan."""
        return {
            side: Outside(
                ids=tuple(name for _, name in found),
                first=day_of(min(self._days[side])),
                last=day_of(max(self._days[side])),
            )
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

    def _see_outside(self, batch: Batch, coded: CodedRows) -> None:
        first, last = (day_number(day) for day in self.plan)
        sides = {"before": coded.day.min() < first, "after": coded.day.max() > last}
        for side, is_there in sides.items():
            if not is_there:
                continue
            mask = coded.day < first if side == "before" else coded.day > last
            found = np.flatnonzero(mask)[:_SHOWN]
            at = found if coded.chosen is None else coded.chosen[found]
            own = batch.arrays.get("id")
            ids = [""] * len(at) if own is None else own.take(self.reader.pa.array(at)).to_pylist()
            rows = found + batch.first if coded.row is None else coded.row[found]
            seen = [*self._outside[side], *zip(rows.tolist(), map(str, ids), strict=True)]
            self._outside[side] = sorted(seen)[:_SHOWN]
            days = coded.day[mask]
            self._reach(side, [int(days.min()), int(days.max())])

    def _reach(self, side: str, days: list[int]) -> None:
        """Keep the first and the last day of events on one side of the plan."""
        seen = [*self._days[side], *days]
        self._days[side] = [min(seen), max(seen)] if seen else []

    def _add_dense(self, coded: CodedRows, slot: Codes, at: Ints | None) -> None:
        assert self._dense is not None

        def part(values: Any) -> Any:
            return values if values is None or at is None else values.take(at)

        day = part(coded.day)
        self._dense.add(
            Readings(
                slot=part(slot),
                organisation=part(coded.organisation),
                place=self._stretches.of(day),
                day=day,
                quantity=part(coded.quantity),
                recorded=part(coded.recorded),
                row=part(coded.row),
                marks=self._slots.properties,
            )
        )

    def _add_groups(self, batch: Batch, coded: CodedRows, slot: Codes, at: Ints) -> None:
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

    def _named(self, batch: Batch, coded: CodedRows, place: tuple[Codes, Ints]) -> dict[str, Any]:
        """The subjects of the rows that keep theirs, and which rows these are."""
        slot, at = place
        array = batch.arrays.get("subject")
        named = _marked(self._slots.properties["named"], slot.take(at))
        if array is None or not len(named):
            return {}
        rows = at[named] if coded.chosen is None else coded.chosen[at[named]]
        return {"named": named, "subjects": array.take(self.reader.pa.array(rows))}

    def _wait(self, makeup: tuple[bool, bool], waiting: _Waiting) -> None:
        """Keep rows until there are so many that looking up their subjects pays."""
        self._waiting.setdefault(makeup, []).append(waiting)
        if sum(len(one.cells) for one in self._waiting[makeup]) >= _WAITING:
            self._group(makeup)

    def _group(self, makeup: tuple[bool, bool]) -> None:
        waiting = self._waiting.pop(makeup, [])
        texts = [one.subjects for one in waiting if one.subjects is not None]
        if texts:
            codes = self.reader.texts["subject"].codes(one_array(self.reader.pa, texts))
        first = 0
        for one in waiting:
            cells = one.cells
            if one.named is not None:
                subject = np.zeros(len(cells), dtype=np.int32)
                subject[one.named] = codes[first : first + len(one.named)]
                first += len(one.named)
                cells = attrs.evolve(cells, subject=subject)
            self._groups.setdefault(makeup, Groups()).add(cells)

    def _cells(self, coded: CodedRows, slot: Codes, at: Ints) -> Cells:
        properties = self._slots.properties
        day, quantity = coded.day.take(at), coded.quantity.take(at)
        is_daily = properties["daily"].take(slot)
        place = np.where(is_daily, day, self._stretches.of(day)).astype(np.int32)
        end = np.where(properties["lasting"].take(slot), coded.end.take(at), 0).astype(np.int32)
        has_order = self._scheme.ordered and coded.recorded is not None and coded.row is not None
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
            most=quantity if self._scheme.extreme else None,
            least=quantity if self._scheme.extreme else None,
            reading=quantity if has_order else None,
            recorded=coded.recorded.take(at) if has_order and coded.recorded is not None else None,
            row=coded.row.take(at) if has_order and coded.row is not None else None,
        )

    def _give_up_grid(self) -> None:
        """There are too many cells to lay out: from now on rows are sorted into groups."""
        assert self._dense is not None
        dense, self._dense = self._dense, None
        for cells in dense.parts():
            self._share_out(cells)

    def _share_out(self, cells: Cells) -> None:
        """Put cells of a grid among the groups."""
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
            "kind": _coded_texts(keys[0].take(slot), self.reader.texts["kind"].values),
            "date": _dates(_column(parts, "last", 0)),
            "end": _dates(_column(parts, "end", 0)),
            "organisation": _coded_texts(
                _column(parts, "organisation", 0), self.reader.texts["organisation"].values
            ),
            "subject": _coded_texts(
                _column(parts, "subject", 0), self.reader.texts["subject"].values
            ),
            "unit": _coded_texts(keys[1].take(slot), self.reader.texts["unit"].values),
        }
        for number, (name, values) in enumerate(self.reader.values.items()):
            if name in COLUMNS or name in self.names:
                texts = values.values
                known = texts if isinstance(texts, pd.Index) else pd.Index(texts, dtype=object)
                data[f"{WHERE}{name}"] = _coded_texts(keys[2 + number].take(slot), known)
        events = _column(parts, "events", 0)
        data |= {"events": events, "some": events - _column(parts, "nil", 0)}
        if self._scheme.measured:
            data["total"] = _column(parts, "total", 0.0)
        if self._scheme.extreme:
            data["max"] = _column(parts, "most", -np.inf)
            data["min"] = _column(parts, "least", np.inf)
        if self._scheme.ordered:
            data["latest"] = _column(parts, "reading", np.nan)
            recorded = _column(parts, "recorded", np.iinfo(np.int64).min)
            data["recorded_at"] = recorded.view("datetime64[us]")
            data["row"] = _column(parts, "row", -1)
        return pd.DataFrame(data, copy=False)


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
    least = np.int32 if isinstance(value, int) else np.float64
    dtype = np.result_type(least, np.min_scalar_type(value)) if known is None else known.dtype
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
