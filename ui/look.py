"""The visual language: one colour, one dash and one word for each thing, on every page."""

import streamlit as st

PARTS = ("training", "validation", "test")
# Okabe and Ito (2008): told apart by colour-blind eyes, readable on white and on dark
_COLOURS = {
    "training": "#0072B2",
    "validation": "#009E73",
    "test": "#D55E00",
    "data loss": "#0072B2",  # that of the training patients
    "penalty": "#CC79A7",
    "sum": "#767676",
}
DASHES = {
    "training": [1, 0],
    "validation": [2, 3],
    "test": [7, 3],
    "data loss": [1, 0],
    "penalty": [2, 3],
    "sum": [7, 3],
}
ON_DARK = {"#0072B2": "#56B4E9"}  # the one that is too dim there; both are blue
RUN_DASHES = [[5, 4], [1, 0], [2, 2], [9, 3]]  # the first run is the one without regularization
PLAIN, REGULARIZED = "#767676", "#CC79A7"
NEUTRAL = "#767676"
LINE_WIDTH = 2.5
FONT_SIZE = 13
CHART_HEIGHT = 320


def colours() -> dict[str, str]:
    """The colour of each kind of line, for the theme that this browser shows."""
    if st.context.theme.type != "dark":
        return _COLOURS
    return {name: ON_DARK.get(colour, colour) for name, colour in _COLOURS.items()}


def score(value: float) -> str:
    """Accuracies and losses have three digits everywhere: one test patient is 0.005."""
    return f"{value:.3f}"


def signed(value: float) -> str:
    """A difference of two scores, always with its sign."""
    return f"{value:+.3f}".replace("-", "−")


def count(value: int) -> str:
    """A whole number with thousands separated."""
    return f"{value:,}"
