"""`Assessor`: verdicts that are kept up to date, event by event."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import normalise_events
from partybuild.assessment.assessment import Assessment, judged_places
from partybuild.assessment.findings import find_problems, held_rows
from partybuild.assessment.judge import Judged, judge
from partybuild.cells.dates import FIRST_YEAR
from partybuild.errors import Problem, UsageError
from partybuild.events import COLUMNS, empty_events
from partybuild.grid import TargetGrid, day_number, plan_grid, target_grid
from partybuild.periods import as_day
from partybuild.plan import Plan
from partybuild.reduce.facts import Facts, encode
from partybuild.reduce.reduction import (
    CELL_COLUMNS,
    Outcome,
    Reduction,
    reduce_events,
    reduce_target,
)

_DAY_US = 86_400_000_000
#: Quantities below are finite floats, however they are written.
_VAST = 2.0**1000
_TEXTS = ("unit", "subject", "organisation", "evidence", "note")


@attrs.frozen(kw_only=True, eq=False)
class _Record:
    """One row of an event's history."""

    values: Mapping[str, Any]
    day: int
    recorded: int
    row: int
    place: int

    @property
    def id(self) -> str:
        return str(self.values["id"])

    @property
    def kind(self) -> str:
        return str(self.values["kind"])

    @property
    def is_void(self) -> bool:
        return bool(self.values["void"])


