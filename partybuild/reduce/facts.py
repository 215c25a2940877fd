"""The events of a plan, encoded once as whole numbers and grouped by kind."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.events import holding_rows
from partybuild.grid import Floats, Ints
from partybuild.reduce.coding import (
    LARGE,
    Coded,
    Narrow,
    as_days,
    as_moments,
    coded,
    done,
    narrow_days,
    places,
)
from partybuild.reduce.layout import Layout

_NAMES = re.compile("[;；、]")
#: Up to this many rows a column is encoded whole, beyond it only where it is asked for.
_SMALL = 20_000
#: Up to this many texts are split one by one, without a look at all of them first.
_FEW = 200
#: Columns of condensed events that stand for `quantity`, by measure.
_CONDENSED = {
    "total": "total",
    "mean": "total",
    "max": "max",
    "min": "min",
    "latest": "latest",
    "running": "latest",
}

#: Prefix of the columns of condensed events that `where` asks for.
WHERE = "where:"

Positions = Ints | slice


def split_names(text: str) -> tuple[str, ...]:
    """Split the names of a `subject`; blanks and repeated names fall out.

    >>> split_names("甲、乙; 甲；")
    ('甲', '乙')
    """
    if not _NAMES.search(text):
        name = text.strip()
        return (name,) if name else ()
    names = (name.strip() for name in _NAMES.split(text))
    return tuple(dict.fromkeys(name for name in names if name))


@attrs.frozen(kw_only=True, eq=False)
class Facts:
    """The rows that hold, those of each kind side by side.

    `row` is the position in `frame`; `day` the day number of `date`;
    `organisation` the position of the row's organisation, -1 where it is none of
    those assessed. All are ordered by kind, then by row; `slices` says where each
    kind stands. `is_condensed`: a row stands for several events (see `condense`);
    `attributes` are then the columns that the events had.
    """

    frame: pd.DataFrame
    row: Ints
    day: Ints
    organisation: Ints | None
    slices: Mapping[str, slice]
    is_condensed: bool = False
    attributes: tuple[str, ...] | None = None
    _layout: Layout | None = None
    _laid: dict[tuple[str, int, int], npt.NDArray[Any]] = attrs.field(factory=dict, init=False)
    _arrays: dict[str, Any] = attrs.field(factory=dict, init=False)
    _coded: dict[str, Coded] = attrs.field(factory=dict, init=False)
    _blank: dict[str, bool] = attrs.field(factory=dict, init=False)
    _split: dict[int, tuple[Any, Names]] = attrs.field(factory=dict, init=False)

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns that the events came with."""
        return self.attributes or tuple(str(name) for name in self.frame.columns)

    def where_column(self, column: str) -> str:
        """The name under which the column of an equality stands in `frame`."""
        return f"{WHERE}{column}" if self.is_condensed else column

    def take(self, column: str, positions: Positions) -> Any:
        """Return the values of `column` for `positions`."""
        if column not in self._arrays:
            self._arrays[column] = self.frame[column].array
        return self._arrays[column][self.row[positions]]

    def _numbers(self, column: str, positions: Positions) -> npt.NDArray[Any]:
        if isinstance(positions, slice):
            laid = self._laid.get((column, positions.start, positions.stop))
            if laid is not None:
                return laid
        if column not in self._arrays:
            self._arrays[column] = self.frame[column].to_numpy()
        values: npt.NDArray[Any] = self._arrays[column][self.row[positions]]
        return values

    def lay(self, column: str, kinds: Iterable[str]) -> None:
        """Put a column of numbers into the order of kinds, for several kinds in one go.

        To pick the rows of each kind by themselves reads most of the column each time.
        """
        if self._layout is None or self.is_condensed:
            return
        values = self.frame[column].to_numpy()
        found = np.empty(len(self.row), dtype=values.dtype)
        slices = [self.slices[kind] for kind in kinds]
        self._layout.pick(values, self.row, (found, [one.start for one in slices]))
        for one in slices:
            self._laid[column, one.start, one.stop] = found[one]

    def coded(self, column: str, positions: Positions) -> Coded:
        """Return the values of `column` for `positions` as numbers."""
        if len(self.row) > _SMALL:
            return coded(self.take(column, positions))
        if column not in self._coded:
            whole = coded(self.take(column, slice(None)))
            self._coded[column] = attrs.evolve(whole, words=whole.words)
        return self._coded[column].at(positions)

    def is_blank(self, column: str) -> bool:
        """Whether `column` has no value in any row; never wrongly True, and cheap."""
        if len(self.row) <= _SMALL:
            return False
        if column not in self._blank:
            self._blank[column] = bool(pd.isna(self.frame[column].array).all())
        return self._blank[column]

    def names_in(self, values: Any) -> Names:
        """The names in each of some texts; the same texts are split once."""
        if id(values) not in self._split:
            # the texts are kept beside their names, so that no others get their id
            self._split[id(values)] = values, _split(values)
        return self._split[id(values)][1]

    def end_day(self, positions: Positions) -> Ints:
        """Day numbers of `end`."""
        return as_days(self._numbers("end", positions))

    def quantity(self, positions: Positions, measure: str = "total") -> Floats:
        """The quantities, as read; of condensed events what `measure` needs of them."""
        name = _CONDENSED.get(measure, "total") if self.is_condensed else "quantity"
        return self._numbers(name, positions)

    def recorded(self, positions: Positions) -> Ints:
        """The times of recording, as ordered whole numbers."""
        return as_moments(self._numbers("recorded_at", positions))

    def order(self, positions: Positions) -> Ints:
        """What settles the order of rows of one moment."""
        return self._numbers("row", positions) if self.is_condensed else self.row[positions]

    def events(self, positions: Positions) -> Ints | None:
        """How many events each row stands for; None: one each."""
        return self._numbers("events", positions) if self.is_condensed else None

    def attesting(self, positions: Positions) -> Ints:
        """How many events of each row are more than a nil report (quantity not 0)."""
        if self.is_condensed:
            return self._numbers("some", positions)
        marks: Ints = (self.quantity(positions) != 0).astype(np.int64)
        return marks


