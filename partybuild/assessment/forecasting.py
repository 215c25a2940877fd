"""`forecast`: how likely an open window still reaches its goal, and where it will end.

The model is stated so that it can be argued with. Events come at a steady rate
that nobody knows exactly: a Poisson process whose rate has the gamma
distribution that Jeffreys' prior and the evidence give (shape 1/2 + events
seen, per days seen). What is still to come in a window is then negative
binomial: Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6. A total
is a compound of that number and of the quantities seen; its upper part is
approximated by a gamma distribution of the same mean and variance (Wilson and
Hilferty, 1931); to few quantities one spread like an exponential is added.
Levels, ratios and growths are not countable and get no forecast.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from statistics import NormalDist
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.errors import UsageError
from partybuild.grid import Floats, Ints, TargetGrid, day_number, day_of
from partybuild.periods import shift_years, whole_years
from partybuild.reduce.cells import Rows
from partybuild.reduce.facts import Facts
from partybuild.reduce.picks import Ask, Picker

#: The measures that are forecast.
COUNTABLE = ("count", "distinct", "total")

_PRIOR_SHAPE = 0.5
_MOST_TERMS = 200_000
_MOST_YEARS = 3
_NORMAL = NormalDist()


@attrs.frozen(kw_only=True)
class Evidence:
    """What the pace is judged by: events seen in a number of days, and their quantities."""

    events: float
    days: float
    mean: float = 1.0
    variance: float = 0.0


@attrs.frozen(kw_only=True)
class Prediction:
    """The end value of one window: its median, an interval, and the chance of the goal."""

    median: float
    low: float
    high: float
    probability: float | None


def predict(
    evidence: Evidence,
    *,
    days_left: int,
    needed: float | None,
    room: float | None = None,
    level: float = 0.8,
) -> Prediction:
    """Predict what is still to come in `days_left` days; all figures beyond the present value.

    `needed` is what a lower goal still lacks, `room` what an upper goal still
    allows; None: there is no such bound. `level` is the probability that the
    interval ``low``..``high`` should hold.

    >>> seen = Evidence(events=6, days=181)
    >>> ahead = predict(seen, days_left=184, needed=6)
    >>> ahead.low, ahead.median, ahead.high, round(ahead.probability, 2)
    (2.0, 6.0, 11.0, 0.57)
    """
    tail = (1 - level) / 2
    shape = evidence.events + _PRIOR_SHAPE
    odds = evidence.days / (evidence.days + days_left)
    numbers = _number_distribution(shape, odds)
    ends = (tail, 0.5, 1 - tail)
    if evidence.mean == 1 and evidence.variance == 0:
        low, median, high = (_quantile(numbers, share) for share in ends)
        below = [_at_most(numbers, bound) for bound in (_before(needed), room)]
    else:
        sum_ahead = _compound(shape, odds, evidence)
        low, median, high = (sum_ahead.quantile(share) for share in ends)
        below = [
            None if needed is None else sum_ahead.below(needed),
            None if room is None else sum_ahead.at_most(room),
        ]
    return Prediction(median=median, low=low, high=high, probability=_chance(below, needed, room))


def _chance(below: list[float | None], needed: float | None, room: float | None) -> float | None:
    """The probability that the sum reaches `needed` and keeps to `room`."""
    if needed is None and room is None:
        return None
    short = below[0] if needed is not None and below[0] is not None else 0.0
    kept = below[1] if room is not None and below[1] is not None else 1.0
    return min(1.0, max(0.0, kept - short))


def _before(needed: float | None) -> float | None:
    """The largest whole number that is still short of `needed`."""
    return None if needed is None else math.ceil(needed - 1e-9) - 1


def _number_distribution(shape: float, odds: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Probabilities of 0, 1, 2, ... more events: negative binomial, up to a negligible rest."""
    if odds >= 1:
        return np.array([1.0])
    mean = shape * (1 - odds) / odds
    spread = math.sqrt(mean / odds)
    terms = int(min(_MOST_TERMS, mean + 12 * spread + 60))
    steps = np.arange(1, terms)
    logs = np.concatenate([[0.0], np.cumsum(np.log((shape + steps - 1) / steps * (1 - odds)))])
    result: np.ndarray[tuple[int], np.dtype[np.float64]] = np.exp(shape * math.log(odds) + logs)
    return result


def _quantile(numbers: np.ndarray[tuple[int], np.dtype[np.float64]], share: float) -> float:
    return float(min(int(np.searchsorted(np.cumsum(numbers), share)), len(numbers) - 1))


