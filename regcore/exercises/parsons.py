"""Parsons puzzles: the lines of a task's solution in a random order, for where typing is hard.

    order = parsons.shuffled(task, seed=1)
    [parsons.pieces(task)[place] for place in order]  # what is shown, each with its indentation
    parsons.check_order(task, order)  # runs the code in this order

An order is right when its code passes the check of the task, whatever order the solution has.
"""

import ast
import random
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import filterfalse
from typing import NamedTuple

from regcore.exercises.grading import Task
from regcore.exercises.runner import Report, check_source

LEAST = 3  # pieces make a puzzle
LONGER = {  # a solution of few lines is no puzzle
    "model-selection": '''def choose_l2(sweep):
    """The l2 of the row with the lowest validation loss."""
    best = sweep[0]
    for row in sweep:
        if row["validation_loss"] < best["validation_loss"]:
            best = row
    return best["l2"]
''',
    "flipped-rows": '''import numpy as np


def suspicious(losses, k):
    """The k rows with the highest sum of losses over all epochs."""
    sums = np.zeros(losses.shape[1])
    for epoch in losses:
        sums += epoch
    order = np.argsort(sums)
    rows = order[-k:]
    return rows
''',
}
Fixed = ast.Import | ast.ImportFrom


class Puzzle(NamedTuple):
    """The lines that stand above the pieces, and the pieces in a right order."""

    head: str
    pieces: tuple[str, ...]


def is_offered(task: Task) -> bool:
    """Whether the task has enough lines for a puzzle."""
    return len(pieces(task)) >= LEAST


def pieces(task: Task) -> tuple[str, ...]:
    """The lines to put in order, in a right order; each is one line or one long statement."""
    return puzzle(task).pieces


def shuffled(task: Task, seed: int) -> tuple[int, ...]:
    """A random order of the places of `pieces`, which is not the solution's; one for each seed."""
    generator, order = random.Random(seed), list(range(len(pieces(task))))
    while order == sorted(order) and len(order) > 1:
        generator.shuffle(order)
    return tuple(order)


def assembled(task: Task, order: Sequence[int]) -> str:
    """The file with the pieces in this order. Raises ValueError unless each place occurs once."""
    head, lines = puzzle(task)
    if sorted(order) != list(range(len(lines))):
        raise ValueError(f"order has {len(order)} places; it must have all {len(lines)} once.")
    return head + "".join(f"{lines[place]}\n" for place in order)


def check_order(
    task: Task, order: Sequence[int], on_wait: Callable[[float], object] = lambda share: None
) -> Report:
    """Run the code in this order and check it as any answer. Raises ValueError as `assembled`."""
    return check_source(task, assembled(task, order), on_wait)


@cache
def puzzle(task: Task) -> Puzzle:
    """The puzzle made of the task's solution."""
    source = LONGER.get(task.name, task.solution)
    lines, statements = source.splitlines(), _statements(ast.parse(source))
    spans = list(_spans(lines, statements, statements[_head_length(statements)].lineno))
    shown = tuple("\n".join(lines[row - 1] for row in span) for span in spans)
    head = "\n".join(lines[: spans[0].start - 1]) + "\n"
    return Puzzle(head, shown)


def _spans(lines: list[str], statements: list[ast.stmt], first: int) -> Iterator[range]:
    """The lines of each piece, counted from 1: one, e.g. `else:`, or those of a long statement."""
    ends = {node.lineno: _end(node) for node in statements}
    row = first
    while row <= len(lines):
        end = ends.get(row, row)
        if lines[row - 1].strip() and not lines[row - 1].strip().startswith('"""'):
            yield range(row, end + 1)
        row = end + 1


def _statements(tree: ast.AST) -> list[ast.stmt]:
    """All statements but docstrings, in the order of their lines."""
    nodes = [node for node in ast.walk(tree) if isinstance(node, ast.stmt)]
    return sorted(filterfalse(_is_docstring, nodes), key=lambda node: node.lineno)


def _head_length(statements: list[ast.stmt]) -> int:
    """The number of imports at the start, and of the first function's own line."""
    imports = next(n for n, node in enumerate(statements) if not isinstance(node, Fixed))
    return imports + isinstance(statements[imports], ast.FunctionDef)


def _is_docstring(node: ast.stmt) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)


def _end(node: ast.stmt) -> int:
    """The last line of a simple statement, or of the header of a compound one."""
    body = getattr(node, "body", None)
    return node.lineno if body else node.end_lineno or node.lineno
