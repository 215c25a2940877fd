"""Every target of a grid, reduced to one actual a cell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import attrs
import numpy as np

from partybuild.errors import Problem
from partybuild.grid import (
    NEVER,
    Block,
    Bools,
    Floats,
    Grid,
    Ints,
    TargetGrid,
    columns_of,
    day_number,
)
from partybuild.plan import Plan
from partybuild.reduce.cells import (
    Distinct,
    Placed,
    Rows,
    Stretch,
    Tally,
    covered_days,
    distinct_names,
    measure_cells,
    placed,
    running_steps,
    tally,
)
from partybuild.reduce.coding import LARGE, done
from partybuild.reduce.facts import Facts
from partybuild.reduce.picks import Ask, Notice, Picker, columns_read
from partybuild.target import Part, Target

#: Measures in which an event of quantity 0 is a nil report where `nil_return` holds.
_NIL_REPORTED = ("count", "distinct", "days")


@attrs.frozen(kw_only=True, eq=False)
class Reduction:
    """What the events say, cell by cell of a grid.

    `actual`: the measured value (NaN: None). `events`, `last`: how many events,
    and the day of the last (`NEVER`: none). `is_late`: a milestone done after its
    deadline. `tails`: by target with `makeup`, what each unit did after the last
    window. `so_far`: by target with `distinct`, the different subjects of each
    organisation over the span so far.
    """

    actual: Floats
    events: Ints
    last: Ints
    is_late: Bools
    tails: dict[int, Floats]
    so_far: dict[int, Floats]
    problems: tuple[Problem, ...]

    def of_block(self, block: Block) -> Reduction:
        """What the events say of some of the targets, numbered from the first of them."""
        first, last = block.targets.start, block.targets.stop
        tails, so_far = (
            {at - first: values for at, values in told.items() if first <= at < last}
            for told in (self.tails, self.so_far)
        )
        cells = {name: getattr(self, name)[block.cells] for name in CELL_COLUMNS}
        return attrs.evolve(self, tails=tails, so_far=so_far, **cells)


#: What a reduction says of every cell.
_CELL_DTYPES: dict[str, Any] = {
    "actual": np.float64,
    "events": np.int64,
    "last": np.int32,
    "is_late": np.bool_,
}
CELL_COLUMNS = tuple(_CELL_DTYPES)


@attrs.frozen(kw_only=True, eq=False)
class _Result:
    actual: Floats
    tally: Tally


def reduce_events(grid: Grid, facts: Facts, as_of: int) -> Reduction:
    """Reduce the encoded events to the cells of `grid`; `as_of` is a day number, inclusive.

    Targets that differ in nothing but their goal are reduced once.
    """
    outcomes = _outcomes(grid, facts, as_of)
    cells = columns_of(_CELL_DTYPES, len(grid))
    cells["is_late"][:] = False
    tails: dict[int, Floats] = {}
    so_far: dict[int, Floats] = {}
    problems: dict[Problem, None] = {}
    for index, (one, found) in enumerate(zip(grid.targets, outcomes, strict=True)):
        part = grid.part(index)
        for name in CELL_COLUMNS:
            values = getattr(found, name)
            if values is not None:
                cells[name][part] = values
        if found.tail is not None:
            tails[index] = found.tail
        if found.so_far is not None:
            so_far[index] = found.so_far
        problems.update(dict.fromkeys(notice(one.target.id) for notice in found.notices))
    return Reduction(
        **cells,
        tails=tails,
        so_far=so_far,
        problems=tuple(problems),
    )


def _outcomes(grid: Grid, facts: Facts, as_of: int) -> list[Outcome]:
    """What the events say of each target; those alike share what was found once."""
    keys = [_likeness(one) for one in grid.targets]
    different: dict[Any, TargetGrid] = {}
    for key, one in zip(keys, grid.targets, strict=True):
        different.setdefault(key, one)
    is_large = len(facts.row) >= LARGE
    if is_large:
        _lay_columns([one.target for one in different.values()], facts)
    # names take longest: begun first, they keep both threads busy to the end
    order = sorted(different, key=lambda key: different[key].target.measure != "distinct")
    tasks = [
        partial(reduce_target, different[key], facts, plan=grid.plan, as_of=as_of) for key in order
    ]
    found = dict(zip(order, done(tasks, is_large=is_large), strict=True))
    return [found[key] for key in keys]


def _lay_columns(targets: list[Target], facts: Facts) -> None:
    """Put the numbers that targets read of all events of one kind into the order of kinds."""
    wanted: dict[str, dict[str, None]] = {}
    for target in targets:
        parts = [part for part in (target.numerator, target.denominator, target.of) if part]
        asked: Sequence[Part | None] = parts or (None,)
        for part in asked:
            kinds = target.kinds if part is None else target.part_kinds(part)
            if len(kinds) > 1 or where_of(target, part):
                continue
            for column in columns_read((target if part is None else part).measure):
                wanted.setdefault(column, {})[kinds[0]] = None
    for column, kinds_of in wanted.items():
        facts.lay(column, kinds_of)


def reduce_target(one: TargetGrid, facts: Facts, *, plan: Plan, as_of: int) -> Outcome:
    """Reduce the encoded events to the cells of one target."""
    picker = Picker(facts=facts, conversions=plan.units)
    return _outcome(_Job(grid=one, picker=picker, as_of=as_of, plan_end=day_number(plan.end)))


@attrs.frozen(kw_only=True, eq=False)
class Outcome:
    """What the events say of one target, cell by cell."""

    actual: Floats
    events: Ints
    last: Ints
    is_late: Bools | None
    tail: Floats | None
    so_far: Floats | None
    notices: list[Notice]


def _outcome(job: _Job) -> Outcome:
    one, target = job.grid, job.grid.target
    result = job.result()
    is_distinct = target.measure == "distinct" and target.each is None
    return Outcome(
        actual=one.cells_of(result.actual),
        events=one.cells_of(result.tally.events),
        last=one.cells_of(result.tally.last),
        is_late=job.late_cells() if target.measure == "milestone" else None,
        tail=job.tail() if target.makeup else None,
        so_far=job.so_far() if is_distinct else None,
        notices=job.picker.taken_notices(),
    )


def _likeness(one: TargetGrid) -> tuple[Any, ...]:
    """What two targets must share for their reductions to be the same."""
    target = one.target
    parts = tuple(
        part and (part.measure, target.part_kinds(part), repr(where_of(target, part)), part.entries)
        for part in (target.numerator, target.denominator, target.of)
    )
    return (
        *(target.measure, target.kind, repr(where_of(target, None)), target.unit, target.each),
        *(target.entries, target.nil_return, target.makeup, target.partial, parts),
        *(target.cadence, one.span, target.baseline if target.measure == "growth" else None),
    )


@attrs.define(kw_only=True, eq=False)
class _Job:
    """One target's reduction."""

    grid: TargetGrid
    picker: Picker
    as_of: int
    plan_end: int
    _rows: dict[int, Rows] = attrs.field(factory=dict, init=False)
    _asks: dict[int, Ask] = attrs.field(factory=dict, init=False)
    _units: tuple[str, ...] | None = attrs.field(default=None, init=False)
    _names: Distinct | None = attrs.field(default=None, init=False)

    @property
    def stretch(self) -> Stretch:
        """The target's windows up to `as_of`."""
        days = self.grid.days
        return Stretch(start=days.start, end=days.end, last_day=self.as_of)

    def result(self) -> _Result:
        target = self.grid.target
        makers: dict[str, Callable[[], _Result]] = {
            "ratio": self._ratio,
            "growth": self._growth,
            "milestone": self._milestone,
        }
        result = makers.get(target.measure, self._simple)()
        if target.nil_return:
            actual = np.where(result.tally.events == 0, np.nan, result.actual)
            result = attrs.evolve(result, actual=actual)
        return result

    def _ask(self, part: Part | None = None) -> Ask:
        key = id(part)
        if key not in self._asks:
            self._asks[key] = self._asked(part)
        return self._asks[key]

    def _asked(self, part: Part | None) -> Ask:
        target = self.grid.target
        asked = part or target
        is_running = asked.entries == "running"
        return Ask(
            measure="running" if is_running else asked.measure,
            kinds=target.kinds if part is None else target.part_kinds(part),
            where=where_of(target, part),
            is_nil_return=target.nil_return and part is None,
            unit=None if part else target.unit,
            units=() if part is None else self._units_of_parts(),
            each=target.each,
        )

    def _units_of_parts(self) -> tuple[str, ...]:
        """What the figures that are divided by each other may be converted to.

        The unit of the target says which of 元 and 万元 is meant. Where it does not and
        both sides have either, their quotient is the same in both.
        """
        if self._units is None:
            self._units = ()
            target = self.grid.target
            sides = [target.numerator, target.denominator]
            if target.measure == "growth":
                sides = [target.of] * 2 if target.baseline == "previous" else []
            asks = [self._asked(part) for part in sides]
            found = [self.picker.units_of(one) for one in asks]
            every = sorted(set().union(*found))
            told = target.unit.split("/") if target.unit else []
            shared = [one for one in every if all(self.picker.fits(own, one) for own in found)]
            self._units = (*told, *shared)
        return self._units

    def _picked(self, part: Part | None = None) -> Rows:
        """The rows of the target or of a part, before membership and span are looked at."""
        key = id(part)
        if key not in self._rows:
            self._rows[key] = self.picker.rows(self._ask(part), self.grid.units)
        return self._rows[key]

    def _member_rows(self, rows: Rows) -> Rows:
        """The rows inside their unit's membership; those that last are cut to it."""
        units = self.grid.units
        if not units.members:
            return rows
        start, end = units.start[rows.unit], units.end[rows.unit]
        if rows.end_day is None:
            return rows.keep((rows.day >= start) & (rows.day <= end))
        cut = attrs.evolve(
            rows,
            date=rows.day,
            day=np.maximum(rows.day, start),
            end_day=np.minimum(rows.end_day, end),
        )
        return cut.keep((rows.day <= self.as_of) & (rows.end_day >= start) & (rows.day <= end))

    def _value(self, part: Part | None, stretch: Stretch, *, is_cut: bool = True) -> Floats:
        rows = self._counted(part, stretch, is_cut=is_cut)
        return self._measured(rows, stretch, self._ask(part).measure)

    def _measured(self, rows: Rows, stretch: Stretch, measure: str) -> Floats:
        units = len(self.grid.units)
        if measure == "days":
            return covered_days(rows, stretch, units)
        at = placed(rows, stretch.of(rows.day), (units, len(stretch)))
        return measure_cells("total" if measure == "running" else measure, at)

    def _counted(self, part: Part | None, stretch: Stretch, *, is_cut: bool = True) -> Rows:
        """The rows that a measure is taken over; running readings as steps."""
        ask, rows = self._ask(part), self._picked(part)
        if ask.measure == "running":
            # a stream goes back to the start of the span, whoever joined later
            first = day_number(self.grid.span.start)
            begin = min(first, int(stretch.start[0])) if len(stretch) else first
            rows = running_steps(rows.keep(rows.day >= begin))
        rows = self._member_rows(rows) if is_cut else rows
        if ask.measure == "days":
            rows = rows.keep(rows.day <= self.as_of)
        if ask.is_nil_return and ask.measure in _NIL_REPORTED:
            # a nil report says that nothing happened: it attests the window, and is not counted
            assert rows.attesting is not None
            rows = rows.keep(rows.attesting != 0)
            if rows.events is not None:
                rows = attrs.evolve(rows, events=rows.attesting)
        return rows

    def _tally(self, rows: Rows, *, is_lasting: bool = False) -> Tally:
        stretch, shape = self.stretch, self.grid.shape
        if not is_lasting:
            return tally(placed(rows, stretch.of(rows.day), shape))
        rows, window = _touched(rows.keep(rows.day <= self.as_of), stretch)
        return tally(placed(rows, window, shape))

    def _simple(self) -> _Result:
        rows, ask = self._member_rows(self._picked()), self._ask()
        if ask.measure in ("days", "running") or ask.is_nil_return:
            is_lasting = ask.measure == "days"
            counted = self._tally(rows, is_lasting=is_lasting)
            return _Result(actual=self._value(None, self.stretch), tally=counted)
        window = self.stretch.of(rows.day)
        at = placed(rows, window, self.grid.shape)
        if ask.measure != "distinct" or ask.each is not None:
            return _Result(actual=measure_cells(ask.measure, at), tally=tally(at))
        is_inside = self._span.of(rows.day) >= 0
        self._names = distinct_names(rows, window, (is_inside, self.grid.shape))
        return _Result(actual=self._names.cells, tally=tally(at))

    @property
    def _span(self) -> Stretch:
        """The whole span up to `as_of`."""
        return Stretch(
            start=np.array([day_number(self.grid.span.start)]),
            end=np.array([day_number(self.grid.span.end)]),
            last_day=self.as_of,
        )

    def _part_tally(self, parts: list[Part]) -> Tally:
        """Count the events of either part, each once."""
        touches = [self._touches(part) for part in parts]
        kinds = [set(self.grid.target.part_kinds(part)) for part in parts]
        if len(parts) == 1 or not kinds[0] & kinds[1]:
            rows = _stacked([one.rows for one in touches])
            key = np.concatenate([one.key for one in touches])
            return tally(Placed(rows=rows, key=key, shape=self.grid.shape))
        rows = _stacked([one.rows for one in touches])
        keys = np.concatenate([one.key for one in touches])
        assert rows.row is not None
        pairs = keys.astype(np.int64) * (int(rows.row.max(initial=0)) + 1) + rows.row
        kept = np.sort(np.unique(pairs, return_index=True)[1])
        one_each = Placed(rows=rows.take(kept), key=keys[kept], shape=self.grid.shape)
        return tally(one_each)

    def _touches(self, part: Part) -> Placed:
        """The events that fall into a window, with their row and their own day."""
        ask = self._ask(part)
        is_lasting = ask.measure == "days"
        ask = attrs.evolve(ask, measure="days" if is_lasting else "count", is_numbered=True)
        quiet = Picker(facts=self.picker.facts, conversions={})
        rows = self._member_rows(quiet.rows(ask, self.grid.units))
        if is_lasting:
            rows, window = _touched(rows.keep(rows.day <= self.as_of), self.stretch)
        else:
            window = self.stretch.of(rows.day)
        return placed(rows, window, self.grid.shape)

    def _ratio(self) -> _Result:
        target = self.grid.target
        assert target.numerator is not None
        assert target.denominator is not None
        above = self._value(target.numerator, self.stretch)
        below = self._value(target.denominator, self.stretch)
        counted = self._part_tally([target.numerator, target.denominator])
        with np.errstate(divide="ignore", invalid="ignore"):
            actual = np.where((below == 0) | (counted.events == 0), np.nan, above / below)
        return _Result(actual=actual, tally=counted)

    def _growth(self) -> _Result:
        target, days = self.grid.target, self.grid.days
        assert target.of is not None
        now = self._value(target.of, self.stretch)
        counted = self._part_tally([target.of])
        if target.baseline == "previous":
            before = Stretch(start=days.previous_start, end=days.previous_end, last_day=self.as_of)
            base = self._value(target.of, before, is_cut=False)
        else:
            assert target.baseline is not None
            base = np.full(self.grid.shape, float(target.baseline))
        with np.errstate(divide="ignore", invalid="ignore"):
            actual = np.where((base == 0) | (counted.events == 0), np.nan, (now - base) / base)
        return _Result(actual=actual, tally=counted)

    def _milestone(self) -> _Result:
        counted = self._tally(self._member_rows(self._picked()))
        return _Result(actual=(counted.events > 0).astype(np.float64), tally=counted)

    def late_cells(self) -> Bools:
        """Which cells of a milestone were done after their deadline, inside the plan."""
        units = self.grid.units
        rows = self._picked()
        rows = rows.keep(rows.day <= units.end[rows.unit])
        last_day = min(self.as_of, self.plan_end)
        rows = rows.keep((rows.day <= last_day) & (rows.day >= day_number(self.grid.span.start)))
        last = np.full(len(self.grid.units), NEVER)
        np.maximum.at(last, rows.unit, rows.day)
        late: Bools = last[self.grid.unit] > self.grid.end
        return late

    def tail(self) -> Floats:
        """What each unit did after its last window, up to the plan's end."""
        grid, units = self.grid, len(self.grid.units)
        first = np.full(units, day_number(grid.span.start))
        np.maximum.at(first, grid.unit, grid.end + 1)
        if not units or first.min() > self.plan_end:
            return np.zeros(units)
        after = Stretch(
            start=np.array([first.min()]), end=np.array([self.plan_end]), last_day=self.as_of
        )
        rows = self._counted(None, after)
        begin = first[rows.unit]
        if rows.end_day is None:
            rows = rows.keep(rows.day >= begin)
        else:
            rows = attrs.evolve(rows, day=np.maximum(rows.day, begin)).keep(rows.end_day >= begin)
        return self._measured(rows, after, self._ask().measure)[:, 0]

    def so_far(self) -> Floats:
        """The different subjects of each organisation over the span up to `as_of`."""
        if self._names is not None:
            return self._names.units
        span = self._span
        value = self._value(None, span)[:, 0]
        if not self.grid.target.nil_return:
            return value
        rows = self._picked()
        at = placed(rows, span.of(rows.day), (len(self.grid.units), 1))
        return np.where(tally(at).events[:, 0] == 0, np.nan, value)


