"""The sentences of one paragraph, read in order: what was said before bears on the next."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import attrs

from partybuild.sources.text.masks import work_on
from partybuild.sources.text.outline import Sentence
from partybuild.sources.text.proposal import Found
from partybuild.sources.text.results import ENOUGH, lean_of
from partybuild.sources.text.sentences import read_sentence

#: How many sentences on either side bear on one that could be a result or a plan.
_NEIGHBOURS = 2
_MOST_LEAN = 3


@attrs.define(kw_only=True)
class Said:
    """A sentence and its targets; `withheld`, where it reads as a result and proposes none.

    `lean`: by how much it tells of results rather than of a plan, None as long as nobody
    asked (see `results.lean_of`).
    """

    sentence: Sentence
    found: tuple[Found, ...]
    lean: int | None
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
    next steps leans towards results (see `results.lean_of`).
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
        found = reading.found
        lean = None if is_plan or not found else reading.lean + bias
        is_past = reading.is_past or (lean is not None and lean >= ENOUGH)
        if reading.late_deadline is not None and said:
            is_aside = text[sentence.start] in "（(" and bool(said[-1].found)
            if is_aside or not found:
                said[-1].found = _dated(said[-1].found, reading.late_deadline)
                found = ()
        said.append(Said(sentence=sentence, found=found, lean=lean))
    for index, one in enumerate(said):
        if one.lean is not None and one.lean >= 0 and _is_result(said, index, text, year):
            one.withheld, one.found = one.found, ()
    return said


def _is_result(said: list[Said], index: int, text: str, year: int | None) -> bool:
    """Whether a sentence tells of results; neighbours decide where it does not itself."""
    lean = said[index].lean or 0
    if lean < ENOUGH:
        for other in said[max(0, index - _NEIGHBOURS) : index + _NEIGHBOURS + 1]:
            if other is not said[index] and not other.is_plan:
                lean += _lean(other, text, year)
    return lean >= ENOUGH


def _lean(one: Said, text: str, year: int | None) -> int:
    if one.lean is None:
        sentence = one.sentence
        one.lean = lean_of(work_on(text[sentence.start : sentence.end], year=year))
    return max(-_MOST_LEAN, min(_MOST_LEAN, one.lean))


def _dated(found: tuple[Found, ...], deadline: dt.date | str) -> tuple[Found, ...]:
    return tuple(
        attrs.evolve(one, deadline=deadline) if one.deadline is None else one for one in found
    )
