"""The tables of a workbook as plain columns, from the frames of an assessment."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.specs import plan_specs
from partybuild.assessment.words import USED_FAST
from partybuild.errors import EngineError
from partybuild.report.view_build import Assessment
from partybuild.texts import one_line

#: What a column holds. ``amount`` is in the unit of its row: a fraction where that is %.
KINDS = (
    "text", "number", "amount", "gap", "percent", "date", "moment", "status", "light", "flag",
)  # fmt: skip


@attrs.frozen(kw_only=True)
class ColumnView:
    """A column: its key, what it holds, and a value a row (None: nothing known).

    `units` are the units of the rows where `kind` is ``amount`` or ``gap``. `title` is
    a heading of the user's own, for attributes of events; None: the key has a word.
    """

    key: str
    kind: str
    values: Sequence[Any]
    units: Sequence[str | None] = ()
    title: str | None = None


@attrs.frozen(kw_only=True)
class SheetView:
    """A table of the workbook: columns of one length."""

    key: str
    columns: tuple[ColumnView, ...]

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return len(self.columns[0].values) if self.columns else 0


_TARGETS = {
    "measure": "measure", "goal": "goal", "required": "amount", "actual": "amount",
    "completion": "percent", "status": "status", "light": "light", "shortfall": "gap",
    "overdue": "gap", "windows": "number", "windows_due": "number", "windows_met": "number",
    "windows_missed": "number", "members": "number", "members_met": "number",
}  # fmt: skip
_STANDINGS = {
    "subject": "text", "window": "text", "start": "date", "end": "date", "required": "amount",
    "actual": "amount", "completion": "percent", "expected": "amount", "status": "status",
    "light": "light", "shortfall": "gap", "recoverable": "flag", "days_left": "number",
    "events": "number", "last_event": "date",
}  # fmt: skip
_SHORTFALLS = {
    "subject": "text", "window": "text", "start": "date", "end": "date", "required": "amount",
    "actual": "amount", "status": "status", "light": "light", "shortfall": "gap",
    "recoverable": "flag", "by": "date", "days_left": "number", "needed_per_week": "gap",
    "needed_per_month": "gap", "pace_per_week": "gap", "reached_on": "date",
}  # fmt: skip
_EVENTS = {
    "id": "text", "kind": "text", "date": "date", "end": "date", "quantity": "number",
    "unit": "text", "subject": "text", "organisation": "text", "evidence": "text",
    "note": "text", "recorded_at": "moment", "void": "flag",
}  # fmt: skip


def sheet_views(assessment: Assessment) -> tuple[SheetView, ...]:
    """The frames `targets`, `standings`, `shortfalls` and `events` as sheets.

    Events that stayed in another engine have none.
    """
    sheets = (
        _sheet("targets", assessment.targets, (_TARGETS, assessment)),
        _sheet("standings", assessment.standings, (_STANDINGS, assessment)),
        _sheet("shortfalls", assessment.shortfalls, (_SHORTFALLS, assessment)),
    )
    try:
        return (*sheets, _events_sheet(assessment.events))
    except EngineError:
        return sheets


def _sheet(key: str, frame: pd.DataFrame, told: tuple[Mapping[str, str], Assessment]) -> SheetView:
    kinds, assessment = told
    plan = assessment.plan
    labels = {target.id: target.label for target in plan.targets}
    units = {target.id: target.unit for target in plan.targets}
    members = {one.id: one.label for roster in plan.rosters.values() for one in roster}
    ids = frame["target"]
    row_units = _mapped(ids, units)
    columns = []
    if assessment.organisations:
        columns.append(_text("organisation", _mapped(frame["organisation"], members)))
    columns.append(_text("commitment", _mapped(frame["commitment"], {})))
    columns.append(_text("target", _mapped(ids, labels)))
    for name, kind in kinds.items():
        if kind in ("text", "measure", "goal"):
            values = _mapped(frame[name], members if name == "subject" else {})
            columns.append(ColumnView(key=name, kind=kind, values=values))
        else:
            values = _values(frame[name])
            if kind == "status":
                values = _shown(values, ids, assessment)
            columns.append(ColumnView(key=name, kind=kind, values=values, units=row_units))
    columns.insert(3 if assessment.organisations else 2, _text("unit", row_units))
    return SheetView(key=key, columns=tuple(columns))


def _shown(statuses: list[Any], ids: Any, assessment: Assessment) -> list[Any]:
    """Statuses as they are shown: an allowance is not behind, it is used too fast."""
    specs = plan_specs(assessment.plan, assessment.as_of)
    allowances = {
        target.id
        for target, spec in zip(assessment.plan.targets, specs, strict=True)
        if spec.is_allowance
    }
    codes, uniques = pd.factorize(ids)
    table = np.array([one in allowances for one in uniques] + [False], dtype=bool)
    return [
        USED_FAST if is_allowance and status == "behind" else status
        for status, is_allowance in zip(statuses, table[codes].tolist(), strict=True)
    ]


def _text(key: str, values: Sequence[Any]) -> ColumnView:
    return ColumnView(key=key, kind="text", values=values)


def _mapped(column: Any, names: Mapping[str, str | None]) -> list[str | None]:
    """A text column with names put in place of ids, each different text cleaned once."""
    codes, uniques = pd.factorize(column)
    texts = [names.get(one, one) for one in uniques]
    table = [None if one is None else one_line(str(one)) for one in texts]
    table.append(None)
    return [table[code] for code in codes]


def _values(column: Any) -> list[Any]:
    """Plain Python values, None where something is missing; dates as dates."""
    if column.dtype.kind == "M":
        days = column.to_numpy().astype("datetime64[us]")
        return [None if one is None else one for one in days.astype(object)]
    if column.dtype.kind == "f":
        numbers = column.to_numpy()
        return [
            None if bad else one
            for one, bad in zip(numbers.tolist(), np.isnan(numbers), strict=True)
        ]
    known = column.notna().to_numpy()
    return [one if ok else None for one, ok in zip(column.tolist(), known, strict=True)]


def _events_sheet(events: pd.DataFrame) -> SheetView:
    columns = []
    for name in events.columns:
        kind = _EVENTS.get(name)
        if kind == "text":
            columns.append(_text(name, _mapped(events[name], {})))
        elif kind is not None:
            columns.append(ColumnView(key=name, kind=kind, values=_values(events[name])))
        else:
            values = [_attribute(one) for one in _values(events[name])]
            columns.append(
                ColumnView(key="attribute", kind="any", values=values, title=one_line(str(name)))
            )
    is_told = [any(value is not None for value in column.values) for column in columns]
    shown = [column for column, told in zip(columns, is_told, strict=True) if told]
    return SheetView(key="events", columns=tuple(shown or columns))


def _attribute(value: Any) -> Any:
    if value is None or isinstance(value, bool | int | float | dt.date):
        return value
    return one_line(str(value))
