"""Table: the content of a learner's file, and the Dataset made from it."""

from collections.abc import Collection
from dataclasses import dataclass

import numpy as np

from regcore.checks import Array, check_kind, items
from regcore.data.columns import MIN_VALUES, Column, quoted
from regcore.data.dataset import Dataset

MIN_ROWS_PER_OUTCOME = 10  # enough for every part of a split


class TableError(ValueError):
    """A file, or a choice of its columns, that cannot be used; one sentence says what to do."""


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """The columns of a file of `n_rows` rows.

    encoding  how the bytes were read: "utf-8-sig", "utf-16" or, failing these, "cp1252"
    digest    SHA-256 of the bytes: identifies the file and reveals nothing of it
    separator, decimal  the marks between cells and within numbers
    """

    columns: tuple[Column, ...]
    n_rows: int
    encoding: str
    digest: str
    separator: str = ","
    decimal: str = "."

    def column(self, name: str) -> Column:
        """The column of that name. Raises TableError when there is none."""
        for column in self.columns:
            if isinstance(name, str) and column.name == name:
                return column
        raise TableError(f"{quoted(name)} is not a column of this file; choose one that is.")

    def numbers(self, name: str) -> Array:
        """The numbers (n,) of that column, NaN for missing ones. Raises TableError for text."""
        column = self.column(name)
        if column.numbers is None:
            raise TableError(f"{quoted(name)} cannot be a feature: {column.problem}")
        return column.numbers

    def classes(self, name: str) -> Array:
        """(n,) 0.0 and 1.0 for the smaller and the larger value of that column, NaN for missing.

        Raises TableError unless it has exactly two values.
        """
        column = self.column(name)
        if column.classes is None:
            raise TableError(f"{column.described()}; choose a column with exactly two.")
        return column.classes

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that can be features."""
        return tuple(column.name for column in self.columns if not column.problem)

    @property
    def left_out(self) -> dict[str, str]:
        """The columns that cannot be features, e.g. text: name -> a sentence on why."""
        return {column.name: column.problem for column in self.columns if column.problem}

    @property
    def targets(self) -> dict[str, tuple[str, ...]]:
        """The columns that can be the outcome: name -> their two values, smaller first."""
        return {c.name: c.values for c in self.columns if c.classes is not None}


def to_dataset(
    table: Table,
    target: str,
    positive: str,
    *,
    zeros_missing: Collection[str] = (),
    leave_out: Collection[str] = (),
    name: str = "your file",
) -> Dataset:
    """The Dataset of the rows that have an outcome; outcome 1 is `positive` in column `target`.

    All of `table.features` but the target and `leave_out` become features. Missing values,
    and zeros in the columns `zeros_missing`, become NaN, which `split` fills.

    Raises TableError when a name is not in the table, when the target does not have two values
    with enough rows of each, or when there is no feature or one has too few values; TypeError
    when an argument has the wrong type.
    """
    check_kind("table", table, Table)
    zeros_missing = items("zeros_missing", zeros_missing, "a collection of names")
    leave_out = items("leave_out", leave_out, "a collection of names")
    labels, outcomes = _outcome(table, target, positive)
    for column in (*zeros_missing, *leave_out):
        table.column(column)
    names = [n for n in table.features if n != target and n not in leave_out]
    if not names:
        raise TableError(f"No column of numbers is left beside {quoted(target)}; keep one or more.")
    known = ~np.isnan(labels)
    columns = [_measured(n, table.numbers(n)[known], n in zeros_missing) for n in names]
    X, y = np.column_stack(columns), labels[known][:, None]
    missing = bool(np.isnan(X).any())
    return Dataset(name, X, y, tuple(names), outcomes=outcomes, missing=missing)


def _outcome(table: Table, target: str, positive: str) -> tuple[Array, tuple[str, str]]:
    """Labels (n,) with NaN for missing ones, and what 0 and 1 mean."""
    labels, values = table.classes(target), table.column(target).values
    if not isinstance(positive, str) or positive not in values:
        choices = " or ".join(map(quoted, values))
        raise TableError(
            f"{quoted(positive)} is not a value of {quoted(target)}; choose {choices}."
        )
    negative = values[1 - values.index(positive)]
    if positive == values[0]:
        labels = 1.0 - labels
    for label, value in enumerate((negative, positive)):
        count = int((labels == label).sum())
        if count < MIN_ROWS_PER_OUTCOME:
            raise TableError(
                f"{quoted(target)} is {quoted(value)} in {count} rows; "
                f"bring at least {MIN_ROWS_PER_OUTCOME} rows of each outcome."
            )
    return labels, (f"{target} = {negative}", f"{target} = {positive}")


def _measured(name: str, numbers: Array, zeros_missing: bool) -> Array:
    """The numbers with NaN for missing values. Raises TableError when too few are left."""
    if zeros_missing:
        numbers = np.where(numbers == 0.0, np.nan, numbers)
    count = int(np.isfinite(numbers).sum())
    if count < MIN_VALUES:
        raise TableError(
            f"{quoted(name)} has a value in {count} of the {len(numbers)} rows with an outcome, "
            f"and {MIN_VALUES} are needed; leave it out{' or keep its zeros' * zeros_missing}."
        )
    return numbers
