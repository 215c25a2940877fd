"""Targets: parts, schedules, and every bad combination of parameters."""

from __future__ import annotations

import datetime as dt
import pickle
from decimal import Decimal
from typing import Any

import attrs
import numpy as np
import pandas as pd
import pytest

from partybuild.errors import PlanError
from partybuild.goals import Bounds, Revision
from partybuild.measures import MEASURES
from partybuild.origin import Origin
from partybuild.periods import CADENCES, Cadence, Period
from partybuild.target import Part, SchedulePoint, Target

YEAR = Period(dt.date(2021, 1, 1), dt.date(2021, 12, 31))
PART = {"measure": "total", "kind": "参保"}
RATIO = {"measure": "ratio", "numerator": PART, "denominator": PART}
GROWTH = {"measure": "growth", "of": PART, "baseline": "previous"}
LEVELS = [name for name, measure in MEASURES.items() if measure.is_level and name != "milestone"]
ADDITIVE = [name for name, measure in MEASURES.items() if measure.is_additive]


def target(**given: Any) -> Target:
    return Target(**{"id": "t", "measure": "count", "kind": "会", **given})


def faults(**given: Any) -> dict[str | None, str]:
    with pytest.raises(PlanError) as caught:
        target(**given)
    return {problem.path: problem.message for problem in caught.value.problems}


def shaped(measure: str) -> dict[str, Any]:
    """The parameters that a measure cannot do without."""
    return {"ratio": RATIO, "growth": GROWTH}.get(measure, {"measure": measure})


# --- what a target says


def test_a_target_says_what_it_is() -> None:
    one = target(
        name="推进会", at_least=1, unit="次", per="quarter", each="villages", where={"级别": "镇"}
    )
    assert one.label == "推进会"
    assert target().label == "t"
    assert one.cadence == Cadence("quarter")
    assert one.bounds == Bounds(side="lower", low=1.0)
    assert one.is_quantified
    assert one.kinds == ("会",)
    assert repr(one) == "Target('t', count of 会 at_least 1 次 per quarter each villages)"


def test_defaults_are_the_contract_s() -> None:
    one = target()
    assert (one.partial, one.share, one.weight, one.makeup, one.nil_return) == (
        "full", 1.0, 1.0, False, False,
    )  # fmt: skip
    assert (one.per, one.require, one.each, one.baseline, one.entries) == (None,) * 5
    assert not one.is_quantified


def test_a_rule_is_a_cadence() -> None:
    one = target(per={"rrule": "FREQ=MONTHLY;INTERVAL=2"})
    assert one.cadence == Cadence(None, "FREQ=MONTHLY;INTERVAL=2")
    assert "per FREQ=MONTHLY;INTERVAL=2" in repr(one)


def test_every_repr_is_one_line() -> None:
    odd = target(kind="行\n行", unit="次\t\n", name="a\nb")
    parts = [Part.of(PART), SchedulePoint(by="2021-06-30", share=0.5)]
    for thing in (odd, *parts):
        assert "\n" not in repr(thing)
    assert [repr(part) for part in parts] == [
        "Part(total of 参保)",
        "SchedulePoint(0.5 by 2021-06-30)",
    ]


def test_kinds_are_a_name_or_a_list_and_parts_fall_back_on_them() -> None:
    assert target(kind=["调研", "走访"]).kinds == ("调研", "走访")
    own = {"measure": "count", "kind": "新党员", "where": {"年龄": [34, 35]}}
    one = target(**{**RATIO, "kind": "党员", "numerator": own, "denominator": "count"})
    assert one.kinds == ("新党员", "党员")
    assert one.numerator is not None
    assert one.numerator.where == {"年龄": (34, 35)}
    assert one.denominator == Part(measure="count")
    assert one.part_kinds(one.denominator) == ("党员",)


