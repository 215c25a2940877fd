"""Cells that hold dates or points of time, in the ways people and programs write them."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import numbers
import re
import unicodedata
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.cells.columns import (
    EXCEL_ERRORS,
    Fault,
    Faults,
    error_value,
    is_blank,
    parse_each,
)
from partybuild.cells.texts import clean_text

Dates = npt.NDArray[np.datetime64]
Zone = dt.tzinfo

#: Day 0 of Excel's serial numbers (its 1900 system, from March 1900 on).
EXCEL_EPOCH: Final = dt.datetime(1899, 12, 30)
#: Years that are read; others are typing errors.
FIRST_YEAR: Final = 1000
LAST_YEAR: Final = 9999

_SERIALS: Final = (20_000, 80_000)
_EXPECTED: Final = "a calendar date such as 2021-03-05 or 2021年3月5日"

_ISO_DATE: Final = re.compile(r"\d{4}-\d\d-\d\d(?:[T ]\d\d:.*)?\Z", re.ASCII)
_TIME: Final = (
    r"(?:[T ]?\s*(?P<hour>\d{1,2})"
    r"(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:\.(?P<part>\d{1,9}))?)?"
    r"|[时点](?:(?P<minute_zh>\d{1,2})分(?:(?P<second_zh>\d{1,2})秒)?)?)"
    r"\s*(?P<zone>Z|UTC|[+-]\d{2}:?\d{2})?)?"
)
#: What people put behind a day: the day of the week, the part of the day.
_BEHIND: Final = (
    r"(?:\s*\(?(?:星期|周|礼拜)(?P<weekday>[一二三四五六日天])\)?)?"
    r"(?:\s*\(?(?:凌晨|清晨|早上|上午|中午|下午|傍晚|晚上|晚|夜间|全天)\)?)?"
)
_WEEKDAYS: Final = "一二三四五六日"
_ANY_DATE: Final = re.compile(
    r"(?P<year>\d{4})\s*(?:(?P<sep>[-/.。、])\s*(?P<month>\d{1,2})\s*(?P=sep)\s*(?P<day>\d{1,2})(?!\d)"
    r"|年\s*(?P<month_zh>\d{1,2})\s*月\s*(?P<day_zh>\d{1,2})\s*(?:[日号]|(?!\d)))"
    + _BEHIND
    + _TIME,
    re.ASCII,
)
_NUMERALS: Final = "〇一二三四五六七八九"
_DIGITS: Final = str.maketrans({"零": "0", "○": "0"} | {n: str(i) for i, n in enumerate(_NUMERALS)})
_SMALL: Final = r"([一二三]?十[一二三四五六七八九]?|[一二三四五六七八九])"
_CHINESE_DATE: Final = re.compile(rf"([〇零○一二三四五六七八九]{{4}})年{_SMALL}月{_SMALL}[日号]")
_COMPACT_DATE: Final = re.compile(r"(\d{4})(\d{2})(\d{2})(?:\.0)?", re.ASCII)
_SERIAL: Final = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)
_DATE_HINTS: Final = (
    (r"\d{4}[-/.年]\s*\d{1,2}月?", "the day is missing: no day is guessed"),
    (r"\d{1,2}[-/.月]\s*\d{1,2}日?", "the year is missing: no year is guessed"),
    (r"\d{1,2}月份?", "year and day are missing: neither is guessed"),
    (r"\d{1,2}月\s*\d{1,2}日?\s*[-~至到—–]+\s*\d.*", "the year is missing: no year is guessed"),
    (
        r"\d{1,2}[-/.]\d{1,2}[-/.]\d{4}.*",
        "write the year first: day and month cannot be told apart",
    ),
    (r"\d{2}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?", "write the year with four digits"),
    (
        r"\d{4}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?\s*[-~至到—–]+\s*\d.*",
        "put the last day into the column 'end'",
    ),
)


def read_dates(
    cells: pd.Series[Any], *, zone: Zone, days: bool = True, epoch: dt.datetime = EXCEL_EPOCH
) -> tuple[Dates, Faults]:
    """Read calendar dates as midnight (`days`), or points of time without a zone.

    ISO text, ``2021年3月5日``, ``2021/3/5``, ``2021.3.5``, ``20210305``, full-width
    digits, date and datetime objects, periods of one day, and Excel serial numbers
    (20000 to 80000) counted from `epoch`. What has a zone is first moved into `zone`. Blank is NaT.

    >>> from zoneinfo import ZoneInfo
    >>> cells = pd.Series(["2021年3月5日", "2021-03-04T17:00Z", "44260", "2021-02-31", ""])
    >>> values, faults = read_dates(cells, zone=ZoneInfo("Asia/Shanghai"))
    >>> values.astype("M8[D]").astype(str).tolist()
    ['2021-03-05', '2021-03-05', '2021-03-05', 'NaT', 'NaT']
    >>> faults[3].message, faults[3].hint
    ('no such day in the calendar', 'February 2021 has 28 days')
    """
    dtype = cells.dtype
    if isinstance(dtype, pd.DatetimeTZDtype):
        values: Dates = cells.dt.tz_convert(zone).dt.tz_localize(None).to_numpy()
        results = _in_range(values)
    elif isinstance(dtype, np.dtype) and dtype.kind == "M":
        results = _in_range(cells.to_numpy())
    else:
        found, codes, faults = parse_each(cells, lambda cell: _parse_date(cell, zone, epoch))
        results = np.array(found, dtype="datetime64[us]")[codes], faults
    stamps, faults = results
    return (stamps.astype("datetime64[D]").astype("datetime64[us]") if days else stamps), faults


def _bad_date(message: str, hint: str | None = None) -> Fault:
    return Fault(code="bad-date", message=message, expected=_EXPECTED, hint=hint)


def _in_range(values: Dates) -> tuple[Dates, Faults]:
    """Bring typed values to microseconds; years out of reach are faults."""
    first = np.datetime64(f"{FIRST_YEAR:04d}-01-01", "s")
    past = np.datetime64(f"{LAST_YEAR}-12-31T23:59:59", "s")
    seconds = values.astype("datetime64[s]")
    outside = (seconds < first) | (seconds > past)
    faults = dict.fromkeys(np.flatnonzero(outside).tolist(), _YEAR_OUTSIDE)
    if faults:
        values = np.where(outside, np.datetime64("NaT"), values)
    return values.astype("datetime64[us]"), faults


_YEAR_OUTSIDE: Final = _bad_date(f"the year is not between {FIRST_YEAR} and {LAST_YEAR}")


def _parse_date(cell: Any, zone: Zone, epoch: dt.datetime) -> dt.datetime | Fault | None:
    if isinstance(cell, str):
        found = _parse_date_text(cell, epoch)
    elif is_blank(cell):
        return None
    elif isinstance(cell, dt.datetime):
        found = cell
    elif isinstance(cell, dt.date):
        found = dt.datetime(cell.year, cell.month, cell.day)
    elif isinstance(cell, numbers.Real) and not isinstance(cell, bool | np.bool_):
        found = _parse_date_number(float(cell), epoch)
    elif isinstance(cell, pd.Period):
        found = _parse_period(cell)
    else:
        return _bad_date(f"not a calendar date but {type(cell).__name__}")
    return _place(found, zone) if isinstance(found, dt.datetime) else found


def _parse_period(cell: pd.Period) -> dt.datetime | Fault:
    try:
        first, last = cell.start_time, cell.end_time
    except (ValueError, OverflowError):
        return _YEAR_OUTSIDE
    if first.date() != last.date():
        return _bad_date("a period of several days", "no day of it is guessed")
    return first


def _place(found: dt.datetime, zone: Zone) -> dt.datetime | Fault:
    """Bring a datetime into `zone`, and drop the zone and what is finer than a microsecond."""
    if isinstance(found, pd.Timestamp):
        found = found.floor("us").to_pydatetime()
    if found.tzinfo is not None:
        try:
            found = found.astimezone(zone).replace(tzinfo=None)
        except OverflowError:
            return _YEAR_OUTSIDE
    return found if found.year >= FIRST_YEAR else _YEAR_OUTSIDE


def _parse_date_number(value: float, epoch: dt.datetime) -> dt.datetime | Fault | None:
    if math.isnan(value):
        return None
    if _SERIALS[0] <= value < _SERIALS[1]:
        return epoch + dt.timedelta(milliseconds=round(value * 86_400_000))
    if value.is_integer() and 1e7 <= value < 1e8:
        return _parse_date_text(str(int(value)), epoch)
    return _bad_date("a number that is no date", "20000 to 80000 are read as Excel's day numbers")


def _parse_date_text(cell: str, epoch: dt.datetime) -> dt.datetime | Fault | None:
    if _ISO_DATE.match(cell):
        try:
            return dt.datetime.fromisoformat(cell)
        except ValueError:
            pass
    text = clean_text(unicodedata.normalize("NFKC", cell))
    if not text:
        return None
    if text in EXCEL_ERRORS:
        return error_value(text)
    if match := _COMPACT_DATE.fullmatch(text):
        return _make_date(match.groups(), {})
    if _SERIAL.fullmatch(text):
        return _parse_date_number(float(text), epoch)
    if match := _ANY_DATE.fullmatch(text):
        parts = match.groupdict()
        date = (parts["year"], parts["month"] or parts["month_zh"], parts["day"] or parts["day_zh"])
        return _make_date(date, parts)
    if match := _CHINESE_DATE.fullmatch(text):
        year, month, day = match.groups()
        return _make_date((year.translate(_DIGITS), _small(month), _small(day)), {})
    hint = next((hint for form, hint in _DATE_HINTS if re.fullmatch(form, text)), None)
    return _bad_date("not a calendar date", hint)


def _small(text: str) -> int:
    """Read a month or a day in Chinese numerals: 十, 十一, 二十, 三十一."""
    tens, ten, ones = text.rpartition("十")
    number = 10 * int((tens or "一").translate(_DIGITS)) if ten else 0
    return number + int((ones or "0").translate(_DIGITS))


def _make_date(date: tuple[Any, ...], parts: dict[str, str | None]) -> dt.datetime | Fault:
    year, month, day = map(int, date)
    if not 1 <= month <= 12:
        return _bad_date("no such month in the calendar")
    if year < FIRST_YEAR:
        return _YEAR_OUTSIDE
    last = calendar.monthrange(year, month)[1]
    if not 1 <= day <= last:
        hint = f"{calendar.month_name[month]} {year} has {last} days"
        return _bad_date("no such day in the calendar", hint)
    moment = dt.datetime(year, month, day)
    if weekday := parts.get("weekday"):
        real = _WEEKDAYS[moment.weekday()]
        if real != weekday.replace("天", "日"):
            return _bad_date("the day of the week is another", f"{moment.date()} is 星期{real}")
    if not parts.get("hour"):
        return moment
    try:
        return moment.replace(
            hour=int(parts["hour"] or 0),
            minute=int(parts["minute"] or parts["minute_zh"] or 0),
            second=int(parts["second"] or parts["second_zh"] or 0),
            microsecond=int((parts["part"] or "0").ljust(6, "0")[:6]),
            tzinfo=_parse_zone(parts["zone"]),
        )
    except ValueError:
        return _bad_date("no such time of day", "write hours 0 to 23, minutes and seconds 0 to 59")


def _parse_zone(text: str | None) -> dt.tzinfo | None:
    if not text:
        return None
    if text in ("Z", "UTC"):
        return dt.UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    return dt.timezone(sign * dt.timedelta(hours=int(digits[:2]), minutes=int(digits[2:])))
