"""The result of a run or a check: kept, shown below the buttons, and spoken."""

import re
from typing import Any, NamedTuple

import streamlit as st

from regcore.exercises import Report, Task
from ui import session
from ui.exercises.editor import Said
from ui.session import TaskRecord
from ui.text import escape

LINE = re.compile(r"Line (\d+): ")  # at the start of a message of the sandbox


class Result(NamedTuple):
    """What an answer has led to. `number` counts the results of this session."""

    number: int
    answer: Any
    report: Report
    ran: bool


def record(task: Task) -> TaskRecord:
    """Return this session's record of a task."""
    fresh = TaskRecord(passed=False, hints=0, solution=False)
    return session.state().setdefault("tasks", {}).setdefault(task.number, fresh)


def keep(task: Task, answer: Any, report: Report, ran: bool = False) -> None:
    """Record a result and redraw the page, which shows the state in several places."""
    state = session.state()
    state["results_so_far"] = state.get("results_so_far", 0) + 1
    _latest()[task.number] = Result(state["results_so_far"], answer, report, ran)
    if not ran:
        record(task)["passed"] = record(task)["passed"] or bool(report.check.ok)
    st.rerun()


def show(task: Task, answer: Any) -> None:
    """Show the last result; its verdict only if it was of this answer."""
    result = _latest().get(task.number)
    if result is None or type(result.answer) is not type(answer):  # one by form, one by code
        return
    if result.answer == answer:
        _verdict(result)
    else:
        st.caption(f"Edited since the last {'run' if result.ran else 'check'}.")
    _printed(result.report.printed)


def said(task: Task) -> Said:
    """Return the last result of code as the editor shows it."""
    result = _latest().get(task.number)
    if result is None or type(result.answer) is not str:
        return Said()
    check, printed = result.report
    line = None if check.ok else LINE.match(check.message)
    spoken = printed[:500] if check.ok and result.ran else ""  # messages speak for themselves
    return Said(result.number, spoken, result.answer, int(line[1]) if line else None)


def _verdict(result: Result) -> None:
    check, printed = result.report
    message = escape(check.message)
    if check.ok is None:
        st.info(message, icon="🐢")
    elif not check.ok:
        st.warning(message, icon="✍️")
    elif not result.ran:
        st.success(message, icon="✅")
    elif not printed:
        st.info("Finished; no output.")


def _printed(text: str) -> None:
    if text:
        st.caption("Printed")
        st.code(text, language=None, wrap_lines=True, height=160 if text.count("\n") > 6 else None)


def _latest() -> dict[int, Result]:
    return session.state().setdefault("results", {})
