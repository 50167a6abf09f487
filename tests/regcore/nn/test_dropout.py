"""The effect of dropout on a trained network, with and without masks."""

from dataclasses import replace
from functools import cache
from itertools import product

import numpy as np
import pytest

from regcore import Config, fit
from regcore.nn import dropout, network
from tests.support.helpers import assert_identical, diabetes_split, plain_logits, run

PARTS = diabetes_split()
TRAINING = PARTS.train.X, PARTS.train.y
ONE_LAYER = Config(hidden_sizes=(16,), dropout=0.3, momentum=0.9, epochs=300)
TWO_LAYERS = ONE_LAYER.but(hidden_sizes=(6, 4), dropout=0.5, epochs=100)
MASKS = 20_000
PATIENTS = (0, 5, 77, 191)


def patient(number: int) -> np.ndarray:
    return PARTS.test.X[number : number + 1]


@cache
def over_masks(number: int) -> np.ndarray:
    return dropout.masked_logits(patient(number), run(ONE_LAYER).params, ONE_LAYER.dropout, MASKS)


def drawn(rng: np.random.Generator, rows: int, units: int, p: float) -> np.ndarray:
    """The mask by its formula: 0 with probability p, else 1 / (1 - p)."""
    draws = rng.random((rows, units))
    return np.array([[0.0 if u < p else 1 / (1 - p) for u in row] for row in draws])


def textbook(X: np.ndarray, params, masks) -> np.ndarray:
    A = X
    for level, mask in enumerate(masks):
        A = np.clip(A @ params[2 * level] + params[2 * level + 1], 0.0, None) * mask
    return (A @ params[-2] + params[-1])[:, 0]


@pytest.mark.parametrize("config", [ONE_LAYER, TWO_LAYERS], ids=["one layer", "two layers"])
def test_predictions_do_not_depend_on_the_dropout_rate(config):
    trained = run(config)
    z = plain_logits(PARTS.test.X, trained.params)
    probabilities = trained.predict_proba(PARTS.test.X)
    np.testing.assert_allclose(probabilities, 1 / (1 + np.exp(-z)), 0, 1e-14)
    for p in (0.0, 0.9):
        same_weights = replace(trained, config=config.but(dropout=p))
        assert_identical([same_weights.predict_proba(PARTS.test.X)], [probabilities])
        assert same_weights.accuracy(PARTS.test) == trained.accuracy(PARTS.test)


@pytest.mark.parametrize("config", [ONE_LAYER, TWO_LAYERS], ids=["one layer", "two layers"])
def test_evaluation_mode_is_training_mode_with_masks_of_ones(config):
    X, params = PARTS.test.X, run(config).params
    ones = [np.ones((len(X), h)) for h in config.hidden_sizes]
    assert_identical([network.logits(X, params, ones)], [network.logits(X, params)])
    (logit,) = dropout.masked_logits(X[:1], params, 0.0, 1)
    assert logit == network.logits(X[:1], params)[0, 0]


def test_the_mean_over_all_masks_is_evaluation_mode():
    config = ONE_LAYER.but(hidden_sizes=(5,))
    params, p, X = run(config).params, config.dropout, PARTS.test.X
    mean = np.zeros((len(X), 1))
    for kept in product((True, False), repeat=5):
        mask = np.where(kept, 1 / (1 - p), 0.0)
        share = np.prod(np.where(kept, 1 - p, p))
        mean += share * network.logits(X, params, [np.tile(mask, (len(X), 1))])
    np.testing.assert_allclose(mean, network.logits(X, params), rtol=0, atol=1e-12)


@pytest.mark.parametrize("number", PATIENTS)
def test_the_mean_over_20000_masks_approximates_evaluation_mode(number):
    logits = over_masks(number)
    exact = plain_logits(patient(number), run(ONE_LAYER).params)[0, 0]
    error = np.std(logits, ddof=1) / np.sqrt(MASKS)
    assert logits.shape == (MASKS,)
    assert error > 0
    assert abs(np.mean(logits) - exact) < 4 * error
    without_the_factor = (logits - run(ONE_LAYER).params[-1].item()) * (1 - ONE_LAYER.dropout)
    assert abs(np.mean(without_the_factor) + run(ONE_LAYER).params[-1].item() - exact) > 4 * error


