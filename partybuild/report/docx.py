"""The work report as a Word file in the layout of official documents (GB/T 9704)."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from partybuild.errors import MissingExtraError, UsageError
from partybuild.report.blocks import (
    Block,
    Bullets,
    Heading,
    Paragraph,
    TableBlock,
    checked_pictures,
    remarks,
    report_blocks,
)
from partybuild.report.docx_parts import (
    BODY,
    FONT_TABLE,
    HEADINGS,
    MARGINS_MM,
    MOST_PICTURE_MM,
    PAGE_MM,
    SHADES,
    TEXT_MM,
    Face,
)
from partybuild.report.docx_saved import saved
from partybuild.report.lang import wording
from partybuild.report.prose import SECTIONS, checked_sections, report_parts
from partybuild.report.tables import Cell, Table
from partybuild.report.view_build import Assessment, Plan, next_view, report_view
from partybuild.texts import one_line


def render_docx(
    assessment: Assessment,
    *,
    lang: str | None = None,
    sections: Sequence[str] = SECTIONS,
    next_plan: Plan | None = None,
    pictures: Mapping[str, bytes] | None = None,
) -> bytes:
    """Write the work report with its tables as a Word file; returns the bytes.

    A4 with the margins, type sizes and the 28 pt lines of GB/T 9704, headings 一、（一）,
    real tables whose lights are coloured cells, page numbers at the outer edge. The
    fonts are those of official documents, each with what stands in for it where it is
    not installed. `sections` and `next_plan` as in `render_report`; with organisations
    the tables by organisation take the place of the prose. `pictures` are charts to
    show at the end: a caption and the bytes of a PNG (`figure_png`). Needs the extra
    ``docx``.

    Raises `MissingExtraError` without python-docx, `UsageError` for a language there
    are no words for.
    """
    try:
        import docx
    except ImportError as error:
        raise MissingExtraError("Writing .docx", "docx") from error
    sections = checked_sections(sections)
    shown = checked_pictures(pictures)
    view = report_view(assessment)
    words = wording(view.lang if lang is None else lang)
    coming = None if next_plan is None else next_view(next_plan)
    blocks: Iterable[Block]
    if view.is_by_organisation:
        blocks = report_blocks(view, words)
    else:
        parts = report_parts(view, words, coming, sections=sections, with_tables=True)
        blocks = [*parts, Paragraph(words.words["legend"], is_note=True), *remarks(view, words)]
    writer = _Writer(docx)
    writer.lay_out(title=words.named(view), day=view.as_of)
    for block in blocks:
        writer.write(block)
    writer.show(shown, words.words["pictures"])
    return saved(writer.document)


class _Writer:
    """Puts blocks into one document; holds the modules of python-docx."""

    def __init__(self, docx: Any) -> None:
        import docx.enum.section
        import docx.enum.table
        import docx.enum.text
        import docx.oxml
        import docx.oxml.ns
        import docx.shared

        self.docx = docx
        self.document = docx.Document()
        self.mm = docx.shared.Mm
        self.pt = docx.shared.Pt
        self.align = docx.enum.text.WD_ALIGN_PARAGRAPH

    def lay_out(self, *, title: str, day: dt.date) -> None:
        """Set the page, the fonts of the whole document, its properties and its foot."""
        section = self.document.sections[0]
        section.page_width, section.page_height = (self.mm(size) for size in PAGE_MM)
        for side, size in MARGINS_MM.items():
            setattr(section, f"{side}_margin", self.mm(size))
        section.footer_distance = self.mm(25)
        self._set_fonts()
        properties = self.document.core_properties
        properties.title, properties.author, properties.comments = title[:255], "", ""
        properties.created = properties.modified = dt.datetime.combine(day, dt.time())
        self.document.settings.odd_and_even_pages_header_footer = True
        self._number_pages(section.footer, self.align.RIGHT)
        self._number_pages(section.even_page_footer, self.align.LEFT)

    def _set_fonts(self) -> None:
        style = self.document.styles["Normal"]
        self._dress(style, BODY)
        style.paragraph_format.space_before = style.paragraph_format.space_after = self.pt(0)
        for part in self.document.part.package.iter_parts():
            if str(part.partname).startswith("/word/fontTable"):
                part._blob = FONT_TABLE.encode("utf-8")  # python-docx has no call for it
        for level, face in HEADINGS.items():
            name = "Title" if level == 1 else f"Heading {level - 1}"
            heading = self.document.styles[name]
            self._dress(heading, face)
            self._plain_borders(heading)
            heading.paragraph_format.space_before = self.pt(0)
            heading.paragraph_format.space_after = self.pt(28 if level == 1 else 0)
            heading.paragraph_format.keep_with_next = True

    def _plain_borders(self, style: Any) -> None:
        properties = style.element.get_or_add_pPr()
        for border in properties.findall(self._name("w:pBdr")):
            properties.remove(border)

    def _dress(self, thing: Any, face: Face) -> None:
        """Give a style or a run its font, for Chinese and for other letters."""
        font = thing.font
        font.name, font.size, font.bold = face.latin, self.pt(face.size), face.is_bold
        font.italic = False
        font.color.rgb = self.docx.shared.RGBColor(0, 0, 0)
        fonts = thing.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(self._name(f"w:{theme}"), None)
        fonts.set(self._name("w:eastAsia"), face.east_asian)
        fonts.set(self._name("w:cs"), face.latin)
        properties = thing.element.get_or_add_rPr()
        for language in properties.findall(self._name("w:lang")):
            properties.remove(language)
        properties.append(self._element("w:lang", val="en-US", eastAsia="zh-CN"))

    def _name(self, tag: str) -> str:
        return str(self.docx.oxml.ns.qn(tag))

    def _element(self, tag: str, **attributes: str) -> Any:
        element = self.docx.oxml.OxmlElement(tag)
        for key, value in attributes.items():
            element.set(self._name(f"w:{key}"), value)
        return element

    def _number_pages(self, footer: Any, side: Any) -> None:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = side
        margin = paragraph.paragraph_format
        indent = self.pt(14)
        if side == self.align.RIGHT:
            margin.right_indent = indent
        else:
            margin.left_indent = indent
        for piece in ("— ", None, " —"):
            run = paragraph.add_run(piece or "")
            self._dress(run, Face(east_asian="宋体", latin="宋体", size=14))
            if piece is None:
                for kind in ("begin", None, "end"):
                    if kind is None:
                        code = self._element("w:instrText")
                        code.text = "PAGE"
                        run._r.append(code)
                    else:
                        run._r.append(self._element("w:fldChar", fldCharType=kind))

    def write(self, block: Block) -> None:
        """Write one block."""
        if isinstance(block, Heading):
            self._heading(block)
        elif isinstance(block, TableBlock):
            self._table(block.table)
        elif isinstance(block, Bullets):
            for number, item in enumerate(block.items, start=1):
                self._text(f"{number}. {item}")
        else:
            self._text(block.text, label=block.label, is_note=block.is_note)

    def _heading(self, block: Heading) -> None:
        name = "Title" if block.level == 1 else f"Heading {block.level - 1}"
        paragraph = self.document.add_paragraph(block.text, style=name)
        self._lines(paragraph, 36 if block.level == 1 else 28)
        if block.level == 1:
            paragraph.alignment = self.align.CENTER
        else:
            paragraph.paragraph_format.first_line_indent = self.pt(32)

    def _lines(self, paragraph: Any, points: float) -> None:
        """Set lines exactly `points` apart."""
        margin = paragraph.paragraph_format
        margin.line_spacing_rule = self.docx.enum.text.WD_LINE_SPACING.EXACTLY
        margin.line_spacing = self.pt(points)

    def _text(self, text: str, *, label: str | None = None, is_note: bool = False) -> None:
        paragraph = self.document.add_paragraph()
        face = Face(east_asian=BODY.east_asian, latin=BODY.latin, size=12) if is_note else BODY
        if label:
            self._dress(paragraph.add_run(label), Face(east_asian="黑体", latin="黑体", size=16))
        self._dress(paragraph.add_run(text), face)
        self._lines(paragraph, 20 if is_note else 28)
        paragraph.alignment = self.align.JUSTIFY
        paragraph.paragraph_format.first_line_indent = self.pt(face.size * 2)

    def show(self, pictures: Mapping[str, bytes], heading: str) -> None:
        """Show pictures as wide as the text or as tall as a page, each with its caption below."""
        if pictures:
            self._heading(Heading(2, heading))
        for caption, picture in pictures.items():
            if not isinstance(picture, bytes):
                expected = "the bytes of a PNG, as figure_png makes them"
                raise UsageError(f"pictures: got {type(picture).__name__}; expected {expected}")
            shown = self.document.add_paragraph()
            shown.paragraph_format.keep_with_next = True
            drawn = shown.add_run().add_picture(io.BytesIO(picture), width=self.mm(TEXT_MM))
            if drawn.height > self.mm(MOST_PICTURE_MM):
                drawn.width = round(drawn.width * self.mm(MOST_PICTURE_MM) / drawn.height)
                drawn.height = self.mm(MOST_PICTURE_MM)
            below = self.document.add_paragraph()
            below.alignment = self.align.CENTER
            face = Face(east_asian=BODY.east_asian, latin=BODY.latin, size=12)
            self._dress(below.add_run(one_line(caption)), face)

    def _table(self, table: Table) -> None:
        count = len(table.heads)
        self.document.paragraphs[-1].paragraph_format.space_after = self.pt(8)
        widths = table.widths or (1 / count,) * count
        grid = self.document.add_table(rows=0, cols=count)
        grid.style = "Table Grid"
        grid.autofit = False
        grid.alignment = self.docx.enum.table.WD_TABLE_ALIGNMENT.CENTER
        self._cell_margins(grid)
        for column, width in zip(grid.columns, widths, strict=True):
            column.width = self.mm(TEXT_MM * width)
        self._row(grid, [Cell(head) for head in table.heads], widths, is_head=True)
        for row in table.rows:
            self._row(grid, row, widths)
        self._lines(self.document.add_paragraph(), 14)

    def _cell_margins(self, grid: Any) -> None:
        margins = self._element("w:tblCellMar")
        for side in ("top", "left", "bottom", "right"):
            margins.append(self._element(f"w:{side}", w="45", type="dxa"))
        grid._tbl.tblPr.append(margins)

    def _row(
        self, grid: Any, cells: Sequence[Cell], widths: Sequence[float], *, is_head: bool = False
    ) -> None:
        row = grid.add_row()
        properties = row._tr.get_or_add_trPr()
        properties.append(self._element("w:cantSplit"))
        if is_head:
            properties.append(self._element("w:tblHeader"))
        face = Face(east_asian="黑体" if is_head else BODY.east_asian, latin=BODY.latin, size=10)
        for place, cell, width in zip(row.cells, cells, widths, strict=True):
            place.width = self.mm(TEXT_MM * width)
            place.vertical_alignment = self.docx.enum.table.WD_CELL_VERTICAL_ALIGNMENT.CENTER
            paragraph = place.paragraphs[0]
            self._dress(paragraph.add_run(cell.text), face)
            self._lines(paragraph, 15)
            is_figure = cell.is_figure and not is_head
            paragraph.alignment = self._side(is_head=is_head, is_figure=is_figure)
            if cell.light:
                shade = self._element("w:shd", val="clear", color="auto", fill=SHADES[cell.light])
                place._tc.get_or_add_tcPr().append(shade)

    def _side(self, *, is_head: bool, is_figure: bool) -> Any:
        if is_head:
            return self.align.CENTER
        return self.align.RIGHT if is_figure else self.align.LEFT
