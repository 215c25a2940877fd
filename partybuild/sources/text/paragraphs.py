"""The sentences of one paragraph, read in order: what was said before bears on the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Literal

import attrs

from partybuild.sources.text.masks import work_on
from partybuild.sources.text.outline import Sentence
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.results import ENOUGH, weigh
from partybuild.sources.text.sentences import read_sentence

#: How many sentences before and after one bear on it where it could be both.
_BEHIND, _AHEAD = 8, 2
#: How much a sentence must lean towards results where those before it tell of results (1),
#: of a plan (-1), or decide nothing.
_NEEDED = {1: 0, 0: ENOUGH, -1: ENOUGH + 1}


@attrs.define(kw_only=True)
class Said:
    """A sentence and its targets; `withheld`, where it reads as a result and proposes none.

    `lean`: by how much it tells of results rather than of a plan, None as long as nobody
    asked; `because`: what says so.
    """

    sentence: Sentence
    found: tuple[Found, ...]
    lean: int | None = None
    because: tuple[str, ...] = ()
    withheld: tuple[Found, ...] = ()

    @property
    def is_plan(self) -> bool:
        """Whether it stands among next steps, so that nothing has to be weighed."""
        return self.sentence.part == "next"


def read_paragraph(
    text: str, sentences: Sequence[Sentence], *, year: int | None, bias: int = 0
) -> list[Said]:
    """Read the sentences of one line of `text`.

    `bias` is what the title of the text adds to how much each sentence outside the
    next steps leans towards results (see `results.weigh`).
    """
    said: list[Said] = []
    is_past = False
    for sentence in sentences:
        is_plan = sentence.part == "next"
        reading = read_sentence(
            text[sentence.start : sentence.end],
            year=year,
            is_past=is_past and not is_plan,
            is_plan=is_plan,
        )
        found, is_past = reading.found, reading.is_past
        if reading.late_deadline is not None and said:
            is_aside = text[sentence.start] in "（(" and bool(said[-1].found)
            if is_aside or not found:
                said[-1].found = _dated(said[-1].found, reading.late_deadline)
                found = ()
        one = Said(sentence=sentence, found=found)
        if found and reading.weighed is not None:
            one.lean, one.because = reading.weighed.lean + bias, reading.weighed.because
            mood = _mood(reversed(said[-_BEHIND:]), text, year) if one.lean >= 0 else 0
            if one.lean >= _NEEDED[mood]:
                one.withheld, one.found, is_past = found, (), True
        said.append(one)
    _look_ahead(said, text, year)
    return said


def _look_ahead(said: list[Said], text: str, year: int | None) -> None:
    """Withhold what could be both where results follow, and nothing before it decides."""
    for index, one in enumerate(said):
        if not one.found or one.lean is None or one.lean < 0:
            continue
        behind = said[max(0, index - _BEHIND) : index]
        ahead = said[index + 1 : index + 1 + _AHEAD]
        if _mood(reversed(behind), text, year) == 0 and _mood(ahead, text, year) > 0:
            one.withheld, one.found = one.found, ()


def _mood(others: Iterable[Said], text: str, year: int | None) -> Literal[-1, 0, 1]:
    """Return 1 where the nearest of `others` that is sure tells of results, -1 of a plan."""
    for other in others:
        if other.is_plan:
            return -1
        if other.lean is None:
            sentence = other.sentence
            other.lean = weigh(work_on(text[sentence.start : sentence.end], year=year)).lean
        if other.lean >= ENOUGH:
            return 1
        if other.lean <= -ENOUGH:
            return -1
    return 0


def _dated(found: tuple[Found, ...], deadline: dt.date | str) -> tuple[Found, ...]:
    return tuple(
        attrs.evolve(one, deadline=deadline) if one.deadline is None else one for one in found
    )
