"""`Plan` and `Commitment`: one reporting year of promises. Knows no files and no frames."""

from __future__ import annotations

import datetime as dt
import html
from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from partybuild.errors import PlanError, Problem, UnknownNameError, UsageError, nearest
from partybuild.faults import (
    Faulty,
    as_date,
    built_each,
    choice_faults,
    date_faults,
    fault,
    id_faults,
    is_date,
    is_number,
    raise_faults,
    text_faults,
)
from partybuild.origin import Origin
from partybuild.periods import Period
from partybuild.roster import Roster
from partybuild.target import Target

#: The roster that `by="organisation"` runs over.
ORGANISATIONS = "organisations"

LANGUAGES = ("zh", "en")


def _as_target(value: Any) -> Target:
    if isinstance(value, Target):
        return value
    if not isinstance(value, Mapping):
        raise PlanError([fault("", "not a target", value, "a table with id, measure and kind")])
    return Target(**{"id": None, "measure": None, **value})


def _as_commitment(value: Any) -> Commitment:
    if isinstance(value, Commitment):
        return value
    if not isinstance(value, Mapping):
        raise PlanError([fault("", "not a commitment", value, "a table with id and text")])
    return Commitment(**{"id": None, **value})


def _targets(values: Any) -> Any:
    return built_each(values, _as_target)


def _commitments(values: Any) -> Any:
    return built_each(values, _as_commitment)


