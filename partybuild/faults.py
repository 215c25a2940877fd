"""How the plan's classes say what is wrong with a parameter: all faults at once, each by name."""

from __future__ import annotations

import datetime as dt
import json
import math
import numbers
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any, TypeVar

import attrs

from partybuild.errors import PlanError, Problem, UsageError, nearest

Kind = TypeVar("Kind")

_LONGEST_READ = 200
_PLAIN = (str, bool, type(None), dt.date, Mapping)
#: What nobody sees; the reader of events takes it out as well.
_INVISIBLE = re.compile("[\u200b-\u200d\u2060\ufeff]")


def checked(value: Any, kind: type[Kind], *, name: str, expected: str) -> Kind:
    """Return an argument that is of its kind, or raise `UsageError`, which names it.

    >>> checked("plan.toml", dict, name="plan", expected="a Plan, as read_plan returns it")
    Traceback (most recent call last):
        ...
    partybuild.errors.UsageError: plan: got 'plan.toml'; expected a Plan, as read_plan returns it
    """
    if not isinstance(value, kind):
        raise UsageError(f"{name}: got {_told(value)}; expected {expected}")
    return value


def checked_number(value: Any, *, name: str, expected: str) -> float:
    """Return an argument that is a finite number, or raise `UsageError`, which names it.

    >>> checked_number(0.5, name="level", expected="a number")
    0.5
    """
    is_real = isinstance(value, numbers.Real) and not isinstance(value, bool)
    try:
        number = float(value) if is_real else math.nan
    except OverflowError:  # a whole number beyond every float
        number = math.inf
    if not math.isfinite(number):
        raise UsageError(f"{name}: got {_told(value)}; expected {expected}")
    return number


def _told(value: Any) -> str:
    """A plain value as it stands, anything else by its type."""
    if isinstance(value, int | float):
        return str(shown(value))
    is_text = value is None or isinstance(value, str | bytes)
    return str(shown(repr(value))) if is_text else type(value).__name__


def as_plain(value: Any) -> Any:
    """Turn numbers, truth values and dates of numpy and pandas, and decimals, into Python's own.

    Lists are gone through, arrays become lists, anything else passes.

    >>> as_plain([Decimal("0.95"), 3])
    [0.95, 3]
    """
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, list | tuple):
        return type(value)(map(as_plain, value))
    if isinstance(value, Decimal) and value.is_finite():
        return int(value) if value == value.to_integral_value() else float(value)
    listed = getattr(value, "tolist", None)
    return listed() if callable(listed) else value


def plain_fields(_: type, fields: list[Any]) -> list[Any]:
    """Let a class take what `as_plain` takes, in every field that reads nothing else.

    A `field_transformer` of attrs.
    """
    return [one if one.converter else one.evolve(converter=as_plain) for one in fields]


def as_date(value: Any) -> Any:
    """Turn an ISO text into a date; anything else passes, to be refused by name later."""
    value = as_plain(value)
    if isinstance(value, dt.datetime) and value == value:  # NaT is not itself
        is_midnight = value.time() == dt.time() and value.tzinfo is None
        return value.date() if is_midnight else value
    if isinstance(value, str):
        try:
            return dt.date.fromisoformat(value.strip())
        except ValueError:
            return value
    return value


def as_name(value: Any) -> Any:
    """Trim a name as the reader of events does, so that both meet; anything else passes.

    >>> as_name("　东山村 ")
    '东山村'
    """
    return _INVISIBLE.sub("", value).strip() if isinstance(value, str) else value


def is_date(value: Any) -> bool:
    """Whether `value` is a plain calendar date."""
    return isinstance(value, dt.date) and not isinstance(value, dt.datetime)


def is_number(value: Any) -> bool:
    """Whether `value` is a finite int or float (a bool is not)."""
    try:
        is_real = isinstance(value, int | float) and not isinstance(value, bool)
        return is_real and math.isfinite(value)
    except OverflowError:  # a whole number beyond every float
        return False


def is_whole(value: Any, *, least: int) -> bool:
    """Whether `value` is an int from `least` up (a bool is not)."""
    return is_number(value) and isinstance(value, int) and value >= least


