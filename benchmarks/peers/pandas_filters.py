"""The loop that most analysts write: for each target a filter on all events, then a groupby."""

from __future__ import annotations

import pandas as pd

from benchmarks.peers.case import NEEDED, Case, Spec
from benchmarks.peers.pandas_loop import cells, so_far_of, with_windows
from benchmarks.peers.pandas_verdicts import judged_target


def _rows(case: Case, spec: Spec) -> pd.DataFrame:
    """The events of a target up to the day that counts, with the window of each."""
    events = case.events
    is_wanted = (events["kind"] == spec.kind) & (events["date"] <= pd.Timestamp(case.as_of))
    return with_windows(events.loc[is_wanted, list(NEEDED)], spec)


def reduced(case: Case) -> dict[str, pd.DataFrame]:
    """Return for each target actual, events and last_event of the cells that have events."""
    return {spec.name: cells(_rows(case, spec), spec) for spec in case.specs}


def judged(case: Case) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the verdicts of every standing, and of every target."""
    windows = dict(list(case.windows().groupby("target")))
    found = []
    for spec in case.specs:
        rows = _rows(case, spec)
        found.append(
            judged_target(case, windows[spec.number], cells(rows, spec), so_far_of(rows, spec))
        )
    standings, targets = zip(*found, strict=True)
    return pd.concat(standings, ignore_index=True), pd.concat(targets, ignore_index=True)
