"""Polars, lazily: a join with a small table of windows per kind, and one aggregation a class."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import polars as pl

from benchmarks.peers.case import STANDINGS, TARGETS, Case

_KEYS = ["target", "slot", "organisation"]


def reduced(case: Case) -> pl.DataFrame:
    """Return actual, events and last_event of the cells that have events."""
    return _reduced(_cells(case)).collect()


def _cells(case: Case) -> pl.LazyFrame:
    """One row for every event, and target and window that it falls into."""
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
    kind = case.events.collect_schema()["kind"]
    if isinstance(kind, pl.Categorical | pl.Enum):
        kinds = kinds.with_columns(pl.col("kind").cast(kind))
    return case.events.with_row_index("row").join(kinds.lazy(), on=["kind", "date"], how="inner")


def _reduced(cells: pl.LazyFrame) -> pl.LazyFrame:
    quantity, told = pl.col("quantity"), (pl.len().alias("events"), pl.col("date").max())
    plain = cells.filter(pl.col("measure").is_in(["count", "total", "max"]))
    totals = plain.group_by(_KEYS).agg(
        pl.col("measure").first(), *told, total=quantity.sum(), largest=quantity.max()
    )
    by_measure = (
        pl.when(pl.col("measure") == "count")
        .then(pl.col("events").cast(pl.Float64))
        .when(pl.col("measure") == "total")
        .then(pl.col("total"))
        .otherwise(pl.col("largest"))
    )
    distinct = cells.filter(pl.col("measure") == "distinct")
    counted = (
        distinct.group_by(*_KEYS, "subject")
        .agg(*told)
        .group_by(_KEYS)
        .agg(pl.col("events").sum(), pl.col("date").max(), actual=pl.len())
    )
    latest = cells.filter(pl.col("measure") == "latest")
    # the join loses the order of the rows, so ties need their number
    last = latest.group_by(_KEYS).agg(
        *told, actual=quantity.sort_by("date", "recorded_at", "row").last()
    )
    figures = [pl.col("events").cast(pl.Int64), pl.col("date").alias("last_event")]
    frames = [
        totals.select(*_KEYS, *figures, actual=by_measure),
        counted.select(*_KEYS, *figures, actual=pl.col("actual").cast(pl.Float64)),
        last.select(*_KEYS, *figures, "actual"),
    ]
    return pl.concat(frames)


def judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the verdicts of every standing, and of every target."""
    cells = _cells(case)
    names = pl.LazyFrame({"organisation": list(case.organisations)}).with_row_index("place")
    organisation = case.events.collect_schema()["organisation"]
    names = names.with_columns(pl.col("organisation").cast(organisation))
    windows = pl.from_pandas(case.windows()).lazy()
    grid = windows.drop("kind").join(names, how="cross")
    standings = _standings(grid.join(_reduced(cells), on=_KEYS, how="left"), case).collect()
    so_far = (
        cells.filter(pl.col("measure") == "distinct")
        .unique(["target", "organisation", "subject"])
        .group_by("target", "organisation")
        .agg(subjects=pl.len())
        .join(names, on="organisation")
        .select("target", "place", "subjects")
    )
    targets = _targets(standings.lazy(), so_far).collect()
    return standings.select(STANDINGS).to_pandas(), targets.select(TARGETS).to_pandas()


