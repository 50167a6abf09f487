"""Suspicious columns of a file: questions to its owner, not verdicts."""

from typing import NamedTuple

import numpy as np

from regcore.blas import one_blas_thread
from regcore.checks import Array, check_kind
from regcore.data.columns import quoted
from regcore.data.table import Table

MIN_ID_ROWS = 100  # so many distinct whole numbers are hardly measurements
MIN_REPEATS = 5  # mean rows of a value: rarer ones go with one outcome by chance
MIN_ZERO_GAP = 5.0  # in median steps between values: a zero this far below them is suspicious
COPY_TOLERANCE = 1e-9  # how far the correlation of copies may be from 1 or -1


class Suspicion(NamedTuple):
    """A column, a sentence, and its kind: "constant", "id", "target", "zeros" or "copy"."""

    column: str
    kind: str
    sentence: str


def inspect_table(table: Table, target: str) -> list[Suspicion]:
    """Suspicions about the features of `table` when `target` is the outcome.

    Raises TableError unless `target` is a column of two values, TypeError without a Table.
    """
    check_kind("table", table, Table)
    labels = table.classes(target)
    features = {n: table.numbers(n) for n in table.features if n != target}
    suspicions = [
        Suspicion(name, kind, sentence)
        for name, x in features.items()
        for kind, detect in DETECTORS.items()
        if (sentence := detect(x, labels))
    ]
    return suspicions + _copies(features)


def _constant(x: Array, y: Array) -> str:
    known = x[~np.isnan(x)]
    if known.min() < known.max():
        return ""
    return f"Every value is {known[0]:g}, so that nothing can be learned from it; leave it out."


def _id(x: Array, y: Array) -> str:
    """Detect a different whole number in each row: in order, without a gap, or in many rows."""
    if len(np.unique(x)) < len(x) or (x != np.floor(x)).any():  # NaN differs from its floor
        return ""
    steps = np.diff(x)
    ordered = (steps > 0).all() or (steps < 0).all()
    if not (ordered or np.ptp(x) == len(x) - 1 or len(x) >= MIN_ID_ROWS):
        return ""
    return "Every row has its own whole number, like an ID; leave it out."


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


DETECTORS = {"constant": _constant, "id": _id, "target": _target, "zeros": _zeros}


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
