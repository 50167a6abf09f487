"""How much processor time a learner's code gets, given the current speed of this machine.

Only the learner's process loads this, before it runs the learner's code.
"""

import math
import time
from collections.abc import Callable

import numpy as np

# Task 1 needs the most: 4 trainings of 2,000 epochs. Importing pandas and scikit-learn for its
# data takes as long as another 5,000 to 8,000 epochs (2.0 to 2.8 s, at 0.3 to 0.5 ms an epoch).
HEAVIEST_ANSWER = 4 * 2_000 + 8_000  # epochs
MARGIN = 4  # answers are slower than the solution, and other programs slow the machine down
MEASURE_SECONDS = 0.05  # of processor time: about 100 epochs on such a machine


def cpu_limit(least: int, most: int, now: Callable[[], float] = time.process_time) -> int:
    """Return MARGIN times what the heaviest answer needs here, from `least` to `most` seconds."""
    if least >= most:
        return most
    needed = HEAVIEST_ANSWER * _seconds_per_epoch(now)
    return min(max(least, math.ceil(MARGIN * needed)), most)


def _seconds_per_epoch(now: Callable[[], float]) -> float:
    """Return the mean, not the minimum: a machine that is busy now is slow for the answer too."""
    rng = np.random.default_rng(1)
    arrays = [rng.standard_normal(shape) for shape in ((576, 8), (8, 64), (64, 1))]
    # Reuse buffers: in this fresh process, malloc returns each freed array to the system, so that
    # new arrays in every epoch would take three times as long as they take the answer.
    buffers = [np.empty((576, 64)) for _ in range(3)]
    start, used, epochs = now(), 0.0, 0
    while used < MEASURE_SECONDS:
        _epoch(*arrays, *buffers)
        used, epochs = now() - start, epochs + 1
    return used / epochs


def _epoch(
    X: np.ndarray, W1: np.ndarray, W2: np.ndarray, Z1: np.ndarray, A1: np.ndarray, dZ1: np.ndarray
) -> None:
    """Compute what one epoch of `lesson.train` does, on a table of the same size."""
    np.add(np.matmul(X, W1, out=Z1), 0.1, out=Z1)
    np.maximum(0, Z1, out=A1)
    error = (1 / (1 + np.exp(-(A1 @ W2 + 0.1))) - 1) / len(X)
    A1.T @ error + 0.1 * W2
    np.multiply(np.matmul(error, W2.T, out=dZ1), Z1 > 0, out=dZ1)
    X.T @ dZ1 + 0.1 * W1
    dZ1.sum(axis=0, keepdims=True)
