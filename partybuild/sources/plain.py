"""A canonical frame as plain values or texts, for the formats that are written."""

from __future__ import annotations

import datetime as dt
import decimal
from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild.cells.columns import is_blank, is_text

_EXACT: Final = 1e15


def plain_values(cells: pd.Series[Any]) -> list[Any]:
    """Give the cells as None, bool, int, float, date, datetime or text.

    >>> plain_values(pd.Series([1.0, None, 2.5]))
    [1, None, 2.5]
    """
    if is_text(cells):
        return cells.astype(object).where(cells.notna(), None).tolist()
    if isinstance(cells.dtype, np.dtype) and cells.dtype.kind == "M":
        return _moments(cells.to_numpy())
    if isinstance(cells.dtype, np.dtype) and cells.dtype.kind in "biu":
        return cells.tolist()
    return [_plain_value(cell) for cell in cells.tolist()]


def plain_texts(frame: pd.DataFrame) -> list[list[str]]:
    """Write each column as texts that read back as the same values; missing is empty."""
    return [
        _quantity_texts(frame) if name == "quantity" else _texts(plain_values(frame[name]))
        for name in frame.columns
    ]


def _moments(values: Any) -> list[Any]:
    """Give points of time as dates where all are midnights, else each as what it is."""
    days = values.astype("datetime64[D]")
    blank = np.isnat(values)
    if ((days == values) | blank).all():
        return list(days.tolist())
    return [
        None if moment is None else moment if moment.time() != dt.time() else moment.date()
        for moment in values.astype("datetime64[us]").tolist()
    ]


def _plain_value(cell: Any) -> Any:
    if is_blank(cell):
        return None
    if isinstance(cell, np.generic):
        cell = cell.item()
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < _EXACT else cell
    if isinstance(cell, pd.Timestamp):
        cell = cell.floor("us").to_pydatetime()
    if isinstance(cell, dt.datetime):
        is_day = cell.time() == dt.time() and cell.tzinfo is None
        return cell.date() if is_day else cell
    return cell if isinstance(cell, str | bool | int | dt.date) else str(cell)


def _texts(values: list[Any]) -> list[str]:
    return [
        value if isinstance(value, str) else "" if value is None else _text(value)
        for value in values
    ]


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def _quantity_texts(frame: pd.DataFrame) -> list[str]:
    """Write fractions of the unit % as percentages: a bare 0.95 beside % reads like 0.95%."""
    texts = [repr(value) for value in plain_values(frame["quantity"])]
    for i in np.flatnonzero((frame["unit"] == "%").to_numpy()):
        texts[i] = f"{decimal.Decimal(texts[i]).scaleb(2)}%"
    return texts
