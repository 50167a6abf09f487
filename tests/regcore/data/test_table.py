"""Table -> Dataset: the outcome, its positive value, and the rows and columns that are used."""

import numpy as np
import pytest

from regcore import TableError, fit, read_table, split, to_dataset
from regcore.config import Config
from regcore.data.bundled import DIABETES_CSV, NOT_MEASURED
from tests.support.helpers import diabetes, message_of

DIABETES = read_table(DIABETES_CSV.read_bytes())


def table_of(**columns):
    """A table with these columns; every list is repeated to 40 rows."""
    cells = {name: ([*values] * 40)[:40] for name, values in columns.items()}
    rows = [";".join(map(str, row)) for row in zip(*cells.values(), strict=True)]
    return read_table("\n".join([";".join(cells), *rows]).encode())


NUMBERS = [float(i * i % 37) for i in range(40)]


@pytest.mark.parametrize(
    ("written", "values"),
    [
        ([0, 1], ("0", "1")),
        (["0", "1.0", "00", "+1"], ("0", "1")),
        (["-0", "1", "0.0", "1"], ("0", "1")),
        (["1.0", "2.0"], ("1", "2")),
        ([-1, 1], ("-1", "1")),
        ([0.25, 1e-7], ("1e-07", "0.25")),
        (["True", "False"], ("False", "True")),
        (["yes", "no"], ("no", "yes")),
        ([" B", "M "], ("B", "M")),
        (["-", "+"], ("+", "-")),  # one of UCI's tables has these, so "-" is no missing value
        (["none", "severe"], ("none", "severe")),
        (["1", "one"], ("1", "one")),
        (["y" * 5000, "n"], ("n", "y" * 100)),
        (["<b>ill</b>", "=1+1"], ("<b>ill</b>", "=1+1")),
    ],
)
@pytest.mark.parametrize("turned", [False, True])
def test_either_of_any_two_values_may_be_positive(written, values, turned):
    table = table_of(x=NUMBERS, y=written)
    assert table.targets["y"] == values
    negative, positive = values[::-1] if turned else values
    dataset = to_dataset(table, "y", positive)
    assert dataset.outcomes == (f"y = {negative}", f"y = {positive}")
    other = to_dataset(table, "y", negative)
    assert np.array_equal(dataset.y, 1.0 - other.y)
    assert int(dataset.y.sum()) == 20
    assert (dataset.name, dataset.rows, dataset.lesson) == ("your file", "rows", False)


def test_positive_rows_are_those_with_the_positive_value():
    dataset = to_dataset(table_of(x=NUMBERS, y=["ill", "well"]), "y", "ill")
    assert dataset.y[:4, 0].tolist() == [1.0, 0.0, 1.0, 0.0]
    assert dataset.X[:, 0].tolist() == NUMBERS


def test_two_texts_become_a_column_of_0_and_1():
    table = table_of(x=NUMBERS, sex=["f", "m"], treated=[0, 1, 1])
    assert table.targets == {"treated": ("0", "1"), "sex": ("f", "m")}
    assert to_dataset(table, "sex", "f").feature_names == ("x", "treated")
    dataset = to_dataset(table, "treated", "1")
    assert dataset.feature_names == ("x", "sex = m")
    assert dataset.X[:4, 1].tolist() == [0.0, 1.0, 0.0, 1.0]
    assert table.left_out == {}


def test_rows_without_an_outcome_are_left_out_and_counted():
    table = table_of(x=NUMBERS, y=["a", "b", "", "?"])
    assert table.column("y").missing == 20
    dataset = to_dataset(table, "y", "b")
    assert len(dataset) == 20
    assert dataset.X[:, 0].tolist() == [v for i, v in enumerate(NUMBERS) if i % 4 < 2]
    assert not np.isnan(dataset.y).any()


def test_zeros_are_missing_only_in_the_named_columns():
    dataset = to_dataset(DIABETES, "outcome", "1", zeros_missing=NOT_MEASURED)
    assert dataset.missing
    X = diabetes().X
    for column, name in enumerate(dataset.feature_names):
        blank = (X[:, column] == 0) & (name in NOT_MEASURED)
        assert np.array_equal(np.isnan(dataset.X[:, column]), blank)
        assert np.array_equal(dataset.X[~blank, column], X[~blank, column])
    assert split(dataset).fill[1:6].tolist() == [117.0, 72.0, 29.0, 125.0, 32.4]


