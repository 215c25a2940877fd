"""`Target`: something measurable that was promised, with its goal, cadence and who."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import (
    Faulty,
    as_date,
    as_name,
    as_plain,
    built,
    built_each,
    choice_faults,
    date_faults,
    fault,
    id_faults,
    is_number,
    is_whole,
    key_path,
    made_from,
    number_faults,
    plain_fields,
    raise_faults,
    text_faults,
    weight_faults,
)
from partybuild.goals import Bounds, Goals, Revision, bounds, goal_faults, goal_text
from partybuild.measures import MEASURES, PLACEHOLDER, SIMPLE_MEASURES, Measure
from partybuild.origin import Origin
from partybuild.periods import CADENCES, Cadence, Period

PARTIALS = ("full", "prorate", "skip")

Kinds = tuple[str, ...]


def _as_kinds(value: Any) -> Any:
    value = as_plain(value)
    if isinstance(value, str):
        return (as_name(value),)
    return tuple(map(as_name, value)) if isinstance(value, list | tuple) else value


def _as_where(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    plain = {key: as_plain(one) for key, one in value.items()}
    return {key: tuple(one) if isinstance(one, list) else one for key, one in plain.items()}


def _kind_faults(kind: Any) -> Iterator[Problem]:
    is_names = isinstance(kind, tuple) and all(isinstance(one, str) and one.strip() for one in kind)
    if kind is not None and (not is_names or not kind):
        read = list(kind) if isinstance(kind, tuple) else kind
        yield fault("kind", "kind is not a name or a list of names", read, 'such as "调研"')


def _where_faults(where: Any) -> Iterator[Problem]:
    if not isinstance(where, Mapping):
        yield fault("where", "where is not a table", where, 'such as { level = "市级" }')
        return
    for key, value in where.items():
        if not isinstance(key, str):
            yield fault("where", "where names a column that is not text", key, "a column's name")
            continue
        values = value if isinstance(value, tuple) else (value,)
        if not values or not all(isinstance(one, str | bool) or is_number(one) for one in values):
            path = key_path("where", key)
            yield fault(path, "not a value or a list of values", value, "text or numbers")


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
class Part:
    """One side of a `ratio`, or what a `growth` grows: a measure over some kinds of events.

    `kind` and `where` of the target serve where the part has none of its own.

    >>> Part.of({"measure": "total", "kind": "参保"})
    Part(total of 参保)
    """

    measure: str
    kind: Kinds | None = attrs.field(default=None, converter=_as_kinds)
    where: Mapping[str, Any] = attrs.field(factory=dict, converter=_as_where, hash=False)
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
        if not isinstance(value, Mapping):
            raise PlanError([fault("", "not a part", value, "a table with measure and kind")])
        part: Part = made_from(cls, value)
        return part

    def __repr__(self) -> str:
        return f"Part({_events_text(self.measure, self.kind or ())})"


def _events_text(measure: str, kinds: Kinds) -> str:
    return " ".join([measure, *(["of", "/".join(kinds)] if kinds else [])])


def _entries_faults(entries: Any, measure: Any) -> Iterator[Problem]:
    if entries is None:
        return
    yield from choice_faults("entries", entries, ("running",))
    if measure != "total":
        yield fault("entries", "entries go with the measure total only", entries, "no entries")


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
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
        point: SchedulePoint = made_from(cls, value)
        return point

    def __repr__(self) -> str:
        return f"SchedulePoint({self.share} by {self.by})"


def _revisions(value: Any) -> Any:
    return built_each(value, Revision.of, expected="[{ from = date, at_least = ... }]")


def _schedule(value: Any) -> Any:
    return built_each(value, SchedulePoint.of, expected="[{ by = date, share = 0.5 }]")


def _part(value: Any) -> Any:
    return built(value, Part.of)


def _per(value: Any) -> Any:
    return dict(value) if isinstance(value, Mapping) else value


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
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
    where: Mapping[str, Any] = attrs.field(factory=dict, converter=_as_where, hash=False)
    unit: str | None = attrs.field(default=None, converter=as_name)
    numerator: Part | None = attrs.field(default=None, converter=_part)
    denominator: Part | None = attrs.field(default=None, converter=_part)
    of: Part | None = attrs.field(default=None, converter=_part)
    entries: str | None = None
    nil_return: bool = False
    baseline: float | str | None = None
    per: str | Mapping[str, str] | None = attrs.field(default=None, converter=_per, hash=False)
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

    @classmethod
    def from_text(cls, text: str, *, year: int | None = None, **overrides: Any) -> Target:
        """Read one target out of a sentence, for notebooks.

        `year` is for dates without one; `overrides` replace what was read. Raises
        `DraftError` when the sentence holds no target, or more than one.

        >>> Target.from_text("每季度召开工作推进会不少于1次", id="meeting")
        Target('meeting', count of 召开工作推进会 at_least 1 次 per quarter)
        """
        from partybuild.sources.text.spoken import target_from_text

        return target_from_text(text, year=year, **overrides)

    @property
    def label(self) -> str:
        """The name, or the id where there is none."""
        return self.name or self.id

    @property
    def measure_kind(self) -> Measure:
        """What goes with the measure: whole numbers, additive or level."""
        return MEASURES[self.measure]

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
        """Narrow the plan's period by `start`, `end` and `deadline`; None when nothing is left."""
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
        words = [_events_text(self.measure, self.kinds)]
        words += [f"{self.goal} {goal_text(self)}"] if self.goal else []
        words += [self.unit] if self.unit else []
        words += [f"per {self.cadence.per or self.cadence.rule}"] if self.per else []
        words += [f"each {self.each}"] if self.each else []
        return f"Target({self.id!r}, {' '.join(' '.join(words).split())})"


