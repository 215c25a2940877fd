"""Rows of a table: 任务, 完成时限 and 责任单位 by the words of the header row."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

import attrs

Column = Literal["task", "deadline", "owner", "other"]

_HEADS: tuple[tuple[Column, re.Pattern[str]], ...] = (
    ("deadline", re.compile(r"时限|期限|完成时间|时间节点|时间要求|办结时间|进度安排|时间")),
    ("owner", re.compile(r"责任|牵头|主办|配合|负责人|承办|落实单位|分管")),
    ("other", re.compile(r"序号|编号|备注|分值|权重|评分|扣分|考核方式|类别|得分|完成情况|进展")),
    ("task", re.compile(r"任务|事项|内容|措施|目标|指标|标准|要求|项目|工作|举措|承诺")),
)
_LONGEST_HEAD = 12


@attrs.frozen(kw_only=True)
class Cell:
    """One cell at `start`:`end` of the text, with what its column holds."""

    start: int
    end: int
    column: Column


def cells_of(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the places of the cells of one row, empty ones included."""
    mark = "|" if text[start] == "|" else "\t"
    left = start + (mark == "|")
    stop = end - (mark == "|" and text[end - 1] == "|")
    while left <= stop:
        right = text.find(mark, left, stop)
        right = stop if right < 0 else right
        yield left, right
        left = right + 1


def header_of(text: str, start: int, end: int) -> tuple[Column, ...] | None:
    """Return what the columns hold when the row is a header, else None."""
    columns: list[Column] = []
    known = 0
    for left, right in cells_of(text, start, end):
        words = text[left:right].strip(" *")
        column = _column(words) if 0 < len(words) <= _LONGEST_HEAD else None
        known += column is not None
        columns.append(column or "task")
    return tuple(columns) if known >= max(2, len(columns) - 1) else None


def _column(words: str) -> Column | None:
    if re.search(r"\d|[Xx×]", words):
        return None
    return next((column for column, pattern in _HEADS if pattern.search(words)), None)


def is_rule(text: str, start: int, end: int) -> bool:
    """Whether the row is the line of dashes below a Markdown header."""
    return not text[start:end].strip("|-: \t")


def row_cells(
    text: str, start: int, end: int, header: tuple[Column, ...] | None
) -> tuple[Cell, ...]:
    """Return the cells of a row; without a header every cell is a task."""
    found = []
    for index, (left, right) in enumerate(cells_of(text, start, end)):
        column = header[index] if header is not None and index < len(header) else "task"
        words = text[left:right]
        first = left + len(words) - len(words.lstrip())
        if words.strip():
            found.append(Cell(start=first, end=first + len(words.strip()), column=column))
    return tuple(found)
