"""What an event row is: its columns, their headings, and which rows hold.

An event is one dated fact. Rows with the same `id` are one event's history; the
row recorded last holds, and a void row takes the event out. Dry: no file.
"""

from __future__ import annotations

import datetime as dt
from html import escape
from typing import TYPE_CHECKING, Final

import attrs
import numpy as np
import pandas as pd

from partybuild.errors import Problem, UsageError

if TYPE_CHECKING:
    import numpy.typing as npt

__all__ = [
    "COLUMNS",
    "DTYPES",
    "REQUIRED",
    "EventDraft",
    "current_events",
    "empty_events",
    "event_states",
    "holding_rows",
]

#: The canonical columns, in their order; attribute columns follow them.
COLUMNS: Final = (
    "id",
    "kind",
    "date",
    "end",
    "quantity",
    "unit",
    "subject",
    "organisation",
    "evidence",
    "note",
    "recorded_at",
    "void",
)

#: The columns that every source must have.
REQUIRED: Final = ("id", "kind", "date")

#: The pandas dtype of each canonical column.
DTYPES: Final = {
    "id": "str",
    "kind": "str",
    "date": "datetime64[us]",
    "end": "datetime64[us]",
    "quantity": "float64",
    "unit": "str",
    "subject": "str",
    "organisation": "str",
    "evidence": "str",
    "note": "str",
    "recorded_at": "datetime64[us]",
    "void": "bool",
}

_DAY: Final = np.timedelta64(1, "D")
_SHOWN: Final = 20


def empty_events() -> pd.DataFrame:
    """Return a canonical frame without rows.

    >>> list(empty_events().columns)[:4]
    ['id', 'kind', 'date', 'end']
    """
    return pd.DataFrame({name: pd.Series([], dtype=dtype) for name, dtype in DTYPES.items()})


@attrs.frozen(kw_only=True, eq=False, repr=False)
class EventDraft:
    """The good rows of a source, and what was wrong with the others.

    `events` is a canonical frame (`COLUMNS`, then the attributes) of the rows
    without an error. `rows` gives the row number of each of them in the source,
    counting from 1, a heading row included; in a dataframe, which has no
    heading row, the first row is 1. `problems` are in the order of the source.
    `rows_in` is the number of rows that are not blank: each of them is in
    `events` or named by a problem. `source` is the file's name, or None.

    >>> draft = EventDraft(events=empty_events(), rows=np.empty(0, np.int64))
    >>> draft, draft.ok
    (<EventDraft: 0 of 0 rows good, 0 problems>, True)
    """

    events: pd.DataFrame
    rows: npt.NDArray[np.int64]
    problems: tuple[Problem, ...] = ()
    rows_in: int = 0
    source: str | None = None

    @property
    def errors(self) -> tuple[Problem, ...]:
        """The problems that kept a row or the file out, without warnings and notes."""
        return tuple(problem for problem in self.problems if problem.severity == "error")

    @property
    def ok(self) -> bool:
        """Whether every row of the source was taken."""
        return not self.errors

    def __repr__(self) -> str:
        source = f" of {self.source}" if self.source else ""
        good = f"{len(self.events)} of {self.rows_in} rows good"
        return f"<EventDraft{source}: {good}, {len(self.problems)} problems>"

    def _repr_html_(self) -> str:
        head = f"<p><b>{escape(repr(self)[1:-1])}</b></p>"
        shown = "".join(
            f"<tr><td>{problem.severity}</td><td>{escape(problem.place)}</td>"
            f"<td>{escape(str(attrs.evolve(problem, file=None, sheet=None, row=None, line=None)))}"
            "</td></tr>"
            for problem in self.problems[:_SHOWN]
        )
        more = len(self.problems) - _SHOWN
        rest = f"<p>… and {more} more</p>" if more > 0 else ""
        table = f"<table><tbody>{shown}</tbody></table>{rest}" if shown else ""
        return head + table + self.events.head(_SHOWN).to_html(border=0)


