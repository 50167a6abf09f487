"""Comparison: whether one Config is better than another, judged over many splits."""

from dataclasses import dataclass

import numpy as np

from regcore.checks import MAX_FLOAT, Array, check_kind, flag, number, numbers, real, whole
from regcore.experiments.study import MAX_ROWS, Study

CONFIDENCE = 0.95
LOWER_IS_BETTER = {"test_accuracy": False, "test_loss": True, "gap": True}
BAND_ROUNDING = 1e-9  # relative: a change of exactly one patient counts as within one patient
ROUNDING = 1e-12  # equal fractions may differ by this much as floats


@dataclass(frozen=True)
class Difference:
    """The difference of two Configs in one score, over the splits of a study.

    mean                mean of the paired differences; NaN when there are none
    low, high           95% confidence interval of it; infinite where it cannot be computed
    wins, losses, ties  splits on which the first Config was better, worse, equal
    verdict             "better" or "worse" where the interval excludes 0, else "cannot tell"
    """

    mean: float
    low: float
    high: float
    wins: int
    losses: int
    ties: int
    verdict: str


def compare(study: Study, config: int, baseline: int) -> dict[str, Difference]:
    """Compare two Configs of a study by their indices: name of a score -> Difference.

    Differences are config minus baseline, in test_accuracy, test_loss and gap. Raises TypeError
    when study is not a Study, and ValueError when an index is out of range.
    """
    check_kind("study", study, Study)
    config, baseline = study.place("config", config), study.place("baseline", baseline)
    return {
        name: difference(
            study.scores(config, name),
            study.scores(baseline, name),
            study.n_train,
            study.n_test,
            lower_is_better=lower,
            step=0.0 if name == "test_loss" else 1.0 / study.n_test,
        )
        for name, lower in LOWER_IS_BETTER.items()
    }


def difference(
    ours: Array,
    theirs: Array,
    n_train: int,
    n_test: int,
    *,
    lower_is_better: bool = False,
    step: float = 0.0,
) -> Difference:
    """Paired scores (r,) of two Configs on r random splits -> their Difference, ours - theirs.

    `step` is the effect of one test row on a score that counts rows: see `interval`. Raises
    ValueError or TypeError unless both have equally many scores and the rest is in range.
    """
    ours, theirs = numbers("ours", ours), numbers("theirs", theirs)
    if ours.ndim != 1 or ours.shape != theirs.shape:
        raise ValueError(
            f"ours and theirs have shapes {ours.shape} and {theirs.shape}; "
            "they must have one score for each split, (r,)."
        )
    n_train, n_test = whole("n_train", n_train, 1, MAX_ROWS), whole("n_test", n_test, 1, MAX_ROWS)
    lower_is_better = flag("lower_is_better", lower_is_better)
    step = real("step", step, 0.0, 1.0, "from 0 to 1")
    with np.errstate(all="ignore"):  # a diverged run may have an infinite test loss
        differences = ours - theirs
        mean = float(differences.mean()) if len(differences) else np.nan
    low, high = interval(differences, n_train, n_test, step)
    gains = -differences if lower_is_better else differences
    wins, losses = int((gains > ROUNDING).sum()), int((gains < -ROUNDING).sum())
    verdict = "cannot tell"
    if low > 0 or high < 0:
        verdict = "worse" if (low > 0) == lower_is_better else "better"
    return Difference(mean, low, high, wins, losses, len(differences) - wins - losses, verdict)


def interval(values: Array, n_train: int, n_test: int, step: float = 0.0) -> tuple[float, float]:
    """95% confidence interval of the mean of `values` (r,), differences over r random splits.

    The splits share rows, so the differences are not independent: the variance of their
    mean is σ² (1/r + n_test/n_train), not σ²/r (Nadeau and Bengio, 2003, Inference for the
    generalization error, Machine Learning 52), and the mean has a t distribution with r - 1
    degrees of freedom.

    σ is at least the standard deviation of rounding to whole test rows, step/√12; otherwise a few
    equal differences would give an interval of width 0. With fewer than two differences, or one
    that is not finite, the interval is infinite.
    """
    from scipy.special import stdtrit

    r = len(values)
    if r < 2 or not np.isfinite(values).all():
        return -np.inf, np.inf
    with np.errstate(over="ignore", invalid="ignore"):  # differences whose squares overflow
        spread = max(float(values.std(ddof=1)), step / np.sqrt(12.0))
        quantile = stdtrit(r - 1, (1.0 + CONFIDENCE) / 2.0)  # of Student's t
        half = quantile * spread * np.sqrt(1.0 / r + n_test / n_train)
        low, high = float(values.mean() - half), float(values.mean() + half)
    return (low, high) if np.isfinite([low, high]).all() else (-np.inf, np.inf)


def direction(change: float, band: float) -> int:
    """-1 for a fall by more than `band`, 1 for a rise by more, else 0, also for a change of NaN.

    Raises ValueError unless change is a float and band is at least 0.
    """
    change = number("change", change)
    band = real("band", band, 0.0, MAX_FLOAT, "at least 0 and finite")
    if not abs(change) > band * (1.0 + BAND_ROUNDING):
        return 0
    return 1 if change > 0.0 else -1
