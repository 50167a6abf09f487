"""split: bit for bit the lesson's preparation, and the sizes that it accepts or rejects."""

import numpy as np
import pytest
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from regcore import Dataset, split
from tests.support.helpers import diabetes

TABLE = diabetes()


def plain_split(validation_size=0.0):
    """The lesson's four lines, and the same again for the validation rows."""
    X, X_test, y, y_test = train_test_split(
        TABLE.X, TABLE.y, test_size=0.25, random_state=42, stratify=TABLE.y
    )
    parts = [(X_test, y_test)]
    if validation_size:
        X, X_validation, y, y_validation = train_test_split(
            X, y, test_size=validation_size, random_state=42, stratify=y
        )
        parts.insert(0, (X_validation, y_validation))
    scaler = StandardScaler().fit(X)
    return [(scaler.transform(X), y) for X, y in [(X, y), *parts]], scaler


@pytest.mark.parametrize(("validation_size", "sizes"), [(0.0, [576, 192]), (0.2, [460, 116, 192])])
def test_parts_are_those_of_plain_scikit_learn(validation_size, sizes):
    parts = split(TABLE, validation_size=validation_size)
    expected, scaler = plain_split(validation_size)
    present = [part for part in (parts.train, parts.validation, parts.test) if part is not None]
    assert [len(part) for part in present] == sizes
    for part, (X, y) in zip(present, expected, strict=True):
        assert np.array_equal(part.X, X)
        assert np.array_equal(part.y, y)
    assert np.array_equal(parts.mean, scaler.mean_)
    assert np.array_equal(parts.scale, scaler.scale_)
    assert parts.feature_names == TABLE.feature_names


@pytest.mark.parametrize("validation_size", [0.0, 0.2])
def test_only_training_rows_affect_the_scaler(validation_size):
    parts = split(TABLE, validation_size=validation_size)
    np.testing.assert_allclose(parts.train.X.mean(axis=0), 0.0, atol=1e-14)
    np.testing.assert_allclose(parts.train.X.std(axis=0), 1.0, rtol=1e-14)
    assert np.abs(parts.test.X.mean(axis=0)).max() > 0.01


def rows_of(parts) -> list[tuple]:
    """All rows in their original units, rounded to ignore the last digits."""
    present = [part for part in (parts.train, parts.validation, parts.test) if part is not None]
    X = np.vstack([part.X for part in present]) * parts.scale + parts.mean
    return sorted(map(tuple, np.hstack([X, np.vstack([part.y for part in present])]).round(6)))


@pytest.mark.parametrize("validation_size", [0.0, 0.2])
def test_every_patient_is_in_exactly_one_part(validation_size):
    everyone = sorted(map(tuple, np.hstack([TABLE.X, TABLE.y]).round(6)))
    assert rows_of(split(TABLE, validation_size=validation_size)) == [
        pytest.approx(row, abs=1e-6) for row in everyone
    ]


def test_the_share_of_outcomes_is_kept():
    parts = split(TABLE, validation_size=0.2)
    for part in (parts.train, parts.validation, parts.test):
        assert abs(part.y.sum() - len(part) * 268 / 768) < 1


def test_the_seed_determines_the_split():
    one, same, other = split(TABLE), split(TABLE), split(TABLE, seed=7)
    assert np.array_equal(one.train.X, same.train.X)
    assert not np.array_equal(one.train.y, other.train.y)


@pytest.mark.parametrize("rows", [2, 3, 100, 574, 575, 576])
def test_train_rows_keeps_that_many_of_the_training_rows(rows):
    full, small = split(TABLE), split(TABLE, train_rows=rows)
    assert len(small.train) == rows
    assert len(small.test) == 192
    assert set(small.train.y[:, 0]) == {0.0, 1.0}
    in_units = small.train.X * small.scale + small.mean
    known = {tuple(row) for row in (full.train.X * full.scale + full.mean).round(6)}
    assert {tuple(row) for row in in_units.round(6)} <= known
    np.testing.assert_allclose(small.train.X.mean(axis=0), 0.0, atol=1e-14)
    assert np.array_equal(small.test.y, full.test.y)


def test_train_rows_counts_after_validation_is_set_aside():
    parts = split(TABLE, validation_size=0.2, train_rows=460)
    assert np.array_equal(parts.train.X, split(TABLE, validation_size=0.2).train.X)
    with pytest.raises(ValueError, match="train_rows is 461; it must be a whole number"):
        split(TABLE, validation_size=0.2, train_rows=461)


def test_arrays_are_read_only():
    parts = split(TABLE, validation_size=0.2)
    for array in (parts.train.X, parts.validation.X, parts.test.y, parts.mean, parts.scale):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 0.0


def test_a_constant_feature_stays_finite():
    X = TABLE.X.copy()
    X[:, 0] = 3.0
    parts = split(Dataset("constant", X, TABLE.y, TABLE.feature_names))
    assert (parts.train.X[:, 0] == 0.0).all()


SIZES, SHARES = "it must be from 0.01 to 0.99.", "it must be from 0 to 0.9."
NUMBERS = (float("nan"), float("inf"), "0.2", True, [0.2], 192)


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        *(("test_size", value, SIZES) for value in (0, 1, -0.1, 0.001, None, *NUMBERS)),
        *(("validation_size", value, SHARES) for value in (-0.1, 0.91, None, *NUMBERS)),
        *(("seed", value, "it must be a whole number from 0 to") for value in (-1, 2**32, 1.5)),
        *(("train_rows", value, "from 2 to 576.") for value in (0, 1, -5, 577, 2.0, True, "9")),
    ],
)
def test_a_wrong_argument_is_named_with_what_is_allowed(name, value, allowed):
    with pytest.raises(ValueError, match=f"^{name} is ") as info:
        split(TABLE, **{name: value})
    assert allowed in str(info.value)
    assert repr(value) in str(info.value)


def rare(positives: int) -> Dataset:
    y = np.zeros((768, 1))
    y[:positives] = 1.0
    return Dataset("rare", TABLE.X, y, TABLE.feature_names)


@pytest.mark.parametrize("positives", [0, 1, 2])
def test_a_part_without_both_outcomes_is_refused(positives):
    with pytest.raises(ValueError, match=r"outcome|class"):
        split(rare(positives))


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("validation_size", {"validation_size": 0.001}),  # one row cannot hold both outcomes
        ("test_size", {"test_size": 0.01}),
    ],
)
def test_an_impossible_size_is_reported_with_its_argument_name(name, arguments):
    few = Dataset("few", TABLE.X[:40], TABLE.y[:40], TABLE.feature_names)
    with pytest.raises(ValueError, match=f"^{name} ") as info:
        split(few, **arguments)
    others = {"test_size", "validation_size", "train_size", "train_rows"} - {name}
    assert not any(other in str(info.value) for other in others)
