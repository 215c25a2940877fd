"""Counties above townships: what adds, what is united, what is pooled."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from partybuild.assessment.assessment import Assessment, assess
from partybuild.errors import UsageError
from partybuild.hierarchy import league_table, roll_up
from partybuild.plan import Plan

RATIO = {
    "numerator": {"measure": "total", "kind": "参保"},
    "denominator": {"measure": "total", "kind": "应参保"},
}


def province() -> Plan:
    targets = [
        {"id": "visits", "measure": "count", "kind": "督查", "at_least": 2},
        {"id": "people", "measure": "distinct", "kind": "督查", "at_least": 2},
        {"id": "rate", "measure": "ratio", **RATIO, "at_least": 0.9, "unit": "%"},
        {"id": "last", "measure": "latest", "kind": "满意度", "at_least": 0.9},
    ]
    townships = [
        {"id": "A1", "parent": "A县"},
        {"id": "A2", "parent": "A县", "name": "二乡"},
        {"id": "B1", "parent": "B县"},
        {"id": "A县", "parent": "省"},
        {"id": "B县", "parent": "省"},
    ]
    return Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"organisations": townships},
        commitment=[{"id": "1", "target": targets}],
    )


def judged() -> Assessment:
    rows = [
        ("督查", "A1", "甲", 1),
        ("督查", "A1", "乙", 1),
        ("督查", "二乡", "甲", 1),
        ("督查", "B1", "丙", 1),
        ("参保", "A1", None, 90),
        ("应参保", "A1", None, 100),
        ("参保", "A2", None, 1),
        ("应参保", "A2", None, 10),
        ("满意度", "A1", None, 0.95),
    ]
    frame = pd.DataFrame(rows, columns=["kind", "organisation", "subject", "quantity"])
    frame = frame.assign(date="2021-03-01", id=[f"e{at}" for at in range(len(rows))])
    return assess(province(), frame, as_of="2021-12-31", by="organisation")


def value(frame: pd.DataFrame, organisation: str, target: str, column: str) -> float:
    row = frame[(frame["organisation"] == organisation) & (frame["target"] == target)]
    return row[column].item()


def test_sums_add_and_so_do_their_requirements() -> None:
    frame = roll_up(judged())
    assert value(frame, "A县", "visits", "actual") == 3
    assert value(frame, "A县", "visits", "required") == 4
    assert value(frame, "省", "visits", "actual") == 4
    assert value(frame, "省", "visits", "organisations") == 3


def test_different_people_are_united() -> None:
    frame = roll_up(judged())
    assert value(frame, "A县", "people", "actual") == 2  # 甲 was in both townships
    assert value(frame, "省", "people", "actual") == 3


def test_ratios_pool_and_are_no_mean_of_percentages() -> None:
    frame = roll_up(judged())
    assert value(frame, "A县", "rate", "actual") == pytest.approx(91 / 110)
    assert value(frame, "A县", "rate", "required") == 0.9
    assert math.isnan(value(frame, "B县", "rate", "actual"))


def test_the_last_reading_of_many_has_no_meaning() -> None:
    assert math.isnan(value(roll_up(judged()), "A县", "last", "actual"))


def test_verdicts_are_counted() -> None:
    frame = roll_up(judged())
    assert value(frame, "省", "visits", "met") == 1
    assert value(frame, "省", "visits", "missed") == 2
    assert value(frame, "省", "visits", "share_met") == pytest.approx(1 / 3)
    assert value(frame, "省", "rate", "no_data") == 1


def test_from_the_top_down() -> None:
    frame = roll_up(judged())
    assert list(dict.fromkeys(frame["organisation"])) == ["省", "A县", "B县"]
    assert list(dict.fromkeys(frame["depth"])) == [0, 1]


def test_league_table_names_the_worst_first() -> None:
    table = league_table(judged())
    townships = table[table["organisation"].isin(["A1", "A2", "B1"])]
    assert townships["organisation"].tolist() == ["B1", "A2", "A1"]
    assert townships["rank"].is_monotonic_decreasing
    assert table.set_index("organisation").loc["A1", ["parent", "red", "green"]].tolist() == [
        "A县",
        0,
        4,
    ]


def test_those_of_whom_nothing_is_known_stand_with_the_worst() -> None:
    plan = Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"organisations": [{"id": "A", "parent": "县"}, {"id": "B", "parent": "县"}]},
        commitment=[
            {"id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 2,
             "revisions": [{"from": "2021-01-01", "waived": True}]}]},
        ],
    )  # fmt: skip
    frame = pd.DataFrame(
        {"id": ["a"], "kind": ["督查"], "date": ["2021-03-01"], "organisation": "B"}
    )
    table = league_table(assess(plan, frame, as_of="2021-12-31", by="organisation"))
    assert table["completion"].isna().all()
    assert table["rank"].tolist() == [1, 1]


def test_several_levels_up_sums_and_unions_agree_with_the_events() -> None:
    """Every figure of a county and of the province, from the events of its townships alone."""
    frame, year = roll_up(judged()), judged()
    below = {"A县": ["A1", "A2"], "B县": ["B1"], "省": ["A1", "A2", "B1"]}
    events = year.events.replace({"organisation": {"二乡": "A2"}})
    for node, names in below.items():
        own = events[events["organisation"].isin(names)]
        visits = own[own["kind"] == "督查"]
        assert value(frame, node, "visits", "actual") == len(visits)
        assert value(frame, node, "people", "actual") == visits["subject"].nunique()
        paid = own.groupby("kind")["quantity"].sum()
        if "应参保" in paid:
            rate = paid["参保"] / paid["应参保"]
            assert value(frame, node, "rate", "actual") == pytest.approx(rate)


def test_what_cannot_be_rolled_up_is_refused() -> None:
    whole = assess(province(), judged().events, as_of="2021-12-31")
    with pytest.raises(UsageError, match="roll_up"):
        roll_up(whole)
    with pytest.raises(UsageError, match="league_table"):
        league_table(whole)
    flat = assess(
        province(), judged().events, as_of="2021-12-31", by="organisation", organisations=["X"]
    )
    with pytest.raises(UsageError, match="parent"):
        roll_up(flat)
