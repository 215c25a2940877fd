"""Files larger than memory: read in a stream, the same verdicts as from a frame."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

import partybuild as pb
from engines.comparing import FRAMES, KINDS, cases, made_events, made_plan, told
from partybuild.engines import adding, reading, streaming
from partybuild.engines.identity import NumberedIds, RisingIds, id_numbers, may_be_odd
from partybuild.errors import EngineError, EventError, SourceError, UsageError
from partybuild.mappings import plan_from_mapping

pa = pytest.importorskip("pyarrow")
pq = pytest.importorskip("pyarrow.parquet")
AS_OF = "2021-09-30"


def write(part: pd.DataFrame, path: Path) -> None:
    if path.suffix == ".parquet":
        part.to_parquet(path, index=False, row_group_size=11)
    elif path.suffix == ".jsonl":
        part.to_json(path, orient="records", lines=True, date_format="iso", force_ascii=False)
    else:
        part.to_csv(path, index=False, sep="\t" if path.suffix == ".tsv" else ",")


def written(events: pd.DataFrame, folder: Path, ending: str, *, parts: int = 2) -> str:
    """Write events into several files; returns the pattern that names them."""
    for old in folder.glob("*"):
        old.unlink()
    for number, at in enumerate(np.array_split(np.arange(len(events)), parts)):
        if len(at):
            write(events.iloc[at], folder / f"{number}.{ending}")
    return f"{folder}/*.{ending}"


def agree(got: pb.Assessment, want: pb.Assessment) -> None:
    for name in FRAMES:
        pd.testing.assert_frame_equal(
            getattr(got, name), getattr(want, name), rtol=1e-9, atol=1e-12
        )
    assert told(got) == told(want)


@pytest.fixture
def tiny_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """Read a few rows at a time, so that everything happens across batches."""
    monkeypatch.setattr(reading, "_ROWS", 7)
    monkeypatch.setattr(reading, "_BLOCK", 4096)
    monkeypatch.setattr(adding, "_GATHERED", 5)


@pytest.mark.parametrize("ending", ["parquet", "csv", "tsv", "jsonl"])
def test_generated_plans_agree(tmp_path: Path, ending: str, tiny_batches: None) -> None:
    number = 0
    for plan, events, asked in cases(range(40, 70)):
        if len(events):
            got = pb.assess(plan, written(events, tmp_path, ending), **asked)
            agree(got, pb.assess(plan, events, **asked))
            number += 1
    assert number > 20


def test_a_grid_too_large_is_given_up(
    tmp_path: Path, tiny_batches: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(adding, "MOST_CELLS", 40)
    for plan, events, asked in cases(range(70, 90)):
        if len(events):
            got = pb.assess(plan, written(events, tmp_path, "parquet"), **asked)
            agree(got, pb.assess(plan, events, **asked))


def test_days_that_lie_centuries_apart(tmp_path: Path, tiny_batches: None) -> None:
    events = made_events(200, 3)
    days = events["date"].where(events.index != 90, pd.Timestamp("1905-05-01"))
    days = days.where(events.index != 91, pd.Timestamp("2095-05-01"))
    events["date"] = events["end"] = events["recorded_at"] = days
    plan = made_plan(3, "count", "total", "latest", "max", per="year")
    for as_of in ("2021-09-30", "2021-12-31"):
        asked = {"as_of": as_of, "by": "organisation"}
        got = pb.assess(plan, written(events, tmp_path, "parquet"), **asked)
        agree(got, pb.assess(plan, events, **asked))


def shuffled(events: pd.DataFrame) -> pd.DataFrame:
    return events.sample(frac=1, random_state=3).reset_index(drop=True)


def with_history(events: pd.DataFrame) -> pd.DataFrame:
    """Correct some events, withdraw others; some corrections come first in the table."""
    wait = pd.Timedelta(days=2)
    again = events[:40].assign(quantity=1000.0, recorded_at=events["recorded_at"][:40] + wait)
    gone = events[30:60].assign(void=True, recorded_at=events["recorded_at"][30:60] + 2 * wait)
    return pd.concat([again, events, gone], ignore_index=True)


@pytest.mark.parametrize("make", [lambda one: one, shuffled, with_history])
@pytest.mark.parametrize("known_at", [None, "2021-06-30"])
@pytest.mark.parametrize("limit", ["2GB", "1kB"])
def test_ids_in_any_order_and_corrections(
    tmp_path: Path,
    tiny_batches: None,
    make: Callable[[pd.DataFrame], pd.DataFrame],
    known_at: str | None,
    limit: str,
) -> None:
    events = make(made_events(600, 4))
    plan = made_plan(4, "count", "total", "latest", "distinct", "days", "max", "min", "mean")
    asked: dict[str, Any] = {"as_of": AS_OF, "known_at": known_at, "by": "organisation"}
    files = pb.EventFiles(
        pattern=written(events, tmp_path, "parquet", parts=3), memory=limit, folder=str(tmp_path)
    )
    agree(pb.assess(plan, files, **asked), pb.assess(plan, events, **asked))


def readings(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, ...] | None]:
    """Note which columns each reading of the files asks for."""
    seen: list[tuple[str, ...] | None] = []

    def spied(name: str) -> None:
        original = getattr(reading.Files, name)

        def spy(self: Any, columns: Any = None, **keywords: Any) -> Any:
            seen.append(None if columns is None else tuple(columns))
            return original(self, columns, **keywords)

        monkeypatch.setattr(reading.Files, name, spy)

    spied("batches")
    spied("shares")
    return seen


def test_files_are_read_once_and_only_the_columns_that_matter(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pattern = written(made_events(300, 2), tmp_path, "parquet")
    seen = readings(monkeypatch)
    pb.assess(made_plan(2, "count"), pattern, as_of=AS_OF)
    assert seen == [("id", "kind", "date", "end", "quantity", "void")]


def test_columns_that_say_nothing_are_not_read(tmp_path: Path) -> None:
    events = made_events(30, 2)
    path = tmp_path / "events.parquet"
    events.to_parquet(path, index=False, row_group_size=10)
    batch = next(iter(reading.Files(paths=(path,)).batches()))
    assert not {"unit", "note", "evidence", "void"} & set(batch.arrays)
    assert set(batch.names) == set(events.columns)
    events["unit"] = [None] * 29 + ["次"]
    events.to_parquet(path, index=False, row_group_size=10)
    assert "unit" in next(iter(reading.Files(paths=(path,)).batches())).arrays


def test_columns_that_repeat_the_date_are_not_read(tmp_path: Path) -> None:
    events = made_events(30, 2)
    events["end"] += pd.to_timedelta(np.arange(30) // 29, "D")
    events.to_parquet(tmp_path / "events.parquet", index=False, row_group_size=10)
    arrays = [one.arrays for one in reading.Files(paths=(tmp_path / "events.parquet",)).batches()]
    assert all(one["recorded_at"] is one["date"] for one in arrays)
    assert not any(one["end"] is one["date"] for one in arrays), "one day differs"
    ends = [day for one in arrays for day in one["end"].to_pylist()]
    assert ends == events["end"].tolist()


def test_the_rows_are_shared_out_among_two(tmp_path: Path) -> None:
    pattern = written(made_events(100, 2), tmp_path, "parquet")
    files = pb.EventFiles(pattern=pattern).opened().files
    shares = [[(one.first, one.rows) for one in share] for share in files.shares(["kind"])]
    assert all(shares)
    spans = sorted(span for share in shares for span in share)
    starts = [first for first, _ in spans]
    assert starts == [0, *np.cumsum([rows for _, rows in spans])[:-1].tolist()]
    assert abs(sum(rows for _, rows in shares[0]) - 50) <= 11


def test_only_repeated_ids_cost_another_reading(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = readings(monkeypatch)
    numbers = []
    for events in (shuffled(made_events(300, 2)), with_history(made_events(300, 2))):
        seen.clear()
        pattern = written(events, tmp_path, "parquet")
        pb.assess(made_plan(2, "count"), pattern, as_of=AS_OF)
        numbers.append(len(seen))
    assert numbers == [1, 3], "rising at first, so the ids are read once more by themselves"


def test_ids_on_trust_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    events = made_events(300, 2)
    events["date"] = events["end"] = events["date"].where(events.index != 7, "2020-05-01")
    files = pb.EventFiles(pattern=written(events, tmp_path, "parquet"), has_unique_ids=True)
    seen = readings(monkeypatch)
    got = pb.assess(made_plan(2, "count"), files, as_of=AS_OF)
    assert "id" not in (seen[0] or ())
    agree(got, pb.assess(made_plan(2, "count"), events, as_of=AS_OF))  # the note names the id


def test_too_many_corrections_go_to_an_engine_that_sorts_on_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("duckdb")
    monkeypatch.setattr(streaming, "MOST_CORRECTED", 10)
    events = with_history(made_events(300, 2))
    plan = made_plan(2, "count", "total", "latest")
    got = pb.assess(plan, written(events, tmp_path, "parquet"), as_of=AS_OF)
    agree(got, pb.assess(plan, events, as_of=AS_OF))
    with pytest.raises(EngineError, match=r"too many events were corrected.*not \.jsonl"):
        pb.assess(plan, written(events, tmp_path, "jsonl"), as_of=AS_OF)


def test_ids_of_one_number_are_told_apart_by_their_texts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def poor(ids: Any) -> Any:
        return id_numbers(ids) % np.uint64(50)

    monkeypatch.setattr(streaming, "id_numbers", poor)
    events = shuffled(made_events(200, 2))
    plan = made_plan(2, "count", "total")
    got = pb.assess(plan, written(events, tmp_path, "parquet"), as_of=AS_OF)
    agree(got, pb.assess(plan, events, as_of=AS_OF))


@given(st.lists(st.text(max_size=20), max_size=30), st.integers(0, 5))
def test_equal_ids_have_equal_numbers(texts: list[str], skip: int) -> None:
    ids = pa.array(texts, pa.large_string())[skip:]
    numbers = id_numbers(ids)
    seen: dict[str, int] = {}
    for text, number in zip(ids.to_pylist(), numbers.tolist(), strict=True):
        assert seen.setdefault(text, number) == number
    assert len(set(seen.values())) == len(seen)


@given(st.text(min_size=1, max_size=8))
def test_no_id_that_cleaning_would_change_is_taken_as_it_is(text: str) -> None:
    from partybuild.cells import EXCEL_ERRORS, clean_text

    is_changed = clean_text(text) != text or text in EXCEL_ERRORS
    assert may_be_odd(pa.array(["a", text, "b"], pa.large_string())) or not is_changed


@given(st.lists(st.lists(st.text(alphabet="abc", max_size=3), max_size=5), max_size=6))
def test_rising_ids_are_never_wrongly_called_different(batches: list[list[str]]) -> None:
    proof, row = RisingIds(pa=pa), 0
    for batch in batches:
        ids = pa.array(batch, pa.large_string())
        if not proof.are_rising(ids):
            return
        proof.add(ids, row, len(ids))
        row += len(ids)
    whole = [text for batch in batches for text in batch]
    assert not proof.are_different() or len(set(whole)) == len(whole)


@given(st.lists(st.lists(st.integers(0, 40), max_size=9), max_size=6), st.integers(1, 400))
def test_numbers_that_stand_twice_are_found(batches: list[list[int]], limit: int) -> None:
    whole = [number for batch in batches for number in batch]
    proof = NumberedIds(expected=len(whole), limit=limit)
    for batch in batches:
        proof.add(np.array(batch, dtype=np.uint64))
    assert proof.repeated().tolist() == sorted({one for one in whole if whole.count(one) > 1})


PLAN = made_plan(2, "count", "total", per="year")


def judged(path: Path, text: str, *, encoding: str = "utf-8") -> list[float]:
    path.write_text(text, encoding=encoding)
    return pb.assess(PLAN, path, as_of="2021-12-31").targets["actual"].tolist()


def test_ids_stay_text(tmp_path: Path) -> None:
    text = "id,kind,date\n007,事项0,2021-03-05\n7,事项0,2021-03-06\n"
    assert judged(tmp_path / "events.csv", text) == [2.0, 0.0]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_csv_as_offices_save_it(tmp_path: Path, encoding: str) -> None:
    text = (
        "编号;事项;日期;金额（万元）;备注\r\n"
        '\'+1;事项1;2021年3月5日;1,000;"两行\r\n备注"\r\n'
        "2; 事项1　;2021/4/1;三十;'=x\r\n"
        "+1;事项1;2021.5.2;20;\r\n"
    )
    path = tmp_path / "events.csv"
    assert judged(path, text, encoding=encoding) == [0.0, 50.0]
    agree(
        pb.assess(PLAN, path, as_of="2021-12-31"),
        pb.assess(PLAN, pb.read_events(path), as_of="2021-12-31"),
    )


def test_columns_of_any_type(tmp_path: Path) -> None:
    """What databases and programs write: the same as reading the file whole."""
    utc = dt.UTC
    moments = [dt.datetime(2021, 3, day, 17, tzinfo=utc) for day in (5, 6, 7, 31)]
    table = pa.table(
        {
            "id": pa.array([7, 8, 9, 7]),
            "kind": pa.array(["事项0", "事项1", " 事项1 ", "事项1"]).dictionary_encode(),
            "date": pa.array(moments, pa.timestamp("ns", tz="UTC")),
            "end": pa.array([None, None, None, dt.date(2021, 6, 1)], pa.date32()),
            "quantity": pa.array(["1", "95%", "三十", None]),
            "subject": pa.array([["甲", "乙"], ["甲"], [], None]),
            "organisation": pa.array([1, 1, 2, None], pa.int16()),
            "recorded_at": ["2021-04-01", "2021年4月2日", None, "2021-04-03T08:00:00+08:00"],
            "void": pa.array(["否", None, "0", "false"]),
        }
    )
    path = tmp_path / "events.parquet"
    pq.write_table(table, path)
    plan = made_plan(0, "count", "total", per="month")
    events = pb.read_events(path)
    for as_of in ("2021-03-31", "2021-04-01", "2021-12-31"):
        agree(pb.assess(plan, path, as_of=as_of), pb.assess(plan, events, as_of=as_of))


@pytest.mark.parametrize(
    "where",
    [
        {"quantity": 5},
        {"date": "2021-03-05 00:00:00"},
        {"unit": "元"},
        {"subject": "乙"},
        {"organisation": ["镇1", "镇2"]},
        {"note": "好"},
        {"void": False},
        {"recorded_at": "2021-03-05 00:00:00"},
        {"level": 2},
        {"nowhere": 1},
    ],
)
@pytest.mark.parametrize("ending", ["csv", "parquet"])
def test_where_looks_at_any_column(tmp_path: Path, where: dict[str, Any], ending: str) -> None:
    events = pb.read_events(
        pd.DataFrame(
            {
                "id": list("abcdef"),
                "kind": "事项1",
                "date": ["2021-03-05", "2021-03-06", "2021-03-05"] * 2,
                "quantity": [5, 5.5, None, 5, 7, 5],
                "unit": ["元", None, "元", "元", None, "元"],
                "subject": ["甲、乙", "乙", None, "丙", "乙;丙", "甲"],
                "organisation": ["镇1", "镇2", "镇3", None, "镇1", "镇1"],
                "note": ["好", " 好 ", None, "差", "好", "差"],
                "level": ["1", "2", "2", None, "2 ", "1"],
            }
        )
    )
    target = {"id": "t", "measure": "total", "kind": "事项1", "at_least": 3, "where": where}
    plan = plan_from_mapping(
        {
            "plan": {"id": "p", "start": "2021-01-01", "end": "2021-12-31"},
            "commitment": [{"id": "1", "target": [{**target, "unit": "元"}]}],
        }
    )
    pattern = written(events, tmp_path, ending, parts=3)
    got, want = (pb.assess(plan, one, as_of="2021-12-31") for one in (pattern, events))
    agree(got, want)


def test_files_without_rows(tmp_path: Path) -> None:
    nothing = made_events(5, 1)[:0]
    nothing.to_parquet(tmp_path / "nothing.parquet", index=False)
    (tmp_path / "nothing.csv").write_text("id,kind,date\n")
    (tmp_path / "nothing.jsonl").write_text("\n")
    want = pb.assess(PLAN, nothing, as_of=AS_OF)
    for path in tmp_path.iterdir():
        agree(pb.assess(PLAN, path, as_of=AS_OF), want)


@pytest.mark.parametrize("ending", ["parquet", "csv", "jsonl"])
@pytest.mark.parametrize("more", [{}, {"entries": "running"}])
def test_files_of_which_nothing_was_known_yet(
    tmp_path: Path, ending: str, more: dict[str, str]
) -> None:
    measure = {"measure": "total", **more} if more else {"measure": "latest"}
    target = {"id": "t", "kind": "A", "at_least": 1, **measure}
    span = {"id": "p", "start": "2021-01-01", "end": "2021-12-31"}
    plan = plan_from_mapping({"plan": span, "commitment": [{"id": "1", "target": [target]}]})
    events = pb.read_events(
        pd.DataFrame({"id": ["a"], "kind": "A", "date": "2021-05-01", "quantity": [-2.0]})
    )
    path = tmp_path / f"events.{ending}"
    pb.write_events(events, path)
    for known_at in ("2021-04-01", None):
        asked = {"as_of": "2021-06-30", "known_at": known_at}
        agree(pb.assess(plan, path, **asked), pb.assess(plan, events, **asked))


def test_json_lines_with_keys_that_come_and_go(tmp_path: Path) -> None:
    text = (
        '{"id": 1, "kind": "事项0", "date": "2021-03-05"}\n'
        '{"id": 2, "kind": "事项1", "date": "2021-03-05", "quantity": 3}\n'
        '{"id": 1, "kind": "事项0", "date": "2021-03-05", "void": true}\n'
    )
    assert judged(tmp_path / "events.jsonl", text) == [0.0, 3.0]


def test_rows_that_cannot_be_read_are_counted(tmp_path: Path) -> None:
    text = (
        "id,kind,date,end,quantity\n"
        "1,事项0,2021-02-31,,\n,事项0,2021-03-01,,\n3,,2021-03-01,,\n"
        "4,事项0,2021-03-01,2021-02-01,\n5,事项0,2021-03-01,,viele\n6,#REF!,2021-03-01,,\n"
    )
    with pytest.raises(EventError) as caught:
        judged(tmp_path / "events.csv", text)
    messages = {problem.message for problem in caught.value.problems}
    assert {
        "in 1 rows date is no calendar date",
        "in 1 rows id is blank",
        "in 1 rows the last day is before the first",
        "in 1 rows the quantity is no finite number",
        "in 1 rows kind is an error value",
    } <= messages


def test_headings_are_asked_for_before_anything_is_read(tmp_path: Path) -> None:
    with pytest.raises(EventError, match="kind"):
        judged(tmp_path / "events.csv", "id,date\n1,2021-03-05\n")


def test_files_that_are_not_there_or_are_none() -> None:
    with pytest.raises(SourceError, match=r"nothing.*no such file"):
        pb.assess(PLAN, "nothing/*.parquet", as_of=AS_OF)
    with pytest.raises(SourceError, match="expected files of one kind"):
        pb.assess(PLAN, "events.docx", as_of=AS_OF)
    with pytest.raises(UsageError, match="expected a size such as '2GB'"):
        _ = pb.EventFiles(pattern="a.csv", memory="much").limit


def test_a_file_that_is_no_parquet(tmp_path: Path) -> None:
    path = tmp_path / "events.parquet"
    path.write_text("id,kind,date\n")
    with pytest.raises(SourceError, match=r"events\.parquet: cannot be read"):
        pb.assess(PLAN, path, as_of=AS_OF)


def test_rows_are_fetched_only_where_they_are_asked_for(tmp_path: Path) -> None:
    events = made_events(300, 2)
    files = written(events, tmp_path, "parquet")
    assessment = pb.assess(made_plan(2, "count"), files, as_of=AS_OF)
    lines = assessment.explain("t0")
    want = pb.assess(made_plan(2, "count"), events, as_of=AS_OF)
    assert sorted(lines["id"]) == sorted(want.explain("t0")["id"])
    assert sorted(assessment.events_unassigned["id"]) == sorted(want.events_unassigned["id"])
    assert set(lines["kind"]) == {KINDS[0]}


def test_progress_is_told(
    tmp_path: Path, tiny_batches: None, capsys: pytest.CaptureFixture[str]
) -> None:
    shares: list[float] = []
    pattern = written(made_events(100, 2), tmp_path, "csv")
    pb.assess(PLAN, pb.EventFiles(pattern=pattern, on_progress=shares.append), as_of=AS_OF)
    assert shares == sorted(shares)
    assert len(shares) > 2
    assert shares[-1] == 1.0
    pb.assess(PLAN, pb.EventFiles(pattern=pattern, has_progress=True), as_of=AS_OF)
    assert "100%" in capsys.readouterr().err


def test_a_reading_that_breaks_off_leaves_nothing_behind(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An error while a batch is added ends the reading thread and removes files."""
    events = shuffled(made_events(300, 2))
    pattern = written(events.assign(quantity=np.inf), tmp_path, "parquet", parts=1)
    folder = tmp_path / "spill"
    folder.mkdir()
    files = pb.EventFiles(pattern=pattern, memory="1kB", folder=str(folder))
    with pytest.raises(EventError, match="no finite number"):
        pb.assess(PLAN, files, as_of=AS_OF)
    assert not list(folder.iterdir())
