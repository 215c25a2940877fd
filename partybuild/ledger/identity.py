"""What two rows must have in common to be the same event, whatever file holds them.

The same cell is the text ``3`` in a CSV file, the number 3 in a workbook and 3.0 in a column
with gaps. So what is compared is how a cell reads, not the type it has.
"""

from __future__ import annotations

import datetime as dt
import decimal
import json
import re
from functools import lru_cache
from typing import Any, Final

from partybuild._frames.headings import heading_key
from partybuild.cells import clean_text
from partybuild.ledger.entries import CONTENT, Row, read_attributes, row_content

__all__ = ["Content", "identity", "is_running", "said"]

#: What an event says, as texts in the order of `CONTENT`.
Content = tuple[str, ...]

_RUNNING: Final = frozenset({"序号", "次序", "行号", "no", "no."})
_SEPARATORS: Final = re.compile(r"\s*[;；、]\s*")
_NUMBER: Final = re.compile(r"[+-]?(?:0|[1-9]\d{0,17})(?:\.\d{1,18})?%?", re.ASCII)
_MOMENT: Final = re.compile(
    r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T](\d{1,2}):(\d\d)(?::(\d\d))?(?:\.0+)?)?",
    re.ASCII,
)


def is_running(heading: Any) -> bool:
    """Whether a column numbers the rows of its file, which says nothing of the events.

    >>> is_running("序号"), is_running("编号")
    (True, False)
    """
    return isinstance(heading, str) and heading_key(heading) in _RUNNING


def said(row: Row) -> Content:
    """Return the identity of what a stored tuple says of its event."""
    return identity(row_content(row))


def identity(content: Content) -> Content:
    """Return what an event says in the form in which it is compared.

    Attributes become texts, each as a cell reads; running numbers are left out,
    and separators between subjects are all the same.
    """
    texts = list(content)
    for place, name in enumerate(CONTENT[: len(texts)]):
        if texts[place] and name == "attributes":
            texts[place] = _attributes(texts[place])
        elif texts[place] and name == "subject":
            texts[place] = _SEPARATORS.sub("；", texts[place])
    return tuple(texts)


@lru_cache(maxsize=100_000)
def _attributes(text: str) -> str:
    values = {
        name: cell_text(value)
        for name, value in read_attributes(text).items()
        if not is_running(name)
    }
    kept = {name: value for name, value in sorted(values.items()) if value}
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":")) if kept else ""


def cell_text(value: Any) -> str:
    """Return how a cell reads, whatever type it has.

    >>> [cell_text(value) for value in (3, 3.0, "3.0", True, "TRUE", "95%", 0.95)]
    ['3', '3', '3', 'true', 'true', '0.95', '0.95']
    >>> [cell_text(value) for value in (dt.datetime(2021, 3, 5), "2021/3/5", "007", " 县 ")]
    ['2021-03-05', '2021-03-05', '007', '县']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _plain(f"{decimal.Decimal(repr(value)):f}")
    return _plain(str(value))


def _plain(text: str) -> str:
    text = clean_text(text)
    if text.casefold() in {"true", "false"}:
        return text.casefold()
    if _NUMBER.fullmatch(text):
        return _number(text)
    if found := _MOMENT.fullmatch(text):
        return _moment(found, text)
    return text


def _number(text: str) -> str:
    if text.endswith("%"):
        text = f"{decimal.Decimal(text[:-1]).scaleb(-2):f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    text = text.removeprefix("+")
    return "0" if text == "-0" else text


def _moment(found: re.Match[str], text: str) -> str:
    try:
        moment = dt.datetime(*(int(part or 0) for part in found.groups()))  # type: ignore[arg-type]
    except ValueError:
        return text
    return str(moment.date() if moment.time() == dt.time.min else moment)
