"""Rows that repeat others: copies in the test part would be remembered, not predicted."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array

TRIALS, FEW_TRIALS = 60, 5  # tables without copies, to count the repeats that chance gives
MANY = 20  # different values of a column whose values are moved, not shuffled
FAR = 10  # steps by which a value is moved
MAX_MISSING = 0.5  # share of a row's features; with fewer known, rows cannot be told equal


class EqualRows(NamedTuple):
    """How many rows repeat an earlier one.

    copies    rows with the features and the outcome of an earlier one
    others    rows with the features of an earlier one, but with another outcome
    by_chance whether values so few repeat about as often when their columns are shuffled
    """

    copies: int
    others: int
    by_chance: bool

    @property
    def matter(self) -> bool:
        """Whether there are more repeats than chance explains."""
        return bool(self.copies or self.others) and not self.by_chance


def first_of_each(X: Array) -> NDArray[np.intp]:
    """For each row of X (n, d) the place of the first row that is equal to it; NaN equals NaN.

    Rows that are mostly missing have nothing by which they could be told equal.
    """
    _, first, inverse = np.unique(_keys(X), return_index=True, return_inverse=True)
    told = np.isnan(X).mean(axis=1) <= MAX_MISSING
    return np.where(told, first[inverse.ravel()], np.arange(len(X)))


def equal_rows(X: Array, y: Array) -> EqualRows:
    """Count the rows of X (n, d) and y (n,) that repeat others."""
    told = np.isnan(X).mean(axis=1) <= MAX_MISSING
    X, y = X[told], y[told]
    alike, same = _repeated(_keys(X)), _repeated(_keys(np.column_stack([X, y])))
    return EqualRows(same, alike - same, bool(alike) and _is_chance(X, alike))


def _keys(X: Array) -> NDArray[np.uint64]:
    """A number for each row (n,): equal rows have equal ones, and NaN equals NaN."""
    return _hashed(X).sum(axis=1, dtype=np.uint64)


def _hashed(X: Array) -> NDArray[np.uint64]:
    """A random number (n, d) for each value of each column."""
    columns = []
    for place, column in enumerate(X.T):
        distinct, codes = np.unique(column, return_inverse=True)  # all NaN are one value
        columns.append(_random(len(distinct), place)[codes.ravel()])
    return np.stack(columns, axis=1)


def _random(n: int, seed: int = 0) -> NDArray[np.uint64]:
    return np.random.default_rng(seed).integers(0, 2**64, n, dtype=np.uint64)


def _repeated(keys: NDArray[np.uint64]) -> int:
    return len(keys) - len(np.unique(keys))


def _is_chance(X: Array, repeats: int) -> bool:
    """Whether as many rows may be equal in a table of like values without copies."""
    rng, most = np.random.default_rng(0), 0
    columns = [_Column(column, place) for place, column in enumerate(_without_copies(X).T)]
    for place in range(TRIALS):
        keys = sum((column.other(rng) for column in columns), np.zeros(len(X), dtype=np.uint64))
        most = max(most, _repeated(keys))
        if most >= repeats:
            return True
        if place >= FEW_TRIALS and repeats > 10 * (most + 1):
            return False
    return False


class _Column:
    """The values of a column, and others as they could have been without copies of rows.

    A few values are shuffled; many are moved by some of their smallest steps, which keeps what they
    have to do with each other.
    """

    def __init__(self, column: Array, place: int) -> None:
        self.distinct, codes = np.unique(column, return_inverse=True)  # all NaN are one value
        self.codes = codes.ravel()
        steps = np.diff(self.distinct[~np.isnan(self.distinct)])
        self.step = steps.min() if len(steps) >= MANY else 0.0
        self.place, self.hashes = place, _random(len(self.distinct), place)

    def other(self, rng: np.random.Generator) -> NDArray[np.uint64]:
        """A random number (n,) for each value of another such column."""
        if not self.step:
            return self.hashes[rng.permutation(self.codes)]
        moved = rng.integers(-FAR, FAR + 1, len(self.codes))
        values = self.distinct[self.codes] / self.step + moved
        return _mixed((np.round(values) + 0.0).view(np.uint64) + np.uint64(self.place))


def _mixed(numbers: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """A hash (n,) of numbers (n,), as in SplitMix64."""
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        numbers = (numbers ^ (numbers >> np.uint64(shift))) * np.uint64(factor)
    return numbers ^ (numbers >> np.uint64(31))


def _without_copies(X: Array) -> Array:
    """The columns of X that are no linear function of an earlier one, e.g. in another unit."""
    filled = np.where(np.isnan(X), 0.0, X)
    low, high = filled.min(axis=0), filled.max(axis=0)
    with np.errstate(over="ignore", invalid="ignore"):
        unit = (filled - low) / np.where(high > low, high - low, 1.0)
    kept: list[int] = []
    for place, column in enumerate(unit.T):
        if not any(_are_alike(column, unit[:, other]) for other in kept):
            kept.append(place)
    return X[:, kept]


def _are_alike(a: Array, b: Array) -> bool:
    return bool(np.allclose(a, b, atol=1e-9) or np.allclose(a, 1.0 - b, atol=1e-9))
