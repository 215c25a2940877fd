"""Small plans of the year 2021 and their events, for tests that look at one thing."""

from __future__ import annotations

from typing import Any

import pandas as pd

import partybuild as pb
from partybuild.mappings import plan_from_mapping

from .pages import KIND, event_rows

Row = dict[str, Any]
YEAR = {"id": "p", "start": "2021-01-01", "end": "2021-12-31"}


def plan_of(*targets: Row, rosters: Row | None = None, **plan: Any) -> pb.Plan:
    """One commitment with the targets t1, t2, ...; each a count of 会 unless it says otherwise."""
    filled = [
        {"id": f"t{at}", "measure": "count", "kind": KIND, **target}
        for at, target in enumerate(targets, start=1)
    ]
    data = {"plan": {**YEAR, **plan}, "rosters": rosters or {}}
    return plan_from_mapping({**data, "commitment": [{"id": "1", "target": filled}]})


def frame_of(events: str = "") -> pd.DataFrame:
    """Events as a page writes them: a list of days, or a table."""
    rows = event_rows(events)
    return pd.DataFrame(rows) if rows else pd.DataFrame(columns=["id", "kind", "date"])


def assess(
    plan: pb.Plan, events: str = "", as_of: str = "2021-12-31", **asked: Any
) -> pb.Assessment:
    return pb.assess(plan, frame_of(events), as_of=as_of, **asked)


def row(plan: pb.Plan, events: str = "", as_of: str = "2021-12-31", **asked: Any) -> Any:
    """The only standing of a plan."""
    standings = assess(plan, events, as_of, **asked).standings
    assert len(standings) == 1
    return standings.iloc[0]
