"""The guarantees of a Fit, and the arguments that fit rejects."""

import copy
import pickle

import numpy as np
import pytest

from regcore import Config, Split, fit, weights_at
from tests.support.helpers import assert_identical, diabetes, diabetes_split, message_of, small_part

PARTS = diabetes_split()
SMALL = Split(small_part(50), None, small_part(30, seed=1))
FULL = Config(hidden_sizes=(16, 8), epochs=30, dropout=0.3, momentum=0.9, batch_size=50, l2=0.01)


def test_all_arrays_of_a_fit_are_read_only():
    done = fit(PARTS, FULL, keep=[3], checkpoint_every=10)
    arrays = [*done.params, *done.last_params, *done.snapshots[3], *done.history.columns().values()]
    arrays += [array for state in done.checkpoints for array in (state.theta, state.velocity)]
    assert len(done.checkpoints) == 4
    for array in arrays:
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1.0
    with pytest.raises(TypeError):
        done.snapshots[3] = ()
    with pytest.raises(AttributeError):
        done.params = ()


@pytest.mark.parametrize(
    ("changes", "shared"),
    [({}, True), ({"patience": 5, "momentum": 0.9}, False)],
    ids=["last is best", "best apart"],
)
def test_nbytes_of_a_fit_counts_each_array_once(changes, shared):
    done = fit(diabetes_split(0.2), Config((4,), epochs=60, **changes), keep=[0, 1])
    assert (done.params is done.last_params) == shared
    weights = 8 * (9 * 4 + 5)  # W1 (8, 4), b1, W2 (4, 1), b2 in float64
    rows = len(done.history.epoch)
    expected = (3 if shared else 4) * weights + 8 * rows * 8  # six scores, epoch, penalty
    assert done.nbytes == expected
    assert through_pickle(done).nbytes == expected


def test_nbytes_counts_checkpoints():
    config = Config((4,), epochs=60)
    recorded = fit(PARTS, config, checkpoint_every=30)  # epochs 0, 30, 60: theta and velocity
    assert recorded.nbytes - fit(PARTS, config).nbytes == 3 * 2 * 8 * (9 * 4 + 5)


def through_pickle(value):
    return pickle.loads(pickle.dumps(value))


@pytest.mark.parametrize("duplicate", [copy.deepcopy, through_pickle])
def test_a_fit_survives_pickle_and_copy(duplicate):
    done = fit(PARTS, FULL.but(epochs=3), keep=[1], checkpoint_every=2)
    other = duplicate(done)
    assert other.config == done.config
    assert_identical(other.params, done.params)
    assert_identical(other.snapshots[1], done.snapshots[1])
    columns = other.history.columns()
    assert list(columns) == list(done.history.columns())
    arrays = [*other.params, *other.last_params, *other.snapshots[1], *columns.values()]
    arrays += [array for state in other.checkpoints for array in (state.theta, state.velocity)]
    assert len(other.checkpoints) == 2
    assert not any(array.flags.writeable for array in arrays)


@pytest.mark.parametrize("every", [0, -5, 2.5, True, "2", 10**9])
@pytest.mark.parametrize("patience", [None, pytest.param(2, id="patience")])
def test_a_wrong_record_every_is_rejected(every, patience):
    config = Config(epochs=3, patience=patience)
    with pytest.raises(ValueError, match=r"^record_every is .*; it must be a whole number") as info:
        fit(diabetes_split(0.2), config, record_every=every)
    assert repr(every) in str(info.value)


@pytest.mark.parametrize("epoch", [-1, 4, "a", 1.5])
def test_an_epoch_that_cannot_be_kept_is_rejected(epoch):
    with pytest.raises(ValueError, match=r"keep is .*; it must be a whole number from 0 to 3"):
        fit(PARTS, FULL.but(epochs=3), keep=[epoch])


@pytest.mark.parametrize("keep", [None, 3])
def test_epochs_to_keep_that_are_no_list_are_rejected(keep):
    message = message_of(lambda: fit(PARTS, FULL, keep=keep), error=TypeError)
    assert message == f"keep is {keep}; it must be a list of epochs."


NO_SPLITS = {"Dataset": diabetes(), "Part": PARTS.train, "NoneType": None, "type": Split}
NO_CONFIGS = {"a dict": {"epochs": 3}, "a NoneType": None, "an int": 3, "a type": Config}


@pytest.mark.parametrize(("kind", "given"), NO_SPLITS.items(), ids=NO_SPLITS)
def test_fit_rejects_what_is_no_split(kind, given):
    for call in (lambda: fit(given, FULL), lambda: weights_at(given, fit(PARTS, FULL), 0)):
        assert message_of(call, error=TypeError) == f"split is a {kind}; it must be a Split."


@pytest.mark.parametrize(("kind", "given"), NO_CONFIGS.items(), ids=NO_CONFIGS)
def test_fit_rejects_what_is_no_config(kind, given):
    message = message_of(fit, PARTS, given, error=TypeError)
    assert message == f"config is {kind}; it must be a Config."


def test_swapped_arguments_are_reported():
    assert message_of(fit, FULL, PARTS, error=TypeError) == "split is a Config; it must be a Split."


TRAINED = fit(PARTS, Config((4,), epochs=2))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        (np.zeros((5, 7)), "X has shape (5, 7); it must be (rows, 8), as in training."),
        (np.zeros(8), "X has shape (8,); it must be (rows, 8), as in training."),
        (np.full((2, 8), np.nan), "X[0, 0] is nan; every value must be finite."),
        (np.full((2, 8), -np.inf), "X[0, 0] is -inf; every value must be finite."),
        ([["1"] * 8], "X holds something that is not a number ('1')."),
        (None, "X holds something that is not a number (None)."),
    ],
)
def test_invalid_rows_are_rejected_by_predict(X, message):
    assert message_of(TRAINED.predict_proba, X) == message


def test_accuracy_takes_a_part_of_the_same_width():
    message = message_of(TRAINED.accuracy, SMALL.test)
    assert message == "X has shape (30, 3); it must be (rows, 8), as in training."
    message = message_of(TRAINED.accuracy, PARTS.test.X, error=TypeError)
    assert message == "part is an ndarray; it must be a Part."


def test_lists_and_no_rows_at_all_can_be_predicted():
    assert TRAINED.predict_proba([[0] * 8, [True] * 8]).shape == (2, 1)
    assert TRAINED.predict_proba(np.zeros((0, 8))).shape == (0, 1)
