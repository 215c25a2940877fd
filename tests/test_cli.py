"""The command line, run as people run it: a process with arguments, output and exit code."""

from __future__ import annotations

import csv
import doctest
import io
import json
import os
import pty
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import attrs
import pandas as pd
import pytest

import partybuild as pb
from partybuild.ledger import open_ledger

pytest.importorskip("typer")
pytest.importorskip("rich")
pytest.importorskip("openpyxl")

from partybuild.cli import main
from partybuild.cli.codes import BAD_INPUT, GOOD, SHORT, UNKNOWN
from partybuild.cli.problems_zh import chinese_problem
from partybuild.errors import Problem
from partybuild.sources.events import read_events_draft

PLAN = """
[plan]
id = "2021"
title = "2021年计划"
start = 2021-01-01
end = 2021-12-31

[rosters]
organisations = ["甲村", "乙村"]

[[commitment]]
id = "1"
section = "（一）抓督查"

  [[commitment.target]]
  id = "visits"
  name = "督查"
  measure = "count"
  kind = "督查"
  at_least = 2
  unit = "次"
"""
EXAMPLES = Path(__file__).parent.parent / "examples" / "data"
#: Words of plan files that stay as they are.
KEYS = {"per", "require", "where", "true"}
TWICE = "id,kind,date,organisation\na,督查,2021-03-05,甲村\nb,督查,2021-04-05,甲村\n"
ONCE = "id,kind,date,organisation\na,督查,2021-03-05,甲村\n"


@attrs.frozen
class Done:
    """What a run of the command line left."""

    code: int
    out: str
    err: str


def run(*arguments: object, cwd: Path | None = None) -> Done:
    """Run it as a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "partybuild", *map(str, arguments)],
        capture_output=True,
        check=False,
        cwd=cwd,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONWARNINGS": "error"},
    )
    return Done(done.returncode, done.stdout.decode(), done.stderr.decode())


@pytest.fixture(autouse=True)
def english_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.fixture
def here(capfd: pytest.CaptureFixture[str]):
    """Run it in this process, which takes a tenth of the time."""

    def go(*arguments: object) -> Done:
        code = main([str(one) for one in arguments])
        return Done(code, *capfd.readouterr())

    return go


@pytest.fixture
def plan(tmp_path: Path) -> Path:
    path = tmp_path / "plan.toml"
    path.write_text(PLAN, encoding="utf-8")
    return path


@pytest.fixture
def events(tmp_path: Path) -> Path:
    path = tmp_path / "events.csv"
    path.write_text(TWICE, encoding="utf-8")
    return path


def test_a_process_prints_a_table_and_ends_with_the_verdict(plan: Path, events: Path) -> None:
    done = run("assess", plan, events, "--as-of", "2021-12-31")
    assert done.code == GOOD
    assert done.err == ""
    assert re.search(r"督查 +≥2次 +2次 +100% +● 已完成 +— +12月31日\n", done.out)


def test_a_process_with_bad_input_tells_every_fault_and_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "plan.toml").write_text(PLAN.replace("at_least = 2", "at_leats = 2"), "utf-8")
    (tmp_path / "bad.csv").write_text("id,kind,date\na,督查,2021-02-31\nb,,2021-03-01\n", "utf-8")
    done = run("assess", "plan.toml", "bad.csv", "none.csv", "--as-of", "2021-12-31", cwd=tmp_path)
    assert done.code == BAD_INPUT
    assert done.out == ""
    assert "Traceback" not in done.err
    assert "at_least" in done.err
    assert "bad.csv, row 2, column date: no such day" in done.err
    assert "bad.csv, row 3, column kind" in done.err
    assert "none.csv" in done.err


@pytest.mark.parametrize(
    ("content", "as_of", "code"),
    [
        (TWICE, "2021-12-31", GOOD),
        (ONCE, "2021-12-31", SHORT),
        (ONCE, "2021-03-31", GOOD),  # on track
        ("id,kind,date\n", "2021-12-01", SHORT),  # behind is not on course
    ],
)
def test_the_exit_code_is_the_verdict(
    here, plan: Path, tmp_path: Path, content: str, as_of: str, code: int
) -> None:
    path = tmp_path / "some.csv"
    path.write_text(content, encoding="utf-8")
    for command in ("assess", "report", "agenda"):
        if (command, as_of) != ("agenda", "2021-12-31"):
            assert here(command, plan, path, "--as-of", as_of).code == code


LEVEL = """
  [[commitment.target]]
  id = "score"
  name = "测评"
  measure = "latest"
  kind = "测评"
  at_least = 90
