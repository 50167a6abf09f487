"""Which column is the outcome, which value is positive, what is an ID, and which rows are equal."""

import random

import numpy as np
import pytest

from regcore import inspect_table, read_table, split, to_dataset
from regcore.data.splitting import folds
from tests.support.helpers import message_of

R = random.Random(8)
X = [f"{R.gauss(0, 1):.4f}" for _ in range(300)]
Y = [str(R.randint(0, 1)) for _ in range(300)]
Z = [str(R.randint(0, 1)) for _ in range(300)]


def table_of(rows: int = 60, /, **columns):
    """A table of so many rows in which the values of each column repeat."""
    cells = [[str(values[i % len(values)]) for values in columns.values()] for i in range(rows)]
    return read_table("\n".join([",".join(columns), *map(",".join, cells)]).encode())


@pytest.mark.parametrize(
    "name",
    [
        *("target", "Outcome", "CLASS", "label", "y", "Diagnosis", "HeartDisease", "DEATH_EVENT"),
        *("default payment next month", "Class/ASD", "is_fraud", "Churn", "Loan_Status", "krank"),
    ],
)
def test_the_default_outcome_is_found_by_name(name):
    table = table_of(**{"sex": Z, name: Y, "smoker": Z[::-1], "x": X})
    assert list(table.targets) == [name, "smoker", "sex"]


def test_without_a_name_the_last_column_that_can_be_used_is_the_outcome():
    assert next(iter(table_of(sex=Z, smoker=Y, x=X, foo=Z[::-1]).targets)) == "foo"
    rare = ["0"] * 55 + ["1"] * 5
    assert list(table_of(sex=Z, smoker=Y, x=X, foo=rare).targets) == ["smoker", "sex", "foo"]
    assert list(table_of(target=rare, x=X, smoker=Y).targets) == ["smoker", "target"]


@pytest.mark.parametrize(
    ("grades", "pair"),
    [
        ([0, 1, 2, 3, 4], ("0", "1 to 4")),
        (["0.0", "1.0", "2.0"], ("0", "1 to 2")),
        ([1, 2, 3], ("1", "2 to 3")),
        (["none", "mild", "severe"], ("none", "not none")),
        (["normal", "suspect", "pathological"], ("normal", "not normal")),
    ],
)
def test_grades_become_two_groups(grades, pair):
    table = table_of(x=X, severity=grades)
    assert table.targets == {"severity": pair}
    assert table.positive("severity") == pair[1]
    dataset = to_dataset(table, "severity", pair[1])
    assert dataset.y[: len(grades), 0].tolist() == [0.0] + [1.0] * (len(grades) - 1)


@pytest.mark.parametrize(
    ("negative", "positive"),
    [
        *(("well", "ill"), ("good", "bad"), ("survived", "died"), ("no", "yes"), ("N", "Y")),
        *(("benign", "malignant"), ("no default", "default"), ("healthy", "sick"), ("0", "1")),
        *(("tested_negative", "tested_positive"), ("alive", "dead"), ("<=50K", ">50K")),
        *(("absent", "present"), ("nein", "ja"), ("paid", "unpaid"), ("ham", "spam"), ("-1", "1")),
        *(("notckd", "ckd"), ("not ill", "ill"), ("non-smoker", "smoker"), ("False", "True")),
    ],
)
def test_positive_is_what_the_names_say(negative, positive):
    for values in ([negative, negative, positive], [positive, positive, negative]):
        assert table_of(x=X, y=values).positive("y") == positive


@pytest.mark.parametrize("values", [("B", "M"), ("1", "2"), ("2", "4"), ("R", "M"), ("AD", "CN")])
def test_else_the_rarer_value_is_positive(values):
    for rarer, other in (values, values[::-1]):
        assert table_of(x=X, y=[other, other, rarer]).positive("y") == rarer


