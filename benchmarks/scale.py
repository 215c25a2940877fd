"""The country's year: reduction and verdicts beside DuckDB, Polars and three ways of pandas.

Run ``python -m benchmarks.scale [events] [organisations] [targets] [repeats] [categories]``
(default 10,000,000 20,000 25 3, texts). Every result is checked equal before anything is
timed; times are medians of turns, ratios say how often partybuild is done meanwhile,
memory is what a run holds beyond what was there before it.
``python -m benchmarks.scale growth [categories]`` shows how cost grows with events,
targets and organisations.
"""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import polars as pl

import partybuild as pb
from benchmarks.measuring import peak, timings
from benchmarks.national import TEXTS, made_events, made_plan
from benchmarks.peers import duckdb_sql, pandas_filters, pandas_loop, pandas_merge, polars_lazy
from benchmarks.peers.case import NEEDED, Case, compare, made_case
from partybuild.grid import day_number, plan_grid
from partybuild.reduce.facts import encode
from partybuild.reduce.reduction import Reduction, reduce_events

AS_OF = dt.date(2021, 9, 30)


def reduced(case: Case, events: pd.DataFrame) -> Reduction:
    grid = plan_grid(case.plan, case.organisations)
    facts = encode(events, kinds=case.plan.kinds, organisations=grid.organisation_names)
    return reduce_events(grid, facts, day_number(AS_OF))


def judged(case: Case, events: pd.DataFrame) -> pb.Assessment:
    assessment = pb.assess(case.plan, events, as_of=AS_OF, by="organisation")
    _ = assessment.standings, assessment.targets
    return assessment


def as_polars(events: pd.DataFrame, *, is_coded: bool) -> pl.LazyFrame:
    frame = pl.from_pandas(events[list(NEEDED)])
    if is_coded:
        frame = frame.with_columns([pl.col(name).cast(pl.Categorical) for name in TEXTS[1:]])
    return frame.lazy()


def categorical(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(**{name: events[name].astype("category") for name in TEXTS[1:]})


def peers_of(case: Case, *, is_coded: bool) -> dict[str, tuple[Any, Case]]:
    """Each peer's module, and the case over events as that peer reads them best."""
    lazy = case.with_events(as_polars(case.events, is_coded=is_coded))
    peers = {
        "pandas, a filter for each target": (pandas_filters, case),
        "pandas, a loop after parting by kind": (pandas_loop, case),
        "pandas, one merge and groupby": (pandas_merge, case),
        "Polars, lazily": (polars_lazy, lazy),
    }
    if not is_coded:  # DuckDB reads categories of pandas several times as slowly as texts
        peers["DuckDB over the pandas frame"] = (duckdb_sql, case)
    return peers


def check(case: Case, peers: dict[str, tuple[Any, Case]]) -> None:
    """Raise unless every peer says what partybuild says."""
    want = judged(case, case.events)
    for module, own in peers.values():
        standings, targets = module.judged(own)
        compare(standings, want.standings)
        compare(targets, want.targets)


def main(count: int, organisations: int, targets: int, repeats: int, *, is_coded: bool) -> None:
    events = made_events(count, organisations)
    if is_coded:
        events = categorical(events)
    case = made_case(made_plan(targets, organisations), events, AS_OF)
    held = events.memory_usage(deep=True).sum() / 1e6
    form = "categories" if is_coded else "texts"
    print(f"{count:,} events, {targets} targets, {organisations:,} organisations; {form}, ", end="")
    print(f"the frame holds {held:,.0f} MB")
    peers = peers_of(case, is_coded=is_coded)
    check(case, peers)
    tasks: dict[str, Callable[[], Any]] = {
        "partybuild: reduced": lambda: reduced(case, events),
        **{f"{name}: reduced": partial(m.reduced, own) for name, (m, own) in peers.items()},
        "partybuild: judged": lambda: judged(case, events),
        **{f"{name}: judged": partial(m.judged, own) for name, (m, own) in peers.items()},
    }
    found = timings(tasks, repeats)
    print(f"{'':<40} {'seconds':>8} {'ratio':>7} {'processor':>10} {'ratio':>7} {'peak MB':>8}")
    for name, timing in found.items():
        own = found[f"partybuild: {name.rpartition(': ')[2]}"]
        print(
            f"{name:<40} {timing.seconds:>8.2f} {timing.seconds / own.seconds:>6.2f}x"
            f" {timing.processor:>10.2f} {timing.processor / own.processor:>6.2f}x"
            f" {peak(tasks[name]):>8,.0f}",
            flush=True,
        )


def growth(*, is_coded: bool) -> None:
    """Print how the time of `assess` with its frames grows, one dimension after the other."""
    print(
        f"{'events':>12} {'targets':>8} {'organisations':>14} {'seconds':>8} "
        f"{'processor':>10} {'us/event':>9}"
    )
    for count, targets, organisations in (
        (1_000_000, 25, 2_000),
        (3_000_000, 25, 2_000),
        (10_000_000, 25, 2_000),
        (30_000_000, 25, 2_000),
        (3_000_000, 100, 300),
        (3_000_000, 1_000, 300),
        (3_000_000, 25, 100),
        (3_000_000, 25, 20_000),
    ):
        events = made_events(count, organisations, is_coded=is_coded)
        case = made_case(made_plan(targets, organisations), events, AS_OF)
        del events
        tasks = {"all": partial(judged, case, case.events)}
        timing = timings(tasks, 3)["all"]
        print(
            f"{count:>12,} {targets:>8,} {organisations:>14,} {timing.seconds:>8.2f} "
            f"{timing.processor:>10.2f} {timing.processor / count * 1e6:>9.3f}",
            flush=True,
        )
        del case, tasks


if __name__ == "__main__":
    words = [one for one in sys.argv[1:] if not one.isdigit()]
    given = [int(one) for one in sys.argv[1:] if one.isdigit()]
    if "growth" in words:
        growth(is_coded="categories" in words)
    else:
        sizes = (*given, *(10_000_000, 20_000, 25, 3)[len(given) :])
        main(*sizes, is_coded="categories" in words)