def encode(
    frame: pd.DataFrame,
    *,
    kinds: Sequence[str],
    organisations: Mapping[str, int] | None = None,
    known_at: dt.date | None = None,
) -> Facts:
    """Encode the rows of a canonical frame that hold and whose kind is one of `kinds`.

    `organisations` gives the position of each name; None: they are not told apart.
    """
    tasks: list[Callable[[], Any]] = [
        lambda: _kind_places(frame, kinds),
        lambda: holding_rows(frame, known_at=known_at),
        lambda: narrow_days(frame["date"]),
    ]
    if organisations is not None:
        tasks.insert(1, lambda: places(frame["organisation"], organisations))
    of_row, *organisation, holds, days = done(tasks, is_large=len(frame) >= LARGE)
    if not holds.all():
        of_row.offsets[~holds] = 0
    return _by_kind(frame, of_row, kinds, (days, *organisation))


def _kind_places(frame: pd.DataFrame, kinds: Sequence[str]) -> Narrow:
    """The place of each row's kind among `kinds`."""
    return places(frame["kind"], {kind: index for index, kind in enumerate(kinds)})


def encode_condensed(
    frame: pd.DataFrame,
    *,
    kinds: Sequence[str],
    organisations: Mapping[str, int] | None = None,
    attributes: Sequence[str] = (),
) -> Facts:
    """Encode condensed events: each row of `frame` stands for several of them.

    `attributes` names the columns that the events had.
    """
    columns = [narrow_days(frame["date"])]
    if organisations is not None:
        columns.append(places(frame["organisation"], organisations))
    facts = _by_kind(frame, _kind_places(frame, kinds), kinds, columns)
    return attrs.evolve(facts, is_condensed=True, attributes=tuple(attributes))


def _by_kind(
    frame: pd.DataFrame, of_row: Narrow, kinds: Sequence[str], columns: Sequence[Narrow]
) -> Facts:
    """Put rows, days and, if they are told apart, organisations into the order of kinds.

    `of_row` says the place of each row's kind; rows of no kind fall out.
    """
    layout = Layout.of(of_row.offsets, len(kinds))
    row, day, *organisation = layout.laid(columns)
    ends = layout.ends
    return Facts(
        frame=frame,
        row=row,
        day=day,
        organisation=organisation[0] if organisation else None,
        slices={
            kind: slice(int(begin), int(end))
            for kind, begin, end in zip(kinds, ends[0], ends[-1], strict=True)
        },
        layout=layout,
    )


