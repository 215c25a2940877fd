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


def test_wrong_marks_are_refused() -> None:
    with pytest.raises(UsageError, match="no target 'tt'"):
        score(year([]), {"tt": Marks()})
    with pytest.raises(UsageError, match="method"):
        Marks(method="liner")
    with pytest.raises(UsageError, match="steps"):
        Marks(method="stepped")
    with pytest.raises(UsageError, match="grades"):
        score(year([]), grades=[(0.6, "b"), (0.9, "a")])
