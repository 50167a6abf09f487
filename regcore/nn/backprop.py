"""Passes: preallocated buffers for the forward and backward pass of a network.

Patients are columns here, with a last row of ones for the bias, so that one matrix product
applies weights and bias. At this size, temporary arrays cost more than arithmetic.
"""

import numpy as np

from regcore.checks import Array
from regcore.nn.mask_stream import MaskStream

_ONE: Array = np.ones(1)


def as_columns(X: Array) -> Array:
    """X (n, d) as (d + 1, n): each row becomes a column that ends with a 1 for the bias."""
    return np.vstack([X.T, np.ones((1, len(X)))])


def aligned(shape: tuple[int, ...], fill: float = 0.0) -> Array:
    """A new array that starts at a multiple of 64 bytes, for fast vector loads."""
    size = int(np.prod(shape))
    raw = np.empty(size + 8)
    start = (-raw.ctypes.data % 64) // 8
    out = raw[start : start + size].reshape(shape)
    out[...] = fill
    return out


def write_cross_entropy(z: Array, y: Array, out: Array, scratch: Array) -> None:
    """Write `network.cross_entropy(z, y)` into `out`, bit for bit; `scratch` is overwritten."""
    np.maximum(z, 0.0, out=out)
    out -= np.multiply(y, z, out=scratch)
    np.abs(z, out=scratch)
    np.negative(scratch, out=scratch)
    np.exp(scratch, out=scratch)
    out += np.log1p(scratch, out=scratch)


class Gate:
    """The active units of a hidden layer: the factor from Z to A, and from dL/dA to dL/dZ."""

    def __init__(self, H: Array) -> None:
        self.H, self.S = H, aligned(H.shape)
        self._on = np.empty(H.shape, bool)
        self._on_as_int8 = self._on.view(np.int8)

    def close(self) -> None:
        """H = relu(H); S holds the factor."""
        # comparing, copying and multiplying is faster than maximum and leaves S for later
        np.greater(self.H, 0.0, out=self._on)
        np.copyto(self.S, self._on_as_int8)
        self.H *= self.S

    def drop(self, masks: MaskStream) -> None:
        """Multiply H and S, which `close` filled, by a mask: that of `dropout_mask`, in place."""
        masks.apply(self._on)
        np.copyto(self.S, self._on_as_int8)
        self.S *= 1.0 / (1.0 - masks.p)
        self.H *= self.S


class Pass:
    """Buffers for the forward pass of n patients, one in each column, dropout off.

    A[0] (d + 1, n) is the input and A[l] (h + 1, n) the output of hidden layer l, each with
    its last row of ones; z (n,) are the logits. `blocks` are views of the weights, which may
    change between calls.
    """

    def __init__(self, blocks: list[Array], n: int) -> None:
        self.A = [aligned((len(block), n), fill=1.0) for block in blocks]
        self.hidden = [A[:-1] for A in self.A[1:]]
        self.z = np.empty(n)
        self._transposed = [block.T for block in blocks[:-1]]
        self._out = blocks[-1][:, 0]
        self._zero = np.zeros(n)  # np.maximum is twice as fast with an array as with a scalar

    def forward(self) -> Array:
        """Fill A and z from A[0] and return z."""
        for layer in range(len(self.hidden)):
            self._multiply(layer)
            self._activate(layer)
        return self._output()

    def _multiply(self, layer: int) -> None:
        """H = Z of a hidden layer."""
        np.matmul(self._transposed[layer], self.A[layer], out=self.hidden[layer])

    def _activate(self, layer: int) -> None:
        """H = relu(H), in place."""
        np.maximum(self.hidden[layer], self._zero, out=self.hidden[layer])

    def _output(self) -> Array:
        return np.dot(self._out, self.A[-1], out=self.z)


class TrainingPass(Pass):
    """A Pass with a backward pass, which writes the gradient into `grads`, shaped like `blocks`."""

    def __init__(self, blocks: list[Array], n: int, grads: list[Array]) -> None:
        super().__init__(blocks, n)
        self.blocks, self.grads, self._grad_out = blocks, grads, grads[-1][:, 0]
        self.gates = [Gate(H) for H in self.hidden]
        self._AE = [aligned(A.shape) for A in self.A[:-1]]
        self._E = np.empty(n)

    def _activate(self, layer: int) -> None:
        self.gates[layer].close()

    def forward_with_dropout(self, masks: MaskStream, known: bool) -> None:
        """The forward pass with the next mask after each ReLU.

        known  whether the buffers hold the forward pass without dropout at the same weights; then
               the first hidden layer is not multiplied again, since no mask comes before it
        """
        for layer, gate in enumerate(self.gates):
            if layer or not known:
                self._multiply(layer)
                gate.close()
            gate.drop(masks)
        self._output()

    def backward(self, y: Array) -> None:
        """Write the gradient of the mean cross-entropy against y (n,) into `grads`.

        Uses the buffers that the forward pass filled, and overwrites them.

        With E = dL/dz = (sigmoid(z) - y) / n, the gradient of a block is (A * E) @ (dz/dZ).T.
        In the top hidden layer dz/dZ is the gate times the output weights; multiplying by these
        after the product avoids an outer product as large as the layer.
        """
        E = self._output_error(y)
        np.dot(self.A[-1], E, out=self._grad_out)
        weights, above = self._out[:-1], None
        for layer in reversed(range(len(self.hidden))):
            S = self.gates[layer].S
            if above is not None:
                S *= (self.blocks[layer + 1][:-1] * weights) @ above
                weights = _ONE
            np.multiply(self.A[layer], E, out=self._AE[layer])
            np.matmul(self._AE[layer], S.T, out=self.grads[layer])
            self.grads[layer] *= weights
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
