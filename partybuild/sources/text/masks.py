"""One sentence with everything blanked out that holds no number of a promise."""

from __future__ import annotations

import re

import attrs

from partybuild.quantities.numerals import NORMAL
from partybuild.sources.text import cues
from partybuild.sources.text.times import TimeCue, time_cues

#: What a blanked character was: a time word, a scope, or noise.
TIME, SCOPE, NOISE = "\x01", "\x02", "\x03"
BLANKS = TIME + SCOPE + NOISE
_NOISE_RUN = re.compile(f"{NOISE}+")


@attrs.define(kw_only=True)
class Scope:
    """Who a number holds for, at `start`:`end`; `noun` None ends the scope before it."""

    start: int
    end: int
    text: str
    noun: str | None
    is_mean: bool = False


@attrs.define(kw_only=True)
class Work:
    """A sentence ready for reading: `text` as written, `blanked` of the same length.

    `named` is `blanked` with the noise as it was written: what names are made of.
    """

    text: str
    blanked: str
    named: str
    times: tuple[TimeCue, ...]
    scopes: tuple[Scope, ...]


def work_on(text: str, *, year: int | None) -> Work:
    """Blank quotes, slogans, owners, time words and scopes out of one sentence."""
    normal = text.translate(_CLEAN) if _UNCLEAN.search(text) else text
    if "[" in normal or "【" in normal:
        normal = _FRAMED.sub(r" \1 ", normal)
    if "*" in normal:
        normal = _MARKED.sub(" ", normal)
        normal = _STARRED.sub(lambda run: "X" * len(run[0]), normal)
    if ";" in normal:
        normal = normal.replace(";", "；")
    if "," in normal:
        normal = _COMMA.sub("，", normal)
    blanked = _without_noise(normal)
    times = tuple(time_cues(blanked, year=year))
    blanked = _blank(blanked, [(cue.start, cue.end) for cue in times], TIME)
    scopes = tuple(_scopes(blanked))
    named_scopes = [
        (scope.start, scope.end) for scope in scopes if scope.noun is not None and not scope.is_mean
    ]
    blanked = _blank(blanked, named_scopes, SCOPE)
    named = blanked
    if NOISE in blanked:
        named = _NOISE_RUN.sub(lambda run: text[run.start() : run.end()], blanked)
    return Work(text=text, blanked=blanked, named=named, times=times, scopes=scopes)


#: 不少于[X]次: a place to fill in.
_FRAMED = re.compile(r"[\[【]([Xx×_])[】\]]")
#: 引资*亿元: a place to fill in; two stars may also be the end of bold type.
_STARRED = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:\*|\*{3,4})"
    r"(?=[ ]?(?:[%‰亿万元名次户家场亩]|个(?!别)|人(?!民)|公里|项目))"
)
#: *新增1家食堂、*3家养老院: a mark of what is listed, no place to fill in.
_MARKED = re.compile(r"(?:\A|(?<=[、，；,;。.．\s]))\*(?=[\u4e00-\u9fff\d])")
#: A comma between words; 1,000 keeps its own.
_COMMA = re.compile(r"(?<!\d),|,(?!\d{3}(?!\d))")
_CLEAN = NORMAL | {0: " "}
_UNCLEAN = re.compile("[" + "".join(re.escape(chr(code)) for code in _CLEAN) + "]")


def _without_noise(text: str) -> str:
    if cues.QUOTED.search(text):
        kept = [match.span("goal") for match in cues.QUOTED_GOAL.finditer(text)]
        spans = []
        for match in cues.QUOTED.finditer(text):
            # “十四五” and “七一”前 are dates
            is_date = "十" in match[0][1:3] or match[0][1:-1] in ("七一", "五一", "国庆", "春节")
            if match.span() not in kept and not is_date:
                spans.append(match.span())
        text = _blank(text, spans, NOISE)
    if "：" in text or ":" in text:
        text = _blank(text, [match.span() for match in cues.OWNER.finditer(text)], NOISE)
    if cues.SLOGAN_BEGINS.search(text):
        text = _blank(text, [match.span() for match in cues.SLOGAN.finditer(text)], NOISE)
    return text


def _blank(text: str, spans: list[tuple[int, int]], mark: str) -> str:
    """Put `mark` for every character of `spans`, which rise and do not overlap."""
    if not spans:
        return text
    parts: list[str] = []
    place = 0
    for start, end in spans:
        parts += (text[place:start], mark * (end - start))
        place = end
    parts.append(text[place:])
    return "".join(parts)


#: Without one of these nothing holds for each of many: it only saves time.
_EACH = re.compile("每|各|所有|全体|人人|村村|户户|件件")


def _scopes(text: str) -> list[Scope]:
    found: list[Scope] = []
    if _EACH.search(text):
        found += [
            _each(match)
            for match in cues.EACH.finditer(text)
            if not (match["all"] and text[max(0, match.start() - 2) : match.start()] in _OBJECT_OF)
        ]
    if "级" in text or "乡" in text or "市县" in text:
        for match in cues.RANK.finditer(text):
            found.append(_scope(match, match["rank"]))
    if "均" in text:
        for match in cues.MEAN.finditer(text):
            found.append(_scope(match, match["noun"], is_mean=True))
    if "全" in text:
        found += [_scope(match, None) for match in cues.EVERYBODY.finditer(text)]
    if len(found) < 2:
        return found
    found.sort(key=lambda scope: scope.start)
    kept: list[Scope] = []
    for scope in found:
        if not kept or scope.start >= kept[-1].end:
            kept.append(scope)
    return kept


def _scope(match: re.Match[str], noun: str | None, *, is_mean: bool = False) -> Scope:
    start, end = match.span()
    return Scope(start=start, end=end, text=match[0], noun=noun, is_mean=is_mean)


_SIZES = frozenset("面积 建筑面积 长度 投资 规模 时间 时长 人数".split())
_NOUN_TAIL = re.compile(r"(?:的|中|里|内|每|要|都|均)+\Z")


#: 培养各级骨干教师460名: whom the verb is about, not who each has to do it.
_OBJECT_OF = frozenset(
    "培养 培训 轮训 新增 引进 招聘 招引 评选 选树 表彰 发展 发放 解决 化解 新建 建设 改造".split()
)


def _each(match: re.Match[str]) -> Scope:
    if match["each1"]:
        noun = match["each1"][0]
    elif match["event"]:
        noun = match["event"][-1]
    else:
        noun = match["n1"] or match["n2"] or match["n3"]
    noun = _NOUN_TAIL.sub("", noun)
    if noun in _SIZES:
        noun = match[0].removeprefix("每").removesuffix(noun) or noun  # 每处面积不少于800m2
    return _scope(match, noun or match[0])
