"""Every measured figure of the lesson comes out of the code, to the digits that are shown."""

from functools import cache

import numpy as np
import pytest

from regcore import PRESETS, Config, lesson
from regcore.training.trainer import Trainer
from tests.support.helpers import diabetes_split, plain_accuracy, plain_loss, run

PRINTED, MEMORIZE = PRESETS["as printed"], PRESETS["memorize"]

AS_PRINTED = [  # units, λ, train and test accuracy
    (64, 0.0, 0.840, 0.719),
    (64, 0.001, 0.839, 0.719),
    (64, 0.01, 0.811, 0.719),
    (64, 0.05, 0.786, 0.740),
    (64, 0.1, 0.785, 0.740),
    (64, 0.2, 0.710, 0.703),
    (4, 0.0, 0.795, 0.724),
]
MEMORIZED = [
    (64, 0.0, 1.000, 0.719),
    (64, 0.001, 0.984, 0.734),
    (64, 0.01, 0.814, 0.724),
    (64, 0.05, 0.786, 0.724),
    (64, 0.1, 0.783, 0.745),
    (64, 0.2, 0.715, 0.708),
    (4, 0.0, 0.797, 0.714),
    (2, 0.0, 0.793, 0.724),
    (8, 0.0, 0.851, 0.750),
]
LOSSES_AND_WEIGHTS = [  # preset, λ, train and test loss, mean of abs(W1)
    ("as printed", 0.0, 0.359, 0.539, 0.134),
    ("as printed", 0.05, 0.471, 0.487, 0.025),
    ("memorize", 0.0, 0.005, 2.019, 0.751),
    ("memorize", 0.05, 0.472, 0.487, 0.019),
]


@cache
def lesson_params(units: int, l2: float):
    train = diabetes_split().train
    return lesson.train(train.X, train.y, n_hidden=units, l2=l2)


def engine_params(preset: str, units: int, l2: float):
    return run(PRESETS[preset].but(hidden_sizes=(units,), l2=l2)).params


def accuracies(params) -> tuple[float, float]:
    parts = diabetes_split()
    return tuple(round(plain_accuracy(part, params), 3) for part in (parts.train, parts.test))


def losses(params) -> tuple[float, float]:
    parts = diabetes_split()
    return tuple(round(plain_loss(part, params), 3) for part in (parts.train, parts.test))


def last_row(config: Config, *columns: str, validation_size: float = 0.0) -> tuple[float, ...]:
    row = run(config, validation_size).history.at(config.epochs)
    return tuple(round(row[name], 3) for name in columns)


def test_the_presets_are_the_settings_that_the_lesson_names():
    base = {"hidden_sizes": (64,), "lr": 0.1, "l2": 0.0, "dropout": 0.0, "seed": 1}
    whole = {"batch_size": None, "patience": None, "min_delta": 0.0}
    assert Config(**base, **whole, momentum=0.0, epochs=2000) == PRINTED
    assert Config(**base, **whole, momentum=0.9, epochs=5000) == MEMORIZE


@pytest.mark.parametrize(("units", "l2", "train", "test"), AS_PRINTED)
def test_as_printed_gives_the_measured_accuracies(units, l2, train, test):
    config = PRINTED.but(hidden_sizes=(units,), l2=l2)
    assert last_row(config, "train_accuracy", "test_accuracy") == (train, test)
    assert accuracies(engine_params("as printed", units, l2)) == (train, test)


@pytest.mark.parametrize(("units", "l2", "train", "test"), AS_PRINTED)
def test_the_lessons_own_loop_gives_the_measured_accuracies(units, l2, train, test):
    assert accuracies(lesson_params(units, l2)) == (train, test)


@pytest.mark.parametrize(("units", "l2", "train", "test"), MEMORIZED)
def test_memorize_gives_the_measured_accuracies(units, l2, train, test):
    config = MEMORIZE.but(hidden_sizes=(units,), l2=l2)
    assert last_row(config, "train_accuracy", "test_accuracy") == (train, test)
    assert accuracies(engine_params("memorize", units, l2)) == (train, test)


