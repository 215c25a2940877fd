"""The name of a target: what is done or measured, without its time, scope and number."""

from __future__ import annotations

import re
from collections.abc import Callable

from partybuild.sources.text.masks import BLANKS, SCOPE, TIME

_LONGEST = 30
_OPENERS = re.compile(
    r"\A(?:[（(]?\d{1,2}[)）.、]|[①-⑳●■◆▲★※•▪□○◇➢]|坚持|继续|将|要求?|确保|力争|争取|努力|必须|务必|切实|认真|积极|带头|进一步|大力|持续|扎实|严格|同时|并且?|且|以及|和|及|与|其中|全面|稳步|有序|加快|着力"
    r"|不断|原则上|一般(?!公共|预算|性|债|纳税)|预期|预计|计划|拟|主动|充分|我(?:们|[国区县市镇乡省局校村]|街道)?|全力|力促|使|让|也|还|再|就|年均|年度|每年|全年|分别|累计|合计|共|均|都|各(?![类级项种界族])|是(?![否非])|应当?|须|需|可|的|到(?!村|户|点|岗|位|基层|一线|企业|支部|社区|组)|至|把(?![关握])|在(?![册岗职校编线])|对|：|:|、|\s|[（(）)]|平均(?!得?分)|实现(?=.{4})|保证|务求|保持(?=[^在]{4})|新一年|力求|重点|一律|至少|安排|预算|目标|达(?!标|产|成)到?|总计)+"
)
_CLOSERS = re.compile(
    r"(?:达到?|不少于|均|都|各|分别|的|为|在|到|至|要|应|须|需|必须|确保|力争|争取|努力|共|累计|合计|年均|总共|平均|约|：|:|、|\s|[（(]|再|将|也|全部|再次|稳定|保持|控制|同比|较上年|比上年|较去年|比去年|环比|等|由|从|力度|且|并|一律|原则上|一般|预期|总体|继续|和|及|与|以及|又|每|拟|按|目标|全年|至少|了|突破|超过)+\Z"
)
#: Their last characters: words that end otherwise hold no closer.
_CLOSING = frozenset(
    "达到于均都各别的为在至要应须需保争取力共计年平约：:、（(再将也部次定持制同比等由从度且并一律则上期体"
    "续和及与以又每拟按目标全少了破过般"
)
#: 上党课, 讲党课: a verb of one character that the closers must not eat.
_SHORT_VERBS = frozenset("上讲进送办建种写发开听看读走访见养包驻住蹲学选评派引育树")
_BEFORE_SHORT = frozenset(f"{BLANKS}，、")
_OBJECT_END = re.compile(
    r"[，,。；;：:、！？!?\n（(]|并(?!购|联|网|轨)|且|(?<!及)以上|以下|以内|左右|，|每(?=次)|不少于|至少|达到|[\x01]"
    r"|(?:和|与|及|以及)(?=[\d一二两三四五六七八九十]{1,6}(?:个|处|座|所|家|户|名|条|项|件|场|期|套|台|公里|亩))"
)
_SHARED = re.compile(
    r"(?:均|都|各|分别)(?:要|应|须|需|必须|实现)?"
    r"(?:不少于|不低于|至少|超过|达到?|开展|召开|下降|降低|增长|提高|提升|上升|保持|稳定|控制|[在到])*"
    r"[\x01-\x03 ]*\Z"
)
_MOST_ITEMS = 6
_SAID = re.compile(
    r"(?<!存)在|实现|力争|确保|稳步|持续|保持|均|继续|较|[同比]比|要|应|达到|突破|增长|提高|，"
)
#: 幼儿园将新增, 死亡人数要下降: what only says that it is to be.
_TO_BE = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:将要?|(?<![主重需摘概扼必只])要)再?(?=新|完|建|改|开|实|减|增|提|下降|降|引|培|投)"
)
_CONTROL = re.compile(r"[\x00-\x1f]+")
_EMPTY = re.compile(r"[（(]\s*[)）]")


