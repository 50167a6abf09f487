"""The visual language: each kind of line has the same color, dash and name on every page."""

from typing import NamedTuple

import streamlit as st

PARTS = ("training", "validation", "test")


class Series(NamedTuple):
    """The style of one kind of line: colors on light and on dark, and the shape of its points.

    line   has a contrast of 3 to the background and is safe for color-blind readers: the palette
           of Okabe and Ito (2008)
    words  the same hue for its name, with a contrast of 4.5
    """

    line: str
    words: str
    line_on_dark: str
    words_on_dark: str
    shape: str


class Outcome(NamedTuple):
    """The style of one outcome: the color of its certainty on a surface, and of its rows."""

    certain: str
    fill: str
    stroke: str
    shape: str


BLUE = ("#0072B2", "#00639B", "#56B4E9", "#56B4E9")
PINK = ("#CC79A7", "#9C4677", "#CC79A7", "#CC79A7")
# A color and a shape are a part of the data (or what the tool adds), a dash is a run.
SERIES = {
    "training": Series(*BLUE, "circle"),
    "validation": Series("#009E73", "#00704F", "#009E73", "#2CC79A", "square"),
    "test": Series("#D55E00", "#A94A00", "#D55E00", "#F08A4B", "triangle-up"),
    "data loss": Series(*BLUE, "circle"),
    "penalty": Series(*PINK, "square"),
    "sum": Series("#767676", "#5F5F5F", "#A8A8A8", "#A8A8A8", "triangle-up"),
    "honest": Series(*BLUE, "circle"),
    # as the rings around the rows with flipped labels: pink is what a tool adds
    "flipped": Series("#222222", "#222222", "#E6E6E6", "#E6E6E6", "diamond"),
    "dropout on": Series(*PINK, "square"),
}
SHAPES = {name: series.shape for name, series in SERIES.items()}
# Indigo and gold differ in hue and in lightness, also to the color-blind. Each row has a stroke
# with a contrast of 4.5 to the surface of its own outcome.
OUTCOMES = (
    Outcome("#5E3C99", "#2D1457", "#FFFFFF", "circle"),
    Outcome("#E3A62B", "#FFD65C", "#2B1D00", "triangle-up"),
)
SURFACE = (OUTCOMES[0].certain, "#F1EFF3", OUTCOMES[1].certain)  # probability 0, 0.5 and 1
# The run in question is solid. Those beside it are dashed in their order, the run without a tool
# first. All together draws up to seven: four pins, the present run, and two of the question.
SOLID = [1, 0]
RUN_DASHES = [SOLID, [5, 4], [2, 2], [9, 3], [9, 3, 2, 3], [12, 3, 2, 3, 2, 3], [1, 4]]
NEUTRAL = SERIES["sum"].line
PLAIN, REGULARIZED = NEUTRAL, SERIES["penalty"].line
CHART_HEIGHT = 320
# The only picture of a first screen grows with the window, but not on a phone.
GROWN_HEIGHT = "max(min(384px, 80vw), min(48vh, 50vw))"
PROJECTED_HEIGHT = "60vh"  # of every picture
PROJECTED_PLOT = 340  # of it, at least: a window of 650, without the axis and the titles
LOSS, ACCURACY = "loss (cross-entropy)", "accuracy (fraction correct)"


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
    """Return what all colors and sizes depend on, as a cache key for drawings."""
    return on_dark(), enlarged()


def line_colours() -> dict[str, str]:
    """Return the color of each kind of line in this browser's theme."""
    dark = on_dark()
    return {name: series.line_on_dark if dark else series.line for name, series in SERIES.items()}


def neutral() -> str:
    """Return the gray for marks and words that belong to no line."""
    return line_colours()["sum"]


def word_colours() -> dict[str, str]:
    """Return the color of the name of each kind of line."""
    dark = on_dark()
    return {name: series.words_on_dark if dark else series.words for name, series in SERIES.items()}


def background() -> str:
    """Return the color of the page, for the halo of words that lie over lines."""
    return "#171614" if on_dark() else "#FFFFFF"
