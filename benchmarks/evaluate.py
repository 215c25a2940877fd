"""How long a year takes from frame to verdicts, beside two pandas evaluations.

Run ``python -m benchmarks.evaluate [repeats]`` (default 3): 10 thousand, 100
thousand and 1 million events, 25 targets, 2,000 organisations, quarters and
years. All judge every target, organisation and window, and roll the windows of
each target up. The results are checked equal first. Then one township, the year
of the examples.
"""

from __future__ import annotations

import datetime as dt
import statistics
import sys
from pathlib import Path

import partybuild as pb
from benchmarks.measuring import medians, peak, timings
from benchmarks.national import made_events, made_plan
from benchmarks.peers import pandas_filters, pandas_loop
from benchmarks.peers.case import compare, made_case

AS_OF = dt.date(2021, 9, 30)
ORGANISATIONS, TARGETS = 2_000, 25
PEERS = {"filtered": pandas_filters, "parted": pandas_loop}
TOWNSHIP = Path(__file__).parents[1] / "examples" / "data"


def evaluated(plan: pb.Plan, events: object) -> pb.Assessment:
    assessment = pb.assess(plan, events, as_of=AS_OF, by="organisation")
    _ = assessment.standings, assessment.targets
    return assessment


def main(repeats: int) -> None:
    print(f"{'events':>10} {'seconds':>8} {'events/s':>12} {'peak MB':>8} ", end="")
    print(" ".join(f"{'pandas ' + name:>16} {'ratio':>6}" for name in PEERS))
    for count in (10_000, 100_000, 1_000_000):
        plan = made_plan(TARGETS, ORGANISATIONS)
        case = made_case(plan, made_events(count, ORGANISATIONS), AS_OF)
        want = evaluated(plan, case.events)
        tasks = {"partybuild": lambda case=case: evaluated(case.plan, case.events)}
        for name, peer in PEERS.items():
            for got, frame in zip(peer.judged(case), (want.standings, want.targets), strict=True):
                compare(got, frame)
            tasks[name] = lambda case=case, peer=peer: peer.judged(case)
        found = medians(tasks, repeats)
        ours, memory = found["partybuild"], peak(tasks["partybuild"])
        print(f"{count:>10,} {ours:>8.3f} {count / ours:>12,.0f} {memory:>8.0f} ", end="")
        print(" ".join(f"{found[name]:>16.3f} {found[name] / ours:>5.1f}x" for name in PEERS))
    township()


def township() -> None:
    """Print what one township's year takes, the least and the median of many turns."""
    plan, events = (pb.read_plan(TOWNSHIP / "plan.toml"), pb.read_events(TOWNSHIP / "events.csv"))

    def judged() -> object:
        assessment = pb.assess(plan, events, as_of=AS_OF)
        return assessment.standings, assessment.targets

    turns = [timings({"all": judged}, 1)["all"].processor * 1000 for _ in range(200)]
    print(
        f"one township, {len(plan.targets)} targets, {len(events)} events: least "
        f"{min(turns):.1f} ms of one processor, median {statistics.median(turns):.1f} ms"
    )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3)
