"""Axes: where they begin and end, and their ticks."""

import altair as alt
import numpy as np
import pandas as pd

from ui.charts.vega import value
from ui.theme import ACCURACY

ROOM = 6  # pixels between two numbers below the axis; in a narrow picture every other one goes
AIR = 1.04  # the top of the axis in largest values
UNUSABLE = 100.0  # a loss from which a diverging run does not come back


def domain(values: pd.Series, y_title: str, top: float | None = None) -> tuple[float, float]:
    """Return the ends of the y axis: losses start at 0, accuracies end at 1."""
    values = values[values < UNUSABLE]
    low, high = float(values.min()), float(values.max()) if top is None else top
    if y_title == ACCURACY and top is None:
        return min(0.5, low - 0.02), 1.02
    return min(0.0, low), AIR * high or 1.0


def usable(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the lines up to the first epoch from which they have diverged for good."""
    lines = lines.reset_index(drop=True)
    small = lines["value"] < UNUSABLE
    if small.all():
        return lines
    keys = [lines["part"], lines["run"]]
    now_or_later = small[::-1].groupby(keys, sort=False).cummax()[::-1]
    return lines[now_or_later.groupby(keys, sort=False).shift(1, fill_value=True)]


def y_scale() -> alt.Scale:
    """Return the scale of a chart whose Drawing has the values of `y_values`."""
    return alt.Scale(domain=[value("low"), value("roof")], nice=False)


def y_axis() -> alt.Axis:
    """Return its axis, without a grid where words stand."""
    return alt.Axis(values=value("levels"), labelExpr="format(datum.value, digits)")


def y_values(low: float, high: float, headroom: float = 0.0) -> dict[str, object]:
    """Return the values for `y_scale` and `y_axis`; headroom is a share of the height, for words"""
    high = high if high > low else low + 1.0
    step = _round_step((high - low) / 5)
    digits = max(0, -int(np.floor(np.log10(step) + 1e-9)))
    levels = np.arange(np.ceil(low / step - 1e-9), np.floor(high / step + 1e-9) + 1) * step
    roof = low + (high - low) / (1.0 - headroom)
    return {
        "low": low,
        "roof": roof,
        "levels": (levels.round(digits + 1) + 0.0).tolist(),
        "digits": f",.{digits}f",
    }


def epoch_axis() -> alt.X:
    """Return the axis of epochs. Each tenfold has the same room, and 0 is on it, too."""
    scale = alt.Scale(type="symlog", constant=1, domain=[0, value("last")], nice=False)
    axis = alt.Axis(values=value("ticks"), format=",d", grid=False, labelSeparation=ROOM)
    return alt.X("epoch:Q", title="epoch (log scale)", scale=scale, axis=axis)


def epoch_ticks(last: int) -> list[int]:
    """Return the epochs that have a number below the axis."""
    return [0, *(10**k for k in range(int(np.log10(last)) + 1))]


def _round_step(step: float) -> float:
    """Return the next of ..., 0.1, 0.2, 0.5, 1, 2, 5, 10, ... that is at least `step`."""
    power = 10.0 ** np.floor(np.log10(step))
    return float(next(f * power for f in (1, 2, 5, 10) if f * power >= step * 0.999))
