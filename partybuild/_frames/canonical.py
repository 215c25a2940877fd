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
    date, end, recorded = (
        frame[name].to_numpy().view(np.int64) for name in ("date", "end", "recorded_at")
    )
    return (
        all(_within(values) for values in (date, end, recorded))
        and _are_days(date, end)
        and bool(np.isfinite(frame["quantity"].to_numpy()).all())
    )


def _is_fit(dtype: Any, name: str) -> bool:
    """Whether a column has its dtype; texts, ids aside, may be categories of text."""
    if isinstance(dtype, pd.CategoricalDtype) and name != "id":
        dtype = dtype.categories.dtype
        return bool(dtype == "str" and DTYPES[name] == "str")
    return bool(dtype == DTYPES[name])


def _within(values: npt.NDArray[np.int64]) -> bool:
    return not len(values) or bool(values.min() >= _FIRST and values.max() <= _LAST)


def _are_days(date: npt.NDArray[np.int64], end: npt.NDArray[np.int64]) -> bool:
    """Whether both are midnights and `end` never goes before `date`; in cache-sized steps."""
    for start in range(0, len(date), _CHUNK):
        first, last = date[start : start + _CHUNK], end[start : start + _CHUNK]
        if (last < first).any() or (first // _DAY * _DAY != first).any():
            return False
        if last is not first and (last // _DAY * _DAY != last).any():
            return False
    return True
