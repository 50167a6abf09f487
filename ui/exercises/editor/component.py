"""The code editor, a small component of Streamlit: see editor.js for what it does."""

from functools import partial
from typing import Any, NamedTuple

import streamlit as st

from regcore.exercises import MAX_SOURCE, Task
from ui.exercises import drafts
from ui.text import beside

HEIGHT = 386  # px on a laptop, of the editor and its help, see editor.css
BOX_HEIGHT = 330  # px of the plain box
DRAFTS = beside(__file__, "drafts.js")
EDITOR = st.components.v2.component(
    "code_editor",
    html=beside(__file__, "editor.html"),
    css=beside(__file__, "editor.css"),
    js=DRAFTS + beside(__file__, "python.js") + beside(__file__, "editor.js"),
)
WATCHER = st.components.v2.component("plain_box", js=DRAFTS + beside(__file__, "plain_box.js"))


class Said(NamedTuple):
    """The result of the last run or check, as the editor shows and speaks it.

    number      how many results there were: a new one is spoken and brought into view
    judged      the code that it is about
    error_line  where that code failed
    """

    number: int = 0
    text: str = ""
    judged: str = ""
    error_line: int | None = None


def edit(task: Task, said: Said) -> bool:
    """Draw the editor, which keeps the draft of `task`; return whether Ctrl+Enter was pressed."""
    shown = {
        "limit": MAX_SOURCE,
        "told": said.number,
        "said": said.text,
        "judged": said.judged,
        "error_line": said.error_line,
    }
    result: Any = EDITOR(
        key=f"editor_{task.number}",
        data=_draft(task) | shown,
        on_drafts_change=partial(take, task),
        on_run_change=lambda: None,
    )
    drafts.take(result.drafts)  # a new server hears it without a change
    return result.run is True


def plain_box(task: Task) -> bool:
    """Draw a plain text area in place of the editor; return False, as it runs nothing."""
    key, text = f"code_{task.number}", drafts.of(task).text
    if st.session_state.get(key) != text:
        st.session_state[key] = text
    send = partial(_take_plain, task)
    with st.container(gap=None):  # the component is invisible
        st.text_area("Your code", height=BOX_HEIGHT, max_chars=MAX_SOURCE, key=key, on_change=send)
        name, keep = f"editor_{task.number}", partial(take, task)
        WATCHER(key=name, data=_draft(task), on_drafts_change=keep, height="content")
    return False


def take(task: Task) -> None:
    """Keep what the editor on the page has sent."""
    sent = st.session_state.get(f"editor_{task.number}") or {}
    drafts.take(sent.get("drafts"))


def _draft(task: Task) -> dict[str, Any]:
    """Return what a component needs to know of the draft, and of those of other tasks."""
    text, stamp, _ = drafts.of(task)
    return {"task": task.number, "text": text, "stamp": stamp, "stamps": drafts.stamps()}


def _take_plain(task: Task) -> None:
    text = drafts.normalized(st.session_state[f"code_{task.number}"])
    if text is not None:
        drafts.put(task, text)
