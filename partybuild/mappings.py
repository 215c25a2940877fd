"""A plan as plain mappings, the shape of its TOML and JSON files, and back.

`plan_from_mapping` gathers every fault of the whole plan before it raises;
each Problem's `path` is a key path such as ``commitment[2].target[0].at_least``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from partybuild.errors import PlanError, Problem
from partybuild.faults import fault, raise_faults, under, unknown_keys
from partybuild.plan import Commitment, Plan
from partybuild.roster import Member
from partybuild.target import Target

_FILE_KEYS = ("plan", "rosters", "commitment")
_NOT_IN_FILES = ("origin", "rosters", "commitments")


def keys_of(cls: type) -> tuple[str, ...]:
    """The keys that a table of this class takes in a file.

    >>> keys_of(Commitment)
    ('id', 'section', 'text', 'owner', 'weight', 'target')
    """
    named = {"targets": "target", "from_": "from"}
    names = [attribute.name for attribute in attrs.fields(cls)]
    return tuple(named.get(name, name) for name in names if name not in _NOT_IN_FILES)


def plan_from_mapping(data: Mapping[str, Any]) -> Plan:
    """Build a plan from the mapping that its TOML or JSON file holds.

    Raises `PlanError` with every fault of every part: unknown keys with the
    nearest known one, wrong values, contradictions.

    >>> plan_from_mapping({"plan": {"id": "a", "start": "2021-01-01", "end": "2021-12-31"}})
    Plan('a', 2021-01-01..2021-12-31, 0 commitments, 0 targets)
    """
    faults = list(_shape_faults(data))
    if faults:
        raise PlanError(faults)
    head = data.get("plan", {})
    faults += [under(problem, "plan") for problem in _unknown(head, Plan)]
    faults += list(_nested_key_faults(data.get("commitment", [])))
    known = {key: value for key, value in head.items() if key in keys_of(Plan)}
    commitments = [_known_commitment(one) for one in data.get("commitment", [])]
    parts = {"rosters": data.get("rosters", {}), "commitment": commitments}
    try:
        plan = Plan(**{"id": None, "start": None, "end": None, **known, **parts})
    except PlanError as error:
        faults += [_in_head(problem, keys_of(Plan)) for problem in error.problems]
        raise PlanError(faults) from None
    raise_faults(faults)
    return plan


def _in_head(problem: Problem, keys: tuple[str, ...]) -> Problem:
    is_head = (problem.path or "").split(".")[0].split("[")[0] in keys
    return under(problem, "plan") if is_head else problem


def _shape_faults(data: Mapping[str, Any]) -> Iterator[Problem]:
    if not isinstance(data, Mapping):
        yield fault("", "not a plan", data, "a table with plan, rosters and commitment")
        return
    yield from unknown_keys([key for key in data if key not in _FILE_KEYS], _FILE_KEYS)
    if not isinstance(data.get("plan"), Mapping):
        yield fault("plan", "the table [plan] is missing", data.get("plan"), "id, start, end")
    if not isinstance(data.get("rosters", {}), Mapping):
        yield fault("rosters", "rosters is not a table", data["rosters"], "name = [members]")
    commitments = data.get("commitment", [])
    if not isinstance(commitments, list | tuple):
        yield fault("commitment", "commitment is not a list of tables", expected="[[commitment]]")
        return
    for index, one in enumerate(commitments):
        targets = one.get("target", []) if isinstance(one, Mapping) else None
        if targets is None:
            yield fault(f"commitment[{index}]", "not a table", one, "[[commitment]]")
        elif not isinstance(targets, list | tuple):
            path = f"commitment[{index}].target"
            yield fault(path, "target is not a list of tables", expected="[[commitment.target]]")


def _unknown(table: Mapping[str, Any], cls: type) -> list[Problem]:
    known = keys_of(cls)
    return unknown_keys([key for key in table if key not in known], known)


def _nested_key_faults(commitments: Any) -> Iterator[Problem]:
    for i, commitment in enumerate(commitments):
        yield from (under(p, f"commitment[{i}]") for p in _unknown(commitment, Commitment))
        for j, target in enumerate(commitment.get("target", [])):
            if isinstance(target, Mapping):
                path = f"commitment[{i}].target[{j}]"
                yield from (under(p, path) for p in _unknown(target, Target))


def _known_commitment(table: Mapping[str, Any]) -> dict[str, Any]:
    known = {key: value for key, value in table.items() if key in keys_of(Commitment)}
    keys = keys_of(Target)
    known["target"] = [
        {key: value for key, value in target.items() if key in keys}
        if isinstance(target, Mapping)
        else target
        for target in table.get("target", [])
    ]
    return known


def plan_to_mapping(plan: Plan) -> dict[str, Any]:
    """Write a plan as the mapping that its file holds; parameters at their default are left out.

    Reading it back gives an equal plan.

    >>> plan = Plan(id="a", start="2021-01-01", end="2021-12-31")
    >>> plan_from_mapping(plan_to_mapping(plan)) == plan
    True
    """
    data: dict[str, Any] = {"plan": _table(plan)}
    if plan.rosters:
        data["rosters"] = {
            name: [_member(member) for member in roster] for name, roster in plan.rosters.items()
        }
    data["commitment"] = [_commitment(commitment) for commitment in plan.commitments]
    return data


def _table(thing: Any) -> dict[str, Any]:
    table = {}
    for attribute in attrs.fields(type(thing)):
        value = getattr(thing, attribute.name)
        if attribute.name in (*_NOT_IN_FILES, "targets") or _is_default(attribute, value):
            continue
        table["from" if attribute.name == "from_" else attribute.name] = _plain(value)
    return table


def _is_default(attribute: attrs.Attribute[Any], value: Any) -> bool:
    default = attribute.default
    if default is attrs.NOTHING:
        return False
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
        default = default.factory()
    return bool(value == default) and isinstance(value, bool) == isinstance(default, bool)


def _plain(value: Any) -> Any:
    if attrs.has(type(value)):
        return _table(value)
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value


def _member(member: Member) -> str | dict[str, Any]:
    table = _table(member)
    return member.id if list(table) == ["id"] else table


def _commitment(commitment: Commitment) -> dict[str, Any]:
    table = _table(commitment)
    if commitment.targets:
        table["target"] = [_target(target) for target in commitment.targets]
    return table


def _target(target: Target) -> dict[str, Any]:
    table = _table(target)
    if target.kind is not None and len(target.kind) == 1:
        table["kind"] = target.kind[0]
    for key in ("numerator", "denominator", "of"):
        if key in table and len(table[key].get("kind", [])) == 1:
            table[key]["kind"] = table[key]["kind"][0]
    first = [key for key in ("id", "name", "measure", "kind") if key in table]
    return {key: table[key] for key in [*first, *(key for key in table if key not in first)]}