def test_the_span_is_the_plan_narrowed() -> None:
    spans = {
        str(target(**given).span(YEAR))
        for given in (
            {"start": "2021-02-01", "end": "2021-11-30"},
            {"start": dt.date(2021, 2, 1), "end": "2021-12-31", "deadline": "2021-11-30"},
            {"start": dt.datetime(2021, 2, 1), "end": "2021-11-30", "deadline": "2021-12-01"},
        )
    }
    assert spans == {"2021-02-01/2021-11-30"}
    assert target().span(YEAR) == YEAR
    assert target(start="2022-01-01").span(YEAR) is None


def test_a_milestone_is_judged_without_a_goal() -> None:
    one = target(measure="milestone", deadline="2021-09-30")
    assert one.is_quantified
    assert one.bounds == Bounds(side="lower", low=1.0)
    assert target(measure="milestone", at_least=1).bounds == one.bounds


def test_a_revision_speaks_in_numbers_too() -> None:
    one = target(measure="mean", about=5, tolerance=1)
    assert one.revised_bounds(Revision.of({"from": "2021-07-01", "about": 4})) == Bounds(
        side="band", low=3, high=5, tolerance=1
    )
    assert one.revised_bounds(Revision.of({"from": "2021-07-01", "waived": True})) is None
    assert one.revised_bounds(Revision.of({"from": "2021-07-01", "about": "X"})) is None


def test_targets_are_equal_by_what_they_say_and_not_by_where() -> None:
    assert target(origin=Origin(file="a.toml", line=3)) == target()
    assert hash(target(kind=["会"])) == hash(target(kind="会"))
    assert target(at_least=1) == target(at_least=1.0)
    assert pickle.loads(pickle.dumps(target(**RATIO))) == target(**RATIO)


def test_what_was_passed_in_can_change_later_without_harm() -> None:
    where, per = {"级别": ["镇"]}, {"rrule": "FREQ=MONTHLY"}
    one = target(where=where, per=per)
    where["级别"].append("县")
    per["rrule"] = "FREQ=DAILY"
    assert one.where == {"级别": ("镇",)}
    assert one.cadence.rule == "FREQ=MONTHLY"


# --- wrong values, each by name


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"id": ""}, "id"),
        ({"id": "  "}, "id"),
        ({"id": None}, "id"),
        ({"id": 7}, "id"),
        ({"name": 7}, "name"),
        ({"unit": 7}, "unit"),
        ({"each": ["villages"]}, "each"),
        ({"measure": "cuont"}, "measure"),
        ({"measure": None}, "measure"),
        ({"measure": ["count"]}, "measure"),
        ({"kind": ""}, "kind"),
        ({"kind": []}, "kind"),
        ({"kind": ["会", 3]}, "kind"),
        ({"kind": 3}, "kind"),
        ({"kind": None}, "kind"),
        ({"where": "镇"}, "where"),
        ({"where": {"级别": {}}}, "where.级别"),
        ({"where": {"级别": []}}, "where.级别"),
        ({"where": {"a.b": float("nan")}}, 'where."a.b"'),
        ({"where": {3: "x"}}, "where"),
        ({"at_least": "60"}, "at_least"),
        ({"start": "2021-02-31"}, "start"),
        ({"end": 20210101}, "end"),
        ({"deadline": dt.datetime(2021, 9, 30, 12)}, "deadline"),
        ({"nil_return": "yes"}, "nil_return"),
        ({"makeup": 1, "at_least": 1}, "makeup"),
        ({"require": 0, "per": "month"}, "require"),
        ({"require": 1.0, "per": "month"}, "require"),
        ({"require": True, "per": "month"}, "require"),
        ({"weight": -1}, "weight"),
        ({"weight": "2"}, "weight"),
        ({"weight": float("inf")}, "weight"),
        ({"partial": "half"}, "partial"),
        ({"per": "monthly"}, "per"),
        ({"per": 3}, "per"),
        ({"per": {}}, "per"),
        ({"per": {"rrule": "FREQ=DAILY", "wkst": "MO"}}, "per"),
        ({"per": {"rrule": 3}}, "per"),
        ({"per": {"rrule": "FREQ=HOURLY"}}, "per.rrule"),
        ({"per": {"rrule": "FREQ=DAILY;INTERVAL=0"}}, "per.rrule"),
        ({"per": {"rrule": "FREQ=DAILY;INTERVAL=-2"}}, "per.rrule"),
        ({"per": {"rrule": "FREQ=DAILY;COUNT=2;UNTIL=20210601"}}, "per.rrule"),
        ({"share": 0, "each": "v"}, "share"),
        ({"share": 1.1, "each": "v"}, "share"),
        ({"share": "90%", "each": "v"}, "share"),
        ({"revisions": {"from": "2021-07-01"}}, "revisions"),
        ({"revisions": ["2021-07-01"]}, "revisions[0]"),
        ({"revisions": [{"from": "2021-07-01"}]}, "revisions[0]"),
        ({"revisions": [{"from": "2021-13-01", "at_least": 1}]}, "revisions[0].from"),
        ({"schedule": [{"by": "2021-06-30", "share": 2}]}, "schedule[0].share"),
        ({"schedule": [{"by": "2021-06-30"}]}, "schedule[0].share"),
        ({"schedule": [{"share": 0.5}]}, "schedule[0].by"),
        ({"schedule": [{"by": "2021-06-30", "share": 0.5, "to": 3}]}, "schedule[0].to"),
        ({"schedule": "half"}, "schedule"),
    ],
)
def test_a_wrong_value_is_named(given: dict[str, Any], path: str) -> None:
    assert list(faults(**given)) == [path]


