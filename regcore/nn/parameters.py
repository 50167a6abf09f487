"""The parameters of a layered network, as a readable tuple and as one flat vector.

* *params*: the tuple (W1, b1, ..., WL, bL) with W (d_in, d_out) and b (1, d_out);
* *theta*: one vector in the order W1, b1, W2, b2, ..., whose views, the *blocks* [W; b]
  (d_in + 1, d_out), let one matrix product apply weights and bias.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from regcore.checks import Array, freeze

Params = tuple[Array, ...]


def layer_shapes(n_features: int, hidden_sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(d_in, d_out) of each layer, the single output unit last."""
    return list(pairwise([n_features, *hidden_sizes, 1]))


def parameter_count(n_features: int, hidden_sizes: Sequence[int]) -> int:
    """Number of free parameters, weights and biases: the sum of (d_in + 1) * d_out."""
    return sum((d_in + 1) * d_out for d_in, d_out in layer_shapes(n_features, hidden_sizes))


def init_params(n_features: int, hidden_sizes: Sequence[int], seed: int) -> Params:
    """Weights normal with standard deviation 0.1, drawn W1 first; biases zero."""
    rng = np.random.default_rng(seed)
    params: list[Array] = []
    for d_in, d_out in layer_shapes(n_features, hidden_sizes):
        params += [rng.standard_normal((d_in, d_out)) * 0.1, np.zeros((1, d_out))]
    return tuple(params)


def steepest_slope(params: Params) -> float:
    """An upper bound on the slope of the logit, in any direction, at any X: the product of ‖W‖.

    ‖W‖ is the largest singular value; a ReLU has slope 0 or 1, and biases only shift. (Lipschitz
    constant of a composition; Szegedy et al., 2014, section 4.3.) Infinite for weights that are
    not finite.
    """
    weights = params[::2]
    if not all(np.isfinite(W).all() for W in weights):
        return float("inf")
    return float(np.prod([np.linalg.norm(W, 2) for W in weights]))


def flatten(params: Params) -> Array:
    """theta: all parameters as one new vector, in the order W1, b1, W2, b2, ..."""
    return np.concatenate([p.ravel() for p in params])


def blocks_of(theta: Array, shapes: list[tuple[int, int]]) -> list[Array]:
    """Views [W; b] (d_in + 1, d_out) into theta, one for each layer."""
    ends = np.cumsum([(d_in + 1) * d_out for d_in, d_out in shapes])
    pieces = np.split(theta, ends[:-1])
    return [piece.reshape(-1, d_out) for piece, (_, d_out) in zip(pieces, shapes, strict=True)]


def params_of(theta: Array, shapes: list[tuple[int, int]]) -> Params:
    """A read-only copy of theta as (W1, b1, ..., WL, bL)."""
    params: list[Array] = []
    for block in blocks_of(theta, shapes):
        params += [block[:-1].copy(), block[-1:].copy()]
    freeze(*params)
    return tuple(params)


def weight_mask(shapes: list[tuple[int, int]]) -> Array:
    """A vector like theta with 1 for weights and 0 for biases, which L2 excludes."""
    mask = np.ones(sum((d_in + 1) * d_out for d_in, d_out in shapes))
    for block in blocks_of(mask, shapes):
        block[-1] = 0.0
    return mask
