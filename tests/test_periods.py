"""Periods, cadences and windows: answers from the calendar, and laws over 400 years."""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from partybuild.errors import UsageError
from partybuild.periods import CADENCES, ONE_DAY, Cadence, Period, Window, as_day

DAYS = st.dates(dt.date(1801, 1, 1), dt.date(2200, 12, 31))


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def period(start: str, end: str) -> Period:
    return Period(day(start), day(end))


def year(number: int) -> Period:
    return Period(dt.date(number, 1, 1), dt.date(number, 12, 31))


@st.composite
def periods(draw: st.DrawFn, longest: int = 4000) -> Period:
    start = draw(DAYS)
    return Period(start, start + dt.timedelta(days=draw(st.integers(0, longest))))


def cut(per: str | None, span: Period, rule: str | None = None) -> list[tuple[str, str, str]]:
    windows = Cadence(per, rule).windows(span)
    return [(w.label, str(w.period.start), str(w.period.end)) for w in windows]


# --- Period


def test_a_period_counts_both_ends() -> None:
    assert year(2021).days == 365
    assert year(2020).days == 366
    assert period("2021-03-05", "2021-03-05").days == 1


def test_a_period_knows_its_days() -> None:
    quarter = period("2021-01-01", "2021-03-31")
    assert day("2021-01-01") in quarter
    assert day("2021-03-31") in quarter
    assert day("2020-12-31") not in quarter
    assert day("2021-04-01") not in quarter
    assert str(quarter) == "2021-01-01/2021-03-31"


def test_a_period_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(UsageError, match="end: got 2021-01-01; expected a day from"):
        period("2021-01-02", "2021-01-01")


@given(periods(), periods())
def test_clipping_keeps_the_shared_days(one: Period, other: Period) -> None:
    shared = one.clip(other)
    assert shared == other.clip(one)
    first, last = max(one.start, other.start), min(one.end, other.end)
    assert (None if shared is None else (shared.start, shared.end)) == (
        (first, last) if first <= last else None
    )


@pytest.mark.parametrize(
    ("start", "end", "before"),
    [
        ("2021-01-01", "2021-12-31", "2020-01-01/2020-12-31"),  # a leap year, by months
        ("2021-03-01", "2021-03-31", "2021-02-01/2021-02-28"),
        ("2020-03-01", "2020-03-31", "2020-02-01/2020-02-29"),
        ("2021-04-01", "2021-06-30", "2021-01-01/2021-03-31"),
        ("2021-01-01", "2021-02-28", "2020-11-01/2020-12-31"),
        ("2021-01-04", "2021-01-10", "2020-12-28/2021-01-03"),  # a week, by days
        ("2021-03-11", "2021-03-20", "2021-03-01/2021-03-10"),
        ("2021-02-01", "2021-12-30", "2020-03-05/2021-01-31"),  # 333 days, no whole months
    ],
)
def test_the_period_before_moves_by_months_where_it_can(start: str, end: str, before: str) -> None:
    assert str(period(start, end).before()) == before


@given(periods())
def test_the_period_before_ends_the_day_before(one: Period) -> None:
    before = one.before()
    assert before.end + ONE_DAY == one.start
    assert before.start <= before.end


# --- as_day


@pytest.mark.parametrize(
    "value",
    [dt.date(2021, 9, 30), dt.datetime(2021, 9, 30, 18, 5), "2021-09-30", " 2021-09-30 ",
     "2021年9月30日", "2021 年 9 月 30 日", "2021/9/30", "2021.9.30", "2021-9-30",
     "２０２１／９／３０", "2021-09-30T18:05", np.datetime64("2021-09-30"),
     np.datetime64("2021-09-30T23:30:00.123456789"), pd.Timestamp("2021-09-30 23:59")],
)  # fmt: skip
def test_a_day_is_a_date_a_moment_or_text(value: dt.date | str) -> None:
    assert as_day(value, "as_of") == dt.date(2021, 9, 30)


@pytest.mark.parametrize(
    "value",
    ["2021-09-29T20:00Z", "2021-09-30T00:00+08:00", pd.Timestamp("2021-09-29 20:00", tz="UTC"),
     dt.datetime(2021, 9, 29, 20, tzinfo=dt.UTC)],
)  # fmt: skip
def test_a_moment_with_a_zone_has_its_day_in_the_timezone(value: dt.date | str) -> None:
    assert as_day(value, "as_of", "Asia/Shanghai") == dt.date(2021, 9, 30)


