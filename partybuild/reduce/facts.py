"""The events of a plan, encoded once as whole numbers and grouped by kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.events import holding_rows
from partybuild.grid import Floats, Ints

_DAY_US = 86_400_000_000
_NAMES = re.compile("[;；、]")


def split_names(text: str) -> tuple[str, ...]:
    """Split the names of a `subject`; blanks and repeated names fall out.

    >>> split_names("甲、乙; 甲；")
    ('甲', '乙')
    """
    names = (name.strip() for name in _NAMES.split(text))
    return tuple(dict.fromkeys(name for name in names if name))


def day_numbers(column: pd.Series[Any]) -> Ints:
    """Turn a datetime column into day numbers."""
    values = column.to_numpy()
    if values.dtype != np.dtype("datetime64[us]"):
        values = values.astype("datetime64[us]")
    days: Ints = values.view(np.int64) // _DAY_US
    return days


@attrs.frozen(kw_only=True, eq=False)
class Facts:
    """The rows that hold, those of each kind side by side.

    `row` is the position in `frame`; `day` the day number of `date`;
    `organisation` the position of the row's organisation, -1 where it is none of
    those assessed. All are ordered by kind, then by row; `slices` says where each
    kind stands.
    """

    frame: pd.DataFrame
    row: Ints
    day: Ints
    organisation: Ints | None
    slices: Mapping[str, slice]

    def take(self, column: str, positions: Ints | slice) -> Any:
        """Return the values of `column` for `positions`."""
        return self.frame[column].array[self.row[positions]]

    def end_day(self, positions: Ints | slice) -> Ints:
        """Day numbers of `end`."""
        return day_numbers(pd.Series(self.take("end", positions)))

    def quantity(self, positions: Ints | slice) -> Floats:
        """The quantities, as read."""
        return self.frame["quantity"].to_numpy()[self.row[positions]]

    def recorded(self, positions: Ints | slice) -> Ints:
        """The times of recording, as ordered whole numbers."""
        values = self.frame["recorded_at"].to_numpy()[self.row[positions]]
        return values.astype("datetime64[us]").view(np.int64)


def encode(
    frame: pd.DataFrame,
    *,
    kinds: Sequence[str],
    organisations: Mapping[str, int] | None = None,
    known_at: dt.date | None = None,
) -> Facts:
    """Encode the rows of a canonical frame that hold and whose kind is one of `kinds`.

    `organisations` gives the position of each name; None: they are not told apart.
    """
    codes = _codes(frame["kind"], {kind: index for index, kind in enumerate(kinds)})
    holds = holding_rows(frame, known_at=known_at)
    row = np.flatnonzero(holds & (codes >= 0))
    wanted = codes[row].astype(np.int16 if len(kinds) < 2**15 else np.int64)
    row = row[np.argsort(wanted, kind="stable")]
    counts = np.bincount(wanted, minlength=len(kinds))
    ends = np.cumsum(counts)
    slices = {
        kind: slice(int(end - count), int(end))
        for kind, end, count in zip(kinds, ends, counts, strict=True)
    }
    return Facts(
        frame=frame,
        row=row,
        day=day_numbers(frame["date"])[row],
        organisation=(
            None if organisations is None else _codes(frame["organisation"], organisations)[row]
        ),
        slices=slices,
    )


def _codes(column: pd.Series[Any], places: Mapping[str, int]) -> Ints:
    """Say for each value its place in `places`; -1: it has none."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        found, uniques = column.cat.codes.to_numpy(), list(column.cat.categories)
    else:
        found, uniques = pd.factorize(column)
    table = np.array([places.get(name, -1) for name in uniques] + [-1], dtype=np.int64)
    return table[found]


def names_of(facts: Facts, positions: Ints | slice) -> tuple[Ints, list[tuple[str, ...]]]:
    """Return for each row the number of its subject text, and the names in each text.

    Rows without a subject have the last number, whose names are empty.
    """
    codes, uniques = pd.factorize(facts.take("subject", positions))
    names = [split_names(str(text)) for text in uniques]
    return np.where(codes < 0, len(names), codes), [*names, ()]


@attrs.frozen(kw_only=True, eq=False)
class Expansion:
    """Rows repeated once for each of their names (or members): parallel arrays."""

    index: Ints
    value: Ints


def expand(codes: Ints, values: Sequence[Sequence[int]]) -> Expansion:
    """Repeat each row once for every value that stands behind its code.

    >>> both = expand(np.array([0, 1, 0]), [[7, 8], []])
    >>> both.index.tolist(), both.value.tolist()
    ([0, 0, 2, 2], [7, 8, 7, 8])
    """
    sizes = np.array([len(one) for one in values], dtype=np.int64)
    flat = np.array([value for one in values for value in one], dtype=np.int64)
    begins = np.cumsum(sizes) - sizes
    times = sizes[codes]
    index = np.repeat(np.arange(len(codes)), times)
    step = np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    return Expansion(index=index, value=flat[begins[codes][index] + step])
