"""The arguments of `record` and its like, checked and brought into one form."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, SupportsFloat
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from partybuild.errors import UsageError, nearest
from partybuild.faults import as_plain
from partybuild.ledger.entries import CANONICAL, attributes_text, checked_text, read_attributes

__all__ = ["Clock", "DateLike", "day", "entry_fields", "moment", "stamp", "zone"]

#: Tells the time when the ledger is to stamp `recorded_at`; `datetime.now` will do.
Clock = Callable[[], dt.datetime]

DateLike = dt.date | dt.datetime | str

_WRITTEN: Final = re.compile(r"(\d{4})\s*[年/.-]\s*(\d{1,2})\s*[月/.-]\s*(\d{1,2})\s*日?")


def zone(name: str) -> ZoneInfo:
    """Return the timezone of that name, or raise `UsageError`."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError) as error:
        raise UsageError(
            f"timezone: got {name!r}; expected a name such as Asia/Shanghai"
        ) from error


def moment(name: str, value: DateLike, *, timezone: str) -> dt.datetime:
    """Read a moment; one with a zone becomes the local time in `timezone`, without a zone.

    >>> moment("recorded_at", "2021-03-05T18:00:00Z", timezone="Asia/Shanghai")
    datetime.datetime(2021, 3, 6, 2, 0)
    >>> moment("date", "2021年3月5日", timezone="Asia/Shanghai")
    datetime.datetime(2021, 3, 5, 0, 0)
    """
    read = _moment(value)
    if read is None or read != read:
        raise UsageError(f"{name}: got {value!r}; expected a date such as 2021-03-05")
    if read.tzinfo is not None:
        read = read.astimezone(zone(timezone)).replace(tzinfo=None)
    return read


def _moment(value: object) -> dt.datetime | None:
    if isinstance(value, dt.datetime):
        if value != value:
            return None
        whole = dt.datetime(*value.timetuple()[:6], value.microsecond)
        return whole.replace(tzinfo=value.tzinfo, fold=value.fold)
    if isinstance(value, dt.date):
        return dt.datetime.combine(value, dt.time.min)
    if not isinstance(value, str):
        return None
    try:
        if written := _WRITTEN.fullmatch(value.strip()):
            year, month, date = written.groups()
            return dt.datetime(int(year), int(month), int(date))
        return dt.datetime.fromisoformat(value.strip())
    except ValueError:
        return None


def day(name: str, value: DateLike, *, timezone: str) -> dt.date:
    """Read a calendar date; a moment with a zone becomes the day it was in `timezone`."""
    return moment(name, value, timezone=timezone).date()


def stamp(
    given: DateLike | None, clock: Clock | None, *, default: dt.datetime, timezone: str
) -> dt.datetime:
    """Return when an entry was recorded: as given, or by the clock, or else `default`."""
    if given is not None:
        return moment("recorded_at", given, timezone=timezone)
    if clock is not None:
        return moment("clock", clock(), timezone=timezone)
    return default


def entry_fields(
    given: Mapping[str, Any], *, known: Mapping[str, Any], timezone: str
) -> dict[str, Any]:
    """Return the fields of an entry: those of `known`, and over them those `given`, checked.

    Raises `UsageError` for a name that no entry has and for a value that the
    name does not take.
    """
    for name in given:
        if name not in CANONICAL:
            raise UsageError(
                f"{name!r} is no field of an event; "
                + (nearest(name, CANONICAL) or f"allowed: {', '.join(CANONICAL)}")
                + f"; for a column of your own: attributes={{{name!r}: ...}}"
            )
    fields = {**known}
    for name, value in given.items():
        fields[name] = _checked(name, value, timezone=timezone)
    if not fields.get("kind"):
        raise UsageError("kind: got nothing; expected text such as '调研'")
    if not fields.get("date"):
        raise UsageError("date: got nothing; expected a date such as 2021-03-05")
    moved = "date" in given and "end" not in given and known.get("end") == known.get("date")
    if fields.get("end") is None or moved:  # an event of one day stays one
        fields["end"] = fields["date"]
    if fields["end"] < fields["date"]:
        raise UsageError(f"end: {fields['end']} is before the date {fields['date']}")
    return fields


def _checked(name: str, value: Any, *, timezone: str) -> Any:
    if name == "quantity":
        return _number(value)
    if name == "void":
        return _flag(value)
    if name == "attributes":
        if not isinstance(value, Mapping | None):
            raise UsageError(f"attributes: got {value!r}; expected a mapping of names to values")
        for attribute in value or {}:
            checked_text("attribute", attribute)
        return read_attributes(attributes_text(dict(value or {})))
    if _is_missing(value):
        return None
    if name in {"date", "end"}:
        return day(name, value, timezone=timezone)
    if name == "recorded_at":
        return moment(name, value, timezone=timezone)
    if name == "row":
        return _row_number(value)
    return _text(name, value)


def _is_missing(value: Any) -> bool:
    """Whether a value is None, NaN, NaT or the NA of pandas."""
    try:
        return value is None or bool(value != value)
    except ValueError:  # an array, which is of no use in any field
        return False
    except TypeError:  # NA does not say whether it is itself
        return True


def _text(name: str, value: Any) -> str | None:
    if not isinstance(value, str):
        raise UsageError(f"{name}: got {value!r}; expected text")
    return checked_text(name, value) if value.strip() else None


def _number(value: Any) -> float:
    """Return a quantity; None is an absent one, which counts as 1."""
    if value is None:
        return 1.0
    if isinstance(value, (bool, str)) or not isinstance(value, SupportsFloat):
        raise UsageError(f"quantity: got {value!r}; expected a number")
    number = float(value)
    if not math.isfinite(number):
        raise UsageError(f"quantity: got {value!r}; expected a finite number")
    return number + 0.0  # -0.0, which SQLite cannot keep, becomes 0.0


def _flag(value: Any) -> bool:
    plain = as_plain(value)
    if not isinstance(plain, int | float) or plain not in (0, 1):
        raise UsageError(f"void: got {value!r}; allowed: True, False")
    return bool(plain)


def _row_number(value: Any) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__") or int(value) < 1:
        raise UsageError(f"row: got {value!r}; expected a row number, counted from 1")
    return int(value)
