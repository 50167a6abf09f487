"""A curve that a learner drew, behind the true one, with the distance between them filled."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ui.charts import Drawing, axes
from ui.charts.line_labels import haloed
from ui.charts.vega import Chart, named, template
from ui.theme import line_colours, line_width, type_size, word_colours

DOTS = [1, 5]
LAST = 0.9  # of the width, up to where its name may stand


def behind(drawing: Drawing, drawn: pd.DataFrame, part: str) -> Drawing:
    """Return `charts.curves` with a drawn curve behind its lines, in the color of a part.

    drawn  columns epoch, value, and true: the line that it is about
    """
    layers = [*_layers(part)["layer"], *drawing.spec["layer"]]
    tables = {**drawing.tables, "drawn": drawn, "drawn name": _name(drawn)}
    return drawing.but({"layer": layers})._replace(tables=tables)


def _name(drawn: pd.DataFrame) -> pd.DataFrame:
    """Return where the name stands: far from the true line, on the other side of the drawn one."""
    before = np.log1p(drawn["epoch"]) <= LAST * np.log1p(drawn["epoch"].max())
    distance = (drawn["value"] - drawn["true"])[before]
    place = distance.abs().idxmax()
    down = distance[place] < 0
    return drawn.loc[[place]].assign(text="your curve", dy=14 if down else -10)


@template
def _layers(part: str) -> Chart:
    x = axes.epoch_axis()
    y = alt.Y("value:Q", title=None, scale=axes.y_scale(), axis=axes.y_axis())
    curve, name = (named(table).encode(x=x, y=y) for table in ("drawn", "drawn name"))
    color, dy = line_colours()[part], alt.ExprRef("datum.dy")
    words: dict[str, Any] = {"align": "right", "dy": dy, "color": word_colours()[part]}
    words |= {"fontSize": type_size(), "fontWeight": 600}
    return alt.layer(
        curve.mark_area(color=color, opacity=0.18, clip=True).encode(y2="true:Q"),
        curve.mark_line(color=color, strokeWidth=line_width(), strokeDash=DOTS, clip=True),
        *haloed(name.encode(text="text:N"), **words),
    )
