"""Charts of what a class has voted: bars of two votes, or all drawn curves with their median."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from ui.charts import axes
from ui.charts.lines import framed
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.theme import dot, line_colours, line_width, neutral, type_size, word_colours

FAINT = 0.45  # opacity of a first vote beside the second


def bars(table: pd.DataFrame, labels: Sequence[str], right: str | None = None) -> Drawing:
    """Draw the share of each answer (columns answer, vote, votes, share), one bar a vote.

    labels  the answers in their order
    right   the answer that was measured, if it is known
    """
    votes = table["vote"].unique().tolist()
    texts = [f"{share:.0%} ({n})" for share, n in zip(table["share"], table["votes"], strict=True)]
    values = {"labels": [*labels], "rounds": votes, "right": right}
    return Drawing(_bars(len(votes) > 1), {"bars": table.assign(text=texts)}, values)


@template
def _bars(both: bool) -> Chart:
    is_right, words = "datum.value === right", word_colours()["test"]
    axis = alt.Axis(
        labelExpr=f"({is_right} ? '✓ ' : '') + datum.label",
        labelColor={"condition": {"test": is_right, "value": words}, "value": neutral()},
        labelFontSize=type_size(),
        labelLimit=300,
        ticks=False,
        domain=False,
        grid=False,
    )
    y = alt.Y("answer:N", title=None, sort=None, scale=alt.Scale(domain=value("labels")), axis=axis)
    offset = alt.YOffset("vote:N", sort=None, scale=alt.Scale(domain=value("rounds")))
    # beside the longest bar its text needs room
    across = alt.Scale(domain=[0.0, 1.25], nice=False)
    x = alt.X("share:Q", title=None, scale=across, axis=None)
    shade = alt.Scale(domain=value("rounds"), range=[FAINT, 1.0] if both else [1.0])
    opacity = alt.Opacity("vote:O", scale=shade, legend=_legend() if both else None)
    drawn = named("bars").encode(x=x, y=y, yOffset=offset)
    text = drawn.mark_text(align="left", dx=6, fontSize=type_size(), color=neutral())
    bar = drawn.mark_bar(color=neutral()).encode(opacity=opacity)
    return framed([bar, text.encode(text="text:N")], "share of the votes")


def _legend() -> alt.Legend:
    return alt.Legend(title=None, orient="top", symbolType="square", labelFontSize=type_size())


def drawings(table: pd.DataFrame, truth: Sequence[float] | None, y_title: str) -> Drawing:
    """Draw all curves of a class in gray (columns epoch, value, voter), their median, the truth.

    truth  the values that were measured, at the same epochs, if they are known
    """
    median = table.groupby("epoch", as_index=False)["value"].median().assign(text="median")
    epochs, top = median["epoch"], float(table["value"].max())
    tables = {"curves": table, "median": median, "middle": median.tail(1)}
    if truth is not None:
        tables["truth"] = pd.DataFrame({"epoch": epochs, "value": [*truth], "text": "measured"})
        tables["end"], top = tables["truth"].tail(1), max(top, float(np.max(truth)))
    last = max(int(epochs.max()), 1)
    ends = axes.y_values(0.0, 1.04 * top or 1.0)
    values = ends | {"last": last, "ticks": axes.epoch_ticks(last)}
    return Drawing(_drawings(y_title, truth is not None), tables, values)


@template
def _drawings(y_title: str, known: bool) -> Chart:
    x, grey = axes.epoch_axis(), neutral()
    y = alt.Y("value:Q", title=None, scale=axes.y_scale(), axis=axes.y_axis())
    thin = named("curves").mark_line(color=grey, opacity=0.5, strokeWidth=1, clip=True)
    layers = [thin.encode(x=x, y=y, detail="voter:N"), *_line("median", "middle", x, y, grey, grey)]
    if known:
        color, words = line_colours()["test"], word_colours()["test"]
        layers += _line("truth", "end", x, y, color, words)
    return framed(layers, y_title)


def _line(table: str, end: str, x: alt.X, y: alt.Y, color: str, words: str) -> list[alt.Chart]:
    """Return a line with points, named at its end."""
    line = named(table).encode(x=x, y=y)
    named_end = named(end).encode(x=alt.XValue("width"), y=y, text="text:N")
    return [
        line.mark_line(color=color, strokeWidth=line_width()),
        line.mark_point(color=color, filled=True, size=dot(40), opacity=1),
        named_end.mark_text(align="left", dx=8, fontSize=type_size(), fontWeight=600, color=words),
    ]
