"""Where headings stand on a sheet: in any row, over several, again further down, side by side."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final
from zoneinfo import ZoneInfo

import attrs
import numpy as np
import pandas as pd

from partybuild._frames import match_headings
from partybuild._frames.headings import count_known, heading_key
from partybuild.cells import Fault, clean_text, read_dates
from partybuild.workbook.grids import Grid

#: Rows, blank ones left out, among which the first headings are looked for.
HEADING_ROWS: Final = 40
_LEVELS: Final = 4
_GROUP: Final = 8
_LONGEST: Final = 24
_LABEL: Final = re.compile("[:：]")
_ENOUGH: Final = 3
_ZONE: Final = ZoneInfo("UTC")

Given = Mapping[str, str] | None


@attrs.define(kw_only=True, eq=False)
class Head:
    """The headings of a table: rows `top` to `bottom`, by column, and how far its rows reach.

    `titles` are the rows above that belong to it, `last` is the last row of the
    table. `left` and `right` are the columns it has to itself.
    """

    top: int
    bottom: int
    texts: dict[int, str]
    titles: list[int] = attrs.field(factory=list)
    last: int = 0
    left: int = 1
    right: int = 1 << 20


def find_heads(grid: Grid, given: Given) -> list[Head]:
    """Find the headings of every table on a sheet, from the top.

    The first are the row, of the first `HEADING_ROWS`, that names the most event
    columns. Others are rows of nothing but text that name a date and what
    happened; above the first only if dated rows follow.
    """
    best = _best(grid, given)
    if best is None:
        return []
    heads: list[Head] = []
    tops = sorted({best, *_further(grid, given)})
    for row, below in pairwise([*tops, max(grid.rows) + 1]):
        one = _head(grid, row)
        if heads and row <= heads[-1].bottom:
            continue
        if row < best and not _has_dated_rows(grid, one, below, given):
            continue
        again = bool(heads) and _same(one.texts, heads[-1].texts)
        if not again or _titles_above(grid, row, heads[-1].bottom):
            heads.append(one)
    heads[0].titles = grid.numbers(1, heads[0].top - 1)
    for above, one in pairwise(heads):
        one.titles = _titles_above(grid, one.top, above.bottom)
    ends = [min([one.top, *one.titles]) - 1 for one in heads[1:]]
    for one, end in zip(heads, [*ends, max(grid.rows)], strict=True):
        one.last = end
    return heads


def _best(grid: Grid, given: Given) -> int | None:
    best, top = 1, None
    for row in grid.numbers()[:HEADING_ROWS]:
        texts = _texts(grid, row)
        known = count_known([text for text in texts.values() if text], tuple(given or ()))
        if known > best and _place_of("date", texts, given) is not None:
            best, top = known, row
    return top


def _further(grid: Grid, given: Given) -> Iterator[int]:
    """Rows that can only be headings: nothing but text, a date and what happened among it."""
    more = frozenset(heading_key(text) for text in given or ())
    for row in grid.numbers():
        cells = [cell for cell in grid.rows[row] if cell is not None]
        if not all(isinstance(cell, str) and len(cell) <= _LONGEST for cell in cells):
            continue
        known = sum(is_known(cell) or (bool(more) and heading_key(cell) in more) for cell in cells)
        if known < 2:
            continue
        texts = _texts(grid, row)
        names = match_headings(list(texts.values()), _held(texts, given)).places
        if "date" in names and ("kind" in names or known >= _ENOUGH):
            yield row


@lru_cache(maxsize=1 << 14)
def is_known(text: str) -> bool:
    """Whether a text means an event column."""
    return count_known([text]) > 0


def _held(texts: Mapping[int, str], given: Given) -> dict[str, str]:
    """The caller's own mapping, as far as its headings are there."""
    return {name: given[name] for name in texts.values() if given and name in given}


def _place_of(name: str, texts: Mapping[int, str], given: Given) -> int | None:
    """The column of an event column among headings."""
    places = match_headings(list(texts.values()), _held(texts, given)).places
    return list(texts)[places[name]] if name in places else None


def _same(one: Mapping[int, str], other: Mapping[int, str]) -> bool:
    """Whether headings stand again, as they do at the top of each page."""
    return all(
        place in other and heading_key(text) == heading_key(other[place])
        for place, text in one.items()
    )


def _has_dated_rows(grid: Grid, head: Head, below: int, given: Given) -> bool:
    date = _place_of("date", head.texts, given)
    rows = grid.numbers(head.bottom + 1, below - 1)
    return date is not None and _are_dates([grid.cell(row, date) for row in rows])


def _are_dates(cells: list[Any]) -> bool:
    """Whether some cell is a day."""
    plain = [None if isinstance(cell, Fault | bool) else cell for cell in cells]
    values, _ = read_dates(pd.Series(plain, dtype=object), zone=_ZONE)
    return bool((~np.isnat(values)).any())


def _titles_above(grid: Grid, row: int, limit: int) -> list[int]:
    """The rows right above headings that are a title, or things like 单位：万元."""
    titles: list[int] = []
    while (row := row - 1) > limit and row in grid.rows:
        cells = [cell for cell in grid.rows[row] if cell is not None]
        is_text = all(isinstance(cell, str) for cell in cells)
        if not is_text or not all(_LABEL.search(cell) for cell in cells[1:]) or _are_dates(cells):
            break
        titles.insert(0, row)
    return titles


