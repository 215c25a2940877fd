"""Chinese numerals to exact fractions: 三十二, 一万二, 1.3万亿, 七八百, 十几万.

One run of numeral characters in, one `Reading` out, or None when the run is
not a number that can be read without guessing. Linear in the length of the run.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import lru_cache

import attrs

#: One character for one character, so that places in the text stay what they are.
NORMAL = str.maketrans(
    {
        **dict(zip("０１２３４５６７８９", "0123456789", strict=True)),
        **dict(zip("％﹪．：／￥○Ｘｘ＿＊✕✖╳", "%%.:/¥〇Xx_*×××", strict=True)),
        **dict(zip("兩倆萬億點個幾餘負對佰仟", "两两万亿点个几余负对百千", strict=True)),
        **dict.fromkeys("－–—~～〜﹣−‐‑─", "-"),
        **dict.fromkeys("\u00a0\u3000\t", " "),
    }
)

DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **dict(zip("貳參陸", (2, 3, 6), strict=True)),
}
SMALL = {"十": 10, "拾": 10, "百": 100, "千": 1000}
BIG = {"万": 10**4, "亿": 10**8, "兆": 10**12}
_ZEROS = "零〇"
_PLAIN = "一二两三四五六七八九"
_MAX_LENGTH = 40
#: More digits than any amount of money: such a run is a code, not a number.
_MAX_DIGITS = 18

#: Plain digits, with or without thousands commas and decimals; the parser checks which.
DECIMAL = r"\d++(?:[.,，]\d++)*+"
CHINESE = rf"{_ZEROS}{_PLAIN}十百千万亿兆廿卅"
_NEIGHBOURS = {("三", "五"), ("一", "两"), ("两", "三")}
_TOKEN = re.compile(rf"{DECIMAL}|.", re.ASCII)
_PAIR = re.compile(rf"([{_PLAIN}])([{_PLAIN}])")
_GROUPED = re.compile(r"\d{1,3}(?:[,，]\d{3})++(?:\.\d++)?\Z", re.ASCII)
_MANY = re.compile(r"(?:好?几|数)[十百千万亿]++[余多]?\Z|几\Z")


@attrs.frozen
class Reading:
    """What a run of numerals says: the closed range `low`..`high`, or more than `low`.

    `is_over` marks 余, 多, 几 and 来 (more than `low`, then `high` equals `low`);
    `is_vague` marks 几, 数十 and the like, which name no number at all (both 0).
    """

    low: Fraction
    high: Fraction
    is_over: bool = False
    is_vague: bool = False


def read_decimal(text: str) -> Fraction | None:
    """Read plain digits with correct thousands commas and at most one point.

    >>> read_decimal("1,050.5")
    Fraction(2101, 2)
    >>> read_decimal("1,0000") is None, read_decimal("2021.3.5") is None
    (True, True)
    """
    if len(text) > _MAX_LENGTH or not (text[:1].isascii() and text[:1].isdigit()):
        return None
    if "," in text or "，" in text:
        if not _GROUPED.match(text):
            return None
        text = text.replace(",", "").replace("，", "")
    whole, point, decimals = text.partition(".")
    if "." in decimals or len(whole) + len(decimals) > _MAX_DIGITS:
        return None
    if len(whole) > 1 and whole[0] == "0":
        return None
    value = Fraction(int(whole or "0"))
    return value + Fraction(int(decimals), 10 ** len(decimals)) if point else value


@lru_cache(maxsize=4096)
def read_run(run: str) -> Reading | None:
    """Read one run of numerals, or return None when it is not one clear number.

    >>> read_run("两百三").low, read_run("1.3万亿").low
    (Fraction(230, 1), Fraction(1300000000000, 1))
    >>> read_run("十五六").low, read_run("十五六").high
    (Fraction(15, 1), Fraction(16, 1))
    >>> read_run("百百") is None
    True
    """
    run = run.replace(" ", "")
    if not run or len(run) > _MAX_LENGTH or run in "百千":
        return None
    if _MANY.match(run):
        return Reading(Fraction(0), Fraction(0), is_vague=True)
    bare = re.sub(r"零?[余多几来]", "", run)
    is_over = bare != run
    if not bare or (is_over and (run[0] in "余多几来" or len(run) - len(bare) > 2)):
        return None
    values = _variants(_spelled(bare))
    if not values:
        return None
    return Reading(values[0], values[-1], is_over=is_over)


def _spelled(run: str) -> str:
    return run.replace("廿", "二十").replace("卅", "三十")


def _variants(run: str) -> tuple[Fraction, ...]:
    """Return one value, or two for 七八百; none when the run cannot be read."""
    if all(char in DIGITS for char in run):
        return _digit_string(run)
    pairs = _PAIR.findall(run.partition("点")[0])
    if not pairs:
        value = _one(run)
        return () if value is None else (value,)
    if len(pairs) > 1 or not _are_neighbours(*pairs[0]):
        return ()
    both = "".join(pairs[0])
    low, high = (_one(run.replace(both, digit, 1)) for digit in pairs[0])
    return () if low is None or high is None or low >= high else (low, high)


def _are_neighbours(first: str, second: str) -> bool:
    return DIGITS[second] == DIGITS[first] + 1 or (first, second) in _NEIGHBOURS


def _digit_string(run: str) -> tuple[Fraction, ...]:
    """Read digits without a magnitude: 五, 三五 (3 to 5), 二〇二一, 三〇."""
    if len(run) == 1:
        return (Fraction(DIGITS[run]),)
    has_zero = any(char in _ZEROS for char in run)
    if len(run) == 2 and not has_zero:
        if not _are_neighbours(run[0], run[1]):
            return ()
        return (Fraction(DIGITS[run[0]]), Fraction(DIGITS[run[1]]))
    is_year = len(run) == 4 and run[0] in "一二" and run not in "一二三四五"
    if run[0] in _ZEROS or "两" in run or not (has_zero or is_year):
        return ()
    return (Fraction(int("".join(str(DIGITS[char]) for char in run))),)


def _one(run: str) -> Fraction | None:
    whole, point, rest = run.partition("点")
    if not point:
        # 一千两 is a weight or a slip, not 1,200
        return None if run[-1] == "两" else _whole(whole)
    decimals = rest.rstrip("万亿")
    if not decimals or not whole or any(c not in DIGITS or c == "两" for c in decimals):
        return None
    base = _whole(whole)
    if base is None:
        return None
    fraction = Fraction(int("".join(str(DIGITS[char]) for char in decimals)), 10 ** len(decimals))
    scale = 1
    for char in rest[len(decimals) :]:
        scale *= BIG[char]
    return (base + fraction) * scale


def _whole(run: str) -> Fraction | None:
    total = _Total()
    for token in _TOKEN.findall(run):
        if not total.take(token):
            return None
    return total.end()


class _Total:
    """The running sum of a numeral, section by section (a section ends at 万, 亿, 兆)."""

    def __init__(self) -> None:
        self.done = Fraction(0)
        self.done_unit = 0
        self.section = Fraction(0)
        self.small = 10**4
        self.digit: Fraction | None = None
        self.is_decimal = False
        self.unit: int | None = None
        self.is_first = True

    def take(self, token: str) -> bool:
        if token in SMALL:
            taken = self._small(SMALL[token])
        elif token in BIG:
            taken = self._big(BIG[token])
        elif token in _ZEROS:
            taken = self.digit is None
            self.unit = None
        else:
            taken = self._digit(token)
        self.is_first = False
        return taken

    def _digit(self, token: str) -> bool:
        value = Fraction(DIGITS[token]) if token in DIGITS else read_decimal(token)
        if self.digit is not None or value is None:
            return False
        self.digit, self.is_decimal = value, token not in DIGITS
        return True

    def _small(self, unit: int) -> bool:
        if self.digit is None:
            if unit != 10 and not self.is_first:
                return False
            self.digit = Fraction(1)
        if unit >= self.small:
            return False
        self.section += self.digit * unit
        self.small, self.digit, self.unit = unit, None, unit
        return True

    def _big(self, unit: int) -> bool:
        section = self.section + (self.digit or 0)
        if section == 0 and self.digit is None:
            # 万亿, 万万: the magnitude just read is itself multiplied
            if self.unit is None or self.unit != self.done_unit or self.done == 0:
                return False
            self.done *= unit
        elif not self.done_unit or unit < self.done_unit:
            self.done += section * unit
        elif unit > self.done_unit:
            self.done = (self.done + section) * unit
        else:
            return False
        self.section, self.digit, self.small = Fraction(0), None, 10**4
        self.done_unit = self.unit = unit
        return True

    def end(self) -> Fraction | None:
        value = self.done + self.section
        if self.digit is None:
            return value
        if self.unit is None or self.unit == 10:
            return value + self.digit
        if self.is_decimal:
            return None
        # 一万二 is 12,000: the last digit counts tenths of the magnitude before it
        return value + self.digit * self.unit / 10
