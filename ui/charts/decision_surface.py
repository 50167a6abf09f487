"""A network's predicted probability over two features as a surface, with the training rows."""

from base64 import b64encode
from collections.abc import Sequence
from copy import deepcopy
from functools import cache
from io import BytesIO
from typing import Any

import altair as alt
import numpy as np
import pandas as pd
from PIL import Image

from regcore import Dataset, Split
from regcore.checks import Array
from regcore.data.bundled import UNITS
from regcore.experiments.decision_surface import Probability, edges, in_units
from ui.charts import animation
from ui.charts.animation import MOMENT
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import CHART_HEIGHT, OUTCOMES, SURFACE, dot, neutral, type_size

LEVELS = 256  # of probability, as many as a PNG has colors
CHANNELS = ("shape", "fill", "stroke")  # that tell the outcomes of rows apart
NAME_WIDTH = 90  # pixels of the name of an outcome in the legend, which is one row


def surface(
    split: Split, cells: Array, table: Dataset, title: str = "", told: Sequence[str] = ()
) -> Drawing:
    """Probability of outcome 1 over two features in their own units, with the training rows.

    cells  a row for each moment of the player, which chooses the one shown
    table  has the names; `split` is two of its columns
    title  of the picture, short: "64 units", "λ = 0.05"; rows with flipped labels are ringed
    told   a text for each moment, shown below the title
    """
    points = pd.DataFrame(in_units(split.train.X, split), columns=["x", "y"])
    points["outcome"] = [table.outcomes[int(label)] for label in split.train.y[:, 0]]
    tables = {"surfaces": _images(split, cells), "points": points}
    lied_about = split.flipped is not None
    if lied_about:
        tables["lies"] = points[split.flipped]
    axes = zip("xy", edges(split), strict=True)
    ends = {f"{name}{i}": e[-i] for name, e in axes for i in (0, 1)}
    more: dict[str, Any] = {"params": animation.moment(len(cells))}
    if title or told:
        more["title"] = _heading(title, told)
    return Drawing(_worded(_surface(lied_about), split, table), tables, ends).but(more)


def points_table(split: Split, probability: Probability | None = None) -> pd.DataFrame:
    """Return the table twin: each training row, its outcome and probability of outcome 1."""
    points = in_units(split.train.X, split)
    table = pd.DataFrame(points.round(3), columns=split.feature_names)
    # the arrow keeps these apart from feature names
    table["→ outcome"] = split.train.y[:, 0].astype(int)
    if split.flipped is not None:
        table["→ flipped"] = split.flipped
    if probability is not None:
        table["→ probability"] = probability(points)[:, 0].round(3)
    return table


def _heading(title: str, told: Sequence[str]) -> dict[str, Any]:
    style = {"anchor": "start", "fontSize": type_size() + 2, "offset": 8}
    below = {"subtitleFontSize": type_size(), "subtitleColor": neutral()}
    subtitle = {"subtitle": animation.told(told)} | below if told else {}
    return {"text": title} | style | subtitle


def _images(split: Split, cells: Array) -> pd.DataFrame:
    """Return a row per moment: the surface as an image, which the browser moves in no time."""
    (x, y), side = edges(split), round(cells.shape[1] ** 0.5)
    place = {"x": x[0], "x2": x[-1], "y": y[0], "y2": y[-1]}
    images = [_image(p.reshape(side, side)[::-1] / 1000) for p in cells]  # an image starts above
    return pd.DataFrame({"number": range(1, len(cells) + 1), "url": images} | place)


def _image(probability: Array) -> str:
    """Return a grid of probabilities as the address of a PNG that holds it."""
    image = Image.fromarray((probability * (LEVELS - 1)).round().astype(np.uint8), "P")
    image.putpalette(_palette())
    stream = BytesIO()
    image.save(stream, "PNG")
    return "data:image/png;base64," + b64encode(stream.getvalue()).decode()


