"""Read the cells of a column as numbers or as text, or say why neither can be told."""

from collections.abc import Sequence

import numpy as np

from regcore.checks import Array
from regcore.data.reading import identity
from regcore.data.reading.cells import counted, quoted
from regcore.data.reading.column import MAX_CLASSES, MAX_EXAMPLES, MIN_VALUES, Column, Scan, too_few
from regcore.data.reading.number_parsing import MAX_NUMBER, Number, decided
from regcore.data.reading.text_columns import text_column


def read_column(
    scan: Scan, lines: Sequence[int], of_file: str, asked: str = "", separator: str = ""
) -> Column:
    """The Column of these cells; lines[i] is the line of cells[i] in the file.

    of_file, asked, separator  see `regcore.data.reading.number_parsing.decided`
    """
    if not scan.is_numeric:
        return text_column(scan, lines)
    found = scan.evidence
    if found.clash and not asked:
        examples = " and ".join(f"{quoted(c)} in line {scan.line(c, lines)}" for c in found.clash)
        return _undecided(scan, lines, f"{examples} have different decimal marks; use one.")
    mark = asked if found.clash else decided(found, of_file, asked, separator)
    if not mark:
        where = f"{quoted(found.doubt)} in line {scan.line(found.doubt, lines)}"
        why = f"{where} may mean {' or '.join(_both(scan.read[found.doubt]))}; "
        return _undecided(scan, lines, f"{why}say which decimal mark the file has.", found.doubt)
    return _number_column(scan, lines, mark)


def _both(value: Number) -> list[str]:
    return sorted((shown_number(v) for v in value if v is not None), key=len)


def _undecided(scan: Scan, lines: Sequence[int], problem: str, doubt: str = "") -> Column:
    values = sorted(scan.read)
    known = sum(scan.counts[cell] for cell in values)
    shown = tuple(values[:MAX_EXAMPLES])
    missing = len(scan.cells) - known
    return Column(scan.name, None, shown, len(values), (), None, missing, problem, doubt=doubt)


def _number_column(scan: Scan, lines: Sequence[int], mark: str) -> Column:
    usable = _usable(scan, mark)
    numbers = np.array([usable.get(cell, np.nan) for cell in scan.cells]) + 0.0  # -0.0 becomes 0.0
    distinct = np.unique(numbers[~np.isnan(numbers)])
    given = int((~np.isnan(numbers)).sum())
    pair, classes = _pair_of_numbers(numbers, distinct)
    problem, notes = "", _number_notes(scan, lines, usable, mark)
    if given < MIN_VALUES:
        problem = too_few(given)
        problem = " ".join([problem, *notes[:1]])
    return Column(
        scan.name,
        numbers,
        tuple(shown_number(value) for value in distinct[:MAX_EXAMPLES]),
        len(distinct),
        pair,
        classes,
        len(numbers) - given,
        problem,
        {} if problem else {scan.name: numbers},
        notes,
        long=_is_long(scan),
    )


def _usable(scan: Scan, mark: str) -> dict[str, float]:
    """The cells that are numbers with this decimal mark, and the numbers."""
    if scan.plain:
        return {cell: float(cell) for cell in scan.plain}
    known = {cell: value.with_mark(mark) for cell, value in scan.read.items()}
    return {c: v for c, v in known.items() if v is not None and abs(v) <= MAX_NUMBER}


def _pair_of_numbers(numbers: Array, distinct: Array) -> tuple[tuple[str, ...], Array | None]:
    """Two values, or the smallest of some grades and the others; and which each row has."""
    if len(distinct) == 2:
        pair = (shown_number(distinct[0]), shown_number(distinct[1]))
    elif 2 < len(distinct) <= MAX_CLASSES and (distinct == np.floor(distinct)).all():
        low, high = shown_number(distinct[1]), shown_number(distinct[-1])
        pair = (shown_number(distinct[0]), f"{low} to {high}")
    else:
        return (), None
    return pair, np.where(np.isnan(numbers), np.nan, numbers > distinct[0])


def _number_notes(
    scan: Scan, lines: Sequence[int], usable: dict[str, float], mark: str
) -> tuple[str, ...]:
    wrong = [cell for cell in [*scan.words, *scan.read] if cell not in usable]
    notes = [_wrong_cells(scan, lines, wrong, mark)] if wrong else []
    if any(cell.endswith("%") for cell in scan.read):
        notes.append("Its numbers are in percent: 5% is 5.")
    if scan.evidence.doubt:
        example = scan.evidence.doubt
        value = scan.read[example].with_mark(mark)
        notes.append(f"{quoted(example)} is read as {shown_number(value or 0.0)}.")
    return tuple(notes)


def _wrong_cells(scan: Scan, lines: Sequence[int], wrong: Sequence[str], mark: str) -> str:
    line, first = min((scan.line(cell, lines), cell) for cell in wrong[:100])
    large = first in scan.read and _too_large(scan, first, mark)
    others = sum(scan.counts[cell] for cell in wrong) - 1
    what = "is too large" if large else "is not a number"
    if not others:
        return f"{quoted(first)} in line {line} {what} and counts as missing."
    more = counted(others, "more cell")
    return f"{quoted(first)} in line {line} {what}; it and {more} count as missing."


def _too_large(scan: Scan, cell: str, mark: str) -> bool:
    value = scan.read[cell].with_mark(mark)
    return value is not None and abs(value) > MAX_NUMBER


def _is_long(scan: Scan) -> bool:
    """Whether most cells are whole numbers that a float does not hold."""
    long = [c for c in scan.read if len(c) >= identity.MIN_DIGITS and c.isdecimal()]
    return 2 * len(long) > len(scan.read)


def shown_number(value: float) -> str:
    """A number as text, in all its digits."""
    return repr(float(value)).removesuffix(".0")
