"""What is still to come, from what was seen: the model behind `forecast`.

The model is stated so that it can be argued with. Events come at a steady rate
that nobody knows exactly. In the plain case they are a Poisson process whose
rate has the gamma distribution that Jeffreys' prior and the evidence give
(shape 1/2 + events seen, per days seen), and what is still to come is negative
binomial: Gelman et al., Bayesian Data Analysis, 3rd ed., section 2.6.

Work rarely comes that way: meetings keep a rhythm, entries arrive in batches.
`dispersion` says how much, from the gaps between the events seen: in the long
run the variance of a number of events over its mean is the squared coefficient
of variation of the gaps (Cox, Renewal Theory, 1962, section 3.3). With a
dispersion d it is ticks that come as the plain case says, n / d of them were
seen, and d events come with each.

A total is a compound of the number of events and of the quantities seen; its
upper part is approximated by a gamma distribution of the same mean and variance
(Wilson and Hilferty, 1931); to few quantities one spread like an exponential is
added.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from statistics import NormalDist

import attrs
import numpy as np

from partybuild.grid import Floats

_PRIOR_SHAPE = 0.5
#: How many gaps the supposition of a Poisson process counts for.
_PRIOR_GAPS = 1.0
_MOST_TERMS = 200_000
_NORMAL = NormalDist()


@attrs.frozen(kw_only=True)
class Evidence:
    """What the pace is judged by: events seen in a number of days, and their quantities.

    `dispersion`: how unevenly events come, 1 as in a Poisson process, less where they
    keep a rhythm, more where they come in batches.
    """

    events: float
    days: float
    mean: float = 1.0
    variance: float = 0.0
    dispersion: float = 1.0


@attrs.frozen(kw_only=True)
class Prediction:
    """The end value of one window: its median, an interval, and the chance of the goal."""

    median: float
    low: float
    high: float
    probability: float | None


def dispersion(days: Iterable[Floats]) -> float:
    """How unevenly events come: the squared coefficient of variation of their gaps.

    `days` are the days of the events of each series, in order; several series (the
    members of a roster, say) are taken together. A Poisson process, 1, is supposed
    with the weight of one gap.

    >>> monthly, batches = np.arange(12) * 30.0, np.repeat([0.0, 90.0, 150.0, 270.0], 3)
    >>> round(dispersion([monthly]), 2), round(dispersion([batches]), 1)
    (0.09, 3.3)
    """
    weight = uneven = _PRIOR_GAPS
    for series in days:
        gaps = np.diff(series)
        number = len(gaps)
        if number < 2 or not gaps.any():
            continue
        # of exponential gaps the expectation is number / (number + 1)
        square = gaps.var(ddof=1) / gaps.mean() ** 2 * (number + 1) / number
        uneven += (number - 1) * float(square)
        weight += number - 1
    return uneven / weight


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
    interval ``low``..``high`` should hold. Whole numbers cannot be cut at exactly
    that: an end belongs to the interval when at least half of its own probability does.

    >>> seen = Evidence(events=6, days=181)
    >>> ahead = predict(seen, days_left=184, needed=6)
    >>> ahead.low, ahead.median, ahead.high, round(ahead.probability, 2)
    (3.0, 6.0, 11.0, 0.57)
    """
    tail = (1 - level) / 2
    below = _number_below(evidence, days_left)
    if evidence.mean == 1 and evidence.variance == 0:
        low, high = _ends(below, tail)
        median = _quantile(below, 0.5)
        ends = [_at_most(below, bound) for bound in (_before(needed), room)]
    else:
        ahead = _compound(below, evidence)
        low, median, high = (ahead.quantile(share) for share in (tail, 0.5, 1 - tail))
        ends = [
            None if needed is None else ahead.below(needed),
            None if room is None else ahead.at_most(room),
        ]
    chance = None if needed is None and room is None else _chance(ends[0], ends[1])
    return Prediction(median=median, low=low, high=high, probability=chance)


def _chance(short: float | None, kept: float | None) -> float:
    """The probability that the sum is not short of the one bound and keeps to the other."""
    chance = (1.0 if kept is None else kept) - (0.0 if short is None else short)
    return min(1.0, max(0.0, chance))


def _before(needed: float | None) -> float | None:
    """The largest whole number that is still short of `needed`."""
    return None if needed is None else math.ceil(needed - 1e-9) - 1


def _number_below(evidence: Evidence, days_left: int) -> Floats:
    """The probabilities of at most 0, 1, 2, ... more events, up to a negligible rest."""
    size = evidence.dispersion
    odds = evidence.days / (evidence.days + days_left)
    ticks = _negative_binomial(evidence.events / size + _PRIOR_SHAPE, odds)
    below: Floats = np.cumsum(ticks)
    if size == 1:
        return below
    # t ticks bring the whole part of t * size, and one more by the chance of the rest
    at = np.arange(len(ticks)) * size
    number = np.arange(int(at[-1]) + 2)
    upto = np.concatenate([[0.0], below])
    sums = np.concatenate([[0.0], np.cumsum(ticks * at)])
    whole = np.searchsorted(at, number + 1e-9, side="right")
    partly = np.searchsorted(at, number + 1 - 1e-9, side="left")
    rest = (upto[partly] - upto[whole]) * (number + 1) - (sums[partly] - sums[whole])
    number_below: Floats = np.minimum(1.0, upto[whole] + rest)
    return number_below


def _negative_binomial(shape: float, odds: float) -> Floats:
    if odds >= 1:
        return np.array([1.0])
    mean = shape * (1 - odds) / odds
    spread = math.sqrt(mean / odds)
    terms = int(min(_MOST_TERMS, mean + 12 * spread + 60))
    steps = np.arange(1, terms)
    logs = np.concatenate([[0.0], np.cumsum(np.log((shape + steps - 1) / steps * (1 - odds)))])
    result: Floats = np.exp(shape * math.log(odds) + logs)
    return result


def _ends(below: Floats, tail: float) -> tuple[float, float]:
    """The lowest and highest number of which half the probability lies between the tails."""
    middle = (below + np.concatenate([[0.0], below[:-1]])) / 2
    low = min(int(np.searchsorted(middle, tail - 1e-12)), len(below) - 1)
    high = int(np.searchsorted(middle, 1 - tail + 1e-12, side="right")) - 1
    return float(low), float(max(low, high))


def _quantile(below: Floats, share: float) -> float:
    return float(min(int(np.searchsorted(below, share)), len(below) - 1))


def _at_most(below: Floats, bound: float | None) -> float | None:
    if bound is None:
        return None
    if bound < 0:
        return 0.0
    return float(below[min(math.floor(bound + 1e-9), len(below) - 1)])


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


def _compound(below: Floats, evidence: Evidence) -> _Compound:
    chances = np.diff(below, prepend=0.0)
    numbers = np.arange(len(chances))
    mean = float(chances @ numbers)
    number_variance = float(chances @ (numbers - mean) ** 2)
    nothing, total = float(below[0]), mean * evidence.mean
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
