"""The decision surface of two features: a network's probability on a grid of points."""

from collections.abc import Callable, Sequence

import numpy as np

from regcore.checks import Array
from regcore.data.bundled import two_moons_truth
from regcore.data.dataset import Split
from regcore.nn.network import logits, sigmoid
from regcore.nn.parameters import Params

Probability = Callable[[Array], Array]
CELLS = 60  # per side of the grid
MARGIN = 0.04  # share of the range of the training rows


def in_units(X: Array, split: Split) -> Array:
    """Standardized rows X (n, d) in their original units."""
    return (X * split.scale + split.mean).round(6)


def edges(split: Split) -> list[Array]:
    """The edges (CELLS + 1,) of the cells along each feature, in its original units."""
    points = in_units(split.train.X, split)
    low, high = points.min(axis=0), points.max(axis=0)
    margin = MARGIN * np.where(high > low, high - low, 1.0)  # all rows may have one value
    return list(np.linspace(low - margin, high + margin, CELLS + 1).T)


def predicted(split: Split, params: Params) -> Probability:
    """The network's probability of outcome 1 (n, 1) for points (n, 2) in their original units."""
    return lambda X: sigmoid(logits((X - split.mean) / split.scale, params))


def surfaces(split: Split, snapshots: Sequence[Params]) -> Array:
    """The surface of each network, in thousandths: (snapshots, CELLS * CELLS), int16."""
    return _on_grid(split, [predicted(split, params) for params in snapshots])


def true_surface(split: Split, noise: float) -> Array:
    """The true probability behind the two moons as one surface, in the form of `surfaces`."""
    return _on_grid(split, [lambda X: two_moons_truth(X, noise)])


def _on_grid(split: Split, probabilities: Sequence[Probability]) -> Array:
    centres = [(e[:-1] + e[1:]) / 2 for e in edges(split)]
    grid = np.stack(np.meshgrid(*centres), axis=-1).reshape(-1, 2)
    values = [probability(grid)[:, 0] for probability in probabilities]
    return (1000 * np.array(values)).round().astype(np.int16)  # small, as a browser gets them all
