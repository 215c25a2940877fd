"""Hostile names and notes come through every renderer as text."""

from __future__ import annotations

import io
import re
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pandas as pd
import pytest
from report.reading import docx_tables, html_tables, markdown_tables, xlsx_sheet

import partybuild as pb
from partybuild.assessment.notebook import assessment_html
from partybuild.report.docx import render_docx
from partybuild.report.html import render_html
from partybuild.report.markdown import escape_markdown, render_markdown
from partybuild.report.prose import render_report
from partybuild.report.xlsx import render_xlsx
from partybuild.texts import one_line

NAMES = {
    "script": "<script>alert(1)</script>",
    "attribute": '" onmouseover="alert(1)" \'',
    "formula": '=HYPERLINK("http://a.example","按")',
    "plus": "+1+1",
    "minus": "-2+3",
    "at": "@SUM(A1:A9)",
    "path": "../../etc/passwd",
    "long": "长" * 3000,
    "arabic": "\u0645\u0631\u062d\u0628\u0627 العالم",
    "override": "甲\u202e乙\u2066丙",
    "emoji": "🐉👩‍👩‍👧",
    "control": "一\x00二\x07三\x1b[31m四",
    "lines": "第一行\n第二行\t格",
    "markdown": "**粗** | _斜_ [链](http://a.example) `码` ~~删~~ # 1. *",
    "entity": "&lt;b&gt; &amp; &#60;",
    "template": "{{ 7*7 }} {% raw %}",
    "code": "_x0041_ %s {0}",
    "lonely": "半\ud800字",
    "xml": "]]> <!-- --> <?xml?>",
}


def hostile(name: str) -> pb.Assessment:
    plan = pb.Plan(
        id=name.strip() or "x",
        title=name,
        start="2021-01-01",
        end="2021-12-31",
        rosters={"villages": ["甲", {"id": "乙", "name": name}]},
        commitment=[
            {
                "id": "1",
                "section": name,
                "text": name,
                "owner": name,
                "target": [
                    {"id": "a", "name": name, "measure": "count", "kind": "k", "at_least": 3},
                    {"id": "b", "measure": "count", "kind": "k", "at_least": 1, "each": "villages"},
                    {
                        "id": "c",
                        "name": name,
                        "measure": "count",
                        "kind": "k",
                        "at_least": 9,
                        "revisions": [{"from": "2021-02-01", "waived": True, "reason": name}],
                    },
                ],
            },
            {"id": "2", "section": name, "text": name},
        ],
    )
    events = pd.DataFrame(
        {
            "id": ["1", "2"],
            "kind": ["k", "others"],
            "date": ["2021-03-01", "2021-04-01"],
            "subject": ["甲", None],
            "note": [name, None],
            name.strip() or "x": [name, None],
        }
    )
    return pb.assess(plan, events, as_of="2021-12-31")


# no file can hold half a surrogate pair: test_clean_text is for that one
@pytest.fixture(params=[name for name in NAMES if name != "lonely"])
def case(request: pytest.FixtureRequest) -> tuple[str, pb.Assessment]:
    name = NAMES[request.param]
    return one_line(name), hostile(name)


def test_markdown(case: tuple[str, pb.Assessment]) -> None:
    name, assessment = case
    text = render_markdown(assessment)
    rows = markdown_tables(text)
    assert [row["指标"] for row in rows] == [name, "b", name]
    assert "<script" not in text
    assert "\x07" not in text
    assert len([line for line in text.splitlines() if line.startswith("#")]) == 3


def test_work_report(case: tuple[str, pb.Assessment]) -> None:
    name, assessment = case
    assert escape_markdown(f"在{name}").removeprefix("在") in render_report(assessment)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, tuple[str, ...]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, tuple(sorted(key for key, _ in attrs))))


def tags(text: str) -> set[tuple[str, tuple[str, ...]]]:
    parser = _Tags()
    parser.feed(text)
    return set(parser.seen)


def test_html(case: tuple[str, pb.Assessment]) -> None:
    name, assessment = case
    text = render_html(assessment)
    assert [row["指标"] for row in html_tables(text)] == [name, "b", name]
    assert tags(text) == tags(render_html(hostile("平常")))


def test_notebook(case: tuple[str, pb.Assessment]) -> None:
    _, assessment = case
    assert tags(assessment_html(assessment)) == tags(assessment_html(hostile("平常")))


def test_word(case: tuple[str, pb.Assessment]) -> None:
    pytest.importorskip("docx")
    name, assessment = case
    content = render_docx(assessment)
    assert [row["指标"] for row in docx_tables(content)] == [name, "b", name]
    assert_xml(content)


@pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")
def test_excel(case: tuple[str, pb.Assessment]) -> None:
    pytest.importorskip("openpyxl")
    pytest.importorskip("xlsxwriter")
    name, assessment = case
    content = render_xlsx(assessment)
    names = [str(row["指标"]).replace("_x005F_", "_") for row in xlsx_sheet(content, "指标")]
    assert names == [name, "b", name]
    events = xlsx_sheet(content, "进展记录")
    told = [None if pd.isna(one) else one_line(one) for one in assessment.events["note"]]
    # openpyxl leaves the escape of _x0041_ as it stands in the file; Excel shows the text
    texts = [one and str(one).replace("_x005F_", "_") for one in (row["备注"] for row in events)]
    assert texts == told
    assert_xml(content)
    for part, text in parts(content).items():
        if part.startswith("xl/worksheets/sheet"):
            assert b"<f>" not in text
            assert b"<hyperlink" not in text


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as book:
        assert all(".." not in name and not name.startswith("/") for name in book.namelist())
        return {name: book.read(name) for name in book.namelist()}


def assert_xml(content: bytes) -> None:
    for name, text in parts(content).items():
        if name.endswith((".xml", ".rels")):
            ET.fromstring(text)


@pytest.mark.parametrize("name", NAMES)
def test_clean_text(name: str) -> None:
    text = one_line(NAMES[name])
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", text)
    text.encode("utf-8")
    assert one_line(text) == text
    if name not in ("override", "control", "lines", "lonely"):
        assert text == NAMES[name].strip()
