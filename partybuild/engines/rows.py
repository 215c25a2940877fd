"""The columns of a batch, read as arrays of numbers; what cannot be read is counted."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np

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
from partybuild.engines.slots import Slots
from partybuild.events import COLUMNS
from partybuild.grid import Bools, Floats, Ints, day_number
from partybuild.reduce.condense import Scheme
from partybuild.sources.csv_files import unguarded

_TEXTS: Final = frozenset({"id", "kind", "unit", "subject", "organisation", "evidence", "note"})


def columns_of(scheme: Scheme, *, has_known_at: bool) -> tuple[str, ...]:
    """Return the columns that condensing as `scheme` says needs to read."""
    wanted = ["id", "kind", "date", "end", "quantity", "void"]
    wanted += ["organisation"] if scheme.is_placed or scheme.placed else []
    wanted += ["subject"] if scheme.named else []
    wanted += ["unit"] if scheme.measured else []
    wanted += ["recorded_at"] if scheme.ordered or has_known_at else []
    return tuple(dict.fromkeys([*wanted, *scheme.where]))


@attrs.frozen(kw_only=True, eq=False)
class CodedRows:
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


#: What the columns that hold no text are, for `where`: each as the frame of events has it.
_NUMBERS: Final[dict[str, Callable[[CodedRows], Any]]] = {
    "date": lambda rows: rows.day.astype("datetime64[D]").astype("datetime64[us]"),
    "end": lambda rows: rows.end.astype("datetime64[D]").astype("datetime64[us]"),
    "recorded_at": lambda rows: np.asarray(rows.recorded).view("datetime64[us]"),
    "quantity": lambda rows: rows.quantity,
    "void": lambda rows: np.zeros(len(rows.kind), dtype=bool),
}


@attrs.define(kw_only=True, eq=False)
class RowReader:
    """Reads batch after batch; equal texts have equal codes in all of them.

    `slots` knows what is asked of each kind. `is_guarded`: texts may stand behind
    an apostrophe. `faults` counts rows that cannot be read, by what is wrong.
    """

    pa: Any
    scheme: Scheme
    timezone: str
    known_at: dt.date | None
    slots: Slots
    is_guarded: bool = False
    faults: Counter[str] = attrs.field(factory=Counter, init=False)
    texts: dict[str, Texts] = attrs.field(init=False)
    values: dict[str, Texts | Values] = attrs.field(init=False)
    _zone: ZoneInfo = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        mend = unguarded if self.is_guarded else None
        self._zone = ZoneInfo(self.timezone)
        names = ("kind", "organisation", "subject", "unit")
        self.texts = {name: Texts(self.pa, mend) for name in names}
        self.values = {
            name: Texts(self.pa, mend) if name in _TEXTS else Values(self.pa)
            for name in self.scheme.where
        }
        if "unit" in self.values:
            self.values["unit"] = self.texts["unit"]

    def read(self, batch: Batch, *, leave: Bools | None, rows: Ints | None) -> CodedRows:
        """Read the rows of a batch but those marked in `leave`; `rows` are their numbers."""
        arrays, pa = batch.arrays, self.pa
        kind = self.texts["kind"].codes(arrays["kind"])
        day = self._days(batch, "date")
        end = day
        if "end" in arrays and not arrays["end"].equals(arrays["date"]):
            end = self._days(batch, "end")
            end = np.where(end == BLANK, day, end)
            self._count("the last day is before the first", end < day)
        self._count("kind is blank", kind == 0)
        self._count("date is blank", day == BLANK)
        quantity, unit = self._quantity(batch)
        recorded = None
        if self.scheme.ordered or self.known_at is not None or "recorded_at" in self.scheme.where:
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

        return CodedRows(
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
        texts, array = self.texts["unit"], batch.arrays.get("unit")
        unit = None
        if array is not None and array.null_count < len(array):
            unit = texts.codes(array)
        if "quantity" not in batch.arrays:
            return np.ones(batch.rows), unit
        reading, signs = read_amounts(self.pa, batch.arrays["quantity"])
        self._count("the quantity is no finite number", reading.bad)
        is_asked = self.scheme.measured or "unit" in self.scheme.where
        if is_asked and (signs is not None or batch.unit):
            given = ~np.isnan(reading.values)
            said: Any = np.full(batch.rows, None) if signs is None else signs.copy()
            said[given & (said == None)] = batch.unit  # noqa: E711
            own = texts.codes(self.pa.array(said, self.pa.large_string(), from_pandas=True))
            unit = own if unit is None else np.where(unit == 0, own, unit)
        return amounts_or_one(reading.values), unit

    def _organisations(self, batch: Batch, kind: Codes, kept: Any) -> Codes:
        if "organisation" not in batch.arrays:
            return np.zeros(len(kind), dtype=np.int32)
        codes: Codes = kept(self.texts["organisation"].codes(batch.arrays["organisation"]))
        if self.scheme.is_placed:
            return codes
        self.slots.learn(self.texts["kind"])
        return np.where(self.slots.of_kinds["placed"].take(kind), codes, 0)

    def attributes(self, batch: Batch, coded: CodedRows) -> list[Codes | None]:
        """The codes of the attributes that targets look at; None: blank everywhere."""
        found: list[Codes | None] = []
        for name, values in self.values.items():
            array = batch.arrays.get(name)
            if name == "unit":
                found.append(coded.unit)
            elif isinstance(values, Values) and name in COLUMNS:
                found.append(values.number_codes(_NUMBERS[name](coded)))
            elif array is None or array.null_count == len(array):
                found.append(None)
            else:
                codes = values.codes(array)
                found.append(codes if coded.chosen is None else codes.take(coded.chosen))
        return found

    def all_faults(self) -> Counter[str]:
        """Return what was wrong with rows, cells of text included."""
        found = Counter(self.faults)
        for name, texts in self.texts.items():
            if texts.faulty:
                found[f"{name} is an error value"] += texts.faulty
        return found
