"""`Target`: something measurable that was promised, with its goal, cadence and who."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import (
    Faulty,
    as_date,
    built,
    built_each,
    choice_faults,
    date_faults,
    fault,
    id_faults,
    is_number,
    number_faults,
    raise_faults,
    text_faults,
    unknown_keys,
)
from partybuild.goals import Bounds, Goals, Revision, bounds, goal_faults
from partybuild.measures import MEASURES, PLACEHOLDER, SIMPLE_MEASURES
from partybuild.origin import Origin
from partybuild.periods import CADENCES, Cadence, Period

PARTIALS = ("full", "prorate", "skip")

Kinds = tuple[str, ...]


def _as_kinds(value: Any) -> Any:
    if isinstance(value, str):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


def _kind_faults(kind: Any) -> Iterator[Problem]:
    is_names = isinstance(kind, tuple) and all(isinstance(one, str) and one for one in kind)
    if kind is not None and (not is_names or not kind):
        yield fault("kind", "kind is not a name or a list of names", kind, 'such as "调研"')


def _where_faults(where: Any) -> Iterator[Problem]:
    if not isinstance(where, Mapping):
        yield fault("where", "where is not a table", where, 'such as { level = "市级" }')
        return
    for key, value in where.items():
        values = value if isinstance(value, list | tuple) else [value]
        if not values or not all(isinstance(one, str | int | float) for one in values):
            yield fault(f"where.{key}", "not a value or a list of values", value, "text or numbers")


@attrs.frozen(kw_only=True)
class Part:
    """One side of a `ratio`, or what a `growth` grows: a measure over some kinds of events.

    `kind` and `where` of the target serve where the part has none of its own.

    >>> Part.of({"measure": "total", "kind": "参保"}).kind
    ('参保',)
    """

    measure: str
    kind: Kinds | None = attrs.field(default=None, converter=_as_kinds)
    where: Mapping[str, Any] = attrs.field(factory=dict, converter=dict, hash=False)
    entries: str | None = None

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        yield from choice_faults("measure", self.measure, SIMPLE_MEASURES)
        yield from _kind_faults(self.kind)
        yield from _where_faults(self.where)
        yield from _entries_faults(self.entries, self.measure)

    @classmethod
    def of(cls, value: str | Mapping[str, Any] | Part) -> Part:
        """Make a part from a measure's name or from a mapping with the TOML keys."""
        if isinstance(value, Part):
            return value
        if isinstance(value, str):
            return cls(measure=value)
        known = ("measure", "kind", "where", "entries")
        if not isinstance(value, Mapping):
            raise PlanError([fault("", "not a part", value, "a table with measure and kind")])
        unknown = [key for key in value if key not in known]
        if unknown:
            raise PlanError(unknown_keys(unknown, known))
        return cls(**{"measure": None, **value})


def _entries_faults(entries: Any, measure: Any) -> Iterator[Problem]:
    if entries is None:
        return
    yield from choice_faults("entries", entries, ("running",))
    if measure != "total":
        yield fault("entries", "running entries need the measure total", measure, "total")


@attrs.frozen(kw_only=True)
class SchedulePoint:
    """By the end of the day `by`, the fraction `share` of the requirement should stand."""

    by: dt.date = attrs.field(converter=as_date)
    share: float

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        if self.by is None:
            yield fault("by", "by is missing", expected="a date")
        yield from date_faults({"by": self.by})
        if not is_number(self.share) or not 0 <= self.share <= 1:
            yield fault("share", "share is not a fraction", self.share, "a number from 0 to 1")

    @classmethod
    def of(cls, value: Mapping[str, Any] | SchedulePoint) -> SchedulePoint:
        """Make a point from a mapping ``{by, share}``."""
        if isinstance(value, SchedulePoint):
            return value
        if not isinstance(value, Mapping):
            raise PlanError([fault("", "not a point", value, "{ by = date, share = 0.5 }")])
        unknown = [key for key in value if key not in ("by", "share")]
        if unknown:
            raise PlanError(unknown_keys(unknown, ("by", "share")))
        return cls(**{"by": None, "share": None, **value})


def _revisions(value: Any) -> Any:
    return built_each(value, Revision.of)


def _schedule(value: Any) -> Any:
    return built_each(value, SchedulePoint.of)


def _part(value: Any) -> Any:
    return built(value, Part.of)


