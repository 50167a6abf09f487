"""Descent with and without momentum, on a bowl whose path is known."""

import numpy as np

from regcore.training.optimizer import SGD


def descended(momentum: float, steps: int) -> float:
    theta = np.array([1.0])
    optimizer = SGD(theta, lr=0.1, momentum=momentum)
    for _ in range(steps):
        optimizer.step(theta.copy())  # the gradient of θ²/2
    return float(theta[0])


def test_plain_descent_shrinks_by_a_constant_factor():
    assert np.isclose(descended(0.0, 7), 0.9**7, rtol=1e-14)


def test_momentum_follows_its_recursion():
    before, now = 1.0, 0.9
    for _ in range(6):
        before, now = now, now - 0.1 * now + 0.5 * (now - before)
    assert np.isclose(descended(0.5, 7), now, rtol=1e-14)
