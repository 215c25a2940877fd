"""What one entry of a ledger says, its canonical bytes, and the chain over them."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Any, Final

import attrs

from partybuild.errors import UsageError

__all__ = ["CANONICAL", "EVENT_FIELDS", "Columns", "Entry", "Row", "chained", "genesis", "line_of"]

#: What an entry says of its event, in the words of the event columns.
EVENT_FIELDS: Final = (
    "id",
    "kind",
    "date",
    "end",
    "quantity",
    "unit",
    "subject",
    "organisation",
    "evidence",
    "note",
    "recorded_at",
    "void",
    "attributes",
)

#: The order in which the fields of an entry are hashed. Fields are only ever added at the end:
#: empty fields at the end leave no trace in the bytes, so that older chains stay valid.
CANONICAL: Final = (*EVENT_FIELDS, "recorded_by", "reason", "file", "row", "sheet")

#: An entry as a store keeps it: seq, the fields of `CANONICAL`, digest.
Row = tuple[Any, ...]

FIELD_END: Final = "\x1f"
LINE_END: Final = "\x1e"
_VOID: Final = CANONICAL.index("void")
FORBIDDEN: Final = ("\x00", LINE_END, FIELD_END)


@attrs.frozen(kw_only=True)
class Entry:
    """One line of a ledger: what was recorded, by whom, when, from where and why.

    `seq` counts the entries of the ledger from 1. `end` equals `date` unless the
    event took longer. `recorded_at` is naive, in the ledger's timezone. `file`,
    `sheet` and `row` say where the entry was read, `reason` why it was made;
    None means not known or does not apply. `digest` is the link of the chain, 64
    hexadecimal digits that depend on this entry and on all before it.
    """

    seq: int
    id: str
    kind: str
    date: dt.date
    end: dt.date
    quantity: float
    unit: str | None = None
    subject: str | None = None
    organisation: str | None = None
    evidence: str | None = None
    note: str | None = None
    recorded_at: dt.datetime
    void: bool = False
    attributes: Mapping[str, Any] = attrs.field(factory=dict)
    recorded_by: str | None = None
    reason: str | None = None
    file: str | None = None
    row: int | None = None
    sheet: str | None = None
    digest: str = ""

    @classmethod
    def from_row(cls, row: Row) -> Entry:
        """Read an entry from the tuple that a store keeps."""
        fields = dict(zip(CANONICAL, row[1:-1], strict=True))
        fields["date"] = dt.date.fromisoformat(fields["date"])
        fields["end"] = dt.date.fromisoformat(fields["end"]) if fields["end"] else fields["date"]
        fields["recorded_at"] = dt.datetime.fromisoformat(fields["recorded_at"])
        fields["void"] = bool(fields["void"])
        fields["attributes"] = read_attributes(fields["attributes"])
        return cls(seq=row[0], digest=bytes(row[-1]).hex(), **fields)

    def texts(self) -> dict[str, str]:
        """Return the fields as the texts that are hashed; ``""`` stands for None.

        >>> entry = Entry(seq=1, id="a", kind="调研", date=dt.date(2021, 3, 5),
        ...     end=dt.date(2021, 3, 5), quantity=2.0, recorded_at=dt.datetime(2021, 3, 5))
        >>> [text for text in entry.texts().values() if text]
        ['a', '调研', '2021-03-05', '2.0', '2021-03-05']
        """
        texts = {name: getattr(self, name) or "" for name in CANONICAL}
        texts["date"] = self.date.isoformat()
        texts["end"] = "" if self.end == self.date else self.end.isoformat()
        texts["quantity"] = repr(self.quantity)
        texts["recorded_at"] = moment_text(self.recorded_at)
        texts["void"] = "1" if self.void else ""
        texts["attributes"] = attributes_text(self.attributes)
        texts["row"] = "" if self.row is None else str(self.row)
        return texts


#: The fields in which two versions of one event can differ.
CONTENT: Final = tuple(name for name in EVENT_FIELDS if name not in {"id", "recorded_at"})


def row_content(row: Row) -> tuple[str, ...]:
    """Return what a stored tuple says of its event, as texts in the order of `CONTENT`."""
    texts = row_texts(row)
    return tuple(texts[place] for place in _CONTENT_PLACES)


_CONTENT_PLACES: Final = tuple(CANONICAL.index(name) for name in CONTENT)


@attrs.define(kw_only=True)
class Columns:
    """Entries on their way into a store, column by column.

    `texts` maps names of `CANONICAL` to lists of equal length, ``""`` for None;
    a name that is absent is None throughout. `quantity` holds the same numbers
    as `texts["quantity"]`.
    """

    texts: dict[str, list[str]]
    quantity: list[float]

    def __len__(self) -> int:
        return len(self.quantity)

    def lines(self) -> Iterator[bytes]:
        """Make the canonical bytes of each entry, one after the other."""
        if not self.quantity:
            return iter(())
        used = [number for number, name in enumerate(CANONICAL) if name in self.texts]
        fields = [self.texts.get(name, repeat("")) for name in CANONICAL[: used[-1] + 1]]
        lines: Iterator[str] = map(FIELD_END.join, zip(*fields, strict=False))
        if not all(self.texts[CANONICAL[used[-1]]]):
            lines = (line.rstrip(FIELD_END) for line in lines)
        return map(str.encode, lines)

    def rows(self, first: int, digests: Sequence[bytes]) -> Iterator[Row]:
        """Return the entries as stored tuples; the first gets the number `first`."""
        fields: list[Iterable[Any]] = []
        for name in CANONICAL:
            texts = self.texts.get(name)
            if name == "quantity":
                fields.append(self.quantity)
            elif name == "void":
                fields.append([int(text or 0) for text in texts] if texts else repeat(0))
            elif name == "row":
                fields.append(
                    [int(text) if text else None for text in texts] if texts else repeat(None)
                )
            else:
                fields.append([text or None for text in texts] if texts else repeat(None))
        return zip(range(first, first + len(self)), *fields, digests, strict=False)

    @classmethod
    def of(cls, entries: Iterable[Entry]) -> Columns:
        """Return the columns of single entries."""
        entries = tuple(entries)
        texts = [entry.texts() for entry in entries]
        columns = {name: [text[name] for text in texts] for name in CANONICAL}
        used = {name: column for name, column in columns.items() if any(column)}
        return cls(texts=used, quantity=[entry.quantity for entry in entries])

    @classmethod
    def of_rows(cls, rows: Sequence[Row]) -> Columns | None:
        """Return the columns of stored tuples, None when one holds what no ledger writes."""
        _, *cells, _ = zip(*rows, strict=True)
        fields = dict(zip(CANONICAL, cells, strict=True))
        texts = {name: _column_texts(name, column) for name, column in fields.items()}
        kept = {name: column for name, column in texts.items() if column is not None}
        if len(kept) < len(texts) or FIELD_END in "".join(map("".join, kept.values())):
            return None
        used = {name: column for name, column in kept.items() if any(column)}
        return cls(texts=used, quantity=list(fields["quantity"]))


_SORTS: Final[dict[str, set[type]]] = {"quantity": {float}, "void": {int}, "row": {int, type(None)}}


def _column_texts(name: str, column: Sequence[Any]) -> list[str] | None:
    """Return the texts of a stored column, ``""`` for None; None if a value is of a wrong sort."""
    sorts = set(map(type, column))
    if not sorts <= _SORTS.get(name, {str, type(None)}):
        return None
    if sorts == {str}:
        return list(column)
    if name == "void":
        return ["1" if value else "" for value in column]
    written = {value: "" if value is None else str(value) for value in set(column)}
    return [written[value] for value in column]


def genesis(prefix: str) -> bytes:
    """Return the link before the first entry of the ledger whose ids begin with `prefix`."""
    return hashlib.sha256(f"partybuild ledger{FIELD_END}{prefix}".encode()).digest()


def chained(lines: Iterable[bytes], before: bytes) -> list[bytes]:
    """Return the link of each entry: SHA-256 over the link before it and its own bytes.

    A link has 32 bytes, so the two parts cannot run into each other.
    """
    digests, sha256 = [], hashlib.sha256
    for line in lines:
        before = sha256(before + line).digest()
        digests.append(before)
    return digests


def row_texts(row: Row) -> list[str]:
    """Return the texts of a stored tuple in the order of `CANONICAL`, ``""`` for None.

    Raises `UsageError` when a field holds what no ledger writes.
    """
    fields = row[1:-1]
    if any(type(value) is bytes for value in fields):
        raise UsageError("a field of the entry holds bytes instead of text")
    texts = [
        "" if value is None else value if type(value) is str else repr(value) for value in fields
    ]
    texts[_VOID] = "1" if fields[_VOID] else ""
    if FIELD_END in "".join(texts):
        raise UsageError("a field of the entry holds the control character U+001F")
    return texts


def line_of(row: Row) -> bytes:
    """Return the canonical bytes of a stored tuple."""
    return FIELD_END.join(row_texts(row)).rstrip(FIELD_END).encode()


def moment_text(moment: dt.datetime) -> str:
    """Return ISO text; midnight, which stands for the whole day, as the date alone."""
    if moment.time() == dt.time.min:
        return moment.date().isoformat()
    return moment.isoformat()


def checked_text(name: str, text: str) -> str:
    """Return `text`, or raise `UsageError` if it holds what separates fields, or is no text."""
    if not isinstance(text, str):
        raise UsageError(f"{name}: got {text!r}; expected text")
    if any(mark in text for mark in FORBIDDEN):
        raise UsageError(
            f"{name}: {text[:80]!r} holds a control character (U+0000, U+001E, U+001F)"
        )
    try:
        text.encode()
    except UnicodeEncodeError:
        raise UsageError(f"{name}: {text[:80]!r} is not valid Unicode") from None
    return text


def attributes_text(attributes: Mapping[str, Any]) -> str:
    """Return attributes as JSON with sorted names; None is left out, it means not known.

    >>> attributes_text({"level": 2, "venue": None, "at": dt.date(2021, 3, 5)})
    '{"at":{"date":"2021-03-05"},"level":2}'
    """
    parts = [
        f"{json.dumps(attribute_name(name), ensure_ascii=False)}:{text}"
        for name, value in sorted(attributes.items())
        if (text := attribute_text(name, value))
    ]
    return "{" + ",".join(parts) + "}" if parts else ""


def attribute_name(name: str) -> str:
    """Return the name of an attribute, or raise `UsageError` if it is the name of a field."""
    if name in EVENT_FIELDS and name != "attributes":
        raise UsageError(f"attributes: {name!r} is a field of every event, not a further one")
    return checked_text("attribute", name)


def attribute_text(name: str, value: Any) -> str:
    """Return one attribute's value as JSON, ``""`` for None."""
    if value is None or value != value:
        return ""
    if hasattr(value, "item") and not isinstance(value, (str, dt.date)):
        value = value.item()
    if isinstance(value, str):
        return json.dumps(checked_text(name, value), ensure_ascii=False)
    if isinstance(value, (bool, int)) or (isinstance(value, float) and abs(value) != float("inf")):
        return json.dumps(value)
    if isinstance(value, dt.datetime):
        return json.dumps({"datetime": value.isoformat()})
    if isinstance(value, dt.date):
        return json.dumps({"date": value.isoformat()}, separators=(",", ":"))
    raise UsageError(
        f"attribute {name!r}: got {value!r}; allowed: text, finite numbers, true, false, dates"
    )


def read_attributes(text: str | None) -> dict[str, Any]:
    """Read attributes back with their types.

    >>> read_attributes('{"at":{"date":"2021-03-05"},"level":2}')
    {'at': datetime.date(2021, 3, 5), 'level': 2}
    """
    if not text:
        return {}
    return {name: _read_value(value) for name, value in json.loads(text).items()}


def _read_value(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    if "date" in value:
        return dt.date.fromisoformat(value["date"])
    return dt.datetime.fromisoformat(value["datetime"])
