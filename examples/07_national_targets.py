"""National targets 2014-2021 against the outcomes published a year later: real public figures.

Where the published form cannot decide (about 5% against at most 5.5%), the figure is withheld and
the target stays without data; every reading of a wording stands in the file, column `reading`.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path

import pandas as pd

import partybuild as pb

HERE = Path(__file__).parent


def decides(row: dict[str, str]) -> bool:
    """Say whether the outcome, in the form in which it was published, settles the goal."""
    if not row["outcome"] or row["comparable"] == "no":
        return False
    form, goal = row["published_as"], row["goal"]
    if form == "eq":
        return True
    if goal in ("about", "between") or form not in ("ge", "gt", "le"):
        return False
    outcome, value = float(row["outcome"]), float(row["value"])
    if goal in ("at_least", "more_than"):  # a floor above the goal, or a ceiling below it
        reached = outcome > value or (outcome == value and (goal == "at_least" or form == "gt"))
        return reached if form in ("ge", "gt") else outcome < value
    return outcome <= value if form == "le" else outcome > value  # at_most: a cap


def commitment(row: dict[str, str]) -> pb.Commitment:
    """Make the promise of one row."""
    value = [float(part) for part in row["value"].split(";")]
    goal = {row["goal"]: value if len(value) > 1 else value[0]}
    goal |= {"tolerance": float(row["tolerance"])} if row["tolerance"] else {}
    name, label = row["indicator"], row["label"]
    target = pb.Target(id=name, name=label, measure="latest", kind=name, unit=row["unit"], **goal)
    return pb.Commitment(id=name, text=f"{label}{row['target_text']}", target=[target])


def main() -> None:
    """Judge each year by a plan of its own."""
    with (HERE / "data" / "national_targets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for year, group in groupby(rows, key=lambda row: row["year"]):
        own = list(group)
        start, end = f"{year}-01-01", f"{year}-12-31"
        plan = pb.Plan(id=year, start=start, end=end, commitment=[commitment(row) for row in own])
        known = [row for row in own if decides(row)]
        events = [(row["indicator"], row["indicator"], end, float(row["outcome"])) for row in known]
        frame = pd.DataFrame(events, columns=["id", "kind", "date", "quantity"])
        result = pb.assess(plan, pb.read_events(frame), as_of=end).targets
        print(f"\n{year}年")
        for row, status in zip(own, result["status"], strict=True):
            print(f"  {row['label']}：目标{row['target_text']}，公布{row['outcome_text']}", end="")
            print(f"，{status}" + (f"（{row['note']}）" if row["note"] else ""))


if __name__ == "__main__":
    main()
