"""Two offices, each with a ledger of its own, become the township's.

Everything comes along: who recorded it, when, and why. Merging again takes only
what is new, and an id that both used for different events is named, not mixed up.
"""

from __future__ import annotations

from pathlib import Path

import partybuild as pb

OUTPUT = Path(__file__).parent / "output"


def main() -> None:
    """Record in two ledgers, merge them, amend one, merge again."""
    OUTPUT.mkdir(exist_ok=True)
    for name in ("党建办", "农业办", "全镇"):
        (OUTPUT / f"{name}.db").unlink(missing_ok=True)
    party = pb.open_ledger(OUTPUT / "党建办.db", prefix="党")
    farms = pb.open_ledger(OUTPUT / "农业办.db", prefix="农")
    town = pb.open_ledger(OUTPUT / "全镇.db", prefix="镇")

    visit = party.record(
        kind="督查",
        date="2021-03-05",
        organisation="石梁村",
        recorded_by="李",
        recorded_at="2021-03-05",
    )
    farms.record(
        kind="经营性收入", date="2021-03-31", quantity=3.2, unit="万元", recorded_at="2021-04-02"
    )
    print("合并党建办：", town.merge(party))
    print("合并农业办：", town.merge(farms))

    party.amend(visit, organisation="鹿鸣村", reason="村名写错", recorded_at="2021-03-09")
    print("再合并党建办：", town.merge(party))
    for entry in town.history(visit):
        print(f"  {entry.recorded_at:%m月%d日} {entry.organisation} {entry.reason or '首次登记'}")

    for office, kind in ((party, "党课"), (farms, "培训")):
        office.record(id="1", kind=kind, date="2021-05-01", recorded_at="2021-05-01")
    town.merge(party)
    report = town.merge(farms)
    print("两家都编了1号：", report)
    for problem in report.problems:
        print(" ", problem.message)
    print("校验：", "通过" if town.verify().ok else "不通过")
    for ledger in (party, farms, town):
        ledger.close()


if __name__ == "__main__":
    main()
