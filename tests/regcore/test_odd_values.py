"""Public functions under odd values, one at a time: a right result or one sentence on one line."""

from fractions import Fraction

import numpy as np
import pytest

import regcore
from regcore import Config, Dataset, EarlyStopping, Part, fit, replay, split, weights_at
from regcore.data.splitting import folds
from regcore.exercises import numbered
from regcore.experiments.comparison import compare
from tests.support.helpers import assert_identical, message_of
from tests.support.odd import odd_values, result_or_sentence
from tests.support.public_calls import CALLS, CONFIG, PART, PARTS, RUN, STUDY, TABLE

ARGUMENTS = [(name, argument) for name, call in CALLS.items() for argument in call.good]


@pytest.mark.parametrize("name", CALLS)
def test_good_arguments_give_a_right_result(name):
    call = CALLS[name]
    if name != "load_diabetes":  # its path does not exist
        assert call.right(call.function(**call.good), call.good)


@pytest.mark.parametrize(("name", "argument"), ARGUMENTS)
def test_an_odd_argument_is_right_or_refused_in_one_sentence(name, argument):
    call = CALLS[name]
    for value in odd_values():
        if argument == "on_progress" and callable(value):
            continue  # a caller's own function may raise anything
        given = {**call.good, argument: value}
        result = result_or_sentence(
            call.function, allowed=(ValueError, TypeError, *call.also), **given
        )
        assert result is None or call.right(result, given), repr(type(value))


def test_every_public_function_is_called():
    kinds = {"Fit", "History", "PRESETS", "Suspicion", "Table", "TableError", "lesson"}
    assert set(regcore.__all__) - kinds <= set(CALLS)


@pytest.mark.parametrize(
    ("patience", "min_delta", "named"),
    [(-2, 0.0, "patience is -2;"), (1.0, 0.0, "patience is 1.0;"), (True, 0, "patience is True;")]
    + [(3, value, f"min_delta is {value};") for value in (float("nan"), -0.1, None, float("inf"))],
)
def test_early_stopping_refuses_what_config_refuses(patience, min_delta, named):
    for call in (EarlyStopping, lambda *rule: replay([3.0, 2.0], *rule)):
        assert message_of(call, patience, min_delta).startswith(named)


def test_a_replay_needs_losses_that_are_numbers():
    assert message_of(replay, [], 3) == "losses is empty; it must hold one number or more."
    assert message_of(replay, [1.0, "a"], 3) == "loss is 'a'; it must be a number."
    assert message_of(replay, None, 3, error=TypeError).startswith("losses is None;")


@pytest.mark.parametrize("given", [None, PARTS, "table"])
def test_split_rejects_other_types(given):
    for call in (split, folds):
        assert message_of(call, given, error=TypeError).endswith("; it must be a Dataset.")


@pytest.mark.parametrize("place", [99, -1, 2, True, 0.0, None])
def test_compare_rejects_an_index_out_of_range(place):
    allowed = f"is {place}; it must be a whole number from 0 to 1."
    assert message_of(compare, STUDY, place, 0) == f"config {allowed}"
    assert message_of(compare, STUDY, 0, place) == f"baseline {allowed}"


def test_a_masked_cell_is_rejected_or_missing():
    masked = np.ma.array(PART.X, mask=np.zeros(PART.X.shape))
    assert np.array_equal(Part(masked, PART.y).X, PART.X)
    masked[2, 1] = np.ma.masked
    for X in (masked, masked.astype(object)):
        assert message_of(Part, X, PART.y) == "X[2, 1] is nan; every value must be finite."
        known = Dataset("m", X, PART.y, ("a", "b"), missing=True)
        assert np.argwhere(np.isnan(known.X)).tolist() == [[2, 1]]
    assert message_of(Part, list(masked), PART.y).startswith("X holds something that is not")
    assert message_of(Part, PART.X, np.ma.array(PART.y, mask=True)).startswith("y contains nan;")


