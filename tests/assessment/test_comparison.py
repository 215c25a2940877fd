"""What lies between two assessments, and which events moved it."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from answers.small import assess, frame_of, plan_of

import partybuild as pb
from partybuild.errors import UsageError

QUARTERLY = {"at_least": 1, "per": "quarter"}


def rows(frame: pd.DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """The rows as tuples; None for every way of being missing."""
    table = frame[list(columns)].astype(object)
    return [
        tuple(None if not isinstance(one, tuple) and pd.isna(one) else one for one in values)
        for values in table.itertuples(index=False, name=None)
    ]


def test_nothing_changed() -> None:
    one, other = assess(plan_of(QUARTERLY), "03-05"), assess(plan_of(QUARTERLY), "03-05")
    same = pb.compare(one, other)
    assert not same
    assert (len(same.statuses), len(same.figures), len(same.events)) == (0, 0, 0)
    assert list(same.statuses.columns) == [
        *("organisation", "commitment", "target", "before", "after"),
    ]
    assert repr(same) == "<Comparison: 0 statuses, 0 figures, 0 events changed>"


def test_what_september_brought() -> None:
    """On 30 June Q2 was missed and Q3 to come; on 31 July Q3 has its meeting of 5 July."""
    plan, events = plan_of({**QUARTERLY, "require": 2}), "01-05, 07-05"
    moved = pb.compare(assess(plan, events, "2021-06-30"), assess(plan, events, "2021-07-31"))
    assert moved
    assert rows(moved.statuses, "target", "before", "after") == [("t1", "on_track", "met")]
    assert rows(moved.figures, "window", "figure", "before", "after", "events") == [
        ("2021Q3", "actual", None, 1.0, ("e2",)),
        ("2021Q3", "completion", None, 1.0, ("e2",)),
        ("2021Q3", "shortfall", None, 0.0, ("e2",)),
        ("2021Q3", "status", "upcoming", "met", ("e2",)),
    ]
    assert rows(moved.events, "id", "change") == [("e2", "came-due")]


def test_late_entries_corrections_and_withdrawals() -> None:
    """Between two days of knowing: b entered, c corrected, d withdrawn; a only recorded again."""
    plan = plan_of({"measure": "total", "at_least": 10})
    events = frame_of("""
    id | date  | quantity | recorded_at | void
    a  | 03-01 | 1        | 03-01       |
    c  | 03-02 | 2        | 03-02       |
    d  | 03-03 | 3        | 03-03       |
    a  | 03-01 | 1        | 04-01       |
    b  | 03-04 | 4        | 04-02       |
    c  | 03-02 | 7        | 04-03       |
    d  | 03-03 | 3        | 04-04       | yes
    x  | 12-01 | 9        | 04-05       |
    """)
    first = pb.assess(plan, events, as_of="2021-06-30", known_at="2021-03-31")
    later = pb.assess(plan, events, as_of="2021-06-30")
    moved = pb.compare(first, later)
    assert sorted(rows(moved.events, "id", "change", "quantity")) == [
        ("b", "added", 4.0),
        ("c", "corrected", 7.0),
        ("d", "withdrawn", 3.0),
    ]
    (actual,) = [one for one in rows(moved.figures, "figure", "before", "after", "events")
                 if one[0] == "actual"]  # fmt: skip
    assert actual[1:3] == (6.0, 12.0)  # 1 + 2 + 3, then 1 + 4 + 7
    assert sorted(actual[3]) == ["b", "c", "d"]


def test_a_corrected_attribute_is_a_correction() -> None:
    plan = plan_of({"where": {"级别": "县"}})
    before = assess(plan, "date | 级别\n03-05 | 市")
    after = assess(plan, "date | 级别\n03-05 | 县")
    assert rows(pb.compare(before, after).events, "id", "change") == [("e1", "corrected")]


def test_a_goal_that_was_revised_moves_without_an_event() -> None:
    before = assess(plan_of({"at_least": 2}), "03-05")
    lowered = plan_of({"at_least": 2, "revisions": [{"from": "2021-07-01", "at_least": 1}]})
    moved = pb.compare(before, assess(lowered, "03-05"))
    assert rows(moved.statuses, "before", "after") == [("missed", "met")]
    assert ("required", 2.0, 1.0, ()) in rows(moved.figures, "figure", "before", "after", "events")
    assert len(moved.events) == 0


def test_targets_that_only_one_plan_has() -> None:
    before, after = assess(plan_of({}), "03-05"), assess(plan_of({}, {"at_least": 1}), "03-05")
    assert rows(pb.compare(before, after).statuses, "target", "before", "after") == [
        ("t2", None, "met")
    ]
    assert rows(pb.compare(after, before).statuses, "target", "before", "after") == [
        ("t2", "met", None)
    ]


def test_each_organisation_by_its_own_events() -> None:
    asked = {"by": "organisation", "organisations": ["东", "西"]}
    events = "date | organisation\n03-01 | 东\n05-01 | 西"
    plan = plan_of({"at_least": 1})
    moved = pb.compare(
        assess(plan, events, "2021-04-30", **asked), assess(plan, events, "2021-05-31", **asked)
    )
    assert rows(moved.statuses, "organisation", "before", "after") == [("西", "on_track", "met")]
    assert {(place, names) for place, names in rows(moved.figures, "organisation", "events")} == {
        ("西", ("e2",))
    }


def test_a_whole_and_its_parts_cannot_be_compared() -> None:
    whole = assess(plan_of({}), "03-05")
    parts = assess(plan_of({}), "03-05", by="organisation", organisations=["东"])
    with pytest.raises(UsageError, match="by organisation"):
        pb.compare(whole, parts)


def test_a_notebook_shows_the_three_tables() -> None:
    plan = plan_of({"at_least": 1})
    page = pb.compare(assess(plan, ""), assess(plan, "03-05"))._repr_html_()
    assert page.count("<table") == 3
    assert "added" in page
