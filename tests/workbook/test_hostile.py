"""Files made to do harm: nothing is executed, fetched or expanded, and limits hold."""

from __future__ import annotations

import socket
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

openpyxl = pytest.importorskip("openpyxl")

from work import calls_of  # noqa: E402

from partybuild.errors import SourceError  # noqa: E402
from partybuild.plan import Plan  # noqa: E402
from partybuild.sources import excel  # noqa: E402
from partybuild.workbook import read_plan_sheet, read_workbook, refresh_workbook  # noqa: E402

PLAN = Plan(id="2021", start="2021-01-01", end="2021-12-31")
SHEET = "xl/worksheets/sheet1.xml"
CALLS: list[Callable[[Path], object]] = [
    read_workbook,
    read_plan_sheet,
    lambda path: refresh_workbook(path, plan=PLAN, as_of="2021-06-30"),
]


@pytest.fixture
def book(tmp_path: Path) -> Path:
    path = tmp_path / "a.xlsx"
    found = openpyxl.Workbook()
    found.active.append(["日期", "事项", "备注"])
    found.active.append(["2021-03-05", "督查", "x"])
    found.save(path)
    return path


def change(path: Path, **parts: bytes | Callable[[bytes], bytes]) -> None:
    """Replace parts of a workbook, by their last name without the ending."""
    with zipfile.ZipFile(path) as package:
        content = {name: package.read(name) for name in package.namelist()}
    for name, data in content.items():
        if (new := parts.pop(Path(name).stem, None)) is not None:
            content[name] = new if isinstance(new, bytes) else new(data)
    assert not parts
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in content.items():
            package.writestr(name, data)


@pytest.fixture
def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("the network was asked for")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("part", ["sheet1", "workbook", "styles", "theme1"])
def test_entities_are_refused(book: Path, call: Callable[[Path], object], part: str) -> None:
    def declare(data: bytes) -> bytes:
        head, mark, rest = data.partition(b"?>")
        return head + mark + LAUGHS + rest if mark else LAUGHS + data

    change(book, **{part: declare})
    with pytest.raises(SourceError, match="entities"):
        call(book)


def test_entities_do_not_hide_in_another_encoding(book: Path) -> None:
    change(book, sheet1=lambda data: (LAUGHS + data).decode().encode("utf-16"))
    with pytest.raises(SourceError, match="not UTF-8"):
        read_workbook(book)


def test_an_entity_that_reads_a_file_is_refused(book: Path, offline: None) -> None:
    secret = b'<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/hostname">]>'
    change(book, sheet1=lambda data: secret + data.replace(b"<t>x</t>", b"<t>&f;</t>"))
    with pytest.raises(SourceError, match="entities"):
        read_workbook(book)


@pytest.mark.parametrize("call", CALLS)
def test_what_unpacks_beyond_the_limit_is_refused_at_once(
    book: Path, call: Callable[[Path], object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_UNPACKED_BYTES", 40 << 20)
    with zipfile.ZipFile(book, "a", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/media/bomb.bin", b"\0" * (41 << 20))
    assert book.stat().st_size < 1 << 20

    def refused() -> None:
        with pytest.raises(SourceError, match="unpacked; at most"):
            call(book)

    assert calls_of(refused) < 20_000


def test_too_many_parts_and_too_large_files_are_refused(
    book: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_WORKBOOK_BYTES", 100)
    with pytest.raises(SourceError, match="at most 100 are read"):
        read_workbook(book)
    monkeypatch.undo()
    monkeypatch.setattr(excel, "_MAX_PARTS", 3)
    with pytest.raises(SourceError, match="parts"):
        read_workbook(book)


def test_more_cells_than_the_limit_are_refused(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(excel, "MAX_CELLS", 5)
    with pytest.raises(SourceError, match="5 cells"):
        read_workbook(book)


def test_formulas_are_neither_run_nor_followed(book: Path, offline: None) -> None:
    found = openpyxl.load_workbook(book)
    page = found.active
    page["C2"] = '=WEBSERVICE("http://example.org/")'
    page["C3"] = "=cmd|' /C calc'!A0"
    page["D2"] = "='[http://example.org/other.xlsx]Sheet1'!A1"
    page["A3"], page["B3"] = "2021-03-06", "督查"
    found.save(book)
    draft = read_workbook(book)
    assert {one.code for one in draft.errors} == {"formula-without-value"}
    assert [one.cell for one in draft.errors] == ["C2", "D2", "C3"]


def test_a_merged_range_as_large_as_a_sheet_costs_nothing(book: Path) -> None:
    ranges = b"".join(b'<mergeCell ref="A%d:XFD1048576"/>' % number for number in range(2, 2000))
    change(
        book,
        sheet1=lambda data: data.replace(
            b"</sheetData>", b"</sheetData><mergeCells>" + ranges + b"</mergeCells>"
        ),
    )
    assert read_workbook(book).rows_in == 1
    assert calls_of(lambda: read_workbook(book)) < 500_000


def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path) -> None:
    for content in (b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0" + b"\0" * 600, b"<html/>"):
        path = tmp_path / "a.xlsx"
        path.write_bytes(content)
        for call in CALLS:
            with pytest.raises(SourceError):
                call(path)
        assert path.read_bytes() == content


def test_part_names_that_lead_outside_are_only_names(book: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(book, "a") as package:
        package.writestr("../../evil.txt", b"x")
    refresh_workbook(book, plan=PLAN, as_of="2021-06-30")
    assert not (tmp_path.parent.parent / "evil.txt").exists()
    assert sorted(one.name for one in tmp_path.iterdir()) == ["a.xlsx"]


def test_html_of_a_draft_is_escaped(book: Path) -> None:
    found = openpyxl.load_workbook(book)
    found.active["B2"] = "<script>alert(1)</script>"
    found.active["A3"] = "<img src=x>"
    found.save(book)
    html = read_workbook(book)._repr_html_()
    assert "<script>" not in html
    assert "<img" not in html
    assert "&lt;img" in html
