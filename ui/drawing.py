"""The network as a picture: hidden units that are kept, and those that a mask silences."""

import altair as alt
import numpy as np
import pandas as pd

from regcore.network import Array
from ui.charts import Figure
from ui.look import CHART_HEIGHT, FONT_SIZE, line_colours, neutral

SHOWN = 12  # hidden units that fit side by side on a phone


def network(inputs: int, before: Array, mask: Array) -> Figure:
    """`inputs` circles, hidden units with their outputs `before * mask`, and one output.

    before (h,) are the activations without dropout; mask (h,) is 0 where a unit is dropped.
    """
    hidden = _hidden(before, mask)
    ends = _column(inputs, 0.0), _column(1, 2.0)
    edges = pd.concat([_edges(ends[0], hidden, "x", "x2"), _edges(hidden, ends[1], "x", "x2")])
    return (
        alt.layer(_lines(edges), _circles(pd.concat(ends)), *_units(hidden))
        .properties(height=int(CHART_HEIGHT * 1.15))
        .configure_view(stroke=None)
    )


def _column(count: int, x: float) -> pd.DataFrame:
    return pd.DataFrame({"x": x, "y": (np.arange(count) + 0.5) / count, "kept": True})


def most_active(before: Array) -> Array:
    """The units (at most 12) whose activation is largest, in their order."""
    return np.sort(np.argsort(before, kind="stable")[-SHOWN:])


def _hidden(before: Array, mask: Array) -> pd.DataFrame:
    chosen = most_active(before)
    units = _column(len(chosen), 1.0)
    units["unit"], units["before"], units["factor"] = chosen + 1, before[chosen], mask[chosen]
    units["after"] = units["before"] * units["factor"]
    units["kept"] = units["factor"] > 0.0
    units["text"] = [_label(*row) for row in units[["before", "factor", "after"]].to_numpy()]
    return units


def _label(before: float, factor: float, after: float) -> str:
    if factor == 0.0:
        return "✕"
    return f"{before:.2f}" if factor == 1.0 else f"{before:.2f} × {factor:.2f} = {after:.2f}"


def _edges(left: pd.DataFrame, right: pd.DataFrame, x: str, x2: str) -> pd.DataFrame:
    pairs = left.merge(right, how="cross", suffixes=("", "2"))
    pairs["on"] = pairs["kept"] & pairs["kept2"]
    return pairs[[x, "y", x2, "y2", "on"]]


def _place(frame: pd.DataFrame) -> alt.Chart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.15, 2.15]))
    return alt.Chart(frame).encode(x=x, y=alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1])))


def _lines(edges: pd.DataFrame) -> alt.Chart:
    kept = edges[edges["on"]]
    return (
        _place(kept)
        .mark_rule(opacity=0.25, color=neutral())
        .encode(x2=alt.X2("x2:Q"), y2=alt.Y2("y2:Q"))
    )


def _circles(frame: pd.DataFrame) -> alt.Chart:
    return _place(frame).mark_point(size=140, filled=True, color=neutral(), opacity=1)


def _units(hidden: pd.DataFrame) -> list[alt.Chart]:
    """Kept units are filled, dropped ones hollow with a cross: not by colour alone."""
    blue = line_colours()["training"]
    kept, dropped = hidden[hidden["kept"]], hidden[~hidden["kept"]]
    tips = [
        "unit:Q",
        alt.Tooltip("before:Q", title="activation", format=".3f"),
        alt.Tooltip("factor:Q", title="multiplied by", format=".3f"),
        alt.Tooltip("after:Q", title="passed on", format=".3f"),
    ]
    texts = _place(hidden).mark_text(fontSize=FONT_SIZE, align="left", dx=14, color=neutral())
    full = _place(kept).mark_point(size=260, filled=True, color=blue, opacity=1)
    hollow = _place(dropped).mark_point(size=260, color=neutral(), strokeDash=[2, 2])
    # a layer without marks would be a picture without a name to a screen reader
    drawn = [chart for chart, units in ((full, kept), (hollow, dropped)) if len(units)]
    return [*(chart.encode(tooltip=tips) for chart in drawn), texts.encode(text=alt.Text("text:N"))]
