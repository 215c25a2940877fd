"""A ledger somebody else writes: their own place for entries, our rules, the contract test."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest

from partybuild.errors import LedgerError, Problem
from partybuild.ledger import KeptLedger, Store, open_ledger
from partybuild.ledger.entries import Columns, Row, genesis
from partybuild.ledger.reading import frame_of_rows
from partybuild.ledger.sqlite import write_copy
from partybuild.testing import check_ledger


class LinesStore:
    """Entries as lines of JSON, the whole file written anew with each commit."""

    prefix = "lines"

    def __init__(self, path: Path) -> None:
        self.name, self.path = str(path), path
        self.is_open, self.pending = True, None

    def _load(self) -> list[Row]:
        if not self.is_open:
            raise LedgerError(f"{self.name} is closed")
        if self.pending is not None:
            return self.pending
        if not self.path.exists():
            return []
        lines = map(json.loads, self.path.read_text(encoding="utf-8").splitlines())
        return [(*line[:-1], bytes.fromhex(line[-1])) for line in lines]

    @contextmanager
    def writing(self, expected: int = 1) -> Iterator[None]:
        self.pending: list[Row] | None = self._load()
        try:
            yield
            lines = [json.dumps([*row[:-1], row[-1].hex()]) + "\n" for row in self.pending or ()]
            draft = self.path.with_suffix(".new")
            draft.write_text("".join(lines), encoding="utf-8")
            draft.replace(self.path)
        finally:
            self.pending = None

    @contextmanager
    def reading(self) -> Iterator[None]:
        self._load()
        yield

    def tail(self) -> tuple[int, bytes]:
        rows = self._load()
        return len(rows), rows[-1][-1] if rows else genesis(self.prefix)

    def add(self, columns: Columns, digests: list[bytes]) -> None:
        rows = self._load()
        rows += columns.rows(len(rows) + 1, digests)

    def rows(self, first: int, last: int) -> list[Row]:
        return [row for row in self._load() if first <= row[0] <= last]

    def rows_of(self, ids: list[str]) -> list[Row]:
        return [row for row in self._load() if row[1] in set(ids)]

    def rows_from(self, file: str) -> list[Row]:
        return [row for row in self._load() if file in row]

    def taken(self, above: int) -> set[str]:
        return {row[1] for row in self._load()}

    def frame(self, before: str | None) -> pd.DataFrame:
        return frame_of_rows(self._load(), before=before)

    def faults(self) -> list[Problem]:
        return []

    def backup(self, path: str) -> None:
        write_copy(path, prefix=self.prefix, rows=self._load())

    def close(self) -> None:
        self.is_open = False


def test_a_stranger_s_store_makes_a_ledger_that_keeps_the_contract(tmp_path: Path) -> None:
    numbers = iter(range(1_000))

    def make_ledger() -> KeptLedger:
        store: Store = LinesStore(tmp_path / f"{next(numbers)}.jsonl")
        return KeptLedger(store)

    check_ledger(make_ledger)


def test_what_a_stranger_s_store_keeps_can_be_merged_and_verified(tmp_path: Path) -> None:
    with KeptLedger(LinesStore(tmp_path / "a.jsonl")) as theirs:
        name = theirs.record(kind="督查", date="2021-03-05", recorded_by="李")
        theirs.amend(name, quantity=2, reason="漏记")
        assert theirs.verify(theirs.digest()).ok
        with open_ledger(tmp_path / "town.db") as town:
            assert town.merge(theirs).added == 2
            pd.testing.assert_frame_equal(town.to_frame(), theirs.to_frame())
    with KeptLedger(LinesStore(tmp_path / "a.jsonl")) as again:
        assert [entry.quantity for entry in again.history(name)] == [1.0, 2.0]


def test_the_contract_notices_a_store_that_forgets(tmp_path: Path) -> None:
    class Forgetful(LinesStore):
        def rows_of(self, ids: list[str]) -> list[Row]:
            return []

    numbers = iter(range(1_000))
    with pytest.raises((AssertionError, LookupError)):
        check_ledger(lambda: KeptLedger(Forgetful(tmp_path / f"{next(numbers)}.jsonl")))
