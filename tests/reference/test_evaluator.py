"""Small cases worked by hand, to check the second reading of the contract itself.

Each test says in a line how its numbers come about. Nothing here touches the library.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from .evaluator import evaluate
from .generator import random_case

Row = dict[str, Any]


def plan_of(*targets: Row, rosters: Row | None = None, **plan: Any) -> Row:
    filled = [{"id": f"t{i + 1}", **target} for i, target in enumerate(targets)]
    table = {"id": "p", "start": date(2021, 1, 1), "end": date(2021, 12, 31), **plan}
    return {
        "plan": table,
        "rosters": rosters or {},
        "commitment": [{"id": "c", "target": filled}],
    }


def events_of(kind: str, *days: Any) -> list[Row]:
    """Days as "03-05", or ("03-05", {further columns})."""
    rows = []
    for i, day in enumerate(days):
        text, more = (day, {}) if isinstance(day, str) else day
        text = text if len(text) > 5 else f"2021-{text}"
        rows.append({"id": f"{kind}{i}", "kind": kind, "date": date.fromisoformat(text), **more})
    return rows


def q(day: str, quantity: float, **more: Any) -> tuple[str, Row]:
    return day, {"quantity": quantity, **more}


def standings(plan: Row, events: list[Row], as_of: str, **more: Any) -> list[Row]:
    return evaluate(plan, events, date.fromisoformat(as_of), **more)["standings"]


def target(plan: Row, events: list[Row], as_of: str, **more: Any) -> Row:
    return evaluate(plan, events, date.fromisoformat(as_of), **more)["targets"][0]


def column(rows: list[Row], name: str) -> list[Any]:
    return [row[name] for row in rows]


QUARTERLY = {"measure": "count", "kind": "会", "at_least": 1, "per": "quarter"}


# -- windows and roll-up of a cadence ----------------------------------------------------


def test_four_meetings_in_the_first_quarter_are_not_one_per_quarter() -> None:
    plan = plan_of(QUARTERLY)
    rows = standings(plan, events_of("会", "01-05", "02-05", "03-05", "03-31"), "2021-12-31")
    assert column(rows, "actual") == [4, 0, 0, 0]
    assert column(rows, "status") == ["met", "missed", "missed", "missed"]
    assert column(rows, "surplus") == [3, 0, 0, 0]
    row = target(plan, events_of("会", "01-05", "02-05", "03-05", "03-31"), "2021-12-31")
    assert (row["status"], row["actual"], row["required"]) == ("missed", 4, 4)
    assert (row["completion"], row["shortfall"], row["overdue"]) == (0.25, 3, 3)
    counts = [row[f"windows{part}"] for part in ("", "_due", "_met", "_missed")]
    assert counts == [4, 4, 1, 3]


def test_open_window_upcoming_window_and_days_left() -> None:
    rows = standings(plan_of(QUARTERLY), events_of("会", "03-05"), "2021-05-16")
    assert column(rows, "status") == ["met", "on_track", "upcoming", "upcoming"]
    # Q2 has 91 days, 46 are over by 16 May; expected 46/91; 1 x (46/91 - 0.05) floors to 0.
    assert rows[1]["expected"] == pytest.approx(46 / 91)
    assert rows[1]["days_left"] == 45
    assert (rows[2]["actual"], rows[2]["completion"], rows[2]["shortfall"]) == (None, None, None)


def test_require_lets_some_windows_fail() -> None:
    plan = plan_of({**QUARTERLY, "require": 2})
    assert target(plan, events_of("会", "01-05", "07-05"), "2021-09-30")["status"] == "met"
    # Two of the first three quarters are lost: one left, one met: still possible.
    assert target(plan, events_of("会", "01-05"), "2021-09-30")["status"] == "on_track"
    assert target(plan, [], "2021-09-30")["status"] == "missed"


@pytest.mark.parametrize(
    ("per", "number"),
    [("week", 53), ("ten_days", 36), ("month", 12), ("quarter", 4), ("half_year", 2), ("year", 1)],
)
def test_cadences_tile_the_year(per: str, number: int) -> None:
    rows = standings(plan_of({**QUARTERLY, "per": per}), [], "2021-12-31")
    assert len(rows) == number
    assert (rows[0]["start"], rows[-1]["end"]) == (date(2021, 1, 1), date(2021, 12, 31))


def test_rrule_windows_end_the_day_before_the_next() -> None:
    rule = {"rrule": "FREQ=YEARLY;BYMONTH=3,9;BYMONTHDAY=15"}
    rows = standings(plan_of({**QUARTERLY, "per": rule}), [], "2021-12-31")
    assert [(row["start"], row["end"]) for row in rows] == [
        (date(2021, 3, 15), date(2021, 9, 14)),
        (date(2021, 9, 15), date(2021, 12, 31)),
    ]


@pytest.mark.parametrize(
    ("partial", "required"), [("full", [3, 3]), ("prorate", [1, 3]), ("skip", [3])]
)
def test_clipped_quarter(partial: str, required: list[float]) -> None:
    # 2..31 March are 30 of the 90 days of the quarter: 3 x 30/90 = 1 exactly.
    spec = {**QUARTERLY, "at_least": 3, "start": date(2021, 3, 2), "end": date(2021, 6, 30)}
    rows = standings(plan_of({**spec, "partial": partial}), [], "2021-12-31")
    assert column(rows, "required") == required


def test_prorated_integer_goals_round_up_and_the_tolerance_stays_whole() -> None:
    # 16..30 April: 15 of 30 days of April; about 5 -> 2.5 -> 3, +- 1: 2..4.
    spec = {"measure": "count", "kind": "会", "about": 5, "tolerance": 1, "per": "month"}
    spec |= {"start": date(2021, 4, 16), "end": date(2021, 4, 30), "partial": "prorate"}
    four = events_of("会", "04-16", "04-17", "04-18", "04-19")
    (row,) = standings(plan_of(spec), four, "2021-04-30")
    assert (row["required"], row["status"]) == (2, "met")


# -- measures ----------------------------------------------------------------------------


def actual_of(spec: Row, events: list[Row], as_of: str = "2021-12-31", **more: Any) -> Any:
    return standings(plan_of(spec), events, as_of, **more)[0]["actual"]


def test_plain_measures() -> None:
    events = events_of(
        "数", q("03-01", 2, subject="甲；乙"), q("02-01", 5, subject="乙、丙"), q("03-01", 3)
    )
    values = {
        name: actual_of({"measure": name, "kind": "数"}, events)
        for name in ("count", "total", "distinct", "days", "latest", "mean", "max", "min")
    }
    assert values == {
        "count": 3,
        "total": 10,
        "distinct": 3,
        "days": 2,
        "latest": 3,  # the tie on 1 March goes to the later row
        "mean": pytest.approx(10 / 3),
        "max": 5,
        "min": 2,
    }


@pytest.mark.parametrize("name", ["latest", "mean", "max", "min"])
def test_no_reading_is_unknown(name: str) -> None:
    (row,) = standings(plan_of({"measure": name, "kind": "数", "at_least": 1}), [], "2021-06-30")
    assert (row["actual"], row["status"], row["light"]) == (None, "no_data", "yellow")


def test_days_are_clipped_to_window_and_as_of() -> None:
    # 30 March .. 4 April: two days of March, then 1 and 2 April by 2 April.
    events = events_of("调", ("03-30", {"end": date(2021, 4, 4)}), "04-01")
    rows = standings(
        plan_of({"measure": "days", "kind": "调", "at_least": 3, "per": "quarter"}),
        events,
        "2021-04-02",
    )
    assert column(rows[:2], "actual") == [2, 2]


def test_running_totals_by_subject_and_window() -> None:
    # 甲 10, 25; 乙 4: R(Q1) = 14, R(Q2) = 29; a reading before the span counts nowhere.
    events = events_of(
        "累",
        q("2020-12-31", 99, subject="甲"),
        q("02-01", 10, subject="甲"),
        q("03-31", 4, subject="乙"),
        q("05-01", 25, subject="甲"),
    )
    spec = {"measure": "total", "kind": "累", "entries": "running", "per": "quarter"}
    assert column(standings(plan_of(spec), events, "2021-12-31"), "actual") == [14, 15, 0, 0]


def test_ratio_compares_before_rounding() -> None:
    spec = {"measure": "ratio", "at_least": 0.95}
    spec |= {"numerator": {"measure": "total", "kind": "办结"}}
    spec |= {"denominator": {"measure": "total", "kind": "受理"}}
    events = events_of("办结", q("03-01", 18999)) + events_of("受理", q("03-01", 20000))
    (row,) = standings(plan_of(spec), events, "2021-12-31")
    assert (row["actual"], row["status"]) == (0.94995, "missed")
    assert row["shortfall"] == pytest.approx(0.00005)
    assert actual_of(spec, events_of("办结", q("03-01", 3))) is None


def test_growth_on_a_number_and_on_the_window_before() -> None:
    spec = {"measure": "growth", "kind": "收", "of": "total", "per": "quarter"}
    events = events_of("收", q("2020-11-01", 10), q("02-01", 12), q("05-01", 9))
    rows = standings(plan_of({**spec, "baseline": "previous"}), events, "2021-12-31")
    assert column(rows, "actual") == [0.2, -0.25, None, None]
    rows = standings(plan_of({**spec, "baseline": 10}), events, "2021-12-31")
    assert column(rows, "actual") == [0.2, -0.1, None, None]


def test_nil_return_tells_silence_from_none() -> None:
    spec = {"measure": "total", "kind": "访", "at_most": 0, "per": "quarter", "nil_return": True}
    rows = standings(plan_of(spec), events_of("访", q("02-01", 0)), "2021-06-30")
    assert column(rows[:2], "status") == ["met", "no_data"]
    assert column(rows[:2], "actual") == [0, None]
    assert column(rows[:2], "light") == ["green", "red"]


def test_where_and_kind_lists() -> None:
    spec = {"measure": "count", "kind": ["会", "调"], "where": {"层级": "市"}}
    events = events_of("会", ("03-01", {"层级": "市"}), "03-02") + events_of(
        "调", ("03-03", {"层级": "市"}), ("03-04", {"层级": "县"})
    )
    assert actual_of(spec, events) == 2


# -- histories ---------------------------------------------------------------------------


def test_history_void_and_known_at() -> None:
    rows: list[Row] = [
        {"id": "a", "kind": "会", "date": date(2021, 3, 1), "quantity": 5},
        {"id": "a", "kind": "会", "date": date(2021, 3, 1), "quantity": 7}
        | {"recorded_at": datetime(2021, 4, 1, 18)},
        {"id": "a", "kind": "会", "date": date(2021, 3, 1), "void": True}
        | {"recorded_at": date(2021, 5, 1)},
    ]
    spec = {"measure": "total", "kind": "会"}
    assert actual_of(spec, rows) == 0
    assert actual_of(spec, rows, known_at=date(2021, 4, 30)) == 7
    assert actual_of(spec, rows, known_at=date(2021, 4, 1)) == 7
    assert actual_of(spec, rows, known_at=date(2021, 3, 31)) == 5
    assert actual_of(spec, rows, known_at=date(2021, 2, 28)) == 0
    assert actual_of(spec, rows[::-1]) == 0


def test_unassigned_kinds() -> None:
    events = events_of("会", "03-01") + events_of("杂", "03-01", "12-01")
    assert evaluate(plan_of(QUARTERLY), events, date(2021, 6, 30))["unassigned"] == ["杂0"]


# -- goals, pace, completion -------------------------------------------------------------


def one(spec: Row, events: list[Row], as_of: str = "2021-12-31", **plan: Any) -> Row:
    return standings(plan_of(spec, **plan), events, as_of)[0]


@pytest.mark.parametrize(
    ("goal", "required", "status", "shortfall"),
    [
        ({"at_least": 4}, 4, "missed", 1),
        ({"more_than": 3}, 4, "missed", 1),
        ({"more_than": 2.5}, 3, "met", 0),
        ({"at_most": 2}, 2, "breached", 1),
        ({"less_than": 3}, 2, "breached", 1),
        ({"less_than": 3.5}, 3, "met", 0),
        ({"exactly": 3}, 3, "met", 0),
        ({"exactly": 5}, 5, "missed", 2),
        ({"about": 5, "tolerance": 2}, 3, "met", 0),
        ({"between": [1, 2]}, 1, "breached", 1),
    ],
)
def test_goals_on_three_events(goal: Row, required: float, status: str, shortfall: float) -> None:
    row = one(
        {"measure": "count", "kind": "会", **goal}, events_of("会", "01-01", "02-01", "03-01")
    )
    assert (row["required"], row["status"], row["shortfall"]) == (required, status, shortfall)


def test_strict_goals_on_levels() -> None:
    reading = events_of("数", q("03-01", 5))
    row = one({"measure": "latest", "kind": "数", "more_than": 5}, reading)
    assert (row["status"], row["shortfall"]) == ("missed", 0)
    assert one({"measure": "latest", "kind": "数", "less_than": 5}, reading)["status"] == "missed"
    near = events_of("数", q("03-01", 5 - 1e-9))
    assert one({"measure": "latest", "kind": "数", "at_least": 5}, near)["status"] == "met"


def test_pace_of_a_year_of_days() -> None:
    # 73 of 365 days are over on 14 March: f = 0.2, f- = 0.15, 60 x 0.15 = 9 days.
    spec = {"measure": "days", "kind": "调", "at_least": 60}
    nine = events_of("调", ("01-01", {"end": date(2021, 1, 9)}))
    eight = events_of("调", ("01-01", {"end": date(2021, 1, 8)}))
    assert one(spec, nine, "2021-03-14")["expected"] == 12
    assert one(spec, nine, "2021-03-14")["status"] == "on_track"
    assert one(spec, eight, "2021-03-14")["status"] == "behind"
    assert one(spec, nine, "2021-03-14", slack=0)["status"] == "behind"


def test_allowance_used_faster_than_time() -> None:
    # f = 0.2, f+ = 0.25: 20 x 0.25 = 5.
    spec = {"measure": "total", "kind": "费", "at_most": 20}
    assert one(spec, events_of("费", q("02-01", 5)), "2021-03-14")["status"] == "on_track"
    assert one(spec, events_of("费", q("02-01", 5.1)), "2021-03-14")["status"] == "behind"
    row = one(spec, events_of("费", q("02-01", 25)), "2021-03-14")
    assert (row["status"], row["completion"], row["shortfall"]) == ("breached", 0.8, 5)
    assert not row["recoverable"]


def test_schedule_bends_the_line() -> None:
    # Half by 30 June (day 181); on 1 April, day 91: f = 0.5 x 91/181.
    spec = {"measure": "total", "kind": "收", "at_least": 100}
    spec["schedule"] = [{"by": date(2021, 6, 30), "share": 0.5}]
    assert one(spec, [], "2021-06-30")["expected"] == 50
    assert one(spec, [], "2021-04-01")["expected"] == pytest.approx(50 * 91 / 181)
    assert one(spec, [], "2021-12-31")["expected"] == 100


def test_levels_with_and_without_a_baseline() -> None:
    # From 10 down to 0; f = 0.2, f- = 0.15: the line stands at 8.5, `expected` at 8.
    spec = {"measure": "latest", "kind": "数", "at_most": 0}
    nine = events_of("数", q("02-01", 9))
    assert one(spec, nine, "2021-03-14")["status"] == "in_progress"
    row = one({**spec, "baseline": 10}, nine, "2021-03-14")
    assert (row["status"], row["expected"], row["completion"]) == ("behind", 8, 0.1)
    eight = events_of("数", q("02-01", 8.5))
    assert one({**spec, "baseline": 10}, eight, "2021-03-14")["status"] == "on_track"
    assert one({**spec, "baseline": 0}, eight)["completion"] is None


@pytest.mark.parametrize(
    ("goal", "actual", "completion"),
    [
        ({"at_least": 4}, 5, 1.25),
        ({"at_least": 4}, -1, -0.25),
        ({"at_least": 0}, -1, 0),
        ({"at_least": 0}, 3, 1),
        ({"at_least": -3}, -6, 0.5),
        ({"at_least": -3}, -2, 1),
        ({"at_most": 4}, 5, 0.8),
        ({"at_most": 4}, 1, 1),
        ({"at_most": 0}, 1, 0),
        ({"at_most": -3}, -6, 2),
        ({"at_most": -3}, 3, -1),
        ({"between": [2, 4]}, 1, 0.5),
        ({"between": [2, 4]}, 8, 0.5),
        ({"between": [2, 4]}, 3, 1),
    ],
)
def test_completion(goal: Row, actual: float, completion: float) -> None:
    row = one({"measure": "latest", "kind": "数", **goal}, events_of("数", q("03-01", actual)))
    assert row["completion"] == completion


def test_revisions_and_waivers() -> None:
    spec = {**QUARTERLY, "at_least": 2}
    spec["revisions"] = [
        {"from": date(2021, 6, 1), "at_least": 1},
        {"from": date(2021, 10, 1), "waived": True},
    ]
    events = events_of("会", "02-01", "05-01", "08-01")
    rows = standings(plan_of(spec), events, "2021-12-31")
    assert column(rows, "required") == [2, 1, 1, None]
    assert column(rows, "original") == [2, 2, 2, 2]
    assert column(rows, "status") == ["missed", "met", "met", "waived"]
    # On 31 May the revision is not yet in force for the open second quarter.
    assert standings(plan_of(spec), events, "2021-05-31")[1]["required"] == 2
    row = target(plan_of(spec), events, "2021-12-31")
    assert (row["windows"], row["required"], row["completion"]) == (3, 4, pytest.approx(2.5 / 3))


def test_unquantified_is_measured_never_judged() -> None:
    row = one({"measure": "count", "kind": "会", "at_least": "X"}, events_of("会", "03-01"))
    assert (row["actual"], row["status"], row["completion"]) == (1, "unquantified", None)


def test_milestone() -> None:
    spec = {"measure": "milestone", "kind": "揭牌", "deadline": date(2021, 6, 30)}
    assert one(spec, [], "2021-06-29")["status"] == "on_track"
    missed = one(spec, [], "2021-06-30")
    assert (missed["status"], missed["shortfall"], missed["recoverable"]) == ("missed", 1, True)
    assert one(spec, events_of("揭牌", "06-30"), "2021-06-30")["status"] == "met"
    late = one(spec, events_of("揭牌", "07-01"), "2021-07-01")
    assert (late["status"], late["shortfall"], late["light"]) == ("late", 0, "yellow")
    assert one(spec, events_of("揭牌", "2022-01-05"), "2022-02-01")["status"] == "missed"


def test_warned_shortly_before_the_end() -> None:
    spec = {"measure": "count", "kind": "会", "at_least": 10}
    nine = events_of("会", *[f"{month:02d}-01" for month in range(1, 10)])
    assert one(spec, nine, "2021-12-16")["light"] == "green"
    row = one(spec, nine, "2021-12-17")
    assert (row["status"], row["light"], row["recoverable"]) == ("on_track", "yellow", True)


# -- makeup ------------------------------------------------------------------------------


def test_makeup_fills_the_oldest_first() -> None:
    # Short 2 and 2; the third quarter has 1 + 3 beyond: fills Q1 whole and half of Q2.
    spec = {**QUARTERLY, "at_least": 2, "makeup": True}
    events = events_of("会", *[f"07-0{day}" for day in range(1, 6)])
    rows = standings(plan_of(spec), events, "2021-09-30")
    assert column(rows, "status") == ["late", "missed", "met", "upcoming"]
    assert column(rows, "shortfall")[:3] == [0, 1, 0]
    assert column(rows, "recoverable")[:3] == [False, True, False]
    assert target(plan_of(spec), events, "2021-09-30")["status"] == "missed"


def test_makeup_after_the_last_window() -> None:
    spec = {"measure": "count", "kind": "会", "at_least": 1, "makeup": True}
    spec["deadline"] = date(2021, 6, 30)
    assert one(spec, events_of("会", "07-15"), "2021-07-14")["status"] == "missed"
    assert one(spec, events_of("会", "07-15"), "2021-07-15")["status"] == "late"


def test_surplus_never_fills_a_later_window() -> None:
    rows = standings(
        plan_of({**QUARTERLY, "makeup": True}), events_of("会", "01-01", "01-02"), "2021-06-30"
    )
    assert column(rows, "status")[:2] == ["met", "missed"]


# -- who ---------------------------------------------------------------------------------

TRIO = {"cadres": ["甲", "乙", "丙"]}


def visits(**numbers: int) -> list[Row]:
    days = [f"2021-03-{day:02d}" for day in range(1, 29)]
    events = []
    for name, number in numbers.items():
        events += events_of(f"访{name}", *[(day, {"subject": name}) for day in days[:number]])
    return [{**event, "kind": "访"} for event in events]


def test_a_sum_does_not_prove_an_each() -> None:
    spec = {"measure": "count", "kind": "访", "at_least": 5, "each": "cadres"}
    events = visits(甲=5, 乙=7, 丙=3)
    rows = standings(plan_of(spec, rosters=TRIO), events, "2021-12-31")
    assert column(rows, "subject") == ["甲", "乙", "丙"]
    assert column(rows, "status") == ["met", "met", "missed"]
    row = target(plan_of(spec, rosters=TRIO), events, "2021-12-31")
    assert (row["status"], row["actual"], row["required"]) == ("missed", 15, 15)
    assert (row["members"], row["members_met"], row["windows_met"]) == (3, 2, 0)
    assert row["completion"] == pytest.approx(2.6 / 3)
    lenient = plan_of({**spec, "share": 0.6}, rosters=TRIO)
    assert target(lenient, events, "2021-12-31")["status"] == "met"


def test_an_event_counts_for_each_of_its_subjects() -> None:
    spec = {"measure": "total", "kind": "访", "at_least": 2, "each": "cadres"}
    events = events_of("访", q("03-01", 2, subject="甲、丙；丁"))
    rows = standings(plan_of(spec, rosters=TRIO), events, "2021-12-31")
    assert column(rows, "actual") == [2, 0, 2]


def test_joiner_prorated_and_leaver_not_there() -> None:
    roster = {"cadres": ["甲", {"id": "乙", "from": date(2021, 7, 2)}]}
    roster["cadres"].append({"id": "丙", "to": date(2020, 12, 31)})
    spec = {"measure": "total", "kind": "访", "at_least": 365, "each": "cadres"}
    rows = standings(plan_of({**spec, "partial": "prorate"}, rosters=roster), [], "2021-08-01")
    # 2 July .. 31 December: 31 - 1 + 31 + 30 + 31 + 30 + 31 = 183 days of 365.
    assert column(rows, "required") == [365, 183]
    assert column(rows, "start") == [date(2021, 1, 1), date(2021, 7, 2)]
    rows = standings(plan_of({**spec, "partial": "skip"}, rosters=roster), [], "2021-08-01")
    assert column(rows, "subject") == ["甲"]


def test_each_breaches_once_the_share_is_out_of_reach() -> None:
    spec = {"measure": "count", "kind": "访", "at_most": 1, "each": "cadres", "share": 0.6}
    one_over = target(plan_of(spec, rosters=TRIO), visits(甲=2), "2021-06-30")
    two_over = target(plan_of(spec, rosters=TRIO), visits(甲=2, 乙=2), "2021-06-30")
    assert (one_over["status"], two_over["status"]) == ("on_track", "breached")


def test_by_organisation_counts_its_own_events_and_members() -> None:
    rosters = {
        "organisations": ["一支部", "二支部"],
        "cadres": ["甲", {"id": "乙", "organisation": "二支部"}],
    }
    plan = plan_of(
        {"measure": "count", "kind": "会", "at_least": 1},
        {"measure": "count", "kind": "会", "at_least": 1, "each": "cadres"},
        rosters=rosters,
    )
    events = events_of("会", ("03-01", {"organisation": "二支部", "subject": "乙"}))
    result = evaluate(plan, events, date(2021, 12, 31), by="organisation")
    rows = [(r["organisation"], r["subject"], r["status"]) for r in result["standings"]]
    assert rows == [
        ("一支部", None, "missed"),
        ("二支部", None, "met"),
        ("一支部", "甲", "missed"),
        ("二支部", "甲", "missed"),
        ("二支部", "乙", "met"),
    ]
    assert [row["organisation"] for row in result["summary"]] == ["一支部", "二支部"]
    result = evaluate(plan, events, date(2021, 12, 31), by="organisation", organisations=["三支部"])
    assert {row["organisation"] for row in result["standings"]} == {"三支部"}


# -- commitments and the plan ------------------------------------------------------------


def test_commitment_and_summary() -> None:
    plan = plan_of(
        {"measure": "count", "kind": "会", "at_least": 2, "weight": 3},
        {"measure": "latest", "kind": "数", "at_least": 2},
        {"measure": "count", "kind": "会"},
    )
    plan["commitment"].append({"id": "d", "text": "加强领导"})
    result = evaluate(plan, events_of("会", "02-01"), date(2021, 12, 31))
    first, second = result["commitments"]
    # Half done with weight 3, nothing known with weight 1, the third is left out.
    assert (first["status"], first["completion"], first["targets"]) == ("missed", 0.375, 3)
    assert (second["status"], second["completion"], second["light"]) == (
        "qualitative",
        None,
        "grey",
    )
    (summary,) = result["summary"]
    assert (summary["missed"], summary["qualitative"], summary["met"]) == (1, 1, 0)
    assert summary["completion"] == 0.375


# -- laws over the generated cases -------------------------------------------------------


@pytest.mark.parametrize("seed", range(150))
def test_laws_of_generated_cases(seed: int) -> None:
    plan, events, as_of, known_at, by, organisations = random_case(seed)
    result = evaluate(plan, events, as_of, known_at, by, organisations)
    for row in result["standings"]:
        assert not (row["shortfall"] and row["surplus"])
        assert row["shortfall"] is None or row["shortfall"] >= 0
        assert row["start"] <= row["end"]
        assert (row["status"] == "upcoming") <= (row["actual"] is None)
    for row in result["targets"]:
        assert row["windows_due"] <= row["windows"]
        assert row["windows_met"] + row["windows_missed"] <= row["windows"]
        assert row["completion"] is None or 0 <= row["completion"] <= 1
    begun = {event["id"] for event in events if event["date"] <= as_of}
    past = [event for event in events if event["id"] in begun]
    assert evaluate(plan, past, as_of, known_at, by, organisations) == result
