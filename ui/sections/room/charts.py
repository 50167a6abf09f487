"""Charts of what a class has voted: bars of two votes, or all drawn curves with their medians."""

from collections.abc import Mapping, Sequence

import altair as alt
import pandas as pd

from ui.charts import axes
from ui.charts.line_labels import apart, connectors, ends_of_lines
from ui.charts.lines import colours, framed
from ui.charts.vega import Chart, Drawing, named, template, value
from ui.sections.room import asked
from ui.sections.room.ballots import Curve
from ui.theme import (
    LOSS,
    RUN_DASHES,
    dot,
    line_colours,
    line_width,
    neutral,
    type_size,
    word_colours,
)

FAINT = 0.45  # opacity of a first vote beside the second
DASHES = RUN_DASHES[:2]


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


def drawings(
    ballot: Curve,
    drawn: Sequence[Sequence[float]],
    medians: Mapping[str, Sequence[float]],
    truth: Sequence[float] | None = None,
) -> Drawing:
    """Draw all curves of a class in gray, and the known lines on the axes of its phones.

    drawn    the curves: a value for each of the ballot's epochs
    medians  by their names; those before the last one are faint and dashed
    truth    the values that were measured, if they are known
    """
    frame = pd.DataFrame(drawn, columns=[*ballot.epochs]).rename_axis("voter").reset_index()
    lines = _known(ballot)
    for before, (name, values) in zip(range(len(medians))[::-1], medians.items(), strict=True):
        dash, opacity = ("1", FAINT) if before else ("0", 1.0)
        lines.append(_line(name, ballot.epochs, values, "sum", dash, opacity=opacity, wide=True))
    if truth is not None:
        lines.append(_line("measured", ballot.epochs, truth, ballot.part, wide=True))
    curves = frame.melt("voter", var_name="epoch").astype({"epoch": int})
    tables = {"curves": curves, "lines": pd.concat(lines, ignore_index=True)}
    last = int(tables["lines"]["epoch"].max())
    ends = axes.y_values(0.0, ballot.top) | {"last": last, "ticks": axes.epoch_ticks(last)}
    return Drawing(_drawings(LOSS), tables, ends | {"apart": apart()})


def _known(ballot: Curve) -> list[pd.DataFrame]:
    """Return the known lines with the names and dashes that they have on the phones."""
    groups = axes.usable(asked.lines(ballot)).groupby(["part", "run"], sort=False)
    return [
        _line(
            ", ".join(filter(None, key)), given["epoch"], given["value"], key[0], str(+bool(key[1]))
        )
        for key, given in groups
    ]


def _line(
    name: str,
    epochs: Sequence[int],
    values: Sequence[float],
    part: str,
    dash: str = "0",
    *,
    opacity: float = 1.0,
    wide: bool = False,
) -> pd.DataFrame:
    """Return one line as `ends_of_lines` takes it; a wide one has points, too."""
    table = pd.DataFrame({"epoch": [*epochs], "value": [*values], "part": part, "dash": dash})
    more = {"line": name, "place": table["epoch"], "opacity": opacity, "wide": wide}
    return table.assign(**more)


@template
def _drawings(y_title: str) -> Chart:
    x, scale = axes.epoch_axis(), axes.y_scale()
    y = alt.Y("value:Q", title=None, scale=scale, axis=axes.y_axis())
    colour, words = colours("part", line_colours()), colours("part", word_colours())
    gray = named("curves").mark_line(
        color=neutral(), opacity=0.7, strokeWidth=0.8 * line_width(), clip=True
    )
    dash = alt.StrokeDash("dash:N", legend=None, scale=alt.Scale(domain=["0", "1"], range=DASHES))
    opacity = alt.Opacity("opacity:Q", scale=None)
    line = named("lines").encode(x=x, y=y, color=colour, opacity=opacity)
    thin, wide = (line.transform_filter(f"{no}datum.wide") for no in ("!", ""))
    names = ends_of_lines().mark_text(align="left", dx=8, fontSize=type_size(), fontWeight=600)
    y_name = alt.Y("y:Q", scale=scale, title=None)
    layers = [
        gray.encode(x=x, y=y, detail="voter:N"),
        *(
            kind.mark_line(strokeWidth=width, clip=True).encode(strokeDash=dash, detail="line:N")
            for kind, width in ((thin, line_width()), (wide, 1.6 * line_width()))
        ),
        wide.mark_point(filled=True, size=dot(50)),
        names.encode(x=alt.XValue("width"), y=y_name, text="line:N", color=words),
    ]
    return framed(layers + connectors(x, colour), y_title)
