"""Whether the first full record of a table holds names, and whether the next ones hold units."""

from collections.abc import Sequence
from itertools import pairwise

from regcore.data.reading.cells import folded, is_missing
from regcore.data.reading.number_parsing import looks_like_number, number

SAMPLE_ROWS = 100
MOST = 0.8  # share of a column's cells that are numbers if it is one of numbers
MAX_REPEATED = 20  # different values of a column in which a value recurs

Row = Sequence[str]


def numeric_columns(rows: Sequence[Row]) -> list[bool]:
    """For each column of the first rows, whether most of its cells are numbers."""
    return [_is_numeric(column) for column in zip(*rows[:SAMPLE_ROWS], strict=True)]


def _is_numeric(column: Sequence[str]) -> bool:
    others = [cell for cell in column if not looks_like_number(cell)]
    words = sum(not is_missing(cell) for cell in others)
    numbers = len(column) - len(others)
    return numbers > 0 and numbers >= MOST * (numbers + words)


def is_header(first: Row, below: Sequence[Row], numerics: Sequence[bool]) -> bool:
    """Whether `first` holds the names of the columns below, not values like theirs.

    A text above numbers is a name. A number above numbers and a text that occurs below are values.
    """
    if not below:
        return True
    if _counts(first):
        return True
    names = values = 0
    numbers = [cell for cell in first if looks_like_number(cell)]
    columns = zip(*below[:SAMPLE_ROWS], strict=True)
    for cell, column, numeric in zip(first, columns, numerics, strict=True):
        if is_missing(cell):
            continue
        if numeric:
            values += looks_like_number(cell)
            names += not looks_like_number(cell)
            continue
        different = {folded(other) for other in column if other}
        if folded(cell) in different:
            values += 1
        elif len(different) <= MAX_REPEATED or looks_like_number(cell):
            names += 1
    return names >= values or (names > 0 and _are_steps(numbers))


def _counts(first: Row) -> bool:
    """Whether the cells are 0, 1, 2, … or 1, 2, 3, …, as pandas names columns without names."""
    cells = list(first[1:] if not first[0] else first)
    ranges = ([str(start + i) for i in range(len(cells))] for start in (0, 1))
    return len(cells) > 2 and cells in ranges


def _are_steps(numbers: Sequence[str]) -> bool:
    """Whether three numbers or more rise in equal steps, as years or wavelengths in names do."""
    read = [value.point for cell in numbers if (value := number(cell))]
    values = [value for value in read if value is not None]
    steps = {round(b - a, 9) for a, b in pairwise(values)}
    return len(values) > 2 and len(steps) == 1 and steps.pop() > 0.0


def is_unit_line(row: Row, below: Sequence[Row], numeric: Sequence[bool]) -> bool:
    """Whether a record below the names holds units or types: text above numbers, and no number."""
    given = [(cell, place) for place, cell in enumerate(row) if cell]
    above = [cell for cell, place in given if numeric[place]]
    if any(is_missing(cell) and cell not in "-–—" for cell, _ in given):
        return False
    texts = [cell for cell in above if not looks_like_number(cell)]
    if len(texts) <= len(above) - len(texts) or len(below) < 2:
        return False
    others = [place for _, place in given if not numeric[place]]
    seen = {(place, folded(r[place])) for r in below[:SAMPLE_ROWS] for place in others}
    unseen = [place for place in others if (place, folded(row[place])) not in seen]
    return len(texts) > 1 or len(texts) == sum(numeric) or bool(unseen) or not others
