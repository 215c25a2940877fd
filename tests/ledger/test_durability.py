"""Kills, crowds, full disks and damaged files: what was acknowledged is there afterwards."""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import random
import select
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from partybuild.errors import LedgerError
from partybuild.ledger import open_ledger, schema
from partybuild.ledger.entries import genesis

DAY = dt.date(2021, 3, 5)
KILLS = 320
A_LEDGER_TAKES = 20

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork and kill")


def in_a_child(work: Callable[[int], None]) -> tuple[int, int]:
    """Fork a child that runs `work` with a pipe to write to; return its id and the pipe's end."""
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:  # pragma: no cover  coverage does not follow a child that is killed
        code = 1
        try:
            os.close(reads)
            work(writes)
            code = 0
        finally:
            os._exit(code)
    os.close(writes)
    return child, reads


def read_all(pipe: int) -> list[str]:
    with os.fdopen(pipe) as file:
        return [line.rstrip("\n") for line in file if line.endswith("\n")]


def records_one_by_one(path: Path) -> Callable[[int], None]:
    def work(pipe: int) -> None:
        with open_ledger(path, prefix="single") as ledger:
            while True:
                name = ledger.record(kind="督查", date=DAY, note="说明" * 20)
                os.write(pipe, f"{name}\n".encode())

    return work


def records_in_bulk(path: Path, start: int) -> Callable[[int], None]:
    def work(pipe: int) -> None:
        with open_ledger(path, prefix="single") as ledger:
            for batch in range(start, start + 1_000):
                ids = [f"b{batch}-{number}" for number in range(200)]
                ledger.record_many(pd.DataFrame({"id": ids, "kind": "调研", "date": "2021-03-05"}))
                os.write(pipe, f"b{batch}\n".encode())

    return work


@pytest.mark.slow
def test_no_kill_loses_what_was_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(20210305)
    acknowledged: list[str] = []
    torn_batches = 0
    in_time = {True: 0, False: 0}  # children that were killed after they had acknowledged something
    for kill in range(KILLS):
        path = tmp_path / f"{kill // A_LEDGER_TAKES}.db"
        if kill % A_LEDGER_TAKES == 0:
            acknowledged = []  # the first kill may hit while the file is being made
        bulk = kill % 2 == 1
        work = records_in_bulk(path, kill * 10_000) if bulk else records_one_by_one(path)
        child, pipe = in_a_child(work)
        if kill % 5:  # every fifth is hit from its start on, the others while they write
            select.select([pipe], [], [], 10)
        time.sleep(chance.uniform(0.0, 0.04))
        os.kill(child, signal.SIGKILL)
        assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == -signal.SIGKILL
        told = read_all(pipe)
        acknowledged += told
        in_time[bulk] += bool(told)
        if not path.exists():
            assert not acknowledged
            continue
        with open_ledger(path) as ledger:
            verification = ledger.verify()
            assert verification.ok, verification
            names = [entry.id for entry in ledger.entries()]
        batches: dict[str, int] = {}
        for name in names:
            if name.startswith("b"):
                batch = name.partition("-")[0]
                batches[batch] = batches.get(batch, 0) + 1
        torn_batches += sum(1 for size in batches.values() if size != 200)
        assert {*acknowledged} <= {*names, *batches}
    assert torn_batches == 0
    assert min(in_time.values()) > KILLS // 10, in_time
    assert not list(tmp_path.glob("*.new-wal"))


