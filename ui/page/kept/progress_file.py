"""Progress: a learner's record as a small JSON file that can be loaded again.

{"file": "Regularization Lab progress", "version": 1,
 "tasks": {"4": {"passed": true, "hints": 2, "solution": false}},
 "code": {"4": "print(1)"},
 "predictions": {"l2": {"verdict": "near", "said": "smaller", "was": "same"}},
 "pins": {"no tools": {"hidden_sizes": [64], "lr": 0.1, ...}},
 "drawings": {"l2": {"values": [0.7, 0.69, ...], "about": "1f0c...", "last": 5000, ...}},
 "twins": {"l2": {"verdict": "right", "said": "without L2", "was": "without L2"}}}

Files from before there were pins, drawings or twins have none; the version is the same.
"""

import json
from collections.abc import Callable
from copy import deepcopy
from math import ceil
from time import sleep
from typing import Any, TypedDict

from regcore.exercises import MAX_SOURCE, TASKS, numbered
from ui.exercises import drafts
from ui.navigation import TOPICS
from ui.sections import pinned_runs
from ui.sections.drawing import stored
from ui.sections.quiz.entries import ENTRIES
from ui.session import DrawnCurve, Pin, TaskRecord, state
from ui.verdicts import Record, checked

MAX_BYTES = 50_000 + len(TASKS) * 6 * MAX_SOURCE  # JSON writes a character in up to six bytes
MAX_MB = ceil(MAX_BYTES / 10**6)  # that a browser may send
KIND, VERSION = "Regularization Lab progress", 1
ON_ITS_WAY = 0.5  # s, at most, from the press of a button until a draft is kept


class Progress(TypedDict):
    """Records and code by task number; predictions, drawings and twins by topic; pinned runs."""

    tasks: dict[int, TaskRecord]
    code: dict[int, str]
    predictions: Record
    pins: list[Pin]
    drawings: dict[str, DrawnCurve]
    twins: Record


def of_session() -> Progress:
    """Return the progress of this session, without untouched tasks and starters."""
    return _progress(*_parts())


def download() -> Callable[[], str]:
    """Return a function that returns the progress file as it is when the function is called.

    Streamlit calls it outside the session, in a thread of its own, at the press of a button. What
    was typed just before the press is on its way then: the editor sends it with the press.
    """
    parts = _parts()

    def file() -> str:
        sleep(ON_ITS_WAY)
        return dumps(_progress(*parts))

    return file


def _parts() -> tuple[dict, dict, dict, list[Pin], dict, dict]:
    kept = state()
    tasks, predictions = kept.setdefault("tasks", {}), kept.setdefault("predictions", {})
    written, drawings = kept.setdefault("drafts", {}), kept.setdefault("drawings", {})
    pins, twins = kept.setdefault("pins", []), kept.setdefault("twins", {})
    return tasks, written, predictions, pins, drawings, twins


def _progress(
    tasks: dict, written: dict, predictions: Record, pins: list[Pin], drawings: dict, twins: Record
) -> Progress:
    return Progress(
        tasks={n: deepcopy(record) for n, record in sorted(tasks.items()) if any(record.values())},
        code=drafts.written(written),
        predictions=deepcopy(predictions),
        pins=list(pins),
        drawings=dict(drawings),
        twins=deepcopy(twins),
    )


def into_session(progress: Progress) -> None:
    """Replace the progress of this session, in place: a download on offer holds its parts."""
    tasks, _, predictions, pins, drawings, twins = _parts()
    pins[:] = progress["pins"]
    for kept, loaded in (
        (tasks, progress["tasks"]),
        (predictions, progress["predictions"]),
        (drawings, progress["drawings"]),
        (twins, progress["twins"]),
    ):
        kept.clear()
        kept.update(loaded)
    for number, text in progress["code"].items():
        if drafts.of(numbered(number)).text != text:
            drafts.put(numbered(number), text)
    state()["guesses"] = {}


def dumps(progress: Progress) -> str:
    """Return the progress file."""
    pins = pinned_runs.as_json(progress["pins"])
    drawings = stored.as_json(progress["drawings"])
    content = {"file": KIND, "version": VERSION, **progress, "pins": pins, "drawings": drawings}
    return json.dumps(content, indent=1, allow_nan=False, ensure_ascii=False)


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
        raise ValueError("This progress file has another version; only version 1 can be loaded.")
    tasks, code = _tasks(content.get("tasks")), _code(content.get("code", {}))
    made = checked(content.get("predictions"), TOPICS)
    pins = pinned_runs.from_json(content.get("pins", {}))
    drawings = _drawings(content.get("drawings", {}))
    twins = checked(content.get("twins", {}), list(ENTRIES))
    return Progress(
        tasks=tasks, code=code, predictions=made, pins=pins, drawings=drawings, twins=twins
    )


def merged(first: Progress, second: Progress) -> Progress:
    """Merge two records; what was passed stays passed.

    If both have code, a prediction, a drawing or a pin of the same name, the first one counts.
    """
    tasks = dict(first["tasks"])
    for number, record in second["tasks"].items():
        tasks[number] = _best(tasks.get(number, record), record)
    return Progress(
        tasks=tasks,
        code=second["code"] | first["code"],
        predictions=second["predictions"] | _given(first["predictions"]),
        pins=pinned_runs.merged(first["pins"], second["pins"]),
        drawings=second["drawings"] | first["drawings"],
        twins=second["twins"] | _given(first["twins"]),
    )


def _given(record: Record) -> Record:
    return {topic: entry for topic, entry in record.items() if entry["verdict"] != "skipped"}


def _best(first: TaskRecord, second: TaskRecord) -> TaskRecord:
    return TaskRecord(
        passed=first["passed"] or second["passed"],
        hints=max(first["hints"], second["hints"]),
        solution=first["solution"] or second["solution"],
    )


def _code(code: Any) -> dict[int, str]:
    if not _by_number(code):
        raise ValueError("The progress file is damaged: its code cannot be read.")
    texts = {int(number): drafts.normalized(text) for number, text in code.items()}
    if None in texts.values():
        raise ValueError("The progress file is damaged: the code of one task is not valid text.")
    return {number: text for number, text in texts.items() if text is not None}


def _drawings(drawings: Any) -> dict[str, DrawnCurve]:
    try:
        return stored.from_json(drawings, TOPICS)
    except TypeError as error:
        raise ValueError(str(error)) from error


def _by_number(value: Any) -> bool:
    numbers = {str(task.number) for task in TASKS.values()}
    return type(value) is dict and set(value) <= numbers


def _tasks(tasks: Any) -> dict[int, TaskRecord]:
    if not _by_number(tasks):
        raise ValueError("The progress file is damaged: its tasks cannot be read.")
    try:
        return {int(number): task_record(value) for number, value in tasks.items()}
    except (TypeError, KeyError) as error:
        raise ValueError("The progress file is damaged: one of its tasks is wrong.") from error


def task_record(value: Any) -> TaskRecord:
    """Return a checked record of one task. Raises TypeError or KeyError if it is none."""
    passed, hints, solution = (value[key] for key in ("passed", "hints", "solution"))
    if [type(passed), type(hints), type(solution)] != [bool, int, bool]:
        raise TypeError
    if not 0 <= hints <= 3 or len(value) != 3:
        raise TypeError
    return TaskRecord(passed=passed, hints=hints, solution=solution)