def test_only_a_zero_is_a_zero():
    table = table_of(x=[0, 0.5, -1, 1, "-0"], y=[0, 1])
    x = to_dataset(table, "y", "1", zeros_missing=["x"]).X[:5, 0]
    np.testing.assert_array_equal(x, [np.nan, 0.5, -1.0, 1.0, np.nan])


def test_columns_may_be_left_out():
    dataset = to_dataset(DIABETES, "outcome", "1", leave_out=("insulin", "age"), name="mine")
    assert dataset.feature_names == tuple(
        name for name in diabetes().feature_names if name not in ("insulin", "age")
    )
    assert dataset.name == "mine"


SPARSE = [1.5] * 9 + [""] * 31


@pytest.mark.parametrize(
    ("columns", "choice", "message"),
    [
        (
            {"y": ["a", "b", "c"], "z": [0, 1]},
            ("y", "a"),
            "'y' has 3 different values ('a', 'b', 'c'); choose a column with exactly two.",
        ),
        (
            {"y": ["a"], "z": [0, 1]},
            ("y", "a"),
            "'y' has one value only ('a'); choose a column with exactly two.",
        ),
        (
            {"y": [""], "z": [0, 1]},
            ("y", ""),
            "'y' has no values; choose a column with exactly two.",
        ),
        (
            {"y": range(40), "z": [0, 1]},
            ("y", "1"),
            "'y' has 40 different values ('0', '1', '2', '3', …); choose a column with exactly "
            "two.",
        ),
        (
            {"y": ["a", "b"]},
            ("y", "A"),
            "'A' is not a value of 'y'; choose 'a' or 'b'.",
        ),
        (
            {"y": [0, 1]},
            ("y", "1.0"),
            "'1.0' is not a value of 'y'; choose '0' or '1'.",
        ),
        (
            {"y": [0, 1]},
            ("Y", "1"),
            "'Y' is not a column of this file; choose one that is.",
        ),
        (
            {"y": ["a"] * 31 + ["b"] * 9},
            ("y", "a"),
            "'y' is 'b' in 9 rows; bring at least 10 rows of each outcome.",
        ),
        (
            {"y": ["a"] * 9 + ["b"] * 31},
            ("y", "a"),
            "'y' is 'a' in 9 rows; bring at least 10 rows of each outcome.",
        ),
    ],
)
def test_an_invalid_choice_gets_one_sentence(columns, choice, message):
    table = table_of(x=NUMBERS, **columns)
    assert message_of(to_dataset, table, *choice, error=TableError) == message


def choose(table, **choices):
    return message_of(lambda: to_dataset(table, "y", "1", **choices), error=TableError)


def test_columns_that_cannot_be_left_out_or_filled_are_named():
    table = table_of(x=NUMBERS, y=[0, 1], z=[0] * 31 + [5] * 9, note=[*"abcdefghijk"])
    assert choose(table, leave_out=("x", "z")) == (
        "No column that can be learned from is left beside 'y'; keep one or more."
    )
    assert choose(table, leave_out=("X",)).startswith("'X' is not a column of this file;")
    assert choose(table, zeros_missing=("X",)).startswith("'X' is not a column of this file;")
    assert choose(table, zeros_missing=("z",)) == (
        "'z' has a value in 9 of the 40 rows with an outcome, and 10 are needed; "
        "leave it out or keep its zeros."
    )
    assert message_of(table.inputs, "note", error=TableError) == (
        "'note' cannot be a feature: 'a' in line 2 is not a number, and 11 different texts are too "
        "many to become a column each; up to 10 can."
    )
    assert message_of(table.numbers, "note", error=TableError).startswith("'note' has no numbers:")


def test_a_nearly_empty_column_is_left_out():
    table = table_of(x=NUMBERS, rare=SPARSE, y=[0, 1])
    assert table.left_out == {"rare": "9 rows have a value; at least 10 are needed."}
    assert to_dataset(table, "y", "1").feature_names == ("x",)


@pytest.mark.parametrize(
    ("rows", "positives"),
    [(20, 10), (21, 10), (21, 11), (23, 13), (47, 10), (47, 37), (1000, 10), (1000, 990)],
)
def test_ten_rows_of_each_outcome_are_enough_for_every_split(rows, positives):
    cells = [f"{i % 11},{int(i < positives)}" for i in range(rows)]
    dataset = to_dataset(read_table("\n".join(["x,y", *cells]).encode()), "y", "1")
    for validation_size in (0.0, 0.1, 0.2, 0.5):
        for seed in range(5):
            parts = split(dataset, validation_size=validation_size, seed=seed)
            assert len(parts.train) + len(parts.test) <= rows
    assert fit(parts, Config(epochs=2)).history.stop_reason == "completed"
