"""The statements of the lesson's functions, read from their source by `inspect` and `ast`."""

import ast
import inspect
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from regcore import lesson
from regcore.source import aside

STEPPED = ("train", "init_params", "forward", "relu", "sigmoid")


@dataclass(frozen=True, eq=False)
class Statement:
    """One statement of a lesson's function.

    place   its number, in the order of `STATEMENTS`
    first   its first and last line in the file; of a loop, those of its head
    targets the names that it sets; of a return, the expressions that it returns
    reads   the names that it reads; which of them are variables, only a run knows
    calls   the stepped functions that it calls
    aside   "docstring" or "checks" if it is no part of the algorithm, else ""
    """

    place: int
    function: str
    node: ast.stmt
    first: int
    last: int
    targets: tuple[str, ...]
    reads: tuple[str, ...]
    calls: tuple[str, ...]
    aside: str


class Use(NamedTuple):
    """A statement that reads a name. later: in the next pass through the loop, or after it."""

    statement: Statement
    later: bool


def source(first: int, last: int) -> list[str]:
    """Return these lines of the lesson's file."""
    return _file()[first - 1 : last]


@cache
def _file() -> list[str]:
    return inspect.getsource(lesson).splitlines()


@cache
def definition(name: str) -> ast.FunctionDef:
    """Return the syntax tree of a lesson's function, with its line numbers in the file.

    It is one object for all callers: `STATEMENTS` refers to its nodes.
    """
    body = ast.parse(inspect.getsource(lesson)).body
    (found,) = (node for node in body if isinstance(node, ast.FunctionDef) and node.name == name)
    return found


def penalty(node: ast.stmt) -> ast.BinOp | None:
    """Return the sum in `W = ... + l2 * W2`; None if `node` is no such statement."""
    value = getattr(node, "value", None)
    if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
        return value if "l2" in _read(value.right) else None
    return None


def fed(statement: Statement, name: str) -> tuple[str, ...]:
    """Return those targets of `statement` whose values are computed from `name`."""
    value = getattr(statement.node, "value", None)
    parts = value.elts if isinstance(value, ast.Tuple) else [value]
    if len(parts) != len(statement.targets):
        return statement.targets
    pairs = zip(statement.targets, parts, strict=True)
    return tuple(target for target, part in pairs if part and name in _read(part))


def uses(statement: Statement, name: str) -> list[Use]:
    """Return the statements that read the value which `statement` gives to `name`."""
    if isinstance(statement.node, ast.Return):
        return [Use(each, False) for each in STATEMENTS if statement.function in each.calls]
    others = [each for each in STATEMENTS if each.function == statement.function]
    at = others.index(statement)
    loop = next((each for each in others if statement.node in _body(each)), None)
    if loop is None:
        return _readers(others[at + 1 :], name, later=False)
    within = [each for each in others if each.node in _body(loop)]
    until, after = within.index(statement) + 1, others[others.index(within[-1]) + 1 :]
    rest = _readers(within[until:], name, later=False)
    if _is_set(within[until:], name):
        return rest
    return rest + _readers(within[:until], name, later=True) + _readers(after, name, later=True)


def _body(statement: Statement) -> list[ast.stmt]:
    return getattr(statement.node, "body", [])


def _readers(statements: list[Statement], name: str, *, later: bool) -> list[Use]:
    """The readers of a name, up to the statement that sets it anew."""
    end = next((k for k, each in enumerate(statements) if name in each.targets), len(statements))
    return [Use(each, later) for each in statements[: end + 1] if name in each.reads]


def _is_set(statements: list[Statement], name: str) -> bool:
    return any(name in each.targets for each in statements)


def _statements() -> Iterator[Statement]:
    place = 0
    for function in STEPPED:
        for node in _flat(definition(function).body):
            yield _statement(place, function, node)
            place += 1


def _flat(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for node in body:
        yield node
        yield from _flat(getattr(node, "body", []))


def _statement(place: int, function: str, node: ast.stmt) -> Statement:
    head = node.iter if isinstance(node, ast.For) else node
    return Statement(
        place=place,
        function=function,
        node=node,
        first=node.lineno,
        last=head.end_lineno or node.lineno,
        targets=_targets(node),
        reads=_read(head),
        calls=tuple(name for name in _read(head) if name in STEPPED),
        aside=aside(node),
    )


def _targets(node: ast.stmt) -> tuple[str, ...]:
    if isinstance(node, ast.Return) and node.value:
        parts = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
        return tuple(map(ast.unparse, parts))
    head = node.target if isinstance(node, ast.For) else node
    names = (n.id for n in ast.walk(head) if isinstance(n, ast.Name) and _stored(n))
    return tuple(name for name in names if name != "_")


def _stored(name: ast.Name) -> bool:
    return isinstance(name.ctx, ast.Store)


def _read(node: ast.AST) -> tuple[str, ...]:
    names = [n for n in ast.walk(node) if isinstance(n, ast.Name) and not _stored(n)]
    names.sort(key=lambda name: (name.lineno, name.col_offset))
    return tuple(dict.fromkeys(name.id for name in names))


STATEMENTS = tuple(_statements())
