"""A table as a source holds it, before anything is read into it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.cells import EXCEL_EPOCH
from partybuild.errors import Problem


@attrs.frozen(kw_only=True, eq=False)
class Table:
    """Rows as a source holds them: headings and cells untouched, blank rows left out.

    `rows` numbers each row in the source (None: 1, 2, …), `lines` the line in
    which it begins where that differs; `by_line` says that the source counts
    lines alone. `problems` are those of rows that `frame` does not hold, and
    `rows_in` counts these too. `epoch` is day 0 of the source's day numbers.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64] | None = None
    lines: npt.NDArray[np.int64] | None = None
    by_line: bool = False
    heading_row: int = 1
    has_heading_row: bool = True
    problems: tuple[Problem, ...] = ()
    rows_in: int | None = None
    file: str | None = None
    sheet: str | None = None
    epoch: dt.datetime = EXCEL_EPOCH

    def numbers(self) -> npt.NDArray[np.int64]:
        """The number of each row in the source."""
        return np.arange(1, len(self.frame) + 1) if self.rows is None else self.rows

    def place(self, position: int) -> dict[str, Any]:
        """The place of the row at `position`, as keyword arguments of a Problem."""
        row = position + 1 if self.rows is None else int(self.rows[position])
        place: dict[str, Any] = {"file": self.file, "sheet": self.sheet}
        if self.by_line:
            return place | {"line": row}
        line = row if self.lines is None else int(self.lines[position])
        return place | {"row": row, "line": line if line != row else None}


def column_of(values: list[Any]) -> pd.Series[Any]:
    """Make a column of cells of any type; one of nothing but text gets the text dtype."""
    if pd.api.types.infer_dtype(values, skipna=True) in ("string", "empty"):
        try:
            return pd.Series(values, dtype="str")
        except UnicodeEncodeError:  # half a surrogate pair, to be named with its place
            pass
    return pd.Series(values, dtype=object)
