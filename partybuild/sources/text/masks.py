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


@attrs.frozen(kw_only=True)
class Scope:
    """Who a number holds for, at `start`:`end`; `noun` None ends the scope before it."""

    start: int
    end: int
    text: str
    noun: str | None
    is_mean: bool = False


@attrs.frozen(kw_only=True)
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
    blanked = _without_noise(text.translate(NORMAL).replace("\x00", " "))
    times = tuple(time_cues(blanked, year=year))
    for cue in times:
        blanked = _blank(blanked, cue.start, cue.end, TIME)
    scopes = tuple(_scopes(blanked))
    for scope in scopes:
        if scope.noun is not None and not scope.is_mean:
            blanked = _blank(blanked, scope.start, scope.end, SCOPE)
    named = blanked
    if NOISE in blanked:
        named = _NOISE_RUN.sub(lambda run: text[run.start() : run.end()], blanked)
    return Work(text=text, blanked=blanked, named=named, times=times, scopes=scopes)


def _without_noise(text: str) -> str:
    if cues.QUOTED.search(text):
        kept = [match.span("goal") for match in cues.QUOTED_GOAL.finditer(text)]
        for match in cues.QUOTED.finditer(text):
            # “十四五” and “七一”前 are dates
            is_date = "十" in match[0][1:3] or match[0][1:-1] in ("七一", "五一", "国庆", "春节")
            if match.span() not in kept and not is_date:
                text = _blank(text, *match.span(), NOISE)
    for pattern in (cues.OWNER, cues.SLOGAN):
        for match in pattern.finditer(text):
            text = _blank(text, *match.span(), NOISE)
    return text


def _blank(text: str, start: int, end: int, mark: str) -> str:
    return f"{text[:start]}{mark * (end - start)}{text[end:]}"


def _scopes(text: str) -> list[Scope]:
    found = [_each(match) for match in cues.EACH.finditer(text)]
    for match in cues.RANK.finditer(text):
        found.append(Scope(start=match.start(), end=match.end(), text=match[0], noun=match["rank"]))
    for match in cues.MEAN.finditer(text):
        found.append(
            Scope(
                start=match.start(),
                end=match.end(),
                text=match[0],
                noun=match["noun"],
                is_mean=True,
            )
        )
    for match in cues.EVERYBODY.finditer(text):
        found.append(Scope(start=match.start(), end=match.end(), text=match[0], noun=None))
    found.sort(key=lambda scope: scope.start)
    kept: list[Scope] = []
    for scope in found:
        if not kept or scope.start >= kept[-1].end:
            kept.append(scope)
    return kept


_NOUN_TAIL = re.compile(r"(?:的|中|里|内|每|要|都|均)+\Z")


def _each(match: re.Match[str]) -> Scope:
    if match["each1"]:
        noun = match["each1"][0]
    elif match["event"]:
        noun = match["event"][-1]
    else:
        noun = match["n1"] or match["n2"] or match["n3"]
    noun = _NOUN_TAIL.sub("", noun)
    return Scope(start=match.start(), end=match.end(), text=match[0], noun=noun or match[0])
