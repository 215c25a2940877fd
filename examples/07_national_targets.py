"""National targets 2014-2021 against the outcomes published a year later: real public figures.

Where the form in which an outcome was published cannot settle a goal (about 5% against at most
5.5%), the figure is withheld and the target stays without data. How each wording is read, and
whether the outcome settles it, stands in the file, row by row.
"""

from __future__ import annotations

import csv
from itertools import groupby
from pathlib import Path
from typing import Any

import pandas as pd

import partybuild as pb

HERE = Path(__file__).parent
WORDS = {"met": "完成", "missed": "未完成", "no_data": "依据不足，不作结论"}


def commitment(row: dict[str, str]) -> pb.Commitment:
    """Make the promise of one row, with the goal that its wording is read as."""
    numbers = [float(part) for part in row["value"].split(";")]
    goal: dict[str, Any] = {row["goal"]: numbers if len(numbers) > 1 else numbers[0]}
    if row["tolerance"]:
        goal["tolerance"] = float(row["tolerance"])
    name, label = row["indicator"], row["label"]
    target = pb.Target(id=name, name=label, measure="latest", kind=name, unit=row["unit"], **goal)
    return pb.Commitment(id=name, text=label + row["target_text"], target=[target])


def main() -> None:
    """Judge each year by a plan of its own."""
    with (HERE / "data" / "national_targets.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for year, group in groupby(rows, key=lambda row: row["year"]):
        own, end = list(group), f"{year}-12-31"
        promises = [commitment(row) for row in own]
        plan = pb.Plan(id=year, start=f"{year}-01-01", end=end, commitment=promises)
        outcomes = [
            {"id": name, "kind": name, "date": end, "quantity": float(row["outcome"])}
            for row in own
            if (name := row["indicator"]) and row["settles"] == "yes"
        ]
        events = pb.read_events(pd.DataFrame(outcomes))
        statuses = pb.assess(plan, events, as_of=end).targets["status"]
        print(f"\n{year}年")
        for row, status in zip(own, statuses, strict=True):
            print(f"  {row['label']}：目标{row['target_text']}，结果{row['outcome_text']}", end="")
            print(f"，{WORDS[status]}" + (f"（{row['note']}）" if row["note"] else ""))


if __name__ == "__main__":
    main()
