"""Reliability: what is predicted against what is observed, at any epoch and any temperature.

Two parameters move the chart in the browser: a player sets `moment`, the knob of
`temperature.py` sets `TEMPERATURE`.
"""

import altair as alt
import numpy as np
import pandas as pd

from regcore.checks import Array
from regcore.experiments.calibration import Sweep
from ui.charts import animation
from ui.charts.lines import framed
from ui.charts.vega import Chart, Drawing, named, template
from ui.theme import SHAPES, dot, line_colours, line_width, neutral

TEMPERATURE = "temperature"  # the place of a temperature in `Sweep`
X_TITLE, Y_TITLE = "predicted probability", "observed share, with its 95% interval"
TICKS = [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]
DIGITS = 4  # of a probability sent to the browser: finer than a pixel


def reliability(swept: Sweep, start: int) -> Drawing:
    """Draw the bins of each network of a Sweep; `start` is the place of the first temperature."""
    networks, temperatures = swept.temperature.shape
    bind = {"input": "range", "min": 0, "max": temperatures - 1, "step": 1}
    knob = {"name": TEMPERATURE, "value": start, "bind": bind}
    params = [*animation.moment(networks), knob]
    tables = {"bins": _bins(swept), "diagonal": pd.DataFrame({"x": [0.0, 1.0], "y": [0.0, 1.0]})}
    return Drawing(_reliability(), tables).but({"params": params})


def bins_table(swept: Sweep, epochs: list[int], place: int) -> pd.DataFrame:
    """Return the table twin: a row per epoch and bin, predictions at a place and at the best T."""
    columns = {"predicted": swept.predicted[:, place], "at the best T": swept.predicted[:, 0]}
    columns |= {name: getattr(swept, name) for name in ("observed", "low", "high", "rows")}
    epoch = np.repeat(epochs, swept.rows.shape[1])
    table = pd.DataFrame({"epoch": epoch} | {name: c.ravel() for name, c in columns.items()})
    return table.dropna().round(3).astype({"rows": int})


def _bins(swept: Sweep) -> pd.DataFrame:
    """Return a row per network and bin; its prediction at temperature k is in the column t<k>."""
    networks, bins = swept.rows.shape
    fixed = {name: getattr(swept, name).ravel() for name in ("observed", "low", "high", "rows")}
    number = np.repeat(np.arange(1, networks + 1), bins)
    moving = {f"t{k}": _small(swept.predicted[:, k]) for k in range(swept.temperature.shape[1])}
    return pd.DataFrame({"number": number} | fixed | moving).dropna()


def _small(probabilities: Array) -> np.ndarray:
    return probabilities.ravel().round(DIGITS).astype(np.float32)


@template
def _reliability() -> Chart:
    scale, axis = alt.Scale(domain=[0.0, 1.0], nice=False), alt.Axis(values=TICKS, format=".1f")
    x = alt.X("predicted:Q", title=X_TITLE, scale=scale, axis=axis)
    y, low = (alt.Y(f"{end}:Q", title=None, scale=scale, axis=axis) for end in ("observed", "low"))
    names = ("predicted", "observed", "low", "high")
    tips = [*(alt.Tooltip(f"{name}:Q", format=".3f") for name in names), alt.Tooltip("rows:Q")]
    shown = (
        named("bins")
        .transform_filter(f"datum.number == {animation.MOMENT}")
        .transform_calculate(predicted=f"datum['t' + {TEMPERATURE}]")
        .encode(x=x)
    )
    colour, shape = line_colours()["test"], SHAPES["test"]
    diagonal = named("diagonal").mark_line(color=neutral(), strokeDash=[5, 4], strokeWidth=1.5)
    return framed(
        [
            diagonal.encode(x=alt.X("x:Q", scale=scale), y=alt.Y("y:Q", scale=scale)),
            shown.mark_rule(color=colour, strokeWidth=line_width(), opacity=0.6).encode(
                y=low, y2="high:Q"
            ),
            shown.mark_point(
                filled=True, color=colour, opacity=1, size=dot(70), shape=shape
            ).encode(y=y, tooltip=tips),
        ],
        Y_TITLE,
    )
