"""Half way through the year: what lags behind, and what it takes a week from here.

The same files as in example 01; only the day up to which things count is another.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd

import partybuild as pb

HERE = Path(__file__).parent
AS_OF = dt.date(2021, 6, 30)


def main() -> None:
    """List what lags on 30 June with the rate still needed, then what was missed already."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    shortfalls = pb.assess(plan, events, as_of=AS_OF).shortfalls

    print(f"截至{AS_OF:%Y年%m月%d日}，落后于序时进度：")
    for row in shortfalls[shortfalls["status"] == "behind"].itertuples():
        target = plan.target(row.target)
        who = f"（{row.subject}）" if target.each else ""
        print(f"- {target.name}{who}：目标{row.required:g}{target.unit}", end="")
        print(f"，现为{row.actual:g}{target.unit}，差{row.shortfall:g}{target.unit}；", end="")
        print(f"今后平均每周需{row.needed_per_week:.2f}{target.unit}", end="")
        if pd.notna(row.reached_on):
            print(f"，照目前速度要到{row.reached_on:%Y年%m月%d日}", end="")
        print()

    print("\n已经错过：")
    missed = shortfalls[shortfalls["status"] == "missed"]
    groups = missed.groupby(["target", "subject"], sort=False, observed=True, dropna=False)
    for (name, who), rows in groups:
        target = plan.target(name)
        print(f"- {target.name}" + (f"（{who}）" if target.each else "") + "：", end="")
        print("、".join(rows["window"]), end="")
        print(f"，差{rows['shortfall'].sum():g}{target.unit}", end="")
        print("，还可补齐" if rows["recoverable"].all() else "，无法再补")


if __name__ == "__main__":
    main()
