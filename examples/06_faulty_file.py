"""A page with slips: the good rows and the problems side by side.

`read_events` would refuse this file and list every fault; the draft form takes what is good.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent


def main() -> None:
    """Show the problems of the file, row by row, and the rows that were taken."""
    path = HERE / "data" / "events-with-faults.csv"
    draft = pb.read_events_draft(path)

    print(f"{path.name}：共{draft.rows_in}行，收下{len(draft.events)}行。")
    print("要请登记人改的：")
    for problem in draft.problems:
        expected = f"，应为{problem.expected}" if problem.expected else ""
        print(f"- 第{problem.row}行 {problem.column}：{problem.read or '空白'}{expected}")

    print("\n已收下的：")
    for number, row in zip(draft.rows, draft.events.itertuples(), strict=True):
        print(f"- 第{number}行 {row.date:%Y-%m-%d} {row.kind}，数量{row.quantity:g}")


if __name__ == "__main__":
    main()