@pytest.mark.slow
def test_no_kill_tears_a_bulk_that_takes_the_index_away(tmp_path: Path) -> None:
    chance = random.Random(20210306)
    count = 30_000
    frame = pd.DataFrame({"kind": ["调研"] * count, "date": "2021-03-05"})
    outcomes: list[int] = []
    for kill in range(25):
        path = tmp_path / f"{kill}.db"
        with open_ledger(path) as ledger:
            ledger.record(kind="督查", date=DAY)

        def work(pipe: int, path: Path = path) -> None:
            with open_ledger(path) as ledger:
                os.write(pipe, b"begun\n")
                ledger.record_many(frame)
            os.write(pipe, b"done\n")

        child, pipe = in_a_child(work)
        select.select([pipe], [], [], 30)
        time.sleep(chance.uniform(0.0, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        told = read_all(pipe)
        with open_ledger(path) as ledger:
            assert ledger.verify().ok
            assert ledger.store.connection.execute("PRAGMA index_list(entries)").fetchall()
            outcomes.append(len(ledger))
        assert outcomes[-1] == count + 1 or (outcomes[-1] == 1 and "done" not in told)
    assert 1 in outcomes


@pytest.mark.slow
def test_four_processes_record_at_once(tmp_path: Path) -> None:
    path = tmp_path / "town.db"

    def work(pipe: int) -> None:
        with open_ledger(path) as ledger:
            for _ in range(2_500):
                os.write(pipe, f"{ledger.record(kind='督查', date=DAY)}\n".encode())

    children = [in_a_child(work) for _ in range(4)]
    # A pipe holds some 64 KiB; each child writes less.
    codes = [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child, _ in children]
    assert codes == [0] * 4
    names = [name for _, pipe in children for name in read_all(pipe)]
    with open_ledger(path) as ledger:
        assert len(ledger) == 10_000 == len(set(names))
        assert {entry.id for entry in ledger.entries()} == set(names)
        assert ledger.verify().ok


@pytest.mark.parametrize("turn", range(5))
def test_processes_that_make_the_same_file_at_once_share_it(tmp_path: Path, turn: int) -> None:
    path = tmp_path / "town.db"

    def work(pipe: int) -> None:
        with open_ledger(path) as ledger:
            os.write(pipe, f"{ledger.record(kind='督查', date=DAY)}\n".encode())

    children = [in_a_child(work) for _ in range(8)]
    assert all(os.waitpid(child, 0)[1] == 0 for child, _ in children)
    names = [name for _, pipe in children for name in read_all(pipe)]
    with open_ledger(path) as ledger:
        assert sorted(entry.id for entry in ledger.entries()) == sorted(names)
    assert [item.name for item in tmp_path.iterdir()] == ["town.db"]


def test_a_backup_is_whole_while_others_write(tmp_path: Path) -> None:
    path = tmp_path / "town.db"
    with open_ledger(path) as ledger:
        ledger.record(kind="督查", date=DAY)
        child, pipe = in_a_child(records_one_by_one(path))
        sizes = []
        for number in range(5):
            time.sleep(0.03)
            ledger.backup(tmp_path / f"copy-{number}.db")
            with open_ledger(tmp_path / f"copy-{number}.db", read_only=True) as copy:
                assert copy.verify().ok
                sizes.append(len(copy))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        assert len(read_all(pipe)) >= sizes[-1] - 2
    assert sizes == sorted(sizes)
    assert sizes[-1] > sizes[0]


def test_a_ledger_does_not_cross_a_fork(tmp_path: Path) -> None:
    ledger = open_ledger(tmp_path / "town.db")

    def work(pipe: int) -> None:
        try:
            ledger.record(kind="督查", date=DAY)
        except LedgerError as error:
            os.write(pipe, f"{error}\n".encode())

    child, pipe = in_a_child(work)
    assert os.waitpid(child, 0)[1] == 0
    assert "after the fork" in read_all(pipe)[0]
    ledger.close()


def test_a_busy_ledger_says_so_after_the_timeout(tmp_path: Path) -> None:
    path = tmp_path / "town.db"
    with (
        open_ledger(path) as first,
        open_ledger(path, timeout=0.05) as second,
        first.store.writing(),
        pytest.raises(LedgerError, match="busy"),
    ):
        second.record(kind="督查", date=DAY)


FULL_DISK = """
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
from partybuild.errors import LedgerError
from partybuild.ledger import open_ledger
with open_ledger(sys.argv[1]) as ledger:
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, resource.RLIM_INFINITY))
    count = 0
    try:
        while True:
            ledger.record(kind="督查", date="2021-03-05", note="说明" * 200)
            count += 1
    except LedgerError as error:
        print(count, type(error).__name__, "nothing of this call" in str(error))
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
    ledger.record(kind="督查", date="2021-03-05")
"""


def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    path = tmp_path / "town.db"
    done = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(path)], capture_output=True, text=True, check=True
    )
    count, error, says_so = done.stdout.split()
    assert (error, says_so) == ("LedgerError", "True")
    assert int(count) > 0
    with open_ledger(path) as ledger:
        assert len(ledger) == int(count) + 1
        assert ledger.verify().ok


