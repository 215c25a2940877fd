"""How fast the ledger is, beside the barest way to do the same with SQLite and pandas.

Run ``python benchmarks/ledger.py [events]`` (default 1,000,000; ``pip install --group bench``
brings ADBC). All sides take turns, and the medians are compared, on the clock and of the
processor; the latter is the steadier one on a busy machine.

*Writing.* A bare executemany takes ready tuples into a table without index, key, check or trigger.
Durability, page size and transaction are the same on all sides: WAL, synchronous = FULL, SQLite's
own page size, everything in one transaction. Three bare tables are tried: one with the rows that
the ledger's file holds afterwards, link of the chain included, in the same columns; one with the
twelve columns of events alone; and that one with "" for None, since binding None is what sqlite3
does slowest. `record_many` starts from the dataframe.

*Reading.* The twelve columns from the bare table into a dataframe with dates as dates, and with
texts as pandas keeps them, by pandas, by sqlite3, and by ADBC, the fastest way that is known.

*Assessing.* A plan of thirty targets is judged from the ledger, and from the frame that ADBC loads
from the bare table.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import partybuild as pb
from partybuild.ledger import open_ledger

Times = dict[str, list[tuple[float, float]]]
COLUMNS = "id kind date end quantity unit subject organisation evidence note recorded_at void"
TYPES = {"quantity": "REAL", "void": "INTEGER", "seq": "INTEGER", "row": "INTEGER"}
KINDS = 30
STORED = "the rows of the ledger"
BARE = "event columns"
BLANK = 'event columns, "" for None'


def made_events(count: int) -> pd.DataFrame:
    """Return events of 30 kinds, 20,000 organisations and 200,000 subjects over one year."""
    rng = np.random.default_rng(20210101)

    def some(stem: str, different: int) -> pd.Series[str]:
        words = np.array([f"{stem}{number}" for number in range(different)], dtype=object)
        return pd.Series(words[rng.integers(0, different, count)], dtype="str")

    days = rng.integers(0, 365, count).astype("timedelta64[D]")
    date = (np.datetime64("2021-01-01") + days).astype("datetime64[us]")
    note = some("说明", 5_000)
    return pd.DataFrame(
        {
            "id": pd.Series([f"e{number:08d}" for number in range(count)], dtype="str"),
            "kind": some("活动", KINDS),
            "date": date,
            "end": date,
            "quantity": rng.integers(0, 50, count).astype(np.float64),
            "unit": some("单位", 4),
            "subject": some("人员", 200_000),
            "organisation": some("支部", 20_000),
            "evidence": pd.Series([None] * count, dtype="str"),
            "note": note.mask(rng.random(count) < 0.8),
            "recorded_at": date + np.timedelta64(3, "D"),
            "void": np.zeros(count, dtype=bool),
        }
    )


def made_plan() -> pb.Plan:
    """Return a plan with a target for each kind, counted, summed and told apart by the quarter."""
    measures = ("count", "total", "distinct")
    targets = [
        {
            "id": f"t{number}",
            "measure": measures[number % 3],
            "kind": f"活动{number}",
            "at_least": 20_000,
            "per": "quarter",
        }
        for number in range(KINDS)
    ]
    return pb.Plan(
        id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1", "target": targets}]
    )


def plain_rows(events: pd.DataFrame, *, blank: str | None) -> list[tuple[object, ...]]:
    """Return what executemany takes: dates as text, missing texts as `blank`."""
    plain = events.copy()
    for name in ("date", "end", "recorded_at"):
        plain[name] = plain[name].dt.strftime("%Y-%m-%d")
    plain["void"] = plain["void"].astype("int64")
    columns = [
        [blank if value != value else value for value in plain[name].tolist()]
        for name in COLUMNS.split()
    ]
    return list(zip(*columns, strict=True))


def stored_rows(path: Path) -> tuple[list[str], list[tuple[object, ...]]]:
    """Return the columns and rows of a ledger's file, as they stand there."""
    connection = sqlite3.connect(path)
    found = connection.execute("SELECT * FROM entries ORDER BY seq")
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    connection.close()
    return names, rows


