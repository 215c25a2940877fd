"""Ids in the pages of a Parquet file: whether they rise, without making texts of them.

Only what writers of rising ids do is understood: pages of version 1, texts of one
length, no blank. Whatever else there is, the ids are read as texts.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

Bytes = npt.NDArray[np.uint8]
#: The first and the last id.
Span = tuple[bytes, bytes]

_CODECS: Final = {"SNAPPY": "snappy", "ZSTD": "zstd", "GZIP": "gzip", "UNCOMPRESSED": None}
_DATA, _DICTIONARY = 0, 2
_PLAIN, _CODED, _LEVELS = 0, (2, 8), 3
#: Ids of fewer or more bytes are read as texts.
_LENGTHS: Final = range(8, 17)
#: A byte below this one, or beyond ASCII, might be changed by cleaning.
_FINE: Final = np.uint64(ord("'") + 1)
_EACH: Final = np.uint64(0x0101010101010101)
_HIGH: Final = np.uint64(0x8080808080808080)


class _StrangeError(Exception):
    """Something that is not understood here."""


def rising_span(file: Any, path: Path, group: int, place: int, *, pa: Any) -> Span | None:
    """Return the first and last id of a row group, if all are clean and rise; else None.

    `place` is the column of the ids.
    """
    chunk, column = file.metadata.row_group(group).column(place), file.schema.column(place)
    statistics = chunk.statistics
    is_known = (
        chunk.physical_type == "BYTE_ARRAY"
        and column.logical_type.type == "STRING"
        and chunk.compression in _CODECS
        and column.max_repetition_level == 0
        and column.max_definition_level <= 1
        and statistics is not None
        and statistics.has_null_count
        and statistics.null_count == 0
        and chunk.num_values > 0
    )
    if not is_known:
        return None
    with path.open("rb") as stream:
        places = [chunk.dictionary_page_offset, chunk.data_page_offset]
        stream.seek(min(place for place in places if place))
        stored = stream.read(chunk.total_compressed_size)
    try:
        return _span(stored, chunk, has_levels=column.max_definition_level > 0, pa=pa)
    except (_StrangeError, LookupError, TypeError, ValueError, OSError, RecursionError):
        # it is for the reader of texts to say what is wrong, if anything is
        return None


def _span(stored: bytes, chunk: Any, *, has_levels: bool, pa: Any) -> Span | None:
    codec = _CODECS[chunk.compression]
    known: _Records | None = None
    spans, number = [], 0
    for page in _pages(stored, chunk.total_uncompressed_size):
        plain = _plain(page, codec, pa)
        if page.is_dictionary:
            # writers put texts into a dictionary as they come
            known = _records(plain, page.values)
            if not known.are_clean_and_rise():
                return None
            continue
        if has_levels:
            # no id is blank, so that the levels say nothing
            plain = plain[4 + int(plain[:4].view("<u4")[0]) :]
        if page.encoding == _PLAIN:
            ids = _records(plain, page.values)
            if not ids.are_clean_and_rise():
                return None
            spans.append((ids.text(0), ids.text(page.values - 1)))
        elif page.encoding in _CODED and known is not None:
            at = _positions(plain, page.values)
            is_short = len(at) < page.values or at[-1] >= known.number
            if is_short or not (at[1:] > at[:-1]).all():
                return None
            spans.append((known.text(int(at[0])), known.text(int(at[-1]))))
        else:
            return None
        number += page.values
    is_rising = all(before[1] < after[0] for before, after in pairwise(spans))
    return (spans[0][0], spans[-1][1]) if is_rising and number == chunk.num_values else None


@attrs.frozen(kw_only=True, eq=False)
class _Records:
    """Texts of one length in a row of bytes, the first from `begin` on, one every `step` bytes."""

    data: Bytes
    begin: int
    step: int
    number: int

    @property
    def length(self) -> int:
        return self.step - self.begin

    def text(self, at: int) -> bytes:
        start = self.begin + at * self.step
        return self.data[start : start + self.length].tobytes()

    def are_clean_and_rise(self) -> bool:
        """Whether each text is larger than the one before, and of no byte that cleaning changes."""
        # the first and the last eight bytes as numbers; they may overlap
        high, low = (self._words(at) for at in (0, self.length - 8))
        for word in (high, low):
            if (((word - _FINE * _EACH) | word) & _HIGH).any():
                return False
        rises = low[1:] > low[:-1]
        if (high == high[0]).all():
            return bool(rises.all())
        return bool(((high[1:] > high[:-1]) | ((high[1:] == high[:-1]) & rises)).all())

    def _words(self, at: int) -> npt.NDArray[np.uint64]:
        place, shape, strides = self.begin + at, (self.number,), (self.step,)
        words: npt.NDArray[Any] = np.ndarray(shape, ">u8", self.data.data, place, strides)
        return words.astype(np.uint64)


def _records(plain: Bytes, values: int) -> _Records:
    """Texts behind four bytes each with their length."""
    length = int(plain[:4].view("<u4")[0])
    if length not in _LENGTHS or len(plain) != values * (4 + length):
        raise _StrangeError
    lengths: npt.NDArray[Any] = np.ndarray((values,), "<u4", plain.data, 0, (4 + length,))
    if not (lengths == length).all():
        raise _StrangeError
    return _Records(data=plain, begin=4, step=4 + length, number=values)


@attrs.frozen(kw_only=True, eq=False)
class _Page:
    """A page: its bytes as they are stored, and how many they are unpacked."""

    is_dictionary: bool
    values: int
    encoding: int
    body: bytes
    size: int


def _pages(stored: bytes, most: int) -> Iterator[_Page]:
    """The pages of a column; none of them has more than `most` bytes when unpacked."""
    at = 0
    while at < len(stored):
        header, at = _struct(stored, at)
        is_dictionary = header[1] == _DICTIONARY
        own = header.get(7 if is_dictionary else 5)
        if header[1] not in (_DATA, _DICTIONARY) or own is None or own[1] < 1:
            raise _StrangeError
        if not is_dictionary and own[3] != _LEVELS:
            raise _StrangeError
        body = stored[at : at + header[3]]
        if header[3] < 1 or len(body) != header[3] or not 0 < header[2] <= most:
            raise _StrangeError
        at += header[3]
        yield _Page(
            is_dictionary=is_dictionary,
            values=own[1],
            encoding=own[2],
            body=body,
            size=header[2],
        )


def _plain(page: _Page, codec: str | None, pa: Any) -> Bytes:
    plain = page.body if codec is None else pa.Codec(codec).decompress(page.body, page.size)
    return np.frombuffer(plain, dtype=np.uint8)


def _positions(plain: Bytes, values: int) -> npt.NDArray[np.int64]:
    """Positions in a dictionary: runs of one, and runs of several packed bit by bit."""
    width, at, found, number = int(plain[0]), 1, [np.empty(0, dtype=np.int64)], 0
    data, packed = plain.tobytes(), b""
    while number < values:
        header, at = _varint(data, at)
        # eight at a time are packed, the last ones filled up
        length = (header >> 1) * (8 if header & 1 else 1)
        if not 0 < length < values - number + 8:
            raise _StrangeError
        number += length
        if header & 1:
            past = at + length // 8 * width
            packed += data[at:past]
        else:
            past = at + (width + 7) // 8
            one = int.from_bytes(data[at:past], "little")
            found += [_unpacked(packed, width), np.full(length, one)]
            packed = b""
        at = past
    return np.concatenate([*found, _unpacked(packed, width)])[:values]


def _unpacked(packed: bytes, width: int) -> npt.NDArray[np.int64]:
    if not packed:
        return np.empty(0, dtype=np.int64)
    rows = np.unpackbits(np.frombuffer(packed, dtype=np.uint8), bitorder="little")
    bits = np.zeros((len(rows) // width, 32), dtype=np.uint8)
    bits[:, :width] = rows.reshape(-1, width)
    words: npt.NDArray[Any] = np.packbits(bits, axis=1, bitorder="little").view("<u4")
    return words.reshape(-1).astype(np.int64)


def _varint(data: bytes, at: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = data[at]
        number |= (byte & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if byte < 0x80:
            return number, at


def _signed(data: bytes, at: int) -> tuple[int, int]:
    number, at = _varint(data, at)
    return (number >> 1) ^ -(number & 1), at


def _struct(data: bytes, at: int) -> tuple[dict[int, Any], int]:
    """Read a struct of Thrift's compact protocol: values by the number of their field."""
    fields: dict[int, Any] = {}
    field = 0
    while head := data[at]:
        at += 1
        if head >> 4:
            field += head >> 4
        else:
            field, at = _signed(data, at)
        fields[field], at = _value(data, at, head & 15)
    return fields, at + 1


def _value(data: bytes, at: int, kind: int) -> tuple[Any, int]:
    if kind in (1, 2):
        return kind == 1, at
    if kind in (4, 5, 6):
        return _signed(data, at)
    if kind == 8:
        length, at = _varint(data, at)
        return data[at : at + length], at + length
    if kind == 12:
        return _struct(data, at)
    # no page header that is understood here has others
    raise _StrangeError
