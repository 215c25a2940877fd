"""Laws that hold for every plan and every set of events, tried on random ones.

The plans come from the generator of the reference evaluator: all measures, goals, cadences,
rosters, revisions, with events that were corrected, withdrawn, entered late or misspelt.
"""

from __future__ import annotations

import datetime as dt
import os
import random
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reference.generator import ORGANISATIONS, random_case

import partybuild as pb
from partybuild.assessment.rules import STATUSES
from partybuild.mappings import plan_from_mapping
from partybuild.periods import CADENCES, Cadence, Period

FRAMES = ("standings", "targets", "commitments", "summary")
SEEDS = st.integers(0, 10**6)
#: How many random plans each law is tried on.
SOME = settings(max_examples=int(os.environ.get("PARTYBUILD_LAWS", "10")))
DAYS = st.dates(dt.date(1990, 1, 1), dt.date(2389, 12, 31))

Row = dict[str, Any]


class Drawn:
    """A random plan with its events, and what is asked about it."""

    def __init__(self, seed: int) -> None:
        self.mapping, self.rows, self.as_of, self.known_at, self.by, self.organisations = (
            random_case(seed)
        )
        self.plan = plan_from_mapping(self.mapping)
        self.rng = random.Random(seed)

    def assess(self, rows: list[Row] | None = None, **other: Any) -> pb.Assessment:
        chosen = self.rows if rows is None else rows
        frame = pd.DataFrame(chosen) if chosen else pd.DataFrame(columns=["id", "kind", "date"])
        asked = {
            "as_of": self.as_of,
            "known_at": self.known_at,
            "by": self.by,
            "organisations": self.organisations,
        }
        return pb.assess(other.pop("plan", self.plan), frame, **{**asked, **other})


def assert_same(one: pb.Assessment, other: pb.Assessment) -> None:
    for name in FRAMES:
        left, right = getattr(one, name), getattr(other, name)
        pd.testing.assert_frame_equal(left, right, rtol=1e-9, atol=1e-9, obj=name)


# -- windows ------------------------------------------------------------------------------


@given(st.sampled_from(CADENCES), DAYS, st.integers(0, 900))
def test_windows_tile_the_span(per: str, start: dt.date, days: int) -> None:
    span = Period(start, start + dt.timedelta(days=days))
    windows = Cadence(per).windows(span)
    assert windows[0].period.start == span.start
    assert windows[-1].period.end == span.end
    for before, after in pairwise(windows):
        assert after.period.start == before.period.end + dt.timedelta(days=1)
    for window in windows:
        assert window.whole.start <= window.period.start <= window.period.end <= window.whole.end
    assert all(window.period == window.whole for window in windows[1:-1])
    assert len({window.label for window in windows}) == len(windows)


@given(
    st.sampled_from(["FREQ=MONTHLY;BYMONTHDAY=25", "FREQ=WEEKLY;INTERVAL=2", "FREQ=MONTHLY"]),
    DAYS,
    st.integers(31, 700),
)
def test_windows_of_a_rule_tile_what_follows_its_first_day(
    rule: str, start: dt.date, days: int
) -> None:
    span = Period(start, start + dt.timedelta(days=days))
    windows = Cadence(None, rule).windows(span)
    assert windows[0].period.start >= span.start
    assert windows[-1].period.end == span.end
    for before, after in pairwise(windows):
        assert after.period.start == before.period.end + dt.timedelta(days=1)


@SOME
@given(SEEDS)
def test_standings_of_a_calendar_cadence_tile_the_span_of_their_target(seed: int) -> None:
    drawn = Drawn(seed)
    standings = drawn.assess().standings
    for target in drawn.plan.targets:
        if target.each or target.partial == "skip" or target.cadence.rule:
            continue
        rows = standings[standings["target"] == target.id]
        one = rows[rows["organisation"].isna()] if drawn.by is None else rows
        days = (one["end"] - one["start"]).dt.days + 1
        span = target.span(drawn.plan.period)
        assert span is not None
        assert days.sum() == span.days * max(1, rows["organisation"].nunique())


# -- what must change nothing ---------------------------------------------------------------


def later_events(drawn: Drawn) -> list[Row]:
    """Further events, each dated after as_of."""
    return [
        {
            **row,
            "id": f"later{at}",
            "date": drawn.as_of + dt.timedelta(days=1 + at % 50),
            "end": drawn.as_of + dt.timedelta(days=60),
            "recorded_at": row["date"],
        }
        for at, row in enumerate(drawn.rows)
    ]


