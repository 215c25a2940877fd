"""On which line of a TOML text each key and each list item stands.

`tomllib` says what a text means, not where; this walks a text that `tomllib`
has already accepted, so it checks nothing.
"""

from __future__ import annotations

import re
import tomllib

from partybuild.faults import key_path
from partybuild.sources.cursor import Cursor

_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_BASIC = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_LITERAL = re.compile(r"'[^'\n]*'")
_LONG_BASIC = re.compile(r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*"{3,5}', re.DOTALL)
_LONG_LITERAL = re.compile(r"'''(?:[^']++|'{1,2}(?!'))*'{3,5}", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)+")
_SPACE = re.compile(r"[ \t]+")
_END_OF_LINE = re.compile(r"[^\n]*")


def toml_lines(text: str) -> dict[str, int]:
    r"""Map each key path of a valid TOML text to the line it begins on, from 1.

    A list item has a path as well; the table that a header opens has the line
    of the header.

    >>> toml_lines('[plan]\nid = "a"\n[[commitment]]\ntarget = [\n{ id = "b" }]')
    {'plan': 1, 'plan.id': 2, 'commitment': 3, 'commitment[0]': 3, 'commitment[0].target': 4,
     'commitment[0].target[0]': 5, 'commitment[0].target[0].id': 5}
    """
    return _Walk(text).lines()


class _Walk(Cursor):
    def __init__(self, text: str) -> None:
        super().__init__(text.replace("\r\n", "\n"))
        self._tables: dict[str, int] = {}

    def lines(self) -> dict[str, int]:
        table = ""
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text[self.at] == "[":
                table = self.header()
            else:
                self.pair(table)
            self.skip(_BLANK)
        return self.found

    def skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.text, self.at)
        if match is not None:
            self.at = match.end()

    def note(self, path: str) -> None:
        self.found.setdefault(path, self.line())

    def header(self) -> str:
        """Read ``[table]`` or ``[[table]]``; return the path of what it opens."""
        is_list = self.text.startswith("[[", self.at)
        self.line()
        self.at += 2 if is_list else 1
        keys = self.keys()
        path = ""
        for key in keys[:-1]:
            path = self.inside(key_path(path, key))
        path = key_path(path, keys[-1])
        self.note(path)
        if is_list:
            self._tables[path] = self._tables.get(path, -1) + 1
            path = self.inside(path)
            self.note(path)
        self.take(_END_OF_LINE)
        return path

    def inside(self, path: str) -> str:
        """A list of tables stands for its last table."""
        self.note(path)
        return f"{path}[{self._tables[path]}]" if path in self._tables else path

    def keys(self) -> list[str]:
        """Read a dotted key, up to the character after it."""
        keys = []
        while True:
            self.skip(_SPACE)
            keys.append(self.key())
            self.skip(_SPACE)
            if self.text[self.at] != ".":
                return keys
            self.at += 1

    def key(self) -> str:
        first = self.text[self.at]
        if first == "'":
            return self.take(_LITERAL)[1:-1]
        if first == '"':
            quoted = self.take(_BASIC)
            return str(tomllib.loads(f"key = {quoted}")["key"])
        return self.take(_BARE_KEY)

    def pair(self, table: str) -> None:
        self.line()
        path = table
        for key in self.keys():
            path = key_path(path, key)
            self.note(path)
        self.at += 1  # the equals sign
        self.skip(_SPACE)
        self.value(path)

    def value(self, path: str) -> None:
        rest = self.text[self.at : self.at + 3]
        if rest.startswith("["):
            self.array(path)
        elif rest.startswith("{"):
            self.inline_table(path)
        elif rest == '"""':
            self.take(_LONG_BASIC)
        elif rest == "'''":
            self.take(_LONG_LITERAL)
        elif rest.startswith('"'):
            self.take(_BASIC)
        elif rest.startswith("'"):
            self.take(_LITERAL)
        else:
            self.take(_SCALAR)

    def array(self, path: str) -> None:
        self.at += 1
        index = 0
        self.skip(_BLANK)
        while self.text[self.at] != "]":
            self.note(f"{path}[{index}]")
            self.value(f"{path}[{index}]")
            index += 1
            self.comma()
        self.at += 1

    def inline_table(self, path: str) -> None:
        self.at += 1
        self.skip(_BLANK)
        while self.text[self.at] != "}":
            self.pair(path)
            self.comma()
        self.at += 1

    def comma(self) -> None:
        self.skip(_BLANK)
        if self.text[self.at] == ",":
            self.at += 1
            self.skip(_BLANK)
