"""Dropout: its masks, and their effect on a trained network."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from regcore.checks import Array
from regcore.nn.network import cross_entropy, logits
from regcore.nn.parameters import Params

CHUNK = 1000  # masks at a time; 20,000 for a wide network would fill 100 MB


def dropout_mask(rng: np.random.Generator, shape: tuple[int, int], p: float) -> Array:
    """Inverted dropout: 0 with probability p, else 1 / (1 - p), so that the mean is 1.

    Srivastava et al., 2014; scaling while training keeps evaluation free of any factor.
    """
    return np.where(rng.random(shape) < p, 0.0, 1.0 / (1.0 - p))


def draw_masks(
    rng: np.random.Generator, n: int, hidden_sizes: Sequence[int], p: float
) -> list[Array]:
    """One inverted dropout mask (n, h) for each hidden layer."""
    return [dropout_mask(rng, (n, h), p) for h in hidden_sizes]


def masked_logits(x: Array, params: Params, p: float, draws: int, seed: int = 0) -> Array:
    """The logit (draws,) of one row x (1, d) in training mode, under `draws` masks."""
    rng, chunks = np.random.default_rng(seed), []
    for start in range(0, draws, CHUNK):
        n = min(CHUNK, draws - start)
        masks = draw_masks(rng, n, _widths(params), p)
        chunks.append(logits(np.repeat(x, n, axis=0), params, masks)[:, 0])
    return np.concatenate(chunks)


def running_mean(values: Array) -> tuple[Array, Array]:
    """Mean of the first 1, 2, ..., n values and its standard error s / √n (NaN for one value)."""
    n = np.arange(1, len(values) + 1)
    mean = np.cumsum(values) / n
    # shifted by the first value, so that subtracting large sums loses no digits
    shifted = values - values[0]
    squares = np.cumsum(shifted**2) - n * (np.cumsum(shifted) / n) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return mean, np.sqrt(np.maximum(squares, 0.0) / (n - 1) / n)


class Convergence(NamedTuple):
    """The mean over the first masks, at log-spaced numbers of masks (m,).

    masks, mean, error  number of masks, their mean and its standard error
    distance            how far the last mean is from the exact value, in standard errors
    """

    masks: Array
    mean: Array
    error: Array
    distance: float


def convergence(values: Array, exact: float, points: int = 150) -> Convergence:
    """How the mean of `values` (n,), one for each mask, approaches `exact`."""
    mean, error = running_mean(values)
    masks = np.unique(np.geomspace(2, len(values), points).astype(int))
    return Convergence(masks, mean[masks - 1], error[masks - 1], abs(mean[-1] - exact) / error[-1])


def training_mode_loss(
    X: Array, y: Array, params: Params, p: float, draws: int = 20, seed: int = 0
) -> tuple[float, float]:
    """Mean cross-entropy of rows X (n, d), y (n, 1) in training mode, and its standard error.

    Both are over `draws` fresh sets of masks.
    """
    rng, losses = np.random.default_rng(seed), []
    for _ in range(draws):
        masks = draw_masks(rng, len(X), _widths(params), p)
        losses.append(cross_entropy(logits(X, params, masks), y).mean())
    return float(np.mean(losses)), float(np.std(losses, ddof=1) / np.sqrt(draws))


def training_mode_losses(
    X: Array, y: Array, snapshots: Sequence[Params], p: float, draws: int
) -> Array:
    """The mean of `training_mode_loss` for each of the snapshots, (snapshots,)."""
    return np.array([training_mode_loss(X, y, params, p, draws)[0] for params in snapshots])


def _widths(params: Params) -> list[int]:
    return [W.shape[1] for W in params[:-2:2]]
