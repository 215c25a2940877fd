"""What every engine is held against: generated plans, judged in pandas."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np
import pandas as pd
from reference.generator import random_case

import partybuild as pb
from partybuild._frames import normalise_events
from partybuild.errors import PlanError
from partybuild.mappings import plan_from_mapping

FRAMES = ("standings", "targets", "commitments", "summary")
EMPTY = pd.DataFrame({"id": [], "kind": [], "date": []})
#: How many random plans every engine is held against; 500 takes a while.
PLANS = int(os.environ.get("PARTYBUILD_ENGINE_PLANS", "80"))

Case = tuple[Any, pd.DataFrame, dict[str, Any]]


def cases(seeds: Iterable[int]) -> Iterator[Case]:
    """Generated plans, their events in canonical form, and what is asked of them."""
    for seed in seeds:
        plan, rows, as_of, known_at, by, organisations = random_case(seed)
        try:
            built = plan_from_mapping(plan)
        except PlanError:  # a rule that starts no window in a narrowed span
            continue
        events = normalise_events(pd.DataFrame(rows) if rows else EMPTY)
        asked = {"as_of": as_of, "known_at": known_at, "by": by, "organisations": organisations}
        yield built, events, asked


def told(assessment: pb.Assessment) -> list[tuple[str, ...]]:
    """The problems of an assessment, whatever their order."""
    rows = assessment.problems.fillna("").astype("str").itertuples(index=False)
    return sorted(tuple(row) for row in rows)


def check(convert: Callable[[pd.DataFrame], Any], seeds: Iterable[int]) -> int:
    """Judge generated plans by what `convert` makes of their events; returns how many."""
    number = 0
    for plan, events, asked in cases(seeds):
        want = pb.assess(plan, events, **asked)
        got = pb.assess(plan, convert(events), **asked)
        for name in FRAMES:
            pd.testing.assert_frame_equal(
                getattr(got, name), getattr(want, name), rtol=1e-9, atol=1e-12
            )
        assert told(got) == told(want)
        number += 1
    return number


KINDS = tuple(f"事项{number}" for number in range(8))


def made_events(count: int, organisations: int, *, seed: int = 7) -> pd.DataFrame:
    """Canonical events of one year, ids rising."""
    rng = np.random.default_rng(seed)
    return normalise_events(
        pd.DataFrame(
            {
                "id": [f"e{number:06d}" for number in range(count)],
                "kind": rng.choice(KINDS, count),
                "date": pd.Timestamp("2021-01-01")
                + pd.to_timedelta(rng.integers(0, 365, count), "D"),
                "quantity": rng.integers(0, 40, count) / 4,
                "subject": [f"户{number}" for number in rng.integers(0, 50, count)],
                "organisation": [f"镇{number}" for number in rng.integers(0, organisations, count)],
            }
        )
    )


def made_plan(organisations: int, *measures: str, per: str = "quarter") -> pb.Plan:
    """A plan with one target for each measure, on kinds of their own."""
    targets = [
        {"id": f"t{at}", "measure": measure, "kind": KINDS[at], "at_least": 2, "per": per}
        for at, measure in enumerate(measures)
    ]
    return plan_from_mapping(
        {
            "plan": {"id": "p", "start": "2021-01-01", "end": "2021-12-31"},
            "rosters": {"organisations": [f"镇{number}" for number in range(organisations)]},
            "commitment": [{"id": "1", "target": targets}],
        }
    )
