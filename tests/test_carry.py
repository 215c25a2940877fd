"""Next year's plan out of this year's verdicts."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from partybuild.assessment.assessment import assess
from partybuild.carry import NextPlan, carry_forward
from partybuild.errors import UsageError
from partybuild.mappings import plan_from_mapping, plan_to_mapping
from partybuild.periods import Period
from partybuild.plan import Commitment, Plan
from partybuild.target import Target

YEAR = {"start": "2022-01-01", "end": "2022-12-31"}


def carried(
    policy: object = "restart", *events: tuple[str, str, float], **target: object
) -> NextPlan:
    given = {"id": "t", "kind": "督查", **target}
    plan = Plan(
        id="2021",
        title="2021年承诺",
        start="2021-01-01",
        end="2021-12-31",
        rosters={
            "cadres": ["甲", {"id": "乙", "to": "2021-06-30"}, {"id": "丙", "from": "2021-04-01"}]
        },
        commitment=[Commitment(id="1", text="督查", target=[Target(**given)])],  # type: ignore[arg-type]
    )
    frame = pd.DataFrame(
        [
            {"id": str(at), "kind": kind, "date": day, "quantity": quantity}
            for at, (kind, day, quantity) in enumerate(events)
        ],
        columns=["id", "kind", "date", "quantity"],
    )
    year = assess(plan, frame, as_of="2021-12-31")
    return carry_forward(year, policy=policy, **YEAR)  # type: ignore[arg-type]


@pytest.mark.parametrize(("policy", "goal"), [("restart", 12), ("add", 23), ("keep", 11)])
def test_a_sum_not_reached_follows_the_policy(policy: str, goal: int) -> None:
    draft = carried(policy, ("督查", "2021-03-05", 1), measure="count", at_least=12)
    assert draft.plan.targets[0].at_least == goal
    assert draft.carried[0].action == policy


def test_a_policy_may_name_targets() -> None:
    draft = carried({"t": "keep", "*": "add"}, measure="count", at_least=12)
    assert draft.plan.targets[0].at_least == 12


def test_what_was_reached_recurs_unchanged() -> None:
    draft = carried("add", ("督查", "2021-03-05", 1), measure="count", at_least=1)
    assert draft.plan.targets[0].at_least == 1
    assert draft.carried[0].action == "recur"


def test_a_milestone_done_is_dropped_with_its_commitment() -> None:
    draft = carried(
        "restart", ("督查", "2021-03-05", 1), measure="milestone", deadline="2021-06-30"
    )
    assert draft.plan.commitments == ()
    assert draft.frame["action"].tolist() == ["done"]


def test_a_milestone_not_done_gets_the_same_day_of_the_new_year() -> None:
    draft = carried(measure="milestone", deadline="2021-06-30")
    assert draft.plan.targets[0].deadline == dt.date(2022, 6, 30)


def test_a_level_starts_from_its_last_reading() -> None:
    draft = carried(
        "restart", ("督查", "2021-11-05", 0.93), measure="latest", at_least=0.95, baseline=0.9
    )
    assert draft.plan.targets[0].baseline == 0.93
    assert draft.plan.targets[0].at_least == 0.95


def test_a_level_that_is_where_it_should_be_is_to_be_held() -> None:
    # from 5 down to 1, and 1 it is: a baseline of 1 would leave no way to measure
    draft = carried("restart", ("督查", "2021-11-05", 1), measure="latest", at_most=1, baseline=5)
    assert draft.carried[0].action == "hold"
    assert (draft.plan.targets[0].baseline, draft.plan.targets[0].at_most) == (None, 1)
    again = assess(
        draft.plan,
        pd.DataFrame({"id": ["x"], "kind": ["督查"], "date": ["2022-03-01"], "quantity": [1]}),
        as_of="2022-12-31",
    )
    assert again.targets[["status", "completion"]].iloc[0].tolist() == ["met", 1]


def test_a_year_that_is_not_over_is_no_shortfall() -> None:
    plan = Plan(
        id="2021", start="2021-01-01", end="2021-12-31",
        commitment=[{"id": "1", "target": [
            {"id": "t", "measure": "count", "kind": "督查", "at_least": 12}]}],
    )  # fmt: skip
    events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    november = assess(plan, events, as_of="2021-11-30")
    draft = carry_forward(november, policy="add", **YEAR)
    assert (draft.carried[0].status, draft.carried[0].action) == ("behind", "open")
    assert draft.plan.targets[0].at_least == 12


def test_what_is_kept_of_a_strict_goal_asks_for_the_shortfall_and_no_more() -> None:
    # more than 10 is at least 11; 4 were done, 7 are left: more than 6
    done = [("督查", f"2021-0{month}-05", 1) for month in range(1, 5)]
    draft = carried("keep", *done, measure="count", more_than=10)
    assert draft.plan.targets[0].more_than == 6
    assert carried("add", *done, measure="count", more_than=10).plan.targets[0].more_than == 17


def test_sums_of_tenths_stay_tenths() -> None:
    paid = [("督查", "2021-03-05", 0.1), ("督查", "2021-04-05", 0.2)]
    assert carried("keep", *paid, measure="total", at_least=18.2).plan.targets[0].at_least == 17.9


def test_the_days_of_a_rule_move_with_the_plan() -> None:
    rule = "DTSTART:20210105T000000\nRRULE:FREQ=MONTHLY;UNTIL=20211231"
    draft = carried(measure="count", at_least=1, per={"rrule": rule})
    assert draft.plan.targets[0].per == {
        "rrule": "DTSTART:20220105T000000\nRRULE:FREQ=MONTHLY;UNTIL=20221231"
    }
    assert [
        one.period.start.month
        for one in draft.plan.targets[0].cadence.windows(
            Period(dt.date(2022, 1, 1), dt.date(2022, 12, 31))
        )
    ] == list(range(1, 13))


def test_a_growth_starts_from_what_it_grew_to() -> None:
    draft = carried(
        "restart",
        ("督查", "2021-11-05", 110),
        measure="growth",
        of={"measure": "total"},
        at_least=0.05,
        baseline=100,
    )
    assert draft.plan.targets[0].baseline == 110


def test_the_goal_in_force_is_carried_and_revisions_are_spent() -> None:
    revisions = [{"from": "2021-07-01", "at_least": 10, "reason": "防汛"}]
    draft = carried("add", measure="count", at_least=12, revisions=revisions)
    target = draft.plan.targets[0]
    assert (target.at_least, target.revisions) == (20, ())


def test_rosters_lose_those_who_left() -> None:
    draft = carried(measure="count", at_least=12)
    roster = draft.plan.rosters["cadres"]
    assert roster.ids == ("甲", "丙")
    assert all(member.from_ is None for member in roster)


def test_each_proposal_keeps_its_origin_and_the_plan_can_be_written() -> None:
    draft = carried(measure="count", at_least=12)
    origin = draft.plan.targets[0].origin
    assert origin is not None
    assert origin.file == "2021"
    assert draft.plan.id == "2022"
    assert draft.plan.title == "2022年承诺"
    assert plan_from_mapping(plan_to_mapping(draft.plan)) == draft.plan


@pytest.mark.parametrize("policy", ["forget", {"u": "add"}])
def test_unknown_policies_are_refused(policy: object) -> None:
    with pytest.raises(UsageError, match="policy"):
        carried(policy, measure="count", at_least=12)
