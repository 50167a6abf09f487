"""Odd columns of a file are suspicious, and normal ones are not."""

import numpy as np
import pandas as pd
import pytest

from regcore import TableError, inspect_table, load_breast_cancer, read_table
from regcore.data.bundled import DIABETES_CSV, NOT_MEASURED
from tests.support.helpers import diabetes, message_of

N = 200
RNG = np.random.default_rng(0)
X, NOISE = RNG.standard_normal(N).round(3), RNG.standard_normal(N)
Y = (X + NOISE > 0).astype(int)


def kinds_of(y=Y, **columns) -> dict[str, list[str]]:
    """name -> kinds of suspicion, for columns beside a normal x and an outcome y."""
    frame = pd.DataFrame({"x": X, **columns, "y": y})
    kinds: dict[str, list[str]] = {}
    for name, kind, sentence in inspect_table(read_table(frame.to_csv(index=False).encode()), "y"):
        assert sentence.endswith(".")
        assert sentence.isprintable()
        kinds.setdefault(name, []).append(kind)
    return kinds


def holes(column, rows):
    column = np.array(column, dtype=float)
    column[rows] = np.nan
    return column


def test_a_normal_table_has_no_suspicions():
    counts = RNG.integers(0, 9, N)
    assert kinds_of(counts=counts, flag=RNG.integers(0, 2, N), other=NOISE) == {}


def test_only_unmeasured_zeros_are_suspicious_in_the_diabetes_file():
    suspicions = inspect_table(read_table(DIABETES_CSV.read_bytes()), "outcome")
    assert [(s.column, s.kind) for s in suspicions] == [(name, "zeros") for name in NOT_MEASURED]
    assert suspicions[0].sentence.startswith("5 values are 0 and the next is 44;")


def test_ids_and_a_copy_are_suspicious_in_breast_cancer():
    cancer = load_breast_cancer()
    frame = pd.DataFrame(cancer.X, columns=cancer.feature_names)
    frame.insert(0, "id", RNG.permutation(10**6)[:569])
    frame["diagnosis"] = np.where(cancer.y[:, 0] == 1, "M", "B")
    frame["radius in feet"] = frame["mean radius"] / 304.8
    suspicions = inspect_table(
        read_table(frame.to_csv().encode()), "diagnosis"
    )  # with an index, nameless
    assert {s.column: s.kind for s in suspicions if s.kind != "zeros"} == {
        "column 1": "id",
        "id": "id",
        "radius in feet": "copy",
    }
    assert "the same as 'mean radius'" in suspicions[-1].sentence


@pytest.mark.parametrize("value", [0, 85, -3.25, 1e100, 0.1])
def test_a_constant_column_is_suspicious(value):
    assert kinds_of(c=[value] * N) == {"c": ["constant"]}
    assert kinds_of(c=holes([value] * N, [3, 4])) == {"c": ["constant"]}


@pytest.mark.parametrize(
    "ids",
    [
        range(N),
        range(N, 0, -1),
        np.arange(N) * 10 + 7,
        np.delete(np.arange(1, N + 2), 7),
        RNG.permutation(N),
        10**7 + RNG.permutation(10**7)[:N],
        holes(np.arange(N), [7]),
        np.arange(N) // 2,
    ],
)
def test_a_column_of_ids_is_suspicious(ids):
    assert kinds_of(n=ids) == {"n": ["id"]}


def test_few_distinct_whole_numbers_out_of_order_are_no_ids():
    def small(n, column):
        frame = pd.DataFrame({"c": column, "x": X[:n], "y": Y[:n]})
        return [s.kind for s in inspect_table(read_table(frame.to_csv(index=False).encode()), "y")]

    assert small(40, RNG.permutation(10**4)[:40]) == []
    for ids in (np.arange(40) * 3, np.arange(60, 20, -1), RNG.permutation(40)):
        assert small(40, ids) == ["id"]
    assert kinds_of(c=np.arange(N) + 0.5) == {}


