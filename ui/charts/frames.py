"""Long-form tables of a History, for charts and tables."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from regcore import Fit, History
from regcore.checks import Array
from regcore.training.history import Figure
from ui.text import count, score
from ui.theme import PARTS

SAME_EPOCH = 0.1  # epochs that differ by less than a tenth count as one
MAX_POINTS = 300  # of a line, as many as a screen can show


def curves(
    runs: Mapping[str, Fit],
    kind: str,
    parts: Sequence[str],
) -> pd.DataFrame:
    """Return all lines of a chart: columns epoch, value, part ("training", ...), run (its name).

    All lines have the same epochs, so that the table has no gaps: at most 300, each a factor from
    the next, plus those of the lowest losses of the parts drawn and of the weights kept. A column
    spread, if it was measured, says how far rounding alone moves a value.
    """
    epochs = (_epochs(run.history, parts) | {run.kept_epoch} for run in runs.values())
    shown = sorted(set().union(*epochs))

    def gathered(values: Callable[[History, str], Array]) -> pd.DataFrame:
        lines = (
            (part, name, run.history.epoch, values(run.history, column(part, kind)))
            for name, run in runs.items()
            for part in parts
        )
        return _records(lines, shown)

    lines = gathered(getattr)
    if any(run.history.spread for run in runs.values()):
        lines["spread"] = gathered(_spread)["value"]
    return lines


def objective(history: History) -> pd.DataFrame:
    """Return the objective of L2 and its terms: data loss, penalty and their sum."""
    total = history.train_loss + history.penalty
    terms = {"data loss": history.train_loss, "penalty": history.penalty, "sum": total}
    shown = sorted(_epochs(history, ()))
    return _records(((name, "", history.epoch, values) for name, values in terms.items()), shown)


def lies(runs: Mapping[str, Fit]) -> pd.DataFrame:
    """Return the share of the flipped rows that is predicted as the labels say, a line for a run.

    Columns as in `curves`, the part is "flipped".
    """
    shown = sorted(set().union(*(_epochs(run.history, ()) for run in runs.values())))
    return _records(
        (
            ("flipped", name, run.history.epoch, run.history.lies_fitted)
            for name, run in runs.items()
            if run.history.lies_fitted is not None
        ),
        shown,
    )


def honest_and_flipped(history: History) -> pd.DataFrame:
    """Return the three shares of a run with flipped labels, see `History`, as `curves` does."""
    lines = (
        ("honest", "as labeled", history.honest_right),
        ("flipped", "as labeled", history.lies_fitted),
        ("flipped", "in truth", history.flipped_right),
    )
    known = [(part, run, history.epoch, share) for part, run, share in lines if share is not None]
    return _records(known, sorted(_epochs(history, ())))


def wide(lines: pd.DataFrame) -> pd.DataFrame:
    """Return the table twin: a row per epoch, a column per line, significant digits only."""
    line, names = numbered_lines(lines)
    epochs, row = np.unique(lines["epoch"], return_inverse=True)
    cells = np.full((len(epochs), len(names)), None, object)
    cells[row, line] = [score(value) for value in figures(lines)]
    return pd.DataFrame({"epoch": epochs, **dict(zip(names, cells.T, strict=True))})


def figures(lines: pd.DataFrame) -> Iterable[float]:
    """Return the values of all lines, with their spread if it was measured."""
    return map(Figure, lines["value"], lines["spread"]) if "spread" in lines else lines["value"]


def numbered_lines(lines: pd.DataFrame) -> tuple[NDArray[np.intp], list[str]]:
    """Return the number of each row's line, and the names of the lines by number.

    A name is "test" for one run, "test, λ = 0.05" for one of several.
    """
    part, parts = pd.factorize(lines["part"])
    run, runs = pd.factorize(lines["run"])
    line, pairs = pd.factorize(run * len(parts) + part)
    names = [(parts[pair % len(parts)], runs[pair // len(parts)]) for pair in pairs]
    return line, [", ".join(name) if len(runs) > 1 else name[0] for name in names]


def scores(history: History, epoch: int | None = None) -> dict[str, float]:
    """Return accuracies, gap and losses at `epoch` (None: the last), for all parts of the split."""
    row = history.at(history.stopped_epoch if epoch is None else epoch)
    parts = [part for part in PARTS if column(part, "loss") in row]
    values = {part: row[column(part, "accuracy")] for part in parts}
    values["gap"] = values["training"] - values["test"]
    return values | {f"{part} loss": row[column(part, "loss")] for part in parts}


def last(run: Fit, part: str, kind: str) -> float:
    """Return the loss or accuracy of a part at the end of a run."""
    return run.history.figure(column(part, kind), -1)


def kept_early(runs: Mapping[str, Fit]) -> dict[str, int]:
    """Return the epoch of the weights kept, for the runs that keep others than their last."""
    epochs = {name: run.kept_epoch for name, run in runs.items()}
    return {name: k for name, k in epochs.items() if k < runs[name].history.stopped_epoch}


def lowest(history: History, part: str = "test") -> tuple[int, float]:
    """Return epoch and value of the lowest loss of a part."""
    row = int(np.argmin(column_of(history, part, "loss")))
    return int(history.epoch[row]), history.figure(column(part, "loss"), row)


def lowest_epoch(history: History) -> str:
    """Return the epoch of the lowest test loss, with "about" if rounding may move it."""
    epoch, best = lowest(history)
    within = history.test_loss - 2.0 * _spread(history, "test_loss") < best
    far = np.abs(np.log((history.epoch + 1.0) / (epoch + 1.0))) > SAME_EPOCH
    return f"about {count(epoch)}" if (within & far).any() else count(epoch)


def sweep_lines(
    settings: Sequence[float], runs: Sequence[Fit], kind: str, parts: Sequence[str]
) -> pd.DataFrame:
    """Return the last loss or accuracy of every run and part, as `charts.sweep` takes them."""
    return pd.DataFrame(
        {"setting": f"{setting:g}", "part": part, "run": "", "value": last(run, part, kind)}
        for part in parts
        for setting, run in zip(settings, runs, strict=True)
    )


def sweep_table(
    name: str, settings: Sequence[float], runs: Sequence[Fit], parts: Sequence[str]
) -> pd.DataFrame:
    """Return the table twin of a sweep: accuracy and loss of every part, a row per setting."""
    columns = {name: [f"{setting:g}" for setting in settings]}
    for kind in ("accuracy", "loss"):
        for part in parts:
            columns[f"{part} {kind}"] = [score(last(run, part, kind)) for run in runs]
    return pd.DataFrame(columns)


def column_of(history: History, part: str, kind: str) -> Array:
    """Return a column of a History: ("validation", "loss") -> history.validation_loss."""
    return getattr(history, column(part, kind))


def column(part: str, kind: str) -> str:
    """Return the name of a History column: ("training", "loss") -> "train_loss"."""
    return f"{'train' if part == 'training' else part}_{kind}"


def _epochs(history: History, parts: Sequence[str]) -> set[int]:
    epochs = history.epoch
    rows = (np.geomspace(1, len(epochs), min(len(epochs), MAX_POINTS)) - 1).round().astype(int)
    # only of the parts drawn: a sealed test set must not even show its best epoch
    unseen = [column_of(history, part, "loss") for part in parts if part != "training"]
    lowest_rows = [int(np.argmin(losses)) for losses in unseen]
    return set(epochs[[*rows, *lowest_rows]].tolist())


def _spread(history: History, name: str) -> Array:
    return np.zeros(len(history.epoch)) if history.spread is None else history.spread[name]


def _records(lines: Iterable[tuple[str, str, Array, Array]], shown: Sequence[int]) -> pd.DataFrame:
    """Return a row for each shown epoch of each line (part, run, epochs, values)."""
    columns: dict[str, list[Any]] = {"epoch": [], "value": [], "part": [], "run": []}
    for part, run, epochs, values in lines:
        rows = np.isin(epochs, shown)
        columns["epoch"].append(epochs[rows])
        columns["value"].append(values[rows])
        columns["part"].append(np.full(rows.sum(), part, object))
        columns["run"].append(np.full(rows.sum(), run, object))
    return pd.DataFrame({name: np.concatenate(pieces) for name, pieces in columns.items()})
