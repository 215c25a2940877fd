"""Events to one number a cell: each taker against plain Python, ties, names, likeness."""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partybuild as pb
from partybuild.grid import day_number, plan_grid
from partybuild.mappings import plan_from_mapping
from partybuild.reduce import reduction
from partybuild.reduce.cells import Rows, Stretch, covered_days, measure_cells, placed, tally
from partybuild.reduce.coding import Coded
from partybuild.reduce.condense import scheme_of
from partybuild.reduce.facts import Facts, encode, expand, names_of, split_names

UNITS = 3
STRETCH = Stretch(start=np.array([10, 20, 35]), end=np.array([19, 29, 40]), last_day=38)

ROW = st.tuples(
    st.integers(0, UNITS - 1),
    st.integers(0, 50),
    st.integers(0, 9),
    st.integers(-3, 3),
    st.integers(0, 2),
)


def rows_of(told: list[tuple[int, ...]]) -> Rows:
    unit, day, lasts, quantity, recorded = (
        np.array(one, dtype=np.int64) for one in (zip(*told, strict=True) if told else [()] * 5)
    )
    number = np.arange(len(told))
    return Rows(
        unit=unit,
        day=day,
        end_day=day + lasts,
        quantity=quantity.astype(np.float64),
        recorded=recorded,
        row=number,
        name_index=number,
        name_code=np.abs(quantity),
    )


def window_of(day: int) -> int | None:
    bounds = zip(STRETCH.start, STRETCH.end, strict=True)
    found = [i for i, (start, end) in enumerate(bounds) if start <= day <= end]
    return found[0] if found and day <= STRETCH.last_day else None


def taken(measure: str, rows: list[tuple[int, ...]]) -> float:
    quantities = [row[3] for row in rows]
    if measure == "count":
        return len(rows)
    if measure == "total":
        return sum(quantities)
    if measure == "distinct":
        return len({abs(value) for value in quantities})
    if not rows:
        return math.nan
    if measure == "latest":
        numbered = list(enumerate(rows))
        return max(numbered, key=lambda one: (one[1][1], one[1][4], one[0]))[1][3]
    if measure == "mean":
        return sum(quantities) / len(quantities)
    return {"max": max, "min": min}[measure](quantities)


@given(st.lists(ROW, max_size=40))
def test_every_taker_says_what_plain_python_says(told: list[tuple[int, ...]]) -> None:
    rows = rows_of(told)
    cells: dict[tuple[int, int], list[tuple[int, ...]]] = defaultdict(list)
    for row in told:
        window = window_of(row[1])
        if window is not None:
            cells[row[0], window].append(row)
    at = placed(rows, STRETCH.of(rows.day), (UNITS, 3))
    counted = tally(at)
    for unit in range(UNITS):
        for window in range(3):
            own = cells[unit, window]
            assert counted.events[unit, window] == len(own)
            if own:
                assert counted.last[unit, window] == max(row[1] for row in own)
            for measure in ("count", "total", "distinct", "latest", "mean", "max", "min"):
                got = measure_cells(measure, at)[unit, window]
                assert got == pytest.approx(taken(measure, own), nan_ok=True)


@given(st.lists(ROW, max_size=40))
def test_covered_days_are_counted_once(told: list[tuple[int, ...]]) -> None:
    got = covered_days(rows_of(told), STRETCH, UNITS)
    for unit in range(UNITS):
        days = {day for row in told if row[0] == unit for day in range(row[1], row[1] + row[2] + 1)}
        for window in range(3):
            inside = [day for day in days if window_of(day) == window]
            assert got[unit, window] == len(inside)


@given(st.lists(st.text(alphabet="甲乙 ;；、", max_size=5), max_size=8))
def test_names_are_split_as_one_text_at_a_time(texts: list[str]) -> None:
    frame = pd.DataFrame({"subject": pd.Series([*texts, None], dtype="str")})
    number = len(frame)
    facts = Facts(
        frame=frame, row=np.arange(number), day=np.zeros(number), organisation=None, slices={}
    )
    codes, names = names_of(facts, slice(None))
    pairs = expand(codes, names.sizes, names.flat)
    for row, text in enumerate([*texts, ""]):
        own = [str(names.names[one]) for one in pairs.value[pairs.index == row]]
        assert tuple(own) == split_names(text)


