"""Errors over the width of a network: medians, and bands of their middle half, on log scales."""

from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ui.charts.line_labels import apart, haloed
from ui.charts.lines import colours, framed
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import (
    SHAPES,
    dot,
    enlarged,
    line_colours,
    line_width,
    neutral,
    type_size,
    word_colours,
)

FLOOR = 0.001  # an exact fit, "< 0.001", has no other place on a log scale
WIDTHS = (5, 10, 20, 50, 100, 200, 400)  # with a number below the axis


def bands(
    table: pd.DataFrame, top: float, mark: tuple[int, str], before: pd.DataFrame | None = None
) -> Drawing:
    """Draw columns width, value, low, high, part ("training", "test") and told, the value as text.

    top     end of the y axis, one for all tables to compare; errors below 0.001 are drawn there
    mark    a width to point out, and its text
    before  lines to compare with, drawn faintly
    """
    place = pd.DataFrame({"width": [mark[0]], "text": [mark[1]]})
    tables = {"bands": _within(table, top), "ends": _ends(_within(table, top), top), "mark": place}
    if before is not None:
        tables["before"] = _within(before, top)
    powers = range(round(np.log10(FLOOR)), int(np.log10(top)) + 1)
    ends = {"top": top, "levels": [10.0**power for power in powers]}
    widths = {"first": int(table["width"].min()), "last": int(table["width"].max())}
    left = mark[0] ** 2 > widths["first"] * widths["last"]
    return Drawing(_bands(left, before is not None), tables, ends | widths)


def _within(table: pd.DataFrame, top: float) -> pd.DataFrame:
    columns = ["value", "low", "high"]
    return table.assign(**table[columns].clip(FLOOR, top))


def _ends(table: pd.DataFrame, top: float) -> pd.DataFrame:
    """Return the last point of each line, and a height `at` for its name, apart from the other."""
    ends = table.groupby("part", sort=False).tail(1).sort_values("value")
    step = (top / FLOOR) ** apart()
    lower, upper = ends["value"]
    more = max(1.0, np.sqrt(step * lower / upper))
    names = ends["part"] + ": " + ends["told"]
    return ends.assign(at=[lower / more, upper * more], name=names)


@template
def _bands(left: bool, compared: bool) -> Chart:
    x, scale = _width_axis(), alt.Scale(type="log", domain=[FLOOR, value("top")], nice=False)
    numbers = "format(datum.value, datum.value < 1 ? '~g' : ',d')"
    axis = alt.Axis(values=value("levels"), labelExpr=numbers)
    low, middle, at = (
        alt.Y(f"{name}:Q", title=None, scale=scale, axis=axis) for name in ("low", "value", "at")
    )
    colour, words = colours("part", line_colours()), colours("part", word_colours())
    shape = alt.Shape("part:N", scale=alt.Scale(domain=[*SHAPES], range=[*SHAPES.values()]))
    drawn = named("bands").encode(x=x, color=colour, detail="part:N")
    tips = [alt.Tooltip("part:N"), alt.Tooltip("width:Q", title="units")]
    tips += [alt.Tooltip("told:N", title="median error")]
    layers = [
        drawn.mark_area(opacity=0.2, clip=True).encode(y=low, y2="high:Q"),
        drawn.mark_line(strokeWidth=line_width(), clip=True).encode(y=middle),
        drawn.mark_point(filled=True, size=dot(35), opacity=1).encode(
            y=middle, shape=shape.legend(None), tooltip=tips
        ),
        named("ends")
        .mark_text(align="left", dx=8, fontSize=type_size(), fontWeight=600)
        .encode(x=x, y=at, text="name:N", color=words),
    ]
    if compared:
        faint = named("before").encode(x=x, y=middle, color=colour, detail="part:N")
        layers.insert(0, faint.mark_line(strokeWidth=line_width(), opacity=0.4, clip=True))
    return framed([*_pointed_out(x, left), *layers], "squared error: median, and the middle half")


def _width_axis() -> alt.X:
    scale = alt.Scale(type="log", domain=[value("first"), value("last")], nice=False)
    axis = alt.Axis(values=list(WIDTHS), format="d", grid=False)
    return alt.X("width:Q", title="units in the hidden layer", scale=scale, axis=axis)


def _pointed_out(x: alt.X, left: bool) -> list[alt.Chart]:
    place = named("mark").encode(x=x)
    side: dict[str, Any] = {"align": "right", "dx": -6} if left else {"align": "left", "dx": 6}
    words = place.encode(y=alt.YValue(9 * enlarged()), text="text:N")
    rule = place.mark_rule(strokeDash=[2, 3], color=neutral())
    return [rule, *haloed(words, fontSize=type_size(), color=neutral(), **side)]
