"""TOML and JSON text as plain data, with the line of every key and every fault of the text."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import Problem
from partybuild.faults import key_path
from partybuild.sources.json_lines import json_lines
from partybuild.sources.toml_lines import toml_lines

#: Deepest nesting that is read; a plan needs about six.
DEEPEST = 30

#: How many lines with faults of syntax are named in one go.
MOST_FAULTS = 50

_LAST_STEP = re.compile(r'(?:\.?"(?:[^"\\]|\\.)*"|\.?[\w-]+|\[\d+\])\Z')
_TABLE = re.compile(r"plan|rosters|commitment\[\d+\](?:\.target\[\d+\])?")
_TOML_PLACE = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")
_LONG_NUMBER = re.compile(r"\d[\d_]{4000}")
_HALF_CHARACTER = re.compile(r"[\ud800-\udfff]")
_WIDE_SIGNS = re.compile(r"[＝“”‘’，：；［］｛｝【】]")
_QUOTED = re.compile(r'"(?:[^"\\]|\\.)*"|' + r"'[^']*'")


@attrs.frozen(kw_only=True)
class Reading:
    """What a text says: its data, the line of each key path, and the faults of its syntax.

    `left_out` are the lines that had to be left out to read the rest.
    """

    data: Any
    lines: Mapping[str, int] = attrs.field(factory=dict)
    problems: tuple[Problem, ...] = ()
    left_out: tuple[int, ...] = ()

    def line_of(self, path: str | None) -> int:
        """The line of `path`, or of the nearest table around it that stands in the text."""
        rest = path or ""
        while rest and rest not in self.lines:
            shorter = _LAST_STEP.sub("", rest)
            rest = shorter if shorter != rest else ""
        return self.lines.get(rest, 1)

    def is_cut(self, path: str | None) -> bool:
        """Whether a line was left out of the table that `path` stands in."""
        own = _TABLE.match(path or "")
        tables = sorted(
            (line, table) for table, line in self.lines.items() if _TABLE.fullmatch(table)
        )
        for line in self.left_out:
            around = [table for begin, table in tables if begin < line]
            if not around or own is None or own[0] == around[-1]:
                return True
        return False


def read_toml(text: str) -> Reading:
    """Read TOML; a faulty line that stands for itself is named, left out, and the rest is read."""
    problems: list[Problem] = []
    left_out: list[int] = []
    lines = text.replace("\r\n", "\n").split("\n")
    while len(problems) < MOST_FAULTS and (not problems or any(map(str.strip, lines))):
        data, problem = _parsed(tomllib.loads, "\n".join(lines))
        if problem is None:
            found = toml_lines("\n".join(lines))
            return Reading(
                data=data, lines=found, problems=tuple(problems), left_out=tuple(left_out)
            )
        assert problem.line is not None
        line = lines[problem.line - 1]
        problems.append(attrs.evolve(problem, hint=problem.hint or _toml_hint(line)))
        is_at_end = problem.column is None and not problem.message.startswith("the key")
        if is_at_end or not _stands_alone(line):
            break  # something was left open, and who knows where
        lines[problem.line - 1] = ""
        left_out.append(problem.line)
    return Reading(data=None, problems=tuple(problems))


def _stands_alone(line: str) -> bool:
    """Whether the lines around make sense without this one: no header, nothing left open."""
    pairs = (("[", "]"), ("{", "}"))
    is_balanced = all(line.count(opened) == line.count(closed) for opened, closed in pairs)
    is_long = '"""' in line or "'''" in line
    return is_balanced and not is_long and not line.lstrip().startswith("[")


def read_json(text: str) -> Reading:
    """Read JSON; a key that stands twice is a fault, though `json` takes the last one."""
    data, problem = _parsed(json.loads, text)
    if problem is not None:
        return Reading(data=None, problems=(problem,))
    lines, again = json_lines(text)
    problems = [
        _syntax("the key stands twice", line=line, path=path) for path, line in again.items()
    ]
    reading = Reading(data=data, lines=lines)
    problems += [
        _syntax("half a character", line=reading.line_of(path), path=path, read=ascii(word))
        for path, word in _half_characters(data, "")
    ]
    return attrs.evolve(reading, problems=tuple(problems))


def _parsed(parse: Callable[[str], Any], text: str) -> tuple[Any, Problem | None]:
    """Parse the text, or say what is wrong with it and on which line."""
    if not text.strip():
        return None, _syntax("the file is empty", line=1)
    try:
        data = parse(text)
    except json.JSONDecodeError as error:
        return None, _syntax(error.msg, line=error.lineno, column=error.colno)
    except tomllib.TOMLDecodeError as error:
        return None, _toml_problem(str(error), text)
    except RecursionError:
        return None, _syntax("nested too deeply", line=_deep_line(text))
    except ValueError as error:  # Python refuses to read numbers of thousands of digits
        found = _LONG_NUMBER.search(text)
        at = found.start() if found else 0
        line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
        return None, _syntax(str(error).split(";", maxsplit=1)[0], line=line, column=column)
    if _is_deep(data):
        return None, _syntax("nested too deeply", line=_deep_line(text))
    return data, None


def _syntax(
    message: str,
    *,
    line: int,
    column: int | None = None,
    path: str | None = None,
    read: str | None = None,
) -> Problem:
    where = None if column is None else str(column)
    return Problem(
        code="bad-syntax", message=message, line=line, column=where, path=path, read=read
    )


def _toml_problem(message: str, text: str) -> Problem:
    found = _TOML_PLACE.search(message)
    what = _TOML_PLACE.sub("", message)
    if what == "Cannot overwrite a value":
        what = "the key stands twice, or is both a value and a table"
    if found is None or found[1] is None:
        return _syntax(what, line=text.rstrip().count("\n") + 1)
    return _syntax(what, line=int(found[1]), column=int(found[2]))


def _toml_hint(line: str) -> str | None:
    """What people who do not write TOML every day get wrong in such a line."""
    bare = _QUOTED.sub("", line)
    wide = _WIDE_SIGNS.search(bare)
    if wide is not None:
        return f"{wide[0]} is full-width: TOML wants the ASCII sign"
    key, equals, value = bare.partition("=")
    if equals and not key.isascii():
        return "a key that is not plain ASCII stands in quotes"
    if equals and value.strip()[:1].isalpha():
        return "text stands in quotes"
    return None


def _is_deep(data: Any) -> bool:
    level = [data]
    for _ in range(DEEPEST):
        level = [
            inner
            for one in level
            if isinstance(one, dict | list)
            for inner in (one.values() if isinstance(one, dict) else one)
        ]
    return bool(level)


def _deep_line(text: str) -> int:
    depth = 0
    for match in re.finditer(r"[\[{\]}]", text):
        depth += 1 if match[0] in "[{" else -1
        if depth > DEEPEST:
            return text.count("\n", 0, match.start()) + 1
    return 1


def _half_characters(data: Any, path: str) -> Iterator[tuple[str, str]]:
    """Each text that holds half a surrogate pair: no file could be written with it."""
    if isinstance(data, str) and _HALF_CHARACTER.search(data):
        yield path, data
    elif isinstance(data, dict):
        for key, value in data.items():
            if _HALF_CHARACTER.search(key):
                yield path, key
            yield from _half_characters(value, key_path(path, key))
    elif isinstance(data, list):
        for index, value in enumerate(data):
            yield from _half_characters(value, f"{path}[{index}]")
