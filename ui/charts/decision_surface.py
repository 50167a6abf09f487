"""A network's predicted probability over two features as a surface, with the training rows."""

from copy import deepcopy
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from regcore import Dataset, Split
from regcore.checks import Array
from regcore.data.bundled import UNITS
from regcore.experiments.decision_surface import Probability, edges, in_units
from ui.charts.animation import MOMENT
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import CHART_HEIGHT, SURFACE, dot, neutral, type_size

OVERLAP = 1.2  # cells overlap, or white seams would show between them
ON_PANEL = "#16181D"


def surface(split: Split, cells: Array, table: Dataset) -> Drawing:
    """Probability of outcome 1 over two features in their own units, with the training rows.

    The caller adds the parameters of `animation.controls`, from 1 to the number of rows of `cells`,
    which choose the row shown. `table` has the names; `split` is two of its columns.
    """
    points = pd.DataFrame(in_units(split.train.X, split), columns=["x", "y"])
    points["outcome"] = [table.outcomes[int(label)] for label in split.train.y[:, 0]]
    tables = {"cells": _cells(split, cells), "points": points}
    axes = zip("xy", edges(split), strict=True)
    ends = {f"{name}{i}": e[-i] for name, e in axes for i in (0, 1)}
    return Drawing(_worded(_surface(), split, table), tables, ends)


def points_table(split: Split, probability: Probability) -> pd.DataFrame:
    """Return the table twin: each training row, its outcome and probability of outcome 1."""
    points = in_units(split.train.X, split)
    table = pd.DataFrame(points.round(3), columns=split.feature_names)
    # the arrow keeps it apart from feature names
    table["→ outcome"] = split.train.y[:, 0].astype(int)
    table["→ probability"] = probability(points)[:, 0].round(3)
    return table


def _cells(split: Split, cells: Array) -> pd.DataFrame:
    """Return a row per cell: from x to x2, from y to y2, and p1, p2, ... at each moment."""
    starts = np.meshgrid(*(e[:-1] for e in edges(split)))
    columns = {f"p{moment}": p for moment, p in enumerate(cells, start=1)}
    for name, e, start in zip("xy", edges(split), starts, strict=True):
        more = (OVERLAP - 1) / 2 * (e[1] - e[0])
        columns[name] = (start.ravel() - more).astype(np.float32)
        columns[name + "2"] = (start.ravel() + (e[1] - e[0]) + more).astype(np.float32)
    return pd.DataFrame(columns)


def _worded(spec: dict[str, Any], split: Split, table: Dataset) -> dict[str, Any]:
    """Return a copy with the table's names, so that a visitor's own names are not cached."""
    spec = deepcopy(spec)
    area, dots = (layer["encoding"] for layer in spec["layer"])
    for axis, feature in zip("xy", split.feature_names, strict=True):
        unit = f" ({UNITS[feature]})" if table.lesson and feature in UNITS else ""
        area[axis]["title"] = feature.replace("_", " ") + unit
    for channel in ("shape", "fill"):
        dots[channel]["scale"]["domain"] = list(table.outcomes)
        dots[channel]["legend"]["title"] = table.row
    return spec


@template
def _surface() -> Chart:
    # thousands of cells: as SVG they would take seconds
    canvas = {"embedOptions": {"renderer": "canvas"}}
    layers = alt.layer(_area(), _dots(), height=int(1.6 * CHART_HEIGHT), usermeta=canvas)
    grey = neutral()  # Streamlit's grey is too light for words
    words = layers.configure_axis(labelColor=grey, titleColor=grey)
    return words.configure_legend(labelColor=grey, titleColor=grey)


def _area() -> alt.Chart:
    def axis(name: str) -> dict:
        scale = alt.Scale(domain=[value(f"{name}0"), value(f"{name}1")], nice=False)
        return {"scale": scale, "axis": alt.Axis(grid=False)}

    colours = alt.Scale(domain=[0, 0.5, 1], range=list(SURFACE))
    legend = alt.Legend(orient="top", format=".1f", gradientLength=180, titleLimit=300)
    return (
        named("cells")
        .transform_calculate(p=f"datum['p' + {MOMENT}] / 1000")
        .mark_rect(clip=True)
        .encode(
            x=alt.X("x:Q", **axis("x")),
            x2="x2:Q",
            y=alt.Y("y:Q", **axis("y")),
            y2="y2:Q",
            color=alt.Color("p:Q", title="predicted probability", scale=colours, legend=legend),
        )
    )


def _dots() -> alt.Chart:
    shapes = alt.Scale(range=["circle", "triangle-up"])
    fills = alt.Scale(range=["#FFFFFF", "#000000"])
    # black would vanish on a dark background
    panel: dict[str, Any] = {"fillColor": SURFACE[1], "padding": 6, "cornerRadius": 4}
    panel |= {"labelColor": ON_PANEL, "titleColor": ON_PANEL, "labelFontSize": type_size()}
    legend = alt.Legend(orient="top", columns=1, **panel)
    return (
        named("points")
        .mark_point(size=dot(55), stroke="#000000", strokeWidth=1.2, opacity=0.9)
        .encode(
            x="x:Q",
            y="y:Q",
            shape=alt.Shape("outcome:N", scale=shapes, legend=legend),
            fill=alt.Fill("outcome:N", scale=fills, legend=legend),
            tooltip=["outcome:N", "x:Q", "y:Q"],
        )
    )