@SOME
@given(SEEDS)
def test_events_after_as_of_change_nothing(seed: int) -> None:
    drawn = Drawn(seed)
    one = drawn.assess()
    other = drawn.assess([*later_events(drawn), *drawn.rows])
    assert_same(one, other)
    assert one.events_unassigned["id"].tolist() == other.events_unassigned["id"].tolist()
    for name in ("shortfalls", "outlook"):
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))


@SOME
@given(SEEDS)
def test_days_after_as_of_of_events_that_go_on_change_nothing(seed: int) -> None:
    drawn = Drawn(seed)
    cut = [
        {**row, "end": min(row["end"], max(drawn.as_of, row["date"]))} if row.get("end") else row
        for row in drawn.rows
    ]
    assert_same(drawn.assess(), drawn.assess(cut))


@SOME
@given(SEEDS)
def test_the_order_of_rows_changes_nothing(seed: int) -> None:
    drawn = Drawn(seed)
    # a moment of recording for each row, so that ties never ask for the place of a row
    base = dt.datetime(2020, 1, 1)
    moments = drawn.rng.sample(range(10**6), len(drawn.rows))
    rows = [
        {**row, "recorded_at": base + dt.timedelta(minutes=moment)}
        for row, moment in zip(drawn.rows, moments, strict=True)
    ]
    shuffled = drawn.rng.sample(rows, len(rows))
    assert_same(drawn.assess(rows), drawn.assess(shuffled))


@SOME
@given(SEEDS)
def test_a_kind_that_nobody_asks_for_changes_nothing_but_problems(seed: int) -> None:
    drawn = Drawn(seed)
    more = [{**row, "id": f"x{at}", "kind": "无关"} for at, row in enumerate(drawn.rows)]
    one, other = drawn.assess(), drawn.assess([*drawn.rows, *more])
    assert_same(one, other)
    strays = other.events_unassigned
    assert set(strays["kind"]) - set(one.events_unassigned["kind"]) <= {"无关"}
    if "无关" in set(strays["kind"]):
        assert "无关" in set(other.problems.loc[other.problems["code"] == "unassigned", "read"])


@SOME
@given(SEEDS)
def test_superseded_and_voided_rows_leave_no_trace(seed: int) -> None:
    """Every event is first written down wrongly, and every other one invented and withdrawn."""
    drawn = Drawn(seed)
    early = dt.datetime(2000, 1, 1)
    wrong = [
        {**row, "quantity": 999, "subject": "误", "void": False, "recorded_at": early}
        for row in drawn.rows
    ]
    invented = [
        version
        for at, row in enumerate(drawn.rows)
        for version in (
            {**row, "id": f"v{at}", "recorded_at": early, "void": False},
            {**row, "id": f"v{at}", "recorded_at": early, "void": True},
        )
    ]
    asked = {"known_at": None}
    assert_same(drawn.assess(**asked), drawn.assess([*wrong, *invented, *drawn.rows], **asked))


@SOME
@given(SEEDS)
def test_known_at_the_last_recording_is_no_restriction(seed: int) -> None:
    drawn = Drawn(seed)
    recorded = [row.get("recorded_at") or row["date"] for row in drawn.rows]
    days = [one.date() if isinstance(one, dt.datetime) else one for one in recorded]
    last = max(days, default=drawn.as_of)
    assert_same(drawn.assess(known_at=None), drawn.assess(known_at=last))


@SOME
@given(SEEDS)
def test_known_at_is_the_table_as_it_stood_then(seed: int) -> None:
    drawn = Drawn(seed)
    day = drawn.known_at or drawn.as_of

    def was_there(row: Row) -> bool:
        recorded = row.get("recorded_at") or row["date"]
        return (recorded.date() if isinstance(recorded, dt.datetime) else recorded) <= day

    then = [row for row in drawn.rows if was_there(row)]
    assert_same(drawn.assess(known_at=day), drawn.assess(then, known_at=None))


@SOME
@given(SEEDS, st.sampled_from(["plan.toml", "plan.json"]))
def test_a_plan_written_and_read_gives_the_same_assessment(seed: int, name: str) -> None:
    drawn = Drawn(seed)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        pb.write_plan(drawn.plan, path)
        again = pb.read_plan(path)
    assert again == drawn.plan
    one, other = drawn.assess(), drawn.assess(plan=again)
    assert_same(one, other)
    assert one.plan_digest == other.plan_digest


