"""Parquet files larger than memory: partybuild's stream beside DuckDB's own aggregate.

Run ``python -m benchmarks.files [events] [repeats] [folder]`` (default 10,000,000
3, a temporary folder). The files are written once, 2.5 million rows each, as pandas
writes them: texts coded in dictionaries, row groups of a million rows. Every
contender runs in a process of its own, in turns; times leave the start of Python
out, memory is the whole process at its highest. Two plans of 25 targets, 20,000
organisations, quarters and years: counts and sums alone, and mixed with distinct
and last readings. The figures are checked equal before anything is timed.

Contenders: partybuild to the actuals of every cell, ids settled; the same with
ids on trust (`EventFiles(has_unique_ids=True)`); to finished verdicts; DuckDB over
the same files, once with a join of windows as one writes it first, once drawn
together by kind, organisation and quarter before the join, both without a look at
ids; and the latter behind the count of different ids, which is what tells whether
events were corrected. ``--shuffled`` writes ids in no order, and leaves the last
readings out, of which DuckDB settles ties by id.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import partybuild as pb
from benchmarks.national import made_events, made_plan
from benchmarks.peers import duckdb_files, duckdb_sql
from benchmarks.peers.case import Case, compare, made_case
from partybuild.engines.condensing import foreign_events
from partybuild.grid import day_number, plan_grid
from partybuild.reduce.condense import scheme_of
from partybuild.reduce.facts import encode_condensed
from partybuild.reduce.reduction import Reduction, reduce_events

AS_OF = dt.date(2021, 9, 30)
ORGANISATIONS, TARGETS, PART = 20_000, 25, 2_500_000
PLANS = {"counts and sums": ("count", "total"), "distinct and last readings too": ()}


def made_files(folder: Path, count: int, *, is_shuffled: bool) -> None:
    """Write `count` events, unless they are there."""
    rng = np.random.default_rng(1)
    for first in range(0, count, PART):
        path = folder / f"{first // PART:04d}.parquet"
        if path.exists():
            continue
        rows = min(PART, count - first)
        events = made_events(rows, ORGANISATIONS, seed=first + 1, first=first)
        if is_shuffled:
            events["id"] = events["id"].array.take(rng.permutation(rows))
        events.to_parquet(path, index=False)


def case_of(folder: Path, plan: str) -> Case:
    own = made_plan(TARGETS, ORGANISATIONS, measures=PLANS[plan])
    return made_case(own, f"{folder}/*.parquet", AS_OF)


def reduced(case: Case, **settings: Any) -> Reduction:
    """Reduce the files to the actuals of every cell: what DuckDB is asked for as well."""
    files = pb.EventFiles(pattern=case.events, **settings)
    grid, plan, as_of = plan_grid(case.plan, case.organisations), case.plan, day_number(AS_OF)
    events = foreign_events(files.opened(), timezone=plan.timezone)
    scheme = scheme_of(grid, as_of=as_of, is_placed=True)
    found = events.condensed(scheme, plan=(plan.start, plan.end))
    facts = encode_condensed(
        found.frame,
        kinds=plan.kinds,
        organisations=grid.organisation_names,
        attributes=found.names,
    )
    return reduce_events(grid, facts, as_of)


def judged(case: Case) -> pb.Assessment:
    assessment = pb.assess(case.plan, case.events, as_of=AS_OF, by="organisation")
    _ = assessment.standings, assessment.targets
    return assessment


CONTENDERS: dict[str, Callable[[Case], Any]] = {
    "partybuild": reduced,
    "partybuild, ids on trust": lambda case: reduced(case, has_unique_ids=True),
    "partybuild, to standings and targets": judged,
    "DuckDB, join": duckdb_sql.reduced,
    "DuckDB, drawn together first": duckdb_files.reduced,
    "DuckDB, drawn together, ids counted": lambda case: (
        duckdb_files.different_ids(case),
        duckdb_files.reduced(case),
    ),
}


def check(case: Case) -> None:
    """Raise unless DuckDB and partybuild say the same of every cell that has events."""
    columns = ["actual", "events", "last_event"]
    standings = judged(case).standings
    want = standings.loc[standings["events"] > 0, columns]
    trusted = pb.EventFiles(pattern=case.events, has_unique_ids=True)
    again = pb.assess(case.plan, trusted, as_of=AS_OF, by="organisation").standings
    pd.testing.assert_frame_equal(again.loc[again["events"] > 0, columns], want)
    for peer in (duckdb_sql, duckdb_files):
        # the names of the organisations rise as they stand on the roster
        found = peer.reduced(case).sort_values(["target", "organisation", "slot"])
        compare(found[columns], want)


def run_one(folder: Path, plan: str, contender: str) -> None:
    """Run one contender and print what it took."""
    case = case_of(folder, plan)
    start, used = time.perf_counter(), time.process_time()
    CONTENDERS[contender](case)
    found = {
        "seconds": time.perf_counter() - start,
        "processor": time.process_time() - used,
        "peak": peak_memory(),
    }
    print(json.dumps(found))


def peak_memory() -> float:
    """The most memory that this process has held, in MB.

    What getrusage says may be that of the process that started this one.
    """
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def measured(folder: Path, plan: str, contender: str) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.files", "--one", plan, contender, str(folder)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)  # noqa: S603
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def compare_all(folder: Path, repeats: int, plans: list[str]) -> None:
    for plan in plans:
        check(case_of(folder, plan))
        runs: dict[str, list[dict[str, float]]] = {name: [] for name in CONTENDERS}
        for _ in range(repeats):
            for name, found in runs.items():
                found.append(measured(folder, plan, name))
        print(f"\n{plan:<40} {'seconds':>8} {'processor':>10} {'peak MB':>8}  partybuild takes")
        middle = {
            name: {key: statistics.median(run[key] for run in found) for key in found[0]}
            for name, found in runs.items()
        }
        ours = middle["partybuild"]
        for name, took in middle.items():
            ratios = [ours[key] / took[key] for key in ("seconds", "processor")]
            print(
                f"{name:<40} {took['seconds']:>8.1f} {took['processor']:>10.1f} "
                f"{took['peak']:>8,.0f}  {ratios[0]:.2f}x, {ratios[1]:.2f}x of the processor"
            )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="?", type=int, default=10_000_000)
    parser.add_argument("repeats", nargs="?", type=int, default=3)
    parser.add_argument("folder", nargs="?", type=Path)
    parser.add_argument("--shuffled", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = asked.folder or Path(temporary)
        made_files(folder, asked.events, is_shuffled=asked.shuffled)
        size = sum(path.stat().st_size for path in folder.glob("*.parquet")) / 1e6
        print(f"{asked.events:,} events in {size:,.0f} MB of Parquet")
        compare_all(folder, asked.repeats, list(PLANS)[: 1 if asked.shuffled else None])


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        run_one(Path(sys.argv[4]), sys.argv[2], sys.argv[3])
    else:
        main()
