"""One figure, five places: frames, Markdown, HTML, Word and Excel say the same."""

from __future__ import annotations

import re
from collections import Counter

import pandas as pd
import pytest
from report.reading import docx_tables, docx_text, html_tables, markdown_tables, xlsx_sheet

import partybuild as pb
from partybuild.assessment.words import SHOWN_WORDS, status_word
from partybuild.report.docx import render_docx
from partybuild.report.html import render_html
from partybuild.report.markdown import render_markdown
from partybuild.report.prose import render_report
from partybuild.report.xlsx import render_xlsx

pytest.importorskip("docx")
pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


@pytest.fixture(scope="module", params=["september", "december"])
def year(request: pytest.FixtureRequest) -> pb.Assessment:
    assessment: pb.Assessment = request.getfixturevalue(request.param)
    return assessment


def first_number(text: str) -> float | None:
    found = NUMBER.search(text)
    return float(found[0]) if found else None


def shown(value: float, unit: object) -> float:
    """The number a reader sees for a value of a frame."""
    return value * 100 if unit == "%" else value


def words_of(frame: pd.DataFrame, assessment: pb.Assessment) -> list[str]:
    """The word of each status: an allowance is used too fast, it is not behind."""
    allowances = {
        one.id
        for one in assessment.plan.targets
        if one.goal in ("at_most", "less_than") and one.measure_kind.is_additive
    }
    pairs = zip(frame["target"], frame["status"], strict=True)
    return [status_word(status, is_allowance=target in allowances) for target, status in pairs]


def check_rows(rows: list[dict[str, str]], assessment: pb.Assessment) -> None:
    targets = assessment.targets
    assert [row["指标"] for row in rows] == targets["name"].tolist()
    words = words_of(targets, assessment)
    assert [row["状态"].split()[1] for row in rows] == words
    for row, target in zip(rows, targets.itertuples(), strict=True):
        is_blank = target.status in ("upcoming", "waived") or target.measure == "milestone"
        if not is_blank and pd.notna(target.actual):
            number = first_number(row["实际"])
            assert number == pytest.approx(shown(target.actual, target.unit), abs=0.005)
        if pd.notna(target.completion) and target.status != "upcoming":
            assert first_number(row["完成率"]) == pytest.approx(target.completion * 100, abs=0.005)
        else:
            assert row["完成率"] == "—"
        if target.measure != "milestone" and target.shortfall > 0:
            number = first_number(row["缺口"])
            assert number == pytest.approx(shown(target.shortfall, target.unit), abs=0.005)
        elif target.measure != "milestone":
            assert row["缺口"] == "—"


def test_markdown_says_what_the_frames_say(year: pb.Assessment) -> None:
    check_rows(markdown_tables(render_markdown(year)), year)


def test_html_says_what_the_frames_say(year: pb.Assessment) -> None:
    check_rows(html_tables(render_html(year)), year)


def test_word_says_what_the_frames_say(year: pb.Assessment) -> None:
    check_rows(docx_tables(render_docx(year)), year)


def test_all_text_formats_have_the_same_cells(year: pb.Assessment) -> None:
    rows = markdown_tables(render_markdown(year))
    assert rows == html_tables(render_html(year)) == docx_tables(render_docx(year))


def test_word_has_the_prose_of_the_work_report(year: pb.Assessment) -> None:
    text = docx_text(render_docx(year))
    for line in render_report(year).splitlines():
        if line:
            assert re.sub(r"^#+ |\\", "", line) in text


def test_every_figure_of_the_prose_stands_in_the_table(year: pb.Assessment) -> None:
    prose = render_report(year, sections=["duties"])
    rows = {row["指标"]: row for row in markdown_tables(render_markdown(year))}
    for target in year.targets.itertuples():
        is_told = target.status in ("met", "late", "on_track", "in_progress", "unquantified")
        if not is_told or target.measure in ("milestone", "growth") or target.actual == 0:
            continue
        actual = rows[target.name]["实际"].split("（")[0]
        assert re.search(
            f"{re.escape(target.name)}(?:最近一期)?(?:累计|为)?{re.escape(actual)}", prose
        )


@pytest.mark.parametrize("key", ["targets", "standings", "shortfalls"])
def test_excel_holds_the_frames(year: pb.Assessment, key: str) -> None:
    names = {"targets": "指标", "standings": "考核期明细", "shortfalls": "差距清单"}
    rows = xlsx_sheet(render_xlsx(year), names[key])
    frame: pd.DataFrame = getattr(year, key)
    assert len(rows) == len(frame)
    for column, head in {"required": "应完成", "actual": "实际", "shortfall": "缺口"}.items():
        for value, row in zip(frame[column], rows, strict=True):
            if pd.isna(value):
                assert row[head] is None
            else:
                assert row[head] == pytest.approx(value, abs=1e-12)
    labels = year.plan.targets
    known = {target.id: target.label for target in labels}
    assert [row["指标"] for row in rows] == [known[one] for one in frame["target"]]
    assert [row["状态"] for row in rows] == words_of(frame, year)


def test_excel_holds_dates_as_dates(year: pb.Assessment) -> None:
    rows = xlsx_sheet(render_xlsx(year), "进展记录")
    assert [row["日期"] for row in rows] == year.events["date"].dt.to_pydatetime().tolist()
    assert [row["编号"] for row in rows] == year.events["id"].tolist()
    times = [row["登记时间"].replace(microsecond=0) for row in rows]  # type: ignore[attr-defined]
    told = year.events["recorded_at"].dt.round("s").tolist()
    assert all(
        abs((one - other).total_seconds()) <= 1 for one, other in zip(times, told, strict=True)
    )


def test_excel_summary_counts_the_targets(year: pb.Assessment) -> None:
    import io

    import openpyxl

    sheet = openpyxl.load_workbook(io.BytesIO(render_xlsx(year)))["总览"]
    counts = {
        row[0]: row[1] for row in sheet.iter_rows(min_row=5, max_row=20, values_only=True) if row[0]
    }
    assert counts == Counter(words_of(year.targets, year))
    assert set(counts) <= set(SHOWN_WORDS["zh"].values())
