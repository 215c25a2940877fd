"""The workbook as it is written, refreshed, and opened by another program."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

openpyxl = pytest.importorskip("openpyxl")

from partybuild.assessment.assessment import assess  # noqa: E402
from partybuild.assessment.own_goals import tailor  # noqa: E402
from partybuild.errors import EventError, MissingExtraError, SourceError, UsageError  # noqa: E402
from partybuild.ledger.memory import memory_ledger  # noqa: E402
from partybuild.plan import Plan  # noqa: E402
from partybuild.sources.events import read_events  # noqa: E402
from partybuild.sources.plans import read_plan  # noqa: E402
from partybuild.workbook import (  # noqa: E402
    read_plan_sheet,
    read_workbook,
    refresh_workbook,
    write_workbook,
)

SPEAKING = ("=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://example.org")', "'=1", "#REF!x")
SOFFICE = shutil.which("soffice")
needs_office = pytest.mark.skipif(SOFFICE is None, reason="LibreOffice (soffice) is not installed")


@pytest.fixture(scope="module")
def plan(examples: Path) -> Plan:
    return read_plan(examples / "data" / "plan.toml")


@pytest.fixture(scope="module")
def events(examples: Path) -> pd.DataFrame:
    return read_events(examples / "data" / "events.csv")


@pytest.fixture(scope="module")
def book(plan: Plan, events: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("book") / "台账.xlsx"
    write_workbook(plan, path, events=events, as_of="2021-09-30")
    return path


def test_the_same_workbook_is_the_same_bytes_whenever_it_is_written(
    plan: Plan, events: pd.DataFrame, book: Path, tmp_path: Path
) -> None:
    again = tmp_path / "again.xlsx"
    write_workbook(plan, again, events=events, as_of="2021-09-30")
    assert again.read_bytes() == book.read_bytes()
    with zipfile.ZipFile(again) as package:
        assert {entry.date_time for entry in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}
        assert set(re.findall(rb">(\d{4})-", package.read("docProps/core.xml"))) == {b"1980"}


def parts(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        return {name: package.read(name) for name in package.namelist()}


def pack(path: Path, content: dict[str, bytes]) -> None:
    with zipfile.ZipFile(path, "w") as package:
        for name, data in content.items():
            package.writestr(name, data)


def small(**target: Any) -> Plan:
    given = {"id": "t", "measure": "total", "kind": "督查", "at_least": 12, "unit": "次", **target}
    return Plan(
        id="2021",
        title="计划",
        start="2021-01-01",
        end="2021-12-31",
        commitment=[
            {"id": "1", "text": "全年督查不少于12次。", "owner": "纪检办", "target": [given]}
        ],
    )


def shown(path: Path, sheet: str = "完成情况") -> list[list[Any]]:
    page = openpyxl.load_workbook(path)[sheet]
    return [[cell.value for cell in row] for row in page.iter_rows()]


def test_a_year_of_events_comes_back_to_the_letter(
    book: Path, plan: Plan, events: pd.DataFrame
) -> None:
    found = read_workbook(book, plan=plan)
    pd.testing.assert_frame_equal(found.events, events)
    assert found.problems == ()
    assert read_plan_sheet(book) == plan


def test_an_office_can_work_with_it(book: Path) -> None:
    found = openpyxl.load_workbook(book)
    assert found.sheetnames == ["进展登记", "完成情况", "缺口明细", "指标", "名单", "说明", "选项"]
    page = found["进展登记"]
    assert found["选项"].sheet_state == "hidden"
    assert (page.freeze_panes, page.print_title_rows) == ("C4", "$3:$3")
    setup = page.page_setup
    assert (setup.orientation, int(setup.paperSize), setup.fitToHeight) == ("landscape", 9, 0)
    headings = {cell.value: cell.column_letter for cell in page[3]}
    assert list(headings)[:4] == ["日期＊", "事项＊", "数量", "单位"]
    assert all(
        cell.comment for cell in page[3] if cell.value not in ("办理结果", "年龄段", "登记人")
    )
    rules = {str(rule.sqref).split(":")[0]: rule for rule in page.data_validations.dataValidation}
    assert rules[f"{headings['日期＊']}4"].type == "date"
    for heading, choice in (("事项＊", "蹲点调研"), ("单位", "万元"), ("对象", "沈可帆"),
                            ("组织", "石梁村"), ("作废", "是"), ("办理结果", "办结")):  # fmt: skip
        rule = rules[f"{headings[heading]}4"]
        assert rule.type == "list"
        formula = found.defined_names[rule.formula1.lstrip("=")].value
        letter = re.search(r"OFFSET\('选项'!\$([A-Z]+)\$2,", formula)[1]
        choices = [cell.value for cell in found["选项"][letter] if cell.value]
        assert choices[0] == heading.strip("＊")
        assert choice in choices[1:]
        assert str(rule.sqref).endswith(str(page.max_row)), "empty rows have the rule as well"
    assert page.max_row == 3 + 530 + 500


def test_doubtful_cells_are_coloured(book: Path) -> None:
    page = openpyxl.load_workbook(book)["进展登记"]
    (reach,) = page.conditional_formatting
    assert str(reach.sqref) == f"A4:O{page.max_row}"
    filled = [rule.formula[0] for rule in reach.rules if rule.dxf.fill is not None]
    assert filled == [
        "AND(COUNTA($A4:$O4)>0,OR(COLUMN()=1,COLUMN()=2),LEN(A4)=0)",
        "AND(COLUMN()=1,ISNUMBER($A4),OR($A4<DATE(2021,1,1),$A4>=DATE(2021,12,31)+1))",
    ]


def test_the_progress_shows_the_figures_of_the_assessment(
    book: Path, plan: Plan, events: pd.DataFrame
) -> None:
    rows = shown(book)
    assert "截至2021-09-30" in rows[1][0]
    table = {row[1]: row for row in rows[3:] if row[1]}
    targets = assess(plan, events, as_of="2021-09-30").targets.set_index("name")
    assert table["蹲点调研"][4] == targets["actual"]["蹲点调研"]
    assert table["办结难题"][7] == targets["shortfall"]["办结难题"]


def test_every_shortfall_has_a_row_that_can_be_filtered(
    book: Path, plan: Plan, events: pd.DataFrame
) -> None:
    short = assess(plan, events, as_of="2021-09-30").shortfalls
    rows = shown(book, "缺口明细")
    assert f"欠着的共{len(short)}条" in rows[1][0]
    assert rows[2][:3] == ["指标", "对象", "考核期"]
    assert [row[7] for row in rows[3:]] == [
        figure if figure % 1 else int(figure) for figure in short["shortfall"]
    ]
    page = openpyxl.load_workbook(book)["缺口明细"]
    assert page.auto_filter.ref == f"A3:K{3 + len(short)}"
    assert (page.freeze_panes, page.print_title_rows) == ("A4", "$3:$3")


def test_a_figure_just_below_its_goal_is_not_shown_as_reached(tmp_path: Path) -> None:
    plan = small(measure="latest", at_least=0.95, unit="%")
    events = pd.DataFrame({"id": ["a"], "kind": "督查", "date": "2021-03-01", "quantity": 0.94999})
    write_workbook(plan, tmp_path / "a.xlsx", events=events, as_of="2021-12-31")
    row = shown(tmp_path / "a.xlsx")[3]
    assert row[4] == "94.999%"
    assert row[6].startswith("99.99")


@pytest.mark.parametrize("text", SPEAKING)
def test_text_never_becomes_a_formula(tmp_path: Path, text: str) -> None:
    events = pd.DataFrame(
        {"id": [text], "kind": [text], "date": ["2021-03-05"], "subject": [text], "附注": [text]}
    )
    plan = Plan(
        id="x", title=text, start="2021-01-01", end="2021-12-31",
        rosters={"r": [{"id": text, "name": text}]},
        commitment=[{"id": "1", "section": text, "text": text, "owner": text, "target": [
            {"id": "t", "name": text, "measure": "count", "kind": text, "at_least": 3,
             "each": "r", "unit": text}]}],
    )  # fmt: skip
    path = tmp_path / "a.xlsx"
    write_workbook(plan, path, events=events, as_of="2021-06-30")
    refresh_workbook(path, as_of="2021-09-30")
    for page in openpyxl.load_workbook(path).worksheets:
        kinds = {cell.data_type for row in page.iter_rows() for cell in row}
        assert "f" not in kinds, page.title
    for name, data in parts(path).items():
        if name.startswith("xl/worksheets/"):
            assert b"<f>" not in data
    assert read_plan_sheet(path) == plan
    found = read_workbook(path)
    if text not in ("#REF!",):
        assert found.events["kind"].tolist() == [text]


def test_unwritable_text_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(b"earlier")
    bad = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"], "note": ["a\x01b"]})
    with pytest.raises(EventError, match="no cell can hold"):
        write_workbook(small(), path, events=bad)
    with pytest.raises(UsageError, match="cannot stand in a cell"):
        write_workbook(small(name="a\x01b"), path)
    assert path.read_bytes() == b"earlier"
    assert [one.name for one in tmp_path.iterdir()] == ["a.xlsx"]


def test_refreshing_touches_no_other_part(plan: Plan, book: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    shutil.copy(book, path)
    refresh_workbook(path, as_of="2021-06-30")
    once = parts(path)
    before = parts(book)
    changed = {name for name in before if before[name] != once[name]}
    assert before.keys() == once.keys()
    calculated = {"xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"}
    assert {name for name in changed if name.startswith("xl/worksheets/")} == calculated
    assert changed <= {*calculated, "xl/styles.xml", "xl/workbook.xml"}
    refresh_workbook(path, as_of="2021-06-30")
    assert parts(path) == once, "refreshing again adds nothing, styles neither"


def test_what_people_added_survives_a_refresh(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path)
    found = openpyxl.load_workbook(path)
    page = found["进展登记"]
    page["A4"], page["B4"], page["C4"] = "2021年3月5日", "督查", 5
    page["A5"], page["B5"] = "2021-02-31", "督查"
    page["D4"].fill = openpyxl.styles.PatternFill("solid", fgColor="FF00FF")
    extra = found.create_sheet("我的表")
    extra["A1"] = "=SUM(完成情况!E4)"
    chart = openpyxl.chart.BarChart()
    chart.add_data(openpyxl.chart.Reference(page, min_col=3, min_row=3, max_row=9))
    extra.add_chart(chart, "C3")
    found.save(path)
    pack(path, {**parts(path), "xl/workbook.xml": re.sub(
        rb' fullCalcOnLoad="1"', b"", parts(path)["xl/workbook.xml"])})  # fmt: skip
    before = parts(path)
    result = refresh_workbook(path, as_of="2021-12-31")
    after = parts(path)
    assert "xl/charts/chart1.xml" in after
    changed = {name for name in before if before[name] != after[name]}
    sheets = {f"xl/worksheets/sheet{number}.xml" for number in (2, 3)}
    assert changed == {"xl/styles.xml", "xl/workbook.xml", *sheets}
    assert b"fullCalcOnLoad" in after["xl/workbook.xml"]
    assert result.assessment.targets["actual"].tolist() == [5.0]
    rows = shown(path)
    assert rows[3][4] == 5
    unread = rows[-1]
    assert unread[:2] == ["进展登记", "A5"]
    assert "2021-02-31" in unread[2]
    assert "不是一个日期" in unread[3]


def test_a_workbook_of_ones_own_gets_the_sheet(tmp_path: Path) -> None:
    path = tmp_path / "own.xlsx"
    own = openpyxl.Workbook()
    own.active.append(["日期", "事项", "数量"])
    own.active.append(["2021-03-05", "督查", 7])
    own.save(path)
    for _ in range(2):
        refresh_workbook(path, plan=small(), as_of="2021-06-30")
    found = openpyxl.load_workbook(path)
    assert found.sheetnames == ["Sheet", "完成情况", "缺口明细"]
    assert shown(path)[3][4] == 7
    with pytest.raises(SourceError, match="no plan"):
        refresh_workbook(path, as_of="2021-06-30")


def test_a_workbook_from_before_there_was_a_sheet_of_shortfalls_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path)
    found = openpyxl.load_workbook(path)
    del found["缺口明细"]
    found.save(path)
    for _ in range(2):
        refresh_workbook(path, as_of="2021-06-30")
    found = openpyxl.load_workbook(path)
    assert found.sheetnames.count("缺口明细") == 1
    assert shown(path, "缺口明细")[3][0] == "t"


def test_organisations_stand_one_after_the_other(
    book: Path, plan: Plan, events: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    shutil.copy(book, path)
    found = refresh_workbook(path, as_of="2021-09-30", by="organisation").assessment
    again = assess(plan, events, as_of="2021-09-30", by="organisation")
    pd.testing.assert_frame_equal(found.targets, again.targets)
    rows = shown(path)
    names = list(again.organisations)
    overview = rows[4 : 4 + len(names)]
    assert [row[0] for row in overview] == names
    assert [row[6] for row in overview] == again.summary["completion"].tolist()
    bands = [number for number, row in enumerate(rows) if str(row[0]).startswith("石梁村    ●")]
    first = next(row for row in rows[bands[0] :] if row[1] == "蹲点调研")
    mine = again.targets.query("organisation == '石梁村' and name == '蹲点调研'")
    assert first[4] == mine["actual"].item()
    page = openpyxl.load_workbook(path)["完成情况"]
    assert len(page.row_breaks.brk) == len(names), "each organisation has pages of its own"
    assert shown(path, "缺口明细")[3][1].startswith("石梁村")
    before = parts(path)
    refresh_workbook(path, as_of="2021-09-30", by="organisation")
    assert parts(path) == before


def test_refreshing_takes_what_assess_takes(
    book: Path, plan: Plan, events: pd.DataFrame, tmp_path: Path
) -> None:
    path = tmp_path / "a.xlsx"
    shutil.copy(book, path)
    asked: dict[str, Any] = {
        "as_of": "2021-09-30", "known_at": "2021-05-31", "by": "organisation",
        "organisations": ["柳坞村", "石梁村"],
    }  # fmt: skip
    found = refresh_workbook(path, **asked).assessment
    pd.testing.assert_frame_equal(found.standings, assess(plan, events, **asked).standings)
    with pytest.raises(UsageError, match="organisations"):
        refresh_workbook(path, as_of="2021-09-30", organisations=["石梁村"])
    with pytest.raises(UsageError, match="by"):
        refresh_workbook(path, as_of="2021-09-30", by="village")
    with pytest.raises(UsageError, match="without as_of"):
        write_workbook(small(), tmp_path / "b.xlsx", by="organisation")


def test_a_plan_with_numbers_of_its_own_for_organisations(tmp_path: Path) -> None:
    own = pd.DataFrame({"organisation": ["东山村"], "target": ["t"], "value": [3]})
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path)
    tailored = tailor(small(), own)
    places = ["东山村", "西山村"]
    refresh_workbook(
        path, plan=tailored, as_of="2021-06-30", by="organisation", organisations=places
    )
    rows = [row[2:4] for row in shown(path) if row[1] == "t"]
    assert rows == [["≥3次", 3], ["≥12次", 12]]


def test_what_is_asked_is_what_holds_on_the_day(tmp_path: Path) -> None:
    plan = small(revisions=[{"from": "2021-07-01", "at_least": 9, "reason": "调整"}])
    path = tmp_path / "a.xlsx"
    write_workbook(plan, path)
    for day, asked in (("2021-06-30", "≥12次"), ("2021-07-01", "≥9次")):
        refresh_workbook(path, as_of=day)
        assert shown(path)[3][2] == asked


def test_a_limit_is_used_fast_and_never_behind(tmp_path: Path) -> None:
    events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-01-05"], "quantity": [11]})
    path = tmp_path / "a.xlsx"
    write_workbook(small(at_least=None, at_most=12), path, events=events, as_of="2021-03-31")
    assert shown(path)[3][8] == "▲ 用量偏快"


def test_a_formula_on_the_progress_sheet_leaves_no_trace(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path)
    found = openpyxl.load_workbook(path)
    found["完成情况"]["L1"] = "=1+1"
    found.save(path)
    content = parts(path)
    content["xl/calcChain.xml"] = b'<calcChain xmlns="x"><c r="L1" i="2"/></calcChain>'
    content["[Content_Types].xml"] = content["[Content_Types].xml"].replace(
        b"</Types>", b'<Override PartName="/xl/calcChain.xml" ContentType="x"/></Types>'
    )
    pack(path, content)
    refresh_workbook(path, as_of="2021-06-30")
    after = parts(path)
    assert "xl/calcChain.xml" not in after
    assert b"calcChain" not in after["[Content_Types].xml"]
    openpyxl.load_workbook(path)


def test_english_workbooks(tmp_path: Path) -> None:
    events = pd.DataFrame(
        {"id": ["a", "a"], "kind": "督查", "date": ["2021-03-05"] * 2, "void": [False, True],
         "recorded_at": ["2021-03-05", "2021-03-09 08:30"]}
    )  # fmt: skip
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path, events=events, as_of="2021-06-30", lang="en")
    assert openpyxl.load_workbook(path).sheetnames[:3] == ["Events", "Progress", "Shortfalls"]
    assert read_workbook(path).events["void"].tolist() == [False, True]
    assert read_plan_sheet(path) == small()
    assert refresh_workbook(path, as_of="2021-12-31").assessment.targets["actual"].tolist() == [0.0]
    assert shown(path, "Progress")[3][8] == "■ missed"


def test_arguments_are_checked(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="expected a Plan"):
        write_workbook("plan", tmp_path / "a.xlsx")  # type: ignore[arg-type]
    with pytest.raises(UsageError, match=r"\.xlsx"):
        write_workbook(small(), tmp_path / "a.xls")
    with pytest.raises(UsageError, match="lang is 'fr'"):
        write_workbook(small(), tmp_path / "a.xlsx", lang="fr")
    with pytest.raises(SourceError):
        write_workbook(small(), tmp_path / "no" / "a.xlsx")


def test_without_the_extra_the_pip_line_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "openpyxl", None)
    for call in (
        lambda: write_workbook(small(), tmp_path / "a.xlsx"),
        lambda: read_workbook(tmp_path / "a.xlsx"),
    ):
        with pytest.raises(MissingExtraError, match=r"partybuild\[excel\]"):
            call()


def office(folder: Path, path: Path, form: str) -> Path:
    profile = folder / "profile"
    subprocess.run(
        [SOFFICE, f"-env:UserInstallation={profile.as_uri()}", "--headless", "--convert-to", form,
         "--outdir", str(folder), str(path)],
        check=True, capture_output=True, timeout=180,
    )  # fmt: skip
    return folder / f"{path.stem}.{form}"


@needs_office
def test_libreoffice_opens_saves_and_changes_nothing(
    book: Path, plan: Plan, events: pd.DataFrame, tmp_path: Path
) -> None:
    saved = office(tmp_path, book, "xlsx")
    found = read_workbook(saved, plan=plan)
    pd.testing.assert_frame_equal(found.events, events)
    assert found.ok
    assert read_plan_sheet(saved) == plan
    again = openpyxl.load_workbook(saved)
    assert again["选项"].sheet_state == "hidden"
    assert len(again["进展登记"].data_validations.dataValidation) >= 8
    refresh_workbook(saved, as_of="2021-12-31")
    twice = office(tmp_path / "twice", saved, "xlsx")
    assert "截至2021-12-31" in shown(twice)[1][0]
    pd.testing.assert_frame_equal(read_workbook(twice).events, events)


@needs_office
@pytest.mark.skipif(shutil.which("pdftoppm") is None, reason="pdftoppm is not installed")
def test_its_print_is_pages_with_something_on_them(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(plan, path)
    pdf = office(tmp_path, path, "pdf")
    subprocess.run(["pdftoppm", "-r", "30", "-gray", str(pdf), str(tmp_path / "p")], check=True)
    pages = sorted(tmp_path.glob("p-*.pgm"))
    assert 5 <= len(pages) <= 9, "the empty rows are not printed"
    for page in pages:
        body = page.read_bytes()[-700 * 300 :]
        assert sum(value < 128 for value in body) > 100, f"{page.name} is blank"


def test_a_workbook_with_events_of_its_own_is_not_replaced(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_workbook(small(), path)
    found = openpyxl.load_workbook(path)
    found["进展登记"]["A4"], found["进展登记"]["B4"] = "2021-03-05", "督查"
    found.save(path)
    before = path.read_bytes()
    with pytest.raises(UsageError, match="1 rows of events that would be lost"):
        write_workbook(small(), path)
    assert path.read_bytes() == before
    write_workbook(small(), path, events=read_workbook(path).events)
    assert len(read_workbook(path).events) == 1


def test_a_ledger_takes_the_workbook_in_as_often_as_one_likes(
    book: Path, events: pd.DataFrame
) -> None:
    pd.testing.assert_frame_equal(read_events(book, sheet="进展登记"), events)
    ledger = memory_ledger()
    assert len(ledger.import_file(book).added) == len(events)
    again = ledger.import_file(book)
    assert (len(again.unchanged), again.added, again.rejected) == (len(events), (), ())