def test_the_nearest_word_is_suggested() -> None:
    with pytest.raises(PlanError, match="did you mean 'count'"):
        target(measure="cuont")
    with pytest.raises(PlanError, match="did you mean 'month'"):
        target(per="monthly")


@pytest.mark.parametrize(
    ("key", "part", "path"),
    [
        ("numerator", {"measure": "ratio", "kind": "x"}, "numerator.measure"),
        ("numerator", {"measure": "milestone", "kind": "x"}, "numerator.measure"),
        ("denominator", {"measure": "count", "kind": []}, "denominator.kind"),
        ("denominator", {"kind": "x"}, "denominator.measure"),
        ("numerator", {"measure": "count", "where": "镇"}, "numerator.where"),
        ("numerator", {"measure": "count", "were": {}}, "numerator.were"),
        ("numerator", {"measure": "count", "entries": "running"}, "numerator.entries"),
        ("numerator", 3, "numerator"),
        ("numerator", None, "numerator"),
    ],
)
def test_the_parts_of_a_ratio(key: str, part: Any, path: str) -> None:
    assert path in faults(**{**RATIO, key: part})


def test_a_part_without_any_kind() -> None:
    found = faults(**{**RATIO, "kind": None, "numerator": "count"})
    assert found == {"numerator.kind": "kind is missing"}


def test_all_faults_in_one_go() -> None:
    found = faults(
        id="", measure="mean", kind=3, at_least=1, at_most="x", makeup=True, share=0.5,
        per="monthly", weight=-1, revisions=[{"from": "x", "at_least": 1}],
        schedule=[{"by": "2021-06-30", "share": 9}],
    )  # fmt: skip
    assert set(found) == {
        "id", "kind", "at_most", "makeup", "share", "per", "weight", "revisions[0].from",
        "schedule[0].share", "schedule",
    }  # fmt: skip


# --- bad combinations


@pytest.mark.parametrize("measure", [*LEVELS, "milestone"])
def test_makeup_on_a_level(measure: str) -> None:
    found = faults(**shaped(measure), at_least=1, makeup=True)
    assert list(found) == ["makeup"]
    assert found["makeup"].startswith("makeup does not go with")


@pytest.mark.parametrize("measure", ADDITIVE)
def test_makeup_on_an_additive_measure(measure: str) -> None:
    assert target(measure=measure, at_least=1, makeup=True, per="month").makeup


@pytest.mark.parametrize(
    "goal", [{"at_most": 3}, {"more_than": 3}, {"exactly": 3}, {"between": [1, 2]}]
)
def test_makeup_goes_with_at_least_only(goal: dict[str, Any]) -> None:
    assert faults(makeup=True, **goal) == {"makeup": "makeup goes with at_least only"}
    found = faults(makeup=True, at_least=1, revisions=[{"from": "2021-07-01", **goal}])
    assert found == {"revisions[0].makeup": "makeup goes with at_least only"}


