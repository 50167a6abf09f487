"""Reliability agrees with scikit-learn, intervals and temperatures with SciPy."""

import numpy as np
import pytest
from numpy.testing import assert_allclose
from scipy.optimize import minimize_scalar
from scipy.stats import binomtest
from sklearn.calibration import calibration_curve
from sklearn.metrics import log_loss

from regcore import PRESETS, fit, make_two_moons, split
from regcore.data.bundled import two_moons_truth
from regcore.experiments import calibration
from regcore.experiments.calibration import best_temperature, reliability, wilson
from regcore.nn.network import logits, sigmoid
from tests.support.helpers import diabetes_split, message_of, run

rng = np.random.default_rng(0)
Z = 4.0 * rng.standard_normal((500, 1))
Y = (rng.random((500, 1)) < sigmoid(Z / 3.0)).astype(float)
HUGE = np.array([[1.7e308], [-1.7e308], [1.7e308]])


@pytest.mark.parametrize("bins", [1, 4, 10, 33])
@pytest.mark.parametrize("temperature", [0.3, 1.0, 8.0])
def test_reliability_agrees_with_scikit_learn(bins: int, temperature: float) -> None:
    p = sigmoid(Z / temperature)
    found = reliability(Z, Y, bins, temperature)
    observed, predicted = calibration_curve(Y[:, 0], p[:, 0], n_bins=bins, strategy="quantile")
    assert_allclose(found.observed, observed, rtol=1e-12)
    assert_allclose(found.predicted, predicted, rtol=1e-12)
    assert found.rows.sum() == len(Z)
    assert np.ptp(found.rows) <= 1
    assert np.all((found.low <= found.observed) & (found.observed <= found.high))


def test_equal_logits_share_a_bin_also_if_all_are_equal() -> None:
    found = reliability(np.zeros((30, 1)), Y[:30])
    assert found.rows.tolist() == [30]
    assert found.error == pytest.approx(abs(0.5 - Y[:30].mean()))
    three = reliability(np.repeat([[-1.0], [0.0], [1.0]], 10, axis=0), Y[:30])
    assert three.rows.tolist() == [10, 10, 10]


@pytest.mark.parametrize(("k", "n"), [(0, 10), (10, 10), (3, 19), (1, 1), (250, 1000)])
def test_the_interval_is_that_of_scipy(k: int, n: int) -> None:
    theirs = binomtest(k, n).proportion_ci(0.95, method="wilson")
    assert_allclose([end[0] for end in wilson(np.array([k]), np.array([n]))], theirs, atol=1e-12)


def test_scores_are_those_of_scikit_learn_and_no_temperature_changes_an_answer() -> None:
    accuracy = calibration.accuracy(Z, Y)
    for temperature in (1e-9, 0.1, 1.0, 1e6):
        assert calibration.accuracy(Z, Y, temperature) == accuracy
    for temperature in (1.0, 7.0, 100.0):  # below 1, scikit-learn's p rounds to 1 and is clipped
        p = sigmoid(Z / temperature)
        assert calibration.loss(Z, Y, temperature) == pytest.approx(log_loss(Y, p), abs=1e-12)
        assert calibration.confidence(Z, temperature) == pytest.approx(np.maximum(p, 1 - p).mean())


@pytest.mark.parametrize("scale", [0.5, 1.0, 6.0, 25.0])
def test_the_best_temperature_is_that_of_scipy(scale: float) -> None:
    z = scale * Z
    theirs = minimize_scalar(
        lambda log_t: calibration.loss(z, Y, np.exp(log_t)),
        bounds=np.log([calibration.COOLEST, calibration.HOTTEST]),
        method="bounded",
        options={"xatol": 1e-9},
    )
    ours = best_temperature(z, Y)
    assert ours == pytest.approx(np.exp(theirs.x), rel=1e-3)
    assert calibration.loss(z, Y, ours) <= theirs.fun + 1e-12


