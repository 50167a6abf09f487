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


def total_label(row: Row) -> str:
    """The first cell of a row if it says "Total" or the like, else ""."""
    if row[0][:1].isdecimal():  # as most are
        return ""
    label = next((cell for cell in row if cell), "")
    return label if _TOTAL.fullmatch(label) and not is_missing(label, in_text=True) else ""


def is_total(row: Row, label: str, times: int, numeric: Sequence[bool]) -> bool:
    """Whether a row with a label of a total is one, and no row of values.

    times    how many rows have the label: a group has several
    numeric  for each column whether its cells are numbers
    """
    return numeric[list(row).index(label)] or 2 * sum(map(bool, row)) <= len(row) or times == 1


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
