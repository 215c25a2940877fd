"""`compare`: what changed between two assessments, and which events moved it."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.errors import EngineError, UsageError
from partybuild.events import holding_rows
from partybuild.grid import Bools

_STANDING_KEYS = ["organisation", "commitment", "target", "subject", "window"]
_TARGET_KEYS = ["organisation", "commitment", "target"]
_FIGURES = ("required", "actual", "completion", "shortfall", "status")
_TOLERANCE = 1e-9


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Comparison:
    """What lies between two assessments, `before` and `after`.

    Three frames, empty for two assessments of the same plan and the same events:

    - `statuses`: targets whose status changed. Columns: organisation, commitment,
      target, before, after.
    - `figures`: figures of standings that moved. Columns: organisation, commitment,
      target, subject, window, figure, before, after, events (ids behind it).
    - `events`: what counts on one side only, or was corrected. Columns: id, change
      (``added``, ``withdrawn``, ``corrected``, ``came-due``), kind, date, quantity,
      subject, organisation, recorded_at.

    NaN means unknown, or what one of the two plans does not have.
    """

    before: Assessment
    after: Assessment

    @cached_property
    def statuses(self) -> pd.DataFrame:
        """Targets whose status changed: organisation, commitment, target, before, after.

        A target that one of the two plans does not have is missing on that side.
        """
        both = _joined(self.before.targets, self.after.targets, _TARGET_KEYS)
        changed = both[_differs(both["status_before"], both["status_after"])]
        named = changed[[*_TARGET_KEYS, "status_before", "status_after"]]
        named = named.rename(columns={"status_before": "before", "status_after": "after"})
        return named.reset_index(drop=True)

    @cached_property
    def figures(self) -> pd.DataFrame:
        """Standings with a figure that moved, one row a figure.

        Columns: organisation, commitment, target, subject, window, figure
        (required, actual, completion, shortfall or status), before, after, events
        (a tuple of the ids of the target's kinds that changed in between).
        """
        both = _joined(self.before.standings, self.after.standings, _STANDING_KEYS)
        parts = []
        for figure in _FIGURES:
            old, new = both[f"{figure}_before"], both[f"{figure}_after"]
            rows = both.loc[_differs(old, new), _STANDING_KEYS]
            parts.append(rows.assign(figure=figure, before=old[rows.index], after=new[rows.index]))
        moved = pd.concat(parts).sort_index(kind="stable").reset_index(drop=True)
        behind = [
            self._events_of(target, organisation)
            for target, organisation in zip(moved["target"], moved["organisation"], strict=True)
        ]
        return moved.assign(events=pd.Series(behind, index=moved.index, dtype=object))

    def _events_of(self, target: str, organisation: str | None) -> tuple[str, ...]:
        kinds = {
            kind
            for side in (self.before, self.after)
            for one in side.plan.targets
            if one.id == target
            for kind in one.kinds
        }
        moved = self.events["kind"].isin(kinds)
        if self.after.organisations:
            moved &= self.events["organisation"] == organisation
        return tuple(self.events.loc[moved, "id"])

    @cached_property
    def events(self) -> pd.DataFrame:
        """The events that count on one side only, or were corrected in between.

        Columns: id, change (``added``, ``withdrawn``, ``corrected``, or
        ``came-due``: known before, dated since), kind, date, quantity, subject,
        organisation, recorded_at, as they stand after (before, where withdrawn).
        """
        old, new = _held(self.before), _held(self.after)
        is_old = new.index.isin(old.index)
        common = new.index[is_old]
        corrected = _changed_rows(old.loc[common], new.loc[common])
        came_due = ~_counts(old.loc[common], self.before) & _counts(new.loc[common], self.after)
        parts = [
            new[~is_old & _counts(new, self.after)].assign(change="added"),
            new.loc[common[corrected]].assign(change="corrected"),
            new.loc[common[~corrected & came_due]].assign(change="came-due"),
            old[~old.index.isin(new.index)].assign(change="withdrawn"),
        ]
        shown = ["change", "kind", "date", "quantity", "subject", "organisation", "recorded_at"]
        frame: pd.DataFrame = pd.concat([part[shown] for part in parts])
        return frame.reset_index(names="id")

    def __bool__(self) -> bool:
        """Whether anything changed."""
        return bool(len(self.statuses) or len(self.figures))

    def __repr__(self) -> str:
        return (
            f"<Comparison: {len(self.statuses)} statuses, {len(self.figures)} figures, "
            f"{len(self.events)} events changed>"
        )

    def _repr_html_(self) -> str:
        tables = {"statuses": self.statuses, "figures": self.figures, "events": self.events}
        return "".join(
            f"<h4>{name} ({len(frame)})</h4>{frame.to_html(index=False, border=0)}"
            for name, frame in tables.items()
        )


def compare(before: Assessment, after: Assessment) -> Comparison:
    """Say what changed from one assessment to another, and which events moved it.

    They may differ in `as_of`, `known_at`, events or plan; both must be assessed
    as a whole, or both by organisation. Raises `UsageError` otherwise.

    >>> from partybuild.assessment.assessment import assess
    >>> from partybuild.plan import Plan
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 1}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"],
    ...     "recorded_at": ["2022-01-08"]})
    >>> then = assess(plan, events, as_of="2021-12-31", known_at="2021-12-31")
    >>> change = compare(then, assess(plan, events, as_of="2021-12-31"))
    >>> change.statuses[["target", "before", "after"]].values.tolist()
    [['t', 'missed', 'met']]
    >>> change.events[["id", "change"]].values.tolist()
    [['a', 'added']]
    """
    checked_assessment(before, "before")
    checked_assessment(after, "after")
    if bool(before.organisations) != bool(after.organisations):
        raise UsageError("compare: one assessment is by organisation, the other is not")
    return Comparison(before=before, after=after)


def _joined(old: pd.DataFrame, new: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Both frames side by side, rows in the order of `new`, then what only `old` has."""
    columns = [*keys, *(figure for figure in _FIGURES if figure in new.columns)]
    left, right = (frame[columns].astype(dict.fromkeys(keys, "str")) for frame in (new, old))
    return left.merge(right, how="outer", on=keys, suffixes=("_after", "_before"), sort=False)


