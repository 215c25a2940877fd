"""What each command does; none of it knows how options are spelt."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment, assess
from partybuild.cli.codes import BAD_INPUT, GOOD, UNKNOWN
from partybuild.cli.grids import Grid, frame_grid, target_grid
from partybuild.cli.inputs import InputError, Inputs, Tell, read_inputs
from partybuild.cli.outputs import (
    Format,
    ReportAsked,
    check_new,
    put_report,
    put_table,
    put_text,
)
from partybuild.cli.screen import progress_bar
from partybuild.cli.verdicts import verdict_code
from partybuild.coming import agenda
from partybuild.errors import Problem, UsageError
from partybuild.events import holding_rows
from partybuild.periods import as_day
from partybuild.plan import Plan
from partybuild.reminders import render_digest, render_ical
from partybuild.report.lang import wording
from partybuild.sources.drafts import Draft, write_draft
from partybuild.sources.text.reader import read_text
from partybuild.workbook import refresh_workbook, write_workbook

#: The frames of an assessment that can be shown.
TABLES = ("targets", "standings", "commitments", "summary", "shortfalls", "outlook", "problems")
_AHEAD = dt.timedelta(days=30)
_AGENDA = {
    "due": ("截止", "due"), "days_left": ("剩余天数", "days left"),
    "organisation": ("组织", "organisation"), "name": ("指标", "target"),
    "subject": ("对象", "member"), "window": ("考核期", "window"), "needed": ("还差", "needed"),
    "light": ("灯", "light"), "status": ("状态", "status"),
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Asked:
    """What is to be judged, as of when: the options that several commands share."""

    plan: Path
    events: tuple[Path, ...]
    as_of: str
    known_at: str | None = None
    by: str | None = None
    lang: str | None = None


def run_draft(
    report: Path, output: Path | None, *, year: int | None, form: Format | None, overwrite: bool
) -> int:
    """Read the promises of a report; 2 when numbers are missing or nothing was found."""
    is_plan = output is not None and output.suffix.lower() == ".toml"
    if output is not None and is_plan:
        check_new(output, overwrite)
    with progress_bar(1) as tell:
        tell(report.name)
        draft = read_text(report, year=year)
    if output is not None and is_plan:
        write_draft(draft, output)
        sys.stderr.write(f"{output}\n")
    else:
        frame = draft.frame.reset_index()
        put_table(frame, lambda: _draft_grid(frame), form, output)
    # What a person should look at is all there is to say of a draft, notes too.
    sys.stderr.write("".join(f"{one}\n" for one in draft.problems))
    return _draft_code(draft)


def _draft_grid(frame: pd.DataFrame) -> Grid:
    shown = ["target", "name", "measure", "goal", "value", "unit", "per", "confidence", "quote"]
    return frame_grid(frame[shown].astype(object), lang="en")


def _draft_code(draft: Draft) -> int:
    return UNKNOWN if draft.missing or not draft.targets else GOOD


def run_check(plan_path: Path, event_paths: Sequence[Path], as_of: str | None) -> int:
    """Read a plan and its events and say everything that is wrong with them."""
    with progress_bar(1 + len(event_paths)) as tell:
        try:
            inputs = read_inputs(plan_path, event_paths, tell)
        except InputError as error:
            sys.stdout.write("".join(f"{one}\n" for one in error.problems))
            sys.stdout.write(f"{len(error.problems)} errors\n")
            return BAD_INPUT
    plan, events = inputs.plan, inputs.events
    lines = [str(one) for one in inputs.remarks]
    if as_of is not None:
        lines += [str(one) for one in assess(plan, events, as_of=as_of).problem_list]
    else:
        lines += [*_unquantified(plan), *_unassigned(plan, events)]
    lines.append(
        f"{len(plan.commitments)} commitments, {len(plan.targets)} targets, "
        f"{int(holding_rows(events).sum())} events in {len(events)} rows: no errors"
    )
    sys.stdout.write("".join(f"{line}\n" for line in lines))
    return GOOD


def _unquantified(plan: Plan) -> list[str]:
    names = [t.id for t in plan.targets if t.bounds is None and t.measure != "milestone"]
    return [f"{name}: no goal yet; it is measured, never judged" for name in names]


def _unassigned(plan: Plan, events: pd.DataFrame) -> list[str]:
    counts = events.loc[~events["kind"].isin(plan.kinds), "kind"].value_counts()
    return [
        f"kind {kind!r}: no target looks at it; {number} rows" for kind, number in counts.items()
    ]


def run_assess(asked: Asked, table: str, form: Format | None, output: Path | None) -> int:
    """Judge a plan and show one of the tables."""
    if table not in TABLES:
        raise UsageError(f"--table: got {table!r}; expected one of {', '.join(TABLES)}")
    assessment = _assessed(asked)
    frame: pd.DataFrame = getattr(assessment, table)
    lang = asked.lang or assessment.plan.lang

    def grid() -> Grid:
        if table == "targets":
            return target_grid(assessment, asked.lang)
        empty = [name for name in ("organisation", "subject") if name in frame.columns]
        empty = [name for name in empty if not frame[name].notna().any()]
        return frame_grid(frame.drop(columns=empty), lang=lang)

    put_table(frame, grid, form, output)
    return verdict_code(assessment)


def run_report(asked: Asked, wanted: ReportAsked) -> int:
    """Judge a plan and write the report."""
    with progress_bar(3 + len(asked.events)) as tell:
        assessment = _judged(asked, tell)
        tell("report" if wanted.output is None else wanted.output.name)
        put_report(assessment, wanted, tell)
    return verdict_code(assessment)


def run_agenda(
    asked: Asked, until: str | None, form: Format | None, output: Path | None, *, is_digest: bool
) -> int:
    """Show what falls due, as a table, as a calendar, or in the digest of a week."""
    assessment = _assessed(asked)
    suffix = "" if output is None else output.suffix.lower()
    if is_digest:
        put_text(render_digest(assessment, until=until, lang=asked.lang), output)
        return verdict_code(assessment)
    last = as_day(until, "--until") if until else assessment.as_of + _AHEAD
    if suffix == ".ics" and form is None:
        put_text(render_ical(assessment, until=last, lang=asked.lang), output)
        return verdict_code(assessment)
    frame = agenda(assessment, until=last)
    lang = asked.lang or assessment.plan.lang
    put_table(frame, lambda: _agenda_grid(frame, lang), form, output)
    return verdict_code(assessment)


def _agenda_grid(frame: pd.DataFrame, lang: str) -> Grid:
    shown = [name for name in _AGENDA if frame[name].notna().any() or name == "name"]
    heads = [_AGENDA[name][lang == "en"] for name in shown]
    words = wording(lang)
    needed = [
        None if pd.isna(value) else words.gap(value, None if pd.isna(unit) else unit)
        for value, unit in zip(frame["needed"], frame["unit"], strict=True)
    ]
    told = frame[shown].assign(needed=pd.Series(needed, index=frame.index, dtype=object))
    return frame_grid(told, lang=lang, heads=heads)


def run_workbook(
    plan_path: Path,
    event_paths: Sequence[Path],
    output: Path | None,
    *,
    as_of: str | None,
    overwrite: bool,
) -> int:
    """Write the workbook of a plan; without `output`, bring an existing one up to date."""
    if output is None:
        return _refresh(plan_path, event_paths, as_of)
    if output.suffix.lower() != ".xlsx":
        raise UsageError(f"-o: got {output.name}; expected a name that ends in .xlsx")
    check_new(output, overwrite)
    with progress_bar(2 + len(event_paths)) as tell:
        inputs = read_inputs(plan_path, event_paths, tell)
        _remark(inputs.remarks)
        tell(output.name)
        write_workbook(inputs.plan, output, events=inputs.events, as_of=as_of)
    sys.stderr.write(f"{output}\n")
    if as_of is None:
        return GOOD
    return verdict_code(assess(inputs.plan, inputs.events, as_of=as_of))


def _refresh(book: Path, event_paths: Sequence[Path], as_of: str | None) -> int:
    if event_paths or book.suffix.lower() not in (".xlsx", ".xlsm"):
        raise UsageError(
            "-o: not given; it names the workbook to write. To bring a workbook up to date, "
            "give only the workbook and --as-of"
        )
    if as_of is None:
        raise UsageError(
            "--as-of: not given; the day as of which the workbook is brought up to date"
        )
    with progress_bar(1) as tell:
        tell(book.name)
        found = refresh_workbook(book, as_of=as_of)
    _remark(found.draft.problems)
    sys.stderr.write(f"{book}\n")
    return BAD_INPUT if found.draft.errors else verdict_code(found.assessment)


def _assessed(asked: Asked) -> Assessment:
    with progress_bar(2 + len(asked.events)) as tell:
        return _judged(asked, tell)


def _judged(asked: Asked, tell: Tell) -> Assessment:
    inputs: Inputs = read_inputs(asked.plan, asked.events, tell)
    _remark(inputs.remarks)
    tell("assess")
    assessment = assess(
        inputs.plan, inputs.events, as_of=asked.as_of, known_at=asked.known_at, by=asked.by
    )
    assessment.targets  # noqa: B018 -- the figures are made when they are first asked for
    return assessment


def _remark(problems: Iterable[Problem]) -> None:
    """Say on the error stream what should be looked at, notes left out."""
    for one in problems:
        if one.severity != "note":
            sys.stderr.write(f"{one.severity}: {one}\n")
