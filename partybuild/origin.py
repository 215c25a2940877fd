"""Where a fact was said."""

from __future__ import annotations

import attrs


@attrs.frozen(kw_only=True)
class Origin:
    """The place a plan entry, a target or an event came from.

    `row` and `line` count from 1; `start`, `end` are character offsets of
    `text` in the source (Python slice bounds). None: not known.

    >>> print(Origin(file="report.txt", line=12, text="督查不少于12次"))
    report.txt, line 12: 督查不少于12次
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    line: int | None = None
    start: int | None = None
    end: int | None = None
    text: str | None = None

    def __str__(self) -> str:
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else None,
            f"line {self.line}" if self.line is not None else None,
            f"row {self.row}" if self.row is not None else None,
        ]
        place = ", ".join(part for part in parts if part)
        return ": ".join(part for part in (place, self.text) if part)
