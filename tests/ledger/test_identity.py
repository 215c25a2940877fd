"""The same events in other sorts of files are the same events; sheets are told apart."""

from __future__ import annotations

import datetime as dt
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.errors import UsageError
from partybuild.ledger import ImportReport, memory_ledger, open_ledger
from partybuild.ledger.entries import CONTENT
from partybuild.ledger.identity import cell_text, identity
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.matching import content_id
from partybuild.plan import Plan
from partybuild.sources.events import read_events, read_events_draft

HEADINGS = ("事项", "日期", "数量", "单位", "人员", "级别", "比例", "复核", "会期", "说明码")
#: Typed as people type them into a sheet; the second and the third row are true twins.
ROWS: list[tuple[Any, ...]] = [
    ("调研", dt.date(2021, 3, 5), 2, "天", "甲；乙", 1, 0.5, True, dt.date(2021, 3, 6), "007"),
    ("督查", dt.date(2021, 3, 6), 1, "次", "丙", 2, 1.0, False, None, "12"),
    ("督查", dt.date(2021, 3, 6), 1, "次", "丙", 2, 1.0, False, None, "12"),
    ("党课", dt.date(2021, 4, 1), 1.5, "小时", None, None, 0.25, None, dt.date(2021, 4, 2), None),
]


def as_texts() -> list[list[str]]:
    """Return the cells as a spreadsheet shows them."""
    shown = {True: "TRUE", False: "FALSE", None: ""}
    return [
        [shown[cell] if cell is None or isinstance(cell, bool) else str(cell) for cell in row]
        for row in ROWS
    ]


def csv_file(folder: Path) -> Path:
    path = folder / "台账.csv"
    lines = [",".join(row) for row in (list(HEADINGS), *as_texts())]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def numbered_csv_file(folder: Path) -> Path:
    path = folder / "带序号.csv"
    rows = [["序号", *HEADINGS], *([str(n), *row] for n, row in enumerate(as_texts(), 1))]
    path.write_text("\n".join(",".join(row) for row in rows), encoding="utf-8")
    return path


