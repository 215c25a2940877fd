"""Goals as numbers, revisions, and the faults of both."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.errors import PlanError
from partybuild.goals import Bounds, Goals, Revision, bounds, goal_faults, goal_text
from partybuild.measures import GOALS, MEASURES

INTEGER = [name for name, measure in MEASURES.items() if measure.is_integer]
OTHERS = [name for name in MEASURES if name not in INTEGER and name != "milestone"]
NUMBERS = st.integers(-(10**6), 10**6) | st.floats(-1e6, 1e6)


def faults(goals: Goals) -> dict[str | None, str]:
    return {problem.path: problem.message for problem in goal_faults(goals)}


def revision_faults(table: Any) -> dict[str | None, str]:
    with pytest.raises(PlanError) as caught:
        Revision.of(table)
    return {problem.path: problem.message for problem in caught.value.problems}


# --- bounds


@pytest.mark.parametrize(
    ("goal", "value", "measure", "low", "high"),
    [
        # whole-number measures: the next whole number, so that a shortfall is a number to do
        ("more_than", 4, "count", 5, None),
        ("more_than", 4.5, "count", 5, None),
        ("more_than", -1, "days", 0, None),
        ("less_than", 4, "count", None, 3),
        ("less_than", 4.5, "distinct", None, 4),
        ("at_least", 4.5, "count", 4.5, None),
        ("at_most", 20, "days", None, 20),
        ("exactly", 12, "count", 12, 12),
        ("between", (18, 22), "total", 18, 22),
    ],
)
def test_bounds(goal: str, value: Any, measure: str, low: float | None, high: float | None) -> None:
    found = bounds(Goals(**{goal: value}), measure=measure)
    assert found is not None
    assert (found.low, found.high, found.is_strict) == (low, high, False)
    assert found.side == GOALS[goal].side


@pytest.mark.parametrize("measure", OTHERS)
def test_on_other_measures_more_and_less_stay_strict(measure: str) -> None:
    more = bounds(Goals(more_than=4), measure=measure)
    less = bounds(Goals(less_than=0.5), measure=measure)
    assert more == Bounds(side="lower", low=4.0, is_strict=True)
    assert less == Bounds(side="upper", high=0.5, is_strict=True)


@given(NUMBERS, st.sampled_from(INTEGER))
def test_on_whole_numbers_the_bound_is_the_first_that_counts(value: float, measure: str) -> None:
    more = bounds(Goals(more_than=value), measure=measure)
    less = bounds(Goals(less_than=value), measure=measure)
    assert more is not None
    assert less is not None
    assert more.low == math.floor(value) + 1
    assert less.high == math.ceil(value) - 1
    assert more.low > value >= more.low - 1
    assert less.high < value <= less.high + 1


def test_about_is_a_band_with_its_own_tolerance_or_the_target_s() -> None:
    own = bounds(Goals(about=5, tolerance=0.5), measure="mean", tolerance=9)
    assert own == Bounds(side="band", low=4.5, high=5.5, tolerance=0.5)
    lent = bounds(Goals(about=30), measure="count", tolerance=3)
    assert lent == Bounds(side="band", low=27, high=33, tolerance=3)


def test_a_tolerance_does_not_widen_exactly() -> None:
    assert bounds(Goals(exactly=5), measure="count", tolerance=2) == Bounds(
        side="band", low=5, high=5
    )


@pytest.mark.parametrize("goal", GOALS)
def test_a_masked_number_is_never_judged(goal: str) -> None:
    goals = Goals(**{goal: "X"})
    assert goals.goal == goal
    assert not goals.is_quantified
    assert bounds(goals, measure="count") is None
    assert faults(goals) == {}


def test_without_a_goal_there_is_nothing_to_judge_by() -> None:
    assert Goals().goal is None
    assert Goals().value is None
    assert bounds(Goals(), measure="mean") is None


def test_zero_is_a_goal() -> None:
    goals = Goals(at_most=0)
    assert goals.is_quantified
    assert bounds(goals, measure="count") == Bounds(side="upper", high=0.0)


def test_a_milestone_asks_for_one() -> None:
    assert bounds(Goals(), measure="milestone") == Bounds(side="lower", low=1.0)


def test_the_requirement_shown_is_the_lower_end_of_a_band() -> None:
    assert Bounds(side="band", low=18, high=22).required == 18
    assert Bounds(side="upper", high=20).required == 20
    assert Bounds(side="lower", low=60).required == 60


def test_a_pair_may_be_given_as_a_list() -> None:
    assert Goals(between=[18, 22]).between == (18, 22)


# --- faults


def test_two_goals_at_once() -> None:
    (problem,) = goal_faults(Goals(at_least=3, at_most=5))
    assert (problem.path, problem.read) == ("at_most", "at_least, at_most")
    assert problem.message == "2 goals at once"


@pytest.mark.parametrize("goal", [name for name in GOALS if name != "between"])
@pytest.mark.parametrize(
    "value", ["六十", "60", True, [60], math.inf, math.nan, 10**400, dt.date(2021, 1, 1), "x"]
)
def test_a_goal_is_a_finite_number(goal: str, value: Any) -> None:
    assert faults(Goals(**{goal: value})) == {goal: f"{goal} is not a number"}


@pytest.mark.parametrize("value", [[1], [1, 2, 3], ["a", "b"], 5, [1, math.inf], [True, 2], {}])
def test_between_is_a_pair_of_numbers(value: Any) -> None:
    assert faults(Goals(between=value)) == {"between": "between is not a pair of numbers"}


def test_a_pair_stands_in_order() -> None:
    assert faults(Goals(between=[5, 3])) == {"between": "the low end is above the high end"}
    assert faults(Goals(between=[3, 3])) == {}


@pytest.mark.parametrize("value", [-0.1, "half", True, math.nan])
def test_a_tolerance_is_a_number_from_zero_up(value: Any) -> None:
    assert faults(Goals(about=5, tolerance=value)) == {
        "tolerance": "tolerance is not a number from 0 up"
    }


def test_a_number_too_long_to_print_is_still_named() -> None:
    (problem,) = goal_faults(Goals(at_least=16**9999))
    assert problem.read == "a number of thousands of digits"


# --- revisions


def test_a_revision_from_a_table() -> None:
    revision = Revision.of({"from": "2021-07-01", "at_least": 40, "reason": "防汛"})
    assert revision == Revision(from_=dt.date(2021, 7, 1), at_least=40, reason="防汛")
    assert Revision.of(revision) is revision
    assert repr(revision) == "Revision(from 2021-07-01, at_least 40, '防汛')"
    assert repr(Revision.of({"from": "2021-07-01", "waived": True})) == (
        "Revision(from 2021-07-01, waived)"
    )


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ({"at_least": 1}, {"from": "from is missing"}),
        ({"from": "July", "at_least": 1}, {"from": "from is not a calendar date"}),
        ({"from": "2021-07-01"}, {"": "a revision without a goal"}),
        (
            {"from": "2021-07-01", "waived": True, "at_most": 3},
            {"waived": "a revision both waives and sets a goal"},
        ),
        ({"from": "2021-07-01", "waived": "yes"}, {"waived": "waived is not true or false"}),
        (
            {"from": "2021-07-01", "at_least": 1, "at_most": 3, "reason": 5, "form": 1},
            {
                "form": "unknown key 'form'",
                "reason": "reason is not text",
                "at_most": "2 goals at once",
            },
        ),
        ("2021-07-01", {"": "not a revision"}),
    ],
)
def test_the_faults_of_a_revision(table: Any, expected: dict[str, str]) -> None:
    assert revision_faults(table) == expected


@pytest.mark.parametrize(
    ("goals", "text"),
    [
        (Goals(at_least=60), "60"),
        (Goals(between=(3, 5)), "3–5"),
        (Goals(about=5, tolerance=0.5), "5 ± 0.5"),
        (Goals(about=5), "5"),
        (Goals(at_most="X"), "X"),
        (Goals(), ""),
    ],
)
def test_a_goal_in_words(goals: Goals, text: str) -> None:
    assert goal_text(goals) == text


def test_goals_are_shown_on_one_line() -> None:
    assert repr(Goals(at_least=3)) == "Goals(at_least 3)"
    assert repr(Goals()) == "Goals()"
