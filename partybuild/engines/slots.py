"""Numbers for what keeps events apart: stretches of days; kind, unit and attributes together."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import numpy as np

from partybuild.engines.coding import Codes, Texts
from partybuild.grid import Bools, Ints
from partybuild.reduce.condense import Scheme
from partybuild.reduce.facts import WHERE

_TABLED: Final = 2_000_000
_PROPERTIES: Final = ("daily", "lasting", "named", "placed", "measured", "extreme", "ordered")


@attrs.define(kw_only=True, eq=False)
class Stretches:
    """Which stretch between cuts holds a day: a table over the days seen, and around them."""

    cuts: Ints
    _first: int = attrs.field(default=0, init=False)
    _table: Codes = attrs.field(factory=lambda: np.empty(0, dtype=np.int32), init=False)

    def of(self, day: Codes) -> Codes:
        """Return the number of the stretch of each day."""
        if not len(day):
            return day
        least, most = int(day.min()), int(day.max())
        if most - least > _TABLED:
            return self._found(day)
        if least < self._first or most >= self._first + len(self._table):
            self._first = least - 1000
            self._table = self._found(np.arange(self._first, most + 1000))
        return self._table.take(day - np.int32(self._first))

    def _found(self, day: Any) -> Codes:
        found: Codes = np.searchsorted(self.cuts, day, side="right").astype(np.int32)
        return found


@attrs.define(kw_only=True, eq=False)
class Slots:
    """Numbers for each combination of kind, unit and attributes, as far as they matter."""

    scheme: Scheme
    _numbers: dict[tuple[int, ...], int] = attrs.field(factory=dict, init=False)
    _of_kind: Codes = attrs.field(factory=lambda: np.full(1, -1, dtype=np.int32), init=False)
    of_kinds: dict[str, Bools] = attrs.field(factory=dict, init=False)
    _properties: dict[str, Bools] = attrs.field(factory=dict, init=False)
    _known: int = attrs.field(default=-1, init=False)

    def __len__(self) -> int:
        return len(self._numbers)

    @property
    def columns(self) -> list[Codes]:
        """The codes of kind, unit and attributes of each slot."""
        width = 2 + len(self.scheme.where)
        return [np.array([key[at] for key in self._numbers], dtype=np.int32) for at in range(width)]

    @property
    def properties(self) -> dict[str, Bools]:
        """What is asked of each slot; `fine`: more than its stretch is kept apart."""
        if len(self._properties.get("fine", ())) != len(self):
            kinds = self.columns[0]
            found = {name: table.take(kinds) for name, table in self.of_kinds.items()}
            self._properties = found | {"fine": found["daily"] | found["named"]}
        return self._properties

    def learn(self, kinds: Texts) -> None:
        """Look up what is asked of each kind, when there are new ones."""
        if len(kinds) == self._known:
            return
        self._known = len(kinds)
        texts = [None, *kinds.values]
        for name in _PROPERTIES:
            wanted = getattr(self.scheme, name)
            self.of_kinds[name] = np.array([text in wanted for text in texts], dtype=bool)
        for column, wanted in self.scheme.where.items():
            self.of_kinds[f"{WHERE}{column}"] = np.array([text in wanted for text in texts])
        grown = np.full(len(texts), -1, dtype=np.int32)
        grown[: len(self._of_kind)] = self._of_kind
        self._of_kind = grown

    def of(self, columns: Sequence[Codes | None]) -> Codes:
        """Return the slot of each row, given the codes of its kind, unit and attributes."""
        kind, *others = columns
        assert kind is not None
        names = ["measured", *(f"{WHERE}{column}" for column in self.scheme.where)]
        said = [
            None if codes is None else np.where(self.of_kinds[name].take(kind), codes, 0)
            for name, codes in zip(names, others, strict=True)
        ]
        if all(codes is None or not codes.any() for codes in said):
            slot = self._of_kind.take(kind)
            if slot.min() < 0:
                for code in np.unique(kind[slot < 0]).tolist():
                    self._of_kind[code] = self._number((code, *(0 for _ in others)))
                slot = self._of_kind.take(kind)
            return slot
        zeros = np.zeros_like(kind)
        whole = [kind, *(zeros if codes is None else codes for codes in said)]
        return self._combined(whole)

    def slots_of(self, other: Slots, codes: Sequence[Codes]) -> Codes:
        """Return the slot here of each slot of `other`.

        `codes` gives the code here of each kind, unit and value of an attribute there.
        """
        columns = [own.take(there) for own, there in zip(codes, other.columns, strict=True)]
        keys = zip(*(column.tolist() for column in columns), strict=True)
        return np.array([self._number(key) for key in keys], dtype=np.int32)

    def _combined(self, whole: list[Codes]) -> Codes:
        key = np.zeros(len(whole[0]), dtype=np.int64)
        for codes in whole:
            key = key * (int(codes.max()) + 1) + codes
        if key.max() < 1 << 20:
            counts = np.bincount(key)
            present = np.flatnonzero(counts)
            table = np.zeros(len(counts), dtype=np.int32)
            first = np.zeros(len(counts), dtype=np.int64)
            first[key] = np.arange(len(key))
            found = [self._number(tuple(int(c[at]) for c in whole)) for at in first[present]]
            table[present] = found
            return table.take(key)
        _, at, back = np.unique(key, return_index=True, return_inverse=True)
        numbers = [self._number(tuple(int(codes[one]) for codes in whole)) for one in at]
        return np.array(numbers, dtype=np.int32).take(back)

    def _number(self, key: tuple[int, ...]) -> int:
        return self._numbers.setdefault(key, len(self._numbers))
