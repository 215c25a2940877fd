"""Files of events, batch after batch, the columns that are asked for and no others."""

from __future__ import annotations

import glob
import io
import os
import re
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from csv import reader as csv_rows
from itertools import groupby
from pathlib import Path
from threading import Event, Lock
from typing import Any, Final, TypeVar

import attrs

from partybuild._frames import match_headings
from partybuild._frames.headings import count_known
from partybuild.engines.footers import dated, said
from partybuild.errors import EventError, PartybuildError, SourceError
from partybuild.sources.parquet import arrow

ENDINGS: Final = (".parquet", ".csv", ".tsv", ".jsonl", ".ndjson")
#: Rows of a batch of Parquet, so few that its arrays stay in the cache; bytes of a block of text.
_ROWS: Final = 1 << 16
_BLOCK: Final = 1 << 24
_DELIMITERS: Final = (",", ";", "\t")
#: Endings of files whose first bytes say what their columns are.
_TYPED: Final = (".parquet", ".csv", ".tsv")
#: Columns of mostly different texts, which a dictionary only slows down.
_LONG: Final = frozenset({"id", "subject", "evidence", "note"})
_INDEX: Final = re.compile(r"__index_level_\d+__")

_T = TypeVar("_T")


@attrs.frozen(kw_only=True, eq=False)
class Headings:
    """What the columns of a file are called in it, by the name that they have here.

    `unit` is the unit that the heading of `quantity` names, or None.
    """

    sources: dict[str, str]
    unit: str | None

    @property
    def names(self) -> tuple[str, ...]:
        """The columns that the file has."""
        return tuple(self.sources)

    def wanted(self, columns: Sequence[str] | None) -> dict[str, str]:
        """Return those of `columns` that are there (None: all), by name."""
        wanted = self.sources if columns is None else columns
        return {name: self.sources[name] for name in wanted if name in self.sources}


def headings_of(texts: Sequence[str], path: Path) -> Headings:
    """Tell which heading means which column.

    Raises `EventError` where a required column is missing.
    """
    found = match_headings(list(texts))
    if found.problems:
        problems = [attrs.evolve(one, file=str(path)) for one in found.problems]
        raise EventError(problems, str(path))
    pairs = zip(found.names, texts, strict=True)
    sources = {name: text for name, text in pairs if name is not None}
    return Headings(sources=sources, unit=found.unit)


@attrs.frozen(kw_only=True, eq=False)
class Batch:
    """Some rows of a file: Arrow arrays by name.

    `names` are those of all columns of the file, `first` is the number of the first
    row among the rows of all files, `unit` the one that the heading of `quantity` names.
    """

    arrays: dict[str, Any]
    names: tuple[str, ...]
    rows: int
    first: int
    unit: str | None = None


def found_files(patterns: Sequence[str]) -> tuple[Path, ...]:
    """Return the files that patterns name, pattern by pattern, each in the order of names.

    Raises `SourceError` where a pattern finds none, or they are not of one kind.
    """
    ending_of(patterns)
    found: dict[str, None] = {}
    for pattern in patterns:
        names = [pattern] if os.path.isfile(pattern) else sorted(glob.glob(pattern, recursive=True))
        files = [name for name in names if os.path.isfile(name)]
        if not files:
            raise SourceError(f"{pattern}: no such file")
        found |= dict.fromkeys(files)
    return tuple(Path(name) for name in found)


def ending_of(patterns: Sequence[str]) -> str:
    """Return the ending that all patterns share.

    Raises `SourceError` where there is none, or it is of no kind that is read.
    """
    endings = {os.path.splitext(pattern)[1].lower() for pattern in patterns}
    if len(endings) != 1 or not endings <= set(ENDINGS):
        allowed = ", ".join(ENDINGS)
        raise SourceError(
            f"{', '.join(patterns)}: expected files of one kind, of {allowed}; "
            "read a workbook with read_events first"
        )
    return endings.pop()


