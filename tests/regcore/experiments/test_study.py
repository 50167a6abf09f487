"""A study: every Config on the same splits, with the same results in any order."""

import pickle
from contextlib import closing

import numpy as np
import pytest

from regcore import PRESETS, Config, fit, split
from regcore.experiments.outcome import CURVE_POINTS, Outcome, train_outcome
from regcore.experiments.study import Plan, Study, repeated, run_study
from tests.support.executors import Shuffled, pool
from tests.support.helpers import diabetes, message_of

QUICK = Config((8,), epochs=250)
PLAN = Plan((QUICK, QUICK.but(l2=0.05), QUICK.but(dropout=0.3)), repeats=4)


@pytest.fixture(scope="module")
def study() -> Study:
    *_, whole = run_study(diabetes(), PLAN)
    return whole


def assert_same(one: Study, other: Study) -> None:
    """Assert that all curves are equal bit for bit."""
    assert (one.configs, one.n_train, one.n_test) == (other.configs, other.n_train, other.n_test)
    assert [repeat.index for repeat in one.repeats] == [repeat.index for repeat in other.repeats]
    for mine, theirs in zip(one.repeats, other.repeats, strict=True):
        for a, b in zip(mine.outcomes, theirs.outcomes, strict=True):
            assert a.kept_epoch == b.kept_epoch
            for name, column in a.history.columns().items():
                assert np.array_equal(column, getattr(b.history, name)), name


def test_a_repeat_equals_fit_with_that_split_and_seed(study):
    for repeat in study.repeats:
        parts = split(diabetes(), seed=repeat.index)
        for config, outcome in zip(PLAN.configs, repeat.outcomes, strict=True):
            run = fit(parts, repeated(config, repeat.index))
            assert outcome.score("test_accuracy") == run.accuracy(parts.test)
            assert outcome.score("train_loss") == run.history.train_loss[-1]
            gap = run.accuracy(parts.train) - run.accuracy(parts.test)
            assert outcome.score("gap") == gap


def test_configs_share_starting_weights_only_with_the_same_seed():
    configs = [Config(), Config(l2=0.05), Config(seed=2)]
    seeds = [[repeated(config, r).seed for config in configs] for r in range(100)]
    assert all(one == same != other for one, same, other in seeds)
    assert len({seed for row in seeds for seed in row}) == 200


@pytest.mark.parametrize("seed", range(2))
def test_results_are_equal_in_any_order_of_completion(study, seed):
    shuffled = Shuffled(5, seed)
    *_, again = run_study(diabetes(), PLAN, shuffled, shuffled.work)
    assert shuffled.order != sorted(shuffled.order)
    assert_same(again, study)


def test_results_are_equal_on_many_processes(study):
    *_, again = run_study(diabetes(), PLAN, pool())
    assert_same(again, study)


def test_each_complete_repeat_is_yielded_once():
    shuffled = Shuffled(8, seed=3)
    sizes, seen = [], {}
    for part in run_study(diabetes(), PLAN, shuffled, shuffled.work):
        sizes.append(len(part))
        for repeat in part.repeats:
            assert len(repeat.outcomes) == 3
            assert seen.setdefault(repeat.index, repeat.outcomes) == repeat.outcomes
    assert sizes == sorted(set(sizes))
    assert sizes[-1] == 4
    assert len(sizes) > 1


def test_a_stopped_study_resumes(study):
    outcomes, shuffled = {}, Shuffled(4)
    with closing(run_study(diabetes(), PLAN, shuffled, shuffled.work, outcomes)) as studies:
        next(studies)
    before, reports = dict(outcomes), []
    assert 3 <= len(before) < 12
    first, *_, last = run_study(diabetes(), PLAN, None, reports.append, outcomes)
    assert len(first) >= 1
    assert_same(last, study)
    assert all(outcomes[key] is outcome for key, outcome in before.items())
    assert len(before) / 12 < reports[0] <= (len(before) + 1) / 12
    assert reports[-1] == 1.0


def test_a_longer_study_begins_with_the_shorter_one(study):
    outcomes = {
        (repeat.index, place): outcome
        for repeat in study.repeats
        for place, outcome in enumerate(repeat.outcomes)
    }
    longer = Plan(PLAN.configs, repeats=5)
    first, last = run_study(diabetes(), longer, None, None, outcomes)
    assert_same(first, study)
    assert len(last) == 5
    (shorter,) = run_study(diabetes(), Plan(PLAN.configs, repeats=2), None, None, outcomes)
    assert len(shorter) == 2


