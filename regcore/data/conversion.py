"""to_dataset: the Dataset made from a Table and what its owner says of the columns."""

from collections.abc import Collection, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from regcore.checks import Array, check_kind, items, shown
from regcore.data.dataset import Dataset
from regcore.data.equal_rows import equal_rows, first_of_each
from regcore.data.reading.cells import counted, quoted
from regcore.data.reading.column import MIN_VALUES, Column
from regcore.data.table import MIN_ROWS_PER_OUTCOME, Table, TableError

MAX_INPUTS = 300  # columns of a Dataset: each text may become ten
EQUAL_ROWS = ("drop", "together")


def to_dataset(
    table: Table,
    target: str,
    positive: str,
    *,
    zeros_missing: Collection[str] = (),
    missing_values: Mapping[str, float] | None = None,
    leave_out: Collection[str] = (),
    equal_rows: str = "drop",
    name: str = "your file",
) -> Dataset:
    """The Dataset of the rows that have an outcome; outcome 1 is `positive` in column `target`.

    All of `table.features` but the target and `leave_out` become features. Missing values, zeros
    in the columns `zeros_missing`, and the value that `missing_values` names for a column become
    NaN, which `split` fills.

    equal_rows  what happens when more rows equal an earlier one than chance explains: "drop"
                leaves copies out, "together" keeps them in one part of each split, as it does in
                both cases with rows of equal features and different outcomes

    Raises TableError when a name is not in the table, when the target does not have two values
    with enough rows of each, or when there is no feature or one has too few values; TypeError
    when an argument has the wrong type.
    """
    check_kind("table", table, Table)
    odd = _values(table, zeros_missing, missing_values)
    leave_out = items("leave_out", leave_out, "a collection of names")
    if not isinstance(equal_rows, str) or equal_rows not in EQUAL_ROWS:
        choices = " or ".join(map(repr, EQUAL_ROWS))
        raise TableError(f"equal_rows is {shown(equal_rows)}; it must be {choices}.")
    labels, outcomes = _outcome(table, target, positive)
    for column in leave_out:
        table.column(column)
    names = [n for n in table.features if n != target and n not in leave_out]
    if not names:
        raise TableError(
            f"No column that can be learned from is left beside {quoted(target)}; keep one or more."
        )
    known = ~np.isnan(labels)
    inputs = _inputs(table, names, known, odd)
    X, y = np.column_stack(list(inputs.values())), labels[known]
    kept, groups = _kept(_identifying(table, names)[known], y, equal_rows)
    X, y = X[kept], y[kept]
    _check_left(y, target, outcomes)
    missing = bool(np.isnan(X).any())
    return Dataset(
        name, X, y[:, None], tuple(inputs), outcomes=outcomes, missing=missing, groups=groups
    )


def _values(
    table: Table, zeros: Collection[str], others: Mapping[str, float] | None
) -> dict[str, list[float]]:
    """Column -> the values that mean missing in it."""
    odd: dict[str, list[float]] = {}
    for name in items("zeros_missing", zeros, "a collection of names"):
        odd.setdefault(table.column(name).name, []).append(0.0)
    if others is not None and not isinstance(others, Mapping):
        raise TypeError(f"missing_values is {shown(others)}; it must be a mapping of names.")
    for name, value in (others or {}).items():
        odd.setdefault(table.column(name).name, []).append(_number(value))
    return odd


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"missing_values has {shown(value)}; each value must be a number.")
    return float(value)


def features_of(
    table: Table, target: str, leave_out: Collection[str] = ()
) -> tuple[Array, Array] | None:
    """Columns (n, d) that tell rows apart and outcomes (n,), or None without a feature."""
    names = [n for n in table.features if n != target and n not in leave_out]
    labels = table.classes(target)
    known = ~np.isnan(labels)
    return (_identifying(table, names)[known], labels[known]) if names else None


def codes_of(column: Column) -> Array:
    """The numbers (n,) of a column, or of its texts, NaN for missing ones."""
    if column.numbers is not None:
        return column.numbers
    codes: Array = np.zeros(1)
    for place, x in enumerate(column.inputs.values(), start=1):
        codes = codes + place * x
    return codes


def _identifying(table: Table, names: Collection[str]) -> Array:
    """A column (n, d) for each feature but IDs, which would tell copies of a row apart."""
    others = [name for name in names if not table.id_reason(name)]
    return np.column_stack([codes_of(table.column(name)) for name in others or names])


def _outcome(table: Table, target: str, positive: str) -> tuple[Array, tuple[str, str]]:
    """Labels (n,) with NaN for missing ones, and what 0 and 1 mean."""
    labels, values = table.classes(target), table.column(target).pair
    if not isinstance(positive, str) or positive not in values:
        choices = " or ".join(map(quoted, values))
        raise TableError(
            f"{quoted(positive)} is not a value of {quoted(target)}; choose {choices}."
        )
    negative = values[1 - values.index(positive)]
    if positive == values[0]:
        labels = 1.0 - labels
    outcomes = (f"{target} = {negative}", f"{target} = {positive}")
    for label, value in enumerate((negative, positive)):
        _check_count(int((labels == label).sum()), target, value)
    return labels, outcomes


def _check_count(count: int, target: str, value: str, among: str = "") -> None:
    if count < MIN_ROWS_PER_OUTCOME:
        raise TableError(
            f"{quoted(target)} is {quoted(value)} in {counted(count, 'row')}{among}; "
            f"bring at least {MIN_ROWS_PER_OUTCOME} rows of each outcome."
        )


def _check_left(y: Array, target: str, outcomes: tuple[str, str]) -> None:
    for label, outcome in enumerate(outcomes):
        value = outcome.removeprefix(f"{target} = ")
        _check_count(int((y == label).sum()), target, value, " that do not repeat others")


def _inputs(
    table: Table, names: Collection[str], known: Array, odd: Mapping[str, list[float]]
) -> dict[str, Array]:
    """The features of the rows that are known: name -> (n,) with NaN for missing values."""
    inputs: dict[str, Array] = {}
    for name in names:
        for key, x in table.inputs(name).items():
            while key in inputs:
                key += "′"  # a column of text may make the name of another column
            inputs[key] = _measured(name, x[known], odd.get(name, []))
    if len(inputs) > MAX_INPUTS:
        raise TableError(
            f"The columns make {len(inputs)} features, of which {MAX_INPUTS} can be used; "
            "leave out columns of text."
        )
    return inputs


def _measured(name: str, numbers: Array, odd: list[float]) -> Array:
    """The numbers with NaN for missing values. Raises TableError when too few are left."""
    if odd:
        numbers = np.where(np.isin(numbers, odd), np.nan, numbers)
    count = int(np.isfinite(numbers).sum())
    if count < MIN_VALUES:
        kept = "zeros" if odd == [0.0] else "odd values"
        raise TableError(
            f"{quoted(name)} has a value in {count} of the {len(numbers)} rows with an outcome, "
            f"and {MIN_VALUES} are needed; leave it out{f' or keep its {kept}' * bool(odd)}."
        )
    return numbers


def _kept(X: Array, y: Array, choice: str) -> tuple[NDArray[np.bool_], Array | None]:
    """Which rows (n,) stay, and for each of these a number that rows of equal features share."""
    kept = np.ones(len(y), dtype=bool)
    found = equal_rows(X, y)
    if not found.matter:
        return kept, None
    if choice == "drop":
        kept = first_of_each(np.column_stack([X, y])) == np.arange(len(y))
    groups = first_of_each(X[kept]).astype(float)
    return kept, groups if len(np.unique(groups)) < len(groups) else None
