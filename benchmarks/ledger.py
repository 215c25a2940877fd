"""How fast the ledger is, beside the barest way to do the same with SQLite and pandas.

Run ``python benchmarks/ledger.py [events]`` (default 1,000,000). Both sides take turns, and the
medians are compared, on the clock and of the processor (the steadier one on a
busy machine). Durability is the same on both sides: WAL and synchronous = FULL, one
transaction. Two bare tables are tried: with the rows as they are, and with blank texts as "",
since binding None is what sqlite3 does slowest.
"""

from __future__ import annotations

import argparse
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from partybuild.ledger import open_ledger

Times = dict[str, list[tuple[float, float]]]
COLUMNS = "id kind date end quantity unit subject organisation evidence note recorded_at void"


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
            "kind": some("活动", 30),
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


def bare_insert(path: Path, rows: list[tuple[object, ...]]) -> None:
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    names = ", ".join(f'"{name}"' for name in COLUMNS.split())
    connection.execute(f"CREATE TABLE events ({names.replace('quantity', 'quantity REAL')})")
    connection.execute("BEGIN IMMEDIATE")
    marks = ", ".join("?" * len(rows[0]))
    connection.executemany(f"INSERT INTO events VALUES ({marks})", rows)
    connection.execute("COMMIT")
    connection.close()


def bare_frame(path: Path) -> pd.DataFrame:
    """Load the bare table, dates as dates."""
    connection = sqlite3.connect(path)
    frame = pd.read_sql_query("SELECT * FROM events", connection)
    connection.close()
    return with_dates(frame)


def fetched_frame(path: Path) -> pd.DataFrame:
    """Load the bare table without pandas' SQL layer, column by column."""
    connection = sqlite3.connect(path)
    rows = connection.execute("SELECT * FROM events").fetchall()
    connection.close()
    columns = zip(*rows, strict=True)
    return with_dates(pd.DataFrame(dict(zip(COLUMNS.split(), columns, strict=True))))


def with_dates(frame: pd.DataFrame) -> pd.DataFrame:
    for name in ("date", "end", "recorded_at"):
        frame[name] = pd.to_datetime(frame[name], format="%Y-%m-%d")
    return frame


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Return seconds on the clock, and seconds of the processor."""
    start, used = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - start, time.process_time() - used


def compare_writing(folder: Path, events: pd.DataFrame, rounds: int) -> None:
    sides = {
        "bare executemany": plain_rows(events, blank=None),
        'bare executemany, "" for None': plain_rows(events, blank=""),
    }
    times: Times = {name: [] for name in (*sides, "record_many")}
    for number in range(rounds):
        for side, (name, rows) in enumerate(sides.items()):
            path = folder / f"bare-{side}-{number}.db"
            times[name].append(timed(lambda path=path, rows=rows: bare_insert(path, rows)))
        with open_ledger(folder / f"ledger-{number}.db") as ledger:
            times["record_many"].append(timed(lambda: ledger.record_many(events)))
    tell("write", times, "record_many")


def compare_reading(folder: Path, rounds: int) -> None:
    times: Times = {
        "read_sql_query": [],
        "fetchall": [],
        "to_frame": [],
    }
    for _ in range(rounds):
        times["read_sql_query"].append(timed(lambda: bare_frame(folder / "bare-0-0.db")))
        times["fetchall"].append(timed(lambda: fetched_frame(folder / "bare-0-0.db")))
        with open_ledger(folder / "ledger-0.db") as ledger:
            times["to_frame"].append(timed(ledger.to_frame))
    tell("read", times, "to_frame")
    with open_ledger(folder / "ledger-0.db") as ledger:
        print("verify: {:.2f} s, processor {:.2f} s".format(*timed(ledger.verify)))


def tell(what: str, times: Times, ours: str) -> None:
    middle = {
        name: [statistics.median(column) for column in zip(*values, strict=True)]
        for name, values in times.items()
    }
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


if __name__ == "__main__":
    main()