def clean(left: str) -> str:
    """Strip openers and closers off the words before a number."""
    plain = left
    if TIME in plain or SCOPE in plain:
        plain = plain.replace(TIME, "").replace(SCOPE, "")
    if ")" in plain or "）" in plain:
        plain = _EMPTY.sub("", plain)
    short = _short_verb(plain)
    opener = _OPENERS.match(plain)
    trimmed = plain[opener.end() :] if opener else plain
    while trimmed and (trimmed[-1] in _CLOSING or trimmed[-1].isspace()):
        shorter = _CLOSERS.sub("", trimmed)
        if shorter == trimmed:
            break
        trimmed = shorter
    if short and not trimmed.endswith(short):
        return trimmed + short
    return trimmed


def _short_verb(plain: str) -> str:
    """The verb of one character that the words end with, alone or after a blank; else nothing."""
    if not plain or plain[-1] not in _SHORT_VERBS:
        return ""
    return plain[-1] if len(plain) == 1 or plain[-2] in _BEFORE_SHORT else ""


def object_after(blanked: str, written: str, start: int, high: int) -> str:
    """Return the noun that follows a number: 工作推进会 of X次工作推进会."""
    while start < high and blanked[start] in "的 ":
        start += 1
    limit = start + _LONGEST
    # a little further than the longest name, so that the last words are seen whole
    stop = _OBJECT_END.search(blanked, start, limit + 4 if limit + 4 < high else high)
    end = stop.start() if stop else high
    return written[start : end if end < limit else limit].strip("的 ")


def name_of(before: str, after: str, *, fallback: Callable[[], str]) -> str:
    """Join the words before and after a number to one clean phrase; without one, `fallback`."""
    name = f"{before}{after}"
    if len(name) < 2:
        name = fallback()
    if "将" in name or "要" in name:
        name = _TO_BE.sub("", name)
    if name.isalnum():  # as most are: characters and figures, no marks
        return name[:_LONGEST]
    if not name.isprintable():
        name = _CONTROL.sub("", name)
    name = name.strip('，。；、：: "')
    for opens, closes in ("“”", "（）", "()"):
        if name.count(opens) != name.count(closes):
            name = name.strip(f"{opens}{closes}")
    return name[:_LONGEST] if name else fallback()[:_LONGEST]


def of_nothing(name: str, none: str) -> str:
    """Return what is not to happen: 信访案件 of 信访案件零发生, 安全生产事故 of 安全生产零事故.

    `none` is the word that says so. That is what an event is recorded as, should one happen.
    """
    before, _, after = name.replace(f"“{none}”", none).partition(none)
    what = none.removeprefix("零").removeprefix("发生")
    bare = f"{before.removeprefix('实现')}{what}{after}"
    return bare if len(bare) > 1 else name


def items(listed: str) -> list[str]:
    """Split a list of names: 党员大会、支委会和党小组会."""
    parts = re.split(r"、|以及|和(?!谐|美|平)|及(?!时)|与(?!会)", listed)
    return [part for part in (clean(part) for part in parts) if part]


def subject(written: str) -> str:
    """Return what the words before a comma speak of, without what is said of it."""
    plain = written.strip("\x01\x02\x03，, ").replace(TIME, "").replace(SCOPE, "")
    found = _SAID.search(plain)
    return plain[: found.start()] if found else plain


def shared_items(written: str) -> list[str]:
    """Split the names of 党员大会、支委会各不少于4次; empty when there is no such list."""
    match = _SHARED.search(written)
    if match is None:
        return []
    words = written[: match.start()]
    if "各" not in match[0] and "、" in words and re.search(r"[和与]|及(?!时|早)", words):
        return []  # 建议、提案办结率和满意率均: what is listed cannot be told
    listed = items(words)
    return listed if 1 < len(listed) <= _MOST_ITEMS else []
