"""From a table to the arrays that a network trains on: Dataset -> split -> Split.

scikit-learn is imported where it is used: a worker process trains on finished splits and needs
none of it, and is ready in a quarter of the time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regcore.config import MAX_SEED, real, shown, whole
from regcore.network import Array
from regcore.parts import Part, Split, numbers, read_only

__all__ = ["Dataset", "Part", "Split", "folds", "split"]

MAX_FOLDS = 20

Rows = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named table: X (n, d) in its own units, y (n, 1), one name for each feature, and words.

    row      what a row is, in a word that takes an s: "patient", "tumour", "point"
    outcomes what outcome 0 and outcome 1 mean
    missing  whether a NaN in X means "not measured"; `split` fills it. Without, NaN is refused
    lesson   whether this is the table of the lesson, which its printed figures are about

    Raises ValueError as `Part` does, and unless columns and outcomes have names of their own.
    """

    name: str
    X: Array
    y: Array
    feature_names: tuple[str, ...]
    row: str = "row"
    outcomes: tuple[str, str] = ("outcome 0", "outcome 1")
    missing: bool = False
    lesson: bool = False

    def __post_init__(self) -> None:
        X = numbers("X", self.X)
        part = Part(np.where(np.isnan(X), 0.0, X) if self.missing else X, self.y)
        names = _names("feature_names", self.feature_names)
        if len(names) != part.X.shape[1]:
            raise ValueError(
                f"feature_names has {len(names)} names; "
                f"X has {part.X.shape[1]} columns, and each needs one."
            )
        outcomes = _names("outcomes", self.outcomes)
        if len(outcomes) != 2:
            raise ValueError(f"outcomes has {len(outcomes)} names; there are two outcomes.")
        checked = {"X": read_only(X), "y": part.y, "feature_names": names, "outcomes": outcomes}
        for name, value in checked.items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def rows(self) -> str:
        """What several rows are: "patients"."""
        return f"{self.row}s"

    def select(self, features: Sequence[str]) -> "Dataset":
        """The same rows with these features only, in this order. Raises ValueError for others."""
        for feature in features:
            if feature not in self.feature_names:
                known = ", ".join(self.feature_names)
                raise ValueError(f"feature is {feature!r:.80}; it must be one of {known}.")
        columns = [self.feature_names.index(feature) for feature in features]
        return replace(self, X=self.X[:, columns], feature_names=tuple(features))


def split(
    dataset: Dataset,
    test_size: float = 0.25,
    validation_size: float = 0.0,
    seed: int = 42,
    train_rows: int | None = None,
) -> Split:
    """Cut a dataset into standardised training, validation and test parts, stratified by outcome.

    test_size is a share of all rows; validation_size a share of the training rows (0: no
    validation part). train_rows keeps only that many of the rows left for training. What was not
    measured becomes the median of its column, and the scaler follows; both are fitted on the rows
    that are trained on and applied to all parts.

    Raises ValueError when a size is out of range or leaves a class without a row, and when a
    column has no value in the training rows.
    """
    real("test_size", test_size, 0.01, 0.99, "from 0.01 to 0.99")
    real("validation_size", validation_size, 0.0, 0.9, "from 0 to 0.9")
    whole("seed", seed, 0, MAX_SEED)
    y, validation = dataset.y, None
    rest, test = _cut(np.arange(len(y)), y, seed, "test_size", test_size)
    if validation_size:
        rest, validation = _cut(rest, y, seed, "validation_size", validation_size)
    if train_rows is not None and whole("train_rows", train_rows, 2, len(rest)) < len(rest):
        rest, _ = _cut(rest, y, seed, "train_rows", len(rest) - train_rows)
    return _standardised(dataset, rest, validation, test)


def folds(dataset: Dataset, k: int = 5, test_size: float = 0.25, seed: int = 42) -> list[Split]:
    """k splits for cross-validation: each fold of the training rows is the validation part once.

    The test rows are those of `split` with the same seed. The folds are stratified by outcome;
    filler and scaler are fitted anew on the rows that are trained on in each split.

    Raises ValueError as `split` does, and when the rarer outcome has fewer than k training rows.
    """
    from sklearn.model_selection import StratifiedKFold

    whole("k", k, 2, MAX_FOLDS)
    real("test_size", test_size, 0.01, 0.99, "from 0.01 to 0.99")
    whole("seed", seed, 0, MAX_SEED)
    y = dataset.y
    rest, test = _cut(np.arange(len(y)), y, seed, "test_size", test_size)
    if k > (rarer := int(min(y[rest].sum(), (1.0 - y[rest]).sum()))):
        raise ValueError(
            f"k is {k}, but only {rarer} training rows have the rarer outcome; each fold needs one."
        )
    cuts = StratifiedKFold(k, shuffle=True, random_state=seed).split(rest, y[rest, 0])
    return [_standardised(dataset, rest[train], rest[fold], test) for train, fold in cuts]


def _standardised(dataset: Dataset, rest: Rows, validation: Rows | None, test: Rows) -> Split:
    """The Split of these rows. Raises ValueError when a part lacks an outcome or `rest` a value."""
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler

    for name, rows in (("training", rest), ("validation", validation), ("test", test)):
        if rows is not None:
            _check_outcomes(name, dataset.y[rows])
    _check_measured(dataset, rest)
    filler, scaler = SimpleImputer(strategy="median"), StandardScaler()
    prepare = make_pipeline(filler, scaler).fit(dataset.X[rest])

    def part(rows: Rows) -> Part:
        return Part(prepare.transform(dataset.X[rows]), dataset.y[rows])

    return Split(
        train=part(rest),
        validation=None if validation is None else part(validation),
        test=part(test),
        feature_names=dataset.feature_names,
        mean=scaler.mean_,
        scale=scaler.scale_,
        fill=filler.statistics_,
    )


def _cut(rows: Rows, y: Array, seed: int, name: str, size: float) -> tuple[Rows, Rows]:
    """`size`, a share or a number of rows, set aside; `name` is what the caller calls it."""
    from sklearn.model_selection import train_test_split

    stratify = None if size == 1 else y[rows]  # a single row cannot hold both outcomes
    try:
        rest, aside = train_test_split(rows, test_size=size, random_state=seed, stratify=stratify)
    except ValueError as error:
        raise ValueError(
            f"{name} does not cut these {len(rows)} rows so that both outcomes are on both sides."
        ) from error
    return rest, aside


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


def _names(what: str, names: Any) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"{what} is {shown(names)}; it must be a sequence of names.")
    names = tuple(names)
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"{what} contains {shown(name)}; every name must be text.")
        if names.count(name) > 1:
            raise ValueError(f"{what} has {name!r} twice; each name may stand there once.")
    return names
