"""Section 8: windows of `each` targets, targets, commitments, the plan."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from .exact import exact, plain, reaches
from .facts import value
from .goals import GOALS
from .standings import Standing, TargetCase
from .windows import Window

WORST_OPEN = ("behind", "in_progress", "no_data", "on_track")
WORST = (
    "breached",
    "missed",
    "no_data",
    "behind",
    "in_progress",
    "on_track",
    "late",
    "met",
    "upcoming",
    "unquantified",
    "waived",
)
STATUSES = (*WORST, "qualitative")
OK = ("met", "late")
LIGHTS = {
    "met": "green",
    "on_track": "green",
    "behind": "yellow",
    "late": "yellow",
    "in_progress": "yellow",
    "missed": "red",
    "breached": "red",
}


@dataclass
class WindowResult:
    window: Window
    standings: list[Standing]
    status: str


def window_results(case: TargetCase) -> list[WindowResult]:
    """Return one result per window that has members, waived ones included."""
    grouped: dict[Window, list[Standing]] = {}
    for standing in case.standings:
        grouped.setdefault(standing.window, []).append(standing)
    each = bool(case.target.get("each"))
    return [
        WindowResult(w, found, each_status(case, w, found) if each else found[0].status)
        for w, found in grouped.items()
    ]


def each_status(case: TargetCase, window: Window, found: list[Standing]) -> str:
    """Roll the members of one window up."""
    statuses = [s.status for s in found if s.status != "waived"]
    if not statuses:
        return "waived"
    if case.as_of < window.start:
        return "upcoming"
    if all(s.req is None for s in found if s.status != "waived"):
        return "unquantified"
    n = len(statuses)
    share = exact(case.target.get("share", 1))
    met, late, breached = (statuses.count(word) for word in ("met", "late", "breached"))
    if reaches(Fraction(met, n), share):
        return "met"
    if reaches(Fraction(met + late, n), share):
        return "late"
    if not reaches(Fraction(n - breached, n), share):
        return "breached"
    if case.as_of >= window.end:
        return "missed"
    return worst_open(statuses)


def worst_open(statuses: list[str]) -> str:
    return next((word for word in WORST_OPEN if word in statuses), "on_track")


class TargetResult:
    """The row of one target, and what the commitment needs of it."""

    def __init__(self, case: TargetCase) -> None:
        self.case = case
        self.target = case.target
        self.windows = [w for w in window_results(case) if w.status != "waived"]
        self.due = [w for w in self.windows if w.window.start <= case.as_of]
        self.met = [w for w in self.windows if w.status in OK]
        self.lost = [w for w in self.windows if self._is_lost(w)]
        self.judged = [s for s in case.standings if not s.waived]
        self.is_unquantified = all(s.req is None for s in self.judged)
        if self.is_unquantified:
            self.met, self.lost = [], []
        self.status = self._status()
        self.light = self._light()
        self.completion = self._completion()

    def _is_lost(self, w: WindowResult) -> bool:
        if w.status in OK:
            return False
        return w.status == "breached" or self.case.as_of >= w.window.end

    def need(self, n: int) -> int:
        return min(self.target.get("require") or n, n)

    def _status(self) -> str:
        n, as_of = len(self.windows), self.case.as_of
        if n == 0:
            return "waived"
        if self.is_unquantified:
            return "unquantified"
        if as_of < self.windows[0].window.start:
            return "upcoming"
        if len(self.met) >= self.need(n):
            return "late" if any(w.status == "late" for w in self.met) else "met"
        if n - len(self.lost) < self.need(n):
            lost = [w.status for w in self.lost]
            return next((word for word in ("breached", "missed") if word in lost), "no_data")
        return worst_open(
            [w.status for w in self.windows if w.window.start <= as_of < w.window.end]
        )

    def _light(self) -> str:
        if self.status == "no_data":
            hopeless = len(self.windows) - len(self.lost) < self.need(len(self.windows))
            return "red" if hopeless else "yellow"
        if self.status == "on_track" and any(s.warned for s in self.case.standings):
            return "yellow"
        return LIGHTS.get(self.status, "grey")

    def _completion(self) -> Fraction | None:
        if self.status in ("waived", "unquantified"):
            return None
        shares = []
        for s in self.judged:
            if s.status in ("upcoming", "no_data"):
                shares.append(Fraction(0))
            elif s.completion is not None:
                shares.append(min(Fraction(1), max(Fraction(0), s.completion)))
        return sum(shares, Fraction(0)) / len(shares) if shares else None

    def actual(self) -> Fraction | None:
        case, measure = self.case, self.case.measure
        each = bool(self.target.get("each"))
        if not self.due or (each and measure not in ("count", "total", "days")):
            return None
        if measure == "distinct":
            first, last = case.span
            return value(self.target, case.scope(None), first, min(last, case.as_of))
        if measure in ("count", "total", "days"):
            return total(s.actual for w in self.due for s in w.standings if not s.waived)
        return self.due[-1].standings[0].actual

    def required(self) -> Fraction | None:
        if self.is_unquantified:
            return None
        if self.case.additive:
            return total(s.req.required for s in self.judged if s.req is not None)
        window = self.due[-1] if self.due else self.windows[0]
        return [s for s in window.standings if not s.waived][-1].req.required

    def shortfall(self) -> Fraction | None:
        return total(s.shortfall for s in self.judged)

    def overdue(self) -> Fraction | None:
        if self.is_unquantified:
            return None
        closed = [s for s in self.judged if s.is_closed(self.case.as_of)]
        return total(s.shortfall for s in closed) if closed else Fraction(0)

    def member_is_met(self, standings: list[Standing]) -> bool:
        theirs = [s for s in standings if not s.waived]
        ok = [s for s in theirs if s.status in OK]
        return bool(theirs) and len(ok) >= self.need(len(theirs))

    def row(self, organisation: str | None, commitment: dict[str, Any]) -> dict[str, Any]:
        by_member: dict[str, list[Standing]] = {}
        for s in self.case.standings:
            by_member.setdefault(s.subject or "", []).append(s)
        each = bool(self.target.get("each"))
        met = [m for m, standings in by_member.items() if self.member_is_met(standings)]
        return {
            "organisation": organisation,
            "commitment": commitment["id"],
            "target": self.target["id"],
            "name": self.target.get("name"),
            "unit": self.target.get("unit"),
            "measure": self.target["measure"],
            "goal": next((g for g in GOALS if self.target.get(g, "X") != "X"), None),
            "required": plain(self.required()),
            "actual": plain(self.actual()),
            "completion": plain(self.completion),
            "status": self.status,
            "light": self.light,
            "shortfall": plain(self.shortfall()),
            "overdue": plain(self.overdue()),
            "windows": len(self.windows),
            "windows_due": len(self.due),
            "windows_met": len(self.met),
            "windows_missed": len(self.lost),
            "members": len(by_member) if each else None,
            "members_met": len(met) if each else None,
        }


def total(numbers: Any) -> Fraction | None:
    """Return the sum of what is known; None where nothing is."""
    known = [number for number in numbers if number is not None]
    return sum(known, Fraction(0)) if known else None


def weighted(pairs: list[tuple[Fraction | None, Fraction]]) -> Fraction | None:
    known = [(completion, weight) for completion, weight in pairs if completion is not None]
    weights = sum((weight for _, weight in known), Fraction(0))
    if not weights:
        return None
    return sum((c * w for c, w in known), Fraction(0)) / weights


def weight_of(table: dict[str, Any]) -> Fraction:
    return exact(table.get("weight", 1))


class CommitmentResult:
    """The row of one commitment, and what the plan needs of it."""

    def __init__(self, commitment: dict[str, Any], targets: list[TargetResult]) -> None:
        self.commitment = commitment
        self.targets = targets
        self.completion = weighted([(t.completion, weight_of(t.target)) for t in targets])
        if not targets:
            self.status, self.light = "qualitative", "grey"
            return
        self.status = min((t.status for t in targets), key=WORST.index)
        lights = [t.light for t in targets if t.status == self.status]
        self.light = min(lights, key=("red", "yellow", "green", "grey").index)

    def row(self, organisation: str | None) -> dict[str, Any]:
        return {
            "organisation": organisation,
            "commitment": self.commitment["id"],
            "section": self.commitment.get("section"),
            "text": self.commitment.get("text"),
            "owner": self.commitment.get("owner"),
            "targets": len(self.targets),
            "completion": plain(self.completion),
            "status": self.status,
            "light": self.light,
        }


def summary_row(organisation: str | None, results: list[CommitmentResult]) -> dict[str, Any]:
    counts = {word: sum(r.status == word for r in results) for word in STATUSES}
    completion = weighted([(r.completion, weight_of(r.commitment)) for r in results])
    return {"organisation": organisation, **counts, "completion": plain(completion)}
