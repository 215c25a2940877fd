"""What is kept event by event is what a full evaluation says."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from reference.generator import random_case

import partybuild as pb
from partybuild.errors import EventError, PlanError, UsageError
from partybuild.mappings import plan_from_mapping

FRAMES = ("standings", "targets", "commitments", "summary", "problems")


def agree(got: pb.Assessment, want: pb.Assessment) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(got, name), getattr(want, name), rtol=1e-12)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10_000), data=st.data())
def test_any_sequence_gives_what_a_full_evaluation_gives(seed: int, data: st.DataObject) -> None:
    plan, rows, as_of, known_at, by, organisations = random_case(seed)
    try:
        built = plan_from_mapping(plan)
    except PlanError:
        return
    rows = data.draw(st.permutations(rows)) if len(rows) > 1 else rows
    first = data.draw(st.integers(0, len(rows)))
    asked: Any = {"as_of": as_of, "known_at": known_at, "by": by, "organisations": organisations}
    assessor = pb.Assessor(built, pd.DataFrame(rows[:first]) if first else None, **asked)
    for row in rows[first:]:
        assessor.record(row)
    if rows:
        agree(assessor.assessment(), pb.assess(built, pd.DataFrame(rows), **asked))


PLAN = plan_from_mapping(
    {
        "plan": {"id": "p", "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)},
        "commitment": [
            {
                "id": "1",
                "target": [
                    {"id": "n", "measure": "count", "kind": "督查", "at_least": 2},
                    {
                        "id": "d",
                        "measure": "count",
                        "kind": "调研",
                        "at_least": 1,
                        "per": "quarter",
                    },
                ],
            }
        ],
    }
)
ROW = {"id": "a", "kind": "督查", "date": dt.date(2021, 3, 5)}


def actuals(assessor: pb.Assessor) -> list[float]:
    return assessor.assessment().targets["actual"].tolist()


def test_records_amendments_and_withdrawals() -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    assert actuals(assessor) == [0.0, 0.0]
    assessor.record(ROW)
    assert actuals(assessor) == [1.0, 0.0]
    assessor.record({**ROW, "kind": "调研", "recorded_at": dt.date(2021, 3, 9)})
    assert actuals(assessor) == [0.0, 1.0]
    assessor.record({**ROW, "void": True, "recorded_at": dt.date(2021, 3, 7)})
    assert actuals(assessor) == [0.0, 1.0]  # recorded before the amendment
    assessor.record({**ROW, "void": True, "recorded_at": dt.date(2021, 3, 10)})
    assert actuals(assessor) == [0.0, 0.0]
    assert len(assessor) == 4


def test_an_assessment_stays_as_it_was() -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    before = assessor.assessment()
    assessor.record(ROW)
    assert before.targets["actual"].tolist() == [0.0, 0.0]
    assert len(before.events) == 0
    assert len(assessor.assessment().events) == 1


def test_rows_as_people_write_them_and_faults() -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    assessor.record({"编号": 1, "事项": "督查", "日期": "2021年3月5日"})
    assessor.record([{**ROW, "id": "b"}, {**ROW, "id": "c", "date": "2021-4-1"}])
    assert actuals(assessor) == [3.0, 0.0]
    with pytest.raises(EventError):
        assessor.record([{**ROW, "id": "d"}, {**ROW, "id": "e", "date": "2021-02-31"}])
    assert actuals(assessor) == [3.0, 0.0]


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "#REF!"},
        {"kind": "督\ud800"},
        {"date": dt.date(999, 3, 5)},
        {"recorded_at": dt.date(1, 1, 1)},
        {"recorded_at": pd.NaT},
        {"quantity": 10**400},
        {"quantity": float("inf")},
    ],
)
def test_a_row_is_taken_or_refused_as_reading_does(changes: dict[str, Any]) -> None:
    row = {**ROW, **changes}
    read = pb.read_events_draft(pd.DataFrame([row], dtype=object))
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    if read.ok:
        assessor.record(row)
        agree(assessor.assessment(), pb.assess(PLAN, read.events, as_of="2021-12-31"))
        return
    with pytest.raises(EventError) as found:
        assessor.record(row)
    assert [one.code for one in found.value.problems] == [one.code for one in read.problems]
    assert len(assessor) == 0


@pytest.mark.parametrize(
    "changes",
    [{"kind": "督\u200b查"}, {"id": "a\ufeff"}, {"unit": "％"}, {"subject": "甲\r\n乙"}],
)
def test_what_no_one_sees_is_read_off_a_row(changes: dict[str, Any]) -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    assessor.record({**ROW, **changes})
    want = pb.assess(PLAN, pd.DataFrame([{**ROW, **changes}]), as_of="2021-12-31")
    agree(assessor.assessment(), want)
    pd.testing.assert_frame_equal(assessor.frame(), want.events)


def test_rows_that_come_once_are_taken() -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    assessor.record({**ROW, "id": name} for name in "ab")
    assert actuals(assessor) == [2.0, 0.0]


@pytest.mark.parametrize("events", [None, 3, "督查", [None], [ROW, "督查"]])
def test_what_is_no_row_is_refused(events: Any) -> None:
    assessor = pb.Assessor(PLAN, as_of="2021-12-31")
    with pytest.raises(UsageError, match="expected a mapping of event columns"):
        assessor.record(events)
    assert len(assessor) == 0
