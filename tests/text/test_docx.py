"""Reports in .docx: paragraphs, headings and tables; hostile files are refused."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from partybuild.errors import SourceError
from partybuild.sources.text import docx as reader
from partybuild.sources.text.docx import read_docx
from partybuild.sources.text.reader import read_text

NAMESPACE = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def paragraph(text: str, style: str = "") -> str:
    style = f'<w:pPr><w:pStyle w:val="{style}"/></w:pPr>' if style else ""
    return f"<w:p>{style}<w:r><w:t>{text}</w:t></w:r></w:p>"


def table(*rows: tuple[str, ...]) -> str:
    cells = ["".join(f"<w:tc>{paragraph(c)}</w:tc>" for c in row) for row in rows]
    return "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"


def save(path: Path, body: str, *, head: str = "", member: str = "word/document.xml") -> Path:
    xml = f'{head}<w:document xmlns:w="{NAMESPACE}"><w:body>{body}</w:body></w:document>'
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(member, xml)
    return path


def test_paragraphs_headings_and_tables(tmp_path: Path) -> None:
    body = (
        paragraph("2020年述职报告")
        + paragraph("工作回顾", "Heading1")
        + paragraph("今年共召开会议12次。")
        + paragraph("二、下一步打算", "1")
        + paragraph("每季度召开推进会不少于1次。")
        + table(("任务", "完成时限", "责任单位"), ("建成示范点3个", "6月底前", "党建办"))
    )
    path = save(tmp_path / "report.docx", body)
    assert read_docx(path).splitlines() == [
        "2020年述职报告",
        "## 工作回顾",
        "今年共召开会议12次。",
        "二、下一步打算",
        "每季度召开推进会不少于1次。",
        "任务\t完成时限\t责任单位",
        "建成示范点3个\t6月底前\t党建办",
    ]
    draft = read_text(path)
    assert [(t.value, str(t.deadline)) for t in draft.targets] == [(1, "None"), (3, "2021-06-30")]


def test_deleted_words_are_not_read(tmp_path: Path) -> None:
    body = "<w:p><w:del><w:r><w:t>删</w:t></w:r></w:del><w:r><w:t>留</w:t></w:r></w:p>"
    assert read_docx(save(tmp_path / "a.docx", body)) == "留"


def test_a_table_in_a_cell_becomes_its_text(tmp_path: Path) -> None:
    inner = table(("甲", "乙"))
    body = f"<w:tbl><w:tr><w:tc>{paragraph('外')}{inner}</w:tc></w:tr></w:tbl>"
    assert read_docx(save(tmp_path / "a.docx", body)) == "外；甲 乙"


def test_entities_are_refused(tmp_path: Path) -> None:
    head = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'
    path = save(tmp_path / "a.docx", paragraph("&b;"), head=head)
    with pytest.raises(SourceError, match="entities"):
        read_docx(path)


def test_a_declaration_across_two_pieces_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reader, "_CHUNK", 7)
    path = save(
        tmp_path / "a.docx", paragraph("x"), head='<!DOCTYPE x SYSTEM "file:///etc/passwd">'
    )
    with pytest.raises(SourceError, match="entities"):
        read_docx(path)


def test_a_bomb_is_refused(tmp_path: Path) -> None:
    path = save(tmp_path / "a.docx", paragraph("一" * 20_000_000))
    with pytest.raises(SourceError, match="zip bomb"):
        read_docx(path)


def test_too_much_text_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = save(tmp_path / "a.docx", paragraph("文" * 2_000))
    monkeypatch.setattr(reader, "MAX_DOCUMENT_BYTES", 1_000)
    with pytest.raises(SourceError, match="unpacks to"):
        read_docx(path)


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    body = "<w:sdt>" * 500 + "</w:sdt>" * 500
    with pytest.raises(SourceError, match="deep"):
        read_docx(save(tmp_path / "a.docx", body))


def test_what_is_no_docx(tmp_path: Path) -> None:
    plain = tmp_path / "a.docx"
    plain.write_text("hello", encoding="utf-8")
    with pytest.raises(SourceError, match=r"not a \.docx"):
        read_docx(plain)
    with pytest.raises(SourceError, match=r"word/document\.xml"):
        read_docx(save(tmp_path / "b.docx", "", member="other.xml"))
    with zipfile.ZipFile(tmp_path / "c.docx", "w") as archive:
        archive.writestr("word/document.xml", "<html></html>")
    with pytest.raises(SourceError, match="not a Word document"):
        read_docx(tmp_path / "c.docx")
    with zipfile.ZipFile(tmp_path / "d.docx", "w") as archive:
        archive.writestr("word/document.xml", "<w:document")
    with pytest.raises(SourceError, match="damaged"):
        read_docx(tmp_path / "d.docx")


def test_an_external_link_is_never_followed(tmp_path: Path) -> None:
    link = '<w:hyperlink r:id="rId9" xmlns:r="x"><w:r><w:t>链接</w:t></w:r></w:hyperlink>'
    path = tmp_path / "a.docx"
    save(path, f"<w:p>{link}</w:p>")
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(
            "word/_rels/document.xml.rels",
            '<Relationships><Relationship Id="rId9" TargetMode="External" '
            'Target="http://localhost:1/"/></Relationships>',
        )
    assert read_docx(path) == "链接"
