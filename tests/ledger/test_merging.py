"""Two offices, one ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from partybuild.errors import UsageError
from partybuild.events import current_events
from partybuild.ledger import memory_ledger, open_ledger
from partybuild.ledger.keeping import KeptLedger


def office(prefix: str) -> KeptLedger:
    ledger = memory_ledger(prefix=prefix)
    name = ledger.record(kind="调研", date="2021-03-05", recorded_by=prefix, file="a.csv", row=2)
    ledger.record(kind="督查", date="2021-03-06", attributes={"级别": 1})
    ledger.amend(name, quantity=3, reason="漏记", recorded_at="2021-04-01")
    return ledger


def test_everything_on_an_entry_comes_along(tmp_path: Path) -> None:
    east, west = office("east"), office("west")
    with open_ledger(tmp_path / "town.db") as town:
        assert (town.merge(east).added, town.merge(west).added) == (3, 3)
        for ledger in (east, west):
            for entry in ledger.entries():
                here = town.history(entry.id)
                assert any(one.texts() == entry.texts() for one in here)
        assert town.verify().ok
        assert len(current_events(town.to_frame())) == 4


def test_merging_again_adds_what_is_new() -> None:
    town, east = memory_ledger(), office("east")
    town.merge(east)
    east.void("east-2", reason="重复")
    report = town.merge(east)
    assert (report.added, report.unchanged, report.ok) == (1, 3, True)
    assert town.merge(east).added == 0
    assert town.history("east-2")[-1].void


def test_corrections_on_both_sides_stand_side_by_side() -> None:
    town, east = memory_ledger(), office("east")
    town.merge(east)
    town.amend("east-1", quantity=4, recorded_at="2021-05-01")
    east.amend("east-1", quantity=5, recorded_at="2021-06-01")
    assert town.merge(east).added == 1
    assert [entry.quantity for entry in town.history("east-1")] == [1.0, 3.0, 4.0, 5.0]


def test_an_id_used_for_two_events_is_a_conflict() -> None:
    town, east = memory_ledger(), memory_ledger()
    for ledger, kind in ((town, "调研"), (east, "督查")):
        ledger.record(kind=kind, date="2021-03-05", id="1")
    east.record(kind="督查", date="2021-03-06", id="2")
    report = town.merge(east)
    assert (report.added, report.conflicting, report.ok) == (1, ("1",), False)
    assert "prefix" in str(report.problems[0])
    assert "conflicting" in str(report)
    assert [entry.kind for entry in town.history("1")] == ["调研"]
    assert town.merge(east, prefix="东街-").added == 2
    assert town.merge(east, prefix="东街-").unchanged == 2
    assert town.history("东街-1")[0].kind == "督查"


def test_a_ledger_is_not_merged_with_itself() -> None:
    ledger = office("east")
    with pytest.raises(UsageError):
        ledger.merge(ledger)


def test_two_offices_that_read_the_same_file_record_the_same_events(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("kind,date\n督查,2021-03-05\n督查,2021-03-05\n", encoding="utf-8")
    east, west = memory_ledger(prefix="east"), memory_ledger(prefix="west")
    east.import_file(path)
    west.import_file(path)
    assert west.merge(east).unchanged == 2
    assert len(west) == 2
