"""The library and the reference evaluator agree on random plans, cell by cell.

`PARTYBUILD_PLANS` sets how many plans are compared (default 600; CI takes 1,000).
"""

from __future__ import annotations

import datetime as dt
import math
import os
from collections.abc import Iterator
from typing import Any

import pandas as pd
import pytest
from reference.evaluator import evaluate
from reference.generator import random_case

from partybuild.assessment.assessment import Assessment, assess
from partybuild.mappings import plan_from_mapping

PLANS = int(os.environ.get("PARTYBUILD_PLANS", "600"))
BATCH = 100

KEYS = {
    "standings": ("commitment", "target", "organisation", "subject", "start", "end"),
    "targets": ("commitment", "target", "organisation"),
    "commitments": ("commitment", "organisation"),
    "summary": ("organisation",),
}
FREE = ("window",)  # the label of a window is the library's own


def plain(value: Any) -> Any:
    """None for every way of being missing, a date for every way of being a day."""
    if value is None or value is pd.NaT or value is pd.NA:
        return None
    if isinstance(value, float) and math.isnan(value):
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value


def same(got: Any, want: Any) -> bool:
    got, want = plain(got), plain(want)
    if got is None or want is None or isinstance(got, bool | str | dt.date):
        return bool(got == want)
    return math.isclose(got, want, rel_tol=1e-9, abs_tol=1e-9)


def library(case: tuple[Any, ...]) -> Assessment:
    plan, events, as_of, known_at, by, organisations = case
    frame = pd.DataFrame(events) if events else pd.DataFrame(columns=["id", "kind", "date"])
    return assess(
        plan_from_mapping(plan),
        frame,
        as_of=as_of,
        known_at=known_at,
        by=by,
        organisations=organisations,
    )


def differences(seed: int) -> Iterator[str]:
    case = random_case(seed)
    wanted, assessment = evaluate(*case), library(case)
    for table, keys in KEYS.items():
        got = getattr(assessment, table).astype(object).to_dict("records")
        want = wanted[table]
        if len(got) != len(want):
            yield f"seed {seed}, {table}: {len(got)} rows, expected {len(want)}"
            continue
        for ours, theirs in zip(got, want, strict=True):
            for column in theirs:
                if column not in FREE and not same(ours[column], theirs[column]):
                    place = ", ".join(str(plain(ours[key])) for key in keys)
                    yield (
                        f"seed {seed}, {table} ({place}): {column} is {ours[column]!r}, "
                        f"expected {theirs[column]!r}"
                    )


@pytest.mark.parametrize("first", range(0, PLANS, BATCH))
def test_library_agrees_with_the_reference(first: int) -> None:
    found = [line for seed in range(first, first + BATCH) for line in differences(seed)]
    assert not found, "\n".join(found[:20])


def test_columns_are_those_of_the_contract() -> None:
    case = random_case(0)
    wanted, assessment = evaluate(*case), library(case)
    for table in KEYS:
        assert list(getattr(assessment, table).columns) == list(wanted[table][0]), table
