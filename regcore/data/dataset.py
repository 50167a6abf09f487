"""Dataset, Part and Split: the tables and arrays of an experiment, validated on creation."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from regcore import checks
from regcore.checks import Array, shown


@dataclass(frozen=True, eq=False)
class Part:
    """Rows of a dataset: X (n, d) and y (n, 1) of 0.0 and 1.0, both read-only float64.

    Raises ValueError when X or y has another shape or content, or masked cells.
    """

    X: Array
    y: Array

    def __post_init__(self) -> None:
        X, y = checks.numbers("X", self.X), checks.numbers("y", self.y)
        checks.check_rows(X, y)
        if not np.isin(y, (0.0, 1.0)).all():
            wrong = y[~np.isin(y, (0.0, 1.0))][0]
            raise ValueError(f"y contains {wrong:g}; every label must be 0 or 1.")
        object.__setattr__(self, "X", checks.read_only(X))
        object.__setattr__(self, "y", checks.read_only(y))

    def __len__(self) -> int:
        return len(self.X)


@dataclass(frozen=True, eq=False)
class Split:
    """Standardized parts of one dataset, and how they were standardized.

    mean, scale  of the training rows, each (d,) and read-only; zeros and ones when not given,
                 for parts in their original units
    fill         the values that replace missing ones, in their original units: the medians of
                 the training rows, (d,) and read-only; zeros when not given
    flipped      which labels of the training rows are turned over, (n,) of bool and read-only, see
                 `regcore.data.label_noise`; None when none is

    Raises TypeError or ValueError with one sentence when the pieces do not fit together.
    """

    train: Part
    validation: Part | None
    test: Part
    feature_names: tuple[str, ...] = ()
    mean: Array = None  # type: ignore[assignment]  # d is known once the parts are
    scale: Array = None  # type: ignore[assignment]
    fill: Array = None  # type: ignore[assignment]
    flipped: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        parts = {"train": self.train, "validation": self.validation, "test": self.test}
        if self.validation is None:
            del parts["validation"]
        for name, part in parts.items():
            checks.check_kind(name, part, Part)
        widths = [part.X.shape[1] for part in parts.values() if part is not None]
        if len(set(widths)) > 1:
            counts = ", ".join(map(str, widths))
            raise ValueError(f"The parts have {counts} columns; all need the same number.")
        object.__setattr__(self, "feature_names", _names_of(self.feature_names, widths[0]))
        for name, default in (("mean", 0.0), ("scale", 1.0), ("fill", 0.0)):
            given = getattr(self, name)
            values = np.full(widths[0], default) if given is None else checks.numbers(name, given)
            _check_each_column(name, values, widths[0])
            object.__setattr__(self, name, checks.read_only(values))
        if self.flipped is not None:
            object.__setattr__(self, "flipped", _checked_mask(self.flipped, len(self.train)))


def _checked_mask(mask: NDArray[np.bool_], rows: int) -> NDArray[np.bool_]:
    if not isinstance(mask, np.ndarray) or mask.dtype != bool or mask.shape != (rows,):
        raise ValueError(
            f"flipped is {shown(mask)}; it must be an array of {rows} True or False, one for each "
            "training row."
        )
    mask = mask.copy()
    mask.setflags(write=False)
    return mask


def _names_of(given: tuple[str, ...], width: int) -> tuple[str, ...]:
    checked = checks.names("feature_names", given)
    if checked and len(checked) != width:
        raise ValueError(
            f"feature_names has {len(checked)} names; it must have none, or one for each of the "
            f"{width} columns."
        )
    return checked


def _check_each_column(name: str, values: Array, width: int) -> None:
    if values.shape != (width,):
        raise ValueError(
            f"{name} has shape {values.shape}; it must be {(width,)}, a number for each column."
        )
    valid = np.isfinite(values) & ((values > 0.0) | (name != "scale"))
    if not valid.all():
        allowed = "above 0 and finite" if name == "scale" else "finite"
        raise ValueError(f"{name} holds {values[~valid][0]:g}; every value must be {allowed}.")


@dataclass(frozen=True, eq=False)
class Dataset:
    """A named table: X (n, d) in its original units, y (n, 1), and a name for each feature.

    row      what a row is, as a noun whose plural adds an s: "patient", "tumor", "point"
    outcomes what outcome 0 and outcome 1 mean
    missing  whether a NaN in X, or a masked cell of a masked array, means "not measured"; `split`
             fills it. If False, both raise an error
    lesson   whether this is the lesson's table, to which its printed figures refer
    groups   (n,) a number for each row: `split` keeps rows of one number in one part; None when
             each row stands for itself

    Raises ValueError as `Part` does, and unless columns and outcomes have distinct names;
    TypeError when name or row is not text, or missing or lesson is not True or False.
    """

    name: str
    X: Array
    y: Array
    feature_names: tuple[str, ...]
    row: str = "row"
    outcomes: tuple[str, str] = ("outcome 0", "outcome 1")
    missing: bool = False
    lesson: bool = False
    groups: Array | None = None

    def __post_init__(self) -> None:
        texts = {name: checks.text(name, getattr(self, name)) for name in ("name", "row")}
        flags = {name: checks.flag(name, getattr(self, name)) for name in ("missing", "lesson")}
        X = checks.numbers("X", self.X)
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
        arrays = {"X": checks.read_only(X), "y": part.y, "groups": self._checked_groups(part)}
        listed = {"feature_names": names, "outcomes": outcomes}
        for name, value in (texts | flags | arrays | listed).items():
            object.__setattr__(self, name, value)

    def _checked_groups(self, part: Part) -> Array | None:
        if self.groups is None:
            return None
        groups = checks.numbers("groups", self.groups)
        if groups.shape != (len(part),):
            raise ValueError(
                f"groups has shape {groups.shape}; it must be {(len(part),)}, a number a row."
            )
        return checks.read_only(groups)

    def __len__(self) -> int:
        return len(self.X)

    @property
    def rows(self) -> str:
        """The plural of `row`: "patients"."""
        return f"{self.row}s"

    def select(self, features: Sequence[str]) -> "Dataset":
        """The same rows with these features only, in this order.

        Raises ValueError for an unknown feature, and TypeError when features is not a sequence.
        """
        features = checks.items("features", features, "a sequence of names")
        for feature in features:
            if not isinstance(feature, str) or feature not in self.feature_names:
                known = checks.one_line(", ".join(self.feature_names))
                raise ValueError(f"feature is {shown(feature)}; it must be one of {known}.")
        columns = [self.feature_names.index(feature) for feature in features]
        return replace(self, X=self.X[:, columns], feature_names=tuple(features))