@attrs.frozen(kw_only=True, eq=False)
class Names:
    """The names in each of some texts: `sizes` how many, `flat` their numbers, text after text.

    A number is a position in `names`; the last text has no names and stands for
    rows without a subject.
    """

    sizes: Ints
    flat: Ints
    names: Any

    @property
    def words(self) -> list[str]:
        """The names, one by one."""
        words: list[str] = np.asarray(self.names, dtype=object).tolist()
        return words

    def counts(self, codes: Ints) -> Ints:
        """How many names stand behind each code."""
        counts: Ints = self.sizes[codes]
        return counts


def names_of(facts: Facts, positions: Positions) -> tuple[Ints, Names]:
    """Return for each row the number of its subject text, and the names in each text."""
    coded = facts.coded("subject", positions)
    names = facts.names_in(coded.values)
    return np.where(coded.codes < 0, len(names.sizes) - 1, coded.codes), names


def _are_odd(texts: pd.Index) -> bool:
    """Whether some of many texts may be more, or less, than one name; never wrongly False."""
    letters, has_blank = _letters(texts)
    return has_blank or letters.split() != [letters] or any(mark in letters for mark in ";；、")


def _letters(texts: pd.Index) -> tuple[str, bool]:
    """All texts one after another, and whether one of them is empty."""
    if not hasattr(texts.array, "__arrow_array__"):
        words = texts.to_numpy(dtype=object).tolist()
        return "".join(words), not all(words)
    letters, has_blank = "", False
    for chunk in texts.array.__arrow_array__().chunks:
        # texts of Arrow stand one after another already
        _, ends, data = chunk.buffers()
        wide = np.int64 if str(chunk.type).startswith("large") else np.int32
        bounds = np.frombuffer(ends, dtype=wide)[chunk.offset : chunk.offset + len(chunk) + 1]
        letters += bytes(memoryview(data)[bounds[0] : bounds[-1]]).decode()
        has_blank |= bool((bounds[1:] == bounds[:-1]).any())
    return letters, has_blank


def _split(values: Any) -> Names:
    """Find the names in texts; those that are one name each, nearly all, in one go."""
    number = len(values)
    if number > _FEW:
        texts = pd.Index(values, dtype="str")
        if not _are_odd(texts):
            sizes = np.append(np.ones(number, dtype=np.int64), 0)
            return Names(sizes=sizes, flat=np.arange(number), names=texts)
    places: dict[str, int] = {}
    parts = [split_names(text) for text in np.asarray(values, dtype=object).tolist()]
    flat = [places.setdefault(name, len(places)) for part in parts for name in part]
    return Names(
        sizes=np.array([*map(len, parts), 0], dtype=np.int64),
        flat=np.array(flat, dtype=np.int64),
        names=np.array([*places, None], dtype=object)[:-1],
    )


@attrs.frozen(kw_only=True, eq=False)
class Expansion:
    """Rows repeated once for each of their names (or members): parallel arrays."""

    index: Ints
    value: Ints


def expand(codes: Ints, sizes: Ints, flat: Ints) -> Expansion:
    """Repeat each row once for every value that stands behind its code.

    `sizes` says how many stand behind each code, `flat` lists them code by code.

    >>> both = expand(np.array([0, 1, 0]), np.array([2, 0]), np.array([7, 8]))
    >>> both.index.tolist(), both.value.tolist()
    ([0, 0, 2, 2], [7, 8, 7, 8])
    """
    begins = np.cumsum(sizes) - sizes
    times = sizes[codes]
    if len(times) and times.min() == times.max() == 1:
        return Expansion(index=np.arange(len(codes)), value=flat[begins[codes]])
    index = np.repeat(np.arange(len(codes)), times)
    step = np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    return Expansion(index=index, value=flat[begins[codes][index] + step])
