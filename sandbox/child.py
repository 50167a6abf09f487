"""The learner's module inside its process, and the sentence for each error in it.

Only `sandbox.bootstrap` loads this, before it runs the learner's code.
"""

import builtins
import errno
import io
import linecache
import os
import re
import signal
import sys
import warnings
from importlib.util import spec_from_file_location
from pathlib import Path
from traceback import walk_tb
from types import FrameType, ModuleType, TracebackType
from typing import Any, NoReturn

from sandbox import audit_hook, codec, landlock, seccomp
from sandbox.limits import MAX_DESCRIPTORS, end_with_parent, leave_root, set_limits
from sandbox.speed import cpu_limit

PROJECT = Path(__file__).resolve().parents[1]
LESSON = PROJECT / "regcore"  # the only package of the project that learners can import
LEARNER_FILE = "my_answer.py"
MAX_SENTENCE = 1000  # characters
BUILTINS = dict(vars(builtins))
SHORT_WRITE = re.compile(r"\d+ requested and \d+ written")  # NumPy's error has no errno
TOO_DEEP = "an expression is nested too deeply for Python to read"
NO_DEBUGGER = "nobody is here to type to the debugger; take breakpoint() or pdb out"


class LearnerError(Exception):
    """An error whose message is the complete sentence, with its line number if any."""


class OutOfTime(BaseException):
    """The processor time is used up."""


class Learner:
    """The learner's module, and the requests that it answers."""

    def __init__(self, limits: dict[str, Any]) -> None:
        self.limits = limits
        self.module = ModuleType("my_answer")
        self.reserve = [bytearray(2**24)]  # freed to report an error when memory has run out

    def run(self, source: str) -> None:
        """Execute the learner's source, without any block under `if __name__ == "__main__"`."""
        sys.modules["__main__"] = sys.modules["my_answer"] = self.module
        code = _compile(source)
        lines = io.StringIO(source, newline=None).readlines()  # a form feed does not end a line
        linecache.cache[LEARNER_FILE] = (len(source), None, lines, LEARNER_FILE)  # for warnings
        exec(code, vars(self.module))

    def function(self, name: str) -> None:
        """Raise LearnerError if there is no such function."""
        if not callable(self._find(name)):
            kind = codec.with_article(codec.name_of(type(self._find(name))))
            raise LearnerError(f"{name} is no function in your code, but {kind}.")

    def value(self, name: str) -> Any:
        """Return a variable, encoded."""
        return self._encode(self._find(name), f"{name} is")

    def call(self, name: str, *args: Any) -> Any:
        """Return what the function returns, encoded."""
        args = codec.decode(list(args), generators=True)
        return self._encode(self._find(name)(*args), f"{name} returned")

    def _find(self, name: str) -> Any:
        if name not in vars(self.module):
            raise LearnerError(f"Your code does not define {name}.")
        return vars(self.module)[name]

    def _encode(self, value: Any, subject: str) -> Any:
        try:
            return codec.encode(value, self.limits["result_bytes"])
        except codec.NotPlain as error:
            raise LearnerError(f"{subject} {error}.") from None

    def answer(self, method: str, *args: Any) -> dict[str, Any]:
        """Call a method of this class; return its value, or one sentence for any error."""
        try:
            return {"value": getattr(self, method)(*args)}
        except BaseException as error:
            self.reserve.clear()
            builtins.__dict__.update(BUILTINS)
            return {"error": self._sentence(error)}

    def _sentence(self, error: BaseException) -> str:
        line = line_of(sys.exc_info()[2])
        try:
            message = self._description(error)
        except BaseException:  # the methods of a learner's exception may fail
            message = f"{codec.name_of(type(error))}, which cannot be shown"
        if type(error) is LearnerError:
            return message
        message = message[:MAX_SENTENCE]
        return f"Line {line}: {message}" if line else message[:1].upper() + message[1:]

    def _description(self, error: BaseException) -> str:
        match error:
            case LearnerError() | audit_hook.Forbidden():
                return str(error)
            case SystemExit():
                return "your code called sys.exit; an exercise has to run to its end"
            case OutOfTime():
                seconds = self.limits["cpu_seconds"]
                return f"still running after {seconds} s of computing; is there a loop without end?"
            case MemoryError() if "too complex" in str(error):
                return TOO_DEEP
            case MemoryError():
                gib = self.limits["memory_bytes"] / 2**30
                return f"out of memory; your code may use {gib:.3g} GiB"
            case EOFError():
                return "nobody is here to answer input(); use what the function is given"
            case BlockingIOError():
                return "your code tried to start a process; an exercise may not"
            case PermissionError():
                return f"your code tried what the system forbids an exercise ({error})"
            case OSError():
                return self._os_error_description(error)
        name = codec.name_of(type(error))
        return NO_DEBUGGER if name == "BdbQuit" else f"{name}: {error}".removesuffix(": ")

    def _os_error_description(self, error: OSError) -> str:
        number = error.errno
        if number is None and SHORT_WRITE.search(str(error)):
            is_full = hasattr(os, "statvfs") and os.statvfs(".").f_bavail == 0
            number = errno.ENOSPC if is_full else errno.EFBIG
        match number:
            case errno.EFBIG:
                return f"more than {self.limits['file_bytes'] / 2**20:.3g} MiB in one file"
            case errno.ENOSPC | errno.EDQUOT:
                return "this machine's disk is full, which is no fault of your code"
            case errno.ENFILE:
                return "this machine has too many files open, which is no fault of your code"
            case errno.EMFILE:
                return f"more than {MAX_DESCRIPTORS} files open at once"
        return f"{codec.name_of(type(error))}: {error}"


