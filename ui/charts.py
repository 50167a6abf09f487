"""The charts that pages share. Each takes long-form records and returns an Altair chart."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import altair as alt
import numpy as np
import pandas as pd
import streamlit as st

from ui.look import (
    CHART_HEIGHT,
    DASHES,
    FONT_SIZE,
    LINE_WIDTH,
    RUN_DASHES,
    SHAPES,
    line_colours,
    neutral,
    plain,
    run_colours,
    score,
    word_colours,
)
from ui.records import line_names

Figure = alt.Chart | alt.LayerChart | alt.FacetChart
NAME_STEP = 0.065  # share of the height that two names at the lines' ends must stay apart


def figure(chart: Figure, sentence: str, table: pd.DataFrame) -> None:
    """A chart that also speaks: its takeaway as text and as `alt`, its numbers one click away."""
    st.altair_chart(chart, alt=sentence, width="stretch")
    st.markdown(f":small[{plain(sentence)}]")
    with st.expander("The numbers as a table", type="compact"):
        st.dataframe(table, hide_index=True, height=240, alt=f"Table of the chart: {sentence}")


def curves(
    lines: pd.DataFrame,
    y_title: str,
    *,
    marks: Sequence[tuple[int, float, str]] = (),
    top: float | None = None,
    bottom: float | None = None,
    baseline: float | None = None,
    log: bool = False,
) -> Figure:
    """Lines over the epochs (columns epoch, value, part, run), each named at its end.

    marks     points to point out: (epoch, value, text)
    top       end of the y axis; None takes the largest value
    bottom    its start; None takes 0 for losses that come near it, else a little below the lowest
    baseline  what a network scores that always says the same, drawn across
    log       whether the early epochs get as much room as the late ones
    """
    last = int(lines["epoch"].max())
    x = alt.X(
        "epoch:Q",
        title="epoch",
        scale=alt.Scale(domain=[1, last], type="log", nice=False)
        if log
        else alt.Scale(domain=[0, max(last, 1)], nice=False),
        axis=alt.Axis(values=_ticks(last, log), format=",d", grid=False),
    )
    domain = _domain(lines["value"], top)
    domain[0] = domain[0] if bottom is None else bottom
    layers = _named_lines(lines, x, y_title, domain)
    if baseline is not None:
        layers += _baseline(baseline)
    for number, mark in enumerate(marks):
        layers += _mark(*mark, left=mark[0] > 0.6 * last, height=domain[1], row=number)
    return framed(layers, y_title)


def sweep(
    lines: pd.DataFrame,
    x_title: str,
    y_title: str,
    *,
    chosen: str | None = None,
    baseline: float | None = None,
) -> Figure:
    """Scores over settings in their order (columns setting, value, part, run), one line a part.

    chosen    a setting to point out
    baseline  as for `curves`
    """
    order = list(dict.fromkeys(lines["setting"]))
    x = alt.X(
        "setting:N",
        title=x_title,
        sort=order,
        scale=alt.Scale(
            type="point", padding=0
        ),  # else the names at the ends are cut off by a zoom
        axis=alt.Axis(labelAngle=0, grid=False),
    )
    shown = lines["value"] if baseline is None else [*lines["value"], baseline]
    layers = _named_lines(lines, x, y_title, _domain(pd.Series(shown)), point=True)
    if baseline is not None:
        layers += _baseline(baseline)
    if chosen is not None:
        one = alt.Chart(pd.DataFrame({"setting": [chosen]}))
        layers.append(one.mark_rule(strokeDash=[2, 3], color=neutral()).encode(x=x))
    return framed(layers, y_title)


def _heading(text: str) -> alt.Title:
    return alt.Title(text, anchor="start", fontSize=FONT_SIZE, fontWeight="normal", offset=12)


def framed(layers: list[alt.Chart], title: str) -> Figure:
    """Layers with the title of the y axis above them."""
    return (
        alt.layer(*layers)
        # the words at the lines' ends are darker than the lines
        .resolve_scale(color="independent")
        # the title of the y axis stands above it: turned on its side it would cost width
        .properties(height=CHART_HEIGHT, title=_heading(title))
        .configure_axis(labelColor=neutral(), titleColor=neutral())
    )


def _domain(values: pd.Series, top: float | None = None) -> list[float]:
    """Ends of the y axis: losses start at 0, accuracies a little below the lowest."""
    low, high = float(values.min()), float(values.max()) if top is None else top
    margin = 0.04 * (high - low or 1.0)
    return [min(0.0, low) if low < 0.4 * high else low - margin, high + margin]


def _named_lines(
    lines: pd.DataFrame, x: alt.X, y_title: str, domain: list[float], point: bool = False
) -> list[alt.Chart]:
    lines = lines.assign(line=line_names(lines))
    by_run = lines["run"].nunique() > 1 and lines["part"].nunique() == 1
    names_of_runs = list(dict.fromkeys(lines["run"]))
    by_part = _colour("part", line_colours()), _colour("part", word_colours())
    of_runs = _colour("run", dict(zip(names_of_runs, run_colours(), strict=False)))
    colour, words = (of_runs, of_runs) if by_run else by_part
    scale, field = alt.Scale(domain=domain, nice=False), x.shorthand.split(":")[0]
    tips = [
        alt.Tooltip("line:N", title="line"),
        alt.Tooltip(x.shorthand, title=field),
        alt.Tooltip("value:Q", title=y_title, format=".3f"),
    ]
    drawn = alt.Chart(lines).encode(
        x=x,
        y=alt.Y("value:Q", title=None, scale=scale),
        color=colour,
        tooltip=tips,
    )
    ends = lines.groupby("line", sort=False).tail(1).copy()
    ends["at"] = ends["value"].clip(*domain)
    ends["y"] = _apart(ends["at"].to_list(), domain)
    ends["name"] = [f"{n}: {score(v)}" for n, v in zip(ends["line"], ends["value"], strict=True)]
    end = alt.Chart(ends).encode(x=x)
    names = end.mark_text(align="left", dx=11, fontSize=FONT_SIZE, fontWeight=600).encode(
        y=alt.Y("y:Q", scale=scale, title=None), text=alt.Text("name:N"), color=words
    )
    shapes = alt.Scale(domain=[*SHAPES], range=[*SHAPES.values()])
    marked = drawn if point else end.encode(y=alt.Y("at:Q"), color=colour)
    points = marked.mark_point(filled=True, size=60, opacity=1).encode(
        shape=alt.Shape("part:N", scale=shapes, legend=None)
    )
    curve = drawn.mark_line(strokeWidth=LINE_WIDTH, clip=True)
    return [curve.encode(strokeDash=_dash(lines), detail=alt.Detail("line:N")), points, names]


def _colour(field: str, colours: dict[str, str]) -> alt.Color:
    scale = alt.Scale(domain=[*colours], range=[*colours.values()])
    return alt.Color(f"{field}:N", scale=scale, legend=None)


def _baseline(value: float) -> list[alt.Chart]:
    row = {"value": [value], "text": [f"always the same: {score(value)}"]}
    place = alt.Chart(pd.DataFrame(row)).encode(y=alt.Y("value:Q"))
    return [
        place.mark_rule(strokeDash=[1, 3], color=neutral()),
        place.mark_text(align="right", x="width", dx=-4, dy=9, color=neutral()).encode(
            text=alt.Text("text:N")
        ),
    ]


def _dash(lines: pd.DataFrame) -> alt.StrokeDash:
    """Among several runs the dash tells the runs apart, else the parts."""
    runs = list(dict.fromkeys(lines["run"]))
    if len(runs) > 1:
        scale = alt.Scale(domain=runs, range=RUN_DASHES[: len(runs)])
        return alt.StrokeDash("run:N", scale=scale, legend=None)
    scale = alt.Scale(domain=[*DASHES], range=[*DASHES.values()])
    return alt.StrokeDash("part:N", scale=scale, legend=None)


def _ticks(last: int, log: bool) -> list[int]:
    if log:
        return [10**k for k in range(int(np.log10(last)) + 1)]
    return list(range(0, last + 1, _round_step(last / 5)))


def _round_step(step: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ... that is at least `step`."""
    power = 10.0 ** np.floor(np.log10(max(step, 1.0)))
    return int(next(f * power for f in (1, 2, 5, 10) if f * power >= step * 0.999))


def _apart(values: Sequence[float], domain: list[float]) -> list[float]:
    """The values moved up as little as needed for names not to overlap."""
    step, order = NAME_STEP * (domain[1] - domain[0]), np.argsort(values)
    placed = np.array(values, float)
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + step)
    return list(placed - max(0.0, placed.max() - domain[1]))


def _mark(
    epoch: int, value: float, text: str, left: bool, height: float, row: int
) -> list[alt.Chart]:
    """A point on a curve, and a dotted line up to its text at the top of the chart."""
    frame = {"epoch": [epoch], "value": [value], "height": [height], "text": [text]}
    point = alt.Chart(pd.DataFrame(frame)).encode(x=alt.X("epoch:Q"))
    align: Literal["left", "right"] = "right" if left else "left"
    dx = -6 if left else 6
    return [
        point.mark_rule(strokeDash=[2, 3], color=neutral()),
        point.mark_point(size=90, filled=True, color=neutral(), opacity=1).encode(
            y=alt.Y("value:Q")
        ),
        point.mark_text(
            align=align, dx=dx, dy=6 + 17 * row, fontSize=FONT_SIZE, color=neutral()
        ).encode(y=alt.Y("height:Q"), text=alt.Text("text:N")),
    ]
