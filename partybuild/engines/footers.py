"""What the footer of a Parquet file tells: which columns need not be read."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from partybuild.events import REQUIRED

#: Columns that mostly say again what `date` says.
_DATED: Final = frozenset({"end", "recorded_at"})


def said(metadata: Any, wanted: dict[str, str]) -> dict[str, str]:
    """Leave out columns of which the file itself says that every cell is blank, or no."""
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if not groups:
        return wanted
    places = {groups[0].column(at).path_in_schema: at for at in range(groups[0].num_columns)}

    def says_nothing(name: str, source: str) -> bool:
        if name in REQUIRED or source not in places:
            return False
        chunks = [(group.num_rows, group.column(places[source]).statistics) for group in groups]
        return all(_is_silent(name, rows, statistics) for rows, statistics in chunks)

    return {name: source for name, source in wanted.items() if not says_nothing(name, source)}


def _is_silent(name: str, rows: int, statistics: Any) -> bool:
    if statistics is None:
        return False
    if statistics.has_null_count and statistics.null_count == rows:
        return True
    return name == "void" and bool(statistics.has_min_max and statistics.max is False)


def dated(path: Path, file: Any, wanted: dict[str, str]) -> frozenset[str]:
    """Return those of the columns `wanted` that are stored byte for byte as `date` is.

    Columns of one type whose pages are the same bytes hold the same cells.
    """
    names = _DATED & set(wanted)
    if not names or "date" not in wanted:
        return frozenset()
    metadata, schema = file.metadata, file.schema
    groups = [metadata.row_group(number) for number in range(metadata.num_row_groups)]
    if not groups:
        return frozenset()
    places = {groups[0].column(at).path_in_schema: at for at in range(groups[0].num_columns)}
    with path.open("rb") as stream:

        def is_same(name: str) -> bool:
            own, date = (places.get(wanted[one]) for one in (name, "date"))
            if own is None or date is None:
                return False
            kinds = [_kind(schema.column(at)) for at in (own, date)]
            types = [file.schema_arrow.field(wanted[one]).type for one in (name, "date")]
            if kinds[0] != kinds[1] or types[0] != types[1]:
                return False
            pairs = ((group.column(own), group.column(date)) for group in groups)
            return all(_are_same(stream, *pair) for pair in pairs)

        return frozenset(name for name in sorted(names) if is_same(name))


def _kind(column: Any) -> tuple[Any, ...]:
    """What the bytes of a column mean."""
    levels = column.max_definition_level, column.max_repetition_level
    return column.physical_type, str(column.logical_type), column.converted_type, *levels


def _are_same(stream: Any, own: Any, date: Any) -> bool:
    """Whether two columns of a row group are stored in the same bytes."""
    shapes = [
        (one.num_values, one.compression, one.total_compressed_size, one.total_uncompressed_size)
        for one in (own, date)
    ]
    return shapes[0] == shapes[1] and len({*_bytes_of(stream, (own, date))}) == 1


def _bytes_of(stream: Any, chunks: Iterable[Any]) -> Iterable[bytes]:
    for chunk in chunks:
        # a dictionary stands before the data, if there is one
        places = [chunk.dictionary_page_offset, chunk.data_page_offset]
        stream.seek(min(place for place in places if place))
        yield stream.read(chunk.total_compressed_size)