@pytest.mark.parametrize(
    "value",
    ["2021-02-31", "2021年2月31日", "30.9.2021", "2021-9/30", "2021年9月", "", None, 20210930,
     44469, float("nan"), pd.NaT, np.datetime64("NaT"), np.datetime64("2021-09"),
     np.datetime64("2021"), np.array(["2021-09-30"], dtype="M8[D]"), pd.Series(["2021-09-30"]),
     dt.datetime.max.replace(tzinfo=dt.UTC)],
)  # fmt: skip
def test_what_is_no_day_is_refused_by_name(value: object) -> None:
    with pytest.raises(UsageError, match="as_of"):
        as_day(value, "as_of", "Asia/Shanghai")  # type: ignore[arg-type]


# --- calendar windows


@pytest.mark.parametrize("per", CADENCES)
@given(span=periods())
def test_calendar_windows_tile_the_span(per: str, span: Period) -> None:
    windows = Cadence(per).windows(span)
    assert windows[0].period.start == span.start
    assert windows[-1].period.end == span.end
    for before, after in pairwise(windows):
        assert before.period.end + ONE_DAY == after.period.start
        assert before.whole.end + ONE_DAY == after.whole.start
    for window in windows:
        assert window.period == window.whole.clip(span)
    assert len({window.label for window in windows}) == len(windows)


@pytest.mark.parametrize(
    ("per", "windows"),
    [
        # 400 Gregorian years are 146,097 days = 20,871 weeks exactly; 1801-01-01 was a Thursday,
        # so the span begins and ends inside a week: one more.
        ("day", 146_097),
        ("week", 20_872),
        ("ten_days", 400 * 36),
        ("month", 400 * 12),
        ("quarter", 400 * 4),
        ("half_year", 400 * 2),
        ("year", 400),
    ],
)
def test_400_years_do_not_drift(per: str, windows: int) -> None:
    span = Period(dt.date(1801, 1, 1), dt.date(2200, 12, 31))
    cut_up = Cadence(per).windows(span)
    assert len(cut_up) == windows
    assert sum(window.period.days for window in cut_up) == 146_097
    assert len({window.label for window in cut_up}) == windows
    if per == "month":
        lengths = [window.whole.days for window in cut_up]
        years = range(1801, 2201)
        assert lengths == [calendar.monthrange(y, m)[1] for y in years for m in range(1, 13)]


@pytest.mark.parametrize("per", [None, *CADENCES])
def test_the_last_day_of_the_calendar_is_no_trap(per: str | None) -> None:
    span = Period(dt.date(9999, 1, 1), dt.date(9999, 12, 31))
    assert Cadence(per).windows(span)[-1].period.end == dt.date(9999, 12, 31)


def test_no_cadence_is_one_window() -> None:
    assert cut(None, period("2021-02-01", "2021-11-30")) == [
        ("2021-02-01/2021-11-30", "2021-02-01", "2021-11-30")
    ]


def test_weeks_are_iso_weeks_and_2020_has_a_53rd() -> None:
    assert cut("week", period("2020-12-26", "2021-01-12")) == [
        ("2020-W52", "2020-12-26", "2020-12-27"),
        ("2020-W53", "2020-12-28", "2021-01-03"),
        ("2021-W01", "2021-01-04", "2021-01-10"),
        ("2021-W02", "2021-01-11", "2021-01-12"),
    ]


def test_the_first_days_of_a_year_may_lie_in_the_last_week_of_the_one_before() -> None:
    windows = Cadence("week").windows(year(2021))
    assert (windows[0].label, windows[0].period.days) == ("2020-W53", 3)
    assert (windows[-1].label, windows[-1].period.days) == ("2021-W52", 5)
    assert len(windows) == 53


@pytest.mark.parametrize(("number", "last"), [(2021, "2021-02-28"), (2024, "2024-02-29")])
def test_the_third_ten_days_of_february_are_short(number: int, last: str) -> None:
    february = period(f"{number}-02-01", last)
    assert cut("ten_days", february) == [
        (f"{number}-02-D1", f"{number}-02-01", f"{number}-02-10"),
        (f"{number}-02-D2", f"{number}-02-11", f"{number}-02-20"),
        (f"{number}-02-D3", f"{number}-02-21", last),
    ]


def test_the_31st_belongs_to_the_third_ten_days() -> None:
    windows = Cadence("ten_days").windows(period("2021-01-31", "2021-02-01"))
    assert [window.label for window in windows] == ["2021-01-D3", "2021-02-D1"]
    assert windows[0].whole.days == 11
    assert len(Cadence("ten_days").windows(year(2021))) == 36


