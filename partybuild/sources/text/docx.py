"""The text of a .docx file, tables included; hostile files give a clear error.

Only the zip and XML readers of the standard library are used. What the document
points to elsewhere is never fetched, entities are never expanded, and nothing is
unpacked beyond a stated size.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any, Final
from xml.etree.ElementTree import Element, ParseError, XMLPullParser

from partybuild.errors import SourceError
from partybuild.sources.files import check_size

_MB: Final = 1 << 20
#: Largest file that is read, in bytes on disk, and its largest document, unpacked.
MAX_DOCX_BYTES: Final = 128 * _MB
MAX_DOCUMENT_BYTES: Final = 256 * _MB
#: A member that unpacks to more than this many times its size is a bomb.
_MAX_RATIO: Final = 200
_MAX_MEMBERS: Final = 10_000
_CHUNK: Final = 64 * 1024
_MAX_DEPTH: Final = 200

_W: Final = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_DOCUMENT: Final = "word/document.xml"
_STRICT: Final = "{http://purl.oclc.org/ooxml/wordprocessingml/main}"


def read_docx(path: Path) -> str:
    """Return the text of a .docx: one line a paragraph, one line a row, cells apart by tabs.

    Headings that carry no number of their own get the ``#`` of Markdown, so that
    the outline survives. Headers, footers, comments and deleted text are left out.

    Raises
    ------
    SourceError
        For a file that is missing, no .docx, damaged, encrypted, too large, or that
        declares entities.
    """
    check_size(path, MAX_DOCX_BYTES)
    try:
        with zipfile.ZipFile(path) as archive:
            info = _document_info(archive, path)
            with archive.open(info) as stream:
                return "\n".join(_lines(_checked(stream, path), path))
    except zipfile.BadZipFile as error:
        raise SourceError(f"{path}: not a .docx file, or damaged: {error}") from error
    except (NotImplementedError, RuntimeError, OSError, EOFError) as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: cannot be unpacked: {error}") from error


def _document_info(archive: zipfile.ZipFile, path: Path) -> zipfile.ZipInfo:
    if len(archive.infolist()) > _MAX_MEMBERS:
        raise SourceError(f"{path}: {len(archive.infolist()):,} parts; at most {_MAX_MEMBERS:,}")
    try:
        info = archive.getinfo(_DOCUMENT)
    except KeyError:
        raise SourceError(f"{path}: not a .docx file: it has no {_DOCUMENT}") from None
    if info.flag_bits & 1:
        raise SourceError(f"{path}: protected by a password; save it without one")
    if info.file_size > MAX_DOCUMENT_BYTES:
        raise SourceError(
            f"{path}: unpacks to {info.file_size:,} bytes; at most {MAX_DOCUMENT_BYTES:,} are read"
        )
    if info.file_size > _MB and info.file_size > _MAX_RATIO * max(1, info.compress_size):
        raise SourceError(
            f"{path}: unpacks to {info.file_size:,} bytes from {info.compress_size:,}; "
            "a document does not shrink so far (a zip bomb?)"
        )
    return info


def _checked(stream: IO[bytes], path: Path) -> Iterator[bytes]:
    """Yield the document in pieces; refuse entities, and more bytes than the header promised."""
    size, tail = 0, b""
    while chunk := stream.read(_CHUNK):
        size += len(chunk)
        if size > MAX_DOCUMENT_BYTES:
            raise SourceError(f"{path}: unpacks to more than {MAX_DOCUMENT_BYTES:,} bytes")
        window = (tail + chunk).replace(b"\0", b"")
        if b"<!DOCTYPE" in window or b"<!ENTITY" in window:
            raise SourceError(f"{path}: declares entities, which no report needs; not read")
        tail = window[-16:]
        yield chunk


class _Row:
    def __init__(self) -> None:
        self.cells: list[list[str]] = []


def _lines(chunks: Iterator[bytes], path: Path) -> Iterator[str]:
    # entities were refused in `_checked`, before a byte reaches the parser
    parser: XMLPullParser[Any] = XMLPullParser(["start", "end"])
    reader = _Reader(path)
    try:
        for chunk in chunks:
            parser.feed(chunk)
            events: Any = parser.read_events()
            for event, element in events:
                yield from reader.take(event, element)
        parser.close()
    except ParseError as error:
        raise SourceError(f"{path}: damaged: {error}") from error
    if not reader.is_document:
        raise SourceError(f"{path}: not a Word document")


class _Reader:
    """Gathers the words of paragraphs and rows while the elements go by."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.is_document = False
        self.depth = 0
        self.words: list[str] = []
        self.style = 0
        self.rows: list[_Row] = []
        self.skipped = 0

    def take(self, event: str, element: Element) -> Iterator[str]:
        tag = element.tag.replace(_STRICT, _W)
        if event == "start":
            self._start(tag)
        else:
            yield from self._end(tag, element)
            element.clear()

    def _start(self, tag: str) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise SourceError(f"{self.path}: elements {_MAX_DEPTH} deep; not a report")
        if tag == f"{_W}document":
            self.is_document = True
        elif tag == f"{_W}p":
            self.style = 0
            if not self.rows:
                self.words = []
        elif tag == f"{_W}tr":
            self.rows.append(_Row())
        elif tag == f"{_W}tc" and self.rows:
            self.rows[-1].cells.append([])
            self.words = []
        elif tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent"):
            self.skipped += 1

    def _end(self, tag: str, element: Element) -> Iterator[str]:
        self.depth -= 1
        if tag in (f"{_W}del", f"{_W}moveFrom", f"{_W}txbxContent"):
            self.skipped -= 1
        elif self.skipped:
            return
        elif tag == f"{_W}t":
            self.words.append(element.text or "")
        elif tag in (f"{_W}tab", f"{_W}br", f"{_W}cr"):
            self.words.append(" ")
        elif tag == f"{_W}noBreakHyphen":
            self.words.append("-")
        elif tag == f"{_W}pStyle":
            self.style = _heading_level(_attribute(element, "val"))
        elif tag == f"{_W}p":
            yield from self._paragraph()
        elif tag == f"{_W}tr" and self.rows:
            row = self.rows.pop()
            text = ["；".join(part for part in cell if part) for cell in row.cells]
            if self.rows and self.rows[-1].cells:
                # a table inside a cell becomes the text of that cell
                self.rows[-1].cells[-1].append(" ".join(filter(None, text)))
            elif any(text):
                yield "\t".join(text)

    def _paragraph(self) -> Iterator[str]:
        text = re.sub(r"[\s\u3000]+", " ", "".join(self.words)).strip()
        self.words = []
        if self.rows and self.rows[-1].cells:
            self.rows[-1].cells[-1].append(text.rstrip("；"))
        elif text:
            is_bare = self.style and not re.match(r"[（(]?[一二三四五六七八九十\d第#]", text)
            yield f"{'#' * self.style} {text}" if is_bare else text


def _attribute(element: Element, name: str) -> str:
    return element.get(f"{_W}{name}") or element.get(f"{_STRICT}{name}") or ""


def _heading_level(style: str) -> int:
    """Return the level of a heading style (Heading1, 标题 2, 3); 0 for other styles."""
    match = re.fullmatch(r"(?:[Hh]eading|标题)? ?([1-6])", style)
    return int(match[1]) + 1 if match else 0
