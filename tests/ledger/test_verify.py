"""Whoever changes a ledger behind its back is found out, and the place is named."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pandas as pd
import pytest

from partybuild.errors import LedgerError, Problem, UsageError
from partybuild.ledger import memory_ledger, open_ledger
from partybuild.ledger.entries import CANONICAL, chained, genesis, line_of
from partybuild.ledger.memory import MemoryStore

COUNT = 12


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the file of a ledger with twelve entries, the first event amended by the last."""
    with open_ledger(tmp_path / "town.db", prefix="t") as ledger:
        for number in range(1, COUNT):
            ledger.record(kind="督查", date="2021-03-05", quantity=number, subject=f"村{number}")
        ledger.amend("t-1", quantity=99, reason="漏记")
    return tmp_path / "town.db"


def tampered(path: Path, *statements: str) -> None:
    """Run SQL on the file without its guards, then put them back."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        guards = connection.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
        ).fetchall()
        for name, _ in guards:
            connection.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            connection.execute(statement)
        for _, sql in guards:
            connection.execute(sql)


def found(path: Path, digest: str | None = None) -> list[tuple[str, str | None]]:
    return [(problem.code, problem.path) for problem in problems(path, digest)]


def problems(path: Path, digest: str | None = None) -> tuple[Problem, ...]:
    with open_ledger(path) as ledger:
        verification = ledger.verify(digest)
        assert verification.ok == (not verification.problems)
        return verification.problems


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entries SET quantity = 3 WHERE seq = 2",
        "DELETE FROM entries WHERE seq = 2",
        "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 2",
        "REPLACE INTO entries (seq, id, kind, date, quantity, recorded_at, digest) "
        "VALUES (2, 'x', 'x', '2021-01-01', 1, '2021-01-01', x'00')",
        "INSERT INTO entries (seq, id, kind, date, quantity, recorded_at, digest) "
        "VALUES (99, 'x', 'x', '2021-01-01', 1, '2021-01-01', x'00')",
        "INSERT INTO entries (seq, id, kind, date, quantity, recorded_at, digest) "
        "VALUES (-1, 'x', 'x', '2021-01-01', 1, '2021-01-01', x'00')",
        "UPDATE OR REPLACE entries SET seq = 3 WHERE seq = 2",
        "DELETE FROM head",
        "UPDATE head SET entries = 5",
        "UPDATE head SET digest = x'00'",
        "INSERT INTO head VALUES (1, x'00')",
        "UPDATE ledger SET prefix = 'x'",
        "DELETE FROM ledger",
    ],
)
def test_the_database_itself_is_append_only(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        with pytest.raises(sqlite3.IntegrityError, match=r"append-only|CHECK"):
            connection.execute(statement)
        connection.rollback()
    assert problems(path) == ()


def test_the_guards_are_back_after_a_bulk(path: Path) -> None:
    with open_ledger(path) as ledger:
        ledger.record_many(pd.DataFrame({"kind": ["调研"] * 20_000, "date": "2021-03-05"}))
        assert ledger.verify().ok
        assert len(ledger.history("t-20012")) == 1
    test_the_database_itself_is_append_only(
        path, "INSERT OR REPLACE INTO entries SELECT * FROM entries WHERE seq = 2"
    )


@pytest.mark.parametrize(
    "change",
    ["quantity = 6.5", "kind = '调研'", "note = '后加'", "subject = NULL", "void = 1", "row = 7",
     "recorded_by = '王'", "recorded_at = '2021-01-01'", "reason = 'x'", "attributes = '{}'",
     "\"end\" = '2021-03-09'", "id = 't-6'", "kind = x'00'", "digest = x'00'", "digest = 'x'"],
)  # fmt: skip
def test_a_changed_entry_is_named(path: Path, change: str) -> None:
    tampered(path, f"UPDATE entries SET {change} WHERE seq = 5")
    assert ("entry-changed", "entries[5]") in found(path)
    assert len(found(path)) <= 2


def test_every_field_is_under_the_chain() -> None:
    fields = ["a", "b", "2021-03-05", "2021-03-06", 2.0, "d", "e", "f", "g", "h", "2021-03-07",
              1, "{}", "i", "j", "k", 7, "l"]  # fmt: skip
    assert len(fields) == len(CANONICAL)
    lines = {line_of((1, *fields, b""))}
    for place in range(len(fields)):
        lines.add(line_of((1, *fields[:place], None, *fields[place + 1 :], b"")))
    assert len(lines) == len(fields) + 1


def test_fields_do_not_run_into_each_other() -> None:
    blank = [None] * (len(CANONICAL) - 2)
    assert line_of((1, "ab", "c", *blank, b"")) != line_of((1, "a", "bc", *blank, b""))
    shifted = [None] * (len(CANONICAL) - 3)
    assert line_of((1, "a", "b", *blank, b"")) != line_of((1, "a", None, "b", *shifted, b""))


def test_a_removed_entry_is_named(path: Path) -> None:
    tampered(path, "DELETE FROM entries WHERE seq = 5")
    assert found(path) == [("entry-removed", "entries[5]")]
    tampered(path, "DELETE FROM entries WHERE seq IN (8, 9)")
    assert "entries 8 to 9" in problems(path)[1].message


def test_a_removed_entry_is_found_when_the_others_close_the_gap(path: Path) -> None:
    tampered(
        path,
        "DELETE FROM entries WHERE seq = 5",
        *(f"UPDATE entries SET seq = {seq - 1} WHERE seq = {seq}" for seq in range(6, COUNT + 1)),
        f"UPDATE head SET entries = {COUNT - 1}",
    )
    assert found(path) == [("entry-changed", "entries[5]")]
    assert "what stood before it is gone" in problems(path)[0].message


def test_a_cut_off_end_is_refused_on_opening(path: Path) -> None:
    tampered(path, f"DELETE FROM entries WHERE seq = {COUNT}")
    with pytest.raises(LedgerError, match="should end with entry 12, and ends with entry 11"):
        open_ledger(path)


def test_a_cut_off_end_is_found_by_a_digest_noted_before(path: Path) -> None:
    with open_ledger(path) as ledger:
        noted = ledger.digest()
    tampered(
        path,
        f"DELETE FROM entries WHERE seq = {COUNT}",
        f"UPDATE head SET entries = {COUNT - 1}, "
        f"digest = (SELECT digest FROM entries WHERE seq = {COUNT - 1})",
    )
    assert problems(path) == ()  # the rest is a ledger in itself
    assert found(path, noted) == [("entry-removed", f"entries[{COUNT}]")]


def test_a_rewritten_ledger_is_found_by_a_digest_noted_before(path: Path) -> None:
    with open_ledger(path) as ledger:
        noted = ledger.digest()
        ledger.record(kind="调研", date="2021-03-05")
    with closing(sqlite3.connect(path)) as connection:
        names = ", ".join(f'"{name}"' for name in CANONICAL)
        rows = connection.execute(f"SELECT seq, {names}, digest FROM entries").fetchall()
    forged = [(*row[:5], 1000.0, *row[6:]) if row[0] == 3 else row for row in rows]
    links = chained([line_of(row) for row in forged], genesis("t"))
    tampered(
        path,
        "UPDATE entries SET quantity = 1000 WHERE seq = 3",
        *(f"UPDATE entries SET digest = x'{link.hex()}' WHERE seq = {seq}"
          for seq, link in enumerate(links, 1)),
        f"UPDATE head SET digest = x'{links[-1].hex()}'",
    )  # fmt: skip
    assert problems(path) == ()
    assert found(path, noted) == [("history-rewritten", f"entries[{COUNT}]")]


def swapped(first: int, second: int, columns: Iterator[str] | list[str]) -> list[str]:
    """Return SQL that exchanges these columns of two entries."""
    listed = ", ".join(f'"{name}"' for name in columns)
    return [
        f"CREATE TABLE swap AS SELECT {listed}, {second} AS place FROM entries WHERE seq = {first} "
        f"UNION ALL SELECT {listed}, {first} FROM entries WHERE seq = {second}",
        *(
            f"UPDATE entries SET ({listed}) = (SELECT {listed} FROM swap WHERE place = {seq}) "
            f"WHERE seq = {seq}"
            for seq in (first, second)
        ),
        "DROP TABLE swap",
    ]


@pytest.mark.parametrize(("first", "second"), [(4, 5), (3, 8), (1, 2), (2, COUNT - 1)])
@pytest.mark.parametrize("with_links", [True, False])
def test_entries_that_changed_places_are_named(
    path: Path, first: int, second: int, *, with_links: bool
) -> None:
    columns = [*CANONICAL, "digest"] if with_links else list(CANONICAL)
    tampered(path, *swapped(first, second, columns))
    assert found(path) == [
        ("entry-moved", f"entries[{first}]"),
        ("entry-moved", f"entries[{second}]"),
    ]
    assert f"recorded as entry {second}" in problems(path)[0].message


def test_missing_and_foreign_guards_are_named(path: Path) -> None:
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("DROP TRIGGER entries_no_delete")
        connection.execute("CREATE TRIGGER mine AFTER INSERT ON entries BEGIN SELECT 1; END")
    assert [code for code, _ in found(path)] == ["guard-missing", "guard-unknown"]


def test_the_prefix_is_under_the_chain(path: Path) -> None:
    tampered(path, "UPDATE ledger SET prefix = 'x'")
    assert ("entry-changed", "entries[1]") in found(path)


def test_a_zero_with_a_minus_is_a_zero_before_it_is_chained(tmp_path: Path) -> None:
    """SQLite keeps no minus of a zero, so that a link over one would never hold again."""
    with open_ledger(tmp_path / "town.db") as ledger:
        frame = {"id": ["a", "b"], "kind": "督查", "date": "2021-03-05", "quantity": [-0.0, 1]}
        ledger.record_many(pd.DataFrame(frame))
        ledger.record(kind="督查", date="2021-03-05", quantity=-0.0)
        ledger.amend("b", quantity=-0.0)
    assert problems(tmp_path / "town.db") == ()


@pytest.mark.parametrize("note", ["村\x1f1", "村\x1e1"])
def test_a_mark_between_fields_is_named_where_it_was_put(path: Path, note: str) -> None:
    tampered(path, f"UPDATE entries SET note = '{note}' WHERE seq = 3")
    assert found(path) == [("entry-changed", "entries[3]")]


def test_what_is_missing_stays_null(tmp_path: Path) -> None:
    """Blank cells of a bulk are bound as what SQLite takes for NULL."""
    notes = ["补记", None, ""]
    with open_ledger(tmp_path / "town.db") as ledger:
        ledger.record_many(pd.DataFrame({"kind": "督查", "date": "2021-03-05", "note": notes}))
    with closing(sqlite3.connect(tmp_path / "town.db")) as connection:
        found = connection.execute("SELECT note, typeof(note), typeof(unit) FROM entries")
        assert found.fetchall() == [("补记", "text", "null"), *[(None, "null", "null")] * 2]


def test_what_is_no_digest_is_refused() -> None:
    with memory_ledger() as ledger, pytest.raises(UsageError, match="digest"):
        ledger.verify("abc")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda rows: rows.__setitem__(2, (*rows[2][:2], "别的", *rows[2][3:])),
        lambda rows: rows.pop(2),
        lambda rows: rows.pop(),
    ],
)
def test_a_ledger_in_memory_is_verified_as_well(spoil: Callable[[list[object]], object]) -> None:
    ledger = memory_ledger()
    for _ in range(5):
        ledger.record(kind="督查", date="2021-03-05")
    noted = ledger.digest()
    assert isinstance(ledger.store, MemoryStore)
    spoil(ledger.store._rows)  # type: ignore[arg-type]
    assert not ledger.verify(noted).ok
