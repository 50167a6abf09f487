"""The visual language: one colour, one dash and one word for each thing, on every page."""

import math
import re

import streamlit as st

PARTS = ("training", "validation", "test")
# Okabe and Ito (2008): told apart by colour-blind eyes, readable on white and on dark
LINES = {
    "training": "#0072B2",
    "validation": "#009E73",
    "test": "#D55E00",
    "data loss": "#0072B2",  # that of the training patients
    "penalty": "#CC79A7",
    "sum": "#767676",
    "dropout on": "#CC79A7",  # training loss in training mode
}
LINES_ON_DARK = LINES | {"training": "#56B4E9", "data loss": "#56B4E9", "sum": "#A8A8A8"}
# the same hues for words, which need a contrast of 4.5 where a line needs 3
WORDS = {
    "training": "#00639B",
    "validation": "#00704F",
    "test": "#A94A00",
    "data loss": "#00639B",
    "penalty": "#9C4677",
    "sum": "#5F5F5F",
    "dropout on": "#9C4677",
}
WORDS_ON_DARK = LINES_ON_DARK | {"validation": "#2CC79A", "test": "#F08A4B"}
DASHES = {
    "training": [1, 0],
    "validation": [2, 3],
    "test": [7, 3],
    "data loss": [1, 0],
    "penalty": [2, 3],
    "sum": [7, 3],
    "dropout on": [2, 3],
}
SHAPES = {
    "training": "circle",
    "validation": "square",
    "test": "triangle-up",
    "data loss": "circle",
    "penalty": "square",
    "sum": "triangle-up",
    "dropout on": "square",
}
# the first run is the one without regularization
RUN_DASHES = [[5, 4], [1, 0], [2, 2], [9, 3], [9, 3, 2, 3]]
# for several runs of one part; dark and light enough for words
RUNS = ["#5F5F5F", "#9C4677", "#00639B", "#8A5A00", "#00704F"]
RUNS_ON_DARK = ["#A8A8A8", "#E3A5C7", "#7CC4EE", "#E8B04A", "#2CC79A"]
NEUTRAL = LINES["sum"]
PLAIN, REGULARIZED = NEUTRAL, LINES["penalty"]
CHART_HEIGHT = 320
DIGITS = 3  # of a score
HALF_A_DIGIT = 0.0005
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
    """All that the colours and sizes of this module depend on, for who keeps what they draw."""
    return on_dark(), enlarged()


def line_colours() -> dict[str, str]:
    """The colour of each kind of line, for the theme that this browser shows."""
    return LINES_ON_DARK if on_dark() else LINES


def neutral() -> str:
    """Grey for marks and words that belong to no line."""
    return line_colours()["sum"]


def word_colours() -> dict[str, str]:
    """The colour of the words that name each kind of line."""
    return WORDS_ON_DARK if on_dark() else WORDS


def run_colours() -> list[str]:
    """The colours of runs that are told apart by colour and dash."""
    return RUNS_ON_DARK if on_dark() else RUNS


def plain(text: str) -> str:
    """`text` for places that read Markdown: what a user typed is shown and never obeyed."""
    # a joiner of no width keeps addresses from becoming links, which no escape does
    text = re.sub(r"(www)(?=\.)|(https?:|ftp:)(?=//)|(@)", "\\g<0>\u2060", text, flags=re.I)
    return re.sub(r"([\\`*_\[\]<>$:!#|~{}&]|^[-+=])", r"\\\1", text)


def score(value: float) -> str:
    """Accuracies and losses have three digits everywhere: one test patient is 0.005.

    What no three digits can say, such as the loss of a diverging run, is a power of ten. Of a
    figure that rounding moves, only the digits above its spread are shown.
    """
    places = meant(value)
    if places < DIGITS:
        return _about(f"{value:.{max(places, 0)}f}", places)
    if 0.0 < abs(value) < 0.0005:
        return "< 0.001"
    if abs(value) >= 10_000.0:
        return f"10{str(int(math.log10(abs(value)))).translate(_SUPERSCRIPT)}"
    return f"{value:.3f}".replace("-", "−")


def signed(value: float) -> str:
    """A difference of two scores, always with its sign; digits as `score` has them."""
    places = min(meant(value), DIGITS)
    text = f"{value:+.{max(places, 0)}f}".replace("-", "−")
    return text if places == DIGITS else _about(text, places)


def share_of(share: float, n: int) -> str:
    """How many of n rows a share is: "133 of 192", or "about 130 of 192" if rounding moves it."""
    moved = n * getattr(share, "spread", 0.0)
    if moved < 0.5:
        return f"{count(round(share * n))} of {count(n)}"
    places = -1 - math.floor(math.log10(moved))
    return f"about {count(int(round(share * n, places)))} of {count(n)}"


def noise(change: float) -> float:
    """Twice what rounding alone was seen to move a score: a smaller change means nothing."""
    return 2.0 * getattr(change, "spread", 0.0)


def meant(value: float) -> int:
    """How many decimals of a score mean something; -1 where not even its whole part does.

    They are those above its spread: see `regcore.history.Figure`.
    """
    spread = getattr(value, "spread", 0.0)
    if spread < HALF_A_DIGIT:
        return DIGITS
    return max(math.ceil(-math.log10(spread)) - 1, -1) if math.isfinite(spread) else -1


def _about(text: str, places: int) -> str:
    return "?" if places < 0 else f"≈ {text}".replace("-", "−")


def count(value: int) -> str:
    """A whole number with thousands separated."""
    return f"{value:,}"


_SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
