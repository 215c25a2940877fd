"""The two tables of measures and goals, against the contract's own words."""

from __future__ import annotations

import pytest

from partybuild.measures import GOALS, MEASURES, SIMPLE_MEASURES


def test_every_measure_of_the_contract_and_no_other() -> None:
    assert list(MEASURES) == [
        "count", "total", "distinct", "days", "latest", "mean", "max", "min",
        "ratio", "growth", "milestone",
    ]  # fmt: skip
    assert all(name == measure.name for name, measure in MEASURES.items())


def test_integer_and_additive_measures_and_levels() -> None:
    integer = {name for name, measure in MEASURES.items() if measure.is_integer}
    additive = {name for name, measure in MEASURES.items() if measure.is_additive}
    levels = {name for name, measure in MEASURES.items() if measure.is_level}
    assert integer == {"count", "distinct", "days"}
    assert additive == integer | {"total"}
    assert levels == MEASURES.keys() - additive


@pytest.mark.parametrize("name", ["count", "total", "distinct", "days", "milestone"])
def test_without_events_these_are_counted_and_none(name: str) -> None:
    assert MEASURES[name].empty == 0


@pytest.mark.parametrize("name", ["latest", "mean", "max", "min", "ratio", "growth"])
def test_without_events_these_are_unknown_and_not_zero(name: str) -> None:
    assert MEASURES[name].empty is None


def test_units_matter_where_quantities_are_read() -> None:
    read = {name for name, measure in MEASURES.items() if measure.has_quantity}
    assert read == {"total", "latest", "mean", "max", "min"}


def test_ratio_and_growth_are_made_of_simple_measures() -> None:
    assert MEASURES.keys() - set(SIMPLE_MEASURES) == {"ratio", "growth", "milestone"}


def test_every_goal_and_its_side() -> None:
    sides = {name: goal.side for name, goal in GOALS.items()}
    assert sides == {
        "at_least": "lower", "more_than": "lower", "at_most": "upper", "less_than": "upper",
        "exactly": "band", "about": "band", "between": "band",
    }  # fmt: skip
    assert {name for name, goal in GOALS.items() if goal.is_strict} == {"more_than", "less_than"}


def test_the_tables_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        MEASURES["count"].is_additive = False  # type: ignore[misc]
