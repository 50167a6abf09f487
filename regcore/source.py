"""The source of a function, as a learner reads it: without what is no part of the algorithm."""

import ast
import inspect
import textwrap
from collections.abc import Callable

CHECKS = ("_check", "_arrays")  # calls that only look whether arguments make sense


def source_of(function: Callable) -> str:
    """The whole source of a function, its first line not indented."""
    return textwrap.dedent(inspect.getsource(function))


def without(function: Callable, *left_out: str) -> str:
    """Its source without some of these: "decorators", "docstring", "checks" of its arguments."""
    source = source_of(function)
    (node,) = ast.parse(source).body
    assert isinstance(node, ast.FunctionDef)
    gone = set(range(1, node.lineno)) if "decorators" in left_out else set()
    gone |= {n for one in node.body if aside(one) in left_out for n in lines_of(one)}
    return "\n".join(line for n, line in enumerate(source.splitlines(), 1) if n not in gone)


def aside(node: ast.stmt) -> str:
    """What a statement of a function is instead of a step: "docstring", "checks", or ""."""
    value = getattr(node, "value", None)
    if isinstance(node, ast.Expr) and isinstance(value, ast.Constant):
        return "docstring"
    if isinstance(value, ast.Call) and getattr(value.func, "id", "").startswith(CHECKS):
        return "checks"
    return ""


def lines_of(node: ast.stmt) -> range:
    """The numbers of the lines of a statement, counted from 1."""
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)
