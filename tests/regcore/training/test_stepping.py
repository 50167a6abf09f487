"""The lesson's loop, one statement at a time: the same source, the same bits, nothing left out."""

import ast
import inspect
from functools import cache

import numpy as np
import pytest

from regcore import lesson
from regcore.blas import one_blas_thread
from regcore.training.statements import STATEMENTS, STEPPED, penalty, uses
from regcore.training.stepping import EPOCHS, affordable, axes_of, record
from tests.support.helpers import assert_identical, small_part

ROWS, UNITS = (0, 5, 7), (1, 3)


@cache
def recorded(l2: float = 0.0, start: int = 1, epochs: tuple[int, ...] = (1, 2, 3), **settings):
    part = small_part()
    return record(part.X, part.y, ROWS, UNITS, l2, start, epochs, **settings)


def lesson_weights(epochs: int, l2: float = 0.0, **settings):
    part = small_part()
    with one_blas_thread():
        return lesson.train(part.X, part.y, epochs=epochs, l2=l2, **settings)


def given(recording, function: str, name: str) -> list[np.ndarray]:
    """What the statements of a function gave to a name, in order."""
    return [
        number.sample
        for step in recording.steps
        if STATEMENTS[step.place].function == function
        for number in step.gives
        if number.name == name
    ]


@pytest.mark.parametrize("l2", [0.0, 0.05])
@pytest.mark.parametrize("epochs", [(1,), (1, 2, 3), (1, 2, 3, 40), (7,)])
def test_stepped_weights_equal_those_of_train_bit_for_bit(epochs, l2):
    assert_identical(recorded(l2, epochs=epochs).params, lesson_weights(max(epochs), l2))


def test_other_settings_give_the_weights_of_train():
    settings = {"n_hidden": 5, "lr": 0.3, "seed": 4}
    assert_identical(recorded(**settings).params, lesson_weights(3, **settings))


def test_l2_turned_on_in_the_middle_changes_nothing_before():
    without, later = recorded(epochs=(1, 2, 3)), recorded(0.05, start=3)
    early = [step for step in later.steps if step.epoch < 3]
    for one, other in zip(early, without.steps, strict=False):
        assert str(one) == str(other)
    assert_identical(recorded(0.05, start=4).params, lesson_weights(3))
    assert not np.array_equal(later.params[0], without.params[0])


def test_every_statement_of_the_lesson_is_shown_or_is_an_aside():
    shown = {step.place for step in recorded().steps}
    asides = {each.place for each in STATEMENTS if each.aside}
    for name in STEPPED:
        tree = ast.parse(inspect.getsource(getattr(lesson, name)))
        (function,) = tree.body
        inside = [node for node in ast.walk(function) if isinstance(node, ast.stmt)][1:]
        places = [each.place for each in STATEMENTS if each.function == name]
        assert len(places) == len(inside)
        assert set(places) <= shown | asides
    assert not shown & asides
    for each in STATEMENTS:
        if each.aside:  # a docstring or a check, and nothing else
            assert (
                "_check(" in ast.unparse(each.node)
                or each.aside == "docstring"
                or ("_arrays(" in ast.unparse(each.node))
            )


def test_every_recorded_epoch_has_the_same_steps():
    steps = recorded(epochs=(1, 2, 9)).steps
    epochs = {epoch: [s.place for s in steps if s.epoch == epoch] for epoch in (1, 2, 9)}
    *last, returned = epochs[9]
    assert epochs[1] == epochs[2] == last
    assert isinstance(STATEMENTS[returned].node, ast.Return)


def test_a_step_reads_what_stood_there_before_and_gives_what_stands_there_after():
    steps = recorded(0.05).steps
    for name in ("W1", "b1", "W2", "b2"):
        updates = [s for s in steps if s.epoch and name in [n.name for n in s.gives] and s.reads]
        values = [
            tuple({n.name: n.sample for n in part}[name] for part in (s.reads, s.gives))
            for s in updates
            if STATEMENTS[s.place].function == "train" and name in [n.name for n in s.reads]
        ][:3]
        (_, first), (before, second), (last, _) = values
        assert np.array_equal(first, before) and np.array_equal(second, last)
        assert not np.array_equal(first, second)


def test_samples_are_the_numbers_of_the_chosen_rows_and_units():
    part, (W1, b1, W2, b2) = small_part(), lesson.init_params(3, 64)
    Z1, A1, Z2, A2 = lesson.forward(part.X, W1, b1, W2, b2)
    dZ2 = (A2 - part.y) / len(part.X)
    dW1 = part.X.T @ ((dZ2 @ W2.T) * (Z1 > 0))
    near = {"rtol": 1e-12, "atol": 1e-15}
    at, rows, units = np.ix_(ROWS, UNITS), list(ROWS), list(UNITS)
    for name, expected in {"Z1": Z1[at], "A1": A1[at], "Z2": Z2[rows, 0]}.items():
        np.testing.assert_allclose(given(recorded(), "forward", name)[0], expected, **near)
    np.testing.assert_allclose(given(recorded(), "train", "dZ2")[0], dZ2[rows, 0], **near)
    np.testing.assert_allclose(given(recorded(), "train", "dW1")[0], dW1[:, units], **near)


def test_the_terms_of_a_gradient_with_l2_add_up_to_it():
    with_terms = [step for step in recorded(0.05, start=2).steps if step.terms]
    assert {ast.unparse(penalty(STATEMENTS[s.place].node).right) for s in with_terms} == {
        "l2 * W1",
        "l2 * W2",
    }
    for step in with_terms:
        data, added = (number.sample for number in step.terms)
        (gradient,) = (number.sample for number in step.gives)
        assert np.array_equal(data + added, gradient)
        assert added.any() == (step.epoch >= 2)


def test_axes_are_told_apart_where_sizes_are_equal():
    X, y = np.eye(64), np.ones((64, 1))  # as many rows as features and units
    X.flags.writeable = False
    steps = record(X, y, (0,), (1,), epochs=(1,)).steps
    found = {n.name: n.axes for s in steps for n in s.gives}
    assert [found[name] for name in ("Z1", "dZ2", "dW2", "dW1", "b1")] == [
        "nh",
        "n1",
        "h1",
        "dh",
        "1h",
    ]
    assert {axes for (_, name), axes in axes_of().items() if name == "X"} == {"nd"}


def test_uses_are_the_next_readers_of_a_value():
    def readers(name: str, later: bool) -> list[str]:
        setters = [s for s in STATEMENTS if s.function == "train" and s.targets[:1] == (name,)]
        (setter,) = [s for s in setters if not s.calls and not isinstance(s.node, ast.Return)]
        found = [use.statement for use in uses(setter, name) if use.later == later]
        return [(use.calls or use.targets)[0] for use in found]

    assert readers("dZ2", later=False) == ["dW2", "db2", "dZ1"]
    assert readers("dW2", later=False) == ["W2"]
    assert readers("W1", later=False) == []
    assert readers("W1", later=True) == ["forward", "dW1", "W1", "W1"]  # the last is the return


def test_a_diverging_run_is_recorded_without_a_warning():
    steps = recorded(lr=10_000.0, epochs=(1, 2, 3, 400)).steps
    assert any(np.isnan(n.sample).any() for s in steps for n in s.gives if n.sample is not None)


def test_large_tables_are_recorded_for_fewer_epochs():
    assert affordable((576, 8), 64) == EPOCHS
    assert affordable((20_000, 8), 64) == EPOCHS[:4]
    assert affordable((20_000, 100), 64) == EPOCHS[:3]