@attrs.frozen(kw_only=True, repr=False)
class Target(Goals):
    """Something measurable: measure, goal, cadence and who. Keyword arguments are the TOML keys.

    `unit` is the unit of the goal and the measure; percentages are fractions
    with the unit ``"%"`` (95% is 0.95). `per` is a cadence or ``{"rrule": ...}``,
    None for one window. `each` names the roster whose every member must reach
    the goal. See the concepts pages for all parameters. Raises `PlanError`, which
    lists every wrong parameter with what is allowed.

    >>> Target(id="field-days", measure="days", kind="调研", at_least=60, unit="天")
    Target('field-days', days of 调研 at_least 60 天)
    """

    id: str
    name: str | None = None
    measure: str
    kind: Kinds | None = attrs.field(default=None, converter=_as_kinds)
    where: Mapping[str, Any] = attrs.field(factory=dict, hash=False)
    unit: str | None = None
    numerator: Part | None = attrs.field(default=None, converter=_part)
    denominator: Part | None = attrs.field(default=None, converter=_part)
    of: Part | None = attrs.field(default=None, converter=_part)
    entries: str | None = None
    nil_return: bool = False
    baseline: float | str | None = None
    per: str | Mapping[str, str] | None = attrs.field(default=None, hash=False)
    start: dt.date | None = attrs.field(default=None, converter=as_date)
    end: dt.date | None = attrs.field(default=None, converter=as_date)
    deadline: dt.date | None = attrs.field(default=None, converter=as_date)
    partial: str = "full"
    require: int | None = None
    makeup: bool = False
    each: str | None = None
    share: float = 1.0
    revisions: tuple[Revision, ...] = attrs.field(default=(), converter=_revisions)
    schedule: tuple[SchedulePoint, ...] = attrs.field(default=(), converter=_schedule)
    weight: float = 1.0
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        raise_faults(target_faults(self))

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    @property
    def cadence(self) -> Cadence:
        """How the span is cut into windows."""
        if isinstance(self.per, Mapping):
            return Cadence(None, self.per["rrule"])
        return Cadence(self.per)

    @property
    def bounds(self) -> Bounds | None:
        """The original goal as numbers; None when the target is unquantified."""
        return bounds(self, measure=self.measure)

    @property
    def is_quantified(self) -> bool:
        """Whether the target can be judged at all (a milestone always can)."""
        return self.measure == "milestone" or super().is_quantified

    def revised_bounds(self, revision: Revision) -> Bounds | None:
        """The goal of `revision` as numbers; None when it is masked or waived."""
        if revision.waived:
            return None
        return bounds(revision, measure=self.measure, tolerance=self.tolerance)

    def span(self, plan: Period) -> Period | None:
        """The plan's period narrowed by `start`, `end` and `deadline`; None when nothing is left."""
        start = max(filter(None, (plan.start, self.start)))
        end = min(filter(None, (plan.end, self.end, self.deadline)))
        return Period(start, end) if start <= end else None

    def part_kinds(self, part: Part) -> Kinds:
        """The kinds that `part` selects: its own, or the target's."""
        return part.kind or self.kind or ()

    @property
    def kinds(self) -> Kinds:
        """Every kind of event that the target looks at, in the order named."""
        parts = [part for part in (self.numerator, self.denominator, self.of) if part]
        found = [kind for part in parts for kind in self.part_kinds(part)] if parts else self.kind
        return tuple(dict.fromkeys(found or ()))

    def __repr__(self) -> str:
        words = [self.measure, "of", "/".join(self.kinds)] if self.kinds else [self.measure]
        if self.goal:
            words += [self.goal, str(self.value)]
        words += [self.unit] if self.unit else []
        words += [f"per {self.per}"] if isinstance(self.per, str) else []
        words += [f"each {self.each}"] if self.each else []
        return f"Target({self.id!r}, {' '.join(words)})"


def target_faults(target: Target) -> Iterator[Problem]:
    """Name every wrong parameter and every bad combination of a target."""
    nested = ("numerator", "denominator", "of", "revisions", "schedule")
    faulty = {key: getattr(target, key) for key in nested}
    faulty = {key: value for key, value in faulty.items() if isinstance(value, Faulty)}
    for key, value in faulty.items():
        yield from value.under(key)
    yield from id_faults(target.id)
    yield from text_faults({"name": target.name, "unit": target.unit, "each": target.each})
    yield from choice_faults("measure", target.measure, MEASURES)
    yield from choice_faults("partial", target.partial, PARTIALS)
    yield from _kind_faults(target.kind)
    yield from _where_faults(target.where)
    yield from goal_faults(target)
    yield from date_faults({"start": target.start, "end": target.end, "deadline": target.deadline})
    yield from _flag_faults(target)
    yield from _per_faults(target.per)
    yield from _who_faults(target)
    if faulty:
        return  # the combinations cannot be read until the parts are right
    if target.measure in MEASURES:
        yield from _events_faults(target)
        yield from _combination_faults(target)
    yield from _schedule_faults(target)
    yield from _about_faults(target)


