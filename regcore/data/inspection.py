"""What looks odd in the columns of a file: questions to its owner, no verdicts."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from regcore.blas import one_blas_thread
from regcore.checks import Array, check_kind
from regcore.data.columns import quoted
from regcore.data.table import Table

MANY = 100  # rows: that many different whole numbers are hardly measurements
ROWS_A_VALUE = 5  # where values are rarer, they meet one outcome only by chance
FAR = 5.0  # usual steps between neighbours: a zero that far from all others is none of them
SAME = 1e-9  # how far the correlation of a column and its copy may be from 1 or -1


class Suspicion(NamedTuple):
    """A column, a sentence, and its kind: "constant", "id", "target", "zeros" or "copy"."""

    column: str
    kind: str
    sentence: str


def inspect_table(table: Table, target: str) -> list[Suspicion]:
    """What looks odd in the features of `table` when `target` is the outcome.

    Raises TableError when `target` is no column of two values, and TypeError when `table` is no
    Table.
    """
    check_kind("table", table, Table)
    labels = table.classes(target)
    features = {n: table.numbers(n) for n in table.features if n != target}
    found = [
        Suspicion(name, kind, sentence)
        for name, x in features.items()
        for kind, look in LOOKS.items()
        if (sentence := look(x, labels))
    ]
    return found + _copies(features)


def _constant(x: Array, y: Array) -> str:
    known = x[~np.isnan(x)]
    if known.min() < known.max():
        return ""
    return f"Every value is {known[0]:g}, so that nothing can be learned from it; leave it out."


def _id(x: Array, y: Array) -> str:
    """A different whole number in each row: in order, without a gap, or in many rows."""
    if len(np.unique(x)) < len(x) or (x != np.floor(x)).any():  # NaN is not its own floor
        return ""
    steps = np.diff(x)
    ordered = (steps > 0).all() or (steps < 0).all()
    if not (ordered or np.ptp(x) == len(x) - 1 or len(x) >= MANY):
        return ""
    return "Every row has a whole number of its own, as if to name it; an id is better left out."


def _target(x: Array, y: Array) -> str:
    """The outcome itself in other words: where it can be read off this column alone."""
    zero, one = x[~np.isnan(x) & (y == 0)], x[~np.isnan(x) & (y == 1)]
    known = np.concatenate([zero, one])
    if not (len(zero) and len(one)):
        reason = "Only rows of one outcome have a value"
    elif zero.max() < one.min() or one.max() < zero.min():
        reason = "All values of one outcome lie above all of the other"
    elif not np.intersect1d(zero, one).size and len(known) >= ROWS_A_VALUE * len(np.unique(known)):
        reason = "Each value goes with one outcome only"
    else:
        return ""
    return f"{reason}; unless it is known before the outcome is, leave it out."


def _zeros(x: Array, y: Array) -> str:
    """Several zeros, nothing below, and nothing near above."""
    zeros, above = int((x == 0).sum()), np.unique(x[x > 0])
    steps = np.diff(above)
    if zeros < 2 or (x < 0).any() or not steps.size or above[0] <= FAR * np.median(steps):
        return ""
    return (
        f"{zeros} values are 0 and the next is {above[0]:g}; "
        "if a zero stands for “not measured”, let it count as missing."
    )


LOOKS: dict[str, Callable[[Array, Array], str]] = {
    "constant": _constant,
    "id": _id,
    "target": _target,
    "zeros": _zeros,
}


def _copies(features: dict[str, Array]) -> list[Suspicion]:
    """Columns that are an earlier one again, perhaps in other units or turned around."""
    filled = {name: np.where(np.isnan(x), np.nanmedian(x), x) for name, x in features.items()}
    unit = {name: (x - x.min()) / np.ptp(x) for name, x in filled.items() if np.ptp(x) > 0.0}
    if len(unit) < 2:
        return []
    with one_blas_thread():
        same = np.abs(np.corrcoef(list(unit.values()))) > 1.0 - SAME
    names = list(unit)
    return [
        Suspicion(names[j], "copy", f"It holds the same as {quoted(names[i])}; one is enough.")
        for j in range(len(names))
        if (i := int(np.argmax(same[j]))) < j
    ]