@pytest.mark.parametrize(
    "spellings",
    [("yes", "Yes", "YES", "no"), ("true", "TRUE", "False"), (">50K", ">50K.", "<=50K")],
)
def test_spellings_of_one_value_are_one(spellings):
    table = table_of(x=X, y=[*spellings, spellings[-1]])
    assert len(table.targets["y"]) == 2
    assert "are one value." in table.column("y").notes[0]


def test_text_with_few_values_becomes_a_column_each():
    table = table_of(job=["cook", "clerk", "", "Cook", "baker", "cook"], x=X, y=Y)
    dataset = to_dataset(table, "y", "1")
    assert dataset.feature_names == ("job = baker", "job = clerk", "job = cook", "x")
    assert dataset.X[:2, :3].tolist() == [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]]
    assert np.isnan(dataset.X[2, :3]).all()


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("town", [f"t{i}" for i in range(11)]),
        ("first name", ["Ann", "Bob", "Cem"]),
        ("patient_id", ["a", "b", "c"]),
        ("note", [f"n{i}" for i in range(60)]),
    ],
)
def test_names_ids_and_many_texts_do_not(name, values):
    table = table_of(**{name: values}, x=X, y=Y)
    assert list(table.left_out) == [name]
    assert to_dataset(table, "y", "1").feature_names == ("x",)


def ids(name: str, values) -> list[str]:
    table = table_of(len(values), **{name: values, "x": X, "y": Y})
    return [s.kind for s in inspect_table(table, "y") if s.column == name]


RNG = np.random.default_rng(8)
IDS = {
    "one gap": ("n", np.delete(np.arange(1, 62), 30)),
    "repeats": ("n", sorted([*range(1, 51), 3, 3, 8, 9, 9, 20, 21, 40])),
    "unsorted": ("n", RNG.permutation(60) + 1),
    "from 1000 on": ("n", range(1000, 1060)),
    "beyond 2^53": ("n", [9007199254740993 + 17 * i for i in range(60)]),
    "19 digits": ("n", RNG.integers(10**18, 9 * 10**18, 60)),
    "long codes": ("n", RNG.integers(10**7, 10**8, 60)),
    "a name": ("patient_id", RNG.integers(1000, 99999, 60)),
    "a name in one word": ("PatientID", RNG.integers(1000, 99999, 60)),
    "a German name": ("Patientennummer", RNG.integers(1000, 99999, 60)),
    "a case number": ("case_no", RNG.integers(1000, 99999, 60)),
    "several rows each": ("Id", RNG.integers(1, 20, 60)),
}
MEASURED = {
    "income": ("income", RNG.integers(10_000, 90_000, 120)),
    "sorted income": ("income", np.sort(RNG.integers(10_000, 90_000, 120))),
    "sorted age": ("age", np.sort(RNG.integers(20, 80, 60))),
    "cholesterol": ("chol", RNG.integers(126, 564, 100)),
    "platelets": ("platelets", RNG.integers(100, 400, 100) * 1000),
    "a price": ("price", RNG.integers(100_000, 900_000, 120)),
    "a count": ("number of patients", RNG.integers(0, 50, 100)),
    "an acid": ("uric acid", RNG.integers(0, 500, 60)),
    "procedures": ("num_procedures", RNG.integers(0, 60, 60)),
}


@pytest.mark.parametrize(("name", "values"), IDS.values(), ids=IDS)
def test_an_id_is_told(name, values):
    assert ids(name, values) == ["id"]


@pytest.mark.parametrize(("name", "values"), MEASURED.values(), ids=MEASURED)
def test_a_measurement_is_no_id(name, values):
    assert ids(name, values) == []


@pytest.mark.parametrize("name", ["patient", "w"])
def test_a_grouped_column_does_not_pretend_to_be_the_outcome(name):
    places = RNG.permutation(40)
    rows = np.repeat(np.arange(40), 5)
    labels = RNG.integers(0, 2, 40)[rows]
    table = table_of(200, **{name: 100 + places[rows], "x": X, "y": labels})
    assert [(s.column, s.kind) for s in inspect_table(table, "y")] == [(name, "id")]


