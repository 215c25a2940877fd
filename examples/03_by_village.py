"""Village by village: the same small plan for each, the worst first.

A village that never reported anything still has its rows; that is the point.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Rank the villages by completion and name what each of them lacks."""
    plan = pb.read_plan(HERE / "data" / "plan-villages.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    assessment = pb.assess(plan, events, as_of="2021-12-31", by="organisation")

    ranking = assessment.summary.sort_values("completion", kind="stable")
    targets = assessment.targets
    print("2021年村（社区）任务完成情况（由低到高）")
    for place, village in enumerate(ranking.itertuples(), start=1):
        print(f"{place}. {village.organisation}：综合完成率{village.completion:.0%}")
        own = targets[targets["organisation"] == village.organisation]
        for row in own[~own["status"].isin(["met", "late"])].itertuples():
            print(f"   - {row.name}：缺{row.shortfall:g}{row.unit}")


if __name__ == "__main__":
    main()
