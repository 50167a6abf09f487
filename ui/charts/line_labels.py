"""The words in a chart of lines: names at their ends, texts of marks, with room between them."""

from collections.abc import Sequence

import altair as alt
import numpy as np
import pandas as pd

from ui.charts.frames import figures, numbered_lines
from ui.charts.vega import named
from ui.text import score
from ui.theme import enlarged

NAME_STEP = 0.065  # see `apart`
NEAR = 0.27  # share of the width within which the next mark would cross the text of this one
LETTER = 7.0  # pixels, on average
# Whether the text of a mark stands on its left: not over the end, nor over the next mark; if there
# is room. Only the browser knows how wide the picture is.
LEFT = "datum.at * width > datum.room && (datum.at > 0.6 || datum.crowded)"
MARK_STEP = 17.0  # pixels between the texts of two marks


def apart() -> float:
    """The share of the height that two names at the lines' ends must stay apart."""
    return NAME_STEP * enlarged()


def labelled(lines: pd.DataFrame, x: str) -> dict[str, pd.DataFrame]:
    """The table "lines": runs numbered, lines named, and at each line's end its name and value.

    place  the number of the row's x, in the order in which they come
    """
    line, names = numbered_lines(lines)
    run, runs = pd.factorize(lines["run"])
    columns = {name: lines[name].to_numpy() for name in (x, "value", "part")}
    if "spread" in lines:
        columns["told"] = np.array([score(value) for value in figures(lines)], object)
    columns["run"] = np.arange(len(runs)).astype(str).astype(object)[run]
    columns["line"] = np.array(names, object)[line]
    columns["place"] = pd.factorize(lines[x], sort=x == "epoch")[0]
    table = pd.DataFrame(columns)
    ends = table.groupby("line", sort=False).tail(1)
    table["name"] = (ends["line"] + ": " + shown_values(ends)).reindex(table.index, fill_value="")
    return {"lines": table}


def shown_values(lines: pd.DataFrame) -> pd.Series:
    """The values of rows of `labelled` with the digits that mean something."""
    return lines["told"] if "told" in lines else lines["value"].map(score)


def ends_of_lines() -> alt.Chart:
    """The last point of each line in "lines": its value within the axis as `at`, and a height y.

    y is where its name stands, so that no two names overlap. In the order of their values each
    stays where it is, or moves up as far as those below require: with names a step apart,
    y_i = max over j <= i of (at_j + (i - j) step). All move down if the top one leaves the chart.
    """
    step = "apart * (high - low)"
    by_height: list[alt.SortField | dict[str, str]] = [alt.SortField("at")]
    return (
        named("lines")
        .transform_joinaggregate(end="max(place)", groupby=["line"])
        .transform_filter("datum.place == datum.end")
        .transform_calculate(at="clamp(datum.value, low, high)")
        .transform_window(i="row_number()", sort=by_height)
        .transform_calculate(lowered=f"datum.at - datum.i * {step}")
        .transform_window(free="max(lowered)", sort=by_height)
        .transform_calculate(raised=f"datum.free + datum.i * {step}")
        .transform_joinaggregate(top="max(raised)")
        .transform_calculate(y="datum.raised - max(0, datum.top - high)")
    )


def marked(
    marks: Sequence[tuple[int, float, str]], last: int, height: float
) -> dict[str, pd.DataFrame]:
    """The table "marks" of points (epoch, value, text), their texts below each other at the top."""
    if not marks:
        return {}
    table = pd.DataFrame(marks, columns=["epoch", "value", "text"])
    table["height"] = height
    shares = table["at"] = table["epoch"] / last
    table["crowded"] = [any(at < other < at + NEAR for other in shares) for at in shares]
    table["room"] = table["text"].str.len() * LETTER * enlarged()
    table["dy"] = 6 + MARK_STEP * enlarged() * table.index
    return {"marks": table}


def across(level: float | None) -> dict[str, pd.DataFrame]:
    """The table "baseline" of a level that is drawn across, with its name."""
    if level is None:
        return {}
    row = {"value": level, "text": f"always the same: {score(level)}"}
    return {"baseline": pd.DataFrame([row])}
