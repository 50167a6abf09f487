"""Missing values: where they are allowed, and how the training rows fill them."""

import numpy as np
import pytest
from sklearn.model_selection import train_test_split

from regcore import Config, Dataset, fit, load_diabetes, split
from regcore.data.bundled import NOT_MEASURED
from tests.support.helpers import diabetes, message_of

TABLE = diabetes()
COLUMNS = [TABLE.feature_names.index(name) for name in NOT_MEASURED]


def with_holes() -> np.ndarray:
    """The diabetes measurements with NaN for every zero that means "not measured"."""
    X = TABLE.X.copy()
    X[:, COLUMNS] = np.where(X[:, COLUMNS] == 0, np.nan, X[:, COLUMNS])
    return X


def table_of(X: np.ndarray) -> Dataset:
    return Dataset("holes", X, TABLE.y, TABLE.feature_names, missing=True)


HOLES = table_of(with_holes())


def test_nan_needs_a_dataset_that_allows_it():
    message = message_of(Dataset, "holes", HOLES.X, TABLE.y, TABLE.feature_names)
    assert message == "X[0, 4] is nan; every value must be finite."
    assert np.isnan(HOLES.X).sum(axis=0).tolist() == [0, 5, 35, 227, 374, 11, 0, 0]
    assert HOLES.select(["insulin"]).missing


@pytest.mark.parametrize("wrong", [np.inf, -np.inf])
def test_infinity_does_not_count_as_missing(wrong):
    X = with_holes()
    X[3, 2] = wrong
    assert message_of(table_of, X) == f"X[3, 2] is {wrong}; every value must be finite."


def test_the_diabetes_table_keeps_its_zeros():
    assert not load_diabetes().missing
    assert (load_diabetes().X[:, COLUMNS] == 0).sum() == 652
    parts = split(TABLE)
    assert (parts.train.X * parts.scale + parts.mean).round(9)[:, COLUMNS].min() == 0.0


@pytest.mark.parametrize("arguments", [{}, {"validation_size": 0.2}, {"train_rows": 100}])
def test_missing_values_become_the_median_of_the_training_rows(arguments):
    parts, blank = split(HOLES, **arguments), split(TABLE, **arguments)
    for name in ("train", "validation", "test"):
        part, with_zeros = getattr(parts, name), getattr(blank, name)
        if part is None:
            continue
        assert np.array_equal(part.y, with_zeros.y)
        X = part.X * parts.scale + parts.mean
        zeros = (with_zeros.X * blank.scale + blank.mean).round(9)
        for column in COLUMNS:
            missing = zeros[:, column] == 0.0
            np.testing.assert_allclose(X[missing, column], parts.fill[column], rtol=1e-12)
            np.testing.assert_allclose(X[~missing, column], zeros[~missing, column], rtol=1e-7)


def test_medians_are_filled_before_scaling():
    train, _ = train_test_split(np.arange(768), test_size=0.25, random_state=42, stratify=TABLE.y)
    filled = HOLES.X[train].copy()
    medians = []
    for column in filled.T:
        known = sorted(value for value in column if value == value)
        middle = len(known) // 2
        odd = len(known) % 2
        medians.append(known[middle] if odd else (known[middle - 1] + known[middle]) / 2)
        column[np.isnan(column)] = medians[-1]
    parts = split(HOLES)
    assert parts.fill.tolist() == medians
    np.testing.assert_allclose(parts.mean, filled.mean(axis=0), rtol=1e-13)
    np.testing.assert_allclose(parts.scale, filled.std(axis=0), rtol=1e-13)
    with pytest.raises(ValueError, match="read-only"):
        parts.fill[0] = 0.0


@pytest.mark.parametrize("arguments", [{}, {"validation_size": 0.2}, {"train_rows": 100}])
def test_only_training_rows_affect_medians_and_scale(arguments):
    parts = split(HOLES, **arguments)
    seen = {tuple(row) for row in parts.train.X}
    train = [tuple(row) in seen for row in split_all(parts)]
    X = HOLES.X.copy()
    X[~np.array(train)] = -1e6  # all others are rewritten
    again = split(table_of(X), **arguments)
    for name in ("fill", "mean", "scale"):
        assert np.array_equal(getattr(again, name), getattr(parts, name))
    assert np.array_equal(again.train.X, parts.train.X)
    assert not np.array_equal(again.test.X, parts.test.X)


def split_all(parts) -> np.ndarray:
    """All rows of HOLES, standardized as in `parts`."""
    filled = np.where(np.isnan(HOLES.X), parts.fill, HOLES.X)
    return (filled - parts.mean) / parts.scale


def test_a_network_trains_on_filled_values():
    run = fit(split(HOLES), Config(epochs=20))
    assert run.history.stop_reason == "completed"


def test_a_column_without_training_values_is_reported_by_name():
    parts = split(HOLES)
    seen = {tuple(row) for row in parts.train.X}
    X = HOLES.X.copy()
    X[[tuple(row) in seen for row in split_all(parts)], 4] = np.nan
    assert message_of(split, table_of(X)) == (
        "'insulin' has no value in any of the 576 rows to train on; "
        "leave it out or train on more rows."
    )
