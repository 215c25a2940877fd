"""Word documents as bytes, and Word templates as they are opened."""

from __future__ import annotations

import io
import os
import zipfile
from typing import IO, Any

from partybuild.errors import SourceError, UsageError


def saved(document: Any) -> bytes:
    """Return the bytes of a document: the same whenever the same is written.

    A package notes when each of its parts was put in; here that is no time at all.
    """
    written, output = io.BytesIO(), io.BytesIO()
    document.save(written)
    with (
        zipfile.ZipFile(written) as parts,
        zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package,
    ):
        for entry in parts.infolist():
            timeless = zipfile.ZipInfo(entry.filename)
            timeless.compress_type = zipfile.ZIP_DEFLATED
            package.writestr(timeless, parts.read(entry))
    return output.getvalue()


def checked_template(template: Any) -> str | IO[bytes]:
    """Return a Word template that can be opened.

    Raises `SourceError` where there is none, or it is no Word file, and `UsageError`
    for what is neither a path nor an open file.
    """
    is_path = isinstance(template, str | os.PathLike)
    if not is_path and not (hasattr(template, "read") and hasattr(template, "seek")):
        expected = "a path, or a file opened to read bytes"
        raise UsageError(f"template: got {type(template).__name__}; expected {expected}")
    try:
        if is_path:
            os.stat(template)
        is_word = zipfile.is_zipfile(template)
    except ValueError as error:
        raise SourceError(f"{template!r}: no file can have this name") from error
    except OSError as error:
        raise SourceError(f"{template}: {error.strerror or error}") from error
    if not is_word or not _has_text(template):
        name = f"{template}" if is_path else "template"
        raise SourceError(f"{name}: not a Word file; save it as .docx")
    opened: str | IO[bytes] = os.fspath(template) if is_path else template
    return opened


def _has_text(template: Any) -> bool:
    try:
        with zipfile.ZipFile(template) as package:
            return "word/document.xml" in package.namelist()
    except (OSError, zipfile.BadZipFile):
        return False
    finally:
        if hasattr(template, "seek"):
            template.seek(0)
