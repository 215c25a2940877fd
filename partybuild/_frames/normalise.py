"""From a table as somebody made it to canonical events, with a Problem for each fault."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild._frames.attributes import read_attribute
from partybuild._frames.canonical import is_canonical
from partybuild._frames.headings import Headings, match_headings
from partybuild._frames.table import Table
from partybuild._frames.tables import pandas_frame
from partybuild.cells import (
    Fault,
    Faults,
    read_dates,
    read_flags,
    read_numbers,
    read_texts,
)
from partybuild.cells.columns import is_blank
from partybuild.errors import EventError, Problem, UsageError
from partybuild.events import COLUMNS, REQUIRED, EventDraft, empty_events

_TEXTS: Final = ("unit", "subject", "organisation", "evidence", "note")
_SHOWN: Final = 80
_ORGANISATION_ENDS: Final = r"(?:村|社区|镇|乡|街道|支部|党委|党组|局|公司|学校|医院|中心|办公室)$"


def normalise_events(
    frame: Any,
    *,
    timezone: str = "Asia/Shanghai",
    columns: Mapping[str, str] | None = None,
    file: str | None = None,
) -> pd.DataFrame:
    """Bring a table with event columns into canonical form; a ledger gives its entries.

    A frame that is canonical already comes back as it is, at almost no cost.
    Others may have Chinese headings, text dates, missing optional columns.
    `timezone` is where a moment with a zone gets its date. `columns` maps
    headings to names, `file` is what problems are said to stand in.

    Raises
    ------
    EventError
        With a Problem for every fault; rows count from 1.
    UsageError
        When `frame` is no table, or an argument is not understood.

    >>> frame = pd.DataFrame({"编号": [7], "事项": ["党课"], "日期": ["2021年3月5日"]})
    >>> normalise_events(frame)[["id", "date", "quantity"]].values.tolist()
    [['7', Timestamp('2021-03-05 00:00:00'), 1.0]]
    """
    frame = pandas_frame(frame)
    if columns is None and is_canonical(frame):
        return _with_plain_index(frame)
    draft = draft_events(
        Table(frame=frame, file=file, has_heading_row=False), timezone=timezone, columns=columns
    )
    if not draft.ok:
        raise EventError(draft.errors, file)
    return draft.events


def _with_plain_index(frame: pd.DataFrame) -> pd.DataFrame:
    index = frame.index
    if isinstance(index, pd.RangeIndex) and index.start == 0 and index.step == 1:
        return frame
    return frame.set_axis(pd.RangeIndex(len(frame)), axis=0)


def draft_events(
    table: Table,
    *,
    timezone: str = "Asia/Shanghai",
    columns: Mapping[str, str] | None = None,
) -> EventDraft:
    """Bring a table into canonical form: its good rows, and a Problem for each fault.

    >>> frame = pd.DataFrame({"id": ["a", "b"], "kind": "党课", "date": ["2021.3.5", "5.3.2021"]})
    >>> draft = draft_events(Table(frame=frame))
    >>> draft.rows.tolist(), str(draft.problems[0])[:40]
    ([1], 'row 2, column date: not a calendar date;')
    """
    zone = _zone(timezone)
    if isinstance(table.frame.columns, pd.MultiIndex):
        raise UsageError("events: got a frame with several rows of headings; expected one")
    headings = match_headings(list(table.frame.columns), columns)
    reading = _Reading(table, headings)
    reading.read_all(zone)
    return reading.draft()


def _zone(timezone: str) -> ZoneInfo:
    try:
        return ZoneInfo(timezone)
    except (TypeError, ValueError, OSError, KeyError):
        expected = "a name such as Asia/Shanghai (on Windows this needs the package tzdata)"
        raise UsageError(f"timezone: got {timezone!r}; expected {expected}") from None


class _Reading:
    """One table on its way: values so far, rows found bad, problems by place."""

    def __init__(self, table: Table, headings: Headings) -> None:
        self.table = table
        self.headings = headings
        self.size = len(table.frame)
        self.bad = np.zeros(self.size, dtype=bool)
        self.found: list[tuple[int, int, Problem]] = []
        self.values: dict[str, Any] = {}
        self.columns = [column for _, column in _with_plain_index(table.frame).items()]
        self.blank = pd.Series(pd.array([None], dtype="str").take(np.zeros(self.size, np.intp)))

    def cells(self, name: str) -> pd.Series[Any] | None:
        """The column that is called `name`, or None."""
        place = self.headings.places.get(name)
        return None if place is None else self.columns[place]

    def read_all(self, zone: ZoneInfo) -> None:
        self.read_names()
        self.read_dates(zone)
        self.read_quantities()
        for name in _TEXTS[1:]:
            self.values[name] = self.text(name)
        cells = self.cells("void")
        flags, faults = (np.zeros(self.size, bool), {}) if cells is None else read_flags(cells)
        self.values["void"] = flags
        self.name_faults("void", faults)
        self.read_attributes()

    def text(self, name: str) -> pd.Series[str]:
        cells = self.cells(name)
        if cells is None:
            return self.blank
        texts, faults = read_texts(cells)
        self.name_faults(name, faults)
        return texts

    def read_names(self) -> None:
        for name in ("id", "kind"):
            texts = self.values[name] = self.text(name)
            if name in self.headings.places:
                self.name_blanks(name, texts.isna().to_numpy())

    def read_dates(self, zone: ZoneInfo) -> None:
        for name in ("date", "end", "recorded_at"):
            cells = self.cells(name)
            if cells is None:
                values = np.full(self.size, np.datetime64("NaT"), dtype="datetime64[us]")
            else:
                days, epoch = name != "recorded_at", self.table.epoch
                values, faults = read_dates(cells, zone=zone, days=days, epoch=epoch)
                self.name_faults(name, faults)
            self.values[name] = values
        date, end = self.values["date"], self.values["end"]
        if "date" in self.headings.places:
            self.name_blanks("date", np.isnat(date))
        for name in ("end", "recorded_at"):
            values = self.values[name]
            self.values[name] = np.where(np.isnat(values), date, values)
        before = Fault(
            code="end-before-date",
            message="the last day is before the first",
            expected="a day on or after date",
        )
        self.name_faults("end", dict.fromkeys(np.flatnonzero(end < date).tolist(), before))

    def read_quantities(self) -> None:
        units = self.text("unit").replace("％", "%")
        cells = self.cells("quantity")
        signs = None
        values = np.full(self.size, np.nan)
        if cells is not None:
            values, signs, faults = read_numbers(cells)
            self.name_faults("quantity", faults)
        said = units.isna().to_numpy()
        if signs is not None:
            self.name_other_units(units, signs)
            units = units.mask(said & (signs != None), pd.Series(signs, dtype="str"))  # noqa: E711
        if self.headings.unit:
            written = units.isna().to_numpy() & ~np.isnan(values)
            units = units.mask(written, self.headings.unit)
        self.values["quantity"] = np.where(np.isnan(values), 1.0, values)
        self.values["unit"] = units
        self.warn_of_units(units, values, signs)

    def name_other_units(self, units: pd.Series[str], signs: npt.NDArray[np.object_]) -> None:
        """Name quantities with a unit in their own cell that is not the one beside them."""
        beside: list[Any] = units.astype(object).where(units.notna(), None).tolist()
        places = [
            place
            for place, sign in enumerate(signs.tolist())
            if sign not in (None, "%", "‰") and beside[place] not in (None, sign)
        ]
        faults = {
            place: Fault(
                code="two-units",
                message=f"the unit here is {signs[place]}, beside it stands {beside[place]}",
                expected="one unit, or a number without one",
            )
            for place in places
        }
        self.name_faults("quantity", faults)

    def warn_of_units(
        self, units: pd.Series[str], values: npt.NDArray[np.float64], signs: Any
    ) -> None:
        """Point at what was taken as it stands, but may mean something else."""
        if self.table.file is None:
            return
        bare = (np.abs(values) > 1) & (units == "%").to_numpy()
        if signs is not None:
            bare &= signs == None  # noqa: E711
        doubtful = Fault(
            code="doubtful-percent",
            message="a number above 1 beside the unit %, taken as a fraction",
            expected="95% or 0.95 for ninety-five per cent",
        )
        self.name_faults(
            "quantity", dict.fromkeys(np.flatnonzero(bare).tolist(), doubtful), warn=True
        )
        names = units.dropna().drop_duplicates()
        names = names[names.str.contains(_ORGANISATION_ENDS)]
        if len(names):
            places = np.flatnonzero(units.isin(names).to_numpy()).tolist()
            heading = self.heading("unit")
            unlike = Fault(
                code="doubtful-unit",
                message="the unit looks like an organisation",
                hint=f"if it is one: columns={{{heading!r}: 'organisation'}}",
            )
            self.name_faults("unit", dict.fromkeys(places, unlike), warn=True)

    def read_attributes(self) -> None:
        for name, place in self.headings.attributes.items():
            cells = self.columns[place]
            values, faults = read_attribute(cells, as_they_came=self.table.file is None)
            self.values[name] = values
            self.name_faults(name, faults, place)

    def heading(self, name: str, place: int | None = None) -> str:
        place = self.headings.places.get(name) if place is None else place
        return name if place is None else self.headings.texts[place]

    def name_blanks(self, name: str, blank: npt.NDArray[np.bool_]) -> None:
        """A required cell that is blank, where nothing else was wrong with it."""
        told = {
            position for position, _, problem in self.found if problem.column == self.heading(name)
        }
        places = [i for i in np.flatnonzero(blank).tolist() if i not in told]
        missing = Fault(code="missing-value", message=f"{name} is blank", expected=_EXPECTED[name])
        self.name_faults(name, dict.fromkeys(places, missing))

    def name_faults(
        self, name: str, faults: Faults, place: int | None = None, *, warn: bool = False
    ) -> None:
        """Keep a Problem for each fault of a column; without `warn` its row is out."""
        if not faults:
            return
        place = self.headings.places.get(name, 0) if place is None else place
        column = self.heading(name, place)
        cells = self.columns[place]
        for position, fault in faults.items():
            problem = Problem(
                code=fault.code,
                message=fault.message,
                severity="warning" if warn else "error",
                read=fault.read or _shown(cells.iloc[position]),
                expected=fault.expected,
                hint=fault.hint,
                column=column,
                **self.table.place(position),
            )
            self.found.append((position, place, problem))
        if not warn:
            self.bad[list(faults)] = True

    def file_problems(self) -> list[Problem]:
        """The problems of the headings, placed."""
        table = self.table
        file, sheet = table.file, table.sheet
        problems = list(self.headings.problems)
        for i, name in enumerate(self.headings.names):
            if name is None and self.columns[i].notna().any():
                message = f"column {i + 1} has cells but no heading"
                problems.append(Problem(code="missing-heading", message=message, row=1))
        row = table.heading_row if table.has_heading_row and not table.by_line else None
        return [attrs.evolve(each, file=file, sheet=sheet, row=row) for each in problems]

    def draft(self) -> EventDraft:
        table = self.table
        self.found.sort(key=lambda each: each[:2])
        problems = [problem for _, _, problem in self.found]
        if table.problems:
            problems = sorted(
                [*problems, *table.problems], key=lambda each: each.row or each.line or 0
            )
        of_file = self.file_problems()
        keep = ~self.bad if not of_file else np.zeros(self.size, dtype=bool)
        return EventDraft(
            events=self.frame(keep) if not of_file else empty_events(),
            rows=table.numbers()[keep],
            problems=(*of_file, *problems),
            rows_in=self.size if table.rows_in is None else table.rows_in,
            source=table.file,
        )

    def frame(self, keep: npt.NDArray[np.bool_]) -> pd.DataFrame:
        names = [*COLUMNS, *self.headings.attributes]
        data = {name: self.values[name] for name in names}
        if not keep.all():
            data = {name: values[keep] for name, values in data.items()}
        arrays = {
            name: values.array if isinstance(values, pd.Series) else values
            for name, values in data.items()
        }
        return pd.DataFrame(arrays, copy=False)


_EXPECTED: Final = {
    "id": "a text or number of its own for each event",
    "kind": "what happened, as the plan's targets call it",
    "date": "a calendar date such as 2021-03-05",
}
assert set(_EXPECTED) == set(REQUIRED)


def _shown(cell: Any) -> str | None:
    if is_blank(cell):
        return None
    text = str(cell)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