def where_of(target: Target, part: Part | None) -> tuple[tuple[str, Any], ...]:
    """The equalities that a row must fulfil: the target's, and the part's own."""
    both = [target.where] if part is None else [target.where, part.where]
    return tuple(item for one in both for item in one.items())


def _stacked(several: list[Rows]) -> Rows:
    """Put rows under each other, as far as counting them goes."""

    def joined(name: str) -> Any:
        arrays = [getattr(one, name) for one in several]
        return None if arrays[0] is None else np.concatenate(arrays)

    day = [one.day if one.date is None else one.date for one in several]
    return Rows(
        unit=joined("unit"), day=np.concatenate(day), row=joined("row"), events=joined("events")
    )


def _touched(rows: Rows, stretch: Stretch) -> tuple[Rows, Ints]:
    """Repeat each lasting row for every window that it touches."""
    if not len(stretch) or not len(rows):
        return rows, np.full(len(rows), -1)
    assert rows.end_day is not None
    first = np.maximum(rows.day, stretch.start[0])
    last = np.minimum(np.minimum(rows.end_day, stretch.end[-1]), stretch.last_day)
    touches = last >= first
    rows, first, last = rows.keep(touches), first[touches], last[touches]
    begin, finish = stretch.of(first).astype(np.int64), stretch.of(last)
    times = finish - begin + 1
    index = np.repeat(np.arange(len(rows)), times)
    step = np.arange(len(index)) - np.repeat(np.cumsum(times) - times, times)
    return rows.take(index), begin[index] + step
