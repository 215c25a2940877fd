"""Promises without a number: 全覆盖, 零发生, 翻一番, 排名前三, 双过半."""

from __future__ import annotations

import re
from collections.abc import Iterator

import attrs

from partybuild.sources.text import cues
from partybuild.sources.text.proposal import GoalNumber


@attrs.define(kw_only=True)
class Wordless:
    """A goal said in words at `start`:`end` of the blanked sentence."""

    start: int
    end: int
    text: str
    measure: str
    goal: str | None
    value: GoalNumber
    unit: str | None
    name: str | None = None
    each: str | None = None
    benchmark: str | None = None
    confidence: float = 0.75
    note: str | None = None
    is_half_year: bool = False


_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九十")} | {"两": 2}
#: 实现全覆盖 is a goal, 全覆盖排查 a way of doing something else.
_IS_REACHED = re.compile(r"[，。；、,;：:）)”’\s\x01和与及并且的目要达]|以上|\Z")


def wordless(blanked: str, *, low: int, high: int) -> Iterator[Wordless]:
    """Yield the goals said in words between `low` and `high`, in no special order."""
    piece = blanked[low:high]
    if not _ANY.search(piece):
        return
    for screen, reader in _READERS:
        if screen.search(piece):
            for found in reader(piece):
                found.start += low
                found.end += low
                yield found


def _made(match: re.Match[str], **more: object) -> Wordless:
    return Wordless(start=match.start(), end=match.end(), text=match[0], **more)  # type: ignore[arg-type]


def _full(piece: str) -> Iterator[Wordless]:
    for match in cues.FULL.finditer(piece):
        after = piece[match.end() : match.end() + 4]
        if match[0] == "全覆盖" and not _IS_REACHED.match(after):
            continue
        before = piece[max(0, match.start() - 3) : match.start()]
        if "100%" in piece[max(0, match.start() - 8) : match.end() + 8] or "%" in before:
            continue
        yield _made(match, measure="ratio", goal="at_least", value=1, unit="%", confidence=0.72)
    for match in cues.ALL_DONE.finditer(piece):
        yield _made(match, measure="ratio", goal="at_least", value=1, unit="%", confidence=0.7)


def _none(piece: str) -> Iterator[Wordless]:
    for match in cues.ZERO.finditer(piece):
        what = match["what"]
        if match.start() and re.match(
            r"[\d二三四五六七八九十百千万〇点]", piece[match.start() - 1]
        ):
            continue
        if what == "增长":
            yield _made(match, measure="growth", goal="exactly", value=0, unit="%")
        else:
            yield _made(match, measure="count", goal="at_most", value=0, unit=None)
    for match in cues.NEVER.finditer(piece):
        yield _made(match, measure="count", goal="at_most", value=0, unit=None, name=match["what"])
    for match in cues.CLEARED.finditer(piece):
        yield _made(match, measure="latest", goal="at_most", value=0, unit=None)


def _half(piece: str) -> Iterator[Wordless]:
    for match in cues.DOUBLE_HALF.finditer(piece):
        yield _made(
            match,
            measure="ratio",
            goal="at_least",
            value=0.5,
            unit="%",
            name=match[0],
            is_half_year=True,
            confidence=0.65 if match["done"] else 0.75,
            note="holds for each annual target",
        )


def _turn_over(piece: str) -> Iterator[Wordless]:
    for match in cues.TURN_OVER.finditer(piece):
        times = match["n"]
        if not (times.isdigit() or times in _DIGIT):
            continue
        number = int(times) if times.isdigit() else _DIGIT[times]
        if 0 < number < 10:
            yield _made(match, measure="growth", goal="at_least", value=2**number, unit="倍")


def _trend(piece: str) -> Iterator[Wordless]:
    for match in cues.NO_WORSE.finditer(piece):
        if match[0] == "零增长":
            continue
        goal = "at_least" if match["up"] else "at_most"
        yield _made(match, measure="growth", goal=goal, value=0, unit="%", note="against last year")


def _benchmark(piece: str) -> Iterator[Wordless]:
    for match in cues.BENCHMARK.finditer(piece):
        if re.match(r"[\d.]", piece[match.end() : match.end() + 1]):
            continue
        op = match["op"]
        goal = {
            "低于": "less_than",
            "控制在": "at_most",
            "不高于": "at_most",
            "不超过": "at_most",
        }.get(op, "at_least" if op in ("不低于", "达到") else "more_than")
        goal = {"以内": "at_most", "以下": "at_most", "以上": "at_least"}.get(
            match["tail"] or "", goal
        )
        yield _made(
            match, measure="latest", goal=goal, value=None, unit=None, benchmark=match["what"]
        )
    for match in cues.IN_STEP.finditer(piece):
        yield _made(
            match, measure="growth", goal="at_least", value=None, unit="%", benchmark=match["what"]
        )


def _rank(piece: str) -> Iterator[Wordless]:
    for match in cues.RANK_IN.finditer(piece):
        if match["top"]:
            number = match["n"]
            start = match.start("top")
            value = _rank_number(number)
            masked = not (number.isdigit() or value)
            yield attrs.evolve(
                _made(match, measure="latest", goal="at_most", value=value, unit="位"),
                start=start,
                text=match["top"],
                note="masked" if masked else None,
            )
        else:
            value = _rank_number(match["m"])
            yield _made(match, measure="latest", goal="at_least", value=value, unit="位")


def _rank_number(text: str) -> int | None:
    if text.isdigit():
        return int(text)
    if text.startswith("十"):
        return 10 + _DIGIT.get(text[1:], 0)
    return _DIGIT.get(text)


def _one_each(piece: str) -> Iterator[Wordless]:
    for match in cues.ONE_EACH.finditer(piece):
        yield _made(
            match,
            measure="count",
            goal="at_least",
            value=1,
            unit=None,
            name=match[0],
            each=match["noun"],
            confidence=0.5,
        )


#: Each reader with words, one of which all its goals hold: they only save time.
_SCREENS = (
    ("全覆盖|尽|村村|户户|组组|社社|人人|无一|一个不|全部", _full),
    ("零|无|发生|出现|杜绝|防止|遏制|清零|见底", _none),
    ("过半|半年红", _half),
    ("番", _turn_over),
    ("只[增减]|上一?年|去一?年|前一?年", _trend),
    ("平均|标准|水平|同步", _benchmark),
    ("前|升", _rank),
    ("一.{1,2}一", _one_each),
)
_READERS = tuple((re.compile(screen), reader) for screen, reader in _SCREENS)
_ANY = re.compile("|".join(screen for screen, _ in _SCREENS))
