"""What the commands write: to the output, or to a file whose ending says its form."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from enum import StrEnum
from pathlib import Path

import pandas as pd

from partybuild.assessment.assessment import Assessment
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
    if output is not None:
        told = _TABLE_SUFFIXES.get(output.suffix.lower())
        if told is None:
            expected = ", ".join(_TABLE_SUFFIXES)
            raise UsageError(f"-o: got {output.name}; expected a name that ends in {expected}")
        if form not in (None, told):
            raise UsageError(f"--format: got {form}, but {output.name} is a {told} file")
        form = told
    if form in (None, Format.table):
        show_grid(grid())
        return
    text = {
        Format.csv: lambda: csv_text(frame),
        Format.json: lambda: json_text(frame),
        Format.markdown: lambda: markdown_text(grid()),
    }[form or Format.csv]()
    put_text(text, output)


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


def put_report(
    assessment: Assessment, output: Path | None, steps: Steps, *, lang: str | None, is_prose: bool
) -> None:
    """Write the report of an assessment: Markdown, HTML, Word or Excel, by the ending."""
    if output is None or output.suffix.lower() == ".md":
        render = render_report if is_prose else render_markdown
        put_text(render(assessment, lang=lang), output)
        return
    put_bytes(report_bytes(assessment, output, lang, steps), output)


def report_bytes(assessment: Assessment, output: Path, lang: str | None, steps: Steps) -> bytes:
    """The report in the form that the ending of a name asks for."""
    renderers: Mapping[str, Callable[[], bytes]] = {
        ".html": lambda: render_html(assessment, lang=lang).encode("utf-8", "backslashreplace"),
        ".docx": lambda: render_docx(assessment, lang=lang),
        ".xlsx": lambda: render_xlsx(assessment, lang=lang, progress=steps.part),
    }
    return renderers[output.suffix.lower()]()


def check_report_name(output: Path | None, *, is_prose: bool) -> None:
    """Refuse a name that says no form of report, before long work begins."""
    known = (".md", ".docx") if is_prose else (".md", ".html", ".docx", ".xlsx")
    if output is not None and output.suffix.lower() not in known:
        what = "--prose" if is_prose else "-o"
        expected = ", ".join(known)
        raise UsageError(f"{what}: got {output.name}; expected a name that ends in {expected}")


def check_new(output: Path, is_overwriting: bool) -> None:
    """Refuse to write over a file that people may have worked in."""
    if output.exists() and not is_overwriting:
        raise UsageError(f"-o: {output} is there already; --overwrite writes over it")