def test_a_bulk_that_does_not_fit_leaves_nothing(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "town.db") as ledger:
        ledger.record(kind="督查", date=DAY)
        before = ledger.digest()
        ledger.store.connection.execute("PRAGMA max_page_count = 60")
        frame = pd.DataFrame({"kind": ["调研"] * 30_000, "date": "2021-03-05"})
        with pytest.raises(LedgerError, match="disk is full"):
            ledger.record_many(frame)
        assert ledger.digest() == before
        assert ledger.verify().ok
        ledger.store.connection.execute("PRAGMA max_page_count = 1000000")
        assert ledger.record_many(frame) == 30_000
        assert ledger.verify().ok


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    path = tmp_path / "kept.db"
    with open_ledger(path, prefix="k") as ledger:
        ledger.record_many(
            pd.DataFrame({"kind": ["督查"] * 200, "date": "2021-03-05", "note": "说明" * 20})
        )
    return path


def test_a_file_for_reading_only_can_be_read_and_not_written(kept: Path) -> None:
    before = kept.read_bytes()
    with open_ledger(kept, read_only=True) as ledger:
        assert len(ledger) == len(ledger.to_frame()) == 200
        with pytest.raises(LedgerError, match="reading only"):
            ledger.record(kind="督查", date=DAY)
    assert kept.read_bytes() == before
    with pytest.raises(LedgerError, match="no such file"):
        open_ledger(kept.with_name("other.db"), read_only=True)


def test_a_write_protected_file_says_so_and_can_still_be_read(kept: Path) -> None:
    before = kept.read_bytes()
    for folder in (kept.parent, *kept.parent.parents):
        if folder.stat().st_uid == os.getuid() and "pytest" in str(folder):
            folder.chmod(0o755)
    kept.chmod(0o444)
    kept.parent.chmod(0o555)

    def work(pipe: int) -> None:
        if os.geteuid() == 0:
            os.setgid(65534)
            os.setuid(65534)  # the superuser may write anything
        with open_ledger(kept, read_only=True) as ledger:
            os.write(pipe, f"{len(ledger)}\n".encode())
        try:
            with open_ledger(kept) as ledger:
                ledger.record(kind="督查", date=DAY)
        except LedgerError as error:
            os.write(pipe, f"{error}\n".encode())

    child, pipe = in_a_child(work)
    status = os.waitpid(child, 0)[1]
    kept.parent.chmod(0o755)
    kept.chmod(0o644)
    count, error = read_all(pipe)
    assert (status, count) == (0, "200")
    assert "cannot be" in error
    assert kept.read_bytes() == before


def refused(path: Path) -> str:
    """Open a file that is no ledger, and return what the error says; the file stays as it was."""
    before = path.read_bytes()
    with pytest.raises(LedgerError) as caught:
        open_ledger(path)
    assert path.read_bytes() == before
    return str(caught.value)


@pytest.mark.parametrize("share", [0.0, 0.0001, 0.01, 0.3, 0.5, 0.9, 0.999])
def test_a_file_cut_short_is_refused(kept: Path, share: float) -> None:
    with kept.open("r+b") as file:
        file.truncate(int(kept.stat().st_size * share))
    text = refused(kept)
    assert "empty" in text or "cut short" in text or "not a ledger" in text


def test_other_files_are_refused(tmp_path: Path) -> None:
    text = tmp_path / "notes.db"
    text.write_text("买菜", encoding="utf-8")
    assert "no SQLite database" in refused(text)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE entries (seq INTEGER PRIMARY KEY)")
    connection.close()
    assert "not a ledger" in refused(other)
    with pytest.raises(LedgerError, match="is a folder"):
        open_ledger(tmp_path)
    with pytest.raises(LedgerError):
        open_ledger(tmp_path / "no such folder" / "town.db")


