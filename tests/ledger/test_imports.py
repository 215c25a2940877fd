"""A file that is read again and again, as it grows, is corrected, reordered and copied."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild.errors import SourceError, UsageError
from partybuild.events import current_events
from partybuild.ledger import ImportReport, memory_ledger, open_ledger
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.matching import content_id

PLAIN = "kind,date,quantity,subject"
WITH_ID = "id,kind,date,quantity,subject"
WITH_TIME = "id,kind,date,quantity,recorded_at"

Importer = Callable[..., ImportReport]


class Office:
    """A folder with a file, and a ledger that takes it in."""

    def __init__(self, folder: Path, ledger: KeptLedger) -> None:
        self.folder, self.ledger = folder, ledger

    def take(
        self, rows: list[str], *, head: str = PLAIN, name: str = "台账.csv", **options: object
    ) -> ImportReport:
        path = self.folder / name
        path.write_text("\n".join([head, *rows, ""]), encoding="utf-8")
        report = self.ledger.import_file(path, **options)  # type: ignore[arg-type]
        named = [
            *report.added, *report.unchanged, *report.amended, *report.conflicting,
            *report.rejected,
        ]  # fmt: skip
        assert sorted(named) == list(range(2, len(rows) + 2)), "each row stands in one of the five"
        return report

    def held(self) -> list[tuple[str, str, float]]:
        """Return kind, date and quantity of the events that count."""
        frame = current_events(self.ledger.to_frame())
        dates = frame["date"].dt.strftime("%Y-%m-%d")
        return sorted(zip(frame["kind"], dates, frame["quantity"], strict=True))


@pytest.fixture(params=["memory", "file"])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Office:
    ledger = memory_ledger() if request.param == "memory" else open_ledger(tmp_path / "town.db")
    return Office(tmp_path, ledger)


ROWS = ["调研,2021-03-05,2,东村", "督查,2021-03-06,1,西村", "督查,2021-03-06,1,西村"]


def test_twice_the_same_adds_nothing(office: Office) -> None:
    assert office.take(ROWS).added == (2, 3, 4)
    before = office.ledger.digest()
    assert office.take(ROWS).unchanged == (2, 3, 4)
    assert office.take(list(reversed(ROWS))).unchanged == (2, 3, 4)
    assert office.take(ROWS, name="副本.csv").unchanged == (2, 3, 4)
    assert office.ledger.digest() == before


def test_twins_are_counted(office: Office) -> None:
    office.take(ROWS)
    assert office.take([*ROWS, ROWS[1]]).added == (5,)
    assert office.take([ROWS[1]] * 4).added == (5,)
    assert len({entry.id for entry in office.ledger.entries()}) == 5


def test_new_rows_are_found_wherever_they_stand(office: Office) -> None:
    office.take(ROWS)
    report = office.take(["党课,2020-12-30,1,", ROWS[0], "党课,2021-05-01,1,", *ROWS[1:]])
    assert (report.added, report.unchanged) == ((2, 4), (3, 5, 6))


def test_a_changed_figure_is_a_conflict_or_an_amendment(office: Office) -> None:
    office.take(ROWS)
    changed = ["调研,2021-03-05,3,东村", *ROWS[1:]]
    report = office.take(changed)
    assert (report.conflicting, report.unchanged, report.ok) == ((2,), (3, 4), False)
    (problem,) = report.problems
    assert (problem.row, problem.read) == (2, "quantity: 2.0 -> 3.0")
    assert office.held()[-1] == ("调研", "2021-03-05", 2.0)
    assert office.take(changed, on_change="amend").amended == (2,)
    assert office.held()[-1] == ("调研", "2021-03-05", 3.0)
    assert office.take(changed).unchanged == (2, 3, 4)
    back = office.take(ROWS, on_change="amend")
    assert back.amended == (2,)
    assert office.held()[-1] == ("调研", "2021-03-05", 2.0)


def test_a_changed_date_or_name_is_recognised_between_its_neighbours(office: Office) -> None:
    rows = [f"督查,2021-03-0{number},1,村{number}" for number in range(1, 8)]
    office.take(rows)
    rows[3] = "督查,2021-03-14,1,村44"
    rows.insert(0, "党课,2021-01-01,1,")
    report = office.take(rows, on_change="amend")
    assert (report.added, report.amended, report.missing) == ((2,), (6,), ())


def test_a_row_that_left_the_file_is_missing_and_stays(office: Office) -> None:
    office.take(ROWS)
    report = office.take(ROWS[1:])
    assert len(report.missing) == 1
    office.ledger.void(report.missing[0], reason="误记")
    assert office.take(ROWS[1:]).missing == ()
    assert office.take(ROWS).unchanged == (2, 3, 4)  # voided here; the file does not undo that


def test_rows_with_ids_are_found_by_them(office: Office) -> None:
    rows = ["a,调研,2021-03-05,2,东村", "b,督查,2021-03-06,1,西村"]
    office.take(rows, head=WITH_ID)
    moved = ["b,督查,2021-03-16,1,南村", "c,督查,2021-03-06,1,西村", rows[0]]
    report = office.take(moved, head=WITH_ID, on_change="amend")
    assert (report.added, report.amended, report.unchanged) == ((3,), (2,), (4,))
    assert [str(entry.date) for entry in office.ledger.history("b")] == ["2021-03-06", "2021-03-16"]


def test_some_rows_may_lack_an_id(office: Office) -> None:
    rows = ["a,调研,2021-03-05,2,", ",督查,2021-03-06,1,", " ,督查,2021-03-06,1,"]
    assert office.take(rows, head=WITH_ID).added == (2, 3, 4)
    assert office.take(rows, head=WITH_ID).unchanged == (2, 3, 4)


def test_a_correction_made_here_is_not_undone_by_the_old_file(office: Office) -> None:
    rows = ["a,调研,2021-03-05,2,东村"]
    office.take(rows, head=WITH_ID)
    office.ledger.amend("a", quantity=5, reason="核实")
    assert office.take(rows, head=WITH_ID, on_change="amend").unchanged == (2,)
    assert office.held() == [("调研", "2021-03-05", 5.0)]


def test_a_file_may_hold_the_history_of_an_event(office: Office) -> None:
    rows = ["a,调研,2021-03-05,2,2021-03-06", "a,调研,2021-03-05,3,2021-04-01"]
    assert office.take(rows, head=WITH_TIME).added == (2, 3)
    assert office.take(rows, head=WITH_TIME).unchanged == (2, 3)
    rows.append("a,调研,2021-03-05,2,2021-05-01")
    assert office.take(rows, head=WITH_TIME).conflicting == (4,)
    assert office.take(rows, head=WITH_TIME, on_change="amend").amended == (4,)
    assert [entry.quantity for entry in office.ledger.history("a")] == [2.0, 3.0, 2.0]


def test_a_correction_recorded_before_what_it_corrects_is_a_conflict(office: Office) -> None:
    office.take(["a,调研,2021-03-05,2,2021-04-01"], head=WITH_TIME)
    report = office.take(["a,调研,2021-03-05,3,2021-03-06"], head=WITH_TIME, on_change="amend")
    assert report.conflicting == (2,)
    assert report.problems[0].code == "recorded-too-early"


def test_who_when_from_where_and_why_stand_on_the_entries(office: Office) -> None:
    office.ledger.clock = lambda: dt.datetime(2021, 7, 1, 8, 30)
    office.take(ROWS[:1], recorded_by="李", reason="半年补录")
    office.take(["调研,2021-03-05,3,东村"], on_change="amend", recorded_by="王")
    first, second = office.ledger.entries()
    assert (first.recorded_by, first.file, first.row) == ("李", "台账.csv", 2)
    assert (first.reason, second.reason) == ("半年补录", "the row was changed in the file")
    assert first.recorded_at == second.recorded_at == dt.datetime(2021, 7, 1, 8, 30)


def test_a_late_import_changes_nothing_that_was_known(office: Office) -> None:
    office.take(ROWS, recorded_at="2021-12-31")
    published = office.ledger.to_frame(known_at="2021-12-31")
    office.take(["调研,2021-03-05,9,东村", *ROWS[1:], "督查,2021-11-11,1,"], on_change="amend",
                recorded_at="2022-01-05")  # fmt: skip
    pd.testing.assert_frame_equal(office.ledger.to_frame(known_at="2021-12-31"), published)
    assert len(office.ledger) == 5


def test_a_file_s_own_recorded_at_counts_before_the_clock(office: Office) -> None:
    office.ledger.clock = lambda: dt.datetime(2021, 7, 1)
    rows = ["a,调研,2021-03-05,2,2021-03-05", "b,调研,2021-03-05,2,"]
    office.take(rows, head=WITH_TIME)
    assert [str(entry.recorded_at.date()) for entry in office.ledger.entries()] == [
        "2021-03-05",
        "2021-07-01",
    ]


def test_bad_rows_are_named_and_keep_nothing_out(office: Office) -> None:
    report = office.take(["调研,2021-02-31,2,东村", "调研,2021-03-05,两,东村", *ROWS])
    assert (report.rejected, report.added) == ((2, 3), (4, 5, 6)) or report.rejected == (2,)
    assert all(problem.row in report.rejected for problem in report.problems)
    assert "rejected" in str(report)


def test_control_characters_are_named_by_row(office: Office) -> None:
    report = office.take([*ROWS, "督查,2021-03-09,1,a\x1fb"])
    assert (report.rejected, report.added) == ((5,), (2, 3, 4))


def test_two_files_are_two_unless_they_are_said_to_be_one(office: Office) -> None:
    office.take(ROWS, name="三月.csv", source="台账")
    changed = ["调研,2021-03-05,3,东村", *ROWS[1:]]
    assert office.take(changed, name="四月.csv", source="台账").conflicting == (2,)
    assert office.take(changed, name="别处.csv").added == (2,)


def test_attributes_take_part(office: Office) -> None:
    head = PLAIN + ",级别"
    office.take([row + ",县" for row in ROWS], head=head)
    assert office.take([row + ",县" for row in ROWS], head=head).unchanged == (2, 3, 4)
    assert office.take([row + ",市" for row in ROWS], head=head).conflicting == (2, 3, 4)
    assert set(office.ledger.to_frame()["级别"]) == {"县"}


def test_workbooks_are_taken_in_with_their_sheet(office: Office) -> None:
    pytest.importorskip("openpyxl")
    path = office.folder / "台账.xlsx"
    frame = pd.DataFrame({"事项": ["调研", "督查"], "日期": ["2021-03-05", "2021-03-06"]})
    frame.to_excel(path, sheet_name="三月", index=False)
    assert office.ledger.import_file(path).added == (2, 3)
    assert office.ledger.import_file(path, sheet="三月").unchanged == (2, 3)
    assert {entry.sheet for entry in office.ledger.entries()} == {"三月"}


def test_what_cannot_be_read_is_an_error(office: Office) -> None:
    with pytest.raises(SourceError):
        office.ledger.import_file(office.folder / "nowhere.csv")
    with pytest.raises(UsageError, match="on_change"):
        office.take(ROWS, on_change="overwrite")
    assert len(office.ledger) == 0


def test_made_up_ids_do_not_depend_on_where_fields_end() -> None:
    assert content_id(("ab", "c"), 1) != content_id(("a", "bc"), 1)
    assert content_id(('a","b',), 1) != content_id(("a", "b"), 1)


row = st.tuples(
    st.sampled_from(["调研", "督查"]),
    st.sampled_from(["2021-03-05", "2021-03-06"]),
    st.integers(0, 3),
    st.sampled_from(["东村", "西村", ""]),
).map(lambda parts: ",".join(map(str, parts)))


@settings(max_examples=60)
@given(old=st.lists(row, max_size=8), extra=st.lists(row, max_size=4), seed=st.integers(0, 99))
def test_a_grown_and_shuffled_file_adds_what_is_new(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], extra: list[str], seed: int
) -> None:
    office = Office(tmp_path_factory.mktemp("office"), memory_ledger())
    office.take(old)
    grown = [*old, *extra]
    random.Random(seed).shuffle(grown)
    report = office.take(grown)
    assert (len(report.added), len(report.unchanged)) == (len(extra), len(old))
    assert office.take(grown).added == ()
    assert len(office.ledger) == len(grown)


@settings(max_examples=60)
@given(old=st.lists(row, max_size=8), new=st.lists(row, max_size=8))
def test_whatever_became_of_a_file_the_ledger_holds_it_when_asked_to_amend(
    tmp_path_factory: pytest.TempPathFactory, old: list[str], new: list[str]
) -> None:
    office = Office(tmp_path_factory.mktemp("office"), memory_ledger())
    office.take(old)
    report = office.take(new, on_change="amend")
    for name in report.missing:
        office.ledger.void(name, reason="不在台账中")
    wanted = [entry.split(",") for entry in new]
    assert office.held() == sorted((kind, date, float(n)) for kind, date, n, _ in wanted)
    assert office.take(new).unchanged == tuple(range(2, len(new) + 2))
