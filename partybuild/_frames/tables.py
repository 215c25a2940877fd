"""Whatever holds events row by row, as a pandas frame."""

from __future__ import annotations

from typing import Any, Final

import pandas as pd

from partybuild.errors import MissingExtraError, UsageError

#: How tables of other engines become pandas frames, and what they are called there.
_WAYS: Final = ("to_pandas", "toPandas", "df")
_EXPECTED: Final = (
    "a pandas DataFrame, as read_events gives it, a Polars, PyArrow, DuckDB or PySpark frame, "
    "or a ledger"
)


def pandas_frame(events: Any, *, expected: str = _EXPECTED) -> pd.DataFrame:
    """Return a pandas frame as it is, the entries of a ledger, or a table of another engine.

    Raises `UsageError` for anything else, which says what was `expected`, and
    `MissingExtraError` where the engine needs a package to hand its rows over.

    >>> pandas_frame({"id": ["a"]}, expected="a table")
    Traceback (most recent call last):
        ...
    partybuild.errors.UsageError: events: got dict; expected a table
    """
    if isinstance(events, pd.DataFrame):
        return events
    found = None
    if hasattr(events, "history") and hasattr(events, "to_frame"):
        found = events.to_frame()
    elif not isinstance(events, type):
        found = _handed_over(events)
    if not isinstance(found, pd.DataFrame):
        raise UsageError(f"events: got {_kind(events)}; expected {expected}")
    return found


def _handed_over(table: Any) -> Any:
    """The rows of a frame of another engine; a lazy one is worked out."""
    eager = table.collect() if _kind(table) == "polars.LazyFrame" else table
    way = next((name for name in _WAYS if callable(getattr(eager, name, None))), None)
    try:
        return None if way is None else getattr(eager, way)()
    except ImportError:
        raise MissingExtraError(f"Taking the rows of a {_kind(table)}", "engines") from None


def _kind(value: Any) -> str:
    """The type of a value as people know it: with its package, without the modules inside."""
    module, name = type(value).__module__.partition(".")[0].lstrip("_"), type(value).__qualname__
    return name if module == "builtins" else f"{module}.{name}"
