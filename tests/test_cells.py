"""Cells as people and programs write them: dates, numbers, flags, text."""

from __future__ import annotations

import datetime as dt
import decimal
import math
from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.cells import (
    EXCEL_ERRORS,
    Fault,
    Percent,
    clean_text,
    read_dates,
    read_flags,
    read_numbers,
    read_texts,
    texts,
)
from partybuild.cells.columns import is_blank

ZONE = ZoneInfo("Asia/Shanghai")


def dates_of(*cells: object, days: bool = True, dtype: object = object) -> tuple[list, dict]:
    values, faults = read_dates(pd.Series(cells, dtype=dtype), zone=ZONE, days=days)
    return values.tolist(), faults


@pytest.mark.parametrize(
    "text",
    [
        "2021-03-05", "2021-3-5", "2021/3/5", "2021/03/05", "2021.3.5", "2021.03.05",
        "2021年3月5日", "2021年03月05日", "2021 年 3 月 5 日", "2021年3月5号", "20210305",
        "２０２１年３月５日", "２０２１－３－５", "２０２１／３／５", "　2021-03-05 ",
        "\ufeff2021-03-05",
        "2021-03-05 23:59", "2021-03-05T23:59:59", "2021/3/5 9:05", "2021年3月5日9时5分",
        "2021-03-05 00:00:00", "2021-03-04T16:00:00Z", "2021-03-05T23:59+08:00",
        "2021-03-05 15:59:59.999999 UTC", "44260", "44260.75", 44260, 44260.75, 20210305,
        dt.date(2021, 3, 5), dt.datetime(2021, 3, 5, 23, 59), pd.Timestamp("2021-03-05 12:00"),
        dt.datetime(2021, 3, 4, 16, tzinfo=dt.UTC), pd.Timestamp("2021-03-04T16:00Z"),
        np.datetime64("2021-03-05", "D").item(),
    ],
)  # fmt: skip
def test_the_same_day_in_many_ways(text: object) -> None:
    assert dates_of(text) == ([dt.datetime(2021, 3, 5)], {})


@pytest.mark.parametrize(
    ("cell", "hint"),
    [
        ("2021-02-31", "February 2021 has 28 days"),
        ("2021年2月29日", "February 2021 has 28 days"),
        ("2100-02-29", "February 2100 has 28 days"),
        ("2021-04-31", "April 2021 has 30 days"),
        ("20210229", "February 2021 has 28 days"),
        (20210229, "February 2021 has 28 days"),
        ("2021-13-05", None),
        ("2021-00-05", None),
        ("2021-03-00", "March 2021 has 31 days"),
        ("2021年3月", "the day is missing: no day is guessed"),
        ("2021-03", "the day is missing: no day is guessed"),
        ("3月5日", "the year is missing: no year is guessed"),
        ("5/3/2021", "write the year first: day and month cannot be told apart"),
        ("05.03.2021", "write the year first: day and month cannot be told apart"),
        ("21-3-5", "write the year with four digits"),
        ("2021年3月5日至7日", "put the last day into the column 'end'"),
        ("2021-03-05-07", "put the last day into the column 'end'"),
        ("2021-03-05 25:00", "write hours 0 to 23, minutes and seconds 0 to 59"),
        ("2021-03.05", None),
        ("2021-3-055", None),
        ("0202-03-05", None),
        ("六月中旬", None),
        ("#REF!", "mend the formula that gives #REF!, or type the value"),
        ("x" * 10_000, None),
        (True, None),
        (5, "20000 to 80000 are read as Excel's day numbers"),
        (math.inf, "20000 to 80000 are read as Excel's day numbers"),
        (1e300, "20000 to 80000 are read as Excel's day numbers"),
        (dt.time(9, 0), None),
        (dt.timedelta(1), None),
        ({}, None),
    ],
)
def test_what_is_no_day_is_a_fault_and_never_moved(cell: object, hint: str | None) -> None:
    values, faults = dates_of(cell)
    assert values == [None]
    assert list(faults) == [0]
    assert faults[0].hint == hint


def test_blank_dates_are_neither_days_nor_faults() -> None:
    assert dates_of(None, "", "  ", math.nan, pd.NaT, pd.NA, np.datetime64("NaT")) == (
        [None] * 7,
        {},
    )


