"""Exercises: commit to an answer, run it, and have it checked against what is really so."""

import pandas as pd
import streamlit as st

from regcore import progress
from regcore.exercises import TASKS, Task
from ui import controls, exercise, page, predict
from ui.look import plain

ROOM = page.PAGES[5]
READ_ON = {"overfitting": 0, "l2": 1, "dropout": 2, "early stopping": 3}


def chosen() -> Task:
    """The task that the learner is at; its number is in the link."""
    number = st.segmented_control(
        "Task",
        [task.number for task in TASKS],
        format_func=lambda n: f"{n} ✓" if exercise.record(TASKS[n - 1])["passed"] else str(n),
        default=1,
        required=True,
        key="task",
        bind="query-params",
    )
    return TASKS[(number or 1) - 1]


def load() -> None:
    """Take over the uploaded file, or say in a sentence why not."""
    file = controls.brought("progress_file", progress.MAX_BYTES + 1)
    if file is None:
        return
    try:
        loaded = progress.loads(file)
    except ValueError as error:
        st.session_state["load_message"] = str(error)
    else:
        exercise.remember(progress.merged(exercise.progress(), loaded))
        st.session_state["load_message"] = "Progress loaded."


def show_record() -> None:
    """Where the tasks and the predictions stand."""
    rows = [
        (f"{task.number} {task.title}", exercise.state(task), exercise.record(task)["hints"])
        for task in TASKS
    ]
    told = [
        (topic.capitalize(), entry["verdict"], plain(str(entry["said"])), plain(str(entry["was"])))
        for topic, entry in predict.record().items()
    ]
    left, right = st.columns(2, gap="medium")
    with left:
        st.table(
            pd.DataFrame(rows, columns=["task", "state", "hints"]),
            hide_index=True,
            border="horizontal",
            alt="The tasks and where they stand",
        )
    with right:
        if not told:
            st.caption("The other pages ask for predictions. None has been made yet.")
            return
        columns = ["prediction", "verdict", "you said", "it was"]
        st.table(
            pd.DataFrame(told, columns=columns),
            hide_index=True,
            border="horizontal",
            alt="Your predictions and what became of them",
        )


def keep_record() -> None:
    """Progress as a file: there are no accounts."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption("There are no accounts. What you have done is in this browser tab only.")
        st.download_button(
            "Download progress",
            progress.dumps(exercise.progress()),
            file_name="progress.json",
            mime="application/json",
            on_click="ignore",
        )
    with right:
        st.file_uploader(
            "Load a progress file",
            type="json",
            key="progress_file",
            on_change=load,
            max_upload_size=1,
        )
        if message := st.session_state.pop("load_message", None):
            st.info(plain(message))


page.frame(ROOM)
st.markdown(
    "Eight tasks. Each check measures what your answer does, on data that it has not seen, and "
    "says what is wrong without giving it away."
)
task = chosen()
if exercise.seen(task):
    left, right = st.container(), st.container()
else:
    left, right = st.columns([2, 3], gap="large")
with left:
    st.subheader(f"{task.number}. {task.title}", anchor=False)
    st.caption(exercise.state(task))
    st.markdown(task.text)
    exercise.hints(task)
    room = page.PAGES[READ_ON[task.topic]]
    st.page_link(room.path, label=f"Read on: {room.title}", icon=room.icon)
with right:
    way = exercise.way(task)
    if way == exercise.CODE:
        exercise.by_code(task)
    elif way == exercise.FORM:
        exercise.by_form(task)
    else:
        exercise.by_terminal(task)

st.header("Your record", anchor=False)
show_record()
keep_record()

page.way_on(ROOM)
