"""What the owner says of a table: the outcome, what to leave out, what stands for missing."""

from hashlib import sha256
from typing import Any, NamedTuple

import streamlit as st

from regcore import Suspicion, Table, inspect_table
from regcore.data.equal_rows import EqualRows
from regcore.data.inspection import equal_rows_of, odd_value
from ui import session
from ui.text import counted, escape

LEAVE_OUT = ("constant", "id", "target", "copy")  # findings that suggest leaving a column out
EQUAL_ROWS = {"drop": "drop copies", "together": "keep in one part"}
MAX_NOTES = 20


class Choices(NamedTuple):
    """What the owner has chosen; see `regcore.to_dataset`."""

    target: str
    positive: str
    out: tuple[str, ...]
    zeros: tuple[str, ...]
    odd: tuple[tuple[str, float], ...]
    equal_rows: str


class Findings(NamedTuple):
    """What looks odd in a table with an outcome: columns, their odd values, equal rows."""

    suspicions: list[Suspicion]
    odd: dict[str, float]
    equal: EqualRows


def ask(table: Table) -> Choices:
    """Ask for the outcome, columns to leave out, values that mean missing, and equal rows."""
    before, targets = _used(), list(table.targets)
    left, right = st.columns(2, gap="medium")
    with left:
        first = targets.index(before.target) if before and before.target in targets else 0
        target = st.selectbox("Outcome to predict", targets, first, **_kept(table, "target"))
        before = before if before and before.target == target else None
        positive = _positive(table, target, before)
    features = [name for name in table.features if name != target]
    suspicions = _remembered(table, target, None).suspicions
    flagged = {s.column for s in suspicions if s.kind in LEAVE_OUT}
    doubtful = [name for name in features if name in (before.out if before else flagged)]
    with right:
        out = st.multiselect("Leave out", features, doubtful, **_kept(table, "out", target))
        rest = [name for name in features if name not in out]
        numbers = [name for name in rest if table.column(name).numbers is not None]
        named = [name for name in numbers if before and name in before.zeros]
        kept = _kept(table, "zeros", target)
        zeros = st.multiselect("Zeros that mean missing", numbers, named, **kept)
        findings = _remembered(table, target, tuple(out))
        left_in = {name: value for name, value in findings.odd.items() if name in rest}
        odd = _ask_odd(table, target, left_in, before)
        equal = _ask_equal(table, target, before) if findings.equal.matter else "drop"
    return Choices(target, positive, tuple(out), tuple(zeros), odd, equal)


def _used() -> Choices | None:
    """Return the choices with which the table is in use: a new page starts from them."""
    own = session.own_table()
    return own.kept.get("choices") if own else None


def _positive(table: Table, target: str, before: Choices | None) -> str:
    values, likely = table.targets[target], table.positive(target)
    ordered = sorted(values, key=lambda value: value != likely)
    first = ordered.index(before.positive) if before and before.positive in ordered else 0
    return st.selectbox("Counts as positive", ordered, first, **_kept(table, "positive", target))


def _ask_odd(
    table: Table, target: str, odd: dict[str, float], before: Choices | None
) -> tuple[tuple[str, float], ...]:
    if not odd:
        return ()
    named = st.multiselect(
        "Odd values that mean missing",
        list(odd),
        [name for name in odd if before and name in dict(before.odd)],
        format_func=lambda name: f"{name}: {odd[name]:g}",
        **_kept(table, "odd", target),
    )
    return tuple((name, odd[name]) for name in named)


def _ask_equal(table: Table, target: str, before: Choices | None) -> str:
    chosen = st.segmented_control(
        "Rows that repeat others",
        list(EQUAL_ROWS),
        format_func=EQUAL_ROWS.__getitem__,
        default=before.equal_rows if before else "drop",
        required=True,
        **_kept(table, "equal", target),
    )
    return chosen or "drop"