def looks_dated(grid: Grid, row: int) -> bool:
    """Whether a row looks like an event: a date and more, and nothing that labels the rest."""
    cells = [cell for cell in grid.rows[row] if cell is not None]
    texts = [cell for cell in cells if isinstance(cell, str)]
    is_labelled = any(is_known(text) or _LABEL.search(text) for text in texts)
    return len(cells) >= _ENOUGH and not is_labelled and _are_dates(cells)


def _head(grid: Grid, top: int) -> Head:
    bottom = _bottom(grid, top)
    texts = _texts(grid, bottom)
    under = _texts_under(grid, bottom, texts)
    if under is not None:
        bottom, texts = bottom + 1, under
    return Head(top=top, bottom=bottom, texts=texts)


def _texts(grid: Grid, row: int) -> dict[int, str]:
    """The headings that a row, with the merged cells above it, shows, by column."""
    above = range(max(1, row - _LEVELS), row + 1)
    width = max((len(grid.rows[one]) for one in above if one in grid.rows), default=0)
    texts = {}
    for column in range(1, width + 1):
        own = text_of(grid.cell(row, column))
        tall = grid.tall(row, column)
        if not own and tall is not None:
            own = text_of(grid.cell(tall.top, column))
        elif own:
            own = _under_group(grid, own, row, column)
        if own:
            texts[column] = own
    return texts


def _under_group(grid: Grid, own: str, row: int, column: int) -> str:
    """Put the heading of a group before a heading that says nothing by itself."""
    if is_known(own):
        return own
    for one in grid.wide_to(row - 1):
        if one.left <= column <= one.right and one.right - one.left < _GROUP:
            group = text_of(grid.cell(one.top, one.left))
            return f"{group} {own}" if group else own
    return own


def _texts_under(grid: Grid, row: int, texts: Mapping[int, str]) -> dict[int, str] | None:
    """The headings with those of a second row that nobody merged; None where there is no such."""
    cells = {
        place: cell for place, cell in enumerate(grid.rows.get(row + 1, ()), 1) if cell is not None
    }
    if not cells or not all(isinstance(cell, str) for cell in cells.values()):
        return None
    found = dict(texts)
    for place, cell in cells.items():
        own = text_of(cell)
        group = next((texts[one] for one in range(place, 0, -1) if one in texts), "")
        found[place] = own if is_known(own) or not group else f"{group} {own}"
    kept = {place for place in cells if is_known(texts.get(place, ""))}
    named = {place for place in cells if is_known(found[place])}
    is_below = all(found[place] != text_of(cells[place]) for place in kept)
    if not named or not kept <= named or not is_below:
        return None
    return dict(sorted(found.items()))


def text_of(cell: Any) -> str:
    """A cell as the text of a heading or a line: on one line, blank for what has none."""
    if cell is None or isinstance(cell, Fault):
        return ""
    return clean_text(str(cell)).replace("\n", "")


def plain_text(cell: Any) -> str:
    """A cell as it is quoted; a day without its midnight."""
    if isinstance(cell, dt.datetime) and cell.time() == dt.time():
        return cell.date().isoformat()
    return text_of(cell)


def _bottom(grid: Grid, top: int) -> int:
    """The last row of headings whose merged cells reach down."""
    reach = [
        one.bottom
        for one in grid.ranges
        if one.top <= top < one.bottom < top + _LEVELS and text_of(grid.cell(one.top, one.left))
    ]
    return max(reach, default=top)


def side_by_side(grid: Grid, head: Head) -> list[Head]:
    """Split headings that name a date and what happened more than once: tables side by side.

    A new table begins where a heading stands again, or behind a column that is
    blank, if both sides name a date and what happened.
    """
    used = used_columns(grid, head)
    heads, rest = [head], dict(head.texts)
    while (cut := _cut(rest, used)) is not None:
        left = heads[-1]
        left.texts = {place: text for place, text in rest.items() if place < cut}
        left.right = cut - 1
        rest = {place: text for place, text in rest.items() if place >= cut}
        heads.append(attrs.evolve(left, texts=rest, left=cut, right=1 << 20, titles=head.titles))
    return heads


def used_columns(grid: Grid, head: Head) -> set[int]:
    """The columns that hold something below the headings, as far as their table reaches."""
    return {
        place
        for row in grid.numbers(head.bottom + 1, head.last)
        for place, cell in enumerate(grid.rows[row], 1)
        if cell is not None
    }


def _cut(texts: Mapping[int, str], used: set[int]) -> int | None:
    """The column where the next table begins, or None."""
    seen: set[str] = set()
    before = 0
    for place, text in texts.items():
        key = heading_key(text)
        is_gap = bool(before) and not (set(range(before + 1, place)) & used) and place > before + 1
        if key in seen or is_gap:
            sides = (
                [one for at, one in texts.items() if at < place],
                [one for at, one in texts.items() if at >= place],
            )
            if all({"date", "kind"} <= match_headings(side).places.keys() for side in sides):
                return place
        seen.add(key)
        before = place
    return None
