"""What all kinds of cells share: faults, blanks, and parsing each different text once."""

from __future__ import annotations

import math
from collections.abc import Callable
from decimal import Decimal
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

#: What a spreadsheet shows in a cell that it could not work out.
EXCEL_ERRORS: Final = frozenset(
    {"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"}
)


@attrs.frozen(kw_only=True)
class Fault:
    """Why a cell cannot be read: `code` and `message` of a Problem, what was expected, a hint.

    A source may put one in the place of a cell whose value it could not get; it
    then says itself what was `read`.
    """

    code: str
    message: str
    expected: str | None = None
    hint: str | None = None
    read: str | None = None


Faults = dict[int, Fault]


def error_value(text: str) -> Fault:
    """Build the fault of a cell that holds a spreadsheet's error, such as ``#REF!``."""
    return Fault(
        code="error-value",
        message="the spreadsheet shows an error instead of a value",
        hint=f"mend the formula that gives {text}, or type the value",
    )


def is_blank(cell: Any) -> bool:
    """Whether a cell of any type says nothing."""
    if cell is None or cell is pd.NaT or cell is pd.NA:
        return True
    if isinstance(cell, float | np.floating):
        return math.isnan(cell)
    if isinstance(cell, Decimal):
        return cell.is_nan()
    return isinstance(cell, np.datetime64) and bool(np.isnat(cell))


def is_text(cells: pd.Series[Any]) -> bool:
    """Whether a column is of a pandas string dtype, so that every cell is text or missing."""
    return isinstance(cells.dtype, pd.StringDtype)


def parse_each(
    cells: pd.Series[Any], parse: Callable[[Any], Any]
) -> tuple[list[Any], npt.NDArray[np.intp], Faults]:
    """Parse each cell, text only once per different text.

    Returns the different values, the place of each row's value among them, and
    the faults by row; a value that came out a Fault is None.
    """
    if is_text(cells):
        codes, uniques = pd.factorize(cells)
        parsed = [*map(parse, uniques.tolist()), None]
        codes[codes < 0] = len(parsed) - 1
    else:
        parsed = [v if isinstance(v, Fault) else parse(v) for v in cells.tolist()]
        codes = np.arange(len(parsed))
    bad = [i for i, value in enumerate(parsed) if isinstance(value, Fault)]
    faults: Faults = {}
    if bad:
        faults = {int(row): parsed[codes[row]] for row in np.flatnonzero(np.isin(codes, bad))}
        for i in bad:
            parsed[i] = None
    return parsed, codes, faults