@pytest.mark.parametrize("config", [ONE_LAYER, TWO_LAYERS], ids=["one layer", "two layers"])
def test_masked_logits_equal_a_plain_loop(config):
    params, p, rng = run(config).params, config.dropout, np.random.default_rng(3)
    masks = [drawn(rng, 50, h, p) for h in config.hidden_sizes]
    theirs = textbook(np.tile(patient(7), (50, 1)), params, masks)
    ours = dropout.masked_logits(patient(7), params, p, 50, seed=3)
    np.testing.assert_allclose(ours, theirs, rtol=0, atol=1e-12)


@pytest.mark.parametrize("config", [ONE_LAYER, TWO_LAYERS], ids=["one layer", "two layers"])
def test_training_mode_loss_equals_a_plain_loop(config):
    params, p, rng = run(config).params, config.dropout, np.random.default_rng(4)
    losses = []
    for _ in range(6):
        masks = [drawn(rng, len(PARTS.train), h, p) for h in config.hidden_sizes]
        z, y = textbook(PARTS.train.X, params, masks), PARTS.train.y[:, 0]
        losses.append(np.mean(np.logaddexp(0.0, z) - y * z))
    mean, error = dropout.training_mode_loss(*TRAINING, params, p, draws=6, seed=4)
    assert mean == pytest.approx(np.mean(losses), rel=0, abs=1e-12)
    assert error == pytest.approx(np.std(losses, ddof=1) / np.sqrt(6), rel=0, abs=1e-12)


def test_training_mode_loss_is_higher_than_evaluation_loss():
    trained = run(ONE_LAYER)
    mean, error = dropout.training_mode_loss(*TRAINING, trained.params, ONE_LAYER.dropout)
    assert mean - 4 * error > trained.history.train_loss[-1]
    mean, error = dropout.training_mode_loss(*TRAINING, trained.params, 0.0)
    assert mean == pytest.approx(trained.history.train_loss[-1], rel=0, abs=1e-12)
    assert error == 0.0


@pytest.mark.parametrize("offset", [0.0, -3.0, 1e6, 1e9])
def test_running_mean_and_error_match_numpy_at_every_length(offset):
    values = offset + np.random.default_rng(5).standard_normal(5000)
    mean, error = dropout.running_mean(values)
    assert len(mean) == len(error) == len(values)
    assert mean[0] == values[0]
    assert np.isnan(error[0])
    for n in (2, 3, 10, 333, 5000):
        first = values[:n]
        assert mean[n - 1] == pytest.approx(np.mean(first), rel=1e-12, abs=1e-12)
        assert error[n - 1] == pytest.approx(np.std(first, ddof=1) / np.sqrt(n), rel=1e-12, abs=0)


def test_the_running_mean_of_logits_ends_at_numpys():
    mean, error = dropout.running_mean(over_masks(5))
    assert mean[-1] == pytest.approx(np.mean(over_masks(5)), rel=1e-12)
    assert error[-1] == pytest.approx(np.std(over_masks(5), ddof=1) / np.sqrt(MASKS), rel=1e-12)


def test_equal_values_have_a_standard_error_of_zero():
    mean, error = dropout.running_mean(np.full(7, 0.1))
    np.testing.assert_allclose(mean, 0.1, rtol=1e-15)
    assert error[1:].tolist() == [0.0] * 6


def test_masks_come_one_for_each_hidden_layer_and_are_independent():
    first, second = dropout.draw_masks(np.random.default_rng(6), 2000, (8, 8), 0.5)
    assert first.shape == second.shape == (2000, 8)
    assert set(np.unique(first)) == set(np.unique(second)) == {0.0, 2.0}
    both = np.mean((first > 0) & (second > 0))
    assert abs(both - 0.25) < 4 * np.sqrt(0.25 * 0.75 / first.size)


def test_results_depend_only_on_the_seed_not_on_earlier_draws():
    params = run(ONE_LAYER).params
    first = dropout.masked_logits(patient(1), params, 0.3, 40, seed=8)
    loss = dropout.training_mode_loss(*TRAINING, params, 0.3, draws=2, seed=8)
    np.random.default_rng(8).random(3)
    dropout.masked_logits(patient(2), run(TWO_LAYERS).params, 0.7, 9, seed=1)
    fit(PARTS, TWO_LAYERS.but(epochs=2))
    assert np.array_equal(dropout.masked_logits(patient(1), params, 0.3, 40, seed=8), first)
    assert dropout.training_mode_loss(*TRAINING, params, 0.3, draws=2, seed=8) == loss
    assert not np.array_equal(dropout.masked_logits(patient(1), params, 0.3, 40, seed=9), first)
