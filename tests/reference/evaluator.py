"""Read the contract's sections 2 to 8 as a program: slow, plain, without dataframes.

`evaluate` is the whole of it. It knows nothing of the library, so that the two can be compared.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from .facts import Event, current_events, kinds_of, parts_of
from .rollups import CommitmentResult, TargetResult, summary_row
from .standings import TargetCase, names_of, standing_row


def organisations_of(
    plan_file: dict[str, Any], by: str | None, organisations: list[str] | None
) -> list[dict[str, Any] | None]:
    """Return the organisations to assess one by one; [None] for all together."""
    if by is None:
        return [None]
    if by != "organisation":
        raise ValueError(by)
    roster = plan_file.get("rosters", {}).get("organisations", [])
    known = [{"id": member} if isinstance(member, str) else member for member in roster]
    if organisations is None:
        return known
    by_id = {member["id"]: member for member in known}
    return [by_id.get(name, {"id": name}) for name in organisations]


def events_of(events: list[Event], organisation: dict[str, Any] | None) -> list[Event]:
    if organisation is None:
        return events
    return [event for event in events if event.organisation in names_of(organisation)]


def evaluate(
    plan: dict[str, Any],
    events: list[dict[str, Any]],
    as_of: date,
    known_at: date | None = None,
    by: str | None = None,
    organisations: list[str] | None = None,
) -> dict[str, list[Any]]:
    """Assess a plan file (as TOML parses it) against event rows as of a day.

    Returns `standings`, `targets`, `commitments`, `summary` as rows with the contract's columns
    in the contract's order, and `unassigned`, the ids of the events that no target selects.
    """
    current = current_events(events, known_at)
    tables: dict[str, list[Any]] = {
        name: [] for name in ("standings", "targets", "commitments", "summary")
    }
    parties = organisations_of(plan, by, organisations)
    per_party: list[list[CommitmentResult]] = [[] for _ in parties]
    for commitment in plan.get("commitment", []):
        results: list[list[TargetResult]] = [[] for _ in parties]
        for target in commitment.get("target", []):
            for i, party in enumerate(parties):
                name = None if party is None else party["id"]
                case = TargetCase(plan, target, events_of(current, party), as_of, party)
                result = TargetResult(case)
                results[i].append(result)
                tables["targets"].append(result.row(name, commitment))
                tables["standings"] += [
                    standing_row(s, name, commitment, target) for s in case.standings
                ]
        for i, party in enumerate(parties):
            per_party[i].append(CommitmentResult(commitment, results[i]))
            name = None if party is None else party["id"]
            tables["commitments"].append(per_party[i][-1].row(name))
    for party, found in zip(parties, per_party, strict=True):
        tables["summary"].append(summary_row(None if party is None else party["id"], found))
    return {**tables, "unassigned": unassigned(plan, current, as_of)}


def unassigned(plan: dict[str, Any], current: list[Event], as_of: date) -> list[str]:
    """Return the ids of the events so far whose kind no target selects."""
    kinds = {
        kind
        for commitment in plan.get("commitment", [])
        for target in commitment.get("target", [])
        for part in parts_of(target)
        for kind in kinds_of(part)
    }
    return [event.id for event in current if event.kind not in kinds and event.date <= as_of]
