"""What a Part, a Dataset and a Split accept, and how they reject everything else."""

import numpy as np
import pandas as pd
import pytest

from regcore import Dataset, Part, Split
from tests.support.helpers import diabetes, message_of, small_part

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


@pytest.mark.parametrize(
    ("wrong", "shown"),
    [
        ("a", "'a'"),
        ("1", "'1'"),  # NumPy alone would convert it to 1.0
        (b"1", "b'1'"),
        (None, "None"),
        (pd.NA, "<NA>"),
        (1j, "1j"),
        (np.datetime64("2024-01-01"), "2024"),
        ({}, "{}"),
        ([1], "[1]"),
        (10**400, "too large"),
    ],
)
def test_values_that_are_not_numbers_are_rejected(wrong, shown):
    message = message_of(Part, [[wrong, 1, 2.5]] * 4, Y)
    assert message.startswith("X holds something that is not a number (")
    assert shown in message


@pytest.mark.parametrize("X", [np.array([["1"]] * 4), np.array([[1j]] * 4), [[1], [1, 2]], "1"])
def test_text_complex_and_ragged_arrays_are_rejected(X):
    assert message_of(Part, X, Y).startswith("X holds something that is not a number (")


def test_labels_as_text_are_rejected():
    message = message_of(Part, X, [["0"], ["1"], ["1"], ["0"]])
    assert message == "y holds something that is not a number ('0')."


TABLE = pd.DataFrame({"a": [True, False, True, True], "b": [1, 2, 3, 4], "c": [0.5, 1.5, 2.5, 3.5]})
OBJECTS = TABLE.to_numpy()


@pytest.mark.parametrize(
    "X",
    [
        *(TABLE, OBJECTS, OBJECTS.tolist(), TABLE[["a"]], TABLE[["b"]], TABLE[["b", "c"]]),
        *(TABLE.convert_dtypes(), OBJECTS.astype(np.float32), TABLE[["b"]].to_numpy(np.uint8)),
    ],
    ids=lambda X: f"{type(X).__name__} {getattr(X, 'shape', '')}",
)
def test_numbers_of_every_type_are_accepted(X):
    part = Part(X, TABLE[["a"]])
    assert part.X.tolist() == np.asarray(X).astype(float).tolist()
    assert part.y.tolist() == [[1.0], [0.0], [1.0], [1.0]]
    series = Part(TABLE["b"].to_numpy()[:, None], [[flag] for flag in TABLE["a"]])
    assert series.X.tolist() == [[1.0], [2.0], [3.0], [4.0]]


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
    mine[0, 0] = 5.0  # the caller's array stays writable


@pytest.mark.parametrize(
    ("names", "message"),
    [
        ("abc", "feature_names is 'abc'; it must be a sequence of names."),
        (None, "feature_names is None; it must be a sequence of names."),
        (("a", 2, "c"), "feature_names contains 2; every name must be text."),
        (("a", "b", "a"), "feature_names has 'a' twice; each name may occur only once."),
    ],
)
def test_feature_names_must_be_distinct_texts(names, message):
    assert message_of(Dataset, "mine", X, Y, names) == message


TRAIN, TEST = small_part(50), small_part(30, seed=1)


def test_a_split_made_by_hand_keeps_its_units():
    parts = Split(TRAIN, None, TEST)
    assert (parts.mean.tolist(), parts.scale.tolist()) == ([0.0] * 3, [1.0] * 3)
    given = Split(TRAIN, None, TEST, mean=[1, 2, 3])
    assert (given.mean.tolist(), given.scale.tolist()) == ([1.0, 2.0, 3.0], [1.0] * 3)
    for array in (parts.mean, parts.scale, given.mean):
        assert not array.flags.writeable


def test_a_split_rejects_parts_that_do_not_fit():
    def split_with(**changes):
        return lambda: Split(**{"train": TRAIN, "validation": None, "test": TEST, **changes})

    message = message_of(split_with(test=Part(TEST.X[:, :-1], TEST.y)))
    assert message == "The parts have 3, 2 columns; all need the same number."
    message = message_of(split_with(scale=np.ones(2)))
    assert message == "scale has shape (2,); it must be (3,), a number for each column."
    message = message_of(split_with(mean=["1", 2, 3]))
    assert message == "mean holds something that is not a number ('1')."
    for name in ("train", "validation", "test"):
        message = message_of(split_with(**{name: TRAIN.X}), error=TypeError)
        assert message == f"{name} is an ndarray; it must be a Part."
    assert message_of(split_with(test=None), error=TypeError).startswith("test is a NoneType;")


def test_groups_are_checked():
    table = diabetes()
    message = message_of(
        lambda: Dataset("x", table.X, table.y, table.feature_names, groups=np.zeros(3))
    )
    assert message == "groups has shape (3,); it must be (768,), a number a row."
