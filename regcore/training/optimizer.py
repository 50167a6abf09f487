"""Optimizer: gradient descent, plain or with momentum."""

import numpy as np

from regcore.checks import Array


class SGD:
    """v ← μ v + gradient, θ ← θ - η v, in place (Polyak, 1964); μ = 0 is plain gradient descent."""

    def __init__(self, theta: Array, lr: float, momentum: float = 0.0) -> None:
        self.theta, self.lr, self.momentum = theta, lr, momentum
        self.velocity = np.zeros_like(theta)

    def step(self, grad: Array) -> None:
        """One step along -`grad`, a vector like theta, which is overwritten."""
        if self.momentum:
            self.velocity *= self.momentum
            self.velocity += grad
            grad[:] = self.velocity
        grad *= self.lr
        self.theta -= grad
