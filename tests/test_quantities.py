"""Numbers, units and the rounding rule, against values worked out by hand."""

from __future__ import annotations

import itertools
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from work import calls_of

from partybuild.errors import Problem, UsageError
from partybuild.quantities import (
    Number,
    find_amounts,
    find_numbers,
    format_number,
    parse_amount,
    parse_number,
    plain_number,
    read_unit,
    unit_factor,
)

EXACT = """
三十二=32 一万二=12000 两百三=230 1.3万亿=1300000000000 １２=12 1,000=1000 廿=20 廿五=25 卅=30 〇=0
零=0 十=10 十五=15 一百零二=102 一千零五=1005 一千零五十=1050 一千六=1600 三百六十五=365 一百五=150
四千零四万=40040000 一万二百五十=10250 九十二万四=924000 二万三千亿=2300000000000 四万万=400000000
二百三十万零六百=2300600 拾万零五十六=100056 肆佰陆拾=460 壹佰伍拾=150 柒仟=7000 貳拾=20
兩千三百五=2350 五億零六=500000006 5万4千6百=54600 5亿1万4千6百=500014600 10万万=1000000000
二〇二一=2021 三〇=30 一九四九=1949 零点五=1/2 十五点七=157/10 一点三万亿=1300000000000
两千万点五五=2000000055/100 百分之九十五=19/20 百分之百=1 百分之2.5=1/40 百分之一百二十点五=241/200
９５％=19/20 1.5%=3/200 0=0 0.5=1/2 .5=1/2 -10000=-10000 负三十二=-32 -22.5%=-9/40 4.0‰=4 千分之四=4
九成=9/10 九成五=19/20 三成半=7/20 半成=1/20 9.5成=19/20 三分之二=2/3 二十五分之三=3/25 3/5=3/5
一又二分之一=3/2 3又一千分之23=3023/1000 半数=1/2 一半=1/2 12,345.678=6172839/500 八折=4/5 75折=3/4
五兆六十二亿四万五千二=5006200045200 二十億=2000000000 ４，５６５=4565
三分之贰=2/3 四分之叁=3/4 拾叁万=130000 拾三万零二=130002 负壹又五分之贰=-7/5 打对折=1/2 打對折=1/2
"""


@pytest.mark.parametrize("pair", EXACT.split())
def test_exact_numbers(pair: str) -> None:
    written, value = pair.rsplit("=", 1)
    number = parse_number(written)
    assert isinstance(number, Number), number
    assert (number.nature, number.value) == ("exact", Fraction(value))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("7 万5 千4 百", 75400),
        ("一百 五 十 二", 152),
        ("1000  万", 10_000_000),
        ("三千 九百 六十五", 3965),
        ("四百 点 五", Fraction(801, 2)),
        ("五 分之 一", Fraction(1, 5)),
        ("1 3/5", Fraction(8, 5)),
        ("8 5 折", Fraction(17, 20)),
    ],
)
def test_spaces_beside_a_scale_do_not_cut_a_number(written: str, value: Fraction) -> None:
    number = parse_number(written)
    assert isinstance(number, Number)
    assert number.value == value


RANGES = """
两三=2..3 三五=3..5 十五六=15..16 二十三四=23..24 七八百=700..800 三四十=30..40 一百二三十=120..130
七八百万=7000000..8000000 30至50=30..50 1—2=1..2 10%—15%=1/10..3/20 10-15%=1/10..3/20
百分之二三十=1/5..3/10 3至5万=30000..50000 三到五=3..5 500至2万=500..20000
1.5-2亿=150000000..200000000
"""


@pytest.mark.parametrize("pair", RANGES.split())
def test_ranges_keep_both_ends(pair: str) -> None:
    written, ends = pair.rsplit("=", 1)
    low, high = (Fraction(end) for end in ends.split(".."))
    number = parse_number(written)
    assert isinstance(number, Number), number
    assert (number.nature, number.low, number.high) == ("range", low, high)
    assert number.value is None


@pytest.mark.parametrize(
    ("written", "nature", "low", "high"),
    [
        ("120余", "over", 120, None),
        ("一百二十余", "over", 120, None),
        ("十几", "over", 10, None),
        ("三十来", "over", 30, None),
        ("十余万", "over", 100_000, None),
        ("6000多万", "over", 60_000_000, None),
        ("二十几亿", "over", 2_000_000_000, None),
        ("上百", "over", 100, None),
        ("过半数", "over", Fraction(1, 2), None),
        ("90%多", "over", Fraction(9, 10), None),
        ("近百", "near", None, 100),
        ("近300", "near", None, 300),
        ("数十", "some", None, None),
        ("几百", "some", None, None),
        ("X", "masked", None, None),
        ("××", "masked", None, None),
        ("X余", "masked", None, None),
        ("x.6亿", "masked", None, None),
        ("___", "masked", None, None),
    ],
)
def test_numbers_that_are_not_one_value(
    written: str, nature: str, low: Fraction | None, high: Fraction | None
) -> None:
    number = parse_number(written)
    assert isinstance(number, Number), number
    assert (number.nature, number.low, number.high) == (nature, low, high)
    assert number.value is None


@pytest.mark.parametrize("text", ["X%", "百分之X", "ＸＸ％"])
def test_a_masked_percentage_keeps_its_unit(text: str) -> None:
    number = parse_number(text)
    assert isinstance(number, Number)
    assert (number.nature, number.unit) == ("masked", "%")


UNREADABLE = (
    "abc|1,0000|2021.3.5|1.2.3|007|万|千|百百|一二百百|一七|第三|一切|统一|3次|12 34|1/0|2e5|40k"
    "|二分之零分之|一千两|30-20|点五|两百点两|一万二千三千|数十0"
)


@pytest.mark.parametrize(
    "text",
    ["", "   ", "9" * 50, "十" * 50, *UNREADABLE.split("|")],
)
def test_what_cannot_be_read_is_said(text: str) -> None:
    problem = parse_number(text)
    assert isinstance(problem, Problem)
    assert problem.code == "bad-number"
    assert problem.read is not None
    assert len(problem.read) <= 80


def test_places_are_those_of_the_text() -> None:
    text = "全年走访XX户，培训一万二千人，建成３个、５０％以上，两三次"
    found = list(find_numbers(text))
    assert [text[n.start : n.end] for n in found] == [n.text for n in found]
    assert [n.text for n in found] == ["XX", "一万二千", "３", "５０％", "两三"]


@pytest.mark.parametrize(
    "text",
    [
        "一切从实际出发，统一思想",
        "第一书记、第三方、第12次",
        "队伍陆续收拾",
        "成立组织",
        "2021-03-05",
        "十分重要",
    ],
)
def test_words_and_ordinals_hold_no_numbers(text: str) -> None:
    assert list(find_numbers(text)) == []


def test_a_full_width_comma_is_doubtful() -> None:
    (number,) = find_numbers("共1，200户")
    assert number.value == 1200
    assert number.is_doubtful


_DIGITS = "零一二三四五六七八九"


def spell(number: int) -> str:
    """Write a whole number in Chinese, the textbook way."""
    if number == 0:
        return "零"
    for scale, word in ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十")):
        if number >= scale:
            head, rest = divmod(number, scale)
            gap = "零" if rest and rest * 10 < scale else ""
            return spell(head) + word + (gap + spell(rest) if rest else "")
    return _DIGITS[number]


@given(st.integers(min_value=0, max_value=10**12))
def test_chinese_numerals_read_back(number: int) -> None:
    read = parse_number(spell(number))
    assert isinstance(read, Number)
    assert read.value == number


@given(
    st.decimals(min_value=Decimal(0), max_value=Decimal(10**9), places=3, allow_nan=False),
    st.sampled_from(["", "万", "亿", "%"]),
)
def test_digits_read_back_exactly(number: Decimal, tail: str) -> None:
    factor = {"": Fraction(1), "万": Fraction(10**4), "亿": Fraction(10**8), "%": Fraction(1, 100)}
    for text in (f"{number:f}{tail}", f"{number:,f}{tail}"):
        read = parse_number(text)
        assert isinstance(read, Number)
        assert read.value == Fraction(number) * factor[tail]


_SOUP = st.text(
    alphabet="0123456789.,，-—/%‰零〇一二两三十百千万亿廿几余多半数成折"
    "分之又点X×_至到近上第个次人 年第\n"
)


@given(_SOUP)
def test_any_text_is_read_without_error_and_in_order(text: str) -> None:
    numbers = list(find_numbers(text))
    assert all(text[n.start : n.end] == n.text for n in numbers)
    assert all(a.end <= b.start for a, b in itertools.pairwise(numbers))
    for number in numbers:
        if number.low is not None and number.high is not None:
            assert number.low <= number.high
    amounts = list(find_amounts(text))
    assert all(a.end <= b.start for a, b in itertools.pairwise(amounts))


@pytest.mark.parametrize(
    "unit", ["1", "X", "（", "一", "十百", "1,", "1.", "1-", "百分之", "1 ", "近", "_", "/1"]
)
def test_work_grows_with_the_text_only(unit: str) -> None:
    def work(length: int) -> int:
        text = (unit * length)[:length]
        return calls_of(lambda: list(find_numbers(text)))

    assert work(20_000) < 6 * max(work(5_000), 1_000)


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("1100万人", 1100, "万人"),
        ("1.3万亿斤", Fraction(13, 10), "万亿斤"),
        ("三万户", 3, "万户"),
        ("一万二千人", 12000, "人"),
        ("10/10万", 10, "/10万"),
        ("35微克/立方米", 35, "微克/立方米"),
        ("20件/万人", 20, "件/万人"),
        ("2个百分点", 2, "个百分点"),
        ("4.5‰", Fraction(9, 2), "‰"),
        ("95%", Fraction(19, 20), "%"),
        ("200万吨标准煤", 200, "万吨标准煤"),
        ("3 次", 3, "次"),
        ("100千瓦", 100, "千瓦"),
        ("三吨半", Fraction(7, 2), "吨"),
        ("两个半小时", Fraction(5, 2), "小时"),
        ("1个半月", Fraction(3, 2), "个月"),
        ("2万亿日元", 2, "万亿日元"),
        ("500万港元", 500, "万港元"),
        ("12", 12, None),
    ],
)
def test_amounts(text: str, value: Fraction, unit: str | None) -> None:
    amount = parse_amount(text)
    assert not isinstance(amount, Problem)
    assert (amount.number.value, amount.unit) == (value, unit)


