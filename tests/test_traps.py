"""Traps that trackers of promises fall into, each by its name.

The pages of `tests/answers/` have the small cases; here each trap is set as it comes up in an
office, and what a tracker that falls into it would say stands beside the answer.
"""

from __future__ import annotations

import ast
import datetime as dt
import time
from pathlib import Path

import pandas as pd
import pytest
from answers.pages import event_rows
from answers.small import assess, plan_of, row

import partybuild as pb

# -- as_of moved, or taken from the clock ------------------------------------------------

DRY = ("plan", "target", "goals", "roster", "periods", "measures", "events", "grid", "carry")
DRY_ROOMS = ("reduce", "assessment", "cells", "quantities", "report")
CLOCKS = {"today", "now", "utcnow", "time_ns", "localtime", "monotonic", "perf_counter", "getenv"}


def dry_files() -> list[Path]:
    room = Path(pb.__file__).parent
    files = [room / f"{name}.py" for name in DRY]
    return files + [path for name in DRY_ROOMS for path in sorted((room / name).rglob("*.py"))]


@pytest.mark.parametrize("path", dry_files(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_as_of_taken_from_the_clock(path: Path) -> None:
    """No room between the events and the report has a way to ask what day it is."""
    tree = ast.parse(path.read_text("utf-8"))
    called = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    imported = {
        alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert not (called | imported) & CLOCKS


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="the zone of the process cannot be set")
def test_the_zone_of_the_machine_moves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    plan = plan_of({"at_least": 2, "per": "month"}, {"measure": "milestone"})
    events = "2021-03-31T20:00:00Z, 04-30, 2021-04-30T17:00:00Z"

    def told() -> str:
        assessment = assess(plan, events, "2021-04-30")
        frames = [assessment.standings, assessment.shortfalls, assessment.outlook]
        return "".join(frame.to_csv() for frame in frames)

    try:
        texts = set()
        for zone in ("UTC", "Asia/Shanghai", "America/Los_Angeles", "Pacific/Kiritimati"):
            monkeypatch.setenv("TZ", zone)
            time.tzset()
            texts.add(told())
    finally:
        monkeypatch.undo()
        time.tzset()
    assert len(texts) == 1


def test_as_of_has_no_default() -> None:
    with pytest.raises(TypeError, match="as_of"):
        pb.assess(plan_of({}), pd.DataFrame(columns=["id", "kind", "date"]))  # type: ignore[call-arg]


def test_as_of_moved_to_the_end_of_its_period() -> None:
    plan = plan_of({"at_least": 1, "per": "month", "end": "2021-03-31"})
    assert assess(plan, "03-31", "2021-03-30").standings["status"].tolist()[-1] == "on_track"
    assert assess(plan, "03-31", "2021-03-31").standings["status"].tolist()[-1] == "met"
    assert assess(plan, "03-31", "2021-03-30").as_of == dt.date(2021, 3, 30)


# -- missing stored as 0, 0 as missing ---------------------------------------------------


def test_missing_stored_as_zero() -> None:
    plan = plan_of({"measure": "latest", "at_most": 5})
    silent = row(plan)
    assert pd.isna(silent.actual)
    assert silent.status == "no_data"  # not met: 0 would be at most 5
    assert pd.isna(silent.shortfall)
    assert pd.isna(silent.completion)


def test_zero_as_missing() -> None:
    said = row(plan_of({"measure": "latest", "at_most": 5}), "date | quantity\n03-05 | 0")
    assert (said.actual, said.status, said.shortfall) == (0.0, "met", 0.0)
    counted = row(plan_of({"at_least": 1}))
    assert (counted.actual, counted.completion, counted.shortfall) == (0.0, 0.0, 1.0)


def test_an_empty_cell_is_absent_and_a_zero_is_zero(tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text("id,kind,date,quantity\na,会,2021-03-05,\nb,会,2021-03-06,0\n", "utf-8")
    events = pb.read_events(path)
    assert events["quantity"].tolist() == [1.0, 0.0]
    pb.write_events(events, tmp_path / "again.csv")
    assert pb.read_events(tmp_path / "again.csv")["quantity"].tolist() == [1.0, 0.0]


def test_missing_is_not_added_up_as_zero() -> None:
    """Q1 unknown (nobody reported), Q2 reported 3: 3 is known of, and Q1 is no 0 anywhere."""
    plan = plan_of({"measure": "total", "nil_return": True, "at_most": 9, "per": "quarter"})
    assessment = assess(plan, "date | quantity\n05-05 | 3", "2021-06-30")
    first = assessment.standings.iloc[0]
    assert pd.isna(first.actual)
    assert first.status == "no_data"
    assert assessment.targets.iloc[0].status == "no_data"
    assert assessment.targets.iloc[0].actual == 3


# -- means of percentages ----------------------------------------------------------------


def test_means_of_percentages() -> None:
    """东村 1 of 2, 西村 90 of 100: together 91 of 102. The mean of 50% and 90% is 70%."""
    parts = {
        side: {"measure": "total", "kind": kind}
        for side, kind in (("numerator", "办结"), ("denominator", "受理"))
    }
    plan = plan_of({"measure": "ratio", "kind": None, "at_least": 0.85, **parts})
    events = """
    date  | kind | quantity | organisation
    03-05 | 办结 | 1        | 东村
    03-05 | 受理 | 2        | 东村
    09-05 | 办结 | 90       | 西村
    09-05 | 受理 | 100      | 西村
    """
    assert row(plan, events).actual == pytest.approx(91 / 102)
    assert row(plan, events).status == "met"
    each = assess(plan, events, by="organisation", organisations=["东村", "西村"]).standings
    assert each["actual"].tolist() == [0.5, 0.9]


# -- a total that proves a frequency, a sum that proves an each --------------------------


def test_four_meetings_in_the_first_quarter_are_not_one_a_quarter() -> None:
    plan = plan_of({"at_least": 1, "per": "quarter"})
    target = assess(plan, "01-05, 02-05, 03-05, 03-31").targets.iloc[0]
    assert (target.actual, target.required) == (4, 4)
    assert (target.status, target.windows_met, target.shortfall) == ("missed", 1, 3)
    assert target.completion == 0.25


def test_5_7_and_3_households_are_not_5_each() -> None:
    rosters = {"cadres": ["甲", "乙", "丙"]}
    plan = plan_of({"measure": "total", "at_least": 5, "each": "cadres"}, rosters=rosters)
    events = "date | subject | quantity\n03-05 | 甲 | 5\n03-05 | 乙 | 7\n03-05 | 丙 | 3"
    target = assess(plan, events).targets.iloc[0]
    assert (target.actual, target.required) == (15, 15)
    assert (target.status, target.members_met, target.shortfall) == ("missed", 2, 2)


def test_an_organisation_that_is_ahead_covers_no_other() -> None:
    plan = plan_of({"at_least": 2})
    events = "date | organisation\n03-01 | 东\n03-02 | 东\n03-03 | 东\n03-04 | 西"
    both = assess(plan, events, by="organisation", organisations=["东", "西"]).targets
    assert both["status"].tolist() == ["met", "missed"]
    assert both["shortfall"].tolist() == [0, 1]


# -- rounding before comparing -----------------------------------------------------------


@pytest.mark.parametrize(("settled", "status"), [(18999, "missed"), (19000, "met")])
def test_rounding_before_comparing(settled: int, status: str) -> None:
    """18999/20000 = 94.995%, which reads 95.0%."""
    plan = plan_of(
        {
            "measure": "ratio",
            "numerator": {"measure": "total", "kind": "办结"},
            "denominator": {"measure": "total", "kind": "受理"},
            "at_least": 0.95,
            "unit": "%",
        }
    )
    events = f"date | kind | quantity\n03-05 | 办结 | {settled}\n03-05 | 受理 | 20000"
    found = row(plan, events)
    assert found.status == status
    assert found.actual == settled / 20000


def test_the_report_does_not_round_a_miss_up_to_a_hit() -> None:
    plan = plan_of({"measure": "latest", "at_least": 0.95, "unit": "%"})
    assessment = assess(plan, "date | quantity\n03-05 | 0.94995")
    text = pb.render_markdown(assessment, lang="zh")
    assert "未完成" in text
    assert "| 95% | 95% |" not in text.replace("95.0%", "95%")


# -- actual over target for a cap or a decrease ------------------------------------------


def test_actual_over_target_for_a_cap() -> None:
    """12 accidents where 10 are allowed are not 120% of anything done."""
    plan = plan_of({"measure": "total", "at_most": 10})
    over = row(plan, "date | quantity\n03-05 | 12")
    assert over.completion == pytest.approx(10 / 12)
    assert (over.status, over.shortfall) == ("breached", 2)
    assert row(plan, "date | quantity\n03-05 | 2").completion == 1  # not 20%


def test_actual_over_target_for_a_decrease() -> None:
    """To bring 5 down to 1: at 3 half the way is made, not 300%."""
    plan = plan_of({"measure": "latest", "baseline": 5, "at_most": 1})
    assert row(plan, "date | quantity\n03-05 | 3").completion == 0.5
    fall = plan_of({"measure": "growth", "of": "total", "baseline": 100, "at_most": -0.03})
    assert row(fall, "date | quantity\n03-05 | 98").completion == pytest.approx(2 / 3)
    assert row(fall, "date | quantity\n03-05 | 98").status == "missed"


# -- a stored actual that drifts from its events -----------------------------------------


def test_a_stored_actual_drifts_from_its_events() -> None:
    """After corrections and withdrawals the figure is what the events that hold add up to."""
    plan = plan_of({"measure": "total", "at_least": 10})
    rows = event_rows("id | date | quantity\na | 03-01 | 4\nb | 03-02 | 5")
    frames = [pd.DataFrame(rows)]
    for more in (
        "id | date | quantity | recorded_at\na | 03-01 | 7 | 04-01",
        "id | date | quantity | recorded_at | void\nb | 03-02 | 5 | 04-02 | yes",
        "id | date | quantity | recorded_at\nb | 03-02 | 6 | 04-03",
    ):
        frames.append(pd.concat([frames[-1], pd.DataFrame(event_rows(more))], ignore_index=True))
    actuals = []
    for frame in frames:
        assessment = pb.assess(plan, frame, as_of="2021-12-31")
        standing = assessment.standings.iloc[0]
        counted = assessment.explain("t1").query("counted")
        assert standing.actual == counted["quantity"].sum() == assessment.targets.iloc[0].actual
        actuals.append(standing.actual)
    assert actuals == [9, 12, 7, 13]


# -- running totals keyed on the typist --------------------------------------------------


def test_running_totals_keyed_on_the_typist() -> None:
    """Two clerks enter the same town's 累计数 in turn: 30, then 45; the town stands at 45."""
    plan = plan_of({"measure": "total", "entries": "running", "per": "quarter"})
    events = """
    date  | quantity | subject | evidence | 录入人
    03-31 | 30       | 东乡    | 表一     | 李
    06-30 | 45       | 东乡    | 表二     | 王
    """
    assessment = assess(plan, events, "2021-06-30")
    assert assessment.standings["actual"].tolist()[:2] == [30, 15]  # not 30 and 45
    assert assessment.targets.iloc[0].actual == 45  # not 75


# -- a month of 30 days, a quarter of 91 -------------------------------------------------


@pytest.mark.parametrize(
    ("per", "start", "end", "days"),
    [
        ("month", "2021-02-01", "2021-02-28", 28),
        ("month", "2020-02-01", "2020-02-29", 29),
        ("month", "2021-07-01", "2021-07-31", 31),
        ("quarter", "2021-01-01", "2021-03-31", 90),
        ("quarter", "2021-07-01", "2021-09-30", 92),
        ("half_year", "2021-01-01", "2021-06-30", 181),
    ],
)
def test_a_month_of_30_days_a_quarter_of_91(per: str, start: str, end: str, days: int) -> None:
    """A goal of one a day, prorated to the last day of the window, is exactly 1."""
    year = {"start": f"{start[:4]}-01-01", "end": f"{start[:4]}-12-31"}
    target = {"measure": "total", "at_least": days, "per": per, "partial": "prorate"}
    plan = plan_of({**target, "start": end, "end": end}, **year)
    assert row(plan, as_of=end).required == 1
    whole = plan_of({**target, "start": start, "end": end}, **year)
    standing = row(whole, as_of=start)
    assert standing.required == days
    assert standing.expected == pytest.approx(1)
    assert standing.days_left == days - 1


# -- target 0, baseline = target, 0/0 ----------------------------------------------------


def test_target_zero() -> None:
    kept, broken = plan_of({"at_most": 0}), plan_of({"at_most": 0})
    assert (row(kept).completion, row(kept).status) == (1, "met")
    assert (row(broken, "03-05").completion, row(broken, "03-05").status) == (0, "breached")
    assert row(plan_of({"at_least": 0})).completion == 1


def test_baseline_equal_to_the_target() -> None:
    for value, status in ((4, "met"), (3, "missed")):
        plan = plan_of({"measure": "latest", "baseline": 4, "at_least": 4})
        assessment = assess(plan, f"date | quantity\n03-05 | {value}")
        assert pd.isna(assessment.standings.iloc[0].completion)
        assert assessment.standings.iloc[0].status == status
        assert pd.isna(assessment.targets.iloc[0].completion)  # left out of means


def test_nought_of_nought() -> None:
    plan = plan_of(
        {
            "measure": "ratio",
            "numerator": {"measure": "total", "kind": "办结"},
            "denominator": {"measure": "total", "kind": "受理"},
            "at_least": 0.9,
        }
    )
    nothing = row(plan, "date | kind | quantity\n03-05 | 办结 | 0\n03-05 | 受理 | 0")
    assert pd.isna(nothing.actual)  # neither 0% nor 100%
    assert nothing.status == "no_data"


# -- future rows counted -----------------------------------------------------------------


def test_future_rows_counted() -> None:
    """Meetings entered ahead for the rest of the year do not count before they are held."""
    plan = plan_of({"at_least": 4, "per": "quarter"}, {"measure": "latest", "at_most": 9})
    events = "date | quantity\n03-05 | 5\n03-31 | 6\n04-01 | 99\n11-01 | 99"
    standings = assess(plan, events, "2021-03-31").standings
    assert standings["actual"].tolist()[:2] == pytest.approx([2, float("nan")], nan_ok=True)
    assert standings["actual"].tolist()[-1] == 6
    later = assess(plan, events, "2021-04-01").standings
    assert later["actual"].tolist()[:2] == [2, 1]


def test_a_visit_that_goes_on_counts_its_days_so_far() -> None:
    events = "date | end\n03-30 | 04-30"
    assert row(plan_of({"measure": "days"}), events, "2021-04-02").actual == 4


# -- an impossible date moved ------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    ["2021-02-31", "2021年2月31日", "2021/2/31", "2021.2.29", "2021-13-01", "2021-00-10", "0"],
)
def test_31_february_silently_moved(text: str, tmp_path: Path) -> None:
    path = tmp_path / "events.csv"
    path.write_text(f"id,kind,date\na,会,2021-02-28\nb,会,{text}\n", "utf-8")
    with pytest.raises(pb.EventError) as caught:
        pb.read_events(path)
    (problem,) = caught.value.problems
    assert (problem.row, problem.column, problem.read) == (3, "date", text)
    draft = pb.read_events_draft(path)
    assert draft.events["id"].tolist() == ["a"]  # the row is named, not moved to March


def test_a_plan_does_not_move_it_either() -> None:
    with pytest.raises(pb.PlanError, match="2021-02-31"):
        plan_of({"deadline": "2021-02-31", "measure": "milestone"})


# -- and two that are ours ---------------------------------------------------------------


def test_silence_of_an_organisation_is_a_row() -> None:
    both = assess(
        plan_of({"at_least": 1}),
        "date | organisation\n03-05 | 东",
        by="organisation",
        organisations=["东", "西"],
    ).targets
    assert both["organisation"].tolist() == ["东", "西"]
    assert both["status"].tolist() == ["met", "missed"]


def test_days_that_all_lie_before_the_tail() -> None:
    """What is left to make up on the deadline itself: nothing has been done after it yet."""
    plan = plan_of({"measure": "days", "at_least": 3, "deadline": "2021-06-30", "makeup": True})
    found = row(plan, "date | end\n06-29 | 07-02", "2021-06-30")
    assert (found.actual, found.status, found.shortfall) == (2, "missed", 1)
