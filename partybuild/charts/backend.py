"""The one place that imports matplotlib, and what the charts take from it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any

from partybuild.errors import MissingExtraError

_LOCK = RLock()
#: Settings that say where a window is opened; drawing needs none of them.
_SCREEN = ("backend", "interactive", "toolbar", "tk.window_focus")
_STYLE = {
    "axes.axisbelow": True,
    "axes.edgecolor": "#8a8a8a",
    "axes.labelcolor": "#333333",
    "axes.linewidth": 0.8,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.unicode_minus": False,
    "figure.facecolor": "white",
    "font.size": 10.0,
    "hatch.linewidth": 0.8,
    "legend.frameon": False,
    "savefig.facecolor": "white",
    "svg.fonttype": "path",
    "svg.hashsalt": "partybuild",
    "text.color": "#222222",
    "text.parse_math": False,
    "xtick.color": "#333333",
    "ytick.color": "#333333",
}


class Matplotlib:
    """The parts of matplotlib that charts are made of; pyplot is not among them."""

    def __init__(self) -> None:
        try:
            import matplotlib as package
            from matplotlib import font_manager, ft2font, patches
            from matplotlib.backends.backend_agg import FigureCanvasAgg
            from matplotlib.backends.backend_svg import FigureCanvasSVG
            from matplotlib.figure import Figure
            from matplotlib.text import Text
        except ImportError as error:
            raise MissingExtraError("Drawing charts", "charts") from error
        self.package: Any = package
        self.fonts: Any = font_manager
        self.read_font: Any = ft2font.FT2Font
        self.patches: Any = patches
        self.agg: Any = FigureCanvasAgg
        self.svg: Any = FigureCanvasSVG
        self.figure: Any = Figure
        self.text: Any = Text

    @contextmanager
    def style(self, families: list[str] | None = None) -> Iterator[None]:
        """Draw in the house style, whatever the caller's settings are, and leave those alone."""
        plain = {
            key: value
            for key, value in self.package.rcParamsDefault.items()
            if key not in _SCREEN and not key.startswith(("backend", "_"))
        }
        wanted = {**plain, **_STYLE}
        if families:
            wanted["font.family"] = families
        with _LOCK, self.package.rc_context(wanted):
            yield
