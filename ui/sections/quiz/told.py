"""What was said of an answer stays when the controls are moved on: nothing beside them jumps."""

from typing import Any

import streamlit as st

from ui import session
from ui.data import chosen


def tell(topic: str, text: str, hint: str | None = None, *, drawn: bool = False) -> None:
    """Show a text of Markdown, which may be about a drawing, and keep it for `repeat`."""
    _kept()[topic, drawn] = chosen.spec(), text, hint
    st.markdown(text, help=hint)


def is_kept(topic: str, *, drawn: bool = False) -> bool:
    """Whether something was told about the data that are chosen."""
    data, *_ = _kept().get((topic, drawn), (None,))
    return bool(st.session_state["questions"]) and data == chosen.spec()


def repeat(topic: str, *, drawn: bool = False) -> None:
    """Show what was told last, if it is kept."""
    if is_kept(topic, drawn=drawn):
        _, text, hint = _kept()[topic, drawn]
        st.markdown(text, help=hint)


def forget(topic: str) -> None:
    """Repeat nothing on this topic any longer."""
    for drawn in (False, True):
        _kept().pop((topic, drawn), None)


def _kept() -> dict[Any, Any]:
    return session.state().setdefault("told", {})
