"""Regularizers: terms added to the loss, and their gradients.

A regularizer is a class with `penalty` and `add_gradient`, listed in REGULARIZERS under the name
of its strength in a Config.
"""

import math
from collections.abc import Callable
from typing import Protocol

import numpy as np

from regcore.checks import Array
from regcore.config import Config
from regcore.nn.parameters import Params


class Regularizer(Protocol):
    """What a run adds to its loss. jumps: whether its gradient does, which amplifies rounding."""

    jumps: bool

    def penalty(self, theta: Array) -> float:
        """The term at the parameters theta."""

    def add_gradient(self, grad: Array, theta: Array) -> None:
        """Add its gradient to `grad`, in place."""


class L2:
    """Weight decay: (λ / 2) Σ W², biases left out (Krogh and Hertz, 1992).

    strength is λ; mask is a vector like theta, 1 for weights and 0 for biases.
    """

    jumps = False

    def __init__(self, strength: float, mask: Array) -> None:
        self.decay = strength * mask

    def penalty(self, theta: Array) -> float:
        """(λ / 2) Σ W² at the parameters theta."""
        return 0.5 * float(theta @ (self.decay * theta))

    def add_gradient(self, grad: Array, theta: Array) -> None:
        """Add λ W to `grad`, in place."""
        grad += self.decay * theta


REGULARIZERS: dict[str, Callable[[float, Array], Regularizer]] = {"l2": L2}


def regularizers_of(config: Config, mask: Array) -> list[Regularizer]:
    """The regularizers whose strength in `config` is above 0."""
    strengths = {name: getattr(config, name) for name in REGULARIZERS}
    return [REGULARIZERS[name](value, mask) for name, value in strengths.items() if value]


def l2_penalty(params: Params, l2: float) -> float:
    """(l2 / 2) * (sum of squared weights) of a tuple (W1, b1, ..., WL, bL)."""
    return 0.5 * l2 * sum(float(np.sum(W * W)) for W in params[::2])


def half_life(lr: float, l2: float, momentum: float = 0.0) -> float:
    """The number of steps in which a weight halves when only the penalty acts on it.

    Gradient descent with momentum is then w' = (1 + μ - ηλ) w - μ w⁻, which decays like the larger
    root of its characteristic polynomial.
    """
    roots = np.roots([1.0, -(1.0 + momentum - lr * l2), momentum])
    return math.log(0.5) / math.log(np.abs(roots).max())
