"""Suspicious columns and rows of a file: questions to its owner, not verdicts."""

from collections.abc import Collection
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from regcore.blas import one_blas_thread
from regcore.checks import Array, check_kind
from regcore.data.conversion import codes_of, features_of
from regcore.data.equal_rows import EqualRows, equal_rows, first_of_each
from regcore.data.reading.cells import counted, quoted
from regcore.data.reading.column import MAX_CLASSES
from regcore.data.table import Table

MIN_REPEATS = 5  # mean rows of a value: rarer ones go with one outcome by chance
MIN_ZERO_GAP = 5.0  # in median steps between values: a zero this far below them is suspicious
MIN_DIFFERENT = 5  # values beside the one that is far from all of them
CODES = (-1.0, -2.0, -3.0, -7.0, -8.0, -9.0)  # they stand for missing values in surveys
NINES = (99.0, 999.0, 9999.0, 99999.0, 999999.0)
COPY_TOLERANCE = 1e-9  # how far the correlation of copies may be from 1 or -1


class Suspicion(NamedTuple):
    """A column, a sentence, and its kind.

    Kinds are "constant", "id", "target", "zeros", "odd" (a value far from all others) and "copy";
    and "rows", with "" as column, for rows that repeat others.
    """

    column: str
    kind: str
    sentence: str


def inspect_table(table: Table, target: str, leave_out: Collection[str] = ()) -> list[Suspicion]:
    """Suspicions about the features of `table` when `target` is the outcome.

    leave_out  columns without which rows are compared

    Raises TableError unless `target` is a column of two values, TypeError without a Table.
    """
    check_kind("table", table, Table)
    labels, first = table.classes(target), _first_rows(table, target, leave_out)
    suspicions = []
    features = {}
    for name in table.features:
        if name == target:
            continue
        numbers = table.column(name).numbers
        if numbers is None:
            numbers = codes_of(table.column(name))
            suspicions += _of_text(name, numbers[first], labels[first])
        else:
            suspicions += _of_numbers(table, name, numbers[first], labels[first])
        features[name] = numbers
    return suspicions + _copies(features) + _rows(table, target, leave_out)


def _first_rows(table: Table, target: str, leave_out: Collection[str]) -> NDArray[np.bool_]:
    """Which rows (n,) are no copies: in copies, each value goes with one outcome only."""
    kept = np.ones(table.n_rows, dtype=bool)
    if (found := features_of(table, target, leave_out)) and equal_rows(*found).matter:
        known = ~np.isnan(table.classes(target))
        kept[known] = first_of_each(np.column_stack(found)) == np.arange(known.sum())
    return kept


def equal_rows_of(table: Table, target: str, leave_out: Collection[str] = ()) -> EqualRows:
    """How many rows repeat others when `target` is the outcome and some columns are left out."""
    found = features_of(table, target, leave_out)
    return equal_rows(*found) if found else EqualRows(0, 0, False)


def odd_value(x: Array) -> float | None:
    """A value that is repeated and far from all others in x (n,), such as -999; None without."""
    values, counts = np.unique(x[~np.isnan(x)], return_counts=True)
    if len(values) <= MIN_DIFFERENT:
        return None
    for value, count, rest in (
        (values[0], counts[0], values[1:]),
        (values[-1], counts[-1], values[:-1]),
    ):
        if value != 0.0 and _is_far(value, int(count), rest):
            return float(value)
    return None


def _is_far(value: float, count: int, rest: Array) -> bool:
    nines = abs(value) in NINES
    gap, spread = float(np.abs(rest - value).min()), float(np.ptp(rest))
    steps = MIN_ZERO_GAP * float(np.median(np.diff(rest)))
    if value < 0.0 <= rest.min() and (nines or value in CODES):
        return count > 1 or nines  # -1 among values that are never negative
    if nines and abs(value) > 100.0 and gap > max(steps, 0.2 * spread):
        return True
    return count > 1 and gap > max(steps, spread)


def _of_text(name: str, codes: Array, labels: Array) -> list[Suspicion]:
    known = codes[~np.isnan(codes) & ~np.isnan(labels)]
    if len(np.unique(known)) < 2 or not _target(codes, labels):
        return []
    sentence = (
        "Each text goes with one outcome only; unless it is known before the outcome is, "
        "leave it out."
    )
    return [Suspicion(name, "target", sentence)]


