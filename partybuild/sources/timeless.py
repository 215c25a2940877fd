"""Packages of parts, as Office files are, that say nothing about when they were written."""

from __future__ import annotations

import datetime as dt
import shutil
import zipfile
from typing import Any

__all__ = ["NO_TIME", "Timeless"]

#: The earliest time that a package can name; it stands for none.
NO_TIME = dt.datetime(1980, 1, 1)


class Timeless(zipfile.ZipFile):
    """A package whose parts were all put in at no time at all."""

    def writestr(self, zinfo_or_arcname: Any, data: Any, *_: Any, **__: Any) -> None:
        """Put in a part; when and how is not the caller's choice."""
        super().writestr(_entry(zinfo_or_arcname), data)

    def write(self, filename: Any, arcname: Any = None, *_: Any, **__: Any) -> None:
        """Put in a part from a file."""
        with open(filename, "rb") as source, self.open(_entry(arcname), "w") as target:
            shutil.copyfileobj(source, target)


def _entry(part: Any) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(part.filename if isinstance(part, zipfile.ZipInfo) else part)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry
