"""Finding the numbers of a text, and reading one on its own."""

from __future__ import annotations

import re
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

import attrs

from partybuild.errors import Problem
from partybuild.quantities.numerals import CHINESE, DECIMAL, NORMAL, read_run

Nature = Literal["exact", "range", "over", "near", "some", "masked"]


# a tuple by name: as immutable as an attrs class, and made ten times as fast
class Number(NamedTuple):
    """One number as somebody wrote it, at `start`:`end` of the text.

    `nature` says how much it says:

    - ``"exact"``: `low` and `high` are the value;
    - ``"range"``: 两三, 30至50, 七八百: both ends belong to it;
    - ``"over"``: 120余, 十几, 上百: more than `low`, `high` is None;
    - ``"near"``: 近百: a little under `high`, `low` is None;
    - ``"some"``: 几, 数十: names no number, both None;
    - ``"masked"``: X, ××, ``__``: the number was taken out, both None.

    `unit` is ``"%"`` or ``"‰"`` when the number says so itself. A percentage is
    a fraction (95% is 19/20); a per-mille number stays as it is (4.5‰ is 4.5).
    `is_doubtful` marks a reading that a person should look at, such as ``1，000``
    with a full-width comma, which may be two numbers.
    """

    text: str
    start: int
    end: int
    nature: Nature
    low: Fraction | None
    high: Fraction | None
    unit: str | None = None
    is_doubtful: bool = False

    @property
    def value(self) -> Fraction | None:
        """The number when it is one exact number, else None."""
        return self.low if self.nature == "exact" else None


_FORMAL = "壹贰叁肆伍陆柒捌玖貳參陸"
_PLAIN = "一二两三四五六七八九"
_SCALES = "十百千万亿拾"
_ANY_DIGIT = rf"零〇一二三四五六七八九{_FORMAL}"

# formal numerals are ordinary characters too (队伍, 陆续): they open a run only before a scale;
# 兆 and 千 are scales, but 兆瓦 and 千瓦 units; 来 belongs to a number only in 十来个
_PART = rf"[{CHINESE.replace('兆', '').replace('千', '')}] | 千(?![瓦克米])"
_RUN = rf"""(?:
    (?: {DECIMAL} | {_PART} | 几(?=[{_SCALES}]) | 数(?=[{_SCALES}])
      | [{_FORMAL}](?=[ ]?[拾百千万亿点]) | (?<![收捡])拾(?=[{_FORMAL}{_PLAIN}万亿零]) )
    (?: {_PART} | [{_FORMAL}拾]
      | 兆(?![瓦帕赫]) | [余几] | 多(?![种元样]) | (?<=[{_SCALES}])来(?=[个名次天人户件场篇万]|\Z)
      | (?<=[{_SCALES}]) {DECIMAL} | (?<=[{_SCALES}][ ]) {DECIMAL}
      | [ ]?点[ ]?(?=[{_ANY_DIGIT}])
      | [ ]{{1,3}}(?=[{_SCALES}余多几]) | (?<=[{_SCALES}])[ ](?=[{CHINESE}\d])
    )*+ )"""
_SIGN = r"(?: (?<![\w)）%-])-[ ]?(?=[\d.]) | 负[ ]? )?"
_OVER = r"[ ]?[余多]?"
_FEN = r"[ ]{0,3}分[ ]{0,3}之[ ]{0,3}"
# 壹 alone is a digit in a fraction only
_SHARE = rf"(?:{_RUN}|[壹贰叁肆伍陆柒捌玖])"
# 三成 is a share; 成立, 成为, 成员 are words
_CHENG = r"""[ ]?成(?![为立长功果员效就本熟绩都型交人品份套线])
    (?: 半 | [ ]?[一二三四五六七八九](?![个名次天人户件场]) )?"""
_ZHE = r"[ ]?折(?![不扣腾射叠损旧合])"

_FORMS = {
    "percent": rf"(?P<base>[百千万]){_FEN}(?P<parts>{_SIGN}(?:{_RUN}|百)){_OVER}",
    "mixed": rf"(?P<whole>{_SIGN}(?:{_RUN}|壹))[ ]?又[ ]?(?P<under>{_RUN}){_FEN}(?P<over>{_SHARE})",
    "fraction": rf"(?P<under>{_SIGN}{_RUN}){_FEN}(?P<over>{_SIGN}{_SHARE})",
    "slash": rf"""{_SIGN}(?P<whole>\d{{1,9}}[ ])?(?P<over>\d{{1,9}})/(?P<under>\d{{1,9}})
        (?![\d/年月日.%万]|千人)""",
    "tenths": rf"(?P<run>{_RUN}|半){_CHENG}",
    "off": rf"(?:(?P<run>[\d{_PLAIN}][ ][\d{_PLAIN}](?=[ ]?折)|{_RUN}|半)|打(?P<even>对)){_ZHE}",
    "half": r"半数|半百|一半|过半(?:数|(?=[，,。；、]|\Z))",
    "plain": rf"""(?P<run>{_SIGN}(?:{_RUN}|(?<![\d.])\.\d{{1,9}}))
        (?:[ ]?(?P<mark>[%‰])[余多]?)?(?![eE^][-+]?\d|[kKM](?![A-Za-z]))""",
}
_READERS = {name: re.compile(pattern, re.VERBOSE | re.ASCII) for name, pattern in _FORMS.items()}
_BARE = r"""(?P<bare> (?:[近上超过破达]|成百)[百千](?![分姓花方])(?:[万亿](?!众))?
    | [近上超过破达][万亿](?=[元斤亩吨人户]) )"""
# 近三年 is a time, not a number
_NEAR = r"""(?P<near>近
    (?=[\d一二两三四五六七八九十])(?![\d一二两三四五六七八九十]{1,2}[年月天日期来]) )"""
_ONE = "|".join(re.sub(r"\?P<\w+>", "?:", pattern) for pattern in _FORMS.values())
_DASH = r"[ ]?(?:-{1,2}|至|到)[ ]?"
_MASK = r"""(?P<mask>(?<![A-Za-z])
    (?: (?:百分之)?\d{0,4}(?:[Xx×]{1,8}|□{1,8}|[△]{1,4}|〇{2,4})(?![A-Za-z×\d])(?:\.\d{1,4})?
      | _{2,20} | \*{2,8} ) [余多]? (?:[万亿]{1,2})? [余多]? (?:[ ]?[%‰])? )"""
# words and ordinals made of numerals, which count nothing
_WORD = r"""(?P<word>\d{4}[-./]\d{1,2}[-./]\d{1,2}(?!\d)
    | 第[ ]?(?:\d++|[一二三四五六七八九十百零]++)
    | [统唯专划归同单不之逐万同进如]一 | 一一 | 一[切些般直旦致起律体流并样带系贯味齐道如再以]
    | 十[分足佳] | 百[姓般花] | 千[方]百 | 千万(?=[不要别]) | 三农 | 十[三四五]五(?=[”’"规期时])
    | 零[售碳工散距部星食件基排] | 五[保年]规划 | 三[会公严]一?(?![次个名天场]) )"""
# plain figures with nothing behind them that could belong to a number: most numbers
_QUICK = rf"""(?P<quick>(?:0|[1-9]\d{{0,8}})
    (?: (?:\.\d{{1,3}})?[%‰](?![ 余多\-至到eE^kKM])
      | (?![ .,，\d{CHINESE}{_FORMAL}{_SCALES}余几多来点又分/成折%‰A-Za-z^×□△_*\-至到])))"""
_FIRST = rf"\d.\-{CHINESE}几数半负过打近{_FORMAL}拾"
# the lookaheads only save time: what follows begins with one of these
_TOKEN = re.compile(
    rf"""(?=[{_FIRST}上超破达成Xx×_*□△第统唯专划归同单不之逐进如])
    (?: {_QUICK} | {_WORD} | (?=[百\dXx×□△〇_*]) {_MASK} | {_BARE}
      | (?=[{_FIRST}]) {_NEAR}?(?P<low>{_ONE})(?:{_DASH}(?P<high>{_ONE}))? )""",
    re.VERBOSE | re.ASCII,
)


def find_numbers(text: str) -> Iterator[Number]:
    """Yield the numbers of `text` from left to right, each with its place.

    Ordinals (第三) and words made of numerals (一切, 统一) are passed over, and
    so is whatever cannot be read as one clear number: dates such as 2021.3.5,
    codes with leading zeros, 1,0000. Linear in the length of the text.

    >>> [(n.text, n.nature, n.low) for n in find_numbers("走访XX户，培训一万二千人，两三次")]
    ... # doctest: +NORMALIZE_WHITESPACE
    [('XX', 'masked', None), ('一万二千', 'exact', Fraction(12000, 1)),
     ('两三', 'range', Fraction(2, 1))]
    """
    yield from numbers_in(text, text.translate(NORMAL))


def numbers_in(text: str, normal: str) -> Iterator[Number]:
    """Yield the numbers of `text`, whose normalised form is `normal`."""
    for match in _TOKEN.finditer(normal):
        kind = match.lastgroup
        if kind == "quick" or (kind == "low" and match["near"] is None):
            # one number alone: most are
            said = _said(match[0])
            if said is not None:
                start, end = match.span()
                yield _number(text, start, end, said)
        elif kind != "word":
            yield from _numbers(match, text, match.start())


def parse_number(text: str) -> Number | Problem:
    """Read `text` as one number, or say why it is none.

    White space around it does not matter; anything else beside it does.

    >>> parse_number("百分之九十五").value, parse_number("１２").value
    (Fraction(19, 20), Fraction(12, 1))
    >>> print(parse_number("1,0000"))
    not a number that can be read; read '1,0000'; expected digits or Chinese numerals, such as 1200, 1,200, 一千二百, 95%
    """  # noqa: E501
    stripped = text.strip()
    offset = len(text) - len(text.lstrip())
    numbers = [n for n in find_numbers(stripped) if n.start == 0 and n.end == len(stripped)]
    if len(numbers) == 1:
        return numbers[0]._replace(start=offset, end=offset + len(stripped))
    return Problem(
        code="bad-number",
        message="not a number that can be read" if stripped else "no number",
        read=text if len(text) <= 80 else f"{text[:77]}...",
        expected="digits or Chinese numerals, such as 1200, 1,200, 一千二百, 95%",
    )


def _number(text: str, start: int, end: int, said: _Said) -> Number:
    piece = text[start:end]
    fields = (piece, start, end, said.nature, said.low, said.high, said.unit, "，" in piece)
    return tuple.__new__(Number, fields)  # what Number._make does, without a call in between


def _numbers(match: re.Match[str], text: str, place: int) -> Iterator[Number]:
    if match["mask"] is not None:
        mark = match["mask"][-1]
        unit = mark if mark in "%‰" else "%" if match["mask"].startswith("百分之") else None
        yield _number(text, place, match.end(), _Said("masked", None, None, unit))
    elif match["bare"] is not None:
        yield _number(text, place, match.end(), _bare(match["bare"]))
    else:
        low = _said(match["low"])
        if match["high"] is not None:
            both = _range(low, _said(match["high"]), match["low"], match["high"])
            if both is not None:
                yield _number(text, place, match.end(), both)
                return
        if low is not None:
            near = match["near"] is not None and low.nature == "exact"
            said = attrs.evolve(low, nature="near", low=None) if near else low
            yield _number(text, place, match.end("low"), said)
        if match["high"] is not None and (high := _said(match["high"])) is not None:
            yield _number(text, match.start("high"), match.end("high"), high)


@attrs.frozen
class _Said:
    nature: Nature
    low: Fraction | None
    high: Fraction | None
    unit: str | None = None


def _bare(text: str) -> _Said:
    scale = Fraction(1)
    for char in text.removeprefix("成百")[0 if text.startswith("成百") else 1 :]:
        scale *= {"百": 100, "千": 1000, "万": 10**4, "亿": 10**8}[char]
    if text.startswith("近"):
        return _Said("near", None, scale)
    if text[0] in "超过破达":
        return _Said("exact", scale, scale)
    return _Said("over", scale, None)


@lru_cache(maxsize=8192)
def _said(text: str) -> _Said | None:
    figures = _FIGURES.fullmatch(text)
    if figures is not None:
        return _figures(*figures.groups(""))
    for name, reader in _READERS.items():
        match = reader.fullmatch(text)
        if match is not None:
            return _PARSERS[name](match)
    return None


#: Plain figures, the most common numbers, with thousands commas, decimals and a mark.
_FIGURES = re.compile(
    r"(0|[1-9]\d{0,14}|[1-9]\d{0,2}(?:,\d{3}){1,4})(?:\.(\d{1,3}))?([%‰])?", re.ASCII
)


def _figures(whole: str, decimals: str, mark: str) -> _Said:
    under = 10 ** len(decimals) * (100 if mark == "%" else 1)
    value = Fraction(int(whole.replace(",", "") + decimals), under)
    return _Said("exact", value, value, mark or None)


def _signed(text: str) -> tuple[int, str]:
    run = text.strip()
    if run[:1] in ("-", "负"):
        return -1, run[1:].strip()
    return 1, run


def _run(text: str) -> _Said | None:
    """Read a signed run of numerals."""
    sign, run = _signed(text)
    reading = read_run("0" + run if run.startswith(".") else run)
    if reading is None:
        return None
    if reading.is_vague:
        return _Said("some", None, None)
    low, high = sorted((sign * reading.low, sign * reading.high))
    if reading.is_over:
        return _Said("over", low, None) if low == high and sign > 0 else None
    return _Said("exact" if low == high else "range", low, high)


def _scaled(said: _Said | None, factor: Fraction, unit: str | None) -> _Said | None:
    if said is None:
        return None
    low = None if said.low is None else said.low * factor
    high = None if said.high is None else said.high * factor
    return _Said(said.nature, low, high, unit)


