"""The sheet that charts are drawn on: size in inches, margins, text that fits."""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from html import escape
from typing import Any

import attrs

from partybuild.assessment.assessment import Assessment
from partybuild.charts.fonts import drawable, families_for, matplotlib_parts
from partybuild.charts.palette import DARK, LIGHT_COLOURS, LIGHT_HATCHES, MID
from partybuild.charts.words import ChartWords
from partybuild.errors import UsageError
from partybuild.faults import checked_number

#: Inches between the edge of the sheet and anything drawn, and the height of a title.
EDGE, TITLE, NOTE = 0.2, 0.62, 0.42
#: Dots an inch in a notebook, and how many of them it shows as one of its own.
_NOTEBOOK_DPI, _SHOWN_DPI = 180, 100
#: Dots that a side of a picture can have.
_MOST_DOTS = 2**16
#: Where an id is given, and where one is used.
_IDS = re.compile(r'(?:(?<= id=")|(?<=href="#)|(?<=url\(#))(?=[\w-])')
_SPACES = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@cache
def figure_class() -> Any:
    """A matplotlib Figure that shows itself in a notebook, though no pyplot knows of it."""

    class ChartFigure(matplotlib_parts().figure):  # type: ignore[misc]
        """A matplotlib Figure that shows itself in a notebook."""

        def _repr_png_(self) -> tuple[bytes, dict[str, int]]:
            width, height = (round(float(side) * _SHOWN_DPI) for side in self.get_size_inches())
            return figure_png(self, dpi=_NOTEBOOK_DPI), {"width": width, "height": height}

    ChartFigure.__qualname__ = "ChartFigure"
    return ChartFigure


def __getattr__(name: str) -> Any:
    # where a pickled figure looks for its class
    if name == "ChartFigure":
        return figure_class()
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


@attrs.frozen(kw_only=True)
class Label:
    """A text of one line or two, its size in points, and the inches that it is wide."""

    text: str
    size: float
    width: float


