"""The words in a chart of lines: names at their ends, texts of marks, with room between them."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from ui.look import enlarged, score
from ui.records import line_names

NAME_STEP = 0.065  # see `apart`
TEXT_WIDTH = 0.27  # share of the width that the text of a mark takes
MARK_STEP = 17.0  # pixels between the texts of two marks


def apart() -> float:
    """The share of the height that two names at the lines' ends must stay apart."""
    return NAME_STEP * enlarged()


def lines_and_ends(lines: pd.DataFrame, x: str, low: float, high: float) -> dict[str, pd.DataFrame]:
    """The tables "lines", of runs numbered and lines named, and "ends", with the names' heights."""
    number = pd.factorize(lines["run"])[0].astype(str)
    lines = lines[[x, "value", "part"]].assign(run=number, line=line_names(lines))
    ends = lines.groupby("line", sort=False).tail(1)
    at = ends["value"].clip(low, high)
    named = [f"{n}: {score(v)}" for n, v in zip(ends["line"], ends["value"], strict=True)]
    return {"lines": lines, "ends": ends.assign(at=at, y=_apart(at, low, high), name=named)}


def marked(
    marks: Sequence[tuple[int, float, str]], last: int, height: float
) -> dict[str, pd.DataFrame]:
    """The table "marks" of points (epoch, value, text), their texts below each other at the top."""
    if not marks:
        return {}
    table = pd.DataFrame(marks, columns=["epoch", "value", "text"]).assign(height=height)
    left = [_on_the_left(epoch / last, table["epoch"] / last) for epoch in table["epoch"]]
    table["align"], table["dx"] = np.where(left, "right", "left"), np.where(left, -6, 6)
    table["dy"] = 6 + MARK_STEP * enlarged() * np.arange(len(table))
    return {"marks": table}


def _on_the_left(at: float, others: pd.Series) -> bool:
    """Where the text of a mark goes: not over the end, nor over the next mark if there is room."""
    width = TEXT_WIDTH * enlarged() ** 2  # larger words in a narrower picture
    crowded = bool(((others > at) & (others < at + width)).any())
    return at > 0.6 or (crowded and at > width)


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
