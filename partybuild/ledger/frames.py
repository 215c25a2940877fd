"""From a dataframe to the columns that a ledger keeps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Iterator
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild._frames import is_canonical, match_headings, normalise_events, pandas_frame
from partybuild.errors import EventError, Problem, UsageError
from partybuild.events import COLUMNS, REQUIRED
from partybuild.ledger.entries import Columns, attribute_text, checked_text, moment_text

__all__ = [
    "blank_cells",
    "canonical",
    "columns_of",
    "refuse_unkept",
    "stretches",
    "unkept_cells",
    "with_ids",
]

#: Makes the texts of a stretch of rows, ``""`` for missing.
Cut = Callable[[slice], list[str]]

_TEXTS: Final = ("id", "kind", "unit", "subject", "organisation", "evidence", "note")
_NEEDED: Final = frozenset({*REQUIRED, "quantity", "recorded_at"})


def columns_of(events: pd.DataFrame) -> Columns:
    """Return the columns of a canonical frame; ids that are missing are blank."""
    return next(stretches(events, size=max(1, len(events))))


def stretches(
    events: pd.DataFrame,
    *,
    size: int,
    ids: list[str] | None = None,
    stamped: dt.datetime | None = None,
    recorded_by: str | None = None,
) -> Iterator[Columns]:
    """Return the columns of a canonical frame, `size` rows at a time; of an empty one, once.

    `ids` and `stamped`, where given, go on the rows instead of the frame's `id`
    and `recorded_at`.
    """
    cuts = _event_cuts(events, ids)
    if stamped is not None:
        cuts["recorded_at"] = same_cut(moment_text(stamped), len(events))
    if recorded_by is not None:
        cuts["recorded_by"] = same_cut(checked_text("recorded_by", recorded_by), len(events))
    numbers = events["quantity"].to_numpy() + 0.0
    for start in range(0, max(1, len(events)), size):
        stretch = slice(start, start + size)
        texts = {name: cut(stretch) for name, cut in cuts.items()}
        used = {name: column for name, column in texts.items() if name in _NEEDED or any(column)}
        yield Columns(texts=used, quantity=numbers[stretch].tolist())


def _event_cuts(events: pd.DataFrame, ids: list[str] | None) -> dict[str, Cut]:
    cuts = {name: text_cut(events[name], name=name) for name in _TEXTS if name != "id" or not ids}
    if ids:
        cuts["id"] = lambda stretch: checked_list("id", ids[stretch])
    cuts |= {name: moment_cut(events[name]) for name in ("date", "recorded_at")}
    longer = events["end"].to_numpy() != events["date"].to_numpy()
    if longer.any():
        cuts["end"] = moment_cut(events["end"].where(longer))
    cuts["quantity"] = mapped_cut(events["quantity"] + 0.0, repr)  # -0.0 does not survive SQLite
    if events["void"].any():
        marks = np.where(events["void"].to_numpy(dtype=bool), "1", "").astype(object)
        cuts["void"] = lambda stretch: marks[stretch].tolist()
    if len(events.columns) > len(COLUMNS):
        cuts["attributes"] = attributes_cut(events)
    return cuts


def unkept_cells(events: pd.DataFrame) -> list[tuple[int, Problem]]:
    """Return the cells of a canonical frame that a ledger cannot keep: its row's position, why."""
    found = []
    for name in (*_TEXTS, *(name for name in events.columns if name not in COLUMNS)):
        column = events[name]
        try:
            if isinstance(column.dtype, pd.StringDtype):
                checked_text(name, "".join(column.dropna().tolist()))
            else:
                _attribute_cut(str(name), column)(slice(None))
        except UsageError:
            cells = enumerate(column.tolist())
            found += [(place, fault) for place, cell in cells if (fault := _unkept(name, cell))]
    return found


def refuse_unkept(events: pd.DataFrame) -> None:
    """Raise `EventError` with one Problem for each cell that a ledger cannot keep, if any."""
    faults = [attrs.evolve(fault, row=place + 1) for place, fault in unkept_cells(events)]
    if faults:
        raise EventError(faults, None)


def _unkept(name: str, cell: Any) -> Problem | None:
    try:
        attribute_text(name, cell)
    except UsageError:
        if isinstance(cell, str):
            message = "holds a control character (U+0000, U+001E, U+001F), or is not valid Unicode"
            return Problem(code="control-character", message=message, read=cell[:80], column=name)
        return Problem(
            code="bad-attribute",
            message=f"a ledger cannot keep a {type(cell).__name__}",
            read=str(cell)[:80],
            expected="text, finite numbers, true, false, dates",
            column=name,
        )
    return None


