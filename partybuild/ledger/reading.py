"""From the entries of a ledger to an events frame."""

from __future__ import annotations

import datetime as dt
import sqlite3
from collections.abc import Sequence
from itertools import chain
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.errors import LedgerError
from partybuild.events import COLUMNS, DTYPES
from partybuild.ledger.entries import CANONICAL, EVENT_FIELDS, FIELD_END, Row, read_attributes

__all__ = ["frame_of_rows", "read_frame"]

_CHUNK: Final = 100_000
_RARE: Final = ("end", "unit", "subject", "organisation", "evidence", "note", "void", "attributes")
_ALWAYS: Final = ("id", "kind", "date", "recorded_at")

#: Texts of one column, in order, ``""`` for missing; None when all are missing.
_Texts = dict[str, list[str]]


def read_frame(connection: sqlite3.Connection, *, count: int, before: str | None) -> pd.DataFrame:
    """Read the entries of a ledger file recorded before the text `before`.

    The database joins each column into one text, which Python splits: several
    times faster than fetching row by row.
    """
    texts: _Texts = {name: [] for name in (*_ALWAYS, *_RARE)}
    quantities = []
    for first in range(1, count + 1, _CHUNK):
        limits = (first, first + _CHUNK - 1, before or "~")
        size = _read_chunk(connection, limits, texts)
        found = connection.execute(f"SELECT quantity {_FROM}", limits)
        quantities.append(np.fromiter(chain.from_iterable(found), dtype=np.float64, count=size))
    quantity = np.concatenate(quantities) if quantities else np.empty(0)
    return frame_of_texts(texts, quantity)


_FROM: Final = "FROM entries WHERE seq BETWEEN ? AND ? AND recorded_at < ? ORDER BY seq"


def _read_chunk(connection: sqlite3.Connection, limits: tuple[int, int, str], texts: _Texts) -> int:
    """Add the texts of one stretch of entries, and return how many there are."""
    probes = ", ".join(f'max("{name}" IS NOT NULL)' for name in _RARE if name != "void")
    size, voids, *filled = connection.execute(
        f"SELECT count(*), max(void), {probes} {_FROM}", limits
    ).fetchone()
    if not size:
        return 0
    present = {"void": voids, **dict(zip([n for n in _RARE if n != "void"], filled, strict=True))}
    names = [*_ALWAYS, *(name for name in _RARE if present[name])]
    joins = ", ".join(
        f"group_concat(ifnull({_AS_TEXT.get(name, name)}, ''), x'1f')" for name in names
    )
    row = connection.execute(f"SELECT {joins} FROM (SELECT * {_FROM})", limits).fetchone()
    for name, text in zip(names, row, strict=True):
        values = text.split(FIELD_END)
        if len(values) != size:
            raise LedgerError(f"the column {name} holds a control character; run verify()")
        column = texts[name]
        texts[name] = column + values if column else values
    for name in _RARE:
        if not present[name]:
            texts[name] += [""] * size
    return int(size)


_AS_TEXT: Final = {"end": '"end"', "void": "nullif(void, 0)"}


def frame_of_rows(rows: Sequence[Row], *, before: str | None) -> pd.DataFrame:
    """Return stored tuples recorded before the text `before` as events."""
    recorded = 1 + CANONICAL.index("recorded_at")
    kept = [row for row in rows if before is None or row[recorded] < before]
    texts = {}
    for position, name in enumerate(EVENT_FIELDS, start=1):
        texts[name] = ["" if row[position] is None else str(row[position]) for row in kept]
    texts["void"] = ["1" if text == "1" else "" for text in texts["void"]]
    quantity = np.array([row[1 + CANONICAL.index("quantity")] for row in kept], dtype=np.float64)
    return frame_of_texts(texts, quantity)


def frame_of_texts(texts: _Texts, quantity: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return the canonical events frame, attributes as further columns."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "quantity":
            columns[name] = quantity
        elif name == "void":
            columns[name] = np.array(texts[name], dtype=object) != ""
        elif DTYPES[name] == "datetime64[us]":
            columns[name] = moments(texts[name])
        else:
            columns[name] = text_series(texts[name])
    end = columns["end"]
    columns["end"] = np.where(np.isnat(end), columns["date"], end)
    return pd.DataFrame({**columns, **_attributes(texts["attributes"])})


def moments(texts: list[str]) -> npt.NDArray[np.datetime64]:
    """Read ISO texts, each different one once; ``""`` becomes NaT."""
    codes, different = pd.factorize(np.array(texts, dtype=object))
    read = [dt.datetime.fromisoformat(text) if text else None for text in different]
    values: npt.NDArray[np.datetime64] = np.array(read, dtype="datetime64[us]")[codes]
    return values


def text_series(texts: list[str]) -> pd.Series[str]:
    """Return a text column; ``""`` becomes missing."""
    series = pd.Series(texts, dtype="str")
    blank = series == ""
    return series.mask(blank) if blank.any() else series


def _attributes(texts: list[str]) -> dict[str, pd.Series[Any]]:
    """Return one column for each attribute, in the order of their names."""
    if not any(texts):
        return {}
    codes, different = pd.factorize(np.array(texts, dtype=object))
    read = [read_attributes(text) for text in different]
    names = sorted({name for row in read for name in row})
    return {name: _attribute_series([row.get(name) for row in read], codes) for name in names}


def _attribute_series(values: list[Any], codes: npt.NDArray[np.intp]) -> pd.Series[Any]:
    """Return a column of the narrowest type that changes no value.

    Whole numbers with gaps become float64 when that is exact, truth values with
    gaps and mixed sorts stay Python objects with None.
    """
    sorts = {type(value) for value in values if value is not None}
    objects = np.empty(len(values), dtype=object)
    objects[:] = values
    target = _target(sorts.pop(), values) if len(sorts) == 1 else None
    if target is None:
        return pd.Series(objects[codes], dtype=object)
    typed: pd.Series[Any] = pd.Series(objects, dtype=object).astype(
        pd.api.types.pandas_dtype(target)
    )
    return typed.take(codes).reset_index(drop=True)


def _target(sort: type, values: list[Any]) -> str | None:
    if sort in _GAPS_ALLOWED:
        return _GAPS_ALLOWED[sort]
    if sort is bool and None not in values:
        return "bool"
    if sort is not int:
        return None
    largest = max(abs(value) for value in values if value is not None)
    if None in values:
        return "float64" if largest <= 2**53 else None
    return "int64" if largest < 2**63 else None


_GAPS_ALLOWED: Final[dict[type, str]] = {
    float: "float64",
    str: "str",
    dt.datetime: "datetime64[us]",
}
