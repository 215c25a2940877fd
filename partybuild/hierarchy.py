"""Organisations above organisations: roll-ups to county, city and province, and league tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs
import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment, assess, checked_assessment
from partybuild.assessment.rules import LIGHTS, STATUSES
from partybuild.errors import UsageError
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.target import Target

_KEYS = ["commitment", "target"]
_VERDICTS = tuple(status for status in STATUSES if status != "qualitative")

#: Additive measures whose values of different organisations simply add up.
_SUMMED = ("count", "total", "days")
#: Measures that are taken anew over the events of all organisations below.
_POOLED = ("distinct", "ratio", "mean", "max", "min")


def roll_up(assessment: Assessment) -> pd.DataFrame:
    """Bring the organisations of an assessment together under each one above them.

    The hierarchy is that of `parent` on the plan's roster ``organisations``. What
    is brought together are the organisations without any below them. Sums add;
    different subjects are united; ratios, means, highest and lowest values are
    taken over the events of all of them together, never as a mean of means;
    verdicts are counted. The last reading of many organisations has no meaning,
    so `latest`, milestones and growth on a fixed baseline have no `actual`.

    One row for every organisation above others x target, from the top down.
    Columns: organisation, depth (0: the top), organisations (how many are brought
    together), commitment, target, name, unit, measure, required (the sum of
    theirs; of a level the goal, where it is the same), actual, completion (their
    mean), one column for every status with the number of organisations that have
    it, and share_met (of those that are judged).

    Raises `UsageError` for an assessment of the whole plan, and without parents.

    >>> towns = [{"id": "县"}, {"id": "甲镇", "parent": "县"}, {"id": "乙镇", "parent": "县"}]
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31",
    ...     rosters={"organisations": towns}, commitment=[{"id": "1", "target": [
    ...         {"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> events = pd.DataFrame({"id": ["a", "b"], "kind": ["督查"] * 2,
    ...     "date": ["2021-03-05"] * 2, "organisation": ["甲镇"] * 2})
    >>> year = assess(plan, events, as_of="2021-12-31", by="organisation")
    >>> roll_up(year)[["organisation", "required", "actual", "met", "missed"]].values.tolist()
    [['县', 4.0, 2.0, 1, 1]]
    """
    if not checked_assessment(assessment).organisations:
        raise UsageError('roll_up: needs an assessment with by="organisation"')
    parents = _parents(assessment.plan)
    leaves = _leaves(assessment, parents)
    depths = _depths(parents)
    above = {leaf: _ancestors(leaf, parents) for leaf in leaves}
    nodes = [name for name in parents if any(name in line for line in above.values())]
    if not nodes:
        raise UsageError("roll_up: no organisation of the roster has a parent")
    nodes.sort(key=lambda name: depths[name])
    frames = [
        _node_rows(assessment, node, [leaf for leaf in leaves if node in above[leaf]])
        for node in nodes
    ]
    frame = pd.concat(frames, ignore_index=True)
    frame = frame.assign(depth=[depths[name] for name in frame["organisation"]])
    _pool(assessment, frame, (above, depths))
    return frame[list(_columns())]


def _columns() -> tuple[str, ...]:
    shown = ("organisation", "depth", "organisations", *_KEYS, "name", "unit", "measure")
    return (*shown, "required", "actual", "completion", *_VERDICTS, "share_met")


def _parents(plan: Plan) -> dict[str, str | None]:
    """The organisation above each one; those above that are no members count too."""
    roster = plan.rosters.get(ORGANISATIONS, ())
    parents: dict[str, str | None] = {member.id: member.parent for member in roster}
    for parent in list(parents.values()):
        if parent is not None:
            parents.setdefault(parent, None)
    return parents


def _leaves(assessment: Assessment, parents: Mapping[str, str | None]) -> list[str]:
    above = set(parents.values())
    return [name for name in assessment.organisations if name not in above]


def _ancestors(name: str, parents: Mapping[str, str | None]) -> list[str]:
    """Those above `name`, the nearest first."""
    line = []
    above = parents.get(name)
    while above is not None:
        line.append(above)
        above = parents.get(above)
    return line


def _depths(parents: Mapping[str, str | None]) -> dict[str, int]:
    return {name: len(_ancestors(name, parents)) for name in parents}


def _node_rows(assessment: Assessment, node: str, leaves: list[str]) -> pd.DataFrame:
    """The targets of one organisation above others, without what has to be pooled."""
    own = assessment.targets
    own = own[own["organisation"].isin(leaves)]
    grouped = own.groupby(_KEYS, observed=True, sort=False)
    frame = grouped[["name", "unit", "measure"]].first()
    frame["actual"] = grouped["actual"].sum(min_count=1)
    frame["completion"] = grouped["completion"].mean()
    frame["required"] = grouped["required"].sum(min_count=1)
    # a level that is asked of each in its own way is asked of all in none
    is_same = grouped["required"].min() == grouped["required"].max()
    first = grouped["required"].first().where(is_same)
    is_sum = frame["measure"].isin([*_SUMMED, "distinct"])
    frame["required"] = frame["required"].where(is_sum, first)
    frame["actual"] = frame["actual"].where(frame["measure"].isin(_SUMMED))
    for status in _VERDICTS:
        is_it = own["status"] == status
        frame[status] = is_it.groupby([own[key] for key in _KEYS], observed=True, sort=False).sum()
    judged = frame[list(_VERDICTS)].drop(columns=["waived", "unquantified", "upcoming"]).sum(axis=1)
    frame["share_met"] = np.where(
        judged > 0, (frame["met"] + frame["late"]) / np.maximum(1, judged), np.nan
    )
    return frame.reset_index().assign(organisation=node, organisations=len(leaves))


def _pool(
    assessment: Assessment,
    frame: pd.DataFrame,
    told: tuple[Mapping[str, list[str]], Mapping[str, int]],
) -> None:
    """Fill in what is taken anew over all events below, one run for each depth."""
    above, depths = told
    wanted = {
        (owner.id, target.id)
        for owner in assessment.plan.commitments
        for target in owner.targets
        if _is_pooled(target)
    }
    if not wanted:
        return
    for depth in sorted({depths[name] for name in frame["organisation"]}):
        at_depth = {
            leaf: next((name for name in line if depths[name] == depth), None)
            for leaf, line in above.items()
        }
        actual = _pooled_actuals(assessment, at_depth)
        places = zip(frame["organisation"], frame["commitment"], frame["target"], strict=True)
        for row, (node, commitment, target) in enumerate(places):
            if depths[node] == depth and (commitment, target) in wanted:
                frame.loc[row, "actual"] = actual[(node, commitment, target)]


def _is_pooled(target: Target) -> bool:
    is_growth = target.measure == "growth" and target.baseline == "previous"
    return target.each is None and (target.measure in _POOLED or is_growth)


def _pooled_actuals(
    assessment: Assessment, at_depth: Mapping[str, str | None]
) -> dict[tuple[str, str, str], float]:
    names = assessment.grid.organisation_names
    ids = assessment.grid.organisations
    moved = {
        name: at_depth[str(ids[place])] for name, place in names.items() if ids[place] in at_depth
    }
    plan = attrs.evolve(
        assessment.plan,
        commitment=tuple(
            attrs.evolve(one, target=tuple(filter(_is_pooled, one.targets)))
            for one in assessment.plan.commitments
        ),
    )
    events = assessment.events_of(plan.kinds)
    events = events.assign(organisation=events["organisation"].map(moved).astype("str"))
    nodes = list(dict.fromkeys(name for name in at_depth.values() if name is not None))
    pooled = assess(
        plan,
        events,
        as_of=assessment.as_of,
        known_at=assessment.known_at,
        by="organisation",
        organisations=nodes,
    ).targets
    keys = zip(pooled["organisation"], pooled["commitment"], pooled["target"], strict=True)
    return dict(zip(keys, pooled["actual"], strict=True))


def league_table(assessment: Assessment) -> pd.DataFrame:
    """Rank the organisations of an assessment, the worst first.

    Columns: rank (1: the best; equal completions share a rank), organisation,
    parent, completion, red, yellow, green, grey (how many targets have that
    light). Ordered by completion (those that have none first, and last in rank), then
    by red lights. From a red cell
    ``assessment.explain(target, organisation=...)`` leads to the events behind it.

    Raises `UsageError` for an assessment of the whole plan.

    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 2}]}])
    >>> events = pd.DataFrame({"id": ["a", "b"], "kind": ["督查"] * 2,
    ...     "date": ["2021-03-05"] * 2, "organisation": ["甲镇"] * 2})
    >>> year = assess(plan, events, as_of="2021-12-31", by="organisation",
    ...               organisations=["甲镇", "乙镇"])
    >>> league_table(year)[["rank", "organisation", "red", "green"]].values.tolist()
    [[2, '乙镇', 1, 0], [1, '甲镇', 0, 1]]
    """
    if not checked_assessment(assessment).organisations:
        raise UsageError('league_table: needs an assessment with by="organisation"')
    lights = pd.crosstab(
        assessment.targets["organisation"].astype("str"), assessment.targets["light"].astype("str")
    )
    parents = _parents(assessment.plan)
    summary = assessment.summary[["organisation", "completion"]]
    names = summary["organisation"].astype("str")
    counts: dict[str, Any] = {
        light: [int(lights[light].get(name, 0)) if light in lights else 0 for name in names]
        for light in LIGHTS
    }
    above = pd.Series([parents.get(name) for name in names], index=summary.index, dtype="str")
    frame = summary.assign(parent=above, **counts)
    rank = frame["completion"].round(9).rank(ascending=False, method="min", na_option="bottom")
    frame.insert(0, "rank", rank.astype("int64"))
    by = ["completion", "red"]
    order = frame.sort_values(by, ascending=[True, False], kind="stable", na_position="first")
    columns = ["rank", "organisation", "parent", "completion", *LIGHTS]
    return order[columns].reset_index(drop=True)
