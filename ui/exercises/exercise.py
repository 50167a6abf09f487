"""One exercise on the page: answer, feedback, hints, solution, and its record."""

from functools import partial
from typing import Any

import streamlit as st

from regcore.exercises import Report, Task, parsons
from ui import controls, layout, session
from ui.exercises import code_access, drafts, editor, feedback, owner, puzzle
from ui.exercises.feedback import record
from ui.exercises.forms import FORMS

CODE, FORM, TERMINAL, LINES = "Code", "Form", "Terminal", "Lines"


def accept_old_links() -> None:
    """Take over a task from a link of the time when a solved one was called "6 ✓" there."""
    number, solved, _ = st.query_params.get("task", "").partition(" ✓")
    if solved:
        st.query_params["task"] = number
        st.rerun()


def way(task: Task) -> str:
    """Return how the learner answers: Code, Form, Terminal, or Lines to be put in order."""
    code, form = code_access.allowed(), task.name in FORMS
    offered = {
        CODE: code and not task.wide,
        FORM: form,
        TERMINAL: not (code or form),
        LINES: parsons.is_offered(task),
    }
    ways = [name for name, is_offered in offered.items() if is_offered]
    if len(ways) == 1:
        return ways[0]
    with layout.reserved(60):
        chosen = st.segmented_control(
            "Answer by",
            ways,
            default=ways[0],
            required=True,
            key="_".join(["by", *ways[1:]]),
            persist_state="session",
        )
    return chosen or ways[0]


def by_form(task: Task) -> None:
    """Draw the form, a check button and its feedback."""
    answer = FORMS[task.name]()
    if st.button("Check", type="primary", key=f"check_form_{task.number}"):
        with st.spinner("Comparing with real runs"):
            feedback.keep(task, answer, Report(task.check(answer), ""))
    feedback.show(task, answer)


@st.fragment
def by_code(task: Task) -> None:
    """Draw an editor, buttons to run and check, and the feedback.

    A fragment: what is typed is sent after each pause, and redraws no more than this.
    """
    with st.container(key=f"answer_{task.number}"):
        source, pressed = _editor_and_buttons(task)
    with st.container(key=f"feedback_{task.number}"):
        feedback.show(task, source)
    st.caption(
        "Your code runs on this computer, in its own process. "
        + code_access.limits()
        + " This prevents accidents; it is not a security barrier. Run only code that you have "
        "read."
    )
    if pressed:  # after all is drawn: what a run leaves out is gone from the page
        session.state()["pressed"] = task.number, pressed, source
        st.rerun()


def run_pressed(task: Task) -> None:
    """Run or check the answer whose button was pressed. Call it last on the page.

    Not in the fragment: Streamlit lets no click in a fragment end its run, not even Stop.
    """
    nothing: tuple[int, str, Any] = (0, "", None)
    number, pressed, answer = session.state().pop("pressed", nothing)
    if number != task.number:
        return
    if pressed == "check":
        feedback.keep(task, answer, code_access.check(task, answer))
    elif pressed == "lines":
        feedback.keep(task, answer, code_access.check_lines(task, answer))
    elif pressed == "run":
        feedback.keep(task, answer, code_access.run(answer), ran=True)


@st.fragment
def by_lines(task: Task) -> None:
    """Draw the lines of the solution in a random order, a check button and its feedback."""
    st.caption("These lines are the answer, in the wrong order. Move each to its place.")
    order = puzzle.arrange(task)
    if st.button("Check", type="primary", key=f"check_lines_{task.number}"):
        feedback.keep(task, order, code_access.check_lines(task, order))
    feedback.show(task, order)


def _editor_and_buttons(task: Task) -> tuple[str, str]:
    """Return the code, and "run", "check" or "": what was pressed, if this visitor may."""
    # on a projector the editor is as high: its height is limited by the window's
    box, number = layout.reserved(editor.HEIGHT, scaled=False), task.number
    may_run = owner.ask()
    with st.container(horizontal=True, vertical_alignment="center"):
        run = st.button("Run", key=f"run_{number}", disabled=not may_run)
        check = st.button("Check", type="primary", key=f"check_{number}", disabled=not may_run)
        _starter_button(task)
        plain = _plain_switch()
    with box:
        run |= editor.plain_box(task) if plain else editor.edit(task, feedback.said(task))
    pressed = "check" if check else "run" if run else ""
    return drafts.of(task).text, pressed if may_run else ""


def _plain_switch() -> bool:
    # Kept in each run of the fragment: the browser may first see the switch as such a run draws it,
    # and then it would begin with the default and send that with the next click.
    controls.keep("plain")
    return controls.switch("Plain text box", False, "plain", "If the editor does not work.")


def _starter_button(task: Task) -> None:
    draft, toggle = drafts.of(task), partial(_toggle_starter, task)
    back = draft.before and draft.text == task.starter
    label = "Back to my code" if back else "Back to the starter"
    st.button(label, key=f"reset_{task.number}", type="tertiary", on_click=toggle)


def by_terminal(task: Task) -> None:
    """Show how to solve the task in a terminal, on a server that does not run visitors' code."""
    st.info(
        "This server is shared, so it does not run its visitors' code: the sandbox cannot stop "
        "attacks. Solve this task on your own computer, where the same check runs."
    )
    st.code(task.starter, language="python")
    for command in ("start", "check"):
        st.code(f"python -m regcore {command} {task.number} my_answer.py", language="bash")


def hints(task: Task) -> None:
    """Show hints one at a time, and the button that reveals the solution."""
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


def solution(task: Task) -> None:
    """Show the solution once it is revealed."""
    if task.number in _revealed():
        st.code(task.solution, language="python")  # a wrapped line would look like an indented one


def standing(task: Task) -> str:
    """Return the state of a task as a sign and a few words."""
    progress = record(task)
    if progress["passed"]:
        return "✓ passed, with the solution open" if progress["solution"] else "✓ passed"
    return "○ not passed"


def _revealed() -> set[int]:
    return session.state().setdefault("revealed", set())


def _toggle_starter(task: Task) -> None:
    editor.take(task)  # perhaps typed just before the click
    drafts.toggle_starter(task)


def _hint(task: Task) -> None:
    record(task)["hints"] = min(record(task)["hints"] + 1, len(task.hints))


def _reveal(task: Task) -> None:
    _revealed().add(task.number)
    if not record(task)["passed"]:  # opened after passing, it does not count
        record(task)["solution"] = True
