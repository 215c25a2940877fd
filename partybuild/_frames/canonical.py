"""Whether a frame is canonical already, so that nothing needs to be done to it."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.cells.dates import FIRST_YEAR, LAST_YEAR
from partybuild.events import COLUMNS, DTYPES

_DAY: Final = 86_400_000_000
_CHUNK: Final = 1 << 16
_FIRST: Final = np.datetime64(f"{FIRST_YEAR}-01-01", "us").astype(np.int64)
_LAST: Final = np.datetime64(f"{LAST_YEAR}-12-31T23:59:59.999999", "us").astype(np.int64)


def is_canonical(frame: pd.DataFrame) -> bool:
    """Whether `frame` is what `read_events` returns: its columns, dtypes and filled cells.

    Costs a few passes over the numbers and copies nothing.

    >>> from partybuild.events import empty_events
    >>> is_canonical(empty_events()), is_canonical(empty_events().drop(columns="void"))
    (True, False)
    """
    columns = frame.columns
    if tuple(columns[: len(COLUMNS)]) != COLUMNS or not columns.is_unique:
        return False
    if not all(_is_fit(frame[name].dtype, name) for name in DTYPES):
        return False
    if frame["id"].array.isna().any() or frame["kind"].array.isna().any():
        return False
    numbers = tuple(frame[name].to_numpy() for name in ("date", "end", "recorded_at", "quantity"))
    size = len(frame)
    steps = [slice(start, start + _CHUNK) for start in range(0, size, _CHUNK)]
    return all(_are_fit(*(column[step] for column in numbers)) for step in steps)


def _is_fit(dtype: Any, name: str) -> bool:
    """Whether a column has its dtype; texts, ids aside, may be categories of text."""
    if isinstance(dtype, pd.CategoricalDtype) and name != "id":
        dtype = dtype.categories.dtype
        return bool(dtype == "str" and DTYPES[name] == "str")
    return bool(dtype == DTYPES[name])


def _are_fit(
    date: npt.NDArray[Any], end: npt.NDArray[Any], recorded: npt.NDArray[Any], quantity: Any
) -> bool:
    """Whether some rows are within the calendar, last whole days from first to last, and finite."""
    first, last = date.view(np.int64), end.view(np.int64)
    is_one_day = bool((first == last).all())
    if not (_within(first) and _within(recorded.view(np.int64)) and _are_midnights(first)):
        return False
    if not is_one_day and not (
        _within(last) and _are_midnights(last) and bool((last >= first).all())
    ):
        return False
    return bool(np.isfinite(quantity).all())


def _within(values: npt.NDArray[np.int64]) -> bool:
    return not len(values) or bool(values.min() >= _FIRST and values.max() <= _LAST)


def _are_midnights(values: npt.NDArray[np.int64]) -> bool:
    return bool((values // _DAY * _DAY == values).all())
