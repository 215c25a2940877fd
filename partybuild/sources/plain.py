"""A canonical frame as plain texts and values, for the formats that are written."""

from __future__ import annotations

import datetime as dt
import decimal
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from partybuild.cells.columns import is_blank


def plain_columns(frame: pd.DataFrame) -> list[list[str]]:
    """Write each column as texts that read back as the same values; missing is empty."""
    columns = []
    for name in frame.columns:
        values = plain_values(frame[name])
        if name == "quantity":
            columns.append(_quantity_texts(values, frame["unit"].tolist()))
        else:
            columns.append(_each(values, _plain_text))
    return columns


def plain_values(cells: pd.Series[Any]) -> list[Any]:
    """Give the cells as None, bool, int, float, date, datetime or text.

    >>> plain_values(pd.Series([1.0, None, 2.5]))
    [1, None, 2.5]
    """
    return [_plain_value(cell) for cell in cells.tolist()]


def _plain_value(cell: Any) -> Any:
    if isinstance(cell, str):
        return cell
    if is_blank(cell):
        return None
    if isinstance(cell, float):
        return int(cell) if cell.is_integer() and abs(cell) < 1e15 else cell
    if isinstance(cell, pd.Timestamp):
        cell = cell.floor("us").to_pydatetime()
    if isinstance(cell, dt.datetime):
        is_day = cell.time() == dt.time() and cell.tzinfo is None
        return cell.date() if is_day else cell
    if isinstance(cell, np.generic):
        return cell.item()
    return cell if isinstance(cell, bool | int | dt.date) else str(cell)


def _each(values: list[Any], write: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else write(value) for value in values]


def _plain_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime):
        return value.isoformat(sep=" ")
    return value.isoformat() if isinstance(value, dt.date) else str(value)


def _quantity_texts(values: list[Any], units: list[Any]) -> list[str]:
    """Write fractions of the unit % as percentages: a bare 0.95 beside % reads like 0.95%."""
    return [
        f"{decimal.Decimal(repr(value)).scaleb(2):f}%" if unit == "%" else repr(value)
        for value, unit in zip(values, units, strict=True)
    ]
