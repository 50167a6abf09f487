"""From a History to the long-form records that charts and tables take."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from regcore import Fit, History
from regcore.network import Array
from ui.look import PARTS, score

MAX_POINTS = 300  # as many as a screen shows on one line


def curves(
    runs: Mapping[str, Fit], kind: str, parts: Sequence[str], until: int | None = None
) -> pd.DataFrame:
    """All lines of a chart: columns epoch, value, part ("training", ...), run (its name).

    At most 300 epochs up to `until`, evenly spread, and always those of the lowest losses of the
    parts drawn; the same for every line of the chart, so that its table has no holes.
    """
    shown = sorted(set().union(*(_epochs(run.history, parts, until) for run in runs.values())))
    lines = [
        _line(run.history, getattr(run.history, column(part, kind)), part, name, shown)
        for name, run in runs.items()
        for part in parts
    ]
    return pd.concat(lines, ignore_index=True)


def objective(history: History) -> pd.DataFrame:
    """What descent with L2 makes small, and its two terms: data loss, penalty and their sum."""
    total = history.train_loss + history.penalty
    terms = {"data loss": history.train_loss, "penalty": history.penalty, "sum": total}
    shown = sorted(_epochs(history, ()))
    lines = [_line(history, values, name, "", shown) for name, values in terms.items()]
    return pd.concat(lines, ignore_index=True)


def wide(lines: pd.DataFrame) -> pd.DataFrame:
    """The table twin: one row an epoch, one column a line, three digits."""
    columns = {
        name: pd.Series(map(score, line["value"]), index=line["epoch"])
        for name, line in lines.groupby(line_names(lines), sort=False)
    }
    return pd.DataFrame(columns).sort_index().reset_index()


def line_names(lines: pd.DataFrame) -> pd.Series:
    """ "test" where there is one run, "test, λ = 0.05" where there are several."""
    several = lines["run"].nunique() > 1
    return lines["part"] + ", " + lines["run"] if several else lines["part"]


def scores(history: History, epoch: int | None = None) -> dict[str, float]:
    """Accuracies, gap and losses at `epoch` (None: the last), validation where there is one."""
    row = history.at(history.stopped_epoch if epoch is None else epoch)
    parts = [part for part in PARTS if column(part, "loss") in row]
    found = {part: row[column(part, "accuracy")] for part in parts}
    found["gap"] = found["training"] - found["test"]
    return found | {f"{part} loss": row[column(part, "loss")] for part in parts}


def last(run: Fit, part: str, kind: str) -> float:
    """The loss or accuracy of a part at the end of a run."""
    return float(getattr(run.history, column(part, kind))[-1])


def lowest(history: History, part: str = "test") -> tuple[int, float]:
    """Epoch and value of the lowest loss of a part."""
    losses = getattr(history, column(part, "loss"))
    row = int(np.argmin(losses))
    return int(history.epoch[row]), float(losses[row])


def column(part: str, kind: str) -> str:
    """The name of a History column: ("training", "loss") -> "train_loss"."""
    return f"{'train' if part == 'training' else part}_{kind}"


def _epochs(history: History, parts: Sequence[str], until: int | None = None) -> set[int]:
    epochs = history.epoch if until is None else history.epoch[history.epoch <= until]
    rows = np.linspace(0, len(epochs) - 1, min(len(epochs), MAX_POINTS)).round().astype(int)
    # of the parts drawn only: where the test set is sealed, not even its best epoch may show
    unseen = [getattr(history, column(part, "loss")) for part in parts if part != "training"]
    lowest_rows = [int(np.argmin(losses[: len(epochs)])) for losses in unseen]
    return set(epochs[[*rows, *lowest_rows]].tolist())


def _line(
    history: History, values: Array, part: str, run: str, shown: Sequence[int]
) -> pd.DataFrame:
    rows = np.isin(history.epoch, shown)
    return pd.DataFrame(
        {"epoch": history.epoch[rows], "value": values[rows], "part": part, "run": run}
    )
