"""What the reader proposes: a target, the words it was read from, and vague phrases."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from operator import itemgetter
from typing import Any

import attrs

_PLACE = itemgetter(0, 1)
GoalNumber = int | float | tuple[float, float] | None
#: What words are for (the role of a `Cue`), their start and their end, and the same for the
#: next: one flat tuple, since a long report holds millions of them.
Spans = tuple[str | int, ...]


@attrs.frozen(kw_only=True)
class Cue:
    """Words that decided something: what they are for, and their place in the source text.

    `role` is one of ``number``, ``comparator``, ``change``, ``cadence``, ``window``,
    ``deadline``, ``each``, ``strength``, ``verb`` and ``words``.
    """

    role: str
    text: str
    start: int
    end: int


@attrs.frozen(kw_only=True)
class ProposedTarget:
    """A target as the reader understood it, for a person to confirm.

    `goal` is the name of a goal parameter (``at_least`` ...), None for a milestone
    and for a comparison with something outside the text (`benchmark`). `value` is a
    number, a pair for ``between``, or None where the text has no number or a masked
    one (`placeholder`). With the unit ``"%"`` it is a fraction; every other number
    stands in `unit`. `each` names, in the report's words, who each of it must hold
    for. `deadline` and `first` are dates, or text such as ``"--06-30"`` where no
    year is known. `require` is how many of the windows are enough, None for all.
    `is_part` says that the number is held in one before it (其中35岁以下6名). `explicit`
    is false for a plain number without a comparator, which is met when reached.
    `confidence` runs from 0 to 1; below 0.7 a person should look, and `notes` says at what.

    `start`:`end` is the place of the number (or of the words that stand for one)
    in the source, `quote_start`:`quote_end` that of the clause, `quote` its text.
    """

    id: str
    name: str
    measure: str
    goal: str | None
    value: GoalNumber
    unit: str | None
    per: str | dict[str, str] | None = attrs.field(default=None, hash=False)
    each: str | None = None
    first: dt.date | str | None = None
    deadline: dt.date | str | None = None
    strength: str | None = None
    explicit: bool = True
    confidence: float = 0.9
    baseline: float | None = None
    tolerance: float | None = None
    benchmark: str | None = None
    placeholder: str | None = None
    require: int | None = None
    is_part: bool = False
    notes: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
    start: int
    end: int
    quote: str
    quote_start: int
    quote_end: int

    @property
    def is_masked(self) -> bool:
        """Whether a number is still to be filled in."""
        return self.measure != "milestone" and self.value is None


@attrs.frozen(kw_only=True)
class VaguePhrase:
    """A phrase that promises without measuring, such as 定期 or 进一步加强, and its place."""

    text: str
    start: int
    end: int
    quote: str


# not frozen: a report holds thousands, and assigning is what a frozen class pays for
@attrs.define(kw_only=True)
class Found:
    """A target found in a sentence; places are offsets into the sentence.

    The fields mean what those of `ProposedTarget` mean; `clause` is the place of the
    clause that holds it, `spans` the places of its cues. Never changed once its
    sentence is read: sentences that stand twice share it.
    """

    start: int
    end: int
    clause: tuple[int, int]
    name: str
    measure: str
    goal: str | None
    value: GoalNumber
    unit: str | None
    per: str | dict[str, str] | None = None
    each: str | None = None
    first: dt.date | str | None = None
    deadline: dt.date | str | None = None
    strength: str | None = None
    explicit: bool = True
    confidence: float = 0.9
    baseline: float | None = None
    tolerance: float | None = None
    benchmark: str | None = None
    placeholder: str | None = None
    require: int | None = None
    is_part: bool = False
    notes: tuple[str, ...] = ()
    spans: Spans = ()


@attrs.define(eq=False)
class Finds:
    """What was found in one sentence of `text`, `base` characters from its beginning.

    `ProposedTarget` objects are made when somebody asks for them; a table of a long
    report needs none.
    """

    text: str
    base: int
    name: str
    found: tuple[Found, ...]
    _made: tuple[ProposedTarget, ...] | None = attrs.field(default=None, init=False)

    def placed(self) -> Iterator[tuple[str, Found, int, int]]:
        """Yield each target with its id and the place of its clause in the text."""
        for index, one in enumerate(self.found, 1):
            start, end = one.clause[0] + self.base, one.clause[1] + self.base
            while start < end and self.text[start] in " \u3000":
                start += 1
            yield f"{self.name}-{index}", one, start, end

    def targets(self) -> tuple[ProposedTarget, ...]:
        """Return what was found as objects of their own, made once."""
        if self._made is None:
            self._made = tuple(self._target(*one) for one in self.placed())
        return self._made

    def _target(self, name: str, found: Found, start: int, end: int) -> ProposedTarget:
        base, text = self.base, self.text
        return ProposedTarget(
            id=name,
            name=found.name,
            measure=found.measure,
            goal=found.goal,
            value=found.value,
            unit=found.unit,
            per=found.per,
            each=found.each,
            first=found.first,
            deadline=found.deadline,
            strength=found.strength,
            explicit=found.explicit,
            confidence=found.confidence,
            baseline=found.baseline,
            tolerance=found.tolerance,
            benchmark=found.benchmark,
            placeholder=found.placeholder,
            require=found.require,
            is_part=found.is_part,
            notes=found.notes,
            cues=tuple(_cues(found.spans, text, base)),
            start=found.start + base,
            end=found.end + base,
            quote=text[start:end],
            quote_start=start,
            quote_end=end,
        )


def _cues(spans: Spans, text: str, base: int) -> Iterator[Cue]:
    """Yield the cues whose places, counted from `base`, are `spans`, in the order of the text."""
    flat: Any = spans
    placed = zip(flat[1::3], flat[2::3], flat[::3], strict=True)
    for first, last, role in sorted(placed, key=_PLACE):
        start, end = first + base, last + base
        yield Cue(role=role, text=text[start:end], start=start, end=end)
