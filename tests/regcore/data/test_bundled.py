"""The datasets that come with the app, and their names and units."""

import re

import numpy as np
import pytest
from sklearn import datasets
from sklearn.neighbors import KNeighborsClassifier

from regcore import Dataset, load_breast_cancer, make_two_moons, split
from regcore.data.bundled import DIABETES_COLUMNS, DIABETES_CSV, UNITS, two_moons_truth
from tests.support.helpers import diabetes, message_of, small_part

CANCER = load_breast_cancer()
SMALL = small_part()


def test_569_tumours_212_of_them_malignant_which_is_outcome_1():
    assert (CANCER.name, len(CANCER), CANCER.X.shape) == ("breast cancer", 569, (569, 30))
    assert CANCER.outcomes == ("benign", "malignant")
    assert int(CANCER.y.sum()) == 212
    theirs = datasets.load_breast_cancer()
    assert theirs.target_names[theirs.target[0]] == "malignant"
    assert CANCER.y[0, 0] == 1.0
    assert np.array_equal(CANCER.X, theirs.data)
    assert CANCER.feature_names[:2] == ("mean radius", "mean texture")


def test_a_quarter_of_the_tumours_is_for_testing():
    parts = split(CANCER)
    assert (len(parts.train), len(parts.test)) == (426, 143)
    assert int(parts.test.y.sum()) == 53


@pytest.mark.parametrize(
    ("dataset", "rows", "outcomes", "lesson"),
    [
        (diabetes(), "patients", ("no diabetes", "diabetes"), True),
        (CANCER, "tumors", ("benign", "malignant"), False),
        (make_two_moons(), "points", ("upper moon", "lower moon"), False),
        (Dataset("mine", SMALL.X, SMALL.y, tuple("abc")), "rows", None, False),
    ],
    ids=lambda value: value.name if isinstance(value, Dataset) else "",
)
def test_selecting_columns_keeps_the_other_dataset_fields(dataset, rows, outcomes, lesson):
    for table in (dataset, dataset.select(dataset.feature_names[:1])):
        assert table.rows == rows
        assert table.outcomes == (outcomes or ("outcome 0", "outcome 1"))
        assert (table.lesson, table.missing) == (lesson, False)


@pytest.mark.parametrize(
    ("outcomes", "part"),
    [
        (("no",), "outcomes has 1 names; there are two"),
        (("a", "b", "c"), "outcomes has 3 names"),
        (("yes", "yes"), "outcomes has 'yes' twice"),
        ("ny", "outcomes is 'ny'; it must be a sequence of names."),
        ((0, 1), "outcomes contains 0; every name must be text."),
    ],
)
def test_two_outcomes_have_two_names(outcomes, part):
    def make():
        return Dataset("mine", SMALL.X, SMALL.y, tuple("abc"), outcomes=outcomes)

    assert part in message_of(make)


def test_two_moons_equal_scikit_learns():
    X, y = datasets.make_moons(300, noise=0.25, random_state=7)
    moons = make_two_moons(0.25, 300, 7)
    assert np.array_equal(moons.X, X)
    assert np.array_equal(moons.y[:, 0], y)
    assert int(moons.y.sum()) == 150


def test_without_noise_each_point_is_on_its_moon():
    noisy, true = make_two_moons(0.3, 1000, 5), make_two_moons(0.0, 1000, 5)
    assert np.array_equal(noisy.y, true.y)
    np.testing.assert_allclose((noisy.X - true.X).std(), 0.3, rtol=0.05)
    upper, lower = (true.X[true.y[:, 0] == k] for k in (0, 1))
    np.testing.assert_allclose(np.hypot(*upper.T), 1.0)  # a circle around the origin
    np.testing.assert_allclose(np.hypot(*(lower - [1.0, 0.5]).T), 1.0)
    assert (upper[:, 1] >= 0).all()
    assert (lower[:, 1] <= 0.5).all()
    assert np.array_equal(two_moons_truth(true.X, 0.0) > 0.5, true.y)


@pytest.mark.parametrize("noise", [0.1, 0.3, 1.0])
def test_outcome_rates_match_the_true_probability(noise):
    moons = make_two_moons(noise, 20_000, seed=3)
    p = two_moons_truth(moons.X, noise)
    assert p.shape == (20_000, 1)
    for low in np.arange(0.0, 1.0, 0.1):
        here = (p >= low) & (p < low + 0.1)
        allowed = 4.0 * np.sqrt((p[here] * (1.0 - p[here])).sum()) + 1e-9
        assert abs(moons.y[here].sum() - p[here].sum()) <= allowed


def test_no_model_beats_the_true_probability():
    train, test = make_two_moons(0.4, 10_000, 1), make_two_moons(0.4, 10_000, 2)
    neighbours = KNeighborsClassifier(101).fit(train.X, train.y[:, 0])
    best = ((two_moons_truth(test.X, 0.4) > 0.5) == test.y).mean()
    assert best - 0.02 < neighbours.score(test.X, test.y[:, 0]) < best + 0.002


@pytest.mark.parametrize(
    ("name", "value", "allowed"),
    [
        *(("noise", value, "from 0 to 1.") for value in (-0.1, 1.1, np.nan, np.inf, "0.2", None)),
        *(("rows", value, "a whole number from 40 to") for value in (0, 39, 20_001, 50.0, True)),
        *(("seed", value, "a whole number from 0 to") for value in (-1, 2**32, None)),
    ],
)
def test_moons_out_of_range_are_refused(name, value, allowed):
    message = message_of(lambda: make_two_moons(**{name: value}))
    assert message.startswith(f"{name} is ")
    assert allowed in message
    if name == "noise":
        assert message_of(two_moons_truth, np.zeros((1, 2)), value) == message


def test_units_match_the_table_in_the_readme():
    table = DIABETES_CSV.with_name("README.md").read_text(encoding="utf-8")
    units = dict(re.findall(r"^\| (\w+) \|[^|]*\| ([^|]+) \|", table, re.MULTILINE))
    assert {n: u for n, u in units.items() if n in DIABETES_COLUMNS and u != "–"} == UNITS
