"""One exercise on the page: answer, feedback, hints, solution, and what is remembered of it."""

from typing import Any

import streamlit as st

from regcore.exercises import MOST_SOURCE, AnswerError, Report, Task
from ui import session
from ui.exercises import code_access, owner
from ui.exercises.forms import FORMS
from ui.session import TaskRecord
from ui.text import escape

CODE, FORM = "Code", "Form"


def record(task: Task) -> TaskRecord:
    """What this session remembers of a task."""
    fresh = TaskRecord(passed=False, hints=0, solution=False)
    return session.state().setdefault("tasks", {}).setdefault(task.number, fresh)


def way(task: Task) -> str | None:
    """How the learner answers: Code, Form, or None where neither can be had here."""
    code, form = code_access.allowed(), task.name in FORMS
    if code and form and not task.wide:
        chosen = st.segmented_control(
            "Answer by",
            (CODE, FORM),
            default=CODE,
            required=True,
            key="by",
            persist_state="session",
        )
        return chosen or CODE
    return FORM if form else CODE if code else None


def by_form(task: Task) -> None:
    """Fields, a check button and what the check says."""
    answer = FORMS[task.name]()
    if st.button("Check", type="primary", key=f"check_form_{task.number}"):
        with st.spinner("Checking against real trainings"):
            _keep(task, answer, Report(task.check(answer), ""))
    _feedback(task, answer)


def by_code(task: Task) -> None:
    """An editor, run, check, what was printed and what the check says."""
    key = f"code_{task.number}"
    lines = max(task.starter.count("\n"), task.solution.count("\n")) + 2
    source = st.text_area(
        "Your code",
        task.starter,
        height=min(24 * lines + 20, 560),
        max_chars=MOST_SOURCE,
        key=key,
        persist_state="session",
    )
    may = owner.ask()
    with st.container(horizontal=True):
        go = st.button("Run", key=f"run_{task.number}", disabled=not may)
        check = st.button("Check", type="primary", key=f"check_{task.number}", disabled=not may)
        st.button(
            "Back to the starter",
            key=f"reset_{task.number}",
            type="tertiary",
            on_click=_set,
            args=(key, task.starter),
        )
    if go and may:
        _run(source)
    if check and may:
        _keep(task, source, code_access.check(task, source))
    _feedback(task, source)
    with st.expander("Your code with line numbers", type="compact"):
        st.code(source, language="python", line_numbers=True)
    st.caption(
        "Your code runs on this computer, in a process of its own. "
        + code_access.limits()
        + " This stops accidents and is no fortress: run only code that you have read."
    )


def by_terminal(task: Task) -> None:
    """What can be done where the server runs no code of its visitors."""
    st.info(
        "This server is shared, so it runs no code of its visitors: a limited process is no "
        "fortress. Solve this task on your own computer, where the same check runs."
    )
    st.code(task.starter, language="python")
    for command in ("start", "check"):
        st.code(f"python -m regcore {command} {task.number} my_answer.py", language="bash")


def hints(task: Task) -> None:
    """Three hints, one at a time, and the solution behind a click of its own."""
    told = record(task)
    for hint in task.hints[: told["hints"]]:
        st.markdown(f"- {hint}")
    with st.container(horizontal=True):
        if told["hints"] < len(task.hints):
            st.button(
                f"Hint {told['hints'] + 1} of {len(task.hints)}",
                key=f"hint_{task.number}",
                on_click=_hint,
                args=(task,),
            )
        if task.number not in _revealed():
            st.button(
                "Show the solution",
                key=f"solution_{task.number}",
                type="tertiary",
                on_click=_reveal,
                args=(task,),
            )
    if task.number in _revealed():
        st.code(task.solution, language="python", wrap_lines=True)


def standing(task: Task) -> str:
    """A word and a sign for where a task stands; what was never checked is never passed."""
    told = record(task)
    if told["passed"]:
        return "✓ passed, with the solution open" if told["solution"] else "✓ passed"
    return "○ not passed yet" if task.number in _checked() else "○ not checked"


def _run(source: str) -> None:
    try:
        printed = code_access.run(source)
    except AnswerError as wrong:
        _printed(wrong.printed)
        st.warning(escape(str(wrong)), icon="✍️")
    else:
        _printed(printed or "It ran to its end and printed nothing.")


def _printed(text: str) -> None:
    if text:
        st.caption("Printed")
        st.code(text, language=None, wrap_lines=True)


def _feedback(task: Task, answer: Any) -> None:
    """What the last check said, if it was about this very answer."""
    if task.number not in _checked():
        return
    judged, (check, printed) = _checked()[task.number]
    if type(judged) is not type(answer):  # a form was checked, and this is code, or the reverse
        return
    if judged != answer:
        st.caption("Changed since the last check: not checked.")
        return
    _printed(printed)
    if check.ok:
        st.success(escape(check.message), icon="✅")
    else:
        st.warning(escape(check.message), icon="✍️")


def _keep(task: Task, answer: Any, report: Report) -> None:
    """Remember a check, and draw the page anew with it: the state stands in several places."""
    _checked()[task.number] = (answer, report)
    record(task)["passed"] = record(task)["passed"] or report.check.ok
    st.rerun()


def _revealed() -> set[int]:
    return session.state().setdefault("revealed", set())


def _checked() -> dict[int, tuple[Any, Report]]:
    return session.state().setdefault("checked", {})


def _set(key: str, value: str) -> None:
    st.session_state[key] = value


def _hint(task: Task) -> None:
    record(task)["hints"] = min(record(task)["hints"] + 1, len(task.hints))


def _reveal(task: Task) -> None:
    _revealed().add(task.number)
    if not record(task)["passed"]:  # whoever looks later has passed without it
        record(task)["solution"] = True
