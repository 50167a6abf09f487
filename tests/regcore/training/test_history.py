"""History and Recorder: records are correct, and recording changes nothing."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest

from regcore import Config, fit
from regcore.training import loop
from tests.support.helpers import assert_identical, diabetes_split, plain_accuracy, plain_loss

PARTS, VALIDATED = diabetes_split(), diabetes_split(0.2)
RANDOM_RUN = Config((16, 8), epochs=130, dropout=0.3, momentum=0.5, batch_size=100, l2=0.02)
CONFIGS = {"plain": Config(epochs=130), "decay": Config(epochs=130, l2=0.05), "busy": RANDOM_RUN}


@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
@pytest.mark.parametrize("parts", [PARTS, VALIDATED], ids=["two parts", "three parts"])
def test_every_column_matches_the_weights_of_its_epoch(parts, config):
    epochs = (0, 1, 63, 64, 65, 129, 130)  # around the ends of the recorder's blocks
    done = fit(parts, config, keep=epochs)
    scored = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    for epoch in epochs:
        params, row = done.snapshots[epoch], done.history.at(epoch)
        assert row.pop("epoch") == epoch
        squares = sum((W**2).sum() for W in params[::2])
        assert row.pop("penalty") == pytest.approx(config.l2 / 2 * squares, rel=1e-12, abs=0)
        for name, part in scored.items():
            if part is not None:
                expected = plain_loss(part, params)
                assert row.pop(f"{name}_loss") == pytest.approx(expected, rel=0, abs=1e-12)
                assert row.pop(f"{name}_accuracy") == plain_accuracy(part, params)
        assert row == {}


@pytest.mark.parametrize("epochs", [0, 1, 63, 64, 65, 200])
def test_epoch_zero_is_recorded_and_every_one_after_it(epochs):
    history = fit(PARTS, Config(epochs=epochs)).history
    assert history.epoch.tolist() == list(range(epochs + 1))
    assert {len(column) for column in history.columns().values()} == {epochs + 1}
    assert (history.stopped_epoch, history.stop_reason) == (epochs, "completed")


@pytest.mark.parametrize(
    ("every", "recorded"),
    [
        (100, [0, 100, 200, 250]),
        (125, [0, 125, 250]),
        (249, [0, 249, 250]),
        (250, [0, 250]),
        (99_999, [0, 250]),
    ],
)
@pytest.mark.parametrize("config", CONFIGS.values(), ids=CONFIGS)
def test_thinning_keeps_the_last_epoch_and_changes_no_value(config, every, recorded):
    config = config.but(epochs=250)
    full, thin = fit(PARTS, config), fit(PARTS, config, record_every=every)
    assert thin.history.epoch.tolist() == recorded
    assert_identical(thin.params, full.params)
    for name, column in thin.history.columns().items():
        assert np.array_equal(column, full.history.columns()[name][recorded]), name


def test_thinning_leaves_the_snapshots_alone():
    config = Config(epochs=30)
    thin = fit(PARTS, config, record_every=20, keep=[7])
    assert_identical(thin.snapshots[7], fit(PARTS, config.but(epochs=7)).params)


def test_a_run_with_patience_records_every_epoch():
    config = Config(momentum=0.9, epochs=1000, patience=5)
    thin, full = fit(VALIDATED, config, record_every=100).history, fit(VALIDATED, config).history
    assert np.array_equal(thin.validation_loss, full.validation_loss)
    assert thin.stopped_epoch == full.stopped_epoch


def test_columns_are_in_order_without_unrecorded_ones():
    train, validation = ["train_loss", "train_accuracy"], ["validation_loss", "validation_accuracy"]
    test = ["test_loss", "test_accuracy"]
    with_validation = fit(VALIDATED, Config(epochs=2)).history
    assert list(with_validation.columns()) == ["epoch", *train, *validation, *test, "penalty"]
    without = fit(PARTS, Config(epochs=2)).history
    assert list(without.columns()) == ["epoch", *train, *test, "penalty"]
    assert without.validation_loss is without.validation_accuracy is without.best_epoch is None


@pytest.mark.parametrize(("asked", "given"), [(-3, 0), (0, 0), (14, 10), (16, 20), (99, 25)])
def test_at_gives_the_nearest_recorded_row(asked, given):
    history = fit(PARTS, Config(epochs=25), record_every=10).history
    row = history.at(asked)
    assert row["epoch"] == given
    assert row["test_loss"] == history.test_loss[history.epoch.tolist().index(given)]


def test_a_history_is_frozen():
    history = fit(PARTS, Config(epochs=2)).history
    with pytest.raises(FrozenInstanceError):
        history.epoch = np.zeros(3)
    for column in history.columns().values():
        with pytest.raises(ValueError, match="read-only"):
            column[0] = 1


@pytest.fixture
def reported_at_once(monkeypatch):
    monkeypatch.setattr(loop, "PROGRESS_SECONDS", 0.0)


@pytest.mark.usefixtures("reported_at_once")
def test_progress_is_reported_and_changes_nothing():
    calls = []
    watched = fit(
        PARTS, RANDOM_RUN.but(epochs=20), lambda epoch, epochs: calls.append((epoch, epochs))
    )
    assert calls == [(epoch, 20) for epoch in range(21)]
    assert_identical(watched.params, fit(PARTS, RANDOM_RUN.but(epochs=20)).params)


def test_progress_is_not_reported_more_often_than_asked(monkeypatch):
    monkeypatch.setattr(loop, "PROGRESS_SECONDS", 3600.0)
    calls = []
    fit(PARTS, Config(epochs=50), lambda *call: calls.append(call))
    assert calls == []


class Enough(Exception):
    pass


@pytest.mark.usefixtures("reported_at_once")
def test_raising_in_progress_ends_only_the_run():
    def stop_at_ten(epoch, epochs):
        seen.append(epoch)
        if epoch == 10:
            raise Enough

    seen, before, settings = [], fit(PARTS, RANDOM_RUN.but(epochs=5)), np.geterr()
    with pytest.raises(Enough):
        fit(PARTS, RANDOM_RUN, stop_at_ten)
    assert seen == list(range(11))
    assert np.geterr() == settings
    assert_identical(fit(PARTS, RANDOM_RUN.but(epochs=5)).params, before.params)
