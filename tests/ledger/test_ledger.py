"""What a ledger promises, kept in memory and in a file alike."""

from __future__ import annotations

import datetime as dt
import itertools
import json
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild._frames import is_canonical
from partybuild.errors import EventError, LedgerError, UsageError
from partybuild.events import current_events
from partybuild.ledger import Ledger, memory_ledger, open_ledger
from partybuild.ledger.entries import Columns
from partybuild.ledger.keeping import KeptLedger
from partybuild.ledger.values import moment
from partybuild.testing import check_ledger

DAY = dt.date(2021, 3, 5)


@pytest.fixture(params=["memory", "file"])
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[..., KeptLedger]:
    number = itertools.count()

    def make_ledger(**options: object) -> KeptLedger:
        if request.param == "memory":
            return memory_ledger(**options)  # type: ignore[arg-type]
        return open_ledger(tmp_path / f"{next(number)}.db", **{"prefix": "m", **options})  # type: ignore[arg-type]

    return make_ledger


def test_our_ledgers_keep_the_contract(make: Callable[..., KeptLedger]) -> None:
    check_ledger(make)


def test_the_contract_notices_a_ledger_that_breaks_it() -> None:
    class Forgetful(KeptLedger):
        def amend(self, id: str, **changes: object):  # type: ignore[no-untyped-def]  # noqa: A002
            return self.history(id)[-1]

    with pytest.raises(AssertionError, match="amend"):
        check_ledger(lambda: Forgetful(memory_ledger().store))


def test_a_ledger_is_a_ledger() -> None:
    assert isinstance(memory_ledger(), Ledger)


def test_both_kinds_make_the_same_entries(tmp_path: Path) -> None:
    digests = set()
    for ledger in (memory_ledger(prefix="x"), open_ledger(tmp_path / "a.db", prefix="x")):
        with ledger:
            name = ledger.record(kind="调研", date=DAY, quantity=0.1, attributes={"级别": 1})
            ledger.record_many(ledger.to_frame())
            ledger.amend(name, end="2021-03-07", reason="漏记")
            ledger.void(name, reason="误")
            digests.add(ledger.digest())
    assert len(digests) == 1


def test_the_clock_is_read_only_where_nothing_else_says_when(
    make: Callable[..., KeptLedger],
) -> None:
    ticks = iter([dt.datetime(2021, 4, 1, 8), dt.datetime(2021, 4, 2, 9, tzinfo=dt.UTC)])
    ledger = make(clock=lambda: next(ticks))
    name = ledger.record(kind="督查", date=DAY, recorded_at="2021-03-31")
    ledger.amend(name, quantity=2)
    ledger.void(name, reason="误")
    recorded = [entry.recorded_at for entry in ledger.history(name)]
    assert recorded == [
        dt.datetime(2021, 3, 31),
        dt.datetime(2021, 4, 1, 8),
        dt.datetime(2021, 4, 2, 17),  # 9:00 UTC in Shanghai
    ]
    with pytest.raises(StopIteration):
        next(ticks)


def test_a_frame_without_recorded_at_is_stamped_and_one_with_it_is_not(
    make: Callable[..., KeptLedger],
) -> None:
    ledger = make(clock=lambda: dt.datetime(2021, 12, 1))
    ledger.record_many(pd.DataFrame({"kind": ["督查"], "date": ["2021-03-05"]}))
    said = pd.DataFrame({"kind": ["督查"], "date": ["2021-03-05"], "recorded_at": ["2021-03-06"]})
    ledger.record_many(said)
    ledger.record_many(said, recorded_at="2021-07-01", recorded_by="李")
    assert [str(entry.recorded_at.date()) for entry in ledger.entries()] == [
        "2021-12-01",
        "2021-03-06",
        "2021-07-01",
    ]
    assert [entry.recorded_by for entry in ledger.entries()] == [None, None, "李"]