def target_faults(target: Target) -> Iterator[Problem]:
    """Name every wrong parameter and every bad combination of a target."""
    for key in ("numerator", "denominator", "of", "revisions", "schedule"):
        value = getattr(target, key)
        if isinstance(value, Faulty):
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
    measure: Any = target.measure
    if isinstance(measure, str) and measure in MEASURES:
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
    if require is not None and not is_whole(require, least=1):
        yield fault("require", "require is not a whole number from 1 up", require, "1 or more")
    yield from weight_faults(target.weight)


def _per_faults(per: Any) -> Iterator[Problem]:
    if per is None:
        return
    if not isinstance(per, Mapping):
        yield from choice_faults("per", per, CADENCES)
        return
    if set(per) != {"rrule"} or not isinstance(per["rrule"], str):
        yield fault("per", "per is not a cadence", dict(per), '{ rrule = "FREQ=..." }')
        return
    try:
        Cadence(None, _steady(per["rrule"]))
    except ValueError as error:
        expected = 'such as "FREQ=MONTHLY;INTERVAL=2"'
        yield fault("per.rrule", str(error), per["rrule"], expected)


def _steady(rule: str) -> str:
    """Refuse what dateutil would follow for ever, or warn of: then it is no use for windows."""
    words = rule.upper()
    if re.search(r"INTERVAL=(?:-|0+(?!\d))", words):
        raise ValueError(f"the interval is not 1 or more: {rule!r}")
    if "COUNT=" in words and "UNTIL=" in words:
        raise ValueError(f"COUNT and UNTIL do not go together: {rule!r}")
    return rule


def _events_faults(target: Target) -> Iterator[Problem]:
    measure = target.measure
    wanted = {"ratio": ("numerator", "denominator"), "growth": ("of",)}.get(measure, ())
    for key in ("numerator", "denominator", "of"):
        part = getattr(target, key)
        if key in wanted and part is None:
            yield fault(key, f"{measure} needs {key}", expected="{ measure = ..., kind = ... }")
        elif key not in wanted and part is not None:
            message = f"{key} does not go with the measure {measure}"
            yield fault(key, message, measure, "ratio" if key != "of" else "growth")
        elif isinstance(part, Part) and not target.part_kinds(part):
            yield fault(f"{key}.kind", "kind is missing", expected="the kind of events it reads")
    if not wanted and target.kind is None:
        yield fault("kind", "kind is missing", expected="the kind of events that count")
    yield from _entries_faults(target.entries, measure)