class Assessor:
    """Keeps what the events of a plan add up to, so that one more event costs one event.

    Takes what `assess` takes, and the events so far. `record` takes further rows:
    new events, corrections (the same `id`, recorded later), withdrawals (`void`).
    Only the targets of its kind are reduced again, for its organisation alone;
    `assessment` then judges as of `as_of`, exactly as `assess` would with all rows.
    The rows stay in memory.

    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{
    ...     "id": "1", "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> assessor = Assessor(plan, as_of="2021-06-30")
    >>> assessor.record({"id": "a", "kind": "督查", "date": dt.date(2021, 3, 5)})
    >>> assessor.assessment().targets["actual"].tolist()
    [1.0]
    """

    def __init__(
        self,
        plan: Plan,
        events: Any = None,
        *,
        as_of: dt.date | str,
        known_at: dt.date | str | None = None,
        by: str | None = None,
        organisations: Sequence[str] | None = None,
    ) -> None:
        places = judged_places(plan, by, organisations)
        self.plan = plan
        self.as_of = as_day(as_of, "as_of", plan.timezone)
        self.known_at = None if known_at is None else as_day(known_at, "known_at", plan.timezone)
        self._until = day_number(self.as_of)
        self._grid = plan_grid(plan, places)
        self._names = None if by is None else self._grid.organisation_names
        self._records: list[_Record] = []
        self._histories: dict[str, list[_Record]] = {}
        self._live: dict[tuple[str, int], dict[str, _Record]] = {}
        self._dtypes: dict[str, Any] = {}
        self._extra: dict[str, None] = {}
        frame = empty_events()
        if events is not None:
            frame = normalise_events(events, timezone=plan.timezone)
        self._take(_rows(frame))
        self._note_columns(frame)
        facts = encode(frame, kinds=plan.kinds, organisations=self._names, known_at=self.known_at)
        self._reduction = _owned(reduce_events(self._grid, facts, self._until))

    def __repr__(self) -> str:
        return f"<Assessor of plan {self.plan.id!r} as of {self.as_of}, {len(self)} rows>"

    def __len__(self) -> int:
        return len(self._records)

    def record(self, events: Mapping[str, Any] | Iterable[Mapping[str, Any]] | Any) -> None:
        """Take one row or several: a mapping of event columns, a list of them, or a frame.

        Nothing is taken when a row is at fault. Raises `EventError`, which names
        every fault.
        """
        rows = [events] if isinstance(events, Mapping) else events
        if not isinstance(rows, pd.DataFrame):
            rows = _listed(rows)
        if isinstance(rows, pd.DataFrame) or not all(map(_is_plain, rows)):
            frame = rows if isinstance(rows, pd.DataFrame) else _frame_of(rows)
            frame = normalise_events(frame, timezone=self.plan.timezone)
            self._note_columns(frame)
            taken = _rows(frame)
        else:
            taken = [_completed(row) for row in rows]
            self._extra.update((name, None) for row in taken for name in row if name not in COLUMNS)
        for kind, place in sorted(self._take(taken)):
            self._renew(kind, place)

    def assessment(self) -> Assessment:
        """Judge by everything recorded so far; later records do not change what it returns."""
        reduction = attrs.evolve(
            self._reduction,
            **{name: getattr(self._reduction, name).copy() for name in CELL_COLUMNS},
        )
        return Assessment(
            plan=self.plan,
            events=None,
            as_of=self.as_of,
            known_at=self.known_at,
            organisations=tuple(one for one in self._grid.organisations if one is not None),
            grid=self._grid,
            judged=judge(self._grid, reduction, as_of=self._until),
            reduction=reduction,
            kept=_Snapshot(assessor=self, number=len(self._records)),
        )

    def frame(self, number: int | None = None) -> pd.DataFrame:
        """The canonical frame of the rows recorded so far (the first `number` of them)."""
        rows = [record.values for record in self._records[:number]]
        names = [*COLUMNS, *self._extra]
        frame = pd.DataFrame({name: [row.get(name) for row in rows] for name in names})
        kinds = {name: kind for name, kind in self._dtypes.items() if name not in COLUMNS}
        for name, kind in kinds.items():
            if str(kind) != "object" and not frame[name].isna().any():
                frame[name] = frame[name].astype(kind)
        return normalise_events(frame, timezone=self.plan.timezone)

    def _note_columns(self, frame: pd.DataFrame) -> None:
        for name in frame.columns[len(COLUMNS) :]:
            self._extra.setdefault(str(name))
            self._dtypes.setdefault(str(name), frame[name].dtype)

    def _take(self, rows: Iterable[Mapping[str, Any]]) -> set[tuple[str, int]]:
        """File rows away; returns the kinds and organisations whose events changed."""
        changed: set[tuple[str, int]] = set()
        last_known = None if self.known_at is None else (day_number(self.known_at) + 1) * _DAY_US
        for row in rows:
            record = self._filed(row)
            self._records.append(record)
            if last_known is not None and record.recorded >= last_known:
                continue
            history = self._histories.setdefault(record.id, [])
            before = max(history, key=_order, default=None)
            history.append(record)
            if before is not None and _order(before) > _order(record):
                continue
            for one in (before, record):
                if one is not None:
                    changed.add((one.kind, one.place))
            if before is not None:
                self._live.get((before.kind, before.place), {}).pop(before.id, None)
            if not record.is_void:
                self._live.setdefault((record.kind, record.place), {})[record.id] = record
        return changed

    def _filed(self, row: Mapping[str, Any]) -> _Record:
        place = 0 if self._names is None else self._names.get(row["organisation"], -1)
        return _Record(
            values=row,
            day=day_number(row["date"]),
            recorded=_microseconds(row["recorded_at"]),
            row=len(self._records),
            place=place,
        )

    @cached_property
    def _targets_of(self) -> dict[str, list[int]]:
        """The targets that look at each kind."""
        found: dict[str, list[int]] = {}
        for index, one in enumerate(self._grid.targets):
            for kind in one.target.kinds:
                found.setdefault(kind, []).append(index)
        return found

    def _renew(self, kind: str, place: int) -> None:
        """Reduce the targets of a kind again, for one organisation."""
        if place < 0:
            return
        for index in self._targets_of.get(kind, ()):
            one = self._small_grid(index, place)
            outcome = reduce_target(
                one,
                _facts([self._live.get((k, place), {}) for k in one.target.kinds], one, self),
                plan=self.plan,
                as_of=self._until,
            )
            self._write(index, place, outcome)

    def _small_grid(self, index: int, place: int) -> TargetGrid:
        key = (index, place)
        if key not in self._small_grids:
            name = self._grid.organisations[place]
            self._small_grids[key] = target_grid(
                self._grid.targets[index].target, self.plan, (name,)
            )
        return self._small_grids[key]

    @cached_property
    def _small_grids(self) -> dict[tuple[int, int], TargetGrid]:
        return {}

    def _cells(self, index: int, place: int) -> slice:
        """The cells of one target and organisation: they stand side by side."""
        one, part = self._grid.targets[index], self._grid.part(index)
        home = one.units.organisation[one.unit]
        first, last = np.searchsorted(home, [place, place + 1])
        return slice(part.start + int(first), part.start + int(last))

    def _write(self, index: int, place: int, outcome: Outcome) -> None:
        kept, cells = self._reduction, self._cells(index, place)
        kept.actual[cells] = outcome.actual
        kept.events[cells] = outcome.events
        kept.last[cells] = outcome.last
        if outcome.is_late is not None:
            kept.is_late[cells] = outcome.is_late
        if outcome.tail is not None:
            units = self._grid.targets[index].units.organisation
            first, last = np.searchsorted(units, [place, place + 1])
            kept.tails[index][first:last] = outcome.tail
        if outcome.so_far is not None:
            kept.so_far[index][place] = outcome.so_far[0]