@pytest.mark.parametrize("measure", [*ADDITIVE, "milestone"])
def test_a_baseline_goes_with_levels(measure: str) -> None:
    found = faults(measure=measure, baseline=3)
    assert found == {"baseline": f"baseline does not go with {measure}"}


@pytest.mark.parametrize("measure", [name for name in LEVELS if name != "growth"])
def test_a_baseline_is_a_number_except_for_growth(measure: str) -> None:
    assert target(**shaped(measure), at_least=1) is not None
    assert target(**{**shaped(measure), "baseline": 3.5}).baseline == 3.5
    found = faults(**{**shaped(measure), "baseline": "previous"})
    assert found == {"baseline": "baseline is not a number"}


@pytest.mark.parametrize("baseline", [None, "last year", True, float("inf")])
def test_growth_needs_a_baseline(baseline: Any) -> None:
    assert list(faults(**{**GROWTH, "baseline": baseline})) == ["baseline"]


@pytest.mark.parametrize("baseline", ["previous", 320, 0, -3.5])
def test_the_baselines_of_growth(baseline: Any) -> None:
    assert target(**{**GROWTH, "baseline": baseline}).baseline == baseline


@pytest.mark.parametrize("measure", [name for name in MEASURES if name not in ("ratio", "growth")])
@pytest.mark.parametrize("key", ["numerator", "denominator", "of"])
def test_parts_go_with_ratio_and_growth_only(measure: str, key: str) -> None:
    found = faults(measure=measure, **{key: PART})
    assert found == {key: f"{key} does not go with the measure {measure}"}


def test_ratio_and_growth_need_their_parts() -> None:
    assert faults(measure="ratio") == {
        "numerator": "ratio needs numerator",
        "denominator": "ratio needs denominator",
    }
    assert list(faults(measure="growth")) == ["of", "baseline"]
    assert list(faults(**RATIO, of=PART)) == ["of"]
    assert list(faults(**GROWTH, numerator=PART)) == ["numerator"]


@pytest.mark.parametrize("measure", [name for name in MEASURES if name != "total"])
def test_running_entries_go_with_total_only(measure: str) -> None:
    assert list(faults(**shaped(measure), entries="running")) == ["entries"]


def test_running_entries() -> None:
    assert target(measure="total", entries="running").entries == "running"
    assert faults(measure="total", entries="runing") == {"entries": "entries is not known"}


def test_share_needs_each() -> None:
    assert faults(share=0.9) == {"share": "share needs each"}
    assert target(share=0.9, each="villages").share == 0.9
    assert target(share=1).share == 1


def test_require_needs_windows() -> None:
    assert faults(require=2) == {"require": "more windows required than there are"}
    assert target(require=1).require == 1
    assert target(require=4, per="quarter").require == 4


@pytest.mark.parametrize("per", CADENCES)
def test_a_schedule_bends_a_single_window(per: str) -> None:
    points = [{"by": "2021-06-30", "share": 0.5}]
    assert faults(schedule=points, per=per) == {"schedule": "schedule goes with a single window"}
    assert target(schedule=points).schedule == (SchedulePoint(by="2021-06-30", share=0.5),)


@pytest.mark.parametrize(
    ("second", "is_wrong"),
    [
        ({"by": "2021-06-30", "share": 0.6}, True),
        ({"by": "2021-05-30", "share": 0.6}, True),
        ({"by": "2021-09-30", "share": 0.4}, True),
        ({"by": "2021-09-30", "share": 0.5}, False),
    ],
)
def test_the_points_of_a_schedule_rise(second: dict[str, Any], is_wrong: bool) -> None:
    points = [{"by": "2021-06-30", "share": 0.5}, second]
    if is_wrong:
        assert faults(schedule=points) == {"schedule[1]": "the points do not rise"}
    else:
        assert len(target(schedule=points).schedule) == 2


