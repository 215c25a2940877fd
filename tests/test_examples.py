"""Every example runs as a script, says what it is there to say, and its data stand on their own."""

from __future__ import annotations

import csv
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"
SCRIPTS = sorted(path.name for path in EXAMPLES.glob("[0-9]*.py"))
MADE = ("events.csv", "offices/party-office.csv", "offices/general-office.csv",
        "offices/rural-affairs.jsonl")  # fmt: skip

#: What each script must say; facts that only right answers give.
SAYS = {
    "01_last_years_promises.py": ["62天", "26.67%", "193.8万元", "卓青"],
    "02_mid_year_check.py": [
        "蹲点调研：目标60天，现为24天，差36天；今后平均每周需1.37天",  # 36 × 7 / 184 days
        "闻予安",
        "党建重点任务调度会：2021Q2，差1次，还可补齐",
        "主题党日（槐荫村）",
    ],
    "03_by_village.py": [
        "1. 槐荫村：综合完成率0%",
        "2. 澄东社区：综合完成率72%",  # (1 + (1 + 1 + 1/3) / 3 + 11.5/30) / 3
        "4. 鹿鸣村：综合完成率99%",  # (1 + 1 + 29.4/30) / 3
        "集体经营性收入：缺0.6万元",
    ],
    "04_explain_a_number.py": ["136.4万元", "198000元", "201万元：后来更正过", "已作废"],
    "05_what_we_knew_then.py": ["312.6", "131.7", "办结难题：当时39（未完成），现在43（完成）"],
    "06_faulty_file.py": ["共17行，收下9行", "第3行“日期”：“2021-02-31”没有这个日期", "列出8处"],
    "07_national_targets.py": ["2014年", "2021年", "依据不足"],
    "08_three_offices.py": ["general-office.csv：196行", "评估结果相同"],
    "09_a_year_in_the_ledger.py": [
        "2021-04-15：新增137行，不变0行",
        "办结难题：未完成 → 已完成",
        "台账共530条，防篡改校验：通过",
    ],
    "10_two_offices_merge.py": ["03月09日 鹿鸣村 村名写错", "1 conflicting", "校验： 通过"],
    "11_from_report_text.py": ["蹲点调研：at_least 60天", "化解矛盾纠纷：more_than 60件", "[plan]"],
    "12_next_year.py": [
        "办结难题：期末25—37件，达标把握4%",
        "办结难题：未完成，add，40 → 41",
        "不再列入",
    ],
    "13_workbook.py": [
        "登记244行，读进243行",
        "进展登记A247：日期“2021-06-31”读不了",
        "计划没有变",
    ],
}


def files_of(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and "__pycache__" not in path.parts
    }


def run(script: Path) -> str:
    """Run a script far from the project, any warning being an error; return what it printed."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"}
    done = subprocess.run(
        [sys.executable, "-W", "error", str(script)],
        cwd=script.parents[1],
        env=environment,
        capture_output=True,
        encoding="utf-8",
        check=False,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """A fresh copy of the examples, without what an earlier run left behind."""
    ignored = shutil.ignore_patterns("output", "__pycache__")
    return Path(shutil.copytree(EXAMPLES, tmp_path / "examples", ignore=ignored))


def test_every_script_is_expected_to_say_something() -> None:
    assert sorted(SAYS) == SCRIPTS


@pytest.mark.parametrize("name", SCRIPTS)
def test_example_runs(name: str, copy: Path) -> None:
    if "import openpyxl" in (copy / name).read_text("utf-8"):
        pytest.importorskip("openpyxl")
    before = files_of(copy)
    printed = run(copy / name)
    for words in SAYS[name]:
        assert words in printed
    assert not re.search(r"\b(nan|None|NaT|inf)\b", printed)
    after = files_of(copy)
    assert {path: after.get(path) for path in before} == before
    assert all(path.startswith("output") for path in set(after) - set(before))


@pytest.mark.parametrize("name", SCRIPTS)
def test_example_is_short(name: str) -> None:
    assert len((EXAMPLES / name).read_text("utf-8").splitlines()) <= 60


def test_the_committed_data_are_those_of_the_generator(copy: Path) -> None:
    for name in MADE:
        (copy / "data" / name).unlink()
    run(copy / "make_data.py")
    for name in MADE:
        made, committed = (folder / "data" / name for folder in (copy, EXAMPLES))
        assert made.read_bytes() == committed.read_bytes(), name


def test_the_ledger_is_its_office_files_put_together() -> None:
    data = EXAMPLES / "data"

    def first_column(name: str, encoding: str) -> list[str]:
        with (data / name).open(encoding=encoding, newline="") as file:
            return [row[0] for row in list(csv.reader(file))[1:]]

    lines = (data / "offices" / "rural-affairs.jsonl").read_text("utf-8").splitlines()
    ids = [json.loads(line)["id"] for line in lines]
    ids += first_column("offices/party-office.csv", "gb18030")
    ids += first_column("offices/general-office.csv", "utf-8")
    assert sorted(ids) == sorted(first_column("events.csv", "utf-8-sig"))
    assert 500 <= len(set(ids)) <= 600


@pytest.fixture(scope="module")
def national() -> list[dict[str, str]]:
    with (EXAMPLES / "data" / "national_targets.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_national_readings_follow_their_wording(national: list[dict[str, str]]) -> None:
    assert sorted({row["year"] for row in national}) == [str(year) for year in range(2014, 2022)]
    for row in national:
        place = f"{row['year']} {row['indicator']}"
        assert row["reading"], place
        assert bool(row["tolerance"]) == (row["goal"] == "about"), place
        assert (row["outcome"] == "") == ("未" in row["outcome_text"]), place
        scale = 100 if row["unit"] == "%" else 1
        said = [float(number) / scale for number in re.findall(r"[\d.]+", row["target_text"])]
        read = [float(number) for number in row["value"].split(";")]
        assert read == pytest.approx(said or [1]), place  # 全部 is 100%


def settles(row: dict[str, str]) -> bool:
    """Say whether the published form of an outcome decides its goal, whatever the exact figure."""
    form, goal = row["published_as"], row["goal"]
    if not row["outcome"] or row["comparable"] == "no" or form == "approx":
        return False
    if form == "eq" or goal in ("about", "between"):
        return form == "eq"
    outcome, value = float(row["outcome"]), float(row["value"])
    if form == "le":  # keeps to a cap, or stays below a floor
        return outcome <= value if goal == "at_most" else outcome < value
    return outcome > value or (outcome == value and (form == "gt" or goal == "at_least"))


def test_national_figures_are_used_only_where_they_decide(national: list[dict[str, str]]) -> None:
    for row in national:
        assert (row["settles"] == "yes") == settles(row), f"{row['year']} {row['indicator']}"


def test_national_verdicts_are_those_worked_by_hand(copy: Path) -> None:
    """Of 81 targets 56 outcomes settle theirs; one, M2 in 2016, says that it was missed."""
    printed = run(copy / "07_national_targets.py")
    lines = [line for line in printed.splitlines() if line.startswith("  ")]
    missed = [line for line in lines if "，未完成" in line]
    unknown = [line for line in lines if "依据不足" in line]
    assert len(lines) == 81
    assert len(missed) == 1
    assert "广义货币M2增长：目标13%左右，结果11.3%" in missed[0]
    assert len(unknown) == 25
