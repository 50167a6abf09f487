"""The table of 768 patients, what a Part or Dataset accepts, and damaged files."""

import hashlib

import numpy as np
import pytest
from helpers import diabetes

from regcore import Dataset, Part, load_diabetes
from regcore.data import DIABETES_CSV

SHA256 = "fbb80ccce8b87440953b23ea326f449112f146e4837e91c42bbe5ac7eb117b12"
FEATURES = (
    *("pregnancies", "glucose", "blood_pressure", "skin_thickness"),
    *("insulin", "bmi", "diabetes_pedigree", "age"),
)
LINES = DIABETES_CSV.read_text().splitlines()


def with_line(number: int, line: str) -> str:
    return "\n".join([*LINES[:number], line, *LINES[number + 1 :]]) + "\n"


def test_the_file_is_the_one_that_was_measured():
    assert hashlib.sha256(DIABETES_CSV.read_bytes()).hexdigest() == SHA256


def test_768_women_500_without_and_268_with_diabetes():
    table = diabetes()
    assert (table.name, len(table)) == ("diabetes", 768)
    assert (table.X.shape, table.y.shape) == ((768, 8), (768, 1))
    assert [int((table.y == outcome).sum()) for outcome in (0, 1)] == [500, 268]
    assert table.feature_names == FEATURES


def test_rows_stand_in_the_files_order():
    assert diabetes().X[0].tolist() == [6, 148, 72, 35, 0, 33.6, 0.627, 50]
    assert diabetes().X[-1].tolist() == [1, 93, 70, 31, 0, 30.4, 0.315, 23]


@pytest.mark.parametrize(
    ("feature", "zeros"),
    [
        ("glucose", 5),
        ("blood_pressure", 35),
        ("skin_thickness", 227),
        ("insulin", 374),
        ("bmi", 11),
        ("diabetes_pedigree", 0),
        ("age", 0),
    ],
)
def test_zeros_stand_for_not_measured(feature, zeros):
    column = diabetes().select([feature]).X
    assert int((column == 0).sum()) == zeros


def test_it_loads_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(load_diabetes().X, diabetes().X)


