"""A plan as TOML text, laid out as a person would write it."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from partybuild.faults import key_path

#: Longest line of a list before it is broken, wide characters counted twice.
WIDTH = 96

#: Tables that stand under a header of their own; all others are written inline.
_HEADED = ("plan", "rosters", "commitment")
_HEADED_LISTS = ("commitment", "target")

_INDENT = "  "
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES = {code: f"\\u{code:04X}" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {
    ord(raw): f"\\{letter}" for raw, letter in zip('\b\t\n\f\r"\\', 'btnfr"\\', strict=True)
}
#: In multi-line text, line ends stand as they are, and quotes except in threes.
_LONG_ESCAPES = {code: text for code, text in _ESCAPES.items() if chr(code) not in '\n\t"'}
#: A quote that would end multi-line text: before two more, or the last character.
_RISKY_QUOTE = re.compile(r'"(?=""|\Z)')


def toml_text(data: Mapping[str, Any], *, comments: Mapping[str, str] | None = None) -> str:
    """Write the mapping of a plan file as TOML.

    `data` has the shape that `plan_to_mapping` returns; it need not be a plan
    that holds, so that drafts can be written. `comments` maps a key path, such as
    ``commitment[0].target[1]`` or ``commitment[0].target[1].at_least``, to text
    that is put above it; the path ``""`` is the top of the file. Raises
    `ValueError` for a value that TOML cannot hold.

    >>> print(toml_text({"plan": {"id": "2021"}}, comments={"plan.id": "the year"}), end="")
    [plan]
    # the year
    id = "2021"
    """
    lines = _Writer(comments or {}).file(data)
    return "\n".join(lines).strip("\n") + "\n"


class _Writer:
    def __init__(self, comments: Mapping[str, str]) -> None:
        self.comments = comments

    def file(self, data: Mapping[str, Any]) -> Iterator[str]:
        yield from self.comment("", "")
        heads = [key for key, value in data.items() if not _is_headed(key, value)]
        yield from [""] if heads else []
        yield from self.pairs({key: data[key] for key in heads}, path="", indent="")
        for key, value in data.items():
            if key in heads:
                continue
            if isinstance(value, Mapping):
                yield ""
                yield from self.comment(key, "")
                yield f"[{_key(key)}]"
                yield from self.pairs(value, path=key_path("", key), indent="")
            else:
                yield from self.tables(value, header=key, path=key, indent="")

    def tables(
        self, tables: Iterable[Mapping[str, Any]], *, header: str, path: str, indent: str
    ) -> Iterator[str]:
        """Write a list of tables, each under ``[[header]]``, those inside indented."""
        for index, table in enumerate(tables):
            here = f"{path}[{index}]"
            yield ""
            yield from self.comment(here, indent)
            yield f"{indent}[[{header}]]"
            inner = {k: v for k, v in table.items() if _is_list_of_tables(k, v)}
            plain = {key: value for key, value in table.items() if key not in inner}
            yield from self.pairs(plain, path=here, indent=indent)
            for key, value in inner.items():
                yield from self.tables(
                    value, header=f"{header}.{key}", path=f"{here}.{key}", indent=indent + _INDENT
                )

    def pairs(self, table: Mapping[str, Any], *, path: str, indent: str) -> Iterator[str]:
        for key, value in table.items():
            if value is None:
                continue
            yield from self.comment(key_path(path, key), indent)
            yield f"{indent}{_key(key)} = {_value(value, indent=indent, used=len(key) + 3)}"

    def comment(self, path: str, indent: str) -> Iterator[str]:
        for line in re.split(r"\r\n|\r|\n", self.comments.get(path, "")):
            if path in self.comments:
                text = "".join(" " if _is_control(char) else char for char in line)
                yield f"{indent}# {text}".rstrip()


def _is_control(char: str) -> bool:
    return ord(char) < 0x20 or ord(char) == 0x7F


def _is_headed(key: str, value: Any) -> bool:
    return key in _HEADED and (isinstance(value, Mapping) or _is_list_of_tables(key, value))


def _is_list_of_tables(key: str, value: Any) -> bool:
    is_list = key in _HEADED_LISTS and isinstance(value, list | tuple) and bool(value)
    return is_list and all(isinstance(one, Mapping) for one in value)


def _key(key: str) -> str:
    return key if _BARE_KEY.fullmatch(key) else _text(key)


def _value(value: Any, *, indent: str, used: int) -> str:
    """Write the value of a key; `used` is how much of the line the key takes."""
    if isinstance(value, str) and "\n" in value.strip("\n"):
        return _long_text(value)
    line = _inline(value)
    fits = _width(line) + len(indent) + used <= WIDTH
    if fits or not isinstance(value, list | tuple):
        return line
    inner = indent + _INDENT
    return "\n".join(["[", *_filled([_inline(one) for one in value], inner), f"{indent}]"])


def _filled(items: list[str], indent: str) -> Iterator[str]:
    """Break a list into lines: one table a line, as many short values as fit."""
    line = ""
    for item in items:
        is_full = _width(line) + _width(item) + len(indent) + 2 > WIDTH
        if line and (is_full or item.startswith("{") or line.startswith("{")):
            yield indent + line
            line = ""
        line += f"{' ' if line else ''}{item},"
    if line:
        yield indent + line


def _width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def _inline(value: Any) -> str:
    if isinstance(value, Mapping):
        pairs = [f"{_key(key)} = {_inline(one)}" for key, one in value.items() if one is not None]
        return f"{{ {', '.join(pairs)} }}" if pairs else "{}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(_inline(one) for one in value)}]"
    if isinstance(value, str):
        return _text(value)
    return _scalar(value)


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return float.__repr__(value)
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, dt.date):
        return value.isoformat()
    raise ValueError(f"TOML has no place for {value!r}")


def _text(value: str) -> str:
    return f'"{value.translate(_ESCAPES)}"'


def _long_text(value: str) -> str:
    """Write text of several lines between triple quotes, each line on a line of its own."""
    escaped = _RISKY_QUOTE.sub(r"\"", value.translate(_LONG_ESCAPES))
    return f'"""\n{escaped}"""'
