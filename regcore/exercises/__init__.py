"""Exercises: a module for each task, with its texts and the check of an answer."""

from regcore.exercises import (
    early_stopping,
    flipped_rows,
    inverted_dropout,
    l2_gradient,
    l2_sweep,
    learning_curves,
    model_selection,
    parsons,
    smaller_network,
    temperature,
    weight_decay,
)
from regcore.exercises.grading import AnswerError, Check, Task
from regcore.exercises.runner import Report, Unreadable, check_source, read_source, run_source
from sandbox import DEFAULT_LIMITS as LIMITS
from sandbox import MAX_SOURCE, held

TASKS = {
    module.TASK.name: module.TASK
    for module in (
        l2_sweep,
        smaller_network,
        weight_decay,
        l2_gradient,
        inverted_dropout,
        early_stopping,
        model_selection,
        learning_curves,
        flipped_rows,
        temperature,
    )
}
"""The tasks by name, in the order of their numbers."""


def numbered(number: int) -> Task:
    """The task with this number. Raises KeyError when there is none."""
    return {task.number: task for task in TASKS.values()}[number]


__all__ = [
    "LIMITS",
    "MAX_SOURCE",
    "TASKS",
    "AnswerError",
    "Check",
    "Report",
    "Task",
    "Unreadable",
    "check_source",
    "held",
    "numbered",
    "parsons",
    "read_source",
    "run_source",
]
