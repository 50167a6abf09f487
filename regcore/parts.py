"""Parts: the arrays that a network trains on, checked when they are made."""

from dataclasses import dataclass

import numpy as np

from regcore.checks import check_column, check_finite, check_kind, names, numbers, read_only
from regcore.network import Array


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