def _owned(reduction: Reduction) -> Reduction:
    """The same figures in arrays of their own, which may be written."""
    return attrs.evolve(
        reduction,
        **{name: getattr(reduction, name).copy() for name in CELL_COLUMNS},
        tails={index: values.copy() for index, values in reduction.tails.items()},
        so_far={index: values.copy() for index, values in reduction.so_far.items()},
    )


def _order(record: _Record) -> tuple[int, int]:
    return record.recorded, record.row


def _microseconds(moment: dt.date) -> int:
    time = 0
    if isinstance(moment, dt.datetime):
        time = ((moment.hour * 60 + moment.minute) * 60 + moment.second) * 1_000_000
        time += moment.microsecond
    return day_number(moment) * _DAY_US + time


def _rows(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """The rows of a canonical frame as mappings of plain values; missing text is None."""
    columns: dict[str, list[Any]] = {}
    for name in map(str, frame.columns):
        column = frame[name]
        if column.dtype.kind == "M":
            columns[name] = column.dt.to_pydatetime().tolist()
        else:
            columns[name] = column.astype(object).where(column.notna(), None).tolist()
    names = list(columns)
    return [dict(zip(names, row, strict=True)) for row in zip(*columns.values(), strict=True)]


def _listed(events: Any) -> list[Mapping[str, Any]]:
    """Several rows, gone through once."""
    rows = list(events) if isinstance(events, Iterable) else [events]
    for row in rows:
        if not isinstance(row, Mapping):
            expected = "a mapping of event columns, a list of them, or a pandas frame"
            raise UsageError(f"events: got {type(row).__name__}; expected {expected}")
    return rows


def _frame_of(rows: list[Mapping[str, Any]]) -> pd.DataFrame:
    """Several rows as a frame, half a character in a text and any number included."""
    try:
        # not every storage of texts refuses what cannot be encoded
        "".join(cell for row in rows for cell in row.values() if isinstance(cell, str)).encode()
        return pd.DataFrame(rows)
    except (UnicodeEncodeError, OverflowError):
        return pd.DataFrame(rows, dtype=object)


def _is_plain(row: Mapping[str, Any]) -> bool:
    """Whether reading would take every value of a row as it stands."""
    if not all(_is_plain_text(row.get(name)) for name in ("id", "kind")):
        return False
    if set(row) - set(COLUMNS) or type(row.get("void", False)) is not bool:
        return False
    day = row.get("date")
    last: Any = row.get("end") or day
    if type(day) is not dt.date or type(last) is not dt.date or day.year < FIRST_YEAR:
        return False
    moment = row.get("recorded_at")
    if last < day or not (moment is None or _is_plain_moment(moment)):
        return False
    quantity, texts = row.get("quantity"), [row.get(name) for name in _TEXTS]
    if quantity is not None and not (type(quantity) in (int, float) and abs(quantity) < _VAST):
        return False
    return row.get("unit") != "％" and all(text is None or _is_plain_text(text) for text in texts)


def _is_plain_moment(moment: Any) -> bool:
    """Whether a date or a moment without a zone lies in a year that is read; NaT does not."""
    is_moment = isinstance(moment, dt.date) and getattr(moment, "tzinfo", None) is None
    return is_moment and moment.year >= FIRST_YEAR


def _is_plain_text(text: Any) -> bool:
    """Whether nothing would be trimmed off a text or found wrong in it."""
    # what no one sees is not printable, and neither is half a character
    is_seen = isinstance(text, str) and text.isprintable()
    return is_seen and text.strip() == text != "" and not text.startswith("#")


def _completed(row: Mapping[str, Any]) -> dict[str, Any]:
    """A plain row with every column."""
    full: dict[str, Any] = dict.fromkeys(COLUMNS) | dict(row)
    full["end"] = full["end"] or full["date"]
    full["recorded_at"] = full["recorded_at"] or full["date"]
    full["quantity"] = 1.0 if full["quantity"] is None else float(full["quantity"])
    full["void"] = bool(full["void"])
    return full


@attrs.frozen(kw_only=True, eq=False)
class _Column:
    """A column of a few rows, as far as `Facts` reads columns."""

    array: np.ndarray[Any, Any]

    def to_numpy(self) -> np.ndarray[Any, Any]:
        return self.array


@attrs.frozen(kw_only=True, eq=False)
class _Lines:
    """A few rows, as far as `Facts` reads frames."""

    records: list[_Record]
    columns: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.records)

    def __getitem__(self, name: str) -> _Column:
        values = [record.values.get(name) for record in self.records]
        if name in ("end", "recorded_at", "date"):
            return _Column(array=np.array(values, dtype="datetime64[us]"))
        if name == "quantity":
            return _Column(array=np.array(values, dtype=np.float64))
        array = np.empty(len(values), dtype=object)
        array[:] = values
        return _Column(array=array)