def test_a_moment_keeps_its_time_in_the_zone_of_the_plan() -> None:
    values, _ = dates_of("2021-03-04T17:30Z", "2021/3/5 9:05:07.25", days=False)
    assert values == [dt.datetime(2021, 3, 5, 1, 30), dt.datetime(2021, 3, 5, 9, 5, 7, 250_000)]


def test_day_numbers_of_the_other_excel_calendar() -> None:
    epoch = dt.datetime(1904, 1, 1)
    values, _ = read_dates(pd.Series([42798]), zone=ZONE, epoch=epoch)
    assert values.tolist() == [dt.datetime(2021, 3, 5)]


@pytest.mark.parametrize("unit", ["s", "ms", "us", "ns"])
def test_typed_dates_of_every_resolution(unit: str) -> None:
    naive = pd.Series(pd.to_datetime(["2021-03-04 17:00", None])).astype(f"datetime64[{unit}]")
    assert read_dates(naive, zone=ZONE)[0].tolist() == [dt.datetime(2021, 3, 4), None]
    assert read_dates(naive.dt.tz_localize("UTC"), zone=ZONE)[0].tolist() == [
        dt.datetime(2021, 3, 5),
        None,
    ]


def test_typed_dates_out_of_reach_are_faults() -> None:
    cells = pd.Series(np.array(["0021-03-05", "2021-03-05", "12021-03-05"], dtype="M8[s]"))
    values, faults = read_dates(cells, zone=ZONE)
    assert values.tolist() == [None, dt.datetime(2021, 3, 5), None]
    assert sorted(faults) == [0, 2]


@given(day=st.dates(dt.date(1000, 1, 1)))
def test_every_day_is_read_from_each_way_of_writing_it(day: dt.date) -> None:
    y, m, d = day.year, day.month, day.day
    ways = [f"{y:04}-{m}-{d}", f"{y:04}/{m:02}/{d:02}", f"{y:04}.{m}.{d}", f"{y:04}年{m}月{d}日"]
    values, faults = dates_of(day.isoformat(), day, *ways)
    assert faults == {}
    assert {value.date() for value in values} == {day}


@given(cells=st.lists(st.text(max_size=12) | st.from_regex(r"\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}")))
def test_any_text_is_a_day_blank_or_a_fault(cells: list[str]) -> None:
    values, faults = dates_of(*cells)
    for place, cell in enumerate(cells):
        assert (values[place] is None) == (place in faults or not clean_text(cell))


@given(days=st.lists(st.dates(dt.date(1000, 1, 1)).map(str) | st.just("2021-02-30")))
def test_text_and_object_columns_agree(days: list[str]) -> None:
    assert dates_of(*days, dtype="str") == dates_of(*days)


def numbers_of(*cells: object) -> tuple[list, list | None, dict]:
    values, signs, faults = read_numbers(pd.Series(cells, dtype=object))
    return values.tolist(), None if signs is None else signs.tolist(), faults


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("3", 3.0), ("3.50", 3.5), ("-2", -2.0), ("+2", 2.0), (".5", 0.5), ("1e3", 1000.0),
        ("0", 0.0), ("1,000", 1000.0), ("12,345,678.9", 12345678.9), ("１２", 12.0), ("三十", 30.0),
        ("一千二百", 1200.0), ("1.3万", 13000.0), (" 7 ", 7.0), (7, 7.0), (7.25, 7.25),
        (decimal.Decimal("1.1"), 1.1), (np.int64(4), 4.0), ("0.1", 0.1), ("18999", 18999.0),
    ],
)  # fmt: skip
def test_numbers_as_people_write_them(cell: object, value: float) -> None:
    assert numbers_of(cell) == ([value], None, {})


@pytest.mark.parametrize(
    ("cell", "value", "sign"),
    [
        ("95%", 0.95, "%"), ("7%", 0.07, "%"), ("150%", 1.5, "%"), ("0.5 %", 0.005, "%"),
        ("９５％", 0.95, "%"), ("百分之九十五", 0.95, "%"), ("-3%", -0.03, "%"), ("4.5‰", 4.5, "‰"),
        (Percent(0.95), 0.95, "%"),
    ],
)  # fmt: skip
def test_signs_are_told_apart_from_values(cell: object, value: float, sign: str) -> None:
    assert numbers_of(cell) == ([value], [sign], {})


