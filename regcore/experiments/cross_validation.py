"""Cross-validation: choose a Config without the test rows, and measure the choice's optimism."""

from collections.abc import Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array, check_kind, optional_call, shown
from regcore.config import Config
from regcore.data.dataset import Dataset
from regcore.data.splitting import folds
from regcore.experiments.outcome import train_outcome
from regcore.experiments.parallel import Report, Work
from regcore.experiments.study import Key, Study, check_executor, checked_configs, grow
from regcore.training.history import COLUMNS


def cross_validate(
    dataset: Dataset,
    configs: Sequence[Config],
    k: int = 5,
    test_size: float = 0.25,
    seed: int = 42,
    executor: Executor | None = None,
    on_progress: Report | None = None,
) -> Study:
    """k-fold cross-validation on the training rows: a Study whose repeats are the folds.

    In repeat f each Config is trained, with its own seed, on all folds but f, and f is the
    validation part: see `folds`, and `run_study` for executor and on_progress. The folds share
    training rows, so their spread is only a rough guide to the error of the mean.

    Raises ValueError as `folds` does, and TypeError when another argument has the wrong type.
    """
    check_kind("dataset", dataset, Dataset)
    check_executor(executor)
    optional_call("on_progress", on_progress)
    configs = checked_configs(configs)
    splits = folds(dataset, k, test_size, seed)

    def tasks(keys: list[Key]) -> list[tuple[Key, Work]]:
        return [(key, partial(train_outcome, splits[key[0]], configs[key[1]])) for key in keys]

    *_, study = grow(configs, len(splits), splits[0], tasks, executor, on_progress, {})
    return study


def best(study: Study, by: str = "validation_loss") -> int:
    """The index of the Config with the best mean score; the first one in a tie.

    Raises TypeError when study is not a Study, KeyError when it has no loss or accuracy of that
    name, and ValueError when no repeat is complete.
    """
    scores = _table(study, by, COLUMNS)
    if not len(scores):
        raise ValueError("study has 0 complete repeats; it must have 1 or more.")
    with np.errstate(all="ignore"):  # a diverged run may have an infinite test loss
        means = scores.mean(axis=0)
    means[np.isnan(means)] = np.inf  # only a loss can be NaN
    return int(means.argmin() if _is_loss(by) else means.argmax())


@dataclass(frozen=True, eq=False)
class Optimism:
    """How much better validation scores are than test scores, repeat by repeat.

    picks   (r,) index of the Config with the best validation score of that repeat
    chosen  (r,) how much better its validation score is than its test score: the best of
            several noisy scores is likely to be too good
    fixed   (r,) the same for one Config that was fixed beforehand; about 0 on average
    """

    picks: NDArray[np.intp]
    chosen: Array
    fixed: Array


def optimism(study: Study, fixed: int, by: str = "validation_loss") -> Optimism:
    """The optimism of choosing by the validation score `by`, over a study's repeats.

    Raises TypeError when study is not a Study, KeyError when it has no validation score of that
    name, and ValueError when `fixed` is not the index of a Config.
    """
    validation = _table(study, by, ("validation_loss", "validation_accuracy"))
    test = _table(study, by.replace("validation", "test"), COLUMNS)
    fixed = study.place("fixed", fixed)
    advantage = test - validation if _is_loss(by) else validation - test
    picks = validation.argmin(axis=1) if _is_loss(by) else validation.argmax(axis=1)
    return Optimism(picks, advantage[np.arange(len(study)), picks], advantage[:, fixed])


def _table(study: Study, name: str, known: Sequence[str]) -> Array:
    """A score (r, k) of k Configs in r repeats. Raises KeyError unless its name is `known`."""
    check_kind("study", study, Study)
    if not isinstance(name, str) or name not in known:
        raise KeyError(f"by is {shown(name)}; it must be one of {', '.join(known)}.")
    return np.column_stack([study.scores(place, name) for place in range(len(study.configs))])


def _is_loss(name: str) -> bool:
    return name.endswith("loss")
