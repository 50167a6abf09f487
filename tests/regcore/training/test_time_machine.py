"""Early stopping replayed on the record of one long run equals training that stops for real."""

import pickle

import pytest

from regcore import PRESETS, Config, fit, replay, weights_at
from tests.support.helpers import assert_identical, diabetes_split

PARTS = diabetes_split(0.2)
LONG = PRESETS["memorize"].but(epochs=1200)
SETTINGS = [(1, 0.0), (3, 0.0), (20, 0.0), (77, 0.001), (150, 0.0), (300, 0.01), (300, 0.05)]


@pytest.fixture(scope="module")
def record():
    return fit(PARTS, LONG, checkpoint_every=35)


@pytest.mark.parametrize(("patience", "min_delta"), SETTINGS)
def test_the_replay_equals_real_training_bit_for_bit(record, patience, min_delta):
    best, stopped = replay(record.history.validation_loss, patience, min_delta)
    real = fit(PARTS, LONG.but(patience=patience, min_delta=min_delta))
    assert (real.history.best_epoch, real.history.stopped_epoch) == (best, stopped)
    assert real.history.stop_reason == "patience"
    assert_identical(weights_at(PARTS, record, best), real.params)
    assert_identical(weights_at(PARTS, record, stopped), real.last_params)


@pytest.mark.parametrize(
    "changes", [{"dropout": 0.5}, {"batch_size": 64}, {"dropout": 0.2, "batch_size": 100}]
)
def test_weights_at_any_epoch_are_exact_despite_random_draws(changes):
    config = Config(hidden_sizes=(8, 4), epochs=60, momentum=0.9, **changes)
    run = fit(PARTS, config, checkpoint_every=9, keep=range(61))
    for epoch in (0, 8, 9, 10, 44, 60):
        assert_identical(weights_at(PARTS, run, epoch), run.snapshots[epoch])


def test_checkpoints_are_small(record):
    every_epoch = LONG.epochs * sum(p.nbytes for p in record.params)
    kept = sum(state.theta.nbytes + state.velocity.nbytes for state in record.checkpoints)
    assert kept < every_epoch / 15


def test_a_fit_with_checkpoints_can_be_pickled(record):
    again = pickle.loads(pickle.dumps(record))
    assert_identical(weights_at(PARTS, again, 50), weights_at(PARTS, record, 50))


def test_a_diverged_run_keeps_no_checkpoint_beyond_its_end():
    run = fit(PARTS, Config(lr=1000.0), checkpoint_every=1)
    assert run.history.stop_reason == "diverged"
    assert run.checkpoints[-1].epoch == run.history.stopped_epoch


def test_weights_at_rejects_unavailable_epochs(record):
    with pytest.raises(
        ValueError, match="epoch is 1201; it must be a whole number from 0 to 1,200"
    ):
        weights_at(PARTS, record, 1201)
    with pytest.raises(ValueError, match="no checkpoints"):
        weights_at(PARTS, fit(PARTS, Config(epochs=1)), 1)
    with pytest.raises(ValueError, match="checkpoint_every is 0"):
        fit(PARTS, LONG, checkpoint_every=0)