def test_known_at_gives_back_what_was_published(make: Callable[..., KeptLedger]) -> None:
    ledger = make()
    first = ledger.record(kind="督查", date=DAY, quantity=2, recorded_at="2021-03-06")
    ledger.record(kind="督查", date=DAY, recorded_at="2021-12-31T23:59:59.999999")
    published = current_events(ledger.to_frame(), known_at="2021-12-31")
    ledger.amend(first, quantity=9, recorded_at="2022-01-01")
    ledger.void(first, reason="误", recorded_at="2022-02-01")
    ledger.record(kind="督查", date=DAY, recorded_at="2022-01-01")
    again = current_events(ledger.to_frame(), known_at="2021-12-31")
    pd.testing.assert_frame_equal(again, published)
    by_the_ledger = current_events(ledger.to_frame(known_at="2021-12-31"))
    pd.testing.assert_frame_equal(by_the_ledger, published)


def test_an_amended_date_moves_the_end_of_a_one_day_event_only(
    make: Callable[..., KeptLedger],
) -> None:
    ledger = make()
    short = ledger.record(kind="调研", date=DAY)
    long = ledger.record(kind="调研", date=DAY, end="2021-03-09")
    assert ledger.amend(short, date="2021-03-07").end == dt.date(2021, 3, 7)
    assert ledger.amend(long, date="2021-03-07").end == dt.date(2021, 3, 9)
    with pytest.raises(UsageError, match="before the date"):
        ledger.amend(long, date="2021-03-10")


def test_attributes_are_amended_one_by_one(make: Callable[..., KeptLedger]) -> None:
    ledger = make()
    name = ledger.record(kind="调研", date=DAY, attributes={"级别": 1, "地点": "东村"})
    entry = ledger.amend(name, attributes={"级别": 2, "地点": None})
    assert dict(entry.attributes) == {"级别": 2}


def test_made_up_ids_never_meet_given_ones(make: Callable[..., KeptLedger]) -> None:
    ledger = make()
    ledger.record(kind="调研", date=DAY, id="m-2")
    ledger.record(kind="调研", date=DAY, id="m-3")
    ledger.record_many(pd.DataFrame({"id": ["m-5", None, None], "kind": "调研", "date": DAY}))
    names = [entry.id for entry in ledger.entries()]
    assert len(set(names)) == 5
    assert ledger.record(kind="调研", date=DAY) not in names


def test_a_wrong_word_is_met_with_the_right_one(make: Callable[..., KeptLedger]) -> None:
    ledger = make()
    with pytest.raises(UsageError, match="did you mean 'quantity'"):
        ledger.record(kind="调研", date=DAY, quantitiy=3)
    with pytest.raises(UsageError, match="did you mean 'recorded_by'"):
        ledger.import_file("a.csv", recorded_bi="李")


@pytest.mark.parametrize("text", ["a\x1fb", "a\x1eb", "a\x00b", "\ud800"])
def test_characters_that_could_blur_two_fields_are_refused(
    make: Callable[..., KeptLedger], text: str
) -> None:
    ledger = make()
    with pytest.raises(UsageError):
        ledger.record(kind="调研", date=DAY, note=text)
    with pytest.raises(UsageError):
        ledger.record(kind="调研", date=DAY, attributes={"a": text})
    assert len(ledger) == 0


def test_bad_rows_are_all_named(make: Callable[..., KeptLedger]) -> None:
    frame = pd.DataFrame({"kind": ["调研", None, "调研"], "date": ["2021-03-05", DAY, "三月"]})
    with pytest.raises(EventError) as caught:
        make().record_many(frame)
    assert {problem.row for problem in caught.value.problems} == {2, 3}


def test_types_of_attributes_come_back(make: Callable[..., KeptLedger]) -> None:
    frame = pd.DataFrame(
        {
            "id": [str(number) for number in range(3)],
            "kind": "调研",
            "date": pd.to_datetime([DAY] * 3),
            "whole": [1, 2, 3],
            "gaps": [1.5, None, 3.0],
            "flag": [True, False, True],
            "word": ["甲", None, "乙"],
            "mixed": pd.Series([1, True, "1"], dtype=object),
            "moment": pd.Series(
                [dt.datetime(2021, 3, 5, 1, 2, 3), None, DAY], dtype="datetime64[us]"
            ),
            "sort": pd.Categorical(["a", "b", "a"]),
        }
    )
    ledger = make()
    ledger.record_many(frame)
    back = ledger.to_frame()
    for name in ("whole", "gaps", "flag", "word", "moment"):
        pd.testing.assert_series_equal(back[name], frame[name])
    assert [(type(value), value) for value in back["mixed"]] == [(int, 1), (bool, True), (str, "1")]
    assert back["sort"].tolist() == ["a", "b", "a"]


