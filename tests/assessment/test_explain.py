"""Line by line: which events counted, and why the others did not; every reason by name."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from answers.small import assess, plan_of

from partybuild.assessment.explain import REASONS
from partybuild.errors import UnknownNameError, UsageError

CADRES = {"cadres": ["甲", {"id": "乙", "from": "2021-04-01"}]}
PREVIOUS = {"measure": "growth", "of": "count", "baseline": "previous", "start": "2021-07-01"}

# reason -> the target, the events, how it is asked, and the reason of each record
STORIES: dict[str, tuple[dict[str, Any], str, dict[str, Any], list[str]]] = {
    "counted": ({}, "03-05, 03-06", {}, ["counted", "counted"]),
    "makeup": (
        {"at_least": 2, "deadline": "2021-06-30", "makeup": True},
        "06-30, 07-01",
        {},
        ["counted", "makeup"],
    ),
    "base": (PREVIOUS, "07-01, 06-30, 2020-12-31", {}, ["counted", "base", "outside-span"]),
    "after-deadline": (
        {"measure": "milestone", "deadline": "2021-06-30"},
        "07-01",
        {},
        ["after-deadline"],
    ),
    "nil-report": (
        {"at_most": 0, "nil_return": True},
        "date | quantity\n03-05 | 0\n03-06 | 1",
        {},
        ["nil-report", "counted"],
    ),
    "earlier-reading": (
        {"measure": "latest"},
        "date | quantity\n03-05 | 80\n03-07 | 82\n03-06 | 81",
        {},
        ["earlier-reading", "counted", "earlier-reading"],
    ),
    "superseded": (
        {},
        "id | date | recorded_at\na | 03-05 | 03-05\na | 03-06 | 03-08",
        {},
        ["superseded", "counted"],
    ),
    "void": (
        {},
        "id | date | recorded_at | void\na | 03-05 | 03-05 |\na | 03-05 | 03-08 | yes",
        {},
        ["superseded", "void"],
    ),
    "recorded-later": (
        {},
        "date | recorded_at\n03-05 | 03-05\n03-06 | 07-01",
        {"known_at": "2021-06-30"},
        ["counted", "recorded-later"],
    ),
    "future": ({}, "03-05, 03-06", {"as_of": "2021-03-05"}, ["counted", "future"]),
    "outside-span": (
        {"start": "2021-03-01", "end": "2021-03-31"},
        "02-28, 03-01, 03-31, 04-01",
        {},
        ["outside-span", "counted", "counted", "outside-span"],
    ),
    "outside-windows": (
        {"per": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=25"}},
        "01-10, 01-25",
        {},
        ["outside-windows", "counted"],
    ),
    "outside-membership": (
        {"each": "cadres"},
        "date | subject\n03-31 | 乙\n04-01 | 乙",
        {},
        ["outside-membership", "counted"],
    ),
    "unknown-member": (
        {"each": "cadres"},
        "date | subject\n03-31 | 甲\n04-01 | 王五\n04-02 |",
        {},
        ["counted", "unknown-member", "unknown-member"],
    ),
    "other-member": (
        {"each": "cadres"},
        "date | subject\n05-31 | 甲\n05-31 | 甲、乙\n05-31 | 乙",
        {"subject": "甲"},
        ["counted", "counted", "other-member"],
    ),
    "other-organisation": (
        {},
        "date | organisation\n03-01 | 东\n03-02 | 西\n03-03 |",
        {"by": "organisation", "organisations": ["东", "西"], "organisation": "东"},
        ["counted", "other-organisation", "other-organisation"],
    ),
    "other-window": (
        {"per": "quarter"},
        "03-31, 04-01",
        {"window": "2021Q2"},
        ["other-window", "counted"],
    ),
    "where": (
        {"where": {"级别": "县"}},
        "date | 级别\n03-01 | 县\n03-02 | 市\n03-03 |",
        {},
        ["counted", "where", "where"],
    ),
    "unknown-unit": (
        {"measure": "total", "unit": "万元"},
        "date | quantity | unit\n03-01 | 20000 | 元\n03-02 | 7 | 次\n03-03 | 1 |",
        {},
        ["counted", "unknown-unit", "counted"],
    ),
}


def lines(story: str) -> tuple[pd.DataFrame, Any]:
    target, events, asked, _ = STORIES[story]
    asked = dict(asked)
    narrowed = {
        key: asked.pop(key) for key in ("organisation", "subject", "window") if key in asked
    }
    assessment = assess(plan_of(target, rosters=CADRES), events, **asked)
    return assessment.explain("t1", **narrowed), assessment


@pytest.mark.parametrize("story", STORIES)
def test_every_reason(story: str) -> None:
    found, _ = lines(story)
    assert found["reason"].tolist() == STORIES[story][3]
    assert found["why"].tolist() == [REASONS[reason] for reason in found["reason"]]
    assert found["row"].tolist() == list(range(len(found)))


def test_there_is_a_story_for_every_reason() -> None:
    assert set(STORIES) == set(REASONS)
    assert all(story in STORIES[story][3] for story in STORIES)


@pytest.mark.parametrize(
    "story", [story for story in STORIES if story not in ("makeup", "other-member")]
)
def test_as_many_are_counted_as_the_figure_rests_on(story: str) -> None:
    found, assessment = lines(story)
    standings = assessment.standings
    for column, key in (("window", "window"), ("organisation", "organisation")):
        if key in STORIES[story][2]:
            standings = standings[standings[column] == STORIES[story][2][key]]
    # of a latest reading every reading of the window is an event, and one of them the figure
    counted = found["counted"] | (found["reason"] == "earlier-reading")
    assert counted.sum() == standings["events"].sum()


def test_the_columns_and_the_place_in_the_frame_handed_in() -> None:
    plan = plan_of({"kind": "会", "per": "month"})
    assessment = assess(plan, "date | kind\n03-01 | 课\n03-05 | 会\n03-06 | 课\n04-07 | 会")
    found = assessment.explain("t1")
    assert list(found.columns) == [
        *("id", "kind", "date", "end", "quantity", "unit", "subject", "organisation"),
        *("recorded_at", "row", "counted", "reason", "window", "why"),
    ]
    assert found["row"].tolist() == [1, 3]
    assert found["window"].tolist() == ["2021-03", "2021-04"]
    assert found["id"].tolist() == ["e2", "e4"]
    assert found["date"].iloc[0].date() == dt.date(2021, 3, 5)
    assert len(assess(plan).explain("t1")) == 0
    assert list(assess(plan).explain("t1").columns) == list(found.columns)


def test_both_sides_of_a_ratio_are_explained() -> None:
    plan = plan_of(
        {
            "measure": "ratio",
            "kind": "发展",
            "numerator": {"measure": "count", "where": {"年龄": "青年"}},
            "denominator": "count",
        }
    )
    events = "date | kind | 年龄\n03-01 | 发展 | 青年\n03-02 | 发展 | 中年\n03-03 | 会 | 青年"
    assert assess(plan, events).explain("t1")["reason"].tolist() == ["counted", "counted"]


def test_an_event_over_two_windows_counts_in_each_that_is_asked_about() -> None:
    plan = plan_of({"measure": "days", "per": "quarter"})
    assessment = assess(plan, "date | end\n03-30 | 04-02")
    for window in ("2021Q1", "2021Q2"):
        found = assessment.explain("t1", window=window)
        assert found["counted"].tolist() == [True]
        assert found["window"].tolist() == [window]
    assert assessment.explain("t1", window="2021Q3")["reason"].tolist() == ["other-window"]


def test_days_that_are_still_to_come_count_nowhere_yet() -> None:
    """It began on 29 March; the quarter asked about begins on 1 April, after as_of."""
    plan = plan_of({"measure": "days", "start": "2021-04-01"})
    assessment = assess(plan, "date | end\n03-29 | 04-04", "2021-03-31")
    assert assessment.explain("t1")["reason"].tolist() == ["future"]
    later = assess(plan, "date | end\n03-29 | 04-04", "2021-04-01")
    assert later.explain("t1")["reason"].tolist() == ["counted"]


def test_the_side_of_a_ratio_that_counts_days_reaches_over_windows() -> None:
    """Hours of the visits that begin in a month over all days out: Q1's visit lasts into Q2."""
    plan = plan_of(
        {
            "measure": "ratio",
            "numerator": {"measure": "total"},
            "denominator": {"measure": "days"},
            "per": "quarter",
        }
    )
    assessment = assess(plan, "date | end | quantity\n03-30 | 04-02 | 8\n04-10 | | 3")
    assert assessment.standings["actual"].tolist()[:2] == [4, 1]  # 8/2, and 3 of 2 + 1 days
    assert assessment.standings["events"].tolist()[:2] == [1, 2]
    assert assessment.explain("t1", window="2021Q2")["counted"].tolist() == [True, True]


