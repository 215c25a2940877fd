"""What the commands write: to the output, or to a file whose ending says its form."""

from __future__ import annotations

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Any

import attrs
import pandas as pd

from partybuild.assessment.assessment import Assessment
from partybuild.charts import (
    chart_burndown,
    chart_calendar,
    chart_heat,
    chart_progress,
    figure_png,
    figure_svg,
)
from partybuild.cli.grids import Grid, csv_text, json_text, markdown_text
from partybuild.cli.screen import Steps, show_grid
from partybuild.errors import UsageError
from partybuild.report.docx import render_docx
from partybuild.report.html import render_html
from partybuild.report.markdown import render_markdown
from partybuild.report.prose import render_report
from partybuild.report.xlsx import render_xlsx
from partybuild.sources.files import replacing


class Format(StrEnum):
    """The forms of a table."""

    table = "table"
    csv = "csv"
    json = "json"
    markdown = "markdown"


_TABLE_SUFFIXES = {".csv": Format.csv, ".json": Format.json, ".md": Format.markdown}


def put_table(
    frame: pd.DataFrame, grid: Callable[[], Grid], form: Format | None, output: Path | None
) -> None:
    """Write a table: for people (`grid`) or, as CSV and JSON, with the names of the API.

    `form` None: what the ending of `output` says, else a table.
    """
    form = check_table_file(output, form)
    if form in (None, Format.table):
        show_grid(grid())
        return
    text = {
        Format.csv: lambda: csv_text(frame),
        Format.json: lambda: json_text(frame),
        Format.markdown: lambda: markdown_text(grid()),
    }[form or Format.csv]()
    put_text(text, output)


def check_table_file(output: Path | None, form: Format | None) -> Format | None:
    """The form of a table that goes to `output`; it can be asked for before the long work.

    Raises `UsageError` for an ending that is no table's, or another form than asked for.
    """
    if output is None:
        return form
    told = _TABLE_SUFFIXES.get(output.suffix.lower())
    if told is None:
        expected = ", ".join(_TABLE_SUFFIXES)
        raise UsageError(f"-o: got {output.name}; expected a name that ends in {expected}")
    if form not in (None, told):
        raise UsageError(f"--format: got {form}, but {output.name} is a {told} file")
    check_folder(output)
    return told


def check_folder(output: Path) -> None:
    """Refuse a file in a folder that is not there, before the long work."""
    if not output.absolute().parent.is_dir():
        raise UsageError(f"-o: there is no folder {output.parent}")


def put_text(text: str, output: Path | None) -> None:
    """Write text to a file, or to the output."""
    if output is None:
        sys.stdout.write(text)
        return
    # Spreadsheets take a CSV without this mark for an older encoding.
    encoding = "utf-8-sig" if output.suffix.lower() == ".csv" else "utf-8"
    put_bytes(text.encode(encoding, "backslashreplace"), output)


def put_bytes(data: bytes, output: Path) -> None:
    """Write a file whole or not at all, and say so."""
    with replacing(output) as part:
        part.write_bytes(data)
    sys.stderr.write(f"{output}\n")


@attrs.frozen(kw_only=True)
class ReportAsked:
    """The file to write (None: the output), in which language, as prose, with charts."""

    output: Path | None
    lang: str | None
    is_prose: bool = False
    has_charts: bool = False

    def __attrs_post_init__(self) -> None:
        if self.output is None:
            if self.has_charts:
                raise UsageError("--charts: got no -o; expected a name that ends in .html, .docx")
            return
        check_folder(self.output)
        known, what = [".md", ".html", ".docx", ".xlsx"], "-o"
        if self.is_prose:
            known, what = [".md", ".docx"], "--prose"
        if self.has_charts:
            known, what = [one for one in known if one in (".html", ".docx")], "--charts"
        if self.output.suffix.lower() not in known:
            expected = ", ".join(known)
            raise UsageError(
                f"{what}: got {self.output.name}; expected a name that ends in {expected}"
            )


def put_report(assessment: Assessment, asked: ReportAsked, steps: Steps) -> None:
    """Write the report of an assessment: Markdown, HTML, Word or Excel, by the ending."""
    if asked.output is None or asked.output.suffix.lower() == ".md":
        render = render_report if asked.is_prose else render_markdown
        put_text(render(assessment, lang=asked.lang), asked.output)
        return
    put_bytes(_report_bytes(assessment, asked, steps), asked.output)


def _report_bytes(assessment: Assessment, asked: ReportAsked, steps: Steps) -> bytes:
    assert asked.output is not None
    lang, suffix = asked.lang, asked.output.suffix.lower()
    if suffix == ".xlsx":
        return render_xlsx(assessment, lang=lang, progress=steps.part)
    charts = report_charts(assessment, lang) if asked.has_charts else {}
    if suffix == ".docx":
        pictures = {caption: figure_png(figure) for caption, figure in charts.items()}
        return render_docx(assessment, lang=lang, pictures=pictures)
    drawn = {caption: figure_svg(figure) for caption, figure in charts.items()}
    return render_html(assessment, lang=lang, pictures=drawn).encode("utf-8", "backslashreplace")


def report_charts(assessment: Assessment, lang: str | None) -> dict[str, Any]:
    """The charts that go with a report, by their captions."""
    is_zh = (lang or assessment.plan.lang) == "zh"
    drawn: dict[str, Any] = {}
    if len(assessment.organisations) > 1:
        drawn["各组织亮灯情况" if is_zh else "Lights"] = chart_heat(assessment, lang=lang)
    else:
        drawn["进度对照" if is_zh else "Progress"] = chart_progress(assessment, lang=lang)
        drawn["剩余任务" if is_zh else "What is left"] = chart_burndown(assessment, lang=lang)
    drawn["活动日历" if is_zh else "Calendar"] = chart_calendar(assessment, lang=lang)
    return drawn


def check_new(output: Path, is_overwriting: bool) -> None:
    """Refuse to write over a file that people may have worked in."""
    check_folder(output)
    if output.exists() and not is_overwriting:
        raise UsageError(f"-o: {output} is there already; --overwrite writes over it")
