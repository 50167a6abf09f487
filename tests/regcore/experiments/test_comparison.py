"""Better, worse or cannot tell: the corrected interval, compared with other derivations."""

import numpy as np
import pytest

from regcore import PRESETS, Config, Dataset
from regcore.experiments.comparison import compare, difference, interval
from regcore.experiments.study import Plan, run_study
from tests.support.executors import pool
from tests.support.helpers import diabetes

pytestmark = pytest.mark.slow

N_TRAIN, N_TEST = 576, 192
T_3 = 3.182446  # the 0.975 quantiles of Student's t as printed in tables, by degrees of freedom
T_19 = 2.093024
STEP = 1.0 / N_TEST


def test_the_interval_equals_a_calculation_by_hand():
    # differences 1, 2, 3 and 6 hundredths: mean 3, squares 4 + 1 + 0 + 9 = 14, variance 14/3;
    # times 1/4 + 192/576 = 7/12 is 98/36, whose root is 1.649916
    ours, theirs = np.array([0.71, 0.72, 0.74, 0.78]), np.array([0.70, 0.70, 0.71, 0.72])
    result = difference(ours, theirs, N_TRAIN, N_TEST)
    assert result.mean == pytest.approx(0.03, abs=1e-12)
    assert result.high == pytest.approx(0.03 + T_3 * 0.01649916, abs=1e-7)
    assert result.low == pytest.approx(0.03 - T_3 * 0.01649916, abs=1e-7)
    assert (result.wins, result.losses, result.ties) == (4, 0, 0)
    assert result.verdict == "cannot tell"  # although all are wins


def test_the_interval_is_that_of_a_mean_of_correlated_values():
    """An independent derivation: ρ = n_test / (n_test + n_train) between any two splits.

    Then the variance of the mean is that of a sum with a full covariance matrix, and the sample
    variance is σ² times 1 - ρ on average.
    """
    d = np.random.default_rng(0).normal(0.02, 0.03, size=20)
    rho = N_TEST / (N_TEST + N_TRAIN)
    variance = sum((value - sum(d) / 20) ** 2 for value in d) / 19 / (1 - rho)
    covariance = variance * (rho + (1 - rho) * np.eye(20))
    half = T_19 * np.sqrt(np.full(20, 1 / 20) @ covariance @ np.full(20, 1 / 20))
    low, high = interval(d, N_TRAIN, N_TEST)
    assert (high - low) / 2 == pytest.approx(half, rel=1e-6)
    assert (high + low) / 2 == pytest.approx(sum(d) / 20, rel=1e-12)


def test_only_the_corrected_interval_covers_the_truth_in_95_percent():
    rng, rho, r = np.random.default_rng(1), N_TEST / (N_TEST + N_TRAIN), 10
    shared, own = rng.normal(size=(2000, 1)), rng.normal(size=(2000, r))
    cases = np.sqrt(rho) * shared + np.sqrt(1 - rho) * own  # true mean 0

    def covered(n_test: int) -> float:
        return np.mean([low < 0 < high for low, high in (interval(d, 576, n_test) for d in cases)])

    assert 0.935 < covered(N_TEST) < 0.965
    assert covered(0) < 0.8  # σ²/r, as if the splits were independent


@pytest.mark.parametrize(
    ("shift", "lower", "verdict"),
    [
        *((0.5, False, "better"), (-0.5, False, "worse")),
        *((0.5, True, "worse"), (-0.5, True, "better")),
        *((0.001, False, "cannot tell"), (-0.001, True, "cannot tell")),
    ],
)
def test_the_verdict_respects_lower_is_better(shift, lower, verdict):
    theirs = np.array([0.7, 0.72, 0.69, 0.74, 0.71])
    ours = theirs + shift + np.array([0.01, -0.01, 0.02, 0.0, -0.02])
    result = difference(ours, theirs, N_TRAIN, N_TEST, lower_is_better=lower)
    assert result.verdict == verdict
    assert result.mean == pytest.approx(shift)
    if verdict != "cannot tell":
        assert (result.wins, result.losses) == ((5, 0) if verdict == "better" else (0, 5))


def test_wins_losses_and_ties_are_counted_beyond_rounding():
    ours, theirs = np.array([0.1 + 0.2, 0.5, 0.4, 0.9]), np.array([0.3, 0.4, 0.5, 0.8])
    result = difference(ours, theirs, N_TRAIN, N_TEST)
    assert (result.wins, result.losses, result.ties) == (2, 1, 1)
    result = difference(ours, theirs, N_TRAIN, N_TEST, lower_is_better=True)
    assert (result.wins, result.losses, result.ties) == (1, 2, 1)


