"""The charts that pages share: records of lines in, a Drawing out."""

from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt
import pandas as pd

from ui.charts import axes
from ui.charts.axes import UNUSABLE
from ui.charts.line_labels import (
    across,
    apart,
    connectors,
    ends_of_lines,
    headroom,
    labelled,
    level,
    marked,
    pointed_out,
)
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import (
    ACCURACY,
    CHART_HEIGHT,
    RUN_DASHES,
    SHAPES,
    dot,
    line_colours,
    line_width,
    neutral,
    type_size,
    word_colours,
)


def curves(
    lines: pd.DataFrame,
    y_title: str,
    *,
    marks: Sequence[tuple[int, float, str]] = (),
    top: float | None = None,
    bottom: float | None = None,
    baseline: float | None = None,
    against: Sequence[str] = (),
    ghost: pd.DataFrame | None = None,
    kept: Mapping[str, int] = {},
) -> Drawing:
    """Lines over the epochs (columns epoch, value, part, run), each named at its end.

    Each tenfold of epochs has the same room: the early ones decide.

    marks     points to point out: (epoch, value, text)
    top       end of the y axis; None takes the largest value
    bottom    its start; None takes 0, or for accuracies 0.5 if none is lower
    baseline  the score of the same prediction for every row, drawn across
    against   the runs to compare with, dashed in this order; the run in question is solid
    ghost     the lines of the previous run, drawn faintly and without names
    kept      the epoch of the weights that a run keeps, whose value its name tells
    """
    lines = axes.usable(lines)
    last = max(int(lines["epoch"].max()), 1)
    shown = lines if ghost is None else pd.concat([lines, axes.usable(ghost)])
    low, high = axes.domain(shown["value"], y_title, top)
    ends = axes.y_values(low if bottom is None else bottom, high, headroom(len(marks)))
    spec = _curves(y_title, _exact(lines), bool(marks), baseline is not None, ghost is not None)
    tables = labelled(lines, "epoch", against, kept) | marked(marks, float(str(ends["roof"])))
    tables |= across(baseline, lines, _constant(y_title))
    tables |= {} if ghost is None else {"ghost": _faint(ghost, last)}
    values = {"apart": apart(), "last": last, "ticks": axes.epoch_ticks(last)}
    return Drawing(spec, tables, ends | values)


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
    values = pd.Series([*lines["value"], *([] if baseline is None else [baseline])])
    spec = _sweep(x_title, y_title, _exact(lines), chosen is not None, baseline is not None)
    tables = labelled(lines, "setting") | across(baseline, lines, _constant(y_title))
    if chosen is not None:
        tables["chosen"] = pd.DataFrame({"setting": [chosen]})
    ends = axes.y_values(*axes.domain(values, y_title))
    settings = {"settings": lines["setting"].unique().tolist()}
    return Drawing(spec, tables, ends | settings | {"apart": apart()})


def framed(layers: Sequence[alt.Chart], title: str) -> Chart:
    """Layers with the title of the y axis above them."""
    # turned on its side it would cost width
    above = alt.Title(title, anchor="start", fontSize=type_size(), fontWeight="normal", offset=12)
    return (
        alt.layer(*layers)
        # the words at the lines' ends are darker than the lines
        .resolve_scale(color="independent")
        .properties(height=CHART_HEIGHT, title=above)
        .configure_axis(
            labelColor=neutral(), titleColor=neutral(), titlePadding=6, labelFlush=False
        )
    )


def colours(field: str, of: dict[str, str]) -> alt.Color:
    """The color of each value of a field; the names at the lines' ends are the legend."""
    return alt.Color(f"{field}:N", scale=_scale(of), legend=None)


@template
def _curves(y_title: str, exact: bool, marked: bool, compared: bool, haunted: bool) -> Chart:
    x = axes.epoch_axis()
    layers = _ghost(x) if haunted else []
    layers += level() if compared else []
    layers += _named_lines(x, y_title, exact)
    layers += connectors(x, colours("part", line_colours()))
    return framed(layers + (pointed_out(x) if marked else []), y_title)


@template
def _sweep(x_title: str, y_title: str, exact: bool, chosen: bool, compared: bool) -> Chart:
    # The order is given: else the setting pointed out, whose layer comes first, would lead. Without
    # padding 0 the names at the ends are cut off by a zoom.
    scale = alt.Scale(type="point", domain=value("settings"), padding=0)
    axis = alt.Axis(labelAngle=0, grid=False)
    x = alt.X("setting:N", title=x_title, sort=None, scale=scale, axis=axis)
    rule = named("chosen").mark_rule(strokeDash=[2, 3], color=neutral()).encode(x=x)
    layers = _named_lines(x, y_title, exact, point=True)
    return framed([*([rule] if chosen else []), *(level() if compared else []), *layers], y_title)


def _named_lines(x: alt.X, y_title: str, exact: bool, point: bool = False) -> list[alt.Chart]:
    colour, words = colours("part", line_colours()), colours("part", word_colours())
    tips = [
        alt.Tooltip("line:N", title="line"),
        alt.Tooltip(x.shorthand, title=x.shorthand.split(":")[0]),
        alt.Tooltip("value:Q", title=y_title, format=".3f")
        if exact
        else alt.Tooltip("told:N", title=y_title),
    ]
    scale = axes.y_scale()
    y = alt.Y("drawn:Q", title=None, scale=scale, axis=axes.y_axis())
    # from where a run diverges, its line leads out of the chart at the next epoch
    drawn = named("lines").transform_calculate(
        drawn=f"datum.value < {UNUSABLE} ? datum.value : roof"
    )
    drawn = drawn.encode(x=x, y=y, color=colour, tooltip=tips)
    end = ends_of_lines()
    names = end.mark_text(align="left", dx=11, fontSize=type_size(), fontWeight=600).encode(
        x=alt.XValue("width"), y=alt.Y("y:Q", scale=scale, title=None), text="name:N", color=words
    )
    at_end = end.encode(x=x, y=alt.Y("at:Q", scale=scale, title=None), color=colour)
    points = (drawn if point else at_end).mark_point(filled=True, size=dot(60), opacity=1)
    curve = drawn.mark_line(strokeWidth=line_width(), clip=True).encode(detail="line:N")
    shape = alt.Shape("part:N", scale=_scale(SHAPES), legend=None)
    return [_dashed(curve), points.encode(shape=shape), names]


def _dashed(curve: alt.Chart) -> alt.Chart:
    dashes = {str(number): dash for number, dash in enumerate(RUN_DASHES)}
    return curve.encode(strokeDash=alt.StrokeDash("run:N", scale=_scale(dashes), legend=None))


def _ghost(x: alt.X) -> list[alt.Chart]:
    y = alt.Y("value:Q", title=None, scale=axes.y_scale(), axis=axes.y_axis())
    line = named("ghost").mark_line(strokeWidth=line_width(), opacity=0.3, clip=True)
    return [line.encode(x=x, y=y, color=colours("part", line_colours()), detail="run:N")]


def _faint(lines: pd.DataFrame, last: int) -> pd.DataFrame:
    return lines.loc[lines["epoch"] <= last, ["epoch", "value", "part", "run"]]


def _scale(of: dict[str, Any]) -> alt.Scale:
    return alt.Scale(domain=[*of], range=[*of.values()])


def _constant(y_title: str) -> str:
    """Return the name of the best prediction that is the same for every row."""
    return "majority class" if y_title == ACCURACY else "base rate"


def _exact(lines: pd.DataFrame) -> bool:
    """Whether all three digits of every value mean something."""
    return "spread" not in lines
