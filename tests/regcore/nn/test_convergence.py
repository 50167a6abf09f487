"""A mean over masks that settles, the losses of snapshots, and the check of a gradient."""

import numpy as np
import pytest

from regcore import Config, fit
from regcore.nn import dropout, network
from tests.support.helpers import diabetes_split


def test_a_mean_settles_at_its_exact_value():
    values = np.random.default_rng(0).normal(2.0, 1.0, 5000)
    found = dropout.convergence(values, 2.0)
    assert found.masks[0] == 2 and found.masks[-1] == 5000
    assert found.mean[-1] == pytest.approx(values.mean(), rel=1e-12)
    assert found.error[-1] == pytest.approx(values.std(ddof=1) / np.sqrt(5000), rel=1e-12)
    assert found.distance == pytest.approx(abs(values.mean() - 2.0) / found.error[-1])
    assert found.distance < 4.0


def test_the_losses_of_snapshots_are_those_of_each():
    parts = diabetes_split()
    run = fit(parts, Config((4,), epochs=20, dropout=0.3), keep=(0, 10, 20))
    X, y, snapshots = parts.train.X, parts.train.y, list(run.snapshots.values())
    losses = dropout.training_mode_losses(X, y, snapshots, 0.3, 5)
    each = [dropout.training_mode_loss(X, y, params, 0.3, 5)[0] for params in snapshots]
    assert losses.tolist() == each


def test_the_two_terms_of_the_formula_add_up_to_the_measured_slope():
    parts, l2 = diabetes_split(), 0.05
    params = fit(parts, Config((4,), epochs=20)).params
    X, y = parts.train.X, parts.train.y
    found = network.check_gradient(X, y, params, 0, 3, 2, l2)
    assert found.penalty == l2 * params[0][3, 2]
    assert found.formula == pytest.approx(network.gradients(X, y, params, l2)[0][3, 2], rel=1e-12)
    assert found.formula == pytest.approx(found.measured, abs=1e-8)