def test_about_needs_a_tolerance_of_its_own_or_the_target_s() -> None:
    assert faults(about=5) == {"tolerance": "about needs a tolerance"}
    assert target(about=5, tolerance=0).tolerance == 0
    assert target(about="X").value == "X"
    revisions = [{"from": "2021-07-01", "about": 4}]
    found = faults(at_least=1, revisions=revisions)
    assert found == {"revisions[0].tolerance": "about needs a tolerance"}
    assert target(at_least=1, tolerance=1, revisions=revisions).tolerance == 1


def test_a_tolerance_goes_with_about() -> None:
    assert faults(at_least=5, tolerance=1) == {"tolerance": "tolerance goes with about"}
    revisions = [{"from": "2021-07-01", "at_least": 4, "tolerance": 1}]
    found = faults(about=5, tolerance=1, revisions=revisions)
    assert found == {"revisions[0].tolerance": "tolerance goes with about"}


@pytest.mark.parametrize(
    ("given", "path"),
    [
        ({"at_least": 2}, "at_least"),
        ({"at_most": 0}, "at_most"),
        ({"at_least": "X"}, "at_least"),
        ({"per": "month"}, "per"),
        ({"require": 1}, "require"),
        ({"require": 2}, "require"),
        ({"nil_return": True}, "nil_return"),
        ({"schedule": [{"by": "2021-06-30", "share": 0.5}]}, "schedule"),
        ({"revisions": [{"from": "2021-07-01", "at_most": 1}]}, "revisions[0].at_most"),
        ({"makeup": True}, "makeup"),
        ({"entries": "running"}, "entries"),
    ],
)
def test_a_milestone_is_done_or_not(given: dict[str, Any], path: str) -> None:
    assert list(faults(measure="milestone", **given)) == [path]


def test_a_milestone_can_be_waived() -> None:
    one = target(measure="milestone", revisions=[{"from": "2021-07-01", "waived": True}])
    assert one.revisions[0].waived


@pytest.mark.parametrize(
    ("given", "want"),
    [
        ({"at_least": np.int64(3)}, {"at_least": 3}),
        ({"at_least": np.float32(3.5)}, {"at_least": 3.5}),
        ({"at_least": Decimal("0.95")}, {"at_least": 0.95}),
        ({"between": np.array([1, 2])}, {"between": [1, 2]}),
        ({"between": pd.Series([1, 2])}, {"between": [1, 2]}),
        ({"between": (np.int64(1), 2)}, {"between": [1, 2]}),
        (
            {"about": np.int64(9), "tolerance": np.int8(1), "weight": np.float64(2)},
            {"about": 9, "tolerance": 1, "weight": 2.0},
        ),
        (
            {"at_least": 1, "per": "month", "require": np.int64(3), "nil_return": np.bool_(True)},
            {"at_least": 1, "per": "month", "require": 3, "nil_return": True},
        ),
        (
            {"at_least": 1, "start": np.datetime64("2021-02-01"), "end": pd.Timestamp(2021, 3, 1)},
            {"at_least": 1, "start": "2021-02-01", "end": "2021-03-01"},
        ),
        (
            {"at_least": 1, "kind": pd.Series(["a", "b"]), "where": {"x": np.int64(3)}},
            {"at_least": 1, "kind": ["a", "b"], "where": {"x": 3}},
        ),
    ],
)
def test_numbers_and_dates_of_numpy_and_pandas_are_python_s(
    given: dict[str, Any], want: dict[str, Any]
) -> None:
    one, other = target(**given), target(**want)
    assert one == other
    assert repr(attrs.asdict(one)) == repr(attrs.asdict(other))


@pytest.mark.parametrize("value", [pd.NA, pd.NaT, float("nan"), Decimal("NaN"), np.float64("inf")])
def test_a_goal_that_is_no_number_is_named(value: Any) -> None:
    assert list(faults(at_least=value)) == ["at_least"]


def test_an_unknown_keyword_is_python_s_own_error() -> None:
    with pytest.raises(TypeError, match="at_leest"):
        target(at_leest=3)
