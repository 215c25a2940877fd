"""What all kinds of cells share: faults, blanks, and parsing each different text once."""

from __future__ import annotations

import math
from collections.abc import Callable
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
    """Why a cell cannot be read: `code` and `message` of a Problem, what was expected, a hint."""

    code: str
    message: str
    expected: str | None = None
    hint: str | None = None


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
    if isinstance(cell, float):
        return math.isnan(cell)
    return isinstance(cell, np.datetime64) and bool(np.isnat(cell))


def is_text(cells: pd.Series[Any]) -> bool:
    """Whether a column is of a pandas string dtype, so that every cell is text or missing."""
    return isinstance(cells.dtype, pd.StringDtype)


def parse_each(
    cells: pd.Series[Any], parse: Callable[[Any], Any]
) -> tuple[npt.NDArray[np.object_], Faults]:
    """Parse each cell, text only once per different text; what came out a Fault becomes None."""
    if is_text(cells):
        codes, uniques = pd.factorize(cells)
        parsed = [*map(parse, uniques.tolist()), None]
        results = _objects(parsed)[codes]
        bad = np.array([isinstance(value, Fault) for value in parsed])
        places = np.flatnonzero(bad[codes]).tolist() if bad.any() else []
    else:
        results = _objects([parse(value) for value in cells.tolist()])
        places = [i for i, value in enumerate(results) if isinstance(value, Fault)]
    faults = {i: results[i] for i in places}
    if faults:
        results[places] = None
    return results, faults


def _objects(values: list[Any]) -> npt.NDArray[np.object_]:
    array = np.empty(len(values), dtype=object)
    array[:] = values
    return array
