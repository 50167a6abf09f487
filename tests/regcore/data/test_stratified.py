"""The rows drawn and the scales are those of scikit-learn, to the last bit."""

import subprocess
import sys

import numpy as np
import pytest
from sklearn.impute import SimpleImputer
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from regcore import Dataset, split
from regcore.data.stratified import drawn, moments

SIZES = (0.1, 0.25, 0.5, 0.9, 1, 2, 7)


def table(seed):
    """A table of any size and scale, with gaps and a constant column."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 400))
    X = rng.normal(size=(n, 5)) * 10.0 ** rng.integers(-12, 12, size=5) + rng.normal(size=5)
    X[rng.random(X.shape) < 0.1 * (seed % 3)] = np.nan
    X[:, 4] = 0.1 * seed
    y = (rng.random((n, 1)) < rng.uniform(0.2, 0.8)).astype(float)
    return X, y


@pytest.mark.parametrize("size", SIZES)
def test_the_rows_are_those_of_train_test_split(size):
    for seed in range(40):
        y = table(seed)[1]
        rows = np.arange(len(y))
        stratify = None if size == 1 else y
        expected = train_test_split(rows, test_size=size, random_state=seed, stratify=stratify)
        for ours, theirs in zip(drawn(y[:, 0], size, seed), expected, strict=True):
            np.testing.assert_array_equal(ours, theirs)


def test_the_parts_are_those_of_imputer_and_scaler():
    for seed in range(40):
        X, y = table(seed)
        parts = split(Dataset("table", X, y, tuple("abcde"), missing=True), seed=seed)
        train, test = train_test_split(
            np.arange(len(y)), test_size=0.25, random_state=seed, stratify=y
        )
        filler, scaler = SimpleImputer(strategy="median"), StandardScaler()
        assert (scaler.fit_transform(filler.fit_transform(X[train])) == parts.train.X).all()
        assert (scaler.transform(filler.transform(X[test])) == parts.test.X).all()
        assert (parts.scale == scaler.scale_).all()


@pytest.mark.parametrize("exponent", range(-150, 151, 50))
def test_columns_of_any_size_have_the_moments_of_the_scaler(exponent):
    X = table(3)[0][:, :2] * 10.0**exponent
    X = X[~np.isnan(X).any(axis=1)]
    scaler = StandardScaler().fit(X)
    mean, scale = moments(X)
    assert (mean == scaler.mean_).all()
    assert (scale == scaler.scale_).all()


def test_too_few_rows_cannot_be_stratified():
    y = np.array([0.0, 0.0, 0.0, 0.0, 1.0])
    for outcomes, size in ((y, 0.4), (np.repeat([0.0, 1.0], 4), 7), (1.0 - y, 2)):
        with pytest.raises(ValueError):
            drawn(outcomes, size, 0)


@pytest.mark.slow
def test_a_split_does_not_need_scikit_learn():
    code = "import sys, regcore; regcore.split(regcore.load_diabetes()); print(*sys.modules)"
    command = [sys.executable, "-c", code]
    loaded = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert "regcore" in loaded
    assert not {"sklearn", "scipy"} & set(loaded)
