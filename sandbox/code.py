"""Run a learner's code in its own process and ask it for values.

    with sandbox.running(source) as code:
        early_stopping = code.function("early_stopping")
        early_stopping([1.0, 0.5], 3, 0.0)

This limits accidents: an endless loop, a huge array, a file deleted by mistake. `held` returns
what the kernel enforces. Where it does not protect files, only an audit hook in the learner's own
process does. Never run a stranger's code with it.
"""

import json
import re
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, gettempdir, gettempprefix
from typing import Any, NamedTuple

from sandbox import landlock, seccomp
from sandbox.clock import Allowed
from sandbox.codec import decode, encode
from sandbox.process import (
    AnswerError,
    Limits,
    MachineBusy,
    MachineError,
    OutOfTime,
    Process,
    home,
    translate_system_errors,
)

DEFAULT_LIMITS = Limits()
MAX_SOURCE = 20_000  # characters
MAX_SENTENCE = 300  # characters
START_SECONDS = 60.0  # loading NumPy takes 0.15 s, but a classroom's machine may be busy
BYTE_ORDER_MARK = re.compile("^\ufeff+", re.MULTILINE)  # in text pasted from a file
START_LIMITS = Allowed(START_SECONDS, START_SECONDS, START_SECONDS)


class Held(NamedTuple):
    """What the system itself enforces; for the rest there is only the audit hook in Python."""

    limits: bool  # of processor time, memory and processes; elsewhere, only the wall clock is sure
    files: bool  # which ones are read and changed (Landlock, and seccomp for modes and times)
    processes: bool  # no access to others, no sockets (seccomp)


@cache
def held() -> Held:
    """Return what this system enforces."""
    by_seccomp = seccomp.available()
    return Held(sys.platform == "linux", by_seccomp and landlock.abi() > 0, by_seccomp)


@contextmanager
def running(
    source: str,
    limits: Limits = DEFAULT_LIMITS,
    on_wait: Callable[[float], object] = lambda share: None,
) -> "Iterator[Code]":
    """Execute `source` in a new process; afterwards end its process group and delete its folder.

    20 times a second, on_wait gets the share of the allowed time that is used; it may raise.
    Raises AnswerError when the source cannot be run to its end.
    """
    _check(source)
    with translate_system_errors():
        folder = TemporaryDirectory(prefix=f"{gettempprefix()}answer-", ignore_cleanup_errors=True)
    with folder as path:
        with translate_system_errors():
            process = Process(Path(path), limits)
        code = Code(process)
        try:
            code._start(on_wait)
            code._ask("run", BYTE_ORDER_MARK.sub("", source))
            yield code
        except AnswerError as error:
            error.printed = code.printed if code.started else ""  # else a traceback of ours
            raise
        finally:
            process.end()


def _library_path() -> list[str]:
    """Return this process's package folders, except those that contain a private folder."""
    private = (str(Path(__file__).resolve().parent), home(), gettempdir(), str(Path.cwd()))
    folders = [Path(entry).resolve() for entry in sys.path if entry]
    return [
        str(folder)
        for folder in folders
        if not any(Path(path).is_relative_to(folder) for path in private)
    ]


def _check(source: str) -> None:
    if len(source) > MAX_SOURCE:
        raise AnswerError(
            f"Your code has {len(source):,} characters; at most {MAX_SOURCE:,} are run."
        )
    if "\0" in source:
        raise AnswerError("Your code contains a NUL character, which Python does not read.")


class Code:
    """A learner's module in another process. AnswerError is raised when it fails or has ended."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self.started = False

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function that calls the learner's; arguments and result are sent as data."""
        self._ask("function", name)
        return lambda *args: self._ask("call", name, *map(encode, args))

    def value(self, name: str) -> Any:
        """Return the value of a variable of the learner's module."""
        return self._ask("value", name)

    @property
    def printed(self) -> str:
        """The code's output so far; control characters are replaced, and a note marks a cut."""
        max_chars = self._process.limits.output_chars
        text = self._process.printed().replace("\r\n", "\n").replace("\r", "\n")
        note = f"\n… (cut after {max_chars:,} characters)" if len(text) > max_chars else ""
        shown = "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text[:max_chars])
        return shown + note

    def _start(self, on_wait: Callable[[float], object]) -> None:
        limits = self._process.limits
        self._process.grant(START_LIMITS, lambda share: on_wait(0.0))
        setup = {"limits": asdict(limits), "path": _library_path()}
        try:
            cpu_limit = self._ask("ready", setup) or limits.cpu_seconds
        except (MachineBusy, OutOfTime):
            raise MachineBusy(
                f"This machine is busy: the process for your code did not start within "
                f"{START_LIMITS.total:g} s. Try again when other programs are done."
            ) from None
        except MachineError:
            raise
        except AnswerError as error:  # not the code's fault: it has not been read yet
            cause = self._process.printed().strip().rpartition("\n")[2] or str(error)
            raise MachineError(
                f"The process for your code could not be started: {_one_line(cause).rstrip('.')}."
            ) from error
        self._process.grant(self._process.allowed(cpu_limit), on_wait)
        self.started = True

    def _ask(self, *request: Any) -> Any:
        line = self._process.exchange(json.dumps(request).encode() + b"\n")
        try:
            answer = json.loads(line)
            if "error" not in answer:
                return decode(answer["value"])
            sentence = _one_line(str(answer["error"]))
        except (ValueError, TypeError, LookupError, RecursionError):  # forged by the learner's code
            self._process.stop("Your code sent the app something that is no answer.")
        raise AnswerError(sentence)


def _one_line(text: str) -> str:
    """Return the text, which may be the learner's, as one printable line, cut if too long."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MAX_SENTENCE else line[: MAX_SENTENCE - 1] + "…"
