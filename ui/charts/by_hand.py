"""A curve that a learner drew, behind the true one, with the distance between them filled."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ui.charts.axes import y_axis, y_scale
from ui.charts.line_labels import haloed
from ui.charts.vega import named
from ui.theme import line_colours, line_width, type_size, word_colours

DOTS = [1, 5]
LAST = 0.9  # of the width, up to where its name may stand


def tables(drawn: pd.DataFrame | None) -> dict[str, pd.DataFrame]:
    """Return the tables "drawn" (columns epoch, value, true) and "drawn name"."""
    return {} if drawn is None else {"drawn": drawn, "drawn name": _name(drawn)}


def top(top: float | None, drawn: pd.DataFrame | None) -> float | None:
    """Return the top of an axis that shows the whole drawing, too."""
    return top if top is None or drawn is None else max(top, float(drawn["value"].max()))


def _name(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return where the name stands: far from the true line, on the other side of the drawn one."""
    before = np.log1p(drawn["epoch"]) <= LAST * np.log1p(drawn["epoch"].max())
    distance = (drawn["value"] - drawn["true"])[before]
    place = distance.abs().idxmax()
    down = distance[place] < 0
    return drawn.loc[[place]].assign(text="your curve", dy=14 if down else -10)


def layers(x: alt.X, part: str) -> list[alt.Chart]:
    """Return the filled distance, the drawn curve and its name, in the color of a part."""
    y = alt.Y("value:Q", title=None, scale=y_scale(), axis=y_axis())
    curve, name = (named(table).encode(x=x, y=y) for table in ("drawn", "drawn name"))
    color = line_colours()[part]
    words: dict[str, Any] = {
        "dy": -10,
        "fontSize": type_size(),
        "fontWeight": 600,
        "color": word_colours()[part],
    }
    return [
        curve.mark_area(color=color, opacity=0.18, clip=True).encode(y2="true:Q"),
        curve.mark_line(color=color, strokeWidth=line_width(), strokeDash=DOTS, clip=True),
        *haloed(name.encode(text="text:N"), **words),
    ]
