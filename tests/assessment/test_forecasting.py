"""Forecasts: exact where they can be, honest where they cannot."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pandas as pd
import pytest

from partybuild.assessment.assessment import Assessment, assess
from partybuild.assessment.forecasting import forecast
from partybuild.assessment.predicting import Evidence, dispersion, predict
from partybuild.errors import UsageError
from partybuild.plan import Plan

HALF = 181  # days of January to June 2021, 184 are left


def year(days: list[str], quantity: float = 1.0, **target: object) -> Assessment:
    plan = Plan(
        id="2021",
        start="2021-01-01",
        end="2021-12-31",
        commitment=[{"id": "1", "target": [{"id": "t", "kind": "督查", **target}]}],
    )
    events = pd.DataFrame(
        {
            "id": [f"e{at}" for at in range(len(days))],
            "kind": "督查",
            "date": days,
            "quantity": quantity,
        }
    )
    return assess(plan, events, as_of="2021-06-30")


def test_negative_binomial_by_hand() -> None:
    # shape 1/2, odds 1/2: P(0) = sqrt(1/2), P(1) = sqrt(1/2) / 4
    ahead = predict(Evidence(events=0, days=100), days_left=100, needed=1)
    assert ahead.probability == pytest.approx(1 - math.sqrt(0.5))
    ahead = predict(Evidence(events=0, days=100), days_left=100, needed=2)
    assert ahead.probability == pytest.approx(1 - math.sqrt(0.5) * 1.25)


def test_what_is_reached_is_certain_and_what_is_exceeded_is_lost() -> None:
    seen = Evidence(events=5, days=HALF)
    assert predict(seen, days_left=184, needed=0).probability == 1
    assert predict(seen, days_left=184, needed=None, room=-1).probability == 0
    totals = Evidence(events=5, days=HALF, mean=3.5, variance=2.0)
    assert predict(totals, days_left=184, needed=-2).probability == 1
    assert predict(totals, days_left=184, needed=None, room=-0.5).probability == 0


def test_without_a_goal_there_is_no_probability() -> None:
    assert predict(Evidence(events=5, days=HALF), days_left=184, needed=None).probability is None


@pytest.mark.parametrize("rate", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("is_total", [False, True])
def test_intervals_hold_as_often_as_they_say(rate: float, is_total: bool) -> None:
    rng = np.random.default_rng(20211231)
    hits, chances, outcomes = [], [], []
    for _ in range(1200):
        # the rate itself differs from office to office, as the model supposes
        own = rate * rng.gamma(2, 0.5)
        seen, ahead = rng.poisson(own * HALF), rng.poisson(own * 184)
        sizes = rng.gamma(2, 5, size=seen) if is_total else np.ones(seen)
        rest = rng.gamma(2, 5, size=ahead).sum() if is_total else float(ahead)
        goal = rate * 184 * (10 if is_total else 1)
        evidence = Evidence(events=float(seen), days=HALF)
        if is_total and seen:
            spread = (((sizes - sizes.mean()) ** 2).sum() + sizes.mean() ** 2) / seen
            evidence = Evidence(events=seen, days=HALF, mean=sizes.mean(), variance=spread)
        elif is_total:
            continue  # nothing seen: what a quantity is like is not known
        found = predict(evidence, days_left=184, needed=goal)
        assert found.probability is not None
        hits.append(found.low <= rest <= found.high)
        chances.append(found.probability)
        outcomes.append(rest >= goal)
    assert 0.75 <= np.mean(hits) <= 0.85
    assert np.mean(outcomes) == pytest.approx(np.mean(chances), abs=0.06)


def test_frame_of_an_open_year() -> None:
    days = [(dt.date(2021, 1, 15) + dt.timedelta(days=30 * at)).isoformat() for at in range(6)]
    row = forecast(year(days, measure="count", at_least=12)).iloc[0]
    assert (row["actual"], row["events_seen"], row["days_seen"]) == (6, 6, HALF)
    assert row["low"] < row["median"] < row["high"]
    assert 0.4 < row["probability"] < 0.8


def test_upper_goals_and_bands() -> None:
    days = ["2021-02-01", "2021-04-01"]
    cap = forecast(year(days, measure="count", at_most=2)).iloc[0]["probability"]
    band = forecast(year(days, measure="count", between=[3, 4])).iloc[0]["probability"]
    floor = forecast(year(days, measure="count", at_least=3)).iloc[0]["probability"]
    assert cap == pytest.approx(1 - floor)
    assert 0 < band < floor


def test_levels_and_running_totals_get_no_forecast() -> None:
    days = ["2021-02-01"]
    for target in (
        {"measure": "latest", "at_least": 0.9},
        {"measure": "total", "entries": "running", "at_least": 9},
        {"measure": "days", "at_least": 60},
    ):
        assert forecast(year(days, **target)).empty


def test_closed_windows_get_no_forecast() -> None:
    frame = forecast(year(["2021-02-01"], measure="count", at_least=1, per="quarter"))
    assert frame.empty  # Q2 closes on as_of, Q3 has not begun


def test_whole_earlier_years_are_evidence() -> None:
    days = ["2019-01-01", "2019-06-01", "2020-03-01", "2021-02-01"]
    row = forecast(year(days, measure="count", at_least=12)).iloc[0]
    assert (row["events_seen"], row["days_seen"]) == (4, HALF + 731)
    only = forecast(year(days, measure="count", at_least=12), history_days=0).iloc[0]
    assert (only["events_seen"], only["days_seen"]) == (1, HALF)


def test_level_is_a_probability() -> None:
    with pytest.raises(UsageError, match="level"):
        forecast(year([], measure="count", at_least=1), level=80)


def test_a_rhythm_narrows_and_batches_widen() -> None:
    monthly = [f"2021-{month:02}-10" for month in range(1, 7)]
    pairs = [day for day in monthly[::2] for _ in range(2)]
    spans = []
    for days in (monthly, pairs):
        row = forecast(year(days, measure="count", at_least=12)).iloc[0]
        assert row["events_seen"] == 6
        spans.append(row["high"] - row["low"])
    assert spans[0] < 6 < spans[1]


def test_ticks_by_hand() -> None:
    # shape 1/2, odds 1/2: no tick with sqrt(1/2), one with a quarter of that. A batch of
    # two comes with each tick, so that one more event needs one tick, and three need two
    batches = Evidence(events=0, days=100, dispersion=2.0)
    for needed, ticks in ((1, 1), (2, 1), (3, 2)):
        plain = predict(Evidence(events=0, days=100), days_left=100, needed=ticks)
        ahead = predict(batches, days_left=100, needed=needed)
        assert ahead.probability == pytest.approx(plain.probability)
    # two ticks for one event: after one tick it has come half of the time
    rhythm = predict(Evidence(events=0, days=100, dispersion=0.5), days_left=100, needed=1)
    none, one = math.sqrt(0.5), math.sqrt(0.5) / 4
    assert rhythm.probability == pytest.approx(1 - none - one / 2)


def test_dispersion_takes_all_members_together() -> None:
    even, uneven = np.array([0.0, 30.0, 60.0, 90.0]), np.array([0.0, 1.0, 2.0, 90.0])
    assert dispersion([even]) < dispersion([even, uneven]) < dispersion([uneven])
    # nothing to learn from: one event, one gap, all on one day
    assert dispersion([]) == dispersion([np.array([5.0]), np.array([1.0, 9.0])]) == 1
    assert dispersion([np.zeros(4)]) == 1


def test_nil_reports_are_no_events() -> None:
    nothing = forecast(
        year(["2021-02-01", "2021-03-01"], 0.0, measure="count", nil_return=True, at_least=1)
    )
    assert nothing.iloc[0]["events_seen"] == 0
