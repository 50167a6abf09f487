"""Shows the source code of a function, read by `inspect`."""

import html
from collections.abc import Callable

import streamlit as st

from regcore.source import source_of, without

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
    st.code(essence(function), language="python")


def marked(function: Callable, *texts: str) -> None:
    """Show the source of `function` as `brief` does, every occurrence of the texts marked."""
    source = essence(function)
    code = html.escape(source)
    for text in map(html.escape, texts):
        code = code.replace(text, f"<mark>{text}</mark>")
    longest = max(map(len, source.splitlines()))
    st.html(BOX.format(code=code, ems=0.62 * longest))


def essence(function: Callable) -> str:
    """Return the steps of `function` alone."""
    return without(function, "decorators", "docstring", "checks")
