"""Exercises: eight tasks, and checks that hold an answer against what is really so.

Open the module of a task to see its text, its starter, its hints, its solution and its check:
sweep, smaller, sizes, gradient, dropping, stopping, choosing, curves.
"""

from regcore.exercises import (
    choosing,
    curves,
    dropping,
    gradient,
    sizes,
    smaller,
    stopping,
    sweep,
)
from regcore.exercises.grading import AnswerError, Check, Task
from regcore.exercises.source import Report, Unreadable, check_source, read_source, run_source

TASKS = tuple(
    module.TASK
    for module in (sweep, smaller, sizes, gradient, dropping, stopping, choosing, curves)
)

__all__ = ["TASKS", "AnswerError", "Check", "Report", "Task", "Unreadable"]
__all__ += ["check_source", "read_source", "run_source"]
