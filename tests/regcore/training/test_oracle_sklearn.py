"""The engine against scikit-learn's MLPClassifier, which minimizes the same objective.

Its alpha is λ times the rows in the batch. A first fit of one step creates its arrays, which are
overwritten with our starting weights. A second `fit` with warm_start continues from these with a
new optimizer, so the velocity of the first step has no effect.
"""

import numpy as np
import pytest
from sklearn.neural_network import MLPClassifier

from regcore import Config, Part, fit, flip_labels, load_breast_cancer, split
from tests.support.helpers import assert_agree, diabetes_split, plain_start, run, worst

pytestmark = pytest.mark.filterwarnings("ignore::sklearn.exceptions.ConvergenceWarning")


def sklearn_descent(part: Part, config: Config) -> list[np.ndarray]:
    """(W1, b1, ..., WL, bL) after config.epochs full-batch steps of scikit-learn."""
    oracle = MLPClassifier(
        config.hidden_sizes,
        solver="sgd",
        alpha=config.l2 * len(part),
        batch_size=len(part),
        learning_rate_init=config.lr,
        momentum=config.momentum,
        nesterovs_momentum=False,
        shuffle=False,
        tol=0,
        n_iter_no_change=np.inf,
        max_iter=1,
        warm_start=True,
    )
    X, y = part.X, part.y[:, 0]
    oracle.fit(X, y)
    start = plain_start(X.shape[1], config)
    oracle.coefs_ = [W.copy() for W in start[::2]]
    oracle.intercepts_ = [b[0].copy() for b in start[1::2]]
    oracle.set_params(max_iter=config.epochs).fit(X, y)
    assert oracle.t_ == (config.epochs + 1) * len(part)  # it ran to the end
    layers = zip(oracle.coefs_, oracle.intercepts_, strict=True)
    return [p for W, b in layers for p in (W, b[None, :])]


@pytest.mark.parametrize("l2", [0.0, 0.01, 0.1])
@pytest.mark.parametrize("hidden_sizes", [(4,), (64,), (16, 8)])
def test_the_engine_ends_where_scikit_learn_does(hidden_sizes, l2):
    config = Config(hidden_sizes=hidden_sizes, l2=l2)
    assert_agree(run(config).params, sklearn_descent(diabetes_split().train, config), 1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.01])
@pytest.mark.parametrize("hidden_sizes", [(64,), (16, 8)])
def test_momentum_equals_scikit_learns(hidden_sizes, l2):
    config = Config(hidden_sizes=hidden_sizes, l2=l2, momentum=0.9, epochs=300)
    assert_agree(run(config).params, sklearn_descent(diabetes_split().train, config), 1e-12)


@pytest.mark.parametrize("l2", [0.0, 0.05])
def test_flipped_labels_are_learned_as_scikit_learn_learns_them(l2):
    config, parts = Config(l2=l2, epochs=500), flip_labels(diabetes_split(), 0.3, 42)[0]
    assert_agree(fit(parts, config).params, sklearn_descent(parts.train, config), 1e-12)


@pytest.mark.parametrize(
    "config",
    [
        Config(epochs=500),
        Config(hidden_sizes=(16, 8), l2=0.05, epochs=500),
        Config(hidden_sizes=(16, 8), l2=0.01, momentum=0.9, epochs=300),
    ],
)
def test_breast_cancer_ends_where_scikit_learn_does(config):
    parts = split(load_breast_cancer())
    assert_agree(fit(parts, config).params, sklearn_descent(parts.train, config), 1e-12)


def test_the_oracle_detects_an_l2_error_of_one_percent():
    config = Config(l2=0.01, epochs=200)
    theirs = sklearn_descent(diabetes_split().train, config.but(l2=0.0101))
    assert worst(run(config).params, theirs)[0] > 1e-6
