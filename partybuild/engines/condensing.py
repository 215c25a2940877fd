"""Foreign events, condensed where they live: one aggregation, and one for last readings."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any, Final

import attrs
import pandas as pd

from partybuild.engines.columns import Columns, event_columns
from partybuild.engines.condensed import Condensed, ForeignEvents, Outside
from partybuild.engines.files import OpenedFiles
from partybuild.engines.opening import ROW, narwhals, opened
from partybuild.engines.streaming import StreamedEvents
from partybuild.errors import EngineError, EventError, Problem
from partybuild.grid import day_of
from partybuild.reduce.condense import KEYS, VALUES, Scheme
from partybuild.reduce.facts import WHERE

_SHOWN: Final = 5
_DAY: Final = dt.timedelta(days=1)


@attrs.frozen(kw_only=True, eq=False)
class TableEvents:
    """A table of another engine, ready to be asked; nothing is read until it is."""

    columns: Columns
    known_at: dt.date | None

    def rows_of(self, kinds: Iterable[str]) -> pd.DataFrame:
        """Fetch every record of some kinds, as they came: the only whole rows ever fetched."""
        nw = narwhals()
        frame = self.columns.frame.filter(nw.col("kind").is_in(list(kinds))).sort(ROW)
        return _fetched(frame).drop(columns=ROW)

    def condensed(self, scheme: Scheme, *, plan: tuple[dt.date, dt.date]) -> Condensed:
        """Draw the events together as `scheme` allows; `plan` is the plan's first and last day.

        Raises `EventError` where rows are blank or ill-dated.
        """
        held = self._held()
        keyed = _keyed(held, scheme, self.columns.names)
        totals = _totals(keyed)
        frames = [totals, _lasts(keyed, scheme)] if scheme.ordered else [totals]
        frame = _canonical(pd.concat(frames, ignore_index=True), scheme)
        return Condensed(frame=frame, names=self.columns.names, outside=_outside(held, frame, plan))

    def _held(self) -> Any:
        """The rows that hold: the last known record of each event, unless it is void."""
        nw = narwhals()
        frame = self.columns.frame
        if self.known_at is not None:
            past = dt.datetime.combine(self.known_at, dt.time()) + _DAY
            frame = frame.filter(nw.col("recorded_at") < past)
        if _has_histories(frame):
            frame = frame.unique(subset=["id"], keep="last", order_by=["recorded_at", ROW])
        return frame.filter(~nw.col("void"))


def foreign_events(events: Any, *, timezone: str, known_at: dt.date | None = None) -> ForeignEvents:
    """Open a dataframe of another engine, or files that `EventFiles` has opened.

    Raises `EngineError` for what is neither, `EventError` without a required column.
    """
    if not isinstance(events, OpenedFiles):
        columns = event_columns(opened(events), timezone=timezone)
        return TableEvents(columns=columns, known_at=known_at)

    def elsewhere() -> ForeignEvents:
        return foreign_events(events.relation(), timezone=timezone, known_at=known_at)

    events.files.check_headings()
    return StreamedEvents(
        files=events.files,
        timezone=timezone,
        known_at=known_at,
        limit=events.limit,
        folder=events.folder,
        elsewhere=elsewhere,
        has_unique_ids=events.has_unique_ids,
    )


def _fetched(frame: Any) -> pd.DataFrame:
    """Run a query and bring its result here."""
    try:
        result: pd.DataFrame = frame.collect("pyarrow").to_native().to_pandas()
    except Exception as error:
        raise EngineError(f"the engine could not read the events: {error}") from error
    return result


def _has_histories(frame: Any) -> bool:
    """Whether some id stands more than once; in the same pass, refuse rows with faults."""
    nw = narwhals()
    faults = {
        "id is blank": nw.col("id").is_null(),
        "kind is blank": nw.col("kind").is_null(),
        "date is blank": nw.col("date").is_null(),
        "the last day is before the first": (nw.col("end") < nw.col("date")).fill_null(value=False),
        "the quantity is no finite number": ~nw.col("quantity").is_finite(),
    }
    flags = [_number(fault).alias(name) for name, fault in faults.items()]
    asked = frame.select("id", *flags).select(
        *(nw.col(name).sum() for name in faults),
        rows=nw.len(),
        ids=nw.col("id").n_unique(),
    )
    counts = _fetched(asked).astype("float64").iloc[0].fillna(0).astype("int64")
    problems = [
        Problem(code="bad-rows", message=f"in {counts[name]} rows {name}")
        for name in faults
        if counts[name]
    ]
    if problems:
        raise EventError(problems)
    return bool(counts["rows"] != counts["ids"])


def _number(flag: Any) -> Any:
    nw = narwhals()
    return nw.when(flag).then(nw.lit(1)).otherwise(nw.lit(0)).cast(nw.Int64)


def _keyed(frame: Any, scheme: Scheme, names: Iterable[str]) -> Any:
    """Add the key columns, blank for the kinds to which they do not matter."""
    nw = narwhals()
    kind = nw.col("kind")

    def only(kinds: frozenset[str], column: str) -> Any:
        return nw.when(kind.is_in(sorted(kinds))).then(nw.col(column))

    midnight = dt.time()
    stretch: Any = nw.lit(0).cast(nw.Int64)
    for cut in scheme.cuts:
        stretch = stretch + _number(nw.col("date") >= dt.datetime.combine(day_of(cut), midnight))
    wanted = {
        "day": ("date", scheme.daily),
        "end": ("end", scheme.lasting),
        "organisation": ("organisation", scheme.placed),
        "subject": ("subject", scheme.named),
        "unit": ("unit", scheme.measured),
        **{
            f"{WHERE}{column}": (column, kinds)
            for column, kinds in scheme.where.items()
            if column in set(names)
        },
    }
    keys = {f"key {key}": only(kinds, column) for key, (column, kinds) in wanted.items() if kinds}
    if scheme.is_placed:
        keys["key organisation"] = nw.col("organisation")
    some = _number(nw.col("quantity") != 0)
    return frame.with_columns(**keys, **{"key stretch": stretch, "some": some})


def _key_names(frame: Any) -> list[str]:
    names = frame.collect_schema().names()
    return ["kind", *(name for name in names if name.startswith("key "))]


def _totals(frame: Any) -> pd.DataFrame:
    nw = narwhals()
    quantity = nw.col("quantity")
    keys = _key_names(frame)
    result = frame.group_by(*keys).agg(
        nw.col("date").max().alias("last day"),
        nw.len().alias("events"),
        nw.col("some").sum().alias("attesting"),
        quantity.sum().alias("total"),
        quantity.max().alias("max"),
        quantity.min().alias("min"),
    )
    fetched = _fetched(result)
    return fetched.rename(columns={"last day": "date", "attesting": "some"})


def _lasts(frame: Any, scheme: Scheme) -> pd.DataFrame:
    """The last reading of each group, as rows that say nothing else."""
    nw = narwhals()
    keys = _key_names(frame)
    rows = frame.filter(nw.col("kind").is_in(sorted(scheme.ordered)))
    lasts = rows.unique(subset=keys, keep="last", order_by=["date", "recorded_at", ROW])
    fetched = _fetched(lasts.select(*keys, "date", "recorded_at", "quantity", ROW))
    said = {"events": 0, "some": 0, "total": 0.0, "max": float("-inf"), "min": float("inf")}
    return fetched.rename(columns={"quantity": "latest", ROW: "row"}).assign(**said)


def _canonical(frame: pd.DataFrame, scheme: Scheme) -> pd.DataFrame:
    """Bring what engines return into the same columns and types."""
    frame = frame.rename(columns=lambda name: name.removeprefix("key "))
    columns = [
        name for name in (*scheme.keys, *VALUES) if name in frame or name in (*KEYS, *VALUES)
    ]
    frame = frame.reindex(columns=columns)
    for name in ("kind", "organisation", "subject", "unit"):
        frame[name] = frame[name].astype("str")
    for name in ("date", "day", "end", "recorded_at"):
        frame[name] = pd.to_datetime(frame[name]).astype("datetime64[us]")
    for name in ("events", "some", "row", "stretch"):
        frame[name] = frame[name].fillna(-1).astype("int64")
    for name in ("total", "max", "min", "latest"):
        frame[name] = frame[name].astype("float64")
    return frame


def _outside(
    held: Any, condensed: pd.DataFrame, plan: tuple[dt.date, dt.date]
) -> dict[str, Outside]:
    """The events before and after the plan."""
    nw = narwhals()
    start, end = (dt.datetime.combine(day, dt.time()) for day in plan)
    sides = {
        "before": (nw.col("date") < start, condensed["date"] < start),
        "after": (nw.col("date") > end, condensed["date"] > end),
    }
    found = {}
    for side, (is_outside, seen) in sides.items():
        if seen.any():
            beyond = held.filter(is_outside)
            ids = _fetched(beyond.select("id", ROW).sort(ROW).head(_SHOWN))["id"]
            days = _fetched(
                beyond.select(
                    nw.col("date").min().alias("first"), nw.col("date").max().alias("last")
                )
            )
            first, last = (pd.Timestamp(days[name].iloc[0]).date() for name in ("first", "last"))
            found[side] = Outside(ids=tuple(ids.astype(str)), first=first, last=last)
    return found