def _compile(source: str) -> Any:
    try:
        return compile(source, LEARNER_FILE, "exec", dont_inherit=True)
    except SyntaxError as error:
        text = f": `{error.text.strip()}`" if error.text else ""
        raise LearnerError(f"Line {error.lineno}: {error.msg}{text}") from None
    except (MemoryError, RecursionError):  # a source of at most MAX_SOURCE never uses up memory
        raise LearnerError(f"Your code does not run: {TOO_DEEP}.") from None


def line_of(trace: TracebackType | None) -> int | None:
    """Return the current line of the deepest frame in the learner's source."""
    deepest = None
    for frame, line in walk_tb(trace):  # not a list: there may be millions of frames, and no memory
        if frame.f_code.co_filename == LEARNER_FILE:
            deepest = line
    return deepest


def out_of_time(number: int, frame: FrameType | None) -> None:
    """Handle SIGXCPU once, in the learner's code; the system kills the process 1 s later."""
    while frame and frame.f_code.co_filename != LEARNER_FILE:
        frame = frame.f_back
    if frame:
        signal.signal(number, signal.SIG_IGN)
        raise OutOfTime


class _LessonFinder:
    """Finds `regcore`, because the project's folder is not in sys.path."""

    @staticmethod
    def find_spec(name: str, path: Any = None, target: Any = None) -> Any:
        is_lesson = name == LESSON.name
        return spec_from_file_location(name, LESSON / "__init__.py") if is_lesson else None


def confine(limits: dict[str, Any]) -> Learner:
    """Drop root, set the limits, and forbid all access beyond the working folder."""
    seconds = cpu_limit(limits["cpu_seconds"], limits["most_cpu_seconds"])
    folder, libraries = str(Path.cwd()), _libraries()
    if hasattr(signal, "SIGXCPU"):
        signal.signal(signal.SIGXCPU, out_of_time)
    version = landlock.abi()
    leave_root(folder, libraries, confined=version > 0 and seccomp.available())
    end_with_parent()  # must follow leave_root: a change of user clears it
    set_limits(seconds, limits["memory_bytes"], limits["file_bytes"])
    landlock.confine(folder, [*libraries, *audit_hook.SYSTEM_PATHS])
    seccomp.refuse_calls(truncate=version < 3)
    _hide_setup()
    audit_hook.guard(folder, libraries, LEARNER_FILE)
    return Learner(limits | {"cpu_seconds": seconds})


def _libraries() -> list[str]:
    prefixes, parts = (sys.prefix, sys.base_prefix), ("lib", "lib64", "DLLs", "pyvenv.cfg")
    pythons = [str(Path(prefix) / part) for prefix in prefixes for part in parts]
    return [*sys.path, *pythons, str(LESSON), str(PROJECT / "data")]


def _hide_setup() -> None:
    """Hide from the learner how the process was set up, and the aftermath of a refusal."""
    sys.argv[:] = [LEARNER_FILE]
    sys.meta_path.append(_LessonFinder)  # type: ignore[arg-type]
    sys.breakpointhook = _refuse_debugger
    sys.unraisablehook = _show_learners_unraisable
    # asyncio is refused, which leaves its coroutines unawaited
    warnings.filterwarnings("ignore", "coroutine .* was never awaited", RuntimeWarning)


def _refuse_debugger(*args: Any, **options: Any) -> NoReturn:
    raise audit_hook.Forbidden(NO_DEBUGGER)


def _show_learners_unraisable(unraisable: Any) -> None:
    """Show an error from a __del__ method only if the learner's code raised it."""
    if line_of(unraisable.exc_traceback):
        sys.__unraisablehook__(unraisable)
