"""Shows the source code of a function, read by `inspect`."""

import ast
import html
import inspect
import textwrap
from collections.abc import Callable

import streamlit as st

CHECKS = ("_check", "_arrays")  # calls that only look whether arguments make sense
# As large as its width allows, within limits; lines that are still too long scroll by mouse and
# keyboard. A character is 0.6 em wide.
BOX = (
    '<div style="container-type: inline-size"><pre tabindex="0" style="overflow-x: auto; '
    'font-size: clamp(0.7em, 100cqi / {ems:.1f}, 0.85em)">{code}</pre></div>'
)


def show(function: Callable) -> None:
    """Show the whole source of `function`."""
    st.code(source_of(function), language="python")


def brief(function: Callable) -> None:
    """Show the source of `function` without its docstring and the checks of its arguments."""
    st.code(essence(source_of(function)), language="python")


def source_of(function: Callable) -> str:
    """Return the source of `function`, its first line not indented."""
    return textwrap.dedent(inspect.getsource(function))


def marked(function: Callable, *texts: str) -> None:
    """Show the source of `function` as `brief` does, every occurrence of the texts marked."""
    source = source_of(function)
    code = html.escape(essence(source))
    for text in map(html.escape, texts):
        code = code.replace(text, f"<mark>{text}</mark>")
    longest = max(map(len, essence(source).splitlines()))
    st.html(BOX.format(code=code, ems=0.62 * longest))


def essence(source: str) -> str:
    """Return the source of a function without decorators, docstring and checks of arguments."""
    (function,) = ast.parse(source).body
    assert isinstance(function, ast.FunctionDef)
    lines = source.splitlines()
    left_out = {number for node in function.body if _is_aside(node) for number in _lines(node)}
    first = function.lineno  # after the decorators
    kept = [
        line for number, line in enumerate(lines, 1) if number >= first and number not in left_out
    ]
    return "\n".join(kept) + "\n"


def _lines(node: ast.stmt) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _is_aside(node: ast.stmt) -> bool:
    value = getattr(node, "value", None)
    if isinstance(node, ast.Expr) and isinstance(value, ast.Constant):
        return True
    return isinstance(value, ast.Call) and getattr(value.func, "id", "").startswith(CHECKS)
