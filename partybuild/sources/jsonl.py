"""Events as JSON Lines: one object a line, its keys the headings."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild._frames import Table
from partybuild._frames.table import column_of
from partybuild.errors import Problem
from partybuild.sources.files import TextBytes, is_broken, read_text_bytes, replacing, shown_bytes
from partybuild.sources.plain import plain_values

_ARRAY: Final = "write one object a line, without brackets and commas around them"


class _DuplicateKeyError(ValueError):
    """A key that comes twice in one object."""


def read_table(path: Path) -> Table:
    """Read a JSON Lines file; lines count from 1, and blank ones are passed over.

    A line that is no JSON object, has a key twice or broken bytes is a Problem.

    Raises
    ------
    SourceError
        When the file cannot be read or is no text.
    """
    text = read_text_bytes(path)
    objects: list[dict[str, Any]] = []
    lines: list[int] = []
    problems: list[Problem] = []
    with text.open(newline="\n") as stream:
        for number, line in enumerate(stream, start=1):
            if not line.strip():
                continue
            found = _read_line(text, line, number)
            if isinstance(found, dict):
                objects.append(found)
                lines.append(number)
            else:
                problems.append(_problem(found, line, number, str(path)))
    keys = list(dict.fromkeys(key for each in objects for key in each))
    columns = {i: column_of([each.get(key) for each in objects]) for i, key in enumerate(keys)}
    frame = pd.DataFrame(columns, index=pd.RangeIndex(len(objects)), copy=False)
    frame.columns = pd.Index(keys, dtype=object)
    return Table(
        frame=frame if objects else pd.DataFrame({"id": [], "kind": [], "date": []}),
        rows=np.array(lines, dtype=np.int64),
        by_line=True,
        problems=tuple(problems),
        rows_in=len(objects) + len(problems),
        file=str(path),
    )


def write_table(frame: pd.DataFrame, path: Path) -> None:
    """Write a canonical frame: UTF-8, every column in every line, missing as null."""
    names = [str(name) for name in frame.columns]
    columns = [plain_values(frame[name]) for name in frame.columns]
    with replacing(path) as part, part.open("w", encoding="utf-8", newline="\n") as stream:
        encode = json.JSONEncoder(ensure_ascii=False, default=_write_other).encode
        for values in zip(*columns, strict=True):
            stream.write(encode(dict(zip(names, values, strict=True))) + "\n")


def _write_other(value: Any) -> str:
    return value.isoformat(" ") if isinstance(value, dt.datetime) else str(value)


def _read_line(text: TextBytes, line: str, number: int) -> dict[str, Any] | str:
    """Return the object, or what is wrong with the line."""
    if not text.is_whole and is_broken(line):
        offset = text.broken_byte(number, number)
        return f"bytes that are not {text.encoding_name}, from byte offset {offset}"
    try:
        found = _DECODER.decode(line.strip())
    except _DuplicateKeyError as error:
        return str(error)
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg} at character {error.pos + 1}"
    except (ValueError, RecursionError) as error:
        return f"not JSON that can be read: {error}"
    return found if isinstance(found, dict) else f"not an object but {type(found).__name__}"


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        raise _DuplicateKeyError(f"the key {twice!r} comes twice")
    return found


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON number")


_DECODER: Final = json.JSONDecoder(object_pairs_hook=_unique, parse_constant=_refuse_constant)


def _problem(message: str, line: str, number: int, file: str) -> Problem:
    return Problem(
        code="bad-encoding" if message.startswith("bytes") else "bad-json",
        message=message,
        read=shown_bytes(line.strip())[:80],
        expected='an object such as {"id": "1", "kind": "党课", "date": "2021-03-05"}',
        hint=_ARRAY if line.lstrip().startswith("[") else None,
        file=file,
        line=number,
    )
