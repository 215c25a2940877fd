"""Section 5: the windows of a target."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from dateutil.rrule import rrulestr

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """A closed range of dates, and the whole range it was cut from."""

    label: str
    start: date
    end: date
    whole_start: date
    whole_end: date

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @property
    def whole_days(self) -> int:
        return (self.whole_end - self.whole_start).days + 1

    @property
    def is_cut(self) -> bool:
        return (self.start, self.end) != (self.whole_start, self.whole_end)

    def cut(self, first: date | None, last: date | None) -> Window | None:
        start = self.start if first is None else max(self.start, first)
        end = self.end if last is None else min(self.end, last)
        return replace(self, start=start, end=end) if start <= end else None


def month_end(year: int, month: int) -> date:
    return date(year, month, monthrange(year, month)[1])


def whole_range(per: str, day: date) -> tuple[date, date]:
    """Return the calendar window that holds `day`."""
    y, m = day.year, day.month
    if per == "day":
        return day, day
    if per == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    if per == "ten_days":
        if day.day <= 10:
            return date(y, m, 1), date(y, m, 10)
        if day.day <= 20:
            return date(y, m, 11), date(y, m, 20)
        return date(y, m, 21), month_end(y, m)
    if per == "month":
        return date(y, m, 1), month_end(y, m)
    if per == "quarter":
        first = 3 * ((m - 1) // 3) + 1
        return date(y, first, 1), month_end(y, first + 2)
    if per == "half_year":
        return (date(y, 1, 1), date(y, 6, 30)) if m <= 6 else (date(y, 7, 1), date(y, 12, 31))
    if per == "year":
        return date(y, 1, 1), date(y, 12, 31)
    raise ValueError(per)


def label_of(per: str, start: date) -> str:
    """Return a name for the window; the contract leaves its form free."""
    if per == "week":
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    if per == "ten_days":
        return f"{start:%Y-%m}-{(start.day - 1) // 10 + 1}"
    if per == "month":
        return f"{start:%Y-%m}"
    if per == "quarter":
        return f"{start.year}-Q{(start.month + 2) // 3}"
    if per == "half_year":
        return f"{start.year}-H{1 if start.month <= 6 else 2}"
    if per == "year":
        return f"{start.year}"
    return start.isoformat()


def span_of(plan: dict[str, Any], target: dict[str, Any]) -> tuple[date, date]:
    """Return the plan's start..end, narrowed by the target's start, end, deadline."""
    first = max(plan["start"], target.get("start") or plan["start"])
    lasts = [plan["end"], target.get("end"), target.get("deadline")]
    return first, min(day for day in lasts if day is not None)


def occurrences(rule: str, first: date, last: date) -> list[date]:
    """Return the rule's days up to the first one after `last`, that one included."""
    days: list[date] = []
    for moment in rrulestr(rule, dtstart=datetime(first.year, first.month, first.day)):
        if not days or moment.date() > days[-1]:
            days.append(moment.date())
        if moment.date() > last:
            break
    return days


def windows_of(plan: dict[str, Any], target: dict[str, Any]) -> list[Window]:
    """Return the target's windows in order, clipped to its span."""
    first, last = span_of(plan, target)
    if first > last:
        return []
    per = target.get("per")
    if per is None:
        whole = [Window(f"{first}/{last}", first, last, first, last)]
    elif isinstance(per, dict):
        days = occurrences(per["rrule"], first, last)
        ends = [day - ONE_DAY for day in days[1:]] + [max(last, days[-1]) if days else last]
        whole = [Window(a.isoformat(), a, b, a, b) for a, b in zip(days, ends, strict=True)]
    else:
        whole = []
        day = first
        while day <= last:
            a, b = whole_range(per, day)
            whole.append(Window(label_of(per, a), a, b, a, b))
            day = b + ONE_DAY
    clipped = [window.cut(first, last) for window in whole]
    found = [window for window in clipped if window is not None]
    if target.get("partial") == "skip":
        found = [window for window in found if not window.is_cut]
    return found


def range_before(target: dict[str, Any], span: tuple[date, date], window: Window) -> Any:
    """Return the (whole) range before a window, for growth on the previous."""
    per = target.get("per")
    start, end = window.whole_start, window.whole_end
    if isinstance(per, str):
        return whole_range(per, start - ONE_DAY)
    if isinstance(per, dict):
        earlier = [day for day in occurrences(per["rrule"], *span) if day < start]
        if earlier:
            return earlier[-1], start - ONE_DAY
    if start.day == 1 and (end + ONE_DAY).day == 1:  # whole months: as many months before
        months = (end.year - start.year) * 12 + end.month - start.month + 1
        index = start.year * 12 + start.month - 1 - months
        return date(index // 12, index % 12 + 1, 1), start - ONE_DAY
    return start - timedelta(days=window.whole_days), start - ONE_DAY
