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
    """List what lags on 30 June with what is still needed, then what is lost already."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    assessment = pb.assess(plan, events, as_of=AS_OF)

    print(f"截至{AS_OF:%Y年%m月%d日}，落后于序时进度的指标：")
    standings = assessment.standings
    for row in standings[standings["status"] == "behind"].itertuples():
        target = plan.target(row.target)
        unit, who = target.unit, f"（{row.subject}）" if target.each else ""
        print(f"- {target.name}{who}：应完成{row.required:g}{unit}，", end="")
        print(f"序时应达{row.expected:.1f}{unit}，实际{row.actual:g}{unit}；", end="")
        weekly = row.shortfall * 7 / row.days_left
        print(f"还剩{row.days_left}天，平均每周{weekly:.2f}{unit}才能补上")

    print("\n已经错过节点的指标：")
    targets = assessment.targets
    for row in targets[targets["status"] == "missed"].itertuples():
        print(f"- {row.name}：到期{row.windows_due}个考核期，完成{row.windows_met}个")


if __name__ == "__main__":
    main()
