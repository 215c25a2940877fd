"""A band exceeded in one window and missed in the next is told window by window."""

from __future__ import annotations

import pandas as pd
import pytest

import partybuild as pb


@pytest.mark.parametrize(
    ("lang", "told"),
    [
        ("zh", "上半年超1次、下半年差3次，已无法挽回"),
        ("en", "the first half-year (1 次 over), the second half-year (3 次 short)"),
    ],
)
def test_each_window_has_its_own_side(lang: str, told: str) -> None:
    target = {
        "id": "t", "name": "研判会", "measure": "count", "kind": "研判", "between": [3, 5],
        "per": "half_year", "unit": "次",
    }  # fmt: skip
    plan = pb.Plan(
        id="p", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1", "target": [target]}]
    )
    events = pd.DataFrame({"id": list("abcdef"), "kind": "研判", "date": "2021-01-01"})
    assert told in pb.render_markdown(pb.assess(plan, events, as_of="2021-12-31"), lang=lang)
