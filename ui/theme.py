"""The visual language: each kind of line has the same colour, dash and name on every page."""

from typing import NamedTuple

import streamlit as st

PARTS = ("training", "validation", "test")


class Series(NamedTuple):
    """The style of one kind of line: colours on light and on dark, dash and point shape.

    line   has a contrast of 3 to the background and is safe for colour-blind readers: the palette
           of Okabe and Ito (2008)
    words  the same hue for its name, with a contrast of 4.5
    """

    line: str
    words: str
    line_on_dark: str
    words_on_dark: str
    dash: list[int]
    shape: str


SERIES = {
    "training": Series("#0072B2", "#00639B", "#56B4E9", "#56B4E9", [1, 0], "circle"),
    "validation": Series("#009E73", "#00704F", "#009E73", "#2CC79A", [2, 3], "square"),
    "test": Series("#D55E00", "#A94A00", "#D55E00", "#F08A4B", [7, 3], "triangle-up"),
    "data loss": Series("#0072B2", "#00639B", "#56B4E9", "#56B4E9", [1, 0], "circle"),
    "penalty": Series("#CC79A7", "#9C4677", "#CC79A7", "#CC79A7", [2, 3], "square"),
    "sum": Series("#767676", "#5F5F5F", "#A8A8A8", "#A8A8A8", [7, 3], "triangle-up"),
    "dropout on": Series("#CC79A7", "#9C4677", "#CC79A7", "#CC79A7", [2, 3], "square"),
}
DASHES = {name: series.dash for name, series in SERIES.items()}
SHAPES = {name: series.shape for name, series in SERIES.items()}
SURFACE = (SERIES["training"].line, "#EDEDED", SERIES["test"].line)  # probability 0, 0.5 and 1
# the first run is the one without regularization
RUN_DASHES = [[5, 4], [1, 0], [2, 2], [9, 3], [9, 3, 2, 3]]
# for several runs of one part; with enough contrast for words
RUNS = ["#5F5F5F", "#9C4677", "#00639B", "#8A5A00", "#00704F"]
RUNS_ON_DARK = ["#A8A8A8", "#E3A5C7", "#7CC4EE", "#E8B04A", "#2CC79A"]
NEUTRAL = SERIES["sum"].line
PLAIN, REGULARIZED = NEUTRAL, SERIES["penalty"].line
CHART_HEIGHT = 320
LOSS, ACCURACY = "loss (cross-entropy)", "accuracy (share correct)"


def on_dark() -> bool:
    """Whether this browser shows the dark theme."""
    return st.context.theme.type == "dark"


def enlarged() -> float:
    """Return the factor for type and lines: above 1 while the projector switch is on."""
    return 1.4 if st.session_state.get("projector") else 1.0


def type_size() -> float:
    """Return the size of words in a chart, in pixels."""
    return 13.0 * enlarged()


def line_width() -> float:
    """Return the width of a curve, in pixels."""
    return 2.5 * enlarged()


def dot(area: float) -> float:
    """Return the area of a point, in square pixels; `area` is that at normal size."""
    return area * enlarged() ** 2


def look() -> tuple[object, ...]:
    """Return what all colours and sizes depend on, as a cache key for drawings."""
    return on_dark(), enlarged()


def line_colours() -> dict[str, str]:
    """Return the colour of each kind of line in this browser's theme."""
    dark = on_dark()
    return {name: series.line_on_dark if dark else series.line for name, series in SERIES.items()}


def neutral() -> str:
    """Return the grey for marks and words that belong to no line."""
    return line_colours()["sum"]


def word_colours() -> dict[str, str]:
    """Return the colour of the name of each kind of line."""
    dark = on_dark()
    return {name: series.words_on_dark if dark else series.words for name, series in SERIES.items()}


def run_colours() -> list[str]:
    """Return the colours that distinguish runs, together with their dashes."""
    return RUNS_ON_DARK if on_dark() else RUNS
