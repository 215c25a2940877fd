"""The columns of a foreign table as event columns: expressions, no rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from partybuild._frames import match_headings
from partybuild.engines.opening import ROW, narwhals
from partybuild.errors import EngineError, EventError
from partybuild.events import COLUMNS

_TEXTS: Final = ("id", "kind", "unit", "subject", "organisation", "evidence", "note")
_DATES: Final = ("date", "end", "recorded_at")


@attrs.frozen(kw_only=True, eq=False)
class Columns:
    """A foreign table in event columns; `names` are those of every column it came with.

    `frame` has the event columns, the row number, and the attributes as they came.
    """

    frame: Any
    names: tuple[str, ...]


def event_columns(
    frame: Any, *, timezone: str, columns: Mapping[str, str] | None = None
) -> Columns:
    """Bring a narwhals LazyFrame into event columns.

    Headings are understood as in `read_events`. Dates must be dates, datetimes
    or ISO text; numbers must be numbers, flags booleans. What is missing gets
    its default.

    Raises `EventError` where a required column is missing, `EngineError` where
    a column has a type that is not understood.
    """
    schema = frame.collect_schema()
    headings = match_headings([name for name in schema if name != ROW], columns)
    if headings.problems:
        raise EventError(headings.problems)
    sources = dict(zip((name for name in schema if name != ROW), headings.names, strict=True))
    own = {name: source for source, name in sources.items() if name is not None}
    made = _Making(schema=schema, own=own, timezone=timezone, unit=headings.unit)
    attributes = [name for name in own if name not in COLUMNS]
    expressions = [
        *(made.text(name) for name in _TEXTS),
        *(made.day(name) for name in _DATES),
        made.quantity(),
        made.flag("void"),
        made.nw.col(ROW).cast(made.nw.Int64).alias(ROW),
        *(made.nw.col(own[name]).alias(name) for name in attributes),
    ]
    frame = frame.select(*expressions)
    for name in ("end", "recorded_at"):
        frame = frame.with_columns(made.nw.coalesce(name, "date").alias(name))
    return Columns(frame=frame, names=(*COLUMNS, *attributes))


@attrs.frozen(kw_only=True, eq=False)
class _Making:
    schema: Mapping[str, Any]
    own: Mapping[str, str]
    timezone: str
    unit: str | None
    nw: Any = attrs.field(factory=narwhals)

    def text(self, name: str) -> Any:
        nw = self.nw
        if name == "unit" and self.unit is not None:
            return self._unit()
        if name not in self.own:
            return nw.lit(None).cast(nw.String).alias(name)
        text = nw.col(self.own[name]).cast(nw.String).str.strip_chars()
        return nw.when(text != "").then(text).alias(name)

    def _unit(self) -> Any:
        """The unit of each row, or the one that the heading of the quantity names."""
        nw = self.nw
        given = ~nw.col(self.own["quantity"]).is_null()
        named = nw.when(given).then(nw.lit(self.unit))
        if "unit" not in self.own:
            return named.alias("unit")
        text = nw.col(self.own["unit"]).cast(nw.String).str.strip_chars()
        return nw.when(text != "").then(text).otherwise(named).alias("unit")

    def day(self, name: str) -> Any:
        """A date column as a datetime without zone; of `recorded_at` the time stays."""
        nw = self.nw
        if name not in self.own:
            return nw.lit(None).cast(nw.Datetime("us")).alias(name)
        kind, column = self.schema[self.own[name]], nw.col(self.own[name])
        if kind == nw.String:
            whole = nw.concat_str(column.str.strip_chars(), nw.lit(" 00:00:00"))
            moment = whole.str.slice(0, 19).str.replace_all("T", " ", literal=True)
            column = moment.str.to_datetime(format="%Y-%m-%d %H:%M:%S")
        elif kind == nw.Datetime and kind.time_zone is not None:
            column = column.dt.convert_time_zone(self.timezone).dt.replace_time_zone(None)
        elif kind not in (nw.Date, nw.Datetime):
            raise EngineError(
                f"column {self.own[name]!r} is {kind}; expected dates, datetimes or ISO text"
            )
        if name != "recorded_at":
            column = column.cast(nw.Date)
        return column.cast(nw.Datetime("us")).alias(name)

    def quantity(self) -> Any:
        nw = self.nw
        if "quantity" not in self.own:
            return nw.lit(1.0).alias("quantity")
        kind = self.schema[self.own["quantity"]]
        if not kind.is_numeric():
            raise EngineError(f"column {self.own['quantity']!r} is {kind}; expected numbers")
        column = nw.col(self.own["quantity"]).cast(nw.Float64)
        return nw.when(~column.is_null()).then(column).otherwise(nw.lit(1.0)).alias("quantity")

    def flag(self, name: str) -> Any:
        nw = self.nw
        if name not in self.own:
            return nw.lit(value=False).alias(name)
        kind, column = self.schema[self.own[name]], nw.col(self.own[name])
        if kind != nw.Boolean:
            raise EngineError(f"column {self.own[name]!r} is {kind}; expected true and false")
        return column.fill_null(value=False).alias(name)