def canonical(frame: Any, *, timezone: str) -> tuple[pd.DataFrame, bool]:
    """Return the frame in canonical form, and whether it says itself when rows were recorded.

    Ids may be missing. Raises `EventError` with one Problem for each bad row.
    """
    frame = pandas_frame(frame)
    if is_canonical(frame):
        return normalise_events(frame), True
    places = match_headings(list(frame.columns), None).places
    named, blank = with_ids(frame, places.get("id"))
    events = normalise_events(named, timezone=timezone)
    if blank.any():
        events = events.assign(id=events["id"].mask(blank))
    return events, "recorded_at" in places


def with_ids(frame: pd.DataFrame, place: int | None) -> tuple[pd.DataFrame, npt.NDArray[np.bool_]]:
    """Return the frame with something in every cell of its id column, and which were blank.

    `place` is the position of the id column; without one, a column is added.
    """
    stand_ins = pd.Series([f"row {row}" for row in range(1, len(frame) + 1)], index=frame.index)
    if place is None:
        return frame.assign(id=stand_ins), np.ones(len(frame), dtype=bool)
    cells = frame.iloc[:, place]
    blank = blank_cells(cells)
    if not blank.any():
        return frame, blank
    columns = [column for _, column in frame.items()]
    columns[place] = cells.astype(object).where(~blank, stand_ins)
    return pd.concat(columns, axis=1), blank


def blank_cells(cells: pd.Series[Any]) -> npt.NDArray[np.bool_]:
    """Return which cells hold nothing, or nothing but spaces."""
    found: npt.NDArray[np.bool_] = cells.isna().to_numpy().copy()
    found |= np.array([isinstance(cell, str) and not cell.strip() for cell in cells], dtype=bool)
    return found


def mapped_cut(column: pd.Series[Any], function: Callable[[Any], str]) -> Cut:
    """Cut texts out of `function` of each value, called once per different value."""
    codes, different = pd.factorize(column)
    texts = np.array([*map(function, different.tolist()), ""], dtype=object)
    return lambda stretch: texts[codes[stretch]].tolist()


def same_cut(text: str, count: int) -> Cut:
    """Cut a column that says the same in all of its `count` rows."""
    return lambda stretch: [text] * len(range(count)[stretch])


def checked_list(name: str, texts: list[str]) -> list[str]:
    """Return texts that a ledger can keep, or raise `UsageError`."""
    checked_text(name, "".join(texts))
    return texts


def text_cut(column: pd.Series[Any], *, name: str) -> Cut:
    """Cut the texts of a column, ``""`` for missing ones."""
    few = column.iloc[:: max(1, len(column) // _PROBE)]
    if isinstance(column.dtype, pd.CategoricalDtype) or few.nunique() <= 0.99 * _PROBE:
        codes, different = pd.factorize(column)
        texts = np.array([*checked_list(name, different.tolist()), ""], dtype=object)
        return lambda stretch: texts[codes[stretch]].tolist()
    cells = column.array  # equal texts are rare: nothing to share

    def cut(stretch: slice) -> list[str]:
        texts: list[str] = cells[stretch].to_numpy(dtype=object, na_value="").tolist()
        return checked_list(name, texts)

    return cut


_PROBE: Final = 1000


def moment_cut(column: pd.Series[Any]) -> Cut:
    """Cut ISO texts of a column of moments, the date alone for midnights."""
    return mapped_cut(column, lambda value: moment_text(pd.Timestamp(value).to_pydatetime()))


def attributes_cut(events: pd.DataFrame) -> Cut:
    """Cut the attributes of each row as JSON, ``""`` where it has none."""
    names = sorted(name for name in events.columns if name not in COLUMNS)
    parts = [_attribute_cut(str(name), events[name]) for name in names]

    def cut(stretch: slice) -> list[str]:
        rows = zip(*(part(stretch) for part in parts), strict=True)
        joined = (",".join(filter(None, row)) for row in rows)
        return ["{" + text + "}" if text else "" for text in joined]

    return cut


def _attribute_cut(name: str, column: pd.Series[Any]) -> Cut:
    """Cut ``"name":value`` of each row, ``""`` where the value is missing."""
    start = json.dumps(checked_text("attribute", name), ensure_ascii=False) + ":"

    def part(value: Any) -> str:
        text = attribute_text(name, value)
        return start + text if text else ""

    if column.dtype == object:  # 1, 1.0 and True are one value to factorize
        return lambda stretch: [part(value) for value in column.iloc[stretch].tolist()]
    return mapped_cut(column, part)
