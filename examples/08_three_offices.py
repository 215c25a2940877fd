"""Three offices, three file formats, one ledger: the verdicts are the same.

CSV in GB18030 with Chinese headings, CSV with English ones, JSON Lines; nothing is told apart
by hand.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Read each office's file, put them together, and compare with the township's ledger."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    parts = []
    for path in sorted((HERE / "data" / "offices").iterdir()):
        parts.append(pb.read_events(path))
        print(f"{path.name}：{len(parts[-1])}行")
    together = pb.assess(plan, pd.concat(parts, ignore_index=True), as_of="2021-12-31")

    ledger = pb.read_events(HERE / "data" / "events.csv")
    whole = pb.assess(plan, ledger, as_of="2021-12-31")
    same = together.targets.equals(whole.targets)
    print(f"events.csv：{len(ledger)}行")
    print("三份合起来与总台账评估结果" + ("相同" if same else "不同"))


if __name__ == "__main__":
    main()
