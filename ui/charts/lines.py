"""The charts that pages share: records of lines in, a Drawing out."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import altair as alt
import numpy as np
import pandas as pd

from ui import theme
from ui.charts.line_labels import LEFT, across, apart, ends_of_lines, labelled, marked
from ui.charts.vega import Chart, Drawing, named, template, value

ROOM = 6  # pixels between two numbers below the axis; in a narrow picture every other one goes


class Kind(NamedTuple):
    """What tells the lines apart: whether there are several runs, and whether by colour.

    exact  whether all three digits of every value mean something
    """

    runs: bool
    by_colour: bool
    exact: bool


def curves(
    lines: pd.DataFrame,
    y_title: str,
    *,
    marks: Sequence[tuple[int, float, str]] = (),
    top: float | None = None,
    bottom: float | None = None,
    baseline: float | None = None,
    log: bool = False,
) -> Drawing:
    """Lines over the epochs (columns epoch, value, part, run), each named at its end.

    marks     points to point out: (epoch, value, text)
    top       end of the y axis; None takes the largest value
    bottom    its start; None takes 0 for losses that come near it, else a little below the lowest
    baseline  what a network scores that always says the same, drawn across
    log       whether the early epochs get as much room as the late ones
    """
    last = max(int(lines["epoch"].max()), 1)
    low, high = domain(lines["value"], top)
    low = low if bottom is None else bottom
    spec = _curves(y_title, _kind(lines), log, bool(marks), baseline is not None)
    tables = labelled(lines, "epoch") | marked(marks, last, high) | across(baseline)
    values = {"low": low, "high": high, "apart": apart(), "last": last, "ticks": _ticks(last, log)}
    return Drawing(spec, tables, values)


def sweep(
    lines: pd.DataFrame,
    x_title: str,
    y_title: str,
    *,
    chosen: str | None = None,
    baseline: float | None = None,
) -> Drawing:
    """Scores over settings in their order (columns setting, value, part, run), one line a part.

    chosen    a setting to point out
    baseline  as for `curves`
    """
    low, high = domain(pd.Series([*lines["value"], *([] if baseline is None else [baseline])]))
    spec = _sweep(x_title, y_title, _kind(lines), chosen is not None, baseline is not None)
    tables = labelled(lines, "setting") | across(baseline)
    if chosen is not None:
        tables["chosen"] = pd.DataFrame({"setting": [chosen]})
    return Drawing(spec, tables, {"low": low, "high": high, "apart": apart()})


def framed(layers: list[alt.Chart], title: str) -> Chart:
    """Layers with the title of the y axis above them."""
    # turned on its side it would cost width
    size, grey = theme.type_size(), theme.neutral()
    above = alt.Title(title, anchor="start", fontSize=size, fontWeight="normal", offset=12)
    return (
        alt.layer(*layers)
        # the words at the lines' ends are darker than the lines
        .resolve_scale(color="independent")
        .properties(height=theme.CHART_HEIGHT, title=above)
        .configure_axis(labelColor=grey, titleColor=grey, labelFlush=False)
    )


def colours(field: str, of: dict[str, str]) -> alt.Color:
    """The colour of each value of a field; the names at the lines' ends are the legend."""
    return alt.Color(f"{field}:N", scale=_scale(of), legend=None)


def domain(values: pd.Series, top: float | None = None) -> tuple[float, float]:
    """Ends of the y axis: losses start at 0, accuracies a little below the lowest."""
    low, high = float(values.min()), float(values.max()) if top is None else top
    margin = 0.04 * (high - low or 1.0)
    return (min(0.0, low) if low < 0.4 * high else low - margin), high + margin


@template
def _curves(y_title: str, kind: Kind, log: bool, marked: bool, compared: bool) -> Chart:
    first = 1 if log else 0
    scale = alt.Scale(domain=[first, value("last")], type="log" if log else "linear", nice=False)
    axis = alt.Axis(values=value("ticks"), format=",d", grid=False, labelSeparation=ROOM)
    x = alt.X("epoch:Q", title="epoch", scale=scale, axis=axis)
    layers = _named_lines(x, y_title, kind)
    layers += _level() if compared else []
    return framed(layers + (_pointed_out(x) if marked else []), y_title)


