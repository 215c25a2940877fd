"""Cells that hold text: trimmed, without ``.0``, blank as missing."""

from __future__ import annotations

import datetime as dt
import math
import numbers
import re
from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild.cells.columns import (
    EXCEL_ERRORS,
    Fault,
    Faults,
    error_value,
    is_blank,
    is_text,
)

_INVISIBLES: Final = "\u200b\u200c\u200d\u2060\ufeff"
_INVISIBLE: Final = re.compile(f"[{_INVISIBLES}]")
_EDGE: Final = "".join(
    [
        " \t\r\n\v\f\x1c\x1d\x1e\x1f\x85\xa0\u1680\u2028\u2029\u202f\u205f\u3000",
        *map(chr, range(0x2000, 0x200B)),
    ]
)
_SMALL: Final = 5_000
_EXACT: Final = 1e15

_NOT_UNICODE: Final = Fault(
    code="bad-text",
    message="half a surrogate pair, which is no character",
    expected="valid Unicode",
)


def as_text_column(values: list[str | None]) -> tuple[pd.Series[str], list[int]]:
    """Build a text column; the second result names the values that are no valid Unicode.

    Half a surrogate pair, as broken JSON escapes leave it, cannot be stored;
    such a value becomes missing.
    """
    try:
        column = pd.Series(values, dtype="str")
        if getattr(column.dtype, "storage", None) == "python":  # takes what no file would
            "".join(value for value in values if value is not None).encode()
        column.array.nbytes  # noqa: B018 - some storages encode late
    except UnicodeEncodeError:
        broken = [i for i, value in enumerate(values) if value is not None and not _encodes(value)]
        for i in broken:
            values[i] = None
        return pd.Series(values, dtype="str"), broken
    return column, []


def read_texts(cells: pd.Series[Any]) -> tuple[pd.Series[str], Faults]:
    r"""Read text: trimmed, line ends as ``\n``, invisible characters gone, blank as missing.

    Whole numbers lose the ``.0`` that spreadsheets give them, dates are written
    in ISO form, a list of names is joined by ``；``. An error value of a
    spreadsheet, or a number too long for a spreadsheet to keep, is a fault.

    >>> read_texts(pd.Series(["　党课 ", 12.0, None, "#REF!"]))[0].tolist()
    ['党课', '12', nan, nan]
    """
    if isinstance(cells.dtype, pd.CategoricalDtype):
        texts, bad = read_texts(pd.Series(cells.cat.categories))
        codes = cells.cat.codes.to_numpy()
        spread = texts.reindex(codes).reset_index(drop=True)
        return spread, {int(i): bad[codes[i]] for i in np.flatnonzero(np.isin(codes, list(bad)))}
    if is_text(cells) and len(cells) > _SMALL:
        return _read_long_texts(cells)
    return _read_each_text(cells)


def _encodes(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def clean_text(text: str) -> str:
    r"""Trim `text`, drop invisible characters, and write its line ends as newlines.

    >>> clean_text(" 东山村\u200b\r\n")
    '东山村'
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.strip(_EDGE)


def _read_long_texts(cells: pd.Series[str]) -> tuple[pd.Series[str], Faults]:
    texts = cells.reset_index(drop=True)
    for odd, plain in (("\r\n", "\n"), ("\r", "\n"), *((mark, "") for mark in _INVISIBLES)):
        if texts.str.contains(odd, regex=False).any():
            texts = texts.str.replace(odd, plain, regex=False)
    texts = texts.str.strip(_EDGE)
    blank = (texts == "").to_numpy()
    errors = texts.str.startswith("#").to_numpy() & texts.isin(EXCEL_ERRORS).to_numpy()
    faults = {int(i): error_value(str(texts.iloc[i])) for i in np.flatnonzero(errors)}
    drop = blank | errors
    return (texts.mask(drop) if drop.any() else texts), faults


def _read_each_text(cells: pd.Series[Any]) -> tuple[pd.Series[str], Faults]:
    given = cells.tolist()
    if is_text(cells):
        given = [cell if isinstance(cell, str) else None for cell in given]
        cleaned = [cell if cell is None else clean_text(cell) or None for cell in given]
        if cleaned == given and EXCEL_ERRORS.isdisjoint(cleaned):
            return cells.reset_index(drop=True), {}
    parsed = [_parse_text(cell) for cell in given]
    faults: Faults = {i: text for i, text in enumerate(parsed) if isinstance(text, Fault)}
    values = [None if isinstance(text, Fault) else text for text in parsed]
    column, broken = as_text_column(values)
    faults.update(dict.fromkeys(broken, _NOT_UNICODE))
    return column, faults


def _parse_text(cell: Any) -> str | Fault | None:
    if isinstance(cell, str):
        text = clean_text(cell)
        return error_value(text) if text in EXCEL_ERRORS else text or None
    if isinstance(cell, Fault):
        return cell
    if is_blank(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return str(bool(cell)).lower()
    if isinstance(cell, numbers.Real):
        return _number_text(cell)
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        cell = cell.date()
    if isinstance(cell, dt.date | dt.time):
        return cell.isoformat()
    if isinstance(cell, list | tuple | np.ndarray):
        parts = [_parse_text(part) for part in cell]
        if all(part is None or isinstance(part, str) for part in parts):
            return "；".join(str(part) for part in parts if part) or None
    return Fault(
        code="bad-text", message=f"not text but {type(cell).__name__}", expected="text or a number"
    )


def _number_text(cell: numbers.Real) -> str | Fault:
    if isinstance(cell, numbers.Integral):
        return str(int(cell))
    value = float(cell)
    if not math.isfinite(value):
        return Fault(code="bad-text", message="not a finite number", expected="text")
    if abs(value) >= _EXACT:
        return Fault(
            code="digits-lost",
            message="a number of more than 15 digits, which a spreadsheet cannot keep exactly",
            hint="format the column as text and type the number again",
        )
    return str(int(value)) if value.is_integer() else repr(value)
