"""Read a page of worked answers: targets, events and the figures expected, all as text.

A page is a TOML file of cases. What a case leaves out is the same everywhere: the plan is the
year 2021, a target is a count of the kind 会, an event is of the kind 会 and dated in 2021.

    [[case]]
    name = "four meetings in the first quarter are not one a quarter"
    why = "Q1 has 4, the others none: a sum proves no frequency"
    target = { at_least = 1, per = "quarter" }
    events = "01-05, 02-05, 03-05, 03-31"
    as_of = "12-31"
    expect.standings = '''
    window | actual | status
    2021Q1 | 4      | met
    ...
    '''

Events are a list of days, or a table. Tables have a line of headings and cells between "|"; an
empty cell says nothing, and "-" in an expected table stands for None. Figures may show their
working (`12*151/365`). `as_of` and `known_at` may be columns: then the case is assessed once for
each, and the rows with the same two are the whole frame of that day.
"""

from __future__ import annotations

import ast
import datetime as dt
import math
import operator
import re
import tomllib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import pandas as pd

import partybuild as pb
from partybuild.mappings import plan_from_mapping

FOLDER = Path(__file__).parent
PAGES = ("events", "measures", "goals", "windows", "who", "status", "figures", "rollups")

KIND = "会"
YEAR = {"id": "p", "start": dt.date(2021, 1, 1), "end": dt.date(2021, 12, 31)}
DATES = ("start", "end", "last_event")
WORDS = (
    *("organisation", "commitment", "target", "subject", "window", "status", "light", "name"),
    *("unit", "measure", "goal", "section", "text", "owner", "severity", "code", "read"),
    *("id", "kind"),
)
FLAGS = ("recoverable",)
TRUTH = {"yes": True, "no": False}
SIGNS = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}

Row = dict[str, Any]


def day(text: str) -> str:
    """Return ISO text of a day; "03-05" lies in 2021. Other texts pass as they are.

    >>> day("03-05"), day("2021年3月5日")
    ('2021-03-05', '2021年3月5日')
    """
    return f"2021-{text}" if re.match(r"\d\d-\d\d\b", text) else text


def number(text: str) -> float:
    """Work out a sum as it stands on the page, exactly.

    >>> number("12*151/365") == 12 * 151 / 365
    True
    """

    def value(node: ast.expr) -> Fraction:
        match node:
            case ast.BinOp():
                return Fraction(SIGNS[type(node.op)](value(node.left), value(node.right)))
            case ast.UnaryOp(op=ast.USub()):
                return -value(node.operand)
            case ast.Constant():
                return Fraction(str(node.value))
        raise ValueError(text)

    return float(value(ast.parse(text, mode="eval").body))


def table(text: str) -> list[Row]:
    """Read lines of cells between "|" under a line of headings; empty cells are left out."""
    lines = [line for line in text.splitlines() if line.strip()]
    names = [cell.strip() for cell in lines[0].split("|")]
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.split("|")]
        assert len(cells) == len(names), line
        rows.append({name: cell for name, cell in zip(names, cells, strict=True) if cell})
    return rows


def event_rows(text: str) -> list[Row]:
    """Read the events of a case; ids are e1, e2, ... where it names none."""
    if "|" in text or text.lstrip().startswith("date\n"):
        rows = table(text)
    else:
        rows = [{"date": one.strip()} for one in text.split(",") if one.strip()]
    events = []
    for at, row in enumerate(rows, start=1):
        event: Row = {"id": f"e{at}", "kind": KIND, **row}
        for key in ("date", "end", "recorded_at"):
            if key in event:
                event[key] = day(event[key])
        if "quantity" in event:
            event["quantity"] = number(event["quantity"])
        if "void" in event:
            event["void"] = TRUTH[event["void"]]
        events.append(event)
    return events


