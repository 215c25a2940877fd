"""Made-up events and plans of any size, for the benchmarks: the same numbers on every run.

A country in small: events of 30 kinds spread evenly over a year and over
`organisations` townships, 200,000 different subjects, and plans whose targets
mix measures, quarterly and yearly windows.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from partybuild import Plan
from partybuild.mappings import plan_from_mapping

KINDS = tuple(f"事项{number:02d}" for number in range(30))
SUBJECTS = 200_000
YEAR = 2021
#: Columns beyond id, kind and date that the numbers depend on.
TEXTS = ("id", "kind", "organisation", "subject")


def organisation_names(organisations: int) -> list[str]:
    return [f"乡镇{number:05d}" for number in range(organisations)]


def _some(
    words: list[str], codes: np.ndarray[Any, Any], *, is_coded: bool
) -> pd.Series[str] | pd.Categorical:
    if is_coded:
        return pd.Categorical.from_codes(codes, categories=pd.Index(words, dtype="str"))
    array = pa.array(words).take(pa.array(codes))
    return pd.Series(pd.array(array.cast(pa.large_string()), dtype="str"))


def made_events(
    count: int, organisations: int, *, seed: int = 20210101, first: int = 0, is_coded: bool = False
) -> pd.DataFrame:
    """Return `count` canonical events, ids rising from `first`.

    `is_coded`: kind, subject and organisation as categories, without ever being texts.
    """
    rng = np.random.default_rng(seed)
    numbers = pc.utf8_lpad(pa.array(np.arange(first, first + count)).cast(pa.string()), 9, "0")
    ids = pc.binary_join_element_wise("e", numbers, "").cast(pa.large_string())
    days = rng.integers(0, 365, count, dtype=np.int32)
    date = (np.datetime64(f"{YEAR}-01-01", "D") + days).astype("datetime64[us]")
    blank = pd.Series(pd.array(pa.nulls(count, pa.large_string()), dtype="str"))
    some = partial(_some, is_coded=is_coded)
    return pd.DataFrame(
        {
            "id": pd.Series(pd.array(ids, dtype="str")),
            "kind": some(list(KINDS), rng.integers(0, len(KINDS), count)),
            "date": date,
            "end": date,
            "quantity": rng.integers(0, 40, count) / 4,
            "unit": blank,
            "subject": some(
                [f"户{number:06d}" for number in range(SUBJECTS)],
                rng.integers(0, SUBJECTS, count),
            ),
            "organisation": some(
                organisation_names(organisations), rng.integers(0, organisations, count)
            ),
            "evidence": blank,
            "note": blank,
            "recorded_at": date,
            "void": np.zeros(count, dtype=bool),
        },
        copy=False,
    )


def made_plan(targets: int, organisations: int, *, measures: tuple[str, ...] = ()) -> Plan:
    """Return a plan of `targets` targets over the kinds, one commitment for every five."""
    mixed = measures or ("count", "total", "count", "total", "distinct", "latest", "max", "count")
    goals = {"count": 2, "total": 6.0, "distinct": 2, "latest": 5.0, "max": 6.0, "mean": 4.0}
    commitments: list[dict[str, Any]] = []
    for number in range(targets):
        if number % 5 == 0:
            commitments.append({"id": f"c{number // 5}", "target": []})
        measure = mixed[number % len(mixed)]
        one: dict[str, Any] = {
            "id": f"t{number}",
            "measure": measure,
            "kind": KINDS[number * 7 % len(KINDS)],
            "at_least": goals[measure] + number // len(KINDS) % 3,
        }
        if number % 5:
            one["per"] = "quarter"
        commitments[-1]["target"].append(one)
    return plan_from_mapping(
        {
            "plan": {"id": "national", "start": f"{YEAR}-01-01", "end": f"{YEAR}-12-31"},
            "rosters": {"organisations": organisation_names(organisations)},
            "commitment": commitments,
        }
    )
