"""From a file that a learner wrote to a check: the code runs in the sandbox, the check outside."""

from collections.abc import Callable
from typing import Any, NamedTuple

from regcore import sandbox
from regcore.exercises.grading import AnswerError, Check, Task

OnWait = Callable[[float], None]


class Report(NamedTuple):
    """What the check says, and what the code printed."""

    check: Check
    printed: str


def check_source(task: Task, source: str, on_wait: OnWait = lambda share: None) -> Report:
    """Run `source` in a process of its own and check what it defines. Never raises for it.

    on_wait is as for `sandbox.running`.
    """
    try:
        with sandbox.running(source, on_wait=on_wait) as code:
            check = task.check(_answer(task, code))
            return Report(check, code.printed)
    except AnswerError as wrong:
        return Report(Check(False, str(wrong)), wrong.printed)


def run_source(source: str, on_wait: OnWait = lambda share: None) -> str:
    """What `source` prints; AnswerError when it fails."""
    with sandbox.running(source, on_wait=on_wait) as code:
        return code.printed


def _answer(task: Task, code: Any) -> Any:
    functions = tuple(code.function(name) for name in task.functions)
    if not functions:
        return code.value("answer")
    return functions if len(functions) > 1 else functions[0]