@pytest.mark.parametrize(("l2", "gap"), [(0.0, 0.281), (0.05, 0.062)])
def test_memorize_gives_the_measured_gaps(l2, gap):
    row = run(MEMORIZE.but(l2=l2)).history.at(5000)
    assert round(row["train_accuracy"] - row["test_accuracy"], 3) == gap


@pytest.mark.parametrize(("preset", "l2", "train", "test", "mean_w1"), LOSSES_AND_WEIGHTS)
def test_losses_and_weights_are_as_measured(preset, l2, train, test, mean_w1):
    params = engine_params(preset, 64, l2)
    assert last_row(PRESETS[preset].but(l2=l2), "train_loss", "test_loss") == (train, test)
    assert losses(params) == (train, test)
    assert round(float(np.abs(params[0]).mean()), 3) == mean_w1


@pytest.mark.parametrize(("preset", "l2", "train", "test", "mean_w1"), LOSSES_AND_WEIGHTS[:2])
def test_the_lessons_own_losses_and_weights_are_as_measured(preset, l2, train, test, mean_w1):
    params = lesson_params(64, l2)
    assert losses(params) == (train, test)
    assert round(float(np.abs(params[0]).mean()), 3) == mean_w1


def test_between_epochs_500_and_5000_training_loss_vanishes_and_test_loss_climbs():
    early, late = (run(MEMORIZE).history.at(epoch) for epoch in (500, 5000))
    assert (round(early["train_loss"], 2), round(late["train_loss"], 3)) == (0.28, 0.005)
    assert (round(early["test_loss"], 2), round(late["test_loss"], 2)) == (0.59, 2.02)


@pytest.mark.slow
def test_plain_descent_needs_more_than_10000_epochs_to_memorize_and_has_at_20000():
    history = run(PRINTED.but(epochs=20_000)).history
    assert history.at(10_000)["train_accuracy"] < 1.0
    assert history.at(20_000)["train_accuracy"] == 1.0


@pytest.mark.slow
@pytest.mark.parametrize(("p", "train"), [(0.2, 0.905), (0.5, 0.884)])
def test_dropout_keeps_memorize_from_memorizing(p, train):
    # the lesson says "about", since the draw matters: another stream, another figure
    row = run(MEMORIZE.but(dropout=p)).history.at(5000)
    assert row["train_accuracy"] == pytest.approx(train, abs=0.01)


def test_a_fifth_set_aside_leaves_460_rows_and_116_to_validate():
    parts = diabetes_split(0.2)
    assert (len(parts.train), len(parts.validation), len(parts.test)) == (460, 116, 192)


def test_the_validation_loss_of_memorize_is_lowest_at_epoch_239():
    history = run(MEMORIZE, 0.2).history
    assert history.best_epoch == history.epoch[np.argmin(history.validation_loss)] == 239
    found = [round(history.at(epoch)["validation_loss"], 3) for epoch in (239, 1000, 5000)]
    assert found == [0.396, 0.613, 1.298]


@pytest.mark.parametrize(("epoch", "accuracy"), [(239, 0.724), (5000, 0.693)])
def test_stopping_at_the_lowest_validation_loss_pays_on_the_test_rows(epoch, accuracy):
    assert round(run(MEMORIZE, 0.2).history.at(epoch)["test_accuracy"], 3) == accuracy


def figures_from_nudged_weights(size: float, seed: int, l2: float = 0.0) -> tuple[float, ...]:
    trainer = Trainer(diabetes_split().train, MEMORIZE.but(l2=l2))
    noise = np.random.default_rng(seed).standard_normal(trainer.theta.size)
    trainer.theta += size * noise * (trainer.theta != 0.0)  # the weights; biases stay zero
    for _ in range(MEMORIZE.epochs):
        trainer.step()
    return accuracies(trainer.params()) + losses(trainer.params())


@pytest.mark.parametrize("seed", [0, 1])
def test_rounding_does_not_reach_the_figures_of_memorize(seed):
    # a hundred thousand times the rounding of float64
    assert figures_from_nudged_weights(1e-11, seed) == (1.0, 0.719, 0.005, 2.019)


def test_a_nudge_of_1e_9_does_not_reach_the_figures_with_decay():
    assert figures_from_nudged_weights(1e-9, seed=0, l2=0.05) == (0.786, 0.724, 0.472, 0.487)
