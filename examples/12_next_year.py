"""What next year's plan should ask for, and how likely this year's promises still are.

At half-time: the chance of each goal that can be counted. In December: the draft
of the next plan, with what was done to each target and why.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Forecast at half-time, carry the year forward at its end."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")

    half = pb.forecast(pb.assess(plan, events, as_of="2021-06-30"))
    whole = half[half["subject"].isna() & half["probability"].notna()]
    print("年中预测（按上半年节奏）：")
    for row in whole.sort_values("probability").itertuples():
        name, unit = plan.target(row.target).name, plan.target(row.target).unit
        print(f"- {name}：期末{row.low:.3g}—{row.high:.3g}{unit}，达标把握{row.probability:.0%}")

    year = pb.assess(plan, events, as_of="2021-12-31", known_at="2021-12-31")
    policy = {"problems-solved": "add", "*": "restart"}
    draft = pb.carry_forward(year, start="2022-01-01", end="2022-12-31", policy=policy)
    print(f"\n下一年计划草案：{draft}")
    for row in draft.frame.itertuples():
        if row.action != "recur":
            goal = "不再列入" if row.action == "done" else f"{row.old} → {row.new}"
            print(f"- {row.name}：{pb.status_word(row.status)}，{row.action}，{goal}")

    output = HERE / "output"
    output.mkdir(exist_ok=True)
    pb.write_plan(draft.to_plan(), output / "plan-2022.toml")


if __name__ == "__main__":
    main()
