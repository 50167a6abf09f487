"""Columns of text: spellings of one value, the two that can be the outcome, and a column each."""

from collections import Counter
from collections.abc import Sequence

import numpy as np

from regcore.checks import Array
from regcore.data.reading import identity, outcomes
from regcore.data.reading.cells import MAX_NAME, folded, is_missing, quoted
from regcore.data.reading.column import MAX_CLASSES, MAX_EXAMPLES, MIN_VALUES, Column, Scan, too_few

MIN_REPEATS = 5  # mean rows of a text: names are rarer
MEANT = frozenset({"unknown", "missing", "not known", "not done", "not measured", "unspecified"})


def text_column(scan: Scan, lines: Sequence[int]) -> Column:
    """The Column of cells that are mostly text; lines[i] is the line of the i-th in the file."""
    groups = _groups(scan.counts)
    labels = sorted(max(sorted(cells), key=cells.__getitem__) for cells in groups.values())
    code = {folded(label): float(place) for place, label in enumerate(labels)}
    codes = np.array([code.get(folded(cell[:MAX_NAME]), np.nan) for cell in scan.cells])
    known = int((~np.isnan(codes)).sum())
    problem = _text_problem(scan, lines, labels, known)
    pair, classes = _pair_of_texts(labels, codes)
    spellings = max((cells for cells in groups.values()), key=len, default={})
    notes = (f"{', '.join(map(quoted, list(spellings)[:4]))} are one value.",)
    return Column(
        scan.name,
        None,
        tuple(labels[:MAX_EXAMPLES]),
        len(labels),
        pair,
        classes,
        len(codes) - known,
        problem,
        {} if problem else _inputs(scan.name, labels, codes),
        notes if len(spellings) > 1 else (),
    )


def _groups(counts: Counter[str]) -> dict[str, dict[str, int]]:
    """The texts that are no missing values, by what they are without their spelling."""
    groups: dict[str, dict[str, int]] = {}
    left: dict[str, dict[str, int]] = {}
    for cell, count in counts.items():
        into = left if is_missing(cell, in_text=True) else groups
        spellings, text = into.setdefault(folded(cell[:MAX_NAME]), {}), cell[:MAX_NAME]
        spellings[text] = spellings.get(text, 0) + count
    meant = {key: s for key, s in left.items() if key in MEANT and sum(s.values()) >= MIN_VALUES}
    return groups | meant if len(groups) == 1 and len(meant) == 1 else groups


def _text_problem(scan: Scan, lines: Sequence[int], labels: list[str], known: int) -> str:
    if known < MIN_VALUES:
        return too_few(known)
    if len(labels) == 1:
        return f"Every value is {quoted(labels[0])}, so that nothing can be learned from it."
    if len(labels) == 2:
        return ""
    first = next(cell for cell in scan.cells if cell in scan.words or cell in scan.read)
    text = f"{quoted(first)} in line {scan.line(first, lines)}"
    if len(labels) > MAX_CLASSES:
        return (
            f"{text} is not a number, and {len(labels):,} different texts are too many "
            f"to become a column each; up to {MAX_CLASSES} can."
        )
    if identity.is_name(scan.name) or identity.is_id_name(scan.name):
        return f"{text} is not a number, and names or IDs do not become columns."
    if known < MIN_REPEATS * len(labels):
        return (
            f"{text} is not a number, and {len(labels)} different texts in {known} rows "
            "are too many to become a column each."
        )
    return ""


def _pair_of_texts(labels: list[str], codes: Array) -> tuple[tuple[str, ...], Array | None]:
    """Two texts, or the one of some grades that means nothing has occurred and the others."""
    if len(labels) == 2:
        return tuple(labels), codes
    none = [place for place, label in enumerate(labels) if outcomes.is_negative(label)]
    if not 2 < len(labels) <= MAX_CLASSES or len(none) != 1:
        return (), None
    pair = (labels[none[0]], f"not {labels[none[0]]}")
    return pair, np.where(np.isnan(codes), np.nan, codes != none[0])


def _inputs(name: str, labels: list[str], codes: Array) -> dict[str, Array]:
    """A column of 0 and 1 for one of two texts, or for each of several."""
    columns = {label: codes == place for place, label in enumerate(labels)}
    if len(labels) == 2:
        one = outcomes.positive_by_name(labels) or labels[1]
        columns = {one: columns[one]}
    missing = np.isnan(codes)
    return {f"{name} = {label}": np.where(missing, np.nan, x) for label, x in columns.items()}