@pytest.mark.parametrize(
    ("text", "units"),
    [
        ("开3次半年会", ["次"]),
        ("每3天半数支部", ["天", None]),
        ("两个半天", ["个"]),
        ("收拾三间屋", ["间"]),
        ("--9", [None]),
    ],
)
def test_a_half_that_opens_another_word_is_left_alone(text: str, units: list[str | None]) -> None:
    found = list(find_amounts(text))
    assert [one.unit for one in found] == units
    assert found[0].number.value in (2, 3, 9)


@pytest.mark.parametrize("text", ["", "3次5次", "约3次", "三成左右"])
def test_more_than_one_amount_is_refused(text: str) -> None:
    assert isinstance(parse_amount(text), Problem)


@pytest.mark.parametrize("text", ["场所", "天然气", "条件", "部门", "人均", "级别", ""])
def test_heads_of_words_are_no_units(text: str) -> None:
    assert read_unit(text) is None


@pytest.mark.parametrize(
    ("unit", "into", "factor"),
    [
        ("万元", "元", 10_000),
        ("元", "万元", Fraction(1, 10_000)),
        ("亿元", "万元", 10_000),
        ("万亿斤", "亿斤", 10_000),
        ("亿斤", "万吨", 5),
        ("公顷", "亩", 15),
        ("名", "人", 1),
        ("万人", "名", 10_000),
        ("小时", "分钟", 60),
        ("元/亩", "万元/亩", Fraction(1, 10_000)),
        ("次", "次", 1),
        ("‰", "%", Fraction(1, 1000)),
        ("小时", "天", None),
        ("人次", "人", None),
        ("次", "个", None),
        ("个百分点", "%", None),
        ("元", "美元", None),
        ("户/年", "户", None),
    ],
)
def test_known_multiples(unit: str, into: str, factor: Fraction | None) -> None:
    assert unit_factor(unit, into) == factor


_UNITS = st.sampled_from(
    "元 万元 亿元 斤 吨 万吨 公里 米 亩 公顷 平方米 人 名 万人 次 小时 分钟 天".split()
)


@given(_UNITS, _UNITS)
def test_factors_there_and_back_cancel(unit: str, into: str) -> None:
    there, back = unit_factor(unit, into), unit_factor(into, unit)
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        assert there * back == 1


@pytest.mark.parametrize(
    ("value", "unit", "digits", "text"),
    [
        (2.675, None, None, "2.68"),
        (0.125, "%", 0, "13%"),
        (-0.125, "%", 0, "-13%"),
        (2.5, None, 0, "3"),
        (60.0, "天", None, "60天"),
        (Fraction(2, 3), "%", None, "66.67%"),
        (0.95, "%", 1, "95.0%"),
        (1234567, "元", None, "1234567元"),
        (-0.001, None, 0, "0"),
        (10**20, None, None, "1" + "0" * 20),
        (0, None, None, "0"),
    ],
)
def test_halves_go_away_from_zero(
    value: float | Fraction, unit: str | None, digits: int | None, text: str
) -> None:
    assert format_number(value, unit=unit, digits=digits) == text


def test_english_groups_thousands() -> None:
    assert format_number(1234567.5, unit="元", lang="en") == "1,234,567.5 元"
    assert format_number(-0.5, unit="%", lang="en") == "-50%"


def test_a_number_short_of_its_limit_is_never_written_like_it() -> None:
    assert format_number(18999 / 20000, unit="%", digits=1, limit=0.95) == "94.995%"
    assert format_number(0.95, unit="%", digits=1, limit=0.95) == "95.0%"
    assert format_number(5.004, limit=5) == "5.004"


@given(st.floats(min_value=-1e6, max_value=1e6), st.floats(min_value=-1e6, max_value=1e6))
def test_the_limit_keeps_its_side(value: float, limit: float) -> None:
    if abs(value - limit) > 1e-6:
        shown = Fraction(format_number(value, limit=limit))
        assert shown != limit
        assert (shown > limit) == (value > limit)


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN")])
def test_no_number_is_not_written(value: float) -> None:
    with pytest.raises(UsageError, match="cannot write"):
        format_number(value)


def test_unknown_language() -> None:
    with pytest.raises(UsageError, match="lang"):
        format_number(1, lang="fr")  # type: ignore[arg-type]


def test_plain_numbers() -> None:
    assert plain_number(Fraction(120, 2)) == 60
    assert isinstance(plain_number(60.0), int)
    assert plain_number(Fraction(1, 4)) == 0.25
