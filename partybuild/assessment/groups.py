"""Rows gathered into groups: sums, counts and extremes of each group, in whole arrays."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
import numpy as np

from partybuild.grid import Bools, Codes, Floats, Ints


class Groups(Protocol):
    """Sums, counts and extremes over the rows of each group."""

    @property
    def number(self) -> int:
        """How many groups there are."""

    def count(self, mask: Bools) -> Ints:
        """How many rows of each group `mask` marks."""

    def any(self, mask: Bools) -> Bools:
        """Whether `mask` marks a row of the group."""

    def sum(self, values: Floats) -> Floats:
        """Sum of the values that are not NaN; NaN where a group has none."""

    def least(self, values: Codes, *, default: int) -> Codes:
        """Smallest value of each group, `default` for a group without rows."""

    def last(self, values: Floats, mask: Bools) -> Floats:
        """Value of the last row of each group that `mask` marks; NaN without one."""

    def first(self, values: Floats, mask: Bools) -> Floats:
        """Value of the first row of each group that `mask` marks; NaN without one."""


@attrs.frozen(kw_only=True, eq=False)
class Rows:
    """Groups of rows that stand anywhere: `of` says for each row its group."""

    of: Ints
    number: int

    def count(self, mask: Bools) -> Ints:
        """How many rows of each group `mask` marks."""
        return np.bincount(self.of[mask], minlength=self.number)

    def any(self, mask: Bools) -> Bools:
        """Whether `mask` marks a row of the group."""
        return self.count(mask) > 0

    def sum(self, values: Floats) -> Floats:
        """Sum of the values that are not NaN; NaN where a group has none."""
        known = ~np.isnan(values)
        sums: Any = np.bincount(self.of[known], weights=values[known], minlength=self.number)
        totals: Floats = sums.astype(np.float64, copy=False)
        totals[~self.any(known)] = np.nan
        return totals

    def least(self, values: Codes, *, default: int) -> Codes:
        """Smallest value of each group, `default` for a group without rows."""
        result = np.full(self.number, default, dtype=values.dtype)
        np.minimum.at(result, self.of, values)
        return result

    def last(self, values: Floats, mask: Bools) -> Floats:
        """Value of the last row of each group that `mask` marks; NaN without one."""
        return self._assigned(values, np.flatnonzero(mask))

    def first(self, values: Floats, mask: Bools) -> Floats:
        """Value of the first row of each group that `mask` marks; NaN without one."""
        return self._assigned(values, np.flatnonzero(mask)[::-1])

    def _assigned(self, values: Floats, rows: Ints) -> Floats:
        """The values of some rows in their groups: the last assignment stays."""
        result = np.full(self.number, np.nan)
        result[self.of[rows]] = values[rows]
        return result


@attrs.frozen(kw_only=True, eq=False)
class Columns:
    """Groups of as many rows each. Arrays are tables: the rows of a group x the groups.

    A table of one column holds for every group; so does a result of one entry.
    """

    number: int

    def count(self, mask: Bools) -> Ints:
        """How many rows of each group `mask` marks."""
        narrow: Any = np.int8 if len(mask) < 127 else np.int64
        counts: Ints = np.add.reduce(mask.view(np.int8), axis=0, dtype=narrow).astype(np.int64)
        return counts

    def any(self, mask: Bools) -> Bools:
        """Whether `mask` marks a row of the group."""
        marked: Bools = np.logical_or.reduce(mask, axis=0)
        return marked

    def sum(self, values: Floats) -> Floats:
        """Sum of the values that are not NaN, row after row; NaN where a group has none."""
        if not len(values):
            return np.full(1, np.nan)
        known = ~np.isnan(values)
        is_full = bool(known.all())
        filled = values if is_full else np.where(known, values, 0.0)
        total = filled[0] + 0.0  # no zero below zero, as where rows are added one by one
        for row in filled[1:]:
            total += row
        return total if is_full else np.where(self.any(known), total, np.nan)

    def least(self, values: Codes, *, default: int) -> Codes:
        """Smallest value of each group, `default` for a group without rows."""
        smallest: Codes = np.minimum.reduce(values, axis=0, initial=default)
        return smallest

    def last(self, values: Floats, mask: Bools) -> Floats:
        """Value of the last row of each group that `mask` marks; NaN without one."""
        result = np.full(1, np.nan)
        for row, own in zip(values, mask, strict=True):
            if own.any():
                result = row if own.all() else np.where(own, row, result)
        return result

    def first(self, values: Floats, mask: Bools) -> Floats:
        """Value of the first row of each group that `mask` marks; NaN without one."""
        return self.last(values[::-1], mask[::-1])
