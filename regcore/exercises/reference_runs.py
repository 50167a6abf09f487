"""Real runs that the checks compare answers with; each is trained once and cached."""

import math
from functools import cache

import numpy as np

from regcore.config import PRESETS
from regcore.data.bundled import load_diabetes
from regcore.data.dataset import Split
from regcore.data.splitting import split
from regcore.training.history import METRICS, PARTS
from regcore.training.loop import Fit, fit

LAMBDAS = (0.0, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3)
SCORES = tuple(f"{part}_{metric}" for metric in METRICS for part in PARTS)
SWEEP_SEED = 8  # with it, training, validation and test patients prefer different λ


@cache
def patients(validation_size: float = 0.0, seed: int = 42) -> Split:
    """The lesson's split, or another one."""
    return split(load_diabetes(), validation_size=validation_size, seed=seed)


@cache
def run(l2: float = 0.0, units: int = 64, preset: str = "as printed", seed: int = 42) -> Fit:
    """A run on the lesson's 576 patients, or on those of another split."""
    return fit(patients(seed=seed), PRESETS[preset].but(l2=l2, hidden_sizes=(units,)))


def last_row(fitted: Fit) -> dict[str, float]:
    """The scores at the end of the run."""
    return fitted.history.at(fitted.history.stopped_epoch)


def scores(fitted: Fit, kind: str = "accuracy") -> tuple[float, float]:
    """Last training and test accuracy, or loss."""
    row = last_row(fitted)
    return row[f"train_{kind}"], row[f"test_{kind}"]


def gap(fitted: Fit) -> float:
    """Training accuracy minus test accuracy."""
    train, test = scores(fitted)
    return train - test


def guessing() -> float:
    """The loss of predicting the fraction of ill patients for every patient."""
    ill = float(patients().train.y.mean())
    return -ill * math.log(ill) - (1.0 - ill) * math.log(1.0 - ill)


def mean_size(fitted: Fit, layer: int = 0) -> float:
    """Mean of abs(W) of a layer, counted from 0."""
    return float(np.abs(fitted.params[2 * layer]).mean())


@cache
def sweep() -> tuple[dict[str, float], ...]:
    """One row for each of LAMBDAS: l2 and the six last scores of its run."""
    data, config = patients(0.2, SWEEP_SEED), PRESETS["as printed"]
    rows = [(l2, last_row(fit(data, config.but(l2=l2)))) for l2 in LAMBDAS]
    return tuple({"l2": l2} | {name: row[name] for name in SCORES} for l2, row in rows)
