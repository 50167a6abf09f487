"""Exercises: answer a task, run the answer, and have it compared with real runs."""

from collections.abc import Mapping

import pandas as pd
import streamlit as st

from regcore.exercises import TASKS, Task
from ui import controls, layout, page, session, verdicts
from ui.exercises import exercise, feedback
from ui.navigation import PAGES
from ui.page import summary
from ui.page.kept import browser_storage, progress_file
from ui.sections.quiz import twins
from ui.text import escape
from ui.theme import enlarged

PAGE = PAGES["exercises"]
LIST_HEIGHT, SHORT_LIST_HEIGHT = 168, 44  # px of the list of tasks on a laptop, on a projector


def captions(is_short: bool) -> list[str]:
    """Return what stands below the numbers of the tasks: whether they are passed, and their titles.

    Each has a sign, so that the list keeps its lines when a task is passed.
    """
    signs = ["✓" if feedback.record(task)["passed"] else "○" for task in TASKS.values()]
    if is_short:
        return signs
    return [f"{sign} {task.title}" for sign, task in zip(signs, TASKS.values(), strict=True)]


def chosen() -> Task:
    """Return the selected task; its number is in the link."""
    exercise.accept_old_links()
    tasks = {task.number: task for task in TASKS.values()}
    is_short = enlarged() > 1.0  # the title of the open task stands below
    with layout.reserved(SHORT_LIST_HEIGHT if is_short else LIST_HEIGHT):
        number = st.radio(
            "Task",
            list(tasks),
            captions=captions(is_short),
            horizontal=True,
            key="task",
            bind="query-params",
            label_visibility="collapsed",
        )
    return tasks[number or 1]


def load() -> None:
    """Merge the uploaded file into the session, or store a sentence that says why not."""
    file = controls.uploaded_bytes("progress_file", progress_file.MAX_BYTES + 1)
    if file is None:
        return
    try:
        loaded = progress_file.loads(file)
    except ValueError as error:
        session.state()["load_message"] = str(error)
    else:
        merged = progress_file.merged(progress_file.of_session(), loaded)
        progress_file.into_session(merged)
        session.state()["load_message"] = "Progress loaded."


def row(name: str, entry: Mapping[str, str]) -> dict[str, str]:
    """Return a row of the record."""
    return {
        "prediction": name,
        "verdict": entry["verdict"],
        "how sure": entry.get("sure", "–"),
        "you said": escape(entry["said"]),
        "it was": escape(entry["was"]),
    }


def show_record() -> None:
    """Show the state of the tasks and the predictions so far."""
    rows = [
        (f"{t.number} {t.title}", exercise.standing(t), feedback.record(t)["hints"])
        for t in TASKS.values()
    ]
    progress = progress_file.of_session()
    record = progress["predictions"]
    predictions = []
    for topic, entry in record.items():
        predictions.append(row(topic.capitalize(), entry))
        if twin := progress["twins"].get(topic):
            predictions.append(row("once more", twins.shown(entry, twin)))
    left, right = st.columns(2, gap="medium")
    tasks = pd.DataFrame(rows, columns=["task", "state", "hints"])
    left.table(tasks, hide_index=True, border="horizontal", alt="The tasks and their state")
    if not predictions:
        right.caption("Your predictions will appear here.")
        return
    alt = "Your predictions and what was measured"
    with right:
        st.table(pd.DataFrame(predictions), hide_index=True, border="horizontal", alt=alt)
        st.caption(verdicts.calibration(record))


def keep_record() -> None:
    """Say what the browser keeps, and offer to keep it as a file: there are no accounts."""
    left, right = st.columns(2, gap="medium")
    with left:
        st.caption(browser_storage.meaning())
        file, kind = progress_file.download(), "application/json"
        with st.container(horizontal=True):
            st.download_button("Download progress", file, "progress.json", kind, on_click="ignore")
            with st.popover("Forget what this browser keeps …", type="tertiary"):
                st.markdown(
                    "Your code, answers, passed tasks, pins and settings are deleted from this "
                    "browser, and all its tabs start over. This cannot be undone."
                )
                st.button("Forget all of it", key="forget", on_click=browser_storage.forget)
    with right:
        label, key = "Load a progress file", "progress_file"
        st.file_uploader(
            label, "json", key=key, on_change=load, max_upload_size=progress_file.MAX_MB
        )
        if message := session.state().pop("load_message", None):
            st.info(escape(message))


page.header(PAGE)
twins.show()
task = chosen()
left, right = [st.container(), st.container()] if task.wide else st.columns([2, 3], gap="large")
with left:
    st.header(f"{task.number}. {task.title}", anchor=False)
    st.caption(exercise.standing(task))
    st.markdown(task.text)
    way = exercise.way(task)
    exercise.hints(task)
    read_on = PAGES[task.topic]
    st.page_link(read_on.path, label=f"Read on: {read_on.title}", icon=read_on.icon)
with right:
    if way == exercise.CODE:
        exercise.by_code(task)
    elif way == exercise.FORM:
        exercise.by_form(task)
    elif way == exercise.LINES:
        exercise.by_lines(task)
    else:
        exercise.by_terminal(task)
    exercise.solution(task)

st.header("Your record", anchor=False)
show_record()
keep_record()
for _ in layout.fold("Summary: what the lesson says, and what you did", "summary"):
    summary.show()

page.footer(PAGE)
exercise.run_pressed(task)
