"""A loss that is not finite ends the run with a reason, without a warning, and is never the best.

Warnings are errors (pyproject.toml), so every test below also checks that there is none.
"""

from dataclasses import replace

import numpy as np
import pytest

from regcore import Config, Part, fit
from regcore.training.recorder import Recorder
from regcore.training.trainer import Trainer
from tests.support.helpers import assert_identical, diabetes_split

DIVERGING = Config(lr=1000.0, epochs=500)
PLAIN, VALIDATED = diabetes_split(), diabetes_split(0.2)
CASES = {
    "plain": (PLAIN, DIVERGING),
    "momentum": (PLAIN, DIVERGING.but(momentum=0.9)),
    "mini-batches": (PLAIN, DIVERGING.but(batch_size=64)),
    "dropout": (PLAIN, DIVERGING.but(dropout=0.3)),
    "decay": (PLAIN, DIVERGING.but(l2=0.0005)),
    "validation": (VALIDATED, DIVERGING),
    "all": (
        VALIDATED,
        DIVERGING.but(momentum=0.9, batch_size=100, dropout=0.2, l2=0.0001, hidden_sizes=(32,)),
    ),
}
every_case = pytest.mark.parametrize(("parts", "config"), CASES.values(), ids=CASES)


def assert_ends_like(run, shorter):
    """`run` diverged and equals `shorter`, which ended at its last finite epoch."""
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
def test_the_epoch_after_the_last_is_not_finite(parts, config):
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
def test_snapshots_after_the_end_are_dropped(parts, config):
    last = fit(parts, config).history.stopped_epoch
    run = fit(parts, config, keep=range(500))
    assert list(run.snapshots) == list(range(last + 1))
    assert_identical(run.snapshots[last], run.last_params)


@pytest.mark.parametrize("name", ["validation", "all"])
def test_a_loss_that_is_not_finite_is_never_best(name):
    parts, config = CASES[name]
    run = fit(parts, config.but(patience=400), keep=[0])
    assert run.history.stop_reason == "diverged"
    assert run.history.best_epoch == np.argmin(run.history.validation_loss) == 0
    assert_identical(run.params, run.snapshots[0])
    assert_identical(run.last_params, fit(parts, config).last_params)


def test_a_diverged_run_keeps_its_best_weights():
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
    run = fit(VALIDATED, DIVERGING.but(patience=5))
    assert (run.history.stop_reason, run.history.stopped_epoch) == ("patience", 5)


def test_a_diverged_run_can_still_predict():
    run = fit(PLAIN, DIVERGING)
    assert np.isin(run.predict_proba(PLAIN.test.X), (0.0, 1.0)).mean() > 0.9
    assert run.accuracy(PLAIN.test) == run.history.test_accuracy[-1]
