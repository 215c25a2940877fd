"""The name of a target: what is done or measured, without its time, scope and number."""

from __future__ import annotations

import re

from partybuild.sources.text.masks import SCOPE, TIME

_LONGEST = 30
_OPENERS = re.compile(
    r"\A(?:[（(]?\d{1,2}[)）.、]|[①-⑳]|坚持|继续|将|要|确保|力争|争取|努力|必须|务必|切实|认真|积极|带头|进一步|大力|持续|扎实|严格|同时|并且?|且|以及|和|及|与|其中|全面|稳步|有序|加快|着力"
    r"|不断|原则上|一般(?!公共|预算|性|债|纳税)|预期|预计|计划|拟|主动|充分|我们?|全力|力促|使|让|也|还|再|就|年均|年度|每年|全年|分别|累计|合计|共|均|都|各|应当?|须|需|可|的|到|至|把(?![关握])|在(?![册岗职校编线])|对|：|:|、|\s|[（(）)]|平均(?!得?分)|实现(?=.{4})|保证|务求|保持(?=[^在]{4})|新一年|力求|重点|一律|至少|安排|预算|目标|达(?!标|产|成)到?|总计)+"
)
_CLOSERS = re.compile(
    r"(?:达到?|不少于|均|都|各|分别|的|为|在|到|至|要|应|须|需|必须|确保|力争|争取|努力|共|累计|合计|年均|总共|平均|约|：|:|、|\s|[（(]|再|将|也|全部|再次|稳定|保持|控制|同比|较上年|比上年|较去年|比去年|环比|等|由|从|力度|且|并|一律|原则上|预期|总体|继续|和|及|与|以及|又|每|拟|按|目标|全年|至少|了|突破|超过)+\Z"
)
#: 上党课, 讲党课: a verb of one character that the closers must not eat.
_SHORT_VERB = re.compile(
    r"(?:\A|[\x01-\x03，、])(上|讲|进|送|办|建|种|写|发|开|听|看|读|走|访|见|养|包|驻|住|蹲|学|选|评|派|引|育|树)\Z"
)
_OBJECT_END = re.compile(
    r"[，,。；;：:、！？!?\n（(]|并(?!购|联|网|轨)|且|(?<!及)以上|以下|以内|左右|，|每(?=次)|不少于|至少|达到|[\x01]"
)
_SHARED = re.compile(
    r"(?:均|都|各|分别)(?:要|应|须|需|必须|实现)?"
    r"(?:不少于|不低于|至少|超过|达到?|开展|召开|下降|降低|增长|提高|提升|上升|保持|稳定|控制|[在到])*"
    r"[\x01-\x03 ]*\Z"
)
_MOST_ITEMS = 6
_CONTROL = re.compile(r"[\x00-\x1f]+")
_BLANKED = str.maketrans("", "", TIME + SCOPE)
_EMPTY = re.compile(r"[（(]\s*[)）]")


def clean(left: str) -> str:
    """Strip openers and closers off the words before a number."""
    plain = _EMPTY.sub("", left.translate(_BLANKED))
    short = _SHORT_VERB.search(plain)
    trimmed = _OPENERS.sub("", plain)
    while True:
        shorter = _CLOSERS.sub("", trimmed)
        if shorter == trimmed:
            break
        trimmed = shorter
    if not trimmed and short:
        return short[1]
    if short and not trimmed.endswith(short[1]):
        trimmed += short[1]
    return trimmed


def object_after(blanked: str, written: str, start: int, high: int) -> str:
    """Return the noun that follows a number: 工作推进会 of X次工作推进会."""
    while start < high and blanked[start] in "的 ":
        start += 1
    stop = _OBJECT_END.search(blanked, start, high)
    end = stop.start() if stop else high
    return written[start : min(end, start + _LONGEST)].strip("的 ")


def name_of(before: str, after: str, *, fallback: str) -> str:
    """Join the words before and after a number to one clean phrase."""
    name = f"{before}{after}"
    if len(name) < 2:
        name = fallback
    name = _CONTROL.sub("", name).strip('，。；、：: （(）)“”"')
    return name[:_LONGEST] if name else fallback[:_LONGEST]


def items(listed: str) -> list[str]:
    """Split a list of names: 党员大会、支委会和党小组会."""
    parts = re.split(r"、|以及|和(?!谐|美|平)|及(?!时)|与(?!会)", listed)
    return [part for part in (clean(part) for part in parts) if part]


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
