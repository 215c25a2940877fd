"""How the commands and their options are spelt; typer lives here."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Any

from partybuild.cli import commands
from partybuild.cli.commands import Asked, DraftAsked
from partybuild.cli.inputs import Files, named_columns
from partybuild.cli.outputs import Format, ReportAsked
from partybuild.errors import MissingExtraError


def _typer() -> Any:
    try:
        import typer
    except ImportError as error:
        raise MissingExtraError("The command line", "cli") from error
    return typer


class ClickErrors:
    """The exceptions of the command line parser, wherever this version of typer keeps them."""

    def __init__(self) -> None:
        typer = _typer()
        family = {one.__name__: one for one in typer.BadParameter.__mro__}
        self.usage: Any = family["ClickException"]
        self.abort: Any = typer.Abort
        self.exit: Any = typer.Exit


def build_app() -> Any:
    """Return the command line as an object to call."""
    typer = _typer()
    app = typer.Typer(
        name="partybuild",
        help=_HELP,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
    )
    options = _Options(typer)

    @app.callback()  # type: ignore[untyped-decorator]
    def everything(*, version: bool = _version_option(typer)) -> None:
        pass

    draft, check, workbook = _reading(typer, options)
    assess, report = _judging(typer, options)
    for command in (draft, check, assess, report, workbook, _agenda(typer, options)):
        app.command()(command)
    return typer.main.get_command(app)


def _version_option(typer: Any) -> Any:
    def show(is_asked: bool) -> None:
        if is_asked:
            sys.stdout.write(f"partybuild {metadata.version('partybuild')}\n")
            raise typer.Exit

    return typer.Option(
        False, "--version", help="Show the version and exit.", callback=show, is_eager=True
    )


_HELP = (
    "Judge a year of commitments against dated facts. Exit codes: 0 all met or on course, "
    "1 something missed, breached or behind, 2 something unknown (no data, no goal), "
    "3 bad input."
)


class _Options:
    """The options that several commands share."""

    def __init__(self, typer: Any) -> None:
        self.plan = typer.Argument(
            ..., help="Plan: .toml, .json, or a workbook.", show_default=False
        )
        told = (
            "Events: .csv, .tsv, .jsonl, .xlsx, .parquet, or a ledger (.db); "
            "several files are read as one."
        )
        self.events = typer.Argument(..., help=told, show_default=False)
        self.maybe_events = typer.Argument(None, help=told, show_default=False)
        self.as_of = typer.Option(..., "--as-of", help="Last day that counts.", show_default=False)
        self.maybe_as_of = typer.Option(None, "--as-of", help="Last day that counts.")
        self.known_at = typer.Option(None, "--known-at", help="Only what was recorded by this day.")
        self.by = typer.Option(None, "--by", help="organisation: judge each one by itself.")
        self.lang = typer.Option(None, "--lang", help="zh or en; else the plan's own.")
        self.column = typer.Option(
            None,
            "--column",
            help="HEADING=COLUMN: what a heading means, such as 日子=date.",
            show_default=False,
        )
        self.form = typer.Option(
            None, "--format", help="Form of the table.", case_sensitive=False, show_default="table"
        )
        self.overwrite = typer.Option(False, "--overwrite", help="Write over a file that is there.")

    def output(self, typer: Any, endings: str) -> Any:
        """The option ``-o`` of a command that writes files with these endings."""
        return typer.Option(
            None, "-o", "--output", help=f"File to write: {endings}.", show_default=False
        )


def _files(plan: Path, events: list[Path] | None, columns: list[str] | None) -> Files:
    return Files(plan=plan, events=tuple(events or ()), columns=named_columns(columns or ()))


def _reading(typer: Any, options: _Options) -> tuple[Any, ...]:
    report = typer.Argument(..., help="Report: .md, .txt, .docx.", show_default=False)
    year = typer.Option(None, "--year", help="The year that is planned, if the report is silent.")
    plan_file = options.output(typer, ".toml (a plan to correct), .csv, .json, .md")
    book = options.output(typer, ".xlsx")

    def draft(
        *,
        report: Path = report,
        output: Path | None = plan_file,
        year: int | None = year,
        form: Format | None = options.form,
        lang: str | None = options.lang,
        overwrite: bool = options.overwrite,
    ) -> int:
        """Read the promises out of a report, as a draft plan."""
        asked = DraftAsked(
            report=report, output=output, year=year, form=form, lang=lang, is_overwriting=overwrite
        )
        return commands.run_draft(asked)

    def check(
        *,
        plan: Path = options.plan,
        events: list[Path] | None = options.maybe_events,
        as_of: str | None = options.maybe_as_of,
        column: list[str] | None = options.column,
        lang: str | None = options.lang,
    ) -> int:
        """Say everything that is wrong with a plan and its events."""
        return commands.run_check(_files(plan, events, column), as_of, lang)

    def workbook(  # noqa: PLR0913 -- an option each
        *,
        plan: Path = options.plan,
        events: list[Path] | None = options.maybe_events,
        output: Path | None = book,
        as_of: str | None = options.maybe_as_of,
        by: str | None = options.by,
        column: list[str] | None = options.column,
        lang: str | None = options.lang,
        overwrite: bool = options.overwrite,
    ) -> int:
        """Write a plan's workbook (-o), or refresh one (--as-of)."""
        return commands.run_workbook(
            commands.WorkbookAsked(
                files=_files(plan, events, column),
                output=output,
                as_of=as_of,
                by=by,
                lang=lang,
                is_overwriting=overwrite,
            )
        )

    return draft, check, workbook


