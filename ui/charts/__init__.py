"""Charts: tables in, a Drawing out; `figure` shows it with its sentence and its table twin."""

from ui.charts.lines import curves, sweep
from ui.charts.vega import Drawing, figure

__all__ = ["Drawing", "curves", "figure", "sweep"]
