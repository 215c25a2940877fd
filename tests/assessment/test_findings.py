"""What a reader of the figures should know: each problem by its code."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from answers.small import assess, plan_of

import partybuild as pb
from partybuild.mappings import plan_from_mapping

CADRES = {"cadres": ["张三", {"id": "lisi", "name": "李四"}]}


def found(assessment: pb.Assessment, *columns: str) -> list[tuple[Any, ...]]:
    table = assessment.problems[list(columns)].astype(object)
    return [
        tuple(None if pd.isna(one) else one for one in row)
        for row in table.itertuples(index=False, name=None)
    ]


def test_nothing_to_say() -> None:
    clean = assess(plan_of({"at_least": 1}), "03-05")
    assert len(clean.problems) == 0
    assert clean.problem_list == ()
    assert list(clean.problems.columns) == [
        *("severity", "code", "organisation", "target", "read", "message", "expected", "hint"),
    ]


def test_unassigned_kinds_are_counted_and_compared_with_those_asked_for() -> None:
    one = assess(plan_of({"kind": "推进会"}), "date | kind\n03-01 | 推进 会\n03-02 | 推进 会")
    assert found(one, "severity", "code", "target", "read") == [
        ("warning", "unassigned", None, "推进 会")
    ]
    assert "2 events" in one.problems["message"].iloc[0]
    assert "推进会" in one.problems["hint"].iloc[0]
    assert one.events_unassigned["id"].tolist() == ["e1", "e2"]


def test_unassigned_events_that_hold_no_longer_are_not_listed() -> None:
    events = """
    id | date  | kind | recorded_at | void
    a  | 03-01 | 课   | 03-01       |
    a  | 03-01 | 会   | 03-02       |
    b  | 03-01 | 课   | 03-01       |
    b  | 03-01 | 课   | 03-02       | yes
    c  | 07-01 | 课   | 03-01       |
    d  | 03-01 | 课   | 05-01       |
    """
    one = assess(plan_of({}), events, "2021-06-30", known_at="2021-04-01")
    assert len(one.events_unassigned) == 0
    assert assess(plan_of({}), events, "2021-06-30").events_unassigned["id"].tolist() == ["d"]


def test_events_outside_the_plan_are_a_note_with_their_ids_or_their_days() -> None:
    days = ", ".join(f"2020-12-{day:02}" for day in range(10, 17))
    one = assess(plan_of({}), days + ", 03-01, 2022-01-01", "2022-02-01")
    assert found(one, "severity", "code", "read", "expected") == [
        ("note", "outside-plan", "2020-12-10..2020-12-16", "2021-01-01..2021-12-31"),
        ("note", "outside-plan", "e9", "2021-01-01..2021-12-31"),
    ]
    assert one.problems["message"].tolist() == [
        "7 events lie before the plan's start",
        "1 event lies after the plan's end",
    ]


def test_the_order_of_rows_changes_no_problem() -> None:
    days = ", ".join(f"2020-12-{day:02}" for day in (16, 10, 13, 12))
    one = assess(plan_of({}), days + ", 03-01, 2022-01-01", "2022-02-01")
    rows = one.events.iloc[::-1].reset_index(drop=True)
    other = pb.assess(one.plan, rows, as_of="2022-02-01")
    pd.testing.assert_frame_equal(one.problems, other.problems)
    assert one.problems["read"].tolist() == ["e1, e2, e3, e4", "e6"]


@pytest.mark.parametrize(
    ("target", "events", "as_of", "is_named"),
    [
        ({"at_most": 0}, "", "2021-12-31", True),
        ({"less_than": 3}, "", "2021-06-30", True),
        ({"measure": "total", "at_most": 5}, "", "2021-06-30", True),
        ({"at_most": 1}, "03-05", "2021-06-30", False),  # somebody looked
        ({"at_most": 0, "nil_return": True}, "", "2021-06-30", False),  # it is unknown instead
        ({"at_most": 1, "start": "2021-07-01"}, "", "2021-06-30", False),  # not begun
        ({"at_least": 0}, "", "2021-12-31", False),  # a lower goal
        ({"measure": "latest", "at_most": 1}, "", "2021-12-31", False),  # no data
        ({"at_most": 0, "revisions": [{"from": "2021-01-01", "waived": True}]}, "", "2021-12-31",
         False),
    ],
)  # fmt: skip
def test_silence_is_not_proof(
    target: dict[str, Any], events: str, as_of: str, is_named: bool
) -> None:
    one = assess(plan_of(target), events, as_of)
    named = [("note", "unattested", "t1")] if is_named else []
    assert found(one, "severity", "code", "target") == named


def test_unattested_in_the_organisations_that_are_silent() -> None:
    asked = {"by": "organisation", "organisations": ["东", "西"]}
    one = assess(plan_of({"at_most": 1}), "date | organisation\n03-05 | 东", **asked)
    assert found(one, "code", "organisation", "target") == [("unattested", "西", "t1")]


def test_units_that_cannot_be_converted() -> None:
    plan = plan_of({"measure": "total", "unit": "万元"}, {"unit": "次"})
    one = assess(plan, "date | quantity | unit\n03-01 | 5 | 斤\n03-02 | 6 | 斤\n03-03 | 7 | 元")
    assert found(one, "code", "target", "read") == [("unknown-unit", "t1", "斤")]
    assert one.standings["actual"].tolist() == [0.0007, 3]  # a count reads no quantity


def test_names_that_no_roster_has() -> None:
    plan = plan_of({"each": "cadres"}, rosters=CADRES)
    one = assess(plan, "date | subject\n03-01 | 张三、李四\n03-02 | 张山\n03-03 | 张山")
    assert found(one, "code", "target", "read") == [("unknown-member", "t1", "张山")]
    assert one.standings["actual"].tolist() == [1, 1]


def test_organisations_that_nobody_asked_about() -> None:
    asked = {"by": "organisation", "organisations": ["东村", "西村"]}
    events = "date | organisation\n03-05 | 东村\n03-06 | 西村\n03-07 | 东邨\n03-08 |"
    one = assess(plan_of({}), events, **asked)
    assert found(one, "severity", "code", "read") == [
        ("warning", "unknown-organisation", None),
        ("warning", "unknown-organisation", "东邨"),
    ]
    assert len(assess(plan_of({}), events).problems) == 0  # as a whole they all count


def test_a_column_that_where_asks_for_and_nobody_has() -> None:
    one = assess(plan_of({"where": {"级 别": "县"}}), "date | 级别\n03-05 | 县")
    assert found(one, "code", "target", "read") == [("unknown-column", "t1", "级 别")]
    assert one.standings["actual"].tolist() == [0]


@pytest.mark.parametrize(
    "target",
    [
        {"each": "nobody"},
        {"per": "month", "partial": "skip", "start": "2021-02-02", "end": "2021-02-20"},
        {"per": {"rrule": "FREQ=YEARLY;BYMONTH=7;BYMONTHDAY=1"}, "end": "2021-06-30"},
    ],
)
def test_targets_that_ask_nobody_for_anything(target: dict[str, Any]) -> None:
    one = assess(plan_of({"at_least": 1, **target}, rosters={"nobody": []}), "03-05")
    assert ("warning", "no-windows", "t1") in found(one, "severity", "code", "target")
    assert one.targets["status"].tolist() == ["waived"]


def test_problems_are_records_too() -> None:
    one = assess(plan_of({"at_most": 0}), "2020-12-31")
    assert [problem.code for problem in one.problem_list] == ["unattested", "outside-plan"]
    assert all(isinstance(problem, pb.Problem) for problem in one.problem_list)


@pytest.mark.parametrize(
    ("home", "organisations", "status", "told"),
    [
        ("O1", None, ["met", "waived"], []),
        ("一支部", None, ["met", "waived"], []),
        ("一支部", ["一支部"], ["met"], []),
        ("O1", ["一支部"], ["met"], []),
        ("O2", ["一支部"], ["waived"], []),
        ("一支布", None, ["waived", "waived"], ["一支布"]),
    ],
)
def test_members_of_an_organisation_that_is_not_known_are_named(
    home: str, organisations: list[str] | None, status: list[str], told: list[str]
) -> None:
    target = {"id": "t", "measure": "count", "kind": "走访", "at_least": 1, "each": "cadres"}
    plan = plan_from_mapping(
        {
            "plan": {"id": "p", "start": "2021-01-01", "end": "2021-12-31"},
            "rosters": {
                "organisations": [{"id": "O1", "name": "一支部"}, {"id": "O2", "name": "二支部"}],
                "cadres": [{"id": "甲", "organisation": home}],
            },
            "commitment": [{"id": "1", "target": [target]}],
        }
    )
    row = {"id": ["a"], "kind": "走访", "date": "2021-03-05", "subject": "甲", "organisation": "O1"}
    asked = {"as_of": "2021-12-31", "by": "organisation", "organisations": organisations}
    one = pb.assess(plan, pb.read_events(pd.DataFrame(row)), **asked)
    assert one.targets["status"].tolist() == status
    problems = one.problems
    assert problems.loc[problems["code"] == "unknown-home", "read"].tolist() == told
