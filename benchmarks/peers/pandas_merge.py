"""pandas without a loop: one merge of events with targets, and one groupby."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.peers.case import NEEDED, Case
from benchmarks.peers.pandas_verdicts import judged_target

_KEYS = ["target", "slot", "organisation"]


def _cells(case: Case) -> pd.DataFrame:
    """One row for every event, and target and window that it falls into."""
    events = case.events[list(NEEDED)]
    windows = case.windows()
    by_day = pd.concat(
        [
            pd.DataFrame(
                {
                    "target": one.target,
                    "slot": one.slot,
                    "kind": one.kind,
                    "measure": one.measure,
                    "date": pd.date_range(
                        one.start, min(one.finish, pd.Timestamp(case.as_of)), unit="us"
                    ),
                }
            )
            for one in windows.itertuples()
        ],
        ignore_index=True,
    )
    by_day["measure"] = by_day["measure"].astype("category")
    if isinstance(events["kind"].dtype, pd.CategoricalDtype):
        by_day["kind"] = by_day["kind"].astype(events["kind"].dtype)
    return events.merge(by_day, on=["kind", "date"])


def reduced(case: Case) -> pd.DataFrame:
    """Return actual, events and last_event of the cells that have events."""
    return _reduced(_cells(case))


def _reduced(rows: pd.DataFrame) -> pd.DataFrame:
    groups = rows.groupby(_KEYS, sort=False, observed=True)
    found = groups.agg(
        measure=("measure", "first"),
        events=("date", "size"),
        last_event=("date", "max"),
        total=("quantity", "sum"),
        largest=("quantity", "max"),
    )
    pairs = rows.loc[rows["measure"] == "distinct", [*_KEYS, "subject"]].drop_duplicates()
    in_order = rows[rows["measure"] == "latest"].sort_values(["date", "recorded_at"], kind="stable")
    found["different"] = pairs.groupby(_KEYS, sort=False, observed=True).size()
    found["latest"] = in_order.drop_duplicates(_KEYS, keep="last").set_index(_KEYS)["quantity"]
    measure = found["measure"]
    found["actual"] = np.select(
        [measure == "count", measure == "total", measure == "max", measure == "distinct"],
        [found["events"], found["total"], found["largest"], found["different"]],
        found["latest"],
    )
    return found[["actual", "events", "last_event"]]


def judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the verdicts of every standing, and of every target."""
    rows = _cells(case)
    found = _reduced(rows)
    distinct = rows.loc[rows["measure"] == "distinct", ["target", "organisation", "subject"]]
    pairs = distinct.drop_duplicates().groupby(["target", "organisation"], observed=True).size()
    by_target = {
        number: part.droplevel("target").swaplevel()
        for number, part in found.groupby(level="target")
    }
    parts = []
    for number, windows in case.windows().groupby("target"):
        so_far = pairs.loc[number] if windows["measure"].iloc[0] == "distinct" else None
        parts.append(judged_target(case, windows, by_target[number], so_far))
    standings, targets = zip(*parts, strict=True)
    return pd.concat(standings, ignore_index=True), pd.concat(targets, ignore_index=True)
