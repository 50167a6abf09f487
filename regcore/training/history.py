"""History: the scores of a run at every recorded epoch."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from typing import Any

import numpy as np

from regcore.checks import FINITE, Array, freeze, is_array_like, real, shown

PARTS = ("train", "validation", "test")
METRICS = ("loss", "accuracy")
COLUMNS = tuple(f"{part}_{metric}" for part in PARTS for metric in METRICS)
"""The scores of a History, each a column of it."""
LIE_COLUMNS = ("honest_right", "lies_fitted", "flipped_right")
"""The scores on the training rows that a run with flipped labels has besides."""


class Figure(float):
    """A number and its `spread`: how much rounding alone may change it."""

    spread: float

    def __new__(cls, value: float, spread: float = 0.0) -> "Figure":
        """Create the float in `__new__`, because a float is immutable."""
        figure = super().__new__(cls, value)
        figure.spread = spread
        return figure

    def __sub__(self, other: float) -> "Figure":
        return Figure(float(self) - float(other), self.spread + getattr(other, "spread", 0.0))

    def __rsub__(self, other: float) -> "Figure":
        return Figure(float(other) - float(self), self.spread)

    def __abs__(self) -> "Figure":
        return Figure(abs(float(self)), self.spread)


@dataclass(frozen=True, eq=False)
class History:
    """Columns over the recorded epochs, read-only; epoch e means after e passes over the data.

    All parts are scored at the same weights with dropout off. Losses are mean cross-entropy
    (nats a row) without the penalty, which is a column of its own; accuracies are shares.
    Validation columns are None when there was no validation part. With flipped labels there are
    three shares more, of the training rows; without, they are None.

    honest_right   honest rows that are predicted right
    lies_fitted    flipped rows that are predicted as their label says
    flipped_right  flipped rows that are predicted as they are in truth

    best_epoch     lowest validation loss by the early-stopping rule; None without validation
    stopped_epoch  the last epoch trained
    stop_reason    "completed", "patience" or "diverged" (the loss became infinite or NaN;
                   the columns end at the last epoch with a finite one)
    spread         column -> how much rounding alone changed it up to each epoch (see
                   `regcore.training.sensitivity`); None if not measured
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
    spread: Mapping[str, Array] | None = field(default=None, repr=False)
    honest_right: Array | None = None
    lies_fitted: Array | None = None
    flipped_right: Array | None = None

    def __post_init__(self) -> None:
        for name, column in self.columns().items():
            _check_column(name, column, len(self.epoch))
        freeze(*self.columns().values(), *(self.spread or {}).values())

    def __reduce__(self) -> tuple[Any, ...]:
        # pickle and copy call the constructor, which makes the arrays read-only again
        return History, tuple(getattr(self, f.name) for f in fields(self))

    def columns(self) -> dict[str, Array]:
        """Name -> column, in the order above, without those that were not recorded."""
        names = ("epoch", *COLUMNS, "penalty", *LIE_COLUMNS)
        return {name: getattr(self, name) for name in names if getattr(self, name) is not None}

    def select(self, rows: Any) -> "History":
        """Only these rows, given by a slice, indices or a mask; all other fields stay the same.

        Raises IndexError unless rows is one of these and selects a row.
        """
        chosen = _chosen(len(self.epoch), rows)
        spread = self.spread and {name: column[chosen] for name, column in self.spread.items()}
        columns = {name: column[chosen] for name, column in self.columns().items()}
        return replace(self, spread=spread, **columns)

    def row(self, epoch: int) -> int:
        """The index of the recorded epoch that is nearest to `epoch`.

        Raises ValueError when epoch is not a finite number.
        """
        return int(np.argmin(np.abs(self.epoch - real("epoch", epoch, *FINITE))))

    def at(self, epoch: int) -> dict[str, float]:
        """The recorded row nearest to `epoch`: name -> value; a `Figure` if its spread is known.

        Raises ValueError when epoch is not a finite number.
        """
        row = self.row(epoch)
        return {name: self.figure(name, row) for name in self.columns()}

    def figure(self, name: str, row: int) -> float:
        """The value of a column in a row; a `Figure` if its spread is known."""
        value = getattr(self, name)[row].item()
        if self.spread is None or name == "epoch":
            return value
        return Figure(value, float(self.spread[name][row]))


def _check_column(name: str, column: Any, rows: int) -> None:
    if not isinstance(column, np.ndarray) or column.dtype.kind not in "iuf":
        raise TypeError(f"{name} is {shown(column)}; it must be an array of numbers.")
    if column.shape != (rows,) or not rows:
        raise ValueError(f"{name} has shape {column.shape}; it must have a value for each epoch.")


def _chosen(rows: int, chosen: Any) -> Any:
    """The indices, out of this many rows, that a slice, indices or a mask select."""
    with suppress(Exception):  # whatever NumPy or a caller's object raises, it selects no rows
        if is_array_like(chosen) and not np.ma.is_masked(chosen):
            indices = np.arange(rows)[chosen]
            if indices.ndim == 1 and indices.size:
                return indices
    allowed = f"a slice, indices or a mask that leaves some of {rows} rows"
    raise IndexError(f"rows is {shown(chosen)}; it must be {allowed}.")
