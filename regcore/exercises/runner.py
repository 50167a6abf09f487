"""Run a learner's file in the sandbox, and check its answer outside of it."""

import io
import json
import re
import tokenize
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple

import sandbox
from regcore.exercises.grading import Again, AnswerError, Check, Task

OnWait = Callable[[float], object]
MAX_BYTES = 2**20
END_MARKS = "\0\x1a"  # which DOS programs append to a file


class Unreadable(Exception):
    """A file that cannot be used; the message is one sentence."""


class Report(NamedTuple):
    """The result of the check, and the text that the code printed."""

    check: Check
    printed: str


def read_source(path: Path) -> str:
    """Return the text of a Python file, with "\\n" line ends. Raises Unreadable otherwise.

    Reads UTF-8 or the encoding in a coding line, as Python does, and UTF-16 and UTF-32, with or
    without a byte order mark, as Windows programs write them.
    """
    try:
        with path.open("rb") as file:
            return _text(file.read(MAX_BYTES + 1))
    except OSError as error:
        problem = error.strerror or "the system refuses"
    except (SyntaxError, LookupError, ValueError) as error:
        problem = str(error)[:200]
    raise Unreadable(f"{path} cannot be read: {problem}.")


def _text(data: bytes) -> str:
    if len(data) > MAX_BYTES:
        raise ValueError(f"it has more than {MAX_BYTES / 2**20:g} MiB")
    encoding: str = json.detect_encoding(data)  # by its byte order mark or zero bytes
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
    """Return the encoding in the coding line (PEP 263), or utf-8."""
    readable = data.decode("ascii", "replace").encode()  # an earlier comment may not be UTF-8
    encoding, _ = tokenize.detect_encoding(io.BytesIO(readable).readline)
    if encoding != "utf-8" and "coding".encode(encoding) not in data:
        raise LookupError(f"its coding line names {encoding}, which it is not written in")
    return encoding


def check_source(task: Task, source: str, on_wait: OnWait = lambda share: None) -> Report:
    """Run `source` in a process of its own and check its answer; its errors become the verdict.

    on_wait is as for `sandbox.running`.
    """
    try:
        with sandbox.running(source, on_wait=on_wait) as code:
            answer = _answer(task, code)
            report = Report(task.check(answer), code.printed)
        objection = _objection(task.again, source, answer, on_wait) if report.check.ok else None
        return report._replace(check=Check(False, objection)) if objection else report
    except AnswerError as wrong:
        ok = None if isinstance(wrong, sandbox.MachineError) else False
        return Report(Check(ok, str(wrong)), wrong.printed)


def _objection(again: Again | None, source: str, answer: Any, on_wait: OnWait) -> str | None:
    """What a second run tells against an answer that has passed; None if it cannot be run."""
    if not again or not again.is_needed(answer):
        return None
    with suppress(AnswerError), sandbox.running(again.prelude + source, on_wait=on_wait) as code:
        return again.objection(answer, code.value("answer"))
    return None


def run_source(source: str, on_wait: OnWait = lambda share: None) -> str:
    """The text that `source` prints; AnswerError when it fails."""
    with sandbox.running(source, on_wait=on_wait) as code:
        return code.printed


def _answer(task: Task, code: Any) -> Any:
    functions = tuple(code.function(name) for name in task.functions)
    if not functions:
        return code.value("answer")
    return functions if len(functions) > 1 else functions[0]
