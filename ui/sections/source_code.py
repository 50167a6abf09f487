"""Shows the source code of a function, read by `inspect`."""

import html
import inspect
import textwrap
from collections.abc import Callable

import streamlit as st


def show(function: Callable, highlight: tuple[str, ...] = ()) -> None:
    """Show the source of `function`, with every occurrence of the texts in `highlight` marked."""
    source = textwrap.dedent(inspect.getsource(function))
    if not highlight:
        st.code(source, language="python")
        return
    marked = html.escape(source)
    for text in map(html.escape, highlight):
        marked = marked.replace(text, f"<mark>{text}</mark>")
    # its own box, which scrolls by mouse and keyboard if the lines are too long
    st.html(f'<pre tabindex="0" style="overflow-x: auto; font-size: 0.85em">{marked}</pre>')
