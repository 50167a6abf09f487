"""A curve that a learner drew, behind the true one, with the distance between them filled."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from regcore.checks import Array
from ui.charts import Drawing, axes
from ui.charts.line_labels import haloed
from ui.charts.vega import Chart, named, template
from ui.theme import line_colours, line_width, type_size, word_colours

DOTS = [1, 5]
Place = tuple[int, float, float]  # index in PLACES; the lower and the upper end of a name there
HALF, HEIGHT, GAP = 0.25, 0.06, 0.015  # of the name, in shares of a narrow picture; to the curve
PLACES = np.linspace(0.0, 1.0, 101)  # along the axis of epochs


def behind(drawing: Drawing, drawn: pd.DataFrame, part: str) -> Drawing:
    """Return `charts.curves` with a drawn curve behind its lines, in the color of a part.

    drawn  columns epoch, value, and true: the line that it is about
    """
    layers = [*_layers(part)["layer"], *drawing.spec["layer"]]
    tables = {**drawing.tables, "drawn": drawn, "drawn name": _name(drawn, drawing)}
    return drawing.but({"layer": layers})._replace(tables=tables)


def _name(drawn: pd.DataFrame, drawing: Drawing) -> pd.DataFrame:
    """Return where the name stands: above or below the drawn curve, clear of all lines.

    Of the places that are clear it is the one where the drawn curve is farthest from the true one.
    """
    lines, last = drawing.tables["lines"], float(np.log1p(drawn["epoch"].max()))
    curves = [_along(line, "value", last) for _, line in lines.groupby("line")]
    own, true = (_along(drawn, column, last) for column in ("value", "true"))
    height = float(drawing.values["roof"]) - float(drawing.values["low"])
    free = [place for place in _candidates(own, height) if _is_clear(place, [own, *curves])]
    at, middle = max(
        ((at, (low + high) / 2) for at, low, high in free or _candidates(own, height)),
        key=lambda place: abs(own - true)[place[0]],
    )
    epoch = np.expm1(PLACES[at] * last)
    return pd.DataFrame({"epoch": [epoch], "value": [middle], "text": ["your curve"]})


def _along(line: pd.DataFrame, column: str, last: float) -> Array:
    """Return a line's heights at `PLACES`; none after its end."""
    at = np.log1p(line["epoch"].to_numpy(float)) / last
    return np.interp(PLACES, at, line[column].to_numpy(float), right=np.nan)


def _candidates(own: Array, height: float) -> list[Place]:
    """Return the places right above and right below the drawn curve, inside the axes."""
    places: list[Place] = []
    for at in np.flatnonzero((PLACES >= HALF) & (PLACES <= 1.0 - HALF)).tolist():
        near = own[_under(at)]
        top, bottom = near.max() + GAP * height, near.min() - GAP * height
        places += [(at, top, top + HEIGHT * height), (at, bottom - HEIGHT * height, bottom)]
    inside = [place for place in places if place[1] >= 0.0 and place[2] <= height]
    return inside or places


def _is_clear(place: Place, curves: Sequence[Array]) -> bool:
    at, low, high = place
    parts = [curve[_under(at)] for curve in curves]
    return all(np.nanmax(p) < low or np.nanmin(p) > high for p in parts if not np.isnan(p).all())


def _under(at: int) -> Array:
    """Return which places a name covers that stands at one of them."""
    return np.abs(PLACES - PLACES[at]) <= HALF


@template
def _layers(part: str) -> Chart:
    x = axes.epoch_axis()
    y = alt.Y("value:Q", title=None, scale=axes.y_scale(), axis=axes.y_axis())
    curve, name = (named(table).encode(x=x, y=y) for table in ("drawn", "drawn name"))
    color = line_colours()[part]
    words: dict[str, Any] = {"align": "center", "color": word_colours()[part]}
    words |= {"fontSize": type_size(), "fontWeight": 600}
    return alt.layer(
        curve.mark_area(color=color, opacity=0.18, clip=True).encode(y2="true:Q"),
        curve.mark_line(color=color, strokeWidth=line_width(), strokeDash=DOTS, clip=True),
        *haloed(name.encode(text="text:N"), **words),
    )
