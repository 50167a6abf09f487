"""Parts: the arrays that a network trains on, checked when they are made."""

from dataclasses import dataclass, fields
from numbers import Real
from typing import Any

import numpy as np

from regcore.config import shown
from regcore.network import Array


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a dataset: X (n, d) and y (n, 1) of 0.0 and 1.0, both read-only float64.

    Raises ValueError with one sentence when X or y have another shape or content.
    """

    X: Array
    y: Array

    def __post_init__(self) -> None:
        X, y = numbers("X", self.X), numbers("y", self.y)
        if X.ndim != 2 or 0 in X.shape:
            raise ValueError(f"X has shape {X.shape}; it must be (rows, features), both 1 or more.")
        if y.shape != (len(X), 1):
            raise ValueError(f"y has shape {y.shape}; it must be a column, ({len(X)}, 1).")
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
        for name, default in (("mean", 0.0), ("scale", 1.0), ("fill", 0.0)):
            given = getattr(self, name)
            values = np.full(widths[0], default) if given is None else numbers(name, given)
            if values.shape != (widths[0],):
                raise ValueError(
                    f"{name} has shape {values.shape}; "
                    f"it must be {(widths[0],)}, a number for each column."
                )
            object.__setattr__(self, name, read_only(values))


def check_kind(name: str, value: Any, kind: type) -> None:
    """Raises TypeError with one sentence unless `value` has all that the dataclass `kind` has."""
    # not isinstance: after an edit Streamlit makes every class anew, and cached objects stay
    wanted = [field.name for field in fields(kind)]
    if isinstance(value, type) or not all(hasattr(value, name) for name in wanted):
        raise TypeError(f"{name} is a {type(value).__name__}; it must be a {kind.__name__}.")


def check_finite(X: Array) -> None:
    """Raises ValueError with one sentence when X (n, d) has a NaN or an infinity."""
    if not np.isfinite(X).all():
        row, column = np.argwhere(~np.isfinite(X))[0]
        raise ValueError(f"X[{row}, {column}] is {X[row, column]}; every value must be finite.")


def numbers(name: str, values: Any) -> Array:
    """`values` as a new float64 array. Raises ValueError unless all of them are real numbers."""
    try:
        if not (isinstance(values, np.ndarray) and values.dtype.kind in "biuf"):
            values = np.array(values, dtype=object)  # as they are: NumPy would read "1" as 1.0
            for cell in values.ravel():
                if not isinstance(cell, Real | np.bool_):
                    raise ValueError(shown(cell))
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise ValueError(f"{name} holds something that is not a number ({error}).") from error


def read_only(values: Array) -> Array:
    """`values` as contiguous float64 that nobody can write to."""
    values = np.ascontiguousarray(values, dtype=np.float64)
    values.setflags(write=False)
    return values
