"""A drawing as a small SVG, for a page without scripts."""

from base64 import b64encode
from collections.abc import Sequence

from regcore.experiments.drawn_curve import POINTS
from ui.session import DrawnCurve
from ui.text import count
from ui.theme import SERIES

WIDTH, HEIGHT, MARGIN = 240, 110, 4  # px


def image(drawn: DrawnCurve) -> str:
    """Return an HTML image with its words: the drawn curve, dotted, and the true one, if known."""
    words = f"Dotted: the loss that I drew, up to epoch {count(drawn.last)}"
    words += "; solid: as it was measured." if drawn.truth else "."
    # a page of Streamlit lets no SVG element through, but an image
    source = b64encode(svg(drawn).encode()).decode()
    return (
        f'<img width="{WIDTH}" height="{HEIGHT}" alt="{words}" '
        f'src="data:image/svg+xml;base64,{source}"><br><small>{words}</small>'
    )


def svg(drawn: DrawnCurve) -> str:
    """Return the curves alone."""
    top, color = max(drawn.top, *drawn.values, *drawn.truth), SERIES["test"].line
    truth = f'<polyline points="{_points(drawn.truth, top)}"/>' if drawn.truth else ""
    dotted = 'stroke-dasharray="1 5" stroke-linecap="round"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}"><g fill="none" stroke="{color}" stroke-width="2">'
        f'<path d="M{MARGIN} 0V{HEIGHT - MARGIN}H{WIDTH}" stroke="#767676" stroke-width="1"/>'
        f'{truth}<polyline {dotted} points="{_points(drawn.values, top)}"/></g></svg>'
    )


def _points(values: Sequence[float], top: float) -> str:
    """Return where the values lie; their epochs are evenly spaced on the axis."""
    step, height = (WIDTH - 2 * MARGIN) / (POINTS - 1), HEIGHT - 2 * MARGIN
    places = enumerate(values)
    return " ".join(
        f"{MARGIN + at * step:.1f},{MARGIN + height * (1 - v / top):.1f}" for at, v in places
    )