texts = st.text(
    st.characters(exclude_categories=["Cs"], exclude_characters="\x00\x1e\x1f"), max_size=8
)
values = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)


@given(
    quantity=st.floats(allow_nan=False, allow_infinity=False),
    note=texts,
    attributes=st.dictionaries(texts.filter(bool), values | texts | st.dates(), max_size=3),
    recorded_at=st.datetimes(dt.datetime(1970, 1, 1), dt.datetime(2100, 1, 1)),
)
def test_whatever_goes_in_comes_out(
    quantity: float, note: str, attributes: dict[str, object], recorded_at: dt.datetime
) -> None:
    ledger = memory_ledger()
    name = ledger.record(
        kind="调研", date=DAY, quantity=quantity, note=note, attributes=attributes,
        recorded_at=recorded_at,
    )  # fmt: skip
    (entry,) = ledger.history(name)
    assert (entry.quantity, entry.recorded_at) == (quantity, recorded_at)
    assert entry.note == (note if note.strip() else None)
    assert dict(entry.attributes) == {k: v for k, v in attributes.items() if v is not None}
    frame = ledger.to_frame()
    assert is_canonical(frame)
    assert frame["quantity"].item() == quantity
    assert frame["recorded_at"].item() == recorded_at
    assert ledger.verify().ok


def test_moments_are_read_as_people_write_them() -> None:
    for text in ("2021-03-05", "2021/3/5", "2021.3.5", "2021年3月5日"):
        assert moment("date", text, timezone="Asia/Shanghai").date() == DAY
    with pytest.raises(UsageError):
        moment("date", pd.NaT, timezone="Asia/Shanghai")
    assert moment("date", pd.Timestamp("2021-03-05"), timezone="Asia/Shanghai").date() == DAY


def test_threads_can_share_a_ledger(make: Callable[..., KeptLedger]) -> None:
    ledger = make()

    def write() -> None:
        for _ in range(25):
            ledger.record(kind="督查", date=DAY)

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(ledger) == 100
    assert len({entry.id for entry in ledger.entries()}) == 100
    assert ledger.verify().ok


def test_a_failed_block_leaves_memory_as_it_was() -> None:
    ledger = memory_ledger()
    ledger.record(kind="督查", date=DAY, id="a")
    before = ledger.digest()

    def add_and_fail() -> None:
        with ledger.store.writing():
            ledger.add_columns(Columns.of(ledger.entries()))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        add_and_fail()
    assert ledger.digest() == before
    with pytest.raises(UsageError):
        ledger.record(kind="督查", date=DAY, id="a")


def test_recording_loads_no_dataframe_library() -> None:
    code = (
        "import sys, json, tempfile, pathlib\n"
        "from partybuild.ledger import open_ledger, memory_ledger\n"
        "folder = tempfile.TemporaryDirectory()\n"
        "with open_ledger(pathlib.Path(folder.name) / 'a.db') as ledger:\n"
        "    name = ledger.record(kind='a', date='2021-03-05')\n"
        "    ledger.amend(name, quantity=2); ledger.void(name, reason='x')\n"
        "    assert ledger.verify().ok and len(ledger.history(name)) == 3\n"
        "folder.cleanup()\n"
        "print(json.dumps(sorted({'pandas', 'numpy'} & set(sys.modules))))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True)
    assert json.loads(done.stdout) == []


def test_a_closed_ledger_says_so(make: Callable[..., KeptLedger]) -> None:
    ledger = make()
    ledger.close()
    with pytest.raises(LedgerError, match="closed"):
        ledger.digest()
