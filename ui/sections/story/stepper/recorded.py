"""A recording of the lesson's loop as the browser gets it: code, statements, steps, numbers."""

import ast
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from regcore import Split
from regcore.checks import Array
from regcore.training.statements import STATEMENTS, STEPPED, Statement, definition, penalty, source
from regcore.training.stepping import Number, Recording
from ui.sections.story.stepper.formulas import formulas, goes_to, returned_by

OF_EACH = 2  # rows of each outcome that can be chosen
UNITS = (0, 1, 2, 3)  # that can be chosen
INDEX = {"n": "{i}", "h": "{j}", "d": ":", "1": "0"}
DIGITS = 5


def rows_of(split: Split) -> tuple[int, ...]:
    """Return the training rows that can be chosen: the first of each outcome."""
    outcomes = split.train.y[:, 0]
    first = [np.flatnonzero(outcomes == outcome)[:OF_EACH] for outcome in (0, 1)]
    return tuple(sorted(int(row) for row in np.concatenate(first)))


def listing() -> list[dict[str, Any]]:
    """Return the functions as numbered lines, docstrings and checks of arguments folded."""
    return [{"name": name, "lines": _lines(name)} for name in STEPPED]


def statements() -> list[dict[str, Any]]:
    """Return what is known of each statement without a run."""
    return [_statement(each) for each in STATEMENTS]


def runs(recordings: Sequence[Recording]) -> dict[str, Any]:
    """Return the steps of the recordings; equal numbers are sent once and referred to by place."""
    pool = _Pool()
    steps = [
        [(step.place, step.epoch, *map(pool.places, step[2:])) for step in recording.steps]
        for recording in recordings
    ]
    return {"steps": steps, "numbers": pool.entries}


class _Pool:
    """Numbers as text, each once."""

    def __init__(self) -> None:
        self.known: dict[Any, int] = {}
        self.entries: list[tuple[str, str, str, Any]] = []

    def places(self, numbers: Sequence[Number]) -> list[int]:
        return [self.place(number) for number in numbers]

    def place(self, number: Number) -> int:
        sample = number.sample
        key = (*number[:3], None if sample is None else sample.tobytes())
        if key not in self.known:
            self.known[key] = len(self.entries)
            axes = number.axes.replace("1", "")
            self.entries.append((label(number), _shape(number), axes, _texts(sample)))
        return self.known[key]


def table(recording: Recording, row: int) -> pd.DataFrame:
    """Return what the statements gave up to the end of epoch 1, for the first row and unit."""
    steps = [(STATEMENTS[step.place], step) for step in recording.steps if step.epoch < 2]
    return pd.DataFrame(
        {
            "epoch": step.epoch,
            "line": statement.first,
            "statement": _text(statement),
            "expression": label(number).format(i=row, j=UNITS[0]),
            "shape": _shape(number),
            "value": _first(number),
        }
        for statement, step in steps
        for number in step.gives
    )


def label(number: Number) -> str:
    """Return the expression for one number in NumPy, with {i} for the row and {j} for the unit."""
    parsed = ast.parse(number.name, mode="eval").body
    name = number.name if isinstance(parsed, (ast.Name, ast.Call)) else f"({number.name})"
    index = ", ".join(INDEX[axis] for axis in number.axes)
    return f"{name}[{index}]" if index else name


def _statement(statement: Statement) -> dict[str, Any]:
    total = penalty(statement.node)
    return {
        "function": statement.function,
        "lines": [statement.first, statement.last],
        "text": _text(statement),
        "aside": statement.aside,
        "calls": statement.calls,
        "formulas": formulas(statement),
        "returned": returned_by(statement),
        "goes": [] if statement.aside else _goes(statement),
        "penalty": f"+ {ast.unparse(total.right)}" if total else "",
    }


def _goes(statement: Statement) -> list[tuple[str, str]]:
    found = {name: goes_to(statement, name) for name in statement.targets}
    return [(name, where) for name, where in found.items() if where]


def _lines(name: str) -> list[tuple[int, str]]:
    """The lines of a function; a line without a number stands for those that are folded."""
    function = definition(name)
    asides = [each for each in STATEMENTS if each.function == name and each.aside]
    first, last, start = asides[0].first, asides[-1].last, function.lineno
    folded = " and ".join(dict.fromkeys(each.aside for each in asides))
    head = enumerate(source(start, first - 1), start)
    rest = enumerate(source(last + 1, function.end_lineno or last), last + 1)
    return [*head, (0, f"    # {folded}, folded"), *rest]


def _text(statement: Statement) -> str:
    return " ".join(line.strip() for line in source(statement.first, statement.last))


def _shape(number: Number) -> str:
    return str(number.shape) if number.axes else ""


def _texts(sample: Array | None) -> Any:
    """The numbers as text, nested as the sample is."""
    if sample is None:
        return ""
    return _format(sample) if sample.ndim == 0 else tuple(map(_texts, sample))


def _format(number: Array) -> str:
    if number.dtype.kind in "iu":
        return f"{int(number):,}"
    return f"{float(number):.{DIGITS}g}".replace("-", "−")


def _first(number: Number) -> str:
    """The numbers of the first row and unit, as text."""
    if number.sample is None:
        return ""
    axes = number.axes.replace("1", "")
    picked = number.sample[tuple(slice(None) if axis == "d" else 0 for axis in axes)]
    return ", ".join(map(_texts, np.atleast_1d(picked)))