def _differs(old: pd.Series[Any], new: pd.Series[Any]) -> Bools:
    """Whether two columns differ, up to rounding; missing on both sides is the same."""
    if pd.api.types.is_numeric_dtype(old) and pd.api.types.is_numeric_dtype(new):
        a, b = old.to_numpy(dtype=np.float64), new.to_numpy(dtype=np.float64)
        close: Bools = np.isclose(a, b, rtol=_TOLERANCE, atol=_TOLERANCE, equal_nan=True)
        return ~close
    texts = [side.astype("str").fillna("").to_numpy(dtype=object) for side in (old, new)]
    result: Bools = np.asarray(texts[0] != texts[1], dtype=np.bool_)
    return result


def _held(assessment: Assessment) -> pd.DataFrame:
    """The records that hold, by id."""
    try:
        events = assessment.events
    except EngineError:
        # from another engine only what the plan looks at is fetched
        events = assessment.events_of(assessment.plan.kinds)
    holds = holding_rows(events, known_at=assessment.known_at)
    held: pd.DataFrame = events[holds]
    return held.set_index("id")


def _counts(frame: pd.DataFrame, assessment: Assessment) -> Bools:
    result: Bools = (frame["date"] <= pd.Timestamp(assessment.as_of)).to_numpy()
    return result


def _changed_rows(old: pd.DataFrame, new: pd.DataFrame) -> Bools:
    """Which rows say something else, attributes included; the time of recording aside."""
    changed = np.zeros(len(new), dtype=bool)
    for column in dict.fromkeys([*old.columns, *new.columns]):
        if column == "recorded_at":
            continue
        if column not in old.columns or column not in new.columns:
            present = old[column] if column in old.columns else new[column]
            changed |= present.notna().to_numpy()
            continue
        changed |= _differs(old[column], new[column])
    return changed
