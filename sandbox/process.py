"""The process in which a learner's code runs, seen from the app: one line there, one line back.

Whatever the process does, `exchange` returns a line or raises AnswerError within its time, and
`end` ends every process of its group.
"""

import errno
import os
import queue
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import NoReturn

from sandbox.clock import Allowed, Clock, activity, allowed
from sandbox.codec import too_large

CHILD = Path(__file__).with_name("child.py")
NEEDED = ("SYSTEMROOT", "SYSTEMDRIVE")  # by Windows, to load any library at all
ONE_PROCESSOR = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JOBLIB_MULTIPROCESSING": "0",
}
ENDED_BY = {  # signal number -> what it means for a learner
    6: "a library gave up, for want of memory perhaps (SIGABRT)",
    9: "too much processor time or memory (SIGKILL)",
    11: "a crash, from recursion without end perhaps (SIGSEGV)",
}
LACKS = {  # error number -> what the machine lacks; a thread that cannot be started tells none
    errno.ENOSPC: "its disk is full",
    errno.EDQUOT: "your share of its disk is full",
    errno.EROFS: "its folder for temporary files cannot be written to",
    errno.ENOENT: "it has no folder for temporary files that can be written to",
    errno.EMFILE: "the app has too many files open",
    errno.ENFILE: "it has too many files open",
    errno.EAGAIN: "it runs too many processes",
    errno.ENOMEM: "its memory is used up",
    None: "it runs too many threads",
}


def _environment() -> dict[str, str]:
    """What is needed, and HOME, so that a refusal names the file that "~/file" means."""
    needed = {name: os.environ[name] for name in NEEDED if name in os.environ}
    return ONE_PROCESSOR | needed | {"HOME": home()}


def home() -> str:
    """The user's folder; "~" where there is none, and Path.home would raise."""
    return os.path.expanduser("~")  # noqa: PTH111


class AnswerError(Exception):
    """What the learner's code did, in one sentence; `printed` is what it had printed by then."""

    printed = ""


class OutOfTime(AnswerError):
    """The process was stopped because it gave no answer in its time."""


class MachineError(AnswerError):
    """The system refused the app what it needs; the learner's code is not at fault."""


@contextmanager
def blaming_the_machine() -> Iterator[None]:
    """Turn what the system refuses the app into MachineError."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = getattr(error, "errno", None)
        lack = LACKS.get(number) or os.strerror(number or 0)
        raise MachineError(
            f"This machine could not run your code, which is not at fault: {lack}."
        ) from error


@dataclass(frozen=True)
class Limits:
    """What a learner's code may use.

    wall_seconds: the time that it may sleep (where the system does not tell who sleeps: all the
    time that the app waits for it, longer on a slow machine); cpu_seconds: whole seconds of
    processor time on a fast machine, most_cpu_seconds: on the slowest; memory_bytes: its address
    space, NumPy included; file_bytes: each file, and all that it prints; output_chars: what is
    shown of the latter; result_bytes: each value that it returns.
    """

    wall_seconds: float = 20.0
    cpu_seconds: int = 10
    most_cpu_seconds: int = 60
    memory_bytes: int = 2**31
    file_bytes: int = 2**20
    output_chars: int = 10_000
    result_bytes: int = 2**22


class Process:
    """A running `child.py` in a new folder below `place`."""

    def __init__(self, place: Path, limits: Limits) -> None:
        self.limits = limits
        self._longest_line = limits.result_bytes + 2_000
        self._over = ""  # why it has been ended
        self._talk = Thread()
        # opened once, and never again by its name: the code may put something else in its place
        self._output = (place / "printed").open("w+b", buffering=0)
        try:
            self._popen = self._start(place)
        except BaseException:
            self._output.close()
            raise

    def _start(self, place: Path) -> subprocess.Popen:
        folder = place / "folder"
        folder.mkdir()
        with (place / "printed").open("ab") as output:
            return subprocess.Popen(
                # -u: what is printed is kept, however the process ends
                [sys.executable, "-I", "-B", "-u", "-X", "utf8", str(CHILD)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=folder,
                env=_environment(),
                start_new_session=True,
            )

    def printed(self) -> str:
        """Return the start of what was printed, at least one character more than is shown."""
        if self._over:
            return self._printed
        self._output.seek(0)
        return self._output.read(4 * (self.limits.output_chars + 1)).decode("utf-8", "replace")

    def grant(self, time: Allowed, on_wait: Callable[[float], object]) -> None:
        """Set what all the following exchanges may take together.

        on_wait gets the share of it that is used, 20 times a second; it may raise.
        """
        self._clock = Clock(time, lambda: activity(self._popen.pid))
        self._on_wait = on_wait

    def allowed(self, cpu_limit: int) -> Allowed:
        """Return what fits the limits, where the system holds the process to `cpu_limit`."""
        seen = activity(self._popen.pid) is not None
        return allowed(self.limits.wall_seconds, self.limits.cpu_seconds, cpu_limit, seen)

    def exchange(self, request: bytes) -> bytes:
        """Send one line and return the line that answers it, within the limits."""
        if self._over:
            raise AnswerError(self._over)
        answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # a thread, because a pipe has no deadline: neither to write to nor to read from
        self._talk = Thread(target=self._send_and_read, args=(request, answers), daemon=True)
        with blaming_the_machine():
            self._talk.start()
        line = self._await(answers)
        if len(line) >= self._longest_line:
            self.stop(f"Your code returned {too_large(self.limits.result_bytes)}.")
        if not line.endswith(b"\n"):
            self.stop(self._how_it_ended())
        return line

    def _send_and_read(self, request: bytes, answers: queue.SimpleQueue[bytes]) -> None:
        there, back = self._popen.stdin, self._popen.stdout
        assert there and back
        try:
            there.write(request)
            there.flush()
            answers.put(back.readline(self._longest_line))
        except (OSError, ValueError):  # the process has ended, or closed its side
            answers.put(b"")

    def _await(self, answers: queue.SimpleQueue[bytes]) -> bytes:
        self._clock.resume()
        line = None
        while line is None:
            with suppress(queue.Empty):
                line = answers.get(timeout=0.05)
            self._clock.tick()
            self._on_wait(self._clock.share)
            if line is None and (why := self._clock.verdict()):
                self.end(why)
                raise OutOfTime(why)
            if os.fstat(self._output.fileno()).st_size >= self.limits.file_bytes:
                self.stop(f"Your code printed {too_large(self.limits.file_bytes)}.")
        return line

    def _how_it_ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(1)
        status = self._popen.returncode
        if status is None:
            return "Your code closed its line to the app, so that no answer came."
        if status >= 0:
            return f"Your code ended its own process (exit code {status}); no answer came."
        cause = ENDED_BY.get(-status, f"signal {-status}")
        return f"Your code was ended by the system: {cause}."

    def stop(self, sentence: str) -> NoReturn:
        """End the process, for the reason that the sentence gives; raise AnswerError with it."""
        self.end(sentence)
        raise AnswerError(sentence)

    def end(self, why: str = "Your code has ended.") -> None:
        """End every process of the group, whatever they are doing."""
        if self._over:
            return
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # all of them have ended already
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.kill()
        self._popen.wait()
        self._printed = self.printed()
        self._output.close()
        self._over = why
        self._close()

    def _close(self) -> None:
        if self._talk.ident:
            self._talk.join(1)
        if self._talk.is_alive():  # a process that left the group holds the pipe open
            return
        for pipe in (self._popen.stdin, self._popen.stdout):
            with suppress(OSError):  # a request that never left
                pipe.close()  # type: ignore[union-attr]