def test_an_id_sorted_by_the_outcome_does_not_either():
    table = table_of(60, n=range(60), x=X, y=[0] * 30 + [1] * 30)
    assert [(s.column, s.kind) for s in inspect_table(table, "y")] == [("n", "id")]


def copied(times: int, **more):
    """60 different rows with random labels, each so many times, in random order."""
    order = RNG.permutation(np.repeat(np.arange(60), times))
    columns = {"a": np.array(X)[order], "b": np.array(X)[100:][order], "y": np.array(Y)[order]}
    return table_of(len(order), **more, **columns)


@pytest.mark.parametrize("times", [2, 3, 5])
def test_copies_are_said_and_dropped(times):
    table = copied(times)
    (found,) = inspect_table(table, "y")
    assert (found.column, found.kind) == ("", "rows")
    assert found.sentence.startswith(f"{60 * times - 60} rows have the features and the outcome")
    assert len(to_dataset(table, "y", "1")) == 60


@pytest.mark.parametrize("more", [{}, {"n": range(180)}])
def test_copies_stay_in_one_part(more):
    dataset = to_dataset(copied(3, **more), "y", "1", equal_rows="together")
    assert len(dataset) == 180
    parts = [split(dataset, validation_size=0.2, seed=seed) for seed in range(5)]
    for cut in [*parts, *folds(dataset, 5)]:
        rows = [
            {tuple(row[-2:]) for row in part.X} for part in (cut.train, cut.validation, cut.test)
        ]
        assert not rows[0] & rows[1] and not rows[0] & rows[2] and not rows[1] & rows[2]
        assert 36 <= len(cut.test) <= 54
        assert {len(part.y[part.y == 1]) > 0 for part in (cut.train, cut.test)} == {True}


def test_copies_are_found_beside_an_id():
    table = copied(3, n=range(180))
    assert ("", "rows") in [(s.column, s.kind) for s in inspect_table(table, "y")]
    assert len(to_dataset(table, "y", "1", leave_out=["n"])) == 60


def test_equal_features_with_both_outcomes_are_said_and_stay_in_one_part():
    rows = [f"{x},{z},{label}" for x, z in zip(X[:60], X[60:120], strict=True) for label in (0, 1)]
    table = read_table("\n".join(["a,b,y", *rows]).encode())
    (found,) = inspect_table(table, "y")
    assert found.sentence.startswith("60 rows have its features and the other outcome;")
    dataset = to_dataset(table, "y", "1")
    assert len(dataset) == 120
    parts = split(dataset)
    train, test = ({tuple(row) for row in part.X} for part in (parts.train, parts.test))
    assert not train & test


def test_repeats_by_chance_stay_without_suspicion():
    table = table_of(300, a=[R.randint(0, 3) for _ in range(300)], b=Z, y=Y)
    assert inspect_table(table, "y") == []
    dataset = to_dataset(table, "y", "1")
    assert (len(dataset), dataset.groups) == (300, None)


def test_rows_that_are_mostly_missing_are_not_equal():
    gaps = [x if i % 6 else "" for i, x in enumerate(X[:60])]
    table = table_of(60, a=gaps, b=gaps[::-1], c=gaps, y=Y)
    assert len(to_dataset(table, "y", "1")) == 60


def test_a_single_copy_of_a_measured_row_is_dropped():
    rows = [f"{a},{b},{y}" for a, b, y in zip(X[:60], X[60:120], Y, strict=False)]
    table = read_table("\n".join(["a,b,y", *rows, rows[7]]).encode())
    assert len(to_dataset(table, "y", "1")) == 60
    assert inspect_table(table, "y")[0].sentence.startswith("1 row has the features and")


def test_too_few_different_rows_are_reported():
    order = list(range(12)) * 5
    table = table_of(
        60, a=[X[i] for i in order], b=[X[99 - i] for i in order], y=[i % 2 for i in order]
    )
    message = message_of(lambda: to_dataset(table, "y", "1"))
    assert message == (
        "'y' is '0' in 6 rows that do not repeat others; bring at least 10 rows of each outcome."
    )