def _exact(text: str) -> Fraction | None:
    said = _run(text)
    return said.low if said is not None and said.nature == "exact" else None


def _percent(match: re.Match[str]) -> _Said | None:
    factor, unit = {
        "百": (Fraction(1, 100), "%"),
        "千": (Fraction(1), "‰"),
        "万": (Fraction(1, 10**4), None),
    }[match["base"]]
    parts = match["parts"]
    said = _Said("exact", Fraction(100), Fraction(100)) if parts == "百" else _run(parts)
    if said is not None and match[0][-1] in "余多" and said.nature == "exact":
        said = _Said("over", said.low, None)
    return _scaled(said, factor, unit)


def _fraction(match: re.Match[str]) -> _Said | None:
    groups = match.groupdict()
    over, under = _exact(groups["over"]), _exact(groups["under"])
    whole = _exact(groups["whole"]) if groups.get("whole") else Fraction(0)
    if over is None or under is None or whole is None or under == 0:
        return None
    sign = -1 if whole < 0 or (groups.get("whole") is None and match[0][0] == "-") else 1
    value = abs(whole) + over / under if groups.get("whole") else over / under
    value = sign * value if groups.get("whole") or match[0][0] == "-" else value
    return _Said("exact", value, value)


def _tenths(match: re.Match[str]) -> _Said | None:
    run, tail = match["run"], match[0].rpartition("成")[2].strip()
    said = _Said("exact", Fraction(1, 2), Fraction(1, 2)) if run == "半" else _run(run)
    if said is None or said.nature == "some":
        return None
    if tail:
        if said.nature != "exact" or said.low is None or said.low.denominator != 1:
            return None
        more = Fraction(1, 2) if tail == "半" else Fraction("零一二三四五六七八九".index(tail), 10)
        said = _Said("exact", said.low + more, said.low + more)
    return _scaled(said, Fraction(1, 10), "%")


def _off(match: re.Match[str]) -> _Said | None:
    """Read a discount: 九折 is 90%, 七五折 and 75折 are 75%."""
    run = (match["run"] or "对").replace(" ", "")
    if run in ("半", "对"):
        return _Said("exact", Fraction(1, 2), Fraction(1, 2), "%")
    digits = [("零一二三四五六七八九").find(char) for char in run]
    if len(run) == 2 and min(digits) > 0:
        value = Fraction(10 * digits[0] + digits[1], 100)
    else:
        plain = _exact(run)
        if plain is None or not 0 < plain < 100 or plain == 10:
            return None
        value = plain / (10 if plain < 10 else 100)
    return _Said("exact", value, value, "%")


def _half(match: re.Match[str]) -> _Said:
    if match[0] == "半百":
        return _Said("exact", Fraction(50), Fraction(50))
    half = Fraction(1, 2)
    return _Said("over", half, None) if match[0].startswith("过半") else _Said("exact", half, half)


def _plain(match: re.Match[str]) -> _Said | None:
    said = _run(match["run"])
    if match["mark"] is None:
        return said
    if said is not None and match[0][-1] in "余多" and said.nature == "exact":
        said = _Said("over", said.low, None)
    return _scaled(said, Fraction(1, 100) if match["mark"] == "%" else Fraction(1), match["mark"])


_PARSERS = {
    "percent": _percent,
    "mixed": _fraction,
    "fraction": _fraction,
    "slash": _fraction,
    "tenths": _tenths,
    "off": _off,
    "half": _half,
    "plain": _plain,
}


def _range(low: _Said | None, high: _Said | None, low_text: str, high_text: str) -> _Said | None:
    """Join the ends of 30-50, 10-15% and 3至5万; None when they make no range."""
    if low is None or high is None or low.nature != "exact" or high.nature != "exact":
        return None
    assert low.low is not None
    assert high.high is not None
    start = low.low
    if low.unit is None and high.unit == "%":
        start /= 100
    elif low.unit != high.unit and low.unit is not None:
        return None
    else:
        scale = _shared_scale(low_text, high_text, high.high)
        start *= scale if start * scale <= high.high else 1
    return _Said("range", start, high.high, high.unit) if start < high.high else None


def _shared_scale(low_text: str, high_text: str, high: Fraction) -> int:
    """Return the scale that 3至5万 leaves out before 至; 1 when it leaves out none."""
    tail = re.search(r"[万亿]{1,2}\Z", high_text)
    if tail is None or re.search(r"[万亿]", low_text):
        return 1
    scale = 1
    for char in tail[0]:
        scale *= 10**4 if char == "万" else 10**8
    return scale if high % scale == 0 or "." in high_text else 1
