"""What importing, merging and verifying have to say."""

from __future__ import annotations

import attrs

from partybuild.errors import Problem

__all__ = ["ImportReport", "MergeReport", "Verification"]


@attrs.frozen(kw_only=True)
class ImportReport:
    """What became of each row of a file, by row number as a spreadsheet shows it.

    `added`: recorded as new events. `unchanged`: in the ledger already.
    `amended`: recorded as corrections. `conflicting`: different from what the
    ledger took from this file before, and not recorded. `rejected`: not readable
    as an event. `skipped`: no event, such as the totals of a workbook. Every row
    that is not blank stands in exactly one of the six.
    `missing` are the ids of events taken from this file before that it no
    longer has; they stay in the ledger, `void` withdraws them. `problems` say
    what was wrong with rejected rows and what differs in conflicting ones, and
    name sheets that were not read.

    Of a workbook, `sheets` has one such report for each sheet that was looked at,
    with its name in `sheet`, since row 5 of one sheet is not row 5 of another.
    """

    file: str
    sheet: str | None = None
    added: tuple[int, ...] = ()
    unchanged: tuple[int, ...] = ()
    amended: tuple[int, ...] = ()
    conflicting: tuple[int, ...] = ()
    rejected: tuple[int, ...] = ()
    skipped: tuple[int, ...] = ()
    missing: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()
    sheets: tuple[ImportReport, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether every event of the file is in the ledger as the file has it."""
        faults = any(problem.severity == "error" for problem in self.problems)
        return not (self.rejected or self.conflicting or faults)

    def __str__(self) -> str:
        words = ["added", "unchanged", "amended", "conflicting", "rejected", "missing"]
        if self.skipped:
            words.insert(5, "skipped")
        counts = ", ".join(f"{len(getattr(self, word))} {word}" for word in words)
        place = self.file if self.sheet is None else f"{self.file}, sheet {self.sheet}"
        return f"{place}: {counts}"


@attrs.frozen(kw_only=True)
class MergeReport:
    """What became of the entries of the other ledger.

    `added` and `unchanged` are numbers of entries: taken in, and here already.
    `conflicting` are the ids, as they would be called here, that both ledgers use
    for different events; `problems` say so one by one.
    """

    added: int = 0
    unchanged: int = 0
    conflicting: tuple[str, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether everything the other ledger holds is here now."""
        return not self.conflicting

    def __str__(self) -> str:
        counts = f"{self.added} added, {self.unchanged} unchanged"
        return f"{counts}, {len(self.conflicting)} conflicting"


@attrs.frozen(kw_only=True)
class Verification:
    """What `verify` found: nothing, or one `Problem` for each broken place.

    `entries` is the number of entries looked at, `digest` the state that the
    ledger claims. `ok` tells whether the chain holds.
    """

    entries: int
    digest: str
    problems: tuple[Problem, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was changed, removed or moved."""
        return not self.problems

    def __str__(self) -> str:
        if self.ok:
            return f"{self.entries} entries, the chain holds: {self.digest}"
        return "\n".join(str(problem) for problem in self.problems)
