"""The mathematics of a layered network: forward pass, loss, backpropagation, NumPy only.

A network is a tuple of parameters (W1, b1, ..., WL, bL) with W (d_in, d_out) and b (1, d_out):
ReLU between the layers, one logit z at the end, probability sigmoid(z).
"""

from collections.abc import Sequence
from itertools import pairwise
from numbers import Integral
from typing import Any, NamedTuple

import numpy as np

from regcore import checks
from regcore.checks import Array, shown
from regcore.nn.parameters import Params
from regcore.nn.regularizers import l2_penalty


def logits(X: Array, params: Params, masks: Sequence[Array] | None = None) -> Array:
    """The output z (n, 1) before the sigmoid, in evaluation mode (dropout off).

    With `masks`, one (n, h) for each hidden layer, it is the output of training mode.
    """
    A = X
    for level, (W, b) in enumerate(zip(params[:-2:2], params[1:-2:2], strict=True)):
        A = np.maximum(A @ W + b, 0.0)
        A = A if masks is None else A * masks[level]
    return A @ params[-2] + params[-1]


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^-z), without a warning when e^-z overflows (the limit, 0, is right)."""
    with np.errstate(over="ignore"):
        return 1.0 / (1.0 + np.exp(-z))


def cross_entropy(z: Array, y: Array) -> Array:
    """Binary cross-entropy of each element from its logit: log(1 + e^z) - y z.

    Exact for any z: at z = 40 and y = 0 it is 40, where a clipped probability gives 27.6.
    """
    # this order keeps small losses: 40 - 1 * 40 first, or the remaining 4e-18 would be lost
    return (np.maximum(z, 0.0) - y * z) + np.log1p(np.exp(-np.abs(z)))


def gradients(
    X: Array, y: Array, params: Params, l2: float = 0.0, masks: Sequence[Array] | None = None
) -> Params:
    """Gradients (dW1, db1, ..., dWL, dbL) of mean cross-entropy + (l2 / 2) * sum W².

    X (n, d), y (n, 1). `masks` holds one dropout mask (n, h) for each hidden layer, with values 0
    and 1 / (1 - p). This is textbook backpropagation (Rumelhart et al., 1986);
    `regcore.nn.backprop` computes the same without new arrays.

    Raises ValueError or TypeError unless the arguments fit together and the gradients are finite.
    """
    X, y, params = _checked(X, y, params)
    l2, masks = checks.real("l2", l2, *checks.FINITE), _checked_masks(masks, len(X), params)
    with np.errstate(all="ignore"):
        grads = _backprop(X, y, params, l2, masks or [np.ones(1)] * (len(params) // 2 - 1))
    for grad in grads:
        _check_result("a gradient", grad)
    checks.freeze(*grads)
    return grads


def _backprop(X: Array, y: Array, params: Params, l2: float, masks: Sequence[Array]) -> Params:
    A, Z = [X], []
    for W, b, mask in zip(params[:-2:2], params[1:-2:2], masks, strict=True):
        Z.append(A[-1] @ W + b)
        A.append(np.maximum(Z[-1], 0.0) * mask)
    dZ = (sigmoid(A[-1] @ params[-2] + params[-1]) - y) / len(X)
    grads: Params = ()
    for layer in reversed(range(len(A))):
        W = params[2 * layer]
        grads = (A[layer].T @ dZ + l2 * W, dZ.sum(axis=0, keepdims=True), *grads)
        if layer:
            dZ = (dZ @ W.T) * masks[layer - 1] * (Z[layer - 1] > 0.0)
    return grads


def objective(X: Array, y: Array, params: Params, l2: float = 0.0) -> float:
    """What training minimizes: mean cross-entropy + (l2 / 2) * (sum of squared weights).

    X (n, d), y (n, 1), dropout off. Raises ValueError or TypeError as `gradients` does.
    """
    X, y, params = _checked(X, y, params)
    l2 = checks.real("l2", l2, *checks.FINITE)
    with np.errstate(all="ignore"):
        value = float(cross_entropy(logits(X, params), y).mean()) + l2_penalty(params, l2)
    _check_result("an objective", value)
    return value


def _checked(X: Any, y: Any, params: Any) -> tuple[Array, Array, Params]:
    """Rows, labels and parameters as float64. Raises unless finite and fitting."""
    X, y = checks.numbers("X", X), checks.numbers("y", y)
    checks.check_rows(X, y)
    listed = checks.items("params", params, "a tuple (W1, b1, ..., WL, bL)")
    params = tuple(checks.numbers("params", p) for p in listed)
    shapes, out = [p.shape for p in params], [p.shape[-1] if p.ndim else 0 for p in params[::2]]
    layers = pairwise([X.shape[1], *out])
    fitting = [shape for d_in, d_out in layers for shape in ((d_in, d_out), (1, d_out))]
    if shapes != fitting or 0 in out or out[-1:] != [1]:
        raise ValueError(
            f"params has the shapes {shown(shapes)}; "
            f"it must be (W1, b1, ..., WL, bL) from {X.shape[1]} features to 1 output."
        )
    if not all(np.isfinite(p).all() for p in (y, *params)):
        raise ValueError("y or params holds a value that is not finite; all must be finite.")
    return X, y, params


def _checked_masks(masks: Any, rows: int, params: Params) -> list[Array] | None:
    if masks is None:
        return None
    listed = checks.items("masks", masks, "a list of dropout masks")
    masks = [checks.numbers("masks", mask) for mask in listed]
    shapes, fitting = [mask.shape for mask in masks], [(rows, b.size) for b in params[1:-2:2]]
    if shapes != fitting:
        raise ValueError(f"masks has the shapes {shown(shapes)}; it must have {shown(fitting)}.")
    return masks


def _check_result(what: str, value: Any) -> None:
    if not np.isfinite(value).all():
        raise ValueError(f"X and params give {what} that is not finite; they must be smaller.")


def slope(
    X: Array,
    y: Array,
    params: Params,
    layer: int,
    row: int,
    column: int,
    l2: float = 0.0,
    step: float = 1e-5,
) -> float:
    """The central difference of `objective` by W[row, column] of a layer, counted from 0.

    (objective at W + step - objective at W - step) / (2 step): the derivative without calculus,
    good to about step². Raises IndexError when there is no such weight, ValueError when step is
    not above 0 or too small to change the weight, and the errors of `objective`.
    """
    X, y, params = _checked(X, y, params)
    place = _place([W.shape for W in params[::2]], layer, row, column)
    step = checks.real("step", step, checks.ABOVE_ZERO, checks.MAX_FLOAT, "above 0 and finite")
    weight = params[2 * place[0]][place[1:]]
    if weight + step == weight - step:
        raise ValueError(f"step is {step}; it must be large enough to change {weight:g}.")
    return central_difference(X, y, params, 2 * place[0], place[1:], l2, step)


def central_difference(
    X: Array,
    y: Array,
    params: Params,
    place: int,
    index: tuple[int, ...],
    l2: float = 0.0,
    step: float = 1e-5,
) -> float:
    """The same for the element params[place][index], which may be a bias."""

    def at(distance: float) -> float:
        moved = [p.copy() for p in params]
        moved[place][index] += distance
        return objective(X, y, tuple(moved), l2)

    return (at(step) - at(-step)) / (2 * step)


class GradientCheck(NamedTuple):
    """The derivative by one weight: the formula's terms ∂L/∂W and λW, and the measured `slope`."""

    data: float
    penalty: float
    measured: float

    @property
    def formula(self) -> float:
        """The sum of both terms."""
        return self.data + self.penalty


def check_gradient(
    X: Array, y: Array, params: Params, layer: int, row: int, column: int, l2: float = 0.0
) -> GradientCheck:
    """The formula of L2's gradient and the measured slope at one weight. Raises as `slope` does."""
    measured = slope(X, y, params, layer, row, column, l2)
    dW, W = gradients(X, y, params)[2 * layer], params[2 * layer]
    return GradientCheck(float(dW[row, column]), float(l2 * W[row, column]), measured)


def _place(shapes: list[tuple[int, int]], *place: Any) -> tuple[int, int, int]:
    """(layer, row, column) as int. Raises IndexError unless there is such a weight."""
    layer, row, column = (checks.plain(index, Integral, int) for index in place)
    rows, columns = shapes[layer] if layer in range(len(shapes)) else (0, 0)
    if row not in range(rows) or column not in range(columns):
        named = "W[{}][{}, {}]".format(*map(shown, place))
        raise IndexError(f"{named} does not exist; the weights have the shapes {shown(shapes)}.")
    return layer, row, column