def shown(value: Any) -> str | None:
    """Write a value as a message quotes it: on one line, never too long; None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value).lower()
    try:
        text = str(value)
    except ValueError:  # Python refuses to write whole numbers of thousands of digits
        return "a number of thousands of digits"
    return text if len(text) <= _LONGEST_READ else text[:_LONGEST_READ] + "…"


def fault(path: str, message: str, read: Any = None, expected: str | None = None) -> Problem:
    """Build the Problem of one wrong parameter; `path` names it."""
    return Problem(code="bad-plan", message=message, read=shown(read), expected=expected, path=path)


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


def id_faults(value: Any, *, key: str = "id") -> Iterator[Problem]:
    """Name an identifier that is missing, not text, or blank."""
    if not isinstance(value, str) or not value.strip():
        yield fault(key, f"{key} is missing or blank", value, "a short text")


def number_faults(values: Mapping[str, Any]) -> Iterator[Problem]:
    """Name each value that is neither None nor a finite number."""
    for key, value in values.items():
        if value is not None and not is_number(value):
            yield fault(key, f"{key} is not a number", value, "a finite number")


def weight_faults(weight: Any) -> Iterator[Problem]:
    """Name a weight that is not a number from 0 up."""
    if not is_number(weight) or weight < 0:
        yield fault("weight", "weight is not a number from 0 up", weight, "0 or more")


def choice_faults(key: str, value: Any, allowed: Iterable[str]) -> Iterator[Problem]:
    """Name a value that is not one of `allowed`, with the nearest that is."""
    allowed = tuple(allowed)
    if not isinstance(value, str) or value not in allowed:
        problem = fault(key, f"{key} is not known", value, "one of " + ", ".join(allowed))
        if value is None:
            problem = attrs.evolve(problem, message=f"{key} is missing")
        is_word = isinstance(value, str)
        yield attrs.evolve(problem, hint=nearest(value, allowed) if is_word else None)


def twice_faults(values: Iterable[Any], *, prefix: str, what: str) -> Iterator[Problem]:
    """Name each id that stands a second time; `values` are built, or still mappings or ids."""
    seen: set[str] = set()
    for index, value in enumerate(values):
        one = value.get("id") if isinstance(value, Mapping) else getattr(value, "id", value)
        if not isinstance(one, str):
            continue
        if one in seen:
            path = f"{prefix}[{index}].id"
            yield fault(path, f"{what} id stands twice", one, "another id")
        seen.add(one)


def raise_faults(faults: Iterable[Problem]) -> None:
    """Raise one `PlanError` with all of `faults`, or return when there are none."""
    found = tuple(faults)
    if found:
        raise PlanError(found)


def key_path(prefix: str, key: str) -> str:
    """Name a key inside the table at `prefix`; one that is no plain word stands in quotes.

    >>> key_path("rosters", "村干部"), key_path("rosters", "a.b")
    ('rosters.村干部', 'rosters."a.b"')
    """
    word = key if re.fullmatch(r"[\w-]+", key) else json.dumps(key, ensure_ascii=False)
    return f"{prefix}.{word}" if prefix else word


def under(problem: Problem, prefix: str) -> Problem:
    """Put `prefix` before the path of `problem`.

    >>> under(fault("at_least", "not a number"), "target[0]").path
    'target[0].at_least'
    """
    rest = problem.path or ""
    joint = "" if not rest or rest.startswith("[") else "."
    return attrs.evolve(problem, path=f"{prefix}{joint}{rest}")


def unknown_keys(unknown: Iterable[Any], known: Iterable[str]) -> list[Problem]:
    """Build one Problem for each key that is not known, with the nearest known one."""
    known = tuple(known)
    expected = "one of " + ", ".join(known)
    return [
        Problem(
            code="unknown-key",
            message=f"unknown key {shown(key)!r}",
            expected=expected,
            hint=nearest(str(shown(key)), known),
            path=key_path("", str(shown(key))),
        )
        for key in unknown
    ]


def parameters(cls: type) -> dict[str, str]:
    """Map the TOML keys that make a `cls` to the keyword arguments that they are."""
    aliases = [str(field.alias) for field in attrs.fields(cls) if field.name != "origin"]
    return {alias.rstrip("_"): alias for alias in aliases}


def made_from(cls: type, table: Mapping[Any, Any]) -> Any:
    """Build a `cls` from a mapping with its TOML keys.

    Raises `PlanError` with the unknown keys and with every fault of the known ones.
    """
    known = parameters(cls)
    faults = unknown_keys([key for key in table if key not in known], known)
    missing = {f.alias: None for f in attrs.fields(cls) if f.default is attrs.NOTHING}
    given = {known[key]: value for key, value in table.items() if key in known}
    try:
        made = cls(**{**missing, **given})
    except PlanError as error:
        raise PlanError([*faults, *error.problems]) from None
    raise_faults(faults)
    return made


@attrs.frozen
class Faulty:
    """Stands where a nested value could not be built, until the owner names all its faults.

    `values` is what was given, so that the owner can still check the rest of it.
    """

    problems: tuple[Problem, ...]
    values: Any = ()

    def under(self, prefix: str) -> list[Problem]:
        """The faults with `prefix` put before their paths."""
        return [under(problem, prefix) for problem in self.problems]


def built(value: Any, make: Callable[[Any], Any]) -> Any:
    """Make a nested value; None stays None, faults come back as `Faulty`."""
    try:
        return None if value is None else make(value)
    except PlanError as error:
        return Faulty(error.problems, value)


def built_each(values: Any, make: Callable[[Any], Any], *, expected: str = "a list") -> Any:
    """Make a tuple of nested values, or gather the faults of all of them in one `Faulty`."""
    if values is None:
        return ()
    if isinstance(values, Faulty):
        return values
    if isinstance(values, str | bytes | Mapping) or not isinstance(values, Iterable):
        return Faulty((fault("", "not a list", values, expected),))
    try:
        values = tuple(values)
    except TypeError:  # such as a numpy array without a dimension
        return Faulty((fault("", "not a list", values, expected),))
    made: list[Any] = []
    faults: list[Problem] = []
    for index, value in enumerate(values):
        try:
            made.append(make(value))
        except PlanError as error:
            faults += [under(problem, f"[{index}]") for problem in error.problems]
    return Faulty(tuple(faults), values) if faults else tuple(made)
