"""Which rows count for a target, and for whom."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from math import isnan
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.errors import Problem, nearest
from partybuild.grid import Bools, Floats, Ints, Units
from partybuild.plan import ORGANISATIONS
from partybuild.quantities import unit_factor
from partybuild.reduce.cells import Rows
from partybuild.reduce.coding import Coded
from partybuild.reduce.facts import Facts, Names, Positions, expand, names_of, split_names

#: A problem but for the target that it concerns.
Notice = Callable[[str], Problem]

#: The arrays that each measure reads beside unit and day.
_NEEDS: dict[str, frozenset[str]] = {
    "count": frozenset(),
    "total": frozenset({"quantity"}),
    "running": frozenset({"quantity", "order", "names"}),
    "distinct": frozenset({"names"}),
    "days": frozenset({"end"}),
    "latest": frozenset({"quantity", "order"}),
    "mean": frozenset({"quantity"}),
    "max": frozenset({"quantity"}),
    "min": frozenset({"quantity"}),
    "milestone": frozenset(),
}

#: The columns of numbers that stand behind these arrays.
_READ = {"quantity": "quantity", "order": "recorded_at", "end": "end"}


def columns_read(measure: str) -> list[str]:
    """The columns of numbers that a measure reads, beside date."""
    needs = _NEEDS.get(measure, frozenset())
    return [column for array, column in _READ.items() if array in needs]


@attrs.frozen(kw_only=True)
class Ask:
    """What a target, or one part of it, wants of the events.

    `unit` is what quantities are converted to; without one it is the first of `units`
    that any of them can be converted to, and without that each stays as it is written.
    """

    measure: str
    kinds: tuple[str, ...]
    where: tuple[tuple[str, Any], ...] = attrs.field(default=(), hash=False)
    unit: str | None = None
    units: tuple[str, ...] = ()
    each: str | None = None
    is_nil_return: bool = False
    is_numbered: bool = False

    @property
    def needs(self) -> frozenset[str]:
        """The arrays that the measure reads."""
        return _NEEDS[self.measure]


def choose(facts: Facts, ask: Ask, notices: list[Notice]) -> Positions:
    """Return the positions of the rows whose kind and `where` columns fit."""
    slices = [facts.slices[kind] for kind in ask.kinds]
    if len(slices) == 1 and not ask.where:
        return slices[0]
    positions = np.concatenate([np.arange(one.start, one.stop) for one in slices])
    for column, value in ask.where:
        wanted = value if isinstance(value, list | tuple) else [value]
        positions = positions[_fits(facts, positions, (column, wanted), notices)]
    return positions


def _fits(
    facts: Facts, positions: Ints, equality: tuple[str, Sequence[Any]], notices: list[Notice]
) -> Bools:
    column, wanted = equality
    if column not in facts.columns:
        notices.append(_unknown_column(column, facts.columns))
        return np.zeros(len(positions), dtype=bool)
    coded = facts.coded(facts.where_column(column), positions)
    fits = [is_one_of(value, wanted, column=column) for value in coded.words]
    table: Bools = np.array([*fits, False], dtype=bool)
    return table[coded.codes]


def _unknown_column(column: str, known: Sequence[str]) -> Notice:
    hint = nearest(column, known)
    return lambda target: Problem(
        code="unknown-column",
        message=f"where of target {target!r} names a column that the events lack",
        severity="warning",
        read=column,
        hint=hint,
        path=target,
    )


def is_one_of(value: Any, wanted: Any, *, column: str) -> bool:
    """Whether a cell fulfils an equality of `where`: text for text, a subject by any name.

    >>> is_one_of(1.0, ["1", "2"], column="level"), is_one_of("甲、乙", "乙", column="subject")
    (True, True)
    """
    if value is None or value is pd.NaT or value != value:
        return False
    texts = {_text(one) for one in (wanted if isinstance(wanted, list | tuple) else [wanted])}
    own = split_names(str(value)) if column == "subject" else (_text(value),)
    return bool(texts.intersection(own))


def _text(value: Any) -> str:
    """Write a value so that 1, 1.0 and "1", True and "true" are the same."""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating) and float(value).is_integer():
        return str(int(value))
    text = str(value).strip()
    return text.lower() if text.lower() in ("true", "false") else text


@attrs.define(kw_only=True, eq=False)
class Picker:
    """Turns positions into `Rows` for the units of one target, and gathers what was odd.

    `notices` are what was odd since they were last taken.
    """

    facts: Facts
    conversions: Mapping[str, Mapping[str, float]]
    notices: list[Notice] = attrs.field(factory=list)

    def taken_notices(self) -> list[Notice]:
        """Return the notices gathered so far, and begin anew."""
        taken, self.notices = self.notices, []
        return taken

    def rows(self, ask: Ask, units: Units) -> Rows:
        """Choose the rows of `ask` and repeat each for the units it counts for."""
        positions = choose(self.facts, ask, self.notices)
        day = self.facts.day[positions]
        index, unit = self._units(ask, units, (positions, len(day)))
        rows = self._with_columns((unit, day), ask, positions, index)
        if "names" in ask.needs:
            rows = self._with_names(rows, ask, (positions, index))
        if "quantity" in ask.needs:
            rows = self._in_unit(rows, ask, (positions, index))
        return rows.keep(rows.unit >= 0)

    def units_of(self, ask: Ask) -> set[str]:
        """The units of the quantities that `ask` reads."""
        if "quantity" not in ask.needs or self.facts.is_blank("unit"):
            return set()
        coded = self.facts.coded("unit", choose(self.facts, ask, []))
        return set(_standing(coded).values())

    def _units(
        self, ask: Ask, units: Units, read: tuple[Positions, int]
    ) -> tuple[Ints | None, Ints]:
        """For whom each row counts; the first array repeats the rows, None: each stands once."""
        positions, number = read
        organisation = self.facts.organisation
        if ask.each is None:
            if organisation is None:
                return None, np.zeros(number, dtype=np.int64)
            return None, organisation[positions]
        codes, names = self._who(ask, units, positions)
        places = units.places
        member = np.array([places.get(name, -1) for name in names.words] + [-1], dtype=np.int64)
        self._tell_unknown(units, (codes, names, member), self.facts.events(positions))
        pairs = expand(codes, *_members(names, member))
        at = np.zeros(number, dtype=np.int64) if organisation is None else organisation[positions]
        home = at[pairs.index]
        unit = units.find(home, pairs.value)
        unit[home < 0] = -1
        return pairs.index, unit

    def _who(self, ask: Ask, units: Units, positions: Positions) -> tuple[Ints, Names]:
        """The names by which rows find their member: the subject; organisations by their own."""
        codes, names = names_of(self.facts, positions)
        if ask.each != ORGANISATIONS:
            return codes, names
        own = self.facts.coded("organisation", positions)
        places = units.places
        is_known = np.array([name in places for name in own.words] + [False], dtype=bool)
        texts, number = len(own.values), len(names.names)
        both = Names(
            sizes=np.concatenate([names.sizes, np.ones(texts, dtype=np.int64)]),
            flat=np.concatenate([names.flat, np.arange(texts) + number]),
            names=np.array([*names.words, *own.words, None], dtype=object)[:-1],
        )
        return np.where(is_known[own.codes], own.codes + len(names.sizes), codes), both

    def _with_names(self, rows: Rows, ask: Ask, place: tuple[Positions, Ints | None]) -> Rows:
        positions, index = place
        if ask.each is not None and ask.each != ORGANISATIONS:
            # a member's standing knows one name: the member's own
            own = np.arange(len(rows))
            return attrs.evolve(rows, name_index=own, name_code=np.zeros_like(own))
        codes, names = names_of(self.facts, positions)
        if ask.measure == "running":
            codes, names = self._with_places(positions, (codes, names))
        pairs = expand(codes if index is None else codes[index], names.sizes, names.flat)
        return attrs.evolve(rows, name_index=pairs.index, name_code=pairs.value)

    def _with_places(self, positions: Positions, named: tuple[Ints, Names]) -> tuple[Ints, Names]:
        """Running readings without a subject are their organisation's."""
        codes, names = named
        own = self.facts.coded("organisation", positions)
        nameless = (names.counts(codes) == 0) & (own.codes >= 0)
        number = len(own.values)
        both = Names(
            sizes=np.concatenate([names.sizes, np.ones(number, dtype=np.int64)]),
            # no name has these numbers, so no subject is taken for an organisation
            flat=np.concatenate([names.flat, np.arange(number) + len(names.names)]),
            names=names.names,
        )
        return np.where(nameless, own.codes + len(names.sizes), codes), both

    def _tell_unknown(
        self, units: Units, read: tuple[Ints, Names, Ints], events: Ints | None
    ) -> None:
        """Name the subjects of rows that count for no member."""
        codes, names, member = read
        texts = len(names.sizes)
        counts = np.bincount(codes, weights=events, minlength=texts).astype(np.int64)
        of_text = np.repeat(np.arange(texts), names.sizes)
        is_known = np.bincount(of_text, weights=member[names.flat] >= 0, minlength=texts) > 0
        strangers = counts * ~is_known
        if not strangers.any():
            return
        known = [one.label for one in units.members]
        nameless = int(strangers[names.sizes == 0].sum())
        said = np.bincount(names.flat, weights=strangers[of_text], minlength=len(names.names))
        if nameless:
            self.notices.append(_unknown_member("", nameless, known))
        strangers_by_name = {
            str(names.names[code]): int(said[code]) for code in np.flatnonzero(said)
        }
        for name, number in sorted(strangers_by_name.items()):
            self.notices.append(_unknown_member(name, number, known))

    def _with_columns(
        self, told: tuple[Ints, Ints], ask: Ask, positions: Positions, index: Ints | None
    ) -> Rows:
        """The rows with the columns that the measure reads."""
        facts, needs, (unit, day) = self.facts, ask.needs, told
        columns: dict[str, Any] = {"day": day, "events": facts.events(positions)}
        if "end" in needs:
            columns["end_day"] = facts.end_day(positions)
        if "quantity" in needs:
            columns["quantity"] = facts.quantity(positions, ask.measure)
        if ask.is_nil_return:
            columns["attesting"] = facts.attesting(positions)
        if "order" in needs:
            columns["recorded"], columns["row"] = facts.recorded(positions), facts.order(positions)
        if ask.is_numbered:
            columns["row"] = facts.row[positions]
        if index is not None:
            columns = {
                name: None if values is None else values[index] for name, values in columns.items()
            }
        return Rows(unit=unit, **columns)

    def _in_unit(self, rows: Rows, ask: Ask, place: tuple[Positions, Ints | None]) -> Rows:
        positions, index = place
        factor = self._factors(ask, positions)
        if factor is None:
            return rows
        factor = factor if index is None else factor[index]
        assert rows.quantity is not None
        rows = attrs.evolve(rows, quantity=rows.quantity * np.where(np.isnan(factor), 0, factor))
        return rows.keep(~np.isnan(factor))

    def _factors(self, ask: Ask, positions: Positions) -> Floats | None:
        """What each quantity is multiplied by; NaN: the unit does not fit. None: nothing to do."""
        if self.facts.is_blank("unit"):
            return None
        coded = self.facts.coded("unit", positions)
        known = _standing(coded)
        wanted = ask.unit or self._reference(set(known.values()), ask.units)
        if wanted is None and len(known) > 1:
            self.notices.append(_mixed_units(sorted(known.values())))
        if wanted is None or set(known.values()) <= {wanted}:
            return None
        table = np.ones(len(coded.values) + 1)
        for place, unit in known.items():
            table[place] = conversion(unit, wanted, self.conversions)
        events = self.facts.events(positions)
        counts = np.bincount(coded.codes + 1, weights=events, minlength=len(table))[1:]
        for code in np.flatnonzero(np.isnan(table)):
            self.notices.append(_unknown_unit((known[int(code)], wanted), int(counts[code])))
        factors: Floats = table[coded.codes]
        return factors

    def _reference(self, known: set[str], units: Sequence[str]) -> str | None:
        """The unit to which a part without one of its own is converted."""
        for wanted in units:
            if self.fits(known, wanted):
                return wanted
        return None

    def fits(self, units: Iterable[str], wanted: str) -> bool:
        """Whether any of some units can be converted to the unit `wanted`."""
        return any(not isnan(conversion(unit, wanted, self.conversions)) for unit in units)