def _at_most(
    numbers: np.ndarray[tuple[int], np.dtype[np.float64]], bound: float | None
) -> float | None:
    if bound is None:
        return None
    if bound < 0:
        return 0.0
    return float(numbers[: math.floor(bound + 1e-9) + 1].sum())


@attrs.frozen(kw_only=True)
class _Compound:
    """A sum of quantities: nothing at all with some probability, else nearly gamma."""

    nothing: float
    shape: float
    scale: float

    def quantile(self, share: float) -> float:
        """The value below which the sum stays with probability `share`."""
        if share <= self.nothing or self.scale == 0:
            return 0.0
        normal = _NORMAL.inv_cdf((share - self.nothing) / (1 - self.nothing))
        ninth = 1 / (9 * self.shape)
        cube: float = max(0.0, 1 - ninth + normal * math.sqrt(ninth)) ** 3
        return self.shape * self.scale * cube

    def below(self, bound: float) -> float:
        """The probability that the sum stays short of `bound`."""
        return 0.0 if bound <= 0 else self.at_most(bound)

    def at_most(self, bound: float) -> float:
        """The probability that the sum keeps to `bound`."""
        if bound <= 0:
            return 0.0 if bound < 0 else self.nothing
        ninth = 1 / (9 * self.shape)
        root = (bound / (self.shape * self.scale)) ** (1 / 3) if self.scale else math.inf
        inside = _NORMAL.cdf((root - 1 + ninth) / math.sqrt(ninth))
        return self.nothing + (1 - self.nothing) * inside


def _compound(shape: float, odds: float, evidence: Evidence) -> _Compound:
    mean = shape * (1 - odds) / odds
    number_variance = mean / odds
    nothing = odds**shape
    total = mean * evidence.mean
    # the mean quantity is itself uncertain, by its standard error
    known = max(1.0, evidence.events)
    variance = mean * evidence.variance + number_variance * evidence.mean**2
    variance += (mean**2 + number_variance) * evidence.variance / known
    if nothing >= 1 or total <= 0:
        return _Compound(nothing=1.0, shape=1.0, scale=0.0)
    # the moments of the sum, given that it is not nothing
    given = total / (1 - nothing)
    spread = max((variance + total**2) / (1 - nothing) - given**2, 1e-12 * given**2)
    return _Compound(nothing=nothing, shape=given**2 / spread, scale=spread / given)


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
    that its events reach back). Seasons are not looked at.

    Raises `UsageError` for a `level` outside 0..1.
    """
    if not 0 < level < 1:
        raise UsageError(f"level: got {level!r}; expected a probability between 0 and 1")
    seen = assessment.encoded_events()
    rows = [
        row
        for at, target in enumerate(assessment.plan.targets)
        if target.measure in COUNTABLE and target.entries is None
        for row in _target_rows(assessment, at, (seen, level, history_days))
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


@attrs.frozen(kw_only=True, eq=False)
class _Past:
    """The events of each unit up to `as_of`, and since when they are looked at."""

    rows: Rows
    starts: Ints
    is_distinct: bool

    def evidence(self, unit: int, *, elapsed: int) -> Evidence:
        own = self.rows.unit == unit
        days = float(elapsed - self.starts[unit] + 1)
        if self.is_distinct:
            assert self.rows.name_index is not None
            assert self.rows.name_code is not None
            names = self.rows.name_code[own[self.rows.name_index]]
            return Evidence(events=float(len(np.unique(names))), days=days)
        if self.rows.quantity is None or not own.any():
            return Evidence(events=float(own.sum()), days=days)
        quantity = self.rows.quantity[own]
        return Evidence(
            events=float(len(quantity)),
            days=days,
            mean=float(quantity.mean()),
            variance=_spread(quantity),
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
    )
    rows = Picker(facts=facts, conversions=assessment.plan.units).rows(ask, grid.units)
    span = day_number(grid.span.start)
    if history_days is None:
        first = int(rows.day.min(initial=span))
        history_days = 0 if target.measure == "distinct" else _whole_years(first, span)
    starts = np.maximum(span - history_days, grid.units.start)
    inside = (rows.day >= starts[rows.unit]) & (rows.day <= day_number(assessment.as_of))
    rows = rows.keep(inside & (rows.day <= grid.units.end[rows.unit]))
    return _Past(rows=rows, starts=starts, is_distinct=target.measure == "distinct")


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