def test_labels_are_what_people_say() -> None:
    span = period("2021-06-30", "2021-07-01")
    assert [cut(per, span)[0][0] for per in CADENCES] == [
        "2021-06-30", "2021-W26", "2021-06-D3", "2021-06", "2021Q2", "2021H1", "2021",
    ]  # fmt: skip
    assert [cut(per, span)[-1][0] for per in CADENCES] == [
        "2021-07-01", "2021-W26", "2021-07-D1", "2021-07", "2021Q3", "2021H2", "2021",
    ]  # fmt: skip


def test_a_clipped_window_remembers_the_whole() -> None:
    first, *_, last = Cadence("quarter").windows(period("2021-02-15", "2021-11-30"))
    assert first == Window(
        period=period("2021-02-15", "2021-03-31"),
        whole=period("2021-01-01", "2021-03-31"),
        label="2021Q1",
    )
    assert first.is_clipped
    assert last.is_clipped
    assert str(last.whole) == "2021-10-01/2021-12-31"
    assert not Cadence("quarter").windows(year(2021))[0].is_clipped


@given(st.sampled_from(CADENCES), periods(longest=800), periods(longest=800))
def test_windows_do_not_depend_on_the_span_but_for_the_cut(
    per: str, one: Period, other: Period
) -> None:
    shared = one.clip(other)
    if shared is None:
        return
    wholes = {window.label: window.whole for window in Cadence(per).windows(one)}
    for window in Cadence(per).windows(shared):
        assert wholes[window.label] == window.whole


# --- rules


def test_each_occurrence_of_a_rule_starts_a_window() -> None:
    rule = "FREQ=MONTHLY;INTERVAL=2"
    assert cut(None, period("2021-02-01", "2021-11-30"), rule) == [
        ("2021-02-01/2021-03-31", "2021-02-01", "2021-03-31"),
        ("2021-04-01/2021-05-31", "2021-04-01", "2021-05-31"),
        ("2021-06-01/2021-07-31", "2021-06-01", "2021-07-31"),
        ("2021-08-01/2021-09-30", "2021-08-01", "2021-09-30"),
        ("2021-10-01/2021-11-30", "2021-10-01", "2021-11-30"),
    ]


def test_a_rule_with_its_own_start_may_begin_before_the_span() -> None:
    rule = "DTSTART:20201215\nRRULE:FREQ=MONTHLY"
    first, second, *_ = Cadence(None, rule).windows(year(2021))
    assert (str(first.whole), str(first.period)) == (
        "2020-12-15/2021-01-14",
        "2021-01-01/2021-01-14",
    )
    assert str(second.whole) == "2021-01-15/2021-02-14"


def test_days_before_the_first_occurrence_belong_to_no_window() -> None:
    windows = cut(None, year(2021), "FREQ=MONTHLY;INTERVAL=6;BYMONTHDAY=10")
    assert windows == [
        ("2021-01-10/2021-07-09", "2021-01-10", "2021-07-09"),
        ("2021-07-10/2021-12-31", "2021-07-10", "2021-12-31"),
    ]


def test_the_last_window_of_a_rule_that_ends_runs_to_the_end_of_the_span() -> None:
    windows = cut(None, year(2021), "FREQ=MONTHLY;COUNT=3")
    assert [window[1:] for window in windows] == [
        ("2021-01-01", "2021-01-31"),
        ("2021-02-01", "2021-02-28"),
        ("2021-03-01", "2021-12-31"),
    ]


def test_months_without_a_31st_start_no_window() -> None:
    windows = cut(None, year(2021), "FREQ=MONTHLY;BYMONTHDAY=31")
    assert [start for _, start, _ in windows] == [
        f"2021-{month:02d}-31" for month in (1, 3, 5, 7, 8, 10, 12)
    ]


def test_a_rule_that_names_several_hours_of_a_day_starts_one_window() -> None:
    assert len(cut(None, period("2021-03-01", "2021-03-07"), "FREQ=DAILY;BYHOUR=8,14")) == 7


