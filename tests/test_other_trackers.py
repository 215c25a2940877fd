"""The published test figures of other trackers, turned into plans and events.

Figures only; which tracker each comes from, and where we differ on purpose, stands with the case.
"""

from __future__ import annotations

import calendar
import datetime as dt
from itertools import accumulate
from typing import Any

import pandas as pd
import pytest
from answers.pages import Case, differences, read_cases

import partybuild as pb

PAGES = (
    *("other_trackers", "trackers_habits", "trackers_hours", "trackers_budgets"),
    *("trackers_rates", "trackers_calendar"),
)
CASES = [case for page in PAGES for case in read_cases(page)]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_figures_of_other_trackers(case: Case) -> None:
    found = [line for check in case.checks() for line in differences(*check)]
    assert not found, "\n".join([case.name, case.why, *found])


# -- ledger's two years of books: 10 x month on the first and on the last day of each ------

YEARS = (2008, 2009)
MONTHLY = [20 * month for month in range(1, 13)] * 2
QUARTERLY = [120, 300, 480, 660] * 2
YEARLY = [1560, 1560]
CUMULATIVE = {"month": [20, 60, 120, 200], "quarter": [120, 420, 900, 1560, 1680, 1980, 2460, 3120]}
# weeks from Sunday to Saturday that have an entry: the first day, and the sum
WEEKLY = """
2007-12-30 10, 2008-01-27 30, 2008-02-24 50, 2008-03-30 70, 2008-04-27 90, 2008-05-25 50,
2008-06-01 60, 2008-06-29 130, 2008-07-27 150, 2008-08-31 170, 2008-09-28 190, 2008-10-26 210,
2008-11-30 230, 2008-12-28 130, 2009-01-25 10, 2009-02-01 20, 2009-02-22 20, 2009-03-01 30,
2009-03-29 70, 2009-04-26 90, 2009-05-31 110, 2009-06-28 130, 2009-07-26 150, 2009-08-30 170,
2009-09-27 190, 2009-10-25 100, 2009-11-01 110, 2009-11-29 230, 2009-12-27 120
"""


@pytest.fixture(scope="module")
def books() -> pd.DataFrame:
    """Ledger's journal; it takes 28 February for the end of the month in the leap year, too."""
    rows = []
    for year in YEARS:
        for month in range(1, 13):
            last = 28 if month == 2 else calendar.monthrange(year, month)[1]
            days = (dt.date(year, month, 1), dt.date(year, month, last))
            rows += [{"kind": "books", "date": day, "quantity": 10 * month} for day in days]
    return pd.DataFrame(rows).assign(id=[f"e{at}" for at in range(len(rows))])


def assessed(books: pd.DataFrame, as_of: str = "2009-12-31", **target: Any) -> pb.Assessment:
    plan = pb.Plan(
        id="books",
        start=target.pop("first", "2008-01-01"),
        end=target.pop("last", "2009-12-31"),
        commitment=[{"id": "1", "target": [{"id": "t", "kind": "books", **target}]}],
    )
    return pb.assess(plan, books, as_of=as_of)


@pytest.mark.parametrize(
    ("per", "sums"), [("month", MONTHLY), ("quarter", QUARTERLY), ("year", YEARLY)]
)
def test_ledger_s_sums_by_period(books: pd.DataFrame, per: str, sums: list[int]) -> None:
    standings = assessed(books, measure="total", per=per).standings
    assert standings["actual"].tolist() == sums
    running = list(accumulate(sums))
    assert running[-1] == 3120
    assert running[: len(CUMULATIVE.get(per, []))] == CUMULATIVE.get(per, [])
    ends = [str(day.date()) for day in standings["end"]]
    so_far = [assessed(books, day, measure="total").targets["actual"].iloc[0] for day in ends]
    assert so_far == running


def test_ledger_s_running_column_as_running_totals(books: pd.DataFrame) -> None:
    """The register's last column, entered as 累计数 of one subject, gives the months back."""
    register = books.assign(quantity=books["quantity"].cumsum())
    standings = assessed(register, measure="total", entries="running", per="month").standings
    assert standings["actual"].tolist() == MONTHLY


def test_ledger_s_weeks_from_sunday(books: pd.DataFrame) -> None:
    wanted = dict(line.split() for line in WEEKLY.replace("\n", " ").split(","))
    rule = {"rrule": "FREQ=WEEKLY;BYDAY=SU"}
    span = {"first": "2007-12-30", "last": "2010-01-02"}
    standings = assessed(books, "2010-01-02", measure="total", per=rule, **span).standings
    found = standings[standings["actual"] != 0]
    got = {str(row.start.date()): row.actual for row in found.itertuples()}
    assert got == {day: float(total) for day, total in wanted.items()}