def test_scores_and_curves_have_one_row_per_repeat(study):
    assert (study.n_train, study.n_test) == (576, 192)
    assert study.scores(1, "test_loss").shape == (4,)
    epochs, losses = study.curves(1, "test_loss")
    assert epochs.tolist() == [*range(0, 250, 3), 250]
    assert losses.shape == (4, len(epochs))
    assert np.array_equal(losses[:, -1], study.scores(1, "test_loss"))
    run = fit(split(diabetes(), seed=2), repeated(PLAN.configs[1], 2))
    assert np.array_equal(losses[2], run.history.test_loss[epochs])


def test_a_curve_is_nan_after_an_early_stop():
    config = Config((8,), epochs=3000, momentum=0.9, patience=20)
    plan = Plan((config,), repeats=3, validation_size=0.2)
    *_, study = run_study(diabetes(), plan)
    epochs, losses = study.curves(0, "validation_loss")
    for row, repeat in zip(losses, study.repeats, strict=True):
        run = fit(plan.split(diabetes(), repeat.index), repeated(config, repeat.index))
        (outcome,) = repeat.outcomes
        assert outcome.kept_epoch == run.history.best_epoch < run.history.stopped_epoch < 3000
        assert outcome.history.epoch[-1] == run.history.stopped_epoch
        assert outcome.score("validation_loss") == run.history.validation_loss.min()
        assert np.array_equal(np.isnan(row), epochs > run.history.stopped_epoch)


@pytest.mark.parametrize("epochs", [0, 1, 99, 100, 101, 250, 5000])
@pytest.mark.parametrize("patience", [None, 10**5])
def test_an_outcome_keeps_about_100_epochs_and_pickles_small(epochs, patience):
    config = Config((2,), epochs=epochs, patience=patience)
    outcome = train_outcome(split(diabetes(), validation_size=0.2), config)
    rows = len(outcome.history.epoch)
    assert min(epochs, CURVE_POINTS // 2) < rows <= CURVE_POINTS + 3
    assert outcome.history.epoch[[0, -1]].tolist() == [0, epochs]
    assert outcome.nbytes == 8 * 8 * rows
    assert len(pickle.dumps(outcome)) < outcome.nbytes + 2000


def test_an_unpickled_outcome_is_read_only():
    outcome = pickle.loads(pickle.dumps(train_outcome(split(diabetes()), QUICK)))
    assert isinstance(outcome, Outcome)
    with pytest.raises(ValueError, match="read-only"):
        outcome.history.test_loss[0] = 0.0


def test_a_plan_is_hashable():
    assert hash(Plan(list(PLAN.configs), repeats=4)) == hash(PLAN)
    assert Plan(list(PLAN.configs), repeats=4) == PLAN
    assert Plan(PLAN.configs) != PLAN


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        *(({"repeats": value}, "repeats is ") for value in (0, -1, 1001, 2.0, True, "20")),
        *(({"seed": value}, "seed is ") for value in (-1, 2**32 - 1, 0.5)),
        *(({"configs": value}, "configs is ") for value in ((), None, QUICK, (QUICK,) * 21)),
        ({"configs": (Config(patience=5),)}, "patience is 5, but there is no validation part"),
    ],
)
def test_an_invalid_plan_is_rejected(changes, named):
    settings = {"configs": (QUICK,), **changes}
    assert message_of(lambda: Plan(**settings)).startswith(named)


def test_wrong_types_are_rejected_before_anything_starts():
    assert "dataset is a Split" in message_of(run_study, split(diabetes()), PLAN, error=TypeError)
    assert "plan is a Config" in message_of(run_study, diabetes(), QUICK, error=TypeError)
    assert "config is a str" in message_of(Plan, ("memorize",), error=TypeError)
    for name in ("test_size", "validation_size", "train_rows"):
        plan = Plan((QUICK,), **{name: 5000})
        assert message_of(run_study, diabetes(), plan).startswith(f"{name} is 5000")


def test_defaults_equal_those_of_the_page():
    plan = Plan((PRESETS["memorize"],))
    parts, page = plan.split(diabetes(), 42), split(diabetes())
    assert np.array_equal(parts.test.X, page.test.X)
    assert plan.repeats == 20
