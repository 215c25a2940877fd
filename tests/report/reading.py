"""Reads the tables of each format back, as rows of text by heading."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

Rows = list[dict[str, str]]


def markdown_tables(text: str) -> Rows:
    rows: Rows = []
    heads: list[str] | None = None
    for line in text.splitlines():
        if not line.startswith("|"):
            heads = None
            continue
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if heads is None:
            heads = cells
        elif not set(line) <= set("|-:"):
            rows.append(dict(zip(heads, map(unescaped, cells), strict=True)))
    return rows


def unescaped(text: str) -> str:
    text = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    return re.sub(r"\\([\\`*_\[\]|~#=+.)-])", r"\1", text)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.rows: Rows = []
        self.heads: list[str] = []
        self.cells: list[str] = []
        self.where = ""

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "thead":
            self.heads, self.where = [], "head"
        elif tag == "tbody":
            self.where = "body"
        elif tag == "tr":
            self.cells = []
        elif tag in ("td", "th"):
            self.cells.append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == "tr" and self.where == "head":
            self.heads = self.cells
        elif tag == "tr":
            self.rows.append(dict(zip(self.heads, self.cells, strict=True)))
        elif tag == "table":
            self.where = ""

    def handle_data(self, data: str) -> None:
        if self.where and self.cells:
            self.cells[-1] += data.strip()


def html_tables(text: str) -> Rows:
    parser = _Tables()
    parser.feed(text)
    parser.close()
    return parser.rows


def docx_tables(content: bytes) -> Rows:
    import docx

    rows: Rows = []
    for table in docx.Document(io.BytesIO(content)).tables:
        texts = [[cell.text for cell in row.cells] for row in table.rows]
        rows += [dict(zip(texts[0], row, strict=True)) for row in texts[1:]]
    return rows


def docx_text(content: bytes) -> str:
    import docx

    return "\n".join(one.text for one in docx.Document(io.BytesIO(content)).paragraphs)


def xlsx_sheet(content: bytes, name: str) -> list[dict[str, object]]:
    import openpyxl

    book = openpyxl.load_workbook(io.BytesIO(content))
    heads, *rows = book[name].iter_rows(values_only=True)
    return [dict(zip(map(str, heads), row, strict=True)) for row in rows]
