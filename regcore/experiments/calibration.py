"""Calibration: whether what a network predicts comes true as often as it says.

Logits z (n, 1) and outcomes y (n, 1) go in; the probability of outcome 1 is sigmoid(z / T). The
temperature T > 0 divides every logit, so it changes how sure the network is, and no answer: z / T
is above 0 exactly where z is (Guo et al., 2017, On calibration of modern neural networks, ICML).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log
from statistics import NormalDist
from typing import Any

import numpy as np

from regcore.checks import ABOVE_ZERO, Array, check_rows, freeze, numbers, real, whole
from regcore.data.dataset import Part, Split
from regcore.experiments.comparison import CONFIDENCE
from regcore.experiments.study import MAX_ROWS
from regcore.nn.network import cross_entropy, logits, sigmoid
from regcore.nn.parameters import Params

BINS = 10
MAX_BINS = 100
COOLEST, HOTTEST = 0.1, 100.0
"""The ends of the search for a temperature: of some networks the best one is 0 or infinite."""
HALVINGS = 50  # of that range, on a log scale: more than float64 can tell apart
GRID = tuple(10.0 ** (k / 20) for k in range(-20, 41))  # from 0.1 to 100, with 1 among them
TEMPERATURE = (ABOVE_ZERO, 1e6, "above 0, up to 1,000,000")


@dataclass(frozen=True, eq=False)
class Reliability:
    """Rows in bins of equal counts by their prediction; one value a bin, (b,).

    predicted  mean predicted probability of outcome 1
    observed   share of the rows that have outcome 1
    low, high  95% interval of that share: see `wilson`
    rows       number of rows
    """

    predicted: Array
    observed: Array
    low: Array
    high: Array
    rows: Array

    @property
    def error(self) -> float:
        """Expected calibration error, Σ (rows / n) |observed - predicted|; 0 on the diagonal."""
        return float(np.average(np.abs(self.observed - self.predicted), weights=self.rows))


def reliability(z: Array, y: Array, bins: int = BINS, temperature: float = 1.0) -> Reliability:
    """Sort rows by their logits z (n, 1) into at most `bins` bins, and hold each against y (n, 1).

    The bins end at quantiles, as in scikit-learn's calibration_curve(strategy="quantile"). Equal
    logits share a bin, and empty bins are left out. The temperature moves `predicted` alone.

    Raises ValueError when z or y has a wrong shape or value, or the rest is out of range.
    """
    z, y = _checked(z, y)
    bins = whole("bins", bins, 1, MAX_BINS)
    # of logits, not of probabilities: those of two very sure predictions may both round to 1;
    # of half of each, since the difference of two huge ones would overflow
    ends = np.percentile(z / 2.0, np.linspace(0.0, 100.0, bins + 1)[1:-1])
    numbered = np.searchsorted(ends, z / 2.0)
    _, bin_of, counts = np.unique(numbered, return_inverse=True, return_counts=True)
    rows, positive = counts.astype(np.float64), np.bincount(bin_of, weights=y)
    low, high = wilson(positive, rows)
    predicted = np.bincount(bin_of, weights=sigmoid(_cooled(z, temperature))) / rows
    return Reliability(predicted, positive / rows, low, high, rows)


def wilson(positive: Any, rows: Any) -> tuple[Array, Array]:
    """95% interval of a share, `positive` of `rows`, arrays (b,) of counts: low, high.

    `rows` are 1 or more. Unlike mean ± 2 standard errors, the interval stays between 0 and 1, and
    has a width at 0 of 10 (Wilson, 1927, Journal of the American Statistical Association 22).
    """
    q = NormalDist().inv_cdf((1.0 + CONFIDENCE) / 2.0)
    middle = (positive + q * q / 2.0) / (rows + q * q)
    half = q / (rows + q * q) * np.sqrt(positive * (rows - positive) / rows + q * q / 4.0)
    return np.maximum(middle - half, 0.0), np.minimum(middle + half, 1.0)


def accuracy(z: Array, y: Array, temperature: float = 1.0) -> float:
    """Share of the rows whose answer, probability > 0.5, is right; the same at any temperature.

    Raises ValueError as `reliability` does.
    """
    z, y = _checked(z, y)
    return float(np.mean((_cooled(z, temperature) > 0.0) == y))


def confidence(z: Array, temperature: float = 1.0) -> float:
    """Mean of max(p, 1 - p): how sure the network is of its answers, from 0.5 to 1.

    Raises ValueError as `reliability` does.
    """
    z, _ = _checked(z, np.zeros(np.shape(z)))
    return float(sigmoid(np.abs(_cooled(z, temperature))).mean())


def loss(z: Array, y: Array, temperature: float = 1.0) -> float:
    """Mean cross-entropy at a temperature, in nats a row.

    Raises ValueError as `reliability` does.
    """
    z, y = _checked(z, y)
    return float((cross_entropy(_cooled(z, temperature), y) / len(z)).sum())


def best_temperature(z: Array, y: Array) -> float:
    """The temperature with the lowest loss on these rows, from 0.1 to 100; give validation rows.

    The loss is convex in 1 / T, so halving the range by the sign of its slope finds the minimum.
    It is at an end of the range where no minimum lies inside: T = 0.1 if every answer is right,
    T = 100 if the logits are no better than a coin.

    Raises ValueError as `reliability` does.
    """
    z, y = _checked(z, y)
    size = max(float(np.abs(z).max()), 1.0)  # the sums of huge logits would overflow
    low, high = log(COOLEST), log(HOTTEST)
    for _ in range(HALVINGS):
        middle = (low + high) / 2.0
        slope = np.mean(z / size * (sigmoid(_cooled(z, exp(middle))) - y))  # by 1 / T
        low, high = (middle, high) if slope > 0.0 else (low, middle)
    return exp((low + high) / 2.0)


@dataclass(frozen=True, eq=False)
class Sweep:
    """Networks (m,) on the test rows of a split, each at temperatures (m, t), in bins (m, b).

    temperature       (m, t): the best one on the validation rows, then those of `GRID`
    accuracy          (m,): the same at every temperature
    confidence, loss  (m, t)
    predicted         (m, t, b); NaN, as the next four, in bins that no row is in
    observed          (m, b), like low, high and rows: see `Reliability`
    """

    temperature: Array
    accuracy: Array
    confidence: Array
    loss: Array
    predicted: Array
    observed: Array
    low: Array
    high: Array
    rows: Array

    def __post_init__(self) -> None:
        freeze(*vars(self).values())

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        return sum(array.nbytes for array in vars(self).values())


def sweep(split: Split, networks: Sequence[Params]) -> Sweep:
    """Score networks on the test rows, at their best temperature and at those of `GRID`.

    Raises ValueError when the split has no validation part.
    """
    if split.validation is None:
        raise ValueError("split has no validation part; a temperature is chosen on its rows.")
    found = [_swept(split.validation, split.test, params) for params in networks]
    return Sweep(*(np.array(column) for column in zip(*found, strict=True)))


def _swept(validation: Part, test: Part, params: Params) -> tuple[Any, ...]:
    """The fields of `Sweep` for one network."""
    with np.errstate(all="ignore"):  # a run that diverges
        unseen, z = (np.nan_to_num(logits(part.X, params)) for part in (validation, test))
    temperatures = (best_temperature(unseen, validation.y), *GRID)
    bins = [reliability(z, test.y, temperature=T) for T in temperatures]
    sure, losses = zip(*((confidence(z, T), loss(z, test.y, T)) for T in temperatures), strict=True)
    predicted = [_padded(one.predicted) for one in bins]
    fixed = [_padded(getattr(bins[0], name)) for name in ("observed", "low", "high", "rows")]
    return temperatures, accuracy(z, test.y), sure, losses, predicted, *fixed


def _padded(values: Any) -> Array:
    """One value for each of BINS bins; NaN where there are fewer, since equal logits share one."""
    return np.append(values, np.full(BINS - len(values), np.nan))


def _cooled(z: Array, temperature: float) -> Array:
    """Logits divided by the temperature; the largest float where that overflows."""
    temperature = real("temperature", temperature, *TEMPERATURE)
    with np.errstate(over="ignore"):
        return np.nan_to_num(z / temperature)


def _checked(z: Any, y: Any) -> tuple[Array, Array]:
    """Logits and outcomes as (n,). Raises ValueError with one sentence unless they fit together."""
    z, y = numbers("z", z), numbers("y", y)
    if z.ndim != 2 or z.shape[1] != 1 or not 1 <= len(z) <= MAX_ROWS:
        raise ValueError(f"z has shape {z.shape}; it must be a column of logits, (n, 1).")
    check_rows(z, y)
    if not np.isin(y, (0.0, 1.0)).all():
        raise ValueError("y holds a value that is not an outcome; all must be 0 or 1.")
    return z[:, 0], y[:, 0]
