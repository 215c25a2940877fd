"""Numbers of single organisations: each is judged as if the plan said so."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

import partybuild as pb
from partybuild.errors import PlanError, UsageError
from partybuild.mappings import plan_from_mapping

PLACES = ("甲镇", "乙镇", "丙镇")
VALUES = {"甲镇": 5, "乙镇": 1}


def plan_with(**goal: Any) -> pb.Plan:
    target = {"id": "t", "measure": "count", "kind": "督查", "per": "quarter", **goal}
    return plan_from_mapping(
        {
            "plan": {"id": "p", "start": dt.date(2021, 2, 10), "end": dt.date(2021, 12, 31)},
            "rosters": {"organisations": list(PLACES)},
            "commitment": [{"id": "1", "target": [target]}],
        }
    )


def events() -> pd.DataFrame:
    days = pd.date_range("2021-01-05", "2021-12-20", freq="9D")
    return pd.DataFrame(
        {
            "id": [f"e{number}" for number in range(len(days))],
            "kind": "督查",
            "date": days,
            "organisation": [PLACES[number % 3] for number in range(len(days))],
        }
    )


def table(values: dict[str, Any], **more: Any) -> pd.DataFrame:
    return pd.DataFrame(
        {"organisation": list(values), "target": "t", "value": list(values.values()), **more}
    )


REVISION = {"from": dt.date(2021, 8, 1), "reason": "调整"}


@pytest.mark.parametrize(
    ("word", "more"),
    [
        ("at_least", {}),
        ("at_least", {"partial": "prorate", "makeup": True}),
        ("more_than", {"measure": "total"}),
        ("at_most", {}),
        ("about", {"tolerance": 1, "partial": "prorate"}),
        ("at_least", {"revisions": [{**REVISION, "at_least": 4}]}),
        ("at_least", {"revisions": [{**REVISION, "waived": True}]}),
    ],
)
@pytest.mark.parametrize("common", [3, "X"])
def test_each_organisation_stands_as_if_the_plan_said_its_number(
    word: str, more: dict[str, Any], common: Any
) -> None:
    tailored = pb.tailor(plan_with(**{word: common, **more}), table(VALUES))
    asked: dict[str, Any] = {"as_of": "2021-10-20", "by": "organisation"}
    got = pb.assess(tailored, events(), **asked).standings
    for place in PLACES:
        plan = plan_with(**{word: VALUES.get(place, common), **more})
        want = pb.assess(plan, events(), **asked).standings
        mine, theirs = (one[one["organisation"] == place] for one in (got, want))
        pd.testing.assert_frame_equal(mine, theirs)


def test_a_band_has_two_numbers() -> None:
    tailored = pb.tailor(plan_with(between=[1, 2]), table({"甲镇": 4}, upper=[6]))
    found = pb.assess(tailored, events(), as_of="2021-12-31", by="organisation").standings
    assert found.groupby("organisation", observed=True)["required"].first().to_dict() == {
        "甲镇": 4.0,
        "乙镇": 1.0,
        "丙镇": 1.0,
    }


def test_every_row_that_does_not_fit_is_named() -> None:
    rows = pd.concat(
        [
            table({"甲镇": 1}),
            table({"甲镇": 2}),
            table({"乙镇": "多"}),
            table({"丙镇": 1}).assign(target="tt"),
        ],
        ignore_index=True,
    )
    with pytest.raises(PlanError) as caught:
        pb.tailor(plan_with(at_least=3), rows)
    assert {problem.row for problem in caught.value.problems} == {2, 3, 4}


def test_blank_numbers_and_wrong_use() -> None:
    plan = plan_with(at_least=3)
    assert "0 numbers" in repr(pb.tailor(plan, table({"甲镇": None})))
    with pytest.raises(UsageError, match="value"):
        pb.tailor(plan, pd.DataFrame({"organisation": [], "target": []}))
    with pytest.raises(UsageError, match="by="):
        pb.assess(pb.tailor(plan, table(VALUES)), events(), as_of="2021-12-31")
    with pytest.raises(PlanError, match="no goal"):
        pb.tailor(plan_with(), table(VALUES))
