"""What is still needed, by when and at which rate, worked by hand."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from answers.small import assess, plan_of

MONTH = 30.436875  # 365.2425 / 12


def day(value: Any) -> dt.date | None:
    return None if pd.isna(value) else value.date()


def only(frame: pd.DataFrame) -> Any:
    assert len(frame) == 1
    return frame.iloc[0]


# -- shortfalls: every standing that is due and short ---------------------------------------


def test_three_of_twelve_by_the_end_of_may() -> None:
    """9 are missing and 214 days left; 3 in 151 days so far: the 9 take 453 days more."""
    short = only(assess(plan_of({"at_least": 12}), "01-05, 02-05, 03-05", "2021-05-31").shortfalls)
    assert (short.required, short.actual, short.shortfall) == (12, 3, 9)
    assert (day(short.by), short.days_left) == (dt.date(2021, 12, 31), 214)
    assert short.needed_per_week == pytest.approx(9 / 214 * 7)
    assert short.needed_per_month == pytest.approx(9 / 214 * MONTH)
    assert short.pace_per_week == pytest.approx(3 / 151 * 7)
    assert day(short.reached_on) == dt.date(2022, 8, 27)


def test_a_level_from_its_baseline() -> None:
    """0.05 of 0.15 in 151 days: the 0.1 left takes 302 days."""
    plan = plan_of({"measure": "latest", "baseline": 0.8, "at_least": 0.95})
    short = only(assess(plan, "date | quantity\n05-01 | 0.85", "2021-05-31").shortfalls)
    assert short.shortfall == pytest.approx(0.1)
    assert short.needed_per_week == pytest.approx(0.1 / 214 * 7)
    assert short.pace_per_week == pytest.approx(0.05 / 151 * 7)
    assert day(short.reached_on) == dt.date(2022, 3, 29)


def test_a_level_without_a_baseline_has_no_rate() -> None:
    plan = plan_of({"measure": "latest", "at_least": 0.95})
    short = only(assess(plan, "date | quantity\n05-01 | 0.85", "2021-05-31").shortfalls)
    assert (day(short.by), short.days_left) == (dt.date(2021, 12, 31), 214)
    rates = short[["needed_per_week", "needed_per_month", "pace_per_week", "reached_on"]]
    assert rates.isna().all()


def test_nothing_done_is_never_reached() -> None:
    short = only(assess(plan_of({"at_least": 12}), "", "2021-05-31").shortfalls)
    assert short.pace_per_week == 0
    assert day(short.reached_on) is None
    assert short.needed_per_week == pytest.approx(12 / 214 * 7)


def test_what_no_day_can_mend() -> None:
    """Closed without make-up, and a limit that was broken."""
    plan = plan_of({"at_least": 1, "end": "2021-03-31"}, {"at_most": 0})
    short = assess(plan, "05-01", "2021-05-31").shortfalls
    assert short["status"].tolist() == ["missed", "breached"]
    assert short["shortfall"].tolist() == [1, 1]
    assert short[["by", "days_left", "needed_per_week", "reached_on"]].isna().all(axis=None)
    assert not short["recoverable"].any()


def test_what_can_be_made_up_until_the_plan_ends() -> None:
    plan = plan_of(
        {"at_least": 2, "end": "2021-03-31", "makeup": True},
        {"measure": "milestone", "deadline": "2021-03-31"},
    )
    short = assess(plan, "", "2021-05-31").shortfalls
    assert [day(one) for one in short["by"]] == [dt.date(2021, 12, 31)] * 2
    assert short["days_left"].tolist() == [214, 214]
    assert short["needed_per_week"].iloc[0] == pytest.approx(2 / 214 * 7)
    last = assess(plan, "", "2021-12-31").shortfalls
    assert [day(one) for one in last["by"]] == [None, None]  # nobody can go back


def test_only_the_short_are_listed_member_by_member() -> None:
    rosters = {"cadres": ["甲", "乙", "丙"]}
    plan = plan_of({"measure": "total", "at_least": 5, "each": "cadres"}, rosters=rosters)
    events = "date | subject | quantity\n03-05 | 甲 | 5\n03-05 | 乙 | 7\n03-05 | 丙 | 3"
    short = assess(plan, events, "2021-05-31").shortfalls
    assert short["subject"].tolist() == ["丙"]
    assert short["shortfall"].tolist() == [2]


def test_windows_to_come_and_unknown_ones_are_not_short() -> None:
    plan = plan_of({"at_least": 1, "per": "quarter"}, {"measure": "latest", "at_least": 1})
    short = assess(plan, "", "2021-05-31").shortfalls
    assert short["window"].tolist() == ["2021Q1", "2021Q2"]


def test_a_strict_goal_missed_by_nothing_is_listed() -> None:
    plan = plan_of({"measure": "latest", "more_than": 5})
    short = only(assess(plan, "date | quantity\n03-05 | 5").shortfalls)
    assert (short.status, short.shortfall) == ("missed", 0)


# -- outlook: every target that is not settled ------------------------------------------------


def test_two_a_quarter_in_the_middle_of_may() -> None:
    """Q1 held 1 (1 lost), Q2 none yet, Q3 and Q4 to come: 2 + 2 + 2 are needed by December."""
    plan = plan_of({"at_least": 2, "per": "quarter"})
    left = only(assess(plan, "01-05", "2021-05-16").outlook)
    assert (left.status, left.required, left.actual) == ("missed", 8, 1)
    assert (left.needed, left.lost) == (6, 1)
    assert (day(left.by), left.days_left) == (dt.date(2021, 12, 31), 229)
    assert left.needed_per_week == pytest.approx(6 / 229 * 7)
    assert left.pace_per_week == pytest.approx(1 / 136 * 7)  # 90 days of Q1, 46 of Q2
    assert left.windows_short == 2
    assert pd.isna(left.members_short)
    assert day(left.reached_on) is None  # Q2 has not begun to move


def test_with_make_up_nothing_is_lost_yet() -> None:
    plan = plan_of({"at_least": 2, "per": "quarter", "makeup": True})
    left = only(assess(plan, "01-05", "2021-05-16").outlook)
    assert (left.needed, left.lost) == (7, 0)


def test_each_member_s_gap_and_not_the_sum() -> None:
    """甲 5, 乙 7, 丙 3 of 5: 2 are needed, of one member in one window."""
    rosters = {"cadres": ["甲", "乙", "丙"]}
    plan = plan_of({"measure": "total", "at_least": 5, "each": "cadres"}, rosters=rosters)
    events = "date | subject | quantity\n03-05 | 甲 | 5\n03-05 | 乙 | 7\n03-05 | 丙 | 3"
    left = only(assess(plan, events, "2021-05-31").outlook)
    assert (left.needed, left.lost, left.windows_short, left.members_short) == (2, 0, 1, 1)
    assert left.pace_per_week == pytest.approx(15 / 151 * 7)  # all three together
    # 丙 makes 3 in 151 days, so the 2 take 100.7: 101 days from the end of May
    assert day(left.reached_on) == dt.date(2021, 9, 9)


def test_the_settled_are_left_out() -> None:
    plan = plan_of(
        {"at_least": 1},
        {},
        {"at_least": 9, "revisions": [{"from": "2021-01-01", "waived": True}]},
        {"kind": "无", "at_least": 1},
        {"at_most": 3},
    )
    assert assess(plan, "03-05", "2021-05-31").outlook["target"].tolist() == ["t4", "t5"]


def test_a_limit_asks_for_nothing_but_to_be_kept() -> None:
    left = only(assess(plan_of({"at_most": 3}), "03-05", "2021-05-31").outlook)
    assert (left.status, left.needed, left.lost) == ("on_track", 0, 0)
    assert day(left.by) == dt.date(2021, 12, 31)


def test_each_organisation_has_its_own() -> None:
    events = "date | organisation\n03-01 | 东\n03-02 | 东"
    asked = {"by": "organisation", "organisations": ["东", "西"]}
    left = assess(plan_of({"at_least": 2}), events, "2021-05-31", **asked).outlook
    assert left["organisation"].tolist() == ["西"]
    assert left["needed"].tolist() == [2]
