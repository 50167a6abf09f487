"""Progress: a learner's record as a small JSON file that can be loaded again.

{"file": "Regularization Lab progress", "version": 1,
 "tasks": {"4": {"passed": true, "hints": 2, "solution": false}},
 "predictions": {"l2": {"verdict": "near", "said": "smaller", "was": "same"}}}
"""

import json
from copy import deepcopy
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
    """Return the progress of this session, without untouched tasks."""
    records = sorted(state().get("tasks", {}).items())
    tasks = {number: record for number, record in records if any(record.values())}
    return Progress(tasks=tasks, predictions=deepcopy(state().get("predictions", {})))


def into_session(progress: Progress) -> None:
    """Replace the progress of this session."""
    state()["tasks"], state()["predictions"] = progress["tasks"], progress["predictions"]
    state()["guesses"] = {}


def dumps(progress: Progress) -> str:
    """Return the progress file."""
    return json.dumps({"file": KIND, "version": VERSION, **progress}, indent=1, allow_nan=False)


def loads(raw: bytes) -> Progress:
    """Return the progress in a file. Raises ValueError with one sentence if it is invalid."""
    if len(raw) > MAX_BYTES:
        raise ValueError(
            f"The file has {len(raw):,} bytes; a progress file has at most {MAX_BYTES:,}."
        )
    try:
        content = json.loads(raw.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise ValueError("This is not a progress file: it cannot be read as JSON.") from error
    if type(content) is not dict or content.get("file") != KIND:
        raise ValueError("This is not a progress file of Regularization Lab.")
    if content.get("version") != VERSION or type(content["version"]) is not int:
        raise ValueError("This progress file has another version; version 1 can be loaded.")
    tasks = _tasks(content.get("tasks"))
    return Progress(tasks=tasks, predictions=checked(content.get("predictions"), TOPICS))


def merged(first: Progress, second: Progress) -> Progress:
    """Merge two records; if both have a prediction, the first one counts."""
    tasks = dict(first["tasks"])
    for number, record in second["tasks"].items():
        tasks[number] = _best(tasks.get(number, record), record)
    made = {topic: e for topic, e in first["predictions"].items() if e["verdict"] != "skipped"}
    return Progress(tasks=tasks, predictions=second["predictions"] | made)


def _best(first: TaskRecord, second: TaskRecord) -> TaskRecord:
    return TaskRecord(
        passed=first["passed"] or second["passed"],
        hints=max(first["hints"], second["hints"]),
        solution=first["solution"] or second["solution"],
    )


def _tasks(tasks: Any) -> dict[int, TaskRecord]:
    if type(tasks) is not dict or not set(tasks) <= {str(task.number) for task in TASKS.values()}:
        raise ValueError("The progress file is damaged: its tasks cannot be read.")
    try:
        return {int(number): _task_record(value) for number, value in tasks.items()}
    except (TypeError, KeyError) as error:
        raise ValueError("The progress file is damaged: one of its tasks is wrong.") from error


def _task_record(value: Any) -> TaskRecord:
    passed, hints, solution = (value[key] for key in ("passed", "hints", "solution"))
    if [type(passed), type(hints), type(solution)] != [bool, int, bool]:
        raise TypeError
    if not 0 <= hints <= 3 or len(value) != 3:
        raise TypeError
    return TaskRecord(passed=passed, hints=hints, solution=solution)
