"""A loss that stops being finite ends the run with a reason, quietly, and is never the best.

Warnings are errors here (pyproject.toml), so that every test below also says: no warning.
"""

from dataclasses import replace

import numpy as np
import pytest

from regcore import Config, Part, fit
from regcore.training.recorder import Recorder
from regcore.training.trainer import Trainer
from tests.support.helpers import assert_identical, diabetes_split

WILD = Config(lr=1000.0, epochs=500)
PLAIN, VALIDATED = diabetes_split(), diabetes_split(0.2)
CASES = {
    "plain": (PLAIN, WILD),
    "momentum": (PLAIN, WILD.but(momentum=0.9)),
    "mini-batches": (PLAIN, WILD.but(batch_size=64)),
    "dropout": (PLAIN, WILD.but(dropout=0.3)),
    "decay": (PLAIN, WILD.but(l2=0.0005)),
    "validation": (VALIDATED, WILD),
    "all": (
        VALIDATED,
        WILD.but(momentum=0.9, batch_size=100, dropout=0.2, l2=0.0001, hidden_sizes=(32,)),
    ),
}
every_case = pytest.mark.parametrize(("parts", "config"), CASES.values(), ids=CASES)


def assert_ends_like(run, shorter):
    """`run` diverged and looks like `shorter`, which was told to stop at its last good epoch."""
    assert (run.history.stop_reason, shorter.history.stop_reason) == ("diverged", "completed")
    assert_identical(run.last_params, shorter.last_params)
    for name, column in shorter.history.columns().items():
        assert np.array_equal(run.history.columns()[name], column), name


@every_case
def test_the_run_ends_at_its_last_finite_epoch(parts, config):
    run = fit(parts, config)
    assert 0 < run.history.stopped_epoch < config.epochs
    assert all(np.isfinite(column).all() for column in run.history.columns().values())
    assert all(np.isfinite(p).all() for p in run.params)
    assert_ends_like(run, fit(parts, config.but(epochs=run.history.stopped_epoch)))


@every_case
def test_the_very_next_epoch_is_the_one_that_is_not_finite(parts, config):
    last = fit(parts, config).history.stopped_epoch
    assert fit(parts, config.but(epochs=last + 1)).history.stop_reason == "diverged"


@every_case
def test_a_thinned_run_ends_at_its_last_finite_record(parts, config):
    last = fit(parts, config).history.stopped_epoch
    run = fit(parts, config, record_every=3)
    assert run.history.stopped_epoch == last - last % 3
    shorter = fit(parts, config.but(epochs=run.history.stopped_epoch), record_every=3)
    assert_ends_like(run, shorter)


@every_case
def test_snapshots_from_beyond_the_end_are_not_handed_out(parts, config):
    last = fit(parts, config).history.stopped_epoch
    run = fit(parts, config, keep=range(500))
    assert list(run.snapshots) == list(range(last + 1))
    assert_identical(run.snapshots[last], run.last_params)


@pytest.mark.parametrize("name", ["validation", "all"])
def test_what_is_not_finite_never_becomes_the_best(name):
    parts, config = CASES[name]
    run = fit(parts, config.but(patience=400), keep=[0])
    assert run.history.stop_reason == "diverged"
    assert run.history.best_epoch == np.argmin(run.history.validation_loss) == 0
    assert_identical(run.params, run.snapshots[0])
    assert_identical(run.last_params, fit(parts, config).last_params)


def test_a_run_that_goes_well_first_keeps_its_best_weights():
    config = Config((64, 64), lr=8.0, momentum=0.9, l2=0.02, epochs=500, patience=400)
    run = fit(VALIDATED, config, keep=[3])
    assert (run.history.stop_reason, run.history.best_epoch) == ("diverged", 3)
    assert run.history.stopped_epoch > 3
    assert_identical(run.params, run.snapshots[3])


def test_a_validation_loss_that_overflows_alone_ends_the_run():
    huge = Part(VALIDATED.validation.X * 1e307, VALIDATED.validation.y)
    run = fit(replace(VALIDATED, validation=huge), Config(momentum=0.9, epochs=300))
    assert run.history.stop_reason == "diverged"
    assert 0 < run.history.best_epoch < run.history.stopped_epoch < 300
    assert np.isfinite(run.history.validation_loss).all()
    assert run.history.train_loss[-1] < run.history.train_loss[0]


def test_a_penalty_that_overflows_alone_ends_the_run():
    trainer = Trainer(PLAIN.train, Config((4,), l2=0.01, epochs=1))
    recorder = Recorder(PLAIN, trainer, every=1)
    assert not recorder.add(0)
    trainer.theta[:], trainer.current = 0.0, False
    trainer.theta[0] = 1e200  # one weight of W1; W2 is zero, and so every logit
    with np.errstate(all="ignore"):
        assert recorder.add(1)
    assert recorder.history().stop_reason == "diverged"
    assert recorder.history().stopped_epoch == 0


def test_patience_may_end_a_wild_run_before_it_diverges():
    run = fit(VALIDATED, WILD.but(patience=5))
    assert (run.history.stop_reason, run.history.stopped_epoch) == ("patience", 5)


def test_a_diverged_run_can_still_be_asked_for_predictions():
    run = fit(PLAIN, WILD)
    assert np.isin(run.predict_proba(PLAIN.test.X), (0.0, 1.0)).mean() > 0.9
    assert run.accuracy(PLAIN.test) == run.history.test_accuracy[-1]
