"""The source of a table makes the same X and y as the app, without the project."""

import csv
import io
from dataclasses import replace

import numpy as np
import pandas as pd
from sklearn import datasets

from regcore import (
    Config,
    fit,
    load_breast_cancer,
    load_diabetes,
    make_two_moons,
    split,
)
from regcore.data.dataset import Dataset
from regcore.export.preparation import imports, preparation
from regcore.export.recipe import Recipe
from regcore.export.tables import Source, bundled, own

MODULES = {"np": np, "pd": pd, "io": io, "csv": csv}
MODULES |= {name: getattr(datasets, name) for name in ("load_breast_cancer", "make_moons")}


def made_by(source: Source) -> tuple[np.ndarray, np.ndarray]:
    names = dict(MODULES)
    exec(f"{source.inside}\n{source.code}", names)
    return names["X"], names["y"]


def assert_same(source: Source, dataset) -> None:
    X, y = made_by(source)
    np.testing.assert_array_equal(X, dataset.X)
    np.testing.assert_array_equal(y, dataset.y)
    assert X.dtype == y.dtype == float


def test_the_bundled_tables():
    for table in (load_diabetes(), load_breast_cancer()):
        assert_same(bundled(table), table)
    assert_same(bundled(make_two_moons(0.6), 0.6), make_two_moons(0.6))


def test_a_table_that_has_no_source_goes_along_by_its_values():
    table = replace(load_diabetes(), name="another")
    assert_same(bundled(table), table)


NAMES = ['a"b', "c\\", '"""', "{d}", "e,f", "ü", "outcome: yes", "1"]
VALUES = [0.1, 1 / 3, 1e-300, -0.0, 2.0**60, 1e308, 7.0, np.nan]


def test_a_table_of_ones_own_is_inside_value_by_value():
    X = np.array([np.roll(VALUES, step) for step in range(24)])
    y = np.array([[step % 2] for step in range(24)])
    for outcome in ("yes", '"""; import os', "\\"):
        dataset = Dataset("mine", X, y, NAMES, outcomes=("no", outcome), missing=True)
        assert_same(own(dataset), dataset)
        assert own(dataset).missing


def test_equal_rows_stay_in_one_part_in_the_notebook_as_well():
    rng = np.random.default_rng(1)
    X = np.repeat(rng.standard_normal((60, 2)), 2, axis=0)
    y, groups = np.repeat(rng.integers(0, 2, 60), 2)[:, None], np.repeat(np.arange(60), 2)
    dataset = Dataset("mine", X, y, ("a", "b"), groups=groups)
    for size in (0.0, 0.2):
        parts, config = split(dataset, validation_size=size), Config(epochs=1)
        recipe = Recipe("mine", config, own(dataset), 120, parts, fit(parts, config).history, size)
        names = dict(MODULES)
        text = "\n".join([imports(recipe), own(dataset).inside, own(dataset).code])
        exec(f"{text}\n{preparation(recipe)}", names)
        for name, part in (("training", parts.train), ("test", parts.test)):
            np.testing.assert_allclose(names["parts"][name][0], part.X, rtol=0, atol=1e-12)
