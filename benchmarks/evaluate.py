"""How long a year takes from frame to verdicts, beside a careful pandas evaluation.

Run ``python -m benchmarks.evaluate [repeats]`` (default 3): 10 thousand, 100
thousand and 1 million events, 25 targets, 2,000 organisations, quarters and
years. Both judge every target, organisation and window, and roll the windows of
each target up. The results are checked equal first.
"""

from __future__ import annotations

import datetime as dt
import sys

import partybuild as pb
from benchmarks.measuring import medians, peak
from benchmarks.national import made_events, made_plan
from benchmarks.peers import pandas_loop
from benchmarks.peers.case import compare, made_case

AS_OF = dt.date(2021, 9, 30)
ORGANISATIONS, TARGETS = 2_000, 25


def evaluated(plan: pb.Plan, events: object) -> pb.Assessment:
    assessment = pb.assess(plan, events, as_of=AS_OF, by="organisation")
    _ = assessment.standings, assessment.targets
    return assessment


def main(repeats: int) -> None:
    print(
        f"{'events':>10} {'seconds':>8} {'events/s':>12} {'peak MB':>8} "
        f"{'pandas s':>9} {'ratio':>6}"
    )
    for count in (10_000, 100_000, 1_000_000):
        plan = made_plan(TARGETS, ORGANISATIONS)
        case = made_case(plan, made_events(count, ORGANISATIONS), AS_OF)
        want = evaluated(plan, case.events)
        for got, frame in zip(
            pandas_loop.judged(case), (want.standings, want.targets), strict=True
        ):
            compare(got, frame)
        tasks = {
            "partybuild": lambda case=case: evaluated(case.plan, case.events),
            "pandas": lambda case=case: pandas_loop.judged(case),
        }
        found = medians(tasks, repeats)
        ours, theirs = found["partybuild"], found["pandas"]
        memory = peak(tasks["partybuild"])
        print(
            f"{count:>10,} {ours:>8.3f} {count / ours:>12,.0f} {memory:>8.0f} "
            f"{theirs:>9.3f} {theirs / ours:>5.1f}x"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
