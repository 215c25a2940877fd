"""The office's workbook: written once, filled in by people, refreshed whenever somebody asks.

The rows typed in below stand for what a clerk does in Excel, slips included.
"""

from __future__ import annotations

from pathlib import Path

import openpyxl

import partybuild as pb

HERE = Path(__file__).parent
BOOK = HERE / "output" / "台账.xlsx"


def type_in(path: Path) -> None:
    """Do what the clerk does: three rows, the date of one of them impossible."""
    book = openpyxl.load_workbook(path)
    page = book["进展登记"]
    row = next(n for n in range(4, page.max_row) if page.cell(n, 1).value is None)
    for date, kind, quantity, unit, subject in (
        ("2021年7月5日", "专项督查", 1, "轮", None),
        ("２０２１.７.１２", "结对联系", "１", "户", "贺知远、卓青"),
        ("2021-06-31", "蹲点调研", 2, "天", "沈可帆"),
    ):
        for column, value in enumerate((date, kind, quantity, unit, subject), start=1):
            page.cell(row, column).value = value
        row += 1
    book.save(path)


def main() -> None:
    """Write the workbook, have it filled in, read it back and refresh its progress."""
    plan = pb.read_plan(HERE / "data" / "plan.toml")
    events = pb.read_events(HERE / "data" / "events.csv")
    BOOK.parent.mkdir(exist_ok=True)
    pb.write_workbook(plan, BOOK, events=events[events["date"] <= "2021-06-30"])
    type_in(BOOK)

    result = pb.refresh_workbook(BOOK, as_of="2021-07-31")
    draft = result.draft
    print(f"登记{draft.rows_in}行，读进{len(draft.events)}行")
    for problem in draft.errors:
        print(f"{problem.sheet}{problem.cell}：{problem.column}“{problem.read}”读不了")
    lights = result.assessment.targets["light"].value_counts()
    print("红{red}黄{yellow}绿{green}".format(**lights))
    print("计划没有变" if pb.read_plan_sheet(BOOK) == plan else "计划变了")


if __name__ == "__main__":
    main()
