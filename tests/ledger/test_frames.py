"""Frames out of a ledger: cut from joined columns, the same however pandas keeps its texts."""

from __future__ import annotations

import datetime as dt
import sqlite3
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild._frames import is_canonical
from partybuild.errors import LedgerError, UnknownNameError
from partybuild.ledger import memory_ledger, open_ledger, reading
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.texts import Texts

DAY = dt.date(2021, 3, 5)

words = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1e\x1f"), max_size=6
)
days = st.dates(dt.date(1990, 1, 1), dt.date(2100, 1, 1)).map(str)
moments = st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2100, 1, 1)).map(dt.datetime.isoformat)


def kept_as(storage: str) -> object:
    if storage == "pyarrow":
        pytest.importorskip("pyarrow")
    return pd.option_context("mode.string_storage", storage)


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
@given(texts=st.lists(words, max_size=5))
def test_texts_come_back_as_they_went_in(storage: str, texts: list[str]) -> None:
    with kept_as(storage):  # type: ignore[attr-defined]
        series = Texts("note", "\x1f".join(texts).encode(), len(texts)).series()
    assert series.dtype.storage == storage  # type: ignore[union-attr]
    assert series.fillna("").tolist() == texts
    assert series.isna().tolist() == [text == "" for text in texts]


@given(texts=st.lists(days, max_size=4) | st.lists(days | moments | st.just(""), max_size=4))
def test_moments_come_back_as_they_went_in(texts: list[str]) -> None:
    values = Texts("date", "\x1f".join(texts).encode(), len(texts)).moments()
    assert values.dtype == "datetime64[us]"
    assert values.tolist() == [dt.datetime.fromisoformat(text) if text else None for text in texts]


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
@pytest.mark.parametrize("joined", [b"a", b"a\x1fb\x1fc", b"\xff\x1fa", b"\x1f\x1f"])
def test_what_no_ledger_writes_is_named(storage: str, joined: bytes) -> None:
    with kept_as(storage), pytest.raises(LedgerError, match="note"):  # type: ignore[attr-defined]
        Texts("note", joined, 2).series()


@pytest.mark.parametrize(
    "text", ["2021-02-30", "2021-13-01", "now       ", "    -  -  ", "2021-3-050"]
)
def test_days_that_do_not_exist_are_named(text: str) -> None:
    with pytest.raises(LedgerError, match="no date"):
        Texts("date", f"2021-03-05\x1f{text}".encode(), 2).moments()


def filled(ledger: KeptLedger) -> KeptLedger:
    """Record events with all sorts of gaps, more than one stretch of them."""
    count = 60
    frame = pd.DataFrame(
        {
            "kind": ["调研", "督查"] * (count // 2),
            "date": pd.date_range("2021-01-01", periods=count),
            "end": pd.date_range("2021-01-01", periods=count) + pd.Timedelta(days=1),
            "quantity": [number / 7 for number in range(count)],
            "unit": ["次", None] * (count // 2),
            "note": [None] * (count - 1) + ["长" * 500],
            "级别": [1, None, 3] * (count // 3),
        }
    )
    frame["end"] = frame["end"].mask(frame.index % 3 > 0)
    ledger.record_many(frame)
    ledger.record(kind="党课", date=DAY, recorded_at="2021-04-01T08:30:00.000001")
    ledger.void("m-3", reason="误")
    return ledger


def test_a_file_gives_the_frame_that_memory_gives(tmp_path: Path) -> None:
    with (
        filled(open_ledger(tmp_path / "a.db", prefix="m")) as kept,
        filled(memory_ledger()) as memory,
    ):
        for known_at in (None, "2021-01-20", "2020-01-01"):
            frame = kept.to_frame(known_at=known_at)
            pd.testing.assert_frame_equal(frame, memory.to_frame(known_at=known_at))
            assert is_canonical(frame)
        assert len(frame) == 0


def test_arrow_and_python_texts_make_equal_frames(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    with filled(open_ledger(tmp_path / "a.db", prefix="m")) as ledger:
        with pd.option_context("mode.string_storage", "python"):
            plain = ledger.to_frame()
        arrow = ledger.to_frame()
    assert (plain["kind"].dtype.storage, arrow["kind"].dtype.storage) == ("python", "pyarrow")  # type: ignore[union-attr]
    pd.testing.assert_frame_equal(plain, arrow, check_dtype=False, check_column_type=False)
    assert plain["note"].isna().tolist() == arrow["note"].isna().tolist()


def test_the_journal_says_who_when_from_where_and_why(tmp_path: Path) -> None:
    with filled(open_ledger(tmp_path / "a.db", prefix="m")) as ledger:
        ledger.record(
            kind="督查", date=DAY, recorded_by="李", file="台账.xlsx", sheet="三月", row=7,
            attributes={"reason": "汛期", "级别": 2},
        )  # fmt: skip
        journal = ledger.journal()
        entries = list(ledger.entries())
        events = ledger.to_frame()
    for name in ("seq", "id", "quantity", "digest"):
        assert journal[name].tolist() == [getattr(entry, name) for entry in entries]
    pd.testing.assert_frame_equal(journal[list(events.columns[:12])], events.iloc[:, :12])
    last = journal.iloc[-1]
    said = ("recorded_by", "file", "sheet", "row", "reason (attribute)", "级别")
    assert [last[name] for name in said] == ["李", "台账.xlsx", "三月", 7, "汛期", 2]
    assert journal["reason"].dropna().tolist() == ["误"]
    assert journal["row"].isna().sum() == len(journal) - 1


def test_the_journal_of_one_event_and_of_none() -> None:
    ledger = filled(memory_ledger())
    assert ledger.journal("m-3")["void"].tolist() == [False, True]
    assert ledger.journal("m-3")["seq"].tolist() == [3, 62]
    with pytest.raises(UnknownNameError):
        ledger.journal("m-99")
    assert memory_ledger().journal().empty


def test_the_size_of_a_stretch_changes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with filled(open_ledger(tmp_path / "a.db", prefix="m")) as ledger:
        whole = ledger.to_frame()
        for size in (1, 7, 62):
            monkeypatch.setattr(reading, "_CHUNK", size)
            pd.testing.assert_frame_equal(ledger.to_frame(), whole)


def test_texts_too_long_for_one_run_are_read_in_parts(tmp_path: Path) -> None:
    with filled(open_ledger(tmp_path / "a.db", prefix="m")) as ledger:
        whole = ledger.to_frame()
        connection = ledger.store.connection
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 2_000)
        pd.testing.assert_frame_equal(ledger.to_frame(), whole)


def test_a_stretch_is_walked_in_the_order_of_the_numbers(tmp_path: Path) -> None:
    """Else the columns of a frame would still fit together, but not its quantities."""
    with filled(open_ledger(tmp_path / "a.db", prefix="m")) as ledger:
        connection = ledger.store.connection
        plan = connection.execute(f"EXPLAIN QUERY PLAN {reading.JOINED}", (1, 9, "~")).fetchall()
        assert [step[3] for step in plan] == [
            "SEARCH entries USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"
        ]
        assert connection.execute("PRAGMA reverse_unordered_selects").fetchone() == (0,)
