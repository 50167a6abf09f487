"""Rows that repeat others: copies in the test part would be remembered, not predicted."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array

SHUFFLES = 30  # of the columns, to count the repeats that chance gives
MAX_MISSING = 0.5  # share of a row's features; with fewer known, rows cannot be told equal
ENOUGH = 2  # shuffles with as many repeats as there are, more than 5%, make it chance


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
    rng = np.random.default_rng(0)
    columns = []
    for column in X.T:
        distinct, codes = np.unique(column, return_inverse=True)  # all NaN are one value
        columns.append(rng.integers(0, 2**64, len(distinct), dtype=np.uint64)[codes.ravel()])
    return np.stack(columns, axis=1)


def _repeated(keys: NDArray[np.uint64]) -> int:
    return len(keys) - len(np.unique(keys))


def _is_chance(X: Array, repeats: int) -> bool:
    """Whether often as many rows are equal after each column was shuffled on its own."""
    rng, hashed, as_many = np.random.default_rng(0), _hashed(_without_copies(X)), 0
    for _ in range(SHUFFLES):
        shuffled = rng.permuted(hashed, axis=0)
        as_many += _repeated(shuffled.sum(axis=1, dtype=np.uint64)) >= repeats
        if as_many >= ENOUGH:
            return True
    return False


def _without_copies(X: Array) -> Array:
    """The columns of X that part the rows in different ways: not the same in another unit."""
    _, first = np.unique([_parted(column) for column in X.T], axis=0, return_index=True)
    return X[:, np.sort(first)]


def _parted(column: Array) -> NDArray[np.intp]:
    """For each value of a column the place of the first row that has it."""
    _, first, inverse = np.unique(column, return_index=True, return_inverse=True)
    return first[inverse.ravel()]
