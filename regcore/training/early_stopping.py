"""Early stopping: the rule that ends a run, and the same rule on a recorded run."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from regcore.checks import MAX_EPOCHS, UP_TO_A_MILLION, Array, items, number, real, whole


class EarlyStopping:
    """Prechelt's simplest rule: stop after `patience` epochs in a row without improvement.

    A value improves when it is below best - min_delta, strictly; only then `best` changes.
    Patience None never stops, and 0 counts as 1. Raises ValueError for values that Config rejects.
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
    """Zero-based positions in a series: of its best value, and of the last one read."""

    best: int
    stopped: int

    def ran_out(self, patience: int) -> bool:
        """Whether the rule stopped the run before its end."""
        return self.stopped == self.best + max(patience, 1)


def replay(losses: Iterable[float], patience: int | None, min_delta: float = 0.0) -> Stop:
    """Where early stopping would have ended a recorded run.

    Raises ValueError as `EarlyStopping` does or without losses, TypeError without an iterable.
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


class Missed(NamedTuple):
    """The part of a recorded run that a stop left unused.

    saved    number of epochs that were not trained
    ignored  position of a lower loss before the stop that min_delta passed over; None without one
    later    position of a loss after the stop that is lower than any before; None without one
    """

    saved: int
    ignored: int | None
    later: int | None


def missed(losses: Array, stop: Stop) -> Missed:
    """Compare a stop with all losses (n,) of the recorded run."""
    seen, rest = losses[: stop.stopped + 1], losses[stop.stopped + 1 :]
    ignored = int(np.argmin(seen)) if seen.min() < losses[stop.best] else None
    is_better_later = len(rest) and rest.min() < seen.min()
    later = stop.stopped + 1 + int(np.argmin(rest)) if is_better_later else None
    return Missed(len(rest), ignored, later)
