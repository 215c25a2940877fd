"""The rows of each kind side by side: a table is put in order piece by piece.

A piece stays in the cache of a processor while its rows are sorted by kind and its
columns are picked, so that every column is read once, from one end to the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt

from partybuild.grid import Ints
from partybuild.reduce.coding import LARGE, Narrow, done

#: So many rows make a piece, and more where there are many kinds.
_PIECE = 1 << 17
_PIECE_OF_KIND = 1 << 11


@attrs.frozen(kw_only=True, eq=False)
class Layout:
    """Where the rows of each piece and kind come to stand.

    `of_row` is 0 for rows that fall out, else 1 + the place of their kind. The rows of
    kind k in piece p come to stand from ``ends[p, k]`` to ``ends[p + 1, k]``.
    """

    of_row: npt.NDArray[Any]
    piece: int
    ends: Ints

    @classmethod
    def of(cls, of_row: npt.NDArray[Any], kinds: int) -> Layout:
        """Count the rows of each of so many kinds, piece by piece."""
        piece = max(_PIECE, _PIECE_OF_KIND * kinds)
        parts = [of_row[start : start + piece] for start in range(0, len(of_row), piece)]
        counts = np.zeros((1 + len(parts), kinds), dtype=np.int64)
        for number, part in enumerate(parts, start=1):
            counts[number] = np.bincount(part, minlength=kinds + 1)[1:]
        ends = np.cumsum(counts, axis=0)
        ends += np.cumsum(ends[-1]) - ends[-1]
        return cls(of_row=of_row, piece=piece, ends=ends)

    def laid(self, columns: Sequence[Narrow]) -> list[Ints]:
        """The rows kind after kind, and the numbers of some columns in that order."""
        number = int(self.ends[-1, -1]) if self.ends.size else 0
        wide = np.int32 if len(self.of_row) < 2**31 else np.int64
        found: list[Any] = [np.empty(number, dtype=wide)]
        found += [np.empty(number, dtype=np.int32) for _ in columns]
        tasks = [partial(self._lay, at, columns, found) for at in range(len(self.ends) - 1)]
        done(tasks, is_large=len(self.of_row) >= LARGE)
        return found

    def _lay(self, at: int, columns: Sequence[Narrow], found: list[Any]) -> None:
        """Sort a piece by kind, and write each kind to its place."""
        part = slice(at * self.piece, (at + 1) * self.piece)
        order = np.argsort(self.of_row[part], kind="stable")
        begins, ends = self.ends[at].tolist(), self.ends[at + 1].tolist()
        # rows without a kind sort first, so that leaving them out is a slice
        order = order[len(order) - (sum(ends) - sum(begins)) :]
        in_order = [order + part.start, *(column.of(part, order) for column in columns)]
        written = 0
        for begin, end in zip(begins, ends, strict=True):
            until = written + end - begin
            for column, values in zip(found, in_order, strict=True):
                column[begin:end] = values[written:until]
            written = until

    def pick(
        self, values: npt.NDArray[Any], row: Ints, told: tuple[npt.NDArray[Any], list[int]]
    ) -> None:
        """Fill an array with the values of the rows of some kinds, piece by piece.

        `told`: the array, as long as `row`, and where those kinds begin in it.
        """
        found, starts = told
        kinds = np.flatnonzero(np.isin(self.ends[0], starts)).tolist()

        def pick(first: int, last: int) -> None:
            for at in range(first, last):
                begin = at * self.piece
                # a copy is read in one go; scattered rows would be waited for one by one
                own = values[begin : begin + self.piece].copy()
                begins, ends = self.ends[at], self.ends[at + 1]
                for kind in kinds:
                    part = slice(begins[kind], ends[kind])
                    found[part] = own.take(row[part] - begin)

        pieces = len(self.ends) - 1
        halves = [partial(pick, 0, pieces // 2), partial(pick, pieces // 2, pieces)]
        done(halves, is_large=len(self.of_row) >= LARGE)
