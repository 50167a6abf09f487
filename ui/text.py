"""Numbers and names as text: digits that mean something, and Markdown that obeys nobody."""

import math
import re

DIGITS = 3  # of a score
HALF_A_DIGIT = 0.0005
SUPERSCRIPT = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")


def escape(text: str) -> str:
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
        return f"10{str(int(math.log10(abs(value)))).translate(SUPERSCRIPT)}"
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

    They are those above its spread: see `regcore.training.history.Figure`.
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
