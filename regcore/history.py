"""History: what a run looked like at every recorded epoch, and the rule that reads it."""

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from typing import Any, NamedTuple

import numpy as np

from regcore.checks import (
    FINITE,
    MAX_EPOCHS,
    UP_TO_A_MILLION,
    is_array_like,
    items,
    number,
    real,
    shown,
    whole,
)
from regcore.network import Array, freeze


class EarlyStopping:
    """Prechelt's simplest rule: stop after `patience` epochs in a row without improvement.

    A value improves when it is below best - min_delta, strictly; `best` moves only then. None for
    patience never stops, and 0 is as 1. Raises ValueError for what Config would not take.
    """

    def __init__(self, patience: int | None, min_delta: float = 0.0) -> None:
        self.patience = None if patience is None else whole("patience", patience, 0, MAX_EPOCHS)
        self.min_delta = real("min_delta", min_delta, *UP_TO_A_MILLION)
        self.best, self.wait, self.improved = np.inf, 0, False

    def update(self, value: float) -> bool:
        """Take the next epoch's validation loss; True when the run should stop now."""
        value = number("loss", value)
        self.improved = value < self.best - self.min_delta
        if self.improved:
            self.best, self.wait = value, 0
        else:
            self.wait += 1
        return self.patience is not None and self.wait >= max(self.patience, 1)


class Stop(NamedTuple):
    """Zero-based positions in a series: of its best value, and of the last one looked at."""

    best: int
    stopped: int


def replay(losses: Iterable[float], patience: int | None, min_delta: float = 0.0) -> Stop:
    """Where early stopping would have ended a recorded run.

    Raises ValueError as `EarlyStopping` does and when there are no losses, and TypeError when
    losses is no list of numbers.
    """
    rule, best, position = EarlyStopping(patience, min_delta), 0, 0
    losses = items("losses", losses, "a list of numbers")
    if not losses:
        raise ValueError("losses is empty; it must hold one number or more.")
    for position, value in enumerate(losses):
        stop = rule.update(value)
        best = position if rule.improved else best
        if stop:
            break
    return Stop(best, position)


@dataclass(frozen=True, eq=False)
class History:
    """Columns over the recorded epochs, read-only; epoch e means after e passes over the data.

    All parts are scored at the same weights with dropout off. Losses are mean cross-entropy
    (nats a row) without the penalty, which is a column of its own; accuracies are shares.
    Validation columns are None when there was no validation part.

    best_epoch     lowest validation loss by the early-stopping rule; None without validation
    stopped_epoch  the last epoch trained
    stop_reason    "completed", "patience" or "diverged" (the loss stopped being finite; the
                   columns end at the last epoch at which it was)
    """

    epoch: Array
    train_loss: Array
    train_accuracy: Array
    validation_loss: Array | None
    validation_accuracy: Array | None
    test_loss: Array
    test_accuracy: Array
    penalty: Array
    best_epoch: int | None
    stopped_epoch: int
    stop_reason: str

    def __post_init__(self) -> None:
        for name, column in self.columns().items():
            _check_column(name, column, len(self.epoch))
        freeze(*self.columns().values())

    def __reduce__(self) -> tuple[Any, ...]:
        # made anew by a pickle or a copy, whose arrays would else come back writable
        return History, tuple(getattr(self, field.name) for field in fields(self))

    def columns(self) -> dict[str, Array]:
        """Name -> column, in the order above, leaving out what was not recorded."""
        names = ("epoch", *COLUMNS, "penalty")
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def select(self, rows: Any) -> "History":
        """Only these rows, as a slice, indices or a mask; the facts about the run stay as they are.

        Raises IndexError unless rows is one of these and leaves a row.
        """
        chosen = _chosen(len(self.epoch), rows)
        return replace(self, **{name: column[chosen] for name, column in self.columns().items()})

    def at(self, epoch: int) -> dict[str, float]:
        """The recorded row nearest to `epoch`: name -> value.

        Raises ValueError when epoch is no finite number.
        """
        distance = np.abs(self.epoch - real("epoch", epoch, *FINITE))
        row = int(np.argmin(distance))
        return {name: column[row].item() for name, column in self.columns().items()}


COLUMNS = tuple(
    f"{part}_{score}" for part in ("train", "validation", "test") for score in ("loss", "accuracy")
)


def _check_column(name: str, column: Any, rows: int) -> None:
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {shown(column)}; it must be an array of numbers.")
    if column.shape != (rows,) or not rows:
        raise ValueError(f"{name} has shape {column.shape}; it must have a value for each epoch.")


def _chosen(rows: int, chosen: Any) -> Any:
    """The places, of so many rows, that a slice, indices or a mask choose."""
    places = np.arange(rows)
    try:
        found = places[chosen] if is_array_like(chosen) and not np.ma.is_masked(chosen) else None
    except Exception as error:
        raise IndexError(_NOT_ROWS.format(shown(chosen), rows)) from error
    if found is None or found.ndim != 1 or not found.size:
        raise IndexError(_NOT_ROWS.format(shown(chosen), rows))
    return found


_NOT_ROWS = "rows is {}; it must be a slice, indices or a mask that leaves some of {} rows."
