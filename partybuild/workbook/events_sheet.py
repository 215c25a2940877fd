"""The sheet people record on, and the lists they choose from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs
import pandas as pd

from partybuild._frames import match_headings
from partybuild.errors import EventError, Problem
from partybuild.events import COLUMNS
from partybuild.periods import Period
from partybuild.plan import ORGANISATIONS, Plan
from partybuild.sources.excel import MAX_CELL_TEXT, MAX_ROWS, load_openpyxl
from partybuild.sources.plain import plain_values
from partybuild.workbook.grids import column_name
from partybuild.workbook.marks import UNWRITABLE, Look, lay_out, lines_of, put
from partybuild.workbook.words import EVENT_COLUMNS, SHEETS, WORDS

FIRST_ROW: Final = 4
#: Empty rows that are ready to be filled in, below the last event; a page of them is ruled.
EMPTY_ROWS: Final = 500
#: How much higher a page of A4 across is than wide, within its margins, in row heights a letter.
_PAGE: Final = 0.163
_REQUIRED: Final = ("date", "kind")
_CENTRED: Final = ("date", "end", "recorded_at", "unit", "void", "id")
#: The last row of the lists that a drop-down looks at.
_LONGEST_LIST: Final = 2000
#: The colour of cells to look at again.
_DOUBTFUL: Final = "FFF2CC"
_LARGEST: Final = "999999999999"


@attrs.frozen(kw_only=True)
class EventColumn:
    """One column of the sheet: its name, heading, width, note, and the choices it offers."""

    name: str
    heading: str
    width: float
    note: str
    choices: tuple[str, ...] = ()


def event_columns(plan: Plan, events: pd.DataFrame, lang: str) -> list[EventColumn]:
    """Return the columns: those of every event, then what the plan's `where` looks at."""
    choices = _choices(plan, events, lang)
    wanted = _wanted(plan)
    further = dict.fromkeys([*(name for name in events.columns if name not in COLUMNS), *wanted])
    columns = [
        EventColumn(name=name, heading=said, width=width, note=note, choices=choices.get(name, ()))
        for name, (said, width, note) in EVENT_COLUMNS[lang].items()
    ]
    headings = [column.heading for column in columns]
    for name in further:
        clashes = name in headings or bool(match_headings([*headings, name]).problems)
        heading = f"{name}2" if clashes else name
        choices_of = wanted.get(name, ())
        columns.append(
            EventColumn(name=name, heading=heading, width=11, note="", choices=choices_of)
        )
        headings.append(heading)
    return columns


def _choices(plan: Plan, events: pd.DataFrame, lang: str) -> dict[str, tuple[str, ...]]:
    organisations = plan.rosters.get(ORGANISATIONS, ())
    others = [roster for name, roster in plan.rosters.items() if name != ORGANISATIONS]
    members = [member for roster in others for member in roster]
    said = {
        "kind": plan.kinds,
        "unit": (target.unit for target in plan.targets),
        "subject": (member.id for member in members),
        "organisation": [
            *(member.id for member in organisations),
            *(member.organisation for member in members),
        ],
    }
    lists = {
        name: _unique([*values, *(events[name].dropna().unique() if name == "kind" else ())])
        for name, values in said.items()
    }
    return {**lists, "void": (WORDS[lang]["yes"],)}


def _unique(values: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))


def _wanted(plan: Plan) -> dict[str, tuple[str, ...]]:
    """The further columns that some target selects events by, with the values it asks for."""
    wanted: dict[str, list[str]] = {}
    for target in plan.targets:
        parts = (target.numerator, target.denominator, target.of)
        for where in (target.where, *(part.where for part in parts if part is not None)):
            for name, value in where.items():
                values = value if isinstance(value, tuple) else (value,)
                texts = [one for one in values if isinstance(one, str)]
                wanted.setdefault(name, []).extend(texts)
    return {name: _unique(values) for name, values in wanted.items()}


