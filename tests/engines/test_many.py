"""Many targets, numbers of their own and many plans, wherever the events are."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import partybuild as pb
from engines.comparing import KINDS, made_events, made_plan
from partybuild.mappings import plan_from_mapping

pytest.importorskip("narwhals")
pa = pytest.importorskip("pyarrow")

PLACES = 4
WAYS = ("files", "polars", "duckdb")


@pytest.fixture(params=WAYS)
def way(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[pd.DataFrame], Any]:
    """Put events where they are judged."""

    def put(events: pd.DataFrame) -> Any:
        if request.param == "files":
            events.to_parquet(tmp_path / "events.parquet", index=False)
            return tmp_path / "events.parquet"
        table = pa.Table.from_pandas(events, preserve_index=False)
        return pytest.importorskip(request.param).from_arrow(table)

    return put


def test_numbers_of_their_own(way: Callable[[pd.DataFrame], Any]) -> None:
    events, plan = made_events(800, PLACES), made_plan(PLACES, "count", "total", "distinct")
    rows = [(f"镇{at}", f"t{number}", at + number + 1) for at in range(3) for number in range(3)]
    own = pb.tailor(plan, pd.DataFrame(rows, columns=["organisation", "target", "value"]))
    got = pb.assess(own, way(events), as_of="2021-09-30", by="organisation")
    want = pb.assess(own, events, as_of="2021-09-30", by="organisation")
    pd.testing.assert_frame_equal(got.standings, want.standings)
    assert got.standings["original"].nunique() > 4


def test_a_plan_of_a_thousand_targets(way: Callable[[pd.DataFrame], Any]) -> None:
    measures = ("count", "total", "distinct", "latest", "days", "max")
    cadences = ("month", "quarter", "half_year", "year")
    targets = [
        {
            "id": f"t{at}",
            "measure": measures[at % len(measures)],
            "kind": KINDS[at % len(KINDS)],
            "at_least": 1 + at % 7,
            "per": cadences[at % len(cadences)],
        }
        for at in range(1_000)
    ]
    plan = plan_from_mapping(
        {
            "plan": {"id": "p", "start": "2021-01-01", "end": "2021-12-31"},
            "rosters": {"organisations": [f"镇{at}" for at in range(PLACES)]},
            "commitment": [{"id": "1", "target": targets}],
        }
    )
    events = made_events(500, PLACES)
    got = pb.assess(plan, way(events), as_of="2021-09-30", by="organisation")
    want = pb.assess(plan, events, as_of="2021-09-30", by="organisation")
    pd.testing.assert_frame_equal(got.targets, want.targets)
    assert len(got.targets) == 1_000 * PLACES
