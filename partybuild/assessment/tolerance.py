"""Comparing before rounding: the one tolerance of the house, for whole arrays."""

from __future__ import annotations

import numpy as np

from partybuild.grid import Bools, Floats

#: Relative to the larger of the two numbers and 1.
TOLERANCE = 1e-9
_BLOCK = 1 << 15


def reaches(a: Floats, b: Floats) -> Bools:
    """Whether ``a >= b``, up to a relative 1e-9; False where one is NaN.

    >>> reaches(np.array([0.1 + 0.2, 18999 / 20000]), np.array([0.3, 0.95])).tolist()
    [True, False]
    """
    if len(a) <= _BLOCK or len(a) != len(b):
        return _reaches(a, b)
    result: Bools = np.empty(len(a), dtype=bool)
    for start in range(0, len(a), _BLOCK):  # what lies between stays in the cache
        part = slice(start, start + _BLOCK)
        result[part] = _reaches(a[part], b[part])
    return result


def _reaches(a: Floats, b: Floats) -> Bools:
    margin = np.maximum(np.abs(a), np.abs(b))
    np.maximum(margin, 1.0, out=margin)
    margin *= TOLERANCE
    result: Bools = a >= b - margin
    return result


def floor(values: Floats) -> Floats:
    """Round down, taking what is a whole number but for rounding errors as that number."""
    return np.floor(values + TOLERANCE * np.maximum(1.0, np.abs(values)))


def ceil(values: Floats) -> Floats:
    """Round up, taking what is a whole number but for rounding errors as that number.

    >>> ceil(np.array([12 * (7 / 12), 7.1])).tolist()
    [7.0, 8.0]
    """
    return np.ceil(values - TOLERANCE * np.maximum(1.0, np.abs(values)))