def message_of(call, *args) -> str:
    with pytest.raises(ValueError) as info:
        call(*args)
    message = str(info.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "nothing.csv"
    assert message_of(load_diabetes, path).startswith(f"{path} cannot be read as a CSV file (")
    assert message_of(load_diabetes, tmp_path).startswith(f"{tmp_path} cannot be read")


DAMAGED = {
    "cut in a line": ("\n".join(LINES)[:9000], "is damaged: X[295, 2] is nan"),
    "cut in the last line": (with_line(768, "1,93,70,31,0,30.4,0.315"), "is damaged: X[767, 7]"),
    "cut before the outcome": (with_line(768, LINES[768][:-1]), "y contains nan"),
    "cut between two lines": ("\n".join(LINES[:300]) + "\n", "299"),
    "header only": (LINES[0] + "\n", "is damaged"),
    "text in a cell": (with_line(5, "high,137,40,35,168,43.1,2.288,33,1"), "'high'"),
    "text as outcome": (with_line(5, "0,137,40,35,168,43.1,2.288,33,yes"), "'yes'"),
    "outcome 2": (with_line(5, "0,137,40,35,168,43.1,2.288,33,2"), "y contains 2"),
    "infinite": (with_line(5, "0,inf,40,35,168,43.1,2.288,33,1"), "X[4, 1] is inf"),
    "a cell too many": (with_line(5, LINES[5] + ",1"), "cannot be read"),
    "a cell too many in each line": (
        "\n".join([LINES[0], *(line + ",1" for line in LINES[1:])]) + "\n",
        "more cells",
    ),
    "an open quote": (with_line(5, '"' + LINES[5]), "cannot be read"),
    "no header": ("\n".join(LINES[1:]) + "\n", "it must have pregnancies, glucose"),
    "columns swapped": (with_line(0, LINES[0].replace("glucose,bl", "bl")), "it must have"),
    "semicolons": ("\n".join(LINES).replace(",", ";"), "it must have pregnancies, glucose"),
    "empty": ("", "cannot be read"),
    "binary": (bytes(range(256)) * 50, "cannot be read"),
    "zero bytes": (b"\0" * 500, "it must have"),
}


@pytest.mark.parametrize(("content", "part"), DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_file_is_named_with_what_is_wrong(tmp_path, content, part):
    path = tmp_path / "damaged.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    message = message_of(load_diabetes, path)
    assert message.startswith(str(path))
    assert part in message


X, Y = np.arange(12.0).reshape(4, 3), np.array([[0], [1], [1], [0]])


def with_value(array, index, value):
    array = array.astype(float)
    array[index] = value
    return array


@pytest.mark.parametrize(
    ("X", "y", "message"),
    [
        (X, Y[:, 0], "y has shape (4,); it must be a column, (4, 1)."),
        (X, Y.T, "y has shape (1, 4); it must be a column, (4, 1)."),
        (X, Y[:3], "y has shape (3, 1); it must be a column, (4, 1)."),
        (X, np.hstack([Y, Y]), "y has shape (4, 2); it must be a column, (4, 1)."),
        (X, with_value(Y, (2, 0), 2), "y contains 2; every label must be 0 or 1."),
        (X, with_value(Y, (2, 0), -1), "y contains -1; every label must be 0 or 1."),
        (X, with_value(Y, (2, 0), 0.5), "y contains 0.5; every label must be 0 or 1."),
        (X, with_value(Y, (2, 0), np.nan), "y contains nan; every label must be 0 or 1."),
        (with_value(X, (2, 1), np.nan), Y, "X[2, 1] is nan; every value must be finite."),
        (with_value(X, (3, 0), -np.inf), Y, "X[3, 0] is -inf; every value must be finite."),
        (X[:, 0], Y, "X has shape (4,); it must be (rows, features), both 1 or more."),
        (X[:, :0], Y, "X has shape (4, 0); it must be (rows, features), both 1 or more."),
        (X[:0], Y[:0], "X has shape (0, 3); it must be (rows, features), both 1 or more."),
        (5.0, Y, "X has shape (); it must be (rows, features), both 1 or more."),
    ],
)
def test_wrong_arrays_are_rejected_in_one_sentence(X, y, message):
    assert message_of(Part, X, y) == message
    assert message_of(Dataset, "mine", X, y, ("a", "b", "c")) == message


@pytest.mark.parametrize("X", [[["a", 1, 2]] * 4, [[1], [1, 2]], [[{}, 1, 2]] * 4])
def test_what_is_not_a_number_is_rejected(X):
    assert message_of(Part, X, Y).startswith("X holds something that is not a number (")


def test_every_feature_needs_a_name():
    message = message_of(Dataset, "mine", X, Y, ("a", "b"))
    assert message == "feature_names has 2 names; X has 3 columns, and each needs one."


def test_arrays_are_read_only_copies_in_float64():
    mine = X.copy()
    for holder in (Part(mine, Y == 1), Dataset("mine", mine, Y.tolist(), ["a", "b", "c"])):
        assert (holder.X.dtype, holder.y.dtype) == (np.float64, np.float64)
        for array in (holder.X, holder.y):
            with pytest.raises(ValueError, match="read-only"):
                array[0, 0] = 1.0
        assert not np.shares_memory(holder.X, mine)
        assert len(holder) == 4
    mine[0, 0] = 5.0  # what came in stays the caller's, and writable


def test_select_takes_columns_in_the_order_asked():
    chosen = diabetes().select(["bmi", "glucose"])
    assert chosen.feature_names == ("bmi", "glucose")
    assert np.array_equal(chosen.X, diabetes().X[:, [5, 1]])
    assert np.array_equal(chosen.y, diabetes().y)


@pytest.mark.parametrize(
    ("features", "part"),
    [
        (["glucose", "height"], "feature is 'height'; it must be one of pregnancies, glucose,"),
        ("glucose", "feature is 'g'; it must be one of"),
        ([1], "feature is 1; it must be one of"),
        ([], "X has shape (768, 0)"),
    ],
)
def test_select_rejects_what_is_not_there(features, part):
    assert part in message_of(diabetes().select, features)
