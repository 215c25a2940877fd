"""Cells that hold quantities or a yes or no."""

from __future__ import annotations

import decimal
import math
import numbers
import re
from typing import Any, Final

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
from partybuild.quantities.scan import Number, parse_number

_NUMBER: Final = "a number such as 12, 3.5, 1,000 or 95%"
_FLAG: Final = "true, false, 是, 否, 1, 0, 作废 or nothing"
_LONGEST: Final = 80
_NOT_FINITE: Final = Fault(code="bad-number", message="not a finite number", expected=_NUMBER)

_PLAIN: Final = re.compile(r"([+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,3})?)\s*(%?)", re.ASCII)
_YES: Final = frozenset(
    {"true", "yes", "y", "t", "1", "1.0", "是", "对", "√", "作废", "已作废", "void"}
)
_NO: Final = frozenset({"false", "no", "n", "f", "0", "0.0", "否", "未作废", "有效"})


class Percent(float):
    """A number that its cell shows as a percentage: 0.95 for a cell that reads 95%."""

    mark = "%"


class PerMille(float):
    """A number that its cell shows per mille; it stays as written: 4.5 for 4.5‰."""

    mark = "‰"


_SIGNED: Final[dict[str | None, type[Percent | PerMille]]] = {"%": Percent, "‰": PerMille}


def read_numbers(
    cells: pd.Series[Any],
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.object_] | None, Faults]:
    """Read numbers; blank is NaN. The second result has the sign that a cell itself carries.

    Such a sign is ``"%"`` (the value is a fraction: 95% is 0.95) or ``"‰"`` (the
    value stays: 4.5‰ is 4.5); None where there is none, and instead of the
    array when no cell has one.

    >>> values, signs, faults = read_numbers(pd.Series(["3", "95%", "1,000", "三十", "", "y"]))
    >>> values.tolist()
    [3.0, 0.95, 1000.0, 30.0, nan, nan]
    >>> signs.tolist(), faults[5].message
    ([None, '%', None, None, None, None], 'not a number')
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
    """Read a number as people write it: full-width digits, ``1,000``, ``三十``, ``百分之五``."""
    number = parse_number(text) if len(text) <= _LONGEST else None
    if not isinstance(number, Number):
        return Fault(code="bad-number", message="not a number", expected=_NUMBER)
    if number.value is None or number.is_doubtful or "/" in text:
        return Fault(
            code="bad-number",
            message="not one exact number",
            expected=_NUMBER,
            hint="write the number counted, in digits",
        )
    value = _finite(_as_float(number.value))
    if not isinstance(value, float):
        return _NOT_FINITE
    return _SIGNED[number.unit](value) if number.unit in _SIGNED else value


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
