"""Cadences, windows and deadlines, with the dates worked out by hand."""

from __future__ import annotations

import datetime as dt

import pytest

from partybuild.quantities.numerals import NORMAL
from partybuild.sources.text.times import TimeCue, time_cues


def cues_of(text: str, year: int | None = 2021) -> list[TimeCue]:
    return list(time_cues(text.translate(NORMAL), year=year))


CADENCES = {
    "每天": "day",
    "每周": "week",
    "每旬": "ten_days",
    "每月": "month",
    "每个月": "month",
    "每季度": "quarter",
    "每一季度": "quarter",
    "每三个月": "quarter",
    "每半年": "half_year",
    "每六个月": "half_year",
    "每年": "year",
    "每年度": "year",
    "按季度": "quarter",
    "逐月": "month",
    "一月一调度": "month",
    "每两个月": {"rrule": "FREQ=MONTHLY;INTERVAL=2"},
    "每2周": {"rrule": "FREQ=WEEKLY;INTERVAL=2"},
    "每两年": {"rrule": "FREQ=YEARLY;INTERVAL=2"},
    "每半个月": {"rrule": "FREQ=MONTHLY;BYMONTHDAY=1,16"},
    "双月": {"rrule": "FREQ=MONTHLY;BYMONTH=2,4,6,8,10,12;BYMONTHDAY=1"},
}


@pytest.mark.parametrize("text", CADENCES)
def test_cadences(text: str) -> None:
    (cue,) = cues_of(text)
    assert (cue.role, cue.per) == ("cadence", CADENCES[text])


@pytest.mark.parametrize(
    ("text", "deadline"),
    [
        ("年底前", "2021-12-31"),
        ("年内", "2021-12-31"),
        ("6月底前", "2021-06-30"),
        ("6 月底前", "2021-06-30"),
        ("2月底", "2021-02-28"),
        ("9月30日前", "2021-09-30"),
        ("十二月三十一日前", "2021-12-31"),
        ("10月中旬", "2021-10-20"),
        ("6月前", "2021-05-31"),
        ("2023年4月30日前", "2023-04-30"),
        ("到2025年底", "2025-12-31"),
        ("到 2027 年", "2027-12-31"),
        ("“十四五”末", "2025-12-31"),
        ("二季度末", "2021-06-30"),
        ("上半年", "2021-06-30"),
        ("一季度", "2021-03-31"),
        ("前三季度", "2021-09-30"),
        ("国庆前", "2021-09-30"),
        ("2025年前", "2024-12-31"),
        ("2021年2月3日至2021年6月5日", "2021-06-05"),
    ],
)
def test_deadlines(text: str, deadline: str) -> None:
    (cue,) = cues_of(text)
    assert cue.deadline == dt.date.fromisoformat(deadline)
    assert (cue.start, cue.end) == (0, len(text))


def test_a_window_has_its_first_day_too() -> None:
    (cue,) = cues_of("下半年")
    assert (cue.first, cue.deadline) == (dt.date(2021, 7, 1), dt.date(2021, 12, 31))
    (cue,) = cues_of("2021年2月3日至2021年6月5日")
    assert cue.first == dt.date(2021, 2, 3)


def test_without_a_year_a_date_stays_partial() -> None:
    (cue,) = cues_of("6月底前", year=None)
    assert cue.deadline == "--06-30"


@pytest.mark.parametrize("text", ["全年", "今年", "本年度", "2021年"])
def test_the_whole_year_is_a_window_without_dates(text: str) -> None:
    (cue,) = cues_of(text)
    assert (cue.role, cue.first, cue.deadline) == ("window", None, None)


@pytest.mark.parametrize("text", ["三年内", "任期内", "春节前", "每学期", "X月底前"])
def test_what_has_no_date_says_so(text: str) -> None:
    (cue,) = cues_of(text)
    assert (cue.role, cue.deadline) == ("within", None)
    assert cue.note


@pytest.mark.parametrize("text", ["整体上年龄老化", "年均增长", "每名党员", "月嫂", "青年人才"])
def test_what_is_no_time(text: str) -> None:
    assert cues_of(text) == []


def test_one_quarter_or_each_quarter() -> None:
    assert [cue.role for cue in cues_of("一季度开展督查")] == ["window"]
    assert [cue.per for cue in cues_of("一季度一研判")] == ["quarter"]


def test_a_choice_of_quarters_is_a_window_each() -> None:
    (cue,) = cues_of("一、三季度")
    assert cue.parts == (
        (dt.date(2021, 1, 1), dt.date(2021, 3, 31)),
        (dt.date(2021, 7, 1), dt.date(2021, 9, 30)),
    )
    (cue,) = cues_of("第二和第四季度", year=None)
    assert cue.parts == (("--04-01", "--06-30"), ("--10-01", "--12-31"))


@pytest.mark.parametrize("text", ["每月最后一个周五", "每月第二个星期三", "每周一上午"])
def test_a_day_of_the_week_is_due(text: str) -> None:
    cue = cues_of(text)[0]
    assert (cue.role, cue.per) == ("due", "week" if "每周" in text else "month")


@pytest.mark.parametrize("text", ["截至10月底", "2000年以前"])
def test_a_day_that_is_over_is_no_deadline(text: str) -> None:
    assert [cue.role for cue in cues_of(text)] == ["date"]
    assert cues_of("截至2025年6月底")[0].role == "deadline"


@pytest.mark.parametrize(
    ("text", "first", "deadline"),
    [
        ("2021年10月1日至2022年3月31日", dt.date(2021, 10, 1), dt.date(2022, 3, 31)),
        ("2021年11月至2022年2月", dt.date(2021, 11, 1), dt.date(2022, 2, 28)),
        ("11月至3月", dt.date(2022, 11, 1), dt.date(2023, 3, 31)),
        ("3月至11月", dt.date(2022, 3, 1), dt.date(2022, 11, 30)),
        ("2021-2022年", dt.date(2021, 1, 1), dt.date(2022, 12, 31)),
    ],
)
def test_a_span_may_reach_over_the_turn_of_the_year(
    text: str, first: dt.date, deadline: dt.date
) -> None:
    (cue,) = cues_of(f"{text}，下降4%", 2022)
    assert (cue.role, cue.first, cue.deadline) == ("window", first, deadline)


def test_years_that_are_over_and_a_winter_are_no_window() -> None:
    assert [cue.note for cue in cues_of("2018-2020年，新建", 2022)] == ["earlier"]
    winter = cues_of("2021-2022年秋冬季浓度", 2022)
    assert [(cue.role, cue.deadline) for cue in winter] == [("date", None)]
