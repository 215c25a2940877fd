"""A workbook: summary with charts, targets, standings, shortfalls and events."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable, Sequence
from typing import Any

import attrs

from partybuild.errors import MissingExtraError
from partybuild.report.blocks import overview
from partybuild.report.lang import Wording, wording
from partybuild.report.progress import progress_of
from partybuild.report.tables import worst_first
from partybuild.report.view import ReportView
from partybuild.report.view_build import Assessment, report_view
from partybuild.report.view_sheets import ColumnView, SheetView, sheet_views
from partybuild.report.xlsx_rows import MOST_ROWS, STYLES, cut, fill_sheets, letter

_MOST_BARS = 60
_FONT = "Noto Sans CJK SC"
_FILLS = {"red": "#F6C7C2", "yellow": "#FCE8B2", "green": "#CFEBDD", "grey": "#E8EAED"}
_BARS = {"red": "#C8371F", "yellow": "#D99A1C", "green": "#1F8A70", "grey": "#9AA4AB"}
_WIDTHS = {
    "text": 16, "measure": 12, "goal": 12, "date": 11.5, "moment": 17, "status": 12, "light": 7,
    "flag": 8, "percent": 12,
}  # fmt: skip
_KEY_WIDTHS = {
    "target": 26, "commitment": 9, "unit": 8, "window": 22, "note": 30, "evidence": 24,
    "subject": 18,
}  # fmt: skip


def render_xlsx(
    assessment: Assessment,
    *,
    lang: str | None = None,
    progress: bool | Callable[[int, int], None] = False,
) -> bytes:
    """Write an assessment as an Excel workbook; returns the bytes.

    Sheets: a summary with charts, and the frames `targets`, `standings`, `shortfalls`
    and `events`, with filters, colours by light, bars of completion and a print
    layout; events that stayed in another engine have no sheet. Every text is a text:
    one that begins with ``=`` is no formula. `progress` True shows a bar on the error
    stream; a function is called with the rows written and the rows in all. Needs the
    extra ``excel``.

    Raises `MissingExtraError` without xlsxwriter, `UsageError` for a language there
    are no words for.
    """
    try:
        import xlsxwriter  # type: ignore[import-untyped,unused-ignore]
    except ImportError as error:
        raise MissingExtraError("Writing a workbook", "excel") from error
    view = report_view(assessment)
    words = wording(view.lang if lang is None else lang)
    sheets = sheet_views(assessment)
    output = io.BytesIO()
    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_urls": False,
        "strings_to_numbers": False,
        "nan_inf_to_errors": False,
    }
    book = xlsxwriter.Workbook(output, options)
    book.set_properties(
        {"title": words.named(view)[:255], "created": dt.datetime.combine(view.as_of, dt.time())}
    )
    total = sum(min(sheet.rows, MOST_ROWS) for sheet in sheets)
    _Book(book=book, words=words).write(view, sheets)
    book.close()
    with progress_of(progress, total) as bar:
        # the summary is the first sheet
        return fill_sheets(output.getvalue(), dict(enumerate(sheets, start=2)), words, bar)


@attrs.define(kw_only=True)
class _Book:
    """One workbook in the making, its words and its formats."""

    book: Any
    words: Wording
    formats: dict[str, Any] = attrs.field(factory=dict)

    def write(self, view: ReportView, sheets: Sequence[SheetView]) -> None:
        """Write the summary, then a sheet for each table."""
        self._summary(view, sheets)
        for sheet in sheets:
            self._sheet(sheet)

    def format(self, **properties: Any) -> Any:
        """Return the format with these properties, made once."""
        key = repr(sorted(properties.items()))
        if key not in self.formats:
            base = {"font_name": _FONT, "font_size": 10, "valign": "vcenter"}
            self.formats[key] = self.book.add_format({**base, **properties})
        return self.formats[key]

    @property
    def _head(self) -> Any:
        return self.format(
            bold=True, bg_color="#E3E7EA", border=1, border_color="#B9C1C7", text_wrap=True,
            align="center",
        )  # fmt: skip

    def _named(self, key: str) -> Any:
        sheet = self.book.add_worksheet(self.words.words[f"sheet_{key}"])
        sheet.set_paper(9)
        sheet.set_landscape()
        sheet.fit_to_pages(1, 0)
        sheet.set_margins(left=0.5, right=0.5, top=0.6, bottom=0.7)
        sheet.set_footer("&C&P / &N")
        sheet.hide_gridlines(2)
        return sheet

    def _summary(self, view: ReportView, sheets: Sequence[SheetView]) -> None:
        sheet = self._named("summary")
        say = self.words.words
        sheet.set_column(0, 0, 26)
        sheet.set_column(1, 1, 16)
        sheet.set_column(2, 9, 12)
        title = self.format(bold=True, font_size=16)
        sheet.set_row(0, 30)
        sheet.write_string(0, 0, cut(say["title"].format(title=self.words.named(view))), title)
        sheet.set_row(1, 36)
        text = self.format(text_wrap=True, valign="top")
        sheet.merge_range(1, 0, 1, 9, "", text)
        sheet.write_string(1, 0, cut(overview(view, self.words)), text)
        row = self._counts(sheet, view)
        if view.is_by_organisation:
            row = self._league(sheet, view, row + 2)
        row = self._completion_chart(sheet, sheets[0], row + 2)
        for one in sheets:
            if one.rows > MOST_ROWS:
                sheet.write_string(
                    row, 0, say["too_long"].format(sheet=say[f"sheet_{one.key}"], rows=one.rows)
                )
                row += 1
        sheet.print_area(0, 0, max(row, 24), 9)

    def _counts(self, sheet: Any, view: ReportView) -> int:
        """How many targets have each status, with a chart beside; returns the last row."""
        counts: dict[str, int] = {}
        for place in view.places:
            for status, number in place.target_counts.items():
                counts[status] = counts.get(status, 0) + number
        top = 3
        heads = (self.words.words["status"], self.words.words["number"])
        for at, head in enumerate(heads):
            sheet.write_string(top, at, head, self._head)
        cell = self.format(border=1, border_color="#D9DEE2")
        names = [name for name in _ORDER if name in counts]
        for row, name in enumerate(names, start=top + 1):
            sheet.write_string(row, 0, self.words.status(name), cell)
            sheet.write_number(row, 1, counts[name], cell)
        last = top + max(1, len(names))
        if names:
            self._count_chart(sheet, (top + 1, last, names))
        return max(last, top + 16)

    def _completion_chart(self, page: Any, sheet: SheetView, row: int) -> int:
        """The completion of each target as bars, where they fit a page; the row below."""
        keys = [column.key for column in sheet.columns]
        if not 0 < sheet.rows <= _MOST_BARS or "organisation" in keys:
            return row
        name, at = self.words.words["sheet_targets"], keys.index("completion")
        names = keys.index("target")
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, 1, names, sheet.rows, names],
                "values": [name, 1, at, sheet.rows, at],
                "fill": {"color": "#4C7FA8"},
                "gap": 40,
            }
        )
        self._plain(chart, self.words.words["chart_completion"])
        chart.set_y_axis({"reverse": True, "num_font": {"name": _FONT, "size": 9}})
        lines = {"visible": True, "line": {"color": "#E3E7EA"}}
        chart.set_x_axis({"min": 0, "max": 1, "num_format": "0%", "major_gridlines": lines})
        page.set_h_pagebreaks([row])
        height = 90 + 20 * sheet.rows
        chart.set_size({"width": 900, "height": height})
        page.insert_chart(row, 0, chart)
        return row + height // 20 + 1

    def _count_chart(self, sheet: Any, told: tuple[int, int, list[str]]) -> None:
        first, last, names = told
        name = self.words.words["sheet_summary"]
        chart = self.book.add_chart({"type": "bar"})
        chart.add_series(
            {
                "categories": [name, first, 0, last, 0],
                "values": [name, first, 1, last, 1],
                "points": [{"fill": {"color": _BARS[_LIGHT_OF[one]]}} for one in names],
                "data_labels": {"value": True, "font": {"name": _FONT}},
                "gap": 40,
            }
        )
        self._plain(chart, self.words.words["chart_status"])
        chart.set_y_axis({"reverse": True, "num_font": {"name": _FONT}, "line": {"none": True}})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_size({"width": 560, "height": 320})
        sheet.insert_chart(3, 3, chart)

    def _plain(self, chart: Any, title: str) -> None:
        chart.set_title({"name": title, "name_font": {"name": _FONT, "size": 12}, "overlay": False})
        chart.set_legend({"none": True})
        chart.set_chartarea({"border": {"none": True}})

    def _league(self, sheet: Any, view: ReportView, top: int) -> int:
        """The organisations, the worst first; returns the last row."""
        say = self.words.words
        heads = ("organisation", "rank", "completion", "green", "yellow", "red", "grey")
        for at, head in enumerate(heads):
            sheet.write_string(top, at, say[head], self._head)
        cell, percent = self.format(), self.format(num_format="0.00%")
        row = top
        for row, place in enumerate(worst_first(view), start=top + 1):
            sheet.write_string(row, 0, cut(place.organisation or ""), cell)
            if place.rank is not None:
                sheet.write_number(row, 1, place.rank, cell)
            if place.completion is not None:
                sheet.write_number(row, 2, place.completion, percent)
            for at, light in enumerate(("green", "yellow", "red", "grey"), start=3):
                sheet.write_number(row, at, place.lights.get(light, 0), cell)
        if row > top:
            sheet.conditional_format(top + 1, 2, row, 2, _DATA_BAR)
        return row

    def _sheet(self, sheet: SheetView) -> None:
        page = self._named(sheet.key)
        rows = min(sheet.rows, MOST_ROWS)
        last = max(rows, 1), max(len(sheet.columns) - 1, 0)
        for at, column in enumerate(sheet.columns):
            page.set_column(at, at, _width(column))
        page.freeze_panes(1, _frozen(sheet))
        page.autofilter(0, 0, *last)
        page.repeat_rows(0)
        page.print_area(0, 0, last[0], _last_printed(sheet))
        page.set_row(0, 30)
        for at, column in enumerate(sheet.columns):
            page.write_string(
                0, at, cut(column.title or self.words.words[f"col_{column.key}"]), self._head
            )
        for at, properties in enumerate(STYLES.values()):
            page.write_blank(1, at, None, self.format(**properties))
        self._colours(page, sheet, rows)

    def _colours(self, page: Any, sheet: SheetView, rows: int) -> None:
        """Colours by light, and bars in the columns of completion."""
        if not rows:
            return
        keys = [column.kind for column in sheet.columns]
        if "light" in keys:
            at = keys.index("light")
            for light, fill in _FILLS.items():
                rule = {
                    "type": "formula",
                    "criteria": f'=${letter(at)}2="{self.words.light(light)}"',
                    "format": self.book.add_format({"bg_color": fill}),
                }
                page.conditional_format(1, at - 1, rows, at, rule)
        for at, kind in enumerate(keys):
            if kind == "percent":
                page.conditional_format(1, at, rows, at, _DATA_BAR)


_ORDER = (
    "met", "late", "on_track", "in_progress", "behind", "used_fast", "missed", "breached",
    "no_data", "upcoming", "unquantified", "waived",
)  # fmt: skip
_LIGHT_OF = {
    "met": "green", "on_track": "green", "late": "yellow", "in_progress": "yellow",
    "behind": "yellow", "used_fast": "yellow", "missed": "red", "breached": "red",
    "no_data": "red", "upcoming": "grey",
    "unquantified": "grey", "waived": "grey",
}  # fmt: skip
_DATA_BAR = {
    "type": "data_bar", "bar_color": "#9CC3E0", "bar_solid": True, "min_type": "num",
    "min_value": 0, "max_type": "num", "max_value": 1,
}  # fmt: skip


def _width(column: ColumnView) -> float:
    return _KEY_WIDTHS.get(column.key, _WIDTHS.get(column.kind, 11))


def _last_printed(sheet: SheetView) -> int:
    """The last column that is printed: what stands right of it is for the screen."""
    keys = [column.key for column in sheet.columns]
    last = {"targets": "shortfall", "standings": "shortfall", "events": "note"}.get(sheet.key)
    return keys.index(last) if last in keys else max(len(keys) - 1, 0)


def _frozen(sheet: SheetView) -> int:
    keys = [column.key for column in sheet.columns]
    return keys.index("target") + 1 if "target" in keys else 1
