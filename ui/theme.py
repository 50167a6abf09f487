"""The visual language: one colour, one dash and one word for each thing, on every page."""

from typing import NamedTuple

import streamlit as st

PARTS = ("training", "validation", "test")


class Series(NamedTuple):
    """How one kind of line looks: colours on light and on dark, dash and shape of its point.

    line   a contrast of 3 to the background, and told apart by colour-blind eyes: the colours of
           Okabe and Ito (2008)
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
# for several runs of one part; dark and light enough for words
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
    """By how much type and lines are to grow: above 1 while the switch for a projector is on."""
    return 1.4 if st.session_state.get("projector") else 1.0


def type_size() -> float:
    """Of words in a chart, in pixels."""
    return 13.0 * enlarged()


def line_width() -> float:
    """Of a curve, in pixels."""
    return 2.5 * enlarged()


def dot(area: float) -> float:
    """The area of a point that has so many square pixels where nothing is enlarged."""
    return area * enlarged() ** 2


def look() -> tuple[object, ...]:
    """What all colours and sizes here depend on: the key under which a drawing can be cached."""
    return on_dark(), enlarged()


def line_colours() -> dict[str, str]:
    """The colour of each kind of line, for the theme that this browser shows."""
    dark = on_dark()
    return {name: one.line_on_dark if dark else one.line for name, one in SERIES.items()}


def neutral() -> str:
    """Grey for marks and words that belong to no line."""
    return line_colours()["sum"]


def word_colours() -> dict[str, str]:
    """The colour of the words that name each kind of line."""
    dark = on_dark()
    return {name: one.words_on_dark if dark else one.words for name, one in SERIES.items()}


def run_colours() -> list[str]:
    """The colours of runs that are told apart by colour and dash."""
    return RUNS_ON_DARK if on_dark() else RUNS