def write_events_sheet(book: Any, plan: Plan, events: pd.DataFrame, lang: str) -> None:
    """Write the events, empty rows ready to be filled in, and the lists behind the drop-downs.

    Raises
    ------
    EventError
        With a Problem for each text that no cell can hold, or when a sheet is too short.
    """
    look, words = Look(), WORDS[lang]
    page = book.create_sheet(SHEETS[lang]["events"])
    columns = event_columns(plan, events, lang)
    title = words["ledger"].format(title=plan.title or plan.id)
    look.top(page, title, words["events_hint"], width=len(columns))
    comment = load_openpyxl("Writing .xlsx").comments.Comment
    for place, column in enumerate(columns, start=1):
        star = "＊" if column.name in _REQUIRED else ""
        cell = page.cell(FIRST_ROW - 1, place)
        look.heading(cell, f"{column.heading}{star}")
        page.column_dimensions[column_name(place)].width = column.width
        if column.note:
            cell.comment = comment(column.note, "partybuild", height=90, width=260)
    page.row_dimensions[FIRST_ROW - 1].height = 26
    last = _fill(page, columns, events, look=look, yes=words["yes"])
    _add_rules(book, page, columns, (last, lang))
    _add_shades(page, columns, (last, plan.period))
    lay_out(page, freeze=f"C{FIRST_ROW}", heading_row=FIRST_ROW - 1, footer=words["page"])
    page.auto_filter.ref = f"A{FIRST_ROW - 1}:{column_name(len(columns))}{last}"


def _fill(
    page: Any, columns: Sequence[EventColumn], events: pd.DataFrame, *, look: Look, yes: str
) -> int:
    """Write the rows; return the number of the last one that is ready."""
    _check(events, page.title)
    values = [_values(events, column.name, yes) for column in columns]
    percent = (events["unit"] == "%").tolist()
    last = FIRST_ROW + len(events) + EMPTY_ROWS - 1
    a_page = int(sum(column.width for column in columns) * _PAGE)
    ruled = FIRST_ROW + max(len(events) + 3, a_page)
    formats = {"date": "yyyy-mm-dd", "end": "yyyy-mm-dd", "recorded_at": "yyyy-mm-dd"}
    for row in range(FIRST_ROW, last + 1):
        index, lines = row - FIRST_ROW, 1
        for place, column in enumerate(columns, start=1):
            cell = page.cell(row, place)
            centred = column.name in _CENTRED
            alignment = look.middle if centred else None
            if column.name == "quantity":
                alignment = look.right
            cell.number_format = formats.get(column.name, "General")
            look.body(cell, alignment=alignment, framed=row < ruled)
            if index < len(events) and values[place - 1][index] is not None:
                value = values[place - 1][index]
                put(cell, value)
                if column.name in formats and cell.is_date:
                    cell.number_format = formats[column.name]
                if column.name == "quantity" and percent[index]:
                    cell.number_format = "0.00%"
                if isinstance(value, str):
                    lines = max(lines, lines_of(value, column.width))
        page.row_dimensions[row].height = 6 + 15 * min(lines, 20)
    return last


def _values(events: pd.DataFrame, name: str, yes: str) -> list[Any]:
    """The cells of a column; what the reader takes for granted is left blank."""
    if name not in events.columns:
        return [None] * len(events)
    column = events[name]
    if name in ("end", "recorded_at"):
        column = column.where(column != events["date"])
    if name == "void":
        return [yes if flag else None for flag in column]
    return plain_values(column)


def _check(events: pd.DataFrame, sheet: str) -> None:
    problems = []
    if len(events) > MAX_ROWS - EMPTY_ROWS - FIRST_ROW:
        message = f"{len(events):,} events are more than a sheet holds"
        raise EventError([Problem(code="too-many", message=message, sheet=sheet)])
    for name in events.columns:
        for index, value in enumerate(plain_values(events[name])):
            if isinstance(value, str) and (UNWRITABLE.search(value) or len(value) > MAX_CELL_TEXT):
                problems.append(
                    Problem(
                        code="unwritable-text",
                        message="a text that no cell can hold",
                        read=value[:80],
                        expected=f"at most {MAX_CELL_TEXT:,} characters, none a control character",
                        sheet=sheet,
                        row=index + 1,
                        column=str(name),
                    )
                )
    if problems:
        raise EventError(problems)


