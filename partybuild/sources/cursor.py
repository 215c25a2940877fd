"""A place in a text that moves on, and the line it stands on."""

from __future__ import annotations

import re


class Cursor:
    """One pass over the text; `at` is the next character, `found` the line of each path."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.found: dict[str, int] = {}
        self._line = 1
        self._counted = 0

    def line(self) -> int:
        """The line of the next character, from 1."""
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def take(self, pattern: re.Pattern[str]) -> str:
        """Move past what `pattern` matches here, and return it; it is known to stand here."""
        match = pattern.match(self.text, self.at)
        assert match is not None, (pattern.pattern, self.text[self.at : self.at + 20])
        self.at = match.end()
        return match.group()
