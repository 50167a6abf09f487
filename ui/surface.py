"""What a network of two measurements believes: its probability as a surface, patients on it."""

import altair as alt
import numpy as np
import pandas as pd

from regcore import Part, Split
from regcore.network import Array, Params, logits, sigmoid
from ui.charts import Figure
from ui.look import CHART_HEIGHT, FONT_SIZE

CELLS = 60  # a side of the grid
MARGIN = 0.04
OVERLAP = 1.04  # a hair more than a cell, or white seams would show between them
LOW, MIDDLE, HIGH = "#0072B2", "#EDEDED", "#D55E00"
OUTCOMES = ("no diabetes", "diabetes")


def raw(X: Array, split: Split) -> Array:
    """Standardised rows X (n, d) in their own units again."""
    return (X * split.scale + split.mean).round(6)


def surface(split: Split, params: Params) -> Figure:
    """Probability of diabetes over two features in their own units, with training patients."""
    points = raw(split.train.X, split)
    low, high = points.min(axis=0), points.max(axis=0)
    edges = [_edges(a, b) for a, b in zip(low, high, strict=True)]
    x, y = (f"{name.replace('_', ' ')}" for name in split.feature_names)
    cells = _cells(edges, split, params)
    return alt.layer(_area(cells, edges, x, y), _patients(points, split.train)).properties(
        height=int(1.35 * CHART_HEIGHT)
    )


def patients(split: Split, params: Params) -> pd.DataFrame:
    """The table twin: each training patient with its outcome and the network's probability."""
    table = pd.DataFrame(raw(split.train.X, split).round(3), columns=split.feature_names)
    table["outcome"] = split.train.y[:, 0].astype(int)
    table["probability"] = sigmoid(logits(split.train.X, params))[:, 0].round(3)
    return table


def _edges(low: float, high: float) -> Array:
    room = MARGIN * (high - low)
    return np.linspace(low - room, high + room, CELLS + 1)


def _cells(edges: list[Array], split: Split, params: Params) -> pd.DataFrame:
    centres = [(e[:-1] + e[1:]) / 2 for e in edges]
    grid = np.stack(np.meshgrid(*centres), axis=-1).reshape(-1, 2)
    p = sigmoid(logits((grid - split.mean) / split.scale, params))[:, 0]
    half = [(e[1] - e[0]) / 2 * OVERLAP for e in edges]
    frame = {"p": p.round(3)}
    for axis, name in enumerate("xy"):
        frame[name] = grid[:, axis] - half[axis]
        frame[name + "2"] = grid[:, axis] + half[axis]
    return pd.DataFrame(frame)


def _area(cells: pd.DataFrame, edges: list[Array], x: str, y: str) -> alt.Chart:
    def scale(e: Array) -> alt.Scale:
        return alt.Scale(domain=[e[0], e[-1]], nice=False)

    colours = alt.Scale(domain=[0, 0.5, 1], range=[LOW, MIDDLE, HIGH])
    legend = alt.Legend(orient="top", format=".1f", gradientLength=180, titleLimit=300)
    return (
        alt.Chart(cells)
        .mark_rect(clip=True)
        .encode(
            x=alt.X("x:Q", title=x, scale=scale(edges[0]), axis=alt.Axis(grid=False)),
            x2="x2:Q",
            y=alt.Y("y:Q", title=y, scale=scale(edges[1]), axis=alt.Axis(grid=False)),
            y2="y2:Q",
            color=alt.Color("p:Q", title="predicted probability", scale=colours, legend=legend),
        )
    )


def _patients(points: Array, part: Part) -> alt.Chart:
    frame = pd.DataFrame(points, columns=["x", "y"])
    frame["outcome"] = [OUTCOMES[int(label)] for label in part.y[:, 0]]
    shapes = alt.Scale(domain=list(OUTCOMES), range=["circle", "triangle-up"])
    fills = alt.Scale(domain=list(OUTCOMES), range=["#FFFFFF", "#000000"])
    legend = alt.Legend(orient="top", title="patient", columns=1, labelFontSize=FONT_SIZE)
    return (
        alt.Chart(frame)
        .mark_point(size=55, stroke="#000000", strokeWidth=1.2, opacity=0.9)
        .encode(
            x="x:Q",
            y="y:Q",
            shape=alt.Shape("outcome:N", scale=shapes, legend=legend),
            fill=alt.Fill("outcome:N", scale=fills, legend=legend),
            tooltip=["outcome:N", alt.Tooltip("x:Q"), alt.Tooltip("y:Q")],
        )
    )
