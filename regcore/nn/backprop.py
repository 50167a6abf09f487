"""Passes: the buffers that take patients through a network and back, allocated once.

Patients are columns here, and a last row of ones meets the bias, so that one matrix product
does weights and bias together. At this size, temporaries cost more than arithmetic.
"""

import numpy as np

from regcore.checks import Array

_ONE: Array = np.ones(1)


def as_columns(X: Array) -> Array:
    """X (n, d) as (d + 1, n): a row becomes a column with a 1 at its end for the bias."""
    return np.vstack([X.T, np.ones((1, len(X)))])


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