@attrs.frozen(kw_only=True, eq=False)
class _RowGroup:
    """A row group of a file; `first` is the number of its first row among those of all files."""

    path: Path
    number: int
    first: int
    rows: int


@attrs.frozen(kw_only=True, eq=False)
class _OpenedParquet:
    """A file of Parquet, the columns of it that are read, and those that only repeat the date."""

    file: Any
    headings: Headings
    wanted: dict[str, str]
    twins: frozenset[str]

    def batches(self, groups: Sequence[int] | None) -> Iterator[Batch]:
        """Read some row groups (None: all)."""
        read = {name: source for name, source in self.wanted.items() if name not in self.twins}
        is_threaded = (os.cpu_count() or 1) > 2
        for table in self.file.iter_batches(
            _ROWS, row_groups=groups, columns=list(read.values()), use_threads=is_threaded
        ):
            batch = _batch(table, self.headings, read)
            batch.arrays.update(dict.fromkeys(self.twins, batch.arrays.get("date")))
            yield batch


@attrs.define(kw_only=True, eq=False)
class _Progress:
    """Tells the share of rows that have been read, whoever reads them."""

    rows: int
    tell: Callable[[float], None]
    _done: int = attrs.field(default=0, init=False)
    _lock: Any = attrs.field(factory=Lock, init=False)

    def add(self, rows: int) -> None:
        with self._lock:
            self._done += rows
            self.tell(self._done / self.rows)