def tell(table: Table, choices: Choices) -> None:
    """List what is left out, how columns are read, and what looks odd."""
    findings = _remembered(table, choices.target, choices.out)
    notes = [*_of_columns(table, choices), *_of_rows(table, choices, findings.equal)]
    notes += [f"“{s.column}”: {s.sentence}" for s in findings.suspicions if s.column]
    if not notes:
        return
    st.caption("Noticed in the file")
    shown = [f"- {escape(note)}" for note in notes[:MAX_NOTES]]
    if len(notes) > MAX_NOTES:
        shown.append(f"- {len(notes) - MAX_NOTES} more")
    st.markdown("\n".join(shown))


def _of_columns(table: Table, choices: Choices) -> list[str]:
    notes = [
        f"“{name}” is left out: {why}"
        for name, why in table.left_out.items()
        if name != choices.target
    ]
    for column in table.columns:
        notes += [f"“{column.name}”: {note}" for note in column.notes]
        inputs = list(column.inputs)
        if column.name in (choices.target, *choices.out) or inputs in ([], [column.name]):
            continue
        values = [name.removeprefix(f"{column.name} = ") for name in inputs]
        if len(values) == 1:
            notes.append(f"“{column.name}” is text: 1 stands for “{values[0]}”.")
        else:
            notes.append(f"“{column.name}” is text and becomes {len(values)} columns of 0 and 1.")
    if table.column(choices.target).distinct > 2:
        low, high = table.targets[choices.target]
        notes.append(f"“{choices.target}” has more than two values: {low} is compared with {high}.")
    return notes


def _of_rows(table: Table, choices: Choices, equal: EqualRows) -> list[str]:
    notes = []
    if missing := table.column(choices.target).missing:
        have = "has" if missing == 1 else "have"
        left = "is" if missing == 1 else "are"
        notes.append(f"{counted(missing, 'row')} {have} no outcome and {left} left out.")
    if table.encoding == "cp1252":
        notes.append("The file is not UTF-8, so letters in names may look wrong.")
    if equal.copies:
        repeat = "repeats" if equal.copies == 1 else "repeat"
        notes.append(
            f"{counted(equal.copies, 'row')} {repeat} an earlier one: {_fate(choices, equal)}"
        )
    if equal.others:
        have, stay = ("has", "stays") if equal.others == 1 else ("have", "stay")
        notes.append(
            f"{counted(equal.others, 'row')} {have} the features of an earlier one and the other "
            f"outcome{'' if equal.by_chance else f', and {stay} in the same part as it'}."
        )
    return notes


def _fate(choices: Choices, equal: EqualRows) -> str:
    if equal.by_chance:
        return "with so few different values, chance gives as many, so they stay."
    if choices.equal_rows == "drop":
        return "a network would remember them, not predict them, so they are dropped."
    return "they stay with it in the same part of the split."


def _remembered(table: Table, target: str, out: tuple[str, ...] | None) -> Findings:
    """Return what looks odd; the last answer is kept, because every click asks.

    out  columns that are left out; None before it is known
    """
    kept = session.state().setdefault("own_findings", {})
    key = (target, out)
    if key not in kept:
        if len(kept) > 8:
            kept.clear()
        kept[key] = _find(table, target, out)
    return kept[key]


def _find(table: Table, target: str, out: tuple[str, ...] | None) -> Findings:
    suspicions = inspect_table(table, target, out or ())
    odd = {s.column: odd_value(table.numbers(s.column)) for s in suspicions if s.kind == "odd"}
    known = {name: value for name, value in odd.items() if value is not None}
    equal = EqualRows(0, 0, True) if out is None else equal_rows_of(table, target, out)
    return Findings(suspicions, known, equal)


def _kept(table: Table, *parts: str) -> dict[str, Any]:
    """Keep a widget's value for the other pages; another file or outcome has its own defaults."""
    read = (table.digest, table.reading.separator, table.reading.header, table.reading.decimal)
    key = "own_" + sha256(repr((read, *parts)).encode()).hexdigest()[:16]
    return {"key": key, "persist_state": "session"}
