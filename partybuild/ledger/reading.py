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

from partybuild.events import COLUMNS, DTYPES
from partybuild.ledger.entries import CANONICAL, EVENT_FIELDS, FIELD_END, Row, read_attributes
from partybuild.ledger.texts import Texts

__all__ = ["frame_of_rows", "journal_of_rows", "read_frame"]

_CHUNK: Final = 20_000
_ABOUT: Final = {
    "recorded_by": "str",
    "reason": "str",
    "file": "str",
    "sheet": "str",
    "row": "Int64",
}
_NAMES: Final = tuple(name for name in EVENT_FIELDS if name != "quantity")
_FROM: Final = "FROM entries WHERE seq BETWEEN ? AND ? AND recorded_at < ?"
_AS_TEXT: Final = {"end": '"end"', "void": "nullif(void, 0)"}
_JOINS: Final = ", ".join(
    f"CAST(group_concat(ifnull({_AS_TEXT.get(name, name)}, ''), '{FIELD_END}') AS BLOB)"
    for name in _NAMES
)
#: SQLite walks a stretch of numbers in the order of the numbers. An ORDER BY would make it carry
#: every row through a subquery, at twice the time.
JOINED: Final = f"SELECT count(*), {_JOINS} {_FROM}"
_QUANTITIES: Final = f"SELECT quantity {_FROM} ORDER BY seq"


def read_frame(connection: sqlite3.Connection, *, count: int, before: str | None) -> pd.DataFrame:
    """Read the entries of a ledger file recorded before the text `before`.

    The database joins each column into one text, which is cut up as a whole:
    several times faster than fetching row by row.
    """
    parts: dict[str, list[bytes]] = {name: [] for name in _NAMES}
    quantities: list[npt.NDArray[np.float64]] = []
    for first in range(1, count + 1, _CHUNK):
        _read_stretch(connection, (first, min(count, first + _CHUNK - 1)), before, parts)
        found = connection.execute(
            _QUANTITIES, (first, min(count, first + _CHUNK - 1), before or "~")
        )
        quantities.append(np.fromiter(chain.from_iterable(found), dtype=np.float64))
    quantity = np.concatenate(quantities) if quantities else np.empty(0)
    joined = FIELD_END.encode().join
    texts = {name: joined(column) for name, column in parts.items()}
    return _frame({name: Texts(name, texts[name], len(quantity)) for name in _NAMES}, quantity)


def _read_stretch(
    connection: sqlite3.Connection,
    stretch: tuple[int, int],
    before: str | None,
    parts: dict[str, list[bytes]],
) -> None:
    """Add the joined texts of the entries numbered so, in halves if they are too long for one."""
    first, last = stretch
    try:
        size, *joined = connection.execute(JOINED, (first, last, before or "~")).fetchone()
    except (sqlite3.DataError, sqlite3.OperationalError) as error:
        too_long = error.sqlite_errorcode in {sqlite3.SQLITE_TOOBIG, sqlite3.SQLITE_NOMEM}
        if not too_long or first == last:
            raise
        middle = (first + last) // 2
        _read_stretch(connection, (first, middle), before, parts)
        _read_stretch(connection, (middle + 1, last), before, parts)
        return
    if size:
        for name, text in zip(_NAMES, joined, strict=True):
            parts[name].append(text)


def frame_of_rows(rows: Sequence[Row], *, before: str | None) -> pd.DataFrame:
    """Return stored tuples recorded before the text `before` as events."""
    recorded = 1 + CANONICAL.index("recorded_at")
    kept = [row for row in rows if before is None or row[recorded] < before]
    texts = {}
    for position, name in enumerate(EVENT_FIELDS, start=1):
        if name != "quantity":
            column = ["" if row[position] in (None, 0) else str(row[position]) for row in kept]
            texts[name] = Texts(name, FIELD_END.join(column).encode(), len(kept))
    quantity = np.array([row[1 + CANONICAL.index("quantity")] for row in kept], dtype=np.float64)
    return _frame(texts, quantity)


def journal_of_rows(rows: Sequence[Row]) -> pd.DataFrame:
    """Return stored tuples as a table for people, with who, why, from where, and the links."""
    events = frame_of_rows(rows, before=None)
    about = {name: [row[1 + CANONICAL.index(name)] for row in rows] for name in _ABOUT}
    columns: dict[str, Any] = {"seq": np.array([row[0] for row in rows], dtype=np.int64)}
    columns |= {name: events[name] for name in COLUMNS}
    columns |= {name: pd.Series(about[name], dtype=dtype) for name, dtype in _ABOUT.items()}
    columns["digest"] = pd.Series([bytes(row[-1]).hex() for row in rows], dtype="str")
    for name in events.columns[len(COLUMNS) :]:
        columns[f"{name} (attribute)" if name in columns else name] = events[name]
    return pd.DataFrame(columns)


def _frame(texts: dict[str, Texts], quantity: npt.NDArray[np.float64]) -> pd.DataFrame:
    """Return the canonical events frame, attributes as further columns."""
    columns: dict[str, Any] = {}
    for name in COLUMNS:
        if name == "quantity":
            columns[name] = quantity
        elif name == "void":
            columns[name] = texts[name].filled()
        elif DTYPES[name] == "datetime64[us]":
            columns[name] = texts[name].moments()
        else:
            columns[name] = texts[name].series()
    end = columns["end"]
    columns["end"] = np.where(np.isnat(end), columns["date"], end)
    return pd.DataFrame({**columns, **_attributes(texts["attributes"])})


def _attributes(texts: Texts) -> dict[str, pd.Series[Any]]:
    """Return one column for each attribute, in the order of their names."""
    if texts.is_blank():
        return {}
    codes, different = pd.factorize(np.array(texts.split(), dtype=object))
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
