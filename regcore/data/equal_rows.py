"""Rows that repeat others: copies in the test part would be remembered, not predicted."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array

SHUFFLES = 3  # of the columns, to count the repeats that chance gives


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
    """For each row of X (n, d) the place of the first row that is equal to it; NaN equals NaN."""
    _, first, inverse = np.unique(_keys(X), return_index=True, return_inverse=True)
    return first[inverse.ravel()]


def equal_rows(X: Array, y: Array) -> EqualRows:
    """Count the rows of X (n, d) and y (n,) that repeat others."""
    alike, same = _repeats(X), _repeats(np.column_stack([X, y]))
    return EqualRows(same, alike - same, bool(alike) and _is_chance(X, alike))


def _repeats(X: Array) -> int:
    return len(X) - len(np.unique(_keys(X)))


def _keys(X: Array) -> NDArray[np.int64]:
    """A number for each row (n,): equal rows have equal ones."""
    import pandas as pd

    codes: Any = np.zeros(len(X), dtype=np.int64)
    for column in X.T:
        values, distinct = pd.factorize(column, use_na_sentinel=False)
        codes, _ = pd.factorize(codes * len(distinct) + values)
    return codes


def _is_chance(X: Array, repeats: int) -> bool:
    """Whether about as many rows are equal after each column was shuffled on its own."""
    rng = np.random.default_rng(0)
    expected = sum(_repeats(rng.permuted(X, axis=0)) for _ in range(SHUFFLES)) / SHUFFLES
    return bool(repeats <= expected + 3.0 * np.sqrt(expected))
