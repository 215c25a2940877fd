"""A careful pandas evaluation, target by target: what an analyst would write by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.case import Case, Spec


def reduced(case: Case) -> dict[str, pd.Series[float]]:
    """Return for each target the actuals of the cells that have events."""
    events, as_of = case.events, pd.Timestamp(case.as_of)
    counted = events[events["date"] <= as_of]
    by_kind = dict(list(counted.groupby("kind", sort=False, observed=True)))
    return {spec.name: _actuals(by_kind.get(spec.kind, counted[:0]), spec) for spec in case.specs}


def _actuals(rows: pd.DataFrame, spec: Spec) -> pd.Series[float]:
    starts = np.array([start for start, _ in spec.windows], dtype="datetime64[us]")
    window = np.searchsorted(starts, rows["date"].to_numpy(), side="right") - 1
    keys = [rows["organisation"].array, window]
    if spec.measure == "latest":
        rows = rows.assign(window=window).sort_values(["date", "recorded_at"], kind="stable")
        last = rows.drop_duplicates(["organisation", "window"], keep="last")
        return last.set_index(["organisation", "window"])["quantity"]
    if spec.measure == "distinct":
        pairs = rows[["organisation", "subject"]].assign(window=window).drop_duplicates()
        return pairs.groupby(["organisation", "window"], sort=False, observed=True).size()
    groups = rows.groupby(keys, sort=False, observed=True)
    if spec.measure == "count":
        return groups.size()
    quantity = groups["quantity"]
    return quantity.sum() if spec.measure == "total" else getattr(quantity, spec.measure)()


def judged(case: Case) -> pd.DataFrame:
    """Return the verdict of every target, organisation and window."""
    found = reduced(case)
    frames = [_verdicts(case, spec, found[spec.name]) for spec in case.specs]
    return pd.concat(frames, ignore_index=True)


def _verdicts(case: Case, spec: Spec, actual: pd.Series[float]) -> pd.DataFrame:
    windows = range(len(spec.windows))
    index = pd.MultiIndex.from_product([case.organisations, windows])
    frame = pd.DataFrame({"actual": actual.reindex(index).astype(float)})
    if spec.is_additive:
        frame["actual"] = frame["actual"].fillna(0.0)
    start = np.array([one[0] for one in spec.windows], dtype="datetime64[D]")
    end = np.array([one[1] for one in spec.windows], dtype="datetime64[D]")
    as_of = np.datetime64(case.as_of)
    window = np.tile(np.arange(len(spec.windows)), len(case.organisations))
    is_due, is_closed = (as_of >= start)[window], (as_of >= end)[window]
    days = (end - start).astype(int) + 1
    share = np.clip(((as_of - start).astype(int) + 1) / days, 0, 1)[window]
    frame.loc[~is_due, "actual"] = np.nan
    actuals = frame["actual"].to_numpy()
    reached = actuals >= spec.required - 1e-9 * max(1.0, spec.required)
    if spec.is_additive:
        least = spec.required * np.maximum(0, share - 0.05)
        least = np.floor(least + 1e-9) if spec.is_integer else least
        is_slow = actuals < least - 1e-9 * np.maximum(1, least)
        open_status = np.where(is_slow, "behind", "on_track")
    else:
        open_status = np.full(len(frame), "in_progress")
    frame["status"] = np.select(
        [~is_due, np.isnan(actuals), reached, is_closed],
        ["upcoming", "no_data", "met", "missed"],
        open_status,
    )
    frame["completion"] = actuals / spec.required
    frame["shortfall"] = np.where(reached, 0.0, np.maximum(0, spec.required - actuals))
    frame.loc[np.isnan(actuals), "shortfall"] = np.nan
    frame["shortfall"] = frame["shortfall"]
    return frame
