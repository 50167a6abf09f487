"""Random features against scikit-learn and NumPy, and the tower where the width equals the rows."""

from functools import cache

import numpy as np
import pytest
from numpy.testing import assert_allclose
from sklearn.linear_model import Ridge

from regcore import flip_labels
from regcore.experiments import random_features
from regcore.experiments.random_features import descent, relu_features, ridge, widths_around
from tests.support.helpers import diabetes_split

DRAWS = 20
LAMBDAS = (0.0, 1.0)
TEST_ERROR, TEST_ACCURACY = 1, 3


def drawn(rows: int, width: int) -> tuple[np.ndarray, np.ndarray]:
    rng, train = np.random.default_rng(3), diabetes_split().train
    inputs = train.X.shape[1]
    layer = rng.standard_normal((inputs, width)), rng.standard_normal((1, width))
    return relu_features(train.X[:rows], *layer), 2.0 * train.y[:rows, 0] - 1.0


@pytest.mark.parametrize("width", [20, 60, 150])
def test_ridge_agrees_with_scikit_learn(width):
    features, y = drawn(60, width)
    lambdas = (1e-3, 0.1, 1.0, 10.0)
    for strength, w in zip(lambdas, ridge(features, y, lambdas), strict=True):
        theirs = Ridge(alpha=strength, fit_intercept=False, solver="svd", tol=0).fit(features, y)
        assert_allclose(w, theirs.coef_, rtol=0, atol=1e-8)


@pytest.mark.parametrize("width", [20, 60, 150])
def test_ridge_tends_to_least_squares_as_lambda_falls(width):
    features, y = drawn(60, width)
    exact = np.linalg.lstsq(features, y, rcond=None)[0]
    lambdas = (1e-3, 1e-6, 1e-9, 1e-12, 0.0)
    far = [np.abs(w - exact).max() / np.abs(exact).max() for w in ridge(features, y, lambdas)]
    assert far == sorted(far, reverse=True)
    assert far[-1] < 1e-8
    assert far[-2] < 1e-3


def test_scores_are_those_of_one_plain_draw():
    parts, rng = diabetes_split(), np.random.default_rng([7, random_features.STREAM])
    rows = rng.permutation(len(parts.train))[:60]
    layer = np.sqrt(2 / 8) * rng.standard_normal((30, 9))
    X, y = parts.train.X[rows], 2 * parts.train.y[rows, 0] - 1

    def phi(X):
        return np.maximum(X @ layer[:, :-1].T + layer[:, -1], 0) / np.sqrt(30)

    w = np.linalg.solve(phi(X).T @ phi(X) + 0.1 * np.eye(30), phi(X).T @ y)
    outputs = (phi(X) @ w, y), (phi(parts.test.X) @ w, 2 * parts.test.y[:, 0] - 1)
    expected = [np.mean((z - signs) ** 2) for z, signs in outputs]
    expected += [np.mean((z > 0) == (signs > 0)) for z, signs in outputs]
    assert_allclose(descent(parts, 60, (30,), (0.1,), 7)[:, 0, 0], expected, rtol=1e-9)


@cache
def medians(rows: int) -> np.ndarray:
    """Medians (4, widths, lambdas) over 20 draws."""
    widths = widths_around(rows)
    draws = [descent(diabetes_split(), rows, widths, LAMBDAS, seed) for seed in range(DRAWS)]
    return np.median(draws, axis=0)


@pytest.mark.slow
@pytest.mark.parametrize("rows", [60, 100, 200])
def test_the_error_peaks_where_width_equals_rows_and_lambda_flattens_it(rows):
    plain, penalized = medians(rows)[TEST_ERROR].T
    peak = int(plain.argmax())
    assert abs(widths_around(rows)[peak] - rows) <= 0.1 * rows
    assert plain[peak] >= 100 * penalized[peak]
    assert plain[-1] < plain[peak] / 50  # the second descent
    assert plain[-1] > plain[:peak].min()  # which ends above the first valley
    assert penalized.max() < 1.0
    assert 0.45 < medians(rows)[TEST_ACCURACY, peak, 0] < 0.6  # a coin


@pytest.mark.parametrize("rows", [2, 60, 100, 200])
def test_widths_rise_from_5_to_400_and_include_the_rows(rows):
    widths = widths_around(rows)
    assert widths == sorted(set(widths))
    assert (widths[0], widths[-1]) == (5, 400)
    assert rows in widths or rows < 5


def test_beyond_the_peak_the_training_rows_are_fitted_exactly():
    scores = descent(diabetes_split(), 60, (120,), (0.0,), 0)[:, 0, 0]
    assert scores[0] < 1e-15
    assert scores[2] == 1.0


def test_flipped_labels_count_as_they_are_told():
    parts = flip_labels(diabetes_split(), 0.3)[0]
    told, true = (descent(each, 60, (30,), (1.0,), 0) for each in (parts, diabetes_split()))
    assert told[0] > true[0]


def test_few_test_rows_of_many_are_used(monkeypatch):
    monkeypatch.setattr(random_features, "MAX_TEST_ROWS", 10)
    assert (10 * descent(diabetes_split(), 60, (30,), (1.0,), 0)[TEST_ACCURACY]) % 1 == 0


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"rows": 577}, "rows is 577"),
        ({"rows": 1}, "rows is 1"),
        ({"widths": (401,)}, "width is 401"),
        ({"lambdas": (-1.0,)}, "lambda is -1.0"),
        ({"seed": -1}, "seed is -1"),
    ],
)
def test_a_number_out_of_range_is_named(changes, says):
    good = {"rows": 60, "widths": (30,), "lambdas": (1.0,), "seed": 0}
    with pytest.raises(ValueError, match=says):
        descent(diabetes_split(), **good | changes)
