"""The puzzle of a task, a small component of Streamlit: see puzzle.js for what it does."""

from functools import partial
from typing import Any

import streamlit as st

from regcore.exercises import Task, parsons
from ui import session
from ui.text import beside

SEED = 1


PUZZLE = st.components.v2.component(
    "puzzle",
    html='<pre data-part="head"></pre><ol data-part="lines"></ol>'
    '<p data-part="status" role="status"></p>',
    css=beside(__file__, "puzzle.css"),
    js=beside(__file__, "puzzle.js"),
)


def arrange(task: Task) -> tuple[int, ...]:
    """Draw the lines, which the learner moves up and down; return their order."""
    above = parsons.puzzle(task).head.splitlines()
    head = "\n".join(line for line in above if line and not line.startswith(" "))
    lines = parsons.pieces(task)
    PUZZLE(
        key=f"puzzle_{task.number}",
        data={"task": task.number, "head": head, "lines": lines, "order": order(task)},
        on_order_change=partial(_take, task),
    )
    return order(task)


def order(task: Task) -> tuple[int, ...]:
    """Return the order of this session, at first a random one."""
    return _orders().get(task.number, parsons.shuffled(task, SEED))


def _take(task: Task) -> None:
    """Keep the order that the component has sent, if each line occurs in it once."""
    sent: Any = (st.session_state.get(f"puzzle_{task.number}") or {}).get("order")
    if type(sent) is list and all(type(place) is int for place in sent):
        try:
            parsons.assembled(task, sent)
        except ValueError:  # not each line once
            return
        _orders()[task.number] = tuple(sent)


def _orders() -> dict[int, tuple[int, ...]]:
    return session.state().setdefault("orders", {})
