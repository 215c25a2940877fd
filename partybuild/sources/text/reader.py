"""`read_text`: from a report, as text or file, to a draft plan."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain, islice
from os import PathLike, fspath
from pathlib import Path
from typing import Literal

import attrs

from partybuild.errors import Problem, SourceError, UsageError
from partybuild.faults import as_plain, checked
from partybuild.quantities.numerals import NORMAL
from partybuild.sources.drafts import Draft, ProposedCommitment
from partybuild.sources.text import cues
from partybuild.sources.text.deeds import row_milestone
from partybuild.sources.text.outline import (
    Heading,
    Sentence,
    headings_and_sentences,
    plan_year,
    take_until_apart,
    tells_of_past,
)
from partybuild.sources.text.paragraphs import Said, read_paragraph
from partybuild.sources.text.proposal import Finds, Found, VaguePhrase
from partybuild.sources.text.rows import Cell, Column, header_of, is_rule, row_cells
from partybuild.sources.text.sentences import read_sentence
from partybuild.sources.text.times import time_cues

Scope = Literal["next", "all"]
_SUFFIXES = (".txt", ".md", ".markdown", ".docx")
_LONGEST_PATH = 1_000
_CLAUSE_END = re.compile(r"[，。；]")


def read_text(
    source: str | PathLike[str], *, year: int | None = None, scope: Scope = "next"
) -> Draft:
    """Read the promises out of a report and propose a plan.

    `source` is the text itself, or the path of a ``.txt``, ``.md`` (UTF-8 or GB18030)
    or ``.docx`` file (tables included). A string is taken as a path when it is one
    line that ends like one. `year` is the year that is planned, for dates without a
    year; by default it is taken from the report: a report on 2020 plans 2021. Where the
    text itself says that it reports on the `year` given, the next one is planned, and
    `Draft.problems` says so.

    With `scope` ``"next"`` only the part on the next steps is read, where headings
    (or words such as 下一步) tell it apart; a text without them is read as a whole,
    past what it tells of the past. ``"all"`` reads every sentence of every part
    that way.

    Nothing is guessed silently: see `Draft.frame`, `Draft.vague` and
    `Draft.problems`. Works offline, in time linear in the length of the text.

    Raises
    ------
    SourceError
        For a file that is missing, unreadable, of another kind, or hostile.
    UsageError
        When an argument is not understood.

    >>> text = "下一步，每季度召开工作推进会不少于1次，年底前培训党员200人以上。"
    >>> draft = read_text(text, year=2021)
    >>> [(t.name, t.goal, t.value, t.unit, t.per) for t in draft.targets]
    [('召开工作推进会', 'at_least', 1, '次', 'quarter'), ('培训党员', 'at_least', 200, '人', None)]
    """
    if scope not in ("next", "all"):
        raise UsageError(f"scope is {scope!r}, expected 'next' or 'all'")
    if year is not None:
        expected = "a year such as 2021, or None"
        whole: int = checked(as_plain(year), int, name="year", expected=expected)
        if isinstance(whole, bool) or not dt.MINYEAR <= whole < dt.MAXYEAR:
            raise UsageError(f"year: got {year!r}; expected {expected}")
        year = whole
    text, file = _text_of(source)
    planned, remarks = _planned(text, year, file)
    reader = _Reader(text, year=planned, scope=scope)
    commitments = tuple(reader.commitments())
    return Draft(
        text=text,
        year=planned,
        file=file,
        commitments=commitments,
        vague=tuple(reader.vague),
        remarks=(*remarks, *_withheld(text, reader.results, file)),
    )


def _withheld(text: str, results: list[Said], file: str | None) -> Iterator[Problem]:
    """Yield a note for every sentence that reads as a result and so proposes nothing."""
    line, place = 1, 0
    for one in results:
        start, end = one.sentence.start, one.sentence.end
        line, place = line + text.count("\n", place, start), start
        because = "; ".join(one.because) or "what stands around it does"
        yield Problem(
            code="result",
            message=f"reads as a result ({because}): nothing is proposed",
            severity="note",
            read=text[start:end],
            hint="put it below a heading of next steps (下一步打算) if it is a promise",
            file=file,
            line=line,
        )


def _planned(
    text: str, year: int | None, file: str | None
) -> tuple[int | None, tuple[Problem, ...]]:
    """Return the planned year, with a remark where the text knows better than the caller."""
    said = plan_year(text)
    if year is None or said != year + 1:
        return (said if year is None else year), ()
    remark = Problem(
        code="next-year",
        message=f"the report is on {year}: its next steps are read as those of {said}",
        severity="note",
        read=str(year),
        expected=f"year={said}, the year that is planned",
        file=file,
    )
    return said, (remark,)


def _text_of(source: str | PathLike[str]) -> tuple[str, str | None]:
    if isinstance(source, str) and not _is_path(source):
        return source, None
    if not isinstance(source, str | PathLike):
        raise UsageError(f"source is {type(source).__name__}, expected text or a path")
    path = Path(fspath(source))
    suffix = path.suffix.lower()
    if suffix == ".docx":
        from partybuild.sources.text.docx import read_docx

        return read_docx(path), str(path)
    if suffix not in _SUFFIXES:
        kinds = ", ".join(_SUFFIXES)
        raise SourceError(f"{path}: cannot read reports of this kind; expected {kinds}")
    from partybuild.sources.files import read_text_bytes

    found = read_text_bytes(path)
    try:
        return found.data.decode(found.encoding), str(path)
    except UnicodeDecodeError as error:
        raise SourceError(
            f"{path}: not all of it is {found.encoding_name}: byte at offset {error.start:,}"
        ) from error


def _is_path(source: str) -> bool:
    if len(source) > _LONGEST_PATH or "\n" in source:
        return False
    return source.lower().endswith(_SUFFIXES) and not re.search(r"[，。；]", source)


@attrs.define
class _Numbering:
    """Ids such as 3.1.2: the ordinals of the headings above, then a running number."""

    counts: dict[str, int] = attrs.field(factory=dict)
    headings: tuple[Heading, ...] = ()
    base: str = ""

    def next(self, headings: tuple[Heading, ...]) -> str:
        if headings != self.headings:
            ordinals = [_ordinal(one.title) for one in headings if one.level]
            self.base = ".".join(str(number) for number in ordinals if number is not None)
            self.headings = headings
        base = self.base
        self.counts[base] = self.counts.get(base, 0) + 1
        return f"{base}.{self.counts[base]}" if base else str(self.counts[base])


_ORDINAL = re.compile(r"\A(?:第|[（(])?([一二三四五六七八九十]{1,3}|\d{1,2})")
_CN = {char: value for value, char in enumerate("零一二三四五六七八九十")}


@lru_cache(maxsize=256)
def _ordinal(title: str) -> int | None:
    match = _ORDINAL.match(title)
    if match is None:
        return None
    text = match[1]
    if text.isdigit():
        return int(text)
    tens, ten, ones = text.rpartition("十")
    if not ten:
        return _CN.get(text)
    return _CN.get(tens, 1) * 10 + (_CN.get(ones, 0) if ones else 0)


class _Reader:
    """Goes through the sentences of a report and gathers commitments and vague phrases."""

    def __init__(self, text: str, *, year: int | None, scope: Scope) -> None:
        self.text = text
        self.year = year
        self.scope = scope
        self.vague: list[VaguePhrase] = []
        self.numbering = _Numbering()
        self.header: tuple[Column, ...] | None = None
        self.last_row_end = -1
        self.results: list[Said] = []

    def commitments(self) -> Iterator[ProposedCommitment]:
        sentences = headings_and_sentences(self.text)
        if self.scope == "next":
            ahead, only_next = take_until_apart(sentences)
        else:
            ahead, only_next = list(islice(sentences, 1)), False
        bias = 1 if ahead and tells_of_past(ahead[0].headings) else 0
        line: list[Sentence] = []
        line_end = -1
        # the rest of a long text is read as it is cut
        for sentence in chain(ahead, sentences):
            if not self._is_read(sentence, only_next=only_next):
                continue
            if sentence.start > line_end:
                yield from self._paragraph(line, bias)
                line = []
                line_end = self._line_end(sentence.start)
            if sentence.is_row:
                yield from self._row(sentence)
            else:
                line.append(sentence)
        yield from self._paragraph(line, bias)

    def _paragraph(self, line: list[Sentence], bias: int) -> Iterator[ProposedCommitment]:
        if not line:
            return
        for said in read_paragraph(self.text, line, year=self.year, bias=bias):
            if said.withheld:
                self.results.append(said)
            yield self._commitment(said.sentence, said.found)

    def _is_read(self, sentence: Sentence, *, only_next: bool) -> bool:
        if self.scope == "all":
            return True
        if only_next:
            return sentence.part == "next"
        return sentence.part not in ("past", "other")

    def _line_end(self, start: int) -> int:
        end = self.text.find("\n", start)
        return len(self.text) if end < 0 else end

    def _commitment(
        self,
        sentence: Sentence,
        found: tuple[Found, ...],
        owner: str | None = None,
        offset: int | None = None,
    ) -> ProposedCommitment:
        name = self.numbering.next(sentence.headings)
        base = sentence.start if offset is None else offset
        text = self.text[sentence.start : sentence.end]
        if not found:
            self._note_vague(sentence, text)
        return ProposedCommitment(
            id=name,
            section=sentence.section,
            text=text,
            owner=owner,
            start=sentence.start,
            end=sentence.end,
            targets=Finds(self.text, base, name, found) if found else (),
        )

    def _note_vague(self, sentence: Sentence, text: str) -> None:
        for match in cues.VAGUE.finditer(text):
            start, end = match.span()
            begin = max(text.rfind(mark, 0, start) for mark in "，。；") + 1
            stop = _CLAUSE_END.search(text, end)
            self.vague.append(
                VaguePhrase(
                    text=match[0],
                    start=sentence.start + start,
                    end=sentence.start + end,
                    quote=text[begin : stop.start() if stop else None],
                )
            )

    # -- tables --------------------------------------------------------------------------------

    def _row(self, sentence: Sentence) -> Iterator[ProposedCommitment]:
        start, end = sentence.start, sentence.end
        if self.text[self.last_row_end : start].strip() or self.last_row_end < 0:
            self.header = None
        self.last_row_end = end
        if is_rule(self.text, start, end):
            return
        header = header_of(self.text, start, end)
        if header is not None:
            self.header = header
            return
        cells = row_cells(self.text, start, end, self.header)
        deadline = self._row_deadline(cells)
        owner = next((self.text[c.start : c.end] for c in cells if c.column == "owner"), None)
        found: list[Found] = []
        for cell in cells:
            if cell.column == "task":
                found += self._cell(cell, start, deadline)
        if not found and deadline is not None:
            found += self._row_milestone(cells, start, deadline)
        yield self._commitment(sentence, tuple(found), owner=owner, offset=start)

    def _row_deadline(self, cells: tuple[Cell, ...]) -> dt.date | str | None:
        for cell in cells:
            if cell.column == "deadline":
                words = self.text[cell.start : cell.end].translate(NORMAL)
                for cue in time_cues(words, year=self.year):
                    if cue.deadline is not None:
                        return cue.deadline
        return None

    def _row_milestone(
        self, cells: tuple[Cell, ...], base: int, deadline: dt.date | str
    ) -> Iterator[Found]:
        """A task without a number, done by the date in its own column."""
        for cell in cells:
            written = self.text[cell.start : cell.end]
            one = row_milestone(written, deadline) if cell.column == "task" else None
            if one is not None:
                yield _shifted(one, cell.start - base)
                return

    def _cell(self, cell: Cell, base: int, deadline: dt.date | str | None) -> Iterator[Found]:
        written = self.text[cell.start : cell.end]
        for match in re.finditer(r"[^。\n]+", written):
            reading = read_sentence(match[0], year=self.year, is_plan=True)
            move = cell.start + match.start() - base
            for one in reading.found:
                moved = _shifted(one, move)
                if moved.deadline is None and deadline is not None:
                    moved = attrs.evolve(moved, deadline=deadline)
                yield moved


def _shifted(found: Found, move: int) -> Found:
    return attrs.evolve(
        found,
        start=found.start + move,
        end=found.end + move,
        clause=(found.clause[0] + move, found.clause[1] + move),
        spans=tuple(one if isinstance(one, str) else one + move for one in found.spans),
    )
