"""Flipped labels: which rows, and what stays true."""

import numpy as np
import pytest

from regcore import (
    PRESETS,
    Split,
    fit,
    flip_labels,
    load_breast_cancer,
    load_diabetes,
    make_two_moons,
    split,
)
from regcore.data.splitting import folds
from regcore.training.history import LIE_COLUMNS

DATASETS = {"diabetes": load_diabetes, "cancer": load_breast_cancer, "moons": make_two_moons}
PARTS = split(load_diabetes(), validation_size=0.2)


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5])
def test_only_that_share_of_the_training_labels_is_flipped(name, share):
    for true in (split(DATASETS[name](), validation_size=0.2), *folds(DATASETS[name](), 3)):
        parts, mask = flip_labels(true, share, 42)
        assert mask.sum() == round(share * len(true.train)) == parts.flipped.sum()
        assert (parts.train.y != true.train.y)[:, 0].tolist() == mask.tolist()
        assert (parts.train.X == true.train.X).all()
        assert (parts.validation, parts.test) == (true.validation, true.test)


def test_a_seed_draws_from_a_stream_of_its_own():
    masks = {seed: flip_labels(PARTS, 0.3, seed)[1] for seed in (1, 2)}
    assert (masks[1] == flip_labels(PARTS, 0.3, 1)[1]).all()
    assert (masks[1] != masks[2]).any()


def test_more_flips_are_flips_of_more_rows():
    few, many = (flip_labels(PARTS, share, 42)[1] for share in (0.1, 0.4))
    assert (many | ~few).all()


@pytest.mark.parametrize("share", [-0.1, 0.51, float("nan"), "0.3", None, True])
def test_another_share_is_refused_in_a_sentence(share):
    with pytest.raises((ValueError, TypeError), match="share"):
        flip_labels(PARTS, share, 42)


def test_labels_are_flipped_once():
    with pytest.raises(ValueError, match="already"):
        flip_labels(flip_labels(PARTS, 0.3, 1)[0], 0.3, 2)


def test_without_flips_split_and_history_are_what_they_were():
    parts, mask = flip_labels(PARTS, 0.0, 42)
    assert parts is PARTS
    assert not mask.any()
    history = fit(PARTS, PRESETS["memorize"].but(epochs=3)).history
    assert not set(LIE_COLUMNS) & set(history.columns())


def test_the_history_tells_honest_rows_from_lies():
    parts, mask = flip_labels(PARTS, 0.3, 42)
    config = PRESETS["memorize"].but(epochs=200)
    run = fit(parts, config, keep=range(0, 201, 50))
    truth = PARTS.train.y[:, 0] == 1.0
    for epoch, params in run.snapshots.items():
        ill = _predicts_one(params, parts.train.X)
        row = run.history.at(epoch)
        assert row["honest_right"] == np.mean((ill == truth)[~mask])
        assert row["flipped_right"] == pytest.approx(np.mean((ill == truth)[mask]), abs=1e-15)
        assert row["lies_fitted"] == np.mean((ill != truth)[mask])
    plain = fit(Split(parts.train, parts.validation, parts.test), config).history
    for name, column in plain.columns().items():
        assert (column == getattr(run.history, name)).all(), name


def _predicts_one(params, X):
    W1, b1, W2, b2 = params
    return (np.maximum(X @ W1 + b1, 0.0) @ W2 + b2)[:, 0] > 0.0
