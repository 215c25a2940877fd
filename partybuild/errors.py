"""Every exception of the house, and `Problem`, the record of one fault.

Three lanes: people's input becomes `Problem` records, all at once; misuse of
the API raises; gaps in the facts are a status, not an error. Imports nothing
of ours.
"""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

import attrs

Severity = Literal["error", "warning", "note"]

#: Blanks, and characters that nobody sees.
_BLANK: Final = re.compile("[\\s\u200b-\u200d\u2060\ufeff]")


@attrs.frozen(kw_only=True)
class Problem:
    """One fault or remark, with what was read, what was expected, and where.

    `severity` is ``"error"`` (the row or key was not taken), ``"warning"``
    (taken, but look at it) or ``"note"``. `row` and `line` count from 1, a
    header row included, as a spreadsheet or an editor shows them. `path` is the
    key path inside a plan, such as ``commitment[2].target[0].at_least``. None
    means that the place is not known or does not apply.

    >>> print(Problem(code="bad-date", message="not a calendar date", file="a.csv",
    ...               row=7, column="date", read="2021-02-31", expected="YYYY-MM-DD"))
    a.csv, row 7, column date: not a calendar date; read '2021-02-31'; expected YYYY-MM-DD
    """

    code: str
    message: str
    severity: Severity = "error"
    read: str | None = None
    expected: str | None = None
    hint: str | None = None
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    line: int | None = None
    column: str | None = None
    path: str | None = None

    @property
    def place(self) -> str:
        """Where it stands, as one phrase; empty when nothing is known."""
        parts = [
            self.file,
            f"sheet {self.sheet}" if self.sheet else None,
            f"line {self.line}" if self.line is not None else None,
            f"row {self.row}" if self.row is not None else None,
            f"column {self.column}" if self.column else None,
            self.path,
        ]
        return ", ".join(part for part in parts if part)

    def __str__(self) -> str:
        text = f"{self.place}: {self.message}" if self.place else self.message
        if self.read is not None:
            text += f"; read {self.read!r}"
        if self.expected is not None:
            text += f"; expected {self.expected}"
        if self.hint is not None:
            text += f"; {self.hint}"
        return text


def nearest(word: object, known: Iterable[str]) -> str | None:
    """Return a ``did you mean 'x'?`` hint for `word` out of `known`, or None.

    What is no text is near to nothing.

    >>> nearest("at_leats", ["at_least", "at_most"])
    "did you mean 'at_least'?"
    >>> nearest("A 村", ["东山村", "Ａ村"])
    "did you mean 'Ａ村'? Only blanks, width or case differ"
    """
    if not isinstance(word, str):
        return None
    names = list(known)
    key = _spelling(word)
    for name in names:
        if name != word and _spelling(name) == key:
            return f"did you mean {name!r}? Only blanks, width or case differ"
    close = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else None


def _spelling(name: str) -> str:
    """Write a name so that variants which look alike meet."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", name)).casefold()


class PartybuildError(Exception):
    """Anything that partybuild raises on purpose."""


class ProblemsError(PartybuildError, ValueError):
    """Input with faults: `problems` lists them all, in the order of the input."""

    def __init__(self, problems: Iterable[Problem], source: str | None = None) -> None:
        self.problems: tuple[Problem, ...] = tuple(problems)
        self.source = source
        super().__init__(self.problems, source)

    def __str__(self) -> str:
        if len(self.problems) == 1:
            return str(self.problems[0])
        head = f"{len(self.problems)} problems" + (f" in {self.source}" if self.source else "")
        return "\n".join([head + ":", *(f"  - {problem}" for problem in self.problems)])


class PlanError(ProblemsError):
    """A plan, or a part of one, that contradicts itself or cannot be read."""


class EventError(ProblemsError):
    """Events that cannot be read."""


class DraftError(ProblemsError):
    """A draft that cannot be read, or cannot become a plan yet."""


class SourceError(PartybuildError, OSError):
    """A file that is missing, unreadable, of an unknown kind, or over a stated limit."""

    def __init__(self, message: str) -> None:
        super().__init__(message)


class UsageError(PartybuildError, ValueError):
    """An argument that the call does not take; the text names it and what is allowed."""


class UnknownNameError(PartybuildError, KeyError):
    """A target, commitment, roster or organisation that the plan does not have."""

    def __init__(self, message: str) -> None:
        super().__init__(message)

    def __str__(self) -> str:
        return str(self.args[0])


class LedgerError(PartybuildError, RuntimeError):
    """A ledger that cannot be opened, written or trusted; the data on disk is as it was."""


class EngineError(PartybuildError, NotImplementedError):
    """A step that the given dataframe engine cannot do."""


class MissingExtraError(PartybuildError, ImportError):
    """An optional dependency is not installed; the text prints the pip line."""

    def __init__(self, what: str, extra: str) -> None:
        self.what = what
        self.extra = extra
        super().__init__(what, extra)

    def __str__(self) -> str:
        return f"{self.what} needs an extra: pip install 'partybuild[{self.extra}]'"