def jsonl_file(folder: Path) -> Path:
    path = folder / "台账.jsonl"
    lines = [
        json.dumps(dict(zip(HEADINGS, row, strict=True)), ensure_ascii=False, default=str)
        for row in ROWS
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def typed_frame() -> pd.DataFrame:
    frame = pd.DataFrame(dict(zip(HEADINGS, zip(*ROWS, strict=True), strict=True)))
    return frame.astype({"会期": "datetime64[us]", "日期": "datetime64[us]"})


def parquet_file(folder: Path) -> Path:
    pytest.importorskip("pyarrow")
    path = folder / "台账.parquet"
    typed_frame().to_parquet(path)
    return path


def excel_file(folder: Path) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    path = folder / "台账.xlsx"
    book = openpyxl.Workbook()
    for row in (HEADINGS, *ROWS):
        book.active.append(row)
    book.save(path)
    return path


def own_workbook(folder: Path) -> Path:
    pytest.importorskip("openpyxl")
    from partybuild.workbook import write_workbook

    path = folder / "年度台账.xlsx"
    plan = Plan(id="2021", start="2021-01-01", end="2021-12-31")
    draft = read_events_draft(typed_frame().assign(id=["r1", "r2", "r3", "r4"]))
    events = draft.events
    write_workbook(plan, path, events=events)
    return path


FILES: list[Callable[[Path], Path]] = [
    csv_file, numbered_csv_file, jsonl_file, parquet_file, excel_file,
]  # fmt: skip


@pytest.mark.parametrize("first", FILES)
@pytest.mark.parametrize("second", FILES)
def test_the_same_events_in_another_file_add_nothing(
    tmp_path: Path, first: Callable[[Path], Path], second: Callable[[Path], Path]
) -> None:
    ledger = memory_ledger()
    assert len(ledger.import_file(first(tmp_path)).added) == 4
    before = ledger.digest()
    report = ledger.import_file(second(tmp_path))
    assert (len(report.added), len(report.unchanged), report.ok) == (0, 4, True)
    assert ledger.digest() == before


@pytest.mark.parametrize("second", FILES)
def test_a_file_replaced_by_one_of_another_sort_is_the_same_source(
    tmp_path: Path, second: Callable[[Path], Path]
) -> None:
    ledger = memory_ledger()
    ledger.import_file(csv_file(tmp_path), source="台账")
    report = ledger.import_file(second(tmp_path), source="台账", on_change="amend")
    assert (len(report.unchanged), len(report.amended), report.missing) == (4, 0, ())


def test_what_was_recorded_from_a_workbook_is_known_when_it_is_imported(tmp_path: Path) -> None:
    path = excel_file(tmp_path)
    from partybuild.workbook import read_workbook

    ledger = memory_ledger()
    ledger.record_many(read_workbook(path).events)
    for make in FILES:
        assert ledger.import_file(make(tmp_path)).added == ()
    assert len(ledger) == 4


def test_events_with_ids_are_known_in_every_form(tmp_path: Path) -> None:
    path = own_workbook(tmp_path)
    ledger = open_ledger(tmp_path / "a.db")
    frame = read_events(typed_frame().assign(id=["r1", "r2", "r3", "r4"]))
    ledger.record_many(frame)
    report = ledger.import_file(path)
    assert (len(report.unchanged), report.ok) == (4, True), report.problems
    assert [part.sheet for part in report.sheets if part.unchanged] == ["进展登记"]
    ledger.close()


def test_a_numbered_file_grows_in_the_middle(tmp_path: Path) -> None:
    path = numbered_csv_file(tmp_path)
    ledger = memory_ledger()
    ledger.import_file(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    lines.insert(2, "0,督查,2021-01-08,1,次,丁,,,,,")
    lines[1:] = [f"{n},{line.partition(',')[2]}" for n, line in enumerate(lines[1:], 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    report = ledger.import_file(path)
    assert (report.added, report.unchanged, report.conflicting) == ((3,), (2, 4, 5, 6), ())


def test_types_still_come_back_as_they_were_recorded(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    ledger = memory_ledger()
    ledger.import_file(parquet_file(tmp_path))
    ledger.import_file(csv_file(tmp_path))
    attributes = next(iter(ledger.entries())).attributes
    assert {name: attributes[name] for name in ("比例", "复核")} == {"比例": 0.5, "复核": True}


values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.dates()
)


@given(value=values)
def test_reading_a_cell_twice_changes_nothing(value: object) -> None:
    assert cell_text(cell_text(value)) == cell_text(value)


@given(one=st.text(st.characters(exclude_categories=["Cs"])), other=st.text("0123456789.%-年月日/"))
def test_different_texts_that_are_no_numbers_stay_different(one: str, other: str) -> None:
    if cell_text(one) == cell_text(other) and one.strip() != other.strip():
        assert any(mark.isdigit() for mark in other)


def test_ids_of_content_do_not_depend_on_types() -> None:
    contents = []
    for attributes in ('{"序号":7,"级别":1}', '{"级别":"1"}', '{"级别":1.0,"序号":"12"}'):
        content = dict.fromkeys(CONTENT, "") | {"kind": "督查", "attributes": attributes}
        contents.append(tuple(content[name] for name in CONTENT))
    assert len({content_id(content, 1) for content in contents}) == 1
    assert identity(contents[0]) == identity(identity(contents[0]))


def book(path: Path, **sheets: list[tuple[Any, ...]]) -> Path:
    openpyxl = pytest.importorskip("openpyxl")
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets.items():
        page = made.create_sheet(title)
        for row in rows:
            page.append(row)
    made.save(path)
    return path


HEAD = ("事项", "日期", "数量")
MARCH = [HEAD, ("督查", "2021-03-05", 1), ("督查", "2021-02-31", 1), ("合计", None, 2)]
APRIL = [HEAD, ("督查", "2021-04-05", 1), ("党课", "2021-04-06", 1)]
NOTES = [("说明", "填表要求"), ("每月五日前报送", None)]


@pytest.fixture(params=["memory", "file"])
def ledger(request: pytest.FixtureRequest, tmp_path: Path) -> KeptLedger:
    return memory_ledger() if request.param == "memory" else open_ledger(tmp_path / "town.db")


def rows_of(report: ImportReport) -> list[int]:
    fates = ("added", "unchanged", "amended", "conflicting", "rejected", "skipped")
    return sorted(itertools.chain.from_iterable(getattr(report, fate) for fate in fates))


def test_every_sheet_is_read_or_named(ledger: KeptLedger, tmp_path: Path) -> None:
    path = book(tmp_path / "台账.xlsx", 三月=MARCH, 四月=APRIL, 填表说明=NOTES)
    report = ledger.import_file(path)
    march, april, notes = report.sheets
    assert (march.sheet, march.added, march.rejected, march.skipped) == ("三月", (2,), (3,), (4,))
    assert (april.sheet, april.added, rows_of(april)) == ("四月", (2, 3), [2, 3])
    assert (notes.sheet, [one.code for one in notes.problems]) == ("填表说明", ["no-table"])
    assert (report.added, report.rejected, report.ok) == ((2, 2, 3), (3,), False)
    assert "1 skipped" in str(report)
    assert str(april).startswith("台账.xlsx, sheet 四月: 2 added")
    places = {(entry.sheet, entry.row) for entry in ledger.entries()}
    assert places == {("三月", 2), ("四月", 2), ("四月", 3)}
    again = ledger.import_file(path)
    assert (again.added, again.unchanged) == ((), (2, 2, 3))


def test_one_sheet_leaves_the_others_alone(ledger: KeptLedger, tmp_path: Path) -> None:
    path = book(tmp_path / "台账.xlsx", 三月=MARCH, 四月=APRIL)
    ledger.import_file(path, sheet="三月")
    report = ledger.import_file(path, sheet="四月", on_change="amend")
    assert (report.added, report.amended, report.missing) == ((2, 3), (), ())
    with pytest.raises(UsageError, match="五月"):
        ledger.import_file(path, sheet="五月")


def test_a_row_that_moves_to_another_sheet_is_the_same_event(
    ledger: KeptLedger, tmp_path: Path
) -> None:
    ledger.import_file(book(tmp_path / "台账.xlsx", 三月=MARCH[:2], 四月=APRIL))
    moved = book(tmp_path / "台账.xlsx", 三月=[*MARCH[:2], APRIL[2]], 四月=APRIL[:2])
    report = ledger.import_file(moved)
    assert (report.added, report.unchanged, report.missing) == ((), (2, 3, 2), ())


def test_a_figure_changed_on_the_second_sheet_is_named_there(
    ledger: KeptLedger, tmp_path: Path
) -> None:
    ledger.import_file(book(tmp_path / "台账.xlsx", 三月=MARCH[:2], 四月=APRIL))
    path = book(
        tmp_path / "台账.xlsx", 三月=MARCH[:2], 四月=[*APRIL[:2], ("党课", "2021-04-06", 3)]
    )
    report = ledger.import_file(path)
    assert report.sheets[1].conflicting == (3,)
    assert [(one.sheet, one.row) for one in report.problems if one.severity == "error"] == [
        ("四月", 3)
    ]
    assert ledger.import_file(path, on_change="amend").amended == (3,)


def test_a_workbook_without_a_table_is_not_fine(ledger: KeptLedger, tmp_path: Path) -> None:
    report = ledger.import_file(book(tmp_path / "台账.xlsx", 填表说明=NOTES))
    assert not report.ok
    assert len(ledger) == 0


def test_a_workbook_that_says_when_is_not_stamped(ledger: KeptLedger, tmp_path: Path) -> None:
    ledger.clock = lambda: dt.datetime(2021, 7, 1)
    rows = [
        ("事项", "日期", "recorded_at"),
        ("督查", "2021-03-05", "2021-03-05"),
        ("督查", "2021-03-09", None),
    ]
    ledger.import_file(book(tmp_path / "台账.xlsx", 三月=rows))
    recorded = [str(entry.recorded_at.date()) for entry in ledger.entries()]
    assert recorded == ["2021-03-05", "2021-07-01"]
