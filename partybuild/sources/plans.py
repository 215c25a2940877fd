"""Plan files: TOML and JSON in, with every fault and the line it stands in; TOML and JSON out."""

from __future__ import annotations

import datetime as dt
import json
import os
import secrets
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem, SourceError, UsageError
from partybuild.mappings import plan_from_mapping, plan_to_mapping, with_origins
from partybuild.origin import Origin
from partybuild.plan import Plan
from partybuild.sources.syntax import Reading, read_json, read_toml
from partybuild.sources.toml_text import toml_text
from partybuild.sources.workbooks import BOOKS, read_plan_book, write_plan_book

#: The kinds of plan files, by the ending of their names.
SUFFIXES = (".toml", ".json", *BOOKS)


def read_plan(source: str | os.PathLike[str] | Mapping[str, Any]) -> Plan:
    """Read a plan from a ``.toml``, ``.json`` or ``.xlsx`` file, or from a mapping.

    A mapping has the shape of a plan file; a workbook is read as `read_plan_sheet`
    does it. Each commitment and target of a file knows its `origin`: the file and
    the line, or the sheet and row, where it begins.

    Raises `PlanError` with every fault of the file, each with its line and key
    path or its cell, and `SourceError` for a file that is missing, cannot be read,
    or has another ending.

    >>> read_plan({"plan": {"id": "2021", "start": "2021-01-01", "end": "2021-12-31"}})
    Plan('2021', 2021-01-01..2021-12-31, 0 commitments, 0 targets)
    """
    if isinstance(source, Mapping):
        return plan_from_mapping(source)
    path = _path_of(source)
    if path.suffix.lower() in BOOKS:
        return read_plan_book(path)
    file = str(source)
    text = _decoded(_bytes_of(path), file)
    read = read_toml if path.suffix.lower() == ".toml" else read_json
    reading = read(text)
    problems = [attrs.evolve(problem, file=file) for problem in reading.problems]
    plan = None
    if reading.data is not None or not problems:
        try:
            plan = plan_from_mapping(reading.data)
        except PlanError as error:
            problems += [
                attrs.evolve(problem, file=file, line=reading.line_of(problem.path))
                for problem in error.problems
                if _told(problem, reading)
            ]
    if plan is None or problems:
        raise PlanError(sorted(problems, key=lambda problem: problem.line or 0), file)
    return with_origins(plan, lambda path: Origin(file=file, line=reading.line_of(path)))


def write_plan(plan: Plan, path: str | os.PathLike[str]) -> None:
    """Write a plan as a ``.toml``, ``.json`` or ``.xlsx`` file; `read_plan` gives it back equal.

    The file is replaced as a whole or not at all; a workbook with events is not
    replaced. Parameters at their default are left out, and so are origins. Raises
    `SourceError` for another ending and when the file cannot be written,
    `UsageError` for what is no plan or holds text that no file can (half a
    surrogate pair).

    >>> import tempfile
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_plan(plan, f"{folder}/plan.toml")
    ...     read_plan(f"{folder}/plan.toml") == plan
    True
    """
    if not isinstance(plan, Plan):
        raise UsageError(f"plan is {type(plan).__name__}, expected a Plan")
    target = _path_of(path)
    if target.suffix.lower() in BOOKS:
        write_plan_book(plan, target)
        return
    text = plan_to_toml(plan) if target.suffix.lower() == ".toml" else plan_to_json(plan)
    try:
        content = text.encode("utf-8")
    except UnicodeEncodeError as error:
        character = error.object[error.start]
        raise UsageError(f"plan holds {character!r}, which no text file can hold") from None
    _replace(target, content)


def plan_to_toml(plan: Plan, *, comments: Mapping[str, str] | None = None) -> str:
    """Write a plan as the text of a TOML file.

    `comments` maps key paths to remarks that are put above them, such as
    ``{"commitment[0].target[1]": "read from line 12"}``.

    >>> print(plan_to_toml(Plan(id="2021", start="2021-01-01", end="2021-12-31")), end="")
    [plan]
    id = "2021"
    start = 2021-01-01
    end = 2021-12-31
    """
    return toml_text(plan_to_mapping(plan), comments=comments)


def plan_to_json(plan: Plan) -> str:
    """Write a plan as the text of a JSON file; dates are ISO text.

    >>> print(plan_to_json(Plan(id="2021", start="2021-01-01", end="2021-12-31")), end="")
    {
      "plan": {
        "id": "2021",
        "start": "2021-01-01",
        "end": "2021-12-31"
      }
    }
    """
    data = plan_to_mapping(plan)
    return json.dumps(data, ensure_ascii=False, indent=2, default=_json_date) + "\n"


def _json_date(value: Any) -> str:
    if isinstance(value, dt.date):
        return value.isoformat()
    raise UsageError(f"JSON has no place for {value!r}")


def _path_of(source: Any) -> Path:
    try:
        path = Path(source)
    except TypeError:
        message = f"source is {type(source).__name__}, expected a path or a mapping"
        raise UsageError(message) from None
    if path.suffix.lower() not in SUFFIXES:
        expected = ", ".join(SUFFIXES)
        raise SourceError(f"{source}: unknown kind of plan file; expected {expected}")
    return path


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise SourceError(f"{path}: there is no such file") from None
    except IsADirectoryError:
        raise SourceError(f"{path}: is a folder, expected a file") from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path}: cannot be read: {reason}") from error


def _decoded(content: bytes, file: str) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problem = Problem(
            code="bad-encoding",
            message="the file is not UTF-8",
            read=f"byte 0x{content[error.start]:02x}",
            expected="text saved as UTF-8",
            hint=_encoding_hint(content),
            file=file,
            line=line,
        )
        raise PlanError([problem], file) from None


def _encoding_hint(content: bytes) -> str | None:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "it looks like UTF-16: save it again as UTF-8"
    try:
        content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    return "it looks like GB18030: save it again as UTF-8"


def _told(problem: Problem, reading: Reading) -> bool:
    """Whether to name a fault: what is missing may stand in a line that was left out."""
    is_said = problem.read is not None or problem.code == "unknown-key"
    return is_said or not reading.is_cut(problem.path)


def _replace(path: Path, content: bytes) -> None:
    """Put the content in place at once, so that nobody ever reads half a file."""
    try:
        place = path.resolve()
        temporary = place.with_name(f".{place.name}.{secrets.token_hex(4)}")
        try:
            with temporary.open("xb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            if place.exists():
                shutil.copymode(place, temporary)
            temporary.replace(place)
        finally:
            temporary.unlink(missing_ok=True)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise SourceError(f"{path}: cannot be written: {reason}") from error