def test_our_weeks_begin_on_monday_as_iso_says(books: pd.DataFrame) -> None:
    """Documented difference: Sunday, 31 August 2008 ends its week here, and begins it there."""
    standings = assessed(books, measure="total", per="week").standings.set_index("window")
    assert standings.loc["2008-W35", "actual"] == 80  # 25 to 31 August
    assert standings.loc["2008-W36", "actual"] == 90  # 1 September
    iso = books.assign(week=[day.strftime("%G-W%V") for day in books["date"]])
    sums = iso.groupby("week")["quantity"].sum()
    assert standings["actual"][standings["actual"] != 0].to_dict() == sums.astype(float).to_dict()


def test_ledger_s_budget_of_ten_a_month(books: pd.DataFrame) -> None:
    """What stands over the budget at the ends of 2008 and 2009: 1440 and 2880."""
    for day, over in (("2008-03-31", 90), ("2008-12-31", 1440), ("2009-12-31", 2880)):
        target = assessed(books, day, measure="total", per="month", at_most=10).targets.iloc[0]
        assert target["shortfall"] == over
        assert target["status"] == "breached"


# -- Loop Habit Tracker's hundred entries, told by the days before 1 June 2014 ----------------

DAYS_BEFORE = """
0 5 9 15 17 21 23 27 28 35 41 45 47 53 56 62 70 73 78 83 86 94 101 106 113 114 120 126 130 133
141 143 148 151 157 164 166 171 173 176 179 183 191 259 264 268 270 275 282 284 289 295 302 306
310 315 323 325 328 335 343 349 351 353 357 359 360 367 372 376 380 385 393 400 404 412 415 418
422 425 433 437 444 449 455 460 462 465 470 471 479 481 485 489 494 495 500 501 503 507
"""
VALUES = """
230 306 148 281 134 285 104 158 325 236 303 210 118 124 301 201 156 376 347 367 396 134 160 381
155 354 231 134 164 354 236 398 199 221 208 397 253 276 214 341 299 221 353 250 341 168 374 205
182 217 297 321 104 237 294 110 136 229 102 271 250 294 158 319 379 126 282 155 288 159 215 247
207 226 244 158 371 219 272 228 350 153 356 279 394 202 213 214 112 248 139 245 165 256 370 187
208 231 341 312
"""
# what it publishes: for each period how many have entries, then sums and numbers of entries
GROUPED = {
    "month": (17, {"2014-06": 230, "2013-12": 1988, "2013-05": 1271}),
    "quarter": (6, {"2014Q2": 3263, "2013Q3": 3838, "2013Q1": 4975}),
    "year": (2, {"2014": 8227, "2013": 16172}),
}
COUNTED = {
    "month": (17, {"2014-06": 1, "2013-12": 7, "2013-05": 6}),
    "quarter": (6, {"2014Q2": 15, "2013Q3": 17, "2013Q1": 20}),
    "year": (2, {"2014": 34, "2013": 66}),
}


@pytest.fixture(scope="module")
def entries() -> pd.DataFrame:
    rows = [
        {"kind": "books", "date": dt.date(2014, 6, 1) - dt.timedelta(int(day)), "quantity": value}
        for day, value in zip(DAYS_BEFORE.split(), VALUES.split(), strict=True)
    ]
    frame = pd.DataFrame(rows).assign(id=[f"e{at}" for at in range(len(rows))])
    return frame.astype({"quantity": float})


@pytest.mark.parametrize("per", ["month", "quarter", "year"])
@pytest.mark.parametrize(("measure", "published"), [("total", GROUPED), ("count", COUNTED)])
def test_loop_s_entries_by_period(
    entries: pd.DataFrame, per: str, measure: str, published: dict[str, Any]
) -> None:
    """It leaves October 2013 out, which has no entry; ours has a window for it, of 0."""
    span = {"first": "2013-01-01", "last": "2014-06-30"}
    found = assessed(entries, "2014-06-30", measure=measure, per=per, **span).standings
    filled, figures = published[per]
    actual = found.set_index("window")["actual"]
    assert actual[list(figures)].to_dict() == figures
    assert (actual != 0).sum() == filled
    assert actual.index[actual == 0].tolist() == (["2013-10"] if per == "month" else [])
