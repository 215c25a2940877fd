"""The tables of a ledger file, how older ones are brought up to date, and what guards them."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from typing import Final

__all__ = ["APPLICATION_ID", "SCHEMA", "create", "guards", "migrate"]

#: Stands in the header of every ledger file: "PBLG".
APPLICATION_ID: Final = 0x50424C47

#: The schema that this version of the library writes, kept as `user_version`.
SCHEMA: Final = 2

_ENTRIES: Final = """
CREATE TABLE entries (
  seq INTEGER PRIMARY KEY CHECK (seq > 0),
  id TEXT NOT NULL,
  kind TEXT NOT NULL,
  date TEXT NOT NULL,
  "end" TEXT,
  quantity REAL NOT NULL,
  unit TEXT,
  subject TEXT,
  organisation TEXT,
  evidence TEXT,
  note TEXT,
  recorded_at TEXT NOT NULL,
  void INTEGER NOT NULL DEFAULT 0,
  attributes TEXT,
  recorded_by TEXT,
  reason TEXT,
  file TEXT,
  row INTEGER,
  digest BLOB NOT NULL{sheet}
)"""

_LEDGER: Final = "CREATE TABLE ledger (prefix TEXT NOT NULL)"
_HEAD: Final = "CREATE TABLE head (entries INTEGER NOT NULL, digest BLOB NOT NULL)"

ID_INDEX: Final = "CREATE INDEX entries_by_id ON entries (id)"

_REFUSE: Final = "SELECT RAISE(ABORT, 'a ledger is append-only'); END"

#: What the database itself refuses, whoever asks. The insert guards stand against
#: INSERT OR REPLACE, which deletes without waking the delete guards.
_GUARDS_1: Final = {
    "entries_no_update": f"BEFORE UPDATE ON entries BEGIN {_REFUSE}",
    "entries_no_delete": f"BEFORE DELETE ON entries BEGIN {_REFUSE}",
    "entries_in_order": (
        "BEFORE INSERT ON entries "
        "WHEN NEW.seq IS NOT -1 "  # the number is left to the database
        "AND NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM entries) "
        f"BEGIN {_REFUSE}"
    ),
    "ledger_no_update": f"BEFORE UPDATE ON ledger BEGIN {_REFUSE}",
    "ledger_no_delete": f"BEFORE DELETE ON ledger BEGIN {_REFUSE}",
}
_GUARDS_2: Final = {
    **_GUARDS_1,
    "head_forward": (
        f"BEFORE UPDATE ON head WHEN NEW.entries IS NOT (SELECT max(seq) FROM entries) "
        f"OR NEW.entries <= OLD.entries BEGIN {_REFUSE}"
    ),
    "head_no_delete": f"BEFORE DELETE ON head BEGIN {_REFUSE}",
    "head_once": f"BEFORE INSERT ON head WHEN EXISTS (SELECT 1 FROM head) BEGIN {_REFUSE}",
    "ledger_once": f"BEFORE INSERT ON ledger WHEN EXISTS (SELECT 1 FROM ledger) BEGIN {_REFUSE}",
}


def guards(version: int = SCHEMA) -> dict[str, str]:
    """Return the statement of each trigger that a file of this schema must have, by name."""
    wanted = _GUARDS_1 if version == 1 else _GUARDS_2
    return {name: f"CREATE TRIGGER {name} {body}" for name, body in wanted.items()}


def create(
    connection: sqlite3.Connection, *, prefix: str, first: bytes, version: int = SCHEMA
) -> None:
    """Write the tables of an empty ledger.

    `first` is the link before the first entry. Another `version` than the present
    one is for tests of `migrate`.
    """
    sheet = "" if version == 1 else ",\n  sheet TEXT"
    statements = [_ENTRIES.format(sheet=sheet), _LEDGER, ID_INDEX]
    if version > 1:
        statements.append(_HEAD)
    connection.execute("BEGIN IMMEDIATE")
    for statement in (*statements, *guards(version).values()):
        connection.execute(statement)
    connection.execute("INSERT INTO ledger VALUES (?)", (prefix,))
    if version > 1:
        connection.execute("INSERT INTO head VALUES (0, ?)", (first,))
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {version}")
    connection.execute("COMMIT")


def migrate(connection: sqlite3.Connection, *, first: bytes) -> None:
    """Bring a file of an earlier schema up to date, in the transaction the caller holds.

    Entries are not touched, and their chain stays valid.
    """
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    for step in range(version, SCHEMA):
        _STEPS[step](connection, first)
    connection.execute(f"PRAGMA user_version = {SCHEMA}")


def _to_2(connection: sqlite3.Connection, first: bytes) -> None:
    """Schema 2 names the sheet of a workbook, and keeps a head that shows a cut-off end."""
    connection.execute("ALTER TABLE entries ADD COLUMN sheet TEXT")
    connection.execute(_HEAD)
    last = connection.execute(
        "SELECT seq, digest FROM entries ORDER BY seq DESC LIMIT 1"
    ).fetchone()
    connection.execute("INSERT INTO head VALUES (?, ?)", last or (0, first))
    for name, statement in guards(2).items():
        if name not in _GUARDS_1:
            connection.execute(statement)


_STEPS: Final[dict[int, Callable[[sqlite3.Connection, bytes], None]]] = {1: _to_2}