def bare_insert(path: Path, names: list[str], rows: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    columns = ", ".join(f'"{name}" {TYPES.get(name, "TEXT")}' for name in names)
    connection.execute(f"CREATE TABLE events ({columns})")
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(names))
    connection.executemany(f"INSERT INTO events VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.close()


def pandas_frame(path: Path) -> pd.DataFrame:
    """Load the bare table by pandas over sqlite3."""
    connection = sqlite3.connect(path)
    frame = pd.read_sql_query("SELECT * FROM events", connection)
    connection.close()
    return in_form(frame)


def fetched_frame(path: Path) -> pd.DataFrame:
    """Load the bare table without pandas' SQL layer, column by column."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM events").fetchall()
    connection.close()
    columns = zip(*rows, strict=True)
    return in_form(pd.DataFrame(dict(zip(COLUMNS.split(), columns, strict=True))))


def adbc_frame(path: Path) -> pd.DataFrame:
    """Load the bare table by ADBC."""
    from adbc_driver_sqlite import dbapi

    with dbapi.connect(str(path)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT * FROM events")
        return in_form(cursor.fetch_arrow_table().to_pandas())


def in_form(frame: pd.DataFrame) -> pd.DataFrame:
    """Give dates and truth values their types."""
    for name in ("date", "end", "recorded_at"):
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    frame["void"] = frame["void"].astype(bool)
    if frame["evidence"].dtype != "str":  # all of it is missing
        frame["evidence"] = frame["evidence"].astype("str")
    return frame


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds on the clock, and seconds of the processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def in_turns(sides: dict[str, Callable[[int], Any]], rounds: int) -> Times:
    """Run each side with the number of the round, side after side, round after round."""
    times: Times = {name: [] for name in sides}
    for number in range(rounds):
        for name, work in sides.items():
            times[name].append(timed(partial(work, number)))
    return times


def compare_writing(folder: Path, events: pd.DataFrame, rounds: int) -> None:
    def ours(number: int) -> None:
        with open_ledger(folder / f"ledger-{number}.db") as ledger:
            ledger.record_many(events)

    def bare(stem: str, names: list[str], rows: list[tuple[object, ...]]) -> Callable[[int], None]:
        return lambda number: bare_insert(folder / f"{stem}-{number}.db", names, rows)

    ours(-1)
    names, rows = stored_rows(folder / "ledger--1.db")
    sides = {
        STORED: bare("stored", names, rows),
        BARE: bare("bare", COLUMNS.split(), plain_rows(events, blank=None)),
        BLANK: bare("blank", COLUMNS.split(), plain_rows(events, blank="")),
        "record_many": ours,
    }
    tell("write", in_turns(sides, rounds))


def compare_reading(folder: Path, rounds: int) -> None:
    bare = folder / "bare-0.db"
    with open_ledger(folder / "ledger-0.db") as ledger:
        ours = ledger.to_frame()
        pd.testing.assert_frame_equal(ours, adbc_frame(bare))
        sides: dict[str, Callable[[int], Any]] = {
            "read_sql_query": lambda _: pandas_frame(bare),
            "fetchall": lambda _: fetched_frame(bare),
            "ADBC": lambda _: adbc_frame(bare),
            "to_frame": lambda _: ledger.to_frame(),
        }
        tell("read", in_turns(sides, rounds))
        print("verify: {:.2f} s, processor {:.2f} s".format(*timed(ledger.verify)))


def compare_assessing(folder: Path, rounds: int) -> None:
    plan, bare = made_plan(), folder / "bare-0.db"
    with open_ledger(folder / "ledger-0.db") as ledger:

        def judged(events: Any) -> pb.Assessment:
            assessment = pb.assess(plan, events, as_of="2021-09-30")
            assert len(assessment.standings) == 4 * KINDS
            return assessment

        sides: dict[str, Callable[[int], Any]] = {
            "ADBC, then assess": lambda _: judged(adbc_frame(bare)),
            "to_frame, then assess": lambda _: judged(ledger.to_frame()),
            "assess(plan, ledger)": lambda _: judged(ledger),
        }
        tell("assess", in_turns(sides, rounds))


def tell(what: str, times: Times) -> None:
    """Print the medians, and how many times as long ours, the last, takes."""
    middle = {
        name: [statistics.median(column) for column in zip(*values, strict=True)]
        for name, values in times.items()
    }
    ours = list(middle)[-1]
    for name, (clock, processor) in middle.items():
        text = f"{what}: {name:30} {clock:7.2f} s, processor {processor:6.2f} s"
        if name != ours:
            ratios = [
                mine / theirs for mine, theirs in zip(middle[ours], middle[name], strict=True)
            ]
            text += f"   {ours}: {ratios[0]:.2f}x, {ratios[1]:.2f}x"
        print(text)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("events", nargs="?", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    asked = parser.parse_args()
    events = made_events(asked.events)
    with tempfile.TemporaryDirectory() as folder:
        compare_writing(Path(folder), events, asked.rounds)
        compare_reading(Path(folder), asked.rounds)
        compare_assessing(Path(folder), asked.rounds)


if __name__ == "__main__":
    main()