def test_categories_and_texts_are_one_to_the_reduction() -> None:
    texts = pd.Series(["乙", None, "甲"], dtype="str")
    for column in (texts, texts.astype("category")):
        facts = Facts(
            frame=pd.DataFrame({"unit": column}),
            row=np.array([2, 1, 0]),
            day=np.zeros(3),
            organisation=None,
            slices={},
        )
        coded: Coded = facts.coded("unit", slice(None))
        assert [coded.values[code] if code >= 0 else None for code in coded.codes] == [
            "甲",
            None,
            "乙",
        ]


def plan_of(*targets: dict[str, Any]) -> pb.Plan:
    return plan_from_mapping(
        {
            "plan": {"id": "p", "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)},
            "rosters": {"cadres": ["甲", {"id": "乙", "from": dt.date(2021, 4, 10)}]},
            "commitment": [{"id": "1", "target": list(targets)}],
        }
    )


def test_targets_that_differ_in_their_goal_are_reduced_once(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    jobs = []
    plain = reduction._outcome
    monkeypatch.setattr(reduction, "_outcome", lambda job: jobs.append(job) or plain(job))
    alike = {"measure": "total", "kind": "投入", "unit": "万元"}
    plan = plan_of(
        {**alike, "id": "a", "at_least": 1},
        {**alike, "id": "b", "at_most": 9},
        {**alike, "id": "c", "at_least": 1, "where": {"level": 1}},
        {**alike, "id": "d", "at_least": 1, "where": {"level": True}},
    )
    events = pd.DataFrame(
        {
            "id": ["x", "y"],
            "kind": "投入",
            "date": "2021-03-05",
            "unit": ["万元", "桶"],
            "level": [1, 1],
        }
    )
    found = pb.assess(plan, events, as_of="2021-12-31")
    assert [job.grid.target.id for job in jobs] == ["a", "c", "d"]
    assert found.targets["actual"].tolist() == [1.0, 1.0, 1.0, 0.0]
    unknown = found.problems[found.problems["code"] == "unknown-unit"]
    assert unknown["target"].tolist() == ["a", "b", "c"]


def test_cuts_are_where_something_begins_or_ends() -> None:
    plan = plan_of(
        {"id": "q", "measure": "count", "kind": "会议", "at_least": 1, "per": "half_year"},
        {"id": "e", "measure": "count", "kind": "走访", "at_least": 1, "each": "cadres"},
        {"id": "d", "measure": "days", "kind": "调研", "at_least": 1},
        {"id": "w", "measure": "count", "kind": "例会", "at_least": 1, "per": "day"},
    )
    as_of = day_number(dt.date(2021, 9, 30))
    scheme = scheme_of(plan_grid(plan), as_of=as_of, is_placed=False)
    days = {dt.date.fromordinal(cut + dt.date(1970, 1, 1).toordinal()) for cut in scheme.cuts}
    assert {
        dt.date(2021, 1, 1),
        dt.date(2021, 4, 10),
        dt.date(2021, 7, 1),
        dt.date(2021, 10, 1),
        dt.date(2022, 1, 1),
    } <= days
    assert scheme.daily == {"调研", "例会"}
    assert (scheme.lasting, scheme.named) == ({"调研"}, {"走访"})
    assert (scheme.measured, scheme.ordered, scheme.placed) == (set(), set(), set())


def test_only_the_kinds_of_the_plan_are_encoded() -> None:
    frame = pb.read_events(
        pd.DataFrame({"id": list("abc"), "kind": ["会议", "别的", "会议"], "date": "2021-03-05"})
    )
    facts = encode(frame, kinds=["走访", "会议"])
    assert facts.row.tolist() == [0, 2]
    assert facts.slices == {"走访": slice(0, 0), "会议": slice(0, 2)}


@pytest.mark.parametrize(
    ("unit", "parts", "actual"),
    [
        (None, [("入", 5000, "元"), ("全", 1, "万元")], 0.5),
        ("%", [("入", 5000, "元"), ("全", 1, "万元")], 0.5),
        ("元", [("入", 1, "万元"), ("全", 2, "亿元")], 0.00005),
        ("万元/人", [("入", 5000, "元"), ("入", 1, "万元"), ("全", 3, "人")], 0.5),
        ("万元", [("入", 5000, "元"), ("入", 1, "万元"), ("全", 3, "名")], 0.5),
        (None, [("入", 1, "万元"), ("全", 4, "人")], 0.25),
        ("%", [("入", 1, "万元"), ("入", 7, "次"), ("全", 4, "人")], 2.0),
    ],
)
def test_the_parts_of_a_ratio_are_divided_in_one_unit(
    unit: str | None, parts: list[tuple[str, float, str]], actual: float
) -> None:
    target: dict[str, Any] = {
        "id": "r",
        "measure": "ratio",
        "at_least": 0.2,
        "unit": unit,
        "numerator": {"measure": "total", "kind": "入"},
        "denominator": {"measure": "total", "kind": "全"},
    }
    plan = plan_of({key: value for key, value in target.items() if value is not None})
    events = pb.read_events(
        pd.DataFrame(parts, columns=["kind", "quantity", "unit"]).assign(
            id=range(len(parts)), date="2021-03-05"
        )
    )
    found = pb.assess(plan, events, as_of="2021-12-31")
    assert found.targets["actual"].tolist() == [pytest.approx(actual)]
    told = found.problems.loc[found.problems["code"].ne("unassigned"), ["code", "read"]]
    mixed = [["mixed-units", "万元、次"]] if ("入", 7, "次") in parts else []
    assert told.values.tolist() == mixed


@pytest.mark.parametrize(
    ("unit", "quantity", "sort", "actual"),
    [
        ("元", 1.2, "万元", 0.2),
        ("万元", 12_000, "元", -0.99988),
        ("%", 12_000, "元", 0.2),
        (None, 12_000, "元", 0.2),
    ],
)
def test_growth_is_measured_from_a_baseline_in_the_unit_of_the_target(
    unit: str | None, quantity: float, sort: str, actual: float
) -> None:
    target: dict[str, Any] = {
        "id": "g",
        "measure": "growth",
        "baseline": 10_000,
        "at_least": 0.1,
        "of": {"measure": "total", "kind": "投入"},
        **({"unit": unit} if unit else {}),
    }
    row = {"id": ["a"], "kind": "投入", "date": "2021-03-01", "quantity": quantity, "unit": sort}
    events = pb.read_events(pd.DataFrame(row))
    found = pb.assess(plan_of(target), events, as_of="2021-03-31")
    assert found.targets["actual"].tolist() == [pytest.approx(actual)]


def test_a_mean_per_event_is_told_in_the_unit_of_the_target() -> None:
    part = {"kind": "补助"}
    target = {
        "id": "m",
        "measure": "ratio",
        "unit": "元",
        "at_least": 100,
        "numerator": {"measure": "total", **part},
        "denominator": {"measure": "count", **part},
    }
    row = {"id": ["a"], "kind": "补助", "date": "2021-03-01", "quantity": 2, "unit": "万元"}
    found = pb.assess(plan_of(target), pb.read_events(pd.DataFrame(row)), as_of="2021-12-31")
    assert found.targets["actual"].tolist() == [20_000]


def test_what_comes_later_does_not_change_the_unit_of_figures() -> None:
    plan = plan_of({"id": "t", "measure": "total", "kind": "投入", "at_least": 10_000})
    rows = {"id": ["a", "b"], "kind": "投入", "date": ["2021-02-01", "2021-06-01"]}
    events = pb.read_events(pd.DataFrame({**rows, "quantity": [20_000, 3], "unit": ["元", "万元"]}))
    found = pb.assess(plan, events, as_of="2021-03-31")
    assert found.targets["actual"].tolist() == [20_000]
    assert "mixed-units" in found.problems["code"].tolist()
