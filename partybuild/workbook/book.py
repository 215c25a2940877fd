"""`write_workbook` and `refresh_workbook`: the workbook of a year, and its progress."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import attrs
import pandas as pd

from partybuild._frames import normalise_events
from partybuild.assessment.assessment import Assessment, assess
from partybuild.assessment.own_goals import TailoredPlan
from partybuild.errors import PartybuildError, Problem, UsageError
from partybuild.events import empty_events
from partybuild.plan import Plan
from partybuild.sources.excel import check_package, damaged, load_openpyxl, save_book
from partybuild.sources.files import replacing
from partybuild.workbook.drafts import WorkbookDraft
from partybuild.workbook.events_sheet import write_events_sheet
from partybuild.workbook.grids import column_name, read_grids
from partybuild.workbook.looks import sheet_writer
from partybuild.workbook.marks import Look, lay_out, lines_of, put
from partybuild.workbook.package import replace_sheets
from partybuild.workbook.page import Page
from partybuild.workbook.plan_reading import plan_of_grids
from partybuild.workbook.plan_sheet import add_plan_sheets, checked_target
from partybuild.workbook.progress import empty_page, progress_page
from partybuild.workbook.reading import draft_of_grids, keep_what_is_there, workbook_path
from partybuild.workbook.short_page import empty_short_page, short_page
from partybuild.workbook.words import HELP, SHEETS, WORDS

_HELP_WIDTH: Final = 78
_COLOURS: Final = {
    "events": "2E75B6",
    "progress": "70AD47",
    "short": "70AD47",
    "targets": "BF9000",
    "rosters": "BF9000",
    "help": "7F7F7F",
}


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Refreshed:
    """What `refresh_workbook` found: the assessment, and what it read of the workbook."""

    assessment: Assessment
    draft: WorkbookDraft

    def __repr__(self) -> str:
        unread = len(self.draft.errors)
        return f"<Refreshed as of {self.assessment.as_of}: {self.draft!r}, {unread} not read>"


def write_workbook(
    plan: Plan,
    path: str | os.PathLike[str],
    *,
    events: pd.DataFrame | None = None,
    as_of: dt.date | str | None = None,
    by: str | None = None,
    lang: str | None = None,
) -> None:
    """Write the workbook that an office keeps through the year.

    Its sheets are 进展登记 (one row for each event, with drop-down lists for kind,
    unit, subject and organisation), 完成情况 (progress), 缺口明细 (what is short),
    指标 and 名单 (the plan), 说明, and the hidden 选项 with the lists. `events` are
    filled in; with `as_of` the progress is calculated as of that day (and `by`, as
    `assess` takes it), else `refresh_workbook` does it.
    A workbook that is there already is replaced, unless events would be lost by it.
    `lang` is that of headings, by default the plan's. Text is written as text,
    whatever it begins with.

    Raises
    ------
    EventError
        When `events` has faults, or text that no cell can hold.
    SourceError
        When the file cannot be written; an earlier one is then as it was.
    UsageError
        When an argument is not understood, or the workbook at `path` has events,
        or rows that cannot be read, which `events` does not hold.
    MissingExtraError
        Without the extra ``excel``.

    >>> import tempfile
    >>> from partybuild.workbook import read_plan_sheet
    >>> plan = Plan(id="2021", start="2021-01-01", end="2021-12-31")
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     write_workbook(plan, f"{folder}/台账.xlsx")
    ...     read_plan_sheet(f"{folder}/台账.xlsx") == plan
    True
    """
    target, lang = checked_target(plan, path, lang)
    frame = empty_events() if events is None else normalise_events(events, timezone=plan.timezone)
    keep_what_is_there(target, frame)
    pages = {"progress": empty_page(plan, lang), "short": empty_short_page(plan, lang)}
    if as_of is not None:
        pages = _pages(assess(plan, frame, as_of=as_of, by=by), (), lang)
    elif by is not None:
        raise UsageError(f"by: got {by!r} without as_of, so that nothing is calculated")
    book = load_openpyxl("Writing .xlsx").Workbook()
    book.remove(book.active)
    book.properties.creator = "partybuild"
    write_events_sheet(book, plan, frame, lang)
    _add_calculated(book, lang)
    add_plan_sheets(book, plan, lang)
    _add_help(book.create_sheet(SHEETS[lang]["help"]), lang)
    _arrange(book, lang)
    with replacing(target) as part:
        bare = part.with_name(f"{part.name}.bare")
        try:
            save_book(book, bare)
            _put_pages(bare, pages, lang, target=part)
        finally:
            bare.unlink(missing_ok=True)


def _arrange(book: Any, lang: str) -> None:
    book.move_sheet(SHEETS[lang]["lists"], offset=len(book.worksheets))
    for key, colour in _COLOURS.items():
        book[SHEETS[lang][key]].sheet_properties.tabColor = colour
    book.active = 0
    for page in book.worksheets:
        page.sheet_view.tabSelected = page.title == SHEETS[lang]["events"]


def _add_calculated(book: Any, lang: str) -> None:
    """Make room for the sheets that are calculated, which are written afterwards."""
    for key in ("progress", "short"):
        page = book.create_sheet(SHEETS[lang][key])
        put(page.cell(1, 1), WORDS[lang]["never"])
        page.print_title_rows = "3:3"


def _pages(found: Assessment, problems: Sequence[Problem], lang: str) -> dict[str, Page]:
    """The calculated sheets, by what they are for."""
    return {"progress": progress_page(found, problems, lang), "short": short_page(found, lang)}


def _add_help(page: Any, lang: str) -> None:
    look = Look()
    page.column_dimensions[column_name(1)].width = _HELP_WIDTH
    put(page.cell(1, 1), WORDS[lang]["help"])
    page.cell(1, 1).font, page.cell(1, 1).alignment = look.title, look.middle
    page.row_dimensions[1].height = 36
    row = 2
    for heading, lines in HELP[lang]:
        put(page.cell(row, 1), heading)
        page.cell(row, 1).font = look.bold
        page.cell(row, 1).fill = look.head
        page.row_dimensions[row].height = 24
        page.cell(row, 1).alignment = look.left
        for line in lines:
            row += 1
            put(page.cell(row, 1), line)
            look.body(page.cell(row, 1), framed=False)
            page.row_dimensions[row].height = 8 + 15 * lines_of(line, _HELP_WIDTH)
        row += 1
    lay_out(page, freeze="A2", heading_row=1, footer=WORDS[lang]["page"])
    page.page_setup.orientation = "portrait"
    page.sheet_view.showGridLines = False


def refresh_workbook(
    path: str | os.PathLike[str],
    *,
    as_of: dt.date | str,
    plan: Plan | TailoredPlan | None = None,
    known_at: dt.date | str | None = None,
    by: str | None = None,
    organisations: Sequence[str] | None = None,
) -> Refreshed:
    """Read a workbook's events, judge them as of a day, and rewrite 完成情况 and 缺口明细.

    Every other part of the file stays byte for byte: what people typed, coloured,
    filtered, drew or added. Without `plan` the plan is read from its sheets; with
    one, any workbook that `read_workbook` reads will do, and gets the sheets if it
    lacks them. `known_at`, `by` and `organisations` are those of `assess`: with
    ``by="organisation"`` 完成情况 begins with a line for each organisation, and
    then shows every target of each. Rows that cannot be read are listed at its end
    and in the result's `draft`; they do not stop the others.

    Raises
    ------
    PlanError
        When the plan's sheets have faults.
    SourceError
        When the file cannot be read or written; it is then as it was.
    UsageError
        When an argument is not understood.
    MissingExtraError
        Without the extra ``excel``.
    """
    place = workbook_path(path)
    grids = read_grids(place)
    given: Any = plan
    if given is not None and not isinstance(given, Plan | TailoredPlan):
        raise UsageError(f"plan: got {type(given).__name__}; expected a Plan")
    judged = plan_of_grids(grids, str(place)) if plan is None else plan
    plain = judged.plan if isinstance(judged, TailoredPlan) else judged
    draft = draft_of_grids(grids, place, plan=plain)
    titles = [grid.title for grid in grids]
    lang = next((one for one in SHEETS if SHEETS[one]["progress"] in titles), plain.lang)
    found = assess(
        judged,
        draft.events,
        as_of=as_of,
        known_at=known_at,
        by=by,
        organisations=organisations,
    )
    with replacing(place) as part:
        _put_pages(place, _pages(found, draft.problems, lang), lang, target=part)
    return Refreshed(assessment=found, draft=draft)


def _put_pages(source: Path, pages: Mapping[str, Page], lang: str, *, target: Path) -> None:
    footer = WORDS[lang]["page"]
    check_package(source)
    writers = {SHEETS[lang][key]: sheet_writer(page, footer=footer) for key, page in pages.items()}
    try:
        replace_sheets(source, writers, target=target)
    except (PartybuildError, OSError):
        raise
    except Exception as error:
        raise damaged(source, error) from error
