"""Which of several settings comes nearest, moment by moment of the player."""

from collections.abc import Sequence
from typing import Any

import altair as alt
import pandas as pd

from ui.charts import animation, axes
from ui.charts.animation import MOMENT
from ui.charts.lines import framed
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import dot, line_colours, line_width, neutral, type_size, word_colours

FAR = 1.2  # end of the axis of distances; longer bars are cut off there
LIT = f"datum.moment == {MOMENT}"


def distances(table: pd.DataFrame, told: Sequence[str]) -> Drawing:
    """Draw a bar for each setting at the present moment, the nearest one lit.

    table  columns moment (1, 2, ...), setting, distance, text (the distance, "" where it is far)
           and is_nearest
    told   a heading for each moment
    """
    drawing = Drawing(_distances(), {"distances": table})
    return _headed(drawing, len(told), animation.told(told), "distance, in % of the logits’ size")


def matches(table: pd.DataFrame, rule: pd.DataFrame, low: float, high: float) -> Drawing:
    """Draw the nearest λ over the epochs, the present one lit, and far ones hollow.

    table      columns moment, epoch, strength, is_far
    rule       the rule of thumb (columns epoch, strength), drawn dashed between low and high
    low, high  ends of the axis of λ
    """
    last = max(int(table["epoch"].max()), 1)
    values = {"last": last, "ticks": axes.epoch_ticks(last), "low": low, "high": high}
    drawing = Drawing(_matches(), {"matches": table, "rule": rule}, values)
    return _headed(
        drawing, len(table), "nearest λ (log scale)", "hollow: far; dashed: rule of thumb"
    )


def _headed(drawing: Drawing, last: int, text: Any, below: str) -> Drawing:
    style = {"subtitle": below, "subtitleFontSize": type_size(), "subtitleColor": neutral()}
    title = drawing.spec["title"] | {"text": text} | style
    return drawing.but({"title": title, "params": animation.moment(last)})


@template
def _distances() -> Chart:
    x = alt.X("setting:N", title="λ of the finished run", sort=None, axis=alt.Axis(labelAngle=0))
    scale = alt.Scale(domain=[0, FAR], nice=False)
    axis = alt.Axis(format=".0%", values=[0, 0.25, 0.5, 0.75, 1.0])
    y = alt.Y("distance:Q", title=None, scale=scale, axis=axis)
    shown = named("distances").transform_filter(LIT).encode(x=x, y=y)
    lit, words = line_colours()["penalty"], word_colours()["penalty"]
    colour = alt.condition("datum.is_nearest", alt.value(lit), alt.value(neutral()))
    faint = alt.condition("datum.is_nearest", alt.value(1.0), alt.value(0.45))
    tips = [alt.Tooltip("setting:N", title="λ"), alt.Tooltip("distance:Q", format=".0%")]
    bars = shown.mark_bar(clip=True).encode(color=colour, opacity=faint, tooltip=tips)
    # a text beyond the axis would push the title out of the picture
    nearest = shown.transform_filter("datum.is_nearest && datum.text")
    texts = nearest.mark_text(dy=-8, fontSize=type_size(), fontWeight=600, color=words)
    return framed([bars, texts.encode(text="text:N")], "")


@template
def _matches() -> Chart:
    x = axes.epoch_axis()
    scale = alt.Scale(type="log", domain=[value("low"), value("high")], nice=False)
    axis = alt.Axis(values=[0.001, 0.01, 0.1, 1.0], format="~g")
    y = alt.Y("strength:Q", title=None, scale=scale, axis=axis)
    lit, grey = line_colours()["penalty"], neutral()
    drawn, rule = named("matches").encode(x=x, y=y), named("rule").encode(x=x, y=y)
    present = drawn.transform_filter(LIT)
    layers = [
        rule.mark_line(strokeDash=[5, 4], strokeWidth=line_width(), color=grey, clip=True),
        *_points(drawn, lit),
        present.mark_rule(color=grey, opacity=0.6).encode(y=alt.value(0), y2=alt.value("height")),
        present.mark_point(filled=True, size=dot(160), color=lit, opacity=1),
    ]
    return framed(layers, "")


def _points(drawn: alt.Chart, colour: str) -> list[alt.Chart]:
    """Return the matches as points, hollow where the match is far."""
    tips = [alt.Tooltip("epoch:Q", format=",d"), alt.Tooltip("strength:Q", title="nearest λ")]
    near, far = (drawn.transform_filter(f"{no}datum.is_far") for no in ("!", ""))
    size = dot(30)
    return [
        near.mark_point(filled=True, size=size, color=colour, opacity=0.7).encode(tooltip=tips),
        far.mark_point(filled=False, size=size, color=colour, opacity=0.7).encode(tooltip=tips),
    ]
