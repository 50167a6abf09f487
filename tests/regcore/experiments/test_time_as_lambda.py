"""Distances between networks in function space, and end points against scikit-learn's."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import LogisticRegression

from regcore import PRESETS, Config, fit
from regcore.experiments.time_as_lambda import LAMBDAS, distances, rule_of_thumb
from tests.support.helpers import diabetes_split, plain_logits, run

LOGISTIC = Config(hidden_sizes=(), lr=0.3, momentum=0.9, epochs=4000)


@pytest.mark.parametrize("strength", [LAMBDAS[0], 0.02, LAMBDAS[-1]])
def test_finished_runs_end_where_logistic_regression_does(strength):
    train = diabetes_split(0.2).train
    W, b = run(LOGISTIC.but(l2=strength), 0.2).params
    theirs = LogisticRegression(C=1.0 / (len(train) * strength), tol=1e-12, max_iter=10_000)
    theirs.fit(train.X, train.y[:, 0])
    assert_allclose(W[:, 0], theirs.coef_[0], rtol=0, atol=1e-6)
    assert_allclose(b[0], theirs.intercept_, rtol=0, atol=1e-6)


def test_distances_are_those_of_plain_logits():
    X = diabetes_split(0.2).validation.X
    runs = [run(Config((4,), epochs=epochs), 0.2).params for epochs in (0, 10, 50)]
    z = [plain_logits(X, params) for params in runs]
    measured = distances(X, runs[:2], runs[1:])
    for row, early in enumerate(z[:2]):
        expected = [np.sqrt(np.mean((early - late) ** 2)) for late in (0.0, *z[1:])]
        assert_allclose(measured[row], expected, rtol=1e-12)
    assert measured[1, 1] == 0.0


def test_the_rule_of_thumb_counts_momentum():
    assert rule_of_thumb(Config(lr=0.1), 100) == pytest.approx(0.1)
    assert rule_of_thumb(PRESETS["memorize"], 100) == pytest.approx(0.01)
    assert rule_of_thumb(Config(), 0) == np.inf


@pytest.mark.slow
def test_for_logistic_regression_each_lambda_has_an_epoch():
    """Small λ match closely, and λ·η·t is not constant: the formula is an order of magnitude."""
    parts, config = diabetes_split(0.2), Config(hidden_sizes=())
    steps = np.unique(np.geomspace(1, config.epochs, 100).round().astype(int)).tolist()
    stopped = list(fit(parts, config, keep=steps).snapshots.values())
    finished = [run(LOGISTIC.but(l2=strength), 0.2).params for strength in LAMBDAS]
    sizes, *columns = distances(parts.validation.X, stopped, finished).T
    for strength, column in zip(LAMBDAS, columns, strict=True):
        place = int((column / sizes).argmin())
        assert column[place] < (0.1 if strength <= 0.05 else 0.4) * sizes[place]
        assert 0.05 < strength / rule_of_thumb(config, steps[place]) < 2.0
