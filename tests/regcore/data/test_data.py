"""The table of 768 patients, and the errors for damaged files."""

import hashlib

import numpy as np
import pytest

from regcore import load_diabetes
from regcore.data.bundled import DIABETES_CSV, NOT_MEASURED
from tests.support.helpers import diabetes, message_of

SHA256 = "fbb80ccce8b87440953b23ea326f449112f146e4837e91c42bbe5ac7eb117b12"
FEATURES = (
    "pregnancies",
    "glucose",
    "blood_pressure",
    "skin_thickness",
    "insulin",
    "bmi",
    "diabetes_pedigree",
    "age",
)
LINES = DIABETES_CSV.read_text().splitlines()


def with_line(number: int, line: str) -> str:
    return "\n".join([*LINES[:number], line, *LINES[number + 1 :]]) + "\n"


def test_the_diabetes_file_has_the_expected_checksum():
    assert hashlib.sha256(DIABETES_CSV.read_bytes()).hexdigest() == SHA256


def test_768_women_500_without_and_268_with_diabetes():
    table = diabetes()
    assert (table.name, len(table)) == ("diabetes", 768)
    assert (table.X.shape, table.y.shape) == ((768, 8), (768, 1))
    assert [int((table.y == outcome).sum()) for outcome in (0, 1)] == [500, 268]
    assert table.feature_names == FEATURES


def test_rows_keep_the_order_of_the_file():
    assert diabetes().X[0].tolist() == [6, 148, 72, 35, 0, 33.6, 0.627, 50]
    assert diabetes().X[-1].tolist() == [1, 93, 70, 31, 0, 30.4, 0.315, 23]


def test_zeros_mean_not_measured_where_a_living_woman_has_none():
    zeros = {name for name in FEATURES if (diabetes().select([name]).X == 0).any()}
    assert zeros - {"pregnancies"} == set(NOT_MEASURED)
    assert list(NOT_MEASURED) == [name for name in FEATURES if name in NOT_MEASURED]


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
def test_each_column_has_the_known_number_of_zeros(feature, zeros):
    column = diabetes().select([feature]).X
    assert int((column == 0).sum()) == zeros


def test_diabetes_loads_from_any_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert np.array_equal(load_diabetes().X, diabetes().X)


def test_a_missing_file_is_named(tmp_path):
    path = tmp_path / "nothing.csv"
    assert message_of(load_diabetes, path).startswith(f"{path} cannot be read as a CSV file; ")
    assert message_of(load_diabetes, tmp_path).startswith(f"{tmp_path} cannot be read")


DAMAGED = {
    "cut in a line": ("\n".join(LINES)[:9000], "is damaged: X[295, 2] is nan"),
    "cut in the last line": (with_line(768, "1,93,70,31,0,30.4,0.315"), "is damaged: X[767, 7]"),
    "cut before the outcome": (with_line(768, LINES[768][:-1]), "y contains nan"),
    "cut between two lines": ("\n".join(LINES[:300]) + "\n", "299"),
    "header only": (LINES[0] + "\n", "is damaged"),
    "text in a cell": (with_line(5, "high,137,40,35,168,43.1,2.288,33,1"), "high"),
    "text as outcome": (with_line(5, "0,137,40,35,168,43.1,2.288,33,yes"), "yes"),
    "a negative count": (
        with_line(5, "-5,137,40,35,168,43.1,2.288,33,1"),
        "pregnancies is -5 in row 4; no measurement is below 0.",
    ),
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
        (["bmi", "bmi"], "feature_names has 'bmi' twice"),
    ],
)
def test_select_rejects_unknown_features(features, part):
    assert part in message_of(diabetes().select, features)
