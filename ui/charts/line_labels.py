"""The words in a chart of lines: names at their ends, texts of marks, with room between them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ui.charts.frames import figures, numbered_lines
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


def lines_and_ends(lines: pd.DataFrame, x: str, low: float, high: float) -> dict[str, pd.DataFrame]:
    """The tables "lines", of runs numbered and lines named, and "ends", with the names' heights."""
    line, names = numbered_lines(lines)
    run, runs = pd.factorize(lines["run"])
    columns = {name: lines[name].to_numpy() for name in (x, "value", "part")}
    if "spread" in lines:
        columns["told"] = np.array([score(value) for value in figures(lines)], object)
    columns["run"] = np.arange(len(runs)).astype(str).astype(object)[run]
    columns["line"] = np.array(names, object)[line]
    last = np.flatnonzero(~pd.Series(line).duplicated(keep="last"))
    ends = {name: column[last] for name, column in columns.items()}
    at = ends["value"].clip(low, high)
    values = ends.get("told", [score(value) for value in ends["value"]])
    told = [f"{n}: {value}" for n, value in zip(ends["line"], values, strict=True)]
    ends |= {"at": at, "y": _apart(at, low, high), "name": told}
    return {"lines": pd.DataFrame(columns), "ends": pd.DataFrame(ends)}


def marked(
    marks: Sequence[tuple[int, float, str]], last: int, height: float
) -> dict[str, pd.DataFrame]:
    """The table "marks" of points (epoch, value, text), their texts below each other at the top."""
    if not marks:
        return {}
    shares = [epoch / last for epoch, _, _ in marks]
    rows = [
        {
            "epoch": epoch,
            "value": value,
            "text": text,
            "height": height,
            "at": at,
            "crowded": any(at < other < at + NEAR for other in shares),
            "room": len(text) * LETTER * enlarged(),
            "dy": 6 + MARK_STEP * enlarged() * row,
        }
        for row, ((epoch, value, text), at) in enumerate(zip(marks, shares, strict=True))
    ]
    return {"marks": pd.DataFrame(rows)}


def across(level: float | None) -> dict[str, pd.DataFrame]:
    """The table "baseline" of a level that is drawn across, with its name."""
    if level is None:
        return {}
    row = {"value": level, "text": f"always the same: {score(level)}"}
    return {"baseline": pd.DataFrame([row])}


def _apart(values: Sequence[float], low: float, high: float) -> list[float]:
    """The values moved up as little as needed for names not to overlap; as in `playing.HEADS`."""
    step, order = apart() * (high - low), np.argsort(values)
    placed = np.array(values, float)
    for below, above in pairwise(order):
        placed[above] = max(placed[above], placed[below] + step)
    return list(placed - max(0.0, placed.max() - high))