def _of_numbers(table: Table, name: str, x: Array, labels: Array) -> list[Suspicion]:
    if reason := table.id_reason(name):
        return [Suspicion(name, "id", reason)]
    if reason := _groups(x, labels):
        return [Suspicion(name, "id", reason)]
    found = [(kind, detect(x, labels)) for kind, detect in DETECTORS.items()]
    return [Suspicion(name, kind, sentence) for kind, sentence in found if sentence]


def _groups(x: Array, y: Array) -> str:
    """Detect the numbers of persons or things that have several rows each, of one outcome."""
    known = ~np.isnan(x) & ~np.isnan(y)
    x, y = x[known], y[known]
    different = len(np.unique(x))
    if different <= MAX_CLASSES or (x != np.floor(x)).any() or len(x) < 2 * different:
        return ""
    pure = len(np.unique(np.column_stack([x, y]), axis=0)) == different
    apart = x[y == 0].max(initial=-np.inf) < x[y == 1].min(initial=np.inf)
    return GROUPS if pure and not apart and _target(x, y) else ""


def _constant(x: Array, y: Array) -> str:
    known = x[~np.isnan(x)]
    if known.min() < known.max():
        return ""
    return f"Every value is {known[0]:g}, so that nothing can be learned from it; leave it out."


def _target(x: Array, y: Array) -> str:
    """Detect a column that determines the outcome on its own."""
    zero, one = x[~np.isnan(x) & (y == 0)], x[~np.isnan(x) & (y == 1)]
    known = np.concatenate([zero, one])
    if not (len(zero) and len(one)):
        reason = "Only rows of one outcome have a value"
    elif zero.max() < one.min() or one.max() < zero.min():
        reason = "All values of one outcome lie above all those of the other"
    elif not np.intersect1d(zero, one).size and len(known) >= MIN_REPEATS * len(np.unique(known)):
        reason = "Each value goes with one outcome only"
    else:
        return ""
    return f"{reason}; unless it is known before the outcome is, leave it out."


def _zeros(x: Array, y: Array) -> str:
    """Detect several zeros with no value below them and a wide gap above."""
    zeros, above = int((x == 0).sum()), np.unique(x[x > 0])
    steps = np.diff(above)
    if zeros < 2 or (x < 0).any() or not steps.size or above[0] <= MIN_ZERO_GAP * np.median(steps):
        return ""
    return (
        f"{zeros} values are 0 and the next is {above[0]:g}; "
        "if a zero stands for “not measured”, let it count as missing."
    )


def _odd(x: Array, y: Array) -> str:
    value = odd_value(x)
    if value is None:
        return ""
    count = int((x == value).sum())
    values = "1 value is" if count == 1 else f"{count} values are"
    return (
        f"{values} {value:g}, far from all others; "
        "if that stands for “not measured”, let it count as missing."
    )


GROUPS = (
    "Each number stands in several rows, all of one outcome, like the ID of a person with several "
    "rows; leave it out."
)
DETECTORS = {"constant": _constant, "target": _target, "zeros": _zeros, "odd": _odd}


def _copies(features: dict[str, Array]) -> list[Suspicion]:
    """Columns that are linear functions of an earlier one, e.g. in other units."""
    filled = {name: np.where(np.isnan(x), np.nanmedian(x), x) for name, x in features.items()}
    unit = {name: (x - x.min()) / np.ptp(x) for name, x in filled.items() if np.ptp(x) > 0.0}
    if len(unit) < 2:
        return []
    with one_blas_thread():
        is_copy = np.abs(np.corrcoef(list(unit.values()))) > 1.0 - COPY_TOLERANCE
    names = list(unit)
    return [
        Suspicion(names[j], "copy", f"It holds the same as {quoted(names[i])}; one is enough.")
        for j in range(len(names))
        if (i := int(np.argmax(is_copy[j]))) < j
    ]


def _rows(table: Table, target: str, leave_out: Collection[str]) -> list[Suspicion]:
    found = equal_rows_of(table, target, leave_out)
    if not found.matter:
        return []
    parts = []
    if found.copies:
        parts.append(f"{_counted(found.copies)} the features and the outcome of an earlier row")
    if found.others:
        parts.append(f"{_counted(found.others)} its features and the other outcome")
    advice = (
        "a network that has seen a row in training remembers its copy in the test part, so copies "
        "are dropped or kept in one part."
    )
    return [Suspicion("", "rows", f"{', and '.join(parts)}; {advice}")]


def _counted(rows: int) -> str:
    return f"{counted(rows, 'row')} {'has' if rows == 1 else 'have'}"
