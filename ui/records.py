"""From a History to the long-form records that charts and tables take."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from regcore import Fit, History
from regcore.network import Array

MAX_POINTS = 300  # as many as a screen shows on one line
COLUMN_OF = {"training": "train", "validation": "validation", "test": "test"}


def curve(history: History, part: str, kind: str = "loss", run: str = "") -> pd.DataFrame:
    """One line of a chart: columns epoch, value, part ("training", ...), run (its name).

    At most 300 points, evenly spread, but always the first, the lowest and the last.
    """
    return series(history, getattr(history, f"{COLUMN_OF[part]}_{kind}"), part, run)


def series(history: History, values: Array, part: str, run: str = "") -> pd.DataFrame:
    """The same for any column of the history's length, such as the penalty."""
    rows = _thinned(values)
    return pd.DataFrame(
        {"epoch": history.epoch[rows], "value": values[rows], "part": part, "run": run}
    )


def curves(runs: Mapping[str, Fit], kind: str, parts: tuple[str, ...]) -> pd.DataFrame:
    """All lines of a chart: every part of every named run."""
    lines = [curve(fit.history, part, kind, name) for name, fit in runs.items() for part in parts]
    return pd.concat(lines, ignore_index=True)


def wide(lines: pd.DataFrame) -> pd.DataFrame:
    """The table twin: one row an epoch, one column a line."""
    named = lines.assign(line=line_names(lines))
    table = named.pivot_table(index="epoch", columns="line", values="value", sort=False)
    return table.sort_index().interpolate("index").reset_index()


def line_names(lines: pd.DataFrame) -> pd.Series:
    """ "test" where there is one run, "test, λ = 0.05" where there are several."""
    several = lines["run"].nunique() > 1
    return lines["part"] + ", " + lines["run"] if several else lines["part"]


def scores(history: History, epoch: int | None = None) -> dict[str, float]:
    """Training and test accuracy, their gap and both losses, at `epoch` (None: the last)."""
    row = history.at(history.stopped_epoch if epoch is None else epoch)
    return {
        "training": row["train_accuracy"],
        "test": row["test_accuracy"],
        "gap": row["train_accuracy"] - row["test_accuracy"],
        "training loss": row["train_loss"],
        "test loss": row["test_loss"],
    }


def last(run: Fit, part: str, kind: str) -> float:
    """The loss or accuracy of a part at the end of a run."""
    return float(getattr(run.history, f"{COLUMN_OF[part]}_{kind}")[-1])


def lowest(history: History, part: str = "test") -> tuple[int, float]:
    """Epoch and value of the lowest loss of a part."""
    losses = getattr(history, f"{COLUMN_OF[part]}_loss")
    row = int(np.argmin(losses))
    return int(history.epoch[row]), float(losses[row])


def objective(history: History) -> pd.DataFrame:
    """What descent with L2 makes small, and its two terms: data loss, penalty and their sum."""
    total = history.train_loss + history.penalty
    terms = {"data loss": history.train_loss, "penalty": history.penalty, "sum": total}
    return pd.concat([series(history, values, name) for name, values in terms.items()])


def _thinned(values: Array) -> Array:
    even = np.linspace(0, len(values) - 1, min(len(values), MAX_POINTS)).round().astype(int)
    return np.union1d(even, np.argmin(values))
