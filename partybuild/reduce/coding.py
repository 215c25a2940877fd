"""Columns as whole numbers of few bytes, encoded side by side where they are long."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.grid import Ints

_DAY_US = 86_400_000_000
#: From this many rows on, work that does not depend on one another runs on two threads.
LARGE = 500_000
#: Up to so many rows a loop over them is quicker than functions for whole columns.
FEW = 1_000
#: So many values at a time stay in the cache of a processor.
_BLOCK = 1 << 16


def done(tasks: Sequence[Callable[[], Any]], *, is_large: bool) -> list[Any]:
    """Return what each task returns, in their order; large ones run on two threads."""
    if not is_large or len(tasks) < 2:
        return [task() for task in tasks]
    with ThreadPoolExecutor(2) as pool:
        return [future.result() for future in [pool.submit(task) for task in tasks]]


@attrs.frozen(kw_only=True, eq=False)
class Coded:
    """A column as numbers: `codes` are positions in the array `values`; -1: missing.

    `words` are the values as a list, which is read one by one much faster than an array.
    """

    codes: Ints
    values: Any
    _words: list[Any] | None = None

    @property
    def words(self) -> list[Any]:
        """The values, one by one."""
        if self._words is not None:
            return self._words
        words: list[Any] = np.asarray(self.values, dtype=object).tolist()
        return words

    def at(self, positions: Ints | slice) -> Coded:
        """The same values for some of the rows."""
        return Coded(codes=self.codes[positions], values=self.values, words=self._words)


def coded(values: Any) -> Coded:
    """Number the different values of an array; categories are numbered already."""
    if isinstance(values, pd.Categorical):
        return Coded(codes=values.codes, values=values.categories)
    is_text = isinstance(values.dtype, pd.StringDtype)
    if is_text and len(values) > LARGE and values.dtype.storage == "pyarrow":
        return _coded_by_arrow(values.__arrow_array__())
    if is_text and len(values) <= FEW:
        return _coded_by_hand(values)
    codes, uniques = pd.factorize(values)
    return Coded(codes=codes, values=uniques)


def _coded_by_hand(texts: Any) -> Coded:
    """Number a few texts, for which a loop is quicker than to call for help."""
    places: dict[Any, int] = {}
    codes = [
        -1 if text != text else places.setdefault(text, len(places))
        for text in np.asarray(texts, dtype=object).tolist()
    ]
    words = list(places)
    values = np.empty(len(words), dtype=object)
    values[:] = words
    return Coded(codes=np.array(codes, dtype=np.int64), values=values, words=words)


def _coded_by_arrow(texts: Any) -> Coded:
    """Number texts of Arrow without the wider copies that pandas makes of the codes."""
    chunks = texts.dictionary_encode().unify_dictionaries().chunks
    codes = [chunk.indices.fill_null(-1).to_numpy() for chunk in chunks]
    return Coded(
        codes=codes[0] if len(codes) == 1 else np.concatenate(codes),
        values=pd.array(chunks[0].dictionary, dtype="str"),
    )


@attrs.frozen(kw_only=True, eq=False)
class Narrow:
    """Whole numbers counted from `least` in as few bytes as hold them.

    Picking scattered rows of a column costs what it takes to read it, so short
    numbers are picked several times as fast.
    """

    offsets: npt.NDArray[Any]
    least: int

    def of(self, part: slice, index: Ints) -> Ints:
        """Return the numbers at the positions `index` of a part."""
        taken: Any = self.offsets[part].take(index).astype(np.int32)
        if self.least:
            taken += np.int32(self.least)
        result: Ints = taken
        return result


def narrow_type(most: int) -> npt.DTypeLike:
    """The shortest of the types in question that holds the numbers 0 to `most`."""
    return next(
        (kind for kind in (np.uint8, np.uint16) if most <= np.iinfo(kind).max), np.dtype(np.int32)
    )


def places(column: pd.Series[Any], known: Mapping[str, int]) -> Narrow:
    """Say for each value its place in `known`; -1: it has none."""
    found = coded(column.array)
    kind = narrow_type(max(known.values(), default=-1) + 1)
    table = np.array([known.get(word, -1) + 1 for word in found.words] + [0], dtype=kind)
    return Narrow(offsets=table[found.codes], least=-1)


def narrow_days(column: pd.Series[Any]) -> Narrow:
    """Turn a datetime column into day numbers."""
    moments = as_moments(column.to_numpy())
    if not len(moments):
        return Narrow(offsets=np.empty(0, dtype=np.uint8), least=0)
    least, most = (int(moment) // _DAY_US for moment in (moments.min(), moments.max()))
    offsets = np.empty(len(moments), dtype=narrow_type(most - least))
    for start in range(0, len(moments), _BLOCK):
        part = slice(start, start + _BLOCK)
        offsets[part] = moments[part] // _DAY_US - least
    return Narrow(offsets=offsets, least=least)


def day_numbers(column: pd.Series[Any]) -> Ints:
    """Turn a datetime column into day numbers."""
    return as_days(column.to_numpy())


def as_moments(values: npt.NDArray[Any]) -> Ints:
    """Turn datetimes into ordered whole numbers."""
    moments: Ints = values.astype("datetime64[us]", copy=False).view(np.int64)
    return moments


def as_days(values: npt.NDArray[Any]) -> Ints:
    """Turn datetimes into day numbers."""
    days: Ints = as_moments(values) // _DAY_US
    return days
