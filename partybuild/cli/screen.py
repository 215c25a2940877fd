"""The terminal: tables in colour where there is colour, progress on the error stream."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from partybuild.cli.grids import Grid
from partybuild.errors import MissingExtraError

_STYLES = {"red": "red", "yellow": "yellow", "green": "green", "grey": "dim"}
_WIDE = 10_000


class Rich:
    """The parts of rich that the terminal is written with."""

    def __init__(self) -> None:
        try:
            from rich import box
            from rich.console import Console
            from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn
            from rich.table import Table
            from rich.text import Text
        except ImportError as error:
            raise MissingExtraError("The command line", "cli") from error
        self.boxes: Any = box
        self.console: Any = Console
        self.progress: Any = Progress
        self.columns: Any = (
            TextColumn("{task.description}", markup=False),
            BarColumn(),
            TimeElapsedColumn(),
        )
        self.table: Any = Table
        self.text: Any = Text


def show_grid(grid: Grid) -> None:
    """Write a table to the output; into a pipe without colours, each row on one line."""
    rich = Rich()
    is_screen = sys.stdout.isatty()
    console = rich.console(
        file=sys.stdout, width=None if is_screen else _WIDE, highlight=False, markup=False,
        emoji=False, color_system="auto" if is_screen else None,
    )  # fmt: skip
    table = rich.table(box=rich.boxes.SIMPLE, pad_edge=False, show_edge=False)
    for at, head in enumerate(grid.heads):
        side = "right" if at in grid.figures else "left"
        table.add_column(rich.text(head), justify=side, no_wrap=not is_screen, overflow="fold")
    lights = grid.lights or (None,) * len(grid.rows)
    for row, light in zip(grid.rows, lights, strict=True):
        table.add_row(*map(rich.text, row), style=_STYLES.get(light or "", ""))
    with console.capture() as captured:
        console.print(table)
    lines = captured.get().splitlines()
    sys.stdout.write("\n".join(line.rstrip() for line in lines) + "\n")


class Steps:
    """A bar on the error stream (None: none): call it as each step begins, with its name."""

    def __init__(self, bar: Any, total: int) -> None:
        self._bar = bar
        self._task = None if bar is None else bar.add_task("", total=total)
        self._begun = 0

    def __call__(self, name: str) -> None:
        """Begin the next step."""
        if self._bar is not None:
            self._bar.update(self._task, description=name, completed=self._begun)
        self._begun += 1

    def part(self, done: int, total: int) -> None:
        """Tell how much of the present step is done."""
        if self._bar is not None:
            share = done / total if total else 1.0
            self._bar.update(self._task, completed=self._begun - 1 + share)


@contextmanager
def progress_bar(total: int) -> Iterator[Steps]:
    """Show how far work of `total` steps has come; nothing where nobody is looking."""
    if not sys.stderr.isatty():
        yield Steps(None, total)
        return
    rich = Rich()
    console = rich.console(file=sys.stderr, highlight=False)
    with rich.progress(*rich.columns, console=console, transient=True) as bar:
        yield Steps(bar, total)
