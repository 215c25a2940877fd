"""`Plan` and `Commitment`: one reporting year of promises. Knows no files and no frames."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import attrs

from partybuild.errors import PlanError, Problem, UnknownNameError, UsageError, nearest
from partybuild.faults import (
    Faulty,
    as_date,
    built,
    built_each,
    choice_faults,
    date_faults,
    fault,
    id_faults,
    is_date,
    is_number,
    is_whole,
    key_path,
    made_from,
    plain_fields,
    raise_faults,
    text_faults,
    twice_faults,
    under,
    weight_faults,
)
from partybuild.origin import Origin
from partybuild.periods import Period
from partybuild.plan_page import plan_page
from partybuild.roster import Roster
from partybuild.target import Target

#: The roster that `by="organisation"` runs over.
ORGANISATIONS = "organisations"
#: What stands between names in a subject.
_SEVERAL = re.compile("[;；、]")

LANGUAGES = ("zh", "en")

#: Years that a plan may lie in: the Gregorian calendar, with room for the windows around it.
CALENDAR = Period(dt.date(1583, 1, 1), dt.date(9000, 12, 31))


def _as_target(value: Any) -> Target:
    if isinstance(value, Target):
        return value
    if not isinstance(value, Mapping):
        raise PlanError([fault("", "not a target", value, "a table with id, measure and kind")])
    target: Target = made_from(Target, value)
    return target


def _as_commitment(value: Any) -> Commitment:
    if isinstance(value, Commitment):
        return value
    if not isinstance(value, Mapping):
        raise PlanError([fault("", "not a commitment", value, "a table with id and text")])
    commitment: Commitment = made_from(Commitment, value)
    return commitment


def _targets(values: Any) -> Any:
    return built_each(values, _as_target, expected="[[commitment.target]]")


def _commitments(values: Any) -> Any:
    return built_each(values, _as_commitment, expected="[[commitment]]")


def _units(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    return {key: dict(to) if isinstance(to, Mapping) else to for key, to in value.items()}


def _rosters(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    rosters, problems = {}, []
    for name, members in value.items():
        try:
            rosters[name] = _roster(name, members)
        except PlanError as error:
            problems += Faulty(error.problems).under(key_path("rosters", str(name)))
    return Faulty(tuple(problems), value) if problems else rosters


def _roster(name: Any, members: Any) -> Roster:
    if not isinstance(members, Roster):
        return Roster(name=name, members=members)
    if members.name != name:
        raise PlanError([fault("", "the roster has another name of its own", members.name, name)])
    return members


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
class Commitment:
    """One sentence of the report's next steps, with 0..n measurable targets.

    Without targets it is *qualitative*. The targets stand in `targets` and are
    given as `target`, the key of the TOML file. `weight` counts in the plan's
    completion.

    >>> Commitment(id="3.1", section="（一）", text="加强党建工作。")
    Commitment('3.1', qualitative)
    """

    id: str
    section: str | None = None
    text: str = ""
    owner: str | None = None
    weight: float = 1.0
    targets: tuple[Target, ...] = attrs.field(default=(), converter=_targets, alias="target")
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        raise_faults(self._faults())

    def _faults(self) -> Iterator[Problem]:
        yield from id_faults(self.id)
        yield from text_faults({"section": self.section, "owner": self.owner})
        if not isinstance(self.text, str):
            yield fault("text", "text is not text", self.text, "a sentence")
        yield from weight_faults(self.weight)
        targets = self.targets
        if isinstance(targets, Faulty):
            yield from targets.under("target")
            targets = targets.values
        yield from twice_faults(targets, prefix="target", what="target")

    def __repr__(self) -> str:
        number = len(self.targets)
        targets = f"{number} target{'' if number == 1 else 's'}" if number else "qualitative"
        return f"Commitment({self.id!r}, {targets})"


@attrs.frozen(kw_only=True, repr=False, field_transformer=plain_fields)
class Plan:
    """One reporting year of commitments, `start`..`end` inclusive.

    `rosters` maps a name to members (ids, mappings or `Roster`). `slack` is the
    fraction of a window by which a figure may lag before it is *behind*;
    `warn_days` the number of last days in which anything short turns yellow.
    `units` says what one unit is in another where that is a matter of agreement,
    such as ``{"小时": {"天": 0.125}}``. Commitments stand in `commitments` and are
    given as `commitment`, the key of the TOML file. Raises `PlanError` with every
    fault at once.

    >>> Plan(id="2021", start="2021-01-01", end="2021-12-31")
    Plan('2021', 2021-01-01..2021-12-31, 0 commitments, 0 targets)
    """

    id: str
    title: str = ""
    start: dt.date = attrs.field(converter=as_date)
    end: dt.date = attrs.field(converter=as_date)
    timezone: str = "Asia/Shanghai"
    lang: str = "zh"
    warn_days: int = 14
    slack: float = 0.05
    units: Mapping[str, Mapping[str, float]] = attrs.field(
        factory=dict, converter=_units, hash=False
    )
    rosters: Mapping[str, Roster] = attrs.field(factory=dict, converter=_rosters, hash=False)
    commitments: tuple[Commitment, ...] = attrs.field(
        default=(), converter=_commitments, alias="commitment"
    )
    origin: Origin | None = attrs.field(default=None, eq=False)

    def __attrs_post_init__(self) -> None:
        raise_faults(plan_faults(self))

    @property
    def period(self) -> Period:
        """The reporting year as a period."""
        return Period(self.start, self.end)

    @property
    def targets(self) -> tuple[Target, ...]:
        """Every target, in plan order."""
        return tuple(target for one in self.commitments for target in one.targets)

    @property
    def kinds(self) -> tuple[str, ...]:
        """Every kind of event that some target looks at, in plan order."""
        return tuple(dict.fromkeys(kind for target in self.targets for kind in target.kinds))

    def target(self, name: str) -> Target:
        """Return the target with the id `name`, or ``"commitment/target"`` where ids repeat.

        Raises `UnknownNameError` when there is none, `UsageError` when there are several.
        """
        asked: Any = name
        found = [
            target
            for one in self.commitments
            for target in one.targets
            if isinstance(asked, str) and name in (target.id, f"{one.id}/{target.id}")
        ]
        if len(found) > 1:
            raise UsageError(
                f"target {name!r} stands {len(found)} times: name it commitment/target"
            )
        if not found:
            hint = nearest(name, [target.id for target in self.targets])
            raise UnknownNameError(
                f"the plan has no target {name!r}" + (f"; {hint}" if hint else "")
            )
        return found[0]

    def __repr__(self) -> str:
        return (
            f"Plan({self.id!r}, {self.start}..{self.end}, {len(self.commitments)} commitments, "
            f"{len(self.targets)} targets)"
        )

    def _repr_html_(self) -> str:
        return plan_page(self)


def plan_faults(plan: Plan) -> Iterator[Problem]:
    """Name every wrong parameter of a plan, and every contradiction between its parts.

    Parts with faults of their own do not keep the others from being checked.
    """
    yield from id_faults(plan.id)
    if not isinstance(plan.title, str):
        yield fault("title", "title is not text", plan.title, "a title")
    yield from choice_faults("lang", plan.lang, LANGUAGES)
    yield from _setting_faults(plan)
    yield from _period_faults(plan)
    rosters: Any = plan.rosters
    commitments: Any = plan.commitments
    if isinstance(rosters, Faulty):
        yield from rosters.problems
        rosters = rosters.values
    elif not isinstance(rosters, Mapping):
        yield fault("rosters", "rosters is not a table", rosters, "name = [members]")
    if isinstance(commitments, Faulty):
        yield from commitments.under("commitment")
        commitments = commitments.values
    yield from twice_faults(commitments, prefix="commitment", what="commitment")
    if isinstance(rosters, Mapping):
        each = [_said(value, "each") for _, value in _placed_targets(commitments)]
        yield from _member_faults(rosters, each)
    is_period = is_date(plan.start) and is_date(plan.end) and plan.start <= plan.end
    for path, value in _placed_targets(commitments):
        if isinstance(rosters, Mapping):
            yield from _each_faults(_said(value, "each"), rosters, f"{path}.each")
        if is_period:
            yield from (under(one, path) for one in _span_faults(value, plan.period))


def _setting_faults(plan: Plan) -> Iterator[Problem]:
    if not is_number(plan.slack) or not 0 <= plan.slack < 1:
        yield fault("slack", "slack is not a fraction", plan.slack, "0 or more, below 1")
    if not is_whole(plan.warn_days, least=0):
        expected = "a whole number from 0 up"
        yield fault("warn_days", "warn_days is not a number of days", plan.warn_days, expected)
    try:
        ZoneInfo(plan.timezone)
    except (KeyError, ValueError, TypeError, OSError):
        problem = fault("timezone", "timezone is not known", plan.timezone, "such as Asia/Shanghai")
        yield attrs.evolve(problem, hint=nearest(str(plan.timezone), available_timezones()))
    yield from _units_faults(plan.units)


def _units_faults(units: Any) -> Iterator[Problem]:
    expected = '{ "小时" = { "天" = 0.125 } }'
    if not isinstance(units, Mapping):
        yield fault("units", "units is not a table", units, expected)
        return
    for unit, others in units.items():
        path = key_path("units", str(unit))
        if not isinstance(others, Mapping) or not isinstance(unit, str):
            yield fault(path, "not a table of other units", others, expected)
            continue
        for other, number in others.items():
            if not isinstance(other, str) or not is_number(number) or number <= 0:
                where = key_path(path, str(other))
                yield fault(where, "not a number above 0", number, f"how many {other} one is")


def _period_faults(plan: Plan) -> Iterator[Problem]:
    for key in ("start", "end"):
        if getattr(plan, key) is None:
            yield fault(key, f"{key} is missing", expected="a date such as 2021-01-01")
    yield from date_faults({"start": plan.start, "end": plan.end})
    for key in ("start", "end"):
        day = getattr(plan, key)
        if is_date(day) and day not in CALENDAR:
            expected = f"a date in {CALENDAR.start}..{CALENDAR.end}"
            yield fault(key, f"{key} is not a year of this calendar", day, expected)
    if is_date(plan.start) and is_date(plan.end) and plan.end < plan.start:
        yield fault("end", "end is before start", plan.end, f"{plan.start} or later")


def _placed_targets(commitments: Iterable[Any]) -> Iterator[tuple[str, Any]]:
    """Each target with its path: built, or still the mapping when it has faults of its own."""
    for i, commitment in enumerate(commitments):
        if isinstance(commitment, Mapping):
            values = commitment.get("target")
        else:
            values = getattr(commitment, "targets", None)
        for j, value in enumerate(values if isinstance(values, list | tuple) else ()):
            if isinstance(value, Mapping | Target):
                yield f"commitment[{i}].target[{j}]", value


def _said(target: Any, key: str) -> Any:
    """A parameter of a target, built or still a mapping."""
    return target.get(key) if isinstance(target, Mapping) else getattr(target, key)


def _member_faults(rosters: Mapping[str, Any], each: Iterable[Any]) -> Iterator[Problem]:
    """Name members of an `each` whom no event can name, since their name is several names."""
    for key, roster in rosters.items():
        if key == ORGANISATIONS or key not in each or not isinstance(roster, Roster):
            continue
        for index, member in enumerate(roster):
            if all(_SEVERAL.search(name) for name in (member.id, member.name) if name):
                message = (
                    "；, ; and 、 stand between names in events, so no event can name this one"
                )
                path = f"{key_path('rosters', key)}[{index}]"
                yield fault(path, message, member.id, "one name for each member")


def _each_faults(each: Any, rosters: Mapping[str, Any], path: str) -> Iterator[Problem]:
    if not isinstance(each, str) or each in rosters:
        return
    expected = "one of " + ", ".join(map(str, rosters)) if rosters else "a roster of the plan"
    problem = fault(path, "no such roster", each, expected)
    yield attrs.evolve(problem, hint=nearest(each, map(str, rosters)))


def _span_faults(value: Any, period: Period) -> Iterator[Problem]:
    days = {key: as_date(_said(value, key)) for key in ("start", "end", "deadline")}
    days = {key: day for key, day in days.items() if is_date(day)}
    outside = {key: day for key, day in days.items() if day not in period}
    expected = f"a date in {period.start}..{period.end}"
    for key, day in outside.items():
        yield fault(key, f"{key} lies outside the plan", day, expected)
    if outside:
        return
    start = days.pop("start", period.start)
    early = {key: day for key, day in days.items() if day < start}
    for key, day in early.items():
        yield fault(key, f"{key} is before the target's start", day, f"{start} or later")
    target = built(value, _as_target)
    if isinstance(target, Target) and not early:
        span = target.span(period)
        assert span is not None
        yield from _window_faults(target, span)


def _window_faults(target: Target, span: Period) -> Iterator[Problem]:
    for index, point in enumerate(target.schedule):
        if point.by not in span:
            where, expected = f"schedule[{index}].by", f"a date in {span.start}..{span.end}"
            yield fault(where, "by lies outside the target's span", point.by, expected)
    if target.cadence.rule is None and target.require is None:
        return
    try:
        windows = len(target.cadence.windows(span))
    except (ValueError, IndexError, OverflowError) as error:  # dateutil finds out as it goes
        yield fault("per.rrule", f"the rule cannot be followed: {error}", target.cadence.rule)
        return
    # a rule without any window in the span asks for nothing, which `problems` tells
    if windows and target.require is not None and target.require > windows:
        expected = f"at most the {windows} windows there are"
        yield fault("require", "more windows required than there are", target.require, expected)
