"""The gallery: pictures of every output, made from the example year at each build.

Charts need matplotlib. Pictures of Word, Excel and web pages need LibreOffice with
pdftoppm, and Chromium; what is missing is named on the page in place of its picture.
"""

from __future__ import annotations

import importlib
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs

import partybuild as pb

EXAMPLES = Path(__file__).parent.parent / "examples" / "data"
HALF, END = "2021-06-30", "2021-12-31"
_BROWSER = ("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--hide-scrollbars")


@attrs.frozen
class Picture:
    """One output: its heading, what it shows, the call that makes it, and how it is drawn."""

    name: str
    heading: str
    text: str
    call: str
    draw: Callable[[Path], None]


class Missing(Exception):  # noqa: N818 - it is no error: the page is built without the picture
    """A program or a package that a picture needs is not here."""


def write_gallery(folder: Path) -> None:
    """Draw every picture into `folder`, and write the text that shows them beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    lines = []
    for picture in pictures():
        path = folder / f"{picture.name}.png"
        lines += [
            f"## {picture.heading}",
            "",
            picture.text,
            "",
            "```python",
            picture.call,
            "```",
            "",
        ]
        try:
            picture.draw(path)
            lines += [f"![{picture.heading}](_generated/gallery/{path.name})", ""]
        except (Missing, pb.MissingExtraError) as missing:
            lines += [f"*No picture: {missing} is not installed where this page was built.*", ""]
    folder.with_suffix(".md").write_text("\n".join(lines), encoding="utf-8")


def pictures() -> Iterator[Picture]:
    """The outputs of the example year, in the order of the work."""
    plan = pb.read_plan(EXAMPLES / "plan.toml")
    villages = pb.read_plan(EXAMPLES / "plan-villages.toml")
    events = pb.read_events(EXAMPLES / "events.csv")
    half = pb.assess(plan, events, as_of=HALF)
    year = pb.assess(plan, events, as_of=END)
    by_village = pb.assess(villages, events, as_of=END, by="organisation")
    yield Picture(
        "notebook",
        "In a notebook",
        "An assessment shows itself: lights with a shape beside the colour, bars, shortfalls.",
        'pb.assess(plan, events, as_of="2021-06-30")',
        lambda path: draw_page(_fragment(half._repr_html_()), path, size=(900, 900)),
    )
    yield Picture(
        "plan",
        "The plan, as people read it",
        "Sections, sentences, and under each sentence its targets.",
        'pb.read_plan("plan.toml")',
        lambda path: draw_page(_fragment(plan._repr_html_()), path, size=(960, 900)),
    )
    yield from charts(half, year, by_village)
    yield Picture(
        "page",
        "One web page",
        "A single file without any network: sortable, printable, readable on a phone.",
        "pb.render_html(assessment)",
        lambda path: draw_page(pb.render_html(year), path, size=(1100, 1300)),
    )
    yield Picture(
        "word",
        "Word, in the layout of official documents",
        "The report with its tables; pages 1 and 2.",
        "pb.render_docx(assessment)",
        lambda path: draw_office(pb.render_docx(year), ".docx", path),
    )
    yield Picture(
        "excel",
        "Excel",
        "Summary, targets, standings, shortfalls and events, with filters and charts.",
        "pb.render_xlsx(assessment)",
        lambda path: draw_office(pb.render_xlsx(year), ".xlsx", path),
    )
    yield Picture(
        "workbook",
        "The workbook for the office",
        "Drop-down lists, frozen headings, and a sheet that shows progress.",
        'pb.write_workbook(plan, "台账.xlsx")',
        lambda path: draw_office(_workbook(plan, events), ".xlsx", path),
    )


def charts(half: pb.Assessment, year: pb.Assessment, villages: pb.Assessment) -> Iterator[Picture]:
    """The charts, each from the day on which it says most."""
    rows = (
        ("progress", "Progress against the schedule", "chart_progress(half)", (half,)),
        ("course", "The course of one target", 'chart_cumulative(year, "mediation")',
         (year, "mediation")),
        ("burndown", "What is left", "chart_burndown(year)", (year,)),
        ("heat", "Villages and targets", "chart_heat(villages)", (villages,)),
        ("calendar", "The year's events", "chart_calendar(year)", (year,)),
    )  # fmt: skip
    for name, heading, call, arguments in rows:
        function = call.partition("(")[0]
        yield Picture(name, heading, "", f"pb.{call}", _chart(function, arguments))


def _chart(function: str, arguments: tuple[object, ...]) -> Callable[[Path], None]:
    def draw(path: Path) -> None:
        try:
            importlib.import_module("matplotlib")
        except ImportError as error:
            raise Missing("matplotlib") from error
        figure = getattr(pb, function)(*arguments)
        path.write_bytes(pb.figure_png(figure, dpi=110))

    return draw


def _fragment(html: str) -> str:
    return f'<!doctype html><meta charset="utf-8"><body style="margin:16px">{html}</body>'


def _workbook(plan: pb.Plan, events: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "workbook.xlsx"
        pb.write_workbook(plan, path, events=events, as_of=HALF)  # type: ignore[arg-type]
        return path.read_bytes()


def _program(*names: str) -> str:
    for name in names:
        found = shutil.which(name)
        if found:
            return found
    raise Missing(names[0])


def draw_page(html: str, path: Path, *, size: tuple[int, int]) -> None:
    """Take a picture of an HTML page in a headless browser."""
    browser = _program("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        _run(
            browser,
            *_BROWSER,
            f"--user-data-dir={folder}/profile",
            f"--window-size={size[0]},{size[1]}",
            f"--screenshot={path}",
            page.as_uri(),
        )


def draw_office(content: bytes, suffix: str, path: Path) -> None:
    """Take a picture of the first two pages of a Word or Excel file, side by side."""
    office, pages = _program("soffice"), _program("pdftoppm")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"file{suffix}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run(office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source))
        _run(pages, "-png", "-r", "60", "-l", "2", f"{folder}/file.pdf", f"{folder}/page")
        shown = sorted(Path(folder).glob("page*.png"))
        _side_by_side(shown, path)


def _side_by_side(sources: list[Path], path: Path) -> None:
    image = importlib.import_module("PIL.Image")  # comes with matplotlib
    opened = [image.open(source).convert("RGB") for source in sources]
    gap = 12
    width = sum(one.width for one in opened) + gap * (len(opened) + 1)
    height = max(one.height for one in opened) + 2 * gap
    whole = image.new("RGB", (width, height), "#d8d8d8")
    left = gap
    for one in opened:
        whole.paste(one, (left, gap))
        left += one.width + gap
    whole.save(path)


def _run(*command: str) -> None:
    # the programs were found on this machine, the files are of our own making
    subprocess.run(command, check=True, capture_output=True, timeout=180)  # noqa: S603
