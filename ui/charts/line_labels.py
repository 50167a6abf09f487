"""The words in a chart of lines: names at their ends, texts of marks, with room between them."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import altair as alt
import numpy as np
import pandas as pd

from ui.charts.axes import UNUSABLE, y_scale
from ui.charts.frames import figures, numbered_lines
from ui.charts.vega import named
from ui.text import score
from ui.theme import (
    CHART_HEIGHT,
    PROJECTED_PLOT,
    background,
    dot,
    enlarged,
    neutral,
    type_size,
)

NAME_STEP = 0.065  # see `apart`
LETTER = 7.0  # pixels, on average
# Whether the text of a mark stands on its left: where it has no room on its right, but there. Only
# the browser knows how wide the picture is.
LEFT = "scale('x', datum.epoch) > max(datum.room, width - datum.room)"
MARK_STEP = 17.0  # pixels between the texts of two marks


def apart() -> float:
    """The share of the height that two names at the lines' ends must stay apart."""
    return NAME_STEP * enlarged()


def labelled(
    lines: pd.DataFrame, x: str, against: Sequence[str] = (), kept: Mapping[str, int] = {}
) -> dict[str, pd.DataFrame]:
    """The table "lines": runs numbered, lines named, and at each line's end its name and value.

    run    the number of its dash: 1, 2, ... in the order of `against`, 0 for a run not among these
    place  the number of the row's x, in the order in which they come
    kept   the epoch of the weights that a run keeps, if that is not its last: its value counts
    """
    line, names = numbered_lines(lines)
    columns = {name: lines[name].to_numpy() for name in (x, "value", "part")}
    if "spread" in lines:
        columns["told"] = np.array([score(value) for value in figures(lines)], object)
    dashes = {run: str(number) for number, run in enumerate(against, 1)}
    number, runs = pd.factorize(lines["run"])
    columns["run"] = np.array([dashes.get(run, "0") for run in runs], object)[number]
    columns["line"] = np.array(names, object)[line]
    columns["place"] = pd.factorize(lines[x], sort=x == "epoch")[0]
    table = pd.DataFrame(columns)
    ends = table[~table["line"].duplicated(keep="last")]
    names = ends["line"] + ": " + shown_values(ends)
    for run, epoch in kept.items():
        is_kept = (lines["run"] == run).to_numpy() & (lines["epoch"] == epoch).to_numpy()
        texts = dict(_kept_texts(table[is_kept], run if lines["part"].nunique() == 1 else ""))
        names = ends["line"].map(texts).fillna(names)
    table["name"] = names.reindex(table.index, fill_value="")
    return {"lines": table}


def _kept_texts(rows: pd.DataFrame, name: str) -> Iterable[tuple[str, str]]:
    """Return line and text for each of the rows; by `name` if that is enough, else by its line."""
    return zip(rows["line"], (name or rows["line"]) + ", kept: " + shown_values(rows), strict=True)


def shown_values(lines: pd.DataFrame) -> pd.Series:
    """The values of rows of `labelled` with the digits that mean something."""
    values = lines["told"] if "told" in lines else lines["value"].map(score)
    return values.where(lines["value"] < UNUSABLE, "diverged")


def ends_of_lines() -> alt.Chart:
    """The last point of each line in "lines": its value within the axis as `at`, and a height y.

    y is where its name stands, so that no two names overlap and each is near its line: in the
    middle between the lowest place that leaves room for those below,
    max over j <= i of (at_j + (i - j) step), and the highest that leaves room for those above,
    min over j >= i of (at_j - (j - i) step). Both keep all names inside the chart.
    """
    step = "apart * (roof - low)"
    by_height: list[alt.SortField | dict[str, str]] = [alt.SortField("at")]
    in_order: list[alt.SortField | dict[str, str]] = [alt.SortField("i")]
    return (
        named("lines")
        .transform_joinaggregate(end="max(place)", groupby=["line"])
        .transform_filter("datum.place == datum.end")
        .transform_calculate(at="clamp(datum.value, low, roof)")
        .transform_window(i="row_number()", sort=by_height)
        .transform_joinaggregate(n="count()")
        .transform_calculate(lowered=f"datum.at - datum.i * {step}")
        .transform_window(below="max(lowered)", sort=in_order)
        .transform_window(above="min(lowered)", sort=in_order, frame=[0, None])
        .transform_calculate(
            raised=f"min(datum.below + datum.i * {step}, roof - (datum.n - datum.i) * {step})",
            sunk=f"max(datum.above + datum.i * {step}, low + (datum.i - 1) * {step})",
        )
        .transform_calculate(y="(datum.raised + datum.sunk) / 2")
    )


