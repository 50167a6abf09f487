"""Runs a learner's code in a process of its own, and asks it for values.

    with sandbox.running(source) as code:
        early_stopping = code.function("early_stopping")
        early_stopping([1.0, 0.5], 3, 0.0)

This limits accidents: a loop without end, an array without end, a file that is deleted by
mistake. `held` tells what the kernel holds, whatever the code does; where it does not hold files,
they are watched by Python alone, in the learner's own process. Never run a stranger's code with it.
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
    MachineError,
    OutOfTime,
    Process,
    blaming_the_machine,
    home,
)

DEFAULT = Limits()
MOST_SOURCE = 20_000  # characters
MOST_SAID = 300
START_SECONDS = 60.0  # NumPy is loaded in 0.15 s; a classroom's machine may be busy
MARK = re.compile("^\ufeff+", re.MULTILINE)  # of a file that was pasted
STARTING = Allowed(START_SECONDS, START_SECONDS, START_SECONDS)


def limits_enforced() -> bool:
    """Whether the system itself holds all limits; elsewhere only the wall clock is sure."""
    return sys.platform == "linux"


class Held(NamedTuple):
    """What the system itself holds, whatever the code does; the rest is held by Python alone.

    limits: time, memory, number of processes; files: which are read and changed (Landlock, and
    seccomp for modes and times); processes: that no other is reached, no socket opened (seccomp).
    """

    limits: bool
    files: bool
    processes: bool


@cache
def held() -> Held:
    """Ask this system what it holds."""
    by_seccomp = seccomp.available()
    return Held(limits_enforced(), by_seccomp and landlock.abi() > 0, by_seccomp)


@contextmanager
def running(
    source: str, limits: Limits = DEFAULT, on_wait: Callable[[float], object] = lambda share: None
) -> "Iterator[Code]":
    """Start a process, execute `source` in it, and end it with all its doings afterwards.

    on_wait gets the share of its time that is used, 20 times a second: the largest of the shares
    of computing, of sleeping and of all. It may raise, which is how a click interrupts. Raises
    AnswerError when the source cannot be run to its end.
    """
    _check(source)
    with blaming_the_machine():
        prefix = f"{gettempprefix()}answer-"
        folder = TemporaryDirectory(prefix=prefix, ignore_cleanup_errors=True)
    with folder as place:
        with blaming_the_machine():
            process = Process(Path(place), limits)
        code = Code(process)
        try:
            code._start(on_wait)
            code._ask("run", MARK.sub("", source))
            yield code
        except AnswerError as error:
            error.printed = code.printed if code.started else ""  # its own traceback, if any
            raise
        finally:
            process.end()


def _library_path() -> list[str]:
    """Where this process finds packages, for the learner's to find the same.

    Left out is where scripts lie rather than packages, which a learner's code is not to read: the
    working folder, and whatever has the project, the home or the temporary folder in it.
    """
    private = (str(Path(__file__).resolve().parent), home(), gettempdir(), str(Path.cwd()))
    places = [Path(entry).resolve() for entry in sys.path if entry]
    return [
        str(place) for place in places if not any(Path(p).is_relative_to(place) for p in private)
    ]


def _check(source: str) -> None:
    if len(source) > MOST_SOURCE:
        raise AnswerError(
            f"Your code has {len(source):,} characters; at most {MOST_SOURCE:,} are run."
        )
    if "\0" in source:
        raise AnswerError("Your code contains a NUL character, which Python does not read.")


class Code:
    """A learner's module that runs elsewhere. Made by `running`.

    Every method raises AnswerError when the code fails, or when it has ended.
    """

    def __init__(self, process: Process) -> None:
        self._process = process
        self.started = False

    def function(self, name: str) -> Callable[..., Any]:
        """Return a function that calls the learner's; arguments and result travel as data."""
        self._ask("function", name)
        return lambda *args: self._ask("call", name, *map(encode, args))

    def value(self, name: str) -> Any:
        """Return the value of a variable of the learner's module."""
        return self._ask("value", name)

    @property
    def printed(self) -> str:
        """What the code has printed so far; control characters are replaced, a cut is noted."""
        most = self._process.limits.output_chars
        text = self._process.printed().replace("\r\n", "\n").replace("\r", "\n")
        note = f"\n… (cut after {most:,} characters)" if len(text) > most else ""
        return "".join(c if c.isprintable() or c in "\n\t" else "�" for c in text[:most]) + note

    def _start(self, on_wait: Callable[[float], object]) -> None:
        limits = self._process.limits
        self._process.grant(STARTING, lambda share: on_wait(0.0))
        setup = {"limits": asdict(limits), "path": _library_path()}
        try:
            cpu_limit = self._ask("ready", setup) or limits.cpu_seconds
        except MachineError:
            raise
        except OutOfTime:
            raise AnswerError(
                f"This machine is busy: the process for your code did not start within "
                f"{STARTING.total:g} s. Try again when other programs are done."
            ) from None
        except AnswerError as error:  # not the code's fault: nothing of it has been read
            why = self._process.printed().strip().rpartition("\n")[2] or str(error)
            raise AnswerError(
                f"The process for your code could not be started: {_one_line(why).rstrip('.')}."
            ) from error
        self._process.grant(self._process.allowed(cpu_limit), on_wait)
        self.started = True

    def _ask(self, *request: Any) -> Any:
        line = self._process.exchange(json.dumps(request).encode() + b"\n")
        try:
            answer = json.loads(line)
            if "error" not in answer:
                return decode(answer["value"])
            said = _one_line(str(answer["error"]))
        except (ValueError, TypeError, LookupError, RecursionError):  # sent by the learner's code
            self._process.stop("Your code sent the app something that is no answer.")
        raise AnswerError(said)


def _one_line(text: str) -> str:
    """One printable line of at most MOST_SAID characters: the text may be the learner's."""
    line = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    return line if len(line) <= MOST_SAID else line[: MOST_SAID - 1] + "…"
