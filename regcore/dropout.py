"""What dropout does to a trained network, looked at over many masks (NumPy only)."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from regcore.network import Array, Params, cross_entropy, dropout_mask, logits

if TYPE_CHECKING:
    from regcore.data import Part


CHUNK = 1000  # masks at a time: a wide network's 20,000 would fill 100 MB


def draw_masks(
    rng: np.random.Generator, n: int, hidden_sizes: Sequence[int], p: float
) -> list[Array]:
    """One inverted dropout mask (n, h) for each hidden layer."""
    return [dropout_mask(rng, (n, h), p) for h in hidden_sizes]


def masked_logits(x: Array, params: Params, p: float, draws: int, seed: int = 0) -> Array:
    """The logit (draws,) of one row x (1, d) in training mode, under `draws` masks."""
    rng, found = np.random.default_rng(seed), []
    for start in range(0, draws, CHUNK):
        n = min(CHUNK, draws - start)
        masks = draw_masks(rng, n, _widths(params), p)
        found.append(logits(np.repeat(x, n, axis=0), params, masks)[:, 0])
    return np.concatenate(found)


def running_mean(values: Array) -> tuple[Array, Array]:
    """Mean of the first 1, 2, ..., n values and its standard error s / √n (NaN for one value)."""
    n = np.arange(1, len(values) + 1)
    mean = np.cumsum(values) / n
    # around the first value, so that the difference of two large sums loses no digits
    shifted = values - values[0]
    squares = np.cumsum(shifted**2) - n * (np.cumsum(shifted) / n) ** 2
    with np.errstate(invalid="ignore", divide="ignore"):
        return mean, np.sqrt(np.maximum(squares, 0.0) / (n - 1) / n)


def training_mode_loss(
    part: "Part", params: Params, p: float, draws: int = 20, seed: int = 0
) -> tuple[float, float]:
    """Mean cross-entropy of a part with dropout on, and its standard error, over fresh masks."""
    rng, losses = np.random.default_rng(seed), []
    for _ in range(draws):
        masks = draw_masks(rng, len(part.X), _widths(params), p)
        losses.append(cross_entropy(logits(part.X, params, masks), part.y).mean())
    return float(np.mean(losses)), float(np.std(losses, ddof=1) / np.sqrt(draws))


def _widths(params: Params) -> list[int]:
    return [W.shape[1] for W in params[:-2:2]]
