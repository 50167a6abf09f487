"""The app's side of the process in which a learner's code runs: one line sent, one line back.

Whatever the process does, `exchange` returns a line or raises AnswerError within the time limit,
and `end` ends every process of its group.
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

BOOTSTRAP = Path(__file__).with_name("bootstrap.py")
REQUIRED_VARIABLES = ("SYSTEMROOT", "SYSTEMDRIVE")  # Windows cannot load libraries without them
SINGLE_THREADED = {
    **dict.fromkeys(("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"), "1"),
    "JOBLIB_MULTIPROCESSING": "0",
}
SIGNAL_CAUSES = {  # signal number -> its probable cause, for a learner
    6: "a library gave up, for want of memory perhaps (SIGABRT)",
    9: "too much processor time or memory (SIGKILL)",
    11: "a crash, from recursion without end perhaps (SIGSEGV)",
}
SHORTAGES = {  # errno -> what the machine lacks; None: a thread could not start, which has no errno
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


def home() -> str:
    """Return the user's home folder, or "~" where there is none (Path.home would raise)."""
    return os.path.expanduser("~")  # noqa: PTH111


class AnswerError(Exception):
    """What went wrong in the learner's code, in one sentence; `printed`: its output until then."""

    printed = ""


class OutOfTime(AnswerError):
    """The process was stopped because it gave no answer within the time limit."""


class MachineError(AnswerError):
    """The system refused a resource to the app; the learner's code is not at fault."""


class MachineBusy(MachineError):
    """Other programs left the learner's code too little processor time."""


@contextmanager
def translate_system_errors() -> Iterator[None]:
    """Raise MachineError where the system refuses a resource to the app."""
    try:
        yield
    except (OSError, RuntimeError) as error:
        number = getattr(error, "errno", None)
        shortage = SHORTAGES.get(number) or os.strerror(number or 0)
        raise MachineError(
            f"This machine could not run your code, which is not at fault: {shortage}."
        ) from error


@dataclass(frozen=True)
class Limits:
    """The resources that a learner's code may use."""

    wall_seconds: float = 20.0  # of sleep; or in total, where `Clock` cannot tell sleep from work
    cpu_seconds: int = 10  # of processor time, on a fast machine
    most_cpu_seconds: int = 60  # on the slowest
    memory_bytes: int = 2**31  # of address space, with NumPy
    file_bytes: int = 2**20  # of each file, and of all its output
    output_chars: int = 10_000  # of the output are shown
    result_bytes: int = 2**22  # of each value that it returns


class Process:
    """A running `bootstrap.py` in a new folder in `parent`."""

    def __init__(self, parent: Path, limits: Limits) -> None:
        self.limits = limits
        self._max_line = limits.result_bytes + 2_000
        self._end_reason = ""  # "" while it runs
        self._thread = Thread()
        # never opened by name again: the learner's code may replace the file
        self._output = (parent / "printed").open("w+b", buffering=0)
        try:
            self._popen = self._start(parent)
        except BaseException:
            self._output.close()
            raise

    def _start(self, parent: Path) -> subprocess.Popen:
        folder = parent / "folder"
        folder.mkdir()
        required = {name: os.environ[name] for name in REQUIRED_VARIABLES if name in os.environ}
        with (parent / "printed").open("ab") as output:
            return subprocess.Popen(
                # -u: unbuffered, so that output is kept however the process ends
                [sys.executable, "-I", "-B", "-u", "-X", "utf8", str(BOOTSTRAP)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=output,
                cwd=folder,
                # HOME: so that errors name the file behind "~/file"
                env=SINGLE_THREADED | required | {"HOME": home()},
                start_new_session=True,
            )

    def printed(self) -> str:
        """Return the start of the output, at least one character more than is shown."""
        if self._end_reason:
            return self._printed
        self._output.seek(0)
        return self._output.read(4 * (self.limits.output_chars + 1)).decode("utf-8", "replace")

    def grant(self, time: Allowed, on_wait: Callable[[float], object]) -> None:
        """Set the time for all following exchanges together; on_wait gets its used share."""
        self._clock = Clock(time, lambda: activity(self._popen.pid))
        self._on_wait = on_wait

    def allowed(self, cpu_limit: int) -> Allowed:
        """Return the allowed times where `cpu_limit` is the limit on processor time."""
        observable = activity(self._popen.pid) is not None
        return allowed(self.limits.wall_seconds, self.limits.cpu_seconds, cpu_limit, observable)

    def exchange(self, request: bytes) -> bytes:
        """Send one line and return the answering line, within the limits."""
        if self._end_reason:
            raise AnswerError(self._end_reason)
        answers: queue.SimpleQueue[bytes] = queue.SimpleQueue()
        # in a thread, because neither writing to nor reading from a pipe has a timeout
        self._thread = Thread(target=self._send_and_read, args=(request, answers), daemon=True)
        with translate_system_errors():
            self._thread.start()
        line = self._await(answers)
        if len(line) >= self._max_line:
            self.stop(f"Your code returned {too_large(self.limits.result_bytes)}.")
        if not line.endswith(b"\n"):
            self.stop(self._end_sentence())
        return line

    def _send_and_read(self, request: bytes, answers: queue.SimpleQueue[bytes]) -> None:
        stdin, stdout = self._popen.stdin, self._popen.stdout
        assert stdin and stdout
        try:
            stdin.write(request)
            stdin.flush()
            answers.put(stdout.readline(self._max_line))
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
            if line is None and (reason := self._clock.verdict()):
                self.end(reason)
                raise (MachineBusy if self._clock.is_starved else OutOfTime)(reason)
            if os.fstat(self._output.fileno()).st_size >= self.limits.file_bytes:
                self.stop(f"Your code printed {too_large(self.limits.file_bytes)}.")
        return line

    def _end_sentence(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            self._popen.wait(1)
        status = self._popen.returncode
        if status is None:
            return "Your code closed its line to the app, so that no answer came."
        if status >= 0:
            return f"Your code ended its own process (exit code {status}); no answer came."
        cause = SIGNAL_CAUSES.get(-status, f"signal {-status}")
        return f"Your code was ended by the system: {cause}."

    def stop(self, sentence: str) -> NoReturn:
        """End the process and raise AnswerError with the sentence."""
        self.end(sentence)
        raise AnswerError(sentence)

    def end(self, reason: str = "Your code has ended.") -> None:
        """Kill every process of the group; later exchanges raise AnswerError with the reason."""
        if self._end_reason:
            return
        if hasattr(os, "killpg"):
            with suppress(ProcessLookupError, PermissionError):  # they have all ended
                os.killpg(self._popen.pid, signal.SIGKILL)
        self._popen.kill()
        self._popen.wait()
        self._printed = self.printed()
        self._output.close()
        self._end_reason = reason
        if self._thread.ident:
            self._thread.join(1)
        if self._thread.is_alive():  # a process outside the group keeps the pipe open
            return
        for pipe in (self._popen.stdin, self._popen.stdout):
            with suppress(OSError):  # an unsent request
                pipe.close()  # type: ignore[union-attr]