@SOME
@given(SEEDS)
def test_asking_twice_and_asking_in_another_order(seed: int) -> None:
    drawn = Drawn(seed)
    one, other = drawn.assess(), drawn.assess()
    assert list(other.summary.columns) == list(one.summary.columns)  # the last frame first
    assert_same(other, one)


# -- what must add up ------------------------------------------------------------------------


@SOME
@given(SEEDS)
def test_organisations_add_up(seed: int) -> None:
    """Counts and totals add up; different days and names at most (a day may belong to two)."""
    drawn = Drawn(seed)
    rows = [{**row, "organisation": drawn.rng.choice(ORGANISATIONS)} for row in drawn.rows]
    whole = drawn.assess(rows, by=None, organisations=None).standings
    parts = drawn.assess(rows, by="organisation", organisations=list(ORGANISATIONS)).standings
    for target in drawn.plan.targets:
        if target.each or target.entries or target.measure not in ("count", "total", "days"):
            continue
        wanted = whole[whole["target"] == target.id].reset_index(drop=True)
        own = parts[parts["target"] == target.id]
        sums = own.groupby("start")["actual"].agg(lambda one: one.sum(min_count=1)).to_numpy()
        if target.measure == "days":
            assert np.all(np.nan_to_num(wanted["actual"]) <= np.nan_to_num(sums))
        else:
            np.testing.assert_allclose(wanted["actual"], sums, rtol=1e-9, atol=1e-9)
        np.testing.assert_array_equal(
            wanted["events"], own.groupby("start")["events"].sum().to_numpy()
        )


@SOME
@given(SEEDS)
def test_the_windows_of_a_cadence_add_up_to_the_year(seed: int) -> None:
    """A count, total or number of days by month is, summed, that of one window."""
    drawn = Drawn(seed)
    mapping = {**drawn.mapping, "commitment": []}
    pairs = []
    for target in drawn.plan.targets:
        if target.measure in ("count", "total", "days"):
            common = {
                key: getattr(target, key)
                for key in ("measure", "kind", "where", "unit", "entries", "start", "end")
                if getattr(target, key)
            }
            common["kind"] = list(target.kinds)
            pairs.append(
                [{"id": "whole", **common}, {"id": "months", "per": "month", **common}],
            )
    mapping["commitment"] = [{"id": str(at), "target": pair} for at, pair in enumerate(pairs)]
    targets = drawn.assess(plan=plan_from_mapping(mapping)).targets
    wide = targets.pivot_table(
        index=["commitment", "organisation"] if drawn.by else ["commitment"],
        columns="target",
        values="actual",
        observed=True,
        aggfunc="sum",
    )
    if len(wide):
        np.testing.assert_allclose(wide["whole"], wide["months"], rtol=1e-9, atol=1e-9)


# -- what every standing and roll-up must keep ------------------------------------------------


@SOME
@given(SEEDS)
def test_nobody_is_short_and_ahead_at_once(seed: int) -> None:
    drawn = Drawn(seed)
    standings = drawn.assess().standings
    short, surplus = standings["shortfall"], standings["surplus"]
    assert (short.dropna() >= 0).all()
    assert (surplus.dropna() >= 0).all()
    assert ((short.fillna(0) * surplus.fillna(0)) == 0).all()


@SOME
@given(SEEDS)
def test_none_is_unknown_and_nothing_else(seed: int) -> None:
    drawn = Drawn(seed)
    standings = drawn.assess().standings
    status = standings["status"].astype(str)
    silent = status.isin(["waived", "upcoming", "unquantified", "no_data"])
    same = pd.Series(False, index=standings.index)
    for target in drawn.plan.targets:
        if isinstance(target.baseline, int | float) and target.measure != "growth":
            own = standings["target"] == target.id
            is_band = target.goal in ("exactly", "about", "between")
            gap = (standings["required"] - float(target.baseline)).abs()
            margin = 1e-9 * standings["required"].abs().clip(lower=1)
            same |= own & (gap <= margin) & (not is_band)
    revised = {target.id for target in drawn.plan.targets if target.revisions}
    known = ~standings["target"].astype(str).isin(revised)  # a revision may turn a band round
    assert (standings["completion"].isna() == (silent | same))[known].all()
    assert (standings["shortfall"].isna() == silent).all()
    assert standings.loc[status == "no_data", "actual"].isna().all()
    assert standings.loc[status == "upcoming", "actual"].isna().all()
    judged = ~silent & (status != "upcoming")
    assert standings.loc[judged, "actual"].notna().all()
    assert standings.loc[silent, "surplus"].isna().all()
    assert standings["required"].isna().equals(status.isin(["waived"]) | no_goal(standings))
    assert np.isfinite(standings.select_dtypes("number").fillna(0)).all(axis=None)