"""
OPEN = LEVEL.replace("at_least = 90", 'at_least = "X"').replace("latest", "count")


@pytest.mark.parametrize(
    ("more", "content", "code"),
    [
        (LEVEL, TWICE, UNKNOWN),  # no data
        (OPEN, TWICE, UNKNOWN),  # no goal to judge by
        (LEVEL, ONCE, SHORT),  # missed and no data: missed comes first
    ],
)
def test_what_is_not_known_is_2_and_what_is_missed_goes_before(
    here, plan: Path, tmp_path: Path, more: str, content: str, code: int
) -> None:
    plan.write_text(PLAN + more, encoding="utf-8")
    path = tmp_path / "some.csv"
    path.write_text(content, encoding="utf-8")
    assert here("assess", plan, path, "--as-of", "2021-12-31").code == code


def test_a_plan_without_targets_proves_nothing(here, plan: Path, events: Path) -> None:
    plan.write_text(PLAN[: PLAN.index("  [[commitment.target]]")], encoding="utf-8")
    assert here("assess", plan, events, "--as-of", "2021-12-31").code == UNKNOWN


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((), "Usage"),
        (("nonsense",), "nonsense"),
        (("assess", "P", "E"), "--as-of"),
        (("assess", "P"), "Missing"),
        (("assess", "P", "E", "--as-of", "2021-02-31"), "2021-02-31"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "--format", "pdf"), "pdf"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "--table", "targts"), "targets"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "--by", "org"), "organisation"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "--lang", "fr"), "fr"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "-o", "x.html"), ".csv"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "-o", "x.csv", "--format", "json"), "csv"),
        (("assess", "P", "E", "--as-of", "2021-12-31", "-o", "no/such/x.csv"), "no/such"),
        (("report", "P", "E", "--as-of", "2021-12-31", "-o", "x.pdf"), ".docx"),
        (("report", "P", "E", "--as-of", "2021-12-31", "-o", "x.html", "--prose"), ".docx"),
        (("report", "P", "E", "--as-of", "2021-12-31", "-o", "x.md", "--charts"), ".docx"),
        (("report", "P", "E", "--as-of", "2021-12-31", "--charts"), ".docx"),
        (("agenda", "P", "E", "--as-of", "2021-06-30", "--until", "2021-06-30"), "until"),
        (("workbook", "P"), "-o"),
        (("workbook", "P", "-o", "x.csv"), ".xlsx"),
        (("draft", "nothing.md"), "nothing.md"),
    ],
)
def test_what_cannot_be_done_is_3_with_a_line_that_says_why(
    here, plan: Path, events: Path, arguments: tuple[str, ...], told: str
) -> None:
    names = {"P": plan, "E": events}
    done = here(*(names.get(one, one) for one in arguments))
    assert done.code == BAD_INPUT
    assert told in done.err
    assert "Traceback" not in done.err


def test_help_is_0(here) -> None:
    done = here("assess", "--help")
    assert done.code == GOOD
    assert "--known-at" in done.out


def test_csv_has_the_names_of_the_api_and_no_formulas(here, plan: Path, events: Path) -> None:
    plan.write_text(PLAN.replace('"督查"\n  measure', '"=1+1"\n  measure'), encoding="utf-8")
    done = here("assess", plan, events, "--as-of", "2021-12-31", "--format", "csv")
    rows = list(csv.DictReader(io.StringIO(done.out)))
    assert (rows[0]["actual"], rows[0]["status"]) == ("2.0", "met")
    assert rows[0]["name"] == "'=1+1"
    assert rows[0]["members"] == ""


def test_json_is_a_list_with_null_for_missing(here, plan: Path, events: Path) -> None:
    done = here(
        "assess", plan, events, "--as-of", "2021-12-31", "--table", "standings", "--format", "json"
    )
    (row,) = json.loads(done.out)
    assert (row["actual"], row["end"], row["subject"]) == (2.0, "2021-12-31", None)


def test_markdown_table(here, plan: Path, events: Path) -> None:
    done = here("assess", plan, events, "--as-of", "2021-12-31", "--format", "markdown")
    assert "| 督查 | ≥2次 | 2次 | 100% | ● 已完成 | — | 12月31日 |" in done.out.splitlines()


@pytest.mark.parametrize("table", ["standings", "commitments", "summary", "shortfalls", "outlook"])
def test_every_table_can_be_shown(here, plan: Path, events: Path, table: str) -> None:
    done = here("assess", plan, events, "--as-of", "2021-06-30", "--table", table, "--lang", "en")
    assert done.code == GOOD
    assert "organisation" not in done.out.splitlines()[0] or table == "summary"


def test_a_table_written_to_a_file(here, plan: Path, events: Path, tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    done = here("assess", plan, events, "--as-of", "2021-12-31", "-o", path)
    assert (done.code, done.out) == (GOOD, "")
    assert path.read_bytes().startswith(b"\xef\xbb\xbforganisation,")
    assert str(path) in done.err


def test_by_organisation_and_known_at(here, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text(
        "id,kind,date,organisation,recorded_at\na,督查,2021-03-05,甲村,2021-03-05\n"
        "b,督查,2021-04-05,甲村,2022-01-09\n",
        encoding="utf-8",
    )
    asked = ("assess", plan, path, "--as-of", "2021-12-31", "--format", "json")
    rows = json.loads(here(*asked, "--by", "organisation").out)
    assert [(row["organisation"], row["status"]) for row in rows] == [
        ("甲村", "met"),
        ("乙村", "missed"),
    ]
    (row,) = json.loads(here(*asked, "--known-at", "2021-12-31").out)
    assert (row["actual"], row["status"]) == (1.0, "missed")


def test_several_files_are_one_history_and_a_ledger_is_a_file(
    here, plan: Path, tmp_path: Path
) -> None:
    first, later, ledger = tmp_path / "a.csv", tmp_path / "b.jsonl", tmp_path / "c.db"
    first.write_text(ONCE, encoding="utf-8")
    later.write_text(
        '{"id": "a", "kind": "督查", "date": "2021-03-05", "recorded_at": "2021-05-01", '
        '"void": true}\n',
        encoding="utf-8",
    )
    with open_ledger(ledger, prefix="c") as book:
        book.record(kind="督查", date="2021-06-01")
    asked = ("--as-of", "2021-12-31", "--format", "json")
    counts = [
        json.loads(here("assess", plan, *files, *asked).out)[0]["actual"]
        for files in ([first], [first, later], [ledger], [first, ledger])
    ]
    assert counts == [1.0, 0.0, 1.0, 2.0]


def test_check_says_what_is_wrong_and_what_is_not_looked_at(
    here, plan: Path, events: Path, tmp_path: Path
) -> None:
    events.write_text(TWICE + "c,义诊,2021-05-01,甲村\n", encoding="utf-8")
    done = here("check", plan, events, "--lang", "en")
    assert done.code == GOOD
    assert "kind '义诊': no target looks at it; 1 row\n" in done.out
    assert "1 commitment, 1 target, 3 events in 3 rows: no errors" in done.out
    done = here("check", plan, events)
    assert done.out == "事项“义诊”：没有指标用到，1行\n1项承诺，1个指标，3行记录3件事：没有错误\n"
    bad = tmp_path / "bad.csv"
    bad.write_text("id,kind,date\na,督查,2021-02-31\nb,,2021-03-01\n", encoding="utf-8")
    done = here("check", plan, events, bad, "--lang", "en")
    assert done.code == BAD_INPUT
    assert done.out.endswith("2 errors\n")
    done = here("check", plan, events, bad)
    assert done.code == BAD_INPUT
    first, second, last = done.out.splitlines()
    assert first.endswith(
        "bad.csv，第2行，“date”列：没有这一天；读到“2021-02-31”；"
        "应为日期，如2021-03-05、2021年3月5日；2021年2月有28天"
    )
    assert "第3行，“kind”列：事项必填，不能空着" in second
    assert last == "2处错误"


def test_check_with_a_day_says_what_an_assessment_says(here, plan: Path, events: Path) -> None:
    events.write_text(TWICE + "c,督查,2022-05-01,甲村\n", encoding="utf-8")
    asked = ("check", plan, events, "--as-of", "2021-12-31")
    assert "after the plan" in here(*asked, "--lang", "en").out
    assert "1条记录在计划结束以后；读到“c”" in here(*asked).out


def test_headings_of_ones_own(here, plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("号,内容,日子\na,督查,2021-03-05\nb,督查,2021-04-05\n", encoding="utf-8")
    asked = ("assess", plan, path, "--as-of", "2021-12-31")
    done = here(*asked)
    assert done.code == BAD_INPUT
    assert "--column 日子=date" in done.err  # the remedy as the command line spells it
    named = [part for one in ("号=id", "内容=kind", "日子=date") for part in ("--column", one)]
    assert here(*asked, *named).code == GOOD
    done = here(*asked, "--column", "日子")
    assert done.code == BAD_INPUT
    assert "--column: got '日子'" in done.err


def test_it_speaks_the_language_of_the_plan_of_lang_or_of_the_terminal(
    here, plan: Path, events: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events.write_text("id,kind,date\na,督查,2021-02-31\n", encoding="utf-8")
    asked = ("assess", plan, events, "--as-of", "2021-12-31")
    assert "没有这一天" in here(*asked).err
    assert "no such day" in here(*asked, "--lang", "en").err
    broken = tmp_path / "broken.toml"
    broken.write_text("[plan", encoding="utf-8")
    assert "Expected ']'" in here("check", broken).out
    assert "表头的方括号没有写完" in here("check", broken, "--lang", "zh").out
    monkeypatch.setenv("LC_ALL", "zh_CN.UTF-8")
    assert "表头的方括号没有写完" in here("check", broken).out
    assert "none.csv：没有这个文件" in here("check", plan, "none.csv").out
    wrong = here("assess", plan, events, "--as-of", "morgen").err
    assert wrong == "--as-of：写的是“morgen”；应为日期，如2021-09-30\n"


def test_a_missing_extra_is_told_with_its_pip_line(
    here, plan: Path, events: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "docx", None)
    asked = ("report", plan, events, "--as-of", "2021-12-31", "-o", plan.parent / "r.docx")
    for lang, told in (
        ("zh", "缺少附加组件，请先安装："),
        ("en", "Writing .docx needs an extra: "),
    ):
        done = here(*asked, "--lang", lang)
        assert (done.code, done.err) == (BAD_INPUT, f"{told}pip install 'partybuild[docx]'\n")


def test_what_is_wrong_is_said_before_the_long_work(here, plan: Path, events: Path) -> None:
    events.write_text("not read at all", encoding="utf-8")
    for command in ("assess", "report", "agenda"):
        done = here(command, plan, events, "--as-of", "2021-12-31", "-o", "none/out.md")
        assert done.err == "-o: there is no folder none\n"


def every_problem(folder: Path) -> list[Problem]:
    """The problems of the faulty files, of a report and of assessments of the example year."""
    found: list[Problem] = []
    for name in ("events-with-faults.csv",):
        found += read_events_draft(EXAMPLES / name).problems
    found += pb.read_text(EXAMPLES / "report-2020.md").problems
    events = pb.read_events(EXAMPLES / "events.csv")
    for name, by in (("plan.toml", None), ("plan-villages.toml", "organisation")):
        plan = pb.read_plan(EXAMPLES / name)
        found += pb.assess(plan, events, as_of="2021-12-31", by=by).problem_list
    text = PLAN.replace("at_least = 2", "at_leats = 2\nat_most = 3\nat_least = 'X x'\nper = 'moon'")
    path = folder / "wrong.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(pb.PlanError) as caught:
        pb.read_plan(path)
    return [*found, *caught.value.problems]


def test_every_problem_of_the_examples_is_said_in_chinese(tmp_path: Path) -> None:
    problems = every_problem(tmp_path)
    assert len(problems) > 25
    for one in problems:
        bare = attrs.evolve(one, read=None, file=None, path=None, column=None)
        said = chinese_problem(bare)
        said = re.sub(r"“[^”]*”|以下之一：.*?(?=；|$)|[a-z]+(?:[-_][a-z]+)+|\[.*?\]", "", said)
        words = set(re.findall(r"[A-Za-z]{3,}", said)) - KEYS
        assert not words, said


def test_a_draft_is_a_plan_to_correct(here, tmp_path: Path) -> None:
    report, path = tmp_path / "report.md", tmp_path / "next.toml"
    report.write_text("下一步，每季度召开推进会不少于1次。", encoding="utf-8")
    assert here("draft", report, "-o", path).code == BAD_INPUT  # which year?
    asked = ("draft", report, "--year", 2021, "-o", path)
    assert here(*asked).code == GOOD
    assert pb.read_plan(path).targets[0].value == 1
    assert here(*asked).code == BAD_INPUT  # people may have worked in it
    assert here(*asked, "--overwrite").code == GOOD
    report.write_text("下一步，每季度召开推进会不少于X次。", encoding="utf-8")
    done = here("draft", report, "--year", 2021, "--format", "json")
    assert done.code == UNKNOWN
    assert json.loads(done.out)[0]["value"] is None
    assert "推进会" in done.err


@pytest.mark.parametrize("suffix", [".md", ".html", ".docx", ".xlsx"])
def test_reports_by_the_ending_of_their_name(
    here, plan: Path, events: Path, tmp_path: Path, suffix: str
) -> None:
    for package in {".docx": ["docx"], ".xlsx": ["xlsxwriter"]}.get(suffix, []):
        pytest.importorskip(package)
    path = tmp_path / f"report{suffix}"
    done = here("report", plan, events, "--as-of", "2021-12-31", "-o", path)
    assert (done.code, done.out) == (GOOD, "")
    starts = {".md": b"# 2021", ".html": b"<!DOCTYPE html>"}
    assert path.read_bytes().startswith(starts.get(suffix, b"PK"))


@pytest.mark.parametrize("by", [(), ("--by", "organisation")])
def test_reports_with_charts(
    here, plan: Path, events: Path, tmp_path: Path, by: tuple[str, ...]
) -> None:
    pytest.importorskip("matplotlib")
    page = tmp_path / "report.html"
    done = here("report", plan, events, "--as-of", "2021-06-30", "--charts", "-o", page, *by)
    assert done.code == GOOD or by
    text = page.read_text(encoding="utf-8")
    assert text.count("data:image/svg") == (2 if by else 3)
    assert "活动日历" in text


def test_prose(here, plan: Path, events: Path) -> None:
    done = here("report", plan, events, "--as-of", "2021-12-31", "--prose")
    assert "一、履行职责情况" in done.out


def test_the_workbook_goes_round(here, plan: Path, events: Path, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    assert here("workbook", plan, events, "-o", book).code == GOOD
    assert here("workbook", plan, "-o", book).code == BAD_INPUT  # it would be lost
    assert here("workbook", book, "--as-of", "2021-12-31").code == GOOD
    by = here("workbook", book, "--as-of", "2021-12-31", "--by", "organisation")
    assert by.code == SHORT  # the other village has done nothing
    done = here("assess", book, book, "--as-of", "2021-12-31", "--format", "json")
    assert [(row["actual"], row["status"]) for row in json.loads(done.out)] == [(2.0, "met")]


def test_agenda_as_table_calendar_and_digest(
    here, plan: Path, events: Path, tmp_path: Path
) -> None:
    events.write_text(ONCE, encoding="utf-8")
    asked = ("agenda", plan, events, "--as-of", "2021-06-30", "--until", "2021-12-31")
    assert re.search(r"2021-12-31 +184 +督查 .* 1次 ", here(*asked).out)
    path = tmp_path / "due.ics"
    here(*asked, "-o", path)
    text = path.read_bytes().decode()
    assert text.startswith("BEGIN:VCALENDAR\r\n")
    assert "DTSTART;VALUE=DATE:20211231\r\n" in text
    assert "一周动态" in here(*asked, "--digest").out


def test_the_default_is_to_look_thirty_days_ahead(here, plan: Path, events: Path) -> None:
    events.write_text(ONCE, encoding="utf-8")
    near = here("agenda", plan, events, "--as-of", "2021-12-01", "--format", "json")
    far = here("agenda", plan, events, "--as-of", "2021-11-01", "--format", "json")
    assert [row["due"] for row in json.loads(near.out)] == ["2021-12-31"]
    assert json.loads(far.out) == []


def test_names_cannot_write_on_the_terminal(here, plan: Path, events: Path) -> None:
    hostile = '"[red]甲\\u001b[31m村"\n  measure'
    plan.write_text(PLAN.replace('"督查"\n  measure', hostile), encoding="utf-8")
    done = here("assess", plan, events, "--as-of", "2021-12-31")
    assert "\x1b" not in done.out
    assert "[red]甲" in done.out


def test_on_a_terminal_there_are_colours_and_a_bar_on_the_error_stream(
    plan: Path, events: Path
) -> None:
    output, child = pty.openpty()
    errors, error_child = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "partybuild", "assess", plan, events, "--as-of", "2021-12-31"],
        stdout=child,
        stderr=error_child,
        env={**os.environ, "TERM": "xterm-256color", "PYTHONUTF8": "1", "COLUMNS": "90"},
    )
    os.close(child)
    os.close(error_child)
    shown, bar = drained(output), drained(errors)
    assert process.wait() == GOOD
    assert "\x1b[32m" in shown  # green
    assert "督查" in shown
    assert "plan.toml" in bar or "events.csv" in bar or "assess" in bar


def drained(end: int) -> str:
    parts = []
    while True:
        try:
            part = os.read(end, 65536)
        except OSError:  # Linux says so when the other end is closed
            part = b""
        if not part:
            os.close(end)
            return b"".join(parts).decode()
        parts.append(part)


def test_a_reader_that_goes_away_is_no_fault(plan: Path, tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    lines = [f"e{n},督查,2021-03-05,甲村" for n in range(20)]
    path.write_text("id,kind,date,organisation\n" + "\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "partybuild", "assess", plan, path, "--as-of", "2021-12-31"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    process.wait()
    assert "Traceback" not in told


def test_the_figures_are_those_of_the_api(here, plan: Path, events: Path) -> None:
    done = here("assess", plan, events, "--as-of", "2021-06-30", "--format", "csv")
    shown = pd.read_csv(io.StringIO(done.out))
    frame = pb.assess(pb.read_plan(plan), pb.read_events(events), as_of="2021-06-30").targets
    assert list(shown.columns) == list(frame.columns)
    assert shown["completion"].tolist() == frame["completion"].tolist()


PAGES = sorted((Path(__file__).parent.parent / "docs").rglob("command-line.md"))


def console_blocks(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    found = re.findall(r"(<!-- not run -->\n)?```console\n(.*?)```", text, re.DOTALL)
    return [body for is_left_out, body in found if not is_left_out]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.parent.parent.name)
def test_the_commands_of_the_documentation_print_what_the_page_shows(
    here, page: Path, examples: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("docx")
    shutil.copytree(examples, tmp_path / "examples")
    monkeypatch.chdir(tmp_path)
    parts = re.split(r"^\$ ", "".join(console_blocks(page)), flags=re.MULTILINE)[1:]
    assert len(parts) > 8
    for part in parts:
        line, _, shown = part.partition("\n")
        name, *arguments = shlex.split(line)
        if name != "partybuild":
            continue
        done = here(*arguments)
        wrong = "faults" in line
        assert (done.code == BAD_INPUT) == wrong, done.err
        check = doctest.OutputChecker()
        shown += "..." if wrong else ""
        assert check.check_output(shown, done.out, doctest.ELLIPSIS), done.out
