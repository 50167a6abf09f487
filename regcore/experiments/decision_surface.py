"""The decision surface of two features: a network's probability on a grid of points."""

from collections.abc import Callable, Sequence

import numpy as np

from regcore.checks import Array
from regcore.data.bundled import two_moons_truth
from regcore.data.dataset import Split
from regcore.nn.network import logits, sigmoid
from regcore.nn.parameters import Params

Probability = Callable[[Array], Array]
CELLS = 60  # a side of the grid
MARGIN = 0.04  # share of the range of the training rows


def in_units(X: Array, split: Split) -> Array:
    """Standardised rows X (n, d) in their own units again."""
    return (X * split.scale + split.mean).round(6)


def edges(split: Split) -> list[Array]:
    """The edges (CELLS + 1,) of the cells along each feature, in its own units."""
    points = in_units(split.train.X, split)
    low, high = points.min(axis=0), points.max(axis=0)
    room = MARGIN * np.where(high > low, high - low, 1.0)  # few rows may all have one value
    return list(np.linspace(low - room, high + room, CELLS + 1).T)


def predicted(split: Split, params: Params) -> Probability:
    """The network's probability of outcome 1 for points (n, 2) in their own units, (n, 1)."""
    return lambda X: sigmoid(logits((X - split.mean) / split.scale, params))


def surfaces(split: Split, snapshots: Sequence[Params]) -> Array:
    """The surface of each of the networks, in thousandths: (snapshots, CELLS * CELLS), int16."""
    return _on_grid(split, [predicted(split, params) for params in snapshots])


def true_surface(split: Split, noise: float) -> Array:
    """The true probability behind the two moons as one surface, as `surfaces` gives them."""
    return _on_grid(split, [lambda X: two_moons_truth(X, noise)])


def _on_grid(split: Split, probabilities: Sequence[Probability]) -> Array:
    centres = [(e[:-1] + e[1:]) / 2 for e in edges(split)]
    grid = np.stack(np.meshgrid(*centres), axis=-1).reshape(-1, 2)
    found = [probability(grid)[:, 0] for probability in probabilities]
    return (1000 * np.array(found)).round().astype(np.int16)  # few bytes: a browser gets them all
