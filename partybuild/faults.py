"""How the plan's classes say what is wrong with a parameter: all faults at once, each by name."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem, nearest


def as_date(value: Any) -> Any:
    """Turn an ISO text into a date; anything else passes, to be refused by name later."""
    if isinstance(value, dt.datetime):
        is_midnight = value.time() == dt.time() and value.tzinfo is None
        return value.date() if is_midnight else value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            return value
    return value


def is_date(value: Any) -> bool:
    """Whether `value` is a plain calendar date."""
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def fault(path: str, message: str, read: Any = None, expected: str | None = None) -> Problem:
    """Build the Problem of one wrong parameter; `path` names it."""
    return Problem(
        code="bad-plan",
        message=message,
        read=None if read is None else str(read),
        expected=expected,
        path=path,
    )


def date_faults(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Name each value that is neither None nor a calendar date."""
    for key, value in values.items():
        if value is not None and not is_date(value):
            yield fault(key, f"{key} is not a calendar date", value, "a date such as 2021-06-30")


def text_faults(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Name each value that is neither None nor text."""
    for key, value in values.items():
        if value is not None and not isinstance(value, str):
            yield fault(key, f"{key} is not text", value, "text")


def id_faults(value: Any) -> Iterator[Problem]:
    """Name an identifier that is missing, not text, or blank."""
    if not isinstance(value, str) or not value.strip():
        yield fault("id", "id is missing or blank", value, "a short text")


def raise_faults(faults: Iterable[Problem]) -> None:
    """Raise one `PlanError` with all of `faults`, or return when there are none."""
    found = tuple(faults)
    if found:
        raise PlanError(found)


def number_faults(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Name each value that is neither None nor a finite number."""
    for key, value in values.items():
        if value is not None and not is_number(value):
            yield fault(key, f"{key} is not a number", value, "a finite number")


def is_number(value: Any) -> bool:
    """Whether `value` is a finite int or float (a bool is not)."""
    is_real = isinstance(value, int | float) and not isinstance(value, bool)
    return is_real and math.isfinite(value)


def choice_faults(key: str, value: Any, allowed: Iterable[str]) -> Iterator[Problem]:
    """Name a value that is not one of `allowed`, with the nearest that is."""
    allowed = tuple(allowed)
    if value not in allowed:
        expected = "one of " + ", ".join(allowed)
        problem = fault(key, f"{key} is not known", value, expected)
        yield attrs.evolve(problem, hint=nearest(str(value), allowed))


def unknown_keys(unknown: Iterable[str], known: Iterable[str]) -> list[Problem]:
    """Build one Problem for each key that is not known, with the nearest known one."""
    known = tuple(known)
    return [
        attrs.evolve(
            fault(str(key), f"unknown key {str(key)!r}", expected="one of " + ", ".join(known)),
            code="unknown-key",
            hint=nearest(str(key), known),
        )
        for key in unknown
    ]


@attrs.frozen
class Faulty:
    """Stands where a nested value could not be built, until the owner names all its faults."""

    problems: tuple[Problem, ...]

    def under(self, prefix: str) -> list[Problem]:
        """The faults with `prefix` put before their paths."""
        return [under(problem, prefix) for problem in self.problems]


def under(problem: Problem, prefix: str) -> Problem:
    """Put `prefix` before the path of `problem`.

    >>> under(fault("at_least", "not a number"), "target[0]").path
    'target[0].at_least'
    """
    rest = problem.path or ""
    joint = "" if not rest or rest.startswith("[") else "."
    return attrs.evolve(problem, path=f"{prefix}{joint}{rest}")


def built(value: Any, make: Callable[[Any], Any]) -> Any:
    """Make a nested value; None stays None, faults come back as `Faulty`."""
    try:
        return None if value is None else make(value)
    except PlanError as error:
        return Faulty(error.problems)


def built_each(values: Any, make: Callable[[Any], Any]) -> Any:
    """Make a tuple of nested values, or gather the faults of all of them in one `Faulty`."""
    if values is None:
        return ()
    if isinstance(values, str | Mapping) or not isinstance(values, Iterable):
        return Faulty((fault("", "not a list", values, "a list"),))
    made = [built(value, make) for value in values]
    faults = [
        problem
        for index, value in enumerate(made)
        if isinstance(value, Faulty)
        for problem in value.under(f"[{index}]")
    ]
    return Faulty(tuple(faults)) if faults else tuple(made)