@template
def _sweep(x_title: str, y_title: str, kind: Kind, chosen: bool, compared: bool) -> Chart:
    # without padding 0 the names at the ends are cut off by a zoom
    scale = alt.Scale(type="point", padding=0)
    axis = alt.Axis(labelAngle=0, grid=False)
    x = alt.X("setting:N", title=x_title, sort=None, scale=scale, axis=axis)
    layers = _named_lines(x, y_title, kind, point=True)
    layers += _level() if compared else []
    rule = named("chosen").mark_rule(strokeDash=[2, 3], color=theme.neutral()).encode(x=x)
    return framed(layers + ([rule] if chosen else []), y_title)


def _named_lines(x: alt.X, y_title: str, kind: Kind, point: bool = False) -> list[alt.Chart]:
    of_runs = {str(number): colour for number, colour in enumerate(theme.run_colours())}
    field = "run" if kind.by_colour else "part"
    colour = colours(field, of_runs if kind.by_colour else theme.line_colours())
    words = colours(field, of_runs if kind.by_colour else theme.word_colours())
    scale = alt.Scale(domain=[value("low"), value("high")], nice=False)
    told = alt.Tooltip("told:N", title=y_title)
    if kind.exact:
        told = alt.Tooltip("value:Q", title=y_title, format=".3f")
    place = alt.Tooltip(x.shorthand, title=x.shorthand.split(":")[0])
    tips = [alt.Tooltip("line:N", title="line"), place, told]
    y, at, free = (alt.Y(f"{name}:Q", scale=scale, title=None) for name in ("value", "at", "y"))
    drawn = named("lines").encode(x=x, y=y, color=colour, tooltip=tips)
    end = ends_of_lines().encode(x=x)
    names = end.mark_text(align="left", dx=11, fontSize=theme.type_size(), fontWeight=600)
    marked = drawn if point else end.encode(y=at, color=colour)
    points = marked.mark_point(filled=True, size=theme.dot(60), opacity=1)
    curve = drawn.mark_line(strokeWidth=theme.line_width(), clip=True)
    return [
        curve.encode(strokeDash=_dash(kind), detail="line:N"),
        points.encode(shape=alt.Shape("part:N", scale=_scale(theme.SHAPES), legend=None)),
        names.encode(y=free, text="name:N", color=words),
    ]


def _dash(kind: Kind) -> alt.StrokeDash:
    """Among several runs the dash tells the runs apart, else the parts."""
    of_runs = {str(number): dash for number, dash in enumerate(theme.RUN_DASHES)}
    field, dashes = ("run", of_runs) if kind.runs else ("part", theme.DASHES)
    return alt.StrokeDash(f"{field}:N", scale=_scale(dashes), legend=None)


def _scale(of: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=[*of], range=[*of.values()])


def _level() -> list[alt.Chart]:
    place = named("baseline").encode(y="value:Q")
    size, grey = theme.type_size() - 2, theme.neutral()
    words = place.mark_text(align="right", x="width", dx=-4, dy=9, fontSize=size, color=grey)
    line = place.mark_rule(strokeDash=[1, 3], color=grey)
    return [line, words.encode(text="text:N")]


def _pointed_out(x: alt.X) -> list[alt.Chart]:
    """Points on a curve, and dotted lines up to their texts at the top of the chart."""
    place = named("marks").encode(x=x)
    align, dx = (alt.ExprRef(f"{LEFT} ? {a} : {b}") for a, b in (("'right'", "'left'"), (-6, 6)))
    dy, size, grey = alt.ExprRef("datum.dy"), theme.type_size(), theme.neutral()
    words = place.mark_text(align=align, dx=dx, dy=dy, fontSize=size, color=grey)
    point = place.mark_point(size=theme.dot(90), filled=True, color=grey, opacity=1)
    rule = place.mark_rule(strokeDash=[2, 3], color=grey)
    return [rule, point.encode(y="value:Q"), words.encode(y="height:Q", text="text:N")]


def _kind(lines: pd.DataFrame) -> Kind:
    several = lines["run"].nunique() > 1
    return Kind(several, several and lines["part"].nunique() == 1, "spread" not in lines)


def _ticks(last: int, log: bool) -> list[int]:
    if log:
        return [10**k for k in range(int(np.log10(last)) + 1)]
    return list(range(0, last + 1, _round_step(last / 5)))


def _round_step(step: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, ... that is at least `step`."""
    power = 10.0 ** np.floor(np.log10(max(step, 1.0)))
    return int(next(f * power for f in (1, 2, 5, 10) if f * power >= step * 0.999))
