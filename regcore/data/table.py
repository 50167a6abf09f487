"""Table: the content of a learner's file, and what its columns can be."""

from dataclasses import dataclass

from regcore.checks import Array
from regcore.data.reading import identity, outcomes
from regcore.data.reading.cells import quoted
from regcore.data.reading.column import Column
from regcore.data.reading.records import Note, TableError

__all__ = ["MIN_ROWS_PER_OUTCOME", "Reading", "Table", "TableError"]

MIN_ROWS_PER_OUTCOME = 10  # enough for every part of a split


@dataclass(frozen=True)
class Reading:
    """What was taken for what in a file.

    separator  what separates its cells
    header     whether a line holds the names of the columns
    decimal    the decimal mark that most columns prove; "" if none does
    notes      the lines that are no rows
    preview    the cells of the first rows
    """

    separator: str
    header: bool
    decimal: str
    notes: tuple[Note, ...]
    preview: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, eq=False, repr=False)
class Table:
    """The columns of a file of `n_rows` rows.

    encoding  how the bytes were read: "utf-8-sig", "utf-16" or, failing these, "cp1252"
    digest    SHA-256 of the bytes: identifies the file and reveals nothing of it
    reading   what was taken for what
    """

    columns: tuple[Column, ...]
    n_rows: int
    encoding: str
    digest: str
    reading: Reading

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
            reason = column.problem or "it is text, which becomes columns of 0 and 1."
            raise TableError(f"{quoted(name)} has no numbers: {reason}")
        return column.numbers

    def inputs(self, name: str) -> dict[str, Array]:
        """What becomes of that column as a feature: name -> (n,) with NaN for missing cells.

        Numbers stay one column. One of two texts becomes 1, and each of several its own column.
        Raises TableError when it cannot be a feature.
        """
        column = self.column(name)
        if column.problem:
            raise TableError(f"{quoted(name)} cannot be a feature: {column.problem}")
        return column.inputs

    def classes(self, name: str) -> Array:
        """(n,) 0.0 and 1.0 for the two values in `targets`, NaN for missing ones.

        Raises TableError unless it has two values or grades that make two groups.
        """
        column = self.column(name)
        if column.classes is None:
            raise TableError(f"{column.described()}; choose a column with exactly two.")
        return column.classes

    def positive(self, name: str) -> str:
        """Which of the two values of a target counts as positive unless its owner says otherwise.

        What the names say: "ill", "died", "yes"; 1 beside 0; else the rarer value.
        """
        labels, pair = self.classes(name), self.column(name).pair
        if self.column(name).distinct > 2:
            return pair[1]  # grades: all but the lowest, or all but "none"
        if named := outcomes.positive_by_name(pair):
            return named
        ones, zeros = (labels == 1.0).sum(), (labels == 0.0).sum()
        return pair[0] if zeros < ones else pair[1]

    @property
    def features(self) -> tuple[str, ...]:
        """Names of the columns that can be features."""
        return tuple(column.name for column in self.columns if not column.problem)

    @property
    def left_out(self) -> dict[str, str]:
        """The columns that cannot be features, e.g. names: name -> a sentence on why."""
        return {column.name: column.problem for column in self.columns if column.problem}

    @property
    def targets(self) -> dict[str, tuple[str, ...]]:
        """The columns that can be the outcome, the likeliest first: name -> their two values.

        The smaller value comes first, or the lowest of some grades before all others. Columns with
        enough rows of both come first; then the name tells, and then the place: the last first.
        """
        last = self.columns[-1]
        found = [
            column
            for column in self.columns
            if column.distinct == 2 or column is last or outcomes.is_named(column.name)
            if column.classes is not None and not self._is_id(column)
        ]
        found.reverse()
        ordered = sorted(found, key=self._unlikely)
        return {column.name: column.pair for column in ordered}

    def _unlikely(self, column: Column) -> tuple[bool, int]:
        labels = self.classes(column.name)
        rows = min((labels == 0.0).sum(), (labels == 1.0).sum())
        return bool(rows < MIN_ROWS_PER_OUTCOME), outcomes.rank(column.name)

    def _is_id(self, column: Column) -> bool:
        return column.distinct > 2 and identity.is_id_name(column.name)

    def id_reason(self, name: str) -> str:
        """A sentence on why that column of numbers is likely an ID; "" if it is not."""
        column = self.column(name)
        if column.numbers is None:
            return ""
        return identity.id_reason(name, column.numbers, column.long)