def _combination_faults(target: Target) -> Iterator[Problem]:
    measure = MEASURES[target.measure]
    yield from _baseline_faults(target)
    if target.makeup is True:
        yield from _makeup_faults(target)
    if measure.name == "milestone":
        yield from _milestone_faults(target)
    elif target.per is None and is_whole(target.require, least=2):
        yield fault("require", "more windows required than there are", target.require, "per")


def _makeup_faults(target: Target) -> Iterator[Problem]:
    name = target.measure
    if not MEASURES[name].is_additive:
        what = name if name == "milestone" else f"the level {name}"
        message = f"makeup does not go with {what}"
        yield fault("makeup", message, target.makeup, "an additive measure")
        return
    for prefix, goals in _placed_goals(target):
        if goals.goal not in ("at_least", None):
            yield fault(f"{prefix}makeup", "makeup goes with at_least only", goals.goal, "at_least")


def _placed_goals(target: Target) -> list[tuple[str, Goals]]:
    """The goal of the target and those of its revisions, each with the path it stands at."""
    revisions = () if isinstance(target.revisions, Faulty) else target.revisions
    return [("", target), *((f"revisions[{i}].", one) for i, one in enumerate(revisions))]


def _baseline_faults(target: Target) -> Iterator[Problem]:
    baseline, measure = target.baseline, MEASURES[target.measure]
    if measure.name == "growth":
        if baseline is None:
            yield fault("baseline", "growth needs a baseline", expected='a number, or "previous"')
        elif baseline != "previous" and not is_number(baseline):
            expected = 'a number, or "previous"'
            yield fault("baseline", "baseline is not a number", baseline, expected)
        return
    if baseline is None:
        return
    if measure.is_additive or measure.name == "milestone":
        yield fault("baseline", f"baseline does not go with {measure.name}", baseline, "a level")
    else:
        yield from number_faults({"baseline": baseline})


def _milestone_faults(target: Target) -> Iterator[Problem]:
    for prefix, goals in _placed_goals(target):
        if goals.goal is not None and (goals.goal, goals.value) != ("at_least", 1):
            path, value = f"{prefix}{goals.goal}", goals.value
            yield fault(path, "a milestone is done or not", value, "no goal, a deadline")
    for key in ("per", "require", "nil_return", "schedule"):
        value = getattr(target, key)
        if value not in (None, False, ()):
            yield fault(key, f"{key} does not go with a milestone", value, "a deadline")


def _who_faults(target: Target) -> Iterator[Problem]:
    share = target.share
    if not is_number(share) or not 0 < share <= 1:
        yield fault("share", "share is not a fraction above 0", share, "above 0, at most 1")
    elif share != 1 and target.each is None:
        yield fault("share", "share needs each", share, "each = a roster")


def _schedule_faults(target: Target) -> Iterator[Problem]:
    points = target.schedule
    if points and target.per is not None and target.measure != "milestone":
        yield fault("schedule", "schedule goes with a single window", target.per, "no per")
    if isinstance(points, Faulty):
        return
    for index, (before, after) in enumerate(pairwise(points), start=1):
        if after.by <= before.by or after.share < before.share:
            where = f"{after.share} by {after.by}"
            expected = f"a date after {before.by}, a share from {before.share} up"
            yield fault(f"schedule[{index}]", "the points do not rise", where, expected)


def _about_faults(target: Target) -> Iterator[Problem]:
    placed = _placed_goals(target)
    is_about = any(goals.goal == "about" for _, goals in placed)
    for prefix, goals in placed:
        is_needed = goals.goal == "about" and goals.value != PLACEHOLDER
        if is_needed and goals.tolerance is None and target.tolerance is None:
            yield fault(f"{prefix}tolerance", "about needs a tolerance", expected="0 or more")
        serves = is_about if goals is target else goals.goal == "about"
        if goals.tolerance is not None and not serves:
            yield fault(f"{prefix}tolerance", "tolerance goes with about", goals.goal, "about")
