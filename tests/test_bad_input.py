"""A hundred plans with their events, each with several faults: all of them named, in one go.

The faults are put in at known places, so that the test knows what must be named: the line of a
plan, the row and column of a table. Damage of other kinds (cut files, noise, wrong encodings) is
tried in `tests/sources/`.
"""

from __future__ import annotations

import csv
import random
from collections.abc import Callable
from pathlib import Path

import pytest

import partybuild as pb
from partybuild.errors import PartybuildError, Problem

PLAN = """\
[plan]
id = "2021"
title = "2021年抓党建工作承诺"
start = 2021-01-01
end = 2021-12-31
timezone = "Asia/Shanghai"
warn_days = 14
slack = 0.05

[rosters]
cadres = ["甲", "乙", { id = "丙", from = 2021-04-01 }]

[[commitment]]
id = "3.1"
owner = "党建办"
weight = 2

  [[commitment.target]]
  id = "field-days"
  measure = "days"
  kind = "调研"
  at_least = 60
  each = "cadres"
  share = 0.9

  [[commitment.target]]
  id = "meetings"
  measure = "count"
  kind = "推进会"
  at_least = 1
  per = "quarter"
  require = 3
  makeup = true

[[commitment]]
id = "3.2"

  [[commitment.target]]
  id = "rate"
  measure = "ratio"
  numerator = { measure = "total", kind = "办结" }
  denominator = { measure = "total", kind = "受理" }
  at_least = 0.95
  baseline = 0.8

  [[commitment.target]]
  id = "centre"
  measure = "milestone"
  kind = "建成"
  deadline = 2021-06-30
"""

# what stands there, and what is put in its place: never a whole table, so that lines stay
PLAN_FAULTS = [
    ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Shanghia"'),
    ("warn_days = 14", "warn_days = -1"),
    ("slack = 0.05", 'slack = "five"'),
    ('cadres = ["甲", "乙", {', 'cadres = ["甲", "甲", {'),
    ('owner = "党建办"', 'ower = "党建办"'),
    ("weight = 2", "weight = -2"),
    ('measure = "days"', 'measure = "day"'),
    ("at_least = 60", "at_leats = 60"),
    ('each = "cadres"', 'each = "cadre"'),
    ("share = 0.9", "share = 90"),
    ('per = "quarter"', 'per = "quater"'),
    ("require = 3", "require = 0"),
    ("makeup = true", 'makeup = "yes"'),
    ('numerator = { measure = "total", kind', 'numerator = { measure = "totals", kind'),
    ("baseline = 0.8", 'baseline = "previos"'),
    ("deadline = 2021-06-30", "deadline = 2022-06-30"),
]

COLUMNS = ["id", "kind", "date", "end", "quantity", "unit", "recorded_at", "void"]
ROWS = 12
EVENT_FAULTS = [
    ("date", "2021-02-31"),
    ("date", "三月五日前后"),
    ("date", ""),
    ("end", "2021-02-28x"),
    ("end", "2020-01-01"),
    ("quantity", "很多"),
    ("quantity", "1,2,3"),
    ("quantity", "inf"),
    ("recorded_at", "昨天"),
    ("void", "也许"),
    ("kind", ""),
    ("id", ""),
]


def plan_with_faults(rng: random.Random) -> tuple[str, set[int]]:
    """The text of a plan with faults, and the lines they stand in."""
    text, lines = PLAN, set()
    for old, new in rng.sample(PLAN_FAULTS, rng.randint(1, 6)):
        assert text.count(old) == 1
        lines.add(text[: text.index(old)].count("\n") + 1)
        text = text.replace(old, new)
    return text, lines


def table_with_faults(rng: random.Random) -> tuple[list[dict[str, str]], set[tuple[int, str]]]:
    """The rows of a table with faults, and the places (row of the file, column) of them."""
    rows = [
        {
            "id": f"e{at}",
            "kind": "推进会",
            "date": f"2021-0{1 + at % 9}-15",
            "end": f"2021-0{1 + at % 9}-16",
            "quantity": "1",
            "unit": "次",
            "recorded_at": f"2021-0{1 + at % 9}-20 09:30",
            "void": "",
        }
        for at in range(ROWS)
    ]
    places = set()
    for _ in range(rng.randint(1, 7)):
        at = rng.randrange(ROWS)
        column, text = rng.choice(EVENT_FAULTS)
        if text == "" and column == "date":
            rows[at]["end"] = ""
        if any((at + 2, one) in places for one in COLUMNS):
            continue  # one fault a row, so that one cannot hide another
        rows[at][column] = text
        places.add((at + 2, column))
    return rows, places


def faults_of(call: Callable[[], object]) -> tuple[Problem, ...]:
    with pytest.raises(PartybuildError) as caught:
        call()
    assert isinstance(caught.value, pb.PlanError | pb.EventError)
    for problem in caught.value.problems:
        assert problem.message in str(caught.value)
    return caught.value.problems


@pytest.mark.parametrize("seed", range(100))
def test_a_hundred_plans_and_tables_with_faults(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    text, lines = plan_with_faults(rng)
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    found = faults_of(lambda: pb.read_plan(tmp_path / "plan.toml"))
    assert lines <= {problem.line for problem in found}, text
    assert all(problem.file and problem.line and problem.path for problem in found)

    rows, places = table_with_faults(rng)
    with (tmp_path / "events.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    found = faults_of(lambda: pb.read_events(tmp_path / "events.csv"))
    assert {(problem.row, problem.column) for problem in found} == places
    draft = pb.read_events_draft(tmp_path / "events.csv")
    assert len(draft.events) == ROWS - len(places)  # the good rows, all of them


def test_the_sound_pair_is_sound(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    plan = pb.read_plan(tmp_path / "plan.toml")
    rows, _ = table_with_faults(random.Random(0))
    assert len(plan.targets) == 4
    assert len(rows) == ROWS


@pytest.mark.parametrize(("old", "new"), PLAN_FAULTS, ids=[new for _, new in PLAN_FAULTS])
def test_each_fault_of_a_plan_alone_is_one_problem(old: str, new: str, tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN.replace(old, new), "utf-8")
    (problem,) = faults_of(lambda: pb.read_plan(tmp_path / "plan.toml"))
    assert problem.line == PLAN[: PLAN.index(old)].count("\n") + 1
    assert problem.expected or problem.hint
