"""Do 80% intervals hold four outcomes of five? On simulated years, and on the example year.

Whole numbers cannot be cut at exactly 80%. Two counts of hits are used: the plain one, and
one that counts an outcome at an end of the middle 80% by the part of it that lies inside
(Czado, Gneiting and Held, Predictive model assessment for count data, 2009).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from partybuild.assessment import forecasting
from partybuild.assessment.assessment import assess
from partybuild.assessment.forecasting import forecast
from partybuild.assessment.predicting import Evidence, dispersion, predict
from partybuild.events import holding_rows
from partybuild.plan import Plan
from partybuild.sources.events import read_events
from partybuild.sources.plans import read_plan

DATA = Path(__file__).parent.parent.parent / "examples" / "data"
YEAR = 365
Random = np.random.Generator


def plain(random: Random, own: float) -> Any:
    return random.uniform(0, YEAR, random.poisson(own * YEAR))


def workdays(random: Random, own: float) -> Any:
    days = random.uniform(0, YEAR, random.poisson(own * YEAR * 7 / 5))
    return days[np.floor(days) % 7 < 5]


def seasons(random: Random, own: float) -> Any:
    """Up to 15% more or less than the mean of the year, the peak at any time."""
    days = random.uniform(0, YEAR, random.poisson(own * YEAR * 1.15))
    wave = np.sin(2 * np.pi * days / YEAR + random.uniform(0, 2 * np.pi))
    return days[random.uniform(size=len(days)) < (1 + 0.15 * wave) / 1.15]


def batches(random: Random, own: float) -> Any:
    """Written down two at a time in the mean."""
    days = random.uniform(0, YEAR, random.poisson(own * YEAR / 2))
    return np.repeat(days, random.geometric(1 / 2, len(days)))


def good_and_bad_months(random: Random, own: float) -> Any:
    pace = random.gamma(16, 1 / 16, 12)
    months = [random.poisson(own * YEAR / 12 * one) for one in pace]
    starts = np.repeat(np.arange(12) * YEAR / 12, months)
    return starts + random.uniform(0, YEAR / 12, len(starts))


def loose_rhythm(random: Random, own: float) -> Any:
    gaps = random.gamma(2, 1 / (2 * own), int(own * YEAR * 2) + 30)
    days = np.cumsum(gaps) - random.uniform(0, 1 / own)
    return days[(days >= 0) & (days < YEAR)]


WORLDS = (plain, workdays, seasons, batches, good_and_bad_months, loose_rhythm)


@pytest.mark.parametrize("world", WORLDS, ids=lambda one: one.__name__)
def test_simulated_years(world: Callable[[Random, float], Any]) -> None:
    random = np.random.default_rng(2021)
    hits = []
    for rate in (0.01, 0.03, 0.1):
        for _ in range(120):
            days = np.sort(np.floor(world(random, rate * random.gamma(4, 0.25))))
            for elapsed in (60, 120, 181, 240, 300):
                seen = days[days < elapsed]
                evidence = Evidence(events=len(seen), days=elapsed, dispersion=dispersion([seen]))
                ahead = predict(evidence, days_left=YEAR - elapsed, needed=None)
                hits.append(ahead.low <= (days >= elapsed).sum() <= ahead.high)
    # small numbers and a rhythm make an interval hold more, never much less
    assert 0.75 <= np.mean(hits) <= (0.88 if world is loose_rhythm else 0.85)


def test_simulated_totals() -> None:
    random = np.random.default_rng(2022)
    hits = []
    for rate in (0.03, 0.1, 0.3):
        for _ in range(200):
            days = np.sort(np.floor(plain(random, rate * random.gamma(4, 0.25))))
            sizes = random.gamma(2, 5, len(days))
            for elapsed in (90, 181, 270):
                seen, rest = sizes[days < elapsed], sizes[days >= elapsed].sum()
                if len(seen) < 2:
                    continue  # what a quantity is like is hardly known
                spread = (((seen - seen.mean()) ** 2).sum() + seen.mean() ** 2) / len(seen)
                evidence = Evidence(
                    events=len(seen),
                    days=elapsed,
                    mean=seen.mean(),
                    variance=spread,
                    dispersion=dispersion([days[days < elapsed]]),
                )
                ahead = predict(evidence, days_left=YEAR - elapsed, needed=None)
                hits.append(ahead.low <= rest <= ahead.high)
    assert 0.75 <= np.mean(hits) <= 0.85


def example_events() -> pd.DataFrame:
    return read_events(DATA / "events.csv")


def outlooks(plan: Plan, by: str | None = None) -> Iterator[tuple[pd.DataFrame, pd.Series[Any]]]:
    """The forecast of every other week of the year, and what the year came to."""
    events = example_events()
    keys = ["organisation", "target", "subject", "window"]
    final = assess(plan, events, as_of=plan.end, by=by).standings
    final = final.assign(final=final["actual"])[[*keys, "final"]].astype(
        dict.fromkeys(keys, object)
    )
    for week in range(2, 52, 2):
        as_of = plan.start + dt.timedelta(weeks=week)
        # what was written down later is not known yet
        ahead = forecast(assess(plan, events, as_of=as_of, known_at=as_of, by=by))
        merged = ahead.astype(dict.fromkeys(keys, object)).merge(final, on=keys, how="left")
        yield ahead, merged["final"]


@pytest.mark.parametrize("by", [None, "organisation"])
def test_counts_of_the_held_back_year(by: str | None) -> None:
    """Every kind of event of the example year, in all and village by village."""
    events = example_events()
    held = events[holding_rows(events)]
    inside = held[(held["date"] >= "2021-01-01") & (held["date"] <= "2021-12-31")]
    counts = inside["kind"].value_counts()
    plan = Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        rosters={"organisations": sorted(inside["organisation"].dropna().unique())},
        commitment=[
            {
                "id": "1",
                "target": [
                    {"id": f"t{at}", "measure": "count", "kind": kind, "at_least": "X"}
                    for at, kind in enumerate(counts[counts >= 3].index)
                ],
            }
        ],
    )
    hits = []
    for ahead, final in outlooks(plan, by):
        # before a second event there is no pace to speak of
        has_begun = (ahead["events_seen"] > 1).to_numpy()
        hits += ((ahead["low"] <= final) & (final <= ahead["high"]))[has_begun].tolist()
    assert len(hits) > 300
    assert 0.75 <= np.mean(hits) <= 0.85


def test_targets_of_the_held_back_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The plans of the example year themselves: sums of money, members, weeks and months."""
    asked: list[tuple[Evidence, int]] = []

    def listening(evidence: Evidence, **given: Any) -> Any:
        asked.append((evidence, given["days_left"]))
        return predict(evidence, **given)

    monkeypatch.setattr(forecasting, "predict", listening)
    parts, hits = [], []
    for name, by in (("plan.toml", None), ("plan-villages.toml", "organisation")):
        for ahead, final in outlooks(read_plan(DATA / name), by):
            for (evidence, days_left), rest in zip(asked, final - ahead["actual"], strict=True):
                parts.append(part_inside(evidence, days_left, rest))
            hits += ((ahead["low"] <= final + 1e-9) & (final <= ahead["high"] + 1e-9)).tolist()
            asked.clear()
    assert len(parts) > 1000
    assert 0.75 <= np.mean(parts) <= 0.85
    # where one number has more than 80% to itself, the plain count cannot be less
    assert np.mean(hits) >= 0.75


def part_inside(evidence: Evidence, days_left: int, rest: float) -> float:
    """How much of an outcome's own probability lies in the middle 80%."""
    reached = predict(evidence, days_left=days_left, needed=rest).probability
    high = predict(evidence, days_left=days_left, needed=None, room=rest).probability
    assert reached is not None
    assert high is not None
    low = 1 - reached
    if high - low < 1e-12:
        return float(0.1 <= low <= 0.9)
    return max(0.0, min(high, 0.9) - max(low, 0.1)) / (high - low)
