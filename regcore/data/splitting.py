"""split and folds: divide a Dataset into standardized training, validation and test parts.

Only `folds` needs scikit-learn, and imports it there: without it the app opens a second earlier.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array, check_kind, real, shown, whole
from regcore.config import MAX_SEED
from regcore.data.dataset import Dataset, Part, Split
from regcore.data.stratified import drawn, moments

TEST_SIZE = (0.01, 0.99, "from 0.01 to 0.99")
MAX_FOLDS = 20
MAX_EXPONENT = 400  # sums of squares of values from 2^-400 to 2^400 fit into float64

Rows = NDArray[np.intp]


def split(
    dataset: Dataset,
    test_size: float = 0.25,
    validation_size: float = 0.0,
    seed: int = 42,
    train_rows: int | None = None,
) -> Split:
    """Split a dataset into standardized training, validation and test parts, stratified by outcome.

    test_size is a share of all rows; validation_size a share of the training rows (0: no
    validation part). train_rows keeps only that many of the rows left for training. Rows of one
    group of the dataset stay in one part, so that sizes are met as nearly as they allow. Missing
    values become the median of their column, then the columns are standardized; both are fitted on
    the training rows and applied to all parts.

    Raises ValueError when a size is out of range or leaves a class without a row, and when a
    column has no value in the training rows or cannot be standardized; TypeError when dataset is
    not a Dataset.
    """
    check_kind("dataset", dataset, Dataset)
    test_size = real("test_size", test_size, *TEST_SIZE)
    validation_size = real("validation_size", validation_size, 0.0, 0.9, "from 0 to 0.9")
    seed = whole("seed", seed, 0, MAX_SEED)
    y, validation = dataset.y, None
    rest, test = _cut(np.arange(len(y)), dataset, seed, "test_size", test_size)
    if validation_size:
        rest, validation = _cut(rest, dataset, seed, "validation_size", validation_size)
    if train_rows is not None:
        kept = whole("train_rows", train_rows, 2, len(rest))
        if kept < len(rest):
            rest, _ = _stratified(rest, y, seed, "train_rows", len(rest) - kept)
    return _standardized(dataset, rest, validation, test)


def folds(dataset: Dataset, k: int = 5, test_size: float = 0.25, seed: int = 42) -> list[Split]:
    """k splits for cross-validation: each fold of the training rows is the validation part once.

    The test rows are those of `split` with the same seed. The folds are stratified by outcome;
    medians and scaler are fitted anew on the training rows of each split.

    Raises the errors of `split`, and ValueError when an outcome has fewer than k training rows.
    """
    from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

    check_kind("dataset", dataset, Dataset)
    k, test_size = whole("k", k, 2, MAX_FOLDS), real("test_size", test_size, *TEST_SIZE)
    seed = whole("seed", seed, 0, MAX_SEED)
    y = dataset.y
    rest, test = _cut(np.arange(len(y)), dataset, seed, "test_size", test_size)
    groups = None if dataset.groups is None else dataset.groups[rest]
    apart = rest if groups is None else rest[np.unique(groups, return_index=True)[1]]
    if k > (rarer := int(min(y[apart].sum(), (1.0 - y[apart]).sum()))):
        different = "" if groups is None else "different "
        raise ValueError(
            f"k is {k}, but only {rarer} {different}training rows have the rarer outcome; "
            "each fold needs one."
        )
    kind = StratifiedKFold if groups is None else StratifiedGroupKFold
    cuts = kind(k, shuffle=True, random_state=seed).split(rest, y[rest, 0], groups)
    return [_standardized(dataset, rest[train], rest[fold], test) for train, fold in cuts]


def _standardized(dataset: Dataset, rest: Rows, validation: Rows | None, test: Rows) -> Split:
    """The Split of these rows. Raises ValueError when a part lacks an outcome or `rest` a value."""
    for name, rows in (("training", rest), ("validation", validation), ("test", test)):
        if rows is not None:
            _check_outcomes(name, dataset.y[rows])
    _check_measured(dataset, rest)
    exponents = _exponents(dataset.X[rest])
    fitted = np.ldexp(dataset.X[rest], -exponents)
    fill = np.nanmedian(fitted, axis=0)
    mean, deviation = moments(np.where(np.isnan(fitted), fill, fitted))

    def part(rows: Rows) -> Part:
        with np.errstate(over="ignore"):
            X = np.ldexp(dataset.X[rows], -exponents)
            _check_near(dataset, rows, X)
            X = (np.where(np.isnan(X), fill, X) - mean) / deviation
        _check_near(dataset, rows, X)
        return Part(X, dataset.y[rows])

    scale = np.ldexp(deviation, exponents)
    _check_spread(dataset, scale)
    return Split(
        train=part(rest),
        validation=None if validation is None else part(validation),
        test=part(test),
        feature_names=dataset.feature_names,
        mean=np.ldexp(mean, exponents),
        scale=scale,
        fill=np.ldexp(fill, exponents),
    )


def _exponents(X: Array) -> Any:
    """Exponents (d,) of the powers of two that scale extreme columns to about 1; 0 for others.

    Squares of extreme values overflow or underflow. Dividing by a power of two is exact.
    """
    largest = np.nanmax(np.abs(X), axis=0)
    exponents = np.frexp(largest)[1]
    return np.where(np.abs(exponents) > MAX_EXPONENT, exponents, 0)


def _check_near(dataset: Dataset, rows: Rows, X: Array) -> None:
    """Raises ValueError when standardizing these rows made a value of X (n, d) infinite."""
    if np.isinf(X).any():
        row, column = np.argwhere(np.isinf(X))[0]
        raise ValueError(
            f"{shown(dataset.feature_names[column])} is {dataset.X[rows[row], column]:g} in a row, "
            "too far from the rows to train on to be standardized; leave out the row or the column."
        )


def _check_spread(dataset: Dataset, scale: Array) -> None:
    """Raises ValueError when a standard deviation (d,) is subnormal and has lost digits."""
    small = scale < np.finfo(float).tiny
    if small.any():
        column = int(np.argmax(small))
        raise ValueError(
            f"{shown(dataset.feature_names[column])} varies by {scale[column]:g} only; "
            "it must be in a smaller unit, in which its standard deviation is 1e-300 or more."
        )


def _cut(rows: Rows, dataset: Dataset, seed: int, name: str, size: float) -> tuple[Rows, Rows]:
    """Set a share of the rows aside, stratified and in whole groups: (rest, aside)."""
    if dataset.groups is None:
        return _stratified(rows, dataset.y, seed, name, size)
    aside = whole_groups(dataset.groups[rows], dataset.y[rows, 0], seed, size)
    return rows[~aside], rows[aside]


def whole_groups(groups: Array, y: Array, seed: int, size: float) -> NDArray[np.bool_]:
    """Which rows (n,) to set aside: random groups of each outcome, up to that share of its rows."""
    _, first, group, sizes = np.unique(
        groups, return_index=True, return_inverse=True, return_counts=True
    )
    chosen = np.zeros(len(sizes), dtype=bool)
    order = np.random.default_rng(seed).permutation(len(sizes))
    for outcome in (0.0, 1.0):
        own = order[y[first[order]] == outcome]
        room = max(1, round(size * sizes[own].sum()))
        for place in own:
            if sizes[place] <= room:
                chosen[place], room = True, room - sizes[place]
    return chosen[group]


def _stratified(rows: Rows, y: Array, seed: int, name: str, size: float) -> tuple[Rows, Rows]:
    """Set `size` rows aside, a share or a number, stratified: (rest, aside). Errors use `name`."""
    try:
        rest, aside = drawn(y[rows, 0], size, seed)
    except ValueError as error:
        raise ValueError(
            f"{name} does not split these {len(rows)} rows so that both parts have both outcomes."
        ) from error
    return rows[rest], rows[aside]


def _check_outcomes(name: str, y: Array) -> None:
    if y.min() == y.max():
        raise ValueError(
            f"The {name} part has outcome {y[0, 0]:g} in all of its {len(y)} rows; "
            "it must have both outcomes."
        )


def _check_measured(dataset: Dataset, rows: Rows) -> None:
    empty = np.isnan(dataset.X[rows]).all(axis=0)
    if empty.any():
        name = dataset.feature_names[int(np.argmax(empty))]
        raise ValueError(
            f"{shown(name)} has no value in any of the {len(rows)} rows to train on; "
            "leave it out or train on more rows."
        )
