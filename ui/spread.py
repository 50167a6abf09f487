"""Charts of how values spread: a histogram, and a mean that settles."""

import altair as alt
import numpy as np
import pandas as pd

from regcore.network import Array
from ui.charts import Figure, framed
from ui.look import FONT_SIZE, LINE_WIDTH, NEUTRAL, line_colours, word_colours


def binned(values: Array, bins: Array, name: str) -> pd.DataFrame:
    """How many values fall into each bin, whose edges are `bins`: columns from, to, `name`."""
    counts, _ = np.histogram(values, bins)
    return pd.DataFrame({"from": bins[:-1], "to": bins[1:], name: counts})


def histogram(
    table: pd.DataFrame,
    x_title: str,
    y_title: str,
    *,
    colour: str = NEUTRAL,
    mark: tuple[float, str] | None = None,
) -> Figure:
    """A table of `binned` as bars; `mark` is a value to point out."""
    frame = table.set_axis(["low", "high", "count"], axis=1)
    low, high = frame["low"].iloc[0], frame["high"].iloc[-1]
    scale = alt.Scale(domain=[low, high], nice=False)
    bars = (
        alt.Chart(frame)
        .mark_rect(color=colour)
        .encode(
            x=alt.X("low:Q", title=x_title, scale=scale),
            x2=alt.X2("high:Q"),
            y=alt.Y("count:Q", title=None),
            y2=alt.Y2Datum(0),
            tooltip=[alt.Tooltip(n, format=".3f") for n in ("low", "high")] + ["count"],
        )
    )
    layers = [bars]
    if mark is not None:
        row = {"low": [mark[0]], "text": [mark[1]]}
        place = alt.Chart(pd.DataFrame(row)).encode(x=alt.X("low:Q"))
        left = mark[0] > (low + high) / 2
        text = place.mark_text(
            y=8, align="right" if left else "left", dx=-6 if left else 6, fontSize=FONT_SIZE
        )
        words = word_colours()["test"]
        layers += [place.mark_rule(color=words, strokeWidth=LINE_WIDTH)]
        layers += [text.encode(text=alt.Text("text:N"), color=alt.value(words))]
    return framed(layers, y_title)


def convergence(table: pd.DataFrame, exact: float, y_title: str) -> Figure:
    """A running mean with its standard error (columns masks, mean, low, high), and its limit."""
    x = alt.X("masks:Q", title="masks", scale=alt.Scale(type="log"), axis=alt.Axis(format=",d"))
    y = alt.Scale(zero=False)
    colour, words = line_colours()["dropout on"], word_colours()["test"]
    drawn = alt.Chart(table).encode(x=x)
    limit = alt.Chart(pd.DataFrame({"mean": [exact], "text": ["evaluation mode"]}))
    layers = [
        drawn.mark_area(opacity=0.3, color=colour).encode(
            y=alt.Y("low:Q", title=None, scale=y), y2=alt.Y2("high:Q")
        ),
        drawn.mark_line(color=colour, strokeWidth=LINE_WIDTH).encode(
            y=alt.Y("mean:Q", title=None, scale=y)
        ),
        limit.mark_rule(color=words, strokeDash=[7, 3]).encode(y=alt.Y("mean:Q")),
        limit.mark_text(x="width", align="right", dy=-9, fontSize=FONT_SIZE, color=words).encode(
            y=alt.Y("mean:Q"), text=alt.Text("text:N")
        ),
    ]
    return framed(layers, y_title)
