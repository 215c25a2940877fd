"""The most careful loop over targets: the events are parted by kind once, before it begins."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.case import NEEDED, Case, Spec
from benchmarks.peers.pandas_verdicts import judged_target

_KEYS = ["organisation", "window"]


def reduced(case: Case) -> dict[str, pd.DataFrame]:
    """Return for each target actual, events and last_event of the cells that have events."""
    events, as_of = case.events[list(NEEDED)], pd.Timestamp(case.as_of)
    counted = events[events["date"] <= as_of]
    by_kind = dict(list(counted.groupby("kind", sort=False, observed=True)))
    return {spec.name: cells(rows_of(by_kind, spec, counted), spec) for spec in case.specs}


def rows_of(by_kind: dict[str, pd.DataFrame], spec: Spec, counted: pd.DataFrame) -> pd.DataFrame:
    """The events of a target, with the window of each."""
    return with_windows(by_kind.get(spec.kind, counted[:0]), spec)


def with_windows(rows: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """The events with the number of the window that each falls into."""
    starts = np.array([start for start, _ in spec.windows], dtype="datetime64[us]")
    window = np.searchsorted(starts, rows["date"].to_numpy(), side="right") - 1
    return rows.assign(window=window)


def cells(rows: pd.DataFrame, spec: Spec) -> pd.DataFrame:
    """Actual, events and last_event of each organisation and window."""
    groups = rows.groupby(_KEYS, sort=False, observed=True)
    events, last = groups.size(), groups["date"].max()
    actual = events
    if spec.measure == "latest":
        in_order = rows.sort_values(["date", "recorded_at"], kind="stable")
        actual = in_order.drop_duplicates(_KEYS, keep="last").set_index(_KEYS)["quantity"]
    elif spec.measure == "distinct":
        pairs = rows[[*_KEYS, "subject"]].drop_duplicates()
        actual = pairs.groupby(_KEYS, sort=False, observed=True).size()
    elif spec.measure != "count":
        name = "sum" if spec.measure == "total" else spec.measure
        actual = groups["quantity"].agg(name)
    return pd.DataFrame({"actual": actual, "events": events, "last_event": last})


def judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the verdicts of every standing, and of every target."""
    events, as_of = case.events[list(NEEDED)], pd.Timestamp(case.as_of)
    counted = events[events["date"] <= as_of]
    by_kind = dict(list(counted.groupby("kind", sort=False, observed=True)))
    windows = dict(list(case.windows().groupby("target")))
    found = []
    for spec in case.specs:
        rows = rows_of(by_kind, spec, counted)
        found.append(
            judged_target(case, windows[spec.number], cells(rows, spec), so_far_of(rows, spec))
        )
    standings, targets = zip(*found, strict=True)
    return pd.concat(standings, ignore_index=True), pd.concat(targets, ignore_index=True)


def so_far_of(rows: pd.DataFrame, spec: Spec) -> pd.Series[int] | None:
    """The different subjects of each organisation over the span; None for other measures."""
    if spec.measure != "distinct":
        return None
    pairs = rows[["organisation", "subject"]].drop_duplicates()
    return pairs.groupby("organisation", sort=False, observed=True).size()
