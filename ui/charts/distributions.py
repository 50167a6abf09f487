"""Charts of distributions: a histogram, and a running mean."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from regcore.checks import Array
from ui.charts.axes import y_axis, y_scale, y_values
from ui.charts.line_labels import haloed, headroom
from ui.charts.lines import framed
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import NEUTRAL, enlarged, line_colours, line_width, type_size, word_colours


def binned(values: Array, bins: Array, name: str) -> pd.DataFrame:
    """Count the values in each bin; `bins` are the edges. Columns from, to, `name`."""
    counts, _ = np.histogram(values, bins)
    return pd.DataFrame({"from": bins[:-1], "to": bins[1:], name: counts})


def histogram(
    table: pd.DataFrame,
    x_title: str,
    y_title: str,
    *,
    colour: str = NEUTRAL,
    mark: tuple[float, str] | None = None,
    top: float | None = None,
) -> Drawing:
    """Draw a table of `binned` as bars.

    mark  a value to point out, and its text
    top   end of the y axis, for histograms to compare; None takes the largest count
    """
    frame = table.set_axis(["low", "high", "count"], axis=1)
    low, high = float(frame["low"].iloc[0]), float(frame["high"].iloc[-1])
    tables, left = {"bins": frame}, False
    if mark is not None:
        tables["mark"] = pd.DataFrame({"low": [mark[0]], "text": [mark[1]]})
        left = mark[0] > (low + high) / 2
    spec = _histogram(x_title, y_title, colour, mark is not None, left)
    most = float(frame["count"].max()) if top is None else top
    ends = y_values(0.0, most or 1.0, headroom(len(tables) - 1))
    return Drawing(spec, tables, ends | {"first": low, "last": high})


@template
def _histogram(x_title: str, y_title: str, colour: str, marked: bool, left: bool) -> Chart:
    scale = alt.Scale(domain=[value("first"), value("last")], nice=False)
    tips = [alt.Tooltip(f"{name}:Q", format=".3f") for name in ("low", "high")]
    x = alt.X("low:Q", title=x_title, scale=scale, axis=alt.Axis(grid=False))
    y = alt.Y("count:Q", title=None, scale=y_scale(), axis=y_axis())
    bars = named("bins").mark_rect(color=colour)
    layers = [bars.encode(x=x, x2="high:Q", y=y, y2=alt.Y2Datum(0), tooltip=[*tips, "count:Q"])]
    if marked:
        place, words, size = named("mark").encode(x="low:Q"), word_colours()["test"], type_size()
        side: dict[str, Any] = {"align": "right", "dx": -6} if left else {"align": "left", "dx": 6}
        text = place.encode(y=alt.YValue(9 * enlarged()), text="text:N")
        rule = place.mark_rule(color=words, strokeWidth=line_width())
        layers += [rule, *haloed(text, fontSize=size, color=words, **side)]
    return framed(layers, y_title)


def convergence(table: pd.DataFrame, exact: float, y_title: str) -> Drawing:
    """Draw a running mean with its standard error (columns masks, mean, low, high) and limit."""
    limit = pd.DataFrame({"mean": [exact], "text": ["evaluation mode"]})
    ends = y_values(min(table["low"].min(), exact), max(table["high"].max(), exact))
    tables = {"means": table, "limit": limit}
    return Drawing(_convergence(y_title), tables, ends | {"last": int(table["masks"].max())})


@template
def _convergence(y_title: str) -> Chart:
    axis = alt.Axis(format=",d", grid=False)
    scale = alt.Scale(type="log", domain=[1, value("last")], nice=False)
    x = alt.X("masks:Q", title="masks", scale=scale, axis=axis)
    low, y = (
        alt.Y(f"{name}:Q", title=None, scale=y_scale(), axis=y_axis()) for name in ("low", "mean")
    )
    colour, words = line_colours()["dropout on"], word_colours()["test"]
    drawn, limit = named("means").encode(x=x), named("limit").encode(y=y)
    text = limit.encode(x=alt.XValue("width"), text="text:N")
    layers = [
        drawn.mark_area(opacity=0.3, color=colour).encode(y=low, y2="high:Q"),
        drawn.mark_line(color=colour, strokeWidth=line_width()).encode(y=y),
        limit.mark_rule(color=words, strokeDash=[7, 3]),
        *haloed(text, align="right", baseline="bottom", dy=-5, fontSize=type_size(), color=words),
    ]
    return framed(layers, y_title)