def _flag_faults(target: Target) -> Iterator[Problem]:
    for key in ("nil_return", "makeup"):
        if not isinstance(getattr(target, key), bool):
            value = getattr(target, key)
            yield fault(key, f"{key} is not true or false", value, "true or false")
    require = target.require
    if require is not None and (type(require) is not int or require < 1):
        yield fault("require", "require is not a whole number from 1 up", require, "1 or more")
    if not is_number(target.weight) or target.weight < 0:
        yield fault("weight", "weight is not a number from 0 up", target.weight, "0 or more")


def _per_faults(per: Any) -> Iterator[Problem]:
    if per is None:
        return
    if isinstance(per, Mapping):
        if set(per) != {"rrule"} or not isinstance(per.get("rrule"), str):
            yield fault("per", "per is not a cadence", dict(per), '{ rrule = "FREQ=..." }')
            return
        try:
            Cadence(None, per["rrule"])
        except ValueError as error:
            yield fault("per", str(error), per["rrule"], 'such as "FREQ=MONTHLY;INTERVAL=2"')
        return
    yield from choice_faults("per", per, CADENCES)


def _events_faults(target: Target) -> Iterator[Problem]:
    measure = target.measure
    wanted = {"ratio": ("numerator", "denominator"), "growth": ("of",)}.get(measure, ())
    for key in ("numerator", "denominator", "of"):
        part = getattr(target, key)
        if key in wanted and part is None:
            yield fault(key, f"{measure} needs {key}", expected="{ measure = ..., kind = ... }")
        elif key not in wanted and part is not None:
            yield fault(key, f"{key} does not go with the measure {measure}", part.measure)
        elif part is not None and not target.part_kinds(part):
            yield fault(f"{key}.kind", "kind is missing", expected="the kind of events it reads")
    if not wanted and not target.kind:
        yield fault("kind", "kind is missing", expected="the kind of events that count")
    yield from _entries_faults(target.entries, measure)


def _combination_faults(target: Target) -> Iterator[Problem]:
    measure = MEASURES[target.measure]
    yield from _baseline_faults(target)
    if target.makeup and not measure.is_additive:
        yield fault(
            "makeup",
            f"makeup does not go with the level {measure.name}",
            expected="an additive measure",
        )
    if target.makeup and target.goal not in ("at_least", None):
        yield fault("makeup", "makeup goes with at_least only", target.goal, "at_least")
    if measure.name == "milestone":
        yield from _milestone_faults(target)
    if target.per is None and type(target.require) is int and target.require > 1:
        yield fault("require", "more windows required than there are", target.require, "per")


def _baseline_faults(target: Target) -> Iterator[Problem]:
    baseline, measure = target.baseline, MEASURES[target.measure]
    if measure.name == "growth":
        if baseline is None:
            yield fault("baseline", "growth needs a baseline", expected='a number, or "previous"')
        elif baseline != "previous":
            yield from number_faults({"baseline": baseline})
        return
    if baseline is None:
        return
    if measure.is_additive or measure.name == "milestone":
        yield fault("baseline", f"baseline does not go with {measure.name}", baseline, "a level")
    yield from number_faults({"baseline": baseline})


def _milestone_faults(target: Target) -> Iterator[Problem]:
    if target.goal is not None and (target.goal, target.value) != ("at_least", 1):
        yield fault(target.goal, "a milestone is done or not", target.value, "no goal, a deadline")
    for key in ("per", "require", "nil_return", "schedule"):
        if getattr(target, key) not in (None, False, ()):
            yield fault(key, f"{key} does not go with a milestone", expected="a deadline")


def _who_faults(target: Target) -> Iterator[Problem]:
    share = target.share
    if not is_number(share) or not 0 < share <= 1:
        yield fault("share", "share is not a fraction above 0", share, "above 0, at most 1")
    elif share != 1 and target.each is None:
        yield fault("share", "share needs each", share, "each = a roster")


def _schedule_faults(target: Target) -> Iterator[Problem]:
    points = target.schedule
    if points and target.per is not None:
        yield fault("schedule", "schedule goes with a single window", target.per, "no per")
    for before, after in zip(points, points[1:], strict=False):
        if after.by <= before.by or after.share < before.share:
            where = f"{after.by}: {after.share}"
            yield fault("schedule", "points do not rise", where, "later dates, growing shares")


def _about_faults(target: Target) -> Iterator[Problem]:
    goals: list[tuple[str, Goals]] = [("", target)]
    goals += [(f"revisions[{i}].", revision) for i, revision in enumerate(target.revisions)]
    uses = [name for name, goal in goals if goal.goal == "about"]
    for prefix in uses:
        goal = dict(goals)[prefix]
        if goal.tolerance is None and target.tolerance is None and goal.value != PLACEHOLDER:
            yield fault(f"{prefix}tolerance", "about needs a tolerance", expected="0 or more")
    if not uses and target.tolerance is not None:
        yield fault("tolerance", "tolerance goes with about", target.goal, "about")
