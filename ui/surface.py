"""What a network of two features believes: its probability as a surface, training rows on it."""

from collections.abc import Callable

import altair as alt
import numpy as np
import pandas as pd

from regcore import Part, Split
from regcore.network import Array, Params, logits, sigmoid
from ui.look import CHART_HEIGHT, FONT_SIZE
from ui.template import Chart, Drawing, named, template, value

Probability = Callable[[Array], Array]
CELLS = 60  # a side of the grid
MARGIN = 0.04
OVERLAP = 1.04  # a hair more than a cell, or white seams would show between them
LOW, MIDDLE, HIGH = "#0072B2", "#EDEDED", "#D55E00"


def raw(X: Array, split: Split) -> Array:
    """Standardised rows X (n, d) in their own units again."""
    return (X * split.scale + split.mean).round(6)


def surface(split: Split, probability: Probability, outcomes: tuple[str, str], row: str) -> Drawing:
    """Probability of outcome 1 over two features in their own units, with the training rows.

    probability  points (n, 2) in their own units -> probabilities (n, 1)
    row          what a row is, for the legend
    """
    points = raw(split.train.X, split)
    low, high = points.min(axis=0), points.max(axis=0)
    edges = [_edges(a, b) for a, b in zip(low, high, strict=True)]
    x, y = (f"{name.replace('_', ' ')}" for name in split.feature_names)
    tables = {"cells": _cells(edges, probability), "points": _points(points, split.train, outcomes)}
    ends = {f"{name}{i}": e[-i] for name, e in zip("xy", edges, strict=True) for i in (0, 1)}
    return Drawing(_surface(x, y, outcomes, row), tables, ends)


def believed(split: Split, params: Params) -> Probability:
    """The probability that a network gives to points in their own units."""
    return lambda X: sigmoid(logits((X - split.mean) / split.scale, params))


def points_table(split: Split, probability: Probability) -> pd.DataFrame:
    """The table twin: each training row with its outcome and its probability of outcome 1."""
    points = raw(split.train.X, split)
    table = pd.DataFrame(points.round(3), columns=split.feature_names)
    table["→ outcome"] = split.train.y[:, 0].astype(int)  # with an arrow: no feature has the name
    table["→ probability"] = probability(points)[:, 0].round(3)
    return table


def _edges(low: float, high: float) -> Array:
    room = MARGIN * (high - low)
    return np.linspace(low - room, high + room, CELLS + 1)


def _cells(edges: list[Array], probability: Probability) -> pd.DataFrame:
    centres = [(e[:-1] + e[1:]) / 2 for e in edges]
    grid = np.stack(np.meshgrid(*centres), axis=-1).reshape(-1, 2)
    p = probability(grid)[:, 0]
    half = [(e[1] - e[0]) / 2 * OVERLAP for e in edges]
    frame = {"p": p.round(3)}
    for axis, name in enumerate("xy"):
        frame[name] = grid[:, axis] - half[axis]
        frame[name + "2"] = grid[:, axis] + half[axis]
    return pd.DataFrame(frame)


@template
def _surface(x: str, y: str, outcomes: tuple[str, str], row: str) -> Chart:
    layers = alt.layer(_area(x, y), _dots(outcomes, row))
    return layers.properties(height=int(1.35 * CHART_HEIGHT))


def _area(x: str, y: str) -> alt.Chart:
    def axis(name: str, title: str) -> dict:
        scale = alt.Scale(domain=[value(f"{name}0"), value(f"{name}1")], nice=False)
        return {"title": title, "scale": scale, "axis": alt.Axis(grid=False)}

    colours = alt.Scale(domain=[0, 0.5, 1], range=[LOW, MIDDLE, HIGH])
    legend = alt.Legend(orient="top", format=".1f", gradientLength=180, titleLimit=300)
    return (
        named("cells")
        .mark_rect(clip=True)
        .encode(
            x=alt.X("x:Q", **axis("x", x)),
            x2=alt.X2("x2:Q"),
            y=alt.Y("y:Q", **axis("y", y)),
            y2=alt.Y2("y2:Q"),
            color=alt.Color("p:Q", title="predicted probability", scale=colours, legend=legend),
        )
    )


def _points(points: Array, part: Part, outcomes: tuple[str, str]) -> pd.DataFrame:
    frame = pd.DataFrame(points, columns=["x", "y"])
    return frame.assign(outcome=[outcomes[int(label)] for label in part.y[:, 0]])


def _dots(outcomes: tuple[str, str], row: str) -> alt.Chart:
    shapes = alt.Scale(domain=list(outcomes), range=["circle", "triangle-up"])
    fills = alt.Scale(domain=list(outcomes), range=["#FFFFFF", "#000000"])
    legend = alt.Legend(orient="top", title=row, columns=1, labelFontSize=FONT_SIZE)
    return (
        named("points")
        .mark_point(size=55, stroke="#000000", strokeWidth=1.2, opacity=0.9)
        .encode(
            x=alt.X("x:Q"),
            y=alt.Y("y:Q"),
            shape=alt.Shape("outcome:N", scale=shapes, legend=legend),
            fill=alt.Fill("outcome:N", scale=fills, legend=legend),
            tooltip=[alt.Tooltip("outcome:N"), alt.Tooltip("x:Q"), alt.Tooltip("y:Q")],
        )
    )
