"""The second descent: random features, whose test error peaks where width equals rows."""

from collections.abc import Callable, Hashable
from functools import partial

import numpy as np
import pandas as pd

from regcore.checks import Array
from regcore.experiments.random_features import SCORES, descent, widths_around
from ui import controls
from ui.charts import figure
from ui.charts.why import error_bands
from ui.data import chosen
from ui.data.spec import split_of
from ui.glossary import note, say
from ui.text import count, score, stated
from ui.training import progress, runs

TITLE = "The second descent: far wider, and the error falls again"
LAMBDAS = (0.0, 0.001, 0.01, 0.1, 1.0, 10.0)
ROWS, DEFAULT_ROWS, DRAWS = (60, 100, 150, 200), 100, 20
PARTS = ("training", "test")
TOWER = 2.0  # how many times as high as both valleys an error must be to be called one
NEAR = 0.1  # of the rows: a width within it is "about as many"


def show() -> None:
    """Sweep over the width of a network with a fixed random first layer."""
    say(
        "Many think: the wider, the worse. Here is a simple network that shows the opposite. "
        "Its first layer is drawn at random and **stays as drawn**; the output weights are solved "
        f"for exactly. With as many units as training {chosen.rows()} there is just one way to fit "
        "every label, and it takes huge weights. With more units there are many ways, and the one "
        "with the smallest weights is taken."
    )
    rows, strength = _settings()
    widths, scores = widths_around(rows), _scores(rows)
    _draw(rows, widths, scores, LAMBDAS.index(strength))
    note(
        "This is not the network of this page: it uses the squared error on labels ±1, and its "
        "first layer is not trained. The output weights w minimize Σ(φ(x)·w − y)² + λΣw² with "
        f"φ(x) = max(0, xW + b)/√width. The first sum is over all {chosen.rows()}, not their mean, "
        "so this λ is on another scale than that of L2. "
        "Sources: Belkin et al. (2019), “Reconciling modern machine-learning practice and the "
        "classical bias–variance trade-off”; for trained networks Nakkiran et al. (2021), “Deep "
        "double descent”."
    )


def _settings() -> tuple[int, float]:
    """Draw the controls; return the number of training rows, and λ."""
    every = len(split_of(chosen.spec()).train)
    choices = [n for n in ROWS if n <= every] or [every]
    default = DEFAULT_ROWS if DEFAULT_ROWS in choices else choices[-1]
    label, key = f"Training {chosen.rows()} in each draw", chosen.key("descent_rows")
    rows = controls.choice(label, choices, default, key=key)
    return rows, controls.scale("Penalty λ", LAMBDAS, 0.0, key="descent_l2")


def _scores(rows: int) -> Array:
    """Return the scores (draws, 4, widths, λ) of all draws, each computed by a worker."""
    data = chosen.spec()
    split, widths = split_of(data), widths_around(rows)
    works: dict[Hashable, Callable[[], Array]] = {
        ("descent", rows, draw): partial(descent, split, rows, widths, LAMBDAS, draw)
        for draw in range(DRAWS)
    }
    with progress.bar(f"Solving {DRAWS} × {len(widths)} networks") as report:
        return np.array(runs.all_computed(data, works, report))


def _draw(rows: int, widths: list[int], scores: Array, place: int) -> None:
    """Draw the errors with the λ of that place; those without a penalty stay as a faint line."""
    plain, table = (_bands(widths, scores[..., k]) for k in (0, place))
    before = plain[plain["part"] == "test"] if place else None
    top = 1.2 * float(plain["high"].max())
    figure(
        error_bands.bands(table, top, (rows, f"units = {chosen.rows()}: {rows}"), before),
        _sentence(rows, widths, np.median(scores, axis=0), place),
        _table(widths, scores[..., place]),
    )


def _bands(widths: list[int], scores: Array) -> pd.DataFrame:
    """Return the quartiles of both errors over the draws, a row for each width and part."""
    low, value, high = np.quantile(scores[:, : len(PARTS)], (0.25, 0.5, 0.75), axis=0)
    return pd.DataFrame(
        {"width": width, "value": v, "low": a, "high": b, "part": part, "told": _told(v)}
        for number, part in enumerate(PARTS)
        for width, a, v, b in zip(widths, low[number], value[number], high[number], strict=True)
    )


def _table(widths: list[int], scores: Array) -> pd.DataFrame:
    """Return the table twin: the medians of all scores, and the middle half of the test error."""
    low, high = np.quantile(scores[:, SCORES.index("test error")], (0.25, 0.75), axis=0)
    medians = zip(SCORES, np.median(scores, axis=0), strict=True)
    columns = {name: [_told(v) for v in values] for name, values in medians}
    half = [f"{_told(a)} to {_told(b)}" for a, b in zip(low, high, strict=True)]
    return pd.DataFrame({"units": widths, **columns, "test error, middle half": half})


def _sentence(rows: int, widths: list[int], medians: Array, place: int) -> str:
    """Say what the medians (4, widths, λ) show: the peak, or what a penalty leaves of it."""
    errors = medians[SCORES.index("test error")]
    accuracies = medians[SCORES.index("test accuracy")]
    peak = int(errors[:, 0].argmax())
    if not place:
        return _plain(rows, widths, errors[:, 0], float(accuracies[peak, 0]))
    now, best = errors[:, place], int(errors[:, place].argmin())
    gone = "No high peak is left. " if now.max() < TOWER * now.min() else ""
    return (
        f"{gone}With λ = {LAMBDAS[place]:g} the median test error at {count(widths[peak])} units "
        f"is {_told(now[peak])} instead of {_told(errors[peak, 0])} (the faint line), and test "
        f"accuracy {stated(accuracies[peak, place])} instead of {stated(accuracies[peak, 0])}. "
        f"The error is lowest at {count(widths[best])} units, {_told(now[best])}."
    )


def _plain(rows: int, widths: list[int], errors: Array, accuracy: float) -> str:
    """Say how the median test error without a penalty rises and falls."""
    peak = int(errors.argmax())
    first, second = (float(part.min(initial=np.inf)) for part in (errors[:peak], errors[peak:]))
    if errors[peak] < TOWER * max(first, second) or not np.isfinite(first):
        best = int(errors.argmin())
        return (
            f"Over {DRAWS} draws the median test error is highest at {count(widths[peak])} units, "
            f"{_told(errors[peak])}, and lowest at {count(widths[best])}, {_told(errors[best])}: "
            "no high peak stands between two valleys here."
        )
    low, low_again = (int(np.flatnonzero(errors == valley)[0]) for valley in (first, second))
    better = "worse" if second > first else "better"
    many = f", as many as training {chosen.rows()}" if widths[peak] == rows else ""
    if not many and abs(widths[peak] - rows) <= NEAR * rows:
        many = f", about as many as training {chosen.rows()}"
    return (
        f"Over {DRAWS} draws the median test error is {_told(first)} at {count(widths[low])} "
        f"units, rises to {_told(errors[peak])} at {count(widths[peak])} units{many}, and falls "
        f"again to {_told(second)} at {count(widths[low_again])} units. At the peak, test accuracy "
        f"is {stated(accuracy)}. The second valley is {better} than the first."
    )


def _told(error: float) -> str:
    """Format an error, which has no use for decimals above 10."""
    return score(error) if error < 10.0 else count(round(error))
