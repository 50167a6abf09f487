"""Random ReLU features: a network whose first layer is drawn at random and never trained.

The output weights w are solved exactly. They minimize the squared error on labels y = ±1,

    Σ (φ(x)·w - y)² + λ Σ w²,   φ(x) = max(0, x W + b) / √width,

where the first sum runs over the training rows. For λ = 0 this is least squares; of all solutions
the one with the smallest norm counts. It is the smallest model that shows the second descent: the
test error peaks where the width equals the number of rows, and falls again beyond (Belkin et al.,
2019, "Reconciling modern machine-learning practice and the classical bias-variance trade-off").
"""

from collections.abc import Sequence

import numpy as np

from regcore.blas import one_blas_thread
from regcore.checks import UP_TO_A_MILLION, Array, check_kind, real, whole
from regcore.config import MAX_SEED
from regcore.data.dataset import Split

SCORES = ("training error", "test error", "training accuracy", "test accuracy")
MIN_WIDTH, MAX_WIDTH = 5, 400
MAX_TEST_ROWS = 1000  # a visitor's table may have many more, and none of them would be seen
STREAM = 5  # of random numbers made from a seed; flipped labels have the one before
NEAR = (0.8, 0.9, 0.95, 1.0, 1.05, 1.1, 1.25)  # widths per row, where the error changes fast


def widths_around(rows: int) -> list[int]:
    """Widths from 5 to 400, evenly spaced on a log scale and denser around `rows`."""
    spaced = np.geomspace(MIN_WIDTH, MAX_WIDTH, 14)
    widths = np.unique(np.round([*spaced, *(rows * np.array(NEAR))]).astype(int))
    return [int(width) for width in widths if MIN_WIDTH <= width <= MAX_WIDTH]


def relu_features(X: Array, W: Array, b: Array) -> Array:
    """φ(x) (n, width) of rows X (n, d), for a first layer W (d, width), b (1, width)."""
    return np.maximum(X @ W + b, 0.0) / np.sqrt(W.shape[1])


def ridge(features: Array, y: Array, lambdas: Sequence[float]) -> Array:
    """The weights (len(lambdas), width) that minimize Σ (features·w - y)² + λ Σ w² for each λ.

    features (n, width), y (n,). With the singular value decomposition UΣVᵀ of the features,
    w = V diag(σ / (σ² + λ)) Uᵀ y: one decomposition serves all λ. For λ = 0 it is the solution of
    smallest norm. As in `numpy.linalg.lstsq`, singular values that rounding alone could explain
    count as zero.
    """
    U, sigma, Vt = np.linalg.svd(features, full_matrices=False)
    kept = sigma > sigma[0] * max(features.shape) * np.finfo(float).eps
    U, sigma, Vt = U[:, kept], sigma[kept], Vt[kept]
    shrunk = sigma / (sigma**2 + np.asarray(lambdas, float)[:, None])
    return (shrunk * (U.T @ y)) @ Vt


def descent(
    split: Split, rows: int, widths: Sequence[int], lambdas: Sequence[float], seed: int
) -> Array:
    """The scores of one draw of training rows and features, (4, widths, lambdas).

    `rows` of the training rows are drawn without replacement, and one first layer, of which a
    network of some width has the first units. The axis of 4 is that of SCORES: errors are mean
    squared errors on ±1, accuracies are shares. At most 1,000 test rows are used.

    Raises TypeError when split is not a Split, and ValueError when a number is out of range.
    """
    check_kind("split", split, Split)
    rows = whole("rows", rows, 2, len(split.train))
    widths = [whole("width", width, 1, MAX_WIDTH) for width in widths]
    lambdas = [real("lambda", value, *UP_TO_A_MILLION) for value in lambdas]
    draws = np.random.default_rng([whole("seed", seed, 0, MAX_SEED), STREAM])
    drawn = draws.permutation(len(split.train))[:rows]
    X, test = split.train.X[drawn], split.test.X[:MAX_TEST_ROWS]
    y, truth = (_signs(part) for part in (split.train.y[drawn], split.test.y[:MAX_TEST_ROWS]))
    W, b = _first_layer(X.shape[1], max(widths), draws)
    scores = np.empty((len(SCORES), len(widths), len(lambdas)))
    with one_blas_thread():
        for place, width in enumerate(widths):
            layer = W[:, :width], b[:, :width]
            features = relu_features(X, *layer)
            w = ridge(features, y, lambdas)
            outputs = features @ w.T, relu_features(test, *layer) @ w.T
            scores[:, place] = _scores(*outputs, y, truth)
    return scores


def _first_layer(inputs: int, width: int, draws: np.random.Generator) -> tuple[Array, Array]:
    """W and b with the variance 2 / inputs of He et al. (2015), drawn unit by unit."""
    layer = np.sqrt(2.0 / inputs) * draws.standard_normal((width, inputs + 1)).T
    return layer[:-1], layer[-1:]


def _signs(y: Array) -> Array:
    return 2.0 * y[:, 0] - 1.0


def _scores(training: Array, test: Array, y: Array, truth: Array) -> Array:
    """SCORES (4, lambdas) of the outputs (rows, lambdas) on training and test rows."""
    pairs = (training, y[:, None]), (test, truth[:, None])
    errors = [((z - signs) ** 2).mean(axis=0) for z, signs in pairs]
    accuracies = [((z > 0.0) == (signs > 0.0)).mean(axis=0) for z, signs in pairs]
    return np.array(errors + accuracies)
