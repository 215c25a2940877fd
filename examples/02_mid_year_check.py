"""Half way through the year: what lags behind, and how much a week it takes from here.

The same files as in example 01; only the day up to which things count is another.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent
AS_OF = dt.date(2021, 6, 30)


def main() -> None:
    """List the targets that lag on 30 June with what is still needed."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    assessment = pb.assess(plan, events, as_of=AS_OF)

    print(f"截至{AS_OF:%Y年%m月%d日}，落后于序时进度的指标：")
    standings = assessment.standings
    behind = standings[standings["status"] == "behind"]
    for row in behind.itertuples():
        target = plan.target(row.target)
        who = f"（{row.subject}）" if isinstance(row.subject, str) else ""
        print(f"- {target.name}{who}：应完成{row.required:g}{target.unit}，", end="")
        print(f"已完成{row.actual:g}{target.unit}，", end="")
        if row.expected is not None and row.expected == row.expected:
            print(f"序时应达{row.expected:.1f}{target.unit}，", end="")
        print(f"还剩{row.days_left}天，平均每周要补{row.shortfall * 7 / row.days_left:.2f}{target.unit}")

    missed = assessment.targets[assessment.targets["status"] == "missed"]
    print("\n已经错过节点的指标：")
    for row in missed.itertuples():
        print(f"- {row.name}：{row.windows_due}个考核期到期，完成{row.windows_met}个")


if __name__ == "__main__":
    main()
