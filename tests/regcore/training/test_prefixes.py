"""A run read from a longer one, or trained on from a shorter one, is bit for bit that of `fit`."""

from dataclasses import fields

import numpy as np
import pytest

from regcore import PRESETS, Config, fit, flip_labels, load_diabetes, split
from regcore.training.prefixes import covers, lengthened, shortened

PARTS = split(load_diabetes(), validation_size=0.2, train_rows=120)
KINDS = {
    "as printed": Config(epochs=400),
    "memorize": PRESETS["memorize"].but(epochs=400),
    "dropout": Config(epochs=300, dropout=0.3, hidden_sizes=(16,)),
    "mini-batches": Config(epochs=150, batch_size=50, momentum=0.9, hidden_sizes=(16,)),
    "depth": Config(epochs=200, hidden_sizes=(8, 8), l2=0.01),
    "logistic": Config(epochs=200, hidden_sizes=()),
    "diverged": Config(epochs=400, lr=1000.0),
}


def assert_same(ours, theirs) -> None:
    assert ours.config == theirs.config
    for name in ("params", "last_params"):
        pairs = zip(getattr(ours, name), getattr(theirs, name), strict=True)
        assert all(np.array_equal(a, b) for a, b in pairs), name
    for field in fields(ours.history):
        a, b = getattr(ours.history, field.name), getattr(theirs.history, field.name)
        assert np.array_equal(a, b) if isinstance(a, np.ndarray) else a == b, field.name
    assert list(ours.snapshots) == list(theirs.snapshots)
    for epoch, params in theirs.snapshots.items():
        assert all(map(np.array_equal, ours.snapshots[epoch], params)), epoch


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("every", [7, 400])
def test_a_shorter_run_is_read_from_a_longer_one(kind, every):
    long, keep = KINDS[kind], (0, 5, 60, 131)
    run = fit(PARTS, long, checkpoint_every=every, keep=(5, 64))
    for epochs in (0, 1, 61, 64, 130, long.epochs):
        for rule in ({}, {"patience": 5}, {"patience": 1, "min_delta": 0.01}, {"patience": 90}):
            config = long.but(epochs=epochs, **rule)
            listed = [epoch for epoch in keep if epoch <= epochs]
            assert_same(shortened(PARTS, run, config, listed), fit(PARTS, config, keep=listed))


@pytest.mark.parametrize("kind", KINDS)
def test_a_longer_run_goes_on_where_a_shorter_one_ended(kind):
    long, keep = KINDS[kind], (0, 5, 60, 131)
    for epochs in (1, 60, 130):
        run = fit(PARTS, long.but(epochs=epochs), checkpoint_every=50, keep=(0,))
        if run.history.stop_reason == "diverged":
            continue
        ours = lengthened(PARTS, run, long, keep=keep, checkpoint_every=50)
        assert_same(ours, fit(PARTS, long, keep=keep))
        assert [s.epoch for s in ours.checkpoints] == sorted({s.epoch for s in ours.checkpoints})
        assert_same(shortened(PARTS, ours, long.but(epochs=99)), fit(PARTS, long.but(epochs=99)))


def test_flipped_labels_and_nudged_twins_as_well():
    parts, config = flip_labels(PARTS, 0.3, 1)[0], KINDS["memorize"]
    twin = fit(parts, config.but(epochs=100), checkpoint_every=40, nudge=1e-9)
    ours = lengthened(parts, twin, config)
    assert_same(ours, fit(parts, config, nudge=1e-9))


def test_a_run_that_does_not_cover_is_refused():
    run = fit(PARTS, Config(epochs=50), checkpoint_every=10)
    for config in (Config(epochs=51), Config(epochs=10, lr=0.2), Config(epochs=10, seed=2)):
        with pytest.raises(ValueError, match="does not cover"):
            shortened(PARTS, run, config)
    assert not covers(fit(PARTS, Config(epochs=50)), Config(epochs=10))  # it has no checkpoints
    with pytest.raises(ValueError, match="cannot be continued"):
        lengthened(PARTS, run, Config(epochs=90, lr=0.2))