class Sheet:
    """A figure and what is needed to write on it without cutting or overlapping."""

    def __init__(self, words: ChartWords, texts: str) -> None:
        self.words = words
        self.parts = matplotlib_parts()
        self.families = families_for(texts, self.parts)
        self.figure: Any = None

    def open(self, width: float, height: float) -> None:
        """Begin a figure of this size, in inches."""
        self.figure = figure_class()(figsize=(width, height), dpi=100)
        self.parts.agg(self.figure)

    @property
    def size(self) -> tuple[float, float]:
        """Width and height in inches."""
        width, height = self.figure.get_size_inches()
        return float(width), float(height)

    def text(self, text: str) -> str:
        """A text on one line, every character of which a font has."""
        plain = _SPACES.sub(" ", unicodedata.normalize("NFC", text))
        seen = "".join(one for one in plain if unicodedata.category(one) not in ("Cf", "Cs", "Mn"))
        return drawable(seen, self.families, self.parts)

    def width(self, text: str, size: float = 10.0) -> float:
        """Inches that a text takes, in points of `size`."""
        renderer = self.figure.canvas.get_renderer()
        fonts = self.parts.fonts.FontProperties(family=self.families, size=size)
        width, _, _ = renderer.get_text_width_height_descent(text, fonts, ismath=False)
        return float(width / self.figure.dpi)

    def fit(self, text: str, inches: float, size: float = 10.0) -> str:
        """The text, cut with an ellipsis where it is wider than `inches`."""
        text = self.text(text)
        if self.width(text, size) <= inches:
            return text
        return text[: self._most(text, inches, (size, "…"))].rstrip() + "…"

    def label(self, text: str, inches: float, size: float = 10.0) -> Label:
        """The text at `size`; one that is too wide for it smaller and on two lines."""
        text = self.text(text)
        width = self.width(text, size)
        if width <= inches:
            return Label(text=text, size=size, width=width)
        small = size - 1.5
        width = self.width(text, small)
        # halves of about one width, parted at a blank where there is one nearby
        half = min(inches, max(0.52 * width, 0.6 * inches))
        at = max(1, self._most(text, half, (small, "")))
        blank = text.rfind(" ", at // 2, at + 1)
        at = blank + 1 if blank >= 0 else at
        lines = [text[:at].rstrip(), self.fit(text[at:].lstrip(), inches, small)]
        widest = max(self.width(line, small) for line in lines)
        return Label(text="\n".join(lines), size=small, width=widest)

    def _most(self, text: str, inches: float, told: tuple[float, str]) -> int:
        """How many characters of a text, and what stands behind them, are that wide."""
        size, behind = told
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.width(text[:middle].rstrip() + behind, size) <= inches:
                low = middle
            else:
                high = middle - 1
        return low

    def axes(self, left: float, bottom: float, right: float, top: float) -> Any:
        """Axes between margins given in inches."""
        width, height = self.size
        box = (left / width, bottom / height, 1 - (left + right) / width)
        return self.figure.add_axes((*box, 1 - (bottom + top) / height))

    def row_names(self, axes: Any, names: list[Label], *, first: float = 0.0) -> None:
        """Write the names of rows at the left, one each from `first` on."""
        axes.set_yticks([first + at for at in range(len(names))], [name.text for name in names])
        for tick, name in zip(axes.get_yticklabels(), names, strict=True):
            tick.set_size(name.size)
            tick.set_linespacing(1.15)

    def head(self, title: str, note: str) -> None:
        """The title and a quiet line below it, at the upper left."""
        width, height = self.size
        room = width - 2 * EDGE
        # a long title is written smaller before it is cut
        size = max(9.0, min(13.0, 13.0 * room / max(self.width(self.text(title), 13.0), 0.1)))
        self.figure.text(
            EDGE / width,
            1 - 0.16 / height,
            self.fit(title, room, size),
            size=size,
            va="top",
            ha="left",
            color=DARK,
        )
        self.figure.text(
            EDGE / width,
            1 - 0.44 / height,
            self.fit(note, room, 9.0),
            size=9.0,
            va="top",
            ha="left",
            color=MID,
        )

    def legend(self, handles: list[Any], columns: int | None = None) -> None:
        """What the marks mean, at the lower left."""
        width, height = self.size
        self.figure.legend(
            handles=handles,
            loc="lower left",
            ncols=columns or len(handles),
            fontsize=9.0,
            bbox_to_anchor=(0.1 / width, 0.04 / height),
            handlelength=1.6,
            columnspacing=1.4,
            borderpad=0.3,
        )

    def light_patches(self, *, is_hatched: bool = True) -> list[Any]:
        """Legend entries of the four lights, hatched as bars are."""
        return [
            self.parts.patches.Patch(
                facecolor=LIGHT_COLOURS[light],
                hatch=LIGHT_HATCHES[light] if is_hatched else "",
                edgecolor="white",
                linewidth=0,
                label=self.words.light(light),
            )
            for light in self.words.lights
        ]


@contextmanager
def sheet(assessment: Assessment, words: ChartWords) -> Iterator[Sheet]:
    """Draw in the house style, in fonts that have every name of the plan."""
    page = Sheet(words, all_texts(assessment) + words.say("until", day=""))
    with page.parts.style(page.families):
        yield page
        # Ticks are made when they are first drawn, and must be made in this style.
        page.figure.canvas.draw()


def all_texts(assessment: Assessment) -> str:
    """Every name that a chart of this assessment may show."""
    plan = assessment.plan
    names = [plan.title, *assessment.organisations]
    names += [f"{target.label}{target.unit or ''}" for target in plan.targets]
    names += [member.label for roster in plan.rosters.values() for member in roster]
    return "".join(names)


def figure_svg(figure: Any) -> str:
    """Return a chart as an ``<svg>`` element, ready to stand in an HTML page.

    Letters are drawn as shapes, so that readers need no font; the title is there for
    those who listen. The same chart gives the same text each time, and several charts
    can stand on one page: no two of them share an id.
    """
    parts = matplotlib_parts()
    stream = io.StringIO()
    with parts.style():
        parts.svg(_figure(figure)).print_svg(stream, metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    return _labelled(_with_own_ids(text[text.index("<svg") :]), figure)


def _with_own_ids(text: str) -> str:
    prefix = f"c{hashlib.sha256(text.encode()).hexdigest()[:8]}-"
    return _IDS.sub(prefix, text)


def _labelled(text: str, figure: Any) -> str:
    title = figure.texts[0].get_text() if figure.texts else ""
    return text.replace("<svg ", f'<svg role="img" aria-label="{escape(title)}" ', 1)


def figure_png(figure: Any, *, dpi: float = 200) -> bytes:
    """Return a chart as a PNG picture of `dpi` dots an inch.

    Raises `UsageError` for a `dpi` outside 20 to 1200, or that makes the picture larger
    than a picture can be.
    """
    checked_number(dpi, name="dpi", expected="20 to 1200")
    if not 20 <= dpi <= 1200:
        raise UsageError(f"dpi: got {dpi!r}; expected 20 to 1200")
    parts = matplotlib_parts()
    longest = float(max(_figure(figure).get_size_inches()))
    if longest * dpi >= _MOST_DOTS:
        most = int(_MOST_DOTS / longest)
        raise UsageError(f"dpi: got {dpi!r}; expected at most {most} for {longest:.0f} inches")
    stream = io.BytesIO()
    with parts.style():
        before = _figure(figure).dpi
        figure.set_dpi(dpi)
        try:
            parts.agg(figure).print_png(stream, metadata={"Software": None})
        finally:
            figure.set_dpi(before)
    return stream.getvalue()


def _figure(figure: Any) -> Any:
    if not isinstance(figure, matplotlib_parts().figure):
        raise UsageError(f"figure: got {type(figure).__name__}; expected a matplotlib Figure")
    return figure
