"""On which line of a JSON text each key and each list item stands.

`json` says what a text means, not where; this walks a text that `json` has
already accepted, so it checks nothing but keys that stand twice.
"""

from __future__ import annotations

import json
import re

from partybuild.faults import key_path
from partybuild.sources.cursor import Cursor

_SPACE = re.compile(r"[ \t\r\n]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCALAR = re.compile(r"[^,\]}\s]+")


def json_lines(text: str) -> tuple[dict[str, int], dict[str, int]]:
    r"""Map each path of a valid JSON text to its line, from 1; and those that stand twice.

    The second mapping holds the keys given again in the same object, with the
    line of the later one: `json` would silently let that one win.

    >>> json_lines('{"plan": {"id": "a",\n"id": "b"}}')
    ({'plan': 1, 'plan.id': 1}, {'plan.id': 2})
    """
    walk = _Walk(text)
    walk.value("")
    return walk.found, walk.again


class _Walk(Cursor):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.again: dict[str, int] = {}

    def value(self, path: str) -> None:
        self.take(_SPACE)
        first = self.text[self.at]
        if first == "{":
            self.items(path, "}")
        elif first == "[":
            self.items(path, "]")
        else:
            self.take(_STRING if first == '"' else _SCALAR)
        self.take(_SPACE)

    def items(self, path: str, closing: str) -> None:
        self.at += 1
        index = 0
        self.take(_SPACE)
        while self.text[self.at] != closing:
            where = self.key(path) if closing == "}" else f"{path}[{index}]"
            self.take(_SPACE)
            self.found.setdefault(where, self.line())
            self.value(where)
            index += 1
            if self.text[self.at] == ",":
                self.at += 1
                self.take(_SPACE)
        self.at += 1

    def key(self, path: str) -> str:
        line = self.line()
        key = json.loads(self.take(_STRING), strict=False)
        where = key_path(path, key)
        if where in self.found:
            self.again.setdefault(where, line)
        self.found.setdefault(where, line)
        self.take(_SPACE)
        self.at += 1  # the colon
        return where
