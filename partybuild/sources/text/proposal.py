"""What the reader proposes: a target, the words it was read from, and vague phrases."""

from __future__ import annotations

import datetime as dt

import attrs

GoalNumber = int | float | tuple[float, float] | None


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
    year is known. `explicit` is false for a plain number without a comparator, which
    is met when reached. `confidence` runs from 0 to 1; below 0.7 a person should
    look, and `notes` says at what.

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


@attrs.frozen(kw_only=True)
class Found:
    """A target found in a sentence; places are offsets into the sentence.

    The fields mean what those of `ProposedTarget` mean; `clause` is the place of the
    clause that holds it.
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
    notes: tuple[str, ...] = ()
    cues: tuple[Cue, ...] = ()
