"""A clerk's year with a ledger: the same file taken in four times, corrected, proved.

Each quarter the clerk imports the whole sheet again. Only what is new is added,
what was changed becomes an amendment, and nothing recorded is ever lost.
"""

from __future__ import annotations

import csv
import datetime as dt
from pathlib import Path

import partybuild as pb

HERE = Path(__file__).parent
DATA = HERE / "data"
OUTPUT = HERE / "output"


def sheet_until(day: dt.date) -> Path:
    """Write the rows that stood in the office's sheet on `day`."""
    path = OUTPUT / "党建办台账.csv"
    with (DATA / "events.csv").open(encoding="utf-8-sig", newline="") as file:
        heading, *rows = csv.reader(file)
    known = pb.read_events(DATA / "events.csv")["recorded_at"]
    kept = [row for row, moment in zip(rows, known, strict=True) if moment.date() <= day]
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([heading, *kept])
    return path


def main() -> None:
    """Import quarter by quarter, judge from the ledger, then check the chain."""
    OUTPUT.mkdir(exist_ok=True)
    plan = pb.read_plan(DATA / "plan.toml")
    (OUTPUT / "台账.db").unlink(missing_ok=True)
    with pb.open_ledger(OUTPUT / "台账.db", prefix="澄岭") as ledger:
        for month in (4, 7, 10, 13):
            day = dt.date(2021 + month // 13, (month - 1) % 12 + 1, 15)
            report = ledger.import_file(sheet_until(day), recorded_by="党建办", on_change="amend")
            print(f"{day}：新增{len(report.added)}行，不变{len(report.unchanged)}行", end="")
            print(f"，更正{len(report.amended)}行")

        reported = pb.assess(plan, ledger, as_of="2021-12-31", known_at="2021-12-31")
        today = pb.assess(plan, ledger, as_of="2021-12-31")
        change = pb.compare(reported, today)
        print(f"\n年终上报后又补录{len(change.events)}条，{len(change.statuses)}个指标的结论变了：")
        for row in change.statuses.itertuples():
            before, after = pb.status_word(row.before), pb.status_word(row.after)
            print(f"- {plan.target(row.target).name}：{before} → {after}")
        print(f"\n台账共{len(ledger)}条，防篡改校验：{'通过' if ledger.verify().ok else '不通过'}")


if __name__ == "__main__":
    main()
