"""From a dataframe to the columns that a ledger keeps."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, Final

import numpy as np
import pandas as pd

from partybuild.errors import EventError, Problem
from partybuild.events import COLUMNS, DTYPES, REQUIRED
from partybuild.ledger.entries import Columns, attribute_text, checked_text, moment_text

__all__ = ["canonical", "columns_of"]

_TEXTS: Final = ("id", "kind", "unit", "subject", "organisation", "evidence", "note")


def columns_of(
    frame: Any, *, stamped: dt.datetime | None, overrides: bool, recorded_by: str | None
) -> Columns:
    """Return the columns of an events frame; ids that are missing are blank.

    `stamped` goes on every row if the frame has no `recorded_at`, or if it
    `overrides` the frame's own; None leaves the event's date there.
    """
    given = {str(name) for name in getattr(frame, "columns", ())}
    events = canonical(frame)
    texts = {name: text_list(events[name], name=name) for name in _TEXTS}
    texts["date"] = moment_list(events["date"])
    if not events["end"].equals(events["date"]):
        longer = (events["end"] != events["date"]).to_numpy()
        texts["end"] = moment_list(events["end"].where(longer))
    if stamped is not None and (overrides or "recorded_at" not in given):
        texts["recorded_at"] = [moment_text(stamped)] * len(events)
    else:
        texts["recorded_at"] = moment_list(events["recorded_at"])
    if events["void"].any():
        texts["void"] = np.where(events["void"].to_numpy(dtype=bool), "1", "").tolist()
    texts["attributes"] = attribute_list(events)
    if recorded_by is not None and len(events):
        texts["recorded_by"] = [checked_text("recorded_by", recorded_by)] * len(events)
    texts["quantity"] = mapped(events["quantity"], repr)
    used = {
        name: column
        for name, column in texts.items()
        if name in {*REQUIRED, "quantity"} or any(column)
    }
    return Columns(texts=used, quantity=events["quantity"].tolist())


def canonical(frame: Any) -> pd.DataFrame:
    """Return the frame with every event column in its type; ids may be missing.

    Raises `EventError` with one Problem for each bad row.
    """
    if not isinstance(frame, pd.DataFrame) or not _is_canonical(frame):
        frame = _read(frame)
    faults = [
        Problem(
            code="missing", message="a required value is missing", row=int(row) + 1, column=name
        )
        for name in ("kind", "date", "end", "quantity", "recorded_at")
        for row in np.flatnonzero(frame[name].isna().to_numpy())[:_SHOWN]
    ]
    faults += [
        Problem(
            code="not-finite", message="not a finite number", row=int(row) + 1, column="quantity"
        )
        for row in np.flatnonzero(np.isinf(frame["quantity"].to_numpy()))[:_SHOWN]
    ]
    faults += [
        Problem(
            code="end-before-date", message="ends before it begins", row=int(row) + 1, column="end"
        )
        for row in np.flatnonzero((frame["end"] < frame["date"]).to_numpy())[:_SHOWN]
    ]
    if faults:
        raise EventError(faults)
    return frame


_SHOWN: Final = 1000


def _is_canonical(frame: pd.DataFrame) -> bool:
    return all(name in frame and str(frame[name].dtype) == DTYPES[name] for name in COLUMNS)


def _read(frame: Any) -> pd.DataFrame:
    """Read any dataframe as events; rows without an id come back with a missing one."""
    from partybuild.sources.events import read_events

    if "id" in frame.columns:
        return read_events(frame)
    named = pd.DataFrame(frame).assign(id=[f"row {row}" for row in range(1, len(frame) + 1)])
    return read_events(named).assign(id=pd.Series([None] * len(frame), dtype="str"))


def mapped(column: pd.Series[Any], function: Callable[[Any], str]) -> list[str]:
    """Return `function` of each value, called once per different value; ``""`` for missing."""
    codes, different = pd.factorize(column)
    texts = np.array([*map(function, different.tolist()), ""], dtype=object)
    found: list[str] = texts[codes].tolist()
    return found


def text_list(column: pd.Series[Any], *, name: str) -> list[str]:
    """Return the texts of a column, ``""`` for missing and blank ones."""
    codes, different = pd.factorize(column)
    values = [str(value) for value in different.tolist()]
    checked_text(name, "".join(values))
    texts = np.array([*values, ""], dtype=object)
    found: list[str] = texts[codes].tolist()
    return found


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
