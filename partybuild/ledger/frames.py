"""From a dataframe to the columns that a ledger keeps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild._frames import is_canonical, match_headings, normalise_events, pandas_frame
from partybuild.errors import EventError, Problem, UsageError
from partybuild.events import COLUMNS, REQUIRED
from partybuild.ledger.entries import Columns, attribute_text, checked_text, moment_text

__all__ = ["blank_cells", "canonical", "columns_of", "refuse_unkept", "unkept_cells", "with_ids"]

_TEXTS: Final = ("id", "kind", "unit", "subject", "organisation", "evidence", "note")


def columns_of(
    events: pd.DataFrame,
    *,
    ids: list[str] | None = None,
    stamped: dt.datetime | None = None,
    recorded_by: str | None = None,
) -> Columns:
    """Return the columns of a canonical frame; ids that are missing are blank.

    `ids` and `stamped`, where given, go on the rows instead of the frame's `id`
    and `recorded_at`.
    """
    texts = {} if ids is None else {"id": checked_list("id", ids)}
    texts |= {name: text_list(events[name], name=name) for name in _TEXTS if name not in texts}
    texts["date"] = moment_list(events["date"])
    longer = events["end"].to_numpy() != events["date"].to_numpy()
    if longer.any():
        texts["end"] = moment_list(events["end"].where(longer))
    if stamped is None:
        texts["recorded_at"] = moment_list(events["recorded_at"])
    else:
        texts["recorded_at"] = [moment_text(stamped)] * len(events)
    if events["void"].any():
        texts["void"] = np.where(events["void"].to_numpy(dtype=bool), "1", "").tolist()
    texts["attributes"] = attribute_list(events)
    if recorded_by is not None:
        texts["recorded_by"] = [checked_text("recorded_by", recorded_by)] * len(events)
    texts["quantity"] = mapped(events["quantity"], repr)
    needed = {*REQUIRED, "quantity", "recorded_at"}
    used = {name: column for name, column in texts.items() if name in needed or any(column)}
    return Columns(texts=used, quantity=events["quantity"].tolist())


def unkept_cells(events: pd.DataFrame) -> list[tuple[int, Problem]]:
    """Return the cells of a canonical frame that a ledger cannot keep: its row's position, why."""
    found = []
    for name in (*_TEXTS, *(name for name in events.columns if name not in COLUMNS)):
        column = events[name]
        try:
            if isinstance(column.dtype, pd.StringDtype):
                checked_text(name, "".join(column.dropna().tolist()))
            else:
                _attribute_parts(str(name), column)
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


def mapped(column: pd.Series[Any], function: Callable[[Any], str]) -> list[str]:
    """Return `function` of each value, called once per different value; ``""`` for missing."""
    codes, different = pd.factorize(column)
    texts = np.array([*map(function, different.tolist()), ""], dtype=object)
    found: list[str] = texts[codes].tolist()
    return found


def checked_list(name: str, texts: list[str]) -> list[str]:
    """Return texts that a ledger can keep, or raise `UsageError`."""
    checked_text(name, "".join(texts))
    return texts


def text_list(column: pd.Series[Any], *, name: str) -> list[str]:
    """Return the texts of a column, ``""`` for missing ones."""
    if column.head(_PROBE).nunique() > 0.99 * _PROBE:  # equal texts are rare: nothing to share
        texts: list[str] = column.to_numpy(dtype=object, na_value="").tolist()
        return checked_list(name, texts)
    codes, different = pd.factorize(column)
    values = checked_list(name, different.tolist())
    shared: list[str] = np.array([*values, ""], dtype=object)[codes].tolist()
    return shared


_PROBE: Final = 1000


def moment_list(column: pd.Series[Any]) -> list[str]:
    """Return ISO texts of a column of moments, the date alone for midnights."""
    return mapped(column, lambda value: moment_text(pd.Timestamp(value).to_pydatetime()))


def attribute_list(events: pd.DataFrame) -> list[str]:
    """Return the attributes of each row as JSON, ``""`` where it has none."""
    names = sorted(name for name in events.columns if name not in COLUMNS)
    parts = [_attribute_parts(str(name), events[name]) for name in names]
    if not parts:
        return [""] * len(events)
    joined = (",".join(filter(None, row)) for row in zip(*parts, strict=True))
    return ["{" + text + "}" if text else "" for text in joined]


def _attribute_parts(name: str, column: pd.Series[Any]) -> list[str]:
    """Return ``"name":value`` for each row, ``""`` where the value is missing."""
    start = json.dumps(checked_text("attribute", name), ensure_ascii=False) + ":"

    def part(value: Any) -> str:
        text = attribute_text(name, value)
        return start + text if text else ""

    if column.dtype == object:  # 1, 1.0 and True are one value to factorize
        return [part(value) for value in column.tolist()]
    return mapped(column, part)
