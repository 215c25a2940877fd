"""Which ids stand more than once, without holding them: rising stretches, or 64-bit numbers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import attrs
import numpy as np
import numpy.typing as npt

Hashes = npt.NDArray[np.uint64]

#: More rising stretches than this are not kept; their ids are numbered instead.
_MOST_STRETCHES: Final = 10_000
_FACTORS: Final = tuple(
    np.uint64(number) for number in (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)
)
#: First bytes of ids that cleaning may change: blanks, error values, guarded formulas.
_ODD_FIRST: Final = np.isin(np.arange(256), [*range(0x21), ord("#"), ord("'")])
_LAST_ODD: Final = ord("'")
#: Bytes with which blanks and invisible characters beyond ASCII begin.
_ODD: Final = np.isin(np.arange(256), [0xC2, 0xE1, 0xE2, 0xE3, 0xEF])


@attrs.define(kw_only=True, eq=False)
class RisingIds:
    """Proves ids different where they are written in rising order, stretch by stretch."""

    pa: Any
    stretches: list[tuple[bytes, bytes]] = attrs.field(factory=list, init=False)
    _ends: dict[int, int] = attrs.field(factory=dict, init=False)

    def are_rising(self, ids: Any) -> bool:
        """Whether each id of a large_string array is larger than the one before."""
        compute = self.pa.compute
        return len(ids) < 2 or compute.all(compute.less(ids[:-1], ids[1:])).as_py()

    def add(self, ids: Any, row: int, rows: int) -> bool:
        """Take rising ids of `rows` rows from `row` on; False once there are too many stretches."""
        at = self._ends.pop(row, None)
        if len(ids):
            first, last = _bytes(ids[0].as_py()), _bytes(ids[-1].as_py())
            if at is not None and self.stretches[at][1] < first:
                self.stretches[at] = self.stretches[at][0], last
            else:
                at = len(self.stretches)
                self.stretches.append((first, last))
        if at is not None:
            self._ends[row + rows] = at
        return len(self.stretches) <= _MOST_STRETCHES

    def are_different(self) -> bool:
        """Whether no id can stand twice."""
        ordered = sorted(self.stretches)
        return all(before[1] < after[0] for before, after in pairwise(ordered))


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@attrs.define(kw_only=True, eq=False)
class NumberedIds:
    """Finds ids that stand more than once by a 64-bit number of each.

    Different ids may share a number, so those found are candidates, to be told
    apart by their texts. `expected` rows need 8 bytes each; more than `limit`
    bytes at once go to files in `folder`, and are looked at part by part.
    """

    expected: int
    limit: int
    folder: str | None = None
    _parts: list[list[Hashes]] = attrs.field(factory=list, init=False)
    _files: list[Any] = attrs.field(factory=list, init=False)
    _place: Any = attrs.field(default=None, init=False)

    def __attrs_post_init__(self) -> None:
        number = max(1, -(-self.expected * 8 // max(1, self.limit)))
        if number == 1:
            self._parts = [[]]
            return
        self._place = tempfile.TemporaryDirectory(prefix="partybuild-", dir=self.folder)
        names = [Path(self._place.name) / f"{number}.u64" for number in range(number)]
        self._files = [name.open("w+b") for name in names]

    def add(self, numbers: Hashes) -> None:
        """Take the numbers of the next rows."""
        if not self._files:
            self._parts[0].append(numbers)
            return
        part = numbers % np.uint64(len(self._files))
        for number, file in enumerate(self._files):
            file.write(numbers[part == number].tobytes())

    def start_over(self) -> None:
        """Forget the numbers taken so far."""
        self._parts = [[]] if not self._files else []
        for file in self._files:
            file.seek(0)
            file.truncate()

    def repeated(self) -> Hashes:
        """Return the numbers that stand more than once, sorted; ends the counting."""
        found = [_repeated(part) for part in self._sorted()]
        self.close()
        return np.sort(np.concatenate(found))

    def _sorted(self) -> Iterator[Hashes]:
        if not self._files:
            numbers = _joined(self._parts[0])
            numbers.sort()
            yield numbers
        for file in self._files:
            file.seek(0)
            numbers = np.fromfile(file, dtype=np.uint64)
            numbers.sort()
            yield numbers

    def close(self) -> None:
        """Let go of what is kept in memory and in files."""
        self._parts = [[]]
        for file in self._files:
            file.close()
        self._files = []
        if self._place is not None:
            self._place.cleanup()
            self._place = None


def _joined(several: list[Hashes]) -> Hashes:
    """Put arrays into one, letting go of each as it is taken."""
    whole = np.empty(sum(map(len, several)), dtype=np.uint64)
    at = len(whole)
    while several:
        one = several.pop()
        at -= len(one)
        whole[at : at + len(one)] = one
    return whole


def _repeated(ordered: Hashes) -> Hashes:
    found = ordered[1:][ordered[1:] == ordered[:-1]]
    return np.unique(found)


def may_be_odd(ids: Any) -> bool:
    """Whether cleaning could change some of the ids: blanks at an end, invisible characters.

    Looks at bytes alone and is never wrongly False; other ids are compared as they are.
    """
    starts, lengths, data = text_bytes(ids)
    if not len(starts):
        return False
    if not lengths.all():
        return True
    body = data[int(starts[0]) : int(starts[-1] + lengths[-1])]
    if body.min() > _LAST_ODD and body.max() < 0x80:
        return False
    if _ODD_FIRST[data[starts]].any() or (data[starts + lengths - 1] <= 0x20).any():
        return True
    return bool((body == 0x0D).any() or (body.max() >= 0x80 and _ODD[body].any()))


def text_bytes(texts: Any) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], Any]:
    """Where each text of a large_string array begins, its length, and the bytes of all."""
    _, offsets, data = texts.buffers()
    places = np.frombuffer(offsets, dtype=np.int64)[texts.offset : texts.offset + len(texts) + 1]
    content = np.frombuffer(data, dtype=np.uint8) if data is not None else np.empty(0, np.uint8)
    return places[:-1], np.diff(places), content


def id_numbers(ids: Any) -> Hashes:
    """Return a 64-bit number for each id of a large_string array; equal ids have equal ones."""
    starts, lengths, data = text_bytes(ids)
    if not len(starts):
        return np.empty(0, dtype=np.uint64)
    first, past = int(starts[0]), int(starts[-1] + lengths[-1])
    padded = np.zeros(past - first + 16, dtype=np.uint8)
    padded[: past - first] = data[first:past]
    # eight bytes from every place on, without copying them
    words = np.ndarray(shape=(len(padded) - 7,), dtype="<u8", buffer=padded.data, strides=(1,))
    begin = starts - first
    numbers = lengths.astype(np.uint64) * _FACTORS[0]
    longest, shortest = int(lengths.max()), int(lengths.min())
    for step in range(0, longest, 8):
        if step + 8 <= shortest:
            word = words[begin + step]
        else:
            left = np.clip(lengths - step, 0, 8)
            word = words[np.minimum(begin + step, past - first)] & _MASKS[left]
        numbers ^= word
        numbers *= _FACTORS[1]
        numbers ^= numbers >> np.uint64(29)
        numbers *= _FACTORS[2]
        numbers ^= numbers >> np.uint64(32)
    return numbers


_MASKS: Final = np.array([(1 << 8 * size) - 1 for size in range(9)], dtype=np.uint64)
