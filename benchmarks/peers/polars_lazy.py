"""Polars, lazily: a join with a small table of windows per kind, and one aggregation a class."""

from __future__ import annotations

import datetime as dt

import polars as pl

from benchmarks.peers.case import Case


def reduced(case: Case) -> pl.DataFrame:
    """Return the actuals of the cells that have events."""
    rows = [
        {
            "target": spec.number,
            "slot": slot,
            "kind": spec.kind,
            "measure": spec.measure,
            "date": day,
        }
        for spec in case.specs
        for slot, (start, end) in enumerate(spec.windows)
        for day in _days(start, min(end, case.as_of))
    ]
    kinds = pl.DataFrame(rows).with_columns(pl.col("date").cast(pl.Datetime("us")))
    if isinstance(case.events.collect_schema()["kind"], pl.Categorical | pl.Enum):
        kinds = kinds.with_columns(pl.col("kind").cast(case.events.collect_schema()["kind"]))
    cells = case.events.with_row_index("row").join(kinds.lazy(), on=["kind", "date"], how="inner")
    keys = ["target", "slot", "organisation"]
    plain = cells.filter(pl.col("measure").is_in(["count", "total", "max"]))
    quantity = pl.col("quantity")
    totals = plain.group_by(keys).agg(
        pl.col("measure").first(), n=pl.len(), total=quantity.sum(), largest=quantity.max()
    )
    by_measure = (
        pl.when(pl.col("measure") == "count")
        .then(pl.col("n").cast(pl.Float64))
        .when(pl.col("measure") == "total")
        .then(pl.col("total"))
        .otherwise(pl.col("largest"))
    )
    distinct = cells.filter(pl.col("measure") == "distinct")
    counted = distinct.select(*keys, "subject").unique().group_by(keys).agg(n=pl.len())
    latest = cells.filter(pl.col("measure") == "latest")
    # the join loses the order of the rows, so ties need their number
    last = latest.group_by(keys).agg(actual=quantity.sort_by("date", "recorded_at", "row").last())
    frames = [
        totals.select(*keys, actual=by_measure),
        counted.select(*keys, actual=pl.col("n").cast(pl.Float64)),
        last,
    ]
    return pl.concat(frames).collect()


def _days(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + dt.timedelta(days=step) for step in range((end - start).days + 1)]
