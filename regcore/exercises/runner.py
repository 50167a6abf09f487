"""From a file that a learner wrote to a check: the code runs in the sandbox, the check outside."""

import io
import json
import re
import tokenize
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import sandbox
from regcore.exercises.grading import AnswerError, Check, Task

OnWait = Callable[[float], object]
MOST_BYTES = 2**20
END_MARKS = "\0\x1a"  # what DOS programs put behind the last line


class Unreadable(Exception):
    """Why a file cannot be used, in one sentence."""


class Report(NamedTuple):
    """What the check says, and what the code printed."""

    check: Check
    printed: str


def read_source(path: Path) -> str:
    """Return the text of a Python file, with "\\n" between its lines; Unreadable if there is none.

    Reads UTF-8 and what a coding line names, as Python does, and UTF-16 and UTF-32, with or
    without a mark, as Windows programs save text.
    """
    try:
        with path.open("rb") as file:
            return _text(file.read(MOST_BYTES + 1))
    except OSError as error:
        problem = error.strerror or "the system refuses"
    except (SyntaxError, LookupError, ValueError) as error:
        problem = str(error)[:200]
    raise Unreadable(f"{path} cannot be read: {problem}.")


def _text(data: bytes) -> str:
    if len(data) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES / 2**20:g} MiB")
    encoding: str = json.detect_encoding(data)  # by its mark, or by zeros among the first bytes
    if encoding == "utf-8":
        data = re.sub(rb"\r\n?", b"\n", data)
        encoding = _declared_encoding(data)
    try:
        text = re.sub("\r\n?", "\n", data.decode(encoding)).lstrip("\ufeff")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise ValueError(f"line {line} is not {encoding}; save the file as UTF-8") from None
    body = text.rstrip(END_MARKS + "\n")
    return body + re.sub(f"[{END_MARKS}]", "", text[len(body) :])


def _declared_encoding(data: bytes) -> str:
    """Return what a coding line names (PEP 263), or utf-8."""
    readable = data.decode("ascii", "replace").encode()  # a comment above it may not be UTF-8
    encoding, _ = tokenize.detect_encoding(io.BytesIO(readable).readline)
    if encoding != "utf-8" and "coding".encode(encoding) not in data:
        raise LookupError(f"its coding line names {encoding}, which it is not written in")
    return encoding


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
