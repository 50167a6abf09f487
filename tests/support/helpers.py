"""What several tests share: cached runs of the engine, and plain arithmetic to hold them against.

The plain functions are written from the formulas, rows as rows and layer by layer, and use
nothing of the engine but `dropout_mask` (whose draws a test must repeat to know them) and the
textbook `gradients`, which central differences check.
"""

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise

import numpy as np
import pytest

from regcore import Config, Dataset, Fit, Part, Split, fit, load_diabetes, split
from regcore.checks import Array
from regcore.nn.dropout import dropout_mask
from regcore.nn.network import gradients

Params = Sequence[Array]


@cache
def diabetes() -> Dataset:
    return load_diabetes()


@cache
def diabetes_split(validation_size: float = 0.0, train_rows: int | None = None) -> Split:
    return split(diabetes(), validation_size=validation_size, train_rows=train_rows)


@cache
def _run(config: Config, validation_size: float, train_rows: int | None) -> Fit:
    return fit(diabetes_split(validation_size, train_rows), config)


def run(config: Config, validation_size: float = 0.0, train_rows: int | None = None) -> Fit:
    """A run on the diabetes data; every test of a session shares it."""
    return _run(config, validation_size, train_rows)


def small_part(rows: int = 20, features: int = 3, seed: int = 0) -> Part:
    rng = np.random.default_rng(seed)
    X, noise = rng.standard_normal((rows, features)), rng.standard_normal(rows)
    return Part(X, (X[:, 0] + noise > 0)[:, None])


def message_of(call, *args, error: type[Exception] = ValueError) -> str:
    """What `call` complains of: one line that ends like a sentence."""
    with pytest.raises(error) as info:
        call(*args)
    message = str(info.value)
    assert message.endswith(".")
    assert "\n" not in message
    return message


def worst(ours: Params, theirs: Params) -> tuple[float, str]:
    """The largest absolute difference between two lists of parameters, and its place: 'W2[3, 0]'.

    NaN counts as the largest of all.
    """
    assert [p.shape for p in ours] == [p.shape for p in theirs]
    found = []
    for number, (mine, other) in enumerate(zip(ours, theirs, strict=True)):
        difference = np.abs(mine - other)
        row, column = np.unravel_index(np.argmax(difference), difference.shape)
        name = f"{'Wb'[number % 2]}{number // 2 + 1}[{row}, {column}]"
        found.append((float(difference[row, column]), name))
    return max(found, key=lambda pair: np.inf if np.isnan(pair[0]) else pair[0])


def assert_agree(ours: Params, theirs: Params, tolerance: float) -> None:
    difference, place = worst(ours, theirs)
    assert difference <= tolerance, f"{place} differs by {difference:.3g}"


def assert_identical(ours: Params, theirs: Params) -> None:
    """Equal bit for bit."""
    assert_agree(ours, theirs, 0.0)


def plain_logits(X: Array, params: Params) -> Array:
    A = X
    for W, b in zip(params[:-2:2], params[1:-2:2], strict=True):
        Z = A @ W + b
        A = np.where(Z > 0, Z, 0.0)
    return A @ params[-2] + params[-1]


def plain_loss(part: Part, params: Params) -> float:
    z = plain_logits(part.X, params)
    return float(np.mean(np.logaddexp(0.0, z) - part.y * z))


def plain_accuracy(part: Part, params: Params) -> float:
    """Share of right rows, with the probability as the lesson has it."""
    A2 = 1 / (1 + np.exp(-plain_logits(part.X, params)))
    return float(np.mean((A2 > 0.5) == part.y))


def plain_start(features: int, config: Config) -> list[Array]:
    rng, sizes = np.random.default_rng(config.seed), [features, *config.hidden_sizes, 1]
    params = []
    for d_in, d_out in pairwise(sizes):
        params += [0.1 * rng.standard_normal((d_in, d_out)), np.zeros((1, d_out))]
    return params


def plain_descent(part: Part, config: Config) -> list[Array]:
    """Parameters after config.epochs epochs of textbook descent, with harvested randomness."""
    params = plain_start(part.X.shape[1], config)
    velocity = [np.zeros_like(p) for p in params]
    masks_of = _masks(config)
    for rows in _batches(len(part), config):
        grads = gradients(part.X[rows], part.y[rows], params, config.l2, masks_of(len(rows)))
        velocity = [config.momentum * v + g for v, g in zip(velocity, grads, strict=True)]
        params = [p - config.lr * v for p, v in zip(params, velocity, strict=True)]
    return params


def _batches(n: int, config: Config) -> Iterator[Array]:
    order = np.random.default_rng([config.seed, 1])
    for _ in range(config.epochs):
        if config.batch_size is None:
            yield np.arange(n)
            continue
        rows = order.permutation(n)
        for start in range(0, n, config.batch_size):
            yield rows[start : start + config.batch_size]


def _masks(config: Config):
    draws = np.random.default_rng([config.seed, 2])

    def masks_of(n: int) -> list[Array] | None:
        """The next masks for n rows, in the engine's order: layer by layer, units x rows."""
        if not config.dropout:
            return None
        return [dropout_mask(draws, (h, n), config.dropout).T for h in config.hidden_sizes]

    return masks_of
