"""Event files of every kind: what is read, what is named, and that writing loses nothing."""

from __future__ import annotations

import datetime as dt
import json
import math
import os
import re
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from partybuild._frames import is_canonical
from partybuild.cells import EXCEL_ERRORS
from partybuild.errors import EventError, MissingExtraError, SourceError, UsageError
from partybuild.events import EventDraft
from partybuild.sources import csv_files, excel, files, jsonl, parquet
from partybuild.sources.events import read_events, read_events_draft, write_events

HEADINGS = "编号,日期,事项,数量,单位,对象"
FORMATS = (".csv", ".tsv", ".jsonl", ".ndjson", ".xlsx", ".parquet")

Draft = Callable[..., EventDraft]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Write a file and read it as a draft."""

    def read(content: str | bytes, suffix: str = ".csv", **options: object) -> EventDraft:
        path = tmp_path / f"events{suffix}"
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_events_draft(path, **options)

    return read


def places(found: EventDraft) -> list[tuple[str, int | None, int | None, str | None]]:
    return [(each.code, each.row, each.line, each.column) for each in found.problems]


# CSV


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
def test_csv_in_the_encodings_of_chinese_offices(draft: Draft, encoding: str) -> None:
    found = draft(f"{HEADINGS}\n1,2021年3月5日,党课,3,次,张三\n".encode(encoding))
    assert found.ok
    assert found.events[["kind", "subject", "quantity"]].values.tolist() == [["党课", "张三", 3.0]]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_csv_delimiters_and_line_ends(draft: Draft, delimiter: str, end: str) -> None:
    rows = [HEADINGS.split(","), ["1", "2021-03-05", "党课", '"1,5;\t"', "次", "张三"]]
    rows[1][3] = "15"
    rows[1][5] = f'"张,三;李{delimiter}四"'
    found = draft(end.join(delimiter.join(row) for row in rows) + end)
    assert found.ok
    assert found.events["subject"].tolist() == [f"张,三;李{delimiter}四".strip()]


def test_csv_sep_line_of_excel(draft: Draft) -> None:
    found = draft("sep=|\n编号|日期|事项\n1|2021-03-05|党课\n")
    assert found.ok
    assert found.rows.tolist() == [3]


def test_csv_own_headings_find_the_delimiter(draft: Draft) -> None:
    columns = {"no": "id", "when": "date", "what": "kind"}
    assert draft("no;when;what\n1;2021-03-05;a,b,c,d\n", columns=columns).ok


def test_csv_rows_of_another_length_are_named_and_never_shifted(draft: Draft) -> None:
    found = draft(
        f"{HEADINGS}\n1,2021-03-05,党课,1,次\n2,2021-03-05,党课,1,000,次,张三\n"
        "3,2021-03-05,党课,1,次,李四\n"
    )
    assert places(found) == [("bad-width", 2, None, None), ("bad-width", 3, None, None)]
    assert found.events["subject"].tolist() == ["李四"]
    assert found.rows.tolist() == [4]
    assert found.rows_in == 3


def test_csv_line_and_row_differ_after_a_cell_of_two_lines(draft: Draft) -> None:
    found = draft(f'{HEADINGS}\n1,2021-03-05,党课,1,次,"张三\n李四"\n2,2021-02-31,党课,1,次,王五\n')
    assert places(found) == [("bad-date", 3, 4, "日期")]
    assert found.events["subject"].tolist() == ["张三\n李四"]


def test_csv_blank_rows_are_no_rows_but_are_counted_in_row_numbers(draft: Draft) -> None:
    found = draft(f"\n{HEADINGS}\n\n,,,,,\n , ,　,,,\n1,2021-03-05,党课,1,次,张三\n\n")
    assert found.ok
    assert found.rows.tolist() == [6]
    assert found.rows_in == 1


def test_csv_open_quote_is_named_where_it_opens(draft: Draft) -> None:
    found = draft(
        f'{HEADINGS}\n1,2021-03-05,党课,1,次,张三\n2,2021-03-05,"党课,1,次,张三\n3,a,b,c,d,e\n'
    )
    assert places(found) == [("bad-csv", 3, None, None)]
    assert found.events["id"].tolist() == ["1"]


def test_csv_broken_utf8_is_named_with_its_byte_and_not_read_as_another_encoding(
    draft: Draft,
) -> None:
    good = f"{HEADINGS}\n1,2021-03-05,党课,1,次,张三\n".encode()
    cut = "2,2021-03-05,党课,1,次,李".encode()
    content = good + cut[:-1] + "\n3,2021-03-05,党课,1,次,王五\n".encode()
    found = draft(content)
    assert places(found) == [("bad-encoding", 3, None, "对象")]
    assert f"from byte offset {len(good) + len(cut) - 3}" in found.problems[0].message
    assert found.problems[0].read == "\\xe6\\x9d"
    assert found.events["id"].tolist() == ["1", "3"]


def test_csv_broken_gb18030_is_named_with_its_byte(draft: Draft) -> None:
    good = f"{HEADINGS}\n1,2021-03-05,党课,1,次,张三李四王五赵六\n".encode("gb18030")
    found = draft(good + "2,2021-03-05,党课,1,次,".encode("gb18030") + b"\xff\n")
    assert places(found) == [("bad-encoding", 3, None, "对象")]
    assert "GB18030" in found.problems[0].message
    assert found.events["id"].tolist() == ["1"]


def test_csv_famous_short_gbk_word_is_not_taken_for_utf8(draft: Draft) -> None:
    found = draft(f"{HEADINGS}\n1,2021-03-05,联通,1,次,联通\n".encode("gbk"))
    assert found.events["kind"].tolist() == ["联通"]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\x89PNG\r\n\x1a\n\xff\xfa\x81\x82" * 20, "neither UTF-8 nor GB18030: byte 0x89"),
        (b"id,kind\x00,date\n", "byte 0 at offset 7"),
        (b"\xff\xfea\x00b", "broken UTF-16"),
        (b'"id,kind\n1,2', "headings cannot be read"),
        (b"\xef\xbb\xbfid,kind\xff,date\n", "headings are not UTF-8: byte offset 10"),
    ],
)
def test_csv_that_is_no_text_at_all(draft: Draft, content: bytes, reason: str) -> None:
    with pytest.raises(SourceError, match=reason):
        draft(content)


def test_csv_without_a_heading_names_the_missing_columns(draft: Draft) -> None:
    assert [each.code for each in draft("").problems] == ["missing-column"] * 3


def test_doubtful_units_are_warnings_and_their_rows_are_taken(draft: Draft) -> None:
    found = draft(
        f"{HEADINGS}\n1,2021-03-05,率,95,%,a\n2,2021-03-05,率,95%,%,a\n3,2021-03-05,课,1,东山村,a\n"
    )
    assert found.ok
    assert [(each.code, each.severity, each.row) for each in found.problems] == [
        ("doubtful-percent", "warning", 2),
        ("doubtful-unit", "warning", 4),
    ]
    assert found.events["quantity"].tolist() == [95.0, 0.95, 1.0]


@pytest.mark.parametrize("text", ["=1+1", "+86", "-x", "@a", "'=1", "''@", "\t=1"])
def test_csv_never_writes_a_formula_and_reads_the_text_back(text: str) -> None:
    written = csv_files.guarded(text)
    assert written.startswith("'")
    assert csv_files.unguarded(written) == text


@given(text=st.text(st.sampled_from("'=+-@\t\r#N/A!1"), max_size=6))
def test_the_apostrophe_is_lossless(text: str) -> None:
    written = csv_files.guarded(text)
    assert csv_files.unguarded(written) == text
    is_number = re.fullmatch("-[0-9]+", written) is not None
    assert is_number or written[:1] not in tuple("=+-@\t\r")


# JSON Lines


def test_jsonl_types_lists_and_missing_keys(draft: Draft) -> None:
    rows = [
        {"id": 1, "kind": "党课", "date": "2021-03-05", "subject": ["甲", "乙"], "level": 3},
        {"id": "2", "kind": "党课", "date": 20210305, "void": True, "quantity": 2.5},
        {
            "id": "3",
            "kind": "党课",
            "date": "2021-03-04T17:00:00Z",
            "quantity": None,
            "level": None,
        },
    ]
    found = draft("\n".join(json.dumps(row) for row in rows) + "\n\n", ".jsonl")
    assert found.ok
    assert found.events["id"].tolist() == ["1", "2", "3"]
    assert found.events["date"].dt.day.tolist() == [5, 5, 5]
    assert found.events["quantity"].tolist() == [1.0, 2.5, 1.0]
    assert found.events["subject"].iloc[0] == "甲；乙"
    assert found.events["void"].tolist() == [False, True, False]
    assert str(found.events["level"].dtype) == "Int64"


GOOD_LINE = '{"id": "ok", "kind": "党课", "date": "2021-03-05"}'


@pytest.mark.parametrize(
    ("line", "code", "column"),
    [
        ("[1]", "bad-json", None),
        ("3", "bad-json", None),
        ("{", "bad-json", None),
        (GOOD_LINE + ",", "bad-json", None),
        ('{"id": 1, "id": 2}', "bad-json", None),
        ('{"id": 1, "quantity": NaN}', "bad-json", None),
        ("[" * 100_000, "bad-json", None),
        ('{"id": ' + "9" * 5_000 + "}", "bad-json", None),
        ('{"id": "\\ud800", "kind": "a", "date": "2021-03-05"}', "bad-text", "id"),
        ('{"id": {"a": 1}, "kind": "a", "date": "2021-03-05"}', "bad-text", "id"),
        (
            '{"id": 1, "kind": "a", "date": "2021-03-05", "quantity": true}',
            "bad-number",
            "quantity",
        ),
        (
            '{"id": 1, "kind": "a", "date": "2021-03-05", "quantity": 1e999}',
            "bad-number",
            "quantity",
        ),
        ('{"id": 1, "kind": "a", "date": "2021-02-30"}', "bad-date", "date"),
        ('{"id": 1, "kind": "a"}', "missing-value", "date"),
    ],
)
def test_jsonl_faults_are_named_by_line(
    draft: Draft, line: str, code: str, column: str | None
) -> None:
    found = draft(f"{GOOD_LINE}\n\n{line}\n", ".jsonl")
    assert places(found) == [(code, None, 3, column)]
    assert found.events["id"].tolist() == ["ok"]
    assert found.rows.tolist() == [1]
    assert found.rows_in == 2


def test_jsonl_broken_bytes_and_an_array_in_place_of_lines(draft: Draft) -> None:
    broken = draft(f"{GOOD_LINE}\n".encode() + b'{"id": "\xe6\x9d"}\n', ".jsonl")
    assert places(broken) == [("bad-encoding", None, 2, None)]
    array = draft("[\n" + GOOD_LINE + "\n]\n", ".jsonl")
    assert (
        array.problems[0].hint == "write one object a line, without brackets and commas around them"
    )


def test_jsonl_without_lines_is_an_empty_year(draft: Draft) -> None:
    found = draft("\n", ".jsonl")
    assert found.ok
    assert is_canonical(found.events)


# Excel


def book(path: Path, *rows: list[object], **formats: str) -> Path:
    """A workbook of one sheet; `formats` are the number formats of single cells."""
    found = openpyxl.Workbook()
    for row in rows:
        found.active.append(row)
    for cell, number_format in formats.items():
        found.active[cell].number_format = number_format
    found.save(path)
    return path


TITLES = ["编号", "日期", "事项", "数量", "单位", "备注"]


def test_excel_dates_numbers_and_ids_as_people_see_them(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        TITLES,
        [1.0, dt.datetime(2021, 3, 5), "党课", 0.95],
        ["007", 44260, "党课", "1,000", "次", True],
        [3, "2021年3月5日", "党课", None, None, 2.0],
        D2="0.0%",
    )
    events = read_events(path)
    assert events["id"].tolist() == ["1", "007", "3"]
    assert set(events["date"]) == {pd.Timestamp("2021-03-05")}
    assert events["quantity"].tolist() == [0.95, 1000.0, 1.0]
    assert events["unit"].fillna("").tolist() == ["%", "次", ""]
    assert events["note"].fillna("").tolist() == ["", "true", "2"]


def test_excel_day_numbers_of_1904(tmp_path: Path) -> None:
    found = openpyxl.Workbook()
    found.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    for row in (TITLES[:3], [1, 42798, "党课"], [2, dt.datetime(2021, 3, 5), "党课"]):
        found.active.append(row)
    found.save(tmp_path / "a.xlsx")
    assert set(read_events(tmp_path / "a.xlsx")["date"]) == {pd.Timestamp("2021-03-05")}


def test_excel_faults_are_named_by_sheet_row_and_heading(tmp_path: Path) -> None:
    path = book(
        tmp_path / "a.xlsx",
        TITLES,
        [1, dt.date(2021, 3, 5), "党课", "=1+2"],
        [],
        [2, "#REF!", "党课", 1],
        [330106199001011234.0, dt.date(2021, 3, 5), "党课", 1],
        [3, dt.date(2021, 3, 5), "党课", 1, None, None, "stray"],
        [4, dt.time(9, 0), "党课", "若干"],
        [5, dt.date(2021, 3, 5), "党课", 1],
    )
    found = read_events_draft(path)
    assert [(each.code, each.sheet, each.row, each.column) for each in found.problems] == [
        ("formula-without-value", "Sheet", 2, "数量"),
        ("error-value", "Sheet", 4, "日期"),
        ("digits-lost", "Sheet", 5, "编号"),
        ("bad-width", "Sheet", 6, None),
        ("bad-date", "Sheet", 7, "日期"),
        ("bad-number", "Sheet", 7, "数量"),
    ]
    assert found.problems[0].read == "=1+2"
    assert found.rows.tolist() == [8]
    assert found.rows_in == 6


def test_excel_kept_results_of_formulas_are_read(tmp_path: Path) -> None:
    path = book(tmp_path / "a.xlsx", TITLES, [1, dt.date(2021, 3, 5), "党课", "=1+2"])
    other = tmp_path / "b.xlsx"
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(other, "w") as new:
        for part in old.infolist():
            data = old.read(part).replace(b"<f>1+2</f><v></v>", b"<f>1+2</f><v>3</v>")
            new.writestr(part, data.replace(b"<f>1+2</f><v />", b"<f>1+2</f><v>3</v>"))
    assert read_events(other)["quantity"].tolist() == [3.0]


def test_excel_sheets_by_name_and_the_first_visible_one(tmp_path: Path) -> None:
    found = openpyxl.Workbook()
    found.active.title = "hidden"
    found.active.append(["x"])
    found.active.sheet_state = "hidden"
    for name in ("一月", "二月"):
        page = found.create_sheet(name)
        page.append(TITLES[:3])
        page.append([name, dt.date(2021, 3, 5), "党课"])
    found.save(tmp_path / "a.xlsx")
    assert read_events(tmp_path / "a.xlsx")["id"].tolist() == ["一月"]
    assert read_events(tmp_path / "a.xlsx", sheet="二月")["id"].tolist() == ["二月"]
    with pytest.raises(UsageError, match="did you mean '二月'"):
        read_events(tmp_path / "a.xlsx", sheet="二月份")


def test_excel_limits_are_checked_before_unpacking(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", TITLES, *[[i, dt.date(2021, 3, 5), "k"] for i in range(50)])
    size = path.stat().st_size
    for name, limit, reason in [
        ("MAX_WORKBOOK_BYTES", size - 1, f"{size:,} bytes; at most {size - 1:,}"),
        ("MAX_UNPACKED_BYTES", size, "bytes unpacked"),
        ("MAX_CELLS", 100, "more than"),
        ("MAX_ROWS", 20, "more than 20 rows"),
    ]:
        with monkeypatch.context() as patch:
            patch.setattr(excel, name, limit)
            with pytest.raises(SourceError, match=reason):
                read_events(path)


def test_excel_entity_bombs_and_distant_cells_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = book(tmp_path / "a.xlsx", TITLES[:3], [1, "2021-03-05", "k"])

    def altered(name: str, old: bytes, new: bytes) -> Path:
        target = tmp_path / name
        with zipfile.ZipFile(path) as source, zipfile.ZipFile(target, "w") as result:
            for part in source.infolist():
                data = source.read(part)
                is_sheet = part.filename.startswith("xl/worksheets/sheet")
                result.writestr(part, data.replace(old, new) if is_sheet else data)
        return target

    bomb = altered("b.xlsx", b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet')
    with pytest.raises(SourceError, match="declares entities"):
        read_events(bomb)
    monkeypatch.setattr(excel, "MAX_ROWS", 1000)
    far = altered("c.xlsx", b'<row r="2"', b'<row r="99999999"')
    with pytest.raises(SourceError, match="more than 1,000 rows"):
        read_events(far)


def test_excel_holds_formula_like_text_as_text(tmp_path: Path) -> None:
    texts = ["=1+1", "+86", "-x", "@SUM(A1)", "'=1", "007", "2021-03-05", "#1 会议"]
    frame = pd.DataFrame({"id": texts, "kind": texts, "date": "2021-03-05", "级别": texts})
    write_events(frame, tmp_path / "a.xlsx")
    page = openpyxl.load_workbook(tmp_path / "a.xlsx").active
    for row in page.iter_rows(min_row=2):
        assert [cell.data_type for cell in row[:2]] == ["s", "s"]
    back = read_events(tmp_path / "a.xlsx")
    assert back["id"].tolist() == back["kind"].tolist() == back["级别"].tolist() == texts


@pytest.mark.parametrize("text", ["a\x01b", "x" * 32_768, "\ufffe"])
def test_excel_says_which_text_it_cannot_hold(tmp_path: Path, text: str) -> None:
    frame = pd.DataFrame({"id": ["1", "2"], "kind": "k", "date": "2021-03-05", "note": ["", text]})
    with pytest.raises(EventError) as caught:
        write_events(frame, tmp_path / "a.xlsx")
    assert [(each.code, each.row, each.column) for each in caught.value.problems] == [
        ("unwritable-text", 3, "note")
    ]
    assert not (tmp_path / "a.xlsx").exists()


# Parquet


def test_parquet_of_other_programs(tmp_path: Path) -> None:
    table = pyarrow.table(
        {
            "id": pyarrow.array([1, 2], pyarrow.int32()),
            "kind": pyarrow.array(["党课", "党课"]).dictionary_encode(),
            "date": pyarrow.array([dt.date(2021, 3, 5)] * 2, pyarrow.date32()),
            "recorded_at": pyarrow.array(
                [dt.datetime(2021, 3, 4, 17)] * 2, pyarrow.timestamp("ns", tz="UTC")
            ),
            "quantity": pyarrow.array([None, 2.5]),
            "__index_level_0__": pyarrow.array([7, 8]),
        }
    )
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    events = read_events(tmp_path / "a.parquet")
    assert is_canonical(events)
    assert "__index_level_0__" not in events.columns
    assert events["id"].tolist() == ["1", "2"]
    assert events["recorded_at"].tolist() == [pd.Timestamp("2021-03-05 01:00")] * 2
    assert events["quantity"].tolist() == [1.0, 2.5]


def test_parquet_limits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_events(
        pd.DataFrame({"id": ["1", "2"], "kind": "k", "date": "2021-03-05"}), tmp_path / "a.parquet"
    )
    for name in ("MAX_PARQUET_BYTES", "MAX_PARQUET_ROWS", "MAX_PARQUET_UNPACKED_BYTES"):
        with monkeypatch.context() as patch:
            patch.setattr(parquet, name, 1)
            with pytest.raises(SourceError, match="at most 1"):
                read_events(tmp_path / "a.parquet")


# All formats


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    (tmp_path / "a.doc").write_text("x")
    (tmp_path / "a.xls").write_text("x")
    for name, reason in [
        ("none.csv", "no such file"), ("none.xlsx", "no such file"),
        ("none.parquet", "no such file"),
        ("folder.csv", "not a file"), ("a.doc", "unknown kind of file"),
        ("a.xls", "save it as .xlsx"),
        ("a\0b.csv", "no file can have this name"), ("x" * 300 + ".csv", "too long"),
    ]:  # fmt: skip
        with pytest.raises(SourceError, match=reason):
            read_events(tmp_path / name)


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a file it may not read")
def test_a_file_that_may_not_be_read(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("id")
    path.chmod(0)
    with pytest.raises(SourceError, match="permission denied"):
        read_events(path)


@pytest.mark.parametrize(
    ("suffix", "module", "extra"),
    [(".xlsx", "openpyxl", "excel"), (".parquet", "pyarrow", "parquet")],
)
def test_a_missing_extra_prints_the_line_that_installs_it(
    suffix: str, module: str, extra: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / f"a{suffix}"
    frame = pd.DataFrame({"id": ["1"], "kind": "k", "date": "2021-03-05"})
    write_events(frame, path)
    events = read_events(frame)
    for name in (module, f"{module}.parquet"):
        monkeypatch.setitem(sys.modules, name, None)
    for use in (lambda: read_events(path), lambda: write_events(events, path)):
        with pytest.raises(MissingExtraError, match=rf"pip install 'partybuild\[{extra}\]'"):
            use()


def test_text_files_over_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "MAX_TEXT_BYTES", 10)
    for suffix in (".csv", ".jsonl"):
        path = tmp_path / f"a{suffix}"
        path.write_text(GOOD_LINE)
        with pytest.raises(SourceError, match="at most 10 are read"):
            read_events(path)


@pytest.mark.parametrize(
    "source", [None, 3, b"a.csv", ["a.csv"], {"id": ["a"]}, np.ones(3), pd.Series(["a"])]
)
def test_a_source_of_a_wrong_kind_is_misuse(source: object) -> None:
    with pytest.raises(UsageError, match="expected a path, or a DataFrame of pandas, Polars"):
        read_events(source)


def test_sheet_is_for_workbooks_only(tmp_path: Path) -> None:
    for source in (
        tmp_path / "a.csv",
        tmp_path / "a.jsonl",
        tmp_path / "a.parquet",
        pd.DataFrame(),
    ):
        with pytest.raises(UsageError, match="no sheets"):
            read_events(source, sheet="一月")
    with pytest.raises(UsageError, match="name of a sheet"):
        read_events(tmp_path / "a.xlsx", sheet=1)


def test_one_error_lists_the_faults_and_not_the_warnings(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(f"{HEADINGS}\n1,2021-02-31,课,x,东山村,\n2,,课,95,%,\n", encoding="utf-8")
    with pytest.raises(EventError) as caught:
        read_events(path)
    assert [(each.row, each.column) for each in caught.value.problems] == [
        (2, "日期"), (2, "数量"), (3, "日期"),
    ]  # fmt: skip
    assert str(path) in str(caught.value)


def test_writing_needs_a_known_ending_and_good_events(tmp_path: Path) -> None:
    good = pd.DataFrame({"id": ["1"], "kind": "k", "date": "2021-03-05"})
    with pytest.raises(UsageError, match=r"\.parquet"):
        write_events(good, tmp_path / "a.txt")
    with pytest.raises(SourceError):
        write_events(good, tmp_path / "none" / "a.csv")
    with pytest.raises(EventError):
        write_events(good.assign(date="x"), tmp_path / "a.csv")
    assert list(tmp_path.iterdir()) == []


def test_writing_that_fails_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.jsonl"
    good = pd.DataFrame({"id": ["1"], "kind": "k", "date": "2021-03-05"})
    write_events(good, path)
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(jsonl.json, "JSONEncoder", full)
    with pytest.raises(SourceError, match="no space left"):
        write_events(pd.concat([good, good.assign(id="2")]), path)
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]


TEXT = (
    st.text(
        st.characters(exclude_categories=("Cs", "Cc", "Cf", "Cn", "Co", "Zs", "Zl", "Zp")),
        min_size=1,
    )
    | st.sampled_from(["=1+1", "'=1", "#1", "+8", "-", "@x", "a\nb", '"', "a,b;c\td", "007"])
).filter(lambda text: text not in EXCEL_ERRORS)
DAY = st.dates(dt.date(1000, 1, 1), dt.date(9000, 12, 31))


@st.composite
def canonical(draw: st.DrawFn) -> pd.DataFrame:
    n = draw(st.integers(0, 4))

    def column(values: st.SearchStrategy) -> list:
        return draw(st.lists(values, min_size=n, max_size=n))

    dates = column(DAY)
    frame = pd.DataFrame(
        {
            "id": pd.Series(column(TEXT), dtype="str"),
            "kind": pd.Series(column(TEXT), dtype="str"),
            "date": np.array(dates, dtype="M8[us]"),
            "end": np.array(
                [day + dt.timedelta(draw(st.integers(0, 40))) for day in dates], "M8[us]"
            ),
            "quantity": np.array(
                column(st.floats(-1e12, 1e12) | st.integers(-9, 9)), dtype=np.float64
            ),
            "unit": pd.Series(
                column(st.none() | st.sampled_from(["%", "次", "万元", "‰"])), dtype="str"
            ),
            "subject": pd.Series(column(st.none() | TEXT), dtype="str"),
            "organisation": pd.Series(column(st.none() | TEXT), dtype="str"),
            "evidence": pd.Series(column(st.none() | TEXT), dtype="str"),
            "note": pd.Series(column(st.none() | TEXT), dtype="str"),
            "recorded_at": np.array(
                column(st.datetimes(dt.datetime(1000, 1, 1), dt.datetime(9000, 1, 1))),
                dtype="M8[us]",
            ),
            "void": np.array(column(st.booleans()), dtype=bool),
            "级别": pd.Series(column(TEXT), dtype="str"),
        }
    )
    assert is_canonical(frame)
    return frame


@pytest.mark.parametrize("suffix", FORMATS)
@settings(max_examples=25)
@given(frame=canonical())
def test_a_canonical_frame_comes_back_the_same(
    suffix: str, frame: pd.DataFrame, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("round") / f"events{suffix}"
    write_events(frame, path)
    back = read_events(path)
    if len(frame) == 0 and suffix in (".jsonl", ".ndjson"):
        frame = frame.drop(columns="级别")
    pd.testing.assert_frame_equal(back, frame, check_exact=True)


@pytest.mark.parametrize("suffix", FORMATS)
def test_small_and_odd_numbers_come_back_to_the_last_bit(suffix: str, tmp_path: Path) -> None:
    values = [0.1, 0.07, 1 / 3, 1e-300, 1e15, 123456789.123456789, 1e22, -0.95, 5e-324, math.pi]
    frame = pd.DataFrame({"id": [str(i) for i in range(10)], "kind": "k", "date": "2021-03-05",
                          "quantity": values, "unit": ["%", "次"] * 5})  # fmt: skip
    write_events(frame, tmp_path / f"a{suffix}")
    back = read_events(tmp_path / f"a{suffix}")
    assert back["quantity"].tolist() == values
    assert back["unit"].tolist() == ["%", "次"] * 5


@pytest.mark.parametrize("suffix", FORMATS)
def test_reading_does_not_depend_on_the_order_of_rows(suffix: str, tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame(
        {
            "id": [f"e{i}" for i in range(40)],
            "kind": rng.choice(["党课", "调研"], 40),
            "date": pd.to_datetime("2021-01-01") + pd.to_timedelta(rng.integers(0, 360, 40), "D"),
            "quantity": rng.integers(0, 9, 40),
            "级别": rng.choice(["县", "镇"], 40),
        }
    )
    write_events(frame, tmp_path / f"a{suffix}")
    write_events(frame.iloc[::-1], tmp_path / f"b{suffix}")
    first, second = read_events(tmp_path / f"a{suffix}"), read_events(tmp_path / f"b{suffix}")
    pd.testing.assert_frame_equal(second.iloc[::-1].reset_index(drop=True), first)


def test_attribute_types_survive_parquet(tmp_path: Path) -> None:
    frame = pd.DataFrame({"id": ["1"], "kind": "k", "date": "2021-03-05", "n": [3], "x": [0.5],
                          "b": [True], "t": pd.to_datetime(["2021-03-05 09:00"])})  # fmt: skip
    write_events(frame, tmp_path / "a.parquet")
    back = read_events(tmp_path / "a.parquet")
    assert back[["n", "x", "b", "t"]].dtypes.astype(str).tolist() == [
        "int64", "float64", "bool", str(frame["t"].dtype),
    ]  # fmt: skip


def test_a_negative_number_is_a_number_in_csv_and_no_formula(tmp_path: Path) -> None:
    rows = {"id": ["a", "b"], "kind": "结余", "date": "2021-03-05", "quantity": [-1, -2.5]}
    events = read_events(pd.DataFrame({**rows, "note": ["-2", "-2+3"]}))
    write_events(events, tmp_path / "events.csv")
    lines = (tmp_path / "events.csv").read_text("utf-8-sig").splitlines()
    assert ",-1," in lines[1]
    assert ",-2," in lines[1]
    assert ",-2.5," in lines[2]
    assert "'-2+3" in lines[2]
    pd.testing.assert_frame_equal(read_events(tmp_path / "events.csv"), events)
