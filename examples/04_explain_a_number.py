"""Behind a number: the events that counted, and why the others did not.

Village income is reported as running totals; one village writes yuan, one slipped by a
decimal point, and next year's and last year's figures stand in the same ledger.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent
WORDS = {
    "superseded": "后来更正过",
    "future": "截止日之后",
    "outside-span": "不在考核期内",
    "void": "已作废",
}


def main() -> None:
    """Take the collective income of 30 September apart, then a month without study."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    assessment = pb.assess(plan, events, as_of="2021-09-30")

    targets = assessment.targets.set_index("target")
    print(f"村集体经营性收入，截至9月30日：{targets.loc['collective-income', 'actual']:g}万元")
    found = assessment.explain("collective-income")
    counted = found[found["counted"]]
    last = counted.sort_values("date", kind="stable").groupby("subject", sort=False).tail(1)
    print(f"用到{len(counted)}条累计数，各村最后一条：")
    for row in last.itertuples():
        print(f"- {row.id} {row.date:%m月%d日} {row.subject} {row.quantity:g}{row.unit}")
    print("没有用到：")
    for row in found[~found["counted"]].itertuples():
        figure = f"{row.subject} {row.quantity:g}{row.unit}"
        print(f"- {row.id} {row.date:%Y-%m-%d} {figure}：{WORDS[row.reason]}")

    print("\n中心组学习，8月为什么是0次：")
    study = assessment.explain("study")
    for row in study[study["date"].dt.month == 8].itertuples():
        recorded = f"{row.recorded_at:%m月%d日}登记"
        print(f"- {row.id} {row.date:%Y-%m-%d} {recorded}：{WORDS[row.reason]}")


if __name__ == "__main__":
    main()
