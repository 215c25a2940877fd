"""Which rows hold: history by id, void, and what was known when."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from partybuild.errors import Problem, UsageError
from partybuild.events import (
    COLUMNS,
    DTYPES,
    REQUIRED,
    EventDraft,
    current_events,
    empty_events,
    event_states,
    holding_rows,
)


def history(*rows: tuple[str, str, bool]) -> pd.DataFrame:
    """Rows of id, recorded_at, void, as far as identity needs them."""
    ids, times, voids = zip(*rows, strict=True) if rows else ((), (), ())
    return pd.DataFrame(
        {
            "id": pd.Series(ids, dtype="str"),
            "recorded_at": pd.to_datetime(list(times), format="ISO8601").astype("datetime64[us]"),
            "void": np.array(voids, dtype=bool),
        }
    )


def test_columns_and_types_are_those_of_the_contract() -> None:
    assert COLUMNS == (
        "id", "kind", "date", "end", "quantity", "unit", "subject", "organisation", "evidence",
        "note", "recorded_at", "void",
    )  # fmt: skip
    assert COLUMNS[:3] == REQUIRED
    frame = empty_events()
    assert tuple(frame.columns) == COLUMNS
    assert {name: str(dtype) for name, dtype in frame.dtypes.items()} == DTYPES


def test_the_latest_record_holds_wherever_it_stands() -> None:
    frame = history(("a", "2021-05-02", False), ("b", "2021-01-01", False),
                    ("a", "2021-05-01", False))  # fmt: skip
    assert event_states(frame).tolist() == ["holds", "holds", "superseded"]


def test_ties_go_to_the_later_row() -> None:
    frame = history(("a", "2021-05-01 09:00", False), ("a", "2021-05-01 09:00", False))
    assert holding_rows(frame).tolist() == [False, True]


def test_the_time_of_day_of_a_record_counts() -> None:
    frame = history(("a", "2021-05-01 09:01", False), ("a", "2021-05-01 09:00", False))
    assert holding_rows(frame).tolist() == [True, False]


def test_void_takes_the_event_out_and_may_be_taken_back() -> None:
    withdrawn = history(("a", "2021-05-01", False), ("a", "2021-05-02", True))
    assert event_states(withdrawn).tolist() == ["superseded", "void"]
    restored = history(*[("a", "2021-05-01", False), ("a", "2021-05-02", True)],
                       ("a", "2021-05-03", False))  # fmt: skip
    assert event_states(restored).tolist() == ["superseded", "superseded", "holds"]


def test_an_earlier_void_record_does_not_withdraw_a_later_one() -> None:
    frame = history(("a", "2021-05-02", False), ("a", "2021-05-01", True))
    assert event_states(frame).tolist() == ["holds", "superseded"]


def test_known_at_includes_its_whole_day_and_brings_the_earlier_record_back() -> None:
    frame = history(("a", "2021-05-01 10:00", False), ("a", "2021-05-02 00:00", True),
                    ("b", "2021-05-01 23:59:59.999999", False))  # fmt: skip
    assert event_states(frame, known_at="2021-05-01").tolist() == ["holds", "later", "holds"]
    assert event_states(frame, known_at=dt.date(2021, 5, 2)).tolist() == [
        "superseded", "void", "holds",
    ]  # fmt: skip


@pytest.mark.parametrize("known_at", ["2021-13-01", "soon", "", 1.5j])
def test_a_known_at_that_is_no_date_is_named(known_at: object) -> None:
    with pytest.raises(UsageError, match="known_at"):
        event_states(history(("a", "2021-05-01", False)), known_at=known_at)


def test_current_events_keeps_order_and_gives_a_fresh_index() -> None:
    frame = history(("b", "2021-05-01", True), ("a", "2021-05-01", False),
                    ("c", "2021-05-01", False))  # fmt: skip
    current = current_events(frame)
    assert current["id"].tolist() == ["a", "c"]
    assert current.index.tolist() == [0, 1]
    assert current_events(current) is current
    assert current_events(empty_events()).empty


ROWS = st.lists(
    st.tuples(
        st.sampled_from("abcd"),
        st.datetimes(dt.datetime(2021, 1, 1), dt.datetime(2021, 1, 3)).map(
            lambda moment: moment.replace(minute=0, second=0, microsecond=0).isoformat()
        ),
        st.booleans(),
    ),
    max_size=12,
)


@given(rows=ROWS, known_at=st.none() | st.dates(dt.date(2020, 12, 31), dt.date(2021, 1, 4)))
def test_identity_agrees_with_a_slow_reading_of_the_rule(rows: list, known_at: dt.date) -> None:
    states = ["later"] * len(rows)
    last: dict[str, int] = {}
    for place, (name, recorded, _) in enumerate(rows):
        if known_at is not None and recorded[:10] > known_at.isoformat():
            continue
        states[place] = "superseded"
        if name not in last or recorded >= rows[last[name]][1]:
            last[name] = place
    for place in last.values():
        states[place] = "void" if rows[place][2] else "holds"
    frame = history(*rows)
    assert event_states(frame, known_at=known_at).tolist() == states
    assert holding_rows(frame, known_at=known_at).tolist() == [s == "holds" for s in states]


@given(rows=ROWS, seed=st.randoms(use_true_random=False))
def test_the_order_of_rows_matters_only_for_ties(rows: list, seed: object) -> None:
    rows = list({row[:2]: row for row in rows}.values())
    shuffled = rows.copy()
    seed.shuffle(shuffled)
    first, second = history(*rows), history(*shuffled)
    held = {tuple(row) for row in first[holding_rows(first)].itertuples(index=False)}
    assert held == {tuple(row) for row in second[holding_rows(second)].itertuples(index=False)}


def test_a_draft_shows_itself_in_a_notebook_without_letting_cells_be_markup() -> None:
    fault = Problem(code="bad-date", message="not a date", read="<script>", row=2, column="date")
    frame = empty_events()
    draft = EventDraft(
        events=frame, rows=np.empty(0, np.int64), problems=(fault,) * 25, rows_in=25, source="a.csv"
    )
    html = draft._repr_html_()
    assert "<script>" not in html
    assert "row 2, column date" in html
    assert "and 5 more" in html
    assert repr(draft) == "<EventDraft of a.csv: 0 of 25 rows good, 25 problems>"
    assert not draft.ok


def test_warnings_leave_a_draft_ok() -> None:
    warning = Problem(code="doubtful-unit", message="look", severity="warning")
    draft = EventDraft(events=empty_events(), rows=np.empty(0, np.int64), problems=(warning,))
    assert draft.ok
    assert draft.errors == ()
