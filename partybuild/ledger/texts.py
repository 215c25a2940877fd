"""A column of texts as a ledger file hands it over: one run of bytes, cut up all at once."""

from __future__ import annotations

import datetime as dt
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.errors import LedgerError
from partybuild.ledger.entries import FIELD_END
from partybuild.sources.parquet import arrow

__all__ = ["Texts"]

_END: Final = FIELD_END.encode()
_DAY: Final = len("2021-03-05")
_HYPHENS: Final = [4, 7]


@attrs.frozen
class Texts:
    r"""`count` texts of the column `name` in UTF-8, `FIELD_END` between them, ``""`` for missing.

    Whatever reads them raises `LedgerError` when they are not what a ledger writes.

    >>> Texts("unit", "次\x1f\x1f天".encode(), 3).series().fillna("?").tolist()
    ['次', '?', '天']
    """

    name: str
    joined: bytes
    count: int

    def is_blank(self) -> bool:
        """Whether every text is missing."""
        return len(self.joined) == max(0, self.count - 1) == self.joined.count(_END)

    def split(self) -> list[str]:
        """Return the texts one by one."""
        try:
            texts = self.joined.decode().split(FIELD_END) if self.count else []
        except UnicodeDecodeError:
            raise self._damaged("what is no text") from None
        if len(texts) != self.count:
            raise self._damaged("a control character")
        return texts

    def filled(self) -> npt.NDArray[np.bool_]:
        """Return which texts are there."""
        if self.is_blank():
            return np.zeros(self.count, dtype=bool)
        return np.array([text != "" for text in self.split()], dtype=bool)

    def moments(self) -> npt.NDArray[np.datetime64]:
        """Read ISO texts; ``""`` becomes NaT."""
        if self.is_blank():
            return np.full(self.count, np.datetime64("NaT"), dtype="datetime64[us]")
        try:
            return self._days() if self._is_all_days() else self._each_moment()
        except ValueError:
            raise self._damaged("what is no date") from None

    def _is_all_days(self) -> bool:
        """Whether every text has the form 2021-03-05."""
        if len(self.joined) + 1 != self.count * (_DAY + 1):
            return False
        cells = np.frombuffer(self.joined + _END, dtype=np.uint8).reshape(self.count, _DAY + 1)
        ends = bool((cells[:, _DAY] == _END[0]).all()) and self.joined.count(_END) < self.count
        return ends and bool((cells[:, _HYPHENS] == ord("-")).all())

    def _days(self) -> npt.NDArray[np.datetime64]:
        cells = np.frombuffer(self.joined + _END, dtype=f"S{_DAY + 1}").astype(f"S{_DAY}")
        days: npt.NDArray[np.datetime64] = cells.astype("datetime64[D]").astype("datetime64[us]")
        return days

    def _each_moment(self) -> npt.NDArray[np.datetime64]:
        """Read texts of any length, each different one once."""
        codes, different = pd.factorize(np.array(self.split(), dtype=object))
        read = [dt.datetime.fromisoformat(text) if text else None for text in different]
        values: npt.NDArray[np.datetime64] = np.array(read, dtype="datetime64[us]")[codes]
        return values

    def series(self) -> pd.Series[str]:
        """Return a text column; ``""`` becomes missing."""
        dtype: Any = pd.api.types.pandas_dtype("str")
        if dtype.storage == "pyarrow" and self.count:
            return pd.Series(dtype.__from_arrow__(self._arrow()))
        series = pd.Series(self.split(), dtype="str")
        blank = series == ""
        return series.mask(blank) if blank.any() else series

    def _arrow(self) -> Any:
        """Cut the bytes where pandas keeps text in Arrow's form, which has no separators."""
        pyarrow = arrow("Text in Arrow's form")
        cells = np.frombuffer(self.joined, dtype=np.uint8)
        is_text = cells != _END[0]
        ends = np.flatnonzero(~is_text)
        if len(ends) + 1 != self.count:
            raise self._damaged("a control character")
        offsets = np.empty(self.count + 1, dtype=np.int64)
        offsets[0] = 0
        offsets[1:-1] = ends - np.arange(len(ends))
        offsets[-1] = len(cells) - len(ends)
        filled = np.packbits(np.diff(offsets) > 0, bitorder="little")
        buffers = [pyarrow.py_buffer(part) for part in (filled, offsets, cells[is_text])]
        texts = pyarrow.Array.from_buffers(pyarrow.large_string(), self.count, buffers)
        try:
            texts.validate(full=True)
        except pyarrow.ArrowException:
            raise self._damaged("what is no text") from None
        return texts

    def _damaged(self, what: str) -> LedgerError:
        return LedgerError(f"the column {self.name} of the ledger holds {what}; run verify()")
