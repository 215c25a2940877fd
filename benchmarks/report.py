"""Reports of a province: 2,000 organisations by 25 targets as HTML and Excel.

    python -m benchmarks.report [--organisations 2000] [--targets 25] [--events 400000]

Bars: HTML under 10 MB and under 5 s, Excel under 30 s, both from an assessment whose
figures are made. The files are written to nowhere; sizes are those of their contents.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import partybuild as pb
from benchmarks.national import made_events, made_plan, organisation_names


def main() -> None:
    """Make each report a few times and print seconds and megabytes."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--organisations", type=int, default=2_000)
    options.add_argument("--targets", type=int, default=25)
    options.add_argument("--events", type=int, default=400_000)
    options.add_argument("--repeats", type=int, default=3)
    asked = options.parse_args()
    plan = made_plan(asked.targets, asked.organisations)
    events = made_events(asked.events, asked.organisations)
    assessment = pb.assess(
        plan,
        events,
        as_of="2021-09-30",
        by="organisation",
        organisations=organisation_names(asked.organisations),
    )
    for frame in ("standings", "targets", "shortfalls", "summary", "problems"):
        getattr(assessment, frame)
    print(
        f"{asked.organisations:,} organisations, {asked.targets} targets, "
        f"{len(assessment.standings):,} standings, {len(events):,} events"
    )
    tasks: dict[str, Callable[[], Any]] = {
        "html": lambda: pb.render_html(assessment).encode(),
        "xlsx": lambda: pb.render_xlsx(assessment),
        "markdown": lambda: pb.render_markdown(assessment).encode(),
        "forecast": lambda: pb.forecast(assessment),
        "score": lambda: pb.score(assessment).gains,
        "league": lambda: pb.league_table(assessment),
        "agenda": lambda: pb.agenda(assessment, until="2021-12-31"),
        "heat": lambda: pb.figure_png(pb.chart_heat(assessment), dpi=100),
    }
    for name, task in tasks.items():
        print_times(name, task, repeats=asked.repeats if name in ("html", "xlsx") else 1)


def print_times(name: str, task: Callable[[], Any], *, repeats: int) -> None:
    """Print the seconds and processor seconds of each round, and the size of the result."""
    rounds = []
    for _ in range(repeats):
        passed, worked = time.perf_counter(), time.process_time()
        made = task()
        rounds.append((time.perf_counter() - passed, time.process_time() - worked))
    size = f"{len(made) / 1e6:6.2f} MB" if isinstance(made, bytes) else f"{len(made):6,} rows"
    times = "  ".join(f"{passed:.2f} s ({worked:.2f})" for passed, worked in rounds)
    print(f"{name:9} {size}  {times}")


if __name__ == "__main__":
    main()
