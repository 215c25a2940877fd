"""What is due next."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from partybuild.assessment.assessment import Assessment, assess
from partybuild.coming import COLUMNS, agenda
from partybuild.errors import UsageError
from partybuild.plan import Plan


def half_year(
    *, as_of: str = "2021-06-30", dates: list[str] | None = None, **target: Any
) -> Assessment:
    plan = Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"cadres": ["甲", "乙"]},
        commitment=[{"id": "1", "target": [{"id": "t", "kind": "例会", "unit": "次", **target}]}],
    )
    days = dates or []
    events = pd.DataFrame({"id": [f"e{n}" for n in range(len(days))], "kind": "例会", "date": days})
    return assess(plan, events, as_of=as_of)


def test_columns_and_the_next_windows() -> None:
    year = half_year(measure="count", at_least=2, per="quarter", dates=["2021-04-01"])
    coming = agenda(year, until="2021-12-31")
    assert tuple(coming.columns) == COLUMNS
    assert coming["window"].tolist() == ["2021Q3", "2021Q4"]
    assert coming["needed"].tolist() == [2, 2]
    assert coming["days_left"].tolist() == [92, 184]


def test_an_open_window_asks_for_what_is_left() -> None:
    year = half_year(measure="count", at_least=5, dates=["2021-04-01", "2021-05-01"])
    assert agenda(year, until="2021-12-31")["needed"].tolist() == [3]
    assert agenda(year, until="2021-11-30").empty


def test_what_is_reached_is_not_asked_for_again() -> None:
    year = half_year(measure="count", at_least=1, dates=["2021-04-01"])
    assert agenda(year, until="2021-12-31").empty


def test_a_missed_window_with_makeup_is_due_at_the_end_of_the_year() -> None:
    year = half_year(measure="count", at_least=1, per="quarter", makeup=True, dates=["2021-01-05"])
    coming = agenda(year, until="2021-12-31").set_index("window")
    assert coming.loc["2021Q2", "due"] == pd.Timestamp("2021-12-31")
    assert coming.loc["2021Q2", "needed"] == 1


def test_upper_goals_ask_for_nothing_but_a_nil_return() -> None:
    quiet = half_year(measure="count", at_most=0, per="month")
    reported = half_year(measure="count", at_most=0, per="month", nil_return=True)
    assert agenda(quiet, until="2021-08-31").empty
    assert agenda(reported, until="2021-08-31")["window"].tolist() == ["2021-07", "2021-08"]


def test_each_member_has_a_row() -> None:
    year = half_year(measure="count", at_least=1, each="cadres")
    assert agenda(year, until="2021-12-31")["subject"].tolist() == ["甲", "乙"]


def test_once_enough_windows_are_met_the_others_are_not_asked_for() -> None:
    goal: dict[str, Any] = {"measure": "count", "at_least": 1, "per": "quarter", "require": 2}
    one = half_year(dates=["2021-02-01"], **goal)
    assert agenda(one, until="2021-12-31")["window"].tolist() == ["2021Q3", "2021Q4"]
    both = half_year(dates=["2021-02-01", "2021-05-01"], **goal)
    assert agenda(both, until="2021-12-31").empty


def test_until_lies_after_as_of() -> None:
    with pytest.raises(UsageError, match="until"):
        agenda(half_year(measure="count", at_least=1), until="2021-06-30")