def _standings(cells: pl.LazyFrame, case: Case) -> pl.LazyFrame:
    actual, required, least = pl.col("actual"), pl.col("required"), pl.col("least")
    is_due, is_closed, is_known = pl.col("is_due"), pl.col("is_closed"), actual.is_not_null()
    is_open, status = is_due & ~is_closed, pl.col("status")
    is_reached = actual >= required - 1e-9 * pl.max_horizontal(pl.lit(1.0), required)
    is_slow = actual < least - 1e-9 * pl.max_horizontal(pl.lit(1.0), least)
    figure = pl.when(pl.col("is_additive")).then(actual.fill_null(0.0)).otherwise(actual)
    is_last_call = (
        is_open & (pl.col("shortfall") > 0) & (pl.col("days_left") <= case.plan.warn_days)
    )
    return (
        cells.with_columns(
            actual=pl.when(is_due).then(figure),
            events=pl.when(is_due).then(pl.col("events").fill_null(0)).otherwise(0),
        )
        .with_columns(
            completion=actual / required,
            status=pl.when(~is_due)
            .then(pl.lit("upcoming"))
            .when(~is_known)
            .then(pl.lit("no_data"))
            .when(is_reached)
            .then(pl.lit("met"))
            .when(is_closed)
            .then(pl.lit("missed"))
            .when(~pl.col("is_additive"))
            .then(pl.lit("in_progress"))
            .when(is_slow)
            .then(pl.lit("behind"))
            .otherwise(pl.lit("on_track")),
            shortfall=pl.when(is_reached).then(0.0).otherwise((required - actual).clip(0)),
            surplus=(actual - required).clip(0),
        )
        .with_columns(
            light=pl.when(is_last_call)
            .then(pl.lit("yellow"))
            .when(status.is_in(["met", "on_track"]))
            .then(pl.lit("green"))
            .when(status == "upcoming")
            .then(pl.lit("grey"))
            .when((status == "missed") | ((status == "no_data") & is_closed))
            .then(pl.lit("red"))
            .otherwise(pl.lit("yellow")),
            recoverable=(is_open & (pl.col("shortfall") > 0)).fill_null(value=False),
        )
        .sort("target", "place", "slot")
    )


def _targets(standings: pl.LazyFrame, so_far: pl.LazyFrame) -> pl.LazyFrame:
    status, is_closed = pl.col("status"), pl.col("is_closed")
    actual, shortfall = pl.col("actual"), pl.col("shortfall")
    known = shortfall.is_not_null()
    is_lost = pl.col("windows_missed") > 0
    is_warned = (status == "on_track") & (pl.col("light") == "yellow")
    counted = standings.group_by("target", "place").agg(
        pl.col("measure", "required", "is_additive").first(),
        is_closed.any().alias("some_closed"),
        windows=pl.len(),
        windows_due=pl.col("is_due").sum(),
        windows_met=(status == "met").sum(),
        windows_missed=(is_closed & (status != "met")).sum(),
        missed=(status == "missed").sum(),
        behind=(status == "behind").sum(),
        in_progress=(status == "in_progress").sum(),
        open_no_data=((status == "no_data") & ~is_closed).sum(),
        warned=is_warned.sum(),
        actuals=actual.sum(),
        last=actual.filter(pl.col("is_due")).last(),
        completion=pl.col("completion").clip(0, 1).fill_null(0).mean(),
        shortfall=pl.when(known.any()).then(shortfall.sum()),
        overdue=pl.when((known & is_closed).any()).then(shortfall.filter(is_closed).sum()),
    )
    measure = pl.col("measure")
    verdicts = counted.join(so_far, on=["target", "place"], how="left").with_columns(
        required=pl.when("is_additive")
        .then(pl.col("required") * pl.col("windows"))
        .otherwise("required"),
        actual=pl.when(measure == "distinct")
        .then(pl.col("subjects").fill_null(0).cast(pl.Float64))
        .when(measure.is_in(["count", "total"]))
        .then("actuals")
        .otherwise("last"),
        overdue=pl.when("some_closed").then("overdue").otherwise(0.0),
        status=pl.when(pl.col("windows_met") == pl.col("windows"))
        .then(pl.lit("met"))
        .when(is_lost & (pl.col("missed") > 0))
        .then(pl.lit("missed"))
        .when(is_lost)
        .then(pl.lit("no_data"))
        .when(pl.col("behind") > 0)
        .then(pl.lit("behind"))
        .when(pl.col("in_progress") > 0)
        .then(pl.lit("in_progress"))
        .when(pl.col("open_no_data") > 0)
        .then(pl.lit("no_data"))
        .otherwise(pl.lit("on_track")),
    )
    light = (
        pl.when(status == "met")
        .then(pl.lit("green"))
        .when((status == "missed") | ((status == "no_data") & is_lost))
        .then(pl.lit("red"))
        .when((status == "on_track") & (pl.col("warned") == 0))
        .then(pl.lit("green"))
        .otherwise(pl.lit("yellow"))
    )
    return verdicts.with_columns(light=light).sort("target", "place")


def _days(start: dt.date, end: dt.date) -> list[dt.date]:
    return [start + dt.timedelta(days=step) for step in range((end - start).days + 1)]