def test_weights_at_accepts_only_equal_training_rows():
    again = split(TABLE, validation_size=0.25)
    assert_identical(weights_at(again, RUN, 3), RUN.params)
    other = split(TABLE, validation_size=0.25, seed=7)
    narrow = split(TABLE.select(["a"]), validation_size=0.25)
    for parts in (other, narrow):
        assert "are not those of the run" in message_of(weights_at, parts, RUN, 3)
    flipped = split(Dataset("f", TABLE.X, 1 - TABLE.y, ("a", "b")), validation_size=0.25)
    assert "are not those of the run" in message_of(weights_at, flipped, RUN, 3)


@pytest.mark.filterwarnings("ignore:The 'generic' unit")  # NumPy 2.5 deprecates it
@pytest.mark.parametrize("kind", ["ns", "D", "generic"])
def test_times_are_rejected_as_numbers(kind):
    time = np.timedelta64(3, kind)
    assert message_of(lambda: Config(epochs=time)).startswith("epochs is ")
    assert message_of(lambda: Config(lr=time)).startswith("lr is ")
    for X in (np.full(PART.X.shape, time), [[time, 1.0]] * 24, [np.array([time, time])] * 24):
        assert message_of(Part, X, PART.y).startswith("X holds something that is not a number")


@pytest.mark.parametrize("unit", [1e-300, 1e-170, 1e-162, 1e-155, 1e-100, 1.0, 1e154, 1e160, 1e300])
def test_a_column_in_any_unit_is_standardised(unit):
    y = np.arange(200.0)[:, None] % 2
    X = (y * 2 - 1 + 0.1 * np.random.default_rng(0).standard_normal((200, 1))) * unit
    parts = split(Dataset("unit", X, y, ("a",)))
    assert parts.train.X.std() == pytest.approx(1.0, rel=1e-12)
    assert parts.scale[0] == pytest.approx(unit, rel=0.1)
    assert fit(parts, Config((4,), epochs=300)).accuracy(parts.test) == 1.0


@pytest.mark.parametrize("exponent", [-900, -500, 500, 900])
def test_scaling_by_a_power_of_two_changes_no_digit(exponent):
    other = Dataset("unit", np.ldexp(TABLE.X, exponent), TABLE.y, ("a", "b"))
    ours, theirs = split(TABLE), split(other)
    assert np.array_equal(ours.train.X, theirs.train.X)
    assert np.array_equal(ours.test.X, theirs.test.X)
    assert np.array_equal(np.ldexp(ours.scale, exponent), theirs.scale)


def test_a_column_beyond_float64_is_rejected():
    tiny = Dataset("tiny", TABLE.X * [1.0, 1e-315], TABLE.y, ("a", "b"))
    assert message_of(split, tiny).startswith("'b' varies by ")
    X = TABLE.X.copy()  # one value is too far from the training rows
    X[:, 1] = np.where(np.arange(40) == 5, 1e300, X[:, 1] * 1e-300)
    far = Dataset("far", X, TABLE.y, ("a", "b"))
    messages = {message_or_none(split, far, seed) for seed in range(20)}
    assert messages == {
        None,
        "'b' is 1e+300 in a row, too far from the rows to train on to be standardized; "
        "leave out the row or the column.",
    }


def message_or_none(call, dataset, seed) -> str | None:
    try:
        call(dataset, seed=seed)
    except ValueError as error:
        return str(error)
    return None


def test_a_fraction_that_rounds_out_of_range_is_rejected():
    assert message_of(lambda: Config(dropout=Fraction(10**30 - 1, 10**30))).startswith("dropout")
    assert message_of(lambda: Config(lr=Fraction(1, 10**400))).startswith("lr is ")


@pytest.mark.slow
def test_task_7_rejects_a_function_that_later_returns_arrays():
    calls = []

    def choose(sweep):
        calls.append(1)
        best = min(sweep, key=lambda row: row["validation_loss"])["l2"]
        return best if len(calls) <= 13 else np.array([best, best])

    ok, message = numbered(7).check(choose)
    assert not ok
    assert message == "The λ that you return is an ndarray; it must be a number."


@pytest.mark.slow
def test_a_number_beyond_all_floats_is_a_wrong_answer():
    assert not numbered(7).check(lambda sweep: 10**400).ok


def test_the_config_of_a_run_is_checked():
    assert message_of(CONFIG.differences, None, error=TypeError).startswith("other is a NoneType")
