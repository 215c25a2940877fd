"""The same day twice: what the ledger said then, and what it says now.

`as_of` is the day up to which things count, `known_at` the day up to which they
had been written down. Late entries, corrections and withdrawals move the second.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import partybuild as pb

HERE = Path(__file__).parent
WORDS = {"met": "完成", "on_track": "正常推进", "missed": "未完成"}


def main() -> None:
    """Compare two reports as they were sent with the same reports made today."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    for day in ("2021-08-31", "2021-12-31"):
        then = pb.assess(plan, events, as_of=day, known_at=day).targets
        now = pb.assess(plan, events, as_of=day).targets
        print(f"截至{day}，当时上报与现在重算不同的指标：")
        for old, new in zip(then.itertuples(), now.itertuples(), strict=True):
            if pd.notna(old.actual) and (old.status, old.actual) != (new.status, new.actual):
                print(f"- {old.name}：当时{old.actual:g}（{WORDS[old.status]}）", end="")
                print(f"，现在{new.actual:g}（{WORDS[new.status]}）")
        print()


if __name__ == "__main__":
    main()
