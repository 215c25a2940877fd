"""Periods, cadences and windows: the only calendar arithmetic in the house."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache
from itertools import zip_longest
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from dateutil.relativedelta import relativedelta
from dateutil.rrule import HOURLY, rrule, rruleset, rrulestr

from partybuild.errors import UsageError

ONE_DAY = dt.timedelta(days=1)

#: The words that `per` takes, from the shortest to the longest.
CADENCES = ("day", "week", "ten_days", "month", "quarter", "half_year", "year")

#: How each is said, by language.
CADENCE_WORDS = {
    "zh": {
        "day": "每日",
        "week": "每周",
        "ten_days": "每旬",
        "month": "每月",
        "quarter": "每季度",
        "half_year": "每半年",
        "year": "每年",
    },
    "en": {
        "day": "every day",
        "week": "every week",
        "ten_days": "every ten days",
        "month": "every month",
        "quarter": "every quarter",
        "half_year": "every half-year",
        "year": "every year",
    },
}

#: A day as people write it, full-width digits brought to plain ones before.
_DAY_TEXT = re.compile(
    r"(\d{4})\s*(?:([-/.])\s*(\d{1,2})\s*\2\s*(\d{1,2})|年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号])",
    re.ASCII,
)


def as_day(value: dt.date | str, name: str, timezone: str | None = None) -> dt.date:
    """Read a date parameter: a date, a datetime (its day), or text such as ``2021-09-30``.

    Text may be ISO, ``2021年9月30日``, ``2021/9/30`` or ``2021.9.30``. A moment with a
    zone has its day in `timezone`, where that is given. Raises `UsageError`, which
    names the parameter.

    >>> as_day("2021-09-30", "as_of"), as_day("2021年9月30日", "as_of")
    (datetime.date(2021, 9, 30), datetime.date(2021, 9, 30))
    """
    found: Any = value
    if type(value).__name__ == "datetime64":  # numpy's own dates
        found = str(value)
    try:
        if isinstance(found, str):
            found = _day_of_text(unicodedata.normalize("NFKC", found).strip())
        if isinstance(found, dt.datetime) and found.tzinfo is not None and timezone is not None:
            found = found.astimezone(ZoneInfo(timezone))
        is_day = isinstance(found, dt.date) and bool(found == found)  # NaT is not itself
    except (ValueError, OverflowError):
        is_day = False
    if not is_day:
        raise UsageError(f"{name}: got {value!r}; expected a date, or text such as 2021-09-30")
    day: dt.date = found.date() if isinstance(found, dt.datetime) else found
    return day


def _day_of_text(text: str) -> dt.date:
    """Read a day, or a moment in ISO form; raises `ValueError`."""
    if match := _DAY_TEXT.fullmatch(text):
        year, _, month, day, month_zh, day_zh = match.groups()
        return dt.date(int(year), int(month or month_zh), int(day or day_zh))
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return dt.datetime.fromisoformat(text)


def shift_years(day: dt.date, years: int) -> dt.date:
    """Return the same day some years on; 29 February becomes the 28th where there is none.

    >>> shift_years(dt.date(2020, 2, 29), 1)
    datetime.date(2021, 2, 28)
    """
    return day + relativedelta(years=years)


def whole_years(first: dt.date, last: dt.date) -> int:
    """Count the whole years from `first` to `last`.

    >>> whole_years(dt.date(2019, 1, 2), dt.date(2021, 1, 1))
    1
    """
    return relativedelta(last, first).years


@attrs.frozen
class Period:
    """A closed range of calendar dates, `start`..`end` inclusive.

    Raises `UsageError` when `end` is before `start`, and for what is no date.

    >>> half = Period(dt.date(2021, 1, 1), dt.date(2021, 6, 30))
    >>> half.days, dt.date(2021, 6, 30) in half
    (181, True)
    """

    start: dt.date
    end: dt.date

    def __attrs_post_init__(self) -> None:
        for name in ("start", "end"):
            day = getattr(self, name)
            if not isinstance(day, dt.date) or isinstance(day, dt.datetime):
                raise UsageError(f"{name}: got {day!r}; expected a date")
        if self.end < self.start:
            raise UsageError(f"end: got {self.end}; expected a day from start on, {self.start}")

    @property
    def days(self) -> int:
        """Number of days, both ends counted."""
        return (self.end - self.start).days + 1

    def __contains__(self, day: dt.date) -> bool:
        return self.start <= day <= self.end

    def __str__(self) -> str:
        return f"{self.start}/{self.end}"

    def clip(self, other: Period) -> Period | None:
        """Return the days shared with `other`, or None when there are none."""
        start, end = max(self.start, other.start), min(self.end, other.end)
        return Period(start, end) if start <= end else None

    def before(self) -> Period:
        """Return the period of the same length that ends the day before this one.

        A period of whole months moves by whole months (the year 2021 gives the
        year 2020, a leap year), any other by its number of days.
        """
        end = self.start - ONE_DAY
        after = self.end + ONE_DAY
        if self.start.day == 1 and after.day == 1:
            gap = relativedelta(after, self.start)
            return Period(self.start - relativedelta(months=gap.years * 12 + gap.months), end)
        return Period(self.start - dt.timedelta(days=self.days), end)


@attrs.frozen(kw_only=True)
class Window:
    """One stretch in which a goal must hold.

    `period` is the window clipped to the target's span, `whole` the same
    stretch unclipped, `label` a short name such as ``2021Q1`` or ``2021-W05``.
    """

    period: Period
    whole: Period
    label: str

    @property
    def is_clipped(self) -> bool:
        """Whether the span cut something off."""
        return self.period != self.whole


def _month_start(day: dt.date, months: int) -> dt.date:
    return dt.date(day.year, (day.month - 1) // months * months + 1, 1)


def _ten_days_start(day: dt.date) -> dt.date:
    return day.replace(day=(1, 11, 21)[min(2, (day.day - 1) // 10)])


def _ten_days_next(start: dt.date) -> dt.date:
    return start.replace(day=start.day + 10) if start.day < 21 else _months_on(start, 1)


def _months_on(start: dt.date, months: int) -> dt.date:
    return start.replace(day=1) + relativedelta(months=months)


_STARTS: dict[str, Callable[[dt.date], dt.date]] = {
    "day": lambda day: day,
    "week": lambda day: day - dt.timedelta(days=day.weekday()),
    "ten_days": _ten_days_start,
    "month": lambda day: _month_start(day, 1),
    "quarter": lambda day: _month_start(day, 3),
    "half_year": lambda day: _month_start(day, 6),
    "year": lambda day: _month_start(day, 12),
}
_NEXTS: dict[str, Callable[[dt.date], dt.date]] = {
    "day": lambda start: start + ONE_DAY,
    "week": lambda start: start + 7 * ONE_DAY,
    "ten_days": _ten_days_next,
    "month": lambda start: _months_on(start, 1),
    "quarter": lambda start: _months_on(start, 3),
    "half_year": lambda start: _months_on(start, 6),
    "year": lambda start: _months_on(start, 12),
}


def _iso_week(start: dt.date) -> str:
    year, week, _ = start.isocalendar()
    return f"{year}-W{week:02d}"


_LABELS: dict[str, Callable[[dt.date], str]] = {
    "day": lambda start: start.isoformat(),
    "week": _iso_week,
    "ten_days": lambda start: f"{start:%Y-%m}-D{start.day // 10 + 1}",
    "month": lambda start: f"{start:%Y-%m}",
    "quarter": lambda start: f"{start.year}Q{(start.month + 2) // 3}",
    "half_year": lambda start: f"{start.year}H{(start.month + 5) // 6}",
    "year": lambda start: str(start.year),
}


@attrs.frozen
class Cadence:
    """How a target's span is cut into windows.

    `per` is None (one window, the span), one of `CADENCES`, or None with
    `rule` an RFC 5545 recurrence rule whose occurrences start the windows.

    >>> year = Period(dt.date(2021, 2, 1), dt.date(2021, 12, 31))
    >>> [window.label for window in Cadence("quarter").windows(year)]
    ['2021Q1', '2021Q2', '2021Q3', '2021Q4']
    >>> Cadence("quarter").windows(year)[0].period.start
    datetime.date(2021, 2, 1)
    """

    per: str | None = None
    rule: str | None = None

    def __attrs_post_init__(self) -> None:
        per: Any = self.per
        is_known = per is None or (isinstance(per, str) and per in CADENCES)
        if not is_known or (per is not None and self.rule is not None):
            raise UsageError(f"per: got {self.per!r}; expected one of {', '.join(CADENCES)}")
        if self.rule is None:
            return
        try:
            parse_rule(self.rule, dt.date(2000, 1, 1))
        except (ValueError, AttributeError) as error:
            raise UsageError(f"rule: {error}") from error

    def windows(self, span: Period) -> tuple[Window, ...]:
        """Cut `span` into windows, in order.

        Calendar windows tile the span. With a rule, days before its first
        occurrence belong to no window; a rule without ``DTSTART`` is anchored
        at the first day of the span.
        """
        return _windows(self, span)

    def previous(self, span: Period) -> tuple[Period, ...]:
        """Return, for each window of `span`, the whole stretch just before it.

        This is the window that growth on ``"previous"`` compares with. It is
        never clipped to the span: the first window looks back beyond it.
        """
        windows = self.windows(span)
        if self.per is not None:
            last_days = [window.whole.start - ONE_DAY for window in windows]
            return tuple(Period(_STARTS[self.per](day), day) for day in last_days)
        starts = () if self.rule is None else _rule_starts(self.rule, span)
        before = dict(zip(starts[1:], starts, strict=False))
        return tuple(
            Period(before[window.whole.start], window.whole.start - ONE_DAY)
            if window.whole.start in before
            else window.whole.before()
            for window in windows
        )


@lru_cache(maxsize=512)
def _windows(cadence: Cadence, span: Period) -> tuple[Window, ...]:
    if cadence.rule is not None:
        return tuple(_rule_windows(cadence.rule, span))
    if cadence.per is None:
        return (Window(period=span, whole=span, label=str(span)),)
    return tuple(_calendar_windows(cadence.per, span))


def _calendar_windows(per: str, span: Period) -> Iterator[Window]:
    label, step = _LABELS[per], _NEXTS[per]
    start: dt.date | None = _STARTS[per](span.start)
    while start is not None and start <= span.end:
        following = _following(step, start)
        # the last window of the calendar has no successor to end before
        whole = Period(start, dt.date.max if following is None else following - ONE_DAY)
        clipped = whole.clip(span)
        assert clipped is not None
        yield Window(period=clipped, whole=whole, label=label(start))
        start = following


def _following(step: Callable[[dt.date], dt.date], start: dt.date) -> dt.date | None:
    try:
        return step(start)
    except (OverflowError, ValueError):  # beyond the year 9999
        return None


def parse_rule(text: str, anchor: dt.date) -> rrule | rruleset:
    """Parse an RFC 5545 rule; `anchor` is its start unless it names a ``DTSTART``.

    Raises `ValueError` for text that is no rule, for rules finer than a day, and
    for those that never move on.
    """
    start = dt.datetime.combine(anchor, dt.time())
    if "COUNT=" in text.upper() and "UNTIL=" in text.upper():
        raise ValueError(f"rule has both COUNT and UNTIL: {text!r}")
    try:
        rule = rrulestr(text, dtstart=start, ignoretz=True)
    except (ValueError, TypeError, AttributeError, KeyError, IndexError) as error:
        raise ValueError(f"not an RFC 5545 rule: {text!r} ({error})") from error
    for part in _parts(rule):
        if part["_freq"] >= HOURLY:
            raise ValueError(f"rule is finer than a day: {text!r}")
        if part["_interval"] < 1:
            raise ValueError(f"rule has an interval below 1: {text!r}")
    return rule


def _parts(rule: rrule | rruleset) -> list[dict[str, Any]]:
    """What dateutil keeps to itself of each rule in a set, or of the only one."""
    own = vars(rule)
    rules = [rule] if isinstance(rule, rrule) else [*own["_rrule"], *own["_exrule"]]
    return [vars(one) for one in rules]


@lru_cache(maxsize=512)
def _rule_starts(text: str, span: Period) -> tuple[dt.date, ...]:
    """The days on which the rule begins a window, up to the first one after the span."""
    rule = parse_rule(text, span.start)
    starts: list[dt.date] = []
    try:
        for moment in rule:
            day = moment.date()
            if not starts or day != starts[-1]:
                starts.append(day)
            if day > span.end:
                break
    except IndexError as error:  # such as the ninth Monday of a month
        raise ValueError(f"rule names days that do not exist: {text!r}") from error
    return tuple(starts)


def _rule_windows(text: str, span: Period) -> Iterator[Window]:
    starts = _rule_starts(text, span)
    for start, following in zip_longest(starts, starts[1:]):
        if start > span.end:
            return
        whole = Period(start, span.end if following is None else following - ONE_DAY)
        clipped = whole.clip(span)
        if clipped is not None:
            yield Window(period=clipped, whole=whole, label=str(clipped))
