"""The lesson's six functions, and an engine that computes the same at every step."""

from functools import cache

import numpy as np
import pytest

from regcore import Config, fit, lesson
from tests.support.helpers import (
    assert_agree,
    assert_identical,
    diabetes_split,
    plain_descent,
    run,
    small_part,
)

STRENGTHS = (0.0, 0.01, 0.05)


@cache
def trained(l2: float, epochs: int = 2000):
    train = diabetes_split().train
    return lesson.train(train.X, train.y, epochs=epochs, l2=l2)


@pytest.mark.parametrize("l2", STRENGTHS)
def test_the_engine_ends_where_the_lesson_does(l2):
    assert_agree(run(Config(l2=l2)).params, trained(l2), 1e-12)


@pytest.mark.parametrize("l2", STRENGTHS)
def test_the_engine_equals_the_lesson_at_every_step(l2):
    steps = range(51)
    snapshots = fit(diabetes_split(), Config(l2=l2, epochs=50), keep=steps).snapshots
    assert list(snapshots) == list(steps)
    for epoch in steps:
        assert_agree(snapshots[epoch], trained(l2, epoch), 1e-12)


@pytest.mark.parametrize("l2", STRENGTHS)
@pytest.mark.parametrize("part", ["train", "test"])
def test_the_engine_scores_as_the_lesson_does(l2, part):
    engine, rows = run(Config(l2=l2)), getattr(diabetes_split(), part)
    assert engine.accuracy(rows) == lesson.accuracy(rows.X, rows.y, engine.params)
    assert engine.accuracy(rows) == engine.history.at(2000)[f"{part}_accuracy"]


def test_the_engine_predicts_as_the_lesson_does():
    engine, X = run(Config()), diabetes_split().test.X
    np.testing.assert_allclose(
        engine.predict_proba(X), lesson.forward(X, *engine.params)[-1], rtol=0, atol=1e-14
    )


@pytest.mark.parametrize(("units", "seed"), [(64, 1), (4, 1), (7, 3)])
def test_both_start_from_the_same_weights(units, seed):
    start = fit(diabetes_split(), Config(hidden_sizes=(units,), seed=seed, epochs=0)).params
    assert_identical(start, lesson.init_params(8, units, seed))


def test_starting_weights_are_scaled_normals_and_biases_are_zero():
    W1, b1, W2, b2 = lesson.init_params(3, 5)
    rng = np.random.default_rng(1)
    assert np.array_equal(W1, 0.1 * rng.standard_normal((3, 5)))
    assert np.array_equal(W2, 0.1 * rng.standard_normal((5, 1)))
    assert np.array_equal(b1, np.zeros((1, 5)))
    assert np.array_equal(b2, np.zeros((1, 1)))


def test_one_step_equals_a_calculation_by_hand():
    # one patient and one hidden unit, which is on: a1 = 2 w1, z2 = a1 w2, dz2 = a2 - 1
    w1, _, w2, _ = (p.item() for p in lesson.init_params(1, 1, seed=1))
    assert w1 > 0
    dz2 = 1 / (1 + np.exp(-2 * w1 * w2)) - 1
    X, y = np.array([[2.0]]), np.array([[1.0]])
    stepped = lesson.train(X, y, n_hidden=1, lr=0.5, epochs=1, l2=0.1, seed=1)
    gradients = (2 * dz2 * w2 + 0.1 * w1, dz2 * w2, 2 * w1 * dz2 + 0.1 * w2, dz2)
    expected = [start - 0.5 * g for start, g in zip((w1, 0, w2, 0), gradients, strict=True)]
    assert [p.item() for p in stepped] == pytest.approx(expected, rel=1e-14)


def test_training_is_textbook_backpropagation():
    part, config = small_part(), Config(hidden_sizes=(4,), lr=0.3, epochs=20, l2=0.02, seed=2)
    ours = lesson.train(part.X, part.y, n_hidden=4, lr=0.3, epochs=20, l2=0.02, seed=2)
    assert_agree(ours, plain_descent(part, config), 1e-14)


def test_defaults_are_the_settings_as_printed():
    part = small_part()
    spelled = {"n_hidden": 64, "lr": 0.1, "epochs": 2000, "l2": 0.0, "seed": 1}
    assert_identical(lesson.train(part.X, part.y), lesson.train(part.X, part.y, **spelled))


def test_forward_returns_every_layer_with_its_shape():
    X = np.ones((5, 3))
    Z1, A1, Z2, A2 = lesson.forward(X, *lesson.init_params(3, 4))
    assert [part.shape for part in (Z1, A1, Z2, A2)] == [(5, 4), (5, 4), (5, 1), (5, 1)]
    assert np.array_equal(A1, np.maximum(Z1, 0.0))
    assert np.array_equal(A2, 1 / (1 + np.exp(-Z2)))


@pytest.mark.parametrize(("z", "s"), [(0.0, 0.5), (np.log(3), 0.75), (-np.log(3), 0.25)])
def test_sigmoid_at_known_points(z, s):
    assert lesson.sigmoid(z) == pytest.approx(s, rel=1e-15)


def test_relu_keeps_what_is_positive():
    assert lesson.relu(np.array([-2.0, 0.0, 3.0])).tolist() == [0.0, 0.0, 3.0]


def test_accuracy_counts_the_right_rows():
    params = (np.array([[1.0]]), np.zeros((1, 1)), np.array([[1.0]]), np.array([[-1.0]]))
    X = np.array([[2.0], [0.9], [3.0], [0.0]])  # logits 1, -0.1, 2, -1
    assert lesson.accuracy(X, np.array([[1], [0], [0], [0]]), params) == 0.75


@pytest.mark.parametrize("shape", [(20,), (1, 20), (19, 1), (20, 2)])
def test_labels_that_are_not_a_column_are_rejected(shape):
    X, y, params = np.ones((20, 3)), np.zeros(shape), lesson.init_params(3, 2)
    for call in (lambda: lesson.train(X, y, epochs=1), lambda: lesson.accuracy(X, y, params)):
        with pytest.raises(ValueError, match="must be a column") as error:
            call()
        assert str(error.value) == f"y has shape {shape}; it must be a column, (20, 1)."