@attrs.frozen(kw_only=True, eq=False)
class Files:
    """The files of one table, read from the first row to the last as often as is asked.

    `on_progress` is called with the share of the files that has been read, 0 to 1.
    """

    paths: tuple[Path, ...]
    on_progress: Callable[[float], None] | None = None
    pa: Any = attrs.field(factory=lambda: arrow("Judging files in a stream", "engines"))

    @property
    def is_guarded(self) -> bool:
        """Whether texts may stand behind an apostrophe that a spreadsheet needs."""
        return self._ending in (".csv", ".tsv")

    @property
    def _ending(self) -> str:
        return self.paths[0].suffix.lower()

    def expected_rows(self) -> int:
        """Return about how many rows there are: exact for Parquet."""
        if self._ending != ".parquet":
            return sum(path.stat().st_size for path in self.paths) // 16
        number = 0
        for path in self.paths:
            with _told(path), self.pa.parquet.ParquetFile(path) as file:
                number += file.metadata.num_rows
        return number

    def check_headings(self) -> None:
        """Raise `EventError` where a file lacks a required column, before anything is read."""
        for path in self.paths:
            if self._ending in _TYPED:
                with _told(path):
                    self._headings(path)

    def batches(
        self,
        columns: Sequence[str] | None = None,
        *,
        watch: Callable[[Batch], None] | None = None,
    ) -> Iterator[Batch]:
        """Read the files once, with `columns` as far as they are there (None: all).

        The next batch is read, and shown to `watch`, while the caller works on one.
        """
        return ahead(self._numbered(columns, watch))

    def shares(
        self,
        columns: Sequence[str] | None = None,
        *,
        watch: Callable[[Batch], None] | None = None,
    ) -> list[Iterator[Batch]]:
        """Share the files out: what `batches` gives, for each of two that work side by side.

        Row groups of Parquet go to whoever has fewer rows so far, so the shares are
        the same each time; other files, and a single row group, are one share.
        """
        groups = self._row_groups() if self._ending == ".parquet" else []
        if len(groups) < 2:
            return [self.batches(columns, watch=watch)]
        shares: list[list[_RowGroup]] = [[], []]
        for group in groups:
            min(shares, key=lambda share: sum(one.rows for one in share)).append(group)
        progress = _Progress(rows=sum(group.rows for group in groups), tell=self._tell)
        return [self._share(share, columns, watch, progress) for share in shares]

    def _row_groups(self) -> list[_RowGroup]:
        found, first = [], 0
        for path in self.paths:
            with _told(path):
                metadata = self.pa.parquet.read_metadata(path)
                for number in range(metadata.num_row_groups):
                    rows = metadata.row_group(number).num_rows
                    one = _RowGroup(path=path, number=number, first=first, rows=rows)
                    found.append(one)
                    first += rows
        return found

    def _share(
        self,
        groups: Sequence[_RowGroup],
        columns: Sequence[str] | None,
        watch: Callable[[Batch], None] | None,
        progress: _Progress,
    ) -> Iterator[Batch]:
        for path, own in groupby(groups, key=lambda group: group.path):
            with _told(path):
                opened = self._opened_parquet(path, columns)
                with opened.file:
                    for group in own:
                        first = group.first
                        for raw in opened.batches([group.number]):
                            batch = attrs.evolve(raw, first=first)
                            first += batch.rows
                            if watch is not None:
                                watch(batch)
                            yield batch
                            progress.add(batch.rows)

    def _numbered(
        self, columns: Sequence[str] | None, watch: Callable[[Batch], None] | None
    ) -> Iterator[Batch]:
        first = 0
        for raw in self._raw(columns):
            batch = attrs.evolve(raw, first=first)
            first += batch.rows
            if watch is not None:
                watch(batch)
            yield batch

    def _raw(self, columns: Sequence[str] | None) -> Iterator[Batch]:
        sizes = [path.stat().st_size for path in self.paths]
        whole, done = max(1, sum(sizes)), 0
        readers = {".parquet": self._parquet, ".csv": self._csv, ".tsv": self._csv}
        read = readers.get(self._ending, self._json)
        for path, size in zip(self.paths, sizes, strict=True):
            with _told(path):
                for share, batch in read(path, columns):
                    yield batch
                    self._tell((done + share * size) / whole)
            done += size
        self._tell(1.0)

    def _tell(self, share: float) -> None:
        if self.on_progress is not None:
            self.on_progress(min(1.0, share))

    def _headings(self, path: Path) -> Headings:
        if self._ending == ".parquet":
            names = self.pa.parquet.read_schema(path).names
        else:
            names = self._opened_csv(path).schema.names
        return headings_of([name for name in names if not _INDEX.fullmatch(name)], path)

    def _opened_parquet(self, path: Path, columns: Sequence[str] | None) -> _OpenedParquet:
        types, headings = self.pa.types, self._headings(path)
        schema = self.pa.parquet.read_schema(path)
        texts = [
            source
            for name, source in headings.wanted(columns).items()
            if name not in _LONG and _is_text(types, schema.field(source).type)
        ]
        # of other row groups than the one that is read, nothing is held
        options = {"pre_buffer": False, "read_dictionary": texts}
        file = self.pa.parquet.ParquetFile(path, **options)
        wanted = said(file.metadata, headings.wanted(columns))
        twins = dated(path, file, wanted)
        return _OpenedParquet(file=file, headings=headings, wanted=wanted, twins=twins)

    def _parquet(self, path: Path, columns: Sequence[str] | None) -> _Shares:
        opened, done = self._opened_parquet(path, columns), 0
        with opened.file:
            rows = max(1, opened.file.metadata.num_rows)
            for batch in opened.batches(None):
                done += batch.rows
                yield done / rows, batch

    def _opened_csv(self, path: Path, sources: Sequence[str] = ()) -> Any:
        csv = self.pa.csv
        with path.open("rb") as stream:
            head = stream.read(1 << 16)
        encoding = _encoding(head)
        first = head.decode(encoding, "replace").lstrip("\ufeff").partition("\n")[0]
        delimiter = "\t" if self._ending == ".tsv" else _delimiter(first.rstrip("\r"))
        return csv.open_csv(
            path,
            read_options=csv.ReadOptions(block_size=_BLOCK, encoding=encoding),
            parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
            convert_options=csv.ConvertOptions(
                # every cell is text, so that 007 stays 007 and dates are read as always
                column_types=dict.fromkeys(sources, self.pa.large_string()),
                include_columns=list(sources),
                strings_can_be_null=True,
                null_values=[""],
            ),
        )

    def _csv(self, path: Path, columns: Sequence[str] | None) -> _Shares:
        headings = self._headings(path)
        wanted = headings.wanted(columns)
        size, done = max(1, path.stat().st_size), 0
        for table in self._opened_csv(path, list(wanted.values())):
            done += _BLOCK
            yield done / size, _batch(table, headings, wanted)

    def _json(self, path: Path, columns: Sequence[str] | None) -> _Shares:
        size, done = max(1, path.stat().st_size), 0
        with path.open("rb") as stream:
            while block := stream.read(_BLOCK):
                block += stream.readline()
                done += len(block)
                if not block.strip():
                    continue
                options = self.pa.json.ReadOptions(block_size=len(block) + 1)
                table = self.pa.json.read_json(io.BytesIO(block), read_options=options)
                headings = headings_of(table.schema.names, path)
                yield done / size, _batch(table, headings, headings.wanted(columns))


