"""`assess`: what it takes, what it refuses, and what it leaves alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest
from answers.small import assess, frame_of, plan_of

import partybuild as pb
from partybuild.errors import EventError, UsageError
from partybuild.ledger import memory_ledger

PLAN = plan_of({"at_least": 2}, rosters={"organisations": ["东", "西"]})
EVENTS = frame_of("03-05, 03-06")
CONTRACT = {
    "standings": """organisation, commitment, target, subject, window, start, end, required,
        original, actual, completion, expected, status, light, shortfall, surplus, recoverable,
        days_left, events, last_event""",
    "targets": """organisation, commitment, target, name, unit, measure, goal, required, actual,
        completion, status, light, shortfall, overdue, windows, windows_due, windows_met,
        windows_missed, members, members_met""",
    "commitments": """organisation, commitment, section, text, owner, targets, completion, status,
        light""",
    "summary": """organisation, breached, missed, no_data, behind, in_progress, on_track, late,
        met, upcoming, unquantified, waived, qualitative, completion""",
}


@pytest.mark.parametrize("name", CONTRACT)
def test_columns_are_the_contract_s(name: str) -> None:
    frame = getattr(assess(PLAN, "03-05"), name)
    assert list(frame.columns) == [one.strip() for one in CONTRACT[name].split(",")]
    assert isinstance(frame.index, pd.RangeIndex)


@pytest.mark.parametrize(
    "as_of",
    ["2021-06-30", dt.date(2021, 6, 30), dt.datetime(2021, 6, 30), pd.Timestamp("2021-06-30")],
)
def test_ways_to_say_a_day(as_of: Any) -> None:
    one = pb.assess(PLAN, EVENTS, as_of=as_of, known_at=as_of)
    assert one.as_of == one.known_at == dt.date(2021, 6, 30)


@pytest.mark.parametrize(
    "asked",
    [
        {"as_of": "2021-06-31"},
        {"as_of": "yesterday"},
        {"as_of": None},
        {"as_of": 20210630},
        {"as_of": "2021-06-30", "known_at": "x"},
        {"as_of": "2021-06-30", "by": "village"},
        {"as_of": "2021-06-30", "organisations": ["东"]},
        {"as_of": "2021-06-30", "by": "organisation", "organisations": "东"},
    ],
    ids=str,
)
def test_parameters_that_it_does_not_take(asked: dict[str, Any]) -> None:
    wrong = "known_at" if "known_at" in asked else "as_of"
    wrong = next((key for key in ("organisations", "by") if key in asked), wrong)
    with pytest.raises(UsageError, match=wrong):
        pb.assess(PLAN, EVENTS, **asked)


def test_organisations_need_a_roster_or_a_list() -> None:
    with pytest.raises(UsageError, match="organisations"):
        pb.assess(plan_of({}), EVENTS, as_of="2021-06-30", by="organisation")
    one = pb.assess(PLAN, EVENTS, as_of="2021-06-30", by="organisation")
    assert one.organisations == ("东", "西")
    twice = pb.assess(
        PLAN, EVENTS, as_of="2021-06-30", by="organisation", organisations=["西", "西"]
    )
    assert twice.organisations == ("西",)
    assert len(twice.standings) == 1


@pytest.mark.parametrize("events", [[{"id": "a"}], None, 3], ids=str)
def test_events_that_are_no_table(events: Any) -> None:
    with pytest.raises(UsageError, match="expected a pandas DataFrame"):
        pb.assess(PLAN, events, as_of="2021-06-30")


@pytest.mark.parametrize(
    ("columns", "code"),
    [
        ({"id": ["a"], "date": ["2021-03-05"]}, "kind"),
        ({"id": ["a"], "kind": ["会"], "date": ["2021-02-31"]}, "date"),
        ({"id": ["a"], "kind": ["会"], "date": ["2021-03-05"], "quantity": ["many"]}, "quantity"),
        ({"id": [None], "kind": ["会"], "date": ["2021-03-05"]}, "id"),
    ],
)
def test_events_with_faults(columns: dict[str, Any], code: str) -> None:
    with pytest.raises(EventError) as caught:
        pb.assess(PLAN, pd.DataFrame(columns), as_of="2021-06-30")
    assert any(code in (problem.column or problem.message) for problem in caught.value.problems)


def test_a_ledger_is_taken_as_it_is() -> None:
    ledger = memory_ledger()
    ledger.record(kind="会", date="2021-03-05")
    ledger.record(kind="会", date="2021-03-06")
    assert pb.assess(PLAN, ledger, as_of="2021-06-30").targets["actual"].tolist() == [2]


def test_the_caller_s_frame_is_left_alone() -> None:
    events = frame_of("date | 级别\n03-06 | 县\n03-05 | 市")
    kept = events.copy(deep=True)
    one = pb.assess(PLAN, events, as_of="2021-06-30")
    for name in CONTRACT:
        frame = getattr(one, name)
        frame.loc[:, "completion"] = 7.0
    pd.testing.assert_frame_equal(events, kept)
    again = pb.assess(PLAN, events, as_of="2021-06-30")
    assert again.targets["completion"].tolist() == [1]


def test_an_assessment_is_frozen_and_its_frames_are_the_callers_own() -> None:
    one = pb.assess(PLAN, EVENTS, as_of="2021-06-30")
    before = pb.render_markdown(one)
    for name in ("standings", "targets", "commitments", "summary"):
        own = getattr(one, name)
        own["completion"] = 9.0
    assert (one.targets["completion"] != 9.0).all()
    assert pb.render_markdown(one) == before
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        one.as_of = dt.date(2021, 1, 1)  # type: ignore[misc]
    assert repr(one) == "<Assessment of plan 'p' as of 2021-06-30>"
    parts = pb.assess(PLAN, EVENTS, as_of="2021-06-30", by="organisation")
    assert "2 organisations" in repr(parts)
    assert "<table" in one._repr_html_()


def test_digests_prove_the_same_plan_and_the_same_events() -> None:
    one = pb.assess(PLAN, EVENTS, as_of="2021-06-30")
    other = pb.assess(PLAN, EVENTS, as_of="2021-09-30")
    assert (one.plan_digest, one.events_digest) == (other.plan_digest, other.events_digest)
    raised = pb.assess(plan_of({"at_least": 3}), EVENTS, as_of="2021-06-30")
    assert raised.plan_digest != one.plan_digest
    changed = pb.assess(PLAN, frame_of("03-05, 03-07"), as_of="2021-06-30")
    assert changed.events_digest != one.events_digest
    # what was not known then has no part in the digest of then
    late = pb.assess(PLAN, EVENTS, as_of="2021-06-30", known_at="2021-03-05")
    first = pb.assess(PLAN, EVENTS.head(1), as_of="2021-06-30")
    assert late.events_digest == first.events_digest


def test_as_of_before_the_plan_and_long_after_it() -> None:
    early = assess(PLAN, "03-05", "2020-06-30")
    assert early.targets["status"].tolist() == ["upcoming"]
    assert early.standings["days_left"].tolist() == [184 + 365]
    late = assess(PLAN, "03-05", "2030-01-01")
    assert late.targets["status"].tolist() == ["missed"]
    assert late.standings["days_left"].tolist() == [0]


def test_a_plan_of_sentences_alone() -> None:
    plan = pb.Plan(id="p", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1"}])
    one = pb.assess(plan, EVENTS, as_of="2021-06-30")
    assert one.commitments["status"].tolist() == ["qualitative"]
    assert one.summary["qualitative"].tolist() == [1]
    assert one.problems["code"].tolist() == ["unassigned"]


def test_dates_of_every_kind_and_none_that_is_no_date() -> None:
    night = pd.Timestamp("2021-09-30T20:00Z")  # already October in Shanghai
    assert pb.assess(PLAN, EVENTS, as_of=night).as_of == dt.date(2021, 10, 1)
    day = np.datetime64("2021-09-30")
    assert pb.assess(PLAN, EVENTS, as_of=day).as_of == dt.date(2021, 9, 30)  # type: ignore[arg-type]
    with pytest.raises(pb.UsageError, match="as_of"):
        pb.assess(PLAN, EVENTS, as_of=pd.NaT)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", [None, "", 3])
def test_organisations_are_names(name: object) -> None:
    with pytest.raises(pb.UsageError, match="organisations"):
        pb.assess(PLAN, EVENTS, as_of="2021-09-30", by="organisation", organisations=[name, "x"])  # type: ignore[list-item]


def share_year(quantities: list[float], **target: object) -> pb.Assessment:
    """A year of one target in percent."""
    target = {"id": "t", "measure": "latest", "kind": "参保率", "unit": "%"} | target
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1", "target": [target]}]
    )
    rows = {"id": [*map(str, quantities)], "kind": "参保率", "date": "2021-03-01"}
    events = pd.DataFrame(rows | {"quantity": quantities})
    return pb.assess(plan, events, as_of="2021-12-31")


def test_a_percentage_written_as_95_is_named() -> None:
    year = share_year([95], at_least=0.95)
    assert year.problems["code"].tolist() == ["doubtful-percent"]
    assert "95%记为0.95" in pb.render_markdown(year)


@pytest.mark.parametrize(
    "target",
    [{"at_least": 95}, {"at_most": 5}, {"between": [0.9, 95]}, {"about": 0.9, "tolerance": 5},
     {"at_least": 0.95, "baseline": 80},
     {"at_least": 0.95, "revisions": [{"from": "2021-11-01", "at_least": 98, "reason": "x"}]}],
)  # fmt: skip
def test_a_goal_written_as_95_is_named(target: dict[str, object]) -> None:
    assert share_year([0.5], **target).problems["code"].tolist() == ["doubtful-percent"]


@pytest.mark.parametrize("measure", ["latest", "mean", "min", "max"])
def test_one_percentage_of_many_written_as_95_is_named(measure: str) -> None:
    year = share_year([0.9, 95, 0.91], measure=measure, at_least=0.9)
    assert year.problems[["code", "read"]].values.tolist() == [["doubtful-percent", "9500%"]]


def test_percentages_a_little_above_100_are_nothing_odd() -> None:
    assert share_year([1.2], at_least=1).problems.empty
    assert share_year([1.0, 2.5], measure="growth", of={"measure": "latest"}, baseline=1.0,
                      at_least=2).problems.empty  # fmt: skip
