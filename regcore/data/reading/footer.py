"""Rows of a table that sum others up: totals and means."""

import re
from collections.abc import Sequence

from regcore.data.reading.cells import is_missing
from regcore.data.reading.header import Row
from regcore.data.reading.number_parsing import looks_like_number, number

_TOTAL = re.compile(
    r"\W*((grand|sub|overall|column|sous|gesamt)[ -]?)?"
    r"(totals?|sums?|summe|means?|averages?|avg|medians?|counts?|gesamt|durchschnitt|mittelwert|"
    r"mittel|moyenne|somme|media|std|st\.? ?dev|sd|stdev|standard deviation|min|max|minimum|"
    r"maximum|summary|anzahl|n ?=)(\b|(?<==))\W*(\(.*\)|of .*|all|rows|n|[0-9]+)?\W*",
    re.I,
)
TOLERANCE = 1e-3  # rounded means
MAX_SUMMED = 2_000  # rows of a table in which a total without a name is looked for


def is_total(row: Row, rows: Sequence[Row], numeric: Sequence[bool]) -> bool:
    """Whether a row is named "Total" or the like and is no row of values.

    rows     all rows
    numeric  for each column whether its cells are numbers
    """
    if row[0][:1].isdecimal():  # as most are
        return False
    first = next((place for place, cell in enumerate(row) if cell), 0)
    if not _TOTAL.fullmatch(row[first]) or is_missing(row[first], in_text=True):
        return False
    if numeric[first] or 2 * sum(map(bool, row)) <= len(row):
        return True
    return sum(other[first] == row[first] for other in rows) == 1  # others name a group


def is_last_total(row: Row, rows: Sequence[Row], numeric: Sequence[bool]) -> bool:
    """Whether the last row is a total without saying so: of sums or means, or nearly empty."""
    given = [place for place, cell in enumerate(row) if cell]
    texts = [p for p in given if numeric[p] and not _is_value(row[p])]
    if texts == given[:1] and 2 * len(given) <= len(row):
        return True
    if texts or not 2 <= len(rows) <= MAX_SUMMED:
        return False
    summed = [p for p in given if numeric[p]]
    few = 2 * len(given) <= len(row) and all(sum(map(bool, r)) > len(given) for r in rows)
    if not summed or (len(summed) < 2 and not few):
        return False
    return all(_sums_up(row[p], [r[p] for r in rows]) for p in summed)


def _is_value(cell: str) -> bool:
    return is_missing(cell) or looks_like_number(cell)


def _sums_up(cell: str, column: Sequence[str]) -> bool:
    """Whether the cell is the sum or the mean of the numbers in the column."""
    total = number(cell)
    if total is None or total.point is None:
        return False
    values = [v.point for c in column if (v := number(c)) and v.point is not None]
    if not values or len(set(values)) < 2:
        return False
    sums = (sum(values), sum(values) / len(values))
    return any(abs(total.point - s) <= TOLERANCE * max(abs(s), 1e-9) for s in sums)