RULES = st.builds(
    "FREQ={};INTERVAL={}{}".format,
    st.sampled_from(["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]),
    st.integers(1, 9),
    st.sampled_from(["", ";COUNT=3", ";BYMONTHDAY=15", ";BYMONTHDAY=-1", ";BYDAY=MO,TH"]),
)


@given(RULES, periods(longest=900))
def test_windows_of_a_rule_are_disjoint_ordered_and_leave_no_gap(rule: str, span: Period) -> None:
    windows = Cadence(None, rule).windows(span)
    for before, after in pairwise(windows):
        assert before.period.end + ONE_DAY == after.period.start
    for window in windows:
        assert window.period == window.whole.clip(span)
    if windows:
        assert windows[-1].period.end == span.end
    assert len({window.label for window in windows}) == len(windows)
    anchor = dt.datetime.combine(span.start, dt.time())
    last = dt.datetime.combine(span.end, dt.time())
    starts = [one.date() for one in rrulestr(rule, dtstart=anchor).between(anchor, last, inc=True)]
    assert [window.whole.start for window in windows] == starts


@pytest.mark.parametrize(
    "text",
    ["", "monthly", "FREQ=", "FREQ=FORTNIGHTLY", "FREQ=MONTHLY;FOO=1", "FREQ=DAILY;BYDAY=XX",
     "FREQ=HOURLY", "FREQ=SECONDLY;INTERVAL=90", "DTSTART:soon", "FREQ=DAILY;INTERVAL=0",
     "FREQ=DAILY;INTERVAL=-1", "FREQ=DAILY;COUNT=2;UNTIL=20210601",
     "RRULE:FREQ=HOURLY\nRRULE:FREQ=DAILY"],
)  # fmt: skip
def test_text_that_is_no_rule_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        Cadence(None, text)


@pytest.mark.parametrize("per", ["monthly", "Month", "", "fortnight"])
def test_an_unknown_cadence_is_refused_with_the_known_ones(per: str) -> None:
    with pytest.raises(ValueError, match="ten_days, month, quarter"):
        Cadence(per)


def test_a_cadence_is_a_word_or_a_rule() -> None:
    with pytest.raises(UsageError, match="per: got 'month'"):
        Cadence("month", "FREQ=MONTHLY")


# --- the window before


@pytest.mark.parametrize(
    ("per", "before"),
    [
        ("day", "2021-02-28/2021-02-28"),
        ("week", "2021-02-22/2021-02-28"),
        ("ten_days", "2021-02-21/2021-02-28"),
        ("month", "2021-02-01/2021-02-28"),
        ("quarter", "2020-10-01/2020-12-31"),
        ("half_year", "2020-07-01/2020-12-31"),
        ("year", "2020-01-01/2020-12-31"),
        (None, "2020-03-01/2021-02-28"),
    ],
)
def test_the_first_window_looks_back_beyond_the_span(per: str | None, before: str) -> None:
    span = period("2021-03-01", "2022-02-28")  # 2021-03-01 was a Monday
    assert str(Cadence(per).previous(span)[0]) == before


@given(st.sampled_from(CADENCES), periods(longest=900))
def test_the_window_before_is_whole_and_touches(per: str, span: Period) -> None:
    windows, previous = Cadence(per).windows(span), Cadence(per).previous(span)
    assert len(windows) == len(previous)
    for window, before in zip(windows, previous, strict=True):
        assert before.end + ONE_DAY == window.whole.start
    for before, window in zip(previous[1:], windows, strict=False):
        assert before == window.whole


def test_a_clipped_window_is_compared_with_the_whole_one_before() -> None:
    span = period("2021-02-15", "2021-12-31")
    assert str(Cadence("quarter").previous(span)[0]) == "2020-10-01/2020-12-31"


def test_a_rule_looks_back_to_the_occurrence_before_and_first_by_its_own_length() -> None:
    previous = Cadence(None, "FREQ=MONTHLY;INTERVAL=2").previous(year(2021))
    assert [str(one) for one in previous[:2]] == ["2020-11-01/2020-12-31", "2021-01-01/2021-02-28"]


def test_a_rule_looks_back_to_its_own_occurrence_before_the_span() -> None:
    previous = Cadence(None, "DTSTART:20201015\nRRULE:FREQ=MONTHLY").previous(year(2021))
    assert str(previous[0]) == "2020-11-15/2020-12-14"  # 30 days, though the window has 31


def test_a_rule_that_matches_no_day_has_no_windows() -> None:
    assert cut(None, year(2021), "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30") == []


def test_days_that_do_not_exist_are_refused_when_they_are_looked_for() -> None:
    with pytest.raises(ValueError, match="days that do not exist"):
        cut(None, year(2021), "FREQ=MONTHLY;BYDAY=9MO")