@attrs.frozen(kw_only=True, eq=False)
class Case:
    """One case of a page: a plan, its events, and the frames they must give."""

    page: str
    name: str
    why: str
    plan: Row
    events: list[Row]
    asked: Row
    expect: dict[str, str]
    rule: str | None = None
    _kept: dict[tuple[str, str | None], pb.Assessment] = attrs.field(factory=dict, init=False)

    def __str__(self) -> str:
        return f"{self.page}: {self.name}"

    def assess(self, *, as_of: str, known_at: str | None = None) -> pb.Assessment:
        frame = pd.DataFrame(self.events, columns=None if self.events else ["id", "kind", "date"])
        return pb.assess(
            plan_from_mapping(self.plan),
            frame,
            as_of=day(as_of),
            known_at=known_at and day(known_at),
            **{key: self.asked[key] for key in ("by", "organisations") if key in self.asked},
        )

    def checks(self) -> Iterator[tuple[str, pb.Assessment, list[Row]]]:
        """Every expected frame with the assessment it belongs to."""
        for name, text in self.expect.items():
            days: dict[tuple[str, str | None], list[Row]] = {}
            for row in table(text):
                as_of = row.pop("as_of", None) or self.asked["as_of"]
                known_at = row.pop("known_at", None) or self.asked.get("known_at")
                days.setdefault((as_of, None if known_at == "-" else known_at), []).append(row)
            if not days:
                days[(self.asked["as_of"], self.asked.get("known_at"))] = []
            for asked, rows in days.items():
                if asked not in self._kept:
                    self._kept[asked] = self.assess(as_of=asked[0], known_at=asked[1])
                yield name, self._kept[asked], rows


def plan_of(data: Row) -> Row:
    """The plan of a case as a mapping with the TOML keys."""
    commitments = data.get("commitment")
    if commitments is None:
        targets = data.get("targets") or [data.get("target", {})]
        commitments = [{"id": "1", "target": targets}]
    filled = []
    for commitment in commitments:
        targets = [
            {"id": f"t{at}", **_counting(target)}
            for at, target in enumerate(commitment.get("target", []), start=1)
        ]
        filled.append({**commitment, **({"target": targets} if targets else {})})
    return {
        "plan": {**YEAR, **data.get("plan", {})},
        "rosters": data.get("rosters", {}),
        "commitment": filled,
    }


def _counting(target: Row) -> Row:
    has_parts = "numerator" in target or isinstance(target.get("of"), dict)
    return {"measure": "count", **({} if has_parts else {"kind": KIND}), **target}


def read_cases(page: str) -> list[Case]:
    data = tomllib.loads((FOLDER / f"{page}.toml").read_text("utf-8"))
    known = {
        *("name", "why", "plan", "target", "targets", "commitment", "rosters", "events"),
        *("as_of", "known_at", "by", "organisations", "expect", "rule"),
    }
    cases = []
    for one in data["case"]:
        assert set(one) <= known, set(one) - known
        cases.append(
            Case(
                page=page,
                name=one["name"],
                why=one["why"],
                plan=plan_of(one),
                events=event_rows(one.get("events", "")),
                asked=one,
                expect=one["expect"],
                rule=one.get("rule"),
            )
        )
    return cases


def is_missing(value: Any) -> bool:
    return value is None or value is pd.NaT or value is pd.NA or value != value


def is_same(column: str, got: Any, text: str) -> bool:
    """Whether a cell of a frame is what the page says."""
    if text == "-" or is_missing(got):
        return text == "-" and is_missing(got)
    if column in WORDS:
        return str(got) == text
    if column in DATES:
        return bool(got == pd.Timestamp(day(text)))
    if column in FLAGS:
        return bool(got) is TRUTH[text]
    return math.isclose(got, number(text), rel_tol=1e-9, abs_tol=1e-10)


def differences(name: str, assessment: pb.Assessment, rows: list[Row]) -> list[str]:
    """Name each cell of a frame that is not what the page says."""
    frame = getattr(assessment, name).astype(object)
    if len(frame) != len(rows):
        return [f"{name} has {len(frame)} rows, expected {len(rows)}:\n{frame.to_string()}"]
    found = []
    for at, (got, want) in enumerate(zip(frame.to_dict("records"), rows, strict=True), start=1):
        found += [
            f"{name}, as of {assessment.as_of}, row {at}, {column}: {got[column]!r} is not {text}"
            for column, text in want.items()
            if not is_same(column, got[column], text)
        ]
    return found
