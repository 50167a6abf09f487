"""Draw rows at random, stratified, and standardize them: scikit-learn's results, to the last bit.

Importing scikit-learn takes longer than all else before the first picture of the app, and these few
lines are all that a split needs of it. A test holds them equal to the original.
"""

from math import ceil

import numpy as np
from numpy.random import RandomState
from numpy.typing import NDArray

from regcore.checks import Array

Places = NDArray[np.intp]
EPSILON = float(np.finfo(float).eps)


def drawn(y: Array, size: float, seed: int) -> tuple[Places, Places]:
    """Return the places (rest, aside) of rows drawn at random; `train_test_split` draws the same.

    y (n,) has the outcomes. size is a share or a number of rows to set aside. A single row is drawn
    from all, because it cannot hold both outcomes; several are stratified. Raises ValueError when a
    part would have fewer rows than there are outcomes, or an outcome has a single row.
    """
    n, random = len(y), RandomState(seed)
    aside = size if isinstance(size, int) else ceil(size * n)
    if size == 1:
        order = random.permutation(n)
        return order[1:], order[:1]
    outcomes, counts = np.unique(y, return_counts=True)
    if min(n - aside, aside) < len(outcomes) or counts.min() < 2:
        raise ValueError("too few rows")
    return _stratified([np.flatnonzero(y == outcome) for outcome in outcomes], aside, random)


def _stratified(strata: list[Places], aside: int, random: RandomState) -> tuple[Places, Places]:
    """Draw `aside` of the rows, from each of the strata its share."""
    counts = np.array([len(rows) for rows in strata])
    kept = _shares(counts, int(counts.sum()) - aside, random)
    left = _shares(counts - kept, aside, random)
    orders = [rows[random.permutation(len(rows))] for rows in strata]
    rest = [order[:k] for order, k in zip(orders, kept, strict=True)]
    others = [order[k : k + m] for order, k, m in zip(orders, kept, left, strict=True)]
    return random.permutation(np.concatenate(rest)), random.permutation(np.concatenate(others))


def _shares(counts: Places, draws: int, random: RandomState) -> Places:
    """Return how many to draw from each stratum: its share, rounded so that the sum is `draws`.

    The largest remainders are rounded up; a draw decides between equal ones.
    """
    exact = counts / counts.sum() * draws
    shares = np.floor(exact)
    remainder = exact - shares
    for value in np.unique(remainder)[::-1]:
        if (missing := int(draws - shares.sum())) > 0:
            equal = np.flatnonzero(remainder == value)
            shares[random.choice(equal, min(len(equal), missing), replace=False)] += 1
    return shares.astype(int)


def moments(X: Array) -> tuple[Array, Array]:
    """Return mean (d,) and scale (d,) of the columns of X (n, d); `StandardScaler` finds the same.

    The scale is the standard deviation of all n rows, 1 where that is no more than rounding error.
    Source: Chan, Golub and LeVeque (1983), the corrected two-pass algorithm.
    """
    n, total = len(X), X.sum(axis=0)
    mean = total / n
    distance = X - mean
    correction = distance.sum(axis=0)
    variance = ((distance**2).sum(axis=0) - correction**2 / n) / n
    is_constant = variance <= n * EPSILON * variance + (n * mean * EPSILON) ** 2
    return mean, np.where(is_constant, 1.0, np.sqrt(variance))
