"""Ledger files as files: made whole, checked before they are touched, their errors put in words."""

from __future__ import annotations

import os
import secrets
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Final

from partybuild.errors import LedgerError, PartybuildError, UsageError

__all__ = ["check_header", "companion", "file_path", "publish", "translated"]

_MAGIC: Final = b"SQLite format 3\x00"
_HEADER: Final = 100


@contextmanager
def translated(name: str) -> Iterator[None]:
    """Turn what SQLite and the system say into a `LedgerError` that says what it means."""
    try:
        yield
    except sqlite3.Error as error:
        raise LedgerError(f"{name}: {_meaning(error)}") from error
    except OSError as error:
        if isinstance(error, PartybuildError):
            raise
        raise LedgerError(f"{name}: {error.strerror or error}") from error


def file_path(path: object) -> Path:
    """Return a path that a caller gave, or raise `UsageError`."""
    if isinstance(path, str | os.PathLike):
        found = os.fspath(path)
        if isinstance(found, str) and found and "\x00" not in found:
            return Path(found)
    raise UsageError(f"path: got {path!r}; expected the name of a file")


def publish(path: Path, fill: Callable[[sqlite3.Connection], None]) -> None:
    """Write a database beside `path`, then give it that name; raise `FileExistsError` if taken."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}.new")
    try:
        with closing(sqlite3.connect(draft, isolation_level=None)) as connection:
            fill(connection)
        _sync(draft)
        try:
            os.link(draft, path)
        except FileExistsError:
            raise
        except (OSError, NotImplementedError, AttributeError):
            _rename(draft, path)
        _sync(path.parent)
    finally:
        for leftover in (draft, companion(draft, "-wal"), companion(draft, "-shm")):
            leftover.unlink(missing_ok=True)


def _rename(draft: Path, path: Path) -> None:
    """Give the draft its name on a file system without hard links."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL))
    os.replace(draft, path)


def _sync(path: Path) -> None:
    """Have the disk keep a file, or the names in a folder where the system lets us."""
    with suppress(PermissionError):
        handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def companion(path: Path, suffix: str) -> Path:
    """Return the file that SQLite keeps beside a database, ``-wal`` or ``-shm``."""
    return path.with_name(path.name + suffix)


def check_header(path: Path) -> None:
    """Refuse, without touching it, what cannot be a ledger."""
    if path.is_dir():
        raise LedgerError(f"{path} is a folder")
    with path.open("rb") as file:
        header = file.read(_HEADER)
    if not header:
        raise LedgerError(f"{path} is empty (0 bytes), so it is not a ledger; nothing was changed")
    if not header.startswith(_MAGIC[: len(header)]):
        raise LedgerError(f"{path} is not a ledger: it is no SQLite database")
    # Another process may be moving pages from its -wal into the file, so look twice.
    missing = _missing_bytes(path) and _missing_bytes(path)
    if missing:
        raise LedgerError(f"{path} is cut short, {missing} bytes are missing; restore a backup")


def _missing_bytes(path: Path) -> int:
    """Return how much shorter the file is than its own header says."""
    with path.open("rb") as file:
        header = file.read(_HEADER)
    page = int.from_bytes(header[16:18], "big")
    full = int.from_bytes(header[28:32], "big") * (65536 if page == 1 else page)
    size = path.stat().st_size
    wal = companion(path, "-wal")
    pending = len(header) == _HEADER and wal.exists() and wal.stat().st_size
    return 0 if pending else max(0, max(full, _HEADER) - size)


_MEANINGS: Final = {
    sqlite3.SQLITE_FULL: "the disk is full; nothing of this call was recorded",
    sqlite3.SQLITE_READONLY: "the file cannot be written; nothing of this call was recorded",
    sqlite3.SQLITE_CANTOPEN: "the file, or the folder it is in, cannot be opened",
    sqlite3.SQLITE_CORRUPT: "the file is damaged; restore a backup",
    sqlite3.SQLITE_NOTADB: "the file is damaged or not a ledger; restore a backup",
    sqlite3.SQLITE_BUSY: "other processes kept the ledger busy for too long; try again",
    sqlite3.SQLITE_IOERR: "the disk failed; nothing of this call was recorded",
}


def _meaning(error: sqlite3.Error) -> str:
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    meaning = _MEANINGS.get(code)
    return f"{meaning} ({error})" if meaning else str(error)