def _facts(live: list[dict[str, _Record]], one: TargetGrid, assessor: Assessor) -> Facts:
    """Encode the events of a target's kinds in one organisation."""
    records: list[_Record] = []
    slices = {}
    for kind, events in zip(one.target.kinds, live, strict=True):
        own = sorted(events.values(), key=lambda record: record.row)
        slices[kind] = slice(len(records), len(records) + len(own))
        records += own
    number = len(records)
    lines: Any = _Lines(records=records, columns=(*COLUMNS, *assessor._extra))
    return Facts(
        frame=lines,
        row=np.arange(number),
        day=np.array([record.day for record in records], dtype=np.int32),
        organisation=None if assessor._names is None else np.zeros(number, dtype=np.int32),
        slices=slices,
        attributes=lines.columns,
    )


@attrs.frozen(kw_only=True, eq=False)
class _Snapshot:
    """The rows an assessment was made of, out of those its assessor has by now."""

    assessor: Assessor
    number: int

    def frame(self) -> pd.DataFrame:
        """The canonical frame of those rows."""
        return self.assessor.frame(self.number)

    def problems(self, judged: Judged) -> tuple[Problem, ...]:
        """The problems of those rows, found by one full evaluation."""
        frame, grid = self.frame(), judged.grid
        names = self.assessor._names
        known_at = self.assessor.known_at
        facts = encode(frame, kinds=grid.plan.kinds, organisations=names, known_at=known_at)
        reduction = reduce_events(grid, facts, judged.as_of)
        return find_problems(judged, reduction, held_rows(frame, known_at))
