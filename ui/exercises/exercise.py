"""One exercise on the page: answer, feedback, hints, solution, and its record."""

from functools import partial
from typing import Any

import streamlit as st

from regcore.exercises import MAX_SOURCE, AnswerError, Report, Task
from ui import session
from ui.exercises import code_access, owner
from ui.exercises.forms import FORMS
from ui.session import TaskRecord
from ui.text import escape

CODE, FORM = "Code", "Form"
BOXES = {True: (st.success, "✅"), False: (st.warning, "✍️"), None: (st.info, "🐢")}


def record(task: Task) -> TaskRecord:
    """Return this session's record of a task."""
    fresh = TaskRecord(passed=False, hints=0, solution=False)
    return session.state().setdefault("tasks", {}).setdefault(task.number, fresh)


def way(task: Task) -> str | None:
    """Return how the learner answers: Code, Form, or None if neither is available."""
    code, form = code_access.allowed(), task.name in FORMS
    if task.wide or not (code and form):
        return FORM if form else CODE if code else None
    chosen = st.segmented_control(
        "Answer by", (CODE, FORM), default=CODE, required=True, key="by", persist_state="session"
    )
    return chosen or CODE


def by_form(task: Task) -> None:
    """Draw the form, a check button and its feedback."""
    answer = FORMS[task.name]()
    if st.button("Check", type="primary", key=f"check_form_{task.number}"):
        with st.spinner("Checking against real training runs"):
            _keep(task, answer, Report(task.check(answer), ""))
    _feedback(task, answer)


def by_code(task: Task) -> None:
    """Draw an editor, buttons to run and check, the output and the feedback."""
    number, key = task.number, f"code_{task.number}"
    lines = max(task.starter.count("\n"), task.solution.count("\n")) + 2
    height = min(24 * lines + 20, 560)
    source = st.text_area(
        "Your code", task.starter, height, MAX_SOURCE, key=key, persist_state="session"
    )
    may_run = owner.ask()
    with st.container(horizontal=True):
        go = st.button("Run", key=f"run_{number}", disabled=not may_run)
        check = st.button("Check", type="primary", key=f"check_{number}", disabled=not may_run)
        reset = partial(st.session_state.update, {key: task.starter})
        st.button("Back to the starter", key=f"reset_{number}", type="tertiary", on_click=reset)
    if go and may_run:
        _run(source)
    if check and may_run:
        _keep(task, source, code_access.check(task, source))
    _feedback(task, source)
    with st.expander("Your code with line numbers", type="compact"):
        st.code(source, language="python", line_numbers=True)
    st.caption(
        "Your code runs on this computer, in its own process. "
        + code_access.limits()
        + " This prevents accidents, not attacks: run only code that you have read."
    )


def by_terminal(task: Task) -> None:
    """Show how to solve the task in a terminal, on a server that does not run visitors' code."""
    st.info(
        "This server is shared, so it does not run its visitors' code: the sandbox does not stop "
        "attacks. Solve this task on your own computer, where the same check runs."
    )
    st.code(task.starter, language="python")
    for command in ("start", "check"):
        st.code(f"python -m regcore {command} {task.number} my_answer.py", language="bash")


def hints(task: Task) -> None:
    """Show hints one at a time, and the solution behind a separate button."""
    shown, number = record(task)["hints"], task.number
    for hint in task.hints[:shown]:
        st.markdown(f"- {hint}")
    with st.container(horizontal=True):
        if shown < len(task.hints):
            label = f"Hint {shown + 1} of {len(task.hints)}"
            st.button(label, key=f"hint_{number}", on_click=partial(_hint, task))
        if number not in _revealed():
            key, reveal = f"solution_{number}", partial(_reveal, task)
            st.button("Show the solution", key=key, type="tertiary", on_click=reveal)
    if number in _revealed():
        st.code(task.solution, language="python", wrap_lines=True)


def standing(task: Task) -> str:
    """Return the state of a task as a sign and a few words."""
    progress = record(task)
    if progress["passed"]:
        return "✓ passed, with the solution open" if progress["solution"] else "✓ passed"
    _, report = _checked().get(task.number, (None, None))
    return "○ not checked" if report is None or report.check.ok is None else "○ not passed yet"


def _run(source: str) -> None:
    try:
        printed = code_access.run(source)
    except AnswerError as wrong:
        _printed(wrong.printed)
        st.warning(escape(str(wrong)), icon="✍️")
    else:
        _printed(printed or "It finished and printed nothing.")


def _printed(text: str) -> None:
    if text:
        st.caption("Printed")
        st.code(text, language=None, wrap_lines=True)


def _feedback(task: Task, answer: Any) -> None:
    """Show the last check if it was of this answer."""
    if task.number not in _checked():
        return
    judged, (check, printed) = _checked()[task.number]
    if type(judged) is not type(answer):  # a form was checked and this is code, or vice versa
        return
    if judged != answer:
        st.caption("Changed since the last check: not checked.")
        return
    _printed(printed)
    show, icon = BOXES[check.ok]
    show(escape(check.message), icon=icon)


def _keep(task: Task, answer: Any, report: Report) -> None:
    """Record a check and redraw the page, which shows the state in several places."""
    _checked()[task.number] = (answer, report)
    record(task)["passed"] |= bool(report.check.ok)
    st.rerun()


def _revealed() -> set[int]:
    return session.state().setdefault("revealed", set())


def _checked() -> dict[int, tuple[Any, Report]]:
    return session.state().setdefault("checked", {})


def _hint(task: Task) -> None:
    record(task)["hints"] = min(record(task)["hints"] + 1, len(task.hints))


def _reveal(task: Task) -> None:
    _revealed().add(task.number)
    if not record(task)["passed"]:  # opened after passing, it does not count
        record(task)["solution"] = True