def event_states(
    events: pd.DataFrame, *, known_at: dt.date | str | None = None
) -> npt.NDArray[np.object_]:
    """Tell for each row why it counts or not, by identity alone.

    ``"holds"``: the row its event goes by. ``"superseded"``: a later record of
    the same `id` replaced it. ``"void"``: it is the last record and withdraws
    the event. ``"later"``: recorded after the day `known_at`, so not known yet;
    with `known_at` None every row is known. Ties in `recorded_at` go to the
    later row.

    >>> frame = pd.DataFrame({"id": ["a", "a", "b"], "void": [False, True, False],
    ...     "recorded_at": pd.to_datetime(["2021-03-01", "2021-03-09", "2021-03-02"])})
    >>> event_states(frame).tolist()
    ['superseded', 'void', 'holds']
    >>> event_states(frame, known_at="2021-03-01").tolist()
    ['holds', 'later', 'later']
    """
    known = _known_rows(events, known_at)
    last = _last_records(events, known)
    void = events["void"].to_numpy(dtype=bool)
    return np.select(
        [~known, ~last, void],
        np.array(["later", "superseded", "void"], dtype=object)[:, None],
        np.array("holds", dtype=object),
    )


def holding_rows(
    events: pd.DataFrame, *, known_at: dt.date | str | None = None
) -> npt.NDArray[np.bool_]:
    """Mark the rows that hold: the last known record of each event that is not void.

    >>> frame = pd.DataFrame({"id": ["a", "a", "b"], "void": [False, False, True],
    ...     "recorded_at": pd.to_datetime(["2021-03-09", "2021-03-01", "2021-03-02"])})
    >>> holding_rows(frame).tolist()
    [True, False, False]
    """
    known = _known_rows(events, known_at)
    holds: npt.NDArray[np.bool_] = _last_records(events, known)
    holds &= ~events["void"].to_numpy(dtype=bool)
    return holds


def current_events(events: pd.DataFrame, *, known_at: dt.date | str | None = None) -> pd.DataFrame:
    """Return the rows that hold, in their order, with a fresh index.

    `known_at` is a day, inclusive: rows recorded after it are left out before
    anything else, which reproduces what was known then. None: all rows.
    """
    holds = holding_rows(events, known_at=known_at)
    if holds.all():
        return events
    return events.loc[holds].reset_index(drop=True)


def _known_rows(events: pd.DataFrame, known_at: dt.date | str | None) -> npt.NDArray[np.bool_]:
    if known_at is None:
        return np.ones(len(events), dtype=bool)
    try:
        past = np.datetime64(pd.Timestamp(known_at).date(), "D") + _DAY
    except (TypeError, ValueError):
        expected = "a date or ISO text such as 2021-09-30"
        raise UsageError(f"known_at: got {known_at!r}; expected {expected}") from None
    known: npt.NDArray[np.bool_] = events["recorded_at"].to_numpy() < past
    return known


def _last_records(events: pd.DataFrame, known: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Mark the last known record of each id; rows not known are never marked."""
    ids = events["id"] if known.all() else events["id"][known]
    last = known.copy()
    if _all_different(ids):
        return last
    rows = np.flatnonzero(known)[ids.duplicated(keep=False).to_numpy()]
    order = np.argsort(events["recorded_at"].to_numpy()[rows], kind="stable")
    by_time = rows[order]
    repeated = events["id"].iloc[by_time].duplicated(keep="last").to_numpy()
    last[by_time[repeated]] = False
    return last


def _all_different(ids: pd.Series[str]) -> bool:
    """Whether no id comes twice; ids written in rising order are proved without hashing."""
    if len(ids) < 2:
        return True
    after, before = ids.iloc[1:].array, ids.iloc[:-1].array
    if bool(np.asarray(after > before).all()):  # type: ignore[operator]
        return True
    return len(pd.factorize(ids)[1]) == len(ids)
