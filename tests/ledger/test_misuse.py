"""What a caller gets wrong is said in words; what a file has that no ledger keeps, by row."""

from __future__ import annotations

import copy
import datetime as dt
import os
import pickle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from partybuild.errors import EventError, UsageError
from partybuild.ledger import memory_ledger, open_ledger
from partybuild.ledger.keeping import KeptLedger

DAY = dt.date(2021, 3, 5)
FRAME = pd.DataFrame({"kind": ["督查"], "date": ["2021-03-05"]})

CALLS: dict[str, Callable[[KeptLedger, Path], object]] = {
    "path": lambda ledger, _: ledger.import_file(None),  # type: ignore[arg-type]
    "path of bytes": lambda ledger, _: ledger.import_file(b"a.csv"),  # type: ignore[arg-type]
    "source": lambda ledger, path: ledger.import_file(path, source=3),
    "recorded_by": lambda ledger, path: ledger.import_file(path, recorded_by=3),
    "reason": lambda ledger, path: ledger.import_file(path, reason=3),
    "columns": lambda ledger, path: ledger.import_file(path, columns=3),
    "sheet": lambda ledger, path: ledger.import_file(path, sheet="三月"),
    "recorded_by of many": lambda ledger, _: ledger.record_many(FRAME, recorded_by=3),  # type: ignore[arg-type]
    "frame": lambda ledger, _: ledger.record_many([1]),
    "id of history": lambda ledger, _: ledger.history([3]),  # type: ignore[arg-type]
    "id of amend": lambda ledger, _: ledger.amend(3, quantity=2),  # type: ignore[arg-type]
    "id of void": lambda ledger, _: ledger.void(None, reason="误"),  # type: ignore[arg-type]
    "merge": lambda ledger, _: ledger.merge(None),
    "merge with itself": lambda ledger, _: ledger.merge(ledger),
    "prefix of merge": lambda ledger, _: ledger.merge(memory_ledger(), prefix=3),  # type: ignore[arg-type]
    "kind of NA": lambda ledger, _: ledger.record(kind=pd.NA, date=DAY),  # type: ignore[arg-type]
    "quantity of NA": lambda ledger, _: ledger.record(kind="督查", date=DAY, quantity=pd.NA),
    "void of NA": lambda ledger, _: ledger.record(kind="督查", date=DAY, void=pd.NA),
    "kinds": lambda ledger, _: ledger.record(kind=pd.array([1, 2]), date=DAY),  # type: ignore[arg-type]
    "dates": lambda ledger, _: ledger.record(kind="督查", date=pd.array([1, 2])),  # type: ignore[arg-type]
    "reason of void": lambda ledger, _: ledger.void("t-1", reason=pd.NA),  # type: ignore[arg-type]
    "on_change": lambda ledger, path: ledger.import_file(path, on_change=[]),  # type: ignore[arg-type]
    "timezone of memory": lambda *_: memory_ledger(timezone=3),  # type: ignore[arg-type]
    "digest": lambda ledger, _: ledger.verify(3),  # type: ignore[arg-type]
    "backup": lambda ledger, _: ledger.backup(None),  # type: ignore[arg-type]
    "open": lambda *_: open_ledger(3),  # type: ignore[arg-type]
    "open nothing": lambda *_: open_ledger(""),
    "prefix": lambda _, path: open_ledger(path.with_name("b.db"), prefix=3),  # type: ignore[arg-type]
    "timezone": lambda _, path: open_ledger(path.with_name("b.db"), timezone="Mars"),
    "known_at": lambda ledger, _: ledger.to_frame(known_at="gestern"),
    "attributes": lambda ledger, _: ledger.record(kind="督查", date=DAY, attributes=[3]),
    "name of an attribute": lambda ledger, _: ledger.record(
        kind="督查", date=DAY, attributes={3: 1}
    ),
    "attribute of a field's name": lambda ledger, _: ledger.record(
        kind="督查", date=DAY, attributes={"kind": "x"}
    ),
}  # fmt: skip


@pytest.mark.parametrize("call", CALLS)
def test_misuse_is_said_in_words_and_records_nothing(call: str, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("kind,date\n督查,2021-03-05\n", encoding="utf-8")
    ledger = memory_ledger()
    with pytest.raises(UsageError):
        CALLS[call](ledger, path)
    assert len(ledger) == 0
    assert not path.with_name("b.db").exists() or call == "timezone"


@pytest.mark.parametrize("value", [float("inf"), {"a": 1}, "a\x1fb", pd.Timedelta(days=1)])
def test_a_frame_names_the_rows_that_cannot_be_kept(value: Any) -> None:
    attribute = pd.Series([1.5, value], dtype=None if isinstance(value, float) else object)
    frame = pd.DataFrame({"kind": "督查", "date": ["2021-03-05"] * 2, "级别": attribute})
    ledger = memory_ledger()
    with pytest.raises(EventError) as caught:
        ledger.record_many(frame)
    assert [(problem.row, problem.column) for problem in caught.value.problems] == [(2, "级别")]
    assert len(ledger) == 0


def test_a_file_names_the_rows_that_cannot_be_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "kind,date,级别\n督查,2021-03-05,a\x1fb\n督查,2021-03-06,县\n", encoding="utf-8"
    )
    report = memory_ledger().import_file(path)
    assert (report.rejected, report.added) == ((2,), (3,))
    assert [(problem.row, problem.code) for problem in report.problems] == [
        (2, "control-character")
    ]


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_processes_that_import_the_same_file_at_once_add_it_once(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    rows = [f"督查,2021-03-{number % 28 + 1:02},{number % 5}" for number in range(300)]
    path.write_text("\n".join(["kind,date,quantity", *rows, ""]), encoding="utf-8")
    children = []
    for _ in range(4):
        child = os.fork()
        if child == 0:  # pragma: no cover  coverage does not follow a child that leaves so
            code = 1
            try:
                with open_ledger(tmp_path / "town.db") as ledger:
                    report = ledger.import_file(path)
                    code = 0 if report.ok and len(report.added) in (0, 300) else 2
            finally:
                os._exit(code)
        children.append(child)
    assert [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children] == [0] * 4
    with open_ledger(tmp_path / "town.db") as ledger:
        assert len(ledger) == 300
        assert ledger.verify().ok


@pytest.mark.parametrize("ask", [pickle.dumps, copy.copy, copy.deepcopy])
def test_a_ledger_is_not_copied(ask: Callable[[object], object]) -> None:
    with pytest.raises(UsageError, match="cannot be pickled or copied: open its file"):
        ask(memory_ledger())
