"""What only saves time must lose nothing: the screens before the patterns of the reader."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from partybuild.quantities.numerals import NORMAL
from partybuild.sources.text import (
    binding,
    counting,
    cues,
    events,
    masks,
    names,
    results,
    times,
    wordless,
)

HERE = Path(__file__).parent
#: A lookahead at the beginning that lists characters (and may be followed by others).
_LEAD = re.compile(r"\s*(?:\(\?[=!](?:[^()\[\]\\]|\\.|\[(?:[^\]\\]|\\.)*\]|\{[^}]*\})*\)\s*)+")


def sentences() -> list[str]:
    """Every annotated sentence, also without its first character and in other company."""
    texts = [
        entry["text"].translate(NORMAL)
        for path in sorted(HERE.glob("*.toml"))
        for entry in tomllib.loads(path.read_text(encoding="utf-8"))["sentence"]
    ]
    texts += [
        "到会人数超过应到人数的五分之四，会议有效。",
        "得票超过半数的当选。",
        "查扣车辆12台。",
    ]
    pieces = [piece for text in texts for piece in re.split(r"[，。；、]", text) if piece]
    return [*texts, *pieces, *(f"{a}{b}" for a, b in zip(pieces, pieces[7:], strict=False))]


TEXTS = sentences()
LED = {
    "PAST": cues.PAST,
    "MODAL": cues.MODAL,
    "LEFT": cues.LEFT,
    "EACH": cues.EACH,
    "SLOGAN": cues.SLOGAN,
    "times": times._PATTERN,
}


@pytest.mark.parametrize("name", LED)
def test_a_lookahead_in_front_changes_no_match(name: str) -> None:
    pattern = LED[name]
    lead = _LEAD.match(pattern.pattern)
    assert lead is not None
    bare = re.compile(pattern.pattern[lead.end() :], pattern.flags)
    assert bare.pattern != pattern.pattern
    hits = 0
    for text in TEXTS:
        found = [match.span() for match in pattern.finditer(text)]
        hits += len(found)
        assert found == [match.span() for match in bare.finditer(text)], text
    assert hits


def test_a_search_for_the_beginning_misses_none() -> None:
    for text in TEXTS:
        slogan = cues.SLOGAN.search(text)
        begins = cues.SLOGAN_BEGINS.search(text)
        assert (slogan and slogan.start()) == (begins and begins.start()), text
        found = [match.span() for match in times._matches(text)]
        assert found == [match.span() for match in times._PATTERN.finditer(text)], text


def test_a_lookahead_before_a_kind_of_time_changes_no_match() -> None:
    inner = re.compile(r"\| \(\?=\[[^\]]*\]\) \(\?P<")
    bare, count = inner.subn("| (?P<", times._PATTERN.pattern)
    assert count > 10
    pattern = re.compile(bare, times._PATTERN.flags)
    for text in TEXTS:
        found = [(match.span(), match.lastgroup) for match in times._PATTERN.finditer(text)]
        assert found == [(match.span(), match.lastgroup) for match in pattern.finditer(text)], text


SCREENED = [
    *((cues.PAST, events._BEHIND), (cues.LACKING, events._BEHIND), (cues.PUNISHED, events._BEHIND)),
    *((cues.CHANGE_NAME, cues.CHANGING), (cues.FALL_OF, cues.CHANGING)),
    *((cues.MODAL, events._FIRM), (cues.EACH, masks._EACH)),
    *((re.compile(words), cues.CHANGING) for words in (cues.UP, cues.DOWN)),
    (cues.QUORUM, cues.QUORUM_ENDS),
    (cues.RANK, re.compile("级|乡|市县")),
    (cues.MEAN, re.compile("均")),
    (cues.EVERYBODY, re.compile("全")),
    (cues.TOTAL, re.compile("共")),
    (cues.OWNER, re.compile("[：:]")),
    (cues.SCORE, re.compile("分|权重|扣")),
    (cues.BASELINE_FROM, re.compile("[由从]")),
]


@pytest.mark.parametrize(("pattern", "screen"), SCREENED)
def test_a_screen_lets_every_match_through(
    pattern: re.Pattern[str], screen: re.Pattern[str]
) -> None:
    for text in TEXTS:
        for match in pattern.finditer(text):
            assert screen.search(match[0]), (text, match[0])


def test_the_readers_of_words_find_the_same_without_their_screens() -> None:
    for text in TEXTS:
        every = [(one.start, one.text) for _, read in wordless._READERS for one in read(text)]
        found = [(one.start, one.text) for one in wordless.wordless(text, low=0, high=len(text))]
        assert found == every, text


def test_last_characters_are_known() -> None:
    closed = {
        match[0][-1]
        for text in TEXTS
        for end in range(1, min(len(text), 40))
        if (match := names._CLOSERS.search(text[:end]))
    }
    assert {char for char in closed if not char.isspace()} <= names._CLOSING
    left = {
        match[0][-1]
        for text in TEXTS
        for end in range(1, min(len(text), 40))
        if (match := cues.NO_COUNT_LEFT.search(text[:end]))
    }
    assert left <= counting._NO_COUNT_ENDS


def test_what_stands_right_of_a_number_begins_as_known() -> None:
    starts = {
        match[0][0]
        for text in TEXTS
        for pattern in (cues.RIGHT, cues.WITHIN)
        for place in range(len(text))
        if (match := pattern.match(text, place))
    }
    assert starts <= binding._RIGHT_STARTS


def test_clean_text_needs_no_translation() -> None:
    for text in TEXTS:
        assert not masks._UNCLEAN.search(text.translate(masks._CLEAN))


@pytest.mark.parametrize("sign", results.SIGNS, ids=lambda sign: sign.says)
def test_a_sign_holds_one_of_its_characters(sign: results.Sign) -> None:
    # what it looks at behind and ahead counts as well
    hits = 0
    for text in TEXTS:
        if sign.pattern.search(text):
            hits += 1
            assert not sign.holds.isdisjoint(text), text
    assert hits
