"""Everything that matters in a sentence, in order; and whether it tells of the past."""

from __future__ import annotations

from typing import Any

from partybuild.quantities import Amount
from partybuild.sources.text import cues
from partybuild.sources.text.masks import Work
from partybuild.sources.text.wordless import Wordless

_PRECISE_FIGURES = 4
#: place, what it is, and the thing itself
Event = tuple[int, str, Any]
_ORDER = {"past": 0, "future": 0, "modal": 0, "time": 1, "scope": 1, "words": 2, "amount": 3}


def sounds_past(text: str) -> bool:
    """Whether rough or precise numbers, and no word of a plan, tell of the past."""
    if not (cues.WEAK_PAST.search(text) or _is_precise(text)):
        return False
    return not (cues.FUTURE.search(text) or cues.BINDING.search(text))


def _is_precise(text: str) -> bool:
    """Whether a number has four figures that count, such as 1117 or 38.74."""
    return any(
        len(match[0].replace(".", "")) >= _PRECISE_FIGURES for match in cues.PRECISE.finditer(text)
    )


def ends_past(text: str, *, is_past: bool) -> bool:
    """Whether the words of the past or those of the future come last."""
    last = [-1, -1]
    for side, pattern in enumerate((cues.PAST, cues.FUTURE)):
        for match in pattern.finditer(text):
            last[side] = match.start()
    return is_past if last == [-1, -1] else last[0] > last[1]


def events_of(work: Work, amounts: list[Amount], words: list[Wordless]) -> list[Event]:
    """Return everything that matters in a sentence, from left to right."""
    events: list[Event] = []
    events += [(cue.start, "time", cue) for cue in work.times]
    events += [(scope.start, "scope", scope) for scope in work.scopes]
    events += [(amount.start, "amount", amount) for amount in amounts]
    events += [(word.start, "words", word) for word in words]
    for pattern, kind in (
        (cues.PAST, "past"),
        (cues.LACKING, "past"),
        (cues.PUNISHED, "past"),
        (cues.FUTURE, "future"),
    ):
        events += [(match.start(), kind, None) for match in pattern.finditer(work.blanked)]
    # the 共 itself: its match may begin with the comma before it
    events += [(match.end() - 1, "past", None) for match in cues.TOTAL.finditer(work.blanked)]
    for match in cues.MODAL.finditer(work.blanked):
        events.append((match.start(), "modal", (match.lastgroup, match.start(), match.end())))
    return sorted(events, key=lambda event: (event[0], _ORDER[event[1]]))
