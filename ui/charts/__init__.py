"""Charts: each function makes a Drawing of tables; `figure` shows it with text and table twin."""

from ui.charts.lines import curves, sweep
from ui.charts.vega import Drawing, figure, start, twin

__all__ = ["Drawing", "curves", "figure", "start", "sweep", "twin"]
