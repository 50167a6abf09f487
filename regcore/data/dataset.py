"""Dataset, Part and Split: the tables and arrays of an experiment, checked when they are made."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from regcore import checks
from regcore.checks import (
    Array,
    check_column,
    check_finite,
    check_kind,
    names,
    numbers,
    one_line,
    read_only,
    shown,
)


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a dataset: X (n, d) and y (n, 1) of 0.0 and 1.0, both read-only float64.

    Raises ValueError with one sentence when X or y have another shape or content; what a masked
    array masks is no number.
    """

    X: Array
    y: Array

    def __post_init__(self) -> None:
        X, y = numbers("X", self.X), numbers("y", self.y)
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"X has shape {X.shape}; it must be (rows, features), both 1 or more.")
        check_column(y, len(X))
        check_finite(X)
        if not np.isin(y, (0.0, 1.0)).all():
            wrong = y[~np.isin(y, (0.0, 1.0))][0]
            raise ValueError(f"y contains {wrong:g}; every label must be 0 or 1.")
        object.__setattr__(self, "X", read_only(X))
        object.__setattr__(self, "y", read_only(y))

    def __len__(self) -> int:
        return len(self.X)


@dataclass(frozen=True, eq=False)
class Split:
    """Standardised parts of one dataset, and what standardised them.

    mean, scale  those of the training rows, each (d,) and read-only; zeros and ones when not
                 given, as for parts that are in their own units
    fill         what stands where nothing was measured, in its own units: the medians of the
                 training rows, (d,) and read-only; zeros when not given

    Raises TypeError or ValueError with one sentence when the pieces do not fit together.
    """

    train: Part
    validation: Part | None
    test: Part
    feature_names: tuple[str, ...] = ()
    mean: Array = None  # type: ignore[assignment]  # d is known when the parts are
    scale: Array = None  # type: ignore[assignment]
    fill: Array = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        if self.validation is None:
            del parts["validation"]
        for name, part in parts.items():
            check_kind(name, part, Part)
        widths = [part.X.shape[1] for part in parts.values() if part is not None]
        if len(set(widths)) > 1:
            found = ", ".join(map(str, widths))
            raise ValueError(f"The parts have {found} columns; all need the same number.")
        object.__setattr__(self, "feature_names", _names_of(self.feature_names, widths[0]))
        for name, default in (("mean", 0.0), ("scale", 1.0), ("fill", 0.0)):
            given = getattr(self, name)
            values = np.full(widths[0], default) if given is None else numbers(name, given)
            _check_each_column(name, values, widths[0])
            object.__setattr__(self, name, read_only(values))


def _names_of(given: tuple[str, ...], width: int) -> tuple[str, ...]:
    found = names("feature_names", given)
    if found and len(found) != width:
        raise ValueError(
            f"feature_names has {len(found)} names; it must have none, or one for each of the "
            f"{width} columns."
        )
    return found


def _check_each_column(name: str, values: Array, width: int) -> None:
    if values.shape != (width,):
        raise ValueError(
            f"{name} has shape {values.shape}; it must be {(width,)}, a number for each column."
        )
    fits = np.isfinite(values) & ((values > 0.0) | (name != "scale"))
    if not fits.all():
        allowed = "above 0 and finite" if name == "scale" else "finite"
        raise ValueError(f"{name} holds {values[~fits][0]:g}; every value must be {allowed}.")


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named table: X (n, d) in its own units, y (n, 1), one name for each feature, and words.

    row      what a row is, in a word that takes an s: "patient", "tumour", "point"
    outcomes what outcome 0 and outcome 1 mean
    missing  whether a NaN in X, or a masked cell of a masked array, means "not measured"; `split`
             fills it. Without, both are refused
    lesson   whether this is the table of the lesson, which its printed figures are about

    Raises ValueError as `Part` does, and unless columns and outcomes have names of their own;
    TypeError when name or row is no text, or missing or lesson not True or False.
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
        texts = {name: checks.text(name, getattr(self, name)) for name in ("name", "row")}
        flags = {name: checks.flag(name, getattr(self, name)) for name in ("missing", "lesson")}
        X = numbers("X", self.X)
        part = Part(np.where(np.isnan(X), 0.0, X) if self.missing else X, self.y)
        names = checks.names("feature_names", self.feature_names)
        if len(names) != part.X.shape[1]:
            raise ValueError(
                f"feature_names has {len(names)} names; "
                f"X has {part.X.shape[1]} columns, and each needs one."
            )
        outcomes = checks.names("outcomes", self.outcomes)
        if len(outcomes) != 2:
            raise ValueError(f"outcomes has {len(outcomes)} names; there are two outcomes.")
        checked = {"X": read_only(X), "y": part.y, "feature_names": names, "outcomes": outcomes}
        for name, value in (texts | flags | checked).items():
            object.__setattr__(self, name, value)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def rows(self) -> str:
        """What several rows are: "patients"."""
        return f"{self.row}s"

    def select(self, features: Sequence[str]) -> "Dataset":
        """The same rows with these features only, in this order.

        Raises ValueError for others, and TypeError when features is no sequence.
        """
        features = checks.items("features", features, "a sequence of names")
        for feature in features:
            if not isinstance(feature, str) or feature not in self.feature_names:
                known = one_line(", ".join(self.feature_names))
                raise ValueError(f"feature is {shown(feature)}; it must be one of {known}.")
        columns = [self.feature_names.index(feature) for feature in features]
        return replace(self, X=self.X[:, columns], feature_names=tuple(features))
