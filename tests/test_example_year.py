"""The example year against the table worked by hand before the library could read it."""

from __future__ import annotations

import math
import re
import tomllib
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import partybuild as pb

ROOT = Path(__file__).parents[1]
DATA = ROOT / "examples" / "data"
ANSWERS = tomllib.loads((ROOT / "tests" / "answers" / "example_year.toml").read_text("utf-8"))
KNOWN, VILLAGES = ANSWERS.pop("known"), ANSWERS.pop("village")
DAYS = ("2021-06-30", "2021-09-30", "2021-12-31")
FIGURES = ("actual", "required", "shortfall")


@pytest.fixture(scope="module")
def plan() -> pb.Plan:
    return pb.read_plan(DATA / "plan.toml")


@pytest.fixture(scope="module")
def events() -> pd.DataFrame:
    return pb.read_events(DATA / "events.csv")


def differences(answer: dict[str, Any], row: Any) -> list[str]:
    """Name each figure of the answer that the row does not have."""
    found = [] if row.status == answer["status"] else [f"status {row.status}"]
    for name in FIGURES:
        if name in answer:
            value = getattr(row, name)
            if pd.isna(value) or not math.isclose(value, answer[name], abs_tol=1e-9):
                found.append(f"{name} {value}")
    return found


def test_the_table_speaks_of_every_target(plan: pb.Plan) -> None:
    assert list(ANSWERS) == [target.id for target in plan.targets]


@pytest.mark.parametrize("day", DAYS)
def test_verdicts_are_those_worked_by_hand(plan: pb.Plan, events: pd.DataFrame, day: str) -> None:
    rows = pb.assess(plan, events, as_of=day).targets.itertuples()
    wrong = {row.target: differences(ANSWERS[row.target][day], row) for row in rows}
    assert {name: found for name, found in wrong.items() if found} == {}


@pytest.mark.parametrize("answer", KNOWN, ids=lambda one: f"{one['target']} {one['status']}")
def test_what_was_known_then(plan: pb.Plan, events: pd.DataFrame, answer: dict[str, Any]) -> None:
    day, known_at = answer["as_of"], answer.get("known_at")
    targets = pb.assess(plan, events, as_of=day, known_at=known_at).targets
    row = next(row for row in targets.itertuples() if row.target == answer["target"])
    assert differences(answer, row) == []


def test_who_falls_short_at_the_end(plan: pb.Plan, events: pd.DataFrame) -> None:
    standings = pb.assess(plan, events, as_of="2021-12-31").standings
    missed = standings[standings["status"] == "missed"]

    def short(target: str) -> list[tuple[Any, str]]:
        rows = missed[missed["target"] == target].itertuples()
        return [(row.subject, str(row.window)) for row in rows]

    assert [subject for subject, _ in short("pairing")] == ["卓青"]
    assert {subject for subject, _ in short("training-hours")} == {"闻予安", "顾怀瑾"}
    villages = [subject for subject, _ in short("theme-day")]
    assert sorted(villages) == sorted(["槐荫村"] * 12 + ["柳坞村"])
    assert [window for _, window in short("study")] == ["2021-08"]


def test_the_revision_keeps_the_original_beside_it(plan: pb.Plan, events: pd.DataFrame) -> None:
    standings = pb.assess(plan, events, as_of="2021-12-31").standings
    row = standings[standings["target"] == "collective-income"].iloc[0]
    assert (row["required"], row["original"]) == (190, 200)


def test_strays_are_named(plan: pb.Plan, events: pd.DataFrame) -> None:
    assessment = pb.assess(plan, events, as_of="2021-12-31")
    assert set(assessment.events_unassigned["kind"]) == {"志愿服务"}
    found = {(row.code, row.target, row.read) for row in assessment.problems.itertuples()}
    assert ("unattested", "zero-cases", None) in found  # kept, but nobody ever said so
    assert ("unknown-member", "training-hours", "宋时雨") in found
    assert ("unassigned", None, "志愿服务") in found
    outside = [row for row in assessment.problems.itertuples() if row.code == "outside-plan"]
    assert len(outside) == 2  # last year's and next year's


def test_villages_are_those_worked_by_hand(events: pd.DataFrame) -> None:
    plan = pb.read_plan(DATA / "plan-villages.toml")
    targets = pb.assess(plan, events, as_of="2021-12-31", by="organisation").targets
    assert list(targets["organisation"].unique()) == [village["name"] for village in VILLAGES]
    for village in VILLAGES:
        own = targets[targets["organisation"] == village["name"]]
        assert own["actual"].tolist() == pytest.approx(village["actual"]), village["name"]
        missed = own.loc[own["status"] != "met", "target"]
        assert missed.tolist() == village["missed"], village["name"]


def test_the_readme_shows_the_same_table() -> None:
    page = (DATA / "README.md").read_text("utf-8").partition("What was known then")[0]
    rows = {
        cells[0].strip("` "): [cell.strip() for cell in cells[1:]]
        for cells in (line.strip("| ").split(" | ") for line in page.splitlines())
        if cells[0].strip("` ") in ANSWERS
    }
    wanted = {
        name: [answer["shows"], *(f"**{answer[d]['status']}**: {answer[d]['why']}" for d in DAYS)]
        for name, answer in ANSWERS.items()
    }
    assert rows == wanted


def test_every_promise_is_a_sentence_of_the_report(plan: pb.Plan) -> None:
    report = (DATA / "report-2020.md").read_text("utf-8")
    promises = report.split("## 三、下一步工作打算")[1]
    for commitment in plan.commitments:
        assert commitment.text in promises
        assert str(commitment.section) in promises
    sections = re.split(r"^（.）[^。]*。", promises, flags=re.MULTILINE)[1:]
    sentences = [s for text in sections for s in re.findall(r"[^。\n]+。", text.split("\n")[0])]
    assert sentences == [commitment.text for commitment in plan.commitments]


def test_the_year_covers_the_contract(plan: pb.Plan) -> None:
    targets = plan.targets
    assert {target.measure for target in targets} == {
        *("count", "total", "distinct", "days", "latest", "mean", "max", "min"),
        *("ratio", "growth", "milestone"),
    }
    assert {target.goal for target in targets} - {None} == {
        *("at_least", "more_than", "at_most", "less_than", "exactly", "about", "between")
    }
    cadences = {target.per if isinstance(target.per, str) else "rrule" for target in targets}
    assert cadences >= {"day", "week", "ten_days", "month", "quarter", "half_year", "year", "rrule"}
    assert any(target.per is None for target in targets)
    assert {target.partial for target in targets} == {"full", "prorate", "skip"}
    assert {target.baseline for target in targets} >= {None, "previous", 320, 5}
    assert any(revision.waived for target in targets for revision in target.revisions)
    for key in ("where", "each", "require", "makeup", "nil_return", "schedule", "entries"):
        assert any(getattr(target, key) for target in targets), key
    assert any(not commitment.targets for commitment in plan.commitments)