@pytest.mark.parametrize(
    "cell",
    [
        "若干", "X", "XX", "十余", "30-50", "两三", "近百", "nan", "NaN", "inf", "-inf", "Infinity",
        "1e999", "约5户", "5户12人", "3-5次", "10多次",
        "第3次", "(500)", "￥5万斤", "3/4", "1,0000", "1，000", "0x10", "1_000", "--3", "3.4.5",
        "#DIV/0!",
        "9" * 400, "一" * 5000, True, False, math.inf, -math.inf, dt.date(2021, 3, 5), [], {},
    ],
)  # fmt: skip
def test_what_is_not_one_finite_number_is_a_fault(cell: object) -> None:
    values, signs, faults = numbers_of(cell)
    assert math.isnan(values[0])
    assert signs is None
    assert list(faults) == [0]


def test_blank_numbers_are_unknown_and_not_zero() -> None:
    values, _, faults = numbers_of(None, "", " ", math.nan, pd.NA)
    assert all(math.isnan(value) for value in values)
    assert faults == {}


@pytest.mark.parametrize("dtype", ["float64", "Float64", "float32"])
def test_typed_numbers_refuse_what_is_endless(dtype: str) -> None:
    cells = pd.Series([1.0, math.inf, None], dtype="float64").astype(dtype)
    values, _, faults = read_numbers(cells)
    assert values[0] == 1.0
    assert np.isnan(values[1:]).all()
    assert list(faults) == [1]


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_every_number_survives_being_text_to_the_last_bit(value: float) -> None:
    assert numbers_of(repr(value))[0] == [value]
    percent = f"{decimal.Decimal(repr(value)).scaleb(2)}%"
    if abs(value) < 1e300:
        assert numbers_of(percent)[:2] == ([value], ["%"])


@pytest.mark.parametrize("cell", ["true", "TRUE", "是", "1", "1.0", "作废", "已作废", 1, 1.0, True])
def test_yes(cell: object) -> None:
    assert read_flags(pd.Series([cell], dtype=object))[0].tolist() == [True]


@pytest.mark.parametrize(
    "cell", ["false", "否", "0", "有效", "", " ", None, math.nan, 0, 0.0, False]
)
def test_no(cell: object) -> None:
    flags, faults = read_flags(pd.Series([cell], dtype=object))
    assert (flags.tolist(), faults) == ([False], {})


@pytest.mark.parametrize("cell", ["也许", "2", 2, "#N/A", -1, dt.date(2021, 1, 1), []])
def test_neither_yes_nor_no_is_a_fault(cell: object) -> None:
    assert list(read_flags(pd.Series([cell], dtype=object))[1]) == [0]


@pytest.mark.parametrize("dtype", ["bool", "boolean", "Int64", "float64"])
def test_typed_flags(dtype: str) -> None:
    assert read_flags(pd.Series([1, 0]).astype(dtype))[0].tolist() == [True, False]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("　党课 ", "党课"), ("党\u200b课\ufeff", "党课"), ("a\r\nb\rc", "a\nb\nc"), (12, "12"),
        (12.0, "12"), (1.5, "1.5"), (10**20, str(10**20)), (True, "true"), (["甲", "乙"], "甲；乙"),
        (dt.datetime(2021, 3, 5), "2021-03-05"), (dt.date(2021, 3, 5), "2021-03-05"),
        ("007", "007"),
    ],
)  # fmt: skip
def test_text_cells(cell: object, text: str) -> None:
    cells = pd.Series([cell, "x"], dtype=object)
    assert read_texts(cells)[0].tolist() == [text, "x"]


@pytest.mark.parametrize(
    "cell", ["#REF!", "#N/A", 3.3e17, math.inf, {}, ["甲", {}], "\ud800", b"bytes", object()]
)
def test_what_is_no_text_is_a_fault(cell: object) -> None:
    found, faults = read_texts(pd.Series(["x", cell], dtype=object))
    assert found.isna().tolist() == [False, True]
    assert list(faults) == [1]


def test_a_categorical_column_becomes_text_row_by_row() -> None:
    cells = pd.Series([" a", "b", " a", None, "#N/A"], dtype="category")
    found, faults = read_texts(cells)
    assert found.fillna("-").tolist() == ["a", "b", "a", "-", "-"]
    assert list(faults) == [4]


def test_a_fault_in_the_place_of_a_cell_passes_through_every_reader() -> None:
    fault = Fault(code="formula-without-value", message="no value", read="=1+1")
    cells = pd.Series([fault], dtype=object)
    assert read_texts(cells)[1] == {0: fault}
    assert read_numbers(cells)[2] == {0: fault}
    assert read_flags(cells)[1] == {0: fault}
    assert read_dates(cells, zone=ZONE)[1] == {0: fault}


