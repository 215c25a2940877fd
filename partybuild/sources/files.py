"""Opening files: what is missing, unreadable or too large is said so in one way.

Limits keep a broken or hostile file from filling the memory: each is checked
before the content is taken in.
"""

from __future__ import annotations

import contextlib
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import attrs
import numpy as np

from partybuild.errors import SourceError

_MB: Final = 1 << 20

#: Largest text file (CSV, JSON Lines) that is read, in bytes.
MAX_TEXT_BYTES: Final = 2048 * _MB
#: Largest workbook that is read, in bytes as it lies on disk, and unpacked.
MAX_WORKBOOK_BYTES: Final = 256 * _MB
MAX_UNPACKED_BYTES: Final = 2048 * _MB
#: Largest Parquet file that is read, in bytes on disk, unpacked, and in rows.
MAX_PARQUET_BYTES: Final = 4096 * _MB
MAX_PARQUET_UNPACKED_BYTES: Final = 16_384 * _MB
MAX_PARQUET_ROWS: Final = 100_000_000

_WIDE: Final = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}")
_BROKEN: Final = re.compile("[\udc80-\udcff]")


def check_size(path: Path, limit: int) -> int:
    """Return the size of a file in bytes; a missing or oversized one raises `SourceError`."""
    try:
        size = path.stat().st_size
        if not path.is_file():
            raise SourceError(f"{path}: not a file")
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: {_reason(error)}") from error
    except ValueError as error:
        raise SourceError(f"{str(path)!r}: no file can have this name") from error
    if size > limit:
        raise SourceError(f"{path}: {size:,} bytes; at most {limit:,} are read")
    return size


def read_bytes(path: Path, limit: int) -> bytes:
    """Read a whole file of at most `limit` bytes.

    Raises
    ------
    SourceError
        When it is missing, no file, not readable, or larger.
    """
    check_size(path, limit)
    try:
        return path.read_bytes()
    except OSError as error:
        raise SourceError(f"{path}: {_reason(error)}") from error


@attrs.frozen(kw_only=True)
class TextBytes:
    """The bytes of a text file and their encoding; `is_whole` when all of them are valid in it."""

    data: bytes
    encoding: str
    is_whole: bool

    @property
    def encoding_name(self) -> str:
        """The encoding as people call it."""
        return {"utf-8-sig": "UTF-8", "gb18030": "GB18030"}.get(self.encoding, "UTF-16")

    def open(self, newline: str) -> io.TextIOWrapper:
        """Open for reading; bytes that are not valid come as lone surrogates."""
        stream = io.BytesIO(self.data)
        return io.TextIOWrapper(
            stream, encoding=self.encoding, errors="surrogateescape", newline=newline
        )

    def broken_byte(self, first_line: int, last_line: int) -> int | None:
        """Offset of the first byte that is not valid in these lines (counted from 1)."""
        ends = np.flatnonzero(np.frombuffer(self.data, dtype=np.uint8) == ord("\n"))
        start = 0 if first_line <= 1 else int(ends[min(first_line - 2, len(ends) - 1)]) + 1
        stop = int(ends[last_line - 1]) + 1 if last_line <= len(ends) else len(self.data)
        try:
            self.data[start:stop].decode(_plain(self.encoding))
        except UnicodeDecodeError as error:
            return start + error.start
        return None


def _plain(encoding: str) -> str:
    """The encoding that counts the BOM as bytes, so that offsets are those of the file."""
    return "utf-8" if encoding == "utf-8-sig" else encoding


def is_broken(text: str) -> bool:
    """Whether decoding left bytes of `text` that are not valid."""
    return _BROKEN.search(text) is not None


def shown_bytes(text: str) -> str:
    r"""Write undecodable bytes as they stand, such as ``\xe6``."""
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def read_text_bytes(path: Path) -> TextBytes:
    """Read a text file and find its encoding: UTF-8 with or without BOM, GB18030, UTF-16 by BOM.

    A file that is UTF-8 but for some broken bytes stays UTF-8, although those
    bytes could be read as other characters in GB18030.

    Raises
    ------
    SourceError
        When it cannot be read, is no text, or is in none of these encodings;
        the text names the first byte that does not fit.
    """
    data = read_bytes(path, MAX_TEXT_BYTES)
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return TextBytes(data=_from_utf16(path, data), encoding="utf-8-sig", is_whole=True)
    if (nul := data.find(b"\0")) >= 0:
        raise SourceError(f"{path}: not a text file: byte 0 at offset {nul:,}")
    broken = _first_broken(data, "utf-8")
    if broken is None:
        return TextBytes(data=data, encoding="utf-8-sig", is_whole=True)
    wide, lost = len(_WIDE.findall(data)), _count_broken(data, "utf-8")
    if data.startswith(b"\xef\xbb\xbf") or wide * 2 > lost:
        return TextBytes(data=data, encoding="utf-8-sig", is_whole=False)
    if _first_broken(data, "gb18030") is None:
        return TextBytes(data=data, encoding="gb18030", is_whole=True)
    if _count_broken(data, "gb18030") * 10 > _count_broken(data, "ascii"):
        value = data[broken]
        raise SourceError(
            f"{path}: neither UTF-8 nor GB18030: byte 0x{value:02x} at offset {broken:,}; "
            "save the file as UTF-8"
        )
    return TextBytes(data=data, encoding="gb18030", is_whole=False)


def _from_utf16(path: Path, data: bytes) -> bytes:
    """Recode what Excel saves as Unicode text."""
    try:
        return data.decode("utf-16").encode()
    except UnicodeError as error:
        place = getattr(error, "start", 0)
        raise SourceError(f"{path}: broken UTF-16 at byte offset {place:,}") from error


def _first_broken(data: bytes, encoding: str) -> int | None:
    try:
        data.decode(encoding)
    except UnicodeDecodeError as error:
        return error.start
    return None


def _count_broken(data: bytes, encoding: str) -> int:
    return len(_BROKEN.findall(data.decode(encoding, "surrogateescape")))


@contextlib.contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a name to write to, which takes the place of `path` only when all went well.

    Raises
    ------
    SourceError
        When the folder is missing or nothing can be written there.
    """
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        yield part
        part.replace(path)
    except OSError as error:
        if isinstance(error, SourceError):
            raise
        raise SourceError(f"{path}: {_reason(error)}") from error
    finally:
        with contextlib.suppress(OSError):
            part.unlink(missing_ok=True)


def _reason(error: OSError) -> str:
    return (error.strerror or str(error) or type(error).__name__).lower()
