"""Plans judged in pieces and on two threads say what they say as a whole."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from reference.generator import random_case

import partybuild as pb
from partybuild import grid
from partybuild.assessment import rollup
from partybuild.mappings import plan_from_mapping
from partybuild.reduce import facts, reduction

TABLES = ("standings", "targets", "commitments", "summary", "shortfalls", "outlook", "problems")


def tables(seed: int) -> dict[str, pd.DataFrame]:
    plan, events, as_of, known_at, by, organisations = random_case(seed)
    frame = pd.DataFrame(events) if events else pd.DataFrame(columns=["id", "kind", "date"])
    asked = {"as_of": as_of, "known_at": known_at, "by": by, "organisations": organisations}
    found = pb.assess(plan_from_mapping(plan), frame, **asked)
    return {table: getattr(found, table) for table in TABLES}


@pytest.mark.parametrize("seed", range(40))
def test_pieces_and_threads_change_nothing(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tables(seed)
    monkeypatch.setattr(grid, "_BLOCK", 1)
    monkeypatch.setattr(facts, "_SMALL", -1)
    monkeypatch.setattr(facts, "LARGE", 0)
    monkeypatch.setattr(reduction, "LARGE", 0)
    in_pieces = tables(seed)
    monkeypatch.setattr(rollup, "_WIDEST", 0)
    one_by_one = tables(seed)
    for table, want in whole.items():
        assert_frame_equal(in_pieces[table], want)
        assert_frame_equal(one_by_one[table], want)