def test_where_the_best_temperature_is_0_or_infinite_it_is_at_an_end() -> None:
    ends = calibration.COOLEST, calibration.HOTTEST
    assert best_temperature(Z, (Z > 0).astype(float)) == pytest.approx(ends[0])
    assert best_temperature(Z, (Z < 0).astype(float)) == pytest.approx(ends[1])
    assert best_temperature(np.abs(Z), np.ones_like(Y)) == pytest.approx(ends[0])  # one class
    assert best_temperature(np.abs(Z), np.zeros_like(Y)) == pytest.approx(ends[1])


def test_the_logits_of_a_diverging_run_overflow_nowhere() -> None:
    y = np.array([[1.0], [1.0], [0.0]])
    assert best_temperature(HUGE, y) == pytest.approx(calibration.HOTTEST)
    for temperature in (calibration.COOLEST, 1.0, calibration.HOTTEST):
        assert np.isfinite(calibration.loss(HUGE, y, temperature))
        assert reliability(HUGE, y, temperature=temperature).predicted.tolist() == [0.0, 1.0]


def test_wrong_rows_are_refused_in_one_sentence() -> None:
    assert message_of(reliability, Z[:, 0], Y).startswith("z has shape (500,)")
    assert message_of(reliability, Z[:0], Y[:0]).startswith("z has shape (0, 1)")
    assert message_of(best_temperature, Z, Y[:9]).startswith("y has shape (9, 1)")
    assert message_of(best_temperature, Z, 2 * Y + 0.5).startswith("y holds a value")
    assert message_of(reliability, np.full((3, 1), np.nan), Y[:3]).startswith("X[0, 0] is nan")
    assert message_of(calibration.loss, Z, Y, 0.0).startswith("temperature is 0.0")
    assert message_of(calibration.sweep, diabetes_split(), []).startswith("split has no validation")


def test_a_sweep_is_made_of_the_single_scores() -> None:
    parts, params = diabetes_split(0.2), run(PRESETS["as printed"], 0.2).params
    z, at = logits(parts.test.X, params), 1 + calibration.GRID.index(1.0)
    found = calibration.sweep(parts, [params, [np.full_like(p, 1e200) for p in params]])
    best = best_temperature(logits(parts.validation.X, params), parts.validation.y)
    assert found.temperature[0].tolist() == [best, *calibration.GRID]
    assert found.loss[0, at] == calibration.loss(z, parts.test.y)
    assert found.confidence[0, 0] == calibration.confidence(z, best)
    assert found.accuracy[0] == calibration.accuracy(z, parts.test.y)
    assert_allclose(found.predicted[0, at], reliability(z, parts.test.y).predicted)
    assert np.isnan(found.rows[1, 2:]).all()  # overflowed to few different logits
    assert found.nbytes > found.predicted.nbytes


@pytest.mark.slow
def test_lower_loss_with_a_temperature_after_memorizing_and_with_l2_without() -> None:
    parts, memorize = diabetes_split(0.2), PRESETS["memorize"]
    found = [run(memorize.but(l2=l2), 0.2).params for l2 in (0.0, 0.05)]
    swept, at = calibration.sweep(parts, found), 1 + calibration.GRID.index(1.0)
    assert swept.loss[0, at] > 2.0 > 0.7 > swept.loss[0, 0]
    assert swept.confidence[0, at] - swept.accuracy[0] > 0.2
    assert abs(swept.confidence[1, at] - swept.accuracy[1]) < 0.05


@pytest.mark.slow
@pytest.mark.parametrize("seed", [1, 2])
def test_on_two_moons_the_regularized_network_is_nearer_to_the_diagonal(seed: int) -> None:
    parts = split(make_two_moons(0.6, seed=seed), validation_size=0.2)
    fresh = make_two_moons(0.6, rows=10_000, seed=100 + seed)
    truth = two_moons_truth(fresh.X, 0.6)
    errors, distances = [], []
    for l2 in (0.0, 0.01):
        network = fit(parts, PRESETS["memorize"].but(l2=l2))
        z = logits((fresh.X - parts.mean) / parts.scale, network.params)
        errors.append(reliability(z, fresh.y).error)
        distances.append(np.abs(sigmoid(z) - truth).mean())
    assert errors[1] < 0.7 * errors[0]
    assert distances[1] < 0.7 * distances[0]