def connectors(x: alt.X, colour: alt.Color) -> list[alt.Chart]:
    """Fine lines from the curves that end early to their names, which stand at the right."""
    early = ends_of_lines().transform_filter("datum.epoch < last")
    drawn = early.mark_rule(strokeDash=[1, 3], opacity=0.8).encode(
        x=x,
        y=alt.Y("at:Q", scale=y_scale(), title=None),
        x2=alt.X2Value("width"),
        y2=alt.Y2("y:Q"),
        color=colour,
    )
    return [drawn]


def headroom(marks: int) -> float:
    """Return the share of the height that the texts of marks need above the curves."""
    height = CHART_HEIGHT if enlarged() == 1.0 else PROJECTED_PLOT
    return MARK_STEP * (marks + 0.5 * bool(marks)) * enlarged() / height


def marked(marks: Sequence[tuple[int, float, str]], roof: float) -> dict[str, pd.DataFrame]:
    """Return the table "marks" of points (epoch, value, text), their texts in rows at the top.

    The texts come in the order of the epochs and each rule starts at its own text, so that
    no text lies on the rule of a later mark.
    """
    rows = [
        {
            "epoch": epoch,
            "value": value,
            "text": text,
            "roof": roof,
            "room": 10.0 + len(text) * LETTER * enlarged(),
            "dy": 8.0 * enlarged() + MARK_STEP * enlarged() * row,
        }
        for row, (epoch, value, text) in enumerate(sorted(marks))
    ]
    return {"marks": pd.DataFrame(rows)} if rows else {}


def pointed_out(x: alt.X) -> list[alt.Chart]:
    """Points on a curve, and dotted lines up to their texts above the curves."""
    place, y = named("marks").encode(x=x), alt.Y("value:Q", scale=y_scale(), title=None)
    roof = alt.Y("roof:Q", scale=y_scale(), title=None)
    align, dx = (alt.ExprRef(f"{LEFT} ? {a} : {b}") for a, b in (("'right'", "'left'"), (-6, 6)))
    style: dict[str, Any] = {"align": align, "dx": dx, "dy": alt.ExprRef("datum.dy")}
    rule = place.mark_rule(strokeDash=[2, 3], color=neutral(), y2Offset=alt.ExprRef("datum.dy"))
    return [
        rule.encode(y=y, y2=alt.Y2("roof:Q")),
        place.mark_point(size=dot(90), filled=True, color=neutral(), opacity=1).encode(y=y),
        *haloed(
            place.encode(y=roof, text="text:N"), fontSize=type_size(), color=neutral(), **style
        ),
    ]


def across(
    baseline: float | None, lines: pd.DataFrame, name: str = "majority class"
) -> dict[str, pd.DataFrame]:
    """Return the table "baseline" of a level drawn across, its name where fewer curves run."""
    if baseline is None:
        return {}
    near = lines["value"][(lines["value"] - baseline).abs() < 0.1]
    below = (near < baseline).sum() <= (near > baseline).sum()
    row = {"value": baseline, "text": f"{name}: {score(baseline)}"}
    return {"baseline": pd.DataFrame([row | {"dy": (9 if below else -9) * enlarged()}])}


def level() -> list[alt.Chart]:
    """The line of the table "baseline" and its name."""
    place = named("baseline").encode(y=alt.Y("value:Q", scale=y_scale(), title=None))
    line = place.mark_rule(strokeDash=[1, 3], color=neutral())
    words = place.encode(x=alt.XValue("width"), text="text:N")
    style: dict[str, Any] = {"align": "right", "dx": -4, "dy": alt.ExprRef("datum.dy")}
    return [line, *haloed(words, color=neutral(), fontSize=type_size() - 2, **style)]


def haloed(words: alt.Chart, **style: Any) -> list[alt.Chart]:
    """Return words as two layers, of which the first keeps lines and the grid away from them."""
    return [words.mark_text(**style, **halo()), words.mark_text(**style)]


def halo() -> dict[str, Any]:
    """Return the style of words in the color of the page, wider than the words over them."""
    return {"stroke": background(), "strokeWidth": 5, "strokeJoin": "round"}
