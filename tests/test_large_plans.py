"""Plans judged in pieces and on two threads say what they say as a whole."""

from __future__ import annotations

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from reference.generator import random_case

import partybuild as pb
from partybuild import grid
from partybuild.assessment import frames, judge
from partybuild.mappings import plan_from_mapping
from partybuild.reduce import cells, coding, facts, layout, reduction

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
    monkeypatch.setattr(grid, "_WIDE", 1)
    monkeypatch.setattr(judge, "_STRIP", 1)
    monkeypatch.setattr(facts, "_SMALL", -1)
    monkeypatch.setattr(coding, "LARGE", 0)
    monkeypatch.setattr(facts, "LARGE", 0)
    monkeypatch.setattr(reduction, "LARGE", 0)
    monkeypatch.setattr(layout, "LARGE", 0)
    monkeypatch.setattr(layout, "_PIECE", 3)
    monkeypatch.setattr(layout, "_PIECE_OF_KIND", 1)
    monkeypatch.setattr(cells, "_FEW", 0)
    monkeypatch.setattr(frames, "LARGE", 0)
    monkeypatch.setattr(frames, "_BLOCK", 2)
    in_pieces = tables(seed)
    monkeypatch.setattr(grid, "_WIDE", 10**9)
    one_by_one = tables(seed)
    for table, want in whole.items():
        assert_frame_equal(in_pieces[table], want)
        assert_frame_equal(one_by_one[table], want)


@pytest.mark.parametrize(
    "texts",
    [
        pd.Series(["乙", None, "甲", "乙"], dtype="str"),
        pd.concat([pd.Series(["甲", "乙"]), pd.Series(["丙", "甲", None])]),
        pd.Series([None, None], dtype="str"),
        pd.Series([], dtype="str"),
        pd.Series(["甲", None], dtype=object),
        pd.Series(["甲", None, "乙"], dtype="category"),
    ],
)
def test_long_texts_are_numbered_like_short_ones(
    texts: pd.Series[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(coding, "LARGE", 0)
    found = coding.coded(texts.array)
    got = [None if code < 0 else found.words[code] for code in found.codes]
    assert got == [None if pd.isna(text) else text for text in texts]