@pytest.mark.parametrize("step", [0.0, STEP])
@pytest.mark.parametrize("r", [0, 1, 2, 20])
def test_zero_difference_is_undecided_for_any_number_of_repeats(r, step):
    same = np.full(r, 0.75)
    result = difference(same, same, N_TRAIN, N_TEST, step=step)
    assert result.verdict == "cannot tell"
    assert result.low <= 0 <= result.high
    assert result.ties == r


def test_one_repeat_gives_an_infinite_interval():
    result = difference(np.array([0.9]), np.array([0.1]), N_TRAIN, N_TEST, step=STEP)
    assert (result.mean, result.wins) == (0.8, 1)
    assert (result.low, result.high, result.verdict) == (-np.inf, np.inf, "cannot tell")


@pytest.mark.parametrize(
    ("rows", "r", "verdict"),
    [(1, 2, "cannot tell"), (1, 20, "better"), (-1, 20, "worse"), (96, 2, "better")],
)
def test_equal_differences_keep_the_uncertainty_of_row_rounding(rows, r, verdict):
    """One patient on two splits is undecided; on all or half of twenty splits it is not."""
    theirs = np.linspace(100, 119, r) / N_TEST  # so the differences are equal up to rounding
    result = difference(theirs + rows / N_TEST, theirs, N_TRAIN, N_TEST, step=STEP)
    assert result.verdict == verdict
    assert result.low < rows / N_TEST < result.high


def test_a_loss_that_is_not_finite_gives_an_infinite_interval():
    ours, theirs = np.array([0.5, np.inf, 0.4]), np.array([0.6, 0.7, np.inf])
    result = difference(ours, theirs, N_TRAIN, N_TEST, lower_is_better=True)
    assert (result.low, result.high, result.verdict) == (-np.inf, np.inf, "cannot tell")
    assert (result.wins, result.losses, result.ties) == (2, 1, 0)


def test_compare_uses_the_scores_of_both_configs_in_every_repeat():
    plan = Plan((Config((4,), epochs=60), Config((4,), epochs=60, lr=0.5)), repeats=5)
    *_, study = run_study(diabetes(), plan)
    differences = compare(study, config=1, baseline=0)
    assert list(differences) == ["test_accuracy", "test_loss", "gap"]
    for name, value in differences.items():
        assert value.mean == np.mean(study.scores(1, name) - study.scores(0, name))
    assert differences["test_loss"].verdict == "better"  # a lower loss is better
    assert compare(study, config=0, baseline=1)["test_loss"].verdict == "worse"
    same = compare(study, config=0, baseline=0)
    assert {(value.mean, value.ties, value.verdict) for value in same.values()} == {
        (0.0, 5, "cannot tell")
    }


def test_two_identical_configs_with_different_seeds_cannot_be_told_apart():
    """Holds in at least 90 of 100 studies of five splits each, with small real runs."""
    table, rng = diabetes(), np.random.default_rng(0)
    rows = rng.permutation(len(table))[:200]
    small = Dataset("200 patients", table.X[rows], table.y[rows], table.feature_names)
    config = Config((6,), lr=0.5, epochs=60)
    verdicts, apart = [], 0
    for number in range(100):
        plan = Plan((config, config.but(seed=2)), repeats=5, seed=1000 * number)
        *_, study = run_study(small, plan)
        differences = compare(study, 1, 0)
        verdicts.append([value.verdict for value in differences.values()])
        apart += differences["test_loss"].mean != 0.0
    assert apart == 100  # the seeds do make a difference
    for column in zip(*verdicts, strict=True):
        assert column.count("cannot tell") >= 90


def with_and_without_l2(config: Config):
    """A study of 20 splits, and its comparison of λ = 0.05 with λ = 0."""
    plan = Plan((config, config.but(l2=0.05)), repeats=20)
    *_, study = run_study(diabetes(), plan, pool())
    return study, compare(study, config=1, baseline=0)


def test_l2_is_better_where_the_network_memorizes():
    """Memorize at half the width and a third of the epochs; bench_study.py has the full size."""
    config = PRESETS["memorize"].but(hidden_sizes=(32,), epochs=1500)
    study, differences = with_and_without_l2(config)
    assert study.scores(0, "train_accuracy").mean() > 0.94
    assert differences["test_accuracy"].mean == pytest.approx(0.05, abs=0.01)
    assert differences["test_accuracy"].wins >= 18
    assert {value.verdict for value in differences.values()} == {"better"}


def test_l2_as_printed_wins_most_splits_but_is_undecided():
    study, differences = with_and_without_l2(PRESETS["as printed"])
    accuracy = differences["test_accuracy"]
    assert accuracy.wins > 2 * accuracy.losses
    assert accuracy.verdict == "cannot tell"
    d = study.scores(1, "test_accuracy") - study.scores(0, "test_accuracy")
    assert interval(d, N_TRAIN, 0)[0] > 0  # the naive interval would give "better"
