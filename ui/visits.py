"""Where this visitor has been and what was done there, in the words of the menu."""

import streamlit as st

from regcore.exercises import TASKS
from ui import exercise, predict


def enter(path: str) -> None:
    """Remember that the page at `path` was opened in this session."""
    st.session_state["newcomer"] = path not in _visited()
    _visited().add(path)


def newcomer() -> bool:
    """Whether this session sees the page that is drawn now for the first time."""
    return st.session_state["newcomer"]


def state(path: str, topic: str) -> str:
    """How far this visitor has come on a page; "" where they have not been.

    topic  that of the question that the page asks; "" for the exercises, which ask none
    """
    if not topic and exercise.solved():  # a progress file may have brought them
        return f"{exercise.solved()} of {len(TASKS)} solved"
    if topic and predict.answered(topic):
        return "predicted"
    return "visited" if path in _visited() else ""


def _visited() -> set[str]:
    return st.session_state.setdefault("visited", set())