def no_goal(standings: pd.DataFrame) -> Any:
    """Where no number was promised; windows to come of such a target ask for none either."""
    empty = standings["original"].isna() & standings["required"].isna()
    return empty | (standings["status"].astype(str) == "unquantified")


@SOME
@given(SEEDS)
def test_met_is_complete_and_missed_is_not(seed: int) -> None:
    drawn = Drawn(seed)
    standings = drawn.assess().standings
    plain = {target.id for target in drawn.plan.targets if target.baseline is None}
    status = standings["status"].astype(str)
    own = standings["target"].astype(str).isin(plain)
    met = standings[own & (status == "met")]
    assert (met["completion"] >= 1 - 1e-8).all()
    assert (met["shortfall"] == 0).all()
    is_short = status.isin(["missed", "breached", "behind"]) & standings["shortfall"].gt(1e-8)
    lost = standings[own & is_short]
    assert (lost["completion"] < 1).all()
    late = standings[status == "late"]
    assert (late["shortfall"] == 0).all()
    assert not standings.loc[status.isin(["met", "late", "breached"]), "recoverable"].any()


@SOME
@given(SEEDS)
def test_roll_ups_follow_from_their_rows(seed: int) -> None:
    drawn = Drawn(seed)
    assessment = drawn.assess()
    targets, commitments = assessment.targets, assessment.commitments
    assert targets["completion"].dropna().between(0, 1).all()
    assert (targets["windows_met"] + targets["windows_missed"] <= targets["windows"]).all()
    assert (targets["windows_due"] <= targets["windows"]).all()
    members = targets[["members", "members_met"]].dropna()
    assert (members["members_met"] <= members["members"]).all()
    rank = {name: at for at, name in enumerate(STATUSES)}
    keys = ["commitment", "organisation"]
    worst = (
        targets.astype(dict.fromkeys(keys, "str"))
        .assign(rank=[rank[str(one)] for one in targets["status"]])
        .fillna({"organisation": "-"})
        .groupby(keys, sort=False)["rank"]
        .min()
    )
    for row in commitments.itertuples():
        place = row.organisation if isinstance(row.organisation, str) else "-"
        wanted = worst.get((str(row.commitment), place), rank["qualitative"])
        assert rank[str(row.status)] == wanted
    sizes = {one.id: len(one.targets) for one in drawn.plan.commitments}
    assert all(row.targets == sizes[row.commitment] for row in commitments.itertuples())
    counts = assessment.summary[list(STATUSES)].sum(axis=1)
    assert (counts == len(drawn.plan.commitments)).all()
    begun = assessment.standings[assessment.standings["start"] <= pd.Timestamp(drawn.as_of)]
    short = begun.groupby("target", observed=False)["shortfall"].sum()
    total = targets.groupby("target", observed=False)["shortfall"].sum()
    np.testing.assert_allclose(short.sum(), total.sum(), rtol=1e-9, atol=1e-9)


# -- line by line -------------------------------------------------------------------------------

COUNTED = ("counted", "nil-report", "earlier-reading")


@SOME
@given(SEEDS)
def test_explain_names_the_events_that_were_counted(seed: int) -> None:
    drawn = Drawn(seed)
    assessment = drawn.assess()
    standings = assessment.standings
    for at in drawn.rng.sample(range(len(standings)), min(12, len(standings))):
        row = standings.iloc[at]
        asked = {
            "organisation": None if pd.isna(row.organisation) else row.organisation,
            "subject": None if pd.isna(row.subject) else row.subject,
        }
        lines = assessment.explain(row.target, window=row.window, **asked)
        counted = lines[lines["reason"].isin(COUNTED)]
        assert len(counted) == row.events, (row.to_dict(), lines.to_dict("records"))
        if row.events:
            assert counted["date"].max() == row.last_event


