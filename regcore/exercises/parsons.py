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
from itertools import combinations, filterfalse
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
EFFECTS = ast.Return | ast.FunctionDef | Fixed  # no statement is moved across these


class Puzzle(NamedTuple):
    """The lines that stand above the pieces, the pieces in a right order, and what may be swapped.

    swaps   pairs of places: some right order has the two pieces the other way around
    """

    head: str
    pieces: tuple[str, ...]
    swaps: frozenset[tuple[int, int]]


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
    head, lines, _ = puzzle(task)
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
    lines, tree = source.splitlines(), ast.parse(source)
    statements = _statements(tree)
    spans = list(_spans(lines, statements, statements[_head_length(statements)].lineno))
    shown = tuple("\n".join(lines[row - 1] for row in span) for span in spans)
    rows = {span.start: place for place, span in enumerate(spans)}
    places = {node: rows[node.lineno] for node in statements if node.lineno in rows}
    head = "\n".join(lines[: spans[0].start - 1]) + "\n"
    return Puzzle(head, shown, frozenset(_swaps(tree, places)))


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


def _swaps(tree: ast.AST, places: dict[ast.stmt, int]) -> Iterator[tuple[int, int]]:
    """Pairs of simple statements of one block that no chain of dependencies holds in order."""
    for parent in ast.walk(tree):
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(block, list):
                simple = [node for node in block if node in places and not hasattr(node, "body")]
                for first, second in combinations(simple, 2):
                    between = block[block.index(first) : block.index(second) + 1]
                    if not _is_bound(between):
                        yield places[first], places[second]


def _is_bound(block: list[ast.stmt]) -> bool:
    """Whether the last statement must stay after the first one."""
    reached = [block[0]]
    for node in block[1:]:
        if any(_conflict(earlier, node) for earlier in reached):
            reached.append(node)
    return reached[-1] is block[-1]


def _conflict(first: ast.stmt, second: ast.stmt) -> bool:
    if isinstance(first, EFFECTS) or isinstance(second, EFFECTS):
        return True
    (read, written), (read_later, written_later) = _names(first), _names(second)
    return bool(written & (read_later | written_later) or read & written_later)


def _names(node: ast.stmt) -> tuple[set[str], set[str]]:
    """The variables that a statement reads, and those that it changes."""
    read: set[str] = set()
    written: set[str] = set()
    for part in ast.walk(node):
        if isinstance(part, ast.Name):
            (read if isinstance(part.ctx, ast.Load) else written).add(part.id)
        elif isinstance(part, ast.Subscript | ast.AugAssign):
            target = part.value if isinstance(part, ast.Subscript) else part.target
            is_change = isinstance(part, ast.AugAssign) or isinstance(part.ctx, ast.Store)
            if is_change and isinstance(target, ast.Name):
                written.add(target.id)
    return read, written
