"""Points, grades, ranks and gains, worked by hand."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from partybuild.assessment.assessment import Assessment, assess
from partybuild.errors import UsageError
from partybuild.plan import Plan
from partybuild.scoring import Marks, score

TARGET = {"id": "t", "measure": "count", "kind": "督查", "at_least": 4}


def year(
    events: list[tuple[str, str]],
    *targets: dict[str, Any],
    as_of: str = "2021-12-31",
    by: str | None = None,
) -> Assessment:
    plan = Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"organisations": ["甲村", "乙村", "丙村"]},
        commitment=[{"id": "1", "target": list(targets or (TARGET,))}],
    )
    frame = pd.DataFrame(events, columns=["organisation", "date"])
    frame = frame.assign(kind="督查", id=[f"e{at}" for at in range(len(frame))])
    return assess(plan, frame, as_of=as_of, by=by)


@pytest.mark.parametrize(
    ("marks", "completion", "share"),
    [
        (Marks(), 0.5, 0.5),
        (Marks(), 1.5, 1.0),
        (Marks(cap=1.2), 1.5, 1.2),
        (Marks(), -0.3, 0.0),
        (Marks(method="all_or_nothing"), 0.999, 0.0),
        (Marks(method="all_or_nothing"), 1.0, 1.0),
        (Marks(method="stepped", steps=[(0.6, 0.5), (1, 1)]), 0.6, 0.5),
        (Marks(method="stepped", steps=[(0.6, 0.5), (1, 1)]), 0.59, 0.0),
        (Marks(method="stepped", steps=[(0.6, 0.5), (1, 1)]), 2.0, 1.0),
        (Marks(), float("nan"), 0.0),
    ],
)
def test_shares_by_hand(marks: Marks, completion: float, share: float) -> None:
    assert marks.share(completion) == pytest.approx(share)


def test_penalty_and_bonus_with_their_limits() -> None:
    three = year([("甲村", "2021-03-01")] * 3)
    row = score(three, {"t": Marks(penalty=2)}).targets.iloc[0]
    assert (row["earned"], row["penalty"], row["score"]) == (7.5, 2, 5.5)
    six = year([("甲村", "2021-03-01")] * 6)
    row = score(six, {"t": Marks(bonus=2, most_bonus=3)}).targets.iloc[0]
    assert (row["earned"], row["bonus"], row["score"]) == (10, 3, 13)


def test_veto_gives_the_lowest_grade_and_the_last_rank() -> None:
    events = [("甲村", "2021-03-01")] * 4 + [("乙村", "2021-03-01")] * 2
    villages = year(events, by="organisation")
    plain = score(villages).totals.set_index("organisation")
    assert plain["rank"].to_dict() == {"甲村": 1, "乙村": 2, "丙村": 3}
    assert plain["grade"].to_dict() == {"甲村": "好", "乙村": "差", "丙村": "差"}
    cap = year(
        events,
        {**TARGET, "at_least": 1},
        {"id": "cap", "measure": "count", "kind": "督查", "at_most": 3},
        by="organisation",
    )
    totals = score(cap, {"cap": {"veto": True}}).totals.set_index("organisation")
    assert totals.loc["甲村", "is_vetoed"]
    assert totals.loc["甲村", "grade"] == "差"
    assert totals.loc["甲村", "rank"] == 3


def test_equal_shares_share_a_rank() -> None:
    villages = year([("甲村", "2021-03-01"), ("乙村", "2021-03-02")], by="organisation")
    ranks = score(villages).totals.set_index("organisation")["rank"].to_dict()
    assert ranks == {"甲村": 1, "乙村": 1, "丙村": 3}


def test_unknown_earns_nothing_and_is_counted_as_unknown() -> None:
    level = {"id": "t", "measure": "latest", "kind": "满意度", "at_least": 0.9}
    totals = score(year([], level)).totals.iloc[0]
    assert (totals["score"], totals["unknown"]) == (0, 1)


def test_waived_and_unquantified_are_left_out() -> None:
    masked = {"id": "m", "measure": "count", "kind": "督查", "at_least": "X"}
    waived = {**TARGET, "id": "w", "revisions": [{"from": "2021-01-01", "waived": True}]}
    assert score(year([], TARGET, masked, waived)).targets["target"].tolist() == ["t"]


def test_the_next_step_that_gains_most() -> None:
    events = [("甲村", "2021-03-01")] * 2
    other = {"id": "u", "measure": "count", "kind": "督查", "at_least": 20}
    gains = score(year(events, TARGET, other, as_of="2021-06-30")).gains
    assert gains["target"].tolist() == ["t", "u"]
    assert gains["gain"].tolist() == pytest.approx([2.5, 0.5])
    assert score(year(events, TARGET)).gains.empty  # the year is over


QUARTERLY = {**TARGET, "at_least": 1, "per": "quarter"}
FOUR_AND_NONE = [("甲村", day) for day in ("2021-01-05", "2021-02-05", "2021-03-05", "2021-03-09")]


def test_what_is_too_much_in_one_quarter_makes_up_for_no_other() -> None:
    # four in the first quarter, none later: a quarter of the points, and no surplus
    events = [*FOUR_AND_NONE, ("甲村", "2021-03-10")]
    row = score(year(events, QUARTERLY), {"t": Marks(bonus=2)}).targets.iloc[0]
    assert (row["earned"], row["bonus"]) == (2.5, 0)
    # one too many in each quarter: four
    days = [f"2021-{month:02}-0{day}" for month in (1, 4, 7, 10) for day in (3, 5)]
    row = score(
        year([("甲村", day) for day in days], QUARTERLY), {"t": Marks(bonus=2)}
    ).targets.iloc[0]
    assert (row["earned"], row["bonus"]) == (10, 8)
    # the second of Q3 made up for Q2: it is no surplus
    made_up = [("甲村", day) for day in ("2021-01-05", "2021-07-05", "2021-08-05", "2021-10-05")]
    late = year(made_up, {**QUARTERLY, "makeup": True})
    assert late.targets.iloc[0]["status"] == "late"
    assert score(late, {"t": Marks(bonus=2)}).targets.iloc[0]["bonus"] == 0


def test_what_is_not_due_yet_costs_nothing() -> None:
    june = year([("甲村", "2021-03-01")], as_of="2021-06-30")
    row = score(june, {"t": Marks(penalty=2)}).targets.iloc[0]
    assert (row["earned"], row["penalty"]) == (2.5, 0)
    # two quarters are over without anything: two units are lost, two are to come
    row = score(year([], QUARTERLY, as_of="2021-06-30"), {"t": Marks(penalty=2)}).targets.iloc[0]
    assert (row["penalty"], row["score"]) == (4, 0)


def test_a_met_target_has_earned_all_its_points() -> None:
    days = ("2021-01-05", "2021-05-05", "2021-08-05")
    enough = year([("甲村", day) for day in days], {**QUARTERLY, "require": 3})
    assert enough.targets.iloc[0][["status", "completion"]].tolist() == ["met", 0.75]
    for method in ("linear", "all_or_nothing"):
        row = score(enough, {"t": Marks(method=method, penalty=5)}).targets.iloc[0]
        assert (row["earned"], row["penalty"]) == (10, 0)


def test_a_cap_above_one_counts_what_is_beyond_the_goal() -> None:
    six = year([("甲村", "2021-03-01")] * 6)  # 6 of 4
    assert score(six, {"t": Marks(cap=1.2)}).targets.iloc[0]["earned"] == pytest.approx(12)
    assert score(six, {"t": Marks(cap=2)}).targets.iloc[0]["earned"] == pytest.approx(15)
    assert score(six).targets.iloc[0]["earned"] == 10
    # 2 of 1, 1 of 1, none, none, each at most 1.5: (1.5 + 1) / 4
    days = [("甲村", "2021-01-05"), ("甲村", "2021-01-06"), ("甲村", "2021-05-05")]
    row = score(year(days, QUARTERLY), {"t": Marks(cap=1.5)}).targets.iloc[0]
    assert row["earned"] == pytest.approx(6.25)


def test_without_any_points_there_is_no_grade() -> None:
    masked = {"id": "m", "measure": "count", "kind": "督查", "at_least": "X"}
    villages = year([("甲村", "2021-03-01")], TARGET, masked, by="organisation")
    nothing = score(villages, {"t": Marks(points=0)}).totals
    assert nothing[["share", "grade", "rank"]].isna().all(axis=None)
    assert score(villages).grade(float("nan")) is None


def test_the_next_step_of_stepped_points_takes_several_units() -> None:
    goal = {**TARGET, "at_least": 20}
    steps = [(0.6, 0.5), (0.8, 0.8), (1, 1)]
    done = year([("甲村", "2021-03-01")] * 13, goal, as_of="2021-06-30")  # 65%: next at 16
    gain = score(done, {"t": Marks(method="stepped", steps=steps)}).gains.iloc[0]
    assert (gain["step"], gain["gain"]) == (3, pytest.approx(3))
    gain = score(done, {"t": Marks(method="all_or_nothing")}).gains.iloc[0]
    assert (gain["step"], gain["gain"]) == (7, pytest.approx(10))


def test_wrong_marks_are_refused() -> None:
    with pytest.raises(UsageError, match="no target 'tt'"):
        score(year([]), {"tt": Marks()})
    with pytest.raises(UsageError, match="method"):
        Marks(method="liner")
    with pytest.raises(UsageError, match="steps"):
        Marks(method="stepped")
    with pytest.raises(UsageError, match="grades"):
        score(year([]), grades=[(0.6, "b"), (0.9, "a")])
