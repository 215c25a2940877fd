"""The country's year: reduction and verdicts beside DuckDB, Polars and a pandas loop.

Run ``python -m benchmarks.scale [events] [organisations] [targets] [repeats]``
(default 10,000,000 20,000 25 3). Every result is checked equal before anything
is timed; times are medians of turns, memory is what a run holds beyond what was
there before it. ``python -m benchmarks.scale growth`` shows how cost grows with
events, targets and organisations.
"""

from __future__ import annotations

import datetime as dt
import sys
from typing import Any

import numpy as np
import pandas as pd
import polars as pl

import partybuild as pb
from benchmarks.measuring import medians, peak, resident
from benchmarks.national import TEXTS, made_events, made_plan
from benchmarks.peers import duckdb_sql, pandas_loop, polars_lazy
from benchmarks.peers.case import VERDICTS, Case, compare, made_case
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


def as_polars(events: pd.DataFrame) -> pl.DataFrame:
    names = ["kind", "date", "quantity", "subject", "organisation", "recorded_at"]
    return pl.from_pandas(events[names])


def categorical(events: pd.DataFrame) -> pd.DataFrame:
    return events.assign(**{name: events[name].astype("category") for name in TEXTS[1:]})


def check(case: Case, want: pd.DataFrame) -> None:
    """Raise unless every peer says what partybuild says."""
    compare(pandas_loop.judged(case), want)
    compare(duckdb_sql.judged(case), want)
    known = np.sort(want["actual"].to_numpy())
    known = known[known > 0]
    lazy = as_polars(case.events).lazy()
    found = polars_lazy.reduced(_with(case, lazy))["actual"].to_numpy()
    assert np.allclose(np.sort(found[found > 0]), known)


def _with(case: Case, events: Any) -> Case:
    return Case(
        plan=case.plan,
        events=events,
        as_of=case.as_of,
        organisations=case.organisations,
        specs=case.specs,
    )


def main(count: int, organisations: int, targets: int, repeats: int) -> None:
    case = made_case(made_plan(targets, organisations), made_events(count, organisations), AS_OF)
    events = case.events
    print(f"{count:,} events, {targets} targets, {organisations:,} organisations; ", end="")
    print(f"the frame holds {resident():,.0f} MB")
    check(case, judged(case, events).standings[list(VERDICTS)])
    lazy = _with(case, as_polars(events).lazy())
    coded = categorical(events)
    enums = [pl.col(name).cast(pl.Categorical) for name in TEXTS[1:]]
    lazy_coded = _with(case, as_polars(events).with_columns(enums).lazy())
    tasks = {
        "partybuild: reduction, text": lambda: reduced(case, events),
        "partybuild: reduction, categorical": lambda: reduced(case, coded),
        "pandas loop: reduction": lambda: pandas_loop.reduced(case),
        "DuckDB over pandas: reduction": lambda: duckdb_sql.reduced(case),
        "Polars lazy, text: reduction": lambda: polars_lazy.reduced(lazy),
        "Polars lazy, categorical: reduction": lambda: polars_lazy.reduced(lazy_coded),
        "partybuild: verdicts, text": lambda: judged(case, events),
        "partybuild: verdicts, categorical": lambda: judged(case, coded),
        "pandas loop: verdicts": lambda: pandas_loop.judged(case),
        "DuckDB over pandas: verdicts": lambda: duckdb_sql.judged(case),
    }
    found = medians(tasks, repeats)
    print(f"{'':<36} {'seconds':>8} {'ratio':>7} {'peak MB':>8}")
    for name, seconds in found.items():
        kind = "reduction" if "reduction" in name else "verdicts"
        ratio = found[f"partybuild: {kind}, text"] / seconds
        print(f"{name:<36} {seconds:>8.2f} {ratio:>6.2f}x {peak(tasks[name]):>8,.0f}")


def growth() -> None:
    """Print how the time of `assess` with its frames grows, one dimension after the other."""
    print(f"{'events':>12} {'targets':>8} {'organisations':>14} {'seconds':>8} {'us/event':>9}")
    for count, targets, organisations in (
        (1_000_000, 25, 2_000),
        (3_000_000, 25, 2_000),
        (10_000_000, 25, 2_000),
        (3_000_000, 100, 300),
        (3_000_000, 1_000, 300),
        (3_000_000, 25, 100),
        (3_000_000, 25, 20_000),
    ):
        case = made_case(
            made_plan(targets, organisations), made_events(count, organisations), AS_OF
        )
        tasks = {"all": lambda case=case: judged(case, case.events)}
        seconds = medians(tasks, 3)["all"]
        print(
            f"{count:>12,} {targets:>8,} {organisations:>14,} {seconds:>8.2f} "
            f"{seconds / count * 1e6:>9.3f}"
        )


if __name__ == "__main__":
    if sys.argv[1:] == ["growth"]:
        growth()
    else:
        given = [int(one) for one in sys.argv[1:]]
        main(*given, *(10_000_000, 20_000, 25, 3)[len(given) :])