def _rosters(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    rosters, problems = {}, []
    for name, members in value.items():
        try:
            is_roster = isinstance(members, Roster)
            rosters[name] = members if is_roster else Roster(name=name, members=members)
        except PlanError as error:
            problems += Faulty(error.problems).under(f"rosters.{name}")
    return Faulty(tuple(problems)) if problems else rosters


def _twice(ids: list[str], path: str, what: str) -> Iterator[Problem]:
    for index, one in enumerate(ids):
        if one in ids[:index]:
            yield fault(f"{path}[{index}].id", f"{what} id stands twice", one, "another id")


@attrs.frozen(kw_only=True, repr=False)
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
        yield from text_faults({"section": self.section, "text": self.text, "owner": self.owner})
        if not is_number(self.weight) or self.weight < 0:
            yield fault("weight", "weight is not a number from 0 up", self.weight, "0 or more")
        if isinstance(self.targets, Faulty):
            yield from self.targets.under("target")
        else:
            yield from _twice([target.id for target in self.targets], "target", "target")

    def __repr__(self) -> str:
        number = len(self.targets)
        return f"Commitment({self.id!r}, {f'{number} targets' if number else 'qualitative'})"


@attrs.frozen(kw_only=True, repr=False)
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
    units: Mapping[str, Mapping[str, float]] = attrs.field(factory=dict, hash=False)
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
        found = [
            target
            for one in self.commitments
            for target in one.targets
            if name in (target.id, f"{one.id}/{target.id}")
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
        parts = [f"<h3>{html.escape(self.title or self.id)} ({self.start} – {self.end})</h3>"]
        section = None
        for commitment in self.commitments:
            if commitment.section != section and commitment.section:
                parts.append(f"<h4>{html.escape(commitment.section)}</h4>")
            section = commitment.section
            parts.append(_commitment_html(commitment))
        return "\n".join(parts)


def _commitment_html(commitment: Commitment) -> str:
    owner = f" <i>{html.escape(commitment.owner)}</i>" if commitment.owner else ""
    rows = "".join(f"<li>{html.escape(_target_line(target))}</li>" for target in commitment.targets)
    text = html.escape(commitment.text or commitment.id)
    return f"<p>{text}{owner}</p>" + (f"<ul>{rows}</ul>" if rows else "")


_SIGNS = {"at_least": "≥", "more_than": ">", "at_most": "≤", "less_than": "<", "exactly": "="}


def _target_line(target: Target) -> str:
    value = target.value
    if isinstance(value, tuple):
        goal = f"{value[0]}–{value[1]}"
    elif target.goal == "about":
        goal = f"{value} ± {target.tolerance}"
    else:
        goal = f"{_SIGNS.get(target.goal or '', '')} {value}" if target.goal else target.measure
    words = [f"{target.label}: {goal} {target.unit or ''}".rstrip()]
    words += [f"/ {target.cadence.per or target.cadence.rule}"] if target.per else []
    words += [f"∀ {target.each}"] if target.each else []
    words += [f"@ {target.deadline}"] if target.deadline else []
    return " ".join(words)


def plan_faults(plan: Plan) -> Iterator[Problem]:
    """Name every wrong parameter of a plan, and every contradiction between its parts."""
    yield from id_faults(plan.id)
    yield from text_faults({"title": plan.title})
    yield from choice_faults("lang", plan.lang, LANGUAGES)
    yield from _setting_faults(plan)
    yield from _period_faults(plan)
    nested = {"": plan.rosters, "commitment": plan.commitments}
    for path, value in nested.items():
        if isinstance(value, Faulty):
            yield from value.under(path) if path else value.problems
    if isinstance(plan.commitments, Faulty):
        return
    yield from _twice([one.id for one in plan.commitments], "commitment", "commitment")
    for path, target in _placed_targets(plan):
        yield from _who_faults(plan, target, path)
        if is_date(plan.start) and is_date(plan.end) and plan.start <= plan.end:
            yield from _span_faults(plan, target, path)


def _setting_faults(plan: Plan) -> Iterator[Problem]:
    if not is_number(plan.slack) or not 0 <= plan.slack < 1:
        yield fault("slack", "slack is not a fraction", plan.slack, "0 or more, below 1")
    if not is_number(plan.warn_days) or plan.warn_days < 0:
        yield fault("warn_days", "warn_days is not a number of days", plan.warn_days, "0 or more")
    try:
        ZoneInfo(plan.timezone)
    except (KeyError, ValueError, TypeError, OSError):
        yield fault("timezone", "timezone is not known", plan.timezone, "such as Asia/Shanghai")
    if not isinstance(plan.units, Mapping) or not all(
        isinstance(to, Mapping) and all(is_number(value) and value > 0 for value in to.values())
        for to in plan.units.values()
    ):
        yield fault("units", "units is not a table", plan.units, '{ "小时" = { "天" = 0.125 } }')


def _period_faults(plan: Plan) -> Iterator[Problem]:
    for key in ("start", "end"):
        if getattr(plan, key) is None:
            yield fault(key, f"{key} is missing", expected="a date such as 2021-01-01")
    yield from date_faults({"start": plan.start, "end": plan.end})
    if is_date(plan.start) and is_date(plan.end) and plan.end < plan.start:
        yield fault("end", "end is before start", plan.end, f"{plan.start} or later")
    if not isinstance(plan.rosters, Mapping | Faulty):
        yield fault("rosters", "rosters is not a table", plan.rosters, "name = [members]")


def _placed_targets(plan: Plan) -> Iterator[tuple[str, Target]]:
    for i, commitment in enumerate(plan.commitments):
        for j, target in enumerate(commitment.targets):
            yield f"commitment[{i}].target[{j}]", target


def _who_faults(plan: Plan, target: Target, path: str) -> Iterator[Problem]:
    if target.each is None or not isinstance(plan.rosters, Mapping):
        return
    if target.each not in plan.rosters:
        expected = "one of " + ", ".join(plan.rosters) if plan.rosters else "a roster of the plan"
        problem = fault(f"{path}.each", "no such roster", target.each, expected)
        yield attrs.evolve(problem, hint=nearest(target.each, plan.rosters))


def _span_faults(plan: Plan, target: Target, path: str) -> Iterator[Problem]:
    inside = f"a date in {plan.start}..{plan.end}"
    for key in ("start", "end", "deadline"):
        day = getattr(target, key)
        if day is not None and day not in plan.period:
            yield fault(f"{path}.{key}", f"{key} lies outside the plan", day, inside)
    span = target.span(plan.period)
    if span is None:
        yield fault(f"{path}.end", "nothing is left of the target's span", target.end, inside)
        return
    for index, point in enumerate(target.schedule):
        if point.by not in span:
            where = f"{path}.schedule[{index}].by"
            yield fault(where, "by lies outside the target's span", point.by, f"a date in {span}")
    windows = len(target.cadence.windows(span))
    if target.require is not None and target.require > windows:
        expected = f"at most the {windows} windows there are"
        yield fault(
            f"{path}.require", "more windows required than there are", target.require, expected
        )
