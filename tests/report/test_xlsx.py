"""The workbook: sheets, filters, print layout, colours and charts."""

from __future__ import annotations

import io
import sys
import zipfile
from typing import Any

import pandas as pd
import pytest

openpyxl = pytest.importorskip("openpyxl")
pytest.importorskip("xlsxwriter")

import partybuild as pb  # noqa: E402 - only with the extra
from partybuild.report.view_sheets import ColumnView, SheetView  # noqa: E402
from partybuild.report.xlsx import render_xlsx  # noqa: E402
from partybuild.report.xlsx_rows import _amount_style, cut, letter  # noqa: E402

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")


@pytest.fixture(scope="module")
def content(september: pb.Assessment) -> bytes:
    return render_xlsx(september)


@pytest.fixture(scope="module")
def book(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_sheets(book: Any) -> None:
    assert book.sheetnames == ["总览", "指标", "考核期明细", "差距清单", "进展记录"]


def test_sheets_in_english(september: pb.Assessment) -> None:
    book = openpyxl.load_workbook(io.BytesIO(render_xlsx(september, lang="en")))
    assert book.sheetnames == ["Summary", "Targets", "Standings", "Shortfalls", "Events"]


def test_long_sheets_filter_freeze_and_print(book: Any) -> None:
    for sheet in book.worksheets[1:]:
        assert sheet.auto_filter.ref == sheet.dimensions
        assert sheet.freeze_panes is not None
        assert sheet.print_area
        assert sheet.print_title_rows == "$1:$1"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth or 1, sheet.page_setup.fitToHeight) == (1, 0)


def test_lights_colour_the_rows(book: Any) -> None:
    rules = [rule for group in book["指标"].conditional_formatting for rule in group.rules]
    formulas = [rule.formula[0] for rule in rules if rule.type == "expression"]
    assert [formula.split("=")[1] for formula in formulas] == [
        '"红灯"',
        '"黄灯"',
        '"绿灯"',
        '"灰灯"',
    ]
    assert "dataBar" in [rule.type for rule in rules]


def test_charts_are_native(content: bytes) -> None:
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/chart")]
        assert len(charts) == 2
        told = b"".join(parts.read(name) for name in charts).decode()
    assert "指标状态分布" in told
    assert "各指标完成率" in told


def test_percentages_are_numbers_with_a_format(book: Any) -> None:
    heads, *rows = book["指标"].iter_rows()
    at = {cell.value: cell.column - 1 for cell in heads}
    growth = next(row for row in rows if row[at["指标"]].value == "媒体刊稿增长")
    assert growth[at["实际"]].value == pytest.approx(-0.2)
    assert growth[at["实际"]].number_format == "0.00##%"
    assert growth[at["完成率"]].number_format == "0.00%"


@pytest.mark.parametrize(
    ("value", "style"),
    [(60.0, "plain"), (136.4, "two"), (136.39999999999998, "two"), (450.0552, "four"),
     (94.99999, "plain"), (94.996, "four")],
)  # fmt: skip
def test_decimals_say_it_all(value: float, style: str) -> None:
    assert _amount_style(value) == style


def test_nearly_done_does_not_show_as_done() -> None:
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31",
        commitment=[{"id": "1", "target": [
            {"id": "t", "measure": "total", "kind": "k", "at_least": 1_000_000, "unit": "元"}]}],
    )  # fmt: skip
    rows = {"id": ["1"], "kind": ["k"], "date": ["2021-03-01"], "quantity": [999_999.0]}
    content = render_xlsx(pb.assess(plan, pd.DataFrame(rows), as_of="2021-12-31"))
    sheet = openpyxl.load_workbook(io.BytesIO(content))["指标"]
    cell = next(one for one in sheet[2] if one.value == pytest.approx(0.999999))
    assert cell.number_format == "0.000000%"


def test_attributes_keep_their_headings_and_dates_before_1900_stay_readable() -> None:
    target = {"id": "t", "measure": "count", "kind": "k", "at_least": 1}
    commitment = {"id": "1", "target": [target]}
    plan = pb.Plan(id="p", start="2021-01-01", end="2021-12-31", commitment=[commitment])
    rows = {
        "id": ["1", "2"],
        "kind": ["k", "k"],
        "date": ["1890-03-01", "2021-03-01"],
        "层级": ["市级", None],
        "分值": [1.5, None],
    }
    content = render_xlsx(pb.assess(plan, pd.DataFrame(rows), as_of="2021-12-31"))
    heads, *told = openpyxl.load_workbook(io.BytesIO(content))["进展记录"].values
    first, second = (dict(zip(heads, row, strict=True)) for row in told)
    assert (first["层级"], first["分值"], first["日期"]) == ("市级", 1.5, "1890-03-01")
    assert (second["层级"], second["分值"]) == (None, None)


def test_a_bar_is_drawn_when_asked_for(
    september: pb.Assessment, capsys: pytest.CaptureFixture[str]
) -> None:
    render_xlsx(september)
    assert capsys.readouterr().err == ""
    render_xlsx(september, progress=True)
    drawn = capsys.readouterr()
    assert drawn.out == ""
    assert drawn.err.endswith("100%\n")


def test_long_texts_are_cut_to_what_a_cell_holds() -> None:
    assert len(cut("长" * 40_000)) == 32_767
    assert cut("短") == "短"


def test_letters_of_columns() -> None:
    assert [letter(at) for at in (0, 25, 26, 51, 52, 701, 702)] == [
        "A", "Z", "AA", "AZ", "BA", "ZZ", "AAA",
    ]  # fmt: skip


def test_views_count_their_rows() -> None:
    column = ColumnView(key="id", kind="text", values=["a", "b"])
    assert SheetView(key="events", columns=(column,)).rows == 2
    assert SheetView(key="events", columns=()).rows == 0
    assert "xlsxwriter" in sys.modules