def _add_rules(
    book: Any, page: Any, columns: Sequence[EventColumn], reach: tuple[int, str]
) -> None:
    """Give each column its drop-down list or its check."""
    last, lang = reach
    openpyxl = load_openpyxl("Writing .xlsx")
    validation = openpyxl.worksheet.datavalidation.DataValidation
    lists = book.create_sheet(SHEETS[lang]["lists"])
    lists.sheet_state = "hidden"
    for place, column in enumerate(columns, start=1):
        letter = column_name(place)
        rule = None
        if column.choices:
            rule = _list_rule(book, lists, column, lang)
        elif column.name in ("date", "end", "recorded_at"):
            first = f"$A{FIRST_ROW}" if column.name == "end" else "DATE(1990,1,1)"
            rule = validation(type="date", operator="greaterThanOrEqual", formula1=first)
            rule.errorStyle = "stop"
        elif column.name == "quantity":
            rule = validation(
                type="decimal", operator="between", formula1=f"-{_LARGEST}", formula2=_LARGEST
            )
            rule.errorStyle = "warning"
        if rule is None:
            continue
        rule.allow_blank = True
        rule.errorTitle, rule.error = column.heading[:30], column.note[:200]
        rule.promptTitle, rule.prompt = column.heading[:30], column.note[:200]
        rule.showErrorMessage = column.name not in ("subject", "organisation", "unit")
        rule.showInputMessage = False
        rule.add(f"{letter}{FIRST_ROW}:{letter}{last}")
        page.add_data_validation(rule)


def _list_rule(book: Any, lists: Any, column: EventColumn, lang: str) -> Any:
    """Write a list under the next free heading, name it, and make a drop-down of it."""
    openpyxl = load_openpyxl("Writing .xlsx")
    place = 1 if lists.cell(1, 1).value is None else lists.max_column + 1
    letter = column_name(place)
    put(lists.cell(1, place), column.heading)
    for row, choice in enumerate(column.choices, start=2):
        put(lists.cell(row, place), choice)
    lists.column_dimensions[letter].width = 24
    name = f"{'选项' if lang == 'zh' else 'choices'}_{place}"
    column_text = f"'{lists.title}'!${letter}$"
    count = f"MAX(1,COUNTA({column_text}2:${letter}${_LONGEST_LIST}))"
    reach = f"OFFSET({column_text}2,0,0,{count},1)"  # what is added below belongs to it
    named = openpyxl.workbook.defined_name.DefinedName(name, attr_text=reach)
    book.defined_names[name] = named
    rule = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=f"={name}")
    rule.errorStyle = "stop" if column.name == "void" else "warning"
    return rule


def _add_shades(page: Any, columns: Sequence[EventColumn], reach: tuple[int, Period]) -> None:
    """Rule each row in which something stands, strike out what is void, colour what is doubtful.

    Doubtful are required cells that are blank in such a row, and dates outside the plan.
    """
    openpyxl = load_openpyxl("Writing .xlsx")
    rule, styles = openpyxl.formatting.rule.FormulaRule, openpyxl.styles
    last, period = reach
    right = column_name(len(columns))
    places = {column.name: place for place, column in enumerate(columns, 1)}
    begun = f"COUNTA($A{FIRST_ROW}:${right}{FIRST_ROW})>0"
    required = ",".join(f"COLUMN()={places[name]}" for name in _REQUIRED)
    date = f"${column_name(places['date'])}{FIRST_ROW}"
    first, final = (f"DATE({day.year},{day.month},{day.day})" for day in (period.start, period.end))
    outside = f"ISNUMBER({date}),OR({date}<{first},{date}>={final}+1)"
    border = Look().border
    doubtful = {
        "fill": styles.PatternFill("solid", start_color=_DOUBTFUL, end_color=_DOUBTFUL),
        "border": border,
    }
    void = f"${column_name(places['void'])}{FIRST_ROW}"
    looks: tuple[tuple[str, dict[str, Any]], ...] = (
        (f"LEN({void})>0", {"font": styles.Font(strike=True, color="999999"), "border": border}),
        (f"AND({begun},OR({required}),LEN(A{FIRST_ROW})=0)", doubtful),
        (f"AND(COLUMN()={places['date']},{outside})", doubtful),
        (begun, {"border": border}),
    )
    for formula, look in looks:  # LibreOffice takes the first that holds, and no other
        page.conditional_formatting.add(
            f"A{FIRST_ROW}:{right}{last}", rule(formula=[formula], **look)
        )
