"""`forecast`: how likely an open window still reaches its goal, and where it will end.

The model stands in `predicting`; here is what it is told. The pace of a unit
(an organisation, a member) is that of its own events; how evenly they come is
taken from all units of the target together. Levels, ratios and growths are not
countable and get no forecast.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.assessment.predicting import Evidence, dispersion, predict
from partybuild.errors import UsageError
from partybuild.faults import checked_number
from partybuild.grid import Floats, Ints, TargetGrid, day_number, day_of
from partybuild.periods import shift_years, whole_years
from partybuild.reduce.cells import Rows
from partybuild.reduce.facts import Facts
from partybuild.reduce.picks import Ask, Picker

#: The measures that are forecast.
COUNTABLE = ("count", "distinct", "total")

_MOST_YEARS = 3


def forecast(
    assessment: Assessment, *, level: float = 0.8, history_days: int | None = None
) -> pd.DataFrame:
    """Forecast every open window of a countable target: `COUNTABLE`, and no running totals.

    Columns: organisation, commitment, target, subject, window, end, required,
    actual, low, median, high (of the end value, `level` the probability that
    low..high holds it), probability (that the goal will be met; NaN without a
    goal), events_seen, days_seen (the evidence).

    The pace is that of the target's events since the beginning of its span, and
    of `history_days` days before it (None: the whole earlier years, at most three,
    that its events reach back). How evenly they come widens or narrows the interval;
    seasons are not looked at.

    Raises `UsageError` for a `level` outside 0..1, and for what is no assessment or number.

    >>> from partybuild.assessment.assessment import assess
    >>> from partybuild.plan import Plan
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 6}]}])
    >>> months = [f"2021-0{month}-15" for month in (1, 2, 3, 4, 5, 6)]
    >>> events = pd.DataFrame({"id": months, "kind": "督查", "date": months})
    >>> forecast(assess(plan, events, as_of="2021-06-30"))[["actual", "probability"]]
       actual  probability
    0     6.0          1.0
    """
    checked_assessment(assessment)
    expected = "a probability between 0 and 1"
    if not 0 < checked_number(level, name="level", expected=expected) < 1:
        raise UsageError(f"level: got {level!r}; expected {expected}")
    if history_days is not None:
        expected = "a number of days from 0 up, or None"
        if checked_number(history_days, name="history_days", expected=expected) < 0:
            raise UsageError(f"history_days: got {history_days!r}; expected {expected}")
    places = [
        at
        for at, target in enumerate(assessment.plan.targets)
        if target.measure in COUNTABLE and target.entries is None
    ]
    kinds = [kind for at in places for kind in assessment.plan.targets[at].kinds]
    seen = assessment.encoded_events(kinds)
    rows = [
        row for at in places for row in _target_rows(assessment, at, (seen, level, history_days))
    ]
    return pd.DataFrame(rows, columns=[*_KEYS, *_FORECASTS])


def _target_rows(
    assessment: Assessment, at: int, told: tuple[Facts, float, int | None]
) -> Iterator[dict[str, Any]]:
    facts, level, history_days = told
    grid = assessment.grid.targets[at]
    past = _past(assessment, at, (facts, history_days))
    part = assessment.grid.part(at)
    standings = assessment.standings.iloc[part]
    as_of = day_number(assessment.as_of)
    is_open = (grid.start <= as_of) & (as_of < grid.end)
    for cell in np.flatnonzero(is_open):
        row = standings.iloc[int(cell)]
        if row["status"] == "waived" or pd.isna(row["actual"]):
            continue
        evidence = past.evidence(int(grid.unit[cell]), elapsed=as_of)
        yield _forecast_row(row, grid, (evidence, int(grid.end[cell]) - as_of, level))


def _forecast_row(
    row: pd.Series[Any], grid: TargetGrid, told: tuple[Evidence, int, float]
) -> dict[str, Any]:
    evidence, days_left, level = told
    bounds, actual = grid.target.bounds, float(row["actual"])
    needed = room = None
    if bounds is not None and not pd.isna(row["required"]):
        # a band's upper end lies as far above its lower one as in the plan
        width = (bounds.high or 0.0) - (bounds.low or 0.0) if bounds.side == "band" else 0.0
        needed = None if bounds.side == "upper" else float(row["required"]) - actual
        room = None if bounds.side == "lower" else float(row["required"]) + width - actual
    ahead = predict(evidence, days_left=days_left, needed=needed, room=room, level=level)
    return {
        **{key: row[key] for key in _KEYS},
        "low": actual + ahead.low,
        "median": actual + ahead.median,
        "high": actual + ahead.high,
        "probability": ahead.probability,
        "events_seen": evidence.events,
        "days_seen": evidence.days,
    }


@attrs.frozen(kw_only=True, eq=False, slots=False)
class _Past:
    """The events of each unit up to `as_of`, and since when they are looked at.

    `unit`, `day` and `quantity` (None: 1 each) are parallel, unit by unit, day by day.
    """

    unit: Ints
    day: Ints
    quantity: Floats | None
    starts: Ints

    @classmethod
    def of(cls, rows: Rows, starts: Ints, *, is_distinct: bool) -> _Past:
        """Put rows in order; of `distinct` only the first day of each name is kept."""
        unit, day, quantity = rows.unit, rows.day, rows.quantity
        if is_distinct:
            assert rows.name_index is not None
            assert rows.name_code is not None
            names = pd.DataFrame(
                {
                    "unit": unit[rows.name_index],
                    "name": rows.name_code,
                    "day": day[rows.name_index],
                }
            )
            first = names.groupby(["unit", "name"], sort=False)["day"].min().reset_index()
            unit, day, quantity = first["unit"].to_numpy(), first["day"].to_numpy(), None
        order = np.lexsort((day, unit))
        quantity = None if quantity is None else quantity[order]
        return cls(unit=unit[order], day=day[order], quantity=quantity, starts=starts)

    def part(self, unit: int) -> slice:
        """Where the events of a unit stand."""
        first, last = np.searchsorted(self.unit, [unit, unit + 1])
        return slice(int(first), int(last))

    @cached_property
    def dispersion(self) -> float:
        """How unevenly the events come, all units together."""
        limits = np.flatnonzero(np.diff(self.unit)) + 1
        return dispersion(np.split(self.day.astype(np.float64), limits))

    def evidence(self, unit: int, *, elapsed: int) -> Evidence:
        """What is known of the pace of one unit."""
        part = self.part(unit)
        quantity = None if self.quantity is None else self.quantity[part]
        has_sizes = quantity is not None and len(quantity) > 0
        return Evidence(
            events=float(part.stop - part.start),
            days=float(elapsed - self.starts[unit] + 1),
            mean=float(quantity.mean()) if quantity is not None and has_sizes else 1.0,
            variance=_spread(quantity) if quantity is not None and has_sizes else 0.0,
            dispersion=self.dispersion,
        )


def _spread(quantity: Floats) -> float:
    """Variance of quantities; one more, spread like an exponential, stands in for few of them."""
    if (quantity == 1).all():
        return 0.0
    return float((((quantity - quantity.mean()) ** 2).sum() + quantity.mean() ** 2) / len(quantity))


def _past(assessment: Assessment, at: int, told: tuple[Facts, int | None]) -> _Past:
    facts, history_days = told
    grid, target = assessment.grid.targets[at], assessment.plan.targets[at]
    ask = Ask(
        measure=target.measure,
        kinds=target.kinds,
        where=tuple(target.where.items()),
        unit=target.unit,
        each=target.each,
        is_nil_return=target.nil_return,
    )
    rows = Picker(facts=facts, conversions=assessment.plan.units).rows(ask, grid.units)
    span = day_number(grid.span.start)
    if history_days is None:
        first = int(rows.day.min(initial=span))
        history_days = 0 if target.measure == "distinct" else _whole_years(first, span)
    starts = np.maximum(span - history_days, grid.units.start)
    if rows.attesting is not None and target.measure != "total":
        # the report that nothing happened is nothing that happened
        rows = rows.keep(rows.attesting != 0)
    inside = (rows.day >= starts[rows.unit]) & (rows.day <= day_number(assessment.as_of))
    rows = rows.keep(inside & (rows.day <= grid.units.end[rows.unit]))
    return _Past.of(rows, starts, is_distinct=target.measure == "distinct")


def _whole_years(first: int, span: int) -> int:
    """Days of the whole years, at most three, that lie between `first` and `span`."""
    begin = day_of(span)
    years = min(_MOST_YEARS, whole_years(day_of(first), begin))
    return span - day_number(shift_years(begin, -years))


_FORECASTS = ("low", "median", "high", "probability", "events_seen", "days_seen")
_KEYS = (
    "organisation",
    "commitment",
    "target",
    "subject",
    "window",
    "end",
    "required",
    "actual",
)
