"""The early-stopping rule, alone and in real training."""

from dataclasses import replace

import numpy as np
import pytest

from regcore import PRESETS, Config, EarlyStopping, Part, Split, fit, replay
from tests.support.helpers import assert_identical, diabetes_split, worst

PARTS = diabetes_split(0.2)
KERAS_LOSSES = [10, 9, 8, 9, 8.9, 8.8, 8.7, 8.6, 8.5]

RUNS = {
    "full batch": Config(momentum=0.9, epochs=1500, patience=30),
    "dropout": Config(momentum=0.9, dropout=0.5, epochs=1500, patience=20),
    "mini-batches": Config(batch_size=64, epochs=1500, patience=10),
    "all": Config((16, 8), batch_size=100, dropout=0.2, momentum=0.9, l2=1e-3, patience=7),
    "min_delta": Config(momentum=0.9, epochs=1500, patience=5, min_delta=0.01),
}


def stops_at(losses, patience, min_delta=0.0) -> int | None:
    rule = EarlyStopping(patience, min_delta)
    return next((at for at, value in enumerate(losses) if rule.update(value)), None)


@pytest.mark.parametrize("patience", [0, 1, 2, 3])
def test_the_rule_passes_the_test_of_keras(patience):
    last = max(patience, 1) + 2
    assert stops_at(KERAS_LOSSES, patience) == last
    assert replay(KERAS_LOSSES, patience) == (2, last)


@pytest.mark.parametrize("patience", [7, None])
def test_a_rule_with_long_patience_never_stops(patience):
    assert stops_at(KERAS_LOSSES, patience) is None
    assert replay(KERAS_LOSSES, patience) == (2, 8)


@pytest.mark.parametrize(
    ("losses", "min_delta", "best", "stopped"),
    [
        ([1.0, 1.0, 1.0], 0.0, 0, 2),  # a tie is not an improvement
        ([1.0, 0.75, 0.5, 0.25], 0.25, 2, 3),  # nor is exactly min_delta; 0.5 < 1 - 0.25 is
        ([1.0, 0.9, 0.8, 0.7], 0.5, 0, 2),  # small improvements do not add up
        ([1.0, 0.9, 0.4, 0.3, 0.2], 0.5, 2, 4),  # best moves only on improvement
        ([1.0, 2.0, 0.9, 2.0, 0.8, 2.0, 2.0], 0.0, 4, 6),  # an improvement resets the count
        ([1.0, np.nan, 0.5, np.inf, np.nan], 0.0, 2, 4),  # NaN and infinity are never best
        ([np.nan, np.inf], 0.0, 0, 1),
    ],
)
def test_an_improvement_must_exceed_min_delta(losses, min_delta, best, stopped):
    assert replay(losses, 2, min_delta) == (best, stopped)


def test_best_moves_only_on_improvement():
    rule, bests = EarlyStopping(10, 0.5), []
    for value in (3.0, 2.6, 2.5, 2.4, 2.0, 1.9):
        rule.update(value)
        bests.append((rule.best, rule.wait, rule.improved))
    assert bests == [
        (3.0, 0, True),
        (3.0, 1, False),
        (3.0, 2, False),
        (2.4, 0, True),
        (2.4, 1, False),
        (2.4, 2, False),
    ]


@pytest.mark.parametrize("config", RUNS.values(), ids=RUNS)
def test_a_stopped_run_equals_the_start_of_a_long_run(config):
    stopped = fit(PARTS, config)
    best, last = stopped.history.best_epoch, stopped.history.stopped_epoch
    assert stopped.history.stop_reason == "patience"
    assert 0 < best == last - config.patience
    long = fit(PARTS, config.but(patience=None, epochs=last + 5), keep=[best, last])
    assert_identical(stopped.params, long.snapshots[best])
    assert_identical(stopped.last_params, long.snapshots[last])
    assert worst(stopped.params, stopped.last_params)[0] > 0
    for name, column in stopped.history.columns().items():
        assert np.array_equal(column, long.history.columns()[name][: last + 1]), name


@pytest.mark.parametrize("config", RUNS.values(), ids=RUNS)
def test_a_stopped_run_ends_where_its_own_history_replays_to(config):
    history = fit(PARTS, config).history
    stop = replay(history.validation_loss, config.patience, config.min_delta)
    assert stop == (history.best_epoch, history.stopped_epoch)


def test_min_delta_stops_before_the_lowest_loss():
    patient, hasty = (fit(PARTS, RUNS[name]).history for name in ("full batch", "min_delta"))
    assert hasty.best_epoch < patient.best_epoch == np.argmin(patient.validation_loss)


def test_memorize_stops_at_epoch_239_plus_patience_and_restores_it():
    stopped = fit(PARTS, PRESETS["memorize"].but(patience=100))
    assert (stopped.history.best_epoch, stopped.history.stopped_epoch) == (239, 339)
    assert round(stopped.accuracy(PARTS.test), 3) == 0.724


def test_best_weights_are_restored_when_the_epochs_run_out_first():
    config = PRESETS["memorize"].but(epochs=300)
    ended = fit(PARTS, config.but(patience=100))
    assert ended.history.stop_reason == "completed"
    assert (ended.history.best_epoch, ended.history.stopped_epoch) == (239, 300)
    long = fit(PARTS, config, keep=[239])
    assert_identical(ended.params, long.snapshots[239])
    assert_identical(ended.last_params, long.params)


def test_the_monitored_loss_leaves_out_the_penalty():
    # with the penalty, the sum falls long after the loss has turned
    config = Config(l2=0.05, momentum=0.9, epochs=400)
    long, stopped = (fit(PARTS, config.but(patience=p)).history for p in (None, 5))
    assert replay(long.validation_loss, 5).stopped == stopped.stopped_epoch < 50
    assert replay(long.validation_loss + long.penalty, 5).stopped > 100


def other_test_parts():
    test, rng = PARTS.test, np.random.default_rng(0)
    yield "other rows", Part(rng.standard_normal(test.X.shape), 1 - test.y)
    yield "half of them", Part(test.X[:96], test.y[:96])
    yield "absurd values", Part(test.X * 1e307, test.y)


@pytest.mark.parametrize("test", [pytest.param(t, id=name) for name, t in other_test_parts()])
@pytest.mark.parametrize("name", ["full batch", "all"])
def test_the_test_rows_never_influence_a_run(name, test):
    ours, theirs = fit(PARTS, RUNS[name]), fit(replace(PARTS, test=test), RUNS[name])
    assert_identical(ours.params, theirs.params)
    assert_identical(ours.last_params, theirs.last_params)
    for field in ("best_epoch", "stopped_epoch", "stop_reason"):
        assert getattr(ours.history, field) == getattr(theirs.history, field)
    assert not np.array_equal(ours.history.test_loss, theirs.history.test_loss)


def test_the_validation_rows_decide_only_when_to_stop():
    config = RUNS["full batch"].but(patience=None, epochs=50)
    without = fit(Split(PARTS.train, None, PARTS.test), config)
    assert_identical(without.params, fit(PARTS, config).params)
    assert without.history.best_epoch is None


def test_patience_without_validation_rows_is_one_clear_sentence():
    with pytest.raises(ValueError, match="validation") as info:
        fit(diabetes_split(), Config(patience=5, epochs=10))
    message = str(info.value)
    assert message.startswith("patience is 5, but there is no validation part to watch")
    assert message.count(".") == 1
    assert message.endswith(".")
