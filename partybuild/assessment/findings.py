"""What a reader of the figures should know: notes and warnings beside the verdicts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.assessment.judge import Judged
from partybuild.assessment.rules import CODE
from partybuild.engines.condensed import Outside
from partybuild.errors import Problem, nearest
from partybuild.events import holding_rows
from partybuild.grid import Bools, Floats, Ints, day_number, day_of
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.reduce.coding import day_numbers
from partybuild.reduce.reduction import Reduction
from partybuild.target import Target

#: Columns of `Assessment.problems`, and the field of `Problem` each shows.
PROBLEM_COLUMNS = {
    "severity": "severity",
    "code": "code",
    "organisation": "sheet",
    "target": "path",
    "read": "read",
    "message": "message",
    "expected": "expected",
    "hint": "hint",
}

_SHOWN = 5
#: Shares beyond these look like 95 written for 95%: of what people type, and of rates worked out.
_MOST_FRACTION = 1.5
_MOST_GROWTH = 5.0
_TYPED = ("latest", "mean", "max", "min", "total")


@attrs.frozen(kw_only=True, eq=False)
class Held:
    """The rows that hold, as far as the findings look at them.

    `rows` are their positions in `frame`; `events` says how many events each row
    of condensed events stands for (None: rows are events), and `outside` then
    tells of the events before and after the plan.
    """

    frame: pd.DataFrame
    rows: npt.NDArray[np.int64]
    events: npt.NDArray[np.int64] | None = None
    outside: Mapping[str, Outside] = attrs.field(factory=dict)

    @property
    def day(self) -> Ints:
        """The day number of each row."""
        return day_numbers(self.frame["date"])[self.rows]

    def number(self, mask: Bools) -> int:
        """How many events `mask` marks."""
        return int(mask.sum() if self.events is None else self.events[mask].sum())

    def counts(self, column: str, mask: Bools) -> dict[str | None, int]:
        """How many of the events that `mask` marks have each value of `column`."""
        codes, values = pd.factorize(self.frame[column].array[self.rows[mask]])
        weights = None if self.events is None else self.events[mask]
        counts = np.bincount(codes + 1, weights=weights, minlength=len(values) + 1).astype(int)
        names = [None, *(str(value) for value in values)]
        found = {name: int(n) for name, n in zip(names, counts, strict=True) if n}
        if self.events is None:
            return found
        # condensed rows come in any order, so that the order of names would change by itself
        return dict(sorted(found.items(), key=lambda one: (-one[1], one[0] or "")))


def held_rows(frame: pd.DataFrame, known_at: dt.date | None) -> Held:
    """The rows of a canonical frame that hold."""
    return Held(frame=frame, rows=np.flatnonzero(holding_rows(frame, known_at=known_at)))


def held_condensed(frame: pd.DataFrame, outside: Mapping[str, Outside]) -> Held:
    """The events that condensed rows stand for; all of them hold."""
    return Held(
        frame=frame,
        rows=np.arange(len(frame)),
        events=frame["events"].to_numpy(),
        outside=outside,
    )


def find_problems(judged: Judged, reduction: Reduction, held: Held) -> tuple[Problem, ...]:
    """Gather the problems of the reduction, and what the events and verdicts leave open."""
    plan = judged.grid.plan
    return (
        *reduction.problems,
        *_unattested(judged),
        *_windowless(judged),
        *_homeless(judged),
        *_doubtful_percent(judged, held),
        *_unknown_organisations(judged, held),
        *_outside(plan, held),
        *_unassigned(plan, held, judged.as_of),
    )


def _until(frame: pd.DataFrame, as_of: int) -> Bools:
    result: Bools = day_numbers(frame["date"]) <= as_of
    return result


def unassigned_events(
    plan: Plan, events: pd.DataFrame, told: tuple[dt.date, dt.date | None]
) -> pd.DataFrame:
    """The events that hold, dated up to `as_of`, and whose kind no target selects."""
    as_of, known_at = told
    holds = holding_rows(events, known_at=known_at) & _until(events, day_number(as_of))
    return events.loc[holds & ~_is_selected(plan, events)]


def _is_selected(plan: Plan, frame: pd.DataFrame) -> Bools:
    codes, uniques = pd.factorize(frame["kind"])
    kinds = set(plan.kinds)
    table: Bools = np.array([str(kind) in kinds for kind in uniques] + [False], dtype=bool)
    return table[codes]


def _unassigned(plan: Plan, held: Held, as_of: int) -> Iterator[Problem]:
    kinds = held.counts("kind", held.day <= as_of)
    for kind, number in kinds.items():
        if kind is None or kind in plan.kinds:
            continue
        yield Problem(
            code="unassigned",
            message=f"no target selects this kind: {_events(number, 'counts', 'count')} nowhere",
            severity="warning",
            read=kind,
            hint=nearest(kind, plan.kinds),
        )


def _events(number: int, one: str, many: str) -> str:
    """A number of events with its verb."""
    return f"{number} event {one}" if number == 1 else f"{number} events {many}"


def _outside(plan: Plan, held: Held) -> Iterator[Problem]:
    sides = {
        "before": ("before the plan's start", held.day < day_number(plan.start)),
        "after": ("after the plan's end", held.day > day_number(plan.end)),
    }
    for side, (where, mask) in sides.items():
        number = held.number(mask)
        if not number:
            continue
        yield Problem(
            code="outside-plan",
            message=f"{_events(number, 'lies', 'lie')} {where}",
            severity="note",
            read=_named(held, side, mask),
            expected=f"{plan.start}..{plan.end}",
        )


def _named(held: Held, side: str, mask: Bools) -> str:
    """A few events by their ids, more by their days; the same in whatever order rows stand."""
    told = held.outside.get(side)
    if told is None:
        days = held.day[mask]
        ids = map(str, held.frame["id"].array[held.rows[mask][: _SHOWN + 1]])
        first, last = (day_of(int(day)) for day in (days.min(), days.max()))
        told = Outside(ids=tuple(ids), first=first, last=last)
    if held.number(mask) > _SHOWN:
        return f"{told.first}..{told.last}"
    return ", ".join(sorted(told.ids))


def _unknown_organisations(judged: Judged, held: Held) -> Iterator[Problem]:
    if judged.grid.organisations == (None,):
        return
    known = set(judged.grid.organisation_names)
    everything = np.ones(len(held.rows), dtype=bool)
    for name, number in held.counts("organisation", everything).items():
        if name in known:
            continue
        yield Problem(
            code="unknown-organisation",
            message=f"{_events(number, 'is', 'are')} of no organisation assessed",
            severity="warning",
            read=name,
            expected="an organisation of the plan or of the list",
            hint=None if name is None else nearest(name, known),
        )


def _doubtful_percent(judged: Judged, held: Held) -> Iterator[Problem]:
    """Percentages that look as if they had been written as 95 and not as 0.95."""
    grid = judged.grid
    places = [at for at, one in enumerate(grid.targets) if one.target.unit == "%"]
    typed = _typed_shares(held) if places else {}
    for at in places:
        target, part = grid.targets[at].target, grid.part(at)
        asked = _most([*_asked_figures(target), *judged.original[part]])
        reached = _most(judged.actual[part])
        if target.measure in _TYPED:
            reached = max(reached, *(typed.get(kind, 0.0) for kind in target.kinds))
        limits = (
            _MOST_GROWTH if target.measure == "growth" else _MOST_FRACTION,
            _MOST_FRACTION if target.measure in _TYPED else _MOST_GROWTH,
        )
        most = max((asked > limits[0]) * asked, (reached > limits[1]) * reached)
        if most:
            yield Problem(
                code="doubtful-percent",
                message="a percentage far beyond 100%",
                severity="warning",
                read=f"{most * 100:g}%",
                expected="a fraction: 95% is 0.95",
                path=target.id,
            )


def _most(figures: Sequence[float] | Floats) -> float:
    return float(np.nanmax(np.abs(figures), initial=0.0)) if len(figures) else 0.0


def _asked_figures(target: Target) -> Iterator[float]:
    """Every number that a target, or a revision of it, asks for or measures from."""
    for goals in (target, *target.revisions):
        values = goals.value if isinstance(goals.value, tuple) else (goals.value,)
        for value in (*values, goals.tolerance):
            if isinstance(value, int | float):
                yield float(value)
    if target.measure in _TYPED and isinstance(target.baseline, int | float):
        yield float(target.baseline)


def _typed_shares(held: Held) -> dict[str, float]:
    """The largest number far beyond 1 that events of a kind give in %, or without a unit."""
    if held.events is not None:
        return {}
    quantity = held.frame["quantity"].to_numpy()[held.rows]
    large = held.frame[["kind", "unit", "quantity"]].take(
        held.rows[np.abs(quantity) > _MOST_FRACTION]
    )
    unit = large["unit"].astype("str")
    shares = large.loc[unit.isna() | (unit == "%")]
    most = shares["quantity"].abs().groupby(shares["kind"].astype("str")).max()
    return {str(kind): float(value) for kind, value in most.items()}


def _windowless(judged: Judged) -> Iterator[Problem]:
    """Targets that ask nobody for anything: no window, or no member."""
    for one in judged.grid.targets:
        if not len(one):
            yield Problem(
                code="no-windows",
                message="there is nothing to judge: no window, or no member on the roster",
                severity="warning",
                path=one.target.id,
            )


def _homeless(judged: Judged) -> Iterator[Problem]:
    """Members of an organisation that nobody knows: they are judged nowhere."""
    plan, grid = judged.grid.plan, judged.grid
    known = {*grid.organisation_names, *(one.id for one in plan.rosters.get(ORGANISATIONS, ()))}
    if list(grid.organisations) == [None] or ORGANISATIONS not in plan.rosters:
        return
    for target in dict.fromkeys(one.target.each for one in grid.targets):
        members = plan.rosters[target].members if target and target != ORGANISATIONS else ()
        for home in dict.fromkeys(one.organisation for one in members):
            if home is not None and home not in known:
                yield Problem(
                    code="unknown-home",
                    message=f"members of roster {target!r} belong to an organisation that is not "
                    "on the roster 'organisations': they are judged nowhere",
                    severity="warning",
                    read=home,
                    expected="the id, or the name, of an organisation",
                    hint=nearest(home, list(known)),
                )


def _unattested(judged: Judged) -> Iterator[Problem]:
    """Upper goals kept without a single event: silence is not proof."""
    grid = judged.grid
    is_upper = grid.per_target(
        [bool(one.target.bounds and one.target.bounds.side == "upper") for one in grid.targets],
        np.bool_,
    )
    is_nil = grid.per_target([one.target.nil_return for one in grid.targets], np.bool_)
    row = grid.target * len(grid.organisations) + grid.organisation
    number = len(grid.targets) * len(grid.organisations)
    is_kept = np.isin(judged.status, [CODE["met"], CODE["on_track"], CODE["behind"]])
    concerned = is_upper & ~is_nil & judged.is_due & is_kept
    events = np.bincount(row, weights=judged.events, minlength=number)
    silent = (np.bincount(row[concerned], minlength=number) > 0) & (events == 0)
    for index in np.flatnonzero(silent):
        target, place = divmod(int(index), len(grid.organisations))
        yield Problem(
            code="unattested",
            message="kept without a single event: nobody has attested it",
            severity="note",
            sheet=grid.organisations[place],
            path=grid.targets[target].target.id,
            expected="an event of its kinds, or nil_return = true",
        )