def test_a_window_that_is_skipped_holds_nothing() -> None:
    plan = plan_of({"per": "month", "partial": "skip", "start": "2021-02-15"})
    found = assess(plan, "02-20, 03-01").explain("t1")
    assert found["reason"].tolist() == ["outside-windows", "counted"]
    member = plan_of({"per": "month", "partial": "skip", "each": "cadres"}, rosters={
        "cadres": [{"id": "甲", "from": "2021-02-15"}]})  # fmt: skip
    found = assess(member, "date | subject\n02-20 | 甲\n03-01 | 甲").explain("t1")
    assert found["reason"].tolist() == ["outside-membership", "counted"]


def test_names_that_the_assessment_does_not_have() -> None:
    assessment = assess(plan_of({"per": "quarter"}, {"each": "cadres"}, rosters=CADRES), "03-05")
    with pytest.raises(UnknownNameError, match="t3"):
        assessment.explain("t3")
    with pytest.raises(UnknownNameError, match="did you mean '2021Q1'"):
        assessment.explain("t1", window="2021-Q1")
    with pytest.raises(UnknownNameError, match="丁"):
        assessment.explain("t2", subject="丁")
    with pytest.raises(UnknownNameError, match="东"):
        assessment.explain("t1", organisation="东")
    with pytest.raises(UsageError, match="not judged by member"):
        assessment.explain("t1", subject="甲")