_Shares = Iterator[tuple[float, Batch]]


def _batch(table: Any, headings: Headings, wanted: dict[str, str]) -> Batch:
    arrays = {name: table.column(source) for name, source in wanted.items()}
    for name, array in arrays.items():
        if hasattr(array, "combine_chunks"):
            arrays[name] = array.combine_chunks()
    return Batch(
        arrays=arrays, names=headings.names, rows=table.num_rows, first=0, unit=headings.unit
    )


def _is_text(types: Any, kind: Any) -> bool:
    return bool(types.is_string(kind) or types.is_large_string(kind))


def _encoding(head: bytes) -> str:
    """Tell UTF-8 from GB18030 by the first bytes; the last ones may be half a character."""
    try:
        head[: head.rfind(b"\n") + 1 or None].decode("utf-8")
    except UnicodeDecodeError:
        return "gb18030"
    return "utf-8"


def _delimiter(first: str) -> str:
    """The delimiter that makes most headings known."""

    def score(delimiter: str) -> tuple[int, int]:
        cells = next(csv_rows([first], delimiter=delimiter), [])
        return count_known(cells), len(cells)

    return max(_DELIMITERS, key=score)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in which file the reading failed, and why."""
    try:
        yield
    except PartybuildError:
        raise
    except (OSError, ValueError, KeyError, NotImplementedError) as error:
        # all errors of Arrow are among these
        reason = str(error).splitlines()[0][:200] if str(error) else type(error).__name__
        raise SourceError(f"{path}: cannot be read ({reason})") from error


def work_through(shares: Sequence[Iterator[_T]], tasks: Sequence[Callable[[_T], None]]) -> None:
    """Give each task the items of its own share, all of them side by side.

    >>> found: list[int] = []
    >>> work_through([iter([1, 2]), iter([])], [found.append, found.append])
    >>> found
    [1, 2]
    """
    is_over = Event()

    def work(items: Iterator[_T], task: Callable[[_T], None]) -> None:
        try:
            for item in items:
                if is_over.is_set():
                    return
                task(item)
        except BaseException:
            is_over.set()
            raise

    if len(shares) == 1:
        work(shares[0], tasks[0])
        return
    with ThreadPoolExecutor(len(shares)) as pool:
        pairs = zip(shares, tasks, strict=True)
        futures = [pool.submit(work, items, task) for items, task in pairs]
        try:
            for future in futures:
                future.result()
        finally:
            is_over.set()


def ahead(items: Iterator[_T]) -> Iterator[_T]:
    """Work out the next item on a thread of its own while the caller uses one.

    >>> list(ahead(iter([1, 2])))
    [1, 2]
    """
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, items, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, items, None)
            yield item
