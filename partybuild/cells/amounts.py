"""Cells that hold quantities or a yes or no."""

from __future__ import annotations

import decimal
import math
import numbers
import re
import unicodedata
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.cells.columns import (
    EXCEL_ERRORS,
    Fault,
    Faults,
    error_value,
    is_blank,
    parse_each,
)
from partybuild.cells.texts import clean_text
from partybuild.errors import Problem
from partybuild.quantities import Number, parse_amount, parse_number

_NUMBER: Final = "a number such as 12, 3.5, 1,000, 95% or 3次"
_FLAG: Final = "true, false, 是, 否, 1, 0, 作废 or nothing"
_LONGEST: Final = 80
_NOT_FINITE: Final = Fault(code="bad-number", message="not a finite number", expected=_NUMBER)

_NO_NUMBER: Final = Fault(code="bad-number", message="not a number", expected=_NUMBER)
_COUNTED: Final = "write the number counted, in digits"
_DIGIT: Final = re.compile(r"\d", re.ASCII)
_PLAIN: Final = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(%?)", re.ASCII)
_YES: Final = frozenset(
    {"true", "yes", "y", "t", "1", "1.0", "是", "对", "√", "作废", "已作废", "void"}
)
_NO: Final = frozenset({"false", "no", "n", "f", "0", "0.0", "否", "无", "未作废", "有效"})


class Percent(float):
    """A number that its cell shows as a percentage: 0.95 for a cell that reads 95%."""

    mark = "%"


class PerMille(float):
    """A number that its cell shows per mille; it stays as written: 4.5 for 4.5‰."""

    mark = "‰"


class Measured(float):
    """A number with a unit behind it in the same cell: 3 with ``mark`` 次 for 3次."""

    mark: str

    def __new__(cls, value: float, mark: str) -> Measured:
        """Put number and unit together."""
        number = super().__new__(cls, value)
        number.mark = mark
        return number


_SIGNED: Final[dict[str | None, type[Percent | PerMille]]] = {"%": Percent, "‰": PerMille}
#: The sign before an amount of money says its unit.
_MONEY: Final = re.compile(r"[¥￥]\s*(?=\d)")
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", re.ASCII)


def read_numbers(
    cells: pd.Series[Any],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_] | None, Faults]:
    """Read numbers; blank is NaN. The second result has the sign that a cell itself carries.

    Such a sign is ``"%"`` (the value is a fraction: 95% is 0.95), ``"‰"`` (the
    value stays: 4.5‰ is 4.5), or the unit that stands behind the number (3次);
    None where there is none, and instead of the array when no cell has one.

    >>> values, signs, faults = read_numbers(pd.Series(["3", "95%", "1,000", "三十期", "", "y"]))
    >>> values.tolist()
    [3.0, 0.95, 1000.0, 30.0, nan, nan]
    >>> signs.tolist(), faults[5].message
    ([None, '%', None, '期', None, None], 'not a number')
    """
    if _is_real(cells.dtype):
        values = cells.to_numpy(dtype=np.float64, na_value=np.nan)
        endless = np.isinf(values)
        bad = dict.fromkeys(np.flatnonzero(endless).tolist(), _NOT_FINITE)
        return (np.where(endless, np.nan, values) if bad else values), None, bad
    found, codes, faults = parse_each(cells, _parse_number)
    signs = np.array([getattr(value, "mark", None) for value in found], dtype=object)
    values = np.array(found, dtype=np.float64)[codes]
    return values, (signs[codes] if any(signs) else None), faults


def _is_real(dtype: Any) -> bool:
    types = pd.api.types
    is_odd = types.is_bool_dtype(dtype) or types.is_complex_dtype(dtype)
    return types.is_numeric_dtype(dtype) and not is_odd


def read_flags(cells: pd.Series[Any]) -> tuple[npt.NDArray[np.bool_], Faults]:
    """Read yes or no; blank is no.

    >>> read_flags(pd.Series(["是", "", "0", "作废", "maybe"]))[0].tolist()
    [True, False, False, True, False]
    """
    if str(cells.dtype) == "bool":
        return cells.to_numpy(), {}
    found, codes, faults = parse_each(cells, _parse_flag)
    return np.array([value is True for value in found], dtype=bool)[codes], faults


def _parse_number(cell: Any) -> float | Fault | None:
    if isinstance(cell, str):
        return _parse_number_text(cell)
    if is_blank(cell):
        return None
    if isinstance(cell, Percent):
        return _finite(cell)
    is_flag = isinstance(cell, bool | np.bool_)
    if isinstance(cell, numbers.Real | decimal.Decimal) and not is_flag:
        return _finite(_as_float(cell))
    return Fault(
        code="bad-number", message=f"not a number but {type(cell).__name__}", expected=_NUMBER
    )


def _as_float(cell: Any) -> float:
    try:
        return float(cell)
    except OverflowError:
        return math.inf


def _finite(value: float) -> float | Fault | None:
    if math.isnan(value):
        return None
    return value if math.isfinite(value) else _NOT_FINITE


def _parse_number_text(cell: str) -> float | Fault | None:
    text = clean_text(cell)
    if not text:
        return None
    if match := _PLAIN.fullmatch(text):
        digits, sign = match.groups()
        if not sign:
            return _finite(float(digits))
        # Shifting the point keeps 7% at 0.07, where 7 / 100 need not.
        value = _finite(float(decimal.Decimal(digits).scaleb(-2)))
        return Percent(value) if isinstance(value, float) else value
    if text in EXCEL_ERRORS:
        return error_value(text)
    return _parse_odd_number(text)


def _parse_odd_number(text: str) -> float | Fault:
    """Read a number as people write it: full-width, ``1,000``, ``三十``, ``3次``, ``￥5``."""
    if len(text) > _LONGEST:
        return _NO_NUMBER
    plain = unicodedata.normalize("NFKC", text)
    if not text.isascii() and _THOUSANDS.fullmatch(plain) and not _DIGIT.search(text):
        return float(plain.replace(",", ""))
    unit = None
    number: Number | Problem = parse_number(text)
    if not isinstance(number, Number):
        money = _MONEY.match(text)
        amount = parse_amount(text[money.end() :] if money else text)
        if isinstance(amount, Problem) or (money and amount.unit not in (None, "元")):
            has_digit = _DIGIT.search(plain) is not None
            return attrs.evolve(_NO_NUMBER, hint=_COUNTED if has_digit else None)
        number, unit = amount.number, "元" if money else amount.unit
    if number.value is None or number.is_doubtful or "/" in number.text:
        return Fault(
            code="bad-number",
            message="not one exact number",
            expected=_NUMBER,
            hint=_COUNTED,
        )
    value = _finite(_as_float(number.value))
    if not isinstance(value, float):
        return _NOT_FINITE
    if number.unit in _SIGNED:
        return _SIGNED[number.unit](value)
    return Measured(value, unit) if unit else value


def _parse_flag(cell: Any) -> bool | Fault | None:
    if is_blank(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    text = clean_text(str(cell)).casefold()
    if not text:
        return None
    if text in _YES or text in _NO:
        return text in _YES
    if text.upper() in EXCEL_ERRORS:
        return error_value(text.upper())
    return Fault(code="bad-flag", message="neither yes nor no", expected=_FLAG)
