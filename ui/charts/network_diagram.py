"""A diagram of the network: hidden units that a mask keeps, and those that it drops."""

import altair as alt
import numpy as np
import pandas as pd

from regcore.checks import Array
from ui.charts.vega import Chart, Drawing, named, template
from ui.theme import CHART_HEIGHT, dot, neutral, type_size, word_colours

SHOWN = 12  # hidden units that fit side by side on a phone


def network(inputs: int, before: Array, mask: Array) -> Drawing:
    """Draw `inputs` circles, hidden units with their outputs `before * mask`, and one output.

    before (h,) are the activations without dropout; mask (h,) is 0 where a unit is dropped.
    """
    hidden = _hidden(before, mask)
    ends = _column(inputs, 0.0), _column(1, 2.0)
    edges = pd.concat([_edges(ends[0], hidden), _edges(hidden, ends[1])])
    tables = {"edges": edges[edges["on"]], "ends": pd.concat(ends), "hidden": hidden}
    tables |= {"kept": hidden[hidden["kept"]], "dropped": hidden[~hidden["kept"]]}
    # to a screen reader, a layer without marks is an image without a name
    drawn = tuple(name for name in ("kept", "dropped") if len(tables[name]))
    return Drawing(_network(drawn), tables)


@template
def _network(drawn: tuple[str, ...]) -> Chart:
    """Kept units are filled, dropped ones hollow with a cross: readable without color."""
    ink, grey = word_colours()["sum"], neutral()
    units = {
        "kept": _place("kept").mark_point(size=dot(260), filled=True, color=ink, opacity=1),
        "dropped": _place("dropped").mark_point(size=dot(260), color=grey, strokeDash=[2, 2]),
    }
    told = {"before": "activation", "factor": "multiplied by", "after": "passed on"}
    tips = [alt.Tooltip(f"{name}:Q", title=t, format=".3f") for name, t in told.items()]
    lines = _place("edges").mark_rule(opacity=0.25, color=grey)
    circles = _place("ends").mark_point(size=dot(140), filled=True, color=grey, opacity=1)
    texts = _place("hidden").mark_text(fontSize=type_size(), align="left", dx=14, color=grey)
    shown = [units[name].encode(tooltip=["unit:Q", *tips]) for name in drawn]
    layers = [lines.encode(x2="x2:Q", y2="y2:Q"), circles, *shown, texts.encode(text="text:N")]
    return alt.layer(*layers, height=int(CHART_HEIGHT * 1.15)).configure_view(stroke=None)


def _place(table: str) -> alt.Chart:
    x = alt.X("x:Q", axis=None, scale=alt.Scale(domain=[-0.15, 2.15]))
    y = alt.Y("y:Q", axis=None, scale=alt.Scale(domain=[0, 1]))
    return named(table).encode(x=x, y=y)


def _column(count: int, x: float) -> pd.DataFrame:
    return pd.DataFrame({"x": x, "y": (np.arange(count) + 0.5) / count, "kept": True})


def most_active(before: Array) -> Array:
    """Return the units (at most 12) with the largest activations, in order."""
    return np.sort(np.argsort(before, kind="stable")[-SHOWN:])


def _hidden(before: Array, mask: Array) -> pd.DataFrame:
    chosen = most_active(before)
    units = _column(len(chosen), 1.0)
    units["unit"], units["before"], units["factor"] = chosen + 1, before[chosen], mask[chosen]
    units["after"] = units["before"] * units["factor"]
    units["kept"] = units["factor"] > 0.0
    units["text"] = [_label(*row) for row in units[["before", "factor", "after"]].to_numpy()]
    return units


def _label(before: float, factor: float, after: float) -> str:
    if factor == 0.0:
        return "✕"
    return f"{before:.2f}" if factor == 1.0 else f"{before:.2f} × {factor:.2f} = {after:.2f}"


def _edges(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    pairs = left.merge(right, how="cross", suffixes=("", "2"))
    pairs["on"] = pairs["kept"] & pairs["kept2"]
    return pairs[["x", "y", "x2", "y2", "on"]]
