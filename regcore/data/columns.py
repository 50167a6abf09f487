"""Columns of a file: cells of text read as numbers or classes, or a sentence on why not.

Cells are untrusted text; they are never evaluated, used as format strings or written to disk.
"""

import re
import reprlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

from regcore.checks import Array, shown

MAX_NAME = 100  # characters of a name or of a class
MAX_NUMBER = 1e100  # its square, which standardizing needs, is finite
MIN_VALUES = 10  # values that a column needs to be useful in any split
MAX_EXAMPLES = 4  # values kept as examples
MISSING = frozenset({"", "?", "na", "n/a", "#n/a", "<na>", "nan", "null"})
MISSING_NUMBER = MISSING | {"-", "--", ".", "none"}  # "-" and "none" may be classes

_NUMBER = {
    mark: re.compile(rf"[+-]?([0-9]+([{mark}][0-9]*)?|[{mark}][0-9]+)(e[+-]?[0-9]+)?", re.I)
    for mark in ".,"
}
_POINT = re.compile(r"[+-]?[0-9]+\.[0-9]+")
_COMMA = re.compile(r"[+-]?([0-9]+,([0-9]{1,2}|[0-9]{4,})|0,[0-9]+)")  # 1,234 may mean 1234

_short = reprlib.Repr()
_short.maxstring = 60


@dataclass(frozen=True, eq=False, repr=False)
class Column:
    """A column of a file with n rows, read as numbers or classes.

    numbers   (n,) with NaN for missing cells; None unless all other cells are numbers
    values    its first few distinct values in order, as text
    distinct  how many distinct values there are
    classes   (n,) 0.0 for values[0], 1.0 for values[1], NaN for missing; None unless it has two
    missing   the number of missing cells
    problem   a sentence on why it cannot be a feature; "" when it can
    """

    name: str
    numbers: Array | None
    values: tuple[str, ...]
    distinct: int
    classes: Array | None
    missing: int
    problem: str

    def described(self) -> str:
        """Its name and how many different values it has, with examples."""
        examples = ", ".join(map(quoted, self.values)) + ", …" * (self.distinct > len(self.values))
        count = {0: "no values", 1: "one value only"}.get(
            self.distinct, f"{self.distinct:,} different values"
        )
        return f"{quoted(self.name)} has {count}" + f" ({examples})" * bool(examples)


def quoted(text: str) -> str:
    """`text` from a file for a message: in quotes, on one line, at most 60 characters."""
    return shown(text, _short.repr)


def clean(cell: str) -> str:
    """`cell` stripped, with single spaces within and without unprintable characters."""
    if not cell.isprintable():  # bidirectional marks could forge a name
        cell = "".join(c for c in cell if c.isprintable() or c.isspace())
    return " ".join(cell.split())


def is_number(cell: str) -> bool:
    """Whether `cell` is a number with a decimal point or a decimal comma."""
    return any(pattern.fullmatch(cell) for pattern in _NUMBER.values())


def decimal_mark(cells: Iterable[str]) -> str:
    """The comma if more cells clearly use it as a decimal mark than the point, else the point."""
    points = commas = 0
    for cell in cells:
        points += "." in cell and _POINT.fullmatch(cell) is not None
        commas += "," in cell and _COMMA.fullmatch(cell) is not None
    return "," if commas > points else "."


def read_column(name: str, cells: Sequence[str], lines: Sequence[int], mark: str) -> Column:
    """The Column of these cleaned cells; lines[i] is the line of cells[i] in the file."""
    import pandas as pd

    numbers, problem = _numbers(cells, lines, mark)
    codes, values = pd.factorize(_texts(cells) if numbers is None else numbers, sort=True)
    missing = codes < 0
    known = int((~missing).sum())
    if numbers is not None and known < MIN_VALUES:
        problem = f"{known} rows have a value; at least {MIN_VALUES} are needed."
    return Column(
        name,
        numbers,
        tuple(_shown(value) for value in values[:MAX_EXAMPLES]),
        len(values),
        np.where(missing, np.nan, codes) if len(values) == 2 else None,
        len(cells) - known,
        problem,
    )


def _numbers(cells: Sequence[str], lines: Sequence[int], mark: str) -> tuple[Array | None, str]:
    """The cells as numbers, or None and a sentence on the first that is not a number."""
    numbers = np.empty(len(cells))
    for row, cell in enumerate(cells):
        if cell.lower() in MISSING_NUMBER:
            numbers[row] = np.nan
        elif not _NUMBER[mark].fullmatch(cell):
            wrong = f"{quoted(cell)} in line {lines[row]} is not a number"
            return None, f"{wrong}; only columns of numbers can be inputs."
        else:
            numbers[row] = float(cell.replace(mark, "."))
            if abs(numbers[row]) > MAX_NUMBER:
                wrong = f"{quoted(cell)} in line {lines[row]} is too large"
                return None, f"{wrong}; numbers may go up to {MAX_NUMBER:g}."
    return numbers + 0.0, ""  # -0.0 becomes 0.0


def _texts(cells: Sequence[str]) -> np.ndarray:
    """The cells as texts, with None for missing ones."""
    texts = [None if cell.lower() in MISSING else cell[:MAX_NAME] for cell in cells]
    return np.array(texts, dtype=object)


def _shown(value: str | float) -> str:
    return value if isinstance(value, str) else repr(float(value)).removesuffix(".0")
