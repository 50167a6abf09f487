"""One exercise on the page: answer, feedback, hints, solution, and what is remembered of it."""

from typing import Any

import streamlit as st

from regcore.exercises import TASKS, AnswerError, Report, Task
from regcore.progress import Progress, TaskRecord
from ui import learner_code, owner, predict
from ui.forms import FORMS
from ui.look import plain

MAX_SOURCE = 20_000
CODE, FORM = "Code", "Form"


def record(task: Task) -> TaskRecord:
    """What this session remembers of a task."""
    fresh = TaskRecord(passed=False, hints=0, solution=False)
    return _records().setdefault(task.number, fresh)


def progress() -> Progress:
    """All that this session remembers."""
    touched = {n: r for n, r in sorted(_records().items()) if any(r.values())}
    return Progress(tasks=touched, predictions=predict.record())


def solved() -> int:
    """How many tasks this session has passed."""
    return sum(record["passed"] for record in st.session_state.get("tasks", {}).values())


def remember(loaded: Progress) -> None:
    """Take over what a file brought."""
    st.session_state["tasks"] = {n: TaskRecord(**r) for n, r in loaded["tasks"].items()}
    predict.restore(loaded["predictions"])


def seen(task: Task) -> bool:
    """Whether a task is answered by looking at charts, which need the width of the page."""
    return task is TASKS[-1]


def way(task: Task) -> str | None:
    """How the learner answers: Code, Form, or None where neither can be had here."""
    code, form = learner_code.allowed(), task.number in FORMS
    if code and form and not seen(task):
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
    answer = FORMS[task.number]()
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
        max_chars=MAX_SOURCE,
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
        _keep(task, source, learner_code.check(task, source))
    _feedback(task, source)
    with st.expander("Your code with line numbers", type="compact"):
        st.code(source, language="python", line_numbers=True)
    st.caption(
        "Your code runs on this computer, in a process of its own. "
        + learner_code.limits()
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


def state(task: Task) -> str:
    """A word and a sign for where a task stands; what was never checked is never passed."""
    told = record(task)
    if told["passed"]:
        return "✓ passed, with the solution open" if told["solution"] else "✓ passed"
    return "○ not passed yet" if task.number in _checked() else "○ not checked"


def _run(source: str) -> None:
    try:
        printed = learner_code.run(source)
    except AnswerError as wrong:
        _printed(wrong.printed)
        st.warning(plain(str(wrong)), icon="✍️")
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
        st.success(plain(check.message), icon="✅")
    else:
        st.warning(plain(check.message), icon="✍️")


def _keep(task: Task, answer: Any, report: Report) -> None:
    """Remember a check, and draw the page anew with it: the state stands in several places."""
    _checked()[task.number] = (answer, report)
    record(task)["passed"] = record(task)["passed"] or report.check.ok
    st.rerun()


def _records() -> dict[int, TaskRecord]:
    return st.session_state.setdefault("tasks", {})


def _revealed() -> set[int]:
    return st.session_state.setdefault("revealed", set())


def _checked() -> dict[int, tuple[Any, Report]]:
    return st.session_state.setdefault("checked", {})


def _set(key: str, value: str) -> None:
    st.session_state[key] = value


def _hint(task: Task) -> None:
    record(task)["hints"] = min(record(task)["hints"] + 1, len(task.hints))


def _reveal(task: Task) -> None:
    _revealed().add(task.number)
    if not record(task)["passed"]:  # who looks afterwards has passed alone
        record(task)["solution"] = True
