"""The source of a table makes the same X and y as the app, without the project."""

import csv
import io

import numpy as np
import pandas as pd
import pytest
from sklearn import datasets

from regcore import load_breast_cancer, load_diabetes, make_two_moons, read_table, to_dataset
from regcore.export.tables import Source, bundled, own_file
from tests.regcore.export.recipes import own_csv

SMALL = "\n".join(f"{i % 7},{i * 0.5},{'yes' if i % 3 else 'no'}" for i in range(40))
FILES = {  # a file -> its outcome, and what counts as positive
    "plain": ("a,b,c\n" + SMALL, "c", "yes"),
    "with blank lines": ("\n\na,b,c\n,,\n" + SMALL + "\n\n,,\n", "c", "no"),
    "quoted": ('"a","b\nb","c"\n' + SMALL.replace("yes", '" a ""yes"" "'), "c", 'a "yes"'),
    "tabs": ("a\tb\tc\n" + SMALL.replace(",", "\t"), "c", "yes"),
    "numbers as outcome": ("a,b,c\n" + SMALL.replace("yes", "2").replace("no", "1.0"), "c", "2"),
    "a column without a name": (",b,c,,\n" + SMALL.replace("\n", ",,\n") + ",,", "c", "yes"),
    "hidden characters": ("a,b,c\n" + SMALL.replace("yes", "y\u200bes"), "c", "yes"),
    "missing": ("a,b,c\n" + SMALL.replace("0.5", "n/a").replace("3,1.5", "-,1.5"), "c", "yes"),
    "without an outcome": ("a,b,c\n" + SMALL.replace("5.0,yes", "5.0,NULL"), "c", "yes"),
    "long classes": ("a,b,c\n" + SMALL.replace("yes", "y" * 120), "c", "y" * 100),
    "quotation marks": ('a\'\\,"b""",{c}\n' + SMALL, "{c}", "yes"),
}
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
    assert_same(bundled("diabetes"), load_diabetes())
    assert_same(bundled("breast cancer"), load_breast_cancer())
    assert_same(bundled("two moons", 0.6), make_two_moons(0.6))


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_a_file_is_read_again(name, encoding, tmp_path, monkeypatch):
    text, target, positive = FILES[name]
    text = text.replace("a,b", "ä,b")
    raw = text.encode(encoding, "ignore")
    check(raw, target, positive, tmp_path, monkeypatch)


def test_a_file_with_decimal_commas_and_zeros_that_mean_missing(tmp_path, monkeypatch):
    check(own_csv(), "Ill?", "no", tmp_path, monkeypatch, zeros_missing=["weight"])


def check(raw, target, positive, folder, monkeypatch, zeros_missing=()) -> None:
    table = read_table(raw)
    dataset = to_dataset(table, target, positive, zeros_missing=zeros_missing)
    (folder / "file.csv").write_bytes(raw)
    monkeypatch.chdir(folder)
    features, missing = dataset.feature_names, dataset.missing
    source = own_file("x/file.csv", table, target, positive, features, zeros_missing, missing)
    assert_same(source, dataset)
