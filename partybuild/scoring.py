"""`score`: an assessment as points (考核): marks, grades, ranks, and the step that pays most."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import attrs
import numpy as np
import numpy.typing as npt
import pandas as pd

from partybuild.assessment.assessment import Assessment, checked_assessment
from partybuild.errors import UsageError, nearest
from partybuild.faults import checked_number, shown
from partybuild.texts import one_line_or_none

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

#: How a completion becomes a share of the points.
METHODS = ("linear", "stepped", "all_or_nothing")

#: From which share of all points which grade is given, the best first.
GRADES = ((0.9, "好"), (0.8, "较好"), (0.6, "一般"), (0.0, "差"))

_LEFT_OUT = ("waived", "unquantified")
_FAILED = ("missed", "breached")
_REACHED = ("met", "late")
_KEYS = ["organisation", "commitment", "target"]


def _steps(value: Any) -> tuple[tuple[float, float], ...]:
    try:
        return tuple((float(at), float(share)) for at, share in value)
    except (TypeError, ValueError, OverflowError):
        expected = "pairs of a completion and a share"
        raise UsageError(f"steps: got {shown(value)}; expected {expected}") from None


@attrs.frozen(kw_only=True)
class Marks:
    """How one target is marked.

    `points` is full marks. `method`: ``linear`` (completion x points, at most
    `cap` x points), ``stepped`` (`steps`: from which completion which share of
    the points) or ``all_or_nothing``. A target that is met has earned them all,
    also where some windows or members may fall short. With a `cap` above 1 what
    a standing has beyond its goal counts, up to `cap` times the goal.

    For each unit of surplus `bonus` points are added, up to `most_bonus`, once
    nothing is short: what one window has too much makes up for no other. For each
    unit that is lost (missed or breached, where the target itself is not met)
    `penalty` points are taken, up to `most_penalty` (None: without limit); what is
    not due yet costs nothing. `veto` (一票否决): when the target is missed or
    breached, the whole score gets the lowest grade.

    >>> Marks(points=10, method="stepped", steps=[(0.6, 0.5), (0.8, 0.8), (1, 1)]).share(0.85)
    0.8
    """

    points: float = 10.0
    method: str = "linear"
    cap: float = 1.0
    steps: tuple[tuple[float, float], ...] = attrs.field(default=(), converter=_steps)
    bonus: float = 0.0
    most_bonus: float | None = None
    penalty: float = 0.0
    most_penalty: float | None = None
    veto: bool = False

    def __attrs_post_init__(self) -> None:
        method: Any = self.method
        if not isinstance(method, str) or method not in METHODS:
            hint = nearest(str(self.method), METHODS)
            expected = f"expected one of {', '.join(METHODS)}" + (f"; {hint}" if hint else "")
            raise UsageError(f"method: got {self.method!r}; {expected}")
        if (self.method == "stepped") != bool(self.steps):
            raise UsageError("steps: go with the method 'stepped', and it needs them")
        if list(self.steps) != sorted(self.steps):
            raise UsageError(f"steps: got {self.steps}; expected rising completions and shares")
        for name in ("points", "cap", "bonus", "penalty", "most_bonus", "most_penalty"):
            value = getattr(self, name)
            if value is None and name.startswith("most"):
                continue
            if checked_number(value, name=name, expected="0 or more") < 0:
                raise UsageError(f"{name}: got {value}; expected 0 or more")

    @property
    def limits(self) -> Floats:
        """The completions from which more points are given; none where they grow steadily."""
        if self.method == "all_or_nothing":
            return np.array([1.0])
        return np.array([at for at, _ in self.steps])

    def share(self, completion: float) -> float:
        """The share of the points that a completion earns."""
        return float(self.shares(np.array([completion]))[0])

    def shares(self, completion: Floats) -> Floats:
        """The shares of the points that completions earn; NaN (not known) earns nothing."""
        known = np.nan_to_num(completion, nan=0.0) + 1e-9
        if self.method == "linear":
            return np.clip(np.nan_to_num(completion, nan=0.0), 0.0, self.cap)
        if self.method == "all_or_nothing":
            return (known >= 1.0).astype(np.float64)
        limits = np.array([at for at, _ in self.steps])
        values = np.array([0.0, *(share for _, share in self.steps)])
        return values[np.searchsorted(limits, known, side="right")]


@attrs.frozen(kw_only=True, eq=False, repr=False, slots=False)
class Scorecard:
    """Points of every target and organisation, and what they add up to.

    Frames: `targets`, one row for every target x organisation that is marked
    (organisation, commitment, target, name, status, completion, points, earned,
    bonus, penalty, score, is_vetoed), and `totals`, one for every organisation, the
    best first (organisation, score, points, share, grade, rank, is_vetoed, unknown).
    NaN means not known; an unknown completion earns nothing.
    """

    assessment: Assessment
    marks: Mapping[str, Marks]
    grades: tuple[tuple[float, str], ...]

    @cached_property
    def targets(self) -> pd.DataFrame:
        """One row for every target x organisation that is marked.

        Columns: organisation, commitment, target, name, status, completion (NaN:
        not known, earns nothing), points (full marks), earned, bonus, penalty,
        score (their sum, not below 0), is_vetoed. Waived and unquantified targets
        are left out.
        """
        rows = _with_sums(self.assessment, self.marks)
        rows = rows[~rows["status"].isin(_LEFT_OUT)].reset_index(drop=True)
        shown = ["organisation", "commitment", "target", "name", "status", "completion"]
        return rows[shown].assign(**_points(rows, self.marks))

    @cached_property
    def totals(self) -> pd.DataFrame:
        """One row for every organisation, the best first.

        Columns: organisation, score, points, share (score of points), grade, rank
        (equal shares share a rank, 1 1 3; vetoed ones stand behind all others),
        is_vetoed, unknown (how many targets could not be measured). Share, grade
        and rank are missing where no target has points.
        """
        rows = self.targets
        keys = rows["organisation"].astype("str").fillna("")
        grouped = rows.assign(unknown=rows["status"] == "no_data").groupby(keys, sort=False)
        frame = grouped[["score", "points", "unknown"]].sum()
        frame["is_vetoed"] = grouped["is_vetoed"].any()
        frame["share"] = np.where(frame["points"] > 0, frame["score"] / frame["points"], np.nan)
        frame["grade"] = [
            self.grade(share, is_vetoed=vetoed)
            for share, vetoed in zip(frame["share"], frame["is_vetoed"], strict=True)
        ]
        order = frame["share"].round(9) - frame["is_vetoed"] * 1e6
        frame["rank"] = order.rank(ascending=False, method="min").astype("Int64")
        frame = frame.reset_index(names="organisation").sort_values("rank", kind="stable")
        frame["organisation"] = frame["organisation"].where(frame["organisation"] != "")
        columns = ["organisation", "score", "points", "share", "grade", "rank", "is_vetoed"]
        return frame[[*columns, "unknown"]].reset_index(drop=True)

    def grade(self, share: float, *, is_vetoed: bool = False) -> str | None:
        """The grade of a share of all points; a veto gives the lowest. NaN: None."""
        if is_vetoed:
            return self.grades[-1][1]
        if np.isnan(share):
            return None
        return next(name for least, name in self.grades if share >= least - 1e-9)

    @cached_property
    def gains(self) -> pd.DataFrame:
        """What one more step gains, the most points first.

        A step is one more unit in the standing where it pays most (additive
        measures), or the goal reached (levels and milestones). Where points come in
        steps, it is as many units as the next one takes. Columns: organisation,
        target, name, subject, window, step (units; NaN: reach the goal), gain
        (points). Only standings that can still be mended.
        """
        return _gains(self)

    def __repr__(self) -> str:
        return f"<Scorecard of plan {self.assessment.plan.id!r}, {len(self.totals)} rows>"

    def _repr_html_(self) -> str:
        shown = self.totals.assign(organisation=self.totals["organisation"].map(one_line_or_none))
        return shown.to_html(index=False, border=0, na_rep="")


def score(
    assessment: Assessment,
    marks: Mapping[str, Marks | Mapping[str, Any]] | None = None,
    *,
    grades: Sequence[tuple[float, str]] = GRADES,
) -> Scorecard:
    """Mark an assessment.

    `marks` gives each target its `Marks` (or their keyword arguments); ``"*"``
    those of the targets not named, by default 10 points, linear. `grades` are
    (least share, name) pairs, the best first, the last from 0.

    Raises `UsageError` for unknown targets, wrong marks and grades that do not fall.

    >>> from partybuild.assessment.assessment import assess
    >>> from partybuild.plan import Plan
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31", commitment=[{"id": "1",
    ...     "target": [{"id": "t", "measure": "count", "kind": "督查", "at_least": 4}]}])
    >>> events = pd.DataFrame({"id": ["a"], "kind": ["督查"], "date": ["2021-03-05"]})
    >>> card = score(assess(plan, events, as_of="2021-12-31"))
    >>> card.totals[["score", "points", "grade"]]
       score  points grade
    0    2.5    10.0     差
    """
    known = [target.id for target in checked_assessment(assessment).plan.targets]
    of_targets: Any = {} if marks is None else marks
    if not isinstance(of_targets, Mapping):
        expected = "a mapping from targets to Marks"
        raise UsageError(f"marks: got {shown(marks)}; expected {expected}")
    given = {"*": Marks(), **{name: _marks(value) for name, value in of_targets.items()}}
    for name in given:
        if name != "*" and name not in known:
            hint = nearest(name, known)
            raise UsageError(f"marks: no target {name!r}" + (f"; {hint}" if hint else ""))
    expected = "(least share, name) pairs that fall"
    try:
        pairs = tuple((float(least), str(name)) for least, name in grades)
    except (TypeError, ValueError, OverflowError):
        raise UsageError(f"grades: got {shown(grades)}; expected {expected}") from None
    if not pairs or [least for least, _ in pairs] != sorted((p[0] for p in pairs), reverse=True):
        raise UsageError(f"grades: got {pairs}; expected {expected}")
    if pairs[-1][0] > 0:
        raise UsageError(f"grades: the last begins at {pairs[-1][0]}; expected 0")
    return Scorecard(assessment=assessment, marks=given, grades=pairs)


def _marks(value: Marks | Mapping[str, Any]) -> Marks:
    if isinstance(value, Marks):
        return value
    asked: Any = value
    if not isinstance(asked, Mapping):
        expected = "Marks, or a mapping of what they take"
        raise UsageError(f"marks: got {shown(value)}; expected {expected}")
    known = [field.name for field in attrs.fields(Marks)]
    for name in value:
        if name not in known:
            hint = nearest(name, known)
            raise UsageError(f"marks: no parameter {name!r}" + (f"; {hint}" if hint else ""))
    return Marks(**value)


def _points(rows: pd.DataFrame, marks: Mapping[str, Marks]) -> dict[str, Any]:
    number = len(rows)
    columns = {name: np.zeros(number) for name in ("points", "earned", "bonus", "penalty")}
    is_vetoed = np.zeros(number, dtype=bool)
    has_failed = rows["status"].isin(_FAILED).to_numpy()
    for target in dict.fromkeys(rows["target"]):
        own = (rows["target"] == target).to_numpy()
        rule = marks.get(target, marks["*"])
        part = rows[own]
        columns["points"][own] = rule.points
        columns["earned"][own] = rule.points * rule.shares(part["marked"].to_numpy())
        columns["bonus"][own] = _limited(rule.bonus * _surplus(part), rule.most_bonus)
        lost = part["lost"].to_numpy(dtype=np.float64)
        columns["penalty"][own] = _limited(rule.penalty * lost, rule.most_penalty)
        is_vetoed[own] = has_failed[own] & rule.veto
    total = columns["earned"] + columns["bonus"] - columns["penalty"]
    return {**columns, "score": np.maximum(0.0, total), "is_vetoed": is_vetoed}


def _with_sums(assessment: Assessment, marks: Mapping[str, Marks]) -> pd.DataFrame:
    """The targets with `marked` (the completion that earns), `surplus` and `lost` (units)."""
    rows = assessment.targets
    standings = assessment.standings
    is_due = (standings["status"] != "upcoming").to_numpy()
    lost = standings["shortfall"].where(standings["status"].isin(_FAILED)).fillna(0.0)
    cap = np.array([marks.get(name, marks["*"]).cap for name in standings["target"].astype(str)])
    done = standings["completion"].fillna(0.0).clip(lower=0.0)
    sums = pd.DataFrame(
        {
            **{key: standings[key].astype("str").fillna("") for key in _KEYS},
            "surplus": standings["surplus"].fillna(0.0).where(is_due, 0.0),
            "lost": lost,
            "mean": np.minimum(done.to_numpy(), np.maximum(1.0, cap)),
        }
    )[(standings["status"] != "waived").to_numpy()]
    sums = sums.groupby(_KEYS, sort=False).agg({"surplus": "sum", "lost": "sum", "mean": "mean"})
    keys = pd.MultiIndex.from_frame(rows[_KEYS].astype("str").fillna(""))
    found = sums.reindex(keys).fillna(0.0)
    is_met = (rows["status"] == "met").to_numpy()
    is_reached = rows["status"].isin(_REACHED).to_numpy()
    caps = np.array([marks.get(name, marks["*"]).cap for name in rows["target"].astype(str)])
    marked = rows["completion"].to_numpy(dtype=np.float64)
    marked = np.where((caps > 1) & ~np.isnan(marked), found["mean"].to_numpy(), marked)
    return rows.assign(
        marked=np.where(is_met, np.maximum(1.0, np.nan_to_num(marked)), marked),
        surplus=found["surplus"].to_numpy(),
        lost=np.where(is_reached, 0.0, found["lost"].to_numpy()),
    )


def _surplus(rows: pd.DataFrame) -> Floats:
    """What a lower goal has beyond its requirement, where nothing is short."""
    is_lower = rows["goal"].isin(("at_least", "more_than")).to_numpy()
    beyond = rows["actual"].to_numpy(dtype=np.float64) - rows["required"].to_numpy(np.float64)
    # what was made up for an earlier window is no surplus of the year
    least = np.minimum(rows["surplus"].to_numpy(), np.maximum(0.0, np.nan_to_num(beyond)))
    is_whole = (rows["shortfall"] == 0).to_numpy() | rows["status"].isin(_REACHED).to_numpy()
    return np.where(is_lower & is_whole, least, 0.0)


def _limited(values: Floats, most: float | None) -> Floats:
    return values if most is None else np.minimum(values, most)


def _gains(card: Scorecard) -> pd.DataFrame:
    assessment = card.assessment
    standings = assessment.standings
    keys = ["organisation", "commitment", "target"]
    is_asked = (standings["status"] != "waived") & standings["required"].notna()
    number = is_asked.groupby([standings[key] for key in keys], observed=True, dropna=False)
    count = number.transform("sum").to_numpy(dtype=np.float64)
    rows = standings.assign(standing=count)[standings["recoverable"]]
    totals = assessment.targets[[*keys, "name", "completion"]]
    totals = totals.rename(columns={"completion": "whole"})
    rows = rows.merge(totals, on=keys, how="left")
    whole = np.nan_to_num(rows["whole"].to_numpy(dtype=np.float64))
    step, reached = _stepped(card, rows, whole)
    now = np.clip(np.nan_to_num(rows["completion"].to_numpy(dtype=np.float64)), 0.0, 1.0)
    after = whole + np.maximum(0.0, reached - now) / np.maximum(1.0, rows["standing"])
    rows = rows.assign(step=step)
    rows = rows.assign(gain=_worth(card, rows, (whole, after.to_numpy())))
    rows = rows.sort_values("gain", ascending=False, kind="stable")
    rows = rows.drop_duplicates(keys)
    shown = ["organisation", "target", "name", "subject", "window", "step", "gain"]
    return rows.loc[rows["gain"] > 0, shown].reset_index(drop=True)


def _stepped(card: Scorecard, rows: pd.DataFrame, whole: Floats) -> tuple[Floats, Floats]:
    """The size of one step in each standing (NaN: reach the goal), and its completion after it."""
    additive = {
        (owner.id, target.id): target.measure_kind.is_additive
        for owner in card.assessment.plan.commitments
        for target in owner.targets
    }
    pairs = zip(rows["commitment"], rows["target"], strict=True)
    is_additive = np.array([additive[pair] for pair in pairs], dtype=bool)
    required = rows["required"].to_numpy(dtype=np.float64)
    is_lower = is_additive & (required > rows["actual"].to_numpy(dtype=np.float64))
    actual = rows["actual"].to_numpy(dtype=np.float64)
    lacking = np.nan_to_num(np.ceil(required - actual - 1e-9), nan=1.0)
    step = np.clip(_next_units(card, rows, whole), 1.0, np.maximum(1.0, lacking))
    with np.errstate(divide="ignore", invalid="ignore"):
        after = np.clip((actual + step) / required, 0.0, 1.0)
    return np.where(is_lower, step, np.nan), np.where(is_lower, after, 1.0)


def _next_units(card: Scorecard, rows: pd.DataFrame, whole: Floats) -> Floats:
    """How many units of a standing bring its target to the next step of its points."""
    share = np.maximum(1.0, rows["standing"].to_numpy(dtype=np.float64))
    unit = rows["required"].to_numpy(dtype=np.float64) * share
    units = np.ones(len(rows))
    for target in dict.fromkeys(rows["target"]):
        rule = card.marks.get(target, card.marks["*"])
        limits = rule.limits
        own = (rows["target"] == target).to_numpy()
        if not len(limits):
            continue
        ahead = np.append(limits, np.inf)
        goal = ahead[np.searchsorted(limits, whole[own] + 1e-9, side="right")]
        units[own] = np.ceil((goal - whole[own]) * unit[own] - 1e-6)
    return np.nan_to_num(units, nan=1.0, posinf=1.0)


def _worth(card: Scorecard, rows: pd.DataFrame, told: tuple[Floats, Floats]) -> Floats:
    before, after = told
    gain = np.zeros(len(rows))
    for target in dict.fromkeys(rows["target"]):
        own = (rows["target"] == target).to_numpy()
        rule = card.marks.get(target, card.marks["*"])
        shares = rule.shares(after[own]) - rule.shares(before[own])
        step = np.nan_to_num(rows["step"].to_numpy(dtype=np.float64)[own])
        gain[own] = rule.points * shares + rule.penalty * step
    return gain