def _judging(typer: Any, options: _Options) -> tuple[Any, ...]:
    tables = ", ".join(commands.TABLES)
    table = typer.Option("targets", "--table", help=f"One of {tables}.")
    prose = typer.Option(False, "--prose", help="The work report as prose (.md, .docx).")
    charts = typer.Option(False, "--charts", help="With charts (.html, .docx).")
    table_file = options.output(typer, ".csv, .json, .md")
    report_file = options.output(typer, ".md, .html, .docx, .xlsx")

    def assess(  # noqa: PLR0913 -- an option each
        *,
        plan: Path = options.plan,
        events: list[Path] = options.events,
        as_of: str = options.as_of,
        known_at: str | None = options.known_at,
        by: str | None = options.by,
        column: list[str] | None = options.column,
        table: str = table,
        form: Format | None = options.form,
        lang: str | None = options.lang,
        output: Path | None = table_file,
    ) -> int:
        """Judge a plan by its events and show a table of verdicts."""
        files = _files(plan, events, column)
        asked = Asked(files=files, as_of=as_of, known_at=known_at, by=by, lang=lang)
        return commands.run_assess(asked, table, form, output)

    def report(  # noqa: PLR0913 -- an option each
        *,
        plan: Path = options.plan,
        events: list[Path] = options.events,
        as_of: str = options.as_of,
        known_at: str | None = options.known_at,
        by: str | None = options.by,
        column: list[str] | None = options.column,
        lang: str | None = options.lang,
        prose: bool = prose,
        charts: bool = charts,
        output: Path | None = report_file,
    ) -> int:
        """Judge a plan and write the report."""
        files = _files(plan, events, column)
        asked = Asked(files=files, as_of=as_of, known_at=known_at, by=by, lang=lang)
        wanted = ReportAsked(output=output, lang=lang, is_prose=prose, has_charts=charts)
        return commands.run_report(asked, wanted)

    return assess, report


def _agenda(typer: Any, options: _Options) -> Any:
    until = typer.Option(
        None, "--until", help="Last day to look ahead to; else 30 days (digest: 7) after --as-of."
    )
    digest = typer.Option(
        False, "--digest", help="What the week brought and what is next, as text."
    )
    calendar = options.output(typer, ".ics (a calendar for phones), .csv, .json, .md")

    def agenda(  # noqa: PLR0913 -- an option each
        *,
        plan: Path = options.plan,
        events: list[Path] = options.events,
        as_of: str = options.as_of,
        until: str | None = until,
        known_at: str | None = options.known_at,
        by: str | None = options.by,
        column: list[str] | None = options.column,
        form: Format | None = options.form,
        lang: str | None = options.lang,
        digest: bool = digest,
        output: Path | None = calendar,
    ) -> int:
        """Show what falls due, and how much is still to do."""
        files = _files(plan, events, column)
        asked = Asked(files=files, as_of=as_of, known_at=known_at, by=by, lang=lang)
        return commands.run_agenda(asked, until, form, output, is_digest=digest)

    return agenda
