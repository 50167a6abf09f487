"""From a table to the arrays that a network trains on: Dataset -> split -> Split."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from regcore.config import MAX_SEED, real, whole
from regcore.network import Array

DIABETES_CSV = Path(__file__).resolve().parent.parent / "data" / "diabetes.csv"
DIABETES_ROWS = 768
DIABETES_COLUMNS = (
    *("pregnancies", "glucose", "blood_pressure", "skin_thickness", "insulin"),
    *("bmi", "diabetes_pedigree", "age", "outcome"),
)


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a dataset: X (n, d) and y (n, 1) of 0.0 and 1.0, both read-only float64.

    Raises ValueError with one sentence when X or y have another shape or content.
    """

    X: Array
    y: Array

    def __post_init__(self) -> None:
        X, y = _numbers("X", self.X), _numbers("y", self.y)
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"X has shape {X.shape}; it must be (rows, features), both 1 or more.")
        if y.shape != (len(X), 1):
            raise ValueError(f"y has shape {y.shape}; it must be a column, ({len(X)}, 1).")
        if not np.isfinite(X).all():
            row, column = np.argwhere(~np.isfinite(X))[0]
            raise ValueError(f"X[{row}, {column}] is {X[row, column]}; every value must be finite.")
        if not np.isin(y, (0.0, 1.0)).all():
            wrong = y[~np.isin(y, (0.0, 1.0))][0]
            raise ValueError(f"y contains {wrong:g}; every label must be 0 or 1.")
        object.__setattr__(self, "X", _read_only(X))
        object.__setattr__(self, "y", _read_only(y))

    def __len__(self) -> int:
        return len(self.X)


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named table: X (n, d) in its own units, y (n, 1), and one name for each feature.

    Raises ValueError as `Part` does, and when names and columns do not match.
    """

    name: str
    X: Array
    y: Array
    feature_names: tuple[str, ...]

    def __post_init__(self) -> None:
        part = Part(self.X, self.y)
        names = tuple(self.feature_names)
        if len(names) != part.X.shape[1]:
            raise ValueError(
                f"feature_names has {len(names)} names; "
                f"X has {part.X.shape[1]} columns, and each needs one."
            )
        for name, value in (("X", part.X), ("y", part.y), ("feature_names", names)):
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.X)

    def select(self, features: Sequence[str]) -> "Dataset":
        """The same rows with these features only, in this order. Raises ValueError for others."""
        for feature in features:
            if feature not in self.feature_names:
                known = ", ".join(self.feature_names)
                raise ValueError(f"feature is {feature!r:.80}; it must be one of {known}.")
        columns = [self.feature_names.index(feature) for feature in features]
        return Dataset(self.name, self.X[:, columns], self.y, tuple(features))


@dataclass(frozen=True, eq=False)
class Split:
    """Standardised parts of one dataset, and the training rows' mean and scale, each (d,)."""

    train: Part
    validation: Part | None
    test: Part
    feature_names: tuple[str, ...] = ()
    mean: Array = field(default_factory=lambda: np.zeros(1))
    scale: Array = field(default_factory=lambda: np.ones(1))

    def __post_init__(self) -> None:
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        widths = {name: part.X.shape[1] for name, part in parts.items() if part is not None}
        if len(set(widths.values())) > 1:
            raise ValueError(f"The parts have {widths} columns; all need the same number.")


def load_diabetes(path: str | Path = DIABETES_CSV) -> Dataset:
    """Pima Indians Diabetes: 768 women, 8 measurements, outcome 0 or 1 (see data/README.md).

    Raises ValueError with one sentence when the file is missing or damaged.
    """
    try:
        table = pd.read_csv(path)
    except (OSError, ValueError) as error:  # pandas' parser errors are ValueErrors
        reason = str(error).strip().split("\n")[0]
        raise ValueError(f"{path} cannot be read as a CSV file ({reason}).") from error
    if tuple(table.columns) != DIABETES_COLUMNS:
        raise ValueError(
            f"{path} has the columns {', '.join(map(str, table.columns))!r:.200}; "
            f"it must have {', '.join(DIABETES_COLUMNS)}."
        )
    if not isinstance(table.index, pd.RangeIndex):  # pandas made the first column an index
        raise ValueError(f"{path} is damaged: its lines have more cells than its header.")
    try:
        X, y = table.iloc[:, :-1].to_numpy(), table[["outcome"]].to_numpy()
        dataset = Dataset("diabetes", X, y, DIABETES_COLUMNS[:-1])
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {error}") from error
    if len(dataset) != DIABETES_ROWS:
        raise ValueError(f"{path} is damaged: it has {len(dataset)} rows, not {DIABETES_ROWS}.")
    return dataset


def split(
    dataset: Dataset,
    test_size: float = 0.25,
    validation_size: float = 0.0,
    seed: int = 42,
    train_rows: int | None = None,
) -> Split:
    """Cut a dataset into standardised training, validation and test parts, stratified by outcome.

    test_size is a share of all rows; validation_size a share of the training rows (0: no
    validation part). train_rows keeps only that many of the rows left for training. The scaler
    is fitted on the rows that are trained on and applied to all parts.

    Raises ValueError when a size is out of range or leaves a class without a row.
    """
    real("test_size", test_size, 0.01, 0.99, "from 0.01 to 0.99")
    real("validation_size", validation_size, 0.0, 0.9, "from 0 to 0.9")
    whole("seed", seed, 0, MAX_SEED)
    rest, test = _cut(dataset, seed, "test_size", test_size)
    validation = None
    if validation_size:
        rest, validation = _cut(rest, seed, "validation_size", validation_size)
    if train_rows is not None and whole("train_rows", train_rows, 2, len(rest)) < len(rest):
        rest, _ = _cut(rest, seed, "train_rows", len(rest) - train_rows)
    for name, part in (("training", rest), ("validation", validation), ("test", test)):
        if part is not None and part.y.min() == part.y.max():
            raise ValueError(
                f"The {name} part has outcome {part.y[0, 0]:g} in all of its {len(part)} rows; "
                "it must have both outcomes."
            )
    scaler = StandardScaler().fit(rest.X)
    return Split(
        train=_scaled(rest, scaler),
        validation=None if validation is None else _scaled(validation, scaler),
        test=_scaled(test, scaler),
        feature_names=dataset.feature_names,
        mean=_read_only(scaler.mean_),
        scale=_read_only(scaler.scale_),
    )


def _cut(source: Dataset | Part, seed: int, name: str, size: float) -> tuple[Part, Part]:
    """`size`, a share or a number of rows, set aside; `name` is what the caller calls it."""
    X, y = source.X, source.y
    stratify = None if size == 1 else y  # a single row cannot hold both outcomes
    try:
        X, X_rest, y, y_rest = train_test_split(
            X, y, test_size=size, random_state=seed, stratify=stratify
        )
    except ValueError as error:
        raise ValueError(
            f"{name} does not cut these {len(y)} rows so that both outcomes are on both sides."
        ) from error
    return Part(X, y), Part(X_rest, y_rest)


def _scaled(part: Part, scaler: StandardScaler) -> Part:
    return replace(part, X=scaler.transform(part.X))


def _numbers(name: str, values: Any) -> Array:
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError) as error:
        raise ValueError(f"{name} holds something that is not a number ({error}).") from error


def _read_only(values: Array) -> Array:
    values = np.ascontiguousarray(values, dtype=np.float64)
    values.setflags(write=False)
    return values
