"""The example year and the villages, assessed once; snapshots of text outputs."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import partybuild as pb

DATA = Path(__file__).parents[2] / "examples" / "data"
SNAPSHOTS = Path(__file__).parent / "snapshots"


@pytest.fixture(scope="session")
def events() -> pd.DataFrame:
    return pb.read_events(DATA / "events.csv")


@pytest.fixture(scope="session")
def plan() -> pb.Plan:
    return pb.read_plan(DATA / "plan.toml")


@pytest.fixture(scope="session")
def september(plan: pb.Plan, events: pd.DataFrame) -> pb.Assessment:
    return pb.assess(plan, events, as_of="2021-09-30")


@pytest.fixture(scope="session")
def december(plan: pb.Plan, events: pd.DataFrame) -> pb.Assessment:
    return pb.assess(plan, events, as_of="2021-12-31")


@pytest.fixture(scope="session")
def villages(events: pd.DataFrame) -> pb.Assessment:
    plan = pb.read_plan(DATA / "plan-villages.toml")
    return pb.assess(plan, events, as_of="2021-09-30", by="organisation")


@pytest.fixture
def matches_snapshot() -> Callable[[str, str], None]:
    """Compare a text with the file of that name; SNAPSHOTS=update writes the files anew."""

    def check(name: str, text: str) -> None:
        path = SNAPSHOTS / name
        if os.environ.get("SNAPSHOTS") == "update":
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8"), f"{name}: see SNAPSHOTS=update"

    return check
