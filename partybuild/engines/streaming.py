"""Events in files larger than memory, read from the first row to the last, batch by batch."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from threading import Lock
from typing import Any, Final

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import normalise_events
from partybuild.cells import read_texts
from partybuild.engines.accumulating import Accumulator
from partybuild.engines.condensed import Condensed, ForeignEvents
from partybuild.engines.identity import NumberedIds, RisingIds, id_numbers, may_be_odd
from partybuild.engines.reading import Batch, Files, work_through
from partybuild.engines.rows import RowReader, columns_of
from partybuild.engines.slots import Slots
from partybuild.errors import EventError, Problem
from partybuild.events import COLUMNS, holding_rows
from partybuild.grid import Bools, Ints
from partybuild.reduce.condense import Scheme
from partybuild.sources.csv_files import unguarded

#: More records than this of ids that stand more than once are not held in memory.
MOST_CORRECTED: Final = 4_000_000


@attrs.frozen(kw_only=True, eq=False)
class StreamedEvents:
    """Events in files. They are read once, and again only where an id may stand twice.

    `limit` is how many bytes the proof may hold that ids differ, `folder` where it
    writes beyond that. `elsewhere` opens the same files in an engine that sorts on
    disk, for files in which too many events were corrected; it raises `EngineError`
    where there is none. `has_unique_ids`: no proof is asked for, and no id read.
    """

    files: Files
    timezone: str
    known_at: dt.date | None
    limit: int
    folder: str | None
    elsewhere: Callable[[], ForeignEvents]
    has_unique_ids: bool = False

    def rows_of(self, kinds: Iterable[str]) -> pd.DataFrame:
        """Fetch every record of some kinds, as they came: the only whole rows ever fetched."""
        wanted, frames = set(kinds), []
        for batch in self.files.batches():
            texts = _clean(batch.arrays["kind"], self.files)
            mask = texts.isin(list(wanted)).to_numpy()
            if mask.any():
                frames.append(_as_frame(batch, mask, self.files))
        if not frames:
            return normalise_events(pd.DataFrame({name: [] for name in ("id", "kind", "date")}))
        return normalise_events(pd.concat(frames, ignore_index=True), timezone=self.timezone)

    def condensed(self, scheme: Scheme, *, plan: tuple[dt.date, dt.date]) -> Condensed:
        """Draw the events together as `scheme` allows; `plan` is the plan's first and last day.

        Raises `EventError` where rows are blank or cannot be read.
        """
        if self.has_unique_ids:
            return self._trusted(scheme, plan)
        rising = RisingIds(pa=self.files.pa)
        numbers = NumberedIds(
            expected=self.files.expected_rows(), limit=self.limit, folder=self.folder
        )
        try:
            return self._condensed(scheme, plan, (rising, numbers))
        finally:
            numbers.close()

    def _condensed(
        self,
        scheme: Scheme,
        plan: tuple[dt.date, dt.date],
        proofs: tuple[RisingIds, NumberedIds],
    ) -> Condensed:
        rising, numbers = proofs
        ids = _Ids(files=self.files, rising=rising, numbers=numbers)
        columns = columns_of(scheme, has_known_at=self.known_at is not None)
        found = self._added(scheme, plan, self.files.shares(columns, watch=ids.see))
        faults = found.reader.all_faults()
        if ids.blank:
            faults["id is blank"] += ids.blank
        _refuse(faults)
        if ids.are_proved_different():
            return _result(found)
        if ids.skipped:
            numbers.start_over()
            shares = self.files.shares(["id"])
            work_through(shares, [ids.number] * len(shares))
        repeated = numbers.repeated()
        if not len(repeated):
            return _result(found)
        del found
        return self._corrected(scheme, plan, repeated)

    def _trusted(self, scheme: Scheme, plan: tuple[dt.date, dt.date]) -> Condensed:
        columns = columns_of(scheme, has_known_at=self.known_at is not None)
        shares = self.files.shares([name for name in columns if name != "id"])
        found = self._added(scheme, plan, shares)
        _refuse(found.reader.all_faults())
        wanted = [row for rows in found.outside_rows().values() for row in rows]
        if wanted:
            found.name_rows(self._ids_of(wanted))
        return _result(found)

    def _ids_of(self, rows: list[int]) -> dict[int, str]:
        """Read ids until those of some rows are found."""
        names: dict[int, str] = {}
        for batch in self.files.batches(["id"]):
            past = batch.first + batch.rows
            own = [row for row in rows if batch.first <= row < past]
            at = self.files.pa.array([row - batch.first for row in own], "int64")
            found = text_ids(batch.arrays["id"].take(at), self.files).to_pylist()
            names.update(zip(own, found, strict=True))
            if past > max(rows):
                break
        return names

    def _added(
        self, scheme: Scheme, plan: tuple[dt.date, dt.date], shares: Sequence[Iterator[Batch]]
    ) -> Accumulator:
        """Add shares up side by side, then together."""
        found, *others = [self._accumulator(scheme, plan) for _ in shares]
        whole = [found, *others]
        work_through(shares, [one.add for one in whole])
        work_through([iter([one]) for one in whole], [Accumulator.settle] * len(whole))
        for other in others:
            found.absorb(other)
        return found

    def _accumulator(self, scheme: Scheme, plan: tuple[dt.date, dt.date]) -> Accumulator:
        reader = RowReader(
            pa=self.files.pa,
            scheme=scheme,
            timezone=self.timezone,
            known_at=self.known_at,
            slots=Slots(scheme=scheme),
            is_guarded=self.files.is_guarded,
        )
        return Accumulator(reader=reader, plan=plan)

    def _corrected(self, scheme: Scheme, plan: tuple[dt.date, dt.date], repeated: Any) -> Condensed:
        """Read again: events with one record as they come, the others settled by their history."""
        found = self._accumulator(scheme, plan)
        columns = [*columns_of(scheme, has_known_at=True), "recorded_at"]
        histories = _Histories(files=self.files, repeated=repeated)
        for batch in self.files.batches(list(dict.fromkeys(columns)), watch=histories.see):
            found.add(batch, leave=histories.taken(batch))
            if histories.rows > MOST_CORRECTED:
                return self.elsewhere().condensed(scheme, plan=plan)
        frame, rows = histories.settled(timezone=self.timezone, known_at=self.known_at)
        if len(frame):
            found.add(_as_batch(frame, self.files), rows=rows)
        return _result(found)


def _result(found: Accumulator) -> Condensed:
    known = [name for name in found.names if name not in COLUMNS]
    return Condensed(frame=found.frame(), names=(*COLUMNS, *known), outside=found.outside())


def _refuse(faults: Mapping[str, int]) -> None:
    if faults:
        messages = [f"in {number} rows {fault}" for fault, number in faults.items()]
        raise EventError([Problem(code="bad-rows", message=message) for message in messages])


@attrs.define(kw_only=True, eq=False)
class _Ids:
    """Looks at ids as they are read: rising ones are proved different, others numbered.

    `skipped`: some rows were taken for rising and not numbered. `blank`: how many
    ids are missing. Batches may be shown side by side.
    """

    files: Files
    rising: RisingIds
    numbers: NumberedIds
    skipped: bool = False
    blank: int = 0
    _is_numbering: bool = False
    _lock: Any = attrs.field(factory=Lock, init=False)

    def see(self, batch: Batch) -> None:
        ids = text_ids(batch.arrays["id"], self.files)
        if ids.null_count:
            with self._lock:
                self.blank += ids.null_count
            ids = ids.drop_null()
        if not self._is_numbering:
            is_rising = self.rising.are_rising(ids)
            with self._lock:
                if is_rising and self.rising.add(ids, batch.first, batch.rows):
                    self.skipped = True
                    return
                self._is_numbering = True
        if not self.skipped:
            self._number(ids)

    def number(self, batch: Batch) -> None:
        """Number every id, in a reading of its own."""
        self._number(text_ids(batch.arrays["id"], self.files).drop_null())

    def _number(self, ids: Any) -> None:
        numbers = id_numbers(ids)
        with self._lock:
            self.numbers.add(numbers)

    def are_proved_different(self) -> bool:
        return not self._is_numbering and self.rising.are_different()


@attrs.define(kw_only=True, eq=False)
class _Histories:
    """Gathers the records of ids whose numbers stand more than once."""

    files: Files
    repeated: Any
    rows: int = 0
    _masks: dict[int, Bools] = attrs.field(factory=dict, init=False)
    _frames: list[pd.DataFrame] = attrs.field(factory=list, init=False)
    _numbers: list[Ints] = attrs.field(factory=list, init=False)

    def see(self, batch: Batch) -> None:
        numbers = id_numbers(text_ids(batch.arrays["id"], self.files))
        at = np.minimum(np.searchsorted(self.repeated, numbers), len(self.repeated) - 1)
        mask: Bools = self.repeated[at] == numbers
        self._masks[batch.first] = mask
        if mask.any():
            self._frames.append(_as_frame(batch, mask, self.files))
            self._numbers.append(np.flatnonzero(mask) + batch.first)
            self.rows += int(mask.sum())

    def taken(self, batch: Batch) -> Bools | None:
        """Return which rows of the batch were gathered; None: none."""
        mask = self._masks.pop(batch.first)
        return mask if mask.any() else None

    def settled(self, *, timezone: str, known_at: dt.date | None) -> tuple[pd.DataFrame, Ints]:
        """Return the records that hold, and their numbers among all rows."""
        frame = normalise_events(pd.concat(self._frames, ignore_index=True), timezone=timezone)
        holds = holding_rows(frame, known_at=known_at)
        return frame[holds].reset_index(drop=True), np.concatenate(self._numbers)[holds]


def text_ids(array: Any, files: Files) -> Any:
    """Return ids as clean text; as they are, unless cleaning could change one."""
    pa = files.pa
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_string(array.type):
        array = array.cast(pa.large_string())
    if pa.types.is_large_string(array.type) and not may_be_odd(
        array.drop_null() if array.null_count else array
    ):
        return array
    return pa.array(_clean(array, files), pa.large_string(), from_pandas=True)


def _clean(array: Any, files: Files) -> pd.Series[str]:
    column = pd.Series(array.to_pandas())
    if files.is_guarded:
        column = pd.Series(
            [unguarded(text) if isinstance(text, str) else text for text in column], dtype="str"
        )
    return read_texts(column)[0]


def _as_frame(batch: Batch, mask: Bools, files: Files) -> pd.DataFrame:
    """Return the marked rows as a pandas frame, the unit of the heading beside them."""
    pa = files.pa
    rows = pa.array(np.flatnonzero(mask))
    columns = {}
    for name, array in batch.arrays.items():
        taken = array.take(rows)
        if pa.types.is_dictionary(taken.type):
            taken = taken.dictionary_decode()
        column = pd.Series(taken.to_pandas(date_as_object=False))
        if files.is_guarded:
            column = pd.Series(
                [unguarded(cell) if isinstance(cell, str) else cell for cell in column],
                dtype=column.dtype,
            )
        columns[name] = column
    frame = pd.DataFrame(columns, copy=False)
    if batch.unit is not None and "quantity" in frame:
        unit = frame["unit"] if "unit" in frame else pd.Series(None, frame.index, dtype="object")
        frame["unit"] = unit.where(unit.notna() | frame["quantity"].isna(), batch.unit)
    return frame


def _as_batch(frame: pd.DataFrame, files: Files) -> Batch:
    """Return a canonical frame as a batch."""
    table = files.pa.Table.from_pandas(frame, preserve_index=False).combine_chunks()
    arrays = {name: table.column(name).combine_chunks() for name in table.schema.names}
    return Batch(arrays=arrays, names=tuple(arrays), rows=len(frame), first=0)
