"""L2: its penalty, its gradient, and how long a weight lasts under it."""

import numpy as np
import pytest

from regcore import Config
from regcore.nn import parameters
from regcore.nn.regularizers import L2, half_life, l2_penalty, regularizers_of

SHAPES = parameters.layer_shapes(3, (4,))
MASK = parameters.weight_mask(SHAPES)
THETA = np.random.default_rng(0).standard_normal(len(MASK))


def test_the_penalty_of_the_vector_is_that_of_the_tuple():
    params = parameters.params_of(THETA, SHAPES)
    assert L2(0.3, MASK).penalty(THETA) == pytest.approx(l2_penalty(params, 0.3), rel=1e-14)


def test_the_gradient_is_the_slope_of_the_penalty():
    l2, grad, step = L2(0.3, MASK), np.zeros(len(THETA)), 1e-5
    l2.add_gradient(grad, THETA)
    for place in range(len(THETA)):
        move = step * (np.arange(len(THETA)) == place)
        slope = (l2.penalty(THETA + move) - l2.penalty(THETA - move)) / (2 * step)
        assert slope == pytest.approx(grad[place], abs=1e-9)


def test_only_strengths_above_zero_make_a_regularizer():
    assert regularizers_of(Config(), MASK) == []
    (l2,) = regularizers_of(Config(l2=0.1), MASK)
    assert l2.penalty(THETA) > 0.0


@pytest.mark.parametrize("momentum", [0.0, 0.5, 0.9])
def test_a_weight_halves_in_its_half_life(momentum):
    lr, l2 = 0.1, 0.01  # with more of both, momentum swings to and fro
    weight, velocity, steps = 1.0, 0.0, 0
    while weight > 0.5:
        velocity = momentum * velocity + l2 * weight
        weight, steps = weight - lr * velocity, steps + 1
    late = steps  # the start from rest takes a few steps more
    while weight > 0.25:
        velocity = momentum * velocity + l2 * weight
        weight, steps = weight - lr * velocity, steps + 1
    assert steps - late == pytest.approx(half_life(lr, l2, momentum), abs=1.0)
