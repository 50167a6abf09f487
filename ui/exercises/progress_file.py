"""Progress: what a learner has done, as a small JSON file that can be loaded again.

{"file": "Regularization Lab progress", "version": 1,
 "tasks": {"4": {"passed": true, "hints": 2, "solution": false}},
 "predictions": {"l2": {"verdict": "near", "said": "smaller", "was": "same"}}}
"""

import json
from typing import Any, TypedDict

from regcore.exercises import TASKS
from ui.navigation import TOPICS
from ui.session import TaskRecord, state
from ui.verdicts import Record, checked

MAX_BYTES = 20_000
KIND, VERSION = "Regularization Lab progress", 1


class Progress(TypedDict):
    """Records by task number and predictions by topic."""

    tasks: dict[int, TaskRecord]
    predictions: Record


def of_session() -> Progress:
    """What this session has reached; tasks that were never touched are left out."""
    tasks = {
        n: record for n, record in sorted(state().get("tasks", {}).items()) if any(record.values())
    }
    predictions = {topic: dict(entry) for topic, entry in state().get("predictions", {}).items()}
    return Progress(tasks=tasks, predictions=predictions)


def into_session(progress: Progress) -> None:
    """Put `progress` in place of what this session has reached."""
    state()["tasks"] = {
        number: TaskRecord(**record) for number, record in progress["tasks"].items()
    }
    state()["predictions"] = {topic: dict(e) for topic, e in progress["predictions"].items()}
    state()["guesses"] = {}


def dumps(progress: Progress) -> str:
    """The progress file."""
    return json.dumps({"file": KIND, "version": VERSION, **progress}, indent=1, allow_nan=False)


def loads(raw: bytes) -> Progress:
    """The progress in a file. Raises ValueError with one sentence for anything but such a file."""
    if len(raw) > MAX_BYTES:
        raise ValueError(
            f"The file has {len(raw):,} bytes; a progress file has at most {MAX_BYTES:,}."
        )
    try:
        found = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError("This is not a progress file: it cannot be read as JSON.") from error
    if type(found) is not dict or found.get("file") != KIND:
        raise ValueError("This is not a progress file of Regularization Lab.")
    if found.get("version") != VERSION or type(found["version"]) is not int:
        raise ValueError("This progress file has another version; version 1 can be loaded.")
    return Progress(
        tasks=_tasks(found.get("tasks")),
        predictions=checked(found.get("predictions"), TOPICS),
    )


def merged(first: Progress, second: Progress) -> Progress:
    """What was reached in either; a prediction counts once, and the first one counts."""
    tasks = dict(first["tasks"])
    for number, record in second["tasks"].items():
        tasks[number] = _best(tasks.get(number, record), record)
    answered = {
        topic: told for topic, told in first["predictions"].items() if told["verdict"] != "skipped"
    }
    return Progress(tasks=tasks, predictions={**second["predictions"], **answered})


def _best(first: TaskRecord, second: TaskRecord) -> TaskRecord:
    return TaskRecord(
        passed=first["passed"] or second["passed"],
        hints=max(first["hints"], second["hints"]),
        solution=first["solution"] or second["solution"],
    )


def _tasks(found: Any) -> dict[int, TaskRecord]:
    if type(found) is not dict or not set(found) <= {str(task.number) for task in TASKS.values()}:
        raise ValueError("The progress file is damaged: its tasks cannot be read.")
    try:
        return {int(number): _task_record(value) for number, value in found.items()}
    except (TypeError, KeyError) as error:
        raise ValueError("The progress file is damaged: one of its tasks is wrong.") from error


def _task_record(value: Any) -> TaskRecord:
    passed, hints, solution = (value[key] for key in ("passed", "hints", "solution"))
    if type(passed) is not bool or type(solution) is not bool or type(hints) is not int:
        raise TypeError
    if not 0 <= hints <= 3 or len(value) != 3:
        raise TypeError
    return TaskRecord(passed=passed, hints=hints, solution=solution)
