"""Assessment -> view: every figure of a report, gathered once from the frames."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import numpy as np
import pandas as pd

from partybuild.assessment.assessment import Assessment as Assessment
from partybuild.assessment.assessment import checked_assessment
from partybuild.assessment.outlook import DAYS_PER_MONTH
from partybuild.assessment.rules import LIGHTS, STATUSES
from partybuild.plan import Plan as Plan
from partybuild.report.view import (
    DONE,
    SHOWN_ORDER,
    AheadView,
    CommitmentView,
    MissView,
    PlaceView,
    ReportView,
    SectionView,
    TargetView,
)
from partybuild.report.view_remarks import remark_views
from partybuild.report.view_specs import day_or_none, target_specs
from partybuild.report.view_specs import next_view as next_view
from partybuild.texts import one_line, one_line_or_none

_FIGURES = ("required", "actual", "completion", "shortfall", "overdue")
_NUMBERS = ("windows", "windows_due", "windows_met", "windows_missed")
_MISS = (
    "subject", "start", "end", "status", "required", "actual", "shortfall", "recoverable",
    "days_left",
)  # fmt: skip
_AHEAD = ("needed", "lost", "needed_per_week", "needed_per_month", "pace_per_week")


def report_view(assessment: Assessment) -> ReportView:
    """Gather everything a report shows of an assessment, in plan order."""
    plan = checked_assessment(assessment).plan
    # without organisations there is one row; an empty list of them has none
    places = assessment.organisations or (None,) * len(assessment.summary)
    targets = _target_views(assessment, places)
    commitments = _commitment_views(assessment, places, targets)
    return ReportView(
        id=one_line(plan.id),
        title=one_line(plan.title or ""),
        lang=plan.lang,
        start=plan.start,
        end=plan.end,
        as_of=assessment.as_of,
        known_at=assessment.known_at,
        places=_place_views(assessment, places, commitments),
        remarks=remark_views(assessment, target_specs(assessment)),
    )


def _values(column: Any) -> list[Any]:
    """A column as plain Python values, None where something is missing."""
    series = pd.Series(column)
    known = series.notna().to_numpy()
    return [one if is_known else None for one, is_known in zip(series.tolist(), known, strict=True)]


def _columns(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, list[Any]]:
    return {name: _values(frame[name]) for name in names}


def _row_numbers(frame: pd.DataFrame, assessment: Assessment) -> Any:
    """For each row, which row of the frame `targets` it belongs to."""
    plan = assessment.plan
    pairs = [(one.id, target.id) for one in plan.commitments for target in one.targets]
    places = {name: at for at, name in enumerate(assessment.organisations)}
    number = max(1, len(places))
    codes = [_category_codes(frame[key]) for key in ("commitment", "target", "organisation")]
    known = {(c, t): at for at, (c, t) in enumerate(pairs)}
    width = len(codes[1][1]) + 1
    table = np.full((len(codes[0][1]) + 1) * width, -1)
    for c, commitment in enumerate(codes[0][1]):
        for t, target in enumerate(codes[1][1]):
            table[c * width + t] = known.get((commitment, target), -1)
    of_place = np.array([places[name] for name in codes[2][1]] + [0])
    return table[codes[0][0] * width + codes[1][0]] * number + of_place[codes[2][0]]


def _category_codes(column: Any) -> tuple[Any, list[str]]:
    return column.cat.codes.to_numpy().astype(np.int64), list(column.cat.categories)


def _target_views(
    assessment: Assessment, places: Sequence[str | None]
) -> tuple[tuple[TargetView, ...], ...]:
    """For each target of the plan, its view in every place."""
    specs = target_specs(assessment)
    frame = assessment.targets
    columns = _columns(frame, ("status", "light", *_FIGURES, *_NUMBERS, "members", "members_met"))
    names = list(columns)
    single = _single_standings(assessment, len(frame))
    misses = _misses(assessment)
    ahead = _aheads(assessment)
    labels = [one_line_or_none(place) for place in places]
    views = []
    for row, values in enumerate(zip(*columns.values(), strict=True)):
        target, place = divmod(row, len(places))
        views.append(
            TargetView(
                spec=specs[target],
                organisation=labels[place],
                is_over=assessment.as_of >= specs[target].due,
                misses=tuple(misses.get(row, ())),
                ahead=ahead.get(row),
                **single[row],
                **dict(zip(names, values, strict=True)),
            )
        )
    size = len(places)
    return tuple(tuple(views[at * size : (at + 1) * size]) for at in range(len(specs)))


def _single_standings(assessment: Assessment, number: int) -> list[dict[str, Any]]:
    """What only a target of one standing can say, and the last event of all of them."""
    frame = assessment.standings
    rows = _row_numbers(frame, assessment)
    counts = np.bincount(rows, minlength=number)
    result = [{"surplus": None, "expected": None, "last_event": None} for _ in range(number)]
    last = frame["last_event"].groupby(rows).max()
    for row, day in zip(last.index.tolist(), last.tolist(), strict=True):
        result[row]["last_event"] = day_or_none(day)
    alone = np.flatnonzero(counts[rows] == 1)
    columns = _columns(frame.iloc[alone], ("surplus", "expected"))
    for row, surplus, expected in zip(rows[alone].tolist(), *columns.values(), strict=True):
        result[row] |= {"surplus": surplus, "expected": expected}
    return result


def _misses(assessment: Assessment) -> dict[int, list[MissView]]:
    frame = assessment.standings
    is_due = (frame["start"] <= pd.Timestamp(assessment.as_of)).to_numpy()
    is_short = (frame["shortfall"] > 0).to_numpy() | (frame["status"] == "no_data").to_numpy()
    chosen = np.flatnonzero(is_due & is_short)
    short = frame.iloc[chosen]
    rows = _row_numbers(short, assessment).tolist()
    columns = _columns(short, _MISS)
    spared = _spared(assessment, short, rows)
    names = _member_names(assessment)
    result: dict[int, list[MissView]] = {}
    for row, is_spared, *values in zip(rows, spared, *columns.values(), strict=True):
        told = dict(zip(columns, values, strict=True))
        start, end = told["start"].date(), told["end"].date()
        subject = told["subject"]
        miss = MissView(
            subject=None if subject is None else one_line(names.get(subject, subject)),
            start=start,
            end=end,
            status=told["status"],
            required=told["required"],
            actual=told["actual"],
            shortfall=told["shortfall"],
            is_open=end > assessment.as_of,
            is_recoverable=told["recoverable"],
            days_left=int(told["days_left"]),
            is_spared=is_spared,
        )
        result.setdefault(row, []).append(miss)
    return result


def _spared(assessment: Assessment, short: pd.DataFrame, rows: list[int]) -> list[bool]:
    """For each short standing, whether its window is met all the same, by a share of members."""
    places = max(1, len(assessment.organisations))
    shares = [target.share for target in assessment.plan.targets]
    shared = [at for at, row in enumerate(rows) if shares[row // places] < 1]
    result = [False] * len(rows)
    if not shared:
        return result
    frame = assessment.standings
    of = _row_numbers(frame, assessment)
    chosen = np.isin(of // places, [at for at, share in enumerate(shares) if share < 1])
    of, frame = of[chosen], frame[chosen]
    is_met = frame["status"].isin(DONE).to_numpy()
    is_asked = (frame["status"] != "waived").to_numpy()
    table = pd.DataFrame({"of": of, "start": frame["start"], "met": is_met, "asked": is_asked})
    sums = table.groupby(["of", "start"])[["met", "asked"]].sum()
    counts = {key: (met, asked) for key, met, asked in sums.itertuples()}
    starts = short["start"].tolist()
    for at in shared:
        met, asked = counts[rows[at], starts[at]]
        result[at] = bool(met >= shares[rows[at] // places] * asked - 1e-9)
    return result


def _member_names(assessment: Assessment) -> Mapping[str, str]:
    rosters = assessment.plan.rosters.values()
    return {member.id: member.label for roster in rosters for member in roster}


def _aheads(assessment: Assessment) -> dict[int, AheadView]:
    frame = assessment.outlook
    rows = _row_numbers(frame, assessment).tolist()
    columns = _columns(frame, (*_AHEAD, "by", "days_left", "reached_on"))
    result = {}
    for row, *values in zip(rows, *columns.values(), strict=True):
        told = dict(zip(columns, values, strict=True))
        left = told.pop("days_left")
        by, reached = day_or_none(told.pop("by")), day_or_none(told.pop("reached_on"))
        pace = told["pace_per_week"]
        result[row] = AheadView(
            by=by,
            reached_on=reached,
            days_left=None if left is None else int(left),
            pace_per_month=None if pace is None else pace * DAYS_PER_MONTH / 7,
            **told,
        )
    return result


def _commitment_views(
    assessment: Assessment,
    places: Sequence[str | None],
    targets: tuple[tuple[TargetView, ...], ...],
) -> list[list[CommitmentView]]:
    """For each place, the commitments of the plan."""
    columns = _columns(assessment.commitments, ("status", "light", "completion"))
    told = list(zip(*columns.values(), strict=True))
    result: list[list[CommitmentView]] = [[] for _ in places]
    first = 0
    for number, one in enumerate(assessment.plan.commitments):
        own = targets[first : first + len(one.targets)]
        first += len(one.targets)
        facts = {
            "id": one_line(one.id),
            "text": one_line(one.text),
            "owner": one_line_or_none(one.owner),
        }
        for place in range(len(places)):
            status, light, completion = told[number * len(places) + place]
            result[place].append(
                CommitmentView(
                    status=status,
                    light=light,
                    completion=completion,
                    targets=tuple(views[place] for views in own),
                    **facts,  # type: ignore[arg-type]
                )
            )
    return result


def _place_views(
    assessment: Assessment,
    places: Sequence[str | None],
    commitments: list[list[CommitmentView]],
) -> tuple[PlaceView, ...]:
    completions = _values(assessment.summary["completion"])
    ranks = pd.Series(completions, dtype="float64").rank(method="min", ascending=False)
    titles = [one_line_or_none(one.section) for one in assessment.plan.commitments]
    views = []
    for place, rank in zip(range(len(places)), _values(ranks), strict=True):
        own = commitments[place]
        targets = [target for one in own for target in one.targets]
        views.append(
            PlaceView(
                organisation=one_line_or_none(places[place]),
                completion=completions[place],
                rank=None if rank is None or places[place] is None else int(rank),
                counts=_counted((one.status for one in own), STATUSES),
                target_counts=_counted((one.shown_status for one in targets), SHOWN_ORDER),
                lights=_counted((one.light for one in targets), LIGHTS),
                sections=tuple(_sections(own, titles)),
            )
        )
    return tuple(views)


def _counted(words: Iterable[str], order: Sequence[str]) -> dict[str, int]:
    counts = Counter(words)
    return {word: counts[word] for word in order if counts[word]}


def _sections(
    commitments: Sequence[CommitmentView], titles: Sequence[str | None]
) -> Iterator[SectionView]:
    pairs = zip(titles, commitments, strict=True)
    for title, group in groupby(pairs, key=lambda pair: pair[0]):
        yield SectionView(title=title, commitments=tuple(one for _, one in group))