@SOME
@given(SEEDS)
def test_explain_counts_no_event_that_no_window_has(seed: int) -> None:
    """Asked about the whole target: as many lines count as its standings have events."""
    drawn = Drawn(seed)
    assessment = drawn.assess()
    for target in drawn.plan.targets:
        parts = [part for part in (target.numerator, target.denominator, target.of) if part]
        is_lasting = "days" in {target.measure, *(part.measure for part in parts)}
        if target.each or is_lasting or drawn.by:
            continue  # one line may count for several members, or in several windows
        lines = assessment.explain(target.id)
        own = assessment.standings[assessment.standings["target"] == target.id]
        assert lines["reason"].isin(COUNTED).sum() == own["events"].sum()


@SOME
@given(SEEDS)
def test_explain_speaks_of_every_record_of_the_kinds(seed: int) -> None:
    drawn = Drawn(seed)
    assessment = drawn.assess()
    kinds = [str(row.get("kind")) for row in drawn.rows]
    for target in drawn.plan.targets:
        lines = assessment.explain(target.id)
        assert len(lines) == sum(kind in target.kinds for kind in kinds)
        assert lines["why"].notna().all()
        assert (lines["row"].diff().dropna() > 0).all()


# -- frames of nothing ----------------------------------------------------------------------------

NOTHING = {
    "no events": {"commitment": [{"id": "1", "target": [{"id": "t", "at_least": 1}]}]},
    "no commitments": {"commitment": []},
    "no targets": {"commitment": [{"id": "1"}]},
    "no members": {"commitment": [{"id": "1", "target": [{"id": "t", "each": "nobody"}]}]},
    "no windows": {
        "commitment": [
            {
                "id": "1",
                "target": [
                    {
                        "id": "t",
                        "at_least": 1,
                        "per": "month",
                        "start": dt.date(2021, 2, 3),
                        "end": dt.date(2021, 2, 4),
                        "partial": "skip",
                    }
                ],
            }
        ]
    },
}
ALL_FRAMES = (*FRAMES, "shortfalls", "outlook", "problems", "events_unassigned")


def bare(data: Row, **asked: Any) -> pb.Assessment:
    for commitment in data["commitment"]:
        for target in commitment.get("target", []):
            target |= {"measure": "count", "kind": "会"}
    plan = {"id": "p", "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)}
    return pb.assess(
        plan_from_mapping({"plan": plan, "rosters": {"nobody": []}, **data}),
        pd.DataFrame(columns=["id", "kind", "date"]),
        as_of="2021-06-30",
        **asked,
    )


@pytest.mark.parametrize("name", ALL_FRAMES)
@pytest.mark.parametrize("case", NOTHING)
@pytest.mark.parametrize("by", [None, "organisation"])
def test_columns_and_dtypes_are_the_same_when_there_is_nothing(
    case: str, name: str, by: str | None
) -> None:
    drawn = Drawn(3)
    asked = {} if by is None else {"by": by, "organisations": ["东"]}
    full = getattr(drawn.assess(known_at=None, by=None, organisations=None), name)
    empty = getattr(bare(NOTHING[case], **asked), name)
    extra = [one for one in full.columns if one not in empty.columns]
    assert extra in ([], ["层级"])  # an attribute column is the events' own
    assert list(empty.columns) == [one for one in full.columns if one not in extra]
    wanted = {one: str(full[one].dtype) for one in empty.columns}
    assert {one: str(empty[one].dtype) for one in empty.columns} == wanted


def test_no_organisation_at_all() -> None:
    nobody = bare(NOTHING["no events"], by="organisation", organisations=[])
    for name in ALL_FRAMES[:6]:
        assert len(getattr(nobody, name)) == 0
        assert len(getattr(nobody, name).columns) > 5


def test_the_frames_are_the_reader_s_own() -> None:
    """Numbers are numbers, days are days, names are categories; missing is missing."""
    standings = Drawn(3).assess().standings
    assert {str(standings[one].dtype) for one in ("start", "end", "last_event")} == {
        "datetime64[us]"
    }
    figures = ("required", "original", "actual", "completion", "expected", "shortfall", "surplus")
    assert {str(standings[one].dtype) for one in figures} == {"float64"}
    assert str(standings["recoverable"].dtype) == "bool"
    assert {str(standings[one].dtype) for one in ("days_left", "events")} == {"int64"}
