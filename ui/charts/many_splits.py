"""Charts of results over many splits: ribbons, differences, choices."""

from typing import Any, Literal

import altair as alt
import numpy as np
import pandas as pd

from regcore.experiments.comparison import Difference
from ui import theme
from ui.charts.line_labels import apart, haloed
from ui.charts.lines import framed
from ui.charts.vega import Chart, Drawing, named, template, value

Side = Literal["left", "right"] | None
X_TITLE = "difference in test accuracy"


def ribbons(table: pd.DataFrame) -> Drawing:
    """Draw the median loss of two runs in a ribbon: columns epoch, low, value, high, run."""
    top = float(table["high"].quantile(0.98)) * 1.05
    table = table.assign(side=pd.factorize(table["run"])[0].astype(str))
    ends = table.groupby("side", sort=False).tail(1).sort_values("value")
    lower, upper = ends["value"].clip(upper=top)
    more = max(0.0, apart() * top - (upper - lower)) / 2  # so that no name lies on the other
    ends["at"] = [lower - more, upper + more]
    return Drawing(_ribbons(), {"ribbons": table, "ends": ends}, {"top": top})


@template
def _ribbons() -> Chart:
    scale = alt.Scale(domain=[0.0, value("top")], nice=False)
    axis = alt.Axis(format=",d", grid=False)
    x = alt.X("epoch:Q", title="epoch", axis=axis, scale=alt.Scale(nice=False))
    colour, words = theme.line_colours()["test"], theme.word_colours()["test"]
    dashes = alt.Scale(domain=["0", "1"], range=theme.RUN_DASHES[1::-1])
    low, middle, at = (alt.Y(f"{y}:Q", title=None, scale=scale) for y in ("low", "value", "at"))
    drawn, end = named("ribbons").encode(x=x, detail="side:N"), named("ends").encode(x=x)
    layers = [
        drawn.mark_area(color=colour, opacity=0.2, clip=True).encode(y=low, y2="high:Q"),
        drawn.mark_line(color=colour, strokeWidth=theme.line_width(), clip=True).encode(
            y=middle, strokeDash=alt.StrokeDash("side:N", scale=dashes, legend=None)
        ),
        end.mark_text(
            align="left", dx=8, fontSize=theme.type_size(), fontWeight=600, color=words
        ).encode(y=at, text="run:N"),
    ]
    return framed(layers, f"test {theme.LOSS}, median and ribbon")


def differences(
    table: pd.DataFrame, difference: Difference, here: float, guessed: float | None = None
) -> Drawing:
    """Draw a dot for each split (columns difference, rank), the mean, and the page's own split.

    guessed  the share of the splits that a learner expects above 0: a line below as many dots
    """
    low, high, rows = difference.low, difference.high, len(table)
    finite = bool(np.isfinite(low))
    shown = [*table["difference"], here, 0.0]
    shown += [low, high] if finite else []
    room = 0.06 * (max(shown) - min(shown) or 0.01)
    mean = {"difference": difference.mean, "low": low, "high": high, "rank": -0.06 * rows}
    own = {"difference": here, "rank": 1.06 * rows + 1, "text": "this page"}
    text = {"text": "mean and 95% interval"}
    marks = {"zero": {"difference": 0.0}, "mean": mean | text, "own": own}
    tables = {"dots": table} | {name: pd.DataFrame([mark]) for name, mark in marks.items()}
    ends = {"left": min(shown) - room, "right": max(shown) + room}
    ends |= {"low": -0.12 * rows, "high": 1.12 * rows + 1}
    side: Side = None
    if guessed is not None:
        # on the side that the dots leave free: sorted, the lower ones are on the left
        side = "right" if guessed >= 0.5 else "left"
        above = {"rank": rows * (1.0 - guessed) + 0.5, "text": "you said: wins above"}
        tables["guess"] = pd.DataFrame([above | {"difference": ends[side]}])
    return Drawing(_differences(finite, side), tables, ends)


@template
def _differences(finite: bool, guess: Side) -> Chart:
    """`guess` is the side where a line for it is named; without one there is no line."""
    across = alt.Scale(domain=[value("left"), value("right")], nice=False)
    axis = alt.Axis(format="+.3f", tickCount=5)
    x = alt.X("difference:Q", title=X_TITLE, scale=across, axis=axis)
    y = alt.Y("rank:Q", axis=None, scale=alt.Scale(domain=[value("low"), value("high")]))
    size = alt.Tooltip("difference:Q", format="+.4f")
    dots, mean, own = (named(name).encode(x=x, y=y) for name in ("dots", "mean", "own"))
    words, grey = theme.word_colours()["test"], theme.neutral()
    text = {"dx": 10, "align": "left", "fontSize": theme.type_size(), "color": words}
    plain = dots.mark_point(filled=True, size=theme.dot(45), color=theme.REGULARIZED, opacity=1)
    square = mean.mark_point(size=theme.dot(90), shape="square", filled=True, color=grey, opacity=1)
    layers = [
        named("zero").mark_rule(color=grey).encode(x=x),
        *(_guess(x, y, guess) if guess else []),  # behind the dots, which its words may touch
        plain.encode(tooltip=[size]),
        square.encode(tooltip=["text:N", size]),
        own.mark_point(size=theme.dot(110), shape="diamond", filled=True, color=words, opacity=1),
        *haloed(own.encode(text="text:N"), **text),
    ]
    if finite:
        reach = named("mean").mark_rule(strokeWidth=theme.line_width(), color=grey)
        low = alt.X("low:Q", title=X_TITLE, scale=across)
        layers.append(reach.encode(x=low, x2="high:Q", y=y))
    return framed(layers, "each dot is a split; square: mean with its 95% interval")


def _guess(x: alt.X, y: alt.Y, side: Literal["left", "right"]) -> list[alt.Chart]:
    guess, grey = named("guess").encode(y=y), theme.neutral()
    words = guess.encode(x=x, text="text:N")
    style: dict[str, Any] = {
        "align": side,
        "dx": 4 if side == "left" else -4,
        "dy": -8,
        "fontSize": theme.type_size(),
        "color": grey,
    }
    return [guess.mark_rule(strokeDash=[2, 3], color=grey), *haloed(words, **style)]


def choices(table: pd.DataFrame) -> Drawing:
    """Draw how often each λ was chosen (columns λ, chosen on) as bars in the table's order."""
    return Drawing(_choices(), {"choices": table})


@template
def _choices() -> Chart:
    x = alt.X("λ:N", sort=None, axis=alt.Axis(labelAngle=0))
    y = alt.Y("chosen on:Q", title=None, axis=alt.Axis(tickMinStep=1, format="d"))
    bars = named("choices").mark_bar(color=theme.REGULARIZED)
    bars = bars.encode(x=x, y=y, tooltip=["λ:N", "chosen on:Q"])
    return framed([bars], "splits on which each λ was chosen")
