"""Numbers and names as text: significant digits only, and Markdown escaped."""

import math
import re
from pathlib import Path

DIGITS = 3  # of a score
UNKNOWN = "?"  # a score of which no digit means anything
ROUNDING_ERROR = 0.0005  # half of the last digit
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def counted(n: int, thing: str) -> str:
    """Format a number of things: "1 epoch", "1,400 epochs"."""
    return f"{count(n)} {thing}" + ("" if n == 1 else "s")


def escape(text: str) -> str:
    """Escape `text` for Markdown: what a user typed is shown literally."""
    # a zero-width joiner keeps addresses from becoming links, which escaping does not
    text = re.sub(r"(www)(?=\.)|(https?:|ftp:)(?=//)|(@)", "\\g<0>\u2060", text, flags=re.I)
    return re.sub(r"([\\`*_\[\]<>$:!#|~{}&]|^[-+=])", r"\\\1", text)


def score(value: float) -> str:
    """Format an accuracy or a loss with three decimals: one test patient is 0.005.

    Very large values, such as the loss of a diverging run, are shown as a power of ten. If rounding
    moves a figure, only the digits above its spread are shown.
    """
    places = meant(value)
    if places < DIGITS:
        return _about(f"{value:.{max(places, 0)}f}", places)
    if 0.0 < abs(value) < 0.0005:
        return "< 0.001"
    if abs(value) >= 10_000.0:
        return f"10{str(int(math.log10(abs(value)))).translate(SUPERSCRIPT)}"
    return f"{value:.3f}".replace("-", "−")


def stated(value: float) -> str:
    """Format a score for a sentence: in words if rounding decides all of its digits."""
    text = score(value)
    return "a value that rounding decides" if text == UNKNOWN else text


def signed(value: float) -> str:
    """Format a difference of two scores with its sign and the digits of `score`."""
    places = min(meant(value), DIGITS)
    text = f"{value:+.{max(places, 0)}f}".replace("-", "−")
    return text if places == DIGITS else _about(text, places)


def share_of(share: float, n: int) -> str:
    """Format a share of n rows: "133 of 192", or "about 130 of 192" if rounding moves it."""
    moved = n * getattr(share, "spread", 0.0)
    if moved < 0.5:
        return f"{count(round(share * n))} of {count(n)}"
    places = -1 - math.floor(math.log10(moved))
    return f"about {count(int(round(share * n, places)))} of {count(n)}"


def noise(change: float) -> float:
    """Return twice the spread that rounding alone causes: a smaller change means nothing."""
    return 2.0 * getattr(change, "spread", 0.0)


def meant(value: float) -> int:
    """Return how many decimals of a score are significant; -1 if not even its whole part is.

    Significant decimals are above its spread: see `regcore.training.history.Figure`. A value below
    1 has no whole part that could mean something.
    """
    spread = getattr(value, "spread", 0.0)
    if spread < ROUNDING_ERROR:
        return DIGITS
    places = max(math.ceil(-math.log10(spread)) - 1, -1) if math.isfinite(spread) else -1
    return -1 if places == 0 and abs(value) < 1.0 else places


def _about(text: str, places: int) -> str:
    return UNKNOWN if places < 0 else f"≈ {text}".replace("-", "−")


def count(value: int) -> str:
    """Format a whole number with thousands separated."""
    return f"{value:,}"


def beside(module: str, name: str) -> str:
    """Return the text of a file in the folder of a module, whose __file__ is given."""
    return Path(module).with_name(name).read_text(encoding="utf-8")
