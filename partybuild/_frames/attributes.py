"""Columns that are none of ours: they stay, with one type each."""

from __future__ import annotations

from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild.cells import EXCEL_ERRORS, Faults, read_texts

_TYPES: Final = {"boolean": "boolean", "integer": "Int64"}
_NUMBERS: Final = frozenset({"integer", "floating", "mixed-integer-float"})


def read_attribute(
    cells: pd.Series[Any], *, as_they_came: bool = False
) -> tuple[pd.Series[Any], Faults]:
    """Give an attribute column one type; text is trimmed, and blank text is missing.

    A column of Python objects becomes booleans, integers, floats, dates or,
    when it mixes them, text; with `as_they_came` only what is all text is
    touched. Other dtypes stay.

    >>> read_attribute(pd.Series(["县", 3, None], dtype=object))[0].tolist()
    ['县', '3', nan]
    """
    cells = cells.reset_index(drop=True)
    if isinstance(cells.dtype, pd.StringDtype):
        return read_texts(cells)
    if cells.dtype != object:
        return cells, {}
    kind = pd.api.types.infer_dtype(cells, skipna=True)
    if kind in ("string", "empty"):
        return read_texts(cells)
    if as_they_came:
        return cells, {}
    errors = {
        i: cell for i, cell in enumerate(cells) if isinstance(cell, str) and cell in EXCEL_ERRORS
    }
    if errors:
        faults = read_texts(cells.iloc[list(errors)])[1]
        rest, more = read_attribute(cells.mask(cells.index.isin(errors), None))
        return rest, dict(zip(errors, faults.values(), strict=True)) | more
    if typed := _typed(cells, kind):
        return typed[0], {}
    return read_texts(cells)


def _typed(cells: pd.Series[Any], kind: str) -> tuple[pd.Series[Any]] | None:
    """Bring a column of one kind to its dtype; None when it has none of its own."""
    whole = not cells.isna().any()
    try:
        if kind == "boolean":
            return (cells.astype("bool" if whole else "boolean"),)
        if kind == "integer":
            return (cells.astype("int64" if whole else "Int64"),)
        if kind in _NUMBERS:
            return (cells.astype(np.float64),)
        if kind in ("datetime", "datetime64", "date"):
            return (pd.Series(pd.to_datetime(cells)).astype("datetime64[us]"),)
    except (TypeError, ValueError, OverflowError):
        return None
    return None
