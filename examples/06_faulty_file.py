"""A page with slips: the good rows and the problems side by side.

`read_events` would refuse this file and list every fault; the draft form takes what is good.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent
#: For the clerk: the problem codes in plain words. `str(problem)` says the same in English.
WORDS = {
    "bad-date": "没有这个日期",
    "bad-flag": "应填是或否",
    "bad-number": "不是一个数",
    "end-before-date": "结束早于开始",
    "missing-value": "没有填",
}


def main() -> None:
    """Show the problems of the file, row by row, and the rows that were taken."""
    path = HERE / "data" / "events-with-faults.csv"
    draft = pb.read_events_draft(path)

    print(f"{path.name}：共{draft.rows_in}行，收下{len(draft.events)}行。")
    print("\n请登记人更正：")
    for problem in draft.problems:
        read = f"“{problem.read}”" if problem.read else ""
        print(f"- 第{problem.row}行“{problem.column}”：{read}{WORDS[problem.code]}")

    print("\n已收下：")
    for number, row in zip(draft.rows, draft.events.itertuples(), strict=True):
        unit = f"{row.quantity:g}{row.unit}" if isinstance(row.unit, str) else ""
        print(f"- 第{number}行 {row.date:%Y-%m-%d} {row.kind}{unit}")

    try:
        pb.read_events(path)
    except pb.EventError as error:
        print(f"\n严格读法则整份退回，一次列出{len(error.problems)}处：")
        print(f"  {error.problems[0]}".replace(str(path), path.name))


if __name__ == "__main__":
    main()
