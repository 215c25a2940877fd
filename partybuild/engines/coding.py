"""Arrow columns as whole numbers: each different text, date or number is read once a batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild._frames.attributes import read_attribute
from partybuild.cells import Faults, read_dates, read_flags, read_numbers, read_texts
from partybuild.cells.dates import FIRST_YEAR, LAST_YEAR
from partybuild.engines.identity import may_be_odd
from partybuild.grid import Bools, Floats, day_number

Codes = npt.NDArray[np.int32]
Moments = npt.NDArray[np.int64]

DAY_US: Final = 86_400_000_000
#: The day number of a blank cell.
BLANK: Final = int(np.iinfo(np.int32).min)
_PER_DAY: Final = {"s": 86_400, "ms": 86_400_000, "us": DAY_US, "ns": DAY_US * 1000}
_FIRST: Final = day_number(dt.date(FIRST_YEAR, 1, 1))
_LAST: Final = day_number(dt.date(LAST_YEAR, 12, 31))


@attrs.define(eq=False)
class Texts:
    """The different texts of a column over all batches; code 0 is a blank cell.

    Texts are cleaned as `read_events` cleans them, so two spellings that differ
    in blanks share a code. `mend` is applied to texts before. `faulty` counts
    cells that hold a spreadsheet's error.
    """

    pa: Any
    mend: Callable[[str], str] | None = None
    faulty: int = attrs.field(default=0, init=False)
    _raw: Any = attrs.field(default=None, init=False)
    _code: Codes = attrs.field(factory=lambda: np.empty(0, dtype=np.int32), init=False)
    _last: Any = attrs.field(default=None, init=False)

    def __len__(self) -> int:
        return 0 if self._raw is None else len(self._raw)

    @property
    def values(self) -> pd.Index[Any]:
        """The text of code 1, of code 2, and so on."""
        texts: pd.Index[Any] = pd.Index([] if self._raw is None else self._raw.to_pandas())
        return texts.astype("str")

    def codes(self, array: Any) -> Codes:
        """Return the code of each cell."""
        encoded = encoded_column(self.pa, array)
        table = self._table(encoded.dictionary)
        indices = encoded.indices
        if indices.null_count:
            indices = indices.fill_null(len(encoded.dictionary))
        codes: Codes = table.take(indices.to_numpy())
        if len(codes) and codes.min() < 0:
            self.faulty += int((codes < 0).sum())
            codes = np.maximum(codes, 0)
        return codes

    def codes_of(self, other: Texts) -> Codes:
        """Return the code here of each code of `other`, whose texts are clean and mended."""
        if not len(other):
            return np.zeros(1, dtype=np.int32)
        # codes there may stand for texts that were not clean; those are nobody's
        return np.append(np.int32(0), self._table(other._raw)[:-1])

    def _table(self, dictionary: Any) -> Codes:
        """The code of each entry of a dictionary, and 0 behind them for blanks."""
        if self._last is not None and self._last[0].equals(dictionary):
            table: Codes = self._last[1]
            return table
        texts = self._as_text(dictionary)
        compute = self.pa.compute
        if self._raw is None:
            self._raw = self.pa.array([], self.pa.large_string())
        at = compute.index_in(texts, value_set=self._raw)
        new = texts.filter(compute.and_(at.is_null(), texts.is_valid())).unique()
        if len(new):
            self._learn(new)
            at = compute.index_in(texts, value_set=self._raw)
        table = np.append(self._code, np.int32(0)).take(at.fill_null(len(self._raw)).to_numpy())
        table = np.append(table, np.int32(0))
        self._last = dictionary, table
        return table

    def _as_text(self, dictionary: Any) -> Any:
        if self.pa.types.is_large_string(dictionary.type):
            return dictionary
        if self.pa.types.is_string(dictionary.type):
            return dictionary.cast(self.pa.large_string())
        texts, faults = read_texts(pd.Series(dictionary.to_pandas()))
        self.faulty += len(faults)
        return self.pa.array(texts, self.pa.large_string(), from_pandas=True)

    def _learn(self, new: Any) -> None:
        if self.mend is None and not may_be_odd(new):
            own = np.arange(len(self._raw), len(self._raw) + len(new), dtype=np.int32) + 1
            self._raw = self.pa.concat_arrays([self._raw, new])
            self._code = np.concatenate([self._code, own])
            return
        column = pd.Series(new.to_pandas(), dtype="str")
        if self.mend is not None:
            column = pd.Series([self.mend(text) for text in column], dtype="str")
        texts, faults = read_texts(column)
        clean = self.pa.array(texts, self.pa.large_string(), from_pandas=True)
        first = len(self._raw)
        own = np.arange(first, first + len(new), dtype=np.int32) + 1
        raw = self.pa.concat_arrays([self._raw, new])
        if not clean.equals(new):
            compute = self.pa.compute
            others = clean.filter(compute.is_null(compute.index_in(clean, value_set=raw)))
            others = others.filter(others.is_valid()).unique()
            raw = self.pa.concat_arrays([raw, others])
            at = compute.index_in(clean, value_set=raw).fill_null(-1).to_numpy()
            own = (at + 1).astype(np.int32)
            own[clean.is_null().to_numpy(zero_copy_only=False)] = 0
            own[list(faults)] = -1
            more = np.arange(first + len(new), len(raw), dtype=np.int32) + 1
            own = np.concatenate([own, more])
        self._raw, self._code = raw, np.concatenate([self._code, own])


@attrs.define(eq=False)
class Values:
    """The different values of an attribute over all batches; code 0 is a blank cell."""

    pa: Any
    values: list[Any] = attrs.field(factory=list, init=False)
    _code: dict[tuple[type, Any], int] = attrs.field(factory=dict, init=False)

    def codes(self, array: Any) -> Codes:
        """Return the code of each cell."""
        encoded = encoded_column(self.pa, array)
        column = pd.Series(encoded.dictionary.to_pandas(date_as_object=False))
        found = read_attribute(column)[0] if len(column) else column
        table = np.array([*map(self._of, found.tolist()), 0], dtype=np.int32)
        codes: Codes = table[encoded.indices.fill_null(len(column)).to_numpy()]
        return codes

    def codes_of(self, other: Values) -> Codes:
        """Return the code here of each code of `other`."""
        return np.array([0, *map(self._of, other.values)], dtype=np.int32)

    def number_codes(self, values: npt.NDArray[Any]) -> Codes:
        """Return the code of each number, day or moment."""
        different, back = np.unique(values, return_inverse=True)
        table = np.array([self._of(one) for one in pd.Series(different).tolist()], dtype=np.int32)
        codes: Codes = table[back]
        return codes

    def _of(self, value: Any) -> int:
        if pd.isna(value):
            return 0
        key = type(value), value
        if key not in self._code:
            self.values.append(value)
            self._code[key] = len(self.values)
        return self._code[key]


def encoded_column(pa: Any, array: Any) -> Any:
    """Return a column as a dictionary and positions in it."""
    if pa.types.is_dictionary(array.type):
        return array
    if pa.types.is_nested(array.type):
        # a list of names, as JSON may have it
        texts = read_texts(pd.Series(array.to_pandas()))[0]
        array = pa.array(texts, pa.large_string(), from_pandas=True)
    return pa.compute.dictionary_encode(array)


def one_array(pa: Any, arrays: list[Any]) -> Any:
    """Put columns of text of any make together."""
    plain = [one.dictionary_decode() if pa.types.is_dictionary(one.type) else one for one in arrays]
    if len({str(one.type) for one in plain}) > 1:
        texts = [read_texts(pd.Series(one.to_pandas()))[0] for one in plain]
        plain = [pa.array(one, pa.large_string(), from_pandas=True) for one in texts]
    return pa.concat_arrays(plain)


@attrs.frozen(kw_only=True, eq=False)
class Reading:
    """What one column of a batch says, and the positions of cells that cannot be read."""

    values: npt.NDArray[Any]
    bad: Bools | None = None


def read_days(pa: Any, array: Any, *, zone: dt.tzinfo) -> Reading:
    """Read dates as day numbers; `BLANK` where a cell is blank."""
    types = pa.types
    if types.is_date32(array.type):
        days = _plain(array.cast(pa.int32()), BLANK)
    elif types.is_timestamp(array.type) and array.type.tz is None:
        ticks = _plain(array.cast(pa.int64()), np.iinfo(np.int64).min)
        days = (ticks // _PER_DAY[array.type.unit]).astype(np.int32)
        if array.null_count:
            days[array.is_null().to_numpy(zero_copy_only=False)] = BLANK
    else:
        return _each(pa, array, lambda cells: _as_days(read_dates(cells, zone=zone)), BLANK)
    if not len(days) or (days.min() >= _FIRST and days.max() <= _LAST):
        return Reading(values=days)
    bad = (days != BLANK) & ((days < _FIRST) | (days > _LAST))
    return Reading(values=days, bad=bad if bad.any() else None)


def read_moments(pa: Any, array: Any, *, zone: dt.tzinfo) -> Reading:
    """Read points of time as microseconds; the smallest number where a cell is blank."""
    blank = int(np.iinfo(np.int64).min)
    if pa.types.is_timestamp(array.type) and array.type.tz is None and array.type.unit == "us":
        return Reading(values=_plain(array.cast(pa.int64()), blank))

    def stamps(cells: pd.Series[Any]) -> tuple[npt.NDArray[Any], Faults]:
        values, faults = read_dates(cells, zone=zone, days=False)
        moments = values.astype("datetime64[us]").view(np.int64)
        return np.where(np.isnat(values), blank, moments), faults

    return _each(pa, array, stamps, blank)


def read_amounts(pa: Any, array: Any) -> tuple[Reading, npt.NDArray[np.object_] | None]:
    """Read numbers; NaN where a cell is blank. The second result has the signs of cells (95%)."""
    types = pa.types
    if types.is_integer(array.type) or types.is_floating(array.type):
        values = _plain(array.cast(pa.float64(), safe=False), np.nan)
        if np.isfinite(values).all():
            return Reading(values=values), None
        endless = np.isinf(values)
        return Reading(values=values, bad=endless if endless.any() else None), None
    signs: list[Any] = []

    def numbers(cells: pd.Series[Any]) -> tuple[npt.NDArray[Any], Faults]:
        found, carried, faults = read_numbers(cells)
        signs.append(carried)
        return found, faults

    encoded = encoded_column(pa, array)
    reading = _each(pa, encoded, numbers, np.nan)
    if signs[0] is None:
        return reading, None
    table = np.array([*signs[0], None], dtype=object)
    return reading, table[encoded.indices.fill_null(len(table) - 1).to_numpy()]


def read_marks(pa: Any, array: Any) -> Reading | None:
    """Read yes or no; None where every cell is no."""
    if pa.types.is_boolean(array.type):
        if not pa.compute.any(array).as_py():
            return None
        return Reading(values=array.fill_null(False).to_numpy(zero_copy_only=False))
    found = _each(pa, array, read_flags, value=False)
    return found if found.values.any() or found.bad is not None else None


def _as_days(read: tuple[npt.NDArray[Any], Faults]) -> tuple[Codes, Faults]:
    stamps, faults = read
    days = stamps.astype("datetime64[D]").astype(np.int64)
    return np.where(np.isnat(stamps), BLANK, days).astype(np.int32), faults


def _plain(array: Any, blank: Any) -> npt.NDArray[Any]:
    values: npt.NDArray[Any] = (array.fill_null(blank) if array.null_count else array).to_numpy()
    return values


def _each(
    pa: Any,
    array: Any,
    read: Callable[[pd.Series[Any]], tuple[npt.NDArray[Any], Faults]],
    value: Any,
) -> Reading:
    """Read each different cell once; `value` stands for blank cells."""
    encoded = encoded_column(pa, array)
    cells = pd.Series(encoded.dictionary.to_pandas())
    found, faults = read(cells)
    table = np.append(found, np.array([value], dtype=found.dtype))
    at = encoded.indices.fill_null(len(cells)).to_numpy()
    if not faults:
        return Reading(values=table[at])
    flags = np.zeros(len(table), dtype=bool)
    flags[list(faults)] = True
    bad: Bools = flags[at]
    return Reading(values=table[at], bad=bad if bad.any() else None)


def amounts_or_one(values: Floats) -> Floats:
    """Return quantities with 1 for blank ones."""
    blank = np.isnan(values)
    return np.where(blank, 1.0, values) if blank.any() else values
