"""A plan as plain mappings, the shape of its TOML and JSON files, and back.

`plan_from_mapping` gathers every fault of the whole plan before it raises;
each Problem's `path` is a key path such as ``commitment[2].target[0].at_least``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import fault, made_from, parameters, raise_faults, under, unknown_keys
from partybuild.origin import Origin
from partybuild.plan import Plan
from partybuild.roster import Member
from partybuild.target import Part, Target

#: The tables at the top of a plan file.
FILE_KEYS = ("plan", "rosters", "commitment")

#: Where a written table begins; the other keys follow in the order of the class.
_FIRST_KEYS = (
    *("id", "from", "by", "name", "title", "section", "text", "owner"),
    *("measure", "kind", "where", "numerator", "denominator", "of", "entries", "nil_return"),
)


def keys_of(cls: type) -> tuple[str, ...]:
    """The keys that a table of this class takes in a file.

    >>> from partybuild.plan import Commitment
    >>> keys_of(Commitment)
    ('id', 'section', 'text', 'owner', 'weight', 'target')
    """
    return tuple(key for key in parameters(cls) if cls is not Plan or key not in FILE_KEYS)


def plan_from_mapping(data: Mapping[str, Any]) -> Plan:
    """Build a plan from the mapping that its TOML or JSON file holds.

    Raises `PlanError` with every fault of every part: unknown keys with the
    nearest known one, wrong values, contradictions.

    >>> plan_from_mapping({"plan": {"id": "a", "start": "2021-01-01", "end": "2021-12-31"}})
    Plan('a', 2021-01-01..2021-12-31, 0 commitments, 0 targets)
    """
    if not isinstance(data, Mapping):
        expected = "a table with plan, rosters and commitment"
        raise PlanError([fault("", "not a plan", data, expected)])
    faults = unknown_keys([key for key in data if key not in FILE_KEYS], FILE_KEYS)
    head = data.get("plan")
    if not isinstance(head, Mapping):
        faults.append(fault("plan", "the table [plan] is missing", head, "id, start and end"))
        head = None
    known = keys_of(Plan)
    misplaced = [key for key in head or {} if key not in known]
    faults += [under(problem, "plan") for problem in unknown_keys(misplaced, known)]
    given = {key: value for key, value in (head or {}).items() if key in known}
    try:
        plan: Plan = made_from(Plan, {**given, **{k: data[k] for k in FILE_KEYS[1:] if k in data}})
    except PlanError as error:
        faults += [_in_head(problem) for problem in error.problems if _is_told(problem, head)]
        raise PlanError(faults) from None
    raise_faults(faults)
    return plan


def with_origins(plan: Plan, origin: Callable[[str], Origin]) -> Plan:
    """Have the plan, each commitment and each target know where its table was read.

    `origin` gives the place of a key path such as ``commitment[2].target[0]``.
    """
    commitments = []
    for i, commitment in enumerate(plan.commitments):
        path = f"commitment[{i}]"
        targets = [
            attrs.evolve(target, origin=origin(f"{path}.target[{j}]"))
            for j, target in enumerate(commitment.targets)
        ]
        commitments.append(attrs.evolve(commitment, target=targets, origin=origin(path)))
    return attrs.evolve(plan, commitment=commitments, origin=origin("plan"))


def _is_head(problem: Problem) -> bool:
    return (problem.path or "").split(".")[0] in keys_of(Plan)


def _is_told(problem: Problem, head: Mapping[str, Any] | None) -> bool:
    """Whether to name a fault: without the table [plan] its missing keys say nothing more."""
    return head is not None or not _is_head(problem)


def _in_head(problem: Problem) -> Problem:
    return under(problem, "plan") if _is_head(problem) else problem


def plan_to_mapping(plan: Plan) -> dict[str, Any]:
    """Write a plan as the mapping that its file holds; parameters at their default are left out.

    Reading it back gives an equal plan.

    >>> plan = Plan(id="a", start="2021-01-01", end="2021-12-31")
    >>> plan_from_mapping(plan_to_mapping(plan)) == plan
    True
    """
    data: dict[str, Any] = {"plan": _table(plan)}
    for key in FILE_KEYS[1:]:
        data[key] = data["plan"].pop(key, {})
    data["rosters"] = {
        name: [_plain(member) for member in roster] for name, roster in plan.rosters.items()
    }
    return {key: value for key, value in data.items() if value}


def _table(thing: Any) -> dict[str, Any]:
    fields = {
        str(field.alias).rstrip("_"): field
        for field in attrs.fields(type(thing))
        if field.name != "origin"
    }
    values = {key: getattr(thing, field.name) for key, field in fields.items()}
    first = [key for key in _FIRST_KEYS if key in fields]
    return {
        key: _plain(values[key])
        for key in dict.fromkeys([*first, *fields])
        if not _is_default(fields[key], values[key])
    }


def _is_default(field: attrs.Attribute[Any], value: Any) -> bool:
    default: Any = field.default
    if default is attrs.NOTHING:
        return False
    is_factory = isinstance(default, attrs.Factory)  # type: ignore[arg-type]
    return bool(value == (default.factory() if is_factory else default))


def _plain(value: Any) -> Any:
    if isinstance(value, Member) and value == Member(id=value.id):
        return value.id
    if isinstance(value, Target | Part) and value.kind is not None and len(value.kind) == 1:
        return {**_table(value), "kind": value.kind[0]}
    if attrs.has(type(value)):
        return _table(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