@pytest.mark.parametrize(
    "measured",
    [
        np.sort(RNG.integers(20_000, 90_000, N)),
        np.sort(RNG.integers(20, 80, N))[::-1],
        RNG.integers(10_000, 90_000, N),
        np.arange(N, 0, -1) ** 2,
        np.cumsum(RNG.integers(1, 50, N)),
    ],
)
def test_a_measurement_is_no_id_even_if_the_file_is_sorted_by_it(measured):
    assert kinds_of(c=measured) == {}


HIDDEN = {
    "itself": Y,
    "turned around": 1 - Y,
    "in other numbers": np.where(Y, -3, 8.5),
    "in codes that are in no order": np.where(Y, RNG.choice([1, 3], N), RNG.choice([2, 4], N)),
    "a score with a threshold": Y * 10 + RNG.random(N),
    "a score turned around": -Y * 10 + RNG.random(N),
    "a follow-up that only one outcome has": np.where(Y, RNG.random(N), 0.0),
    "the same, left empty for the other": np.where(Y, RNG.random(N), np.nan),
    "itself with holes": holes(Y, [1, 5, 9]),
}


@pytest.mark.parametrize("column", HIDDEN.values(), ids=HIDDEN)
def test_an_outcome_among_the_features_is_suspicious(column):
    assert "target" in kinds_of(h=column)["h"]


@pytest.mark.parametrize("labels", [["no", "yes"], ["B", "M"], [1, 2]])
def test_a_copied_outcome_is_suspicious_with_any_labels(labels):
    assert kinds_of(y=np.array(labels)[Y], h=Y)["h"] == ["target"]


def test_a_single_differing_row_lifts_the_suspicion():
    almost = Y.copy()
    almost[0] = 1 - almost[0]
    assert kinds_of(h=almost) == {}


def test_rows_without_an_outcome_do_not_hide_a_copy():
    labels = holes(Y, range(0, N, 5))
    column = np.where(np.isnan(labels), 1 - Y, Y)
    assert kinds_of(y=labels, h=column) == {"h": ["target"]}


COPIES = {
    "itself": X,
    "in other units": X * 1.8 + 32,
    "turned around": 5 - X,
    "huge": X * 1e99,
    "tiny": X * 1e-250,
    "far away": X + 1e4,
}


@pytest.mark.parametrize("column", COPIES.values(), ids=COPIES)
def test_a_copy_of_a_feature_is_suspicious(column):
    assert kinds_of(c=column) == {"c": ["copy"]}


def test_only_an_exact_copy_is_flagged():
    assert kinds_of(a=holes(X, [1, 2]), b=holes(X, [1, 2]) * 2) == {"b": ["copy"]}
    assert kinds_of(c=X + 0.001 * NOISE) == {}
    assert kinds_of(one=[1] * N, two=[2] * N) == {"one": ["constant"], "two": ["constant"]}


@pytest.mark.parametrize(
    ("column", "suspect"),
    [
        (np.where(RNG.random(N) < 0.2, 0, RNG.integers(40, 90, N)), True),
        (np.where(np.arange(N) < 2, 0, RNG.normal(50, 2, N)), True),
        (np.where(np.arange(N) < 1, 0, RNG.normal(50, 2, N)), False),  # a single one
        (np.where(RNG.random(N) < 0.2, 0, RNG.integers(1, 90, N)), False),
        (np.where(X > 1, -45, np.where(X < -1, 0, RNG.integers(40, 90, N))), False),
        (np.where(RNG.random(N) < 0.2, 0, 50), False),  # yes or no
        (diabetes().X[:N, 0], False),
    ],
)
def test_only_repeated_zeros_far_below_the_rest_are_suspicious(column, suspect):
    assert kinds_of(z=column) == ({"z": ["zeros"]} if suspect else {})


def test_inspect_table_requires_an_outcome_and_skips_it():
    table = read_table(DIABETES_CSV.read_bytes())
    assert "outcome" not in {s.column for s in inspect_table(table, "outcome")}
    assert message_of(inspect_table, table, "age", error=TableError).startswith(
        "'age' has 52 different values ('21', '22', '23', '24', …); choose a column"
    )
    assert message_of(inspect_table, table, "AGE", error=TableError).startswith("'AGE' is not a")