@cache
def _palette() -> bytes:
    """Return red, green and blue of each level, between the colors of the probabilities."""
    colours = np.array([list(bytes.fromhex(colour[1:])) for colour in SURFACE])
    at, given = np.linspace(0.0, 1.0, LEVELS), [0.0, 0.5, 1.0]
    bands = [np.interp(at, given, band).round() for band in colours.T]
    return np.stack(bands, axis=1).astype(np.uint8).tobytes()


def _worded(spec: dict[str, Any], split: Split, table: Dataset) -> dict[str, Any]:
    """Return a copy with the table's names, so that a visitor's own names are not cached."""
    spec = deepcopy(spec)
    area, dots = (layer["encoding"] for layer in spec["layer"][:2])
    for axis, feature in zip("xy", split.feature_names, strict=True):
        unit = f" ({UNITS[feature]})" if table.lesson and feature in UNITS else ""
        area[axis]["title"] = feature.replace("_", " ") + unit
    for channel in CHANNELS:
        dots[channel]["scale"]["domain"] = list(table.outcomes)
    return spec


@template
def _surface(lied_about: bool) -> Chart:
    # as SVG, each dot would be an element of the page
    canvas, height = {"embedOptions": {"renderer": "canvas"}}, CHART_HEIGHT
    rings = _rings() if lied_about else ()
    layers = alt.layer(_area(), _dots(), *rings, height=height, usermeta=canvas)
    grey = neutral()  # Streamlit's gray is too light for words
    words = layers.configure_axis(labelColor=grey, titleColor=grey, titlePadding=6)
    return words.configure_legend(labelColor=grey, titleColor=grey)


def _legend(**style: Any) -> alt.Legend:
    """Return a legend that is one row above the chart."""
    row: dict[str, Any] = {"orient": "top", "columns": 4, "columnPadding": 8, "titleOrient": "left"}
    row |= {"padding": 0, "offset": 4, "symbolSize": dot(90), "symbolStrokeWidth": 1}
    size = type_size() - 1
    return alt.Legend(labelFontSize=size, titleFontSize=size, **row, **style)


def _area() -> alt.Chart:
    def axis(name: str) -> dict:
        scale = alt.Scale(domain=[value(f"{name}0"), value(f"{name}1")], nice=False)
        return {"scale": scale, "axis": alt.Axis(grid=False, tickCount=6)}

    # all images are there from the start: one that came when its moment comes would flicker
    shown = alt.ExprRef(f"datum.number == {MOMENT} ? 1 : 0")
    return (
        named("surfaces")
        .mark_image(aspect=False, opacity=shown)
        .encode(
            x=alt.X("x:Q", **axis("x")),
            x2="x2:Q",
            y=alt.Y("y:Q", **axis("y")),
            y2="y2:Q",
            url="url:N",
            tooltip=alt.value(None),  # it would tell the image's address
        )
    )


def _dots() -> alt.Chart:
    scales = {name: [getattr(outcome, name) for outcome in OUTCOMES] for name in CHANNELS}
    legend = _legend(title=None, labelLimit=NAME_WIDTH)
    shape, fill, stroke = (
        channel("outcome:N", scale=alt.Scale(range=scales[name]), legend=legend)
        for name, channel in zip(CHANNELS, (alt.Shape, alt.Fill, alt.Stroke), strict=True)
    )
    return (
        named("points")
        .mark_point(size=dot(55), strokeWidth=1.2, opacity=1)
        .encode(
            x="x:Q",
            y="y:Q",
            shape=shape,
            fill=fill,
            stroke=stroke,
            tooltip=["outcome:N", "x:Q", "y:Q"],
        )
    )


def _rings() -> list[alt.Chart]:
    """Return rings around the rows with flipped labels: black on white, seen on every color."""
    ring = named("lies").encode(x="x:Q", y="y:Q")
    style: dict[str, Any] = {"shape": "circle", "size": dot(190), "filled": False, "opacity": 1}
    lines = (("#FFFFFF", 4.0), ("#000000", 1.8))
    return [ring.mark_point(stroke=c, strokeWidth=width, **style) for c, width in lines]
