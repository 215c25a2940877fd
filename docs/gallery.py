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
from html import escape
from pathlib import Path

import attrs

import partybuild as pb

EXAMPLES = Path(__file__).parent.parent / "examples" / "data"
HALF, END = "2021-06-30", "2021-12-31"
#: Lines that are shown of a text.
_MOST_LINES = 24
#: Pixels that a page may be tall; what is empty below it is cut off.
_TALLEST = 5200
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
    lines += told()
    folder.with_suffix(".md").write_text("\n".join(lines), encoding="utf-8")


def told() -> list[str]:
    """The outputs that are text, as they are."""
    plan = pb.read_plan(EXAMPLES / "plan.toml")
    events = pb.read_events(EXAMPLES / "events.csv")
    autumn = pb.assess(plan, events, as_of="2021-09-30")
    texts = (
        ("The week in words", "pb.render_digest(assessment)", pb.render_digest(autumn)),
        ("The report, as prose", "pb.render_report(assessment)", pb.render_report(autumn)),
        ("A calendar for phones", 'pb.render_ical(assessment, until="2021-12-31")',
         pb.render_ical(autumn, until="2021-12-31")),
    )  # fmt: skip
    lines = []
    for heading, call, text in texts:
        shown = text.replace("\r\n", "\n").splitlines()
        more = ["..."] if len(shown) > _MOST_LINES else []
        lines += [f"## {heading}", "", "```python", call, "```", ""]
        lines += ["~~~~text", *shown[:_MOST_LINES], *more, "~~~~", ""]
    return lines


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
        lambda path: draw_page(_fragment(half._repr_html_()), path, width=960),
    )
    yield Picture(
        "plan",
        "The plan, as people read it",
        "Sections, sentences, and under each sentence its targets; here the first two sections.",
        'pb.read_plan("plan.toml")',
        lambda path: draw_page(_fragment(first_sections(plan)._repr_html_()), path, width=960),
    )
    yield from charts(half, year, by_village)
    yield Picture(
        "page",
        "One web page",
        "A single file without any network: sortable, printable, readable on a phone.",
        "pb.render_html(assessment)",
        lambda path: draw_page(pb.render_html(year), path, width=1100),
    )
    yield Picture(
        "phone",
        "The same page on a phone",
        "Rows become cards; here those of a village.",
        "pb.render_html(assessment)",
        lambda path: draw_phone(pb.render_html(by_village), path),
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
        lambda path: draw_office(pb.render_xlsx(year), ".xlsx", path, pages=(1, 3)),
    )
    yield Picture(
        "workbook",
        "The workbook for the office",
        "Drop-down lists, frozen headings, and a sheet that shows progress.",
        'pb.write_workbook(plan, "台账.xlsx")',
        lambda path: draw_office(_workbook(plan, events), ".xlsx", path, pages=(1, "承诺完成情况")),
    )


def first_sections(plan: pb.Plan) -> pb.Plan:
    """The plan with its first two sections alone, so that the picture is no longer than a page."""
    sections = list(dict.fromkeys(one.section for one in plan.commitments))[:2]
    return attrs.evolve(
        plan, commitment=tuple(one for one in plan.commitments if one.section in sections)
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


def draw_page(html: str, path: Path, *, width: int) -> None:
    """Take a picture of a whole HTML page in a headless browser."""
    browser = _program("chromium", "chromium-browser", "google-chrome")
    with tempfile.TemporaryDirectory() as folder:
        page = Path(folder) / "page.html"
        page.write_text(html, encoding="utf-8")
        _run(
            browser,
            *_BROWSER,
            f"--user-data-dir={folder}/profile",
            f"--window-size={width},{_TALLEST}",
            f"--screenshot={path}",
            page.as_uri(),
        )
    _trim(path)


def draw_phone(html: str, path: Path) -> None:
    """Take a picture of what a phone shows first, in a frame as wide as one."""
    inside = escape(html, quote=True)
    frame = f'<iframe srcdoc="{inside}" style="width:390px;height:844px;border:1px solid #999">'
    draw_page(_fragment(frame + "</iframe>"), path, width=430)


def draw_office(
    content: bytes, suffix: str, path: Path, *, pages: tuple[int | str, ...] = (1, 2)
) -> None:
    """Take a picture of some pages of a Word or Excel file, side by side.

    A page is a number, or a text: the first page that has it.
    """
    office, printer = _program("soffice"), _program("pdftoppm")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / f"file{suffix}"
        source.write_bytes(content)
        profile = f"-env:UserInstallation=file://{folder}/profile"
        _run(office, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, str(source))
        shown = []
        for page in pages:
            number = page if isinstance(page, int) else _page_of(page, f"{folder}/file.pdf")
            first, name = str(number), f"{folder}/page{number:03}"
            _run(printer, "-png", "-r", "96", "-f", first, "-l", first, "-singlefile",
                 f"{folder}/file.pdf", name)  # fmt: skip
            shown.append(Path(f"{name}.png"))
        _side_by_side(shown, path)


def _page_of(text: str, pdf: str) -> int:
    reader = _program("pdftotext")
    for number in range(1, 60):
        at = str(number)
        found = _run(reader, "-f", at, "-l", at, pdf, "-")
        if text.encode() in found:
            return number
    raise Missing(f"a page with {text!r}")


def _trim(path: Path) -> None:
    """Cut off what is empty below the page."""
    image = importlib.import_module("PIL.Image").open(path).convert("RGB")
    chops = importlib.import_module("PIL.ImageChops")
    ground = importlib.import_module("PIL.Image").new("RGB", image.size, image.getpixel((0, 0)))
    box = chops.difference(image, ground).getbbox()
    bottom = image.height if box is None else min(image.height, box[3] + 16)
    image.crop((0, 0, image.width, bottom)).save(path)


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


def _run(*command: str) -> bytes:
    # the programs were found on this machine, the files are of our own making
    return subprocess.run(  # noqa: S603
        command, check=True, capture_output=True, timeout=180
    ).stdout