WILD = st.text(st.sampled_from("ab \t\r\n\u3000\xa0\u200b\ufeff党#-'"), max_size=5)


@given(cells=st.lists(WILD | st.none() | st.sampled_from(sorted(EXCEL_ERRORS)), max_size=30))
def test_long_and_short_columns_are_cleaned_alike(cells: list[str | None]) -> None:
    column = pd.Series(cells, dtype="str")
    short, short_faults = texts._read_each_text(column)
    long, long_faults = texts._read_long_texts(column)
    pd.testing.assert_series_equal(short, long)
    assert short_faults == long_faults


@given(text=st.text())
def test_cleaning_twice_is_cleaning_once(text: str) -> None:
    assert clean_text(clean_text(text)) == clean_text(text)


def test_periods_of_one_day_are_dates_and_longer_ones_are_faults() -> None:
    days = pd.Series(pd.period_range("2021-03-05", periods=2, freq="D"))
    values, faults = read_dates(days, zone=ZONE)
    assert values.astype("M8[D]").astype(str).tolist() == ["2021-03-05", "2021-03-06"]
    assert not faults
    mixed = pd.Series([pd.Period("2021-03", "M"), pd.NaT, pd.Period("2021-03-05 10", "h")])
    values, faults = read_dates(mixed.astype(object), zone=ZONE)
    assert values.astype("M8[D]").astype(str).tolist() == ["NaT", "NaT", "2021-03-05"]
    assert faults[0].message == "a period of several days"


def test_complex_numbers_are_no_quantities() -> None:
    values, _, faults = read_numbers(pd.Series([1 + 0j, 2j]))
    assert np.isnan(values).all()
    assert [fault.message for fault in faults.values()] == ["not a number but complex"] * 2


@pytest.mark.parametrize(
    ("cell", "value", "sign"),
    [("12次", 12.0, "次"), ("92 分", 92.0, "分"), ("1.2万元", 1.2, "万元"), ("三期", 3.0, "期"),
     ("２０户", 20.0, "户"), ("￥12,345.00", 12345.0, "元"), ("¥ 500元", 500.0, "元"),
     ("１，２００", 1200.0, None), ("95％", 0.95, "%")],
)  # fmt: skip
def test_a_unit_behind_a_number_is_its_unit(cell: str, value: float, sign: str | None) -> None:
    values, signs, faults = numbers_of(cell)
    assert not faults
    assert values[0] == value
    assert (None if signs is None else signs[0]) == sign


@pytest.mark.parametrize(
    "cell",
    ["2021年3月5日（星期五）", "2021-03-05 周五", "2021/3/5 下午", "2021年3月5日上午", "2021。3。5",
     "2021、3、5", "2021年3月5日(礼拜五)晚上", "二〇二一年三月五日"],
)  # fmt: skip
def test_what_people_put_behind_a_day_is_understood(cell: str) -> None:
    values, faults = read_dates(pd.Series([cell]), zone=ZONE)
    assert not faults
    assert str(values[0])[:10] == "2021-03-05"


@pytest.mark.parametrize(
    ("cell", "day"),
    [("二○二一年十月十日", "2021-10-10"), ("二零二一年十二月三十一日", "2021-12-31"),
     ("二〇二一年一月二十号", "2021-01-20"), ("二〇二一年二月三十日", None)],
)  # fmt: skip
def test_dates_in_chinese_numerals(cell: str, day: str | None) -> None:
    values, faults = read_dates(pd.Series([cell]), zone=ZONE)
    assert (None if faults else str(values[0])[:10]) == day


def test_a_day_of_the_week_that_does_not_fit_is_a_fault() -> None:
    _, faults = read_dates(pd.Series(["2021年3月5日（星期日）", "3月"]), zone=ZONE)
    assert faults[0].hint == "2021-03-05 is 星期五"
    assert "year and day are missing" in (faults[1].hint or "")


@pytest.mark.parametrize(
    "cell", [np.float32("nan"), np.float64("nan"), decimal.Decimal("NaN"), pd.NA]
)
def test_what_is_not_a_number_says_nothing(cell: object) -> None:
    assert is_blank(cell)
    cells = pd.Series([cell], dtype=object)
    assert read_texts(cells)[1] == {}
    assert read_flags(cells)[1] == {}
    assert read_numbers(cells)[2] == {}
