"""The mathematics of a layered network: NumPy only.

A network is a tuple of parameters (W1, b1, ..., WL, bL) with W (d_in, d_out) and
b (1, d_out): ReLU between the layers, one logit z at the end, probability sigmoid(z).

Two views of the same parameters:

* *params*, the tuple above, which learners and pages read;
* *theta*, one flat vector in the order W1, b1, W2, b2, ... whose views, the *blocks*
  [W; b] (d_in + 1, d_out), let one matrix product do weights and bias together.

`Pass` and `TrainingPass` carry patients as columns (a last row of ones meets the bias) in
buffers that are allocated once: at this size, temporaries cost more than arithmetic.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Params = tuple[Array, ...]
_ONE: Array = np.ones(1)


def layer_shapes(n_features: int, hidden_sizes: Sequence[int]) -> list[tuple[int, int]]:
    """(d_in, d_out) of each layer, the single output unit last."""
    sizes = [n_features, *hidden_sizes, 1]
    return list(pairwise(sizes))


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


def freeze(*arrays: Array | None) -> None:
    """Make arrays read-only, since what is finished is shared."""
    for array in arrays:
        if array is not None:
            array.setflags(write=False)


def weight_mask(shapes: list[tuple[int, int]]) -> Array:
    """A vector like theta with 1 for weights and 0 for biases, which L2 leaves alone."""
    mask = np.ones(sum((d_in + 1) * d_out for d_in, d_out in shapes))
    for block in blocks_of(mask, shapes):
        block[-1] = 0.0
    return mask


def as_columns(X: Array) -> Array:
    """X (n, d) as (d + 1, n): a row becomes a column with a 1 at its end for the bias."""
    return np.vstack([X.T, np.ones((1, len(X)))])


def logits(X: Array, params: Params) -> Array:
    """The output z (n, 1) before the sigmoid, in evaluation mode (dropout off)."""
    A = X
    for W, b in zip(params[:-2:2], params[1:-2:2], strict=True):
        A = np.maximum(A @ W + b, 0.0)
    return A @ params[-2] + params[-1]


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), without a warning when e^-z overflows (the limit, 0, is right)."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def cross_entropy(z: Array, y: Array) -> Array:
    """Binary cross-entropy of each element from its logit: log(1 + e^z) - y z.

    Exact for any z: at z = 40 and y = 0 it is 40, where a clipped probability says 27.6.
    """
    # in this order: 40 - 1 * 40 first, or the 4e-18 that is left would be rounded away
    return (np.maximum(z, 0.0) - y * z) + np.log1p(np.exp(-np.abs(z)))


def penalty(params: Params, l2: float) -> float:
    """The L2 term (l2 / 2) * (sum of squared weights); biases are left out."""
    return 0.5 * l2 * sum(float(np.sum(W * W)) for W in params[::2])


def dropout_mask(rng: np.random.Generator, shape: tuple[int, int], p: float) -> Array:
    """Inverted dropout: 0 with probability p, else 1 / (1 - p), so that the mean is 1.

    Srivastava et al., 2014; scaling while training keeps evaluation free of any factor.
    """
    return np.where(rng.random(shape) < p, 0.0, 1.0 / (1.0 - p))


def gradients(
    X: Array, y: Array, params: Params, l2: float = 0.0, masks: Sequence[Array] | None = None
) -> Params:
    """Gradients (dW1, db1, ..., dWL, dbL) of mean cross-entropy + (l2 / 2) * sum W².

    X (n, d), y (n, 1). `masks` holds one dropout mask (n, h) for each hidden layer,
    with values 0 and 1 / (1 - p). The same code trains; this form is for checking it.
    """
    shapes = [W.shape for W in params[::2]]
    theta, grad = flatten(params), np.empty(sum(p.size for p in params))
    one = TrainingPass(blocks_of(theta, shapes), len(X), blocks_of(grad, shapes))
    one.A[0][:] = as_columns(X)
    one.forward(None if masks is None else [mask.T for mask in masks])
    one.backward(y[:, 0])
    return params_of(grad + l2 * weight_mask(shapes) * theta, shapes)


def aligned(shape: tuple[int, ...], fill: float = 0.0) -> Array:
    """A new array that starts on a 64-byte line, which the vector units read without a seam."""
    size = int(np.prod(shape))
    raw = np.empty(size + 8)
    start = (-raw.ctypes.data % 64) // 8
    out = raw[start : start + size].reshape(shape)
    out[...] = fill
    return out


class Gate:
    """Which units of a hidden layer are on: what turns Z into A, and dL/dA back into dL/dZ."""

    def __init__(self, H: Array) -> None:
        self.H, self.S, self._on = H, aligned(H.shape), np.empty(H.shape, np.int8)
        self._on_as_bool = self._on.view(bool)

    def close(self, mask: Array | None) -> None:
        """H = relu(H), times the dropout mask if there is one; S holds the factor."""
        # comparing, copying and multiplying is faster than maximum and leaves S for later
        np.greater(self.H, 0.0, out=self._on_as_bool)
        np.copyto(self.S, self._on)
        if mask is not None:
            self.S *= mask
        self.H *= self.S


class Pass:
    """Buffers that take n patients, one in each column, through the network, dropout off.

    A[0] (d + 1, n) is the input and A[l] (h + 1, n) the output of hidden layer l, each with
    its last row of ones; z (n,) are the logits. `blocks` are views of the weights, which may
    change between calls.
    """

    def __init__(self, blocks: list[Array], n: int) -> None:
        self.A = [aligned((len(block), n), fill=1.0) for block in blocks]
        self.hidden = [A[:-1] for A in self.A[1:]]
        self.z = np.empty(n)
        self._turned = [block.T for block in blocks[:-1]]
        self._out = blocks[-1][:, 0]
        self._zero = np.zeros(n)  # as an array: a scalar makes maximum half as fast

    def forward(self, masks: list[Array] | None = None) -> Array:
        """Fill A and z from A[0]; `masks` (h, n), if any, multiply after each ReLU."""
        for level, H in enumerate(self.hidden):
            np.matmul(self._turned[level], self.A[level], out=H)
            self._activate(level, None if masks is None else masks[level])
        return np.dot(self._out, self.A[-1], out=self.z)

    def _activate(self, level: int, mask: Array | None) -> None:
        """H = relu(H), in place."""
        np.maximum(self.hidden[level], self._zero, out=self.hidden[level])


class TrainingPass(Pass):
    """A Pass that keeps what the way back needs; the gradient goes into `grads`, like `blocks`."""

    def __init__(self, blocks: list[Array], n: int, grads: list[Array]) -> None:
        super().__init__(blocks, n)
        self.blocks, self.grads, self._grad_out = blocks, grads, grads[-1][:, 0]
        self.gates = [Gate(H) for H in self.hidden]
        self._AE = [aligned(A.shape) for A in self.A[:-1]]
        self._E = np.empty(n)

    def _activate(self, level: int, mask: Array | None) -> None:
        self.gates[level].close(mask)

    def backward(self, y: Array) -> None:
        """Write the gradient of the mean cross-entropy against y (n,) into `grads`.

        Takes the buffers as `forward` left them and uses them up.

        With E = dL/dz = (sigmoid(z) - y) / n, the gradient of a block is (A * E) @ (dz/dZ).T.
        In the top hidden layer dz/dZ is the gate times the output weights; multiplying those
        in after the product spares an outer product as large as the layer.
        """
        E = self._output_error(y)
        np.dot(self.A[-1], E, out=self._grad_out)
        weights, above = self._out[:-1], None
        for level in reversed(range(len(self.hidden))):
            S = self.gates[level].S
            if above is not None:
                S *= (self.blocks[level + 1][:-1] * weights) @ above
                weights = _ONE
            np.multiply(self.A[level], E, out=self._AE[level])
            np.matmul(self._AE[level], S.T, out=self.grads[level])
            self.grads[level] *= weights
            above = S

    def _output_error(self, y: Array) -> Array:
        """(sigmoid(z) - y) / n, in place."""
        E = np.negative(self.z, out=self._E)
        np.exp(E, out=E)
        E += 1.0
        np.reciprocal(E, out=E)
        E -= y
        E *= 1.0 / len(E)
        return E
