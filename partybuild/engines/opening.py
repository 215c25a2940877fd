"""A table of another engine, opened: lazy, with its rows numbered. narwhals lives here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any, Final

from partybuild.errors import EngineError, MissingExtraError

#: What the rows are numbered in, until they are condensed.
ROW: Final = "row "

_ENGINES: Final = ("polars", "pyarrow", "duckdb", "pyspark")


def is_foreign(events: Any) -> bool:
    """Whether `events` is a dataframe of an engine other than pandas."""
    return type(events).__module__.partition(".")[0].lstrip("_") in _ENGINES


def narwhals() -> Any:
    """Return the module narwhals.

    Raises `MissingExtraError` without the extra ``engines``.
    """
    try:
        import narwhals as nw
    except ImportError:
        raise MissingExtraError("Judging events of other engines", "engines") from None
    return nw


def opened(events: Any) -> Any:
    """Return a narwhals LazyFrame of `events` whose rows are numbered in `ROW`.

    The number is what "the later row" means: the order of the rows in Polars and
    PyArrow, the order in which DuckDB and Spark read them.
    """
    nw = narwhals()
    engine = type(events).__module__.partition(".")[0].lstrip("_")
    if engine == "duckdb" and hasattr(events, "project"):
        native = events.project(f'*, row_number() OVER () AS "{ROW}"')
    elif engine == "pyspark" and hasattr(events, "selectExpr"):
        native = _numbered_spark(events)
    elif engine == "polars" and hasattr(events, "with_row_index"):
        native = events.lazy().with_row_index(ROW)
    elif engine == "pyarrow" and hasattr(events, "to_batches"):
        _differ(events.column_names)
        return nw.from_native(events, eager_only=True).with_row_index(ROW).lazy()
    else:
        name = f"{type(events).__module__}.{type(events).__qualname__}"
        raise EngineError(
            f"events: got {name}; expected a pandas, Polars, PyArrow, DuckDB or PySpark frame"
        )
    return nw.from_native(native)


def _differ(names: Sequence[str]) -> None:
    """Raise `EngineError` for columns of one name, which PyArrow alone lets stand."""
    for name, number in Counter(names).items():
        if number > 1:
            raise EngineError(f"events: {number} columns are called {name!r}; expected one of each")


def _numbered_spark(frame: Any) -> Any:
    """Number the rows, and take a timestamp for the wall time that Spark shows."""
    columns = []
    for name, kind in frame.dtypes:
        quoted = f"`{name.replace('`', '``')}`"
        is_moment = kind == "timestamp"
        columns.append(f"CAST({quoted} AS TIMESTAMP_NTZ) AS {quoted}" if is_moment else quoted)
    return frame.selectExpr(*columns, f"monotonically_increasing_id() AS `{ROW}`")
