"""What a network does with lies: the truth first, the lies last, and L2 leaves them out."""

from functools import cache

import pytest
from scipy.stats import binom

from regcore import PRESETS, Fit, Plan, compare, fit, run_study
from regcore.experiments.outcome import Outcome
from regcore.experiments.study import repeated
from tests.support.helpers import diabetes

pytestmark = pytest.mark.slow

MEMORIZE = PRESETS["memorize"]
CONFIGS = (MEMORIZE, MEMORIZE.but(l2=0.05))
SEEDS = range(20)


@cache
def memorized(share: float) -> list[Fit]:
    """The run without L2 on each of 20 splits, with lies and starting weights of its own."""
    plan = Plan(CONFIGS, flipped=share)
    return [fit(plan.split(diabetes(), seed), repeated(MEMORIZE, seed)) for seed in SEEDS]


def mean(share: float, name: str, row: int) -> float:
    return sum(getattr(run.history, name)[row] for run in memorized(share)) / len(SEEDS)


def test_the_truth_is_learned_first_and_the_lies_last():
    assert mean(0.3, "flipped_right", 30) > 0.6
    assert mean(0.3, "flipped_right", -1) < 0.05


def test_l2_is_better_when_labels_are_flipped():
    runs = enumerate(memorized(0.3))
    known = {(repeat, 0): Outcome(run.kept_epoch, run.history) for repeat, run in runs}
    *_, study = run_study(diabetes(), Plan(CONFIGS, flipped=0.3), outcomes=known)
    difference = compare(study, 1, 0)["test_accuracy"]
    assert len(study) == 20
    assert difference.verdict == "better"
    assert difference.wins >= 18


def test_from_half_lies_nothing_can_be_learned_and_all_is_memorized():
    """The mean lies where the accuracy of coins does, on one test set: the splits share rows."""
    n = len(Plan(CONFIGS).split(diabetes(), 0).test)
    low, high = (end / n for end in binom.interval(0.95, n, 0.5))
    assert low < mean(0.5, "test_accuracy", -1) < high
    assert mean(0.5, "train_accuracy", -1) == 1.0
