"""What each command does; none of it knows how options are spelt."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Iterable
from pathlib import Path

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment, assess
from partybuild.cli.codes import BAD_INPUT, GOOD, UNKNOWN
from partybuild.cli.grids import Grid, frame_grid, target_grid
from partybuild.cli.inputs import Files, InputError, Inputs, Tell, read_inputs
from partybuild.cli.outputs import (
    Format,
    ReportAsked,
    check_new,
    check_table_file,
    put_report,
    put_table,
    put_text,
)
from partybuild.cli.screen import progress_bar
from partybuild.cli.telling import counted, known_lang, lines, terminal_lang, told_problem
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
#: Reports are read in Chinese, and a plan speaks it unless it says otherwise.
_DRAFT_LANG = "zh"
_DRAFT = {
    "target": "编号", "name": "指标", "measure": "算法", "goal": "目标", "value": "目标值",
    "unit": "单位", "per": "周期", "confidence": "把握", "quote": "原文",
}  # fmt: skip


@attrs.frozen(kw_only=True)
class Asked:
    """What is to be judged, as of when: the options that several commands share."""

    files: Files
    as_of: str
    known_at: str | None = None
    by: str | None = None
    lang: str | None = None


@attrs.frozen(kw_only=True)
class DraftAsked:
    """Which report is to be read, for which year, and where to the draft goes."""

    report: Path
    output: Path | None
    year: int | None = None
    form: Format | None = None
    lang: str | None = None
    is_overwriting: bool = False


def run_draft(asked: DraftAsked) -> int:
    """Read the promises of a report; 2 when numbers are missing or nothing was found."""
    output, lang = asked.output, known_lang(asked.lang) or _DRAFT_LANG
    is_plan = output is not None and output.suffix.lower() == ".toml"
    if output is not None and is_plan:
        check_new(output, asked.is_overwriting)
    else:
        check_table_file(output, asked.form)
    with progress_bar(1) as tell:
        tell(asked.report.name)
        draft = read_text(asked.report, year=asked.year)
    if output is not None and is_plan:
        write_draft(draft, output)
        sys.stderr.write(f"{output}\n")
    else:
        frame = draft.frame.reset_index()
        put_table(frame, lambda: _draft_grid(frame, lang), asked.form, output)
    # What a person should look at is all there is to say of a draft, notes too.
    sys.stderr.write(lines(told_problem(one, lang) for one in draft.problems))
    return _draft_code(draft)


def _draft_grid(frame: pd.DataFrame, lang: str) -> Grid:
    heads = [chinese if lang == "zh" else name for name, chinese in _DRAFT.items()]
    return frame_grid(frame[[*_DRAFT]].astype(object), lang=lang, heads=heads)


def _draft_code(draft: Draft) -> int:
    return UNKNOWN if draft.missing or not draft.targets else GOOD


def run_check(files: Files, as_of: str | None, lang: str | None) -> int:
    """Read a plan and its events and say everything that is wrong with them."""
    known_lang(lang)
    with progress_bar(1 + len(files.events)) as tell:
        try:
            inputs = read_inputs(files, tell)
        except InputError as error:
            spoken = lang or error.lang or terminal_lang()
            sys.stdout.write(lines(told_problem(one, spoken) for one in error.problems))
            sys.stdout.write(counted(len(error.problems), spoken, ("处错误", "error")) + "\n")
            return BAD_INPUT
    plan, events, spoken = inputs.plan, inputs.events, lang or inputs.plan.lang
    found = [told_problem(one, spoken) for one in inputs.remarks]
    if as_of is not None:
        problems = assess(plan, events, as_of=as_of).problem_list
        found += [told_problem(one, spoken) for one in problems]
    else:
        found += [*_unquantified(plan, spoken), *_unassigned(plan, events, spoken)]
    sys.stdout.write(lines([*found, _sound(plan, events, spoken)]))
    return GOOD


def _unquantified(plan: Plan, lang: str) -> list[str]:
    names = [t.id for t in plan.targets if t.bounds is None and t.measure != "milestone"]
    if lang == "zh":
        return [f"{name}：还没有目标值，只统计、不评判" for name in names]
    return [f"{name}: no goal yet; it is measured, never judged" for name in names]


def _unassigned(plan: Plan, events: pd.DataFrame, lang: str) -> list[str]:
    counts = events.loc[~events["kind"].isin(plan.kinds), "kind"].value_counts()
    if lang == "zh":
        return [f"事项“{kind}”：没有指标用到，{number}行" for kind, number in counts.items()]
    return [
        f"kind {kind!r}: no target looks at it; {counted(number, lang, ('', 'row'))}"
        for kind, number in counts.items()
    ]


def _sound(plan: Plan, events: pd.DataFrame, lang: str) -> str:
    numbers = (
        (len(plan.commitments), "项承诺", "commitment"),
        (len(plan.targets), "个指标", "target"),
        (int(holding_rows(events).sum()), "件事", "event"),
        (len(events), "行", "row"),
    )
    owed, targets, held, rows = (counted(n, lang, (zh, en)) for n, zh, en in numbers)
    if lang == "zh":
        return f"{owed}，{targets}，{rows}记录{held}：没有错误"
    return f"{owed}, {targets}, {held} in {rows}: no errors"


def run_assess(asked: Asked, table: str, form: Format | None, output: Path | None) -> int:
    """Judge a plan and show one of the tables."""
    if table not in TABLES:
        raise UsageError(f"--table: got {table!r}; expected one of {', '.join(TABLES)}")
    check_table_file(output, form)
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
    with progress_bar(3 + len(asked.files.events)) as tell:
        assessment = _judged(asked, tell)
        tell("report" if wanted.output is None else wanted.output.name)
        put_report(assessment, wanted, tell)
    return verdict_code(assessment)


def run_agenda(
    asked: Asked, until: str | None, form: Format | None, output: Path | None, *, is_digest: bool
) -> int:
    """Show what falls due, as a table, as a calendar, or in the digest of a week."""
    suffix = "" if output is None else output.suffix.lower()
    if not is_digest and suffix != ".ics":
        check_table_file(output, form)
    assessment = _assessed(asked)
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


@attrs.frozen(kw_only=True)
class WorkbookAsked:
    """Which workbook is to be written, or brought up to date, and as of when."""

    files: Files
    output: Path | None
    as_of: str | None = None
    by: str | None = None
    lang: str | None = None
    is_overwriting: bool = False


def run_workbook(asked: WorkbookAsked) -> int:
    """Write the workbook of a plan; without `output`, bring an existing one up to date."""
    files, output, as_of = asked.files, asked.output, asked.as_of
    known_lang(asked.lang)
    if output is None:
        return _refresh(asked)
    if output.suffix.lower() != ".xlsx":
        raise UsageError(f"-o: got {output.name}; expected a name that ends in .xlsx")
    check_new(output, asked.is_overwriting)
    with progress_bar(2 + len(files.events)) as tell:
        inputs = read_inputs(files, tell)
        _remark(inputs.remarks, asked.lang or inputs.plan.lang)
        tell(output.name)
        write_workbook(inputs.plan, output, events=inputs.events, as_of=as_of, by=asked.by)
    sys.stderr.write(f"{output}\n")
    if as_of is None:
        return GOOD
    return verdict_code(assess(inputs.plan, inputs.events, as_of=as_of, by=asked.by))


def _refresh(asked: WorkbookAsked) -> int:
    files, as_of = asked.files, asked.as_of
    book = files.plan
    if files.events or book.suffix.lower() not in (".xlsx", ".xlsm"):
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
        found = refresh_workbook(book, as_of=as_of, by=asked.by)
    _remark(found.draft.problems, asked.lang or found.assessment.plan.lang)
    sys.stderr.write(f"{book}\n")
    return BAD_INPUT if found.draft.errors else verdict_code(found.assessment)


def _assessed(asked: Asked) -> Assessment:
    with progress_bar(2 + len(asked.files.events)) as tell:
        return _judged(asked, tell)


def _judged(asked: Asked, tell: Tell) -> Assessment:
    known_lang(asked.lang)
    for option, day in (("--as-of", asked.as_of), ("--known-at", asked.known_at)):
        if day is not None:
            as_day(day, option)
    inputs: Inputs = read_inputs(asked.files, tell)
    _remark(inputs.remarks, asked.lang or inputs.plan.lang)
    tell("assess")
    assessment = assess(
        inputs.plan, inputs.events, as_of=asked.as_of, known_at=asked.known_at, by=asked.by
    )
    assessment.targets  # noqa: B018 -- the figures are made when they are first asked for
    return assessment


def _remark(problems: Iterable[Problem], lang: str) -> None:
    """Say on the error stream what should be looked at, notes left out."""
    severities = {"error": "错误", "warning": "提醒"}
    for one in problems:
        if one.severity != "note":
            head = f"{severities[one.severity]}：" if lang == "zh" else f"{one.severity}: "
            sys.stderr.write(f"{head}{told_problem(one, lang)}\n")
