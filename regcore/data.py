"""From a table to the arrays that a network trains on: Dataset -> split -> Split."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler

from regcore.config import MAX_SEED, real, shown, whole
from regcore.network import Array
from regcore.parts import Part, Split, read_only

__all__ = ["NOT_MEASURED", "Dataset", "Part", "Split", "load_diabetes", "split"]

DIABETES_CSV = Path(__file__).resolve().parent.parent / "data" / "diabetes.csv"
DIABETES_ROWS = 768
DIABETES_COLUMNS = (
    *("pregnancies", "glucose", "blood_pressure", "skin_thickness", "insulin"),
    *("bmi", "diabetes_pedigree", "age", "outcome"),
)


NOT_MEASURED = ("glucose", "blood_pressure", "skin_thickness", "insulin", "bmi")
"""Columns in which a zero means "not measured": no living woman has a blood pressure of 0."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named table: X (n, d) in its own units, y (n, 1), and one name for each feature.

    Raises ValueError as `Part` does, and unless each column has a name of its own.
    """

    name: str
    X: Array
    y: Array
    feature_names: tuple[str, ...]

    def __post_init__(self) -> None:
        part = Part(self.X, self.y)
        names = _names(self.feature_names)
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
        table = table.apply(pd.to_numeric)
        X, y = table.iloc[:, :-1].to_numpy(), table[["outcome"]].to_numpy()
        dataset = Dataset("diabetes", X, y, DIABETES_COLUMNS[:-1])
        _check_measurements(dataset)
    except ValueError as error:
        raise ValueError(f"{path} is damaged: {str(error).rstrip('.')}.") from error
    if len(dataset) != DIABETES_ROWS:
        raise ValueError(f"{path} is damaged: it has {len(dataset)} rows, not {DIABETES_ROWS}.")
    return dataset


def _check_measurements(dataset: Dataset) -> None:
    if (dataset.X < 0).any():
        row, column = np.argwhere(dataset.X < 0)[0]
        raise ValueError(
            f"{dataset.feature_names[column]} is {dataset.X[row, column]:g} in row {row}; "
            "no measurement is below 0."
        )


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
        mean=read_only(scaler.mean_),
        scale=read_only(scaler.scale_),
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


def _names(names: Any) -> tuple[str, ...]:
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise ValueError(f"feature_names is {shown(names)}; it must be a sequence of names.")
    names = tuple(names)
    for name in names:
        if not isinstance(name, str):
            raise ValueError(f"feature_names contains {shown(name)}; every name must be text.")
        if names.count(name) > 1:
            raise ValueError(f"feature_names has {name!r} twice; each name may stand there once.")
    return names