def _standing(coded: Coded) -> dict[int, str]:
    """The words that stand somewhere, by their codes."""
    if not len(coded.values):
        return {}
    counts = np.bincount(coded.codes.astype(np.intp) + 1, minlength=1)
    stands = np.flatnonzero(counts[1:]).tolist()
    words = coded.words if stands else []
    return {code: str(words[code]) for code in stands}


def _events(number: int) -> str:
    return "1 event counts" if number == 1 else f"{number} events count"


def _unknown_member(name: str, count: int, known: Sequence[str]) -> Notice:
    hint = nearest(name, known) if name else None
    return lambda target: Problem(
        code="unknown-member",
        message=f"{_events(count)} for no member of target {target!r}",
        severity="warning",
        read=name or None,
        expected="a member of the roster as subject",
        hint=hint,
        path=target,
    )


def _unknown_unit(units: tuple[str, str], count: int) -> Notice:
    return lambda target: Problem(
        code="unknown-unit",
        message=f"{'1 event does' if count == 1 else f'{count} events do'} not count "
        f"for target {target!r}: unit not known",
        severity="error",
        read=units[0],
        expected=f"{units[1]}, a known multiple of it, or a conversion in [plan.units]",
        path=target,
    )


def _mixed_units(units: Sequence[str]) -> Notice:
    return lambda target: Problem(
        code="mixed-units",
        message=f"events of target {target!r} have several units, and it does not say which "
        "it means: figures are taken as they are written",
        severity="warning",
        read="、".join(units),
        expected="a unit for the target, to which the others are converted",
        path=target,
    )


def _members(names: Names, member: Ints) -> tuple[Ints, Ints]:
    """The different members that each text names, in roster order; as sizes and flat."""
    texts = len(names.sizes)
    of_text, who = np.repeat(np.arange(texts), names.sizes), member[names.flat]
    of_text, who = of_text[who >= 0], who[who >= 0]
    width = int(who.max(initial=0)) + 1
    pairs = np.unique(of_text * width + who)
    return np.bincount(pairs // width, minlength=texts), pairs % width


def conversion(unit: str, wanted: str, agreed: Mapping[str, Mapping[str, float]]) -> float:
    """How many `wanted` one `unit` is; NaN when that is not known.

    `agreed` are the plan's own conversions, read both ways.

    >>> conversion("万元", "元", {}), conversion("天", "小时", {"小时": {"天": 0.125}})
    (10000.0, 8.0)
    """
    if unit == wanted:
        return 1.0
    if wanted in agreed.get(unit, {}):
        return float(agreed[unit][wanted])
    if unit in agreed.get(wanted, {}):
        return 1.0 / float(agreed[wanted][unit])
    factor = unit_factor(unit, wanted)
    return float("nan") if factor is None else float(factor)