def test_a_garbled_file_is_refused_or_fails_to_verify(kept: Path, tmp_path: Path) -> None:
    chance = random.Random(7)
    size = kept.stat().st_size
    with open_ledger(kept, read_only=True) as ledger:
        entries = list(ledger.entries())
    named = 0
    for number in range(60):
        copy = tmp_path / f"garbled-{number}.db"
        shutil.copy(kept, copy)
        with copy.open("r+b") as file:
            file.seek(chance.randrange(100, size - 64))
            file.write(chance.randbytes(64))
        try:
            with open_ledger(copy) as ledger:
                verification = ledger.verify()
                # What hit the unused part of a page changed nothing.
                assert not verification.ok or list(ledger.entries()) == entries
                named += not verification.ok
        except LedgerError:
            named += 1
    assert named > 30


def test_a_newer_file_is_refused_and_left_alone(kept: Path) -> None:
    connection = sqlite3.connect(kept)
    connection.execute(f"PRAGMA user_version = {schema.SCHEMA + 1}")
    connection.commit()
    connection.close()
    assert "newer" in refused(kept)


def old_ledger(path: Path, version: int) -> str:
    """Make a file as an earlier version of the library did, with three entries."""
    connection = sqlite3.connect(path, isolation_level=None)
    schema.create(connection, prefix="k", first=genesis("k"), version=version)
    connection.execute("PRAGMA journal_mode = WAL")
    before = genesis("k")
    lines = [
        ("k-1", "调研", "2021-03-05", "2021-03-07", 2.0, "2021-03-08", "李", "台账.csv", 7),
        ("k-2", "督查", "2021-03-06", None, 0.1, "2021-03-08T09:30:00", None, None, None),
        ("k-1", "调研", "2021-03-05", None, 3.0, "2021-04-01", "王", None, None),
    ]
    for seq, (name, kind, date, end, quantity, recorded_at, who, file, row) in enumerate(lines, 1):
        # The bytes are written out here, so that a change of the canonical form shows.
        text = "\x1f".join(
            [name, kind, date, end or "", repr(quantity), "", "", "", "", "", recorded_at, "", "",
             who or "", "", file or "", str(row or "")]
        ).rstrip("\x1f")  # fmt: skip
        before = hashlib.sha256(before + text.encode()).digest()
        connection.execute(
            'INSERT INTO entries (seq, id, kind, date, "end", quantity, recorded_at, recorded_by, '
            "file, row, digest) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (seq, name, kind, date, end, quantity, recorded_at, who, file, row, before),
        )
    connection.close()
    return f"3-{before.hex()}"


@pytest.mark.parametrize("version", range(1, schema.SCHEMA))
def test_files_of_earlier_versions_open_and_keep_their_chain(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.db"
    digest = old_ledger(path, version)
    assert "older" in refused_for_reading(path)
    with open_ledger(path) as ledger:
        assert ledger.digest() == digest
        assert ledger.verify(digest).ok
        assert [entry.quantity for entry in ledger.history("k-1")] == [2.0, 3.0]
        assert ledger.history("k-1")[0].row == 7
        ledger.record(kind="督查", date=DAY, file="台账.xlsx", sheet="三月", row=2)
        assert ledger.history("k-4")[0].sheet == "三月"
    with open_ledger(path) as ledger:
        assert len(ledger) == 4
        assert ledger.verify(digest).ok


def refused_for_reading(path: Path) -> str:
    with pytest.raises(LedgerError) as caught:
        open_ledger(path, read_only=True)
    return str(caught.value)


def test_a_migration_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "old.db"
    digest = old_ledger(path, 1)
    step = schema._STEPS[1]

    def failing(connection: sqlite3.Connection, first: bytes) -> None:
        step(connection, first)
        raise sqlite3.OperationalError("power cut")

    monkeypatch.setitem(schema._STEPS, 1, failing)
    with pytest.raises(LedgerError, match="power cut"):
        open_ledger(path)
    monkeypatch.undo()
    with open_ledger(path) as ledger:
        assert ledger.digest() == digest


def test_the_commit_is_synced(tmp_path: Path) -> None:
    with open_ledger(tmp_path / "town.db") as ledger:
        connection = ledger.store.connection
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert connection.execute("PRAGMA synchronous").fetchone() == (2,)
