"""fit against textbook loops: batches, momentum, dropout, seeds."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from regcore import Config, Split, fit
from tests.support.helpers import (
    assert_agree,
    assert_identical,
    diabetes_split,
    plain_descent,
    plain_start,
    small_part,
    worst,
)

PARTS = diabetes_split()
SMALL = Split(small_part(50), None, small_part(30, seed=1))


@pytest.mark.parametrize(
    "changes",
    [
        {"batch_size": 64},
        {"batch_size": 100},  # the last batch has 76 rows
        {"batch_size": 575},  # the last batch has 1 row
        {"batch_size": 100, "hidden_sizes": (16, 8), "l2": 0.02},
        {"batch_size": 100, "momentum": 0.9, "l2": 0.02},
        {"batch_size": 100, "hidden_sizes": (16, 8), "dropout": 0.3, "momentum": 0.5, "seed": 6},
        {"batch_size": 64, "hidden_sizes": ()},
    ],
    ids=str,
)
def test_mini_batches_are_a_textbook_loop_over_harvested_permutations(changes):
    config = Config(epochs=40).but(**changes)
    ours = fit(PARTS, config).params
    assert_agree(ours, plain_descent(PARTS.train, config), 1e-12)
    full_batch = fit(PARTS, config.but(batch_size=None)).params
    assert worst(ours, full_batch)[0] > 1e-3


def test_batches_of_one_row_are_textbook_too():
    config = Config(hidden_sizes=(6,), epochs=5, batch_size=1, l2=0.01)
    assert_agree(fit(SMALL, config).params, plain_descent(SMALL.train, config), 1e-12)


@pytest.mark.parametrize("batch_size", [576, 577, 10**9])
def test_a_batch_size_of_all_rows_is_full_batch_descent(batch_size):
    config = Config(epochs=20)
    assert_identical(
        fit(PARTS, config.but(batch_size=batch_size)).params, fit(PARTS, config).params
    )


@pytest.mark.parametrize("seed", [1, 5])
@pytest.mark.parametrize("p", [0.2, 0.5])
def test_dropout_is_a_textbook_loop_over_harvested_masks(p, seed):
    config = Config(hidden_sizes=(16, 8), dropout=p, epochs=200, l2=0.01, seed=seed)
    ours = fit(PARTS, config).params
    assert_agree(ours, plain_descent(PARTS.train, config), 1e-12)
    assert worst(ours, fit(PARTS, config.but(dropout=0.0)).params)[0] > 1e-3


@pytest.mark.parametrize("changes", [{"dropout": 0.5}, {"batch_size": 32}, {"momentum": 0.9}])
def test_starting_weights_depend_only_on_seed_and_widths(changes):
    config = Config(hidden_sizes=(16, 8), epochs=3, seed=9)
    start = fit(PARTS, config.but(**changes), keep=[0]).snapshots[0]
    assert_identical(start, plain_start(8, config))


@pytest.mark.parametrize("batch_size", [None, 100])
def test_dropout_without_hidden_units_changes_nothing(batch_size):
    config = Config(hidden_sizes=(), epochs=20, batch_size=batch_size)
    assert_identical(fit(PARTS, config.but(dropout=0.5)).params, fit(PARTS, config).params)


FULL = Config(hidden_sizes=(16, 8), epochs=30, dropout=0.3, momentum=0.9, batch_size=50, l2=0.01)


def test_the_same_seed_gives_the_same_run_whatever_ran_before():
    first = fit(PARTS, FULL)
    fit(PARTS, FULL.but(seed=2, epochs=7))
    fit(SMALL, FULL.but(hidden_sizes=(3,), batch_size=None))
    again = fit(PARTS, FULL)
    assert_identical(again.params, first.params)
    for name, column in first.history.columns().items():
        assert np.array_equal(again.history.columns()[name], column), name


def test_parallel_runs_in_threads_equal_sequential_runs():
    configs = [FULL.but(seed=seed) for seed in range(6)]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda config: fit(PARTS, config), configs))
    for side_by_side, config in zip(together, configs, strict=True):
        assert_identical(side_by_side.params, fit(PARTS, config).params)


@pytest.mark.parametrize("changes", [{}, {"batch_size": 50}, {"batch_size": 50, "dropout": 0.3}])
def test_another_seed_gives_another_run(changes):
    config = Config(epochs=5).but(**changes)
    assert worst(fit(PARTS, config).params, fit(PARTS, config.but(seed=2)).params)[0] > 1e-3


def test_a_longer_run_passes_through_the_shorter_one():
    long = fit(PARTS, FULL, keep=[0, 4, 17])
    assert list(long.snapshots) == [0, 4, 17]
    for epoch, params in long.snapshots.items():
        assert_identical(params, fit(PARTS, FULL.but(epochs=epoch)).params)


def test_no_epochs_leave_the_starting_weights():
    untrained = fit(PARTS, FULL.but(epochs=0))
    assert_identical(untrained.params, plain_start(8, FULL))
    assert untrained.history.epoch.tolist() == [0]


def test_without_patience_the_last_weights_are_returned():
    done = fit(diabetes_split(0.2), FULL)
    assert_identical(done.params, done.last_params)
