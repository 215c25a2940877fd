"""The Word file keeps to the layout of official documents."""

from __future__ import annotations

import io
from typing import Any

import pytest

docx = pytest.importorskip("docx")

import partybuild as pb  # noqa: E402 - only with python-docx
from partybuild.report.docx import render_docx  # noqa: E402
from partybuild.report.docx_parts import SHADES  # noqa: E402

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@pytest.fixture(scope="module")
def document(december: pb.Assessment) -> Any:
    draft = pb.carry_forward(december, start="2022-01-01", end="2022-12-31")
    return docx.Document(io.BytesIO(render_docx(december, next_plan=draft)))


def test_page_and_margins(document: Any) -> None:
    section = document.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = [section.top_margin, section.bottom_margin, section.left_margin, section.right_margin]
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]


def fonts_of(element: Any) -> Any:
    return element.rPr.rFonts.get(f"{W}eastAsia")


def test_fonts_sizes_and_lines(document: Any) -> None:
    styles = document.styles
    told = {name: fonts_of(styles[name].element) for name in ("Title", "Heading 1", "Heading 2")}
    assert told == {"Title": "方正小标宋简体", "Heading 1": "黑体", "Heading 2": "楷体_GB2312"}
    assert fonts_of(styles["Normal"].element) == "仿宋_GB2312"
    assert [styles[name].font.size.pt for name in ("Title", "Heading 1", "Normal")] == [22, 16, 16]
    body = [one for one in document.paragraphs if one.style.name == "Normal" and len(one.text) > 60]
    assert body
    assert {
        one.paragraph_format.line_spacing.pt for one in body if one.runs[0].font.size.pt == 16
    } == {28}


def test_missing_fonts_have_stand_ins(document: Any) -> None:
    parts = {str(part.partname): part for part in document.part.package.iter_parts()}
    table = parts["/word/fontTable.xml"].blob.decode()
    for name, stand_in in (
        ("方正小标宋简体", "宋体"),
        ("仿宋_GB2312", "FangSong"),
        ("楷体_GB2312", "KaiTi"),
    ):
        assert f'w:name="{name}"><w:altName w:val="' in table
        assert stand_in in table


def test_headings_are_numbered_as_in_official_documents(document: Any) -> None:
    heads = [one.text for one in document.paragraphs if one.style.name == "Heading 1"]
    assert heads == ["一、履行职责情况", "二、存在的问题", "三、下一步打算", "数据说明"]
    seconds = [one.text for one in document.paragraphs if one.style.name == "Heading 2"]
    assert [one[:3] for one in seconds] == ["（一）", "（二）", "（三）", "（四）", "（五）"] * 2


def test_tables_fit_the_page_and_repeat_their_heads(document: Any) -> None:
    assert len(document.tables) == 5
    for table in document.tables:
        assert sum(column.width.mm for column in table.columns) == pytest.approx(156, abs=1)
        assert table.rows[0]._tr.trPr.find(f"{W}tblHeader") is not None
        assert all(row._tr.trPr.find(f"{W}cantSplit") is not None for row in table.rows)


def test_lights_are_coloured_cells(document: Any, december: pb.Assessment) -> None:
    fills = [
        cell._tc.tcPr.find(f"{W}shd").get(f"{W}fill")
        for table in document.tables
        for row in table.rows[1:]
        for cell in row.cells
        if cell._tc.tcPr.find(f"{W}shd") is not None
    ]
    assert fills == [SHADES[light] for light in december.targets["light"]]


def test_pages_are_numbered_at_the_outer_edge(document: Any) -> None:
    section = document.sections[0]
    assert document.settings.odd_and_even_pages_header_footer
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    for foot in (odd, even):
        assert foot.text.startswith("— ")
        assert "PAGE" in [one.text for one in foot._p.iter(f"{W}instrText")]
    assert (odd.alignment, even.alignment) == (2, 0)


def test_organisations_get_their_tables(villages: pb.Assessment) -> None:
    document = docx.Document(io.BytesIO(render_docx(villages)))
    heads = [cell.text for cell in document.tables[0].rows[0].cells]
    assert heads[:3] == ["名次", "组织", "完成率"]
    assert sum(len(table.rows) - 1 for table in document.tables[1:]) == len(villages.targets)


def test_charts_are_as_wide_as_the_text(september: pb.Assessment) -> None:
    pytest.importorskip("matplotlib")
    picture = pb.figure_png(pb.chart_progress(september), dpi=50)
    document = docx.Document(
        io.BytesIO(render_docx(september, pictures={"各指标\x07进度": picture}))
    )
    assert [round(shape.width.mm) for shape in document.inline_shapes] == [156]
    assert document.paragraphs[-1].text == "各指标进度"


def test_a_tall_picture_fits_the_page(september: pb.Assessment) -> None:
    pytest.importorskip("matplotlib")
    figure = pb.chart_progress(september)
    figure.set_size_inches(4, 20)
    picture = pb.figure_png(figure, dpi=40)
    document = docx.Document(io.BytesIO(render_docx(september, pictures={"图": picture})))
    shape = document.inline_shapes[0]
    assert shape.height.mm <= 195.1
    assert shape.height / shape.width == pytest.approx(5, rel=0.01)


def test_a_picture_that_word_cannot_show_is_refused(september: pb.Assessment) -> None:
    with pytest.raises(pb.UsageError, match="bytes of a PNG"):
        render_docx(september, pictures={"图": "<svg/>"})  # type: ignore[dict-item]
