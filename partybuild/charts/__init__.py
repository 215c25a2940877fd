"""Charts of an assessment, as matplotlib figures, SVG or PNG (extra ``charts``)."""

from partybuild.charts.burndown import chart_burndown
from partybuild.charts.canvas import figure_png, figure_svg
from partybuild.charts.cumulative import chart_cumulative
from partybuild.charts.heat import chart_heat
from partybuild.charts.progress import chart_progress
from partybuild.charts.year import chart_calendar

__all__ = [
    "chart_burndown",
    "chart_calendar",
    "chart_cumulative",
    "chart_heat",
    "chart_progress",
    "figure_png",
    "figure_svg",
]
