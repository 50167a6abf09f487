"""Cross-validation on the training rows, and the optimism of a choice."""

import numpy as np
import pytest
from sklearn.model_selection import StratifiedKFold
from sklearn.preprocessing import StandardScaler

from regcore import Config, Dataset, History, Part, Split, fit, split
from regcore.data.splitting import folds
from regcore.experiments.cross_validation import best, cross_validate, optimism
from regcore.experiments.outcome import Outcome
from regcore.experiments.study import Plan, Repeat, Study, run_study
from tests.support.executors import pool
from tests.support.helpers import diabetes, message_of

CONFIGS = [Config((6,), epochs=80, lr=0.5, l2=l2) for l2 in (0.0, 0.05, 1.0)]


def in_units(part: Part, parts: Split) -> np.ndarray:
    return (part.X * parts.scale + parts.mean).round(6)


def test_folds_partition_the_training_rows_and_leave_out_test_rows():
    page, cuts = split(diabetes()), folds(diabetes(), 5)
    training = sorted(map(tuple, in_units(page.train, page)))
    assert training == sorted(
        row for cut in cuts for row in map(tuple, in_units(cut.validation, cut))
    )
    for cut in cuts:
        both = np.concatenate([in_units(cut.train, cut), in_units(cut.validation, cut)])
        assert sorted(map(tuple, both)) == training
        assert np.array_equal(in_units(cut.test, cut), in_units(page.test, page))
        assert np.array_equal(cut.test.y, page.test.y)
        assert cut.feature_names == page.feature_names


def test_folds_are_stratified_and_scaled_by_the_rows_trained_on():
    for cut in folds(diabetes(), 5):
        assert abs(cut.validation.y.sum() - len(cut.validation) * 268 / 768) < 1.5
        np.testing.assert_allclose(cut.train.X.mean(axis=0), 0.0, atol=1e-13)
        np.testing.assert_allclose(cut.train.X.std(axis=0), 1.0, atol=1e-13)
        assert np.abs(cut.validation.X.mean(axis=0)).max() > 0.01


@pytest.mark.parametrize("k", [2, 7, 20])
def test_there_are_k_folds_of_nearly_the_same_size(k):
    sizes = [len(cut.validation) for cut in folds(diabetes(), k)]
    assert len(sizes) == k
    assert max(sizes) - min(sizes) <= 1


def test_the_seed_determines_the_folds():
    one, same, other = (folds(diabetes(), 3, seed=seed)[0] for seed in (1, 1, 2))
    assert np.array_equal(one.train.X, same.train.X)
    assert not np.array_equal(one.validation.y, other.validation.y)


@pytest.mark.parametrize("k", [0, 1, 21, 2.0, True, "5", None])
def test_a_wrong_number_of_folds_is_refused(k):
    assert message_of(folds, diabetes(), k).startswith("k is ")


def test_more_folds_than_rows_of_an_outcome_are_refused():
    y = np.zeros((768, 1))
    y[::192] = 1.0
    rare = Dataset("rare", diabetes().X, y, diabetes().feature_names)
    assert "only 3 training rows have the rarer outcome" in message_of(folds, rare, 5)
    assert len(folds(rare, 3)) == 3


def test_cross_validation_equals_a_loop_over_scikit_learns_folds():
    X, X_rest, y, _ = _page_cut()
    study = cross_validate(diabetes(), CONFIGS, k=4)
    cuts = StratifiedKFold(4, shuffle=True, random_state=42).split(X, y[:, 0])
    for fold, (train, held_out) in enumerate(cuts):
        scaler = StandardScaler().fit(X[train])
        parts = Split(
            Part(scaler.transform(X[train]), y[train]),
            None,
            Part(scaler.transform(X[held_out]), y[held_out]),
        )
        for place, config in enumerate(CONFIGS):
            run = fit(parts, config)
            assert study.scores(place, "validation_loss")[fold] == pytest.approx(
                run.history.test_loss[-1], rel=1e-12
            )
    assert len(X_rest) == study.n_test


def _page_cut():
    from sklearn.model_selection import train_test_split

    table = diabetes()
    return train_test_split(table.X, table.y, test_size=0.25, random_state=42, stratify=table.y)


@pytest.mark.exact_start
def test_cross_validation_on_many_processes_is_equal_and_reports_progress():
    shares = []
    here = cross_validate(diabetes(), CONFIGS, k=3, on_progress=shares.append)
    there = cross_validate(diabetes(), CONFIGS, k=3, executor=pool())
    assert shares == sorted(shares)
    assert shares[-1] == 1.0
    for place in range(3):
        for name in ("validation_loss", "validation_accuracy"):
            assert np.array_equal(here.scores(place, name), there.scores(place, name))


def test_cross_validation_rejects_other_types():
    assert "dataset is a Split" in message_of(
        cross_validate, split(diabetes()), CONFIGS, error=TypeError
    )
    assert message_of(cross_validate, diabetes(), []).startswith("configs is ")


def study_of(validation, test) -> Study:
    """A study with these losses (repeats, Configs); the accuracies are 1 - loss."""
    validation, test = np.array(validation, float), np.array(test, float)

    def outcome_of(v: float, t: float) -> Outcome:
        columns = [np.array([value]) for value in (0.5, 0.5, v, 1 - v, t, 1 - t, 0.0)]
        return Outcome(0, History(np.array([0]), *columns, 0, 0, "completed"))

    rows = [tuple(map(outcome_of, *row)) for row in zip(validation, test, strict=True)]
    repeats = tuple(Repeat(index, outcomes) for index, outcomes in enumerate(rows))
    return Study((Config(),) * validation.shape[1], 576, 192, repeats)


@pytest.mark.parametrize("by", ["validation_loss", "validation_accuracy"])
def test_optimism_by_hand(by):
    study = study_of(
        validation=[[0.3, 0.5, 0.4], [0.6, 0.4, 0.5], [0.5, 0.5, 0.6]],
        test=[[0.5, 0.4, 0.4], [0.5, 0.45, 0.5], [0.6, 0.5, 0.7]],
    )
    result = optimism(study, fixed=2, by=by)
    assert result.picks.tolist() == [0, 1, 0]  # the first one in a tie
    assert result.chosen == pytest.approx([0.2, 0.05, 0.1])
    assert result.fixed == pytest.approx([0.0, 0.0, 0.1])
    assert best(study, by) == 0  # means 0.467, 0.467, 0.5


def test_best_is_the_lowest_mean_loss_or_highest_mean_accuracy():
    study = study_of([[0.1, 0.4, 0.9], [0.9, 0.5, 0.8]], np.zeros((2, 3)))
    assert best(study) == best(study, "validation_accuracy") == 1


def test_best_requires_validation_rows():
    *_, study = run_study(diabetes(), Plan((Config((2,), epochs=5),), repeats=2))
    with pytest.raises(KeyError, match="validation_loss"):
        best(study)


def test_choosing_among_equal_configs_is_optimistic_a_fixed_choice_is_not():
    configs = tuple(Config((6,), epochs=25, lr=0.5, seed=seed) for seed in range(8))
    *_, study = run_study(diabetes(), Plan(configs, repeats=30, validation_size=0.2))
    result = optimism(study, fixed=0, by="validation_accuracy")
    assert len(set(result.picks.tolist())) > 4
    assert result.chosen.mean() > result.fixed.mean() + 0.01
    assert abs(result.fixed.mean()) < 0.01
