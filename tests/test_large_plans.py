"""Plans judged in pieces and on two threads say what they say as a whole."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from reference.generator import random_case

import partybuild as pb
from partybuild import grid
from partybuild.assessment import frames, judge
from partybuild.assessment.groups import Columns, Rows
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


@pytest.mark.parametrize("seed", range(10))
def test_groups_say_the_same_as_tables_and_as_rows(seed: int) -> None:
    rng = np.random.default_rng(seed)
    rows, number = int(rng.integers(1, 6)), int(rng.integers(1, 8))
    values = rng.choice([0.25, -1.5, 3.0, np.nan], (rows, number))
    mask = rng.random((rows, number)) < 0.5
    codes = rng.integers(0, 4, (rows, number)).astype(np.int8)
    tables, flat = Columns(number=number), Rows(of=np.tile(np.arange(number), rows), number=number)
    got = [tables.count(mask), tables.any(mask), tables.sum(values)]
    got += [tables.least(codes, default=3)]
    got += [np.broadcast_to(f(values, mask), number) for f in (tables.last, tables.first)]
    one = [each.reshape(-1) for each in (values, mask, codes)]
    want = [flat.count(one[1]), flat.any(one[1]), flat.sum(one[0])]
    want += [flat.least(one[2], default=3), flat.last(*one[:2]), flat.first(*one[:2])]
    for a, b in zip(got, want, strict=True):
        np.testing.assert_array_equal(a, b)


@pytest.mark.parametrize("size", [0, 1, 7, 40])
def test_pieces_are_laid_as_one_sort_would(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "_PIECE", 5)
    monkeypatch.setattr(layout, "_PIECE_OF_KIND", 1)
    rng = np.random.default_rng(size)
    of_row, day = rng.integers(0, 4, size).astype(np.uint8), rng.integers(0, 200, size)
    found = layout.Layout.of(of_row, 3)
    row, days = found.laid([coding.Narrow(offsets=day.astype(np.uint8), least=18_000)])
    order = np.argsort(of_row, kind="stable")[int((of_row == 0).sum()) :]
    assert row.tolist() == order.tolist()
    assert days.tolist() == (day[order] + 18_000).tolist()
    picked = np.zeros(len(row))
    found.pick(day.astype(np.float64), row, (picked, found.ends[0, [0, 2]].tolist()))
    is_wanted = np.isin(of_row[order], [1, 3])
    assert picked[is_wanted].tolist() == day[order][is_wanted].tolist()
