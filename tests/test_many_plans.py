"""Many plans by one table: each as if it were judged alone."""

from __future__ import annotations

import pandas as pd
import pytest
from reference.generator import random_case

import partybuild as pb
from partybuild._frames import normalise_events
from partybuild.errors import PlanError, UsageError
from partybuild.mappings import plan_from_mapping


def test_each_plan_is_judged_by_its_own_events() -> None:
    plans, parts = {}, []
    for seed in range(20):
        plan, rows, _, _, _, _ = random_case(seed)
        try:
            plans[f"村{seed}"] = plan_from_mapping(plan)
        except PlanError:
            continue
        own = [{**row, "id": f"{seed}-{row['id']}", "organisation": f"村{seed}"} for row in rows]
        parts.append(pd.DataFrame(own))
    events = normalise_events(pd.concat(parts, ignore_index=True).sample(frac=1, random_state=1))
    stray = events.head(3).assign(id=["x", "y", "z"], organisation=["别村", None, "别村"])
    found = pb.assess_plans(
        plans, pd.concat([events, stray], ignore_index=True), as_of="2021-09-30"
    )
    assert list(found) == list(plans)
    for place, plan in plans.items():
        own = events[events["organisation"] == place]
        want = pb.assess(plan, own, as_of="2021-09-30")
        for name in ("standings", "targets", "commitments", "summary"):
            pd.testing.assert_frame_equal(getattr(found[place], name), getattr(want, name))
    assert found.targets["organisation"].nunique() == len(
        [one for one in plans.values() if one.targets]
    )
    assert found.unplaced["events"].tolist() == [1, 2]


def test_plans_that_are_none() -> None:
    with pytest.raises(UsageError, match="mapping"):
        pb.assess_plans({"甲": "plan.toml"}, pd.DataFrame(), as_of="2021-09-30")  # type: ignore[dict-item]
